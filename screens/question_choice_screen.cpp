#include "screens/question_choice_screen.hpp"

#include "screens/page.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float side_mm = 7.5f;
constexpr float mark_mm = 13;
constexpr float gap_mm = 6.5f;
constexpr float icon_mm = 12;

TextStack words(const ChoiceOption& option, Role text, Role muted) {
    return {{option.label, tight(bold(heading(text)))}, {option.detail, tight(body(muted)), 1}};
}

float room(Canvas& canvas, const ChoiceOption& option, float width) {
    const float icon = option.icon.empty() ? 0 : canvas.mm(icon_mm) + canvas.mm(gap_mm);
    return width - 2 * canvas.mm(side_mm) - canvas.mm(mark_mm) - canvas.mm(gap_mm) - icon;
}

// One of many: a round mark. Several: a square one. Chosen: filled, with a tick.
void draw_mark(Canvas& canvas, const Rect& area, bool chosen, QuestionChoiceModel::Kind kind) {
    const bool light = canvas.settings().theme == ThemeName::light;
    const Role ground = chosen ? (light ? Role::primary : Role::background) : Role::surface;
    const Role edge = chosen ? ground : Role::edge;
    const float radius = kind == QuestionChoiceModel::Kind::one ? mark_mm / 2 : 2;
    canvas.box(area, {radius, ground, edge, 0.75f});
    if (!chosen) return;
    canvas.icon("ok", area.centered(canvas.mm(9), canvas.mm(9)),
                light ? Role::primary_text : Role::text);
}

bool draw_option(Canvas& canvas, const ChoiceOption& option, const Rect& area,
                 QuestionChoiceModel::Kind kind) {
    const std::string id = "question/option/" + option.id;
    const auto surface =
        draw_pressable(canvas, id, option.label, area, {ItemKind::choice, 3.5f, option.chosen});
    Rect inner = surface.inner.inset(canvas.mm(side_mm), canvas.mm(2));
    const Rect mark = inner.take_start(canvas.mm(mark_mm), canvas.mm(gap_mm));
    draw_mark(canvas, mark.centered(canvas.mm(mark_mm), canvas.mm(mark_mm)), option.chosen, kind);
    if (!option.icon.empty()) {
        const Rect icon = inner.take_start(canvas.mm(icon_mm), canvas.mm(gap_mm));
        canvas.icon(option.icon, icon.centered(icon.w, icon.w), surface.text);
    }
    draw_stack(canvas, inner, words(option, surface.text, surface.muted), id);
    return surface.fired;
}

} // namespace

std::optional<QuestionChoiceIntent> draw(const QuestionChoiceModel& model, Canvas& canvas) {
    std::optional<QuestionChoiceIntent> intent;
    Page page(canvas, model.frame, model.title, model.why);
    const auto chosen = std::find_if(model.options.begin(), model.options.end(),
                                     [](const auto& option) { return option.chosen; });
    if (chosen != model.options.end()) canvas.start_focus("question/option/" + chosen->id);
    if (model.note) page.add_note(Zone::lead, *model.note, "question/note");
    for (const auto& option : model.options) {
        Block block;
        block.item = true;
        block.gap_mm = 5.5f;
        const float height = stack_height(canvas, words(option, Role::text, Role::muted),
                                          room(canvas, option, page.width(Zone::body)));
        block.least = std::max(canvas.mm(28), height + canvas.mm(8));
        block.most = canvas.mm(48);
        block.draw = [&canvas, &model, &option, &intent](const Rect& area) {
            if (draw_option(canvas, option, area, model.kind)) intent = Chosen{option.id};
        };
        page.add(std::move(block));
    }
    page.add_spacer();
    page.actions(model.actions);
    return heard<QuestionChoiceIntent>(page.draw(model.first), intent);
}

} // namespace screens
