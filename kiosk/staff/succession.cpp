#include "kiosk/staff/succession.hpp"

#include "kiosk/base/digest.hpp"

namespace staff {

base::Result<Candidate> may_follow(const Kept& kept, base::ByteView signed_roster,
                                   const std::vector<RosterKey>& keys, KnownTime time) {
    auto roster = TRY(read_roster(signed_roster, keys));
    TRY(check_roster(roster, kept.least_roster_version, time));
    auto sha256 = base::sha256_hex(signed_roster);
    const bool is_new = roster.version > kept.least_roster_version;
    if (!is_new && !kept.roster_sha256.empty() && sha256 != kept.roster_sha256)
        return base::Error{base::Errc::conflict, "another staff list of the same version (" +
                                                     std::to_string(roster.version) +
                                                     "); the district must give it a higher one"};
    return Candidate{std::move(roster), std::move(sha256), is_new};
}

} // namespace staff
