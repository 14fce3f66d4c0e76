// `kiosk audit verify`: is the audit chain whole, and if not, which row is the first bad one? For
// whoever stands at a terminal, on the kiosk or over a copy of its folder.
#pragma once

#include "kiosk/app/commands.hpp"
#include "kiosk/staff/audit_check.hpp"

#include <string>

namespace staff {

struct VerifyOptions {
    std::string known_head;  // --head: "ROW:DIGEST", or a file that holds a head as JSON
    std::string certificate; // --certificate: PEM of the device; empty: the configuration's
};

// 0: whole, and signed by this kiosk. 1: not whole, not proven, or not there. 2: --head makes no
// sense.
int verify_audit_chain(const app::CommonOptions& common, const VerifyOptions& options);

// "17:6f1d…" or a file with {"row": 17, "digest": "6f1d…"} at its top or under "audit": a
// head.json, or the last heartbeat as the platform keeps it. Errors: invalid_input, not_found, io.
base::Result<KnownHead> read_known_head(const std::string& text);

} // namespace staff
