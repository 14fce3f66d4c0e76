#include "drivers/receipt_printer/escpos_printer.hpp"

#include <algorithm>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Milliseconds;
using base::Result;
using namespace std::chrono_literals;

// Limits. Unverified on hardware.
constexpr Milliseconds answer_limit = 500ms;      // chosen: real-time answers take milliseconds
constexpr Milliseconds slice = 250ms;             // one write or read; so often `stop` is looked at
constexpr Milliseconds stall_limit = 5s;          // a head that is too hot pauses for seconds
constexpr Milliseconds worked_off_limit = 15s;    // 1.5 m of paper at 100 mm/s
constexpr std::size_t part_bytes = 4096;          // one write
constexpr std::size_t stray_answers_limit = 4096; // a unit that babbles for ever is given up

// `GS r 1`: paper sensor, answered in stream order, so it doubles as "everything before this is
// done" (spec receipt-printer §4.4).
constexpr std::array<std::uint8_t, 3> are_you_done{0x1D, 0x72, 0x01};
// Epson: clear the buffers; the answer is 37 25 00 (§4.5).
constexpr std::array<std::uint8_t, 10> forget_it{0x10, 0x14, 0x08, 0x01, 0x03,
                                                 0x14, 0x01, 0x06, 0x02, 0x08};
constexpr std::array<std::uint8_t, 3> forgotten{0x37, 0x25, 0x00};
// Custom (§7): full status, answered by 10 0F and four bytes of which the first holds "ticket at
// the mouth"; retract.
constexpr std::array<std::uint8_t, 3> how_are_you{0x10, 0x04, 0x14};
constexpr std::array<std::uint8_t, 2> full_status_head{0x10, 0x0F};
constexpr std::uint8_t at_mouth_bit = 0x20;
constexpr std::array<std::uint8_t, 3> retract{0x1D, 0x65, 0x02};
constexpr std::array<std::uint8_t, 2> reset{0x1B, 0x40};
// Epson: go on from where the cutter failed (§4.5).
constexpr std::array<std::uint8_t, 3> go_on{0x10, 0x05, 0x01};
// While a stream is carried: short, because a fault must be on the screen within 200 ms.
constexpr Milliseconds look_every = 50ms;
constexpr std::array<std::uint8_t, zeros_that_end_a_command> zeros{};

} // namespace

Result<void> EscposPrinter::drop_late_answers() {
    std::array<std::uint8_t, 64> late{};
    for (std::size_t dropped = 0; dropped < stray_answers_limit;) {
        const std::size_t count = TRY(wire_.read(late, 0ms));
        if (count == 0) return {};
        dropped += count;
    }
    return Error{Errc::timed_out, "printer: talks without being asked"};
}

// The next byte whose fixed bits are those of the answer we wait for; others (an answer that comes
// late, an unasked status packet) are dropped.
Result<std::uint8_t> EscposPrinter::next_answer(std::uint8_t mask, std::uint8_t fixed,
                                                Milliseconds limit) {
    for (std::size_t dropped = 0; dropped < stray_answers_limit; ++dropped) {
        std::array<std::uint8_t, 1> answer{};
        if (TRY(wire_.read(answer, limit)) == 0) break;
        if ((answer[0] & mask) == fixed) return answer[0];
    }
    return Error{Errc::timed_out, "printer: no answer"};
}

Result<StatusAnswers> EscposPrinter::status() {
    TRY(drop_late_answers());
    TRY(end_half_read_command());
    StatusAnswers answers{};
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const std::array<std::uint8_t, 3> question{0x10, 0x04, std::uint8_t(i + 1)}; // DLE EOT n
        if (TRY(wire_.write(question, answer_limit)) < question.size()) {
            return Error{Errc::timed_out, "printer: takes no question"};
        }
        answers[i] = TRY(next_answer(0x93, 0x12, answer_limit));
    }
    return answers;
}

// As much of `bytes` as the printer takes. A cable pulled on the way is told by `is_cut_off` when
// something had been taken, else by the error.
Result<std::size_t> EscposPrinter::hand_over(base::ByteView bytes, std::stop_token stop,
                                             bool& is_cut_off) {
    std::size_t taken = 0;
    Milliseconds stalled = 0ms;
    while (taken < bytes.size() && stalled < stall_limit && !stop.stop_requested()) {
        const auto part = bytes.subspan(taken, std::min(part_bytes, bytes.size() - taken));
        const auto count = wire_.write(part, slice);
        if (!count) {
            if (taken == 0) return count.error();
            is_cut_off = true;
            return taken;
        }
        taken += *count;
        stalled = *count > 0 ? 0ms : stalled + slice;
    }
    return taken;
}

// What is said to a unit in the middle of a command becomes part of it. As many zeros as it takes:
// where a full buffer stops them, it also stores nothing of what is obeyed on arrival.
Result<void> EscposPrinter::end_half_read_command() {
    while (zeros_left_ > 0) {
        const auto count = TRY(wire_.write(base::ByteView(zeros).first(zeros_left_), answer_limit));
        if (count == 0) return {};
        zeros_left_ -= count;
    }
    return {};
}

Result<void> EscposPrinter::leave_half_read_picture(std::stop_token stop) {
    bool is_cut_off = false;
    zeros_left_ -= TRY(hand_over(base::ByteView(zeros).first(zeros_left_), stop, is_cut_off));
    if (is_cut_off) return Error{Errc::unplugged, "printer: cable pulled before the receipt"};
    return {};
}

Result<bool> EscposPrinter::is_worked_off(std::stop_token stop) {
    bool is_cut_off = false;
    const std::size_t asked = TRY(hand_over(are_you_done, stop, is_cut_off));
    if (is_cut_off || asked < are_you_done.size()) return false;
    for (Milliseconds waited = 0ms; waited < worked_off_limit; waited += slice) {
        if (stop.stop_requested()) return false;
        const auto answer = next_answer(0x90, 0x00, slice);
        if (answer) return true;
        if (answer.error().code != Errc::timed_out) return answer.error();
    }
    return false;
}

Result<PrintReport> EscposPrinter::print(base::ByteView stream, std::stop_token stop) {
    TRY(drop_late_answers());
    TRY(leave_half_read_picture(stop));
    PrintReport report;
    if (zeros_left_ > 0) return report; // it takes nothing at all

    bool is_cut_off = false;
    zeros_left_ = zeros.size();
    report.bytes_taken = TRY(hand_over(stream, stop, is_cut_off));
    if (is_cut_off || report.bytes_taken < stream.size()) return report;

    zeros_left_ = 0;
    report.delivery = Delivery::sent;
    // A cable pulled from here on leaves the receipt where it is: taken, not confirmed.
    if (is_worked_off(stop).value_or(false)) report.delivery = Delivery::printed;
    return report;
}

Result<void> EscposPrinter::listen(PrintWatch& watch, Milliseconds limit) {
    std::array<std::uint8_t, 64> said{};
    for (std::size_t heard = 0; heard < stray_answers_limit;) {
        const std::size_t count = TRY(wire_.read(said, limit));
        if (count == 0) return {};
        watch.heard(base::ByteView(said).first(count));
        heard += count;
        limit = 0ms;
    }
    return {};
}

// Answers to questions of an earlier stream must not be taken for those of the next one: ask once
// more, and hear everything until it is quiet.
Result<void> EscposPrinter::wait_until_idle(std::stop_token stop) {
    if (!may_have_open_questions_) return {};
    bool is_cut_off = false;
    const std::size_t asked = TRY(hand_over(are_you_done, stop, is_cut_off));
    if (is_cut_off) return Error{Errc::unplugged, "printer: cable pulled before the receipt"};
    if (asked < are_you_done.size()) return Error{Errc::timed_out, "printer: takes nothing"};
    bool has_answered = false;
    for (Milliseconds waited = 0ms; waited < worked_off_limit && !stop.stop_requested();) {
        const auto answer = next_answer(0x90, 0x00, answer_limit);
        if (!answer && answer.error().code != Errc::timed_out) return answer.error();
        if (!answer && has_answered) {
            may_have_open_questions_ = false;
            return {};
        }
        has_answered = has_answered || answer;
        if (!answer) waited += answer_limit;
    }
    return Error{Errc::timed_out, "printer: does not say that it is idle"};
}

Result<CarryReport> EscposPrinter::carry(base::ByteView stream, std::stop_token stop,
                                         PrintWatch& watch) {
    TRY(drop_late_answers());
    TRY(leave_half_read_picture(stop));
    if (zeros_left_ > 0) return Error{Errc::timed_out, "printer: takes nothing"};
    TRY(wait_until_idle(stop));
    may_have_open_questions_ = true;
    CarryReport report;
    Progress progress;
    std::size_t asked = 0; // of the question behind the stream
    zeros_left_ = zeros.size();
    while (!stop.stop_requested()) {
        progress.is_all_taken = report.bytes_taken == stream.size();
        const base::ByteView question(are_you_done);
        const auto rest =
            progress.is_all_taken ? question.subspan(asked) : stream.subspan(report.bytes_taken);
        std::size_t count = 0;
        if (!rest.empty()) {
            const auto written =
                wire_.write(rest.first(std::min(part_bytes, rest.size())), look_every);
            if (!written && report.bytes_taken == 0) return written.error();
            report.is_unplugged = !written;
            if (!written) return report;
            count = *written;
        }
        (progress.is_all_taken ? asked : report.bytes_taken) += count;
        if (report.bytes_taken == stream.size()) zeros_left_ = 0;
        progress.bytes_taken = report.bytes_taken;
        progress.stalled = count > 0 ? 0ms : progress.stalled + look_every;
        // With everything handed over there is nothing to do but listen.
        report.is_unplugged = !listen(watch, count == 0 && rest.empty() ? look_every : 0ms);
        if (report.is_unplugged) return report;
        if (count == 0 && ask_port_) {
            if (const auto port = ask_port_()) watch.port(*port);
        }
        switch (watch.look(progress)) {
        case Verdict::go_on: break;
        case Verdict::press_on:
            report.is_unplugged = !wire_.write(go_on, answer_limit);
            if (report.is_unplugged) return report;
            break;
        case Verdict::give_up: return report;
        case Verdict::confirmed:
            report.is_confirmed = true;
            may_have_open_questions_ = false; // plain answers mean nothing on a unit with ids
            return report;
        }
    }
    return report;
}

Result<void> EscposPrinter::clear(PrintWatch* watch) {
    if (watch == nullptr) TRY(drop_late_answers());
    TRY(end_half_read_command());
    const Error not_confirmed{Errc::unsupported, "printer: did not confirm clearing its buffer"};
    if (TRY(wire_.write(forget_it, answer_limit)) < forget_it.size()) return not_confirmed;
    std::size_t matched = 0;
    for (std::size_t count = 0; count < stray_answers_limit && matched < forgotten.size();
         ++count) {
        std::array<std::uint8_t, 1> answer{};
        if (TRY(wire_.read(answer, answer_limit)) == 0) return not_confirmed;
        if (watch != nullptr) watch->heard(answer);
        matched =
            answer[0] == forgotten[matched] ? matched + 1 : (answer[0] == forgotten[0] ? 1 : 0);
    }
    if (matched < forgotten.size()) return not_confirmed;
    // Modes survive the clearing (§4.5).
    zeros_left_ = TRY(wire_.write(reset, answer_limit)) < reset.size() ? zeros.size() : 0;
    return {};
}

Result<bool> EscposPrinter::is_slip_at_mouth() {
    TRY(drop_late_answers());
    TRY(end_half_read_command());
    if (TRY(wire_.write(how_are_you, answer_limit)) < how_are_you.size())
        return Error{Errc::timed_out, "printer: takes no question"};
    std::size_t matched = 0;
    for (std::size_t heard = 0; heard < stray_answers_limit; ++heard) {
        std::array<std::uint8_t, 1> answer{};
        if (TRY(wire_.read(answer, answer_limit)) == 0) break;
        if (matched == full_status_head.size()) {
            TRY(drop_late_answers()); // the other three bytes
            return (answer[0] & at_mouth_bit) != 0;
        }
        matched = answer[0] == full_status_head[matched] ? matched + 1
                                                         : (answer[0] == full_status_head[0]);
    }
    return Error{Errc::timed_out, "printer: does not say what is at its mouth"};
}

Result<void> EscposPrinter::take_slip_back() {
    TRY(end_half_read_command());
    if (TRY(wire_.write(retract, answer_limit)) < retract.size()) {
        zeros_left_ = zeros.size();
        return Error{Errc::timed_out, "printer: takes no order"};
    }
    // Its motors take their time; the question is answered at once.
    for (Milliseconds waited = 0ms; waited < worked_off_limit; waited += slice) {
        if (!TRY(is_slip_at_mouth())) return {};
        std::array<std::uint8_t, 1> nothing{};
        TRY(wire_.read(nothing, slice));
    }
    return Error{Errc::device, "printer: the slip is still at its mouth"};
}

} // namespace drivers
