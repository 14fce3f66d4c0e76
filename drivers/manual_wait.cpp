#include "drivers/manual_wait.hpp"
#include "kiosk/base/manual_clock.hpp"

namespace drivers {

Wait manual_wait(base::ManualClock& clock) {
    return [&clock](base::Milliseconds time, std::stop_token stop) {
        if (!stop.stop_requested()) clock.advance(time);
    };
}

} // namespace drivers
