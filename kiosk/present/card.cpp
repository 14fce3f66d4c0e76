// The card on the reader, and what it gave.
#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/prefill.hpp"
#include "kiosk/forms/terms.hpp"
#include "kiosk/present/scene.hpp"

namespace present {
namespace {

using forms::Source;
using screens::NoteModel;

// The helper's card has words of its own.
std::string of_holder(const Scene& scene, std::string key) {
    return scene.field().who == forms::Holder::agent ? key + ".agent" : key;
}

// At the card that a visit is about, "another one" means somebody else's.
bool is_somebody_elses(const Scene& scene, base::Errc code) {
    return code == base::Errc::conflict && scene.session.step == session::Step::card &&
           scene.field().who == forms::Holder::applicant;
}

// For a child somebody else applies (spec reliability P5).
bool is_childs(const Scene& scene, base::Errc code) {
    return code == base::Errc::refused && scene.session.step == session::Step::card;
}

screens::NoteModel card_problem(const Scene& scene, base::Errc code) {
    const auto key = is_somebody_elses(scene, code) ? "card.other"
                     : is_childs(scene, code)       ? "card.child"
                                                    : card_problem_key(code);
    const bool is_nobodys_fault =
        code == base::Errc::no_card || code == base::Errc::busy || is_childs(scene, code);
    return note(scene, is_nobodys_fault ? NoteModel::Kind::info : NoteModel::Kind::warning, key);
}

screens::ValueRow prefilled_row(const Scene& scene, const forms::Field& field,
                                const forms::Answer& answer) {
    screens::ValueRow row;
    row.id = field.id;
    row.label = scene.say.of(field.label);
    row.value = shown_value(scene, field, answer);
    row.left_to_right = is_left_to_right(field.type);
    if (answer.contested) {
        row.source_icon = "help";
        row.source =
            scene.say(forms::is_filled_for_them(field, *scene.visit().form, scene.visit().answers)
                          ? "prefilled.contested.card"
                          : "prefilled.contested");
        return row;
    }
    row.source_icon = source_icon(answer.source);
    row.source = source_words(scene, field, answer);
    row.button = scene.say("prefilled.wrong");
    return row;
}

// Rows of this card's holder, and whatever else nobody has looked at yet.
bool belongs_here(const Scene& scene, const forms::Field& field, const forms::Answer& answer) {
    const auto* term = forms::find_term(field.term);
    const auto holder = term ? term->holder : forms::Holder::applicant;
    return holder == scene.field().who || (!answer.confirmed && !answer.contested);
}

// What whoever listens waits for, on the first page behind the card.
std::string card_done(const Scene& scene) {
    return is_heard(scene) ? scene.say("said.card-done") : std::string();
}

// What came of asking the platform, where it brought nothing.
std::string prefill_words(const Scene& scene) {
    switch (scene.visit().prefill) {
    case session::Prefill::nothing: return scene.say("prefilled.nothing-known");
    case session::Prefill::unreachable: return scene.say("prefilled.not-fetched");
    case session::Prefill::not_asked:
    case session::Prefill::declined:
    case session::Prefill::asked:
    case session::Prefill::came: return {};
    }
    return {};
}

} // namespace

bool is_heard(const Scene& scene) {
    return scene.facts.reads_aloud && scene.session.display.voice == session::Display::Voice::on;
}

screens::ScreenModel card(const Scene& scene) {
    screens::CardModel model;
    model.frame = frame(scene);
    model.title = scene.say(of_holder(scene, "card.title"));
    model.sub = scene.say(is_heard(scene) ? "card.sub" : "card.sub.silent");
    model.reads_title = scene.say("card.reads.title");
    model.reads = scene.say(of_holder(scene, "card.reads"));
    model.back = scene.say("common.back");
    model.other_way = scene.say("card.other-way");
    model.other_way_detail = scene.say("card.other-way.detail");
    set_card_state(scene, scene.visit().device_problem, model);
    return model;
}

void set_card_state(const Scene& scene, const std::optional<base::Errc>& problem,
                    screens::CardModel& model) {
    using State = screens::CardModel::State;
    if (!scene.facts.card_reader_ok) {
        model.state = State::problem;
        model.problem = card_problem(scene, base::Errc::device);
    } else if (scene.facts.card_reading) {
        model.state = State::reading;
    } else if (problem) {
        model.state = State::problem;
        model.problem = card_problem(scene, *problem);
    }
    model.status = scene.say(model.state == State::reading ? "card.reading" : "card.waiting");
}

screens::ScreenModel prefill_offer(const Scene& scene) {
    const auto* text = scene.say.content().consent(session::prefill_consent);
    CHECK(text != nullptr);
    auto model = consent_model(scene, *text);
    model.said_first = card_done(scene);
    return model;
}

screens::ScreenModel fetching(const Scene& scene) {
    using State = screens::SubmittingLine::State;
    screens::SubmittingModel model;
    model.frame = frame(scene);
    model.title = scene.say("fetching.title");
    model.sub = scene.say("asking.sub");
    model.lines = {{State::now, scene.say("asking.line")}};
    return model;
}

screens::ScreenModel prefilled(const Scene& scene) {
    const auto& visit = scene.visit();
    screens::PrefilledModel model;
    model.frame = frame(scene);
    const bool is_applicants = scene.field().who == forms::Holder::applicant;
    const bool has_more = is_applicants && visit.prefill == session::Prefill::came;
    const bool is_of_card = is_applicants && !has_more;
    model.title = scene.say(is_of_card ? "prefilled.title.card" : "prefilled.title");
    if (is_applicants) model.sub = prefill_words(scene);
    const bool was_offered = is_applicants && visit.prefill != session::Prefill::not_asked;
    if (!was_offered) model.said_first = card_done(scene);
    bool is_contested = false;
    for (const auto at : forms::prefilled_rows(*visit.form, visit.answers, scene.today())) {
        const auto& field = forms::field_at(*visit.form, at);
        const auto& answer = *visit.answers.find(field.id);
        if (!belongs_here(scene, field, answer)) continue;
        is_contested = is_contested || answer.contested;
        model.rows.push_back(prefilled_row(scene, field, answer));
    }
    model.foot = scene.say("prefilled.foot");
    model.actions.back = scene.say("common.back");
    model.actions.go = scene.say(is_contested ? "prefilled.go.contested" : "prefilled.go");
    model.first = scene.view.first;
    return model;
}

} // namespace present
