// Prints receipts: set in type, brought onto paper by PrintJobs, noted in the receipt journal of
// the outbox before and after (spec reliability R10). Runs on the printer's worker; owns the fonts
// and the print journal of that thread.
#pragma once

#include "drivers/receipt_printer/receipt_printer.hpp"
#include "kiosk/app/print_jobs.hpp"
#include "kiosk/app/submitter.hpp"
#include "kiosk/base/event_stream.hpp"
#include "printer/render.hpp"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace app {

// How a document becomes what one kind of printer takes. Called on the printer's thread only.
struct TypeSetting {
    printer::Profile profile;
    std::function<base::Result<printer::Rendered>(const printer::Document&,
                                                  std::optional<std::uint32_t> job)>
        render;
};

struct PrintingParts {
    TypeSetting setting;
    drivers::ReceiptPrinter& printer;
    // Called again after a fault of the disk. A kiosk that cannot note what it prints prints
    // nothing: the resident notes the number.
    std::function<base::Result<std::unique_ptr<outbox::PrintJournal>>()> open_journal;
    // The words of a void note (present/receipt.hpp).
    std::function<printer::Document(const std::string& receipt_no)> void_note;
    Submitter& submitter;
    base::Log& log;
    base::EventStream& events;
};

// What staff read about the printer. Numbers of receipts and states only (spec safeguards P13).
struct PrinterReport {
    printer::State state = printer::State::probing;
    outbox::PaperUse paper;
    int dots_per_mm = 8;
    std::vector<outbox::PrintJob> jobs; // the last ones, newest first
    bool may_come_out_later = false;    // something of an earlier visit comes out first (G22)
};

class Printing {
public:
    // The words of a print, with the number of its mark: 0 for the receipt itself.
    using MakeDocument = std::function<printer::Document(int copy)>;

    // Fonts of its own, because this thread shares none with the glass. Errors: not_found (font,
    // printer profile).
    static base::Result<TypeSetting> open_setting(const std::string& fonts_folder,
                                                  const std::string& profile);
    explicit Printing(PrintingParts parts);

    // What an ended run left is settled; what the unit still holds of it is thrown away. Errors:
    // those of the journal; the next print tries again.
    base::Result<void> start();

    // The slip of papers that were brought for a request carries the request's number once more.
    enum class Slip : std::uint8_t { receipt, supplement };
    // Success: the printer confirmed it.
    // Errors: paper_out, cover_open, unplugged, timed_out, device, busy, and those of the journal:
    // the resident notes the number.
    base::Result<void> print(const std::string& key, const std::string& receipt_no,
                             const printer::Document& document, std::stop_token stop,
                             Slip slip = Slip::receipt);
    // A further print of a receipt, always marked: its request may have been made elsewhere.
    // Errors: as print().
    base::Result<void> print_copy(const std::string& receipt_no, const MakeDocument& make,
                                  std::stop_token stop);
    // Nothing of this visit comes out in the next one (spec safeguards G22).
    void end_visit();
    // Whether a receipt would be printed now. Errors: as print().
    base::Result<void> check_ready();

    // ---- for staff who stand at the printer ----

    // What the receipt journal knows of a number. Errors: not_found, io, locked.
    base::Result<outbox::Entry> find(const std::string& receipt_no);
    // What waits of earlier visits comes out, then a slip about nobody. Errors: as print().
    base::Result<void> print_test(const printer::Document& document, std::stop_token stop);
    // A new roll is in, and what waits of earlier visits comes out. Errors: as print().
    base::Result<void> roll_replaced(std::stop_token stop);
    // Errors: those of the journal.
    base::Result<PrinterReport> report(int job_count);

    // Each change, on the printer's thread; set before the first call.
    std::function<void(printer::State)> on_state;
    // Development: every slip as it was rendered, before it is printed: a receipt with its key,
    // "copy", "test", or a void note with none.
    std::function<void(const std::string& key, const printer::Rendered&)> on_rendered;

private:
    base::Result<PrintJobs*> jobs();
    base::Result<void> with_jobs(const std::function<base::Result<void>(PrintJobs&)>& use);
    MakeStream stream_of(std::string key, std::function<printer::Document()> make);
    base::Result<outbox::Outbox*> receipts();
    void note(const std::string& key, outbox::ReceiptState state);
    void note_outcome(const std::string& key, const std::string& receipt_no, int before,
                      bool is_printed);

    PrintingParts parts_;
    std::unique_ptr<outbox::PrintJournal> journal_;
    std::unique_ptr<PrintJobs> jobs_;          // uses journal_
    bool is_journal_broken_ = false;           // and the log knows
    std::unique_ptr<outbox::Outbox> receipts_; // this thread's connection
};

} // namespace app
