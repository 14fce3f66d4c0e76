// The box that one character is written in with a finger: a faint 米 grid, the strokes of the
// character under way, and the stroke being drawn now (spec handwriting §4).
//
// Item "board/box". Never mirrored.
#pragma once

#include "screens/canvas.hpp"
#include "screens/model.hpp"
#include "screens/question_text_screen.hpp"

namespace screens {

// The stroke that was finished in this frame, in millimetres from the box's left top corner.
std::optional<InkDrawn> draw_ink_box(Canvas& canvas, const Rect& area,
                                     const QuestionTextModel& model);

} // namespace screens
