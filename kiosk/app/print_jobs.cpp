#include "kiosk/app/print_jobs.hpp"

#include "printer/answers.hpp"
#include "printer/escpos.hpp"

#include <algorithm>

namespace app {
namespace {

using drivers::Verdict;
using outbox::JobState;
using printer::State;
using namespace std::chrono_literals;

// How long a job waits for somebody or something to end a fault that printing survives. Chosen:
// a cover is closed and a head cools within half a minute, or a person should be told to go on.
constexpr base::Milliseconds patience = 30s;
// Takes nothing and says nothing.
constexpr base::Milliseconds silent_limit = 5s;
// For units that are still printing what they took: 100 mm/s at 8 dots/mm, slower than any quoted
// (spec receipt-printer §1: 150 to 260 mm/s).
constexpr base::Milliseconds dots_take(int dots) {
    return base::Milliseconds(dots * 1000 / 800);
}
// How often a unit with a stuck cutter is asked to go on.
constexpr base::Milliseconds press_on_every = 2s;
// Paper that is certainly left when a unit first reports near end, where its profile does not say.
// Chosen: 1 m; sensors are set to several metres.
constexpr int assumed_near_end_left_dots = 8'000;

} // namespace

// Listens to one job.
class PrintJobs::Watch final : public drivers::PrintWatch {
public:
    Watch(PrintJobs& jobs, const JobStream& stream, std::uint32_t number,
          std::optional<std::int64_t> id)
        : jobs_(jobs), printing_takes_(dots_take(stream.height_dots)),
          last_line_(printer::process_id(number, printer::Mark::last_line)),
          cut_(printer::process_id(number, printer::Mark::cut)), id_(id) {}

    void heard(base::ByteView bytes) override {
        reader_.hear(bytes);
        while (const auto answer = reader_.next()) {
            if (const auto* packet = std::get_if<printer::AutomaticStatus>(&*answer)) {
                jobs_.status_ = printer::read_asb(*packet);
                jobs_.state_.heard(jobs_.status_, now_);
                jobs_.tell();
            } else if (const auto* confirmed = std::get_if<printer::Confirmed>(&*answer)) {
                if (confirmed->id == last_line_) is_last_line_confirmed_ = true;
                if (confirmed->id == cut_) is_cut_confirmed_ = true;
            } else if (std::holds_alternative<printer::PlainAnswer>(*answer)) {
                ++worked_off_;
            }
        }
    }

    void port(std::uint8_t status) override {
        const auto read = printer::read_port_status(status);
        if (!read) return;
        // It knows paper and "something is wrong"; a packet that said more is not overwritten.
        const bool knows_worse = jobs_.status_.is_cover_open || jobs_.status_.has_cutter_error ||
                                 jobs_.status_.is_recovering;
        if (knows_worse && read->paper != printer::Paper::out) return;
        if (read->paper == printer::Paper::out) jobs_.status_.paper = printer::Paper::out;
        jobs_.status_.is_online = read->is_online;
        is_port_faulty_ = !read->is_online;
        jobs_.state_.heard(jobs_.status_, now_);
        jobs_.tell();
    }

    Verdict look(const drivers::Progress& progress) override {
        const bool has_moved = progress.stalled == 0ms;
        now_ += has_moved ? 0ms : progress.stalled - last_stalled_;
        last_stalled_ = progress.stalled;
        // While it works off what it took, it takes nothing and is well.
        const bool is_working = progress.is_all_taken && progress.stalled < printing_takes_;
        has_moved || is_working ? jobs_.state_.took_bytes(now_) : jobs_.state_.tick(now_);
        jobs_.tell();
        if (progress.is_all_taken && id_) {
            // A journal that fails now says `sending`, which is no less true.
            static_cast<void>(jobs_.journal_.note(*id_, JobState::sent));
            id_.reset();
        }
        if (progress.is_all_taken && is_complete()) return Verdict::confirmed;
        switch (jobs_.state_.state()) {
        case State::paper_out:
        case State::dead:
        case State::absent: return Verdict::give_up;
        case State::cover_open:
        case State::hot: return progress.stalled < patience ? Verdict::go_on : Verdict::give_up;
        case State::cutter: return at_stuck_cutter(progress);
        case State::probing:
        case State::ready:
        case State::printing:
        case State::paper_low:
        case State::stalled: break;
        }
        const auto limit = is_port_faulty_         ? patience
                           : progress.is_all_taken ? printing_takes_ + silent_limit
                                                   : silent_limit;
        return progress.stalled < limit ? Verdict::go_on : Verdict::give_up;
    }

    // By process id where the unit has them; else by answers that come in stream order: one is
    // asked for before the cut, one behind everything.
    bool is_complete() const { return has_ids() ? is_cut_confirmed_ : worked_off_ >= 2; }
    // False while the cut cannot have happened.
    bool may_be_cut() const {
        return has_ids() ? is_last_line_confirmed_ || is_cut_confirmed_ : worked_off_ >= 1;
    }

private:
    bool has_ids() const { return printer::is_known(jobs_.profile_.process_id); }

    // The cut is the last thing of a stream, so only then may the unit be told to go on.
    Verdict at_stuck_cutter(const drivers::Progress& progress) {
        if (progress.stalled >= patience) return Verdict::give_up;
        if (!progress.is_all_taken || !printer::is_known(jobs_.profile_.recover))
            return Verdict::go_on;
        if (progress.stalled < next_press_) return Verdict::go_on;
        next_press_ = progress.stalled + press_on_every;
        return Verdict::press_on;
    }

    PrintJobs& jobs_;
    const base::Milliseconds printing_takes_;
    printer::AnswerReader reader_;
    printer::ProcessId last_line_;
    printer::ProcessId cut_;
    std::optional<std::int64_t> id_; // to be noted as sent
    base::Milliseconds now_{0};
    base::Milliseconds last_stalled_{0};
    base::Milliseconds next_press_{press_on_every};
    int worked_off_ = 0;
    bool is_last_line_confirmed_ = false;
    bool is_cut_confirmed_ = false;
    bool is_port_faulty_ = false;
};

PrintJobs::PrintJobs(drivers::ReceiptPrinter& printer, const printer::Profile& profile,
                     outbox::PrintJournal& journal, MakeVoidNote make_void_note)
    : printer_(printer), profile_(profile), journal_(journal),
      make_void_note_(std::move(make_void_note)) {}

void PrintJobs::tell() {
    if (state_.take_change() && on_state) on_state(state_.state());
}

base::Result<void> PrintJobs::take_over_after_start() {
    // Of an earlier visit, whosever it is.
    if (profile_.presenter != printer::Presenter::none &&
        printer_.is_slip_at_mouth().value_or(false))
        static_cast<void>(printer_.take_slip_back());
    const auto jobs = TRY(journal_.open_jobs());
    for (const auto& job : jobs) {
        if (job.state == JobState::queued) {
            TRY(journal_.note_fault(job.id, JobState::voided, 0, false));
        } else {
            // The program died somewhere between the first byte and the answer.
            TRY(journal_.note_fault(job.id, JobState::unknown, job.offset, true));
            may_hold_bytes_ = true;
        }
    }
    // So may that of a job which had been given up when the program died.
    if (!TRY(journal_.owing_void_notes()).empty()) may_hold_bytes_ = true;
    if (may_hold_bytes_) end_visit();
    return {};
}

base::Result<void> PrintJobs::ask_printer() {
    const auto answers = printer_.status();
    if (!answers) {
        if (answers.error().code == base::Errc::unplugged) state_.unplugged();
        tell();
        return answers.error();
    }
    status_ = TRY(printer::read_status(*answers, profile_.near_end_is_inverted));
    state_.heard(status_, 0ms);
    tell();
    return printer::check_ready(status_);
}

base::Result<void> PrintJobs::check_ready() {
    TRY(ask_printer());
    if (!waits_for_staff_) return {};
    return base::Error{base::Errc::device,
                       "printer: something of an earlier visit comes out first, call staff"};
}

base::Result<void> PrintJobs::roll_holds(int height_dots) const {
    if (status_.paper != printer::Paper::near_end) return {};
    const int left =
        profile_.near_end_left_dots > 0 ? profile_.near_end_left_dots : assumed_near_end_left_dots;
    if (used_since_near_end_ + height_dots <= left) return {};
    return base::Error{base::Errc::paper_out, "printer: the rest of the roll may not hold it"};
}

void PrintJobs::use_roll(int height_dots, bool is_cut) {
    used_since_near_end_ =
        status_.paper == printer::Paper::near_end ? used_since_near_end_ + height_dots : 0;
    // A count for maintenance: where it cannot be kept, printing goes on.
    static_cast<void>(journal_.note_paper(height_dots, is_cut ? 1 : 0));
}

base::Result<void> PrintJobs::roll_replaced() {
    used_since_near_end_ = 0;
    return journal_.note_new_roll();
}

base::Result<PrintJobs::Outcome> PrintJobs::carry(const JobStream& stream, std::uint32_t number,
                                                  std::stop_token stop,
                                                  std::optional<std::int64_t> id) {
    Watch watch(*this, stream, number, id);
    state_.began_printing(0ms);
    tell();
    auto report = printer_.carry(stream.escpos, stop, watch);
    Outcome outcome;
    if (report) {
        outcome.report = *report;
        const bool is_all_taken = report->bytes_taken == stream.escpos.size();
        if (!report->is_confirmed && !report->is_unplugged && can_clear()) {
            outcome.is_cleared = printer_.clear(&watch).has_value();
            // It may have ended just before it was told to forget.
            outcome.report.is_confirmed = is_all_taken && watch.is_complete();
        }
        may_hold_bytes_ = !outcome.report.is_confirmed && !outcome.is_cleared;
        // Zeros that end what was cut off complete a cut of which the first byte was taken.
        outcome.may_be_cut =
            report->bytes_taken > stream.end_at && (watch.may_be_cut() || !outcome.is_cleared);
        use_roll(stream.height_dots, outcome.report.is_confirmed);
    }
    state_.ended_printing();
    const bool is_gone =
        report ? report->is_unplugged : report.error().code == base::Errc::unplugged;
    if (is_gone) state_.unplugged();
    tell();
    if (!report) return report.error();
    return outcome;
}

// What the journal says of a job that is over.
base::Result<void> PrintJobs::note_end(std::int64_t id, const Outcome& outcome) {
    if (outcome.report.is_confirmed) return journal_.note(id, JobState::printed);
    // Whether anything was taken, not how much: the length of a receipt tells its language (G2).
    const std::int64_t offset = outcome.report.bytes_taken > 0 ? 1 : 0;
    const auto state = outcome.may_be_cut ? JobState::unknown : JobState::voided;
    return journal_.note_fault(id, state, offset, true);
}

base::Result<void> PrintJobs::why_not() {
    if (state_.state() == State::absent) {
        return base::Error{base::Errc::unplugged, "printer: cable pulled on the way"};
    }
    TRY(ask_printer());
    return base::Error{base::Errc::timed_out, "printer: stopped taking bytes"};
}

// Nothing of the job itself has gone out when this fails.
base::Result<JobStream> PrintJobs::prepare(std::uint32_t number, const MakeStream& make,
                                           std::stop_token stop) {
    look_at_mouth();
    TRY(check_ready());
    TRY(settle(stop));
    auto stream = TRY(make(number));
    TRY(roll_holds(stream.height_dots));
    return stream;
}

base::Result<void> PrintJobs::print(std::string_view key, std::string_view receipt_no, int copy,
                                    const MakeStream& make, std::stop_token stop) {
    const int next_copy = TRY(journal_.next_copy(receipt_no));
    if (copy < next_copy) {
        return base::Error{base::Errc::conflict, "printer: a second receipt needs its mark"};
    }
    const std::int64_t id = TRY(journal_.queue(key, receipt_no, copy));
    const auto stream = prepare(std::uint32_t(id), make, stop);
    if (!stream) { // it stands in the journal: staff can print it later
        TRY(journal_.note_fault(id, JobState::voided, 0, false));
        return stream.error();
    }
    TRY(journal_.note_sending(id, 0));
    const auto outcome = carry(*stream, std::uint32_t(id), stop, id);
    if (!outcome) { // before the first byte
        TRY(journal_.note_fault(id, JobState::voided, 0, false));
        return outcome.error();
    }
    TRY(note_end(id, *outcome));
    if (outcome->report.is_confirmed && profile_.presenter != printer::Presenter::none)
        at_mouth_ = id;
    if (outcome->report.is_confirmed) return {};
    return why_not();
}

base::Result<void> PrintJobs::print_test(const MakeStream& make, std::stop_token stop) {
    TRY(ask_printer());
    TRY(settle(stop));
    constexpr std::uint32_t number = 0x7FFFF; // no job's, nor a void note's, for a lifetime of jobs
    const auto stream = TRY(make(number));
    TRY(roll_holds(stream.height_dots));
    const auto outcome = TRY(carry(stream, number, stop, std::nullopt));
    if (outcome.report.is_confirmed) return {};
    waits_for_staff_ = may_hold_bytes_; // its rest would come out in front of a receipt
    return why_not();
}

// The bit falls without an order of ours: somebody took it.
void PrintJobs::look_at_mouth() {
    if (!at_mouth_) return;
    const auto waits = printer_.is_slip_at_mouth();
    if (!waits || *waits) return;
    static_cast<void>(journal_.note(*at_mouth_, JobState::taken));
    at_mouth_.reset();
}

// A forgotten receipt names a person. What the unit does not answer for stays `printed`.
void PrintJobs::take_back_forgotten() {
    look_at_mouth();
    if (at_mouth_ && printer_.take_slip_back())
        static_cast<void>(journal_.note(*at_mouth_, JobState::retracted));
    at_mouth_.reset();
}

base::Result<void> PrintJobs::settle(std::stop_token stop) {
    const auto owed = TRY(journal_.owing_void_notes());
    if (owed.empty()) return {};
    // Its number must differ from the job's, so that a late answer is not taken for its own.
    for (const auto& job : owed) {
        const auto number = std::uint32_t(job.id) ^ 0x40000u;
        const auto stream = TRY(make_void_note_(job.receipt_no, number));
        TRY(roll_holds(stream.height_dots));
        const auto outcome = TRY(carry(stream, number, stop, std::nullopt));
        if (!outcome.report.is_confirmed) return why_not();
        TRY(journal_.note_voided_on_paper(job.id));
    }
    return {};
}

bool PrintJobs::can_clear() const {
    return printer::is_known(profile_.clear_buffers);
}

void PrintJobs::end_visit(std::stop_token stop) {
    take_back_forgotten();
    if (may_hold_bytes_ && can_clear() && printer_.clear()) may_hold_bytes_ = false;
    // A unit that prints the note has printed what it held before; one that is not ready owes it.
    const auto owed = journal_.owing_void_notes();
    if (owed && !owed->empty() && ask_printer()) static_cast<void>(settle(stop));
    waits_for_staff_ = may_hold_bytes_;
}

base::Result<void> PrintJobs::let_out_earlier(std::stop_token stop) {
    TRY(ask_printer());
    TRY(settle(stop));
    // Where nothing was owed, nothing of a visit was held.
    may_hold_bytes_ = waits_for_staff_ = false;
    return {};
}

} // namespace app
