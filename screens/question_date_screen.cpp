#include "screens/question_date_screen.hpp"

#include "screens/illustrations.hpp"
#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float gap_mm = 4.5f;
constexpr float least_key_mm = 20;
constexpr float most_key_mm = 28;
constexpr float value_air_mm = 14; // that the figures may take besides
constexpr float year_share = 1.3f; // four figures beside two

std::string_view name_of(DatePart part) {
    switch (part) {
    case DatePart::year: return "year";
    case DatePart::month: return "month";
    case DatePart::day: return "day";
    }
    CHECK(false);
}

TextStyle value_style(TypeRole type, bool chosen) {
    auto style = in_language(left_to_right(bold(tight(body(chosen ? Role::text : Role::muted)))),
                             base::Language::en);
    style.type = type;
    return style;
}

// Value and unit beside each other where they fit in display size, else in the next smaller one.
struct ValueLook {
    TypeRole type = TypeRole::body;
    float value = 0; // widths
    float unit = 0;
};

ValueLook measure_value(Canvas& canvas, const DateColumn& column, float width) {
    ValueLook look;
    look.unit = column.unit.empty() ? 0 : canvas.measure(column.unit, tight(label())).width;
    for (const auto type :
         {TypeRole::display, TypeRole::title, TypeRole::heading, TypeRole::body}) {
        look.type = type;
        look.value = canvas.measure(column.value, value_style(type, true)).width;
        if (look.value + look.unit + canvas.mm(2) <= width) break;
    }
    return look;
}

void draw_value(Canvas& canvas, const Rect& area, const DateColumn& column, bool chosen) {
    canvas.box(area, {canvas.measures().radius.field, Role::surface, Role::secondary_edge, 0.75f});
    const auto id = "date/" + std::string(name_of(column.part));
    const auto look = measure_value(canvas, column, area.w - canvas.mm(4));
    const bool beside = look.value + look.unit + canvas.mm(2) <= area.w - canvas.mm(4);
    Rect inner = area.inset(canvas.mm(1), canvas.mm(1));
    if (beside) inner = inner.centered(look.value + look.unit + canvas.mm(2), inner.h);
    Rect value =
        beside ? inner.take_start(look.value, canvas.mm(2)) : inner.take_top(inner.h * 0.6f);
    auto style = value_style(look.type, chosen);
    style.vertical = VerticalAlign::middle;
    if (!beside) style = centred(style);
    canvas.text(value, column.value, style, id);
    auto unit = tight(label(Role::muted));
    unit.vertical = VerticalAlign::middle;
    if (look.unit > 0) canvas.text(inner, column.unit, beside ? unit : centred(unit), id + "/unit");
}

bool draw_step(Canvas& canvas, const Rect& area, const std::string& id, const std::string& label,
               std::string_view icon, std::string_view word, bool available) {
    const auto surface =
        draw_pressable(canvas, id, label, area, {ItemKind::key, 3, false, available, true});
    if (word.empty()) {
        canvas.icon(icon, surface.inner.centered(canvas.mm(12), canvas.mm(12)), surface.text);
        return surface.fired;
    }
    const auto style = in_language(centred(tight(bold(heading(surface.text)))), base::Language::en);
    draw_stack(canvas, surface.inner.inset(canvas.mm(1), 0), {{word, style}}, id);
    return surface.fired;
}

float value_height(Canvas& canvas) {
    auto style = tight(body());
    style.type = TypeRole::display;
    return canvas.line_height(style) + canvas.mm(6);
}

float wheel_height(Canvas& canvas, float key_mm) {
    return 2 * (canvas.mm(key_mm) + canvas.mm(gap_mm)) + value_height(canvas);
}

std::vector<Rect> column_places(Canvas& canvas, Rect area, const QuestionDateModel& model) {
    const float gap = canvas.mm(gap_mm);
    const float shares = year_share + float(model.columns.size() - 1);
    const float unit = (area.w - gap * float(model.columns.size() - 1)) / shares;
    std::vector<Rect> places;
    for (const auto& column : model.columns)
        places.push_back(
            area.take_start(unit * (column.part == DatePart::year ? year_share : 1), gap));
    return places;
}

std::optional<DateStep> draw_wheels(Canvas& canvas, const Rect& area,
                                    const QuestionDateModel& model) {
    std::optional<DateStep> step;
    const Rect wheels = on_glass(canvas, area);
    const Canvas::Unmirrored unmirrored(canvas); // dates in figures run left to right everywhere
    const float gap = canvas.mm(gap_mm);
    const float key = std::min((wheels.h - value_height(canvas) - 2 * gap) / 2,
                               canvas.mm(most_key_mm)); // the figures take the rest
    const auto places = column_places(canvas, wheels, model);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto& column = model.columns[i];
        const auto id = "date/" + std::string(name_of(column.part));
        Rect rest = places[i];
        Rect more = rest.take_top(key, gap);
        Rect less = rest.take_bottom(key, gap);
        const auto press = [&](const Rect& at, const char* what, const std::string& label,
                               std::string_view icon, std::string_view word, bool can, int by) {
            if (draw_step(canvas, at, id + "/" + what, label, icon, word, can))
                step = DateStep{column.part, by};
        };
        // Years far away: ten at a time, beside the single ones.
        const bool tens = column.part == DatePart::year && !model.ten_more.empty();
        const float half = (more.w - gap) / 2;
        if (tens)
            press(more.take_start(half, gap), "ten-more", model.ten_more, {}, "+10",
                  model.can_ten_more, 10);
        press(more, "more", column.more, "plus", {}, column.can_more, 1);
        draw_value(canvas, rest, column, model.is_chosen);
        if (tens)
            press(less.take_start(half, gap), "ten-less", model.ten_less, {}, "\u221210",
                  model.can_ten_less, -10);
        press(less, "less", column.less, "minus", {}, column.can_less, -1);
    }
    return step;
}

} // namespace

std::optional<QuestionDateIntent> draw(const QuestionDateModel& model, Canvas& canvas) {
    std::optional<QuestionDateIntent> intent;
    Page page(canvas, model.frame, model.title, model.why);
    if (model.problem) page.add_note(Zone::lead, *model.problem, "question/problem");
    page.add_text(Zone::lead, model.hint, tight(label(Role::muted)), "question/hint", space::s);
    page.add_spacer();
    Block wheels;
    wheels.least = wheel_height(canvas, least_key_mm);
    wheels.most = wheel_height(canvas, most_key_mm) + canvas.mm(value_air_mm);
    wheels.draw = [&](const Rect& area) {
        if (const auto step = draw_wheels(canvas, area, model)) intent = *step;
    };
    page.add(std::move(wheels));
    const Zone words = page.is_landscape() || page.is_low() ? Zone::lead : Zone::body;
    page.add_text(words, model.in_words.view(),
                  page.is_landscape() ? tight(bold(heading())) : centred(tight(bold(heading()))),
                  "question/date", space::m);
    canvas.say("question/date", model.in_words.view(), true);
    std::vector<ButtonPlace> buttons;
    for (const auto& quick : model.quick) {
        ButtonLook look;
        look.label = quick.label;
        look.least_height_mm = 21;
        buttons.push_back(
            {"date/quick/" + quick.id, look, [&intent, id = quick.id] { intent = Chosen{id}; }});
    }
    if (!model.digits.empty()) {
        ButtonLook look;
        look.label = model.digits;
        look.icon = "keyboard";
        look.least_height_mm = 21;
        buttons.push_back({"date/digits", look, [&intent] { intent = QuestionDatePress::digits; }});
    }
    page.add_buttons(std::move(buttons));
    // Twice the room below: the wheels stand where the eye is.
    page.add_spacer();
    page.add_spacer();
    page.actions(model.actions);
    canvas.start_focus("date/month/more");
    return heard<QuestionDateIntent>(page.draw(0), intent);
}

} // namespace screens
