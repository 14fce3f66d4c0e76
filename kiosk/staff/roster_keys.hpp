// Whose staff lists this kiosk trusts: Ed25519 public keys of the district, as PEM files that the
// configuration names (`staff.rosterKeys`). Two at once where a key is being replaced.
#pragma once

#include "kiosk/staff/roster.hpp"

#include <string>
#include <vector>

namespace staff {

// Errors: not_found, io, too_large, corrupt (not one Ed25519 public key as PEM, RFC 8410); each
// names the file.
base::Result<std::vector<RosterKey>> load_roster_keys(const std::vector<std::string>& pem_files);

} // namespace staff
