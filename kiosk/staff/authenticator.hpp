// Who is this card, and is this the right PIN? The kiosk's side of staff log-in (spec safeguards
// G9).
//
// A card is known by its signature over a fresh challenge, never by what it claims. A PIN counts
// only together with the card's signature and the secret that only that card can agree on. Every
// failure is durable before it is told, so that cutting the power gives no free try. Knows no
// screen and no session.
#pragma once

#include "drivers/staff_card/staff_card_reader.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/staff/audit.hpp"
#include "kiosk/staff/desk_state.hpp"
#include "kiosk/staff/roster.hpp"

#include <memory>
#include <mutex>
#include <variant>

namespace staff {

struct AuthenticatorSettings {
    std::string folder; // roster and enrolment code live here; made if it is not there
    std::string kiosk_id;
    std::vector<RosterKey> roster_keys;
};

// Who the card belongs to, as far as its signature tells.
struct CardHolder {
    std::string staff;
    Roles roles;
    int card = 0; // number in the roster
    bool is_spare = false;
    bool clock_is_sure = true;
};

// Something stands against it; the rest of the values are for words.
struct Refusal {
    Problem problem;
    std::string staff;               // whose card it is, where that is known
    int tries_left = 0;              // wrong_pin
    base::MonotonicTime unlock_at{}; // locked
};

// Handed over by the screen, taken once, wiped: a job that waits for a silent card holds no PIN.
class PinSlot {
public:
    void put(base::SecretText pin);
    base::SecretText take();
    void wipe();

private:
    std::mutex mutex_;
    base::SecretText pin_;
};

// What a card signs: SHA-256 over "kiosk-staff/1", the kiosk, what for ("identify" or a Purpose's
// word) and the nonce, each but the last ended by a zero byte. The audit row `confirmed` holds
// nonce and signature, so that anybody with the roster of the day can check it later.
using Nonce = std::array<std::uint8_t, 32>;
base::Sha256 challenge(std::string_view kiosk_id, std::string_view what_for, const Nonce& nonce);

// Chosen: whatever is put into the slot, the six problems that anybody's card can have make at most
// 144 rows a day, under 0.05 MB of the chain.
inline constexpr base::Milliseconds refused_row_pause{std::chrono::hours(1)};

// Called by the staff worker alone, except where it says otherwise.
class Authenticator {
public:
    // Everything outlives it. A roster that is missing or broken is no error: nobody can log in
    // but by enrolment, and standing says why. Errors: io, disk_full.
    static base::Result<std::unique_ptr<Authenticator>> open(AuthenticatorSettings settings,
                                                             const base::Clock& clock,
                                                             base::RandomSource& random,
                                                             AuditWriter& audit, DeskState& state);

    // Asks the card in the reader to sign and finds whose it is.
    std::variant<CardHolder, Refusal> identify(drivers::StaffCardReader& reader);

    // Signature and PIN together, for one purpose; recorded in the audit chain before it is told.
    // `pin` is taken after the card has answered. Another card than `holder`'s: card_removed.
    std::variant<Confirmed, Refusal> confirm(drivers::StaffCardReader& reader,
                                             const CardHolder& holder, PinSlot& pin,
                                             Purpose purpose);

    // A roster that came from the platform or a file: taken over when it is good, and kept.
    // Errors: as read_roster and check_roster, io, disk_full. Success says whether it was new.
    base::Result<bool> take_roster(base::ByteView signed_roster);

    // Facts for the staff area and doctor. Safe from any thread.
    struct RosterFacts {
        bool exists = false;
        bool is_expired = false;
        std::uint64_t version = 0;
        base::WallTime expires_at{};
        std::size_t members = 0;
    };
    RosterFacts roster() const;
    std::uint64_t roster_version() const { return roster().version; }

    // A card that cannot be used, for the audit chain: one row per problem in `refused_row_pause`,
    // so that nobody fills the chain with a bank card. Errors: as AuditWriter::append.
    base::Result<void> note_refused(Problem problem);

    // First installation: 12 digits, given out once by `kiosk staff code` (enrolment.hpp). Good
    // only while this kiosk has never had a roster; five failures lock for five minutes like a PIN.
    // Whoever gives it is a technician with `enrolment_id`. Asking is safe from any thread and
    // touches no disk: it says what the staff worker saw last.
    bool takes_enrolment_code() const;
    // Looks whether there is a code by now: `kiosk staff code` may have made one meanwhile.
    void look_for_enrolment_code();
    std::variant<Confirmed, Refusal> enrol(const base::SecretText& code);

private:
    struct Parts;
    explicit Authenticator(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;

public:
    ~Authenticator();
};

} // namespace staff
