#include "screens/scan_screen.hpp"

#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

// Yellow on dark, as wide as a finger sees it; where the picture is drawn, however it is mirrored.
void draw_outline(Canvas& canvas, const Rect& picture, const std::vector<Corner>& outline) {
    std::vector<Point> points;
    for (const auto& corner : outline) {
        // A picture is never mirrored, the page around it is.
        const float x = canvas.is_right_to_left() ? 1 - corner.x : corner.x;
        points.push_back({picture.x + x * picture.w, picture.y + corner.y * picture.h});
    }
    canvas.polyline(points, 3.6f, Role::overlay, true);
    canvas.polyline(points, 1.8f, Role::live, true);
    for (const auto& point : points) canvas.circle(point, canvas.mm(3.8f), Role::overlay);
    for (const auto& point : points) canvas.circle(point, canvas.mm(2.7f), Role::live);
}

// Fills once while the sheet lies still; nothing blinks.
void draw_held(Canvas& canvas, Rect bar, float held) {
    if (held <= 0) return;
    bar = bar.take_start(bar.w * std::min(held, 1.0f), 0);
    canvas.box(bar, {1.5f, Role::live});
}

void add_status(Page& page, Canvas& canvas, const ScanModel& model) {
    const Zone zone = page.is_landscape() ? Zone::lead : Zone::show;
    Block block;
    block.zone = zone;
    block.least_at = [&canvas, &model](float room) {
        const float now = note_height(canvas, *model.status, room);
        if (!model.longest_status) return now;
        return std::max(now, note_height(canvas, *model.longest_status, room));
    };
    block.least = block.least_at(page.width(zone));
    block.draw = [&canvas, &model](const Rect& area) {
        draw_note(canvas, area, *model.status, "scan/status");
    };
    page.add(std::move(block));
}

void add_live_picture(Page& page, Canvas& canvas, const ScanModel& model) {
    Block block;
    block.zone = Zone::show;
    block.least = canvas.mm(55);
    block.most = canvas.mm(200);
    block.draw = [&canvas, &model](const Rect& area) {
        const bool has_picture = model.live && !model.live->empty();
        const Role ground = has_picture ? Role::overlay : Role::sunken;
        canvas.box(area, {canvas.measures().radius.card, ground, Role::edge, 0.5f});
        Rect inner = area.inset(canvas.mm(2));
        if (has_picture) {
            const Rect bar = inner.take_bottom(canvas.mm(3), canvas.mm(1));
            const auto covered = canvas.picture("scan/live", inner, *model.live);
            if (model.outline.size() == 4) draw_outline(canvas, covered, model.outline);
            draw_held(canvas, bar, model.held);
            return;
        }
        draw_waiting(canvas, inner, "camera", model.waiting, "scan/waiting");
    };
    page.add(std::move(block));
}

} // namespace

std::optional<ScanIntent> draw(const ScanModel& model, Canvas& canvas) {
    std::optional<ScanIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    canvas.start_focus(model.actions.go.empty() ? "scan/other_way" : "actions/go");
    const auto& roomiest = model.longest_status ? model.longest_status : model.status;
    if (roomiest) page.make_room_in_lead(&*roomiest);
    add_live_picture(page, canvas, model);
    if (model.status) add_status(page, canvas, model);
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
