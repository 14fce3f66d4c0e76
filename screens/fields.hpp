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

// Lines of text. When they are more than fit, the lines around the caret are shown and the lines
// before are left away. `text_language` sets the direction.
float text_field_height(Canvas& canvas, int lines);
void draw_text_field(Canvas& canvas, const Rect& area, std::string_view text, std::size_t caret,
                     base::Language text_language);

} // namespace screens
