#include "kiosk/session/enquiry.hpp"

#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/session/session.hpp"

#include <algorithm>
#include <array>

namespace session {
namespace {

constexpr std::array states{
    std::pair{RequestState::waiting, std::string_view("waiting")},
    std::pair{RequestState::accepted, std::string_view("accepted")},
    std::pair{RequestState::in_review, std::string_view("in-review")},
    std::pair{RequestState::needs_papers, std::string_view("needs-papers")},
    std::pair{RequestState::done, std::string_view("done")},
    std::pair{RequestState::refused, std::string_view("refused")},
    std::pair{RequestState::withdrawn, std::string_view("withdrawn")},
    std::pair{RequestState::expired, std::string_view("expired")},
};

Trouble trouble_of(base::Errc code) {
    if (code == base::Errc::not_found) return Trouble::unknown_number;
    if (code == base::Errc::unauthorised) return Trouble::wrong_proof;
    if (code == base::Errc::locked) return Trouble::too_many;
    if (code == base::Errc::conflict) return Trouble::too_late;
    return Trouble::unreachable;
}

// The question goes out; or no more, where too many proofs did not fit.
Step ask(Session& session) {
    auto& enquiry = *session.enquiry;
    enquiry.device_problem.reset();
    enquiry.trouble.reset();
    if (session.wrong_proofs >= wrong_proof_limit) {
        enquiry.trouble = Trouble::too_many;
        return Step::unanswered;
    }
    enquiry.serial = ++session.questions;
    return Step::asking;
}

// A card that was read in this visit need not be laid down anew: the reader does not read it a
// second time while it lies there. One that did not fit to the number is asked for again.
bool has_card(const Session& session) {
    return session.card && !session.enquiry->card_did_not_fit;
}

bool take_entry(Session& session, Input& input) {
    auto* entry = std::get_if<EntryInput>(&input.payload);
    if (entry == nullptr) return false;
    auto& enquiry = *session.enquiry;
    const bool is_number = session.step == Step::number;
    const auto longest = is_number ? number_length : phone_tail_length;
    const std::string_view taken = is_number ? outbox::receipt_alphabet : "0123456789";
    const auto fits = [taken](char c) { return taken.find(c) != taken.npos; };
    const auto text = entry->text.view();
    if (text.size() > longest || !std::all_of(text.begin(), text.end(), fits)) return false;
    if (is_number) enquiry.card_did_not_fit = false; // to another number it may
    enquiry.shown = Shown::nothing;
    (is_number ? enquiry.number : enquiry.phone_tail) = std::move(entry->text);
    return true;
}

// The receipts among the codes, each once.
std::vector<const base::SecretText*> receipts_in(const std::vector<base::SecretText>& payloads) {
    std::vector<const base::SecretText*> receipts;
    for (const auto& payload : payloads) {
        const auto is_same = [&](const auto* each) { return *each == payload; };
        if (outbox::is_valid_receipt_number(payload) &&
            std::none_of(receipts.begin(), receipts.end(), is_same))
            receipts.push_back(&payload);
    }
    return receipts;
}

// A code of something else beside a receipt does not matter: it lies on the desk, or on the same
// paper.
bool take_codes(Session& session, const Input& input, std::optional<Step>& instead) {
    const auto* codes = std::get_if<CodesInput>(&input.payload);
    if (codes == nullptr || codes->payloads.empty()) return false;
    auto& enquiry = *session.enquiry;
    const auto receipts = receipts_in(codes->payloads);
    if (receipts.size() == 1) {
        enquiry.number = *receipts.front();
        enquiry.shown = Shown::nothing;
        enquiry.card_did_not_fit = false;
        return true;
    }
    enquiry.shown = receipts.empty() ? Shown::other_code : Shown::several;
    instead = Step::stay;
    return true;
}

bool choose_proof(Session& session, const Input& input, std::optional<Step>& instead) {
    const auto* choice = std::get_if<ChoiceInput>(&input.payload);
    if (choice == nullptr) return false;
    auto& enquiry = *session.enquiry;
    enquiry.card_may_go = false;
    if (choice->id == proof_card) {
        enquiry.proof = Proof::card;
        if (has_card(session)) instead = ask(session);
        return true;
    }
    if (choice->id != proof_phone && choice->id != proof_none) return false;
    enquiry.proof = choice->id == proof_phone ? Proof::phone_tail : Proof::none;
    instead = enquiry.proof == Proof::none ? ask(session) : Step::phone_tail;
    return true;
}

// Whoever shows a card here is the person at the kiosk: a matter that follows need not ask again.
bool take_card(Session& session, Input& input, std::optional<Step>& instead) {
    auto* card = std::get_if<CardInput>(&input.payload);
    if (card == nullptr) return false;
    session.taken.card = true;
    session.enquiry->card_may_go = true;
    if (!session.card || session.card->id_number != card->values.id_number)
        session.remembered.clear(); // another person's
    session.card = std::move(card->values);
    instead = ask(session);
    return true;
}

bool take_status(Session& session, Input& input) {
    auto* answer = std::get_if<StatusInput>(&input.payload);
    auto& enquiry = *session.enquiry;
    if (answer == nullptr || answer->serial != enquiry.serial || answer->status.stages.empty() ||
        enquiry.about != Enquiry::About::progress)
        return false;
    enquiry.status = std::move(answer->status);
    enquiry.withdraws = false;
    enquiry.copy = ReceiptState::none;
    return true;
}

// A matter that is not in the active set cannot be named, and cannot be begun here (G11).
bool take_todos(Session& session, Input& input) {
    auto* answer = std::get_if<TodosInput>(&input.payload);
    auto& enquiry = *session.enquiry;
    if (answer == nullptr || answer->serial != enquiry.serial ||
        enquiry.about != Enquiry::About::todos)
        return false;
    enquiry.todos = std::move(answer->todos);
    std::erase_if(enquiry.todos, [&](const Todo& todo) {
        return session.content->matter(todo.matter) == nullptr;
    });
    std::stable_sort(enquiry.todos.begin(), enquiry.todos.end(),
                     [](const Todo& a, const Todo& b) { return a.due < b.due; });
    return true;
}

bool take_failure(Session& session, const Input& input) {
    const auto* failure = std::get_if<AskFailedInput>(&input.payload);
    auto& enquiry = *session.enquiry;
    if (failure == nullptr || failure->serial != enquiry.serial) return false;
    enquiry.trouble = trouble_of(failure->code);
    if (enquiry.trouble != Trouble::wrong_proof) return true;
    enquiry.phone_tail.clear();
    enquiry.card_did_not_fit = enquiry.card_did_not_fit || enquiry.proof == Proof::card;
    if (++session.wrong_proofs >= wrong_proof_limit) enquiry.trouble = Trouble::too_many;
    return true;
}

// One copy for each look: whoever wants another asks again.
bool order_copy(Enquiry& enquiry) {
    if (!enquiry.status || enquiry.copy != ReceiptState::none) return false;
    enquiry.copy = ReceiptState::printing;
    return true;
}

bool note_copy(Session& session, ReceiptState state) {
    if (session.enquiry->copy != ReceiptState::printing) return false;
    session.enquiry->copy = state;
    session.taken.receipt = session.taken.receipt || state == ReceiptState::printed;
    return true;
}

bool ask_again(Session& session, std::optional<Step>& instead) {
    if (!session.enquiry->trouble || !can_ask_again(*session.enquiry->trouble)) return false;
    instead = ask(session);
    return true;
}

bool go_on(Session& session, std::optional<Step>& instead) {
    const auto& enquiry = *session.enquiry;
    if (session.step == Step::number) return is_whole_number(enquiry);
    if (session.step == Step::unanswered) return ask_again(session, instead);
    if (enquiry.phone_tail.size() != phone_tail_length) return false;
    instead = ask(session);
    return true;
}

bool withdraw(Session& session, std::optional<Step>& instead) {
    if (!can_withdraw(*session.enquiry)) return false;
    session.enquiry->withdraws = true;
    instead = ask(session);
    return true;
}

bool note_card_problem(Enquiry& enquiry, const Input& input) {
    const auto* code = std::get_if<base::Errc>(&input.payload);
    if (code == nullptr) return false;
    enquiry.device_problem = *code;
    return true;
}

// Where it leads from the steps that have several ways in. After a withdrawal whose end nobody
// knows the state is asked anew, not shown as it was before.
Step way_back(const Session& session) {
    const auto& enquiry = *session.enquiry;
    if (enquiry.about == Enquiry::About::todos) return Step::home;
    if (session.step == Step::show_card) return Step::proof;
    if (enquiry.withdraws || enquiry.trouble == Trouble::wrong_proof) return Step::proof;
    return Step::number;
}

bool go_back(Session& session, std::optional<Step>& instead) {
    auto& enquiry = *session.enquiry;
    const bool has_several = session.step == Step::show_card || session.step == Step::unanswered;
    if (has_several) instead = way_back(session);
    enquiry.device_problem.reset();
    enquiry.shown = Shown::nothing;
    enquiry.trouble.reset();
    enquiry.withdraws = false;
    return true;
}

} // namespace

std::string_view to_string(RequestState state) {
    for (const auto& [each, name] : states)
        if (each == state) return name;
    return "unknown";
}

std::optional<RequestState> request_state_from(std::string_view name) {
    for (const auto& [state, each] : states)
        if (each == name && state != RequestState::waiting) return state;
    return std::nullopt;
}

std::string_view to_string(Trouble trouble) {
    switch (trouble) {
    case Trouble::unreachable: return "unreachable";
    case Trouble::slow: return "slow";
    case Trouble::unknown_number: return "unknown-number";
    case Trouble::wrong_proof: return "wrong-proof";
    case Trouble::too_many: return "too-many";
    case Trouble::too_late: return "too-late";
    }
    return "unreachable";
}

bool is_whole_number(const Enquiry& enquiry) {
    return outbox::is_valid_receipt_number(enquiry.number);
}

bool can_ask_again(Trouble trouble) {
    return trouble == Trouble::unreachable || trouble == Trouble::slow;
}

bool can_withdraw(const Enquiry& enquiry) {
    return enquiry.proof == Proof::card && enquiry.status && !enquiry.status->request.empty();
}

// By the card, or by the number alone where the request knows nobody (spec matters, add-papers).
bool can_add_papers(const Session& session) {
    const auto& enquiry = session.enquiry;
    if (!enquiry || !enquiry->status || enquiry->status->papers.empty()) return false;
    const bool is_shown = enquiry->proof == Proof::none ||
                          (enquiry->proof == Proof::card && session.card.has_value());
    return is_shown && enquiry->status->now().state == RequestState::needs_papers &&
           session.content->form(content::papers_matter) != nullptr;
}

void begin_enquiry(Session& session, Enquiry::About about, std::optional<Step>& instead) {
    auto& enquiry = session.enquiry.emplace();
    enquiry.about = about;
    if (about == Enquiry::About::progress) return;
    enquiry.proof = Proof::card;
    if (has_card(session)) instead = ask(session);
}

bool is_news(const Enquiry& enquiry, const CodesInput& codes) {
    return enquiry.shown == Shown::nothing || receipts_in(codes.payloads).size() == 1;
}

bool hear_enquiry(Session& session, Input& input, std::optional<Step>& instead) {
    auto& enquiry = *session.enquiry;
    const auto signal = input.signal;
    if (signal == Signal::entry_changed) return take_entry(session, input);
    if (signal == Signal::go_on) return go_on(session, instead);
    if (signal == Signal::way_chosen) return choose_proof(session, input, instead);
    if (signal == Signal::card_read) return take_card(session, input, instead);
    if (signal == Signal::card_problem) return note_card_problem(enquiry, input);
    if (signal == Signal::status_answered) return take_status(session, input);
    if (signal == Signal::todos_answered) return take_todos(session, input);
    if (signal == Signal::ask_failed) return take_failure(session, input);
    if (signal == Signal::codes_seen) return take_codes(session, input, instead);
    if (signal == Signal::show_receipt) enquiry.shown = Shown::nothing;
    if (signal == Signal::look_due) enquiry.shown = Shown::too_long;
    if (signal == Signal::answer_due) enquiry.trouble = Trouble::slow;
    if (signal == Signal::print_copy) return order_copy(enquiry);
    if (signal == Signal::withdraw) {
        enquiry.card_may_go = false;
        return can_withdraw(enquiry);
    }
    if (signal == Signal::withdraw_confirmed) return withdraw(session, instead);
    if (signal == Signal::add_papers) {
        enquiry.card_may_go = false;
        return can_add_papers(session);
    }
    if (signal == Signal::back) return go_back(session, instead);
    if (signal == Signal::receipt_printed) return note_copy(session, ReceiptState::printed);
    if (signal == Signal::receipt_problem) return note_copy(session, ReceiptState::not_printed);
    return true;
}

} // namespace session
