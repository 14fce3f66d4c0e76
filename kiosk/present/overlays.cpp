// What lies over a step and leaves it as it is: still there?, really leave?, help, language.
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

} // namespace

bool leads_to_enrolment(const Scene& scene) {
    return scene.session.step == Step::attract && scene.facts.takes_enrolment_code;
}

screens::ScreenModel idle(const Scene& scene) {
    screens::IdleModel model;
    model.frame = frame(scene);
    model.title = scene.say("idle.title");
    model.seconds_left = seconds_left(scene);
    model.seconds_total = int(std::chrono::seconds(session::idle_answer_limit).count());
    model.text = scene.say(idle_text(scene), {{"seconds", std::to_string(model.seconds_left)}});
    // Said at 45, 30 and 15 seconds (design README §4, idle).
    const int step = 15;
    const int said = std::max(step, (model.seconds_left + step - 1) / step * step);
    model.said = scene.say(idle_text(scene), {{"seconds", std::to_string(said)}});
    model.stay = scene.say("idle.stay");
    model.end = scene.say(has_ended(scene) ? "result.done" : "idle.end");
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
    screens::HelpModel model;
    model.frame = frame(scene);
    model.title = scene.say("help.title");
    model.sub = scene.say("help.sub");
    model.ways = {{"call", "bell", scene.say("help.call.title"), scene.say("help.call"), true}};
    // Where nobody is in a visit and no staff card works yet: the way in for a first installation.
    if (leads_to_enrolment(scene))
        model.ways.push_back({std::string(enrol_way), "settings", scene.say("help.enrol.title"),
                              scene.say("help.enrol"), false});
    model.state = assistance_note(scene);
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
