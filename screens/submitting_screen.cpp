#include "screens/submitting_screen.hpp"

#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float mark_mm = 16;
constexpr float side_mm = 8;
constexpr float gap_mm = 6;

void draw_line(Canvas& canvas, const Rect& area, const SubmittingLine& line) {
    using State = SubmittingLine::State;
    Rect row = area.inset(canvas.mm(side_mm), 0);
    const float mark = canvas.mm(mark_mm);
    const Rect place = row.take_start(mark, canvas.mm(gap_mm)).centered(mark, mark);
    const bool later = line.state == State::later;
    if (later) {
        canvas.ring(place.center(), mark / 2 - canvas.mm(0.5f), 0.75f, Role::edge);
    } else {
        const bool done = line.state == State::done;
        draw_badge(canvas, place, done ? "ok" : "clock", done ? Role::success : Role::primary,
                   done ? Role::surface : Role::primary_text, 9);
    }
    auto style = tight(label(later ? Role::muted : Role::text));
    style.bold = line.state == State::now;
    draw_stack(canvas, row, {{line.text, style}}, "submitting/line");
}

} // namespace

std::optional<SubmittingIntent> draw(const SubmittingModel& model, Canvas& canvas) {
    canvas.say("title/first", model.said_first, false, {}, Said::Sound::success);
    Page page(canvas, model.frame, model.title, model.sub);
    const float room =
        page.width(Zone::body) - 2 * canvas.mm(side_mm) - canvas.mm(mark_mm) - canvas.mm(gap_mm);
    for (const auto& line : model.lines) {
        Block block;
        block.card = 1;
        block.plain = true;
        block.least =
            std::max(canvas.mm(28),
                     canvas.measure(line.text, tight(bold(label())), room).height + canvas.mm(8));
        block.draw = [&canvas, &line](const Rect& area) { draw_line(canvas, area, line); };
        page.add(std::move(block));
    }
    page.add_foot("lock", model.foot);
    return page.draw(0).frame;
}

} // namespace screens
