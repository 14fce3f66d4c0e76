// Which code points a person sees as one character: extended grapheme clusters (UAX #29, Unicode
// 15, rules GB3 to GB13), for caret, deletion and the choice of a face. The classes of characters
// come from the Unicode Character Database when the program is built.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace text {

enum class LetterClass : std::uint8_t {
    other,
    control, // CR and LF too
    extend,  // marks, variation selectors, skin tones
    joiner,  // U+200D
    spacing_mark,
    prepend,
    regional, // half of a flag
    hangul_l,
    hangul_v,
    hangul_t,
    hangul_lv,
    hangul_lvt,
    pictographic,
};

LetterClass letter_class(char32_t c);

// Takes a text character by character and says where its letters begin.
class LetterBorders {
public:
    // Does a letter begin with this character, given those before it?
    bool begins(char32_t c);

private:
    bool joins(LetterClass here, bool is_line_feed) const;

    bool any_ = false; // a character came before
    LetterClass before_ = LetterClass::other;
    bool carriage_return_ = false;   // it was one
    bool half_flag_ = false;         // an odd number of regional indicators ends there
    bool pictograph_ = false;        // a pictograph with its marks ends there
    bool pictograph_joined_ = false; // and then a joiner
};

} // namespace text
