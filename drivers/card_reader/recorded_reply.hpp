// A reply of a SAM module from a file, for `kiosk card decode` and for support.
#pragma once

#include "drivers/card_reader/card_text.hpp"
#include "kiosk/base/bytes.hpp"

namespace drivers {

// A recorded reply to `30 01`: raw bytes, or hexadecimal text with any white space, commas, colons,
// dashes and `0x`; with or without requests and other replies before it; in the two-length or the
// three-length form. The fields come with the first rule they break, where they break one; the
// photo is dropped. Errors, each with what is wrong with the file: corrupt (none there, cut, or
// damaged), refused (fingerprint data), the module's own answer as for CardReader::read,
// card_inconsistent (a date or the sex cannot be understood at all), unsupported.
base::Result<CardText> decode_recorded_reply(base::ByteView bytes,
                                             std::optional<base::Date> today = std::nullopt);

} // namespace drivers
