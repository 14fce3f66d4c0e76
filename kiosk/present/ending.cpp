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
    case Refusal::Reason::no_papers: return "refusal.no-papers";
    case Refusal::Reason::declined: return "refusal.declined";
    case Refusal::Reason::rule: return "refusal.rule";
    case Refusal::Reason::storage: return "storage";
    case Refusal::Reason::unsure: return "unsure";
    }
    return "storage";
}

bool is_of_storage(const Refusal& refusal) {
    return refusal.reason == Refusal::Reason::storage || refusal.reason == Refusal::Reason::unsure;
}

// A rule always comes with words of its own; without them the counter is named.
std::string text_key(Refusal::Reason reason) {
    if (reason == Refusal::Reason::storage || reason == Refusal::Reason::unsure)
        return refusal_key(reason) + ".text";
    if (reason == Refusal::Reason::rule) return "refusal.counter";
    return refusal_key(reason);
}

// What to do instead, and what became of what was typed.
std::string_view note_key(const Refusal& refusal) {
    if (refusal.reason == Refusal::Reason::unsure) return "unsure.note";
    return refusal.can_go_back ? "common.kept" : "refusal.counter";
}

std::string_view foot_key(const Scene& scene) {
    return scene.session.waiting.empty() ? "goodbye.foot" : "goodbye.foot.stored";
}

// Only what was laid down or given is named: nobody looks for a card that was never shown.
std::string goodbye_title(const session::Taken& taken) {
    if (taken.card && (taken.papers || taken.receipt)) return "goodbye.title";
    if (taken.card) return "goodbye.title.card";
    return taken.papers ? "goodbye.title.papers" : "goodbye.title.receipt";
}

// What the reader and the camera still see comes first.
std::string goodbye_sub(const session::Taken& taken, bool card_on_reader, bool papers_lie) {
    if (card_on_reader && papers_lie) return "goodbye.sub.both";
    if (papers_lie) return "goodbye.sub.paper";
    if (card_on_reader) return "goodbye.sub.card";
    if (taken.card && taken.papers) return "goodbye.sub";
    if (taken.card) return "goodbye.sub.reader";
    return taken.papers ? "goodbye.sub.papers" : "goodbye.sub.receipt";
}

std::string button_key(Signal signal) {
    if (signal == Signal::back) return "refusal.back";
    if (signal == Signal::another_matter) return "refusal.home";
    return "common.understood";
}

std::string_view button_icon(Signal signal) {
    if (signal == Signal::back) return "arrow-start";
    if (signal == Signal::another_matter) return "home";
    return "ok";
}

// Who confirms at the counter has still to go there, accepted or not.
std::string_view result_sub(const session::Visit& visit, bool is_accepted) {
    if (session::ends_at_counter(visit)) return "result.counter.sub";
    // "Nothing more to do" above "note this number" would not be true.
    if (visit.receipt_state == session::ReceiptState::not_printed) return "result.paper.sub";
    if (visit.supplement && is_accepted) return "result.papers.sub";
    return is_accepted ? "result.accepted.sub" : "result.stored.sub";
}

std::vector<screens::NextStep> next_steps(const Scene& scene, bool is_accepted) {
    std::vector<screens::NextStep> steps;
    if (session::ends_at_counter(scene.visit()))
        steps.push_back({"counter", scene.say("result.counter.next"), ""});
    for (const auto& line : left_open(scene)) steps.push_back({"counter", line, ""});
    if (!is_accepted)
        steps.push_back(
            {"lock", scene.say("result.stored.network"), scene.say("result.stored.kept")});
    for (const auto& line : scene.visit().matter->next)
        steps.push_back({"ok", scene.say.of(line), ""});
    return steps;
}

// Why there is none, and what to do instead.
void set_paper_problem(const Scene& scene, screens::ResultModel& model) {
    const auto state = scene.facts.printer;
    model.paper = note(scene, NoteModel::Kind::info, "result.paper");
    model.paper->icon = "paper-out";
    if (const auto reason = printer::resident_key(state); !reason.empty())
        model.paper->text =
            scene.say("result.paper.because", {{"reason", std::string(scene.say(reason))}});
    model.staff = scene.say(state == printer::State::paper_out ? "result.paper.staff"
                                                               : "result.printer.staff");
}

void set_receipt(const Scene& scene, screens::ResultModel& model) {
    model.done = scene.say("result.done");
    switch (scene.visit().receipt_state) {
    case session::ReceiptState::none: break;
    case session::ReceiptState::printing:
        model.receipt =
            scene.say(printer::resident_key(scene.facts.printer).empty()
                          ? "result.receipt.printing"
                          : printer::resident_key(scene.facts.printer)); // it waits for somebody
        break;
    case session::ReceiptState::printed: model.receipt = scene.say("result.receipt"); break;
    case session::ReceiptState::not_printed:
        set_paper_problem(scene, model);
        model.done = scene.say("result.noted");
        break;
    }
}

} // namespace

WaysOn ways_on(const Refusal& refusal) {
    if (refusal.can_go_back) return {Signal::back, Signal::another_matter};
    // Nothing can be received now: another matter would not be either.
    if (is_of_storage(refusal)) return {Signal::done, std::nullopt};
    return {Signal::another_matter, Signal::done};
}

screens::ScreenModel result(const Scene& scene) {
    const auto& visit = scene.visit();
    const bool is_accepted = visit.delivery == session::Delivery::accepted;
    screens::ResultModel model;
    model.frame = frame(scene);
    using Kind = screens::ResultModel::Kind;
    model.kind = is_accepted ? Kind::accepted : Kind::stored;
    // Papers for a request: it is accepted already, what is new is that they arrived.
    model.title = scene.say(!is_accepted       ? "result.stored"
                            : visit.supplement ? "result.papers"
                                               : "result.accepted");
    model.sub = scene.say(result_sub(visit, is_accepted));
    model.number_label = scene.say(is_accepted ? "result.number" : "result.number.stored");
    const auto number = plain_number(visit.receipt);
    model.number = printer::in_groups_of_four(number).view();
    model.time = base::to_local_minutes(visit.received_at);
    model.qr = qr_modules(number);
    model.qr_label = scene.say("result.qr");
    model.next_title = scene.say("result.next");
    model.next = next_steps(scene, is_accepted);
    set_receipt(scene, model);
    if (scene.session.card && scene.facts.card_on_reader)
        model.card = NoteModel{NoteModel::Kind::info, "card", "", scene.say("result.card")};
    model.foot = scene.say(is_accepted ? "receipt.ask" : "result.stored.ask", office_values(scene));
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
    model.icon = is_of_storage(refusal) ? "lock" : "counter";
    model.title = scene.say(key + ".title");
    auto values = office_values(scene);
    const auto number = plain_number(refusal.number);
    values.emplace_back("number", printer::in_groups_of_four(number).view());
    model.text = refusal.fault ? scene.say(refusal.fault->key, refusal.fault->values)
                               : scene.say(text_key(refusal.reason), values);
    model.note = NoteModel{NoteModel::Kind::info, "", "", scene.say(note_key(refusal), values)};
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
    const auto& taken = scene.session.taken;
    const bool is_left_lying = taken.card && scene.facts.card_on_reader;
    const bool papers_lie = scene.session.desk == session::DeskSight::occupied;
    const bool is_only_paper = papers_lie && !is_left_lying;
    model.title = scene.say(is_only_paper ? "goodbye.title.papers" : goodbye_title(taken));
    model.sub = scene.say(goodbye_sub(taken, is_left_lying, papers_lie));
    // Without a receipt the picture is of the card: the one thing that must not stay here.
    model.card_on_reader = is_left_lying || (taken.card && !taken.receipt);
    model.has_picture = (model.card_on_reader || taken.receipt) && !is_only_paper;
    model.foot = scene.say(foot_key(scene));
    model.done = scene.say("goodbye.done");
    if (scene.session.rating != session::Rating::none) {
        model.thanks = NoteModel{NoteModel::Kind::success, "", "", scene.say("rate.thanks")};
    } else if (session::asks_for_rating(scene.session)) {
        model.rate = scene.say("rate.title");
        model.good = scene.say("rate.good");
        model.fair = scene.say("rate.fair");
        model.poor = scene.say("rate.poor");
    }
    model.first = scene.view.first;
    return model;
}

// While everything is overwritten nobody can do anything; it takes less than a second.
screens::ScreenModel wiping(const Scene& scene) {
    screens::GoodbyeModel model;
    model.frame = frame(scene);
    model.has_picture = false;
    model.title = scene.say("goodbye.title.plain");
    model.card_on_reader = false;
    model.foot = scene.say(foot_key(scene));
    return model;
}

} // namespace present
