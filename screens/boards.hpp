// The boards people write on: Pinyin, handwriting, Latin letters, Uyghur letters, digits; and the
// pad for numbers.
//
// Never mirrored. On the Pinyin and the handwriting board candidates stand above the keys or the
// box, where the writing hand does not cover them. The Uyghur board shows all 33 letters at once,
// in the order of X's cn(ug) table, the letters that need Shift on a keyboard on a fourth row (spec
// ui-text §5). Keys are 21 x 26 mm where there is room and never below 15 mm.
#pragma once

#include "screens/canvas.hpp"
#include "screens/model.hpp"
#include "screens/question_digits_screen.hpp"
#include "screens/question_text_screen.hpp"

namespace screens {

using BoardIntent =
    std::variant<Typed, EditKey, SwitchBoard, PickCandidate, MoreCandidates, InkDrawn, InkKey>;

struct BoardSize {
    float least = 0;
    float most = 0;
};

BoardSize board_size(Canvas& canvas, const QuestionTextModel& model, float width);

// Keys "board/key/<letter>", "board/space", "board/backspace", "board/shift", "board/split",
// "board/undo-stroke", "board/clear-ink", "board/to/<board>"; candidates.hpp and ink_box.hpp.
std::optional<BoardIntent> draw_board(Canvas& canvas, const Rect& area,
                                      const QuestionTextModel& model);

BoardSize pad_size(const Canvas& canvas);

// Keys "pad/0" to "pad/9", "pad/X", "pad/." or "pad/clear", "pad/backspace".
std::optional<BoardIntent> draw_pad(Canvas& canvas, const Rect& area,
                                    QuestionDigitsModel::CornerKey corner, std::string_view clear);

} // namespace screens
