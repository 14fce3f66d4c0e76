// Goal: ten thousand kiosks that come back together after four hours do not knock the platform
// over (spec reliability S5, F5's fleet).
// Method: the pace that every kiosk's uploader keeps (SendPace itself), on one simulated clock, in
// front of a platform that can take so many requests a second and sends the others away until a
// time of its own choosing, as kiosk/platform/integrators.md tells the district. The same run with
// a fixed waiting time, as elsewhere, shows that the harness would find a rule that does not
// spread.
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/platform/send_pace.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <queue>

using namespace std::chrono_literals;
using base::Milliseconds;
using base::MonotonicTime;

namespace {

constexpr int kiosks = 10'000;
constexpr Milliseconds outage = 4h;
// Chosen: a request every ten minutes at each kiosk, all day.
constexpr double requests_per_second = kiosks / 600.0;
// Six times as many as come in: what the outage left is gone within the hour.
constexpr int capacity = 100;

// The waiting that is found elsewhere: always as long, and again at once when told to.
class FixedPace {
public:
    FixedPace(const base::Clock& clock, base::RandomSource&) : clock_(clock) {}
    MonotonicTime not_before() const { return not_before_; }
    void note_delivered(const std::string&) { not_before_ = clock_.now() + 1s; }
    void note_failed(const std::string&, platform::RetryScope, std::optional<Milliseconds>, bool) {
        not_before_ = clock_.now() + 30s;
    }

private:
    const base::Clock& clock_;
    MonotonicTime not_before_{};
};

// Accepts `capacity` requests in each second. Who comes too many gets the next free place in a
// calendar: each kiosk is given the time that its queue will need.
class Platform {
public:
    // Nothing: accepted.
    std::optional<Milliseconds> ask(MonotonicTime now) {
        const auto second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
        if (second != second_) {
            peak_ = std::max(peak_, asked_);
            second_ = second;
            asked_ = accepted_ = 0;
        }
        ++asked_;
        ++total_;
        if (accepted_ < capacity) {
            ++accepted_;
            return std::nullopt;
        }
        ++refused_;
        // From its heartbeats the platform knows how many requests a kiosk holds: 24 here.
        constexpr Milliseconds each = 24 * 1000ms / capacity;
        next_place_ = std::max(next_place_, now + 5s) + each;
        return std::clamp<Milliseconds>(next_place_ - now, 1s, 1h);
    }
    double peak() const { return double(peak_) / capacity; }
    double refused() const { return double(refused_) / double(total_); }
    std::int64_t asked() const { return total_; }

private:
    std::chrono::seconds second_{-1};
    int asked_ = 0, accepted_ = 0, peak_ = 0;
    std::int64_t total_ = 0, refused_ = 0;
    MonotonicTime next_place_{};
};

struct Outcome {
    double peak;    // times the capacity, of the busiest second
    double refused; // share of all requests until the queues were empty
    std::int64_t asked;
    std::chrono::minutes cleared; // after the outage
    bool operator==(const Outcome&) const = default;
};

template <class Pace> class Fleet {
public:
    explicit Fleet(std::uint64_t seed) : random_(seed) {
        for (int i = 0; i < kiosks; ++i) {
            paces_.emplace_back(clock_, random_);
            plan_request(i);
        }
    }

    Outcome run() {
        const auto back = clock_.now() + outage;
        std::int64_t waiting = 0;
        while (true) {
            const auto event = events_.top();
            events_.pop();
            clock_.advance(event.at - clock_.now());
            auto& pending = pending_[std::size_t(event.kiosk)];
            auto& pace = paces_[std::size_t(event.kiosk)];
            if (event.is_request) {
                ++waiting;
                if (++pending == 1) plan_try(event.kiosk);
                plan_request(event.kiosk);
            } else if (pending > 0 && clock_.now() >= pace.not_before()) {
                const auto key = std::to_string(event.kiosk);
                const bool is_down = clock_.now() < back;
                const auto refusal = is_down ? std::nullopt : platform_.ask(clock_.now());
                if (is_down)
                    pace.note_failed(key, platform::RetryScope::queue, std::nullopt, false);
                else if (refusal)
                    pace.note_failed(key, platform::RetryScope::queue, refusal, true);
                else {
                    --pending;
                    --waiting;
                    pace.note_delivered(key);
                }
                if (pending > 0) plan_try(event.kiosk);
            }
            // Empty: no more waits than come in within ten seconds.
            const bool is_cleared =
                clock_.now() > back && double(waiting) < 10 * requests_per_second;
            if (is_cleared || clock_.now() > back + 6h)
                return {platform_.peak(), platform_.refused(), platform_.asked(),
                        std::chrono::duration_cast<std::chrono::minutes>(clock_.now() - back)};
        }
    }

private:
    struct Event {
        MonotonicTime at;
        int kiosk;
        bool is_request;
        bool operator<(const Event& other) const {
            return std::tuple(at, kiosk, is_request) >
                   std::tuple(other.at, other.kiosk, other.is_request); // the earliest on top
        }
    };
    void plan_request(int kiosk) {
        // Exponential: people come when they come. 53 bits of chance.
        const double share = double(random_.below(1ull << 53) + 1) / double(1ull << 53);
        const double seconds = -std::log(share) * kiosks / requests_per_second;
        events_.push({clock_.now() + Milliseconds(std::int64_t(seconds * 1000)), kiosk, true});
    }
    void plan_try(int kiosk) {
        events_.push(
            {std::max(clock_.now(), paces_[std::size_t(kiosk)].not_before()), kiosk, false});
    }

    base::ManualClock clock_{base::WallTime{}};
    base::SeededRandom random_;
    std::vector<Pace> paces_;
    std::vector<int> pending_ = std::vector<int>(kiosks);
    std::priority_queue<Event> events_;
    Platform platform_;
};

} // namespace

TEST_CASE("ten thousand kiosks that come back after four hours keep to what the platform can take",
          "[flow][uploader]") {
    for (const std::uint64_t seed : {1, 2, 3}) {
        const auto outcome = Fleet<platform::SendPace>(seed).run();
        std::printf("fleet, seed %d: busiest second %.2f times the capacity, %.1f %% of %lld "
                    "refused, all sent after %d min\n",
                    int(seed), outcome.peak, outcome.refused * 100,
                    static_cast<long long>(outcome.asked), int(outcome.cleared.count()));
        CHECK(outcome.peak <= 2.5);
        CHECK(outcome.refused <= 0.05);
        CHECK(outcome.cleared < 2h);
    }
}

TEST_CASE("a fixed waiting time is found by the same run", "[flow][uploader]") {
    const auto outcome = Fleet<FixedPace>(1).run();
    std::printf("fleet, fixed 30 s: busiest second %.2f times the capacity, %.1f %% refused\n",
                outcome.peak, outcome.refused * 100);
    CHECK(outcome.peak > 2.5);
    CHECK(outcome.refused > 0.05);
}
