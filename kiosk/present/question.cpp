// One field of the form: a choice, a number or a line of text.
#include "kiosk/forms/field_types.hpp"
#include "kiosk/present/scene.hpp"
#include "kiosk/present/typing.hpp"

#include <algorithm>

namespace present {
namespace {

using screens::Board;
using screens::NoteModel;

screens::ActionsModel actions(const Scene& scene) {
    const auto ready = readiness(scene);
    screens::ActionsModel actions;
    actions.back = scene.say("common.back");
    actions.go = scene.say(ready.key, ready.values);
    actions.go_ready = ready.is_ready;
    return actions;
}

// Why the office wants to know: the field's own reason, else the step's.
std::string why(const Scene& scene) {
    const auto& field = scene.field();
    // No card: staff enter what stands on the document, and vouch for it while their card is in.
    if (forms::is_typed_by_staff(field, *scene.visit().form, scene.visit().answers))
        return scene.say(scene.visit().at_document ? "question.staff-enter"
                                                   : "question.staff-entered");
    if (!field.why.empty()) return scene.say.of(field.why);
    for (const auto& step : scene.visit().form->steps)
        for (const auto& each : step.fields)
            if (each.id == field.id) return scene.say.of(step.why);
    return {};
}

std::string hint(const Scene& scene) {
    const auto& field = scene.field();
    return field.hint.empty() ? std::string() : scene.say.of(field.hint);
}

screens::ScreenModel choice(const Scene& scene) {
    const auto& field = scene.field();
    const bool is_several = field.type == forms::FieldType::multi_choice;
    screens::QuestionChoiceModel model;
    model.frame = frame(scene);
    model.title = asked(scene);
    model.why = why(scene);
    using Kind = screens::QuestionChoiceModel::Kind;
    model.kind = is_several ? Kind::several : Kind::one;
    const auto chosen = chosen_codes(field, scene.visit().answers.find(field.id));
    for (const auto& option : field.options) {
        const bool is_chosen = std::find(chosen.begin(), chosen.end(), option.code) != chosen.end();
        const auto detail = option.hint.empty() ? std::string() : scene.say.of(option.hint);
        model.options.push_back(
            {option.code, scene.say.of(option.label), detail, option.icon, is_chosen});
    }
    model.note = fault_note(scene);
    if (!model.note && !field.hint.empty())
        model.note = NoteModel{NoteModel::Kind::info, "", "", hint(scene)};
    model.actions = actions(scene);
    model.first = scene.view.first;
    return model;
}

// What is missing of a number that was begun, else what the form says about it.
std::string digits_hint(const Scene& scene, std::string_view typed) {
    const int missing = typed.empty() ? 0 : forms::digits_missing(scene.field(), typed);
    return missing > 0 ? scene.say.counted("digits.missing", "missing", missing) : hint(scene);
}

screens::ScreenModel digits(const Scene& scene) {
    const auto& field = scene.field();
    screens::QuestionDigitsModel model;
    model.frame = frame(scene);
    model.title = asked(scene);
    model.why = why(scene);
    model.digits = typed_text(scene);
    model.groups = digit_groups(field, model.digits);
    if (field.type == forms::FieldType::money) model.unit = scene.say("unit.yuan");
    model.hint = digits_hint(scene, model.digits);
    model.problem = fault_note(scene);
    if (forms::row_of(field.type).keyboard == forms::Keyboard::digits_x)
        model.corner = screens::QuestionDigitsModel::CornerKey::letter_x;
    model.clear = scene.say("digits.clear");
    model.actions = actions(scene);
    return model;
}

screens::ScreenModel text(const Scene& scene) {
    const auto& field = scene.field();
    screens::QuestionTextModel model;
    model.frame = frame(scene);
    model.title = asked(scene);
    model.why = why(scene);
    model.hint = hint(scene);
    // not handled: Chinese entry (Pinyin, handwriting). The line says so, and what the form says
    // about the field ("about places and things only", spec safeguards G12) moves up.
    if (scene.language() == base::Language::zh && field.scripts.han) {
        if (model.why.empty() || model.hint.empty())
            model.why += model.hint;
        else
            model.why = scene.say("question.why-hint", {{"why", model.why}, {"hint", model.hint}});
        model.hint = scene.say("board.no-chinese");
    }
    model.text = typed_text(scene);
    model.caret = std::min(scene.view.caret.value_or(model.text.size()), model.text.size());
    model.counter = scene.say("question.counter",
                              {{"count", std::to_string(forms::count_characters(model.text))},
                               {"max", std::to_string(field.max)}});
    model.problem = fault_note(scene);
    model.boards = boards_of(field);
    model.board = board_of(scene);
    model.shift = scene.view.shift;
    model.labels = {scene.say("board.space"),
                    scene.say("board.latin"), // In its own script, whatever the screen speaks.
                    scene.say.content().text("language.name", base::Language::ug),
                    scene.say("board.digits")};
    model.actions = actions(scene);
    return model;
}

// Something to read, nothing to answer.
screens::ScreenModel info(const Scene& scene) {
    screens::NoticeMessageModel model;
    model.frame = frame(scene);
    model.title = asked(scene);
    model.text = hint(scene);
    model.primary = scene.say("common.go");
    model.primary_icon = "arrow-end";
    model.secondary = scene.say("common.back");
    model.secondary_icon = "arrow-start";
    return model;
}

} // namespace

screens::ScreenModel question(const Scene& scene) {
    switch (forms::row_of(scene.field().type).widget) {
    case forms::Widget::choice:
    case forms::Widget::multi_choice: return choice(scene);
    case forms::Widget::digits:
    case forms::Widget::date: return digits(scene);
    case forms::Widget::text: return text(scene);
    case forms::Widget::info: return info(scene);
    case forms::Widget::scan:
    case forms::Widget::photo:
    case forms::Widget::signature:
    case forms::Widget::consent:
    case forms::Widget::identity:
    case forms::Widget::card: break;
    }
    CHECK(!"this kind of field has a step of its own");
    return info(scene);
}

} // namespace present
