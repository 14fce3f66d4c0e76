// What staff do inside a session: the PIN, the applicant's card that must lie on the reader, the
// confirmation. The same at the step `witness` and under the overlay `assist`; session.cpp decides
// what follows.
#pragma once

#include "kiosk/session/session.hpp"

namespace session {

// A card of any kind is in the staff reader.
bool is_in(const staff::Standing& standing);
// The typed PIN stays while it is typed for the same card, and until the answer about it.
bool keeps_pin(const staff::Standing& before, const staff::Standing& after);

// The applicant's card is read anew, for staff to see it on the reader (G9). False for a document,
// and where staff cannot help.
bool reads_for_staff(const Session& session);

// Sets what the witness is about, from the field it is for: a card field means a document.
void begin_witness(Session& session);

// The signals that hear_staff() understands.
bool is_staff_signal(Signal signal);

enum class Heard : std::uint8_t {
    refused,    // does not belong here
    noted,      // said on the screen, nothing follows
    watch,      // the right card lies there: say when it is lifted
    read_again, // the card has to be laid down (again)
    check,      // the PIN with the staff card
    confirmed,  // and the staff id is on record
};
Heard hear_staff(Session& session, Input& input);

} // namespace session
