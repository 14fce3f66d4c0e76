// The cameras of this kiosk, as the configuration names them.
#pragma once

#include "drivers/camera/v4l2_camera.hpp"
#include "kiosk/app/usb_wanted.hpp"
#include "kiosk/config/config.hpp"

namespace app {

// The document camera. Unnamed it is the only camera there is; but where a camera for faces is
// named, both must be: the one that is left over may be that one (spec safeguards G7). Errors:
// invalid_input (both are the same one; names the keys).
base::Result<drivers::CameraWanted> wanted_camera(const config::Config& config);
// The camera for faces: never found by itself. Errors likewise.
base::Result<drivers::CameraWanted> wanted_face_camera(const config::Config& config);

// A camera on the kernel's calls. Opens nothing before it is asked to. One thread.
struct VideoCamera {
    // `clock` outlives it.
    VideoCamera(drivers::CameraWanted wanted, const base::Clock& clock)
        : calls(drivers::kernel_v4l2_calls()), camera(std::move(wanted), *calls, clock) {}

    std::unique_ptr<drivers::V4l2Calls> calls;
    drivers::V4l2Camera camera;
};

// The driver of the camera for faces, for the consented step alone. Without one in the
// configuration it says that it is unplugged. `clock` outlives it. Errors: as wanted_face_camera().
base::Result<std::unique_ptr<VideoCamera>> make_face_camera(const config::Config& config,
                                                            const base::Clock& clock);

// `key`: its section in the configuration; `until_then`: what residents do without it.
UsbFinding find_words(const base::Result<drivers::CameraLook>& look, const std::string& key,
                      const std::string& until_then);

} // namespace app
