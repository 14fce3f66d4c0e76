// What the audit chain asks of a disk: five durable operations on files of one folder. The real one
// is a folder; tests put one here that fails at any call and loses its power (tests/support).
#pragma once

#include "kiosk/base/bytes.hpp"

#include <memory>
#include <string>

namespace staff {

inline constexpr const char* chain_file = "chain.jsonl";
inline constexpr const char* head_file = "head.json";
// Chosen: rows have about 300 bytes, so it holds 220,000 of them, which is six years at 100 rows a
// day; it is read whole at the start, once, and must fit a kiosk's memory (audit.md).
inline constexpr std::size_t chain_file_limit = 64u << 20;

class AuditFiles {
public:
    virtual ~AuditFiles() = default;
    // Errors: not_found, too_large (over `limit`), io.
    virtual base::Result<base::Bytes> read(const std::string& name, std::size_t limit) = 0;
    // The whole file at once: after a power cut the old or the new one is there, never a mixture.
    // Errors: disk_full, io; then either is there.
    virtual base::Result<void> replace(const std::string& name, base::ByteView bytes) = 0;
    // Behind the end; made when it is not there. Errors: disk_full, io; then a part may be there.
    virtual base::Result<void> append(const std::string& name, base::ByteView bytes) = 0;
    // Errors: not_found, io.
    virtual base::Result<void> cut(const std::string& name, std::size_t size) = 0;
    virtual base::Result<void> rename(const std::string& from, const std::string& to) = 0;
    virtual bool exists(const std::string& name) = 0;
    // How long chain_file may become.
    virtual std::size_t limit() const { return chain_file_limit; }
};

// A folder of the disk, made with mode 0700 when it is not there, and this program's alone as long
// as the object lives. Errors: locked (another program has it), disk_full, io.
base::Result<std::unique_ptr<AuditFiles>> open_audit_folder(const std::string& folder);

// Does a program have this folder open now? Changes nothing, stands in nobody's way.
bool is_audit_folder_open(const std::string& folder);

} // namespace staff
