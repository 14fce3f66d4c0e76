// Goal: whatever goes wrong at whatever byte, nobody gets two unmarked receipts, the journal never
// says "printed" of what is not on paper, no half receipt goes without a void note, no rubbish is
// printed, and nothing of one visit comes out in the next.
// Method: the real job keeper and driver on the byte-exact printer, a fault at every byte (or every
// so many), people who repair it, a restart where the program died, then one marked copy in the
// same visit or another person's slip in the next.
#include "drivers/receipt_printer/escpos_printer.hpp"
#include "drivers/receipt_printer/simulated_printer.hpp"
#include "kiosk/app/print_jobs.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "printer/escpos.hpp"
#include "tests/support/memory_print_journal.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>

namespace {

using app::JobStream;
using drivers::SimulatedPaper;
using drivers::SimulatedPrinter;
using drivers::SimulatedPrinterTraits;
using drivers::SimulatedType;
using outbox::JobState;

enum class Fault {
    none,
    paper_end,
    cover,
    cutter,
    hot,
    nak_for_ever,
    replug,
    power_loss,
    killed,           // at this byte
    killed_at_journal // before or after the write with this number
};
constexpr std::array byte_faults{Fault::paper_end,  Fault::cover,        Fault::cutter,
                                 Fault::hot,        Fault::nak_for_ever, Fault::replug,
                                 Fault::power_loss, Fault::killed};

const char* name_of(Fault fault) {
    switch (fault) {
    case Fault::none: return "none";
    case Fault::paper_end: return "paper end";
    case Fault::cover: return "cover";
    case Fault::cutter: return "cutter";
    case Fault::hot: return "hot head";
    case Fault::nak_for_ever: return "NAK for ever";
    case Fault::replug: return "unplug and replug";
    case Fault::power_loss: return "printer power loss";
    case Fault::killed: return "program killed";
    case Fault::killed_at_journal: return "program killed at a journal write";
    }
    return "";
}

struct Killed {};

// What a fresh driver says before a stream: four questions, the zeros that end what somebody left
// half sent, and "are you idle?".
constexpr std::size_t preamble = 4 * 3 + drivers::zeros_that_end_a_command + 3;

// One receipt in one form, its marked copy and its void note, laid out once.
struct Form {
    const char* name;
    printer::Profile profile;
    SimulatedPrinterTraits traits;
    printer::Items receipt, copy, note, other; // other: the slip of the next visit
    // What ends up below each other on a slip.
    base::Bytes receipt_rows, copy_rows, note_rows, other_rows;
    std::size_t bytes = 0; // of the receipt's stream

    JobStream stream(const printer::Items& items, std::uint32_t job) const {
        auto made = printer::encode_job(items, profile, job);
        return {std::move(made.escpos), printer::height_of(items) + 112, made.end_at};
    }
};

base::Bytes rows_of(const Form& form, const printer::Items& items) {
    SimulatedPrinter unit(form.traits);
    const auto stream = printer::encode(items, form.profile, 1);
    for (std::size_t at = 0; at < stream.size();) {
        const auto taken = unit.write(base::ByteView(stream).subspan(at), {});
        REQUIRE(taken);
        REQUIRE(*taken > 0);
        at += *taken;
    }
    std::array<std::uint8_t, 64> answers{};
    while (unit.read(answers, {}).value_or(0) > 0) {
    }
    REQUIRE(unit.slips().size() == 1);
    REQUIRE(unit.rubbish() == 0);
    const auto& rows = unit.slips()[0].rows;
    const std::size_t head = std::size_t(form.traits.width_dots) / 8 * 112;
    return base::Bytes(rows.begin() + std::ptrdiff_t(head), rows.end());
}

printer::Document read_fixture(const char* path) {
    auto document = printer::read_document(base::read_file(path).value());
    REQUIRE(document);
    return std::move(*document);
}

printer::Document marked(printer::Document document) {
    printer::Document copy;
    copy.add(printer::Paragraph{.content = {base::SecretText("补打 1 Copy 1"), base::Language::zh},
                                .is_bold = true});
    for (auto& block : document.blocks) copy.blocks.push_back(std::move(block));
    return copy;
}

Form make_form(const char* name, const char* profile, SimulatedType type, const char* fixture) {
    static auto fonts = text::FontSet::open("/usr/share/fonts").value();
    text::Typesetter typesetter(fonts);
    Form form{.name = name, .profile = printer::find_profile(profile).value()};
    form.traits.width_dots = form.profile.width_dots;
    form.traits.has_cutter = form.profile.has_cutter;
    form.traits.type = type;
    form.traits.has_process_id = printer::is_known(form.profile.process_id);
    form.traits.has_asb = printer::is_known(form.profile.asb);
    form.traits.can_recover = printer::is_known(form.profile.recover);
    const auto lay = [&](const printer::Document& document) {
        auto laid_out = printer::lay_out(document, form.profile, typesetter);
        REQUIRE(laid_out);
        return std::move(laid_out->items);
    };
    form.receipt = lay(read_fixture(fixture));
    form.copy = lay(marked(read_fixture(fixture)));
    printer::Document note;
    note.add(printer::Rule{});
    note.add(printer::Paragraph{
        .content = {base::SecretText("Void: what came out before, if not complete"),
                    base::Language::en}});
    form.note = lay(note);
    printer::Document other;
    other.add(printer::Paragraph{
        .content = {base::SecretText("Receipt of the next visit"), base::Language::en}});
    form.other = lay(other);
    form.receipt_rows = rows_of(form, form.receipt);
    form.copy_rows = rows_of(form, form.copy);
    form.note_rows = rows_of(form, form.note);
    form.other_rows = rows_of(form, form.other);
    form.bytes = printer::encode(form.receipt, form.profile, 1).size();
    return form;
}

std::vector<Form> all_forms() {
    std::vector<Form> forms;
    const char* sample = "tests/fixtures/receipts/sample.json";
    forms.push_back(make_form("text", "chinese-80-gb18030", SimulatedType::gb18030, sample));
    forms.push_back(make_form("mixed", "epson-tm-t20", SimulatedType::ascii, sample));
    forms.push_back(make_form("raster", "generic-80", SimulatedType::none, sample));
    return forms;
}

// Deliberate mistakes, to see that they are found.
enum class Defect {
    none,
    printed_when_sent, // the journal says so before the printer did
    no_note,           // an empty slip instead of words
    unmarked_copy,
    wrong_resume,    // a stream goes on seven bytes before the place where it stopped
    pretended_clear, // the driver says that the unit forgot, and never told it
};

// A journal that is ahead of the paper.
class EarlyJournal final : public outbox::PrintJournal {
public:
    explicit EarlyJournal(outbox::PrintJournal& real) : real_(real) {}
    base::Result<std::int64_t> queue(std::string_view key, std::string_view receipt_no,
                                     int copy) override {
        return real_.queue(key, receipt_no, copy);
    }
    base::Result<void> note_sending(std::int64_t id, std::int64_t offset) override {
        return real_.note_sending(id, offset);
    }
    base::Result<void> note(std::int64_t id, JobState state) override {
        if (state == JobState::sent) early_ = id;
        return real_.note(id, state == JobState::sent ? JobState::printed : state);
    }
    base::Result<void> note_fault(std::int64_t id, JobState state, std::int64_t offset,
                                  bool owes_void_note) override {
        if (id == early_) return {};
        return real_.note_fault(id, state, offset, owes_void_note);
    }
    base::Result<void> note_voided_on_paper(std::int64_t id) override {
        return real_.note_voided_on_paper(id);
    }
    base::Result<std::vector<outbox::PrintJob>> open_jobs() const override {
        return real_.open_jobs();
    }
    base::Result<std::vector<outbox::PrintJob>> owing_void_notes() const override {
        return real_.owing_void_notes();
    }
    base::Result<std::vector<outbox::PrintJob>> last(int count) const override {
        return real_.last(count);
    }
    base::Result<int> next_copy(std::string_view receipt_no) const override {
        return real_.next_copy(receipt_no);
    }
    base::Result<void> note_paper(std::int64_t dots, std::int64_t cuts) override {
        return real_.note_paper(dots, cuts);
    }
    base::Result<void> note_new_roll() override { return real_.note_new_roll(); }
    base::Result<outbox::PaperUse> paper_use() const override { return real_.paper_use(); }
    base::Result<int> purge(base::Milliseconds age) override { return real_.purge(age); }

private:
    outbox::PrintJournal& real_;
    std::int64_t early_ = 0;
};

// The driver, with a mistake where one is asked for.
class DefectivePrinter final : public drivers::ReceiptPrinter {
public:
    DefectivePrinter(SimulatedPrinter& unit, Defect defect)
        : driver_(unit, [&unit] { return unit.port_status(); }), defect_(defect) {}
    base::Result<drivers::StatusAnswers> status() override { return driver_.status(); }
    base::Result<drivers::PrintReport> print(base::ByteView stream, std::stop_token stop) override {
        return driver_.print(stream, stop);
    }
    base::Result<drivers::CarryReport> carry(base::ByteView stream, std::stop_token stop,
                                             drivers::PrintWatch& watch) override {
        if (defect_ != Defect::wrong_resume || stream.size() < 2000)
            return driver_.carry(stream, stop, watch);
        base::Bytes repeated(stream.begin(), stream.begin() + 1000);
        repeated.insert(repeated.end(), stream.begin() + 993, stream.end());
        auto report = driver_.carry(repeated, stop, watch);
        if (report) report->bytes_taken = std::min(report->bytes_taken, stream.size());
        return report;
    }
    base::Result<void> clear(drivers::PrintWatch* watch) override {
        return defect_ == Defect::pretended_clear ? base::Result<void>{} : driver_.clear(watch);
    }

private:
    drivers::EscposPrinter driver_;
    Defect defect_;
};

// What one run ended with.
struct Verdict {
    std::string violation; // empty: none
    JobState state = JobState::queued;
    bool is_second_asked = false;
    bool is_staff_called = false;
};

// Independent choices for each place, so that no circumstance hides behind a remainder.
std::uint64_t mixed(std::uint64_t value) { // splitmix64
    value += 0x9E3779B97F4A7C15u;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

class Run {
public:
    // `turn` chooses other circumstances for the same fault at the same place.
    Run(const Form& form, outbox::PrintJournal& journal, Fault fault, std::size_t place,
        std::size_t turn = 0, Defect defect = Defect::none)
        : form_(form), real_journal_(journal), early_journal_(journal), fault_(fault),
          place_(place), dice_(mixed(mixed(place * 16 + std::size_t(fault)) + turn)),
          defect_(defect), unit_(unit_traits_) {
        start();
        arm();
    }

    // The program dies before or after the first print's journal write with this number.
    void kill_at(test::MemoryPrintJournal& journal, std::size_t write, bool is_after) {
        (is_after ? journal.after_write : journal.before_write) = [this, write] {
            if (!is_first_print_ || writes_++ != write) return;
            is_first_print_ = false;
            throw Killed{};
        };
    }

    Verdict verdict() {
        Verdict result;
        bool is_ok = false;
        bool is_next_visit = (dice_ >> 8 & 1) != 0;
        try {
            is_ok = jobs_->print("key", number, 0, make(form_.receipt), {}).has_value();
            is_first_print_ = false;
            if (is_next_visit) jobs_->end_visit();
        } catch (const Killed&) {
            is_first_print_ = false;
            start();
            if (!jobs_->take_over_after_start()) FAIL("the journal cannot fail here");
        }
        result.violation = is_next_visit ? next_visit(result) : same_visit(is_ok, result);
        if (result.violation.empty()) result.violation = judge();
        const auto jobs = journal().last(100).value();
        if (!jobs.empty()) result.state = jobs.back().state;
        if (!result.violation.empty())
            result.violation += std::string(" [") + form_.name + ", " + name_of(fault_) + " at " +
                                std::to_string(place_) + ", first job " +
                                std::string(outbox::to_string(result.state)) +
                                (is_next_visit ? ", next visit" : ", same visit") +
                                (unit_traits_.can_clear ? "" : ", cannot clear") +
                                (unit_traits_.lag_bytes > 0 ? ", lags" : "") + "]";
        return result;
    }

private:
    static constexpr const char* number = "7K4M92HX3PRD";
    static constexpr const char* other_number = "2W8R55TN6BQC";

    static SimulatedPrinterTraits traits(const Form& form, std::uint64_t dice) {
        auto traits = form.traits;
        traits.lag_bytes = (dice & 1) != 0 ? 3000 : 0;
        // A third of the units do not know the order to forget, whatever their profile says.
        traits.can_clear = (dice >> 16) % 3 != 0;
        return traits;
    }

    outbox::PrintJournal& journal() {
        if (defect_ == Defect::printed_when_sent) return early_journal_;
        return real_journal_;
    }
    app::MakeStream make(const printer::Items& items) {
        return [this, &items](std::uint32_t job) -> base::Result<JobStream> {
            return form_.stream(items, job);
        };
    }
    app::MakeVoidNote make_note() {
        return [this](const std::string&, std::uint32_t job) -> base::Result<JobStream> {
            if (defect_ != Defect::no_note) return form_.stream(form_.note, job);
            static const printer::Items blank{printer::Gap{8}, printer::CutItem{}};
            return form_.stream(blank, job);
        };
    }

    // The program starts; the printer stays as it is.
    void start() {
        jobs_.reset();
        driver_.emplace(unit_, defect_);
        jobs_.emplace(*driver_, form_.profile, journal(), make_note());
    }

    void arm() {
        if (fault_ == Fault::none || fault_ == Fault::killed_at_journal) return;
        unit_.after_bytes(preamble + place_, [this] { strike(); });
    }

    void strike() {
        using namespace std::chrono_literals;
        if (!is_first_print_) return;                  // the program died before it came so far
        const bool is_mended = (dice_ >> 32 & 1) != 0; // soon, by a person or by itself
        switch (fault_) {
        case Fault::none:
        case Fault::killed_at_journal: break;
        case Fault::paper_end: unit_.take_paper_out(); break;
        case Fault::cover:
            unit_.open_cover();
            if (is_mended) unit_.after_time(3s, [this] { unit_.close_cover(); });
            break;
        case Fault::cutter:
            unit_.jam_cutter();
            if (is_mended) unit_.after_time(4s, [this] { unit_.free_cutter(); });
            break;
        case Fault::hot:
            unit_.overheat();
            if (is_mended) unit_.after_time(5s, [this] { unit_.cool_down(); });
            break;
        case Fault::nak_for_ever: unit_.stop_taking(); break;
        case Fault::replug: unit_.pull_cable(); break;
        case Fault::power_loss:
            unit_.pull_cable();
            unit_.switch_off_and_on();
            break;
        case Fault::killed: throw Killed{};
        }
    }

    void repair() {
        unit_.plug_cable();
        if (fault_ == Fault::nak_for_ever) {
            unit_.start_taking();
            if ((dice_ >> 33 & 1) != 0) unit_.switch_off_and_on();
        }
        if (fault_ == Fault::paper_end) unit_.load_paper();
        unit_.close_cover();
        unit_.free_cutter();
        unit_.cool_down();
        if (fault_ == Fault::cutter) unit_.switch_off_and_on();
    }

    // Somebody asks for a receipt again where the first did not come out for certain.
    std::string same_visit(bool is_ok, Verdict& result) {
        repair();
        if (is_ok || was_printed()) {
            jobs_->end_visit();
            return {};
        }
        result.is_second_asked = true;
        // After the program's death: what the unit still held waits for staff.
        if (jobs_->may_come_out_later()) {
            result.is_staff_called = true;
            if (const auto out = jobs_->let_out_earlier({}); !out)
                return "staff cannot let out what is held: " + out.error().text();
        }
        const bool is_marked = defect_ != Defect::unmarked_copy;
        if (!is_marked) static_cast<void>(journal().note_fault(1, JobState::voided, 0, false));
        const int copy = is_marked ? journal().next_copy(number).value() : 0;
        const auto& items = copy == 0 ? form_.receipt : form_.copy;
        const auto second = jobs_->print("key", number, copy, make(items), {});
        jobs_->end_visit();
        if (second) return {};
        return "the repaired printer prints no copy: " + second.error().text();
    }

    // The visit has ended; the printer is repaired, and somebody else wants a receipt.
    std::string next_visit(Verdict& result) {
        const bool is_held = jobs_->may_come_out_later();
        const std::size_t before = paper().size();
        repair();
        auto print = [&] { return jobs_->print("other", other_number, 0, make(form_.other), {}); };
        auto printed = print();
        if (is_held) {
            result.is_staff_called = true;
            if (printed) return "printed although something of the visit before waits for staff";
            if (const auto out = jobs_->let_out_earlier({}); !out)
                return "staff cannot let out what is held: " + out.error().text();
            printed = print();
        }
        if (!printed) return "the next visit gets no receipt: " + printed.error().text();
        jobs_->end_visit();
        if (is_held || has_only_notes_and_the_other(before)) return {};
        return "something of one visit came out in the next";
    }

    // All rows since the beginning, as if nobody had cut them.
    base::Bytes paper() const {
        base::Bytes rows;
        for (const auto& slip : unit_.slips())
            rows.insert(rows.end(), slip.rows.begin(), slip.rows.end());
        const auto& attached = unit_.attached_rows().rows;
        rows.insert(rows.end(), attached.begin(), attached.end());
        return rows;
    }
    bool has_only_notes_and_the_other(std::size_t begin) const {
        const auto rows = paper();
        const base::Bytes white(row_bytes());
        for (std::size_t at = begin; at < rows.size();) {
            if (std::memcmp(rows.data() + at, white.data(), white.size()) == 0) {
                at += white.size();
                continue;
            }
            const auto begins_here = [&](const base::Bytes& wanted) {
                std::size_t first = 0; // row with ink
                while (first < wanted.size() && wanted[first] == 0) ++first;
                first -= first % row_bytes();
                const std::size_t size = wanted.size() - first;
                if (rows.size() - at < size ||
                    std::memcmp(rows.data() + at, wanted.data() + first, size) != 0)
                    return false;
                at += size;
                return true;
            };
            if (!begins_here(form_.note_rows) && !begins_here(form_.other_rows)) return false;
        }
        return true;
    }
    std::size_t row_bytes() const { return std::size_t(form_.traits.width_dots) / 8; }

    bool was_printed() {
        const auto jobs = journal().last(100).value();
        return std::any_of(jobs.begin(), jobs.end(), [](const outbox::PrintJob& job) {
            return job.state == JobState::printed;
        });
    }

    static bool ends_with(const base::Bytes& rows, std::size_t end, const base::Bytes& tail) {
        return end >= tail.size() &&
               std::memcmp(rows.data() + (end - tail.size()), tail.data(), tail.size()) == 0;
    }
    static bool has_ink(const base::Bytes& rows, std::size_t end) {
        static const base::Bytes white(1 << 16);
        for (std::size_t at = 0; at < end; at += white.size()) {
            const std::size_t size = std::min(white.size(), end - at);
            if (std::memcmp(rows.data() + at, white.data(), size) != 0) return true;
        }
        return false;
    }

    // Reads the paper from its beginning and holds it against the journal.
    std::string judge() {
        unit_.tear_keeping();
        int receipts = 0; // whole and unmarked, cut or not
        int cut_receipts = 0;
        int copies = 0;
        bool owes_note = false; // a piece of a receipt came out and no note yet
        for (const auto& slip : unit_.slips()) {
            const auto& rows = slip.rows;
            const bool is_receipt = ends_with(rows, rows.size(), form_.receipt_rows);
            const bool is_copy = ends_with(rows, rows.size(), form_.copy_rows);
            const bool is_note = ends_with(rows, rows.size(), form_.note_rows);
            const bool is_other = ends_with(rows, rows.size(), form_.other_rows);
            // The copy ends as the receipt does.
            receipts += is_receipt && !is_copy;
            copies += is_copy;
            if (!slip.is_cut) { // it came out with the roll: at best whole, never a receipt
                if (has_ink(rows, rows.size())) owes_note = true;
                continue;
            }
            cut_receipts += is_receipt && !is_copy;
            const std::size_t known = is_copy      ? form_.copy_rows.size()
                                      : is_receipt ? form_.receipt_rows.size()
                                      : is_note    ? form_.note_rows.size()
                                      : is_other   ? form_.other_rows.size()
                                                   : 0;
            if (has_ink(rows, rows.size() - known)) owes_note = true;
            if ((is_receipt || is_copy || is_other) && owes_note)
                return "a half receipt without a void note";
            if (is_note) owes_note = false;
        }
        if (owes_note) return "a half receipt without a void note at the end";
        if (receipts > 1) return "two unmarked receipts";
        if (copies > 1) return "more than one copy";
        if (unit_.rubbish() > 0) return "rubbish on the paper";
        bool is_printed = false;
        bool is_unknown = false;
        int printed_copies = 0;
        for (const auto& job : journal().last(100).value()) {
            if (job.receipt_no != number) continue;
            printed_copies += job.copy > 0 && job.state == JobState::printed;
            if (job.copy > 0) continue;
            is_printed = is_printed || job.state == JobState::printed;
            is_unknown = is_unknown || job.state == JobState::unknown;
        }
        if (is_printed && cut_receipts != 1) return "printed in the journal, not on paper";
        if (cut_receipts == 1 && !is_printed && !is_unknown) return "on paper, not in the journal";
        if (copies != printed_copies) return "copies in the journal are not those on paper";
        return {};
    }

    const Form& form_;
    outbox::PrintJournal& real_journal_;
    EarlyJournal early_journal_;
    Fault fault_;
    std::size_t place_;
    std::uint64_t dice_;
    Defect defect_;
    const SimulatedPrinterTraits unit_traits_ = traits(form_, dice_);
    SimulatedPrinter unit_;
    std::optional<DefectivePrinter> driver_;
    std::optional<app::PrintJobs> jobs_;
    std::size_t writes_ = 0;
    bool is_first_print_ = true;
};

struct Tally {
    std::size_t runs = 0;
    std::size_t violations = 0;
    std::size_t printed = 0;
    std::size_t voided = 0;
    std::size_t unknown = 0;
    std::size_t copies = 0;
    std::size_t staff = 0;

    void add(const Verdict& verdict) {
        ++runs;
        printed += verdict.state == JobState::printed;
        voided += verdict.state == JobState::voided;
        unknown += verdict.state == JobState::unknown;
        copies += verdict.is_second_asked;
        staff += verdict.is_staff_called;
        if (verdict.violation.empty()) return;
        if (++violations <= 5) UNSCOPED_INFO(verdict.violation);
    }
    void print(const char* what) const {
        std::printf("%s: %zu runs, %zu printed, %zu voided, %zu unknown, %zu second prints, "
                    "%zu calls for staff, %zu violations\n",
                    what, runs, printed, voided, unknown, copies, staff, violations);
    }
};

// queued, sending, sent, paper used, printed or at fault; the others for the notes that the end of
// a visit brings.
constexpr std::size_t journal_writes = 10;

void die_at_each_write(const Form& form, Tally& tally) {
    for (std::size_t write = 0; write < journal_writes; ++write)
        for (const bool is_after : {false, true})
            for (const auto fault : {Fault::killed_at_journal, Fault::paper_end, Fault::cover,
                                     Fault::hot, Fault::replug, Fault::power_loss})
                for (const std::size_t place : {form.bytes / 3, form.bytes * 2 / 3, form.bytes - 9,
                                                form.bytes - 2, form.bytes})
                    for (std::size_t turn = 0; turn < 4; ++turn) {
                        test::MemoryPrintJournal journal;
                        Run run(form, journal, fault, place, turn);
                        run.kill_at(journal, write, is_after);
                        tally.add(run.verdict());
                    }
}

// Every `stride`-th byte of each form with each fault, `turns` times in other circumstances (a unit
// that lags, that does not know the order to forget, a person who mends it), and a death before and
// after every journal write, alone and after a fault.
Tally strike_everywhere(const std::vector<Form>& forms, std::size_t stride, std::size_t turns) {
    Tally tally;
    for (const auto& form : forms) {
        std::size_t first = 0;
        for (const auto fault : byte_faults) {
            // Each fault meets other bytes, so that a coarse stride still sees them all in turn.
            for (std::size_t place = first++ % stride; place <= form.bytes; place += stride) {
                for (std::size_t turn = 0; turn < turns; ++turn) {
                    test::MemoryPrintJournal journal;
                    tally.add(Run(form, journal, fault, place, turn).verdict());
                }
            }
        }
        die_at_each_write(form, tally);
    }
    return tally;
}

} // namespace

TEST_CASE("a receipt without a fault is printed once on every form", "[flow][receipt]") {
    for (const auto& form : all_forms()) {
        INFO(form.name << ", " << form.bytes << " bytes");
        test::MemoryPrintJournal journal;
        const auto verdict = Run(form, journal, Fault::none, 0).verdict();
        CHECK(verdict.violation == "");
        CHECK(verdict.state == JobState::printed);
        CHECK_FALSE(verdict.is_second_asked);
    }
}

TEST_CASE("a fault at any byte leaves one receipt at most, a true journal and no half receipt "
          "without a note",
          "[flow][receipt][refusal][G22]") {
    const auto tally = strike_everywhere(all_forms(), 13, 1);
    tally.print("faults at every 13th byte");
    CHECK(tally.violations == 0);
    CHECK(tally.printed > 0);
    CHECK(tally.voided > 0);
    CHECK(tally.unknown > 0);
}

TEST_CASE("a fault at each of the last bytes, where a receipt becomes one, is told truly",
          "[flow][receipt]") {
    Tally tally;
    for (const auto& form : all_forms())
        for (const auto fault : byte_faults)
            for (std::size_t place = form.bytes - 40; place <= form.bytes; ++place)
                for (std::size_t turn = 0; turn < 8; ++turn) {
                    test::MemoryPrintJournal journal;
                    tally.add(Run(form, journal, fault, place, turn).verdict());
                }
    tally.print("faults at the last 40 bytes");
    CHECK(tally.violations == 0);
}

TEST_CASE("a fault at every byte", "[.slow][receipt]") {
    const char* stride = std::getenv("KIOSK_STRIDE");
    const auto tally =
        strike_everywhere(all_forms(), stride ? std::strtoull(stride, nullptr, 10) : 1, 2);
    tally.print("faults at every byte");
    CHECK(tally.violations == 0);
}

TEST_CASE("planted mistakes are found", "[flow][receipt]") {
    const auto forms = all_forms();
    const auto found = [&](Defect defect) {
        std::size_t violations = 0;
        for (const auto& form : forms)
            for (const auto fault : {Fault::none, Fault::replug, Fault::paper_end, Fault::killed})
                for (std::size_t part = 1; part <= 8; ++part)
                    for (std::size_t turn = 0; turn < 4; ++turn) {
                        test::MemoryPrintJournal journal;
                        const std::size_t place = form.bytes * part / 8;
                        violations += !Run(form, journal, fault, place, turn, defect)
                                           .verdict()
                                           .violation.empty();
                    }
        return violations;
    };
    CHECK(found(Defect::none) == 0);
    CHECK(found(Defect::printed_when_sent) > 0);
    CHECK(found(Defect::no_note) > 0);
    CHECK(found(Defect::unmarked_copy) > 0);
    CHECK(found(Defect::wrong_resume) > 0);
    CHECK(found(Defect::pretended_clear) > 0);
}

TEST_CASE("a fault is known within 200 ms, a pulled cable within 100 ms, a stall within a second",
          "[flow][receipt]") {
    using namespace std::chrono_literals;
    using printer::State;
    auto forms = all_forms();
    struct Case {
        Fault fault;
        State state;
        base::Milliseconds limit;
    };
    for (auto& form : forms) {
        form.traits.dots_per_ms = 1; // 125 mm/s
        form.traits.buffer_bytes = 4096;
        for (const auto& [fault, state, limit] :
             {Case{Fault::paper_end, State::paper_out, 200ms},
              Case{Fault::cover, State::cover_open, 200ms}, Case{Fault::hot, State::hot, 200ms},
              Case{Fault::replug, State::absent, 100ms},
              Case{Fault::nak_for_ever, State::stalled, 1000ms}}) {
            INFO(form.name << ", " << name_of(fault));
            SimulatedPrinter unit(form.traits);
            drivers::EscposPrinter driver(unit, [&] { return unit.port_status(); });
            test::MemoryPrintJournal journal;
            app::PrintJobs jobs(
                driver, form.profile, journal,
                [&](const std::string&, std::uint32_t job) -> base::Result<JobStream> {
                    return form.stream(form.note, job);
                });
            base::Milliseconds struck{-1};
            std::optional<base::Milliseconds> known;
            jobs.on_state = [&](State now) {
                // Without ASB the port tells paper apart, everything else is "something is wrong".
                const bool is_it = now == state || (!form.traits.has_asb && now == State::stalled);
                if (struck >= 0ms && !known && is_it) known = unit.now();
            };
            unit.after_bytes(preamble + form.bytes / 2, [&, fault = fault] {
                struck = unit.now();
                if (fault == Fault::paper_end) unit.take_paper_out();
                if (fault == Fault::cover) unit.open_cover();
                if (fault == Fault::hot) unit.overheat();
                if (fault == Fault::replug) unit.pull_cable();
                if (fault == Fault::nak_for_ever) unit.stop_taking();
            });
            CHECK_FALSE(jobs.print("key", "7K4M92HX3PRD", 0,
                                   [&](std::uint32_t job) -> base::Result<JobStream> {
                                       return form.stream(form.receipt, job);
                                   },
                                   {}));
            REQUIRE(struck >= 0ms);
            REQUIRE(known);
            CHECK(*known - struck <= limit);
        }
    }
}

TEST_CASE("a receipt is not begun on a roll that may not hold it", "[flow][receipt]") {
    auto forms = all_forms();
    auto& form = forms[0];
    form.profile.near_end_left_dots = 2500; // one receipt and a half
    SimulatedPrinter unit(form.traits);
    drivers::EscposPrinter driver(unit);
    test::MemoryPrintJournal journal;
    app::PrintJobs jobs(driver, form.profile, journal,
                        [&](const std::string&, std::uint32_t job) -> base::Result<JobStream> {
                            return form.stream(form.note, job);
                        });
    const auto print = [&](const char* number) {
        return jobs.print("key", number, 0,
                          [&](std::uint32_t job) -> base::Result<JobStream> {
                              return form.stream(form.receipt, job);
                          },
                          {});
    };
    unit.paper_runs_out_after(799); // near end
    const int height = printer::height_of(form.receipt) + 112;
    INFO("receipt of " << height << " dots");
    form.profile.near_end_left_dots = height - 1;
    const auto refused = print("7K4M92HX3PRD");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == base::Errc::paper_out);
    CHECK(unit.slips().empty());
    CHECK(journal.jobs.at(0).state == JobState::voided);
    CHECK(journal.next_copy("7K4M92HX3PRD").value() == 0); // nothing is on paper: no mark needed
    unit.load_paper();
    REQUIRE(jobs.roll_replaced());
    CHECK(print("7K4M92HX3PRD"));
    CHECK(unit.slips().back().height > 1000);
}

TEST_CASE("a second unmarked receipt is refused whoever asks", "[flow][receipt][refusal][G22]") {
    const auto forms = all_forms();
    const auto& form = forms[0];
    SimulatedPrinter unit(form.traits);
    drivers::EscposPrinter driver(unit);
    test::MemoryPrintJournal journal;
    app::PrintJobs jobs(driver, form.profile, journal,
                        [&](const std::string&, std::uint32_t job) -> base::Result<JobStream> {
                            return form.stream(form.note, job);
                        });
    const auto make = [&](std::uint32_t job) -> base::Result<JobStream> {
        return form.stream(form.receipt, job);
    };
    CHECK(jobs.print("key", "7K4M92HX3PRD", 0, make, {}));
    CHECK(jobs.print("key", "7K4M92HX3PRD", 0, make, {}).error().code == base::Errc::conflict);
    CHECK(jobs.print("key", "7K4M92HX3PRD", 1, make, {}));
    CHECK(jobs.print("key", "7K4M92HX3PRD", 1, make, {}).error().code == base::Errc::conflict);
    CHECK(unit.slips().size() == 2);
}

TEST_CASE("the journal in SQLite gives the same ends as the one in memory", "[flow][receipt]") {
    const auto path = std::filesystem::temp_directory_path() / "kiosk-print-journal-test.db";
    const base::SystemClock clock;
    const auto forms = all_forms();
    base::SeededRandom random(20261129);
    const char* given = std::getenv("KIOSK_RUNS");
    const int runs = given ? std::atoi(given) : 40; // 1,000 by hand
    for (int i = 0; i < runs; ++i) {
        const auto& form = forms[random.below(forms.size())];
        const auto fault = byte_faults[random.below(byte_faults.size())];
        const std::size_t place = random.below(form.bytes + 1);
        for (const char* suffix : {"", "-wal", "-shm"})
            std::filesystem::remove(path.string() + suffix);
        auto real = outbox::SqlitePrintJournal::open(path.string(), clock);
        REQUIRE(real);
        test::MemoryPrintJournal memory;
        const auto one = Run(form, **real, fault, place).verdict();
        const auto other = Run(form, memory, fault, place).verdict();
        INFO(form.name << ", " << name_of(fault) << " at " << place);
        CHECK(one.violation == "");
        CHECK(one.state == other.state);
        CHECK(one.is_second_asked == other.is_second_asked);
    }
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + suffix);
}
