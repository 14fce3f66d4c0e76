// The technician's mirror on this kiosk's own face camera. It is given the camera and nothing else:
// no model, no calibration, no photo can reach it (DESIGN §4.1).
#pragma once

#include "drivers/camera/camera.hpp"
#include "kiosk/app/face_mirror.hpp"

#include <deque>

namespace app {

// What is told of each frame.
class MirrorGauge {
public:
    // Frames from here on are counted anew.
    void begin() { moments_.clear(); }
    // `frame`: as the camera gave it; `at`: when it came.
    present::MirrorFacts read(const base::Picture& frame, base::MonotonicTime at);

private:
    std::deque<base::MonotonicTime> moments_; // of the last frames
};

class OwnFaceMirror final : public FaceMirror {
public:
    // Both outlive it.
    OwnFaceMirror(drivers::Camera& camera, const base::Clock& clock)
        : camera_(camera), clock_(clock) {}
    ~OwnFaceMirror() override { close(); }

    base::Result<void> open() override;
    base::Result<present::MirrorFacts> look() override;
    void close() override;

private:
    drivers::Camera& camera_;
    const base::Clock& clock_;
    MirrorGauge gauge_;
};

} // namespace app
