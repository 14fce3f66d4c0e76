// One run of kiosk-photo-decoder: started, fed, listened to, and gone when run() returns, with
// everything it started and its folder. Knows processes; knows nothing of pictures.
#pragma once

#include "drivers/photo_decoder/photo_decoder.hpp"

namespace drivers {

// What the helper wrote, greeting included, and that it ended of itself with exit code 0.
// `purpose`: "decode" or "look". Errors: as PhotoDecoder::decode, without unsupported and
// unauthorised.
base::Result<base::SecretBytes> run_photo_helper(const PhotoDecoderSettings& settings,
                                                 const std::string& plug_in,
                                                 const std::string& purpose,
                                                 base::ByteView chip_bytes,
                                                 const base::Clock& clock, std::stop_token stop);

} // namespace drivers
