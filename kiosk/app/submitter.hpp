// Makes a finished visit durable: key and number are minted, every page and the request are sealed
// and signed, all of it is committed to the outbox in one transaction. Runs on the storage worker.
//
// Owns the outbox's first connection, and reopens it after a storage fault (spec reliability R7).
#pragma once

#include "kiosk/base/event_stream.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/outbox/outbox.hpp"
#include "kiosk/platform/sealing.hpp"
#include "kiosk/session/session.hpp"
#include "kiosk/staff/audit.hpp"
#include "kiosk/staff/desk_state.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace app {

// What the storage worker needs of a visit. The pages are shared with the session, not copied.
struct Draft {
    std::shared_ptr<const content::ContentSet> content; // keeps `form` alive
    const forms::Form* form = nullptr;
    forms::Answers answers;
    std::map<std::uint32_t, session::StoredPage> pages;
    forms::Today today;
    session::StaffPart staff;
    std::optional<session::Supplement> supplement; // papers for an earlier request
};
Draft draft_of(const session::Session& session, const session::World& world);

struct SubmitterSettings {
    std::string outbox_file;
    outbox::Options outbox_options;
    std::string kiosk_prefix; // two characters of outbox::receipt_alphabet
    std::vector<platform::Certificate> sealing_certificates;
    platform::KeyPair device;
    // Where staff had a part in a request, that stands in the chain before the request is durable
    // (G9, G10), and counts for the day. Nothing: no staff can have had a part.
    staff::AuditWriter* audit = nullptr;
    staff::DeskState* staff_state = nullptr;
};

class Submitter {
public:
    // Never fails: an outbox that cannot be opened makes the kiosk refuse politely until it can.
    Submitter(SubmitterSettings settings, const base::Clock& clock, base::RandomSource& random,
              base::Log& log, base::EventStream& events);
    virtual ~Submitter() = default;

    // Stored means: durable, may be called received (R5). Not stored: it was not received; with a
    // number nobody can tell before the disk works again. Papers for an earlier request go out
    // under a key and a number of their own; the person is told the request's number, which is the
    // one they have. Virtual so that the simulation can plant one that says so too early, and see
    // it found.
    virtual session::StoreAnswer submit(const Draft& draft);

    // Safe from any thread: storage is healthy and has room for more.
    bool is_accepting() const { return accepting_; }
    // Where staff's part is written down, when that could not be opened at first. Runs where
    // submit() does.
    void set_staff(staff::AuditWriter& audit, staff::DeskState& state);
    // While not accepting, at least every 3 s.
    void probe();
    // Between sessions only (spec reliability R4): looks whether storage is still well, brings the
    // log back into the database, removes what was delivered long ago (E3).
    void tidy_up();

    // What waits, for staff and the heartbeat; runs where submit() does. Errors: as Outbox::counts.
    base::Result<outbox::Counts> counts();
    // Of the disk the outbox lies on; 0 where that is not known.
    std::uint64_t free_bytes() const;
    base::WallTime now() const { return clock_.wall(); }

    // A connection of its own for another thread. Safe from any thread. Errors: as Outbox::open.
    base::Result<std::unique_ptr<outbox::Outbox>> another_connection();

private:
    base::Result<outbox::NewSubmission> seal(const Draft& draft, const std::string& key,
                                             const std::string& receipt, base::WallTime at);
    base::Result<void> record_staff(const Draft& draft, const std::string& key);
    void count_staff(const Draft& draft);
    void set_accepting(bool accepting, base::Errc why);

    SubmitterSettings settings_;
    const base::Clock& clock_;
    base::RandomSource& random_;
    base::Log& log_;
    base::EventStream& events_;
    std::mutex outbox_mutex_; // guards the pointer; the outbox itself is the storage worker's
    std::unique_ptr<outbox::Outbox> outbox_;
    std::atomic<bool> accepting_{false};
    bool has_refused_ = false;
};

} // namespace app
