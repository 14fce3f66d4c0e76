#include "screens/staff_check_screen.hpp"

#include "screens/boards.hpp"
#include "screens/fields.hpp"
#include "screens/illustrations.hpp"
#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

// On a landscape panel the pad needs the height of its column.
Zone zone_of_words(const Page& page, const StaffCheckModel& model) {
    return page.is_landscape() && model.pin ? Zone::lead : Zone::show;
}

void add_hint(Page& page, Canvas& canvas, const StaffCheckModel& model) {
    if (model.hint.empty()) return;
    const auto style = page.is_landscape() ? tight(label()) : centred(tight(label()));
    Block block;
    block.zone = zone_of_words(page, model);
    block.gap_mm = space::s;
    block.dispensable = true;
    block.least = stack_height(canvas, {{model.hint, style}}, page.width(block.zone));
    block.draw = [&canvas, &model, style](const Rect& area) {
        draw_stack(canvas, area, {{model.hint, style}}, "staff_check/hint");
    };
    page.add(std::move(block));
}

void add_rows(Page& page, Canvas& canvas, const StaffCheckModel& model) {
    for (const auto& row : model.rows) {
        Block block;
        block.zone = zone_of_words(page, model);
        block.card = 1;
        // Beside a pad rows give way to words that do not; whose card it is stands in the header.
        block.dispensable = model.pin.has_value();
        block.goes_last = row.is_missing;
        block.least = plate_row_height(canvas, row.name, row.state, page.width(block.zone));
        block.draw = [&canvas, &row](const Rect& area) {
            draw_plate_row(canvas, area, row.icon, row.name, row.state, "staff_check/row");
        };
        page.add(std::move(block));
    }
}

void add_picture(Page& page, Canvas& canvas, const StaffCheckModel& model) {
    if (model.picture == StaffCheckModel::Picture::none) return;
    const bool lays = model.picture == StaffCheckModel::Picture::lay_card;
    Block picture;
    picture.zone = Zone::show;
    picture.dispensable = true;
    picture.least = canvas.mm(lays ? 60 : 24);
    picture.most = canvas.mm(lays ? 120 : 40);
    picture.draw = [&canvas, lays](const Rect& area) {
        if (lays) return draw_lay_card(canvas, area, CardMove::lay_down);
        canvas.icon("person", area, Role::accent_text);
    };
    page.add(std::move(picture));
}

void add_pin(Page& page, Canvas& canvas, const StaffCheckModel& model,
             std::optional<StaffCheckIntent>& intent) {
    Block field;
    field.zone = Zone::show;
    field.least = canvas.mm(24);
    field.most = canvas.mm(34);
    field.draw = [&canvas, &model](const Rect& area) { draw_pin_field(canvas, area, *model.pin); };
    page.add(std::move(field));
    if (!page.is_landscape()) add_hint(page, canvas, model);
    const auto size = pad_size(canvas);
    Block pad;
    pad.least = size.least;
    pad.most = size.most;
    pad.draw = [&canvas, &model, &intent](const Rect& area) {
        const auto key = draw_pad(canvas, area, QuestionDigitsModel::CornerKey::clear, model.clear);
        if (!key) return;
        if (const auto* typed = std::get_if<Typed>(&*key)) intent = *typed;
        if (const auto* edit = std::get_if<EditKey>(&*key)) intent = *edit;
    };
    page.add(std::move(pad));
}

} // namespace

std::optional<StaffCheckIntent> draw(const StaffCheckModel& model, Canvas& canvas) {
    std::optional<StaffCheckIntent> intent;
    Page page(canvas, model.frame, model.title, model.sub);
    if (model.pin) page.make_room_in_lead();
    if (page.is_landscape()) add_hint(page, canvas, model);
    add_picture(page, canvas, model);
    add_rows(page, canvas, model);
    if (model.note) page.add_note(zone_of_words(page, model), *model.note, "staff_check/note");
    if (model.pin) {
        add_pin(page, canvas, model, intent);
    } else {
        page.add_spacer();
    }
    if (!model.other.empty()) {
        ButtonLook look;
        look.label = model.other;
        look.icon = model.other_icon;
        page.add_button("staff_check/other", look, [&intent] { intent = StaffCheckPress::other; });
    }
    page.actions(model.actions);
    return heard<StaffCheckIntent>(page.draw(0), intent);
}

} // namespace screens
