// The staff list: who may do what at this kiosk, signed by the district, good for at most seven
// days, usable without a network (spec safeguards G9).
//
// Format, by member: roster.md. Verified over the exact bytes first, parsed afterwards, size limit
// before both. No names: staff are ids.
#pragma once

#include "drivers/staff_card/staff_card_reader.hpp"
#include "kiosk/base/ed25519.hpp"
#include "kiosk/staff/standing.hpp"

#include <vector>

namespace staff {

inline constexpr std::size_t roster_bytes_limit = 512u << 10;
// The signature line ("kiosk-roster/1 ed25519 ", 88 characters, a line break) comes on top.
inline constexpr std::size_t signed_roster_limit = roster_bytes_limit + 23 + 88 + 1;
inline constexpr std::size_t staff_limit = 200; // per kiosk
inline constexpr std::size_t cards_limit = 3;   // per member of staff: the usual one and spares
inline constexpr base::Milliseconds roster_life{std::chrono::hours(7 * 24)}; // G9

// What a PIN is compared with. Without the card nobody can compute `digest`: it is scrypt over PIN
// and the secret that only the card can agree on with `point` (roster.md has the reasoning).
struct PinVerifier {
    std::array<std::uint8_t, 16> salt{};
    drivers::P256Point point{};
    std::array<std::uint8_t, 32> digest{};
};

struct Card {
    drivers::P256Point signs{};  // public key of the signing key
    drivers::P256Point agrees{}; // public key of the agreement key
    PinVerifier pin;
    bool is_spare = false;
};

struct Member {
    std::string id; // "S-1182": [A-Z0-9-]{1,16}
    Roles roles;
    std::vector<Card> cards;
};

struct Roster {
    std::uint64_t version = 0; // only goes up
    base::WallTime issued_at{};
    base::WallTime expires_at{}; // at most roster_life after issued_at
    std::vector<Member> members;
};

// Of the district (`staff.rosterKeys`). Two at once where a key is being replaced.
using RosterKey = base::Ed25519Key;

// `signed_roster` is one file: the signature line, then the JSON (roster.md).
// Errors: too_large, unauthorised (no known key signed these bytes), corrupt (signed, but not a
// roster: names what is wrong, never whom).
base::Result<Roster> read_roster(base::ByteView signed_roster, const std::vector<RosterKey>& keys);

// The part behind the signature: what read_roster does with bytes that it has verified, and the
// fuzzer with any. Errors: too_large, corrupt.
base::Result<Roster> parse_roster(base::ByteView json);

// Is it good now? `sure` is false while the clock is not synchronised; then `known`, the latest
// moment this kiosk has evidence of, decides (spec safeguards G17).
// Errors: timed_out (expired, or issued more than a day from now), conflict (older than
// `least_version`).
struct KnownTime {
    base::WallTime now{};
    bool is_sure = true;
};
base::Result<void> check_roster(const Roster& roster, std::uint64_t least_version, KnownTime time);

} // namespace staff
