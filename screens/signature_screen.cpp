#include "screens/signature_screen.hpp"

#include "screens/illustrations.hpp"
#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float pen_mm = 2.5f;

void draw_stroke(Canvas& canvas, std::span<const Point> points) {
    if (points.size() == 1) {
        canvas.circle(points[0], canvas.mm(pen_mm) / 2, Role::text);
    } else if (!points.empty()) {
        canvas.polyline(points, pen_mm, Role::text);
    }
}

std::optional<Ink> draw_board_of(Canvas& canvas, const Rect& area, const SignatureModel& model) {
    canvas.box(area, {canvas.measures().radius.card, Role::surface, Role::secondary_edge, 0.75f});
    const Rect board = on_glass(canvas, area);
    const Canvas::Unmirrored unmirrored(canvas);
    const float base = board.y + board.h * 0.76f;
    canvas.line({board.x + board.w * 0.09f, base}, {board.right() - board.w * 0.09f, base}, 0.75f,
                Role::edge);
    std::vector<Point> points;
    for (const auto& stroke : model.strokes) {
        points.clear();
        for (const auto p : stroke)
            points.push_back({board.x + p.x * board.w, board.y + p.y * board.h});
        draw_stroke(canvas, points);
    }
    const auto finished = canvas.drag("signature/board", board, model.board);
    points.clear();
    for (const auto p : canvas.stroke_in_progress("signature/board")) {
        points.push_back({board.x + p.x, board.y + p.y});
    }
    draw_stroke(canvas, points);
    if (!finished) return std::nullopt;
    Ink ink;
    for (const auto p : *finished) {
        ink.stroke.push_back(
            {std::clamp(p.x / board.w, 0.0f, 1.0f), std::clamp(p.y / board.h, 0.0f, 1.0f)});
    }
    return ink;
}

} // namespace

std::optional<SignatureIntent> draw(const SignatureModel& model, Canvas& canvas) {
    std::optional<SignatureIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    if (model.note) page.make_room_in_lead(&*model.note);
    canvas.start_focus("signature/counter");
    Block board;
    board.least = canvas.mm(58);
    board.most = canvas.mm(170);
    board.draw = [&](const Rect& area) {
        if (auto ink = draw_board_of(canvas, area, model)) intent = std::move(*ink);
    };
    page.add(std::move(board));
    std::vector<ButtonPlace> buttons;
    const auto offer = [&](const std::string& label, std::string_view icon, std::string_view id,
                           SignaturePress press) {
        if (label.empty()) return;
        ButtonLook look;
        look.label = label;
        look.icon = icon;
        buttons.push_back(
            {"signature/" + std::string(id), look, [&intent, press] { intent = press; }});
    };
    offer(model.clear, "retake", "clear", SignaturePress::clear);
    offer(model.counter, "counter", "counter", SignaturePress::at_counter);
    page.add_buttons(std::move(buttons));
    page.add_spacer();
    if (model.note) {
        const bool above = page.is_landscape() || page.is_low();
        page.add_note(above ? Zone::lead : Zone::body, *model.note, "signature/note");
    }
    page.actions(model.actions);
    return heard<SignatureIntent>(page.draw(0), intent);
}

} // namespace screens
