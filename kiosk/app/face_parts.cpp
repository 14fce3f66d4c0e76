#include "kiosk/app/face_parts.hpp"

#include "drivers/photo_decoder/photo_decoder.hpp"
#include "kiosk/app/card_photo.hpp"
#include "kiosk/app/face_readiness.hpp"
#include "kiosk/app/video_camera.hpp"

namespace app {
namespace {

using staff::FacePart;
using staff::PartState;

PartState camera(const config::Config& config, const base::Clock& clock) {
    if (!config.face_camera.is_named()) return PartState::missing;
    auto wanted = wanted_face_camera(config);
    if (!wanted) return PartState::faulty;
    const auto look = VideoCamera(std::move(wanted).value(), clock).camera.look();
    if (look) return look->formats.empty() ? PartState::faulty : PartState::there;
    return look.error().code == base::Errc::unplugged ? PartState::missing : PartState::faulty;
}

PartState models(const FaceReadiness& found) {
    if (!found.refused.empty()) return PartState::faulty;
    return found.can_compare ? PartState::there : PartState::missing;
}

PartState calibration(const FaceReadiness& found) {
    if (found.calibration) return PartState::there;
    const bool is_missing = found.calibration.error().code == base::Errc::not_found;
    return is_missing ? PartState::missing : PartState::faulty;
}

PartState decoder(const config::Config& config, const base::Clock& clock) {
    if (config.photo_decoder.empty()) return PartState::missing;
    const auto found = drivers::PhotoDecoder(photo_decoder_settings(config), clock).look();
    return found ? PartState::there : PartState::faulty;
}

} // namespace

std::vector<staff::FacePartRow> face_parts(const config::Config& config, const base::Clock& clock) {
    const auto found = face_readiness(config, clock);
    return {{FacePart::camera, camera(config, clock)},
            {FacePart::models, models(found)},
            {FacePart::calibration, calibration(found)},
            {FacePart::decoder, decoder(config, clock)}};
}

} // namespace app
