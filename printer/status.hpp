// What a printer's status bytes mean.
//
// Source: spec receipt-printer §4.1, answers to DLE EOT 1 to 4. Clones vary in single bits; a unit
// that is known to differ gets a field in its profile.
// Everything else that comes back is read in answers.hpp.
// not handled: what presenters say (spec §7) beside "a slip is at the mouth", which the driver
// asks.
#pragma once

#include "kiosk/base/bytes.hpp"

#include <span>

namespace printer {

enum class Paper { enough, near_end, out };

struct Status {
    Paper paper = Paper::enough;
    bool is_online = true;
    bool is_cover_open = false;
    bool is_feeding_by_button = false;
    bool has_cutter_error = false;
    bool has_unrecoverable_error = false; // only switching it off and on helps
    bool is_recovering = false;           // by itself, for example a head that is too hot

    bool operator==(const Status&) const = default;
};

// `answers` are the bytes that came for DLE EOT 1, 2, 3, 4. Errors: bad_frame, when a byte lacks
// the fixed bits of such an answer (an ASB packet or a GS r answer in its place).
base::Result<Status> read_status(std::span<const std::uint8_t, 4> answers,
                                 bool near_end_is_inverted = false);

// Can a receipt be started now? Paper near its end can. Errors: paper_out, cover_open, busy
// (recovers by itself: ask again), device (call staff).
base::Result<void> check_ready(const Status& status);

} // namespace printer
