// When the next heartbeat is due (platform-api §2: every 5 minutes, give or take a fifth). Pure:
// the caller has the clock, the thread and the network.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/random.hpp"

namespace platform {

inline constexpr base::Milliseconds heartbeat_period{std::chrono::minutes(5)};
inline constexpr base::Milliseconds heartbeat_jitter{std::chrono::minutes(1)}; // a fifth, both ways
// Chosen: after a power cut in a district its kiosks come back within the same minute.
inline constexpr base::Milliseconds first_heartbeat_within{std::chrono::minutes(1)};

class HeartbeatPlan {
public:
    // `random` outlives the plan.
    HeartbeatPlan(base::RandomSource& random, base::MonotonicTime now)
        : random_(random), due_(now + at_random(first_heartbeat_within)) {}

    bool is_due(base::MonotonicTime now) const { return now >= due_; }
    base::MonotonicTime due() const { return due_; }
    // After every try, whether it was answered or not: a platform that is down is not asked more
    // often, and nothing is made up for.
    void tried(base::MonotonicTime now) {
        due_ = now + heartbeat_period - heartbeat_jitter + at_random(2 * heartbeat_jitter);
    }

private:
    base::Milliseconds at_random(base::Milliseconds most) {
        return base::Milliseconds(random_.below(std::uint64_t(most.count()) + 1));
    }

    base::RandomSource& random_;
    base::MonotonicTime due_;
};

} // namespace platform
