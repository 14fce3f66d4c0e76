#include "screens/illustrations.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace screens {
namespace {

// Coordinates of a drawing, put into a rectangle of the panel.
class Sketch {
public:
    Sketch(Canvas& canvas, const Rect& area, float width, float height)
        : canvas_(canvas), unmirrored_(canvas) {
        scale_ = std::min(area.w / width, area.h / height);
        x_ = area.x + (area.w - width * scale_) / 2;
        y_ = area.y + (area.h - height * scale_) / 2;
    }

    void rect(float x, float y, float w, float h, float radius, std::optional<Role> fill,
              std::optional<Role> edge = {}, float edge_width = 4) {
        canvas_.box({x_ + x * scale_, y_ + y * scale_, w * scale_, h * scale_},
                    {mm(radius), fill, edge, mm(edge_width)});
    }
    void polygon(std::initializer_list<Point> points, Role fill) {
        canvas_.polygon(placed(points), fill);
    }
    void line(std::initializer_list<Point> points, float width, Role role, bool closed = false) {
        canvas_.polyline(placed(points), mm(width), role, closed);
    }
    // A closed outline of `dashes` dashes a side.
    void dashed(std::initializer_list<Point> points, int dashes, float width, Role role) {
        const std::vector<Point> corners = placed(points);
        for (std::size_t i = 0; i < corners.size(); ++i) {
            const Point from = corners[i], to = corners[(i + 1) % corners.size()];
            const auto at = [&](float share) {
                return Point{from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share};
            };
            for (int k = 0; k < dashes; ++k)
                canvas_.line(at((float(k) + 0.2f) / float(dashes)),
                             at((float(k) + 0.8f) / float(dashes)), mm(width), role);
        }
    }
    void circle(float x, float y, float radius, Role role) {
        canvas_.circle(place({x, y}), radius * scale_, role);
    }
    // The upper half of an ellipse, flat side down: shoulders.
    void dome(float x, float bottom, float rx, float ry, Role role) {
        std::vector<Point> points;
        for (int i = 0; i <= 24; ++i) {
            const float angle = float(i) / 24 * pi;
            points.push_back(place({x - rx * std::cos(angle), bottom - ry * std::sin(angle)}));
        }
        canvas_.polygon(points, role);
    }
    void dashed_ellipse(float x, float y, float rx, float ry, float width, Role role) {
        constexpr int dashes = 16;
        for (int i = 0; i < dashes; ++i) {
            std::vector<Point> dash;
            for (int k = 0; k <= 4; ++k) {
                const float angle = (float(i) + float(k) * 0.15f) / dashes * 2 * pi;
                dash.push_back(place({x + rx * std::cos(angle), y + ry * std::sin(angle)}));
            }
            canvas_.polyline(dash, mm(width), role);
        }
    }
    void arrow_down(float x, float top, float length, float wing, float width, Role role) {
        line({{x, top}, {x, top + length}}, width, role);
        line({{x - wing, top + length - wing}, {x, top + length}, {x + wing, top + length - wing}},
             width, role);
    }

private:
    static constexpr float pi = 3.14159265f;
    float mm(float units) const { return units * scale_ / canvas_.panel().px_per_mm; }
    Point place(Point p) const { return {x_ + p.x * scale_, y_ + p.y * scale_}; }
    std::vector<Point> placed(std::initializer_list<Point> points) const {
        std::vector<Point> result;
        for (const Point p : points) result.push_back(place(p));
        return result;
    }

    Canvas& canvas_;
    Canvas::Unmirrored unmirrored_;
    float scale_ = 1, x_ = 0, y_ = 0;
};

void id_card(Sketch& sketch, float x, float y, float w) {
    const float h = w * 0.63f;
    sketch.rect(x, y, w, h, w * 0.06f, Role::surface, Role::secondary_edge, 4);
    const float photo_x = x + w * 0.62f, photo_w = w * 0.28f;
    sketch.rect(photo_x, y + h * 0.16f, photo_w, h * 0.58f, 4, Role::cat_blue, Role::edge, 2);
    sketch.circle(x + w * 0.76f, y + h * 0.36f, w * 0.06f, Role::edge);
    sketch.dome(x + w * 0.76f, y + h * 0.73f, w * 0.11f, h * 0.24f, Role::edge);
    constexpr float tops[] = {0.2f, 0.36f, 0.52f}, widths[] = {0.42f, 0.3f, 0.38f};
    for (int i = 0; i < 3; ++i) {
        sketch.rect(x + w * 0.1f, y + h * tops[i], w * widths[i], h * 0.06f, 3, Role::edge);
    }
    sketch.rect(x + w * 0.1f, y + h * 0.82f, w * 0.72f, h * 0.07f, 3, Role::edge);
}

// A slip with a torn lower edge: `teeth` triangles under the paper.
void slip(Sketch& sketch, float x, float y, float w, float h, int teeth, float depth) {
    sketch.polygon({{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, Role::surface);
    const float step = w / float(teeth);
    for (int i = 0; i < teeth; ++i) {
        const float left = x + step * float(i);
        sketch.polygon(
            {{left, y + h - 0.5f}, {left + step, y + h - 0.5f}, {left + step / 2, y + h + depth}},
            Role::surface);
        sketch.line({{left, y + h}, {left + step / 2, y + h + depth}, {left + step, y + h}}, 4,
                    Role::secondary_edge);
    }
    sketch.line({{x, y + h}, {x, y}, {x + w, y}, {x + w, y + h}}, 4, Role::secondary_edge);
}

} // namespace

Rect on_glass(const Canvas& canvas, const Rect& rect) {
    if (!canvas.is_right_to_left()) return rect;
    return {canvas.width() - rect.right(), rect.y, rect.w, rect.h};
}

void draw_bring_card(Canvas& canvas, const Rect& area) {
    Sketch sketch(canvas, on_glass(canvas, area), 220, 180);
    id_card(sketch, 15, 32, 190);
}

void draw_answer_questions(Canvas& canvas, const Rect& area) {
    Sketch sketch(canvas, on_glass(canvas, area), 220, 180);
    sketch.rect(28, 16, 164, 148, 12, Role::surface, Role::secondary_edge, 4);
    constexpr float widths[] = {86, 70, 80};
    for (int i = 0; i < 3; ++i) {
        const float y = 44 + 40 * float(i);
        sketch.circle(58, y + 4, 13, Role::primary);
        if (i == 2) sketch.circle(58, y + 4, 9, Role::surface);
        sketch.rect(84, y - 3, widths[i], 14, 4, Role::edge);
    }
}

void draw_receipt_slip(Canvas& canvas, const Rect& area) {
    Sketch sketch(canvas, on_glass(canvas, area), 220, 180);
    slip(sketch, 60, 10, 100, 146, 6, 12);
    sketch.rect(78, 32, 64, 12, 4, Role::edge);
    sketch.rect(78, 58, 64, 26, 4, Role::primary);
    sketch.rect(78, 98, 50, 12, 4, Role::edge);
    sketch.rect(78, 122, 36, 12, 4, Role::edge);
}

void draw_lay_card(Canvas& canvas, const Rect& area, CardMove move) {
    canvas.box(area,
               {canvas.measures().radius.card, Role::sunken,
                canvas.settings().theme == ThemeName::light ? std::optional<Role>() : Role::edge,
                0.75f});
    Sketch sketch(canvas, on_glass(canvas, area).inset(canvas.mm(4)), 920, 600);
    // The desk with the reader, seen from where the person stands.
    sketch.polygon({{70, 540}, {180, 250}, {740, 250}, {850, 540}}, Role::surface);
    sketch.line({{70, 540}, {180, 250}, {740, 250}, {850, 540}}, 4, Role::edge, true);
    sketch.polygon({{70, 540}, {850, 540}, {850, 562}, {70, 562}}, Role::lip);
    sketch.polygon({{262, 486}, {312, 324}, {608, 324}, {658, 486}}, Role::cat_blue);
    // Here, it says: the place is dashed, the card on it is not.
    sketch.dashed({{262, 486}, {312, 324}, {608, 324}, {658, 486}}, 8, 6, Role::secondary_edge);
    sketch.line({{296, 470}, {338, 342}, {582, 342}, {624, 470}}, 4, Role::secondary_edge, true);
    sketch.line({{520, 446}, {508, 382}, {566, 382}, {590, 446}}, 4, Role::secondary_edge, true);
    sketch.line({{352, 374}, {462, 374}}, 6, Role::secondary_edge);
    sketch.line({{344, 400}, {428, 400}}, 6, Role::secondary_edge);
    sketch.line({{334, 430}, {454, 430}}, 6, Role::secondary_edge);
    id_card(sketch, 300, 26, 320);
    if (move == CardMove::lay_down) {
        sketch.arrow_down(460, 244, 72, 34, 14, Role::primary);
    } else {
        sketch.line({{460, 316}, {460, 244}}, 14, Role::primary);
        sketch.line({{426, 278}, {460, 244}, {494, 278}}, 14, Role::primary);
    }
}

void draw_two_photos(Canvas& canvas, const Rect& area) {
    canvas.box(area,
               {canvas.measures().radius.card, Role::sunken,
                canvas.settings().theme == ThemeName::light ? std::optional<Role>() : Role::edge,
                0.75f});
    Sketch sketch(canvas, on_glass(canvas, area), 968, 330);
    id_card(sketch, 70, 66, 310);
    sketch.line({{424, 165}, {540, 165}}, 12, Role::primary);
    sketch.line({{452, 133}, {424, 165}, {452, 197}}, 12, Role::primary);
    sketch.line({{512, 133}, {540, 165}, {512, 197}}, 12, Role::primary);
    sketch.rect(600, 36, 210, 258, 14, Role::surface, Role::secondary_edge, 4);
    sketch.circle(705, 132, 52, Role::edge);
    sketch.dome(705, 291, 83, 95, Role::edge);
    sketch.dashed_ellipse(705, 140, 82, 98, 7, Role::primary);
    sketch.line({{850, 140}, {922, 140}}, 9, Role::primary);
    sketch.line({{874, 140}, {874, 122}, {898, 122}, {898, 140}}, 9, Role::primary);
    sketch.line({{860, 140}, {866, 210}, {906, 210}, {912, 140}}, 9, Role::primary);
    sketch.line({{878, 160}, {878, 192}}, 9, Role::primary);
    sketch.line({{894, 160}, {894, 192}}, 9, Role::primary);
}

void draw_take_receipt(Canvas& canvas, const Rect& area) {
    canvas.box(area,
               {canvas.measures().radius.card, Role::sunken,
                canvas.settings().theme == ThemeName::light ? std::optional<Role>() : Role::edge,
                0.75f});
    Sketch sketch(canvas, on_glass(canvas, area), 968, 250);
    sketch.rect(330, 36, 308, 26, 13, Role::text);
    slip(sketch, 372, 52, 224, 150, 7, 14);
    sketch.rect(400, 84, 168, 30, 4, Role::primary);
    sketch.rect(400, 132, 130, 12, 4, Role::edge);
    sketch.rect(400, 158, 100, 12, 4, Role::edge);
    sketch.arrow_down(248, 76, 98, 36, 13, Role::primary);
    sketch.arrow_down(720, 76, 98, 36, 13, Role::primary);
}

void draw_lattice(Canvas& canvas, const Rect& area) {
    const Rect band = on_glass(canvas, area);
    const Canvas::Unmirrored unmirrored(canvas);
    const float unit = canvas.mm(15);
    // Only where it reaches over the panel's edge a figure may be cut.
    const bool is_cut = band.right() >= canvas.width();
    for (float x = band.x; is_cut ? x < band.right() : x + unit <= band.right() + 1; x += unit) {
        for (float y = band.y; y + unit <= band.bottom() + 1; y += unit) {
            const Point middle{x + unit / 2, y + unit / 2};
            const float r = unit * 0.33f, in = unit * 0.17f, width = 0.75f;
            const Point diamond[] = {{middle.x, middle.y - r},
                                     {middle.x + r, middle.y},
                                     {middle.x, middle.y + r},
                                     {middle.x - r, middle.y}};
            canvas.polyline(diamond, width, Role::hairline, true);
            canvas.fill({middle.x - in / 2, middle.y - in / 2, in, in}, Role::hairline);
            canvas.line({x, middle.y}, {middle.x - r, middle.y}, width, Role::hairline);
            canvas.line({middle.x + r, middle.y}, {x + unit, middle.y}, width, Role::hairline);
            canvas.line({middle.x, y}, {middle.x, middle.y - r}, width, Role::hairline);
            canvas.line({middle.x, middle.y + r}, {middle.x, y + unit}, width, Role::hairline);
        }
    }
}

} // namespace screens
