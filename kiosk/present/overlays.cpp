// What lies over a step and leaves it as it is: still there?, really leave?, another
// person?, help, language.
#include "kiosk/present/scene.hpp"

#include <algorithm>

namespace present {
namespace {

using session::Assistance;
using session::Step;

int seconds_left(const Scene& scene) {
    const auto end = scene.session.entered + session::idle_answer_limit;
    const auto left = std::chrono::ceil<std::chrono::seconds>(end - scene.facts.world.now);
    const auto all = std::chrono::seconds(session::idle_answer_limit);
    return int(std::clamp(left, std::chrono::seconds(0), all).count());
}

// The only copy of the number is on the glass.
bool needs_number(const Scene& scene) {
    return scene.session.visit &&
           scene.session.visit->receipt_state == session::ReceiptState::not_printed;
}

// The request is safe: ending erases nothing that anybody still needs.
bool has_ended(const Scene& scene) {
    return scene.session.visit && scene.session.visit->delivery != session::Delivery::none;
}

// What leaving means now.
std::string leave_text(const Scene& scene) {
    const auto& session = scene.session;
    if (has_ended(scene)) return scene.say("leave.text.done");
    if (session.visit && !session.visit->answers.empty()) return scene.say("leave.text");
    return scene.say(session.has_received ? "leave.text.done" : "leave.text.empty");
}

std::string_view idle_text(const Scene& scene) {
    if (needs_number(scene)) return "idle.text.note";
    return has_ended(scene) ? "idle.text.done" : "idle.text";
}

screens::NoteModel assistance_note(const Scene& scene) {
    using Kind = screens::NoteModel::Kind;
    switch (scene.session.assistance) {
    case Assistance::none:
    case Assistance::calling: return note(scene, Kind::info, "help.calling");
    case Assistance::coming: return note(scene, Kind::success, "help.coming");
    case Assistance::unreachable: return note(scene, Kind::warning, "help.unreachable");
    }
    return note(scene, Kind::warning, "help.unreachable");
}

// A question that answers itself when nobody does.
screens::IdleModel timed_question(const Scene& scene, std::string_view text) {
    screens::IdleModel model;
    model.frame = frame(scene);
    model.seconds_left = seconds_left(scene);
    model.seconds_total = int(std::chrono::seconds(session::idle_answer_limit).count());
    model.text = scene.say(text, {{"seconds", std::to_string(model.seconds_left)}});
    // Said at 45, 30 and 15 seconds (design README §4, idle).
    const int step = 15;
    const int said = std::max(step, (model.seconds_left + step - 1) / step * step);
    model.said = scene.say(text, {{"seconds", std::to_string(said)}});
    return model;
}

// The beginning of the message keys that explain a step in two or three sentences. Steps that are
// alike share them.
std::string how_key(Step step) {
    switch (step) {
    case Step::home:
    case Step::groups:
    case Step::group:
    case Step::todos: return "how.choose";
    case Step::notice: return "how.notice";
    case Step::card:
    case Step::show_card: return "how.card";
    case Step::prefilled:
    case Step::review: return "how.check";
    case Step::question: return "how.question";
    case Step::scan:
    case Step::page_check:
    case Step::pages: return "how.scan";
    case Step::no_card:
    case Step::identity:
    case Step::face_consent:
    case Step::face_check:
    case Step::witness: return "how.identity";
    case Step::prefill_offer:
    case Step::declare: return "how.declare";
    case Step::signature: return "how.signature";
    case Step::result: return "how.result";
    case Step::show_receipt: return "how.show-receipt";
    case Step::number:
    case Step::proof:
    case Step::phone_tail: return "how.number";
    case Step::status:
    case Step::withdraw: return "how.status";
    case Step::attract:
    case Step::notices:
    case Step::hours:
    case Step::asking:
    case Step::fetching:
    case Step::unanswered:
    case Step::submitting:
    case Step::sending:
    case Step::refused:
    case Step::goodbye:
    case Step::wipe:
    case Step::forward:
    case Step::backward:
    case Step::stay: return "how.default";
    }
    return "how.default";
}

screens::ScreenModel how(const Scene& scene) {
    screens::ReadingModel model;
    model.frame = frame(scene);
    model.title = scene.say("help.how.title");
    model.sub = scene.say("help.sub");
    const auto key = how_key(scene.session.step);
    for (int i = 1; i <= 3; ++i) {
        const auto sentence = key + "." + std::to_string(i);
        if (scene.say.content().has_text(sentence))
            model.cards.push_back({"", scene.say(sentence), "", "", false});
    }
    model.back = scene.say("common.back");
    model.first = scene.view.first;
    return model;
}

} // namespace

bool leads_to_enrolment(const Scene& scene) {
    return scene.session.step == Step::attract && scene.facts.takes_enrolment_code;
}

screens::ScreenModel idle(const Scene& scene) {
    auto model = timed_question(scene, idle_text(scene));
    model.title = scene.say("idle.title");
    model.stay = scene.say("idle.stay");
    model.end = scene.say(has_ended(scene) ? "result.done" : "idle.end");
    return model;
}

screens::ScreenModel other_person(const Scene& scene) {
    auto model = timed_question(scene, "other-person.text");
    model.icon = "card";
    model.title = scene.say("other-person.title");
    model.stay = scene.say("other-person.no");
    model.end = scene.say("other-person.yes");
    return model;
}

screens::ScreenModel leave(const Scene& scene) {
    screens::LeaveModel model;
    model.frame = frame(scene);
    model.title = scene.say("leave.title");
    model.text = leave_text(scene);
    model.stay = scene.say("leave.stay");
    model.end = scene.say(has_ended(scene) ? "rail.leave" : "leave.end");
    return model;
}

screens::ScreenModel help(const Scene& scene) {
    if (scene.view.explains) return how(scene);
    screens::HelpModel model;
    model.frame = frame(scene);
    model.title = scene.say("help.title");
    model.sub = scene.say("help.sub");
    model.ways = {{"call", "bell", scene.say("help.call.title"), scene.say("help.call"), true}};
    model.ways.push_back(
        {std::string(how_way), "list", scene.say("help.how.title"), scene.say("help.how"), false});
    // Where nobody is in a visit and no staff card works yet: the way in for a first installation.
    if (leads_to_enrolment(scene))
        model.ways.push_back({std::string(enrol_way), "settings", scene.say("help.enrol.title"),
                              scene.say("help.enrol"), false});
    model.state = assistance_note(scene);
    model.foot = scene.say("help.phone", office_values(scene));
    model.back = scene.say(scene.session.step == Step::attract ? "common.back" : "help.back");
    model.first = scene.view.first;
    return model;
}

screens::ScreenModel language(const Scene& scene) {
    screens::LanguageModel model;
    model.frame = frame(scene);
    model.title = scene.say("language.title");
    model.lines = in_all_languages(scene.say.content(), "language.line");
    model.current = scene.language();
    model.back = scene.say("common.back");
    model.first = scene.view.first;
    return model;
}

} // namespace present
