#include "screens/otherway_screen.hpp"

#include "screens/page.hpp"

#include <algorithm>

namespace screens {

std::optional<OtherwayIntent> draw(const OtherwayModel& model, Canvas& canvas) {
    std::optional<OtherwayIntent> intent;
    canvas.say("title/first", model.said_first, false, {}, Said::Sound::success);
    Page page(canvas, model.frame, model.title, model.sub);
    for (const auto& way : model.ways) {
        // Why a way is not possible now is said in its place, not hidden.
        CardRow row{way.icon, way.title, way.explanation};
        row.available = way.available;
        row.plate = Role::cat_blue;
        row.is_private = model.is_private;
        if (!way.available) row.reason = way.reason;
        Block block;
        block.item = true;
        block.gap_mm = 5.5f;
        block.least = std::max(canvas.mm(42), card_row_height(canvas, row, page.width(Zone::body)));
        block.most = canvas.mm(50);
        block.draw = [&canvas, &way, &intent, row](const Rect& area) {
            if (draw_card_row(canvas, "otherway/" + way.id, area, row)) intent = Chosen{way.id};
        };
        page.add(std::move(block));
    }
    page.add_spacer();
    page.back(model.back);
    return heard<OtherwayIntent>(page.draw(model.first), intent);
}

} // namespace screens
