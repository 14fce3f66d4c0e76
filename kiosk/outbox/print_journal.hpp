// What was sent to the receipt printer, and what became of it: one row per print.
//
// Printing cannot be repeated like sending (spec reliability R10), so each step is noted before it
// is taken. Invariants: a row is on disk before the first byte goes out; `printed` is noted only
// after the printer confirmed the cut; what may lie half printed in somebody's hand owes a void
// note until one came out. No name, nothing of the card (spec safeguards G5).
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace outbox {

enum class JobState {
    queued,    // nothing has gone out
    sending,   // from here on something may be on paper
    sent,      // all bytes were taken; the printer has not confirmed
    printed,   // confirmed: one complete receipt, cut
    taken,     // and the presenter saw it go
    retracted, // nobody took it: the presenter has it back inside
    voided,    // not complete, and never will be
    unknown,   // all bytes may have been taken, and no answer came: only a marked copy may follow
};
std::string_view to_string(JobState state);

struct PrintJob {
    std::int64_t id = 0;
    std::string key;        // of the submission; empty for a copy of what was sent elsewhere
    std::string receipt_no; // ungrouped
    int copy = 0;           // 0: the receipt itself; 1 and up: marked copies
    JobState state = JobState::queued;
    std::int64_t offset = 0; // 0: nothing was taken, as far as noted; how much is not kept (G2)
    bool owes_void_note = false;
    base::WallTime at;
};

// For whoever maintains the printer.
struct PaperUse {
    std::int64_t dots = 0; // fed since the journal began
    std::int64_t cuts = 0;
    std::int64_t roll_dots = 0; // fed since the last note_new_roll()
};

class PrintJournal {
public:
    virtual ~PrintJournal() = default;

    // Each is one committed write. Errors: io, disk_full, locked; not_found.
    virtual base::Result<std::int64_t> queue(std::string_view key, std::string_view receipt_no,
                                             int copy) = 0;
    virtual base::Result<void> note_sending(std::int64_t id, std::int64_t offset) = 0;
    virtual base::Result<void> note(std::int64_t id, JobState state) = 0;
    // The job failed, before or after something was taken; with a void note owed when some may be
    // on paper.
    virtual base::Result<void> note_fault(std::int64_t id, JobState state, std::int64_t offset,
                                          bool owes_void_note) = 0;
    virtual base::Result<void> note_voided_on_paper(std::int64_t id) = 0;

    virtual base::Result<void> note_paper(std::int64_t dots, std::int64_t cuts) = 0;
    virtual base::Result<void> note_new_roll() = 0;
    virtual base::Result<PaperUse> paper_use() const = 0;

    // What an ended run left queued, sending or sent; oldest first.
    virtual base::Result<std::vector<PrintJob>> open_jobs() const = 0;
    virtual base::Result<std::vector<PrintJob>> owing_void_notes() const = 0;
    virtual base::Result<std::vector<PrintJob>> last(int count) const = 0; // newest first
    // The next copy number that must stand on a print of this receipt: 0 while no job for this
    // number can have put anything on paper, so that an unmarked receipt is never the second.
    virtual base::Result<int> next_copy(std::string_view receipt_no) const = 0;

    // Removes jobs of that age that owe nothing. Returns how many.
    virtual base::Result<int> purge(base::Milliseconds older_than) = 0;
};

// In a database file of its own beside the outbox. One connection per thread.
class SqlitePrintJournal final : public PrintJournal {
public:
    // Errors: disk_full, io, locked, corrupt, unsupported.
    static base::Result<std::unique_ptr<SqlitePrintJournal>>
    open(const std::string& path, const base::Clock& clock, const char* vfs = nullptr);
    // For `kiosk doctor`: may it be written to? Changes nothing. Errors: as open(), and not_found.
    static base::Result<void> inspect(const std::string& path);
    ~SqlitePrintJournal() override;

    base::Result<std::int64_t> queue(std::string_view key, std::string_view receipt_no,
                                     int copy) override;
    base::Result<void> note_sending(std::int64_t id, std::int64_t offset) override;
    base::Result<void> note(std::int64_t id, JobState state) override;
    base::Result<void> note_fault(std::int64_t id, JobState state, std::int64_t offset,
                                  bool owes_void_note) override;
    base::Result<void> note_voided_on_paper(std::int64_t id) override;
    base::Result<void> note_paper(std::int64_t dots, std::int64_t cuts) override;
    base::Result<void> note_new_roll() override;
    base::Result<PaperUse> paper_use() const override;
    base::Result<std::vector<PrintJob>> open_jobs() const override;
    base::Result<std::vector<PrintJob>> owing_void_notes() const override;
    base::Result<std::vector<PrintJob>> last(int count) const override;
    base::Result<int> next_copy(std::string_view receipt_no) const override;
    base::Result<int> purge(base::Milliseconds older_than) override;

private:
    struct Connection;
    explicit SqlitePrintJournal(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> connection_;
};

} // namespace outbox
