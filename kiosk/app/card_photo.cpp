#include "kiosk/app/card_photo.hpp"

#include <filesystem>

namespace app {

drivers::PhotoDecoderSettings photo_decoder_settings(const config::Config& config) {
    std::error_code failed;
    const auto folder = std::filesystem::temp_directory_path(failed);
    return {config.photo_decoder, config.photo_helper, failed ? "/tmp" : folder.string()};
}

} // namespace app
