// QR codes as modules, by libqrencode.
#pragma once

#include "printer/bitmap.hpp"

#include <string_view>

namespace printer {

// White around a code, in modules (ISO/IEC 18004 asks for that quiet zone).
inline constexpr int quiet_modules = 4;
// Chosen: 0.4 mm at 203 dpi, the least that a plain phone camera resolves.
inline constexpr int smallest_module_dots = 3;

// One dot per module without the quiet zone; the width is rounded up to a multiple of 8. Error
// correction Q: a quarter of the code may be worn off. Byte mode, so that a printer that draws the
// same payload itself gets the same size. Errors: invalid_input (empty or not encodable).
base::Result<Bitmap> draw_qr_modules(std::string_view payload);

// Modules along one side, without drawing. Errors: too_large (more than 151 bytes).
base::Result<int> qr_modules(std::string_view payload);

} // namespace printer
