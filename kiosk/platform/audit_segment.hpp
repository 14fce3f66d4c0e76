// A closed piece of a kiosk's audit chain on its way to the platform (platform-api §2,
// kiosk/staff/audit.md): rows as they stand in the file, and the last of them signed as a head is.
#pragma once

#include "kiosk/platform/audit_head.hpp"

#include <string>
#include <vector>

namespace platform {

struct AuditSegment {
    base::Sha256 chain{};          // digest of the chain's first line: which chain this is
    std::uint64_t number = 0;      // from 1, each once and in order
    std::vector<std::string> rows; // lines without the newline, the oldest first
    AuditHead end;                 // of the last of them
};

} // namespace platform
