// Brings receipts onto paper once: every step is in the journal before it is taken, and what went
// wrong is voided on paper before anything else is printed.
//
// Rules (spec receipt-printer §5, safeguards G22):
// - `printed` is noted only when the printer confirmed the cut, by process id or, where it has
//   none, by answering a question put behind the last byte.
// - A stream of which the end was never handed over, or whose last line never came before the unit
//   forgot the rest, is `voided`: it cannot be complete.
// - When everything was handed over and no answer can come any more (cable, power, the program
//   killed) it is `unknown`: a further print of the same receipt carries a mark.
// - Where something may be on paper a void note is owed; it comes out before the next receipt, at
//   the end of the visit where the unit prints then.
// - What the unit still holds is thrown away, where it is known to understand that order, or comes
//   out before the visit ends. Where neither is possible may_come_out_later() says so, staff is
//   told, and nothing is printed for anybody until staff let_out_earlier().
//
// - A slip that nobody took from a presenter goes back inside when the visit ends, and at the start
//   when one is found there.
//
// One thread. Waits inside the driver's limits only.
#pragma once

#include "drivers/receipt_printer/receipt_printer.hpp"
#include "kiosk/outbox/print_journal.hpp"
#include "printer/render.hpp"
#include "printer/state.hpp"

#include <functional>
#include <optional>
#include <stop_token>

namespace app {

// A receipt as a stream for this job number (printer::encode).
struct JobStream {
    base::SecretBytes escpos;
    int height_dots = 0;
    std::size_t end_at = 0; // of what completes the slip (printer::encode_job)
};
using MakeStream = std::function<base::Result<JobStream>(std::uint32_t job)>;
// A slip that says: what came out before, of this number, counts only if it is complete.
using MakeVoidNote =
    std::function<base::Result<JobStream>(const std::string& receipt_no, std::uint32_t job)>;

class PrintJobs {
public:
    // All must outlive it.
    PrintJobs(drivers::ReceiptPrinter& printer, const printer::Profile& profile,
              outbox::PrintJournal& journal, MakeVoidNote make_void_note);

    // After the program's start: what an ended run left is settled in the journal, and what the
    // unit may still hold is thrown away. Errors: those of the journal.
    base::Result<void> take_over_after_start();

    // `copy` is the number of the mark that `make` puts on it, as the journal's next_copy() said;
    // 0 without a mark. A second unmarked print is refused (conflict). Success: confirmed. A
    // one-way unit answers no question and gets no receipt. Errors: paper_out (also: the roll may
    // not hold it), cover_open, busy, device (also: something of an earlier visit waits for staff),
    // timed_out, unplugged; those of `make` and of the journal.
    base::Result<void> print(std::string_view key, std::string_view receipt_no, int copy,
                             const MakeStream& make, std::stop_token stop);

    // A slip about nobody, for staff who look at the printer. Errors: as print(). What is half
    // printed owes nothing.
    base::Result<void> print_test(const MakeStream& make, std::stop_token stop);

    // Prints the void notes that are owed. Errors: as print(); they stay owed.
    base::Result<void> settle(std::stop_token stop);

    // Nothing of this visit comes out in the next one: throws away what the unit may hold, or lets
    // it out now, with the void notes that are owed.
    void end_visit(std::stop_token stop = {});
    // What the unit still holds comes out before anything else: "destroy it" (G22).
    bool may_come_out_later() const { return may_hold_bytes_; }
    // Staff stands at the printer: what it holds and the void notes come out now. Errors: as
    // print().
    base::Result<void> let_out_earlier(std::stop_token stop);
    // Staff put in a full roll. Errors: those of the journal.
    base::Result<void> roll_replaced();

    // Would a receipt be printed now? Asks the printer. Errors: as print().
    base::Result<void> check_ready();
    printer::State state() const { return state_.state(); }
    // Each change while printing, at once.
    std::function<void(printer::State)> on_state;

private:
    class Watch;
    struct Outcome {
        drivers::CarryReport report;
        bool is_cleared = false; // what it still held is gone
        bool may_be_cut = false; // not confirmed, and not impossible
    };
    // With `id` the journal learns when everything was handed over.
    base::Result<Outcome> carry(const JobStream& stream, std::uint32_t number, std::stop_token stop,
                                std::optional<std::int64_t> id);
    base::Result<void> note_end(std::int64_t id, const Outcome& outcome);
    base::Result<JobStream> prepare(std::uint32_t number, const MakeStream& make,
                                    std::stop_token stop);
    base::Result<void> roll_holds(int height_dots) const;
    void use_roll(int height_dots, bool is_cut);
    base::Result<void> ask_printer();
    void look_at_mouth();
    void take_back_forgotten();
    base::Result<void> why_not();
    bool can_clear() const;
    void tell();

    drivers::ReceiptPrinter& printer_;
    const printer::Profile& profile_;
    outbox::PrintJournal& journal_;
    MakeVoidNote make_void_note_;
    printer::StateMachine state_;
    printer::Status status_;
    int used_since_near_end_ = 0;
    std::optional<std::int64_t> at_mouth_; // the job whose slip a presenter holds out
    bool may_hold_bytes_ = false;
    bool waits_for_staff_ = false; // since a visit ended while it held bytes
};

} // namespace app
