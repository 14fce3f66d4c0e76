// Behind the questions: check your answers, declare, sign, wait.
#include "kiosk/present/scene.hpp"

#include "kiosk/forms/field_types.hpp"

#include <algorithm>

namespace present {
namespace {

// A card's values have rows of their own, an info has no value, the signature comes later, and what
// was asked twice is shown once.
bool is_row(const forms::Field& field) {
    const auto widget = forms::row_of(field.type).widget;
    return widget != forms::Widget::card && widget != forms::Widget::info &&
           widget != forms::Widget::signature && field.repeats.empty();
}

screens::ValueRow review_row(const Scene& scene, const forms::Field& field) {
    const auto* answer = scene.visit().answers.find(field.id);
    screens::ValueRow row;
    row.id = field.id;
    row.label = scene.say.of(field.label);
    row.value =
        answer ? shown_value(scene, field, *answer) : base::SecretText(scene.say("review.empty"));
    row.left_to_right = answer && is_left_to_right(field.type);
    if (answer && answer->contested) {
        row.source_icon = "help";
        row.source = scene.say("prefilled.contested.card");
    } else if (answer && answer->source != forms::Source::typed) {
        row.source_icon = source_icon(answer->source);
        row.source = source_words(scene, field, *answer);
    }
    const auto& visit = scene.visit();
    if (!forms::is_filled_for_them(field, *visit.form, visit.answers))
        row.button = scene.say("common.change");
    return row;
}

screens::ConsentModel empty_consent(const Scene& scene) {
    screens::ConsentModel model;
    model.frame = frame(scene);
    model.choose = scene.say("consent.choose");
    model.agree = {"ok", scene.say("common.yes"), ""};
    model.decline = {"cross", scene.say("common.no"), ""};
    model.back = scene.say("common.back");
    model.first = scene.view.first;
    return model;
}

} // namespace

bool is_signed(const session::Strokes& strokes) {
    return strokes.size() >= 2;
}

screens::ScreenModel review(const Scene& scene) {
    const auto& visit = scene.visit();
    screens::ReviewModel model;
    model.frame = frame(scene);
    model.title = scene.say("review.title");
    for (const auto& step : visit.form->steps) {
        if (step.after_review) continue;
        for (const auto& field : step.fields) {
            if (!is_row(field)) continue;
            if (!forms::is_visible(*visit.form, visit.answers, scene.today(), field.id)) continue;
            const bool is_given = forms::is_filled_for_them(field, *visit.form, visit.answers);
            if (is_given && visit.answers.find(field.id) == nullptr) continue;
            model.rows.push_back(review_row(scene, field));
        }
    }
    model.foot = scene.say("review.foot");
    model.actions.back = scene.say("common.back");
    model.actions.go = scene.say("review.go");
    model.first = scene.view.first;
    return model;
}

screens::ConsentModel consent_model(const Scene& scene, const content::ConsentText& text) {
    auto model = empty_consent(scene);
    model.title = scene.say.of(text.title);
    for (const auto& statement : text.statements)
        model.statements.push_back({"ok", scene.say.of(statement), false});
    model.agree.label = scene.say.of(text.agree);
    if (!text.decline.empty()) model.decline.label = scene.say.of(text.decline);
    return model;
}

screens::ScreenModel declare(const Scene& scene) {
    const auto& field = scene.field();
    const auto* text = scene.say.content().consent(field.id);
    auto model = text != nullptr ? consent_model(scene, *text) : empty_consent(scene);
    if (!field.why.empty()) model.sub = scene.say.of(field.why);
    if (text != nullptr) return model;
    model.title = scene.say.of(field.label);
    if (!field.hint.empty()) model.statements.push_back({"ok", scene.say.of(field.hint), false});
    return model;
}

screens::ScreenModel signature(const Scene& scene) {
    const auto& visit = scene.visit();
    screens::SignatureModel model;
    model.frame = frame(scene);
    model.title = scene.say("signature.title");
    model.sub = scene.say("signature.sub");
    for (const auto& stroke : visit.strokes) {
        screens::InkStroke line;
        for (const auto& point : stroke) line.push_back({point.x, point.y});
        model.strokes.push_back(std::move(line));
    }
    model.board = scene.say("signature.board");
    if (!visit.strokes.empty()) model.clear = scene.say("signature.clear");
    if (scene.field().at_counter) model.counter = scene.say("signature.counter");
    model.note = fault_note(scene);
    if (!model.note)
        model.note =
            screens::NoteModel{screens::NoteModel::Kind::info, "", "", scene.say("signature.note")};
    model.actions.back = scene.say("common.back");
    model.actions.go_ready = is_signed(visit.strokes);
    model.actions.go = scene.say(model.actions.go_ready ? "submit.send" : "signature.first");
    return model;
}

screens::ScreenModel submitting(const Scene& scene) {
    using State = screens::SubmittingLine::State;
    const bool is_stored = scene.session.step == session::Step::sending;
    screens::SubmittingModel model;
    model.frame = frame(scene);
    model.title = scene.say("submitting.title");
    model.sub = scene.say("submitting.sub");
    model.lines = {{State::done, scene.say("submitting.seal")},
                   {is_stored ? State::done : State::now, scene.say("submitting.store")},
                   {is_stored ? State::now : State::later, scene.say("submitting.send")}};
    return model;
}

} // namespace present
