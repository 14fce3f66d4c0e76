#include "screens/goodbye_screen.hpp"

#include "screens/illustrations.hpp"
#include "screens/page.hpp"

namespace screens {

std::optional<GoodbyeIntent> draw(const GoodbyeModel& model, Canvas& canvas) {
    std::optional<GoodbyeIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    canvas.start_focus("actions/done");
    page.add_spacer(Zone::show);
    Block picture;
    picture.zone = Zone::show;
    picture.dispensable = true;
    picture.least = canvas.mm(60);
    picture.most = canvas.mm(160);
    picture.draw = [&](const Rect& area) {
        if (model.card_on_reader) {
            draw_lay_card(canvas, area, CardMove::lift);
        } else {
            draw_take_receipt(canvas, area);
        }
    };
    if (model.has_picture) page.add(std::move(picture));
    page.add_foot("ok", model.foot);
    if (!model.done.empty()) {
        ButtonLook done;
        done.label = model.done;
        done.icon = "ok";
        done.kind = ButtonLook::Kind::primary;
        page.action("done", done);
    }
    const auto answer = page.draw(0);
    if (answer.action == "done") intent = GoodbyePress::done;
    return heard<GoodbyeIntent>(answer, intent);
}

} // namespace screens
