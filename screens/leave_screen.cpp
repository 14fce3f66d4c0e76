#include "screens/leave_screen.hpp"

#include "screens/question_card.hpp"

namespace screens {

std::optional<LeaveIntent> draw(const LeaveModel& model, Canvas& canvas) {
    const QuestionCard card{"leave", "exit", model.title, model.text, model.stay, model.end};
    const auto answer = draw_question_card(canvas, model.frame, card);
    std::optional<LeaveIntent> intent;
    if (answer.stay) intent = LeavePress::stay;
    if (answer.end) intent = LeavePress::end;
    return heard<LeaveIntent>(answer.page, intent);
}

} // namespace screens
