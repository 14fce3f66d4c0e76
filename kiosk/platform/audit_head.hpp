// The last row of a kiosk's audit chain, signed by the device: what the heartbeat carries and the
// platform remembers (spec reliability P12; kiosk/staff/audit.md).
#pragma once

#include "kiosk/base/digest.hpp"
#include "kiosk/platform/sealing.hpp"

#include <cstdint>

namespace platform {

struct AuditHead {
    std::uint64_t row = 0; // number of the last row, from 1
    base::Sha256 digest{}; // of that row's line, without the newline
    base::Bytes signature; // of the device over audit_head_statement()
    bool operator==(const AuditHead&) const = default;
};

// What is signed: "kiosk-audit-head/1", the row and the digest in hex, each ended by a newline.
// Names no kiosk: the key that signs does.
std::string audit_head_statement(std::uint64_t row, const base::Sha256& digest);

// Errors: io.
base::Result<AuditHead> sign_audit_head(std::uint64_t row, const base::Sha256& digest,
                                        const KeyPair& device);
// Errors: unauthorised (not signed by this device), unsupported (not a P-256 certificate).
base::Result<void> check_audit_head(const AuditHead& head, const Certificate& device);

} // namespace platform
