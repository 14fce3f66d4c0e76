// The district's side of a staff list: a signing key, members, their PINs, signed bytes. For the
// demonstration, the reference platform and tests; never part of a release (DESIGN D13).
//
// Repeatable: the same randomness makes the same list. Takes public points only, as a district
// does: a staff card need not be there when its holder's entry is made.
#pragma once

#include "kiosk/base/random.hpp"
#include "kiosk/staff/roster.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace staff {

// What a district writes down of one card.
struct NewCard {
    drivers::P256Point signs{};
    drivers::P256Point agrees{};
    base::SecretText pin;
    bool is_spare = false;
};

// Version and times of one list; good for the longest time unless told otherwise.
struct RosterTerms {
    std::uint64_t version = 1;
    base::WallTime issued_at{};
    base::Milliseconds life = roster_life;
};

class RosterMaker {
public:
    // Makes the district's key. `random` outlives the maker.
    explicit RosterMaker(base::RandomSource& random);

    // What the kiosk must know to trust the lists made here.
    RosterKey district_key() const { return public_key_; }
    std::string district_key_pem() const; // the same, for a file that a configuration names

    // A card more for this id; a new id becomes a member with these roles (a known one keeps its
    // own). Takes as long as one PIN check (proofs.hpp). CHECKs that the points are points.
    void add(std::string_view id, std::initializer_list<Role> roles, const NewCard& card);
    // The id and all its cards go.
    void remove(std::string_view id);

    Roster roster(const RosterTerms& terms) const;
    std::string json(const RosterTerms& terms) const;
    // One file, as GET /staff/roster answers and `kiosk staff roster` takes.
    base::Bytes signed_roster(const RosterTerms& terms) const;
    // Any text under the district's signature: for lists that are signed and still wrong.
    base::Bytes sign(std::string_view json) const;

private:
    base::RandomSource& random_;
    std::array<std::uint8_t, 32> private_key_{};
    RosterKey public_key_{};
    std::vector<Member> members_;
};

// The text of a roster, whatever it says: the counterpart of parse_roster.
std::string to_json(const Roster& roster);

// What the kiosk compares a PIN with, made without the card: a fresh key pair of which only the
// public point is kept, agreed with the card's public point (roster.md).
PinVerifier make_verifier(std::string_view pin, const drivers::P256Point& agrees,
                          base::RandomSource& random);

} // namespace staff
