// A clock for tests, scripts and simulations. In a header of its own, so that a release does not
// even know of it (spec safeguards G13).
#pragma once

#include "kiosk/base/clock.hpp"

namespace base {

// Stands still until moved. For tests, headless scripts and simulations.
class ManualClock final : public Clock {
public:
    explicit ManualClock(WallTime start) : wall_(start) {}
    MonotonicTime now() const override { return now_; }
    WallTime wall() const override { return wall_; }
    bool is_synchronised() const override { return synchronised_; }

    void advance(Milliseconds by) {
        now_ += by;
        wall_ += by;
    }
    void jump_wall(Milliseconds by) { wall_ += by; }
    void set_synchronised(bool yes) { synchronised_ = yes; }

private:
    MonotonicTime now_{};
    WallTime wall_;
    bool synchronised_ = true;
};

} // namespace base
