// Which staff list may follow which: the one question that the running kiosk and `kiosk staff
// roster FILE` ask alike.
#pragma once

#include "kiosk/staff/desk_state.hpp"
#include "kiosk/staff/roster.hpp"

#include <string>
#include <vector>

namespace staff {

struct Candidate {
    Roster roster;
    std::string sha256;  // hex, of the whole file
    bool is_new = false; // else: the bytes that were accepted last
};

// Errors: as read_roster and check_roster; conflict also for other bytes under the same version.
base::Result<Candidate> may_follow(const Kept& kept, base::ByteView signed_roster,
                                   const std::vector<RosterKey>& keys, KnownTime time);

} // namespace staff
