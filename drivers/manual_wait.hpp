// Waiting on a clock that stands still until moved: moves it.
#pragma once

#include "drivers/wait.hpp"
#include "kiosk/base/manual_clock.hpp"

namespace drivers {

// `clock` must outlive the function returned. One thread only, as base::ManualClock.
Wait manual_wait(base::ManualClock& clock);

} // namespace drivers
