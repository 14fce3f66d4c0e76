// The durable queue of sealed submissions, and the receipt journal beside it.
//
// Owns one SQLite connection. Invariants: what enqueue() confirmed survives any power cut; a row
// leaves only after the platform answered for it; nothing readable about a person is ever here
// (bodies and attachments arrive sealed, DESIGN D9). SQLite in WAL mode with synchronous=FULL, all
// blobs in the one transaction (DESIGN D8, spec reliability §2); every setting is read back.
//
// Threads: one Outbox per thread. The uploader takes another_connection(); SQLite locks between the
// two and each waits up to 5 s for the other (writes here take milliseconds). Checkpoints, purges
// and verify() run only while no session is open (R4): the caller knows when that is.
#pragma once

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/digest.hpp"
#include "kiosk/base/result.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace outbox {

// A purged submission has no row any more, so there is no word for it here (README).
enum class State { pending, sending, delivered, quarantined };
std::string_view to_string(State state);

// Why one submission needs a human (spec reliability S4).
enum class QuarantineReason {
    answers_invalid,  // the platform says an answer breaks its form
    matter_closed,    // the platform says the matter was closed
    key_reuse,        // the platform has this key with other bytes: a defect
    receipt_conflict, // the platform has this receipt number under another key: a defect
    not_wanted,       // papers brought later: the request waits for none, or is another person's
    damaged,          // our own check failed: digest or device signature
};
std::string_view to_string(QuarantineReason reason);

// What is known about the paper in the resident's hand (R10). `unfinished`: the program ended while
// printing; a copy marked as copy may be offered.
enum class ReceiptState { queued, printing, printed, unfinished, not_printed };
std::string_view to_string(ReceiptState state);

struct SealedAttachment {
    base::Sha256 sha256; // of `sealed`
    base::Bytes sealed;  // one page: its own AuthEnvelopedData
};

struct NewSubmission {
    std::string key;        // UUID, minted when the resident confirmed (R1)
    std::string receipt_no; // ungrouped
    std::string matter;     // matter code
    int form_version = 0;
    base::Bytes body; // SignedData around AuthEnvelopedData, sent byte for byte
    std::vector<SealedAttachment> attachments;
    base::WallTime confirmed_at;
    // Fingerprint of the certificate that signed `body`: checked again before each try (R9), also
    // after this kiosk has a new certificate, and for what another kiosk signed (transfer.hpp).
    std::optional<base::Sha256> signer;
    // Papers brought later: the request they belong to, as the platform calls it. Empty: a request.
    // `receipt_no` is then a number of its own that nobody is told; it names this row.
    std::string supplements = {};
    // `queued` for what was confirmed here; what is known, for what another kiosk hands over.
    ReceiptState receipt = ReceiptState::queued;
};

// A submission on its way, as it is sent.
struct PendingSubmission {
    std::string key;
    std::string receipt_no;
    base::Bytes body;
    base::Sha256 body_sha256;
    std::vector<SealedAttachment> attachments;
    int attempts = 0;                   // ended tries
    std::optional<base::Sha256> signer; // nothing: stored before signers were noted
    std::string supplements = {};       // as NewSubmission
};

// One line of `kiosk outbox list`. No contents: there is no way to read them here.
struct Entry {
    std::string key;
    std::string receipt_no;
    std::string matter;
    int form_version = 0;
    State state = State::pending;
    std::optional<QuarantineReason> reason;
    base::WallTime confirmed_at;
    std::optional<base::WallTime> delivered_at;
    std::string case_code; // from the platform, once delivered
    std::string platform_state;
    int attempts = 0;
    std::size_t sealed_bytes = 0; // body and attachments; 0 once delivered
    ReceiptState receipt = ReceiptState::queued;
    std::string supplements; // as NewSubmission
};

struct Counts {
    int pending = 0; // pending and sending
    int delivered = 0;
    int quarantined = 0; // set aside, for whatever reason
    // Of these, what the platform refused although it was whole: somebody at the counter has to
    // finish it (G20). The rest is damaged or a defect.
    int refused = 0;        // requests
    int refused_papers = 0; // papers brought later
    std::optional<base::WallTime> oldest_pending;
    std::optional<base::WallTime> last_delivery;
};

struct Verification {
    bool database_ok = true;          // SQLite's own integrity check
    int checked = 0;                  // submissions whose payload should be here
    std::vector<std::string> damaged; // keys whose bytes do not match their digest
    bool ok() const { return database_ok && damaged.empty(); }
};

// G5: number, matter, time, state, form version. No name, nothing of the card.
struct ReceiptEntry {
    std::string key;
    std::string receipt_no;
    std::string matter;
    int form_version = 0;
    base::WallTime confirmed_at;
    ReceiptState state = ReceiptState::queued;
};

// R8. `warning` goes to staff; at `full` no new matter is begun. Who is already in a session may
// finish: fifty average requests still fit.
enum class Room { enough, warning, full };

struct Options {
    // A registered SQLite VFS (a simulated disk); nullptr is the system's.
    const char* vfs = nullptr;
    // Free bytes of the volume that holds `path`; empty asks statvfs(3). A simulated disk gives its
    // own.
    std::function<base::Result<std::uint64_t>(const std::string& path)> free_space;
    // What the database may grow to. Chosen: 2,000 submissions of 1 MiB, some weeks offline.
    std::uint64_t quota_bytes = 2000ull << 20;
};

class Outbox {
public:
    // The program's first connection. Creates what is missing, sets and reads back every setting,
    // then repairs what an ended run left: `sending` becomes `pending`, receipts that were queued
    // or printing become `unfinished`.
    // Errors: disk_full, io, locked, corrupt (no outbox, or a damaged one: nothing is changed),
    // unsupported (a setting could not be made, or a newer program wrote this file).
    static base::Result<std::unique_ptr<Outbox>>
    open(const std::string& path, const base::Clock& clock, Options options = {});

    // For `kiosk outbox list|verify` beside a running kiosk: repairs nothing, writes nothing.
    // Errors: as open(), and not_found.
    static base::Result<std::unique_ptr<Outbox>>
    inspect(const std::string& path, const base::Clock& clock, Options options = {});

    // For a command that writes beside a running kiosk: repairs nothing. Errors: as open(), and
    // not_found.
    static base::Result<std::unique_ptr<Outbox>>
    join(const std::string& path, const base::Clock& clock, Options options = {});

    // For the uploader's thread. Repairs nothing.
    base::Result<std::unique_ptr<Outbox>> another_connection() const;

    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    // Success means: on disk, power may go (R5: only now say "received"). The same submission once
    // more is also success and changes nothing. After any error but `uncertain` the request was not
    // accepted.
    // Errors: uncertain (the flush failed and the disk does not let it be taken back: the next
    // start may find the request and send it), disk_full, io, locked (the other connection held on
    // too long), conflict (key or receipt number known with other content), invalid_input (a digest
    // that does not match).
    base::Result<void> enqueue(const NewSubmission& submission);

    // Keys of the oldest submissions that wait to be sent, oldest first, at most `limit`.
    base::Result<std::vector<std::string>> waiting(std::size_t limit) const;
    // Everything needed to send it, digests checked (R9). Errors: not_found, corrupt (quarantine
    // it), io.
    base::Result<PendingSubmission> load(std::string_view key) const;

    // Each is one committed transaction. Errors: not_found, conflict (the state it is in does not
    // allow that move: nothing changed), disk_full, io, locked.
    base::Result<void> note_sending(std::string_view key);        // pending -> sending
    base::Result<void> note_attempt_failed(std::string_view key); // sending -> pending
    // sending -> delivered; the sealed payload goes in the same transaction (E3).
    base::Result<void> note_delivered(std::string_view key, std::string_view case_code,
                                      std::string_view platform_state);
    base::Result<void> quarantine(std::string_view key, QuarantineReason reason);
    // quarantined -> pending, after somebody looked (`kiosk outbox release`).
    base::Result<void> release(std::string_view key);
    // A quarantined one goes, with its payload and its receipt: it was finished without this kiosk.
    // The decision stands in the audit chain before (R6; `kiosk outbox close`).
    base::Result<void> close(std::string_view key);

    base::Result<std::vector<Entry>> list() const; // oldest first
    // Errors: not_found, io, locked.
    base::Result<Entry> find(std::string_view receipt_no) const;
    base::Result<Counts> counts() const;
    base::Result<Room> room() const;
    // Reads every page and every payload: seconds for a large queue.
    base::Result<Verification> verify() const;

    // R7: after a storage error call this at least every 3 s; when it succeeds, accept again.
    // Opens the database anew when the connection itself is broken.
    base::Result<void> probe_storage();
    // False from a storage error until probe_storage() succeeded.
    bool is_healthy() const;
    // Copies the log into the database and starts it again from its beginning.
    // Errors: busy (somebody reads: try later), io, disk_full.
    base::Result<void> checkpoint_when_idle();
    // Gives back the pages that SQLite remembers: over some hundred requests its cache fills with
    // 2 MB, which looks like a leak. Between two visits, or two tries.
    void forget_pages();
    // Removes delivered submissions whose answer came before `before`, and their receipts (E3).
    // Returns how many.
    base::Result<int> purge(base::WallTime before);

    // The receipt journal. The row comes into being with enqueue() as `queued`.
    // Errors: not_found, disk_full, io, locked.
    base::Result<void> note_receipt(std::string_view key, ReceiptState state);
    // Those in state `unfinished`, oldest first.
    base::Result<std::vector<ReceiptEntry>> receipts_unfinished() const;
    // Whether a request with this number lies here and still waits to be sent. Errors: io, locked.
    base::Result<bool> is_waiting(std::string_view receipt_no) const;
    // Why a request with this number was set aside; nothing: none is. Errors: io, locked.
    base::Result<std::optional<QuarantineReason>> set_aside(std::string_view receipt_no) const;

private:
    struct Connection;
    explicit Outbox(std::unique_ptr<Connection> connection);
    bool bury_refused(); // true: nothing that was refused can come back
    std::unique_ptr<Connection> connection_;
};

} // namespace outbox
