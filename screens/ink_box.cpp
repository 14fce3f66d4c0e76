#include "screens/ink_box.hpp"

#include <cmath>

namespace screens {
namespace {

constexpr float pen_mm = 1.5f; // spec handwriting §4
constexpr float grid_mm = 0.5f;
constexpr float dash_mm = 3;
constexpr std::string_view box_id = "board/box";

void draw_dashes(Canvas& canvas, Point from, Point to) {
    const float length = std::hypot(to.x - from.x, to.y - from.y);
    const float dash = canvas.mm(dash_mm);
    const auto at = [&](float along) {
        const float share = std::min(along, length) / length;
        return Point{from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share};
    };
    for (float along = 0; along < length; along += 2 * dash)
        canvas.line(at(along), at(along + dash), grid_mm, Role::hairline);
}

// The largest square in the box, crossed and with both diagonals.
void draw_grid(Canvas& canvas, const Rect& box) {
    const float side = std::min(box.w, box.h) - canvas.mm(4);
    const Rect square = box.centered(side, side);
    const Point middle = box.center();
    draw_dashes(canvas, {square.x, middle.y}, {square.right(), middle.y});
    draw_dashes(canvas, {middle.x, square.y}, {middle.x, square.bottom()});
    draw_dashes(canvas, {square.x, square.y}, {square.right(), square.bottom()});
    draw_dashes(canvas, {square.right(), square.y}, {square.x, square.bottom()});
}

void draw_stroke(Canvas& canvas, std::span<const Point> points) {
    if (points.empty()) return;
    // Round ends, and a dot for a tap.
    canvas.circle(points.front(), canvas.mm(pen_mm) / 2, Role::primary);
    canvas.circle(points.back(), canvas.mm(pen_mm) / 2, Role::primary);
    if (points.size() > 1) canvas.polyline(points, pen_mm, Role::primary);
}

} // namespace

std::optional<InkDrawn> draw_ink_box(Canvas& canvas, const Rect& area,
                                     const QuestionTextModel& model) {
    canvas.box(area, {canvas.measures().radius.field, Role::surface, Role::secondary_edge, 0.75f});
    draw_grid(canvas, area);
    const float scale = canvas.panel().px_per_mm;
    std::vector<Point> points;
    for (const auto& stroke : model.ink) {
        points.clear();
        for (const auto p : stroke) points.push_back({area.x + p.x * scale, area.y + p.y * scale});
        draw_stroke(canvas, points);
    }
    auto finished = canvas.drag(box_id, area, model.labels.box);
    points.clear();
    for (const auto p : canvas.stroke_in_progress(box_id))
        points.push_back({area.x + p.x, area.y + p.y});
    draw_stroke(canvas, points);
    base::wipe(points.data(), points.size() * sizeof(Point));
    if (!finished) return std::nullopt;
    InkDrawn drawn;
    for (const auto p : *finished) drawn.stroke.push_back({p.x / scale, p.y / scale});
    base::wipe(finished->data(), finished->size() * sizeof(Point));
    return drawn;
}

} // namespace screens
