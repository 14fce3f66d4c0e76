#include "screens/face_screen.hpp"

#include "screens/page.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace screens {
namespace {

// Where the face belongs: half as wide as the picture is high (design, screen 08), dashed in two
// colours, so that it is seen before any face and any wall. It never moves and never flashes.
void draw_ring(Canvas& canvas, const Rect& picture) {
    const float down = std::min(picture.h * 0.3f, picture.w * 0.4f);
    const float across = down * 0.78f;
    constexpr int dashes = 24;
    constexpr int steps = 6; // points of a dash
    const auto at = [&](float turn) {
        const float angle = turn * 2 * std::numbers::pi_v<float>;
        const Point middle = picture.center();
        return Point{middle.x + across * std::cos(angle), middle.y + down * std::sin(angle)};
    };
    const auto arc = [&](float from, float to, float width, Role role) {
        std::array<Point, steps + 1> points;
        for (std::size_t i = 0; i < points.size(); ++i)
            points[i] = at(from + (to - from) * float(i) / steps);
        canvas.polyline(points, width, role);
    };
    for (int i = 0; i < dashes; ++i)
        arc(float(i) / dashes, float(i + 1) / dashes, 2.4f, Role::overlay);
    for (int i = 0; i < dashes; ++i)
        arc(float(i) / dashes, (float(i) + 0.55f) / dashes, 1.4f, Role::live);
}

void add_mirror(Page& page, Canvas& canvas, const FaceModel& model) {
    Block block;
    block.zone = Zone::show;
    block.least = canvas.mm(55);
    block.most = canvas.mm(260);
    block.draw = [&canvas, &model](const Rect& area) {
        const bool has_picture = model.live && !model.live->empty();
        const Role ground = has_picture ? Role::overlay : Role::sunken;
        canvas.box(area, {canvas.measures().radius.card, ground, Role::edge, 0.5f});
        const Rect inner = area.inset(canvas.mm(2));
        if (has_picture) {
            draw_ring(canvas, canvas.picture("face/live", inner, *model.live));
            return;
        }
        draw_waiting(canvas, inner, "face", model.waiting, "face/waiting");
    };
    page.add(std::move(block));
}

} // namespace

std::optional<FaceIntent> draw(const FaceModel& model, Canvas& canvas) {
    std::optional<FaceIntent> intent;
    Page page(canvas, model.frame, model.title, "");
    canvas.start_focus("actions/other_way");
    page.make_room_in_lead(&model.now);
    add_mirror(page, canvas, model);
    page.add_note(page.is_landscape() ? Zone::lead : Zone::show, model.now, "face/now");
    page.add_spacer(page.is_low() ? Zone::body : Zone::show);
    page.add_foot("lock", model.kept);
    ButtonLook stop;
    stop.label = model.stop;
    stop.icon = "cross";
    stop.kind = ButtonLook::Kind::secondary;
    ButtonLook other;
    other.label = model.other_way;
    other.icon = "counter";
    other.kind = ButtonLook::Kind::secondary;
    page.action("stop", stop);
    page.action("other_way", other);
    const auto answer = page.draw(0);
    if (answer.action == "stop") intent = Action::back;
    if (answer.action == "other_way") intent = FacePress::other_way;
    return heard<FaceIntent>(answer, intent);
}

} // namespace screens
