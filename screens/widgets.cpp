#include "screens/widgets.hpp"

#include "screens/illustrations.hpp"

#include <algorithm>

namespace screens {
namespace {

using text::Align;
constexpr base::Language language_of_rail_line[] = {base::Language::zh, base::Language::en};

float inline_icon_mm(const Canvas& canvas) {
    return canvas.measures().icons.inline_;
}

} // namespace

// Text -----------------------------------------------------------------------------------------

void draw_waiting(Canvas& canvas, const Rect& area, std::string_view icon, std::string_view words,
                  std::string_view id) {
    const Rect at = area.centered(canvas.mm(20), canvas.mm(20)).moved(0, -canvas.mm(8));
    canvas.icon(icon, at, Role::muted);
    Rect below = area;
    below.take_top(at.bottom() + canvas.mm(3) - area.y);
    const TextStack stack{{words, centred(tight(label(Role::muted)))}};
    below.h = std::min(below.h, stack_height(canvas, stack, below.w));
    draw_stack(canvas, below, stack, id);
}

TextStyle body(Role colour) {
    TextStyle style;
    style.colour = colour;
    return style;
}

TextStyle label(Role colour) {
    auto style = body(colour);
    style.type = TypeRole::label;
    return style;
}

TextStyle heading(Role colour) {
    auto style = body(colour);
    style.type = TypeRole::heading;
    return style;
}

TextStyle title(Role colour) {
    auto style = body(colour);
    style.type = TypeRole::title;
    return style;
}

TextStyle bold(TextStyle style) {
    style.bold = true;
    return style;
}

TextStyle tight(TextStyle style) {
    style.tight = true;
    return style;
}

TextStyle centred(TextStyle style) {
    style.align = Align::center;
    return style;
}

TextStyle left_to_right(TextStyle style) {
    style.left_to_right = true;
    return style;
}

TextStyle in_language(TextStyle style, base::Language language) {
    style.language = language;
    return style;
}

float stack_height(Canvas& canvas, const TextStack& stack, float width) {
    float height = 0;
    for (const auto& line : stack) {
        if (line.text.empty()) continue;
        if (height > 0) height += canvas.mm(line.gap_mm);
        height += canvas.measure(line.text, line.style, width).height;
    }
    return height;
}

float stack_width(Canvas& canvas, const TextStack& stack) {
    float width = 0;
    for (const auto& line : stack)
        width = std::max(width, canvas.measure(line.text, line.style).width);
    return width;
}

bool stack_fits(Canvas& canvas, const TextStack& stack, float width) {
    return std::none_of(stack.begin(), stack.end(), [&](const TextLine& line) {
        return canvas.measure(line.text, line.style, width).overflow;
    });
}

void draw_stack(Canvas& canvas, const Rect& area, const TextStack& stack, std::string_view id) {
    const float height = stack_height(canvas, stack, area.w);
    float y = area.y + std::max(0.0f, (area.h - height) / 2);
    const float first = y;
    for (const auto& line : stack) {
        if (line.text.empty()) continue;
        if (y > first) y += canvas.mm(line.gap_mm);
        const float own = canvas.measure(line.text, line.style, area.w).height;
        // A stack higher than its place reports itself through the line that leaves it.
        const float room = std::min(own, area.bottom() + 1 - y);
        canvas.text({area.x, y, area.w, room}, line.text, line.style, id);
        if (!canvas.spoken_of(id, line.text, line.is_private, line.style.language))
            canvas.read(id, line.text, line.is_private, line.style.language);
        y += own;
    }
}

// Buttons --------------------------------------------------------------------------------------

namespace {

constexpr float button_side_mm = 6;
constexpr float button_end_mm = 3.5f;
constexpr float icon_gap_mm = 5;

struct ButtonInk {
    std::optional<Role> ground;
    std::optional<Role> edge;
    std::optional<Role> lip;
    Role text = Role::text;
    float edge_mm = 0.5f;
    bool dashed = false;
};

ButtonInk ink_of(const ButtonLook& look, bool pressed) {
    switch (look.kind) {
    case ButtonLook::Kind::primary:
        if (pressed) return {Role::primary_pressed, {}, {}, Role::primary_pressed_text};
        return {Role::primary, {}, Role::primary_lip, Role::primary_text};
    case ButtonLook::Kind::secondary:
        if (pressed)
            return {Role::secondary_pressed,
                    Role::secondary_edge,
                    {},
                    Role::secondary_pressed_text,
                    0.75f};
        return {Role::secondary, Role::secondary_edge, Role::lip, Role::secondary_text, 0.75f};
    case ButtonLook::Kind::quiet:
        if (pressed) return {Role::quiet_pressed, Role::edge, {}, Role::quiet_pressed_text};
        return {look.quiet_ground, Role::edge, {}, Role::quiet_text};
    case ButtonLook::Kind::not_yet:
        return {Role::disabled, Role::edge, {}, Role::disabled_text, 0.5f, true};
    }
    CHECK(false);
}

TextStack button_text(const ButtonLook& look, Role colour) {
    auto name = centred(tight(bold(look.large ? heading(colour) : label(colour))));
    auto detail = centred(tight(body(colour)));
    return {{look.label, name}, {look.detail, detail, 1.5f}};
}

float icons_width(Canvas& canvas, const ButtonLook& look) {
    if (look.shape == ButtonLook::Shape::column) return 0;
    const float one = canvas.mm(look.icon_mm) + canvas.mm(icon_gap_mm);
    return (look.icon.empty() ? 0 : one) + (look.icon_end.empty() ? 0 : one);
}

} // namespace

float button_height(Canvas& canvas, const ButtonLook& look, float width) {
    const float room = width - 2 * canvas.mm(button_side_mm) - icons_width(canvas, look);
    float height = stack_height(canvas, button_text(look, Role::text), room);
    if (look.shape == ButtonLook::Shape::column && !look.icon.empty()) {
        height += canvas.mm(look.icon_mm) + canvas.mm(3);
    }
    return std::max(canvas.mm(look.least_height_mm), height + 2 * canvas.mm(button_end_mm));
}

float button_width(Canvas& canvas, const ButtonLook& look) {
    return stack_width(canvas, button_text(look, Role::text)) + icons_width(canvas, look) +
           2 * canvas.mm(button_side_mm) + 2;
}

bool button_fits(Canvas& canvas, const ButtonLook& look, float width) {
    const float room = width - 2 * canvas.mm(button_side_mm) - icons_width(canvas, look);
    return stack_fits(canvas, button_text(look, Role::text), room);
}

bool draw_button(Canvas& canvas, std::string_view id, const Rect& area, const ButtonLook& look) {
    const bool waits = look.kind == ButtonLook::Kind::not_yet;
    const bool fired = canvas.press(id, area, ItemKind::button, look.label, {false, false, waits});
    const bool pressed = canvas.is_pressed(id);
    const auto ink = ink_of(look, pressed);
    const float radius = canvas.measures().radius.button;
    const float lip = canvas.mm(canvas.measures().raised_lip);
    Rect shape = area;
    if (pressed && !waits && look.kind != ButtonLook::Kind::quiet) shape = shape.moved(0, lip);
    if (ink.lip) canvas.box(shape.moved(0, lip), {radius, *ink.lip});
    canvas.box(shape, {radius, ink.ground, ink.edge, ink.edge_mm, ink.dashed});

    Rect inner = shape.inset(canvas.mm(button_side_mm), 0);
    const float icon = canvas.mm(look.icon_mm);
    if (look.shape == ButtonLook::Shape::column) {
        const auto stack = button_text(look, ink.text);
        const float words = stack_height(canvas, stack, inner.w);
        const float gap = canvas.mm(3);
        float y = inner.y + (inner.h - words - (look.icon.empty() ? 0 : icon + gap)) / 2;
        if (!look.icon.empty()) {
            canvas.icon(look.icon, {inner.x, y, inner.w, icon}, ink.text);
            y += icon + gap;
        }
        draw_stack(canvas, {inner.x, y, inner.w, words}, stack, id);
        return fired;
    }
    // Icon, words and icon stand together in the middle, as one group.
    const auto stack = button_text(look, ink.text);
    const float gap = canvas.mm(icon_gap_mm);
    const float icons = icons_width(canvas, look);
    const float words = std::min(stack_width(canvas, stack) + 2, inner.w - icons);
    Rect group = inner.centered(words + icons, inner.h);
    if (!look.icon.empty()) canvas.icon(look.icon, group.take_start(icon, gap), ink.text);
    if (!look.icon_end.empty()) canvas.icon(look.icon_end, group.take_end(icon, gap), ink.text);
    draw_stack(canvas, group, stack, id);
    return fired;
}

Pressable draw_pressable(Canvas& canvas, std::string_view id, std::string_view name,
                         const Rect& area, const SurfaceLook& look) {
    Pressable result;
    result.fired = canvas.press(id, area, look.kind, name, {look.chosen, !look.available, false},
                                look.radius_mm);
    result.pressed_now = look.available && canvas.is_pressed(id);
    const float lip = canvas.mm(canvas.measures().raised_lip);
    result.inner = result.pressed_now && look.lip ? area.moved(0, lip) : area;
    if (!look.available) {
        canvas.box(result.inner, {look.radius_mm, Role::disabled, Role::edge, 0.5f, true});
        result.text = result.muted = Role::disabled_text;
    } else if (result.pressed_now) {
        canvas.box(result.inner,
                   {look.radius_mm, Role::secondary_pressed, Role::secondary_edge, 0.5f});
        result.text = result.muted = Role::secondary_pressed_text;
    } else if (look.chosen) {
        canvas.box(area, {look.radius_mm, Role::selected, Role::selected_edge, 1.25f});
        result.text = result.muted = Role::selected_text;
    } else {
        if (look.lip) canvas.box(area.moved(0, lip), {look.radius_mm, Role::lip});
        canvas.box(area, {look.radius_mm, Role::surface, Role::edge, 0.5f});
    }
    return result;
}

// Plates, cards, notes --------------------------------------------------------------------------

namespace {

// The light theme needs no edge around tinted plates; the contrast themes have no tints.
bool is_contrast(const Canvas& canvas) {
    return canvas.settings().theme != ThemeName::light;
}

} // namespace

void draw_card(Canvas& canvas, const Rect& area, std::optional<Role> edge) {
    const Role usual = is_contrast(canvas) ? Role::edge : Role::hairline;
    canvas.box(area, {canvas.measures().radius.card, Role::surface, edge.value_or(usual),
                      edge ? 0.75f : 0.5f});
}

void draw_plate(Canvas& canvas, const Rect& area, std::string_view icon, Role ground, Role ink,
                float icon_mm) {
    Canvas::Box box{canvas.measures().radius.icon_plate, ground};
    if (is_contrast(canvas)) box.edge = Role::edge;
    canvas.box(area, box);
    canvas.icon(icon, area.centered(canvas.mm(icon_mm), canvas.mm(icon_mm)), ink);
}

void draw_badge(Canvas& canvas, const Rect& area, std::string_view icon, Role ground, Role ink,
                float icon_mm) {
    canvas.circle(area.center(), std::min(area.w, area.h) / 2, ground);
    canvas.icon(icon, area.centered(canvas.mm(icon_mm), canvas.mm(icon_mm)), ink);
}

namespace {

struct NoteInk {
    Role ground, text, icon;
    std::string_view icon_name;
};

Said::Sound sound_of(NoteModel::Kind kind) {
    switch (kind) {
    case NoteModel::Kind::info:
    case NoteModel::Kind::warning: return Said::Sound::none;
    case NoteModel::Kind::success: return Said::Sound::success;
    case NoteModel::Kind::error: return Said::Sound::error;
    }
    CHECK(false);
}

NoteInk ink_of(NoteModel::Kind kind) {
    switch (kind) {
    case NoteModel::Kind::info: return {Role::sunken, Role::text, Role::text, "shield"};
    case NoteModel::Kind::success:
        return {Role::success_tint, Role::success_text, Role::success, "ok"};
    case NoteModel::Kind::warning:
        return {Role::warning_tint, Role::warning_text, Role::warning, "warning"};
    case NoteModel::Kind::error:
        return {Role::error_tint, Role::error_text, Role::error, "warning"};
    }
    CHECK(false);
}

constexpr float note_side_mm = 6.5f;
constexpr float note_end_mm = 5;
constexpr float note_icon_mm = 11;
constexpr float note_gap_mm = 5.5f;

TextStack note_text(const NoteModel& note, Role colour) {
    return {{note.title, tight(bold(heading(colour)))}, {note.text, tight(label(colour)), 1}};
}

float note_room(Canvas& canvas, float width) {
    return width - 2 * canvas.mm(note_side_mm) - canvas.mm(note_icon_mm) - canvas.mm(note_gap_mm);
}

} // namespace

float note_height(Canvas& canvas, const NoteModel& note, float width) {
    const float words = stack_height(canvas, note_text(note, Role::text), note_room(canvas, width));
    return std::max(words, canvas.mm(note_icon_mm)) + 2 * canvas.mm(note_end_mm);
}

void draw_note(Canvas& canvas, const Rect& area, const NoteModel& note, std::string_view id) {
    const auto ink = ink_of(note.kind);
    const auto sound = sound_of(note.kind);
    const bool has_title = !note.title.empty();
    canvas.say(id, note.title, note.is_private, {}, sound);
    canvas.say(id, note.text, note.is_private, {}, has_title ? Said::Sound::none : sound);
    Canvas::Box box{canvas.measures().radius.button, ink.ground};
    if (is_contrast(canvas)) {
        box.edge = Role::edge;
        box.edge_mm = 0.75f;
    }
    canvas.box(area, box);
    Rect inner = area.inset(canvas.mm(note_side_mm), canvas.mm(note_end_mm));
    const Rect icon = inner.take_start(canvas.mm(note_icon_mm), canvas.mm(note_gap_mm));
    const auto stack = note_text(note, ink.text);
    // The icon stands beside the first line.
    const float height = stack_height(canvas, stack, inner.w);
    const float top = inner.y + std::max(0.0f, (inner.h - height) / 2);
    const auto& first = note.title.empty() ? stack[1] : stack[0];
    const float line = canvas.line_height(first.style);
    const float icon_top = std::max(inner.y, top + (line - canvas.mm(note_icon_mm)) / 2);
    canvas.icon(note.icon.empty() ? ink.icon_name : std::string_view(note.icon),
                {icon.x, icon_top, icon.w, canvas.mm(note_icon_mm)}, ink.icon);
    draw_stack(canvas, inner, stack, id);
}

float foot_height(Canvas& canvas, std::string_view text, float width) {
    const float icon = canvas.mm(inline_icon_mm(canvas));
    const float room = width - icon - canvas.mm(space::s);
    return std::max(icon, canvas.measure(text, tight(body(Role::muted)), room).height);
}

void draw_foot(Canvas& canvas, const Rect& area, std::string_view icon, std::string_view text) {
    Rect rest = area;
    const float side = canvas.mm(inline_icon_mm(canvas));
    const Rect column = rest.take_start(side, canvas.mm(space::s));
    const auto style = tight(body(Role::muted));
    const float line = canvas.line_height(style);
    const float lines = canvas.measure(text, style, rest.w).height;
    const float top = rest.y + (rest.h - lines) / 2;
    canvas.icon(icon, {column.x, std::max(rest.y, top + (line - side) / 2), side, side},
                Role::muted);
    draw_stack(canvas, rest, {{text, style}}, "foot");
}

// Rows -----------------------------------------------------------------------------------------

namespace {

constexpr float plate_mm = 20;
constexpr float row_side_mm = 7;
constexpr float row_end_mm = 2.5f;

TextStack plate_row_text(std::string_view name, std::string_view detail, PlateWords words) {
    const auto style = tight(label());
    return {{name, words == PlateWords::name ? bold(style) : style},
            {detail, tight(body(Role::muted)), 0.5f}};
}

} // namespace

float plate_row_height(Canvas& canvas, std::string_view name, std::string_view detail, float width,
                       PlateWords style) {
    const float room =
        width - canvas.mm(plate_mm) - 2 * canvas.mm(row_side_mm) - canvas.mm(space::m);
    const float words = stack_height(canvas, plate_row_text(name, detail, style), room);
    return std::max(words, canvas.mm(plate_mm)) + 2 * canvas.mm(row_end_mm);
}

void draw_plate_row(Canvas& canvas, const Rect& area, std::string_view icon, std::string_view name,
                    std::string_view detail, std::string_view id, PlateWords style) {
    Rect inner = area.inset(canvas.mm(row_side_mm), canvas.mm(row_end_mm));
    const float side = canvas.mm(plate_mm);
    const Rect column = inner.take_start(side, canvas.mm(space::m));
    draw_plate(canvas, column.centered(side, side), icon, Role::sunken, Role::text, 11);
    draw_stack(canvas, inner, plate_row_text(name, detail, style), id);
}

namespace {

constexpr float card_row_side_mm = 7.5f;

TextStack card_row_text(const CardRow& row, Role text, Role muted) {
    return {{row.title, tight(bold(heading(text))), 0, row.is_private},
            {row.text, tight(body(muted)), 1.5f, row.is_private},
            {row.reason, tight(bold(body(text))), 1.5f, row.is_private}};
}

} // namespace

float card_row_height(Canvas& canvas, const CardRow& row, float width) {
    const float room =
        width - 2 * canvas.mm(card_row_side_mm) - canvas.mm(plate_mm) - canvas.mm(7.5f);
    const float words = stack_height(canvas, card_row_text(row, Role::text, Role::muted), room);
    return std::max(words, canvas.mm(plate_mm)) + 2 * canvas.mm(5);
}

bool draw_card_row(Canvas& canvas, std::string_view id, const Rect& area, const CardRow& row) {
    const auto surface =
        draw_pressable(canvas, id, row.title, area, {ItemKind::row, 3.5f, false, row.available});
    if (row.is_private) canvas.label_is_private();
    Rect inner = surface.inner.inset(canvas.mm(card_row_side_mm), canvas.mm(2));
    const float side = canvas.mm(plate_mm);
    const Rect column = inner.take_start(side, canvas.mm(7.5f));
    if (row.available) {
        draw_plate(canvas, column.centered(side, side), row.icon, row.plate, Role::cat_ink, 13);
    } else {
        canvas.icon(row.icon, column.centered(canvas.mm(13), canvas.mm(13)), surface.text);
    }
    draw_stack(canvas, inner, card_row_text(row, surface.text, surface.muted), id);
    return surface.fired;
}

// The number is never broken over two lines; the largest size that holds it is taken.
TextStack request_number_words(Canvas& canvas, const RequestNumber& request, float width) {
    const auto placed = [&](const TextStyle& style) {
        return request.is_centred ? centred(style) : style;
    };
    auto number = left_to_right(placed(tight(bold(body()))));
    number.language = base::Language::en;
    if (!request.is_centred && canvas.is_right_to_left())
        number.align = text::Align::end; // under its label
    for (const auto type :
         {TypeRole::display, TypeRole::title, TypeRole::heading, TypeRole::body}) {
        number.type = type;
        if (canvas.measure(request.number, number).width <= width) break;
    }
    const auto quiet = placed(tight(body(Role::muted)));
    return {
        {request.label, quiet},
        {request.number, number, 1, true},
        {request.below, request.is_below_left_to_right ? left_to_right(quiet) : quiet, 1, true}};
}

namespace {

ButtonLook row_button(const ValueRow& row) {
    ButtonLook look;
    look.label = row.button;
    look.kind = ButtonLook::Kind::quiet;
    look.quiet_ground = Role::surface;
    look.least_height_mm = 21;
    return look;
}

constexpr float source_icon_mm = 7;

struct RowLayout {
    float button = 0;   // width
    float room = 0;     // for the words
    bool below = false; // the button stands under the words: a long word needs the whole width
};

TextStack value_text(const Canvas& canvas, const ValueRow& row) {
    auto value = tight(bold(label()));
    value.left_to_right = row.left_to_right;
    // Read from the left, but standing under its label.
    if (row.left_to_right && canvas.is_right_to_left()) value.align = Align::end;
    return {{row.label, tight(body(Role::muted))}, {row.value.view(), value, 0.5f, true}};
}

RowLayout row_layout(Canvas& canvas, const ValueRow& row, float width) {
    RowLayout layout;
    const float inner = width - canvas.mm(row_side_mm) - canvas.mm(5);
    layout.room = inner;
    if (row.button.empty()) return layout;
    layout.button = std::clamp(button_width(canvas, row_button(row)), canvas.mm(34), inner * 0.45f);
    layout.room = inner - layout.button - canvas.mm(5);
    layout.below = !stack_fits(canvas, value_text(canvas, row), layout.room) ||
                   !button_fits(canvas, row_button(row), layout.button);
    if (layout.below) {
        layout.room = inner;
        layout.button = std::min(button_width(canvas, row_button(row)), inner);
    }
    return layout;
}

float source_height(Canvas& canvas, const ValueRow& row, float room) {
    if (row.source.empty()) return 0;
    const float words = room - canvas.mm(source_icon_mm) - canvas.mm(2);
    return canvas.measure(row.source, tight(body(Role::muted)), words).height + canvas.mm(0.5f);
}

} // namespace

float value_row_height(Canvas& canvas, const ValueRow& row, float width) {
    const auto layout = row_layout(canvas, row, width);
    const float words = stack_height(canvas, value_text(canvas, row), layout.room) +
                        source_height(canvas, row, layout.room);
    const float button =
        row.button.empty() ? 0 : button_height(canvas, row_button(row), layout.button);
    const float height =
        layout.below ? words + button + canvas.mm(space::s) : std::max(words, button);
    return std::max(canvas.mm(29), height + 2 * canvas.mm(3.5f));
}

bool draw_value_row(Canvas& canvas, const Rect& area, const ValueRow& row, std::string_view id) {
    const auto layout = row_layout(canvas, row, area.w);
    Rect inner = area;
    inner.take_start(canvas.mm(row_side_mm));
    inner.take_end(canvas.mm(5));
    bool fired = false;
    if (!row.button.empty()) {
        const auto look = row_button(row);
        const float height = button_height(canvas, look, layout.button);
        Rect place;
        if (layout.below) {
            place = inner.take_bottom(height + canvas.mm(3.5f)).take_end(layout.button);
            place.h = height;
        } else {
            place = inner.take_end(layout.button, canvas.mm(5)).centered(layout.button, height);
        }
        fired = draw_button(canvas, id, place, look);
        canvas.details_first();
    }
    const auto stack = value_text(canvas, row);
    const float words = stack_height(canvas, stack, inner.w);
    const float source = source_height(canvas, row, inner.w);
    Rect text = inner.centered(inner.w, std::min(inner.h, words + source));
    draw_stack(canvas, text.take_top(words), stack, id);
    if (source > 0) {
        text.take_top(canvas.mm(0.5f));
        const Rect icon = text.take_start(canvas.mm(source_icon_mm), canvas.mm(2));
        const auto style = tight(body(Role::muted));
        const float line = canvas.line_height(style);
        canvas.icon(row.source_icon.empty() ? "ok" : std::string_view(row.source_icon),
                    {icon.x, icon.y + (line - icon.w) / 2, icon.w, icon.w}, Role::muted);
        draw_stack(canvas, text, {{row.source, style}}, id);
    }
    return fired;
}

// Header and rail --------------------------------------------------------------------------------

namespace {

TextStyle rail_style(Role colour) {
    auto style = tight(body(colour));
    style.type = TypeRole::rail;
    return style;
}

void draw_bar(Canvas& canvas, const Rect& area, const FrameModel& frame) {
    if (frame.step.empty() || frame.step_count < 1) {
        canvas.box(area.centered(area.w, canvas.mm(1)), {0.5f, Role::hairline});
        return;
    }
    const auto marks = area.columns(frame.step_count, canvas.mm(2));
    for (int i = 0; i < frame.step_count; ++i) {
        const bool done = i < frame.step_now;
        const Role role = done ? Role::progress_done : Role::progress_todo;
        canvas.box(marks[std::size_t(i)], {1.25f, done ? role : Role::background, role, 0.5f});
    }
}

// Where everything of a header stands.
struct HeaderPlan {
    Rect logo, place, end, bar;
    Rect helper_icon, helper; // one quiet line below the bar: that somebody helps, and who
    TextStyle place_style, end_style, helper_style;
    std::string_view end_text;
    float height = 0;
};

void plan_helper(Canvas& canvas, const FrameModel& frame, HeaderPlan& plan) {
    plan.height = plan.bar.bottom() + canvas.mm(1.5f);
    if (frame.helper.empty()) return;
    plan.helper_style = tight(body(Role::muted));
    const float icon = canvas.mm(inline_icon_mm(canvas));
    const float gap = canvas.mm(3.5f);
    const float words =
        canvas.measure(frame.helper, plan.helper_style, plan.bar.w - icon - gap).height;
    plan.helper = {plan.bar.x, plan.bar.bottom() + canvas.mm(2), plan.bar.w, std::max(icon, words)};
    plan.height += plan.helper.h + canvas.mm(2);
    plan.helper_icon = plan.helper.take_start(icon, gap).centered(icon, icon);
}

HeaderPlan plan_header(Canvas& canvas, const FrameModel& frame) {
    HeaderPlan plan;
    const float margin = canvas.mm(space::margin);
    Rect row{margin, canvas.mm(canvas.panel().is_landscape() ? 4.5f : 7),
             canvas.width() - 2 * margin, 0};
    plan.place_style = plan.end_style = rail_style(Role::muted);
    plan.end_style.align = Align::end;
    plan.end_style.left_to_right = frame.step.empty();
    plan.end_text = frame.step.empty() ? frame.clock : frame.step;
    const float icon = canvas.mm(inline_icon_mm(canvas));
    const float whole = row.w - icon - canvas.mm(3.5f);
    const float end_width =
        std::min(canvas.measure(plan.end_text, plan.end_style).width + 2, whole);
    const float beside = whole - end_width - canvas.mm(space::m);
    // Under each other where a word of the place would have no room beside.
    const bool stacked =
        beside <= 0 || canvas.measure(frame.place, plan.place_style, beside).overflow;
    const float end_height =
        canvas.measure(plan.end_text, plan.end_style, stacked ? whole : end_width).height;
    const float place_height =
        canvas.measure(frame.place, plan.place_style, stacked ? whole : beside).height;
    row.h = std::max(canvas.mm(14), stacked ? place_height + end_height : place_height);
    plan.bar = {row.x, row.bottom() + canvas.mm(2.5f), row.w, canvas.mm(2.5f)};

    plan.place = row;
    plan.logo = plan.place.take_start(icon, canvas.mm(3.5f)).centered(icon, icon);
    plan.end = stacked ? plan.place.take_bottom(end_height)
                       : plan.place.take_end(end_width, canvas.mm(space::m));
    plan_helper(canvas, frame, plan);
    return plan;
}

} // namespace

float header_height(Canvas& canvas, const FrameModel& frame) {
    return plan_header(canvas, frame).height;
}

float draw_header(Canvas& canvas, const FrameModel& frame) {
    canvas.speak_with(frame.spoken); // before anything that is said
    const auto plan = plan_header(canvas, frame);
    canvas.icon("temple", plan.logo, Role::muted);
    draw_stack(canvas, plan.end, {{plan.end_text, plan.end_style}}, "header/end");
    draw_stack(canvas, plan.place, {{frame.place, plan.place_style}}, "header/place");
    canvas.say("header/step", frame.step);
    canvas.say("header/helper", frame.helper);
    draw_bar(canvas, plan.bar, frame);
    if (frame.helper.empty()) return plan.height;
    canvas.icon("person", plan.helper_icon, Role::muted);
    draw_stack(canvas, plan.helper, {{frame.helper, plan.helper_style}}, "header/helper");
    return plan.height;
}

namespace {

constexpr float rail_side_mm = 4, rail_end_mm = 2, rail_gap_mm = 3;
constexpr float rail_icon_mm = 11;
constexpr float rail_icon_gap_mm = 4; // beside the words, landscape

// Where the words of an item stand beside or under its icon.
float rail_room(Canvas& canvas) {
    const float item =
        (canvas.width() - 2 * canvas.mm(rail_side_mm) - 5 * canvas.mm(rail_gap_mm)) / 6;
    if (!canvas.panel().is_landscape()) return item - 2 * canvas.mm(0.5f);
    return item - 2 * canvas.mm(2.5f) - canvas.mm(rail_icon_mm + rail_icon_gap_mm);
}

float usual_rail_height(const Canvas& canvas) {
    if (canvas.panel().is_landscape()) return canvas.mm(28);
    switch (canvas.settings().text_size) {
    case TextSize::small:
    case TextSize::standard: return canvas.mm(36);
    case TextSize::large: return canvas.mm(39);
    case TextSize::largest: return canvas.mm(41);
    }
    CHECK(false);
}

} // namespace

float rail_height(Canvas& canvas, const FrameModel& frame) {
    constexpr float smallest_icon_mm = 7;
    const auto& rail = frame.rail;
    const float room = rail_room(canvas);
    float words = 0;
    for (const auto* word :
         {&rail.leave, &rail.text_size, &rail.contrast, &rail.low_reach, &rail.staff})
        words =
            std::max(words, canvas.measure(*word, centred(rail_style(Role::text)), room).height);
    const bool landscape = canvas.panel().is_landscape();
    const float beside = landscape ? 0 : canvas.mm(smallest_icon_mm + 1) + 2 * canvas.mm(1);
    return std::max(usual_rail_height(canvas), words + beside + 2 * canvas.mm(rail_end_mm));
}

namespace {

// Icon and words of one rail item; the language item says its three names itself.
struct RailItem {
    FrameIntent intent;
    std::string_view id, icon, name;
    bool on = false;
};

void draw_language_names(Canvas& canvas, const Rect& area, const ThreeTexts& names, Role ink) {
    // The names in the order zh, en on the first line and ug on the second: three scripts, two
    // lines.
    const auto style = rail_style(ink);
    const auto zh = in_language(style, language_of_rail_line[0]);
    const auto en = in_language(style, language_of_rail_line[1]);
    const auto ug = centred(in_language(style, base::Language::ug));
    const float line = std::max(canvas.line_height(zh), canvas.line_height(en));
    const float second = canvas.line_height(ug);
    const float gap = canvas.mm(2);
    const float zh_width = canvas.measure(names[0], zh).width + 2;
    const float en_width = canvas.measure(names[2], en).width + 2;
    const Rect first = on_glass(canvas, area.centered(zh_width + gap + en_width, line + second));
    const Rect under = on_glass(canvas, area);
    const Canvas::Unmirrored unmirrored(canvas); // the same on every page
    canvas.text({first.x, first.y, zh_width, line}, names[0], zh, "rail/language");
    canvas.text({first.x + zh_width + gap, first.y, en_width, line}, names[2], en, "rail/language");
    canvas.text({under.x, first.y + line, under.w, second}, names[1], ug, "rail/language");
}

bool draw_rail_item(Canvas& canvas, const Rect& area, const RailItem& item,
                    const FrameModel& frame) {
    const bool fired =
        canvas.press(item.id, area, ItemKind::button, item.name, {item.on, false, false}, 2.5f);
    Role ink = Role::quiet_text;
    Canvas::Box box{2.5f};
    if (canvas.is_pressed(item.id)) {
        box.fill = Role::quiet_pressed;
        box.edge = Role::edge;
        ink = Role::quiet_pressed_text;
    } else if (item.on) {
        box.fill = Role::selected;
        box.edge = Role::selected_edge;
        box.edge_mm = 0.75f;
        ink = Role::selected_text;
    } else if (item.intent == FrameIntent::staff) {
        box.fill = Role::surface;
        box.edge = Role::secondary_edge;
        box.edge_mm = 0.75f;
    }
    if (box.fill) canvas.box(area, box);
    const bool landscape = canvas.panel().is_landscape();
    const bool languages = item.intent == FrameIntent::language;
    const float icon = canvas.mm(languages ? 8.5f : rail_icon_mm);
    const auto word = centred(rail_style(ink));
    Rect inner = area.inset(canvas.mm(0.5f), landscape ? 0 : canvas.mm(1));
    if (landscape) {
        inner = inner.inset(canvas.mm(2), 0);
        float words = canvas.measure(item.name, word, inner.w - icon - canvas.mm(4)).width + 2;
        if (languages) words = std::min(inner.w - icon - canvas.mm(4), canvas.mm(40));
        Rect group = inner.centered(std::min(inner.w, words + icon + canvas.mm(4)), inner.h);
        canvas.icon(item.icon, group.take_start(icon, canvas.mm(4)), ink);
        inner = group;
    } else {
        const float words = languages
                                ? canvas.line_height(in_language(word, base::Language::zh)) +
                                      canvas.line_height(in_language(word, base::Language::ug))
                                : canvas.measure(item.name, word, inner.w).height;
        const float gap = canvas.mm(languages ? 0.25f : 1);
        inner = inner.centered(inner.w, std::min(inner.h, icon + gap + words));
        const float icon_high = std::min(icon, inner.h - words - gap);
        canvas.icon(item.icon, inner.take_top(icon_high, gap), ink);
    }
    if (languages) {
        draw_language_names(canvas, inner, frame.rail.short_languages, ink);
    } else {
        draw_stack(canvas, inner, {{item.name, word}}, item.id);
    }
    return fired;
}

} // namespace

std::optional<FrameIntent> draw_rail(Canvas& canvas, const FrameModel& frame) {
    canvas.speak_with(frame.spoken);
    const RailModel& rail = frame.rail;
    const float height = rail_height(canvas, frame);
    const Rect ground{0, canvas.height() - height, canvas.width(), height};
    canvas.fill(ground, Role::sunken);
    canvas.fill({0, ground.y, ground.w, canvas.mm(is_contrast(canvas) ? 0.75f : 0.5f)},
                Role::hairline);
    const std::string languages =
        rail.languages[0] + ", " + rail.languages[1] + ", " + rail.languages[2];
    const RailItem items[] = {
        {FrameIntent::leave, "rail/leave", "exit", rail.leave},
        {FrameIntent::language, "rail/language", "globe", languages},
        {FrameIntent::text_size, "rail/text_size", "text-size", rail.text_size},
        {FrameIntent::contrast, "rail/contrast", "contrast", rail.contrast, rail.contrast_on},
        {FrameIntent::low_reach, "rail/low_reach", "low-reach", rail.low_reach, rail.low_reach_on},
        {FrameIntent::staff, "rail/staff", "help", rail.staff, rail.staff_on},
    };
    const auto places = ground.inset(canvas.mm(rail_side_mm), canvas.mm(rail_end_mm))
                            .columns(6, canvas.mm(rail_gap_mm));
    std::optional<FrameIntent> pressed;
    for (std::size_t i = 0; i < std::size(items); ++i) {
        if (draw_rail_item(canvas, places[i], items[i], frame)) pressed = items[i].intent;
    }
    return pressed;
}

} // namespace screens
