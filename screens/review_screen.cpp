#include "screens/review_screen.hpp"

#include "screens/page.hpp"

#include <algorithm>

namespace screens {

std::optional<ReviewIntent> draw(const ReviewModel& model, Canvas& canvas) {
    std::optional<ReviewIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    for (const auto& row : model.rows) {
        Block block;
        block.item = true;
        block.card = 1;
        block.least = value_row_height(canvas, row, page.width(Zone::body));
        block.most = std::max(block.least, canvas.mm(50));
        block.draw = [&canvas, &row, &intent](const Rect& area) {
            if (draw_value_row(canvas, area, row, "review/" + row.id)) intent = Chosen{row.id};
        };
        page.add(std::move(block));
    }
    page.add_foot("turn", model.foot);
    page.actions(model.actions);
    return heard<ReviewIntent>(page.draw(model.first), intent);
}

} // namespace screens
