// The face camera as a technician tests it (DESIGN §4.1): their own picture in a mirror, and what
// can be measured where a face belongs. Nothing is looked for in the picture, compared, kept or
// sent.
#pragma once

#include "kiosk/present/facts.hpp"

namespace app {

// One caller at a time: the face worker.
class FaceMirror {
public:
    virtual ~FaceMirror() = default;

    // Starts the camera. Open twice is open once. Errors: those of drivers::Camera::open().
    virtual base::Result<void> open() = 0;
    // After open(): waits at most a second for a frame. Errors: timed_out, unplugged, device.
    virtual base::Result<present::MirrorFacts> look() = 0;
    // Closes the camera and forgets what it saw. Closing what is closed does nothing.
    virtual void close() = 0;
};

} // namespace app
