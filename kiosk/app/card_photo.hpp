// The decoder of card photos as this kiosk is configured.
#pragma once

#include "drivers/photo_decoder/photo_decoder.hpp"
#include "kiosk/config/config.hpp"

namespace app {

// The helper's empty folder is made among the system's temporary files; the hardened unit has those
// in a folder of its own.
drivers::PhotoDecoderSettings photo_decoder_settings(const config::Config& config);

} // namespace app
