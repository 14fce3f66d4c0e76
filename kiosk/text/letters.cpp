#include "kiosk/text/letters.hpp"

#include <algorithm>
#include <iterator>

namespace text {

namespace {

struct ClassRow {
    char32_t first;
    char32_t last;
    LetterClass of;
};

constexpr ClassRow class_rows[] = {
#include "kiosk/text/letter_classes.inc" // made by letter_classes.awk
};

constexpr bool rows_ascend() {
    for (std::size_t i = 1; i < std::size(class_rows); ++i)
        if (class_rows[i].first <= class_rows[i - 1].last) return false;
    return true;
}
static_assert(std::size(class_rows) > 1000 && rows_ascend());

// Unicode 15, 3.12: syllables are numbered so that every 28th has no final consonant.
constexpr char32_t first_syllable = 0xAC00, last_syllable = 0xD7A3;
constexpr char32_t finals = 28;

} // namespace

LetterClass letter_class(char32_t c) {
    if (c >= first_syllable && c <= last_syllable)
        return (c - first_syllable) % finals == 0 ? LetterClass::hangul_lv
                                                  : LetterClass::hangul_lvt;
    const auto row =
        std::lower_bound(std::begin(class_rows), std::end(class_rows), c,
                         [](const ClassRow& r, char32_t value) { return r.last < value; });
    return row != std::end(class_rows) && row->first <= c ? row->of : LetterClass::other;
}

bool LetterBorders::joins(LetterClass here, bool is_line_feed) const {
    using enum LetterClass;
    if (before_ == control || here == control) return carriage_return_ && is_line_feed; // GB3 to 5
    if (before_ == hangul_l)                                                            // GB6
        if (here == hangul_l || here == hangul_v || here == hangul_lv || here == hangul_lvt)
            return true;
    if (before_ == hangul_lv || before_ == hangul_v) // GB7
        if (here == hangul_v || here == hangul_t) return true;
    if (before_ == hangul_lvt || before_ == hangul_t) // GB8
        if (here == hangul_t) return true;
    if (here == extend || here == joiner || here == spacing_mark) return true; // GB9, GB9a
    if (before_ == prepend) return true;                                       // GB9b
    if (pictograph_joined_ && here == pictographic) return true;               // GB11
    return half_flag_ && here == regional;                                     // GB12, GB13
}

bool LetterBorders::begins(char32_t c) {
    const auto here = letter_class(c);
    const bool joined = any_ && joins(here, c == '\n');
    any_ = true;
    carriage_return_ = c == '\r';
    half_flag_ = here == LetterClass::regional && !half_flag_;
    pictograph_joined_ = here == LetterClass::joiner && pictograph_;
    pictograph_ = here == LetterClass::pictographic || (here == LetterClass::extend && pictograph_);
    before_ = here;
    return !joined;
}

} // namespace text
