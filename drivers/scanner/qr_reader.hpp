// QR codes in what the document camera sees, by ZBar's image scanner; no other kind of code, no
// video.
//
// What a code says is a stranger's text until somebody has judged it: it comes as bytes of bounded
// length and is never interpreted here. It may be about a person (any code can be held under the
// camera), so it lies in secret memory.
#pragma once

#include "kiosk/base/picture.hpp"
#include "kiosk/base/secret.hpp"

#include <vector>

namespace drivers {

// Chosen: a receipt's code has 12 characters; more than enough to tell that another is not one.
inline constexpr std::size_t qr_payload_limit = 128; // longer ones are cut
inline constexpr std::size_t qr_codes_limit = 8;     // further ones are left out

// `frame` has 1 or 3 channels; larger than 2,560 pixels on a side it is made smaller first. Each
// payload once, as it stands in the code, at most qr_payload_limit bytes of it. Nothing there is no
// error. Errors: invalid_input (no pixels),
// device (ZBar refused).
base::Result<std::vector<base::SecretText>> read_qr_codes(const base::Picture& frame);

} // namespace drivers
