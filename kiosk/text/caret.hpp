// Where the caret stands in a text that was set, and which place of the text a finger means.
//
// Offsets are bytes of the text that was given to Typesetter::layout(), always at a border between
// two letters; positions count from the left end of a line, as its glyphs do. One offset has one
// place: beside the letter before it, and at the beginning of a line on the side where the
// paragraph starts. Where two directions meet, the caret therefore stays with what was typed last.
// Given up: a second caret for what would be typed in the other direction.
#pragma once

#include "kiosk/text/typesetter.hpp"

namespace text {

struct CaretPlace {
    std::size_t line = 0;
    float x = 0;
};

// An offset inside a letter means the border before it, one beyond the text its end. Between two
// lines the caret stands at the beginning of the second.
CaretPlace caret_at(const Layout& layout, std::size_t offset);

// The offset whose caret is nearest to `x` on this line (clamped). Beyond an end of the line it is
// the line's beginning or end, whichever side that is; the end of a line that goes on in the next
// one is before the space that was broken at.
std::size_t offset_at(const Layout& layout, std::size_t line, float x);

} // namespace text
