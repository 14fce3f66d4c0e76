#include "kiosk/app/printing.hpp"

#include <algorithm>

namespace app {
namespace {

// As long as the outbox keeps what was delivered (E3): a copy is asked for with a number it knows.
constexpr base::Milliseconds jobs_kept = std::chrono::days(30);

} // namespace

base::Result<TypeSetting> Printing::open_setting(const std::string& fonts_folder,
                                                 const std::string& profile) {
    struct Type {
        text::FontSet fonts;
        text::Typesetter typesetter{fonts};
        explicit Type(text::FontSet f) : fonts(std::move(f)) {}
    };
    auto fonts = TRY(text::FontSet::open(fonts_folder));
    auto type = std::make_shared<Type>(std::move(fonts));
    const auto found = TRY(printer::find_profile(profile));
    return TypeSetting{found, [type = std::move(type), found](const printer::Document& document,
                                                              std::optional<std::uint32_t> job) {
                           auto rendered = printer::render(document, found, type->typesetter, job);
                           type->typesetter.wipe();
                           return rendered;
                       }};
}

Printing::Printing(PrintingParts parts) : parts_(std::move(parts)) {}

// Renders with the number of the job, once the printer is known to be ready for it.
MakeStream Printing::stream_of(std::string key, std::function<printer::Document()> make) {
    return [this, key = std::move(key),
            make = std::move(make)](std::uint32_t job) -> base::Result<JobStream> {
        auto rendered = TRY(parts_.setting.render(make(), job));
        if (on_rendered) on_rendered(key, rendered);
        return JobStream{std::move(rendered.escpos), rendered.height_dots, rendered.end_at};
    };
}

base::Result<PrintJobs*> Printing::jobs() {
    if (jobs_ != nullptr) return jobs_.get();
    journal_ = TRY(parts_.open_journal());
    auto jobs = std::make_unique<PrintJobs>(
        parts_.printer, parts_.setting.profile, *journal_,
        [this](const std::string& receipt_no, std::uint32_t job) {
            return stream_of("", [&] { return parts_.void_note(receipt_no); })(job);
        });
    jobs->on_state = [this](printer::State state) {
        if (on_state) on_state(state);
    };
    TRY(jobs->take_over_after_start());
    jobs_ = std::move(jobs);
    return jobs_.get();
}

base::Result<void> Printing::with_jobs(const std::function<base::Result<void>(PrintJobs&)>& use) {
    auto opened = jobs();
    auto done = opened ? use(**opened) : base::Result<void>(opened.error());
    // Devices have errors of the same names: the journal is asked whether it is its own.
    const bool is_well = opened && (done || journal_->paper_use());
    if (!is_well) {
        if (!is_journal_broken_)
            parts_.log.write(base::LogEvent::storage_fault, {done.error().code});
        jobs_.reset();
        journal_.reset();
    }
    is_journal_broken_ = !is_well;
    return done;
}

base::Result<outbox::Outbox*> Printing::receipts() {
    if (receipts_ == nullptr) receipts_ = TRY(parts_.submitter.another_connection());
    return receipts_.get();
}

base::Result<outbox::Entry> Printing::find(const std::string& receipt_no) {
    auto* const journal = TRY(receipts());
    return journal->find(receipt_no);
}

void Printing::note(const std::string& key, outbox::ReceiptState state) {
    parts_.events.receipt(key, base::Word::of_enumerator(outbox::to_string(state)));
    const auto journal = receipts();
    const auto noted = journal ? (*journal)->note_receipt(key, state) : journal.error();
    // The number on the glass is what counts; a journal that lags is repaired at the next start.
    if (!noted) parts_.log.write(base::LogEvent::storage_fault, {noted.error().code});
}

// What the resident holds, as far as the print journal can tell. `before`: prints of this number
// that came before this one.
void Printing::note_outcome(const std::string& key, const std::string& receipt_no, int before,
                            bool is_printed) {
    if (is_printed) return note(key, outbox::ReceiptState::printed);
    const auto copy = journal_ ? journal_->next_copy(receipt_no) : base::Result<int>(0);
    const bool is_nothing_on_paper = copy && *copy == before;
    note(key, is_nothing_on_paper ? outbox::ReceiptState::not_printed
                                  : outbox::ReceiptState::unfinished);
    if (!is_nothing_on_paper) parts_.log.write(base::LogEvent::receipt_unfinished);
}

base::Result<void> Printing::start() {
    return with_jobs([](PrintJobs&) { return base::Result<void>(); });
}

base::Result<void> Printing::check_ready() {
    return with_jobs([](PrintJobs& jobs) { return jobs.check_ready(); });
}

base::Result<void> Printing::print(const std::string& key, const std::string& receipt_no,
                                   const printer::Document& document, std::stop_token stop,
                                   Slip slip) {
    int before = 0;
    const auto make = [&](std::uint32_t job) -> base::Result<JobStream> {
        auto stream = TRY(stream_of(key, [&] { return document; })(job));
        note(key, outbox::ReceiptState::printing);
        return stream;
    };
    auto printed = with_jobs([&](PrintJobs& jobs) -> base::Result<void> {
        // Of another thing than the earlier slips, so without their mark; counted with them.
        if (slip == Slip::supplement) before = TRY(journal_->next_copy(receipt_no));
        return jobs.print(key, receipt_no, before, make, stop);
    });
    note_outcome(key, receipt_no, before, printed.has_value());
    // Not how long it was: a receipt in two languages is longer than one in Chinese (G2).
    if (printed) parts_.log.write(base::LogEvent::receipt_sent);
    return printed;
}

base::Result<void> Printing::print_copy(const std::string& receipt_no, const MakeDocument& make,
                                        std::stop_token stop) {
    return with_jobs([&](PrintJobs& jobs) -> base::Result<void> {
        const int copy = std::max(1, TRY(journal_->next_copy(receipt_no)));
        return jobs.print("", receipt_no, copy, stream_of("copy", [&] { return make(copy); }),
                          stop);
    });
}

void Printing::end_visit() {
    if (receipts_ != nullptr) receipts_->forget_pages();
    if (jobs_ == nullptr) return;
    jobs_->end_visit();
    if (const auto purged = journal_->purge(jobs_kept); !purged)
        parts_.log.write(base::LogEvent::storage_fault, {purged.error().code});
}

base::Result<void> Printing::print_test(const printer::Document& document, std::stop_token stop) {
    return with_jobs([&](PrintJobs& jobs) -> base::Result<void> {
        TRY(jobs.let_out_earlier(stop));
        return jobs.print_test(stream_of("test", [&] { return document; }), stop);
    });
}

base::Result<void> Printing::roll_replaced(std::stop_token stop) {
    return with_jobs([&](PrintJobs& jobs) -> base::Result<void> {
        TRY(jobs.roll_replaced());
        return jobs.let_out_earlier(stop);
    });
}

base::Result<PrinterReport> Printing::report(int job_count) {
    PrinterReport report;
    const auto ask = [&](PrintJobs& jobs) -> base::Result<void> {
        report.state = jobs.state();
        report.paper = TRY(journal_->paper_use());
        report.jobs = TRY(journal_->last(job_count));
        report.may_come_out_later = jobs.may_come_out_later();
        return {};
    };
    TRY(with_jobs(ask));
    report.dots_per_mm = parts_.setting.profile.dots_per_mm;
    return report;
}

} // namespace app
