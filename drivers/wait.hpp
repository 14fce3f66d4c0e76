// How a driver lets time pass. Passed in, so that a test or a script waits without time passing.
#pragma once

#include "kiosk/base/clock.hpp"

#include <functional>
#include <stop_token>

namespace drivers {

// Returns after the time given, or at once when a stop is requested.
using Wait = std::function<void(base::Milliseconds, std::stop_token)>;

// Sleeps for real. Safe from any thread.
Wait real_wait();

} // namespace drivers
