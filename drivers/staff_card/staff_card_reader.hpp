// The reader for staff cards: a contact reader beside the one for identity cards. A staff card
// holds two P-256 keys that never leave it: one signs, one agrees on a secret.
//
// Says what the card answers and judges nothing: whose card it is, and whether that person may do
// anything, is decided in kiosk/staff. One caller at a time, from one thread, except for look().
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/digest.hpp"
#include "kiosk/base/secret.hpp"

#include <array>
#include <stop_token>

namespace drivers {

// What can be seen from outside.
struct StaffCardPlace {
    enum class State : std::uint8_t {
        no_reader,     // unplugged, or the service that owns it is not running
        empty,         // no card
        one_card,      // one card; what it is only asking it tells
        several_cards, // cards in more than one reader: nobody can tell which one is meant
    };
    State state = State::no_reader;
    // Another number after every insertion and removal, so that a card that was exchanged between
    // two looks is noticed.
    std::uint64_t change = 0;
    bool operator==(const StaffCardPlace&) const = default;
};

// An uncompressed point of the curve P-256: 0x04, x, y (SEC 1, 2.3.3).
using P256Point = std::array<std::uint8_t, 65>;
// r and s, 32 bytes each, most significant byte first.
using P256Signature = std::array<std::uint8_t, 64>;
// The x coordinate that both sides reach (SP 800-56A, 5.7.1.2). Good for nothing without the PIN.
using P256Secret = base::Secret<std::array<std::uint8_t, 32>>;

class StaffCardReader {
public:
    virtual ~StaffCardReader() = default;

    // Waits until what can be seen differs from `last`, at most `patience`, and says what it is
    // then. Never fails: whatever is wrong with the reader is State::no_reader.
    virtual StaffCardPlace look(const StaffCardPlace& last, base::Milliseconds patience,
                                std::stop_token stop) = 0;

    // Has the card sign a digest. Does not ask for a PIN. Takes at most the answer limit per
    // command (staff_card.hpp), whatever the card does.
    // Errors: no_card, card_removed (pulled while it worked), unsupported (a card that is none of
    // ours), timed_out (silent), bad_frame (answers that make no sense), unplugged (the reader).
    virtual base::Result<P256Signature> sign(const base::Sha256& digest) = 0;

    // Has the card agree on a secret with the holder of `point`'s private key. Errors: as sign().
    virtual base::Result<P256Secret> agree(const P256Point& point) = 0;
};

} // namespace drivers
