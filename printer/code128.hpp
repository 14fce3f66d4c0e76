// CODE128 barcodes, set B. Source: ISO/IEC 15417, table of symbol characters.
#pragma once

#include "printer/bitmap.hpp"

#include <string_view>

namespace printer {

// Bars and spaces of one code in modules, without quiet zones.
int code128_modules(std::size_t characters);

// Printable ASCII; others are a bug. The width is rounded up to a multiple of 8.
Bitmap draw_code128(std::string_view payload, int module_dots, int height_dots);

} // namespace printer
