#include "screens/idle_screen.hpp"

#include "screens/question_card.hpp"

namespace screens {

std::optional<IdleIntent> draw(const IdleModel& model, Canvas& canvas) {
    const QuestionCard card{"idle",     model.icon,         model.title,
                            model.text, model.stay,         model.end,
                            model.said, model.seconds_left, model.seconds_total};
    const auto answer = draw_question_card(canvas, model.frame, card);
    std::optional<IdleIntent> intent;
    if (answer.stay) intent = IdlePress::stay;
    if (answer.end) intent = IdlePress::end;
    return heard<IdleIntent>(answer.page, intent);
}

} // namespace screens
