// Asked of the platform without a form: how far is my request, take it back, what is due for me.
#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/present/receipt.hpp"
#include "kiosk/present/scene.hpp"

#include "printer/document.hpp"

namespace present {
namespace {

using screens::NoteModel;
using session::Enquiry;
using session::RequestState;
using session::Trouble;

const Enquiry& enquiry_of(const Scene& scene) {
    CHECK(scene.session.enquiry.has_value());
    return *scene.session.enquiry;
}

std::string matter_title(const Scene& scene, std::string_view id) {
    const auto* matter = scene.say.content().matter(id);
    return matter == nullptr ? std::string() : scene.say.of(matter->title);
}

std::string state_words(const Scene& scene, RequestState state) {
    return scene.say("state." + std::string(to_string(state)));
}

bool is_over(RequestState state) {
    switch (state) {
    case RequestState::waiting:
    case RequestState::accepted:
    case RequestState::in_review:
    case RequestState::needs_papers: return false;
    case RequestState::done:
    case RequestState::refused:
    case RequestState::withdrawn:
    case RequestState::expired: return true;
    }
    return false;
}

screens::ProgressStage::State mark_of(RequestState state, bool is_now) {
    using Mark = screens::ProgressStage::State;
    if (!is_now || state == RequestState::done) return Mark::done;
    const bool needs_counter = state == RequestState::needs_papers || is_over(state);
    return needs_counter ? Mark::stopped : Mark::now;
}

// Past, present and, while it goes on, the answer that is awaited.
std::vector<screens::ProgressStage> stages_of(const Scene& scene,
                                              const session::RequestStatus& status) {
    std::vector<screens::ProgressStage> stages;
    for (std::size_t i = 0; i < status.stages.size(); ++i) {
        const auto& stage = status.stages[i];
        const bool is_now = i + 1 == status.stages.size();
        stages.push_back({mark_of(stage.state, is_now), state_words(scene, stage.state),
                          day_words(scene, stage.on)});
    }
    if (is_over(status.now().state)) return stages;
    const auto due = status.due ? scene.say("status.due", {{"date", day_words(scene, *status.due)}})
                                : std::string();
    stages.push_back({screens::ProgressStage::State::later, scene.say("state.later"), due});
    return stages;
}

// The words of a code of the platform; of one that nobody knows: the counter can tell.
std::string reason_words(const Scene& scene, std::string_view code) {
    const auto key = "reason." + std::string(code);
    return scene.say(scene.say.content().has_text(key) ? key : "reason.other");
}

// What to do about a paper that is missing depends on how the person asked.
std::string next_key(const Scene& scene, const Enquiry& enquiry, RequestState state) {
    const auto key = "status." + std::string(to_string(state));
    if (state != RequestState::needs_papers) return key;
    if (session::can_add_papers(scene.session)) return key + ".here";
    const bool may_show_card = enquiry.proof == session::Proof::phone_tail &&
                               scene.say.content().form(content::papers_matter) != nullptr;
    return may_show_card ? key + ".card" : key;
}

std::vector<NoteModel> status_notes(const Scene& scene, const Enquiry& enquiry) {
    using session::ReceiptState;
    std::vector<NoteModel> notes;
    const auto& status = *enquiry.status;
    const auto state = status.now().state;
    // Came with papers, and the request waits for none.
    if (enquiry.brings_papers && state != RequestState::needs_papers)
        notes.push_back(note(scene, NoteModel::Kind::info, "status.no-papers"));
    const bool has_reason = state == RequestState::refused || state == RequestState::needs_papers;
    if (has_reason)
        notes.push_back({NoteModel::Kind::info, "help", scene.say("status.reason.title"),
                         reason_words(scene, status.reason), true});
    const bool goes_to_counter = has_reason || state == RequestState::expired;
    notes.push_back({NoteModel::Kind::info, goes_to_counter ? "counter" : "ok",
                     scene.say("status.next.title"),
                     scene.say(next_key(scene, enquiry, state), office_values(scene)), true});
    if (enquiry.copy == ReceiptState::printed)
        notes.push_back({NoteModel::Kind::success, "printer", "", scene.say("status.printed")});
    if (enquiry.copy == ReceiptState::not_printed)
        notes.push_back(
            {NoteModel::Kind::warning, "paper-out", "", scene.say("status.not-printed")});
    return notes;
}

// The beginning of the message keys. What nobody answered of a withdrawal has words of its own: it
// may have been carried out.
std::string trouble_key(const Enquiry& enquiry) {
    const auto trouble = enquiry.trouble.value_or(Trouble::unreachable);
    if (enquiry.withdraws && session::can_ask_again(trouble)) return "trouble.withdraw-unclear";
    return "trouble." + std::string(to_string(trouble));
}

// To those who hear it: what they were told to wait for before they lift the card.
std::string card_done(const Scene& scene) {
    const bool is_wanted = is_heard(scene) && enquiry_of(scene).card_may_go;
    return is_wanted ? scene.say("said.card-done") : std::string();
}

screens::Way proof_way(const Scene& scene, std::string_view id, std::string_view icon) {
    const auto key = "proof." + std::string(id);
    return {
        std::string(id), std::string(icon), scene.say(key + ".title"), scene.say(key), true, ""};
}

} // namespace

std::optional<base::SecretText> entry_after(std::string_view entry, const screens::Typed& typed,
                                            bool is_number) {
    if (!is_number) return pin_after(entry, typed, session::phone_tail_length);
    // Small letters come from a keyboard (development), never from the board.
    const auto character = outbox::normalise_receipt_number(typed.text);
    const bool fits =
        character.size() == 1 && outbox::receipt_alphabet.find(character) != std::string_view::npos;
    if (!fits || entry.size() >= session::number_length) return std::nullopt;
    base::SecretText longer(entry);
    longer.append(character);
    return longer;
}

bool is_entry_ready(const Scene& scene) {
    const auto& enquiry = enquiry_of(scene);
    if (scene.session.step == session::Step::number) return session::is_whole_number(enquiry);
    return enquiry.phone_tail.size() == session::phone_tail_length;
}

EnquiryWays ways_from(const Enquiry& enquiry) {
    using session::Signal;
    const auto trouble = enquiry.trouble.value_or(Trouble::unreachable);
    if (session::can_ask_again(trouble)) return {Signal::go_on, Signal::back};
    if (trouble == Trouble::too_many || trouble == Trouble::too_late)
        return {Signal::call_staff, Signal::back};
    return {Signal::back, Signal::call_staff};
}

screens::ScreenModel number(const Scene& scene) {
    const auto& enquiry = enquiry_of(scene);
    const auto missing = session::number_length - enquiry.number.size();
    const bool is_wrong = missing == 0 && !session::is_whole_number(enquiry);
    screens::ReceiptNumberModel model;
    model.frame = frame(scene);
    model.title = scene.say("number.title");
    model.sub = scene.say("number.sub");
    model.number = enquiry.number;
    model.characters = outbox::receipt_alphabet;
    model.backspace = scene.say("digits.backspace");
    if (is_wrong) model.problem = note(scene, NoteModel::Kind::error, "number.wrong");
    if (enquiry.shown == session::Shown::too_long)
        model.problem = note(scene, NoteModel::Kind::info, "show-receipt.too-long");
    if (!scene.facts.camera_failed) model.camera = scene.say("number.camera");
    model.actions.back = scene.say("common.back");
    model.actions.go_ready = missing == 0 && !is_wrong;
    model.actions.go = missing > 0
                           ? scene.say.counted("number.missing", "missing", std::int64_t(missing))
                           : scene.say(is_wrong ? "number.compare" : "common.go");
    return model;
}

screens::ScreenModel show_receipt(const Scene& scene) {
    screens::ScanModel model;
    model.frame = frame(scene);
    model.title = scene.say("show-receipt.title");
    model.sub = scene.say("show-receipt.sub");
    model.live = scene.facts.live;
    model.waiting = scene.say(scene.facts.camera_ok ? "scan.waiting" : "scan.no-camera");
    model.page = scene.say("show-receipt.by-itself");
    model.hint = scene.say("show-receipt.hint");
    if (!scene.facts.camera_ok)
        model.status = note(scene, NoteModel::Kind::warning, "show-receipt.unplugged");
    else if (enquiry_of(scene).shown == session::Shown::other_code)
        model.status = note(scene, NoteModel::Kind::warning, "show-receipt.other");
    else if (enquiry_of(scene).shown == session::Shown::several)
        model.status = note(scene, NoteModel::Kind::warning, "show-receipt.several");
    model.other_way = scene.say("show-receipt.type");
    model.actions.back = scene.say("common.back");
    return model;
}

screens::ScreenModel proof(const Scene& scene) {
    screens::OtherwayModel model;
    model.frame = frame(scene);
    model.title = scene.say("proof.title");
    model.sub = scene.say("proof.sub");
    model.ways = {proof_way(scene, session::proof_card, "card"),
                  proof_way(scene, session::proof_phone, "phone"),
                  proof_way(scene, session::proof_none, "camera")};
    model.back = scene.say("common.back");
    model.first = scene.view.first;
    return model;
}

screens::ScreenModel phone_tail(const Scene& scene) {
    const auto& tail = enquiry_of(scene).phone_tail;
    const auto missing = session::phone_tail_length - tail.size();
    screens::QuestionDigitsModel model;
    model.frame = frame(scene);
    model.title = scene.say("tail.title");
    model.why = scene.say("tail.sub");
    model.digits = tail;
    model.groups = {int(session::phone_tail_length)};
    model.clear = scene.say("digits.clear");
    model.actions.back = scene.say("common.back");
    model.actions.go_ready = missing == 0;
    model.actions.go = missing > 0
                           ? scene.say.counted("digits.missing", "missing", std::int64_t(missing))
                           : scene.say("common.go");
    return model;
}

screens::ScreenModel show_card(const Scene& scene) {
    const auto& problem = enquiry_of(scene).device_problem;
    screens::CardModel model;
    model.frame = frame(scene);
    model.title = scene.say("card.title");
    model.sub = scene.say(is_heard(scene) ? "card.sub" : "card.sub.silent");
    model.reads_title = scene.say("card.reads.title");
    model.reads = scene.say("show-card.reads");
    model.back = scene.say("common.back");
    set_card_state(scene, problem, model);
    // The other ways stand one page back, not on this one.
    const bool has_other = enquiry_of(scene).about == Enquiry::About::progress;
    if (model.state == screens::CardModel::State::problem && !scene.facts.card_reader_ok)
        model.problem.text =
            scene.say(has_other ? "show-card.other" : "show-card.counter", office_values(scene));
    return model;
}

screens::ScreenModel asking(const Scene& scene) {
    using State = screens::SubmittingLine::State;
    screens::SubmittingModel model;
    model.frame = frame(scene);
    model.said_first = card_done(scene);
    model.title = scene.say(enquiry_of(scene).withdraws ? "asking.title.withdraw" : "asking.title");
    model.sub = scene.say("asking.sub");
    model.lines = {{State::now, scene.say("asking.line")}};
    return model;
}

screens::ScreenModel status(const Scene& scene) {
    const auto& enquiry = enquiry_of(scene);
    CHECK(enquiry.status.has_value());
    const auto& status = *enquiry.status;
    screens::ProgressModel model;
    model.frame = frame(scene);
    model.said_first = card_done(scene);
    model.title = scene.say("home.progress");
    model.sub = scene.say("status.sub");
    model.number_label = scene.say("status.number");
    model.number = printer::in_groups_of_four(plain_number(enquiry.number)).view();
    model.matter = matter_title(scene, status.matter);
    if (!model.matter.empty())
        model.matter =
            scene.say("status.matter", {{"matter", model.matter},
                                        {"date", day_words(scene, status.stages.front().on)}});
    model.stages = stages_of(scene, status);
    model.notes = status_notes(scene, enquiry);
    model.back = scene.say("common.back");
    if (session::can_withdraw(enquiry)) model.withdraw = scene.say("status.withdraw");
    if (enquiry.copy == session::ReceiptState::none && scene.facts.printer_ok)
        model.print = scene.say("status.print");
    if (session::can_add_papers(scene.session)) model.papers = scene.say("status.add-papers");
    model.first = scene.view.first;
    return model;
}

screens::ScreenModel withdraw(const Scene& scene) {
    screens::NoticeMessageModel model;
    model.frame = frame(scene);
    model.icon = "help";
    model.title = scene.say("withdraw.title");
    model.text = scene.say("withdraw.text");
    // Which one: nobody takes back another than they mean.
    const auto& enquiry = enquiry_of(scene);
    CHECK(enquiry.status.has_value());
    const auto number = printer::in_groups_of_four(plain_number(enquiry.number));
    model.note =
        NoteModel{NoteModel::Kind::info, "receipt", matter_title(scene, enquiry.status->matter),
                  scene.say("withdraw.which", {{"number", std::string(number.view())}}), true};
    model.secondary = scene.say("withdraw.yes");
    model.secondary_icon = "cross";
    model.primary = scene.say("withdraw.keep");
    model.primary_icon = "ok";
    return model;
}

screens::ScreenModel unanswered(const Scene& scene) {
    const auto& enquiry = enquiry_of(scene);
    const auto key = trouble_key(enquiry);
    const auto ways = ways_from(enquiry);
    const auto back = [&] {
        if (enquiry.about == Enquiry::About::todos) return scene.say("trouble.home");
        const bool to_proof = enquiry.withdraws || enquiry.trouble == Trouble::wrong_proof;
        return scene.say(to_proof ? "trouble.proof" : "trouble.number");
    };
    const auto label = [&](session::Signal signal) {
        if (signal == session::Signal::go_on) return scene.say("trouble.again");
        return signal == session::Signal::call_staff ? scene.say("out.staff") : back();
    };
    const auto icon = [](session::Signal signal) {
        if (signal == session::Signal::go_on) return "retake";
        return signal == session::Signal::call_staff ? "help" : "arrow-start";
    };
    screens::NoticeMessageModel model;
    model.frame = frame(scene);
    model.icon = session::can_ask_again(enquiry.trouble.value_or(Trouble::unreachable))
                     ? "network-off"
                     : "counter";
    model.title = scene.say(key + ".title");
    model.text = scene.say(key, office_values(scene));
    model.primary = label(ways.primary);
    model.primary_icon = icon(ways.primary);
    model.secondary = label(ways.secondary);
    model.secondary_icon = icon(ways.secondary);
    return model;
}

screens::ScreenModel todos(const Scene& scene) {
    const auto& enquiry = enquiry_of(scene);
    if (enquiry.todos.empty()) {
        screens::ReadingModel none;
        none.frame = frame(scene);
        none.said_first = card_done(scene);
        none.title = scene.say("todos.title");
        none.note = note(scene, NoteModel::Kind::success, "todos.none");
        none.note->is_private = true;
        none.back = scene.say("common.back");
        return none;
    }
    screens::OtherwayModel model;
    model.frame = frame(scene);
    model.said_first = card_done(scene);
    model.title = scene.say("todos.title");
    model.sub = scene.say("todos.sub");
    for (const auto& todo : enquiry.todos) {
        const auto* matter = scene.say.content().matter(todo.matter);
        CHECK(matter != nullptr); // the session keeps no other (G11)
        model.ways.push_back({matter->id, matter->icon, scene.say.of(matter->title),
                              scene.say("todos.due", {{"date", day_words(scene, todo.due)}}), true,
                              ""});
    }
    model.back = scene.say("common.back");
    model.is_private = true;
    model.first = scene.view.first;
    return model;
}

} // namespace present
