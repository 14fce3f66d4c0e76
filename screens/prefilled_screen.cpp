#include "screens/prefilled_screen.hpp"

#include "screens/page.hpp"

#include <algorithm>

namespace screens {

std::optional<PrefilledIntent> draw(const PrefilledModel& model, Canvas& canvas) {
    std::optional<PrefilledIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    for (const auto& row : model.rows) {
        Block block;
        block.item = true;
        block.card = 1;
        block.least = value_row_height(canvas, row, page.width(Zone::body));
        block.most = std::max(block.least, canvas.mm(50));
        block.draw = [&canvas, &row, &intent](const Rect& area) {
            if (draw_value_row(canvas, area, row, "prefilled/" + row.id)) intent = Chosen{row.id};
        };
        page.add(std::move(block));
    }
    page.add_foot("ok", model.foot);
    page.actions(model.actions);
    return heard<PrefilledIntent>(page.draw(model.first), intent);
}

} // namespace screens
