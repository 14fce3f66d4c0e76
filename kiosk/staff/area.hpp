// The staff area as a value and one pure function that moves it: log-in, the overview, and the few
// pages behind it. Open only while nobody is in a visit.
//
// apply() reads no clock, disk or device: facts come in, effects go out (as kiosk/session does).
// Without a card and a PIN, or the enrolment code, nothing but closing and calling staff has an
// effect.
#pragma once

#include "drivers/scanner/calibration.hpp"
#include "kiosk/base/language.hpp"
#include "kiosk/base/secret.hpp"
#include "kiosk/staff/standing.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace staff {

inline constexpr auto area_idle_limit = std::chrono::minutes(5); // G9, H7: log-out
// chosen: a card left in the slot, and somebody who only wanted to know what is behind the button
inline constexpr auto log_in_idle_limit = std::chrono::seconds(60);
inline constexpr auto clean_time = std::chrono::seconds(30); // chosen: one wipe of the glass
// Chosen: time to stand before the face camera, step aside and look again; nobody's picture stays.
inline constexpr auto face_camera_time = std::chrono::seconds(60);

enum class Page : std::uint8_t {
    closed,      // the resident's screens are shown
    log_in,      // card, then PIN
    enrolment,   // no staff list yet: the enrolment code
    overview,    // who is logged in, what must be done first, counts and ages
    paper,       // paper roll replaced: what to do, then done
    notice,      // pick one of the fixed notices, or none
    printer,     // how the receipt printer is, what it printed last; test print
    reprint,     // pick one of the last receipts to be printed again, marked
    camera,      // is the document camera set up well? marks, a blank sheet, a card
    face_camera, // is the face camera? their own picture while they ask for it (DESIGN §4.1)
    clean,       // touches do nothing for half a minute
};

enum class AreaSignal : std::uint8_t {
    standing,  // how the card stands: payload Standing
    pin,       // what is typed so far: payload SecretText (PIN or enrolment code)
    enter,     // PIN or code is complete
    confirmed, // payload Confirmed
    refused,   // enrolment code: payload Problem
    enrol,     // "there is no staff list yet": to the code
    page,      // payload Page
    duty_on,
    duty_off,
    stop_service,
    resume_service,
    paper_done,
    choose_notice, // payload id; empty: no notice
    print_test,
    reprint_number, // payload: the number that was picked; nothing is printed yet
    reprint,        // payload Language: of the copy
    printed,        // the printer confirmed it
    not_printed,    // it could not
    print_marks,
    look_at_marks, // what lies under the camera now is the marks: check it
    look_at_sheet,
    look_at_card,
    looked,     // the camera gave its picture
    not_looked, // it could not
    show_face,  // open the face camera and show what it sees
    hide_face,
    face_not_shown, // it gives no picture, or must not be opened
    fetch_roster,
    roster_fetched,     // there is a good one now, new or not
    roster_not_fetched, // no answer, or one that cannot be used
    call_staff,         // a colleague, or help for whoever stands before the log-in by mistake
    back,
    leave,   // log out
    failed,  // what was asked for could not be recorded: payload Problem
    touched, // a touch anywhere
    time,    // a deadline has come
    shut,    // a resident's session begins elsewhere, or the program ends
};

enum class AreaEffect : std::uint8_t {
    check_pin,  // Area::pin: hand it over; wiped by the next standing
    check_code, // Area::pin
    // The area has closed, from whatever page: wipe a PIN that is on its way, record the log-out
    // where Area::logged_out names somebody.
    log_out,
    duty_on,
    duty_off,
    stop_service,
    resume_service,
    paper_replaced,
    screen_cleaned,
    ask_printer, // how it is, and what it printed last
    print_test,
    reprint, // Area::reprint_number, with its mark
    print_marks,
    look_at_marks, // open the document camera, check one picture, close it
    look_at_sheet,
    look_at_card,
    ask_face,   // what a face check would find here; the camera stays closed
    show_face,  // open the face camera; until hide_face each of its pictures is shown and forgotten
    hide_face,  // close it and wipe what it showed
    set_notice, // Area::notice
    fetch_roster,
    call_staff,
};

// Why the area closed last.
enum class LogOut : std::uint8_t { none, left, card_pulled, another_card, idle, shut };

enum class Fetch : std::uint8_t { none, running, done, failed };

struct Area {
    Page page = Page::closed;
    Standing standing;
    base::SecretText pin;            // PIN or enrolment code while it is typed
    bool is_entered = false;         // it was handed over; nothing is typed until the answer comes
    std::optional<Confirmed> who;    // logged in
    bool is_enrolled = false;        // by code: no card to be pulled
    std::optional<Problem> problem;  // of the last thing asked for
    base::MonotonicTime unlock_at{}; // enrolment code, problem locked: by then at the latest
    Fetch fetch = Fetch::none;
    Fetch print = Fetch::none;        // of what was printed from here last
    Fetch look = Fetch::none;         // of the last look through the document camera
    Fetch face = Fetch::none;         // running: the face camera is open; done: its time was over
    base::MonotonicTime face_shown{}; // since when it is open
    std::string reprint_number;       // ungrouped
    base::Language reprint_language = base::Language::zh;
    bool is_calling = false;         // staff were called from here
    std::string notice;              // chosen last
    std::string logged_out;          // the staff id of the last log-out, for its record
    LogOut closed_by = LogOut::none; // and its reason
    base::MonotonicTime last_activity{};
    base::MonotonicTime entered{}; // the page
};

struct AreaWorld {
    base::MonotonicTime now{};
    bool nobody_in_visit = true; // the area opens only then, and closes otherwise
    bool takes_enrolment_code = false;
};

using AreaPayload = std::variant<std::monostate, Standing, base::SecretText, Confirmed, Problem,
                                 Page, std::string, base::Language>;

struct AreaInput {
    AreaSignal signal;
    AreaPayload payload;
    AreaInput(AreaSignal s) : signal(s) {}
    // Built in place: g++ 12 takes a variant moved from a temporary for uninitialised.
    template <class Payload>
    AreaInput(AreaSignal s, Payload p) : signal(s), payload(std::move(p)) {}
};

struct AreaOutcome {
    Area area;
    std::vector<AreaEffect> effects;
    bool refused = false; // does not belong here: log it, nothing changed
};

AreaOutcome apply(Area area, AreaInput input, const AreaWorld& world);
// When apply(time) is due; nothing while the area is closed.
std::optional<base::MonotonicTime> next_deadline(const Area& area);
// When what is shown of the time changes: each second while cleaning, each minute otherwise.
std::optional<base::MonotonicTime> next_tick(const Area& area, base::MonotonicTime now);

// May whoever is logged in do this, on this page? What apply() takes and what is shown agree.
bool offers(const Area& area, AreaSignal signal);
bool offers(const Area& area, Page page);

// A card lies in the reader, whatever it is.
bool has_card(const Standing& standing);

std::string_view to_string(Page page);
std::string_view to_string(AreaSignal signal);
std::string_view to_string(AreaEffect effect);
std::string_view to_string(LogOut reason);

// What a face check needs, and how `kiosk doctor` finds it.
enum class FacePart : std::uint8_t { camera, models, calibration, decoder };
enum class PartState : std::uint8_t { there, missing, faulty };
struct FacePartRow {
    FacePart part;
    PartState state;
    bool operator==(const FacePartRow&) const = default;
};
std::string_view to_string(FacePart part);
std::string_view to_string(PartState state);

// One print of a receipt: a number and what became of it, nothing about a person (P13).
struct PrintRow {
    std::string number; // ungrouped
    int copy = 0;       // 0: the receipt itself
    std::string state;  // key: "staff.print.printed"
    std::chrono::seconds age{};
};
inline constexpr int print_rows = 10;

// Everything the overview shows besides who is there: counts, ages, states. Never contents (P13).
struct Overview {
    bool is_closed = false;
    bool is_on_duty = false;
    bool accepting = true;
    bool card_reader_ok = true;
    std::string card_reader_wire; // how it hangs on this machine; empty: not asked yet
    int card_reader_pipes = 0;    // and in which of its forms; 0: there is only one, or not asked
    std::string card_reader_id;   // of its module; empty: it never answered
    std::optional<base::Errc> card_reader_trouble; // the last one
    bool camera_ok = true;
    bool many_checks_failed = false; // ten face checks within an hour, of whoever
    std::vector<drivers::CameraFinding> camera_findings; // since somebody logged in
    std::vector<FacePartRow> face_parts;                 // each once; empty: not asked yet
    bool printer_ok = true;
    std::string printer_state;  // key of its name: "printer.state.paper_out"; empty: not asked
    std::string printer_advice; // key of what to do; empty: nothing
    bool prints_earlier_first = false; // something of an earlier visit comes out first
    std::int64_t paper_mm = 0;         // printed since this kiosk was set up
    std::int64_t roll_mm = 0;          // and from the roll that is in
    std::int64_t cuts = 0;
    std::vector<PrintRow> prints; // the last ones, newest first
    std::string notice;           // id; empty: none
    std::int64_t pending = 0;
    std::int64_t quarantined = 0;    // set aside, with the next two
    std::int64_t refused = 0;        // requests that the platform refused after "received" (G20)
    std::int64_t refused_papers = 0; // the same of papers brought later
    std::optional<std::chrono::seconds> oldest_pending;
    std::optional<std::chrono::seconds> since_contact; // with the platform; nothing: not yet
    bool roster_exists = false;
    bool roster_expired = false;
    std::uint64_t roster_version = 0;
    base::WallTime roster_expires{};
    std::uint64_t audit_rows = 0;
    bool audit_damaged = false;
    std::int64_t content_version = 0;
    bool clock_is_sure = true;
    bool program_outdated = false; // the platform serves newer ones only
};

} // namespace staff
