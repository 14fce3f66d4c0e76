// Making a request durable, against the yardstick of one plain write and flush of the same size in
// the same run and folder (spec reliability F7, F8). Hidden: figures, not a verdict.
#include "kiosk/outbox/outbox.hpp"

#include "kiosk/base/seeded_random.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <unistd.h>

namespace {

using Micros = std::chrono::microseconds;

template <class Work> Micros time_of(Work work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now() - begin);
}

Micros at_quantile(std::vector<Micros> times, double quantile) {
    std::sort(times.begin(), times.end());
    return times[std::size_t(double(times.size() - 1) * quantile)];
}

void write_and_flush(const std::string& path, const base::Bytes& bytes) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    REQUIRE(::write(fd, bytes.data(), bytes.size()) == ssize_t(bytes.size()));
    REQUIRE(::fsync(fd) == 0);
    ::close(fd);
}

} // namespace

TEST_CASE("time to make 0.9 MB durable, sealing included", "[.bench][outbox]") {
    constexpr std::size_t page_bytes = 300'000;
    const support::TemporaryFolder folder;
    const base::SystemClock clock;
    base::SeededRandom random(1);
    const std::vector recipients{
        platform::Certificate::load(support::demo_keys().sealing_certificate).value()};
    auto box = outbox::Outbox::open(folder.file("outbox.db"), clock).value();
    base::Bytes clear(page_bytes);
    std::vector<Micros> plain;
    std::vector<Micros> stored;
    for (int i = 0; i < 100; ++i) {
        random.fill(clear);
        plain.push_back(time_of([&] {
            write_and_flush(folder.file("plain"), base::Bytes(3 * page_bytes, std::uint8_t(i)));
        }));
        auto submission = support::opaque_submission(random, clock, 0);
        stored.push_back(time_of([&] {
            for (int page = 0; page < 3; ++page) {
                const auto sealed = platform::seal(clear, recipients, clock).value();
                submission.attachments.push_back({base::sha256(sealed), sealed});
            }
            REQUIRE(box->enqueue(submission));
        }));
        if (i % 10 == 9) REQUIRE(box->checkpoint_when_idle()); // between sessions
    }
    const auto yardstick = at_quantile(plain, 0.5);
    WARN("plain write and flush, median: "
         << yardstick.count() << " us; stored, median and 99th percentile, in plain writes: "
         << double(at_quantile(stored, 0.5).count()) / double(yardstick.count()) << " and "
         << double(at_quantile(stored, 0.99).count()) / double(yardstick.count()));
}

TEST_CASE("a queue of 10,000 is ready soon and no slower to add to", "[.bench][outbox]") {
    const support::TemporaryFolder folder;
    const base::SystemClock clock;
    base::SeededRandom random(2);
    std::vector<Micros> early;
    std::vector<Micros> late;
    {
        auto box = outbox::Outbox::open(folder.file("outbox.db"), clock).value();
        for (int i = 0; i < 10'000; ++i) {
            const auto submission = support::opaque_submission(random, clock, 1, 20'000);
            const auto took = time_of([&] { REQUIRE(box->enqueue(submission)); });
            if (i < 300) early.push_back(took);
            if (i >= 9700) late.push_back(took);
            if (i % 100 == 99) REQUIRE(box->checkpoint_when_idle());
        }
    }
    std::unique_ptr<outbox::Outbox> box;
    const auto ready = time_of([&] {
        box = outbox::Outbox::open(folder.file("outbox.db"), clock).value();
        REQUIRE(box->waiting(1).value().size() == 1);
        REQUIRE(box->counts().value().pending == 10'000);
    });
    WARN("ready after " << ready.count() / 1000
                        << " ms; enqueue, median of the last 300 to the first: "
                        << double(at_quantile(late, 0.5).count()) /
                               double(at_quantile(early, 0.5).count()));
}
