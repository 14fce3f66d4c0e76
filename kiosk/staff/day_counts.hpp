// What each member of staff did on a day, as one row of the audit chain when the day is over (spec
// safeguards G9). Until then the counts live in the desk's file.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/staff/audit.hpp"
#include "kiosk/staff/desk_state.hpp"

namespace staff {

enum class Deed : std::uint8_t { witnessed, assisted, document_seen, logged_in, pin_failed };

// One more deed of this id, durable when it returns. When a day that is over has not been closed
// yet, because its rows could not be written, the deed counts for that day: nothing is lost and
// nothing counts twice. CHECKs that `id` is one. Errors: as DeskState::change.
base::Result<void> count(DeskState& state, base::Date today, std::string_view id, Deed what);

// When the counts are of another day than `today`: one row for each id that did something, then the
// counts begin anew. May be called at any time, at least when the program starts and when the day
// changes; what an error or a power cut leaves undone is done by the next call, and nothing is
// written twice. One caller at a time. Success says whether a day was closed. Errors: as
// AuditChain::append and DeskState::change.
base::Result<bool> close_day(AuditChain& audit, DeskState& state, base::Date today);

} // namespace staff
