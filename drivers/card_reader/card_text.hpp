// The 256 bytes of text on a card, as fields. No I/O.
//
// Four layouts, told apart by the type flag at offset 248; an unknown flag is `unsupported`, never
// a guess. Fields the product does not keep (travel permit number, issues, renewals, nationality,
// the ethnic code) are not looked at.
// Source: spec id-card-reader §§5, 6. Layout Y rests on one source. Not yet verified on hardware.
#pragma once

#include "drivers/card_reader/card.hpp"
#include "kiosk/base/bytes.hpp"

namespace drivers {

struct CardText {
    Card card;
    std::optional<CardRule> broken; // the first rule that does not hold
};

// `text` is the 256-byte text area. `today`: a birth date after it breaks birth_range; nothing when
// the clock is not synchronised. Errors: unsupported (unknown type flag), corrupt (not 256 bytes),
// card_inconsistent (a date or the sex field cannot be understood at all).
base::Result<CardText> read_card_text(base::ByteView text, std::optional<base::Date> today);

// Overwrites the ethnic code where this layout has it; with an unknown type flag, everything.
void drop_ethnic_code(std::span<std::uint8_t> text);

} // namespace drivers
