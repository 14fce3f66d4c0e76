// Five wrong tries, five minutes (spec safeguards G9, reliability H7), by staff id: what one card
// of a member got wrong counts for all of that member's cards.
//
// The count is kept on disk (desk_state.hpp) and outlives everything; the time is counted here, on
// the monotonic clock, and begins anew with the program. So neither the wall clock nor the power
// switch shortens a lock. After a lock the count begins at nothing again.
#pragma once

#include "kiosk/staff/desk_state.hpp"
#include "kiosk/staff/standing.hpp"

#include <map>
#include <optional>
#include <string>

namespace staff {

class LockOut {
public:
    // Everything that was locked when the program ended is locked from now on.
    LockOut(const Kept& kept, base::MonotonicTime now);

    // Nothing: not locked.
    std::optional<base::MonotonicTime> until(const std::string& id, base::MonotonicTime now) const;
    void begin(const std::string& id, base::MonotonicTime now);

    // Edits for DeskState::change, before the try is looked at: one more; after a right one: none.
    void count_try(Kept& kept, const std::string& id) const;
    static void clear(Kept& kept, const std::string& id);
    static int failures(const Kept& kept, const std::string& id);

    // How many ids, or "others" as one, are over the limit on disk.
    static int locked_ids(const Kept& kept);

private:
    std::map<std::string, base::MonotonicTime> until_;
    std::optional<base::MonotonicTime> others_until_; // ids that the desk state does not name
};

} // namespace staff
