// What may be chosen for the letters or the ink under way: numbered, best first, at least 20 mm
// high, with "more" and "earlier" behind them (spec ui-text §4, handwriting §4).
//
// Items "board/candidate/<number>" (from 1), "board/candidates/more", "board/candidates/earlier".
// Never mirrored: Chinese runs from the left.
#pragma once

#include "screens/boards.hpp"

namespace screens {

float candidates_height(Canvas& canvas, int rows);

// One row: as many as fit, each as wide as its words; on the Pinyin board the first one is drawn as
// chosen, because the space key takes it. Two rows: ten of one size. A candidate too wide for the
// row is left out; shorter ones stand behind it.
std::optional<BoardIntent> draw_candidates(Canvas& canvas, const Rect& area,
                                           const QuestionTextModel& model, int rows);

} // namespace screens
