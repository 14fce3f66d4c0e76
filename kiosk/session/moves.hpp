// The table of moves: every step of a session, every signal, and where a signal leads from a step.
//
// One place lists the legal moves; whatever is not listed is refused and logged. The properties at
// the bottom are proved when this header is compiled (DESIGN D5, STYLE §6).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace session {

// Where a session is.
enum class Step : std::uint8_t {
    attract,       // nobody is here: choose a language to begin
    home,          // choose a matter
    groups,        // all matters, by group
    group,         // the matters of one group
    notices,       // what the office makes known
    hours,         // when the office is open
    notice,        // what the matter needs, before anybody shows a card
    card,          // lay a card down: the applicant's, or the agent's
    no_card,       // no readable card: a document shown to staff, or the counter (G18)
    prefill_offer, // shall the platform be asked for what it holds already? (G8)
    fetching,      // it is asked; a few seconds at most
    prefilled,     // is this you? what the card gave, each value contestable
    question,      // one field of the form
    scan,          // lay a page under the camera
    page_check,    // the page as it will be sent
    pages,         // all pages of this field
    identity,      // how to confirm who you are, without a face too
    face_consent,  // may a photo be compared with the one on the card? (P2)
    face_check,    // the person before the camera, for as long as the comparison takes
    witness,       // staff look and confirm with card and PIN: a person's card, or a document
    review,        // check your answers
    declare,       // one consent or declaration at a time
    signature,     // sign on the glass, or at the counter
    submitting,    // being made durable; takes well under a second
    sending,       // durable; waiting a moment for the platform's answer
    result,        // received here, or accepted by the platform; receipt
    refused,       // it was not received: what to do instead

    // Asked of the platform without a form (enquiry.hpp).
    number,       // the number on the receipt
    show_receipt, // the receipt before the document camera, instead of typing
    proof,        // how to show that it is yours
    phone_tail,   // the last digits of the telephone number
    show_card,    // lay the card down, for an enquiry
    asking,       // the platform is asked; a few seconds at most
    status,       // where the request is
    withdraw,     // really take it back?
    unanswered,   // why there is no answer, and what to do
    todos,        // what is due for the person

    goodbye, // take your card and papers
    wipe,    // everything about the visit is being overwritten

    // Not steps: the path of the form decides (route.hpp), or nothing changes.
    forward,
    backward,
    stay,
};

// What lies over the step and leaves it as it is.
// assist: a member of staff inserted a staff card; what they can do here, or why nothing.
// voice: how the kiosk reads aloud.
// other_person: a card that is not the person's was laid down; is this another person? (G21)
enum class Overlay : std::uint8_t {
    none,
    idle,
    leave,
    help,
    language,
    assist,
    voice,
    other_person
};

// What happened: people first, then devices, then time.
enum class Signal : std::uint8_t {
    language_chosen,
    matter_chosen,
    show_groups,
    group_chosen,
    show_notices,
    show_hours,
    ask_progress,
    ask_todos,
    show_receipt,
    entry_changed, // number or telephone tail: the characters typed so far
    print_copy,
    withdraw,
    withdraw_confirmed,
    add_papers, // to the request whose state is shown
    rated,
    go_on,
    back,
    answered,    // a field's value was entered; the step stays until go_on
    contested,   // "this is not right" on a value that was not typed
    change,      // from the review to one field
    another_way, // no card, no page at hand: the way without
    way_chosen,  // how to confirm identity; what to do without a card
    pin_changed, // staff: the digits typed so far
    pin_entered, // staff: the PIN is complete, check it
    agreed,
    declined,
    take_page,
    use_page,
    retake_page,
    add_page,
    delete_page,
    move_page, // one place towards the first
    pages_done,
    drawn, // strokes of the signature so far
    signed_on_glass,
    sign_at_counter,
    another_matter,
    done,
    leave,
    leave_confirmed,
    stay_here, // not leaving after all; still here
    call_staff,
    help_closed,
    choose_language,
    choose_voice,

    card_found, // a card was laid down and is about to be read; whose, nobody knows yet
    card_read,
    card_problem,
    card_lifted,
    page_seen,   // how the paper under the camera lies, where that changed
    page_steady, // it lies still and nothing is wrong with it: take it
    page_captured,
    page_refused, // it was looked at in full, and cannot be taken
    camera_problem,
    codes_seen,      // by the document camera: what QR codes say
    desk_seen,       // by the document camera: whether papers were left lying
    staff_changed,   // how things stand with the staff card; noted everywhere
    staff_confirmed, // the card signed and the PIN was right
    stored,
    store_refused,
    delivered,
    face_passed, // this is the person on the card
    face_ended,  // without a pass: somebody looks instead
    status_answered,
    todos_answered,
    prefill_answered,
    ask_failed,
    receipt_printed,
    receipt_problem,
    wiped,

    idle,         // nothing happened for the step's idle time
    idle_expired, // nobody answered the idle question
    answer_due,   // the platform has had its moment
    look_due,     // what the camera looks for did not come, or was not taken away, in time

    // Move nothing, allowed everywhere: a touch anywhere, how the screen looks, who comes to help.
    staff_coming,
    staff_unreachable,
    touched,
    text_size,
    contrast,
    low_reach,
    listen, // read aloud from now on
    hush,   // not any more
    louder,
    softer,
    faster,
    slower,
    spoke, // the kiosk itself, with sound, as an answer to a person
};

// What is to be done outside. Performed in order, each exactly once.
enum class EffectKind : std::uint8_t {
    start_card, // poll the reader until a card is read or stop_card
    stop_card,
    open_camera,
    capture_page,
    look_again,   // the sheet that was taken may be taken once more
    look_at_desk, // open the camera once more: were papers left lying? No picture on the glass
    close_camera,
    store, // mint key and number, seal, commit to the outbox
    wake_uploader,
    print_receipt,
    print_copy,       // of the receipt whose state was asked
    ask_platform,     // Session::enquiry says what
    ask_prefill,      // what the platform holds of the person, for the form of this visit
    count_rating,     // Session::rating, for the day
    watch_card,       // say when the card leaves the reader; only where a card was shown
    check_pin,        // Session::pin with the staff card, for Visit::staff_purpose
    drop_pin_check,   // whatever is being checked counts for nothing any more
    begin_face_check, // open the face camera, compare with Visit::chip_photo
    end_face_check,   // close it, overwrite everything it brought
    chime,
    call_assistance,
    wipe, // overwrite everything of the session
};

struct Move {
    Step from;
    Signal on;
    Step to;
};

struct OverlayMove {
    Overlay from;
    Signal on;
    Overlay to;
    bool ends = false; // the session ends: goodbye where there is something to take, else wipe
};

// A short list, as a table row can hold it.
struct Effects {
    std::array<EffectKind, 3> kinds{};
    std::uint8_t count = 0;

    constexpr Effects() = default;
    constexpr Effects(EffectKind one) : kinds{one}, count(1) {}
    constexpr Effects(EffectKind one, EffectKind two) : kinds{one, two}, count(2) {}
    constexpr Effects(EffectKind one, EffectKind two, EffectKind three)
        : kinds{one, two, three}, count(3) {}
    constexpr const EffectKind* begin() const { return kinds.data(); }
    constexpr const EffectKind* end() const { return kinds.data() + count; }
    constexpr bool holds(EffectKind kind) const {
        for (const auto each : *this)
            if (each == kind) return true;
        return false;
    }
};

// What entering and leaving a step does outside. Overlays neither leave nor enter a step.
// `start_card` of the witness: only where it is about the card, not about another document.
// `look_at_desk` and its end: only where a page was captured in this session (watches_desk).
struct StepEffects {
    Step step;
    Effects on_enter;
    Effects on_leave;
};

// The same for what lies over a step. Where staff cannot help (assist_offer), the reader is left
// alone.
struct OverlayEffects {
    Overlay overlay;
    Effects on_enter;
    Effects on_leave;
};

inline constexpr std::array moves{
    Move{Step::attract, Signal::language_chosen, Step::home},

    Move{Step::home, Signal::matter_chosen, Step::notice},
    Move{Step::home, Signal::show_groups, Step::groups},
    Move{Step::home, Signal::show_notices, Step::notices},
    Move{Step::home, Signal::show_hours, Step::hours},
    Move{Step::home, Signal::ask_progress, Step::number},
    Move{Step::home, Signal::ask_todos, Step::show_card}, // or asking: a card was shown before
    Move{Step::home, Signal::done, Step::goodbye},

    Move{Step::groups, Signal::group_chosen, Step::group},
    Move{Step::groups, Signal::back, Step::home},
    Move{Step::group, Signal::matter_chosen, Step::notice},
    Move{Step::group, Signal::back, Step::groups},
    Move{Step::notices, Signal::back, Step::home},
    Move{Step::hours, Signal::back, Step::home},

    // Where the table says asking, too many wrong proofs lead to unanswered instead.
    Move{Step::number, Signal::entry_changed, Step::stay},
    Move{Step::number, Signal::go_on, Step::proof}, // the check character fits
    Move{Step::number, Signal::show_receipt, Step::show_receipt},
    Move{Step::number, Signal::back, Step::home},
    Move{Step::show_receipt, Signal::codes_seen, Step::proof}, // or stay: none of a receipt
    Move{Step::show_receipt, Signal::camera_problem, Step::stay},
    Move{Step::show_receipt, Signal::look_due, Step::number},
    Move{Step::show_receipt, Signal::back, Step::number},
    Move{Step::proof, Signal::way_chosen, Step::show_card}, // or phone_tail, or asking
    Move{Step::proof, Signal::back, Step::number},
    Move{Step::phone_tail, Signal::entry_changed, Step::stay},
    Move{Step::phone_tail, Signal::go_on, Step::asking},
    Move{Step::phone_tail, Signal::back, Step::proof},
    Move{Step::show_card, Signal::card_read, Step::asking},
    Move{Step::show_card, Signal::card_problem, Step::stay},
    Move{Step::show_card, Signal::back, Step::backward},
    Move{Step::asking, Signal::status_answered, Step::status},
    Move{Step::asking, Signal::todos_answered, Step::todos},
    Move{Step::asking, Signal::ask_failed, Step::unanswered},
    Move{Step::asking, Signal::answer_due, Step::unanswered},
    Move{Step::status, Signal::print_copy, Step::stay},
    Move{Step::status, Signal::receipt_printed, Step::stay},
    Move{Step::status, Signal::receipt_problem, Step::stay},
    Move{Step::status, Signal::withdraw, Step::withdraw},
    Move{Step::status, Signal::add_papers, Step::forward}, // the camera
    Move{Step::status, Signal::back, Step::number},
    Move{Step::status, Signal::done, Step::goodbye},
    Move{Step::withdraw, Signal::withdraw_confirmed, Step::asking},
    Move{Step::withdraw, Signal::back, Step::status},
    Move{Step::unanswered, Signal::go_on, Step::asking}, // once more
    Move{Step::unanswered, Signal::back, Step::backward},
    Move{Step::todos, Signal::matter_chosen, Step::notice},
    Move{Step::todos, Signal::back, Step::home},

    Move{Step::notice, Signal::go_on, Step::forward}, // papers for a request: number
    Move{Step::notice, Signal::back, Step::backward}, // home, group or todos

    Move{Step::card, Signal::card_found, Step::stay},
    Move{Step::card, Signal::card_read, Step::forward}, // prefill_offer, or prefilled
    Move{Step::card, Signal::card_problem, Step::stay}, // the second contradiction: no_card
    Move{Step::card, Signal::another_way, Step::no_card},
    Move{Step::card, Signal::back, Step::backward},

    Move{Step::no_card, Signal::way_chosen, Step::forward}, // with a document: witness
    Move{Step::no_card, Signal::staff_changed, Step::witness},
    Move{Step::no_card, Signal::back, Step::card},

    // Whatever comes of the question, the visit goes on.
    Move{Step::prefill_offer, Signal::agreed, Step::fetching},
    Move{Step::prefill_offer, Signal::declined, Step::prefilled},
    Move{Step::prefill_offer, Signal::back, Step::backward},
    Move{Step::fetching, Signal::prefill_answered, Step::prefilled},
    Move{Step::fetching, Signal::ask_failed, Step::prefilled},
    Move{Step::fetching, Signal::answer_due, Step::prefilled},

    Move{Step::prefilled, Signal::contested, Step::stay},
    Move{Step::prefilled, Signal::go_on, Step::forward},
    Move{Step::prefilled, Signal::back, Step::backward},

    Move{Step::question, Signal::answered, Step::stay},
    Move{Step::question, Signal::go_on, Step::forward},
    Move{Step::question, Signal::back, Step::backward},

    Move{Step::scan, Signal::take_page, Step::stay},
    Move{Step::scan, Signal::page_seen, Step::stay},
    Move{Step::scan, Signal::page_steady, Step::stay},
    Move{Step::scan, Signal::page_captured, Step::page_check}, // or stay: it has a flaw
    Move{Step::scan, Signal::page_refused, Step::stay},
    Move{Step::scan, Signal::camera_problem, Step::stay},
    Move{Step::scan, Signal::another_way, Step::forward}, // no page: where the field allows it
    Move{Step::scan, Signal::back, Step::backward},
    Move{Step::page_check, Signal::use_page, Step::pages}, // or scan: the card's other side
    Move{Step::page_check, Signal::retake_page, Step::scan},
    Move{Step::pages, Signal::add_page, Step::scan},
    Move{Step::pages, Signal::retake_page, Step::scan}, // the page keeps its place
    Move{Step::pages, Signal::delete_page, Step::stay},
    Move{Step::pages, Signal::move_page, Step::stay},
    Move{Step::pages, Signal::pages_done, Step::forward},
    Move{Step::pages, Signal::back, Step::backward},

    Move{Step::identity, Signal::way_chosen, Step::forward},    // by staff: witness
    Move{Step::identity, Signal::staff_changed, Step::witness}, // where the form offers it
    Move{Step::identity, Signal::back, Step::backward},

    // "Another way" has the rank of "agree": it is the other answer to the same question (P3).
    Move{Step::face_consent, Signal::agreed, Step::face_check},
    Move{Step::face_consent, Signal::declined, Step::identity},
    Move{Step::face_consent, Signal::back, Step::identity},
    Move{Step::face_check, Signal::face_passed, Step::forward},
    Move{Step::face_check, Signal::face_ended, Step::identity},
    Move{Step::face_check, Signal::another_way, Step::identity}, // the consent is taken back (P4)
    Move{Step::face_check, Signal::back, Step::identity},
    Move{Step::face_check, Signal::card_found, Step::card}, // nothing is compared any more (P1)
    Move{Step::face_check, Signal::card_problem,
         Step::stay}, // of a reader; of a card: found before

    Move{Step::witness, Signal::card_found, Step::stay},
    Move{Step::witness, Signal::card_read, Step::stay},
    Move{Step::witness, Signal::card_problem, Step::stay},
    Move{Step::witness, Signal::card_lifted, Step::stay}, // must be laid down again
    Move{Step::witness, Signal::staff_changed, Step::stay},
    Move{Step::witness, Signal::pin_changed, Step::stay},
    Move{Step::witness, Signal::pin_entered, Step::stay},
    Move{Step::witness, Signal::staff_confirmed, Step::forward},
    Move{Step::witness, Signal::back, Step::backward},

    Move{Step::review, Signal::change, Step::forward},
    Move{Step::review, Signal::go_on, Step::forward},
    Move{Step::review, Signal::back, Step::backward},

    Move{Step::declare, Signal::agreed, Step::forward},
    Move{Step::declare, Signal::declined, Step::forward},
    Move{Step::declare, Signal::back, Step::backward},

    Move{Step::signature, Signal::drawn, Step::stay},
    Move{Step::signature, Signal::signed_on_glass, Step::forward},
    Move{Step::signature, Signal::sign_at_counter, Step::forward},
    Move{Step::signature, Signal::back, Step::backward},

    Move{Step::submitting, Signal::stored, Step::sending},
    Move{Step::submitting, Signal::store_refused, Step::refused},

    Move{Step::sending, Signal::delivered, Step::result},
    Move{Step::sending, Signal::answer_due, Step::result},

    Move{Step::result, Signal::delivered, Step::stay},
    Move{Step::result, Signal::receipt_printed, Step::stay},
    Move{Step::result, Signal::receipt_problem, Step::stay},
    Move{Step::result, Signal::card_lifted, Step::stay}, // no more "do not forget your card"
    Move{Step::result, Signal::another_matter, Step::home},
    Move{Step::result, Signal::done, Step::goodbye},

    Move{Step::refused, Signal::another_matter, Step::home},
    Move{Step::refused, Signal::back, Step::backward},
    Move{Step::refused, Signal::done, Step::goodbye},

    Move{Step::goodbye, Signal::rated, Step::stay},     // nobody's visit is known here any more
    Move{Step::goodbye, Signal::desk_seen, Step::stay}, // or wipe: only the papers were waited for
    Move{Step::goodbye, Signal::camera_problem, Step::stay}, // likewise
    Move{Step::goodbye, Signal::card_lifted, Step::wipe},    // or stay: papers were left (G21)
    Move{Step::goodbye, Signal::done, Step::wipe},           // likewise, once
    Move{Step::goodbye, Signal::look_due, Step::wipe},

    Move{Step::wipe, Signal::wiped, Step::attract},
};

inline constexpr std::array overlay_moves{
    OverlayMove{Overlay::none, Signal::idle, Overlay::idle},
    OverlayMove{Overlay::leave, Signal::idle, Overlay::idle},
    OverlayMove{Overlay::help, Signal::idle, Overlay::idle},
    OverlayMove{Overlay::language, Signal::idle, Overlay::idle},
    OverlayMove{Overlay::assist, Signal::idle, Overlay::idle},
    OverlayMove{Overlay::voice, Signal::idle, Overlay::idle},
    OverlayMove{Overlay::idle, Signal::stay_here, Overlay::none},
    OverlayMove{Overlay::idle, Signal::leave_confirmed, Overlay::none, true},
    OverlayMove{Overlay::idle, Signal::idle_expired, Overlay::none, true},

    OverlayMove{Overlay::none, Signal::leave, Overlay::leave},
    OverlayMove{Overlay::help, Signal::leave, Overlay::leave},
    OverlayMove{Overlay::language, Signal::leave, Overlay::leave},
    OverlayMove{Overlay::assist, Signal::leave, Overlay::leave},
    OverlayMove{Overlay::voice, Signal::leave, Overlay::leave},
    OverlayMove{Overlay::leave, Signal::stay_here, Overlay::none},
    OverlayMove{Overlay::leave, Signal::leave_confirmed, Overlay::none, true},

    OverlayMove{Overlay::none, Signal::call_staff, Overlay::help},
    OverlayMove{Overlay::leave, Signal::call_staff, Overlay::help},
    OverlayMove{Overlay::language, Signal::call_staff, Overlay::help},
    OverlayMove{Overlay::idle, Signal::call_staff, Overlay::help},
    OverlayMove{Overlay::help, Signal::call_staff, Overlay::help},
    OverlayMove{Overlay::assist, Signal::call_staff, Overlay::help},
    OverlayMove{Overlay::voice, Signal::call_staff, Overlay::help},
    OverlayMove{Overlay::help, Signal::help_closed, Overlay::none},

    OverlayMove{Overlay::none, Signal::choose_language, Overlay::language},
    OverlayMove{Overlay::leave, Signal::choose_language, Overlay::language},
    OverlayMove{Overlay::help, Signal::choose_language, Overlay::language},
    OverlayMove{Overlay::idle, Signal::choose_language, Overlay::language},
    OverlayMove{Overlay::assist, Signal::choose_language, Overlay::language},
    OverlayMove{Overlay::voice, Signal::choose_language, Overlay::language},
    OverlayMove{Overlay::language, Signal::language_chosen, Overlay::none},
    OverlayMove{Overlay::language, Signal::stay_here, Overlay::none},

    // Not over the idle question, where any press says "I am here".
    OverlayMove{Overlay::none, Signal::choose_voice, Overlay::voice},
    OverlayMove{Overlay::leave, Signal::choose_voice, Overlay::voice},
    OverlayMove{Overlay::help, Signal::choose_voice, Overlay::voice},
    OverlayMove{Overlay::language, Signal::choose_voice, Overlay::voice},
    OverlayMove{Overlay::assist, Signal::choose_voice, Overlay::voice},
    OverlayMove{Overlay::voice, Signal::stay_here, Overlay::none},

    // Somebody inserted a staff card, in a step where staff can be about (may_be_assisted).
    // Whatever lay over the step makes way: most often the resident had called them.
    OverlayMove{Overlay::none, Signal::staff_changed, Overlay::assist},
    OverlayMove{Overlay::help, Signal::staff_changed, Overlay::assist},
    OverlayMove{Overlay::idle, Signal::staff_changed, Overlay::assist},
    OverlayMove{Overlay::leave, Signal::staff_changed, Overlay::assist},
    OverlayMove{Overlay::language, Signal::staff_changed, Overlay::assist},
    OverlayMove{Overlay::voice, Signal::staff_changed, Overlay::assist},
    OverlayMove{Overlay::assist, Signal::staff_changed, Overlay::assist}, // pulled: closes
    OverlayMove{Overlay::assist, Signal::card_found, Overlay::assist},
    OverlayMove{Overlay::assist, Signal::card_read, Overlay::assist},
    OverlayMove{Overlay::assist, Signal::card_problem, Overlay::assist},
    OverlayMove{Overlay::assist, Signal::card_lifted, Overlay::assist},
    OverlayMove{Overlay::assist, Signal::pin_changed, Overlay::assist},
    OverlayMove{Overlay::assist, Signal::pin_entered, Overlay::assist},
    OverlayMove{Overlay::assist, Signal::staff_confirmed, Overlay::assist}, // says: recorded
    OverlayMove{Overlay::assist, Signal::stay_here, Overlay::none},

    // A card of somebody else, where the person's own is asked for (is_other_persons). Whatever lay
    // over the step makes way. What lies over the question gives it back when it closes.
    OverlayMove{Overlay::none, Signal::card_read, Overlay::other_person},
    OverlayMove{Overlay::idle, Signal::card_read, Overlay::other_person},
    OverlayMove{Overlay::leave, Signal::card_read, Overlay::other_person},
    OverlayMove{Overlay::help, Signal::card_read, Overlay::other_person},
    OverlayMove{Overlay::language, Signal::card_read, Overlay::other_person},
    OverlayMove{Overlay::voice, Signal::card_read, Overlay::other_person},
    OverlayMove{Overlay::other_person, Signal::stay_here, Overlay::none}, // no: the same as before
    OverlayMove{Overlay::other_person, Signal::leave_confirmed, Overlay::none, true},
    OverlayMove{Overlay::other_person, Signal::idle_expired, Overlay::none, true},
    OverlayMove{Overlay::other_person, Signal::leave, Overlay::leave},
    OverlayMove{Overlay::other_person, Signal::call_staff, Overlay::help},
    OverlayMove{Overlay::other_person, Signal::choose_language, Overlay::language},
    OverlayMove{Overlay::other_person, Signal::choose_voice, Overlay::voice},
    OverlayMove{Overlay::other_person, Signal::staff_changed, Overlay::assist},
};

inline constexpr std::array step_effects{
    StepEffects{Step::card, EffectKind::start_card, EffectKind::stop_card},
    StepEffects{Step::show_card, EffectKind::start_card, EffectKind::stop_card},
    StepEffects{Step::asking, EffectKind::ask_platform, {}},
    StepEffects{Step::fetching, EffectKind::ask_prefill, {}},
    StepEffects{
        Step::witness, EffectKind::start_card, {EffectKind::stop_card, EffectKind::drop_pin_check}},
    // A card that is laid down meanwhile is noticed: nobody is compared with the one before.
    StepEffects{Step::face_check,
                {EffectKind::begin_face_check, EffectKind::start_card},
                {EffectKind::end_face_check, EffectKind::stop_card}},
    StepEffects{Step::scan, EffectKind::open_camera, EffectKind::close_camera},
    StepEffects{Step::show_receipt, EffectKind::open_camera, EffectKind::close_camera},
    StepEffects{Step::submitting, EffectKind::store, {}},
    StepEffects{Step::sending, EffectKind::wake_uploader, {}},
    StepEffects{
        Step::result, {EffectKind::print_receipt, EffectKind::watch_card}, EffectKind::stop_card},
    StepEffects{Step::goodbye,
                {EffectKind::chime, EffectKind::watch_card, EffectKind::look_at_desk},
                {EffectKind::stop_card, EffectKind::close_camera}},
    StepEffects{Step::wipe, EffectKind::wipe, {}},
};

inline constexpr std::array overlay_effects{
    OverlayEffects{Overlay::assist,
                   EffectKind::start_card,
                   {EffectKind::stop_card, EffectKind::drop_pin_check}},
    // No card is asked for while a person is asked; after a "no" the step below asks for its again.
    OverlayEffects{Overlay::other_person, EffectKind::stop_card, {}},
};

std::string_view to_string(Step step);
std::string_view to_string(Overlay overlay);
std::string_view to_string(Signal signal);
std::string_view to_string(EffectKind kind);

// ---- properties ----

inline constexpr std::size_t step_count = std::size_t(Step::wipe) + 1;

constexpr bool is_step(Step step) {
    return std::size_t(step) < step_count;
}

// Nobody is here, or nobody can do anything for the moment: no idle question, nothing to leave.
constexpr bool asks_nobody(Step step) {
    return step == Step::attract || step == Step::submitting || step == Step::sending ||
           step == Step::wipe;
}

// A staff card that is inserted here opens `assist`. Behind the last question nothing is left to
// help with, and where staff confirm anyway (no_card, identity, witness) the card does just that.
constexpr bool may_be_assisted(Step step) {
    switch (step) {
    case Step::home:
    case Step::groups:
    case Step::group:
    case Step::notices:
    case Step::hours:
    case Step::number:
    case Step::show_receipt:
    case Step::proof:
    case Step::phone_tail:
    case Step::show_card:
    case Step::asking:
    case Step::status:
    case Step::withdraw:
    case Step::unanswered:
    case Step::todos:
    case Step::notice:
    case Step::card:
    case Step::prefill_offer:
    case Step::fetching:
    case Step::prefilled:
    case Step::question:
    case Step::scan:
    case Step::page_check:
    case Step::pages:
    case Step::identity: // of a form that offers no witness
    case Step::face_consent:
    case Step::review:
    case Step::declare:
    case Step::signature: return true;
    case Step::attract:
    case Step::no_card:
    case Step::witness:
    case Step::face_check: // a second face before the camera
    case Step::submitting:
    case Step::sending:
    case Step::result:
    case Step::refused:
    case Step::goodbye:
    case Step::wipe:
    case Step::forward:
    case Step::backward:
    case Step::stay: return false;
    }
    return false;
}

namespace properties {

constexpr bool moves_are_unambiguous() {
    for (std::size_t i = 0; i < moves.size(); ++i)
        for (std::size_t k = i + 1; k < moves.size(); ++k)
            if (moves[i].from == moves[k].from && moves[i].on == moves[k].on) return false;
    for (std::size_t i = 0; i < overlay_moves.size(); ++i)
        for (std::size_t k = i + 1; k < overlay_moves.size(); ++k)
            if (overlay_moves[i].from == overlay_moves[k].from &&
                overlay_moves[i].on == overlay_moves[k].on)
                return false;
    return true;
}

constexpr bool leads(Step from, Signal on, Step to) {
    for (const auto& move : moves)
        if (move.from == from && move.on == on && move.to == to) return true;
    return false;
}

constexpr bool overlay_leads(Overlay from, Signal on, Overlay to, bool ends) {
    for (const auto& move : overlay_moves)
        if (move.from == from && move.on == on && move.to == to && move.ends == ends) return true;
    return false;
}

inline constexpr std::array overlays{Overlay::none,  Overlay::idle,        Overlay::leave,
                                     Overlay::help,  Overlay::language,    Overlay::assist,
                                     Overlay::voice, Overlay::other_person};

// The idle question lies over any step and any other overlay, and its expiry ends the session; so
// does that of the question about another person.
constexpr bool idleness_ends_every_session() {
    for (const auto overlay : overlays) {
        const bool expires = overlay == Overlay::idle || overlay == Overlay::other_person;
        if (expires && !overlay_leads(overlay, Signal::idle_expired, Overlay::none, true))
            return false;
        if (!expires && !overlay_leads(overlay, Signal::idle, Overlay::idle, false)) return false;
    }
    return true;
}

constexpr bool can_leave_from_everywhere() {
    return overlay_leads(Overlay::none, Signal::leave, Overlay::leave, false) &&
           overlay_leads(Overlay::help, Signal::leave, Overlay::leave, false) &&
           overlay_leads(Overlay::language, Signal::leave, Overlay::leave, false) &&
           overlay_leads(Overlay::assist, Signal::leave, Overlay::leave, false) &&
           overlay_leads(Overlay::voice, Signal::leave, Overlay::leave, false) &&
           overlay_leads(Overlay::other_person, Signal::leave, Overlay::leave, false) &&
           overlay_leads(Overlay::leave, Signal::leave_confirmed, Overlay::none, true) &&
           overlay_leads(Overlay::idle, Signal::leave_confirmed, Overlay::none, true);
}

constexpr bool can_call_staff_from_everywhere() {
    for (const auto overlay : overlays)
        if (!overlay_leads(overlay, Signal::call_staff, Overlay::help, false)) return false;
    return true;
}

// A session ends in wipe and nowhere else, and after wipe nobody is here.
constexpr bool only_wipe_leads_to_attract() {
    for (const auto& move : moves)
        if (move.to == Step::attract && move.from != Step::wipe) return false;
    return leads(Step::wipe, Signal::wiped, Step::attract);
}

constexpr bool has_effect(Step step, EffectKind kind) {
    for (const auto& row : step_effects)
        if (row.step == step && row.on_enter.holds(kind)) return true;
    return false;
}

constexpr bool is_ended_on_leaving(EffectKind begins, EffectKind ends) {
    for (const auto& row : step_effects)
        if (row.on_enter.holds(begins) && !row.on_leave.holds(ends)) return false;
    for (const auto& row : overlay_effects)
        if (row.on_enter.holds(begins) && !row.on_leave.holds(ends)) return false;
    return true;
}

// The document camera opens where paper is laid down and nowhere else, and the receipt only after a
// press (spec safeguards G7); and once more at the goodbye, to see whether paper was left (G21):
// only where a page was captured in this session, which session_desk_test proves.
constexpr bool camera_opens_for_paper_alone() {
    for (const auto& row : step_effects) {
        if (row.on_enter.holds(EffectKind::open_camera) && row.step != Step::scan &&
            row.step != Step::show_receipt)
            return false;
        if (row.on_enter.holds(EffectKind::look_at_desk) && row.step != Step::goodbye) return false;
    }
    for (const auto& row : overlay_effects)
        if (row.on_enter.holds(EffectKind::open_camera) ||
            row.on_enter.holds(EffectKind::look_at_desk))
            return false;
    for (const auto& move : moves)
        if (move.to == Step::show_receipt &&
            (move.from != Step::number || move.on != Signal::show_receipt))
            return false;
    return true;
}

// The face camera opens after a "yes" to its own question and nowhere else (spec safeguards G7,
// reliability P2); the other ways are one press away from the question and from the check (P3).
constexpr bool face_camera_opens_after_consent_alone() {
    for (const auto& row : step_effects)
        if (row.on_enter.holds(EffectKind::begin_face_check) && row.step != Step::face_check)
            return false;
    for (const auto& row : overlay_effects)
        if (row.on_enter.holds(EffectKind::begin_face_check)) return false;
    for (const auto& move : moves)
        if (move.to == Step::face_check &&
            (move.from != Step::face_consent || move.on != Signal::agreed))
            return false;
    return leads(Step::face_consent, Signal::declined, Step::identity) &&
           leads(Step::face_check, Signal::another_way, Step::identity) &&
           leads(Step::face_check, Signal::face_ended, Step::identity);
}

// Whoever is compared, a card that is laid down meanwhile ends it (P1).
constexpr bool another_card_ends_the_comparison() {
    return has_effect(Step::face_check, EffectKind::start_card) &&
           leads(Step::face_check, Signal::card_found, Step::card);
}

// Whoever waits for a device has a way on without it.
constexpr bool no_device_is_a_dead_end() {
    return leads(Step::card, Signal::another_way, Step::no_card) &&
           leads(Step::no_card, Signal::way_chosen, Step::forward) &&
           leads(Step::witness, Signal::back, Step::backward) &&
           overlay_leads(Overlay::assist, Signal::stay_here, Overlay::none, false) &&
           leads(Step::scan, Signal::another_way, Step::forward) &&
           leads(Step::show_receipt, Signal::back, Step::number) &&
           leads(Step::show_receipt, Signal::look_due, Step::number) &&
           leads(Step::signature, Signal::sign_at_counter, Step::forward) &&
           leads(Step::goodbye, Signal::done, Step::wipe) &&
           leads(Step::goodbye, Signal::look_due, Step::wipe);
}

// A card of somebody else ends nobody's visit without a question: the answer does, or its absence.
constexpr bool another_card_is_asked_about() {
    for (const auto& move : overlay_moves)
        if (move.on == Signal::card_read && move.ends) return false;
    return overlay_leads(Overlay::none, Signal::card_read, Overlay::other_person, false) &&
           overlay_leads(Overlay::other_person, Signal::stay_here, Overlay::none, false) &&
           overlay_leads(Overlay::other_person, Signal::leave_confirmed, Overlay::none, true);
}

// Lifting a card ends nothing but the goodbye (G21).
constexpr bool lifting_ends_no_visit() {
    for (const auto& move : moves)
        if (move.on == Signal::card_lifted && move.to != Step::stay && move.from != Step::goodbye)
            return false;
    for (const auto& move : overlay_moves)
        if (move.on == Signal::card_lifted && move.ends) return false;
    return true;
}

// "Received" is shown after "stored" alone (spec reliability R5).
constexpr bool result_needs_storage() {
    for (const auto& move : moves) {
        if (move.to == Step::result && move.from != Step::sending) return false;
        if (move.to == Step::sending &&
            (move.from != Step::submitting || move.on != Signal::stored))
            return false;
    }
    return true;
}

// Whoever waits for the platform gets an answer, or words, within a known time, and can go back.
constexpr bool no_question_is_a_dead_end() {
    return leads(Step::asking, Signal::answer_due, Step::unanswered) &&
           leads(Step::asking, Signal::ask_failed, Step::unanswered) &&
           leads(Step::unanswered, Signal::back, Step::backward) &&
           leads(Step::show_card, Signal::back, Step::backward);
}

// What is due for a person is asked for, by a card, and never goes to paper (G11); a request is
// taken back after a question of its own and in no other way.
constexpr bool only_from(Step from, Signal on) {
    for (const auto& move : moves)
        if (move.on == on && move.from != from) return false;
    return true;
}
constexpr bool only_from(Step from, Step to) {
    for (const auto& move : moves)
        if (move.to == to && move.from != from) return false;
    return true;
}
constexpr bool to_dos_are_asked_for_and_stay_on_glass() {
    return only_from(Step::home, Signal::ask_todos) &&
           leads(Step::home, Signal::ask_todos, Step::show_card) &&
           only_from(Step::asking, Step::todos) && only_from(Step::status, Signal::print_copy) &&
           only_from(Step::withdraw, Signal::withdraw_confirmed);
}

// Papers are added to a request that was just found, by whoever showed that it is theirs.
constexpr bool papers_are_for_a_request_that_was_found() {
    return only_from(Step::status, Signal::add_papers) &&
           leads(Step::status, Signal::add_papers, Step::forward);
}

// The platform is asked about a person only after that person said yes to it (G8), and neither its
// answer nor its silence keeps anybody.
constexpr bool prefill_is_asked_for_and_holds_nobody_up() {
    for (const auto& row : step_effects)
        if (row.on_enter.holds(EffectKind::ask_prefill) && row.step != Step::fetching) return false;
    return only_from(Step::prefill_offer, Step::fetching) &&
           leads(Step::prefill_offer, Signal::agreed, Step::fetching) &&
           leads(Step::prefill_offer, Signal::declined, Step::prefilled) &&
           leads(Step::fetching, Signal::prefill_answered, Step::prefilled) &&
           leads(Step::fetching, Signal::ask_failed, Step::prefilled) &&
           leads(Step::fetching, Signal::answer_due, Step::prefilled);
}

// Said where the visit is over and forgotten already: it cannot be attached to anything.
constexpr bool rating_knows_no_visit() {
    return only_from(Step::goodbye, Signal::rated) &&
           leads(Step::goodbye, Signal::rated, Step::stay);
}

// Agreeing and declining go through the same number of screens.
constexpr bool declining_costs_no_screen() {
    return leads(Step::declare, Signal::agreed, Step::forward) &&
           leads(Step::declare, Signal::declined, Step::forward);
}

constexpr bool every_step_has_a_way_on() {
    for (std::size_t i = 0; i < step_count; ++i) {
        bool has_one = false;
        for (const auto& move : moves)
            has_one = has_one || (move.from == Step(i) && move.to != Step::stay);
        if (!has_one) return false;
    }
    return true;
}

} // namespace properties

static_assert(properties::moves_are_unambiguous());
static_assert(properties::idleness_ends_every_session()); // nobody's data stays on the glass
static_assert(properties::can_leave_from_everywhere());
static_assert(properties::can_call_staff_from_everywhere());
static_assert(properties::only_wipe_leads_to_attract());
static_assert(properties::has_effect(Step::wipe, EffectKind::wipe));
static_assert(properties::is_ended_on_leaving(EffectKind::open_camera, EffectKind::close_camera));
static_assert(properties::is_ended_on_leaving(EffectKind::look_at_desk, EffectKind::close_camera));
static_assert(properties::is_ended_on_leaving(EffectKind::start_card, EffectKind::stop_card));
static_assert(properties::is_ended_on_leaving(EffectKind::watch_card, EffectKind::stop_card));
static_assert(properties::camera_opens_for_paper_alone());
static_assert(properties::is_ended_on_leaving(EffectKind::begin_face_check,
                                              EffectKind::end_face_check));
static_assert(properties::face_camera_opens_after_consent_alone());
static_assert(properties::another_card_ends_the_comparison());
static_assert(properties::no_device_is_a_dead_end());
static_assert(properties::another_card_is_asked_about());
static_assert(properties::lifting_ends_no_visit());
static_assert(properties::result_needs_storage());
static_assert(properties::no_question_is_a_dead_end());
static_assert(properties::to_dos_are_asked_for_and_stay_on_glass());
static_assert(properties::papers_are_for_a_request_that_was_found());
static_assert(properties::prefill_is_asked_for_and_holds_nobody_up());
static_assert(properties::rating_knows_no_visit());
static_assert(properties::declining_costs_no_screen());
static_assert(properties::every_step_has_a_way_on());

} // namespace session
