#include "screens/question_card.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float side_mm = 10;
constexpr int bar_marks = 15; // 3 s each of the 45 s that somebody has to answer (DESIGN §5)

void draw_time_bar(Canvas& canvas, const Rect& area, const QuestionCard& card) {
    const auto marks = area.columns(bar_marks, canvas.mm(2));
    const int left = (card.seconds_left * bar_marks + card.seconds_total - 1) / card.seconds_total;
    for (int i = 0; i < bar_marks; ++i) {
        const bool full = i < left;
        const Role role = full ? Role::progress_done : Role::progress_todo;
        canvas.box(marks[std::size_t(i)], {1.25f, full ? role : Role::surface, role, 0.5f});
    }
}

} // namespace

QuestionCardAnswer draw_question_card(Canvas& canvas, const FrameModel& frame,
                                      const QuestionCard& card) {
    QuestionCardAnswer answer;
    const bool landscape = canvas.panel().is_landscape();
    // Landscape has no room above each other: the question stands in the start column.
    Page page(canvas, frame, landscape ? card.title : "", landscape ? card.text : "");
    const auto said = card.said.empty() ? card.text : card.said;
    page.say_instead(card.title, said);
    page.cards_ask();
    const float side = canvas.mm(side_mm);
    const auto add = [&](float height, float gap, std::function<void(const Rect&)> draw,
                         Zone zone) {
        Block block;
        block.zone = zone;
        block.card = page.is_low() && zone == Zone::show ? 1 : 2;
        block.plain = true;
        block.least = height + canvas.mm(gap);
        block.draw = [&canvas, side, gap, draw = std::move(draw)](const Rect& area) {
            Rect inner = area.inset(side, 0);
            inner.take_top(canvas.mm(gap));
            draw(inner);
        };
        page.add(std::move(block));
    };
    page.add_spacer(Zone::show);
    if (!landscape) {
        add(
            canvas.mm(26), 8, [&](const Rect& area) { canvas.icon(card.icon, area, Role::text); },
            Zone::show);
        const TextStack words{{card.title, centred(tight(bold(title())))},
                              {card.text, centred(heading()), 5}};
        add(
            stack_height(canvas, words, page.width(Zone::show) - 2 * side), 6,
            [&canvas, words](const Rect& area) { draw_stack(canvas, area, words, "card/words"); },
            Zone::show);
    }
    if (card.seconds_total > 0) {
        add(
            canvas.mm(2.5f), 8, [&](const Rect& area) { draw_time_bar(canvas, area, card); },
            Zone::show);
    }
    const float width = page.width(Zone::body) - 2 * side;
    ButtonLook stay;
    stay.label = card.stay;
    stay.kind = ButtonLook::Kind::primary;
    stay.large = true;
    stay.least_height_mm = 38;
    add(
        button_height(canvas, stay, width), 8,
        [&, stay](const Rect& area) {
            answer.stay = draw_button(canvas, std::string(card.prefix) + "/stay", area, stay);
        },
        Zone::body);
    ButtonLook end;
    end.label = card.end;
    end.kind = ButtonLook::Kind::quiet;
    end.quiet_ground = Role::surface;
    add(
        button_height(canvas, end, width), 6,
        [&, end](const Rect& area) {
            answer.end = draw_button(canvas, std::string(card.prefix) + "/end", area, end);
        },
        Zone::body);
    add(
        0, 6, [](const Rect&) {}, Zone::body);
    page.add_spacer();
    answer.page = page.draw(0);
    return answer;
}

} // namespace screens
