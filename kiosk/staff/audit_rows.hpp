// Rows and head of the audit chain as text (audit.md). Pure: bytes in, values out.
//
// There is exactly one text for a row and for a head: what is read is written again and compared,
// so that no space, order, escape or leading zero can hide anything.
#pragma once

#include "kiosk/staff/audit.hpp"

#include <span>
#include <vector>

namespace staff {

// Chosen: the longest row the tables allow has about 700 bytes.
inline constexpr std::size_t audit_row_limit = 2048;

struct AuditRow {
    std::uint64_t number = 0; // from 1
    base::WallTime at{};      // whole seconds
    AuditEvent event = AuditEvent::chain_started;
    std::vector<AuditEntry> entries; // in the order of the enumeration, none absent
    base::Sha256 before{};           // of the line before this one
};

// What the tables say (audit.md lists it).
bool may_have(AuditEvent event, AuditField field);
bool has_form(AuditField field, const AuditValue& value);

// Puts the entries in order and leaves absent ones out. CHECKs that the event may have them and
// must have no others, that none stands twice, and that each value has its field's form.
std::vector<AuditEntry> in_order(AuditEvent event, std::span<const AuditEntry> entries);

std::string write_row(const AuditRow& row); // without the newline
std::optional<AuditRow> read_row(std::string_view line);

struct AuditHeadFile {
    AuditHead head;
    std::string last; // the line of that row
};
std::string write_head(const AuditHeadFile& file);
// Nothing when it is no head, or when number or digest are not those of the line in it. Does not
// look at the signature.
std::optional<AuditHeadFile> read_head(std::string_view text);

} // namespace staff
