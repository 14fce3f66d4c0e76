// Is an audit chain whole, and if not, which row is the first bad one? Pure, over bytes; and the
// same over the folder of a kiosk, also of one that is running.
#pragma once

#include "kiosk/staff/audit.hpp"

namespace staff {

struct AuditFault {
    // The first bad row, counted by its place in the file, from 1. 0: no row, the head itself.
    std::uint64_t row = 0;
    std::string what; // in words, for whoever ran the command
};

struct AuditReport {
    std::uint64_t rows = 0; // lines of the file, good or bad
    std::optional<AuditFault> fault;
    bool signature_checked = false; // false: nobody said whose signature it must be
    bool is_restarted = false;      // the chain begins with chain_restarted
    int damaged_beside = 0;         // files that were found damaged and put aside
    base::WallTime last_time{};     // the latest time in any row before the fault
};

// A head that somebody else remembers: the platform, from a heartbeat.
struct KnownHead {
    std::uint64_t row = 0;
    base::Sha256 digest{};
};

// `head`: nothing when the file is not there. `device`: whose signature it must carry; nothing: not
// checked. `known`: must be a row of the chain, or an earlier state has been put back.
AuditReport check_audit(base::ByteView chain, std::optional<base::ByteView> head,
                        const platform::Certificate* device,
                        const std::optional<KnownHead>& known = std::nullopt);

// The same, with one more line behind the last whole one of `chain`: a chain of many megabytes is
// checked where it stands.
AuditReport check_audit_with(base::ByteView chain, std::string_view last_line, base::ByteView head,
                             const platform::Certificate* device);

// The same over the files of `folder`; changes nothing there. While a kiosk has the folder open, a
// row that is just being written is waited for, at most a second. Errors: not_found (neither chain
// nor head), too_large, io.
base::Result<AuditReport> verify_audit(const std::string& folder,
                                       const std::optional<platform::Certificate>& device,
                                       const std::optional<KnownHead>& known = std::nullopt);

} // namespace staff
