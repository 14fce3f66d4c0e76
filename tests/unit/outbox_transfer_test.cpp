// The queue of a dying board in a file: whole, or what stands whole in it; never something else.
#include "kiosk/outbox/transfer.hpp"

#include "kiosk/outbox/sqlite.hpp"
#include "tests/support/outbox_board.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace outbox;
using support::opaque_submission;

namespace {

constexpr auto start = support::board_start;

struct Board : support::OutboxBoard {
    std::unique_ptr<Outbox> box = open();

    NewSubmission store(std::size_t pages, std::size_t bytes = 900, std::string supplements = "") {
        auto submission = opaque_submission(random, clock, pages, bytes);
        submission.supplements = std::move(supplements);
        submission.signer = base::sha256(submission.body);
        REQUIRE(box->enqueue(submission));
        return submission;
    }
    std::string file() const {
        std::ostringstream out;
        REQUIRE(write_export(*box, "K7", clock.wall(), out));
        return out.str();
    }
};

struct Read {
    base::Result<int> whole;
    std::vector<NewSubmission> taken;
};
Read read(const std::string& file) {
    std::istringstream in(file);
    std::vector<NewSubmission> taken;
    auto whole = read_export(in, [&](NewSubmission one) { taken.push_back(std::move(one)); });
    return {whole, std::move(taken)};
}

void check_same(const NewSubmission& one, const NewSubmission& other) {
    CHECK(one.key == other.key);
    CHECK(one.receipt_no == other.receipt_no);
    CHECK(one.matter == other.matter);
    CHECK(one.form_version == other.form_version);
    CHECK(one.confirmed_at == other.confirmed_at);
    CHECK(one.body == other.body);
    CHECK(one.signer == other.signer);
    CHECK(one.supplements == other.supplements);
    REQUIRE(one.attachments.size() == other.attachments.size());
    for (std::size_t i = 0; i < one.attachments.size(); ++i) {
        CHECK(one.attachments[i].sealed == other.attachments[i].sealed);
        CHECK(one.attachments[i].sha256 == other.attachments[i].sha256);
    }
}

} // namespace

TEST_CASE("everything that is not delivered is in the file, byte for byte", "[unit][outbox]") {
    Board old;
    const auto waiting = old.store(2);
    const auto set_aside = old.store(0);
    const auto delivered = old.store(1);
    REQUIRE(old.box->quarantine(set_aside.key, QuarantineReason::matter_closed));
    REQUIRE(old.box->note_sending(delivered.key));
    REQUIRE(old.box->note_delivered(delivered.key, "CASE-1", "accepted"));
    REQUIRE(old.box->note_receipt(waiting.key, ReceiptState::printed));

    const auto came = read(old.file());
    CHECK(came.whole.value() == 2);
    REQUIRE(came.taken.size() == 2);
    check_same(came.taken[0], waiting);
    CHECK(came.taken[0].receipt == ReceiptState::printed);
    check_same(came.taken[1], set_aside);
    CHECK(came.taken[1].receipt == ReceiptState::unfinished); // nobody saw it come out

    // The old board keeps what it had.
    CHECK(old.box->counts()->pending == 1);
    CHECK(old.box->counts()->quarantined == 1);

    Board other;
    for (int twice = 0; twice < 2; ++twice)
        for (const auto& one : came.taken) REQUIRE(other.box->enqueue(one));
    const auto entries = other.box->list().value();
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].state == State::pending);
    CHECK(entries[0].receipt == ReceiptState::printed);
    CHECK(other.box->load(waiting.key)->signer == waiting.signer);
    // A receipt that another kiosk printed is not looked for in this one's printer.
    CHECK(read(other.file()).taken.size() == 2);
}

TEST_CASE("a request whose bytes are damaged is named and stays out of the file",
          "[unit][outbox]") {
    Board old;
    const auto well = old.store(1);
    const auto ill = old.store(1);
    {
        auto database = Database::open(old.path, Database::Mode::existing, nullptr).value();
        REQUIRE(database->run("UPDATE payloads SET sealed=zeroblob(900) WHERE key=? AND number=1",
                              std::string_view(ill.key)));
    }
    std::ostringstream out;
    const auto report = write_export(*old.box, "K7", start, out).value();
    CHECK(report.exported == std::vector{well.receipt_no});
    CHECK(report.damaged == std::vector{ill.receipt_no});
    CHECK(read(out.str()).whole.value() == 1);
}

TEST_CASE("a request that no file may hold is named, and those around it are written",
          "[unit][outbox]") {
    Board old;
    const auto before = old.store(1);
    const auto with_many = old.store(parts_limit, 1); // the body is a part too
    const auto with_large = old.store(1, part_limit_bytes + 1);
    const auto behind = old.store(1);
    std::ostringstream out;
    const auto report = write_export(*old.box, "K7", start, out).value();
    CHECK(report.exported == std::vector{before.receipt_no, behind.receipt_no});
    CHECK(report.over_limit == std::vector{with_many.receipt_no, with_large.receipt_no});
    CHECK(report.damaged.empty());
    const auto came = read(out.str());
    CHECK(came.whole.value() == 2);
    REQUIRE(came.taken.size() == 2);
    check_same(came.taken[1], behind);
}

TEST_CASE("an empty queue makes a file that says so", "[unit][outbox]") {
    Board old;
    CHECK(read(old.file()).whole.value() == 0);
}

TEST_CASE("a file that ends early gives what stands whole before the break, at every byte",
          "[unit][outbox]") {
    Board old;
    const std::vector<NewSubmission> stored{old.store(1, 300), old.store(0), old.store(2, 200)};
    const auto file = old.file();
    std::size_t most = 0;
    for (std::size_t size = 0; size < file.size(); ++size) {
        const auto came = read(file.substr(0, size));
        INFO(size);
        REQUIRE_FALSE(came.whole);
        REQUIRE(came.taken.size() <= stored.size());
        REQUIRE(came.taken.size() >= most);
        most = came.taken.size();
        for (std::size_t i = 0; i < came.taken.size(); ++i)
            REQUIRE(came.taken[i].body == stored[i].body);
    }
    CHECK(most == stored.size()); // all that the last line adds is that these were all
}

TEST_CASE("a wrong byte anywhere in the file is found, and nothing that is wrong is handed over",
          "[unit][outbox]") {
    Board old;
    const std::vector<NewSubmission> stored{old.store(1, 200), old.store(0)};
    const auto file = old.file();
    for (std::size_t at = 0; at < file.size(); ++at) {
        auto damaged = file;
        damaged[at] = char(damaged[at] ^ 0x01);
        const auto came = read(damaged);
        INFO(at);
        REQUIRE_FALSE(came.whole);
        REQUIRE(came.taken.size() <= stored.size());
        for (std::size_t i = 0; i < came.taken.size(); ++i) {
            REQUIRE(came.taken[i].key == stored[i].key);
            REQUIRE(came.taken[i].receipt_no == stored[i].receipt_no);
            REQUIRE(came.taken[i].body == stored[i].body);
        }
    }
}

TEST_CASE("a file with something behind its end, or of something else, is refused",
          "[unit][outbox]") {
    Board old;
    (void)old.store(1);
    CHECK(read(old.file() + "x").whole.error().code == base::Errc::corrupt);
    CHECK(read("").whole.error().code == base::Errc::unsupported);
    CHECK(read("SQLite format 3").whole.error().code == base::Errc::unsupported);
    CHECK(read(std::string(1 << 20, 'a')).whole.error().code == base::Errc::unsupported);
}

TEST_CASE("papers brought later stay those of their request in the file", "[unit][outbox]") {
    Board old;
    const auto brought = old.store(1, 300, "6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e01");
    const auto came = read(old.file());
    REQUIRE(came.whole.value() == 1);
    check_same(came.taken[0], brought);
    Board other;
    REQUIRE(other.box->enqueue(came.taken[0]));
    CHECK(other.box->load(brought.key)->supplements == brought.supplements);
    // It becomes a part of an address.
    Board hostile;
    (void)hostile.store(1, 300, "../device");
    CHECK(read(hostile.file()).whole.error().code == base::Errc::corrupt);
}

TEST_CASE("an outbox of a version before is brought up to date with everything in it",
          "[unit][outbox]") {
    const auto version = GENERATE(1, 2);
    Board old;
    const auto submission = old.store(1);
    old.box.reset();
    {
        auto database = Database::open(old.path, Database::Mode::existing, nullptr).value();
        REQUIRE(database->execute("ALTER TABLE submissions DROP COLUMN supplements; "
                                  "PRAGMA user_version=2"));
        if (version == 1)
            REQUIRE(database->execute("ALTER TABLE submissions DROP COLUMN signer; "
                                      "PRAGMA user_version=1"));
    }
    CHECK(Outbox::inspect(old.path, old.clock).error().code == base::Errc::unsupported);
    const auto box = Outbox::open(old.path, old.clock).value();
    const auto loaded = box->load(submission.key).value();
    CHECK(loaded.body == submission.body);
    CHECK(loaded.signer.has_value() == (version == 2));
    CHECK(loaded.supplements.empty());
    CHECK(Outbox::inspect(old.path, old.clock));
}
