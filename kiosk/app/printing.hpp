// Prints one receipt: set in type, handed to the printer, noted in the journal before and after
// (spec reliability R10). Runs on the printer worker; owns the fonts of that thread.
#pragma once

#include "drivers/receipt_printer/receipt_printer.hpp"
#include "kiosk/app/submitter.hpp"
#include "kiosk/base/event_stream.hpp"
#include "printer/render.hpp"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace app {

// From a document to what the printer takes. Called on the printer's thread only.
using RenderReceipt = std::function<base::Result<printer::Rendered>(const printer::Document&)>;

class Printing {
public:
    // Fonts of its own, because this thread shares none with the glass. Errors: not_found (font,
    // printer profile).
    static base::Result<RenderReceipt> open_render(const std::string& fonts_folder,
                                                   const std::string& profile);
    // Errors: as open_render().
    static base::Result<std::unique_ptr<Printing>> open(const std::string& fonts_folder,
                                                        const std::string& profile,
                                                        drivers::ReceiptPrinter& printer,
                                                        Submitter& submitter, base::Log& log,
                                                        base::EventStream& events);
    Printing(RenderReceipt render, drivers::ReceiptPrinter& printer, Submitter& submitter,
             base::Log& log, base::EventStream& events);

    // Success: it is on paper, or on its way there and nothing says otherwise.
    // Errors: paper_out, cover_open, unplugged, timed_out, device: the resident notes the number.
    base::Result<void> print(const std::string& key, const printer::Document& document,
                             std::stop_token stop);
    // The same without the journal: a copy of a receipt whose request may have been made elsewhere.
    base::Result<void> print_copy(const printer::Document& document, std::stop_token stop);
    // Nothing of this visit comes out in the next one (spec safeguards G22).
    void clear_unfinished();
    // Whether the printer would print now. Errors: as print().
    base::Result<void> check_ready();

    // Development: every receipt as it was rendered, before it is printed.
    std::function<void(const std::string& key, const printer::Rendered&)> on_rendered;

private:
    void note(const std::string& key, outbox::ReceiptState state);

    RenderReceipt render_;
    drivers::ReceiptPrinter& printer_;
    Submitter& submitter_;
    std::unique_ptr<outbox::Outbox> journal_; // this thread's connection
    base::Log& log_;
    base::EventStream& events_;
    bool has_unfinished_ = false;
};

} // namespace app
