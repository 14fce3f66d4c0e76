#include "kiosk/platform/audit_head.hpp"

namespace platform {

std::string audit_head_statement(std::uint64_t row, const base::Sha256& digest) {
    return "kiosk-audit-head/1\n" + std::to_string(row) + "\n" + base::to_hex(digest) + "\n";
}

base::Result<AuditHead> sign_audit_head(std::uint64_t row, const base::Sha256& digest,
                                        const KeyPair& device) {
    const auto statement = audit_head_statement(row, digest);
    return AuditHead{row, digest, TRY(sign_detached(base::as_bytes(statement), device))};
}

base::Result<void> check_audit_head(const AuditHead& head, const Certificate& device) {
    const auto statement = audit_head_statement(head.row, head.digest);
    return check_detached(base::as_bytes(statement), head.signature, device);
}

} // namespace platform
