#include "screens/scan_screen.hpp"

#include "screens/page.hpp"

namespace screens {
namespace {

void add_live_picture(Page& page, Canvas& canvas, const ScanModel& model) {
    Block block;
    block.zone = Zone::show;
    block.least = canvas.mm(55);
    block.most = canvas.mm(200);
    block.draw = [&canvas, &model](const Rect& area) {
        const bool has_picture = model.live && !model.live->empty();
        const Role ground = has_picture ? Role::overlay : Role::sunken;
        canvas.box(area, {canvas.measures().radius.card, ground, Role::edge, 0.5f});
        const Rect inner = area.inset(canvas.mm(2));
        if (has_picture) {
            canvas.picture("scan/live", inner, *model.live);
            return;
        }
        const Rect icon = inner.centered(canvas.mm(20), canvas.mm(20)).moved(0, -canvas.mm(8));
        canvas.icon("camera", icon, Role::muted);
        Rect words = inner;
        words.take_top(icon.bottom() + canvas.mm(3) - inner.y);
        const auto style = centred(tight(label(Role::muted)));
        words.h = std::min(words.h, stack_height(canvas, {{model.waiting, style}}, words.w));
        draw_stack(canvas, words, {{model.waiting, style}}, "scan/waiting");
    };
    page.add(std::move(block));
}

} // namespace

std::optional<ScanIntent> draw(const ScanModel& model, Canvas& canvas) {
    std::optional<ScanIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    canvas.start_focus(model.actions.go.empty() ? "scan/other_way" : "actions/go");
    if (model.status) page.make_room_in_lead(&*model.status);
    add_live_picture(page, canvas, model);
    if (model.status)
        page.add_note(page.is_landscape() ? Zone::lead : Zone::show, *model.status, "scan/status");
    page.add_text(Zone::show, model.page, tight(bold(label())), "scan/page");
    page.add_text(Zone::show, model.hint, tight(label()), "scan/hint", space::xs);
    page.add_spacer(page.is_low() ? Zone::body : Zone::show);
    if (!model.other_way.empty()) {
        ButtonLook look;
        look.label = model.other_way;
        look.kind = ButtonLook::Kind::quiet;
        look.least_height_mm = 21;
        page.add_button("scan/other_way", look, [&intent] { intent = ScanPress::other_way; });
    }
    page.actions(model.actions);
    return heard<ScanIntent>(page.draw(0), intent);
}

} // namespace screens
