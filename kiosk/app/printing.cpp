#include "kiosk/app/printing.hpp"

#include "printer/status.hpp"

namespace app {

base::Result<RenderReceipt> Printing::open_render(const std::string& fonts_folder,
                                                  const std::string& profile) {
    struct Type {
        text::FontSet fonts;
        text::Typesetter typesetter{fonts};
        printer::Profile profile;
        Type(text::FontSet f, printer::Profile p) : fonts(std::move(f)), profile(p) {}
    };
    auto fonts = TRY(text::FontSet::open(fonts_folder));
    auto type = std::make_shared<Type>(std::move(fonts), TRY(printer::find_profile(profile)));
    return RenderReceipt([type = std::move(type)](const printer::Document& document) {
        auto rendered = printer::render(document, type->profile, type->typesetter);
        type->typesetter.wipe();
        return rendered;
    });
}

base::Result<std::unique_ptr<Printing>> Printing::open(const std::string& fonts_folder,
                                                       const std::string& profile,
                                                       drivers::ReceiptPrinter& printer,
                                                       Submitter& submitter, base::Log& log,
                                                       base::EventStream& events) {
    return std::make_unique<Printing>(TRY(open_render(fonts_folder, profile)), printer, submitter,
                                      log, events);
}

Printing::Printing(RenderReceipt render, drivers::ReceiptPrinter& printer, Submitter& submitter,
                   base::Log& log, base::EventStream& events)
    : render_(std::move(render)), printer_(printer), submitter_(submitter), log_(log),
      events_(events) {}

void Printing::note(const std::string& key, outbox::ReceiptState state) {
    events_.receipt(key, base::Word::of_enumerator(outbox::to_string(state)));
    if (journal_ == nullptr) {
        auto opened = submitter_.another_connection();
        if (opened) journal_ = std::move(opened).value();
    }
    const auto noted = journal_ == nullptr ? base::Result<void>(base::Errc::io, "no journal")
                                           : journal_->note_receipt(key, state);
    // The number on the glass is what counts; a journal that lags is repaired at the next start.
    if (!noted) log_.write(base::LogEvent::storage_fault, {noted.error().code});
}

base::Result<void> Printing::check_ready() {
    const auto answers = TRY(printer_.status());
    return printer::check_ready(TRY(printer::read_status(answers)));
}

base::Result<void> Printing::print(const std::string& key, const printer::Document& document,
                                   std::stop_token stop) {
    const auto rendered = render_(document);
    if (!rendered) {
        note(key, outbox::ReceiptState::not_printed);
        return rendered.error();
    }
    if (on_rendered) on_rendered(key, *rendered);
    if (auto ready = check_ready(); !ready) {
        note(key, outbox::ReceiptState::not_printed);
        return ready;
    }
    note(key, outbox::ReceiptState::printing);
    const auto report = printer_.print(rendered->escpos, stop);
    if (!report) {
        note(key, outbox::ReceiptState::not_printed);
        return report.error();
    }
    if (report->delivery == drivers::Delivery::unfinished) {
        has_unfinished_ = true;
        note(key, outbox::ReceiptState::unfinished);
        log_.write(base::LogEvent::receipt_unfinished,
                   {{base::LogField::bytes, std::int64_t(report->bytes_taken)}});
        const auto ready = check_ready();
        return ready ? base::Result<void>(base::Errc::timed_out, "the printer stopped taking bytes")
                     : ready;
    }
    note(key, outbox::ReceiptState::printed);
    log_.write(base::LogEvent::receipt_sent,
               {{base::LogField::bytes, std::int64_t(rendered->escpos.size())}});
    return {};
}

base::Result<void> Printing::print_copy(const printer::Document& document, std::stop_token stop) {
    const auto rendered = TRY(render_(document));
    if (on_rendered) on_rendered("copy", rendered);
    TRY(check_ready());
    const auto report = TRY(printer_.print(rendered.escpos, stop));
    if (report.delivery != drivers::Delivery::unfinished) return {};
    has_unfinished_ = true;
    TRY(check_ready());
    return base::Error{base::Errc::timed_out, "the printer stopped taking bytes"};
}

void Printing::clear_unfinished() {
    if (!has_unfinished_) return;
    // A unit that cannot confirm keeps the mark: the refill page will tell staff (G22, later
    // issue).
    if (printer_.clear()) has_unfinished_ = false;
}

} // namespace app
