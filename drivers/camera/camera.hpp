// The interface of the document camera.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/picture.hpp"
#include "kiosk/base/result.hpp"

#include <string>

namespace drivers {

// Open only in scan and photo steps, behind them once more to see whether papers were left (spec
// safeguards G21), and in staff tests (G7): whoever opens it closes it. One call at a time, from
// one thread.
class Camera {
public:
    virtual ~Camera() = default;

    // Starts streaming. Open twice is open once. Errors: unplugged, locked (another program has
    // it), device.
    virtual base::Result<void> open() = 0;
    // The newest frame, 3 channels; waits at most `limit`. CHECKs that the camera is open.
    // Errors: timed_out, unplugged, device.
    virtual base::Result<base::Picture> next_frame(base::Milliseconds limit) = 0;
    // Stops streaming. Closing what is closed does nothing.
    virtual void close() = 0;
    virtual bool is_open() const = 0;

    // Since start. Grows only while it is open for one of these: a test and the audit chain look at
    // it.
    virtual std::uint64_t frames_taken() const = 0;
    // For a technician. Never starts the stream.
    virtual std::string describe() const = 0;
};

} // namespace drivers
