#include "screens/review_screen.hpp"

#include "screens/page.hpp"

namespace screens {

std::optional<ReviewIntent> draw(const ReviewModel& model, Canvas& canvas) {
    std::optional<ReviewIntent> intent;
    canvas.tell_whole();
    Page page(canvas, model.frame, model.title, model.sub);
    page.add_value_rows(model.rows, "review/",
                        [&intent](const std::string& id) { intent = Chosen{id}; });
    page.add_foot("turn", model.foot);
    page.actions(model.actions);
    return heard<ReviewIntent>(page.draw(model.first), intent);
}

} // namespace screens
