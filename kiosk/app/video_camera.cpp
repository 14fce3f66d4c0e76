#include "kiosk/app/video_camera.hpp"

namespace app {
namespace {

using base::Errc;
using base::Error;
using State = UsbFinding::State;

drivers::CameraWanted wanted_of(const config::Camera& camera) {
    drivers::CameraWanted wanted;
    wanted.device = camera.device;
    wanted.name = camera.name;
    wanted.is_found_by_itself = false;
    wanted.width = camera.width_px;
    wanted.height = camera.height_px;
    wanted.frames_per_second = camera.frames_per_second;
    wanted.controls = {camera.exposure, camera.gain, camera.focus, camera.white_balance_kelvin,
                       camera.power_line_hz};
    return wanted;
}

// The document camera looks at desks and the other one at faces: never one at both.
base::Result<void> check_apart(const config::Config& config) {
    const auto& desk = config.camera;
    const auto& face = config.face_camera;
    const bool are_same = desk.device.empty() && face.device.empty()
                              ? !desk.name.empty() && desk.name == face.name
                              : desk.device == face.device;
    if (are_same)
        return Error{Errc::invalid_input, "keys \"camera\" and \"faceCamera\" name the same "
                                          "camera; name each by its file under /dev/v4l/by-id"};
    return {};
}

} // namespace

base::Result<drivers::CameraWanted> wanted_camera(const config::Config& config) {
    TRY(check_apart(config));
    auto wanted = wanted_of(config.camera);
    wanted.is_found_by_itself = !config.face_camera.is_named();
    return wanted;
}

base::Result<drivers::CameraWanted> wanted_face_camera(const config::Config& config) {
    TRY(check_apart(config));
    return wanted_of(config.face_camera);
}

base::Result<std::unique_ptr<VideoCamera>> make_face_camera(const config::Config& config,
                                                            const base::Clock& clock) {
    return std::make_unique<VideoCamera>(TRY(wanted_face_camera(config)), clock);
}

UsbFinding find_words(const base::Result<drivers::CameraLook>& look, const std::string& key,
                      const std::string& until_then) {
    const auto until = "; until then " + until_then;
    if (look && look->formats.empty())
        return {State::fault, look->text() + "; take another camera" + until};
    if (look) return {State::ok, look->text()};
    const auto& error = look.error();
    if (error.code == Errc::unplugged)
        return {State::attention, error.context + "; plug it in, or name it under \"" + key +
                                      "\" in the configuration" + until};
    return {State::fault, error.context + until};
}

} // namespace app
