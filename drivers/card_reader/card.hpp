// What the product keeps of an identity card, and the rules the fields must obey.
//
// There is no member for the ethnic group, the fingerprint, the card management number or the
// card's serial number: the codec drops them, so nothing behind it can carry them (DESIGN §4
// refusal 3). The photo is no part of a Card either: it comes beside one, and only to whoever asked
// for it (spec safeguards G6). Everything personal lives in the locked arena and is wiped with its
// owner.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/secret.hpp"

#include <optional>
#include <string_view>

namespace drivers {

enum class CardKind {
    resident,         // resident identity card
    residence_permit, // of Hong Kong, Macao and Taiwan residents (type flag J)
    foreigner_2017,   // foreigner's permanent residence card (type flag I)
    foreigner_2023,   // the same, newer layout (type flag Y)
};

// GB/T 2261.1.
enum class Sex { unknown, male, female, not_stated };

// What contradicts what on a card whose checksum is right. Only the name of a rule is ever logged.
enum class CardRule {
    text,           // a character that no text may hold; shown as U+FFFD
    number,         // the number's form, division, birth date or check character
    number_birth,   // birth date in the number differs from the birth field
    number_sex,     // parity in the number differs from the sex field
    birth_range,    // born before 1900, or in the future
    validity_order, // valid to before valid from
};

// Not copyable by accident: a copy of a person is a decision.
struct Card {
    CardKind kind = CardKind::resident;
    base::SecretText name;       // as on the chip; at most 15 UTF-16 units on most cards
    base::SecretText latin_name; // foreigners' cards only
    base::SecretText number;     // 18 characters; 15 on a 2017 foreigner's card
    base::SecretText address;    // empty on foreigners' cards
    base::SecretText issuer;     // empty on foreigners' cards
    base::Secret<Sex> sex;
    base::Secret<base::Date> birth;
    base::Secret<base::Date> valid_from;
    std::optional<base::Secret<base::Date>> valid_to; // nothing = 长期, no end

    // The name fills its field to the last unit, so the chip may have cut it off: the printed card
    // or the platform's record wins, and a comparison must accept a prefix.
    bool name_may_be_cut = false;
    // Set when the same card contradicted itself in the same way twice: old cards exist that do.
    // Go on, but only with a member of staff confirming (spec safeguards G18).
    std::optional<CardRule> staff_should_confirm;

    Card() = default;
    Card(Card&&) = default;
    Card& operator=(Card&&) = default;
    Card(const Card&) = delete;
    Card& operator=(const Card&) = delete;
};

// What becomes of the photo on the chip. `keep` is for a matter of level L2 alone (spec safeguards
// G6); with `drop` its bytes are summed for the checksum and never stored.
enum class Photo { drop, keep };
inline constexpr std::size_t card_photo_size =
    1024; // compressed (WLT); decoding it is not done here

// One card, read once.
struct CardReading {
    Card card;
    base::SecretBytes photo; // card_photo_size bytes with Photo::keep, else empty
};

enum class Validity {
    valid,
    expired,      // a polite outcome of its own, not an error of reading
    not_yet,      // valid from a later day
    to_be_checked // the clock is not synchronised: no rule refuses anybody (spec safeguards G17)
};

// On the day that `clock` shows.
Validity validity(const Card& card, const base::Clock& clock);

// Words for logs, doctor and JSON: "residence_permit", "female", "number_birth", "expired".
std::string_view to_string(CardKind kind);
std::string_view to_string(Sex sex);
std::string_view to_string(CardRule rule);
std::string_view to_string(Validity validity);

} // namespace drivers
