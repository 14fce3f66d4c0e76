#include "screens/attract_screen.hpp"

#include "screens/illustrations.hpp"
#include "screens/widgets.hpp"

#include <algorithm>

namespace screens {
namespace {

using base::Language;

TextStyle in(TextStyle style, Language language) {
    return centred(in_language(style, language));
}

TextStack greeting(const AttractModel& model) {
    auto first = tight(bold(title()));
    first.type = TypeRole::display;
    return {{model.greeting[0], in(first, Language::zh)},
            {model.greeting[1], in(tight(heading(Role::muted)), Language::ug), 3},
            {model.greeting[2], in(tight(heading(Role::muted)), Language::en), 1}};
}

TextStack words_of(const ThreeTexts& texts) {
    return {{texts[0], in(tight(bold(label())), Language::zh)},
            {texts[1], in(tight(body()), Language::ug), 0.5f},
            {texts[2], in(tight(body()), Language::en), 0.5f}};
}

// What the office has to say today comes before what is always so, where there is no room for both.
TextStack notes(Canvas& canvas, const AttractModel& model) {
    if (!model.notice[0].empty() && canvas.settings().text_size > TextSize::standard) return {};
    return {{model.note[0], in(tight(body(Role::muted)), Language::zh)},
            {model.note[1], in(tight(body(Role::muted)), Language::ug), 0.5f},
            {model.note[2], in(tight(body(Role::muted)), Language::en), 0.5f}};
}

// What the office has to say today, or that a card was left behind, on a plate of its own.
TextStack notice(const AttractModel& model) {
    return {{model.notice[0], in(tight(bold(label())), Language::zh)},
            {model.notice[1], in(tight(body()), Language::ug), 0.5f},
            {model.notice[2], in(tight(body()), Language::en), 0.5f}};
}

constexpr float notice_side_mm = 5;
constexpr float notice_end_mm = 3;
constexpr float notice_icon_mm = 11;

float notice_room(Canvas& canvas, float width) {
    return width - canvas.mm(2 * notice_side_mm + notice_icon_mm + 4);
}

float notice_height(Canvas& canvas, const AttractModel& model, float width) {
    return stack_height(canvas, notice(model), notice_room(canvas, width)) +
           2 * canvas.mm(notice_end_mm);
}

void draw_notice(Canvas& canvas, const AttractModel& model, const Rect& area) {
    canvas.box(area, {3, Role::surface, Role::edge, 0.75f});
    Rect inner = area.inset(canvas.mm(notice_side_mm), canvas.mm(notice_end_mm));
    const float side = canvas.mm(notice_icon_mm);
    const Rect icon = inner.take_start(side, canvas.mm(4));
    canvas.icon(model.notice_icon, icon.centered(side, side), Role::text);
    draw_stack(canvas, inner, notice(model), "attract/notice");
}

struct Pictures {
    float words = 0; // height of the longest caption
    bool fit = true;
};

Pictures measure_pictures(Canvas& canvas, const AttractModel& model, float column) {
    Pictures pictures;
    for (const auto& texts : model.pictures) {
        pictures.words = std::max(pictures.words, stack_height(canvas, words_of(texts), column));
        pictures.fit = pictures.fit && stack_fits(canvas, words_of(texts), column);
    }
    return pictures;
}

void draw_pictures(Canvas& canvas, const AttractModel& model, const Rect& area) {
    const auto columns = area.columns(3, canvas.mm(14));
    const float words = measure_pictures(canvas, model, columns[0].w).words;
    const float room = area.h - words - canvas.mm(3);
    const float high = std::min(room, columns[0].w * 0.82f);
    const float top = area.y + (area.h - high - words - canvas.mm(3)) / 2;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Rect picture{columns[i].x, top, columns[i].w, high};
        if (i == 0) draw_bring_card(canvas, picture);
        if (i == 1) draw_answer_questions(canvas, picture);
        if (i == 2) draw_receipt_slip(canvas, picture);
        draw_stack(canvas, {picture.x, picture.bottom() + canvas.mm(3), picture.w, words},
                   words_of(model.pictures[i]), "attract/picture");
        if (i == 2) continue;
        const float side = canvas.mm(11);
        canvas.icon("arrow-end",
                    {picture.right() + canvas.mm(1.5f), picture.y + (high - side) / 2, side, side},
                    Role::muted);
    }
}

TextStack button_words(const AttractModel& model, std::size_t i, Role ink) {
    return {{model.frame.rail.languages[i], in(tight(bold(title(ink))), base::all_languages[i])},
            {model.touch[i], in(tight(label(ink)), base::all_languages[i]), 1}};
}

bool draw_language_button(Canvas& canvas, const AttractModel& model, std::size_t i,
                          const Rect& area) {
    const std::string id = "attract/" + std::string(to_string(base::all_languages[i]));
    const bool fired = canvas.press(id, area, ItemKind::button, model.frame.rail.languages[i]);
    canvas.label_is_in(base::all_languages[i]);
    const bool pressed = canvas.is_pressed(id);
    const float lip = canvas.mm(canvas.measures().raised_lip);
    const Rect shape = pressed ? area.moved(0, lip) : area;
    if (!pressed) canvas.box(area.moved(0, lip), {3, Role::primary_lip});
    canvas.box(shape, {3, pressed ? Role::primary_pressed : Role::primary});
    const Role ink = pressed ? Role::primary_pressed_text : Role::primary_text;
    draw_stack(canvas, shape.inset(canvas.mm(4)), button_words(model, i, ink), id);
    return fired;
}

} // namespace

std::optional<AttractIntent> draw(const AttractModel& model, Canvas& canvas) {
    std::optional<AttractIntent> intent;
    const bool landscape = canvas.panel().is_landscape();
    const float margin = canvas.mm(space::margin);
    const float rail = rail_height(canvas, model.frame);
    const float band = canvas.mm(landscape ? 15 : 30);
    draw_lattice(canvas, {0, 0, canvas.width(), band});
    Rect page{margin, band + canvas.mm(landscape ? 4 : 10), canvas.width() - 2 * margin, 0};
    page.h = canvas.height() - rail - page.y - canvas.mm(landscape ? 4 : 8);

    // From below: the note, the three buttons; the pictures take what is left, or give way.
    Rect answers = landscape ? page.take_end((page.w - canvas.mm(14)) * 0.5f, canvas.mm(14)) : page;
    Rect& note_column = landscape ? page : answers;
    const float note = stack_height(canvas, notes(canvas, model), note_column.w);
    float least = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        least = std::max(least, stack_height(canvas, button_words(model, i, Role::text),
                                             answers.w - canvas.mm(8)) +
                                    canvas.mm(8));
    }
    const float gap = canvas.mm(6);
    // Low reach: nothing to touch above 54 % of the height (design README §2).
    const bool low = canvas.settings().low_reach && !landscape;
    const float top_of_buttons = low ? canvas.height() * 0.54f : answers.y;
    const float room = answers.bottom() - top_of_buttons - (landscape || low ? 0 : note);
    const float most = (room - 3 * gap) / 3;
    const float button = std::clamp(canvas.mm(44), least, std::max(least, most));
    if (landscape) answers = answers.centered(answers.w, std::min(answers.h, 3 * button + 2 * gap));
    Rect note_area;
    if (!low) note_area = note_column.take_bottom(note, gap);
    const auto buttons =
        answers.take_bottom(3 * button + 2 * gap, canvas.mm(space::m)).rows(3, gap);
    if (low) note_area = answers.take_bottom(note, gap);

    Rect top = landscape ? page : answers;
    const float greeting_height = stack_height(canvas, greeting(model), top.w);
    draw_stack(canvas, top.take_top(greeting_height, canvas.mm(space::m)), greeting(model),
               "attract/greeting");
    for (std::size_t i = 0; i < base::all_languages.size(); ++i)
        canvas.say("attract/greeting", model.greeting[i], false, base::all_languages[i]);
    if (!model.notice[0].empty()) {
        const float height = notice_height(canvas, model, top.w);
        draw_notice(canvas, model, top.take_top(height, canvas.mm(space::m)));
    }
    const float column = (top.w - 2 * canvas.mm(14)) / 3;
    const auto pictures = measure_pictures(canvas, model, column);
    if (pictures.fit && top.h > pictures.words + canvas.mm(28)) draw_pictures(canvas, model, top);

    for (std::size_t i = 0; i < buttons.size(); ++i) {
        if (draw_language_button(canvas, model, i, buttons[i])) intent = base::all_languages[i];
    }
    draw_stack(canvas, note_area, notes(canvas, model), "attract/note");
    if (const auto pressed = draw_rail(canvas, model.frame)) intent = *pressed;
    return intent;
}

} // namespace screens
