#include "screens/help_screen.hpp"

#include "screens/page.hpp"

#include <algorithm>

namespace screens {

std::optional<HelpIntent> draw(const HelpModel& model, Canvas& canvas) {
    std::optional<HelpIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    if (model.state) page.make_room_in_lead(&*model.state);
    if (model.state) page.add_note(Zone::lead, *model.state, "help/state");
    for (const auto& way : model.ways) {
        CardRow row{way.icon, way.title, way.detail};
        row.plate = way.first_choice ? Role::cat_blue : Role::sunken;
        Block block;
        block.item = true;
        block.gap_mm = 5.5f;
        block.least = std::max(canvas.mm(32), card_row_height(canvas, row, page.width(Zone::body)));
        block.most = canvas.mm(46);
        block.draw = [&canvas, &way, &intent, row](const Rect& area) {
            if (draw_card_row(canvas, "help/" + way.id, area, row)) intent = Chosen{way.id};
        };
        page.add(std::move(block));
    }
    page.add_spacer();
    page.add_foot("phone", model.foot);
    ButtonLook back;
    back.label = model.back;
    back.icon = "arrow-start";
    back.kind = ButtonLook::Kind::primary;
    page.action("go", back);
    return heard<HelpIntent>(page.draw(model.first), intent);
}

} // namespace screens
