#include "screens/mirror.hpp"

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

} // namespace

void add_mirror(Page& page, Canvas& canvas, const PictureRef& live, const std::string& waiting) {
    Block block;
    block.zone = Zone::show;
    block.least = canvas.mm(55);
    block.most = canvas.mm(260);
    block.draw = [&canvas, &live, &waiting](const Rect& area) {
        const bool has_picture = live && !live->empty();
        const Role ground = has_picture ? Role::overlay : Role::sunken;
        canvas.box(area, {canvas.measures().radius.card, ground, Role::edge, 0.5f});
        const Rect inner = area.inset(canvas.mm(2));
        if (has_picture) {
            draw_ring(canvas, canvas.picture("face/live", inner, *live));
            return;
        }
        draw_waiting(canvas, inner, "face", waiting, "face/waiting");
    };
    page.add(std::move(block));
}

} // namespace screens
