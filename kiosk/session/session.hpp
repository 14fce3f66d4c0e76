// One person at the kiosk, from the first touch to the wipe: a value, and one pure function that
// moves it.
//
// apply() reads no clock, no disk, no device and no randomness: time comes in as a fact, everything
// else goes out as an effect (DESIGN D5). Everything personal lies in base::SecretText and
// base::SecretBytes, in the locked arena.
#pragma once

#include "drivers/scanner/gate.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/picture.hpp"
#include "kiosk/base/secret.hpp"
#include "kiosk/content/content_set.hpp"
#include "kiosk/forms/answers.hpp"
#include "kiosk/forms/prefill.hpp"
#include "kiosk/session/enquiry.hpp"
#include "kiosk/session/moves.hpp"
#include "kiosk/staff/standing.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace session {

// ---- limits (DESIGN §5) ----

inline constexpr auto idle_limit = std::chrono::seconds(120);
inline constexpr auto long_idle_limit = std::chrono::seconds(180); // card, scan and signature steps
inline constexpr auto idle_answer_limit = std::chrono::seconds(45);
inline constexpr int more_time_limit = 10;
// How long "sending" waits before the result is shown as received: the budget of any interactive
// call to the platform (spec platform-api §2, prefill).
inline constexpr auto answer_limit = std::chrono::seconds(3);
// A withdrawal is two such calls: it is carried out, and the state behind it is asked.
inline constexpr auto withdrawal_limit = 2 * answer_limit;
// How long the camera looks for a receipt, from the last touch (chosen: time to find the slip in a
// bag); behind it the page for typing comes back with words.
inline constexpr auto receipt_look_limit = std::chrono::seconds(60);
// Goodbye shows nothing personal and ends by itself (chosen: time to lift a card unhurried).
inline constexpr auto goodbye_limit = std::chrono::seconds(30);
// Papers that were left are asked for so long from its beginning. Chosen: time to turn round and
// come back; and nobody waits behind a camera that is mistaken.
inline constexpr auto papers_limit = std::chrono::seconds(60);
// Whoever goes while the camera has not said anything yet. Chosen: it has opened by then.
inline constexpr auto desk_look_limit = std::chrono::seconds(3);

// Names one session. Every job carries it; an answer for another session is dropped.
using Ticket = std::uint64_t;

// What the kiosk says counts as activity for so long after the last thing a person did (G24).
// Chosen: the longest page, read slowly, with time to think; and nobody's session stays open by
// itself.
inline constexpr auto speaking_limit = std::chrono::seconds(300);

// Steps of volume and rate of the voice.
inline constexpr int voice_steps = 5;
inline constexpr int text_sizes = 4;

// How the screen looks and sounds. Back to default when the session ends.
struct Display {
    int text_size = 1; // 0 small, 1 standard, 2 large, 3 largest
    enum class Theme : std::uint8_t { light, contrast_light, contrast_dark };
    Theme theme = Theme::light;
    bool low_reach = false;
    // unwanted: switched off by the person; keys and headphones do not switch it on again.
    enum class Voice : std::uint8_t { off, on, unwanted };
    Voice voice = Voice::off;
    int volume = voice_steps / 2; // 0 to voice_steps - 1
    int rate = voice_steps / 2;
    bool operator==(const Display&) const = default;
};

// A page or a signature as it will be sent, and a small picture of it for the screen.
struct StoredPage {
    std::string media_type;                         // "image/jpeg" or "image/png"
    std::shared_ptr<const base::SecretBytes> bytes; // shared with the job that seals it
    std::shared_ptr<const base::Picture> preview;
    int dpi = 0; // of a page that was found and flattened; 0: a picture as it is
    // What is wrong with it, worst first: the person said to use it anyway. Goes with the request.
    std::vector<drivers::ScanReason> flaws = {};
};

// How the paper under the camera lies, calmed down for words: one state at a time.
struct PageSight {
    enum class State : std::uint8_t {
        unknown, // the camera has not looked yet
        nothing, // no sheet; `flaw` where the picture itself says why
        flawed,  // `flaw` says what to do about it
        moving,  // nothing wrong, not still yet
        still,   // about to be taken
        taken,   // the sheet that was taken already
        again,   // to be taken again: when it has moved, or by the button
    };
    State state = State::unknown;
    std::optional<drivers::Flaw> flaw = {};
    bool operator==(const PageSight&) const = default;
};

// Goodbye: what the camera says of the desk. unseen: nothing yet; unclear: nobody can tell.
enum class DeskSight : std::uint8_t { unseen, empty, occupied, unclear };

// One stroke: x, y from 0 to 1, from the board's left top.
struct InkPoint {
    float x = 0;
    float y = 0;
};
using Strokes = std::vector<std::vector<InkPoint, base::SecretAllocator<InkPoint>>>;

enum class Delivery : std::uint8_t { none, received, accepted };

// Why a request was not received, or cannot be finished here.
struct Refusal {
    enum class Reason : std::uint8_t {
        no_papers, // a paper that is needed is not here
        declined,  // a declaration that is needed was declined
        rule,      // a rule of the matter ends it; `fault` says which
        storage,   // this kiosk cannot keep requests safely now
        unsure,    // the disk failed while it was kept: staff find out by `number`
    };
    Reason reason = Reason::no_papers;
    std::optional<forms::Fault> fault;
    bool can_go_back = false;
    std::string number = {}; // unsure: the receipt number it would have
};

// Ways to go on. The ids also stand in forms (identity methods), but for the document.
inline constexpr std::string_view way_document = "staff-document"; // staff see another document
inline constexpr std::string_view way_witness = "staff-witness";   // staff look at person and card
inline constexpr std::string_view way_counter = "counter-code";    // finished at the counter
inline constexpr std::string_view way_face = "face";               // compared with the card's photo

// Why a face check ended without a pass: for the words on the screen, gone with the visit (G3).
enum class FaceEnd : std::uint8_t {
    not_certain,  // somebody looks; it says nothing about the person
    not_finished, // took too long
    no_photo,     // the photo on the card cannot be compared with
    device,       // the camera or the kiosk itself
};

// Why the way without a card is shown.
enum class NoCard : std::uint8_t {
    asked,        // "I have no card", or it is lost
    inconsistent, // read twice, and its fields contradict each other each time (G18)
};

// What came of asking for what the platform holds. `not_asked`: it may still be offered.
enum class Prefill : std::uint8_t { not_asked, declined, asked, came, nothing, unreachable };
// The consent text of the question.
inline constexpr std::string_view prefill_consent = "prefill.fetch";

// The earlier request that papers are brought for.
struct Supplement {
    std::string request;        // as the platform calls it
    base::SecretText number;    // of its receipt, for the slip
    base::SecretText id_number; // of the card that was shown; empty: the request knows nobody
};

// One matter on its way through the form.
struct Visit {
    const content::Matter* matter = nullptr;
    const forms::Form* form = nullptr;
    // Where `back` leads from the notice: home, group, todos; from the first paper: status.
    Step chosen_at = Step::home;
    std::optional<Supplement> supplement; // papers for an earlier request, and nothing else
    forms::Answers answers;
    std::map<std::uint32_t, StoredPage> pages;
    std::uint32_t next_page = 1;
    std::optional<StoredPage> taken; // page_check: taken, not yet used
    PageSight sight;                 // scan
    // scan: a page is being looked at in full, and who asked for it.
    enum class Taking : std::uint8_t { no, by_itself, by_person };
    Taking taking = Taking::no;
    std::optional<drivers::Flaw> not_taken; // scan: why the last one could not be used
    // The page that is being taken again; the new one will stand in its place.
    std::optional<std::uint32_t> replacing;
    Strokes strokes; // signature, while it is drawn

    std::string field;     // the field that the step is about; empty where it is about none
    bool changing = false; // came from the review: go straight back to it
    std::optional<forms::Fault> fault;
    std::optional<base::Errc> device_problem; // card, scan: what the device said last
    int step_count = 0;                       // "of m": becomes smaller, never larger
    // The applicant's photo as it is on the chip, compressed: only in a matter of level L2, decoded
    // only after consent (G6). It is that of the card read last in this visit (P1): gone as soon as
    // a card is found, when a check is withdrawn or passed, and with the visit.
    std::shared_ptr<const base::SecretBytes> chip_photo;
    bool photo_went = false;                    // it was there, and was dropped since
    std::optional<base::WallTime> face_consent; // for the check that is open now, and no other
    std::optional<FaceEnd> face_end;            // of the last check; said once

    Prefill prefill = Prefill::not_asked;
    base::WallTime prefill_agreed{};
    std::uint64_t prefill_serial = 0; // of Session::questions: an answer to another one is refused

    NoCard no_card = NoCard::asked;
    int contradictions = 0; // in a row, while the present card field is asked
    // What card and PIN of staff are shown for, at `witness` and under `assist`.
    staff::Purpose staff_purpose = staff::Purpose::witness;
    // The applicant's card was read for this witness (or assistance) and still lies there (G9).
    bool person_card_lies = false;
    std::string witnessed_by; // staff ids, empty: nobody
    std::string assisted_by;
    std::string document_by;
    // Whose document it is, as long as the card that confirmed it stays in. What is typed for that
    // person now is typed by staff, or before their eyes; whatever is typed later rests on nothing.
    std::optional<forms::Holder> at_document;

    std::string key;     // idempotency key, once stored
    std::string receipt; // receipt number, once stored
    base::WallTime received_at{};
    Delivery delivery = Delivery::none;
    ReceiptState receipt_state = ReceiptState::none;
    std::optional<Refusal> refusal;

    // Nothing of the card before is compared any more.
    void drop_photo() {
        photo_went = photo_went || chip_photo != nullptr;
        chip_photo.reset();
    }
};

// other_person: somebody else laid a card down, and said so or nobody answered (G21).
enum class EndReason : std::uint8_t { none, done, left, idle, other_person };
// What the person laid down or was given: goodbye names these things and no others.
struct Taken {
    bool card = false;
    bool papers = false;
    bool receipt = false;
    bool any() const { return card || papers || receipt; }
};

// How somebody found the visit (design: optional). Never beside a request, a matter or a person.
enum class Rating : std::uint8_t { none, good, fair, poor };

enum class Assistance : std::uint8_t { none, calling, coming, unreachable };

struct Session {
    Ticket ticket = 1;
    Step step = Step::attract;
    Overlay overlay = Overlay::none;
    base::Language language = base::Language::zh;
    Display display;
    std::shared_ptr<const content::ContentSet> content; // one set from beginning to end (C6)

    std::optional<Visit> visit;
    std::optional<Enquiry> enquiry;
    std::string group; // groups: the one whose matters are shown, by id
    // In this whole session, so that going home and back begins no new count.
    int wrong_proofs = 0;
    std::uint64_t questions = 0; // asked of the platform so far: Enquiry::serial, prefill_serial
    std::optional<forms::CardValues> card; // the applicant's, for this session's next matter
    forms::Remembered remembered;
    staff::Standing staff; // how things stand with the staff card
    base::SecretText pin;  // of staff, while it is typed and checked
    // A staff card came or went since a person last did anything else: once more is no news, so
    // that a loose contact keeps nobody's session open.
    bool staff_card_counted = false;
    bool paper_counted = false; // the same for paper under the camera
    bool was_assisting = false; // `assist` lies under the present overlay
    // The question about another person waits for its answer, under whatever lies over it.
    bool asks_other_person = false;
    Taken taken;
    bool has_received = false; // at least one request of this session is safe
    // Keys of this session's requests that still wait to be sent: goodbye does not say all is gone.
    std::vector<std::string> waiting;
    Rating rating = Rating::none;       // goodbye: said once
    DeskSight desk = DeskSight::unseen; // goodbye
    bool is_going = false;              // goodbye: would be over but for the papers
    bool has_said_done = false;         // goodbye: "I have them", which papers outweigh once

    base::MonotonicTime last_activity{};
    base::MonotonicTime last_touch{}; // the same without what the kiosk itself said
    base::MonotonicTime entered{};    // the step, or the idle question
    int more_time_used = 0;
    Assistance assistance = Assistance::none;
    EndReason end_reason = EndReason::none;
};

// ---- what comes in ----

// `pin_changed`: all digits so far; another text is refused. `staff_changed` brings a
// staff::Standing, `staff_confirmed` a staff::Confirmed.
struct PinInput {
    base::SecretText digits;
};
struct CapturedPage {
    StoredPage page; // with flaws: it may be used anyway, if a person asked for it
};
struct RefusedPage {
    drivers::Flaw why;
};
// `photo`: as it is on the chip, for a matter of level L2 alone; taken nowhere else (G6).
struct CardInput {
    forms::CardValues values;
    std::shared_ptr<const base::SecretBytes> photo = nullptr;
};
struct StoredInput {
    std::string key;
    std::string receipt;
    base::WallTime at;
};
struct NotStoredInput {
    base::Errc code;
    // Of a request that may be kept all the same, and sent by the next start; else empty.
    std::string receipt = {};
};
using StoreAnswer = std::variant<StoredInput, NotStoredInput>;
struct DeliveredInput {
    std::string key;
};
struct AnswerInput {
    forms::Value value;
};
struct PrefillInput {
    std::uint64_t serial = 0;
    std::vector<forms::PlatformValue> values;
};
struct ChoiceInput {
    std::string id; // matter, group, field, way, page number, rating
};
struct SignatureInput {
    StoredPage page;
    int strokes = 0;
};

using Payload =
    std::variant<std::monostate, base::Language, ChoiceInput, AnswerInput, CardInput, CapturedPage,
                 PageSight, RefusedPage, Strokes, SignatureInput, StoredInput, NotStoredInput,
                 DeliveredInput, base::Errc, staff::Standing, PinInput, staff::Confirmed,
                 EntryInput, CodesInput, StatusInput, TodosInput, AskFailedInput, PrefillInput,
                 FaceEnd, DeskSight>;

struct Input {
    Signal signal;
    Payload payload;

    Input(Signal s) : signal(s) {}
    Input(Signal s, Payload p) : signal(s), payload(std::move(p)) {}
};

// Facts that a move may need.
struct World {
    base::MonotonicTime now{};
    base::WallTime wall{};
    bool clock_synchronised = true;
    // The set a new session starts with.
    std::shared_ptr<const content::ContentSet> content;
    // Models, a calibration that holds and a camera are there, and this session has tries left.
    bool can_check_face = false;
    bool has_face_tries = true;

    forms::Today today() const { return {base::local_date(wall), clock_synchronised}; }
};

struct Outcome {
    Session session;
    std::vector<EffectKind> effects;
    bool refused = false; // the signal does not belong here: log it, nothing changed
};

// Moves the session. A signal that the table does not list leaves it unchanged.
Outcome apply(Session session, Input input, const World& world);

// The next moment at which time itself is a signal; nothing while nobody is waited for.
struct Deadline {
    base::MonotonicTime at;
    Signal signal;
};
std::optional<Deadline> next_deadline(const Session& session);

// "Step n of m" for the present step; {0, 0} outside a path.
struct Progress {
    int step = 0;
    int of = 0;
};
Progress progress(const Session& session, const World& world);

// The field that the step is about. Only where there is one.
const forms::Field& current_field(const Visit& visit);
// The pages laid down for the present field, in order.
std::vector<std::uint32_t> pages_of(const Visit& visit, std::string_view field);
// The field is about a card: its sides are laid down one after the other, and sent on one page.
bool is_card_paper(const forms::Field& field);
// True where the person may go on without a page: the field is not required.
bool may_skip(const Session& session, const World& world);

// Whether staff can put their help with this request on record now (overlay `assist`).
enum class AssistOffer : std::uint8_t {
    possible,
    no_person_yet,   // no matter chosen, or nobody's card read for it
    no_card,         // done without a card: staff confirm the document instead
    recorded,        // Visit::assisted_by, for the rest of this request
    takes_no_person, // an L0 matter: nobody is known, so nobody is helped on record
};
AssistOffer assist_offer(const Session& session);

// The terms that the platform is asked for now (forms::platform_terms). None where nothing would be
// offered: no card of the person was read, it contradicts itself, or the content set has no words
// for the question.
std::vector<std::string> prefill_terms(const Session& session, const World& world);

// The ways that `no_card` offers, by id, in order.
std::vector<std::string_view> ways_without_card(const Visit& visit);
// The request is finished at the counter, with the number on the slip: somebody there confirms who
// the person (or the helper) is.
bool ends_at_counter(const Visit& visit);

// The card that is asked for now is the one whose photo a face may be compared with: the
// applicant's, in a matter of level L2. Elsewhere the photo is dropped as the card is read (G6).
bool takes_chip_photo(const Session& session);

// What stands against comparing the applicant's face with the card now.
// Years. Source: order no. 19 of the CAC and MPS of 2025, article 7 (spec reliability P5).
inline constexpr int youngest_alone = 14; // under it nobody is compared, and the guardian applies
enum class FaceOffer : std::uint8_t {
    possible,
    not_here,   // this kiosk cannot, or the form does not ask for it
    no_photo,   // no card was read, or it holds no photo
    card_again, // its photo was dropped: when the card is laid down once more
    other_card, // a helper's card was read behind it (P1)
    too_young,  // under 14 by the card, or the clock is not sure of the date (G16, P5)
    no_tries,   // three in this session, cancelled ones counted (G14)
};
// Full years. Nothing where no card was read, or the clock is not sure of the date.
std::optional<int> age_by_card(const Session& session, const World& world);
FaceOffer face_offer(const Session& session, const World& world);

// The staff ids that stand with a request; empty: nobody. The submission carries `assisted_by`; all
// three go into the audit chain.
struct StaffPart {
    std::string witnessed_by;
    std::string assisted_by;
    std::string document_by;
};
StaffPart staff_part(const Visit& visit);

// The goodbye looks whether papers were left: only where a page was captured (G7, G21).
bool watches_desk(const Session& session);

// The goodbye asks how it was: something was received, and there is something to take meanwhile.
bool asks_for_rating(const Session& session);

std::string_view to_string(EndReason reason);
std::string_view to_string(Rating rating);
std::string_view to_string(AssistOffer offer);
std::string_view to_string(NoCard why);
std::string_view to_string(FaceOffer offer);
std::string_view to_string(FaceEnd why);

} // namespace session
