#include "screens/reading_screen.hpp"

#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float side_mm = 8;
constexpr float end_mm = 4;
constexpr float plate_mm = 18;
constexpr float plate_gap_mm = 6;

TextStyle end_style(const ReadingCard& card) {
    auto style = left_to_right(tight(label()));
    return card.marked ? bold(style) : style;
}

TextStack words(const ReadingCard& card) {
    auto heading = tight(label());
    if (!card.text.empty() || card.marked) heading = bold(heading);
    return {{card.title, heading}, {card.text, body(Role::muted), 1}};
}

// Words beside the end column; under each other where one of the words would not fit.
struct Row {
    float plate = 0;
    float end = 0; // width of the end column
    bool stacked = false;
    float height = 0;
};

Row measure_row(Canvas& canvas, const ReadingCard& card, float width) {
    Row row;
    const float inner = width - 2 * canvas.mm(side_mm);
    row.plate = card.icon.empty() ? 0 : canvas.mm(plate_mm + plate_gap_mm);
    if (!card.end.empty()) row.end = canvas.measure(card.end, end_style(card)).width;
    const float gap = row.end > 0 ? canvas.mm(plate_gap_mm) : 0;
    const float beside = inner - row.plate - row.end - gap;
    auto stack = words(card);
    row.stacked = row.end > 0 && (beside < canvas.mm(30) || !stack_fits(canvas, stack, beside));
    if (row.stacked) stack.push_back({card.end, end_style(card), 1});
    row.height = stack_height(canvas, stack, row.stacked ? inner - row.plate : beside);
    if (row.plate > 0) row.height = std::max(row.height, canvas.mm(plate_mm));
    row.height += 2 * canvas.mm(end_mm);
    return row;
}

void draw_row(Canvas& canvas, const Rect& area, const ReadingCard& card) {
    const auto row = measure_row(canvas, card, area.w);
    Rect inner = area.inset(canvas.mm(side_mm), 0);
    if (row.plate > 0) {
        const float side = canvas.mm(plate_mm);
        const Rect plate = inner.take_start(side, canvas.mm(plate_gap_mm));
        draw_plate(canvas, plate.centered(side, side), card.icon, Role::sunken, Role::text, 11);
    }
    auto stack = words(card);
    if (row.stacked) stack.push_back({card.end, end_style(card), 1});
    const bool is_beside = row.end > 0 && !row.stacked;
    const Rect end = is_beside ? inner.take_end(row.end, canvas.mm(plate_gap_mm)) : Rect{};
    // In the order in which they are said: the day, then its hours.
    draw_stack(canvas, inner, stack, "reading/row");
    if (is_beside) draw_stack(canvas, end, {{card.end, end_style(card)}}, "reading/end");
}

} // namespace

std::optional<ReadingIntent> draw(const ReadingModel& model, Canvas& canvas) {
    canvas.tell_whole();
    canvas.say("title/first", model.said_first, false, {}, Said::Sound::success);
    Page page(canvas, model.frame, model.title, model.sub);
    if (model.note) page.add_note(Zone::lead, *model.note, "reading/note");
    int number = 1;
    for (const auto& card : model.cards) {
        Block block;
        block.zone = Zone::show;
        block.item = true;
        block.card = model.is_table ? 1 : number++;
        block.least = measure_row(canvas, card, page.width(Zone::show)).height;
        block.draw = [&canvas, &card](const Rect& area) { draw_row(canvas, area, card); };
        page.add(std::move(block));
    }
    page.add_spacer(page.is_low() ? Zone::body : Zone::show);
    page.add_foot("phone", model.foot);
    page.back(model.back);
    return heard<ReadingIntent>(page.draw(model.first));
}

} // namespace screens
