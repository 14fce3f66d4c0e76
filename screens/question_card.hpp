// The question that lies over a visit: an icon, few words, one large primary button and a quiet
// one. Shared by "are you still there" and "really end".
#pragma once

#include "screens/page.hpp"

namespace screens {

struct QuestionCard {
    std::string_view prefix; // of the items' ids: "idle", "leave"
    std::string_view icon;
    std::string_view title, text;
    std::string_view stay, end;
    std::string_view said; // instead of the text, where that changes every second
    int seconds_left = 0;  // with seconds_total above 0: a bar
    int seconds_total = 0;
};

struct QuestionCardAnswer {
    PageAnswer page;
    bool stay = false;
    bool end = false;
};

QuestionCardAnswer draw_question_card(Canvas& canvas, const FrameModel& frame,
                                      const QuestionCard& card);

} // namespace screens
