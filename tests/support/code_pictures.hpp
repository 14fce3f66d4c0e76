// Codes as a camera sees them, for tests: QR by libqrencode, and an EAN-13, which the kiosk must
// not read.
#pragma once

#include "kiosk/base/picture.hpp"

#include <string_view>

namespace code_pictures {

// Grey, white ground, four modules of quiet zone. An empty picture where it cannot be encoded (more
// than fits into version 40).
base::Picture qr(std::string_view payload, int pixels_per_module);
// A bar code as on goods, 3 pixels a module.
base::Picture ean13();
// `from` is laid onto `onto` (both grey) with its left top there; what does not fit is cut off.
void lay(base::Picture& onto, const base::Picture& from, int left, int top);
base::Picture white(int width, int height);

} // namespace code_pictures
