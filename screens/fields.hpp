// Where the typed answer stands: digits in groups, or text in lines, with a caret.
#pragma once

#include "screens/canvas.hpp"
#include "screens/model.hpp"
#include "screens/question_digits_screen.hpp"
#include "screens/staff_check_screen.hpp"

#include <string_view>

namespace screens {

// One line of digits in the largest size that fits, each in a cell of its own, with the awaited
// places drawn as lines. Always from left to right.
void draw_digit_field(Canvas& canvas, const Rect& area, const QuestionDigitsModel& model);

// Dots for what was typed, lines for what is awaited. Always from left to right.
void draw_pin_field(Canvas& canvas, const Rect& area, const PinField& pin);

// Lines of text with a caret, and letters under way underlined at the caret. When there are more
// lines than fit, those around the caret are shown. `language` sets the direction.
struct WrittenLine {
    std::string_view text;
    std::size_t caret = 0;    // byte offset in `text`
    std::string_view letters; // not part of `text`
    base::Language language = base::Language::zh;
};
float text_field_height(Canvas& canvas, int lines);
void draw_text_field(Canvas& canvas, const Rect& area, const WrittenLine& line);
// The same, and it can be touched: where the caret is to stand, as an offset in `text`. Item
// "question/field".
std::optional<std::size_t> draw_touchable_text_field(Canvas& canvas, const Rect& area,
                                                     const WrittenLine& line,
                                                     std::string_view label);

} // namespace screens
