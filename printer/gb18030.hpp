// GB 18030-2022: the bytes of a character, the character of bytes, and which characters a printer's
// own fonts hold.
//
// One frozen table, because converters disagree and change (spec receipt-printer §2): the two-byte
// part is made when the project is built and pinned by a digest (tables/make_gb18030.cpp), the
// four-byte part follows from it by the standard's own rule. Every mapping is one to one.
// Source: GB 18030-2022 as described by the Unicode Consortium (18 pairs changed places between
// two and four bytes), GB 18030-2005 (U+1E3F).
#pragma once

#include "kiosk/base/bytes.hpp"

#include <array>
#include <optional>

namespace printer {

// What a unit's built-in Chinese font is known to hold. `gb18030_four`: also level 1 and level 2 of
// GB 18030-2022 beyond two bytes, that is Extension A, U+9FA6 to U+9FEF and the 196 characters of
// the general table beyond the BMP. Level 3 (Extensions B to F) is never taken for granted.
enum class Charset { none, gb2312, gbk, gb18030_two, gb18030_four };

struct GbCode {
    std::array<std::uint8_t, 4> bytes{};
    std::size_t size = 0; // 1, 2 or 4
    base::ByteView view() const { return {bytes.data(), size}; }
};

// Any scalar value. CHECKs that it is none of the surrogates, nor beyond U+10FFFF.
GbCode to_gb18030(char32_t c);

struct GbCharacter {
    char32_t character;
    std::size_t size; // bytes taken
};
// The first character of `bytes`. Nothing when they begin with no whole valid code.
std::optional<GbCharacter> from_gb18030(base::ByteView bytes);

// Whether a unit with this charset prints the character as itself. ASCII is not asked here: false.
// Private-use positions never count: what a unit shows there is its maker's choice.
bool has_glyph(Charset charset, char32_t c);

} // namespace printer
