#include "screens/page_check_screen.hpp"

#include "screens/page.hpp"

namespace screens {
namespace {

ButtonLook look_of(const std::string& label, std::string_view icon, bool primary) {
    ButtonLook look;
    look.label = label;
    look.icon = icon;
    look.kind = primary ? ButtonLook::Kind::primary : ButtonLook::Kind::secondary;
    return look;
}

} // namespace

std::optional<PageCheckIntent> draw(const PageCheckModel& model, Canvas& canvas) {
    std::optional<PageCheckIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    page.make_room_in_lead();
    Block picture;
    picture.zone = Zone::show;
    picture.least = canvas.mm(55);
    picture.most = canvas.mm(260);
    picture.draw = [&](const Rect& area) {
        canvas.box(area, {canvas.measures().radius.card, Role::overlay, Role::edge, 0.5f});
        if (model.page && !model.page->empty()) {
            canvas.picture("page_check/page", area.inset(canvas.mm(2)), *model.page);
        }
    };
    page.add(std::move(picture));
    const Zone words = page.is_landscape() ? Zone::lead : Zone::show;
    for (const auto& note : model.notes) page.add_note(words, note, "page_check/note");
    page.add_text(words, model.hint, tight(label()), "page_check/hint");
    // The bad page is taken again at the end side, where the primary button is always found.
    const auto retake = look_of(model.retake, "retake", model.retake_is_primary);
    const auto use =
        look_of(model.use, model.retake_is_primary ? "page" : "ok", !model.retake_is_primary);
    canvas.start_focus(model.retake_is_primary ? "actions/retake" : "actions/use");
    if (model.retake_is_primary) {
        page.action("use", use);
        page.action("retake", retake);
    } else {
        page.action("retake", retake);
        page.action("use", use);
    }
    const auto answer = page.draw(0);
    if (answer.action == "use") intent = PageCheckPress::use;
    if (answer.action == "retake") intent = PageCheckPress::retake;
    return heard<PageCheckIntent>(answer, intent);
}

} // namespace screens
