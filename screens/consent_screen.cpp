#include "screens/consent_screen.hpp"

#include "screens/illustrations.hpp"
#include "screens/page.hpp"

#include <algorithm>
#include <cmath>

namespace screens {
namespace {

constexpr float statement_gap_mm = 3.5f;
constexpr float statement_air_mm = 4; // where there is room
constexpr float way_gap_mm = 6;

TextStyle statement_style(const ConsentStatement& statement) {
    auto style = tight(label());
    style.bold = statement.strong;
    return style;
}

void add_statement(Page& page, Canvas& canvas, const ConsentStatement& statement) {
    const float icon = canvas.mm(10);
    const float gap = canvas.mm(5);
    const auto style = statement_style(statement);
    Block block;
    block.zone = Zone::lead;
    block.item = true;
    block.gap_mm = statement_gap_mm;
    block.least = std::max(
        icon, canvas.measure(statement.text, style, page.width(Zone::lead) - icon - gap).height);
    block.most = block.least + canvas.mm(statement_air_mm);
    const float height = block.least;
    block.draw = [&canvas, &statement, style, icon, gap, height](const Rect& area) {
        Rect row = area;
        row.take_top((area.h - height) / 2);
        const Rect mark = row.take_start(icon, gap);
        const float line = canvas.line_height(style);
        const float top = std::max(0.0f, (line - icon) / 2);
        canvas.icon(statement.icon, {mark.x, mark.y + top, icon, icon}, Role::success);
        canvas.text(row, statement.text, style, "consent/statement");
        canvas.read("consent/statement", statement.text);
    };
    page.add(std::move(block));
}

ButtonLook way_look(const ConsentWay& way) {
    ButtonLook look;
    look.label = way.label;
    look.detail = way.detail;
    look.icon = way.icon;
    look.icon_mm = 18;
    look.shape = ButtonLook::Shape::column;
    look.large = true;
    look.least_height_mm = 44;
    return look;
}

// Both ways have the size of the larger one, whatever their words (refusal 2 of the design). Side
// by side where the words fit, else one under the other: still of one size.
struct Ways {
    bool beside = true;
    float height = 0; // of one
};

Ways measure_ways(Canvas& canvas, const ConsentModel& model, float width) {
    Ways ways;
    const auto agree = way_look(model.agree), decline = way_look(model.decline);
    const float half = (width - canvas.mm(way_gap_mm)) / 2;
    ways.beside = button_fits(canvas, agree, half) && button_fits(canvas, decline, half);
    const float each = ways.beside ? half : width;
    ways.height =
        std::max(button_height(canvas, agree, each), button_height(canvas, decline, each));
    return ways;
}

void add_ways(Page& page, Canvas& canvas, const ConsentModel& model,
              std::optional<ConsentIntent>& intent) {
    const auto ways = measure_ways(canvas, model, page.width(Zone::body));
    const float gap = canvas.mm(way_gap_mm);
    Block block;
    block.gap_mm = space::s;
    block.least = ways.beside ? ways.height : 2 * ways.height + gap;
    block.most = block.least + (ways.beside ? canvas.mm(20) : 0);
    block.draw = [&canvas, &model, &intent, ways, gap](const Rect& area) {
        // Cut from both ends, so that neither gets the pixel that is left over.
        const float across = ways.beside ? std::floor((area.w - gap) / 2) : area.w;
        const float down = ways.beside ? area.h : std::floor((area.h - gap) / 2);
        const Rect agree{area.x, area.y, across, down};
        const Rect decline{area.right() - across, area.bottom() - down, across, down};
        if (draw_button(canvas, "consent/agree", agree, way_look(model.agree))) {
            intent = ConsentAnswer::agree;
        }
        if (draw_button(canvas, "consent/decline", decline, way_look(model.decline))) {
            intent = ConsentAnswer::decline;
        }
    };
    page.add(std::move(block));
}

} // namespace

std::optional<ConsentIntent> draw(const ConsentModel& model, Canvas& canvas) {
    std::optional<ConsentIntent> intent;
    canvas.tell_whole();
    canvas.say("title/first", model.said_first, false, {}, Said::Sound::success);
    Page page(canvas, model.frame, model.title, model.sub);
    // On neither of the two answers (design README §1.8); where nothing is read aloud, on Back.
    canvas.start_focus(model.frame.listen.empty() ? "actions/back" : "title/listen");
    if (model.picture == ConsentModel::Picture::two_photos) {
        Block picture;
        picture.zone = Zone::lead;
        picture.dispensable = true;
        picture.least = canvas.mm(page.is_landscape() ? 45 : 62);
        picture.most = canvas.mm(82);
        picture.draw = [&canvas](const Rect& area) { draw_two_photos(canvas, area); };
        page.add(std::move(picture));
    }
    for (const auto& statement : model.statements) add_statement(page, canvas, statement);
    page.add_spacer();
    page.add_text(Zone::body, model.choose, tight(bold(heading())), "consent/choose");
    add_ways(page, canvas, model, intent);
    page.back(model.back);
    return heard<ConsentIntent>(page.draw(model.first), intent);
}

} // namespace screens
