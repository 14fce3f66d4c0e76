#include "screens/prefilled_screen.hpp"

#include "screens/page.hpp"

namespace screens {

std::optional<PrefilledIntent> draw(const PrefilledModel& model, Canvas& canvas) {
    std::optional<PrefilledIntent> intent;
    canvas.tell_whole();
    canvas.say("title/first", model.said_first, false, {}, Said::Sound::success);
    Page page(canvas, model.frame, model.title, model.sub);
    canvas.start_focus("actions/go");
    page.add_value_rows(model.rows, "prefilled/",
                        [&intent](const std::string& id) { intent = Chosen{id}; });
    page.add_foot("ok", model.foot);
    page.actions(model.actions);
    return heard<PrefilledIntent>(page.draw(model.first), intent);
}

} // namespace screens
