// A reply of a SAM module from a file, for `kiosk card decode` and for support.
#pragma once

#include "drivers/card_reader/card.hpp"
#include "kiosk/base/bytes.hpp"

namespace drivers {

// A recorded reply to `30 01`, raw or as hexadecimal text with any white space, with or without
// other replies before it, in the two-length or three-length form. The way in for `kiosk card
// decode`. Errors: corrupt (no whole reply, or damaged), refused (fingerprint data), the module's
// own answer as for CardReader::read, card_inconsistent (context: the name of the rule),
// unsupported.
base::Result<Card> decode_recorded_reply(base::ByteView bytes,
                                         std::optional<base::Date> today = std::nullopt);

} // namespace drivers
