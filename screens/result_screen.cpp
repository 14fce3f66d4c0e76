#include "screens/result_screen.hpp"

#include "screens/illustrations.hpp"
#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float card_side_mm = 8;
constexpr float card_end_mm = 5;
constexpr float next_top_mm = 4;
constexpr float least_code_mm = 60; // a telephone reads it at arm's length

TextStack number_words(Canvas& canvas, const ResultModel& model, float width) {
    return request_number_words(canvas, {model.number_label, model.number, model.time, true, true},
                                width);
}

void add_number(Page& page, Canvas& canvas, const ResultModel& model) {
    Block block;
    block.zone = Zone::lead;
    block.card = 1;
    block.least_at = [&canvas, &model](float room) {
        const float inner = room - 2 * canvas.mm(card_side_mm);
        return stack_height(canvas, number_words(canvas, model, inner), inner) +
               2 * canvas.mm(card_end_mm);
    };
    block.least = block.least_at(page.width(Zone::lead));
    block.draw = [&canvas, &model](const Rect& area) {
        const Rect inner = area.inset(canvas.mm(card_side_mm), 0);
        draw_stack(canvas, inner, number_words(canvas, model, inner.w), "result/number");
    };
    page.add(std::move(block));
}

void add_qr(Page& page, Canvas& canvas, const ResultModel& model) {
    if (model.qr.size == 0) return;
    const TextStack words{{model.qr_label, centred(tight(body(Role::muted)))}};
    const float under = stack_height(canvas, words, page.width(Zone::show)) + canvas.mm(space::s);
    Block block;
    block.zone = Zone::show;
    block.item = true;
    block.least = canvas.mm(least_code_mm) + under;
    block.most = canvas.mm(110) + under;
    block.draw = [&canvas, &model, words, under](const Rect& area) {
        Rect square = area;
        draw_stack(canvas, square.take_bottom(under - canvas.mm(space::s), canvas.mm(space::s)),
                   words, "result/qr_label");
        const std::vector<std::uint8_t> modules(model.qr.dark.begin(), model.qr.dark.end());
        const float side = std::min(square.w, square.h);
        canvas.qr(square.centered(side, side), modules, model.qr.size);
    };
    page.add(std::move(block));
}

TextStack next_head(const ResultModel& model) {
    return {{model.next_title, tight(bold(heading()))}};
}

// Steps with an explanation have names; without, each is a sentence.
PlateWords next_words(const ResultModel& model) {
    const bool are_names = std::any_of(model.next.begin(), model.next.end(),
                                       [](const auto& step) { return !step.detail.empty(); });
    return are_names ? PlateWords::name : PlateWords::sentence;
}

Block next_title(Page& page, Canvas& canvas, const ResultModel& model) {
    Block title;
    title.least = stack_height(canvas, next_head(model),
                               page.width(Zone::show) - 2 * canvas.mm(card_side_mm)) +
                  canvas.mm(next_top_mm + 2);
    title.draw = [&canvas, &model](const Rect& area) {
        Rect words = area.inset(canvas.mm(card_side_mm), 0);
        words.take_top(canvas.mm(next_top_mm));
        draw_stack(canvas, words, next_head(model), "result/next");
    };
    return title;
}

Block next_step(Page& page, Canvas& canvas, const ResultModel& model, const NextStep& step) {
    const auto words = next_words(model);
    Block row;
    row.least = plate_row_height(canvas, step.title, step.detail, page.width(Zone::show), words);
    row.most = row.least + canvas.mm(2);
    row.draw = [&canvas, &step, words](const Rect& area) {
        draw_plate_row(canvas, area, step.icon, step.title, step.detail, "result/next", words);
    };
    return row;
}

// Where the number must be noted, nothing stands beside it unless there is room for all of it.
void add_next_at_once(Page& page, std::vector<Block> blocks) {
    Block all;
    all.zone = Zone::show;
    all.card = 2;
    all.dispensable = true;
    for (const auto& block : blocks) all.least += block.least;
    all.draw = [blocks = std::move(blocks)](const Rect& area) {
        Rect rest = area;
        for (const auto& block : blocks) block.draw(rest.take_top(block.least));
    };
    page.add(std::move(all));
}

void add_next(Page& page, Canvas& canvas, const ResultModel& model) {
    if (model.next.empty()) return;
    std::vector<Block> blocks{next_title(page, canvas, model)};
    for (const auto& step : model.next) blocks.push_back(next_step(page, canvas, model, step));
    if (model.qr.size > 0) return add_next_at_once(page, std::move(blocks));
    blocks.front().heads = true;
    for (auto& block : blocks) {
        block.zone = Zone::show;
        block.card = 2;
        block.item = block.plain = true;
        page.add(std::move(block));
    }
}

void add_receipt(Page& page, Canvas& canvas, const ResultModel& model) {
    if (model.receipt.empty()) return;
    Block picture;
    picture.zone = Zone::show;
    picture.dispensable = true;
    picture.least = canvas.mm(40);
    picture.most = canvas.mm(62);
    picture.draw = [&canvas](const Rect& area) { draw_take_receipt(canvas, area); };
    page.add(std::move(picture));
    page.add_text(Zone::show, model.receipt, centred(tight(bold(heading()))), "result/receipt",
                  space::s, Page::InList::yes);
}

void add_actions(Page& page, const ResultModel& model) {
    if (!model.another.empty()) {
        ButtonLook another;
        another.label = model.another;
        another.icon = "plus";
        page.action("another", another);
    }
    ButtonLook done;
    done.label = model.done;
    done.icon = "ok";
    done.kind = ButtonLook::Kind::primary;
    page.action("done", done);
}

} // namespace

std::optional<ResultIntent> draw(const ResultModel& model, Canvas& canvas) {
    std::optional<ResultIntent> intent;
    canvas.tell_whole();
    Page page(canvas, model.frame, model.title, model.sub);
    canvas.start_focus("actions/done");
    const bool accepted = model.kind == ResultModel::Kind::accepted;
    page.badge(accepted ? "ok" : "lock", accepted ? Role::success : Role::primary,
               accepted ? Role::surface : Role::primary_text);
    page.make_room_in_lead();
    // The number is always in sight; what stands around it may be read in parts.
    const Zone notes = page.is_landscape() ? Zone::show : Zone::lead;
    if (model.paper) page.add_note(notes, *model.paper, "result/paper", Page::InList::yes);
    add_number(page, canvas, model);
    add_qr(page, canvas, model);
    add_next(page, canvas, model);
    add_receipt(page, canvas, model);
    if (model.card) page.add_note(Zone::show, *model.card, "result/card", Page::InList::yes);
    page.add_spacer(page.is_low() ? Zone::body : Zone::show);
    page.add_text(Zone::show, model.foot, tight(body(Role::muted)), "result/foot", space::m,
                  Page::InList::yes);
    if (!model.staff.empty()) {
        ButtonLook staff;
        staff.label = model.staff;
        staff.icon = "help";
        page.add_buttons({{"result/staff", staff, [&intent] { intent = ResultPress::staff; }}},
                         Page::InList::yes);
    }
    add_actions(page, model);
    const auto answer = page.draw(model.first);
    if (answer.action == "done") intent = ResultPress::done;
    if (answer.action == "another") intent = ResultPress::another;
    return heard<ResultIntent>(answer, intent);
}

} // namespace screens
