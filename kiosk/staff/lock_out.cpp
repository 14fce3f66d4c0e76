#include "kiosk/staff/lock_out.hpp"

namespace staff {

LockOut::LockOut(const Kept& kept, base::MonotonicTime now) {
    for (const auto& [id, count] : kept.failures)
        until_[id] = count >= pin_tries ? now + lock_time : now;
    if (kept.failures_of_others >= pin_tries) others_until_ = now + lock_time;
}

std::optional<base::MonotonicTime> LockOut::until(const std::string& id,
                                                  base::MonotonicTime now) const {
    const auto known = until_.find(id);
    const auto end = known == until_.end() ? others_until_ : std::optional(known->second);
    return end && now < *end ? end : std::nullopt;
}

void LockOut::begin(const std::string& id, base::MonotonicTime now) {
    until_[id] = now + lock_time;
}

// Called only while the id is not locked: a count at the limit is one whose lock is over.
void LockOut::count_try(Kept& kept, const std::string& id) const {
    const int before = failures(kept, id);
    kept.failures[id] = before >= pin_tries ? 1 : before + 1;
}

void LockOut::clear(Kept& kept, const std::string& id) {
    if (kept.failures_of_others > 0)
        kept.failures[id] = 0; // or it would be one of the others again
    else
        kept.failures.erase(id);
}

int LockOut::failures(const Kept& kept, const std::string& id) {
    const auto known = kept.failures.find(id);
    return known == kept.failures.end() ? kept.failures_of_others : known->second;
}

int LockOut::locked_ids(const Kept& kept) {
    int locked = kept.failures_of_others >= pin_tries ? 1 : 0;
    for (const auto& [id, count] : kept.failures) locked += count >= pin_tries ? 1 : 0;
    return locked;
}

} // namespace staff
