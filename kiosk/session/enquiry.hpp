// What somebody asks of the platform without filling in a form: how far is my request, withdraw it
// again, what is due for me. Moves nothing by itself; session.cpp says when.
//
// An enquiry lives in Session::enquiry from the first digit to home or to the end of the visit.
// Nothing here can carry a free text of the platform: states and reasons are closed lists whose
// words stand in the content set, a to-do is a matter of the active set and a day (G11).
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"
#include "kiosk/base/secret.hpp"
#include "kiosk/session/moves.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace session {

struct Session;
struct Input;

enum class ReceiptState : std::uint8_t { none, printing, printed, not_printed };

// Twelve characters (outbox::receipt_length, DESIGN §5); the tail of a telephone number.
inline constexpr std::size_t number_length = 12;
inline constexpr std::size_t phone_tail_length = 4;
// After so many proofs that did not fit, staff help; the platform pauses a number after five.
inline constexpr int wrong_proof_limit = 3;

// How somebody shows that a request is theirs. The ids of `proof`.
enum class Proof : std::uint8_t { none, phone_tail, card };
inline constexpr std::string_view proof_card = "card";
inline constexpr std::string_view proof_phone = "phone";
inline constexpr std::string_view proof_none = "none"; // an anonymous report has nobody's

// Where a request is (spec platform-api §3). `waiting`: safe on this kiosk, not yet sent.
enum class RequestState : std::uint8_t {
    waiting,
    accepted,
    in_review,
    needs_papers,
    done,
    refused,
    withdrawn,
    expired,
};
std::string_view to_string(RequestState state);
std::optional<RequestState> request_state_from(std::string_view name); // as the platform spells it

struct Stage {
    RequestState state = RequestState::accepted;
    base::Date on{};
    bool operator==(const Stage&) const = default;
};

struct RequestStatus {
    std::string matter;            // id; perhaps none of the active set
    std::vector<Stage> stages;     // oldest first; the last one is where it is now
    std::optional<base::Date> due; // by when the next stage is expected
    std::string reason;            // refused, needs_papers: a code; empty: none was given
    std::string request;           // what a withdrawal names; empty: cannot be withdrawn (any more)
    std::string papers; // what papers brought now name; empty: none are wanted, or not from here

    const Stage& now() const { return stages.back(); }
};

struct Todo {
    std::string matter; // id of the active set
    base::Date due{};
    bool operator==(const Todo&) const = default;
};

// What came of holding something before the camera. Words for each; typing stays possible.
enum class Shown : std::uint8_t {
    nothing,
    other_code, // a QR code that is no receipt's
    several,    // more than one receipt: which one is meant?
    too_long,   // nothing within receipt_look_limit
};

// Why there is no answer to show.
enum class Trouble : std::uint8_t {
    unreachable,    // no network, or the platform is busy
    slow,           // nothing within answer_limit, or withdrawal_limit
    unknown_number, // neither the platform nor this kiosk knows it
    wrong_proof,    // it does not fit to the number
    too_many,       // too many that did not fit, here or at the platform
    too_late,       // it cannot be withdrawn any more
};
std::string_view to_string(Trouble trouble);

struct Enquiry {
    enum class About : std::uint8_t { progress, todos };
    About about = About::progress;
    bool brings_papers = false; // came with papers for the request: what became of them is said
    base::SecretText number;    // of the receipt, without hyphens, as typed so far
    base::SecretText phone_tail;
    Shown shown = Shown::nothing;
    Proof proof = Proof::none;
    bool withdraws = false; // what is asked now is a withdrawal
    // The card was read for what is asked or shown now, and has not been spoken of otherwise.
    bool card_may_go = false;
    // Names one question: the answer to another one, which came too late, is refused.
    std::uint64_t serial = 0;
    std::optional<RequestStatus> status;
    std::vector<Todo> todos;
    std::optional<Trouble> trouble;
    std::optional<base::Errc> device_problem; // of the card reader
    bool card_did_not_fit = false;            // to this number: another one is to be laid down
    ReceiptState copy = ReceiptState::none;   // printed again, marked as a copy
};

// All characters so far; a text that cannot be part of one is refused.
struct EntryInput {
    base::SecretText text;
};
// What QR codes before the camera say, each once: a stranger's bytes. Only the twelve characters of
// a receipt number, exactly as a receipt carries them, are taken; nothing else of it is kept or
// shown.
struct CodesInput {
    std::vector<base::SecretText> payloads;
};
struct StatusInput {
    std::uint64_t serial = 0;
    RequestStatus status;
};
struct TodosInput {
    std::uint64_t serial = 0;
    std::vector<Todo> todos;
};
// not_found, unauthorised (the proof), locked (paused), conflict (too late); any other code means
// that the platform could not be reached.
struct AskFailedInput {
    std::uint64_t serial = 0;
    base::Errc code = base::Errc::unreachable;
};

// The check character fits, and there are as many as there must be.
bool is_whole_number(const Enquiry& enquiry);
// Trying again may help: the question was right, nobody answered it.
bool can_ask_again(Trouble trouble);
// Withdrawn by the person whose card lies there, the same day, and only where the platform says so.
bool can_withdraw(const Enquiry& enquiry);

// Papers can be added here and now: the request waits for them, the person has shown that it is
// theirs, and the content set has a form for it.
bool can_add_papers(const Session& session);

// ---- for session.cpp ----

// Steps that belong to an enquiry.
constexpr bool is_enquiry_step(Step step) {
    return step == Step::number || step == Step::show_receipt || step == Step::proof ||
           step == Step::phone_tail || step == Step::show_card || step == Step::asking ||
           step == Step::status || step == Step::withdraw || step == Step::unanswered ||
           step == Step::todos;
}
// `instead`: a card was shown in this visit already, what is due is asked for at once.
void begin_enquiry(Session& session, Enquiry::About about, std::optional<Step>& instead);
// Codes come again and again while something lies there: only a change is somebody's doing.
bool is_news(const Enquiry& enquiry, const CodesInput& codes);
// What a signal brings to an enquiry step. False: refused. `instead`: where it leads, where that is
// not what the table says.
bool hear_enquiry(Session& session, Input& input, std::optional<Step>& instead);

} // namespace session
