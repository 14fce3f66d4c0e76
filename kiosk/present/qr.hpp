// A receipt number as a QR code, by libqrencode. Not for other rooms.
#pragma once

#include "screens/result_screen.hpp"

#include <string>

namespace present {

// Error correction Q, as on paper: a quarter may be hidden by a hand or a reflection.
// Size 0 where the text cannot be encoded.
screens::QrModules qr_modules(const std::string& text);

} // namespace present
