#include "screens/out_of_service_screen.hpp"

#include "screens/illustrations.hpp"
#include "screens/widgets.hpp"

#include <algorithm>

namespace screens {
namespace {

// Where the room is short, what was received before gives way first, then how to get to the other
// kiosk; its name stays.
enum class Told { all, other, name };

TextStack words(const OutOfServiceModel& model, std::size_t i, bool first, Told told) {
    const auto in = [i](TextStyle style) {
        return in_language(centred(tight(style)), base::all_languages[i]);
    };
    const std::string_view other = told == Told::name ? model.other_short[i] : model.other[i];
    const std::string_view kept = told == Told::all ? std::string_view(model.kept[i]) : "";
    return {{model.title[i], in(bold(first ? title() : heading()))},
            {model.text[i], in(label()), 2},
            {other, in(body()), 2},
            {kept, in(body(Role::muted)), 2}};
}

// On a landscape panel the highest of the three columns, else all of them.
float needed_height(Canvas& canvas, const OutOfServiceModel& model, float width, Told told) {
    const bool landscape = canvas.panel().is_landscape();
    const float column = landscape ? (width - 2 * canvas.mm(space::l)) / 3 : width;
    float needed = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const float height =
            stack_height(canvas, words(model, i, !landscape && i == 0, told), column);
        needed = landscape ? std::max(needed, height) : needed + height;
    }
    return landscape ? needed : needed + 2 * canvas.mm(4);
}

// The three languages under each other, or side by side on a landscape panel.
void draw_languages(Canvas& canvas, const OutOfServiceModel& model, const Rect& area, Told told) {
    if (canvas.panel().is_landscape()) {
        const auto columns = area.columns(3, canvas.mm(space::l));
        for (std::size_t i = 0; i < 3; ++i) {
            draw_stack(canvas, columns[i], words(model, i, false, told), "out_of_service/text");
        }
        return;
    }
    float used = 0;
    for (std::size_t i = 0; i < 3; ++i)
        used += stack_height(canvas, words(model, i, i == 0, told), area.w);
    const float gap = std::clamp((area.h - used) / 3, canvas.mm(4), canvas.mm(20));
    float y = area.y + std::max(0.0f, (area.h - used - 2 * gap) / 2);
    for (std::size_t i = 0; i < 3; ++i) {
        if (i > 0) {
            canvas.fill({area.x, y + gap / 2, area.w, canvas.mm(0.75f)}, Role::hairline);
            y += gap;
        }
        const auto stack = words(model, i, i == 0, told);
        const float height = stack_height(canvas, stack, area.w);
        draw_stack(canvas, {area.x, y, area.w, std::min(height, area.bottom() - y)}, stack,
                   "out_of_service/text");
        y += height;
    }
}

} // namespace

std::optional<OutOfServiceIntent> draw(const OutOfServiceModel& model, Canvas& canvas) {
    std::optional<OutOfServiceIntent> intent;
    const bool landscape = canvas.panel().is_landscape();
    const float margin = canvas.mm(space::margin);
    const float band = canvas.mm(landscape ? 15 : 30);
    draw_lattice(canvas, {0, 0, canvas.width(), band});
    Rect page{margin, band + canvas.mm(4), canvas.width() - 2 * margin, 0};
    page.h = canvas.height() - rail_height(canvas, model.frame) - page.y;

    ButtonLook staff;
    staff.label = model.staff;
    staff.icon = "help";
    staff.kind = ButtonLook::Kind::primary;
    page.take_bottom(canvas.mm(7.5f));
    const Rect button = page.take_bottom(button_height(canvas, staff, page.w), canvas.mm(space::m));
    auto told = Told::all;
    for (const auto less : {Told::other, Told::name})
        if (needed_height(canvas, model, page.w, told) > page.h) told = less;
    const float needed = needed_height(canvas, model, page.w, told);
    // The picture gives way to words.
    const float icon = canvas.mm(landscape ? 26 : 44);
    if (page.h > needed + icon + canvas.mm(landscape ? space::m : 40)) {
        canvas.icon("counter", page.take_top(icon, canvas.mm(space::m)), Role::text);
    }
    draw_languages(canvas, model, page, told);
    if (draw_button(canvas, "out_of_service/staff", button, staff))
        intent = OutOfServicePress::staff;
    if (const auto pressed = draw_rail(canvas, model.frame)) intent = *pressed;
    return intent;
}

} // namespace screens
