#include "screens/card_screen.hpp"

#include "screens/illustrations.hpp"
#include "screens/page.hpp"

namespace screens {
namespace {

void add_status(Page& page, Canvas& canvas, const CardModel& model) {
    if (model.state == CardModel::State::problem) {
        page.add_note(Zone::show, model.problem, "card/problem");
        return;
    }
    const auto style = tight(bold(heading()));
    const float icon = canvas.mm(11);
    const float gap = canvas.mm(5);
    Block block;
    block.zone = Zone::show;
    block.least = std::max(
        icon, canvas.measure(model.status, style, page.width(Zone::show) - icon - gap).height);
    const bool reading = model.state == CardModel::State::reading;
    block.draw = [&canvas, &model, style, icon, gap, reading](const Rect& area) {
        Rect row = area;
        const Rect mark = row.take_start(icon, gap);
        canvas.icon(reading ? "card" : "clock", mark.centered(icon, icon), Role::text);
        draw_stack(canvas, row, {{model.status, style}}, "card/status");
        canvas.say("card/status", model.status);
    };
    page.add(std::move(block));
}

} // namespace

std::optional<CardIntent> draw(const CardModel& model, Canvas& canvas) {
    std::optional<CardIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    canvas.start_focus("actions/other_way");
    Block picture;
    picture.zone = Zone::show;
    picture.dispensable = true;
    picture.least = canvas.mm(70);
    picture.most = canvas.mm(150);
    picture.draw = [&canvas](const Rect& area) { draw_lay_card(canvas, area, CardMove::lay_down); };
    page.add(std::move(picture));
    add_status(page, canvas, model);

    if (!model.reads.empty()) {
        const TextStack stack{{model.reads_title, tight(bold(heading()))},
                              {model.reads, label(), 2}};
        const float side = canvas.mm(8), end = canvas.mm(4);
        Block card;
        card.zone = Zone::show;
        card.card = 1;
        // What is wrong comes first; what is read was said while the kiosk was waiting.
        card.dispensable = model.state == CardModel::State::problem;
        card.least = stack_height(canvas, stack, page.width(card.zone) - 2 * side) + 2 * end;
        card.draw = [&canvas, stack, side, end](const Rect& area) {
            draw_stack(canvas, area.inset(side, end), stack, "card/reads");
        };
        page.add(std::move(card));
    }
    page.add_spacer(page.is_low() ? Zone::body : Zone::show);

    page.back(model.back);
    if (!model.other_way.empty()) {
        ButtonLook look;
        look.label = model.other_way;
        look.detail = model.other_way_detail;
        look.icon = "help";
        page.action("other_way", look);
    }
    const auto answer = page.draw(0);
    if (answer.action == "other_way") intent = CardPress::other_way;
    return heard<CardIntent>(answer, intent);
}

} // namespace screens
