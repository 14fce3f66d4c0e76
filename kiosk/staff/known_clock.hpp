// What this kiosk knows of the time of day. While the system's clock is synchronised: that. While
// it is not: the last synchronised reading and what has passed since on the monotonic clock, which
// cannot be set; it is certainly not earlier than that (spec safeguards G17). Only synchronised
// readings count as evidence: a clock that once stood at 2099 must not lock anybody out for ever.
#pragma once

#include "kiosk/staff/roster.hpp"

namespace staff {

class KnownClock {
public:
    // `last_sure_time`: kept from before the start. `clock` outlives this.
    KnownClock(const base::Clock& clock, base::WallTime last_sure_time)
        : clock_(clock), sure_wall_(last_sure_time), sure_at_(clock.now()) {}

    KnownTime read() {
        const auto now = clock_.now();
        if (!clock_.is_synchronised()) return {sure_wall_ + (now - sure_at_), false};
        sure_wall_ = clock_.wall();
        sure_at_ = now;
        return {sure_wall_, true};
    }

private:
    const base::Clock& clock_;
    base::WallTime sure_wall_;
    base::MonotonicTime sure_at_;
};

} // namespace staff
