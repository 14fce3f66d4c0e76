#include "screens/notice_message_screen.hpp"

#include "screens/page.hpp"

namespace screens {

std::optional<NoticeMessageIntent> draw(const NoticeMessageModel& model, Canvas& canvas) {
    std::optional<NoticeMessageIntent> intent;
    canvas.tell_whole();
    Page page(canvas, model.frame, model.title, {});
    if (!page.is_landscape() && !page.is_low()) page.add_spacer(Zone::lead);
    Block picture;
    picture.zone = Zone::show;
    picture.dispensable = true;
    picture.least = canvas.mm(24);
    picture.most = canvas.mm(40);
    picture.draw = [&](const Rect& area) { canvas.icon(model.icon, area, Role::accent_text); };
    page.add(std::move(picture));
    page.add_text(Zone::show, model.text, centred(heading()), "message/text", space::l);
    if (model.note) page.add_note(Zone::show, *model.note, "message/note");
    page.add_spacer();
    if (!model.secondary.empty()) {
        ButtonLook look;
        look.label = model.secondary;
        look.icon = model.secondary_icon;
        page.action("secondary", look);
    }
    ButtonLook look;
    look.label = model.primary;
    look.icon = model.primary_icon;
    look.kind = ButtonLook::Kind::primary;
    page.action("primary", look);
    const auto answer = page.draw(0);
    if (answer.action == "primary") intent = NoticeMessagePress::primary;
    if (answer.action == "secondary") intent = NoticeMessagePress::secondary;
    return heard<NoticeMessageIntent>(answer, intent);
}

} // namespace screens
