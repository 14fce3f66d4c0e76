// How a visit ends: received or accepted, not received, take your things.
#include "kiosk/present/qr.hpp"
#include "kiosk/present/receipt.hpp"
#include "kiosk/present/scene.hpp"

#include "printer/document.hpp"

namespace present {
namespace {

using screens::NoteModel;
using session::Refusal;
using session::Signal;

// The beginning of the message keys; a rule has its own words besides.
std::string refusal_key(Refusal::Reason reason) {
    switch (reason) {
    case Refusal::Reason::no_card: return "refused.no-card";
    case Refusal::Reason::no_papers: return "refused.no-papers";
    case Refusal::Reason::declined: return "refused.declined";
    case Refusal::Reason::rule: return "refused.rule";
    case Refusal::Reason::storage: return "refused.storage";
    }
    return "refused.storage";
}

std::string button_key(Signal signal) {
    if (signal == Signal::back) return "action.back-to-form";
    if (signal == Signal::another_matter) return "result.another";
    return "refused.done";
}

std::string_view button_icon(Signal signal) {
    if (signal == Signal::back) return "arrow-start";
    if (signal == Signal::another_matter) return "home";
    return "ok";
}

void set_receipt(const Scene& scene, screens::ResultModel& model) {
    model.done = scene.say("result.done");
    switch (scene.visit().receipt_state) {
    case session::ReceiptState::none: break;
    case session::ReceiptState::printing: model.receipt = scene.say("result.printing"); break;
    case session::ReceiptState::printed: model.receipt = scene.say("result.take-receipt"); break;
    case session::ReceiptState::not_printed:
        model.paper = note(scene, NoteModel::Kind::info, "result.no-paper");
        model.staff = scene.say("result.ask-paper");
        model.done = scene.say("result.noted");
        break;
    }
}

} // namespace

WaysOn ways_on(const Refusal& refusal) {
    if (refusal.can_go_back) return {Signal::back, Signal::another_matter};
    // Nothing can be received now: another matter would not be either.
    if (refusal.reason == Refusal::Reason::storage) return {Signal::done, std::nullopt};
    return {Signal::another_matter, Signal::done};
}

screens::ScreenModel result(const Scene& scene) {
    const auto& visit = scene.visit();
    const bool is_accepted = visit.delivery == session::Delivery::accepted;
    screens::ResultModel model;
    model.frame = frame(scene);
    using Kind = screens::ResultModel::Kind;
    model.kind = is_accepted ? Kind::accepted : Kind::stored;
    const std::string key = is_accepted ? "result.accepted" : "result.received";
    model.title = scene.say(key + ".title");
    model.sub = scene.say(key + ".sub");
    model.number_label = scene.say("result.number");
    const auto number = plain_number(visit.receipt);
    model.number = printer::in_groups_of_four(number).view();
    model.time = base::to_local_minutes(visit.received_at);
    model.qr = qr_modules(number);
    model.qr_label = scene.say("result.qr");
    model.next_title = scene.say("result.next");
    for (const auto& line : next_steps(scene)) model.next.push_back({"ok", line, ""});
    set_receipt(scene, model);
    if (scene.session.card && scene.facts.card_on_reader)
        model.card = note(scene, NoteModel::Kind::info, "result.card");
    model.foot = scene.say("result.foot", office_values(scene));
    model.another = scene.say("result.another");
    model.first = scene.view.first;
    return model;
}

screens::ScreenModel refused(const Scene& scene) {
    CHECK(scene.visit().refusal.has_value());
    const auto& refusal = *scene.visit().refusal;
    const auto key = refusal_key(refusal.reason);
    const auto ways = ways_on(refusal);
    screens::NoticeMessageModel model;
    model.frame = frame(scene);
    model.icon = refusal.reason == Refusal::Reason::storage ? "lock" : "counter";
    model.title = scene.say(key + ".title");
    model.text = refusal.fault ? scene.say(refusal.fault->key, refusal.fault->values)
                               : scene.say(key + ".text", office_values(scene));
    // What to do instead, and what became of what was typed.
    model.note = NoteModel{
        NoteModel::Kind::info, "", "",
        scene.say(refusal.can_go_back ? "refused.kept" : "refused.counter", office_values(scene))};
    model.primary = scene.say(button_key(ways.primary));
    model.primary_icon = button_icon(ways.primary);
    if (ways.secondary) {
        model.secondary = scene.say(button_key(*ways.secondary));
        model.secondary_icon = button_icon(*ways.secondary);
    }
    return model;
}

screens::ScreenModel goodbye(const Scene& scene) {
    screens::GoodbyeModel model;
    model.frame = frame(scene);
    model.title = scene.say("goodbye.title");
    model.sub = scene.say("goodbye.sub");
    model.card_on_reader = scene.facts.card_on_reader;
    model.foot = scene.say("goodbye.foot");
    model.done = scene.say("goodbye.done");
    return model;
}

// While everything is overwritten nobody can do anything; it takes less than a second.
screens::ScreenModel wiping(const Scene& scene) {
    screens::GoodbyeModel model;
    model.frame = frame(scene);
    model.title = scene.say("goodbye.wiping");
    model.card_on_reader = false;
    model.foot = scene.say("goodbye.foot");
    return model;
}

} // namespace present
