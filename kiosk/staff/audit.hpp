// The audit chain: what staff did at this kiosk, append-only, each row holding the digest of the
// row before it, the head signed by the device (spec reliability P12, safeguards G9, G10).
//
// A closed list of events with typed fields: there is no way to pass a text about a person, and no
// field that could hold one. Rows are JSON lines; audit.md says what stands in one and how the last
// row survives a power cut.
#pragma once

#include "drivers/staff_card/staff_card_reader.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/digest.hpp"
#include "kiosk/platform/sealing.hpp"
#include "kiosk/staff/standing.hpp"

#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

namespace staff {

enum class AuditEvent : std::uint8_t {
    chain_started,
    chain_restarted,  // the file was damaged: kept beside, a new chain begins here
    roster_accepted,  // version
    roster_refused,   // code
    card_refused,     // problem
    logged_in,        // staff, card (0: usual), clock
    logged_out,       // staff, reason
    pin_failed,       // staff
    locked,           // staff
    enrolment_failed, // a wrong enrolment code
    enrolled,         // the enrolment code was used
    confirmed,        // staff, purpose, nonce, proof: the card's signature over them
    request_signed,   // key, witness, assistant, document: staff ids; same: one id in two of them
    duty_begun,       // staff
    duty_ended,       // staff, or nobody: the day is over
    service_stopped,  // staff
    service_resumed,  // staff
    paper_replaced,   // staff
    screen_cleaned,   // staff
    notice_shown,     // staff, notice
    notice_removed,   // staff, notice
    day_counts,       // day, staff, and how often that id did what
};

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

// What may stand in a field: a number, a word of ours, or a text of a checked form.
class AuditValue {
public:
    AuditValue(std::int64_t number) : value_(number) {}
    AuditValue(int number) : value_(std::int64_t(number)) {}
    // Words of our own enumerations.
    AuditValue(Purpose purpose) : value_(std::string(to_string(purpose))) {}
    AuditValue(Problem problem) : value_(std::string(to_string(problem))) {}
    AuditValue(base::Errc code) : value_(std::string(base::to_string(code))) {}
    // CHECK that the text has the form its name says, so that nothing else can get in.
    static AuditValue staff_id(std::string_view id); // [A-Z0-9-]{1,16}
    static AuditValue key(std::string_view uuid);    // UUID version 4
    static AuditValue word(std::string_view word);   // [a-z0-9.-]{1,40}
    static AuditValue day(base::Date day);
    static AuditValue hex(base::ByteView bytes); // at most 128 bytes
    const std::variant<std::int64_t, std::string>& value() const { return value_; }

private:
    explicit AuditValue(std::string text) : value_(std::move(text)) {}
    std::variant<std::int64_t, std::string> value_;
};

struct AuditEntry {
    AuditField field;
    AuditValue value;
};

// The last row, as the heartbeat carries it.
struct AuditHead {
    std::uint64_t row = 0; // number of the last row, from 1
    base::Sha256 digest{}; // of that row's line, without the newline
    base::Bytes signature; // of the device: audit.md says over what
};

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

class AuditChain final : public AuditWriter {
public:
    // Opens or begins the chain in `folder`. A damaged chain is kept beside and a new one begins
    // with a row that says so: no_lock_in. `clock` outlives the chain. Errors: io, disk_full.
    static base::Result<std::unique_ptr<AuditChain>>
    open(const std::string& folder, const base::Clock& clock, platform::KeyPair device);

    base::Result<void> append(AuditEvent event,
                              std::initializer_list<AuditEntry> entries = {}) override;

    AuditHead head() const;
    // True when this program found the chain damaged at open().
    bool was_damaged() const;
    // The time of the last row.
    base::WallTime last_time() const;

    ~AuditChain() override;

private:
    struct State;
    explicit AuditChain(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// ---- kiosk audit verify ----

struct AuditFault {
    std::uint64_t row = 0; // the first bad row, from 1
    std::string what;      // in words, for whoever ran the command
};
struct AuditReport {
    std::uint64_t rows = 0;
    std::optional<AuditFault> fault;
};
// Reads the whole chain in `folder` and checks every row, the head and its signature.
// `device`: whose signature; nothing: signatures are not checked, and the report says so.
// Errors: not_found, io, too_large.
base::Result<AuditReport> verify_audit(const std::string& folder,
                                       const std::optional<platform::Certificate>& device);

} // namespace staff
