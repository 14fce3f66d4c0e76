// How things stand between the kiosk and a staff card: the one value that screens, the session and
// the staff area share. No name of anybody: staff are ids.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace staff {

enum class Role : std::uint8_t { office_worker, technician, administrator };
inline constexpr std::size_t role_count = 3;

class Roles {
public:
    constexpr Roles() = default;
    constexpr void add(Role role) { bits_ |= std::uint8_t(1u << unsigned(role)); }
    constexpr bool has(Role role) const { return (bits_ & (1u << unsigned(role))) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    bool operator==(const Roles&) const = default;

private:
    std::uint8_t bits_ = 0;
};

// What card and PIN are shown for.
enum class Purpose : std::uint8_t {
    log_in,   // the staff area
    witness,  // this person is the one on the card that lies on the reader
    document, // no readable card: a document of this person was seen
    assist,   // a member of staff helps with this request
};

// What a role may do. One table (standing.cpp); whatever is not listed is refused.
enum class Task : std::uint8_t {
    log_in,
    witness, // also document
    assist,
    duty,     // say that staff are here, or that nobody is
    service,  // out of service, back in service
    paper,    // paper roll replaced
    receipts, // test print, a receipt printed again with a mark
    camera,   // is the document camera set up well?
    clean,    // touch screen off for cleaning
    notice,   // a notice from the fixed list
    roster,   // fetch the staff list now
};
bool may(const Roles& roles, Task task);
Task task_of(Purpose purpose);

// Why the card in the reader does not (yet) speak for anybody. Each has words: `staff.problem.X`.
enum class Problem : std::uint8_t {
    several_cards,  // take one out
    foreign_card,   // not a staff card: a bank card, upside down
    unknown_card,   // a staff card that is not on the list
    card_silent,    // does not answer, or makes no sense
    card_removed,   // pulled in the middle; nothing was counted
    no_roster,      // this kiosk has no staff list yet
    roster_expired, // older than it may be: fetch a new one
    not_allowed,    // this role may not do this
    wrong_pin,
    locked,       // five wrong PINs: until unlock_at
    not_recorded, // the audit chain cannot be written: nothing was done
};
std::string_view to_string(Role role);
std::string_view to_string(Purpose purpose);
std::string_view to_string(Problem problem);

struct Standing {
    enum class State : std::uint8_t {
        no_reader,
        empty,    // insert your card
        reading,  // a card is being asked who it is
        problem,  // `problem` says why this card cannot be used; take it out
        ask_pin,  // `staff` is known; `problem` says what was wrong with the last PIN, if anything
        checking, // card and PIN are being checked
    };
    State state = State::no_reader;
    std::optional<Problem> problem;
    std::string staff; // "S-1182"; ask_pin, checking, and locked
    Roles roles;
    bool is_spare = false;           // the spare card: the other one should be reported lost
    bool clock_is_sure = true;       // false: the list's expiry could not be checked
    int tries_left = 0;              // ask_pin after a wrong PIN
    base::MonotonicTime unlock_at{}; // problem locked
    bool operator==(const Standing&) const = default;
};

// A member of staff whose card signed and whose PIN was right, just now.
struct Confirmed {
    Purpose purpose = Purpose::log_in;
    std::string staff;
    Roles roles;
    bool is_spare = false;
};

// PIN: 6 to 8 digits. Chosen: the range that PIV cards have (SP 800-73-4, part 2, 2.4.3).
inline constexpr std::size_t pin_least = 6;
inline constexpr std::size_t pin_most = 8;
// The enrolment code (enrolment.hpp) has 12 digits.
inline constexpr std::size_t enrolment_digits = 12;
inline constexpr int pin_tries = 5;                                     // G9, H7
inline constexpr base::Milliseconds lock_time{std::chrono::minutes(5)}; // G9, H7

// Who comes in by the enrolment code. No roster may use this id.
inline constexpr std::string_view enrolment_id = "ENROLMENT";

} // namespace staff
