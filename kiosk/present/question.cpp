// One field of the form: a choice, a number or a line of text.
#include "kiosk/forms/field_types.hpp"
#include "kiosk/present/composing.hpp"
#include "kiosk/present/dates.hpp"
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
    const int missing = typed.empty() ? 0 : digits_left(scene.field(), typed);
    if (missing > 0) return scene.say.counted("digits.missing", "missing", missing);
    const auto said = hint(scene);
    if (!said.empty() || scene.field().type != forms::FieldType::date) return said;
    return scene.say(scene.field().month_only ? "calendar.typed.month" : "calendar.typed");
}

// What cannot be right shows as soon as the last digit is typed, not when the person goes on.
std::optional<NoteModel> digits_problem(const Scene& scene, std::string_view typed) {
    const auto& field = scene.field();
    const int wrong = first_wrong_digit(field, typed);
    if (wrong < 0) return fault_note(scene);
    const auto key = wrong >= 14  ? "fault.id-check"
                     : wrong >= 6 ? "fault.id-birth"
                                  : "fault.id-division";
    return NoteModel{NoteModel::Kind::error, "", scene.say(key), scene.say("digits.compare")};
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
    model.problem = digits_problem(scene, model.digits);
    model.marked_from = first_wrong_digit(field, model.digits);
    if (forms::row_of(field.type).keyboard == forms::Keyboard::digits_x)
        model.corner = screens::QuestionDigitsModel::CornerKey::letter_x;
    if (field.type == forms::FieldType::money)
        model.corner = screens::QuestionDigitsModel::CornerKey::point;
    if (field.type == forms::FieldType::date) {
        model.alternative = scene.say("calendar.wheels");
        model.alternative_icon = "calendar";
    }
    model.clear = scene.say("digits.clear");
    model.actions = actions(scene);
    return model;
}

screens::BoardLabels board_labels(const Scene& scene) {
    const auto& say = scene.say;
    screens::BoardLabels labels;
    labels.space = say("board.space");
    labels.latin = say("board.latin");
    // In its own script, whatever the screen speaks.
    labels.uyghur = say.content().text("language.name", base::Language::ug);
    labels.digits = say("board.digits");
    labels.pinyin = say("board.pinyin");
    labels.handwriting = say("board.handwriting");
    labels.split = say("board.split");
    labels.undo_stroke = say("board.undo-stroke");
    labels.clear_ink = say("board.clear-ink");
    labels.backspace = say("digits.backspace");
    labels.more = say("common.more");
    labels.earlier = say("common.earlier");
    labels.box = say("board.box");
    labels.field = say("board.field");
    return labels;
}

// A line about the board. What the form says about the field ("about places and things only", spec
// safeguards G12) moves up to the reason then.
struct TextHints {
    std::string why;
    std::string hint;
};

std::string_view board_hint_key(const Scene& scene) {
    const auto board = board_of(scene);
    if (board == Board::handwriting) return "board.hint.handwriting";
    if (board == Board::pinyin) return "board.hint.pinyin";
    const auto& facts = scene.facts;
    const bool no_chinese = facts.pinyin == nullptr && facts.handwriting == nullptr;
    const bool wants_chinese = scene.language() == base::Language::zh && scene.field().scripts.han;
    return no_chinese && wants_chinese ? "board.no-chinese" : "";
}

TextHints text_hints(const Scene& scene, std::string reason) {
    TextHints hints{std::move(reason), hint(scene)};
    const auto key = board_hint_key(scene);
    if (key.empty()) return hints;
    if (hints.why.empty() || hints.hint.empty())
        hints.why += hints.hint;
    else
        hints.why = scene.say("question.why-hint", {{"why", hints.why}, {"hint", hints.hint}});
    hints.hint = scene.say(key);
    return hints;
}

// What is wrong with the answer; or, when the box was emptied twice, what else can be done (spec
// handwriting §4).
std::optional<NoteModel> text_problem(const Scene& scene) {
    if (auto problem = fault_note(scene)) return problem;
    const bool struggles = board_of(scene) == Board::handwriting &&
                           scene.view.composing.clears >= clears_before_advice;
    if (!struggles) return std::nullopt;
    return note(scene, NoteModel::Kind::info,
                scene.facts.pinyin == nullptr ? "board.advice.staff" : "board.advice");
}

screens::ScreenModel text(const Scene& scene) {
    const auto& field = scene.field();
    screens::QuestionTextModel model;
    model.frame = frame(scene);
    model.title = asked(scene);
    model.text = typed_text(scene);
    model.caret = std::min(scene.view.caret.value_or(model.text.size()), model.text.size());
    model.counter = scene.say("question.counter",
                              {{"count", std::to_string(forms::count_characters(model.text))},
                               {"max", std::to_string(field.max)}});
    model.boards = boards_of(field, scene.facts);
    model.board = board_of(scene);
    model.shift = scene.view.shift;
    model.is_name = is_name(field);
    model.problem = text_problem(scene);
    const auto hints = text_hints(scene, why(scene));
    model.why = hints.why;
    model.hint = hints.hint;
    model.labels = board_labels(scene);
    const auto& composing = scene.view.composing;
    model.letters = composing.shown;
    for (const auto& each : composing.candidates) model.candidates.push_back(each.text);
    model.has_more = composing.has_more;
    model.has_earlier = !composing.firsts_before.empty();
    model.ink = composing.ink;
    model.actions = actions(scene);
    return model;
}

screens::ScreenModel date(const Scene& scene) {
    auto model = date_wheels(scene);
    model.frame = frame(scene);
    model.title = asked(scene);
    model.why = why(scene);
    model.hint = hint(scene);
    model.problem = fault_note(scene);
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
    case forms::Widget::digits: return digits(scene);
    case forms::Widget::date: return is_date_on_pad(scene) ? digits(scene) : date(scene);
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
