// QR codes as dots, by libqrencode.
#pragma once

#include "printer/bitmap.hpp"

#include <string_view>

namespace printer {

// A bitmap as wide as the paper with the code in its middle and four modules of white around it
// (ISO/IEC 18004 asks for that quiet zone). Error correction Q: a quarter of the code may be worn
// off. Modules are at least 3 dots and at most `largest_module` dots. Errors: too_large (does not
// fit the paper), invalid_input (empty or not encodable).
base::Result<Bitmap> draw_qr(std::string_view payload, int paper_width_dots, int largest_module);

} // namespace printer
