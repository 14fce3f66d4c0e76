// The audit chain: what staff did at this kiosk, append-only, each row holding the digest of the
// row before it, the head signed by the device (spec reliability P12, safeguards G9, G10).
//
// A closed list of events with typed fields: there is no way to pass a text about a person, and no
// field that could hold one. Rows are JSON lines; audit.md says what stands in one and how the last
// row survives a power cut.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/digest.hpp"
#include "kiosk/base/log.hpp"
#include "kiosk/platform/audit_segment.hpp"
#include "kiosk/staff/standing.hpp"

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace staff {

enum class AuditEvent : std::uint8_t {
    chain_started,
    chain_restarted,    // the file was damaged: kept beside, a new chain begins here
    roster_accepted,    // version
    roster_refused,     // code
    card_refused,       // problem
    logged_in,          // staff, card (0: usual), clock
    logged_out,         // staff, reason
    pin_failed,         // staff
    locked,             // staff
    enrolment_failed,   // a wrong enrolment code
    enrolled,           // the enrolment code was used
    confirmed,          // staff, purpose, nonce, proof: the card's signature over them
    request_signed,     // key, witness, assistant, document: staff ids; same: one id in two of them
    duty_begun,         // staff
    duty_ended,         // staff, or nobody: the day is over
    service_stopped,    // staff
    service_resumed,    // staff
    paper_replaced,     // staff
    screen_cleaned,     // staff
    printer_tested,     // staff
    camera_tested,      // staff
    face_camera_tested, // staff
    receipt_reprinted,  // staff
    request_released,   // key: set aside before, sent again by a technician's command
    request_closed,     // key: set aside before, taken out: it was finished at the counter
    remote_command,     // reason: what the district asked for from afar, before it is done
    notice_shown,       // staff, notice
    notice_removed,     // staff, notice
    day_counts,         // day, staff, and how often that id did what
};
inline constexpr std::size_t audit_event_count = std::size_t(AuditEvent::day_counts) + 1;

enum class AuditField : std::uint8_t {
    staff,   // a staff id
    witness, // staff ids in request_signed
    assistant,
    document,
    same, // 1: one id stands in two of the three
    card, // number of the card in the roster
    key,  // idempotency key of a request
    purpose,
    problem,
    reason,
    code,
    notice, // id of a fixed template
    version,
    rows,      // how many rows the damaged file had
    day,       // "2026-11-22"
    witnessed, // counts of a day
    assisted,
    documents,
    logins,
    failures,
    nonce, // hex
    proof, // hex, a card's signature
    clock, // "unsure"
};
inline constexpr std::size_t audit_field_count = std::size_t(AuditField::clock) + 1;

// What may stand in a field: a number, a word of ours, or a text of a checked form. Each field has
// one form (audit_rows.cpp); append() CHECKs that value and field agree.
class AuditValue {
public:
    AuditValue(std::int64_t number) : value_(number) {}
    AuditValue(int number) : value_(std::int64_t(number)) {}
    // Words of our own enumerations.
    AuditValue(Purpose purpose) : value_(std::string(to_string(purpose))) {}
    AuditValue(Problem problem) : value_(std::string(to_string(problem))) {}
    AuditValue(base::Errc code) : value_(std::string(base::to_string(code))) {}
    static AuditValue word(base::Word literal); // [a-z0-9._-]{1,40}
    // CHECK that the text has the form its name says, so that nothing else can get in.
    static AuditValue staff_id(std::string_view id); // [A-Z0-9-]{1,16}
    static AuditValue key(std::string_view uuid);    // UUID version 4
    static AuditValue notice(std::string_view id);   // of a fixed template: [a-z0-9._-]{1,40}
    static AuditValue day(base::Date day);           // years 1970 to 9999
    static AuditValue hex(base::ByteView bytes);     // 1 to 128 bytes
    // A field with this value is left out of the row.
    static AuditValue absent() { return AuditValue(std::string()); }
    static AuditValue staff_id_if_any(std::string_view id) {
        return id.empty() ? absent() : staff_id(id);
    }
    bool is_absent() const;
    const std::variant<std::int64_t, std::string>& value() const { return value_; }
    bool operator==(const AuditValue&) const = default;

private:
    friend class RowReader; // audit_rows.cpp: values of a row that was written before
    explicit AuditValue(std::string text) : value_(std::move(text)) {}
    std::variant<std::int64_t, std::string> value_;
};

struct AuditEntry {
    AuditField field;
    AuditValue value;
    bool operator==(const AuditEntry&) const = default;
};

// The last row, as the heartbeat carries it.
using AuditHead = platform::AuditHead;

std::string_view to_string(AuditEvent event);
std::string_view to_string(AuditField field);

// Where rows are written to. The chain is the only one in the product; whoever writes rows knows no
// more of it than this.
class AuditWriter {
public:
    virtual ~AuditWriter() = default;
    // Durable when it returns. Safe from any thread. Errors: io, disk_full: nothing was recorded,
    // and what was to be recorded must not be done. The next append tries again.
    virtual base::Result<void> append(AuditEvent event,
                                      std::initializer_list<AuditEntry> entries = {}) = 0;
};

// Chosen: about a day of an office; 32 rows of at most 2 KiB stay far below what a request may
// hold.
inline constexpr std::uint64_t audit_segment_rows = 32;

class AuditFiles; // audit_files.hpp
struct AuditRow;  // audit_rows.hpp

class AuditChain final : public AuditWriter {
public:
    // Opens or begins the chain in `folder`, which is made if it is not there. A damaged chain is
    // kept beside and a new one begins with a row that says so: nobody is locked in or out. `clock`
    // outlives the chain. Errors: io, disk_full, locked (another program has it open).
    static base::Result<std::unique_ptr<AuditChain>>
    open(const std::string& folder, const base::Clock& clock, platform::KeyPair device);
    // The same over other files: tests let them fail.
    static base::Result<std::unique_ptr<AuditChain>>
    open(std::unique_ptr<AuditFiles> files, const base::Clock& clock, platform::KeyPair device);

    // One row with the fields of its event (audit_rows.cpp lists them), in any order. Errors: as
    // AuditWriter; too_large (the file is full: audit.md).
    base::Result<void> append(AuditEvent event,
                              std::initializer_list<AuditEntry> entries = {}) override;

    // The rows behind that one, in order, read from the file. Errors: io; corrupt (the file was
    // changed since open()).
    base::Result<std::vector<AuditRow>> rows_after(std::uint64_t row) const;

    // A closed segment, from 1: audit_segment_rows rows each, so that the same number is the same
    // rows for ever. Nothing: not closed yet. Errors: io, corrupt.
    base::Result<std::optional<platform::AuditSegment>> segment(std::uint64_t number) const;
    std::uint64_t closed_segments() const;

    AuditHead head() const;
    // True when this program found the chain damaged at open().
    bool was_damaged() const;
    // The latest time that stands in any row. Not simply that of the last row: clocks go back.
    base::WallTime last_time() const;

    ~AuditChain() override;

private:
    struct State;
    explicit AuditChain(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// One row for a request that staff had a part in, before it is committed: who is witness, who
// assisted, who saw a document (empty: nobody). `same` marks one id in two of the three (G9). A
// request without staff leaves no row. Errors: as AuditWriter.
base::Result<void> record_request(AuditWriter& audit, std::string_view key,
                                  std::string_view witness, std::string_view assistant,
                                  std::string_view document);

} // namespace staff
