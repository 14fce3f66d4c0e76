#include "drivers/receipt_printer/simulated_printer.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace drivers {
namespace {

constexpr int full_roll_dots = 400'000; // 50 m
constexpr int near_end_dots = 800;      // chosen: 10 cm, less than one receipt
constexpr int default_line_spacing = 34;
constexpr auto uncut_cable = std::numeric_limits<std::size_t>::max();

constexpr std::array<std::uint8_t, 10> clear_buffers{0x10, 0x14, 0x08, 0x01, 0x03,
                                                     0x14, 0x01, 0x06, 0x02, 0x08};
constexpr base::Errc gone = base::Errc::unplugged;

} // namespace

SimulatedPrinter::SimulatedPrinter(SimulatedPrinterTraits traits)
    : traits_(traits), paper_(traits.width_dots), paper_left_dots_(full_roll_dots),
      cable_bytes_left_(uncut_cable) {
    paper_.feed(traits.head_to_cutter_dots); // what lies between head and slot is always blank
}

// --- the wire

base::Result<std::size_t> SimulatedPrinter::write(base::ByteView bytes, base::Milliseconds) {
    const std::lock_guard lock(mutex_);
    if (!is_plugged_) return base::Error{gone, "simulated printer: cable is pulled"};
    bytes = bytes.first(std::min(bytes.size(), traits_.largest_write));
    const std::size_t taken = take(bytes.first(std::min(bytes.size(), cable_bytes_left_)));
    if (cable_bytes_left_ != uncut_cable) {
        cable_bytes_left_ -= taken;
        if (cable_bytes_left_ == 0) is_plugged_ = false;
    }
    return taken;
}

// A full buffer still takes a real-time command that comes alone: it is obeyed and not stored.
std::size_t SimulatedPrinter::take(base::ByteView bytes) {
    const bool is_real_time = bytes.size() >= 3 && bytes.size() <= clear_buffers.size() &&
                              bytes[0] == 0x10 && (bytes[1] == 0x04 || bytes[1] == 0x14);
    std::size_t taken = 0;
    for (const std::uint8_t byte : bytes) {
        const bool is_full = buffer_.size() >= traits_.buffer_bytes;
        if (is_full && !is_real_time) break;
        if (!is_full) buffer_.push_back(byte);
        watch_for_real_time_command(byte);
        work();
        ++taken;
    }
    return taken;
}

base::Result<std::size_t> SimulatedPrinter::read(std::span<std::uint8_t> into, base::Milliseconds) {
    const std::lock_guard lock(mutex_);
    if (!is_plugged_) return base::Error{gone, "simulated printer: cable is pulled"};
    const std::size_t count = std::min(into.size(), answers_.size());
    std::copy_n(answers_.begin(), count, into.begin());
    answers_.erase(answers_.begin(), answers_.begin() + std::ptrdiff_t(count));
    return count;
}

void SimulatedPrinter::answer(std::initializer_list<std::uint8_t> bytes) {
    if (traits_.answers) answers_.insert(answers_.end(), bytes);
}

// --- commands that are obeyed as they arrive, wherever they stand (spec receipt-printer §3)

void SimulatedPrinter::watch_for_real_time_command(std::uint8_t byte) {
    last_received_.push_back(byte);
    if (last_received_.size() > clear_buffers.size()) last_received_.erase(last_received_.begin());
    const std::size_t size = last_received_.size();
    if (size >= 3 && last_received_[size - 3] == 0x10 && last_received_[size - 2] == 0x04 &&
        byte >= 1 && byte <= 4) {
        answer_status(byte);
    }
    if (traits_.can_clear && std::equal(last_received_.begin(), last_received_.end(),
                                        clear_buffers.begin(), clear_buffers.end())) {
        buffer_.clear();
        picture_ = {};
        owed_feed_dots_ = 0;
        owes_cut_ = false;
        answer({0x37, 0x25, 0x00});
    }
}

void SimulatedPrinter::answer_status(std::uint8_t question) {
    ++answered_status_;
    std::uint8_t bits = 0x12;
    if (question == 1) bits |= 0x04 | (can_print() ? 0 : 0x08); // the drawer pin floats high
    if (question == 2) bits |= (is_cover_open_ ? 0x04 : 0) | (is_paper_out_ ? 0x20 : 0);
    if (question == 4) {
        bits |= (paper_left_dots_ < near_end_dots ? 0x0C : 0) | (is_paper_out_ ? 0x60 : 0);
    }
    answer({bits});
}

// --- commands that are worked off in their order

void SimulatedPrinter::work() {
    while (can_print()) {
        if (owed_feed_dots_ > 0) {
            pay_owed_feed();
        } else if (owes_cut_) {
            cut_now();
        } else if (work_one_command() == Took::nothing) {
            return;
        }
    }
}

SimulatedPrinter::Took SimulatedPrinter::work_one_command() {
    if (picture_.rows_left > 0) return work_picture();
    if (buffer_.empty()) return Took::nothing;
    switch (buffer_.front()) {
    case 0x00:
    case 0x0D: drop(1); return Took::command;
    case 0x0A:
        drop(1);
        feed(line_spacing_);
        return Took::command;
    case 0x10: return work_data_link_escape();
    case 0x1B: return work_escape();
    case 0x1D: return work_group();
    default: return rubbish_byte();
    }
}

SimulatedPrinter::Took SimulatedPrinter::work_picture() {
    if (!has_waiting(picture_.row_bytes)) return Took::nothing;
    base::Bytes row(buffer_.begin(), buffer_.begin() + std::ptrdiff_t(picture_.row_bytes));
    drop(picture_.row_bytes);
    --picture_.rows_left;
    const int free = std::max(0, traits_.width_dots - int(row.size()) * 8);
    print_row(row, alignment_ == 0 ? 0 : alignment_ == 1 ? free / 2 : free);
    return Took::command;
}

// ESC
SimulatedPrinter::Took SimulatedPrinter::work_escape() {
    if (!has_waiting(2)) return Took::nothing;
    const std::uint8_t command = buffer_[1];
    if (command == 0x00) { // a command that was cut off, then the zeros that end it
        drop(2);
        return Took::command;
    }
    if (command == 0x40 || command == 0x32) { // @ reset, 2 default line spacing
        if (command == 0x40) alignment_ = 0;
        line_spacing_ = default_line_spacing;
        drop(2);
        return Took::command;
    }
    if (command != 0x33 && command != 0x61 && command != 0x4A && command != 0x64) {
        return rubbish_byte();
    }
    if (!has_waiting(3)) return Took::nothing;
    const int n = buffer_[2];
    if (command == 0x61 && n > 2) return rubbish_byte();
    drop(3);
    if (command == 0x33) line_spacing_ = n;
    if (command == 0x61) alignment_ = n;
    if (command == 0x4A) feed(n);
    if (command == 0x64) feed(n * line_spacing_);
    return Took::command;
}

// GS
SimulatedPrinter::Took SimulatedPrinter::work_group() {
    if (!has_waiting(2)) return Took::nothing;
    if (buffer_[1] == 0x00) { // as above
        drop(2);
        return Took::command;
    }
    if (buffer_[1] == 0x56) return work_cut();
    if (buffer_[1] == 0x72) { // r 1: paper sensor
        if (!has_waiting(3)) return Took::nothing;
        if (buffer_[2] != 1) return rubbish_byte();
        drop(3);
        answer({std::uint8_t(paper_left_dots_ < near_end_dots ? 0x03 : 0x00)});
        return Took::command;
    }
    if (buffer_[1] != 0x76) return rubbish_byte();
    if (!has_waiting(8)) return Took::nothing;
    if (buffer_[2] != 0x30 || buffer_[3] != 0) return rubbish_byte(); // v 0, normal size
    picture_.row_bytes = std::size_t(buffer_[4]) + 256u * buffer_[5];
    picture_.rows_left = std::size_t(buffer_[6]) + 256u * buffer_[7];
    if (picture_.row_bytes == 0) picture_ = {};
    drop(8);
    return Took::command;
}

SimulatedPrinter::Took SimulatedPrinter::work_cut() {
    if (!has_waiting(3)) return Took::nothing;
    const std::uint8_t mode = buffer_[2];
    const bool feeds_first = mode == 0x41 || mode == 0x42;
    if (!feeds_first && mode > 1 && mode != 0x30 && mode != 0x31) return rubbish_byte();
    if (feeds_first && !has_waiting(4)) return Took::nothing;
    const int extra = feeds_first ? buffer_[3] : 0;
    drop(feeds_first ? 4 : 3);
    if (!traits_.has_cutter) return Took::command; // ignored
    owes_cut_ = true;
    if (feeds_first) feed(traits_.head_to_cutter_dots + extra);
    return Took::command;
}

// Real-time commands were obeyed when they came; here they are only skipped.
SimulatedPrinter::Took SimulatedPrinter::work_data_link_escape() {
    if (!has_waiting(2)) return Took::nothing;
    const bool is_status = buffer_[1] == 0x04;
    const bool is_clear = buffer_[1] == 0x14;
    if (!is_status && !is_clear) return rubbish_byte();
    const std::size_t length = is_status ? 3 : clear_buffers.size();
    if (!has_waiting(length)) return Took::nothing;
    drop(length);
    return Took::command;
}

SimulatedPrinter::Took SimulatedPrinter::rubbish_byte() {
    const base::Bytes row(std::size_t(traits_.width_dots) / 8, buffer_.front());
    drop(1);
    ++rubbish_;
    print_row(row, 0);
    return Took::command;
}

void SimulatedPrinter::cut_now() {
    paper_.cut(traits_.head_to_cutter_dots);
    owes_cut_ = false;
}

void SimulatedPrinter::pay_owed_feed() {
    feed(std::exchange(owed_feed_dots_, 0));
}

void SimulatedPrinter::drop(std::size_t bytes) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + std::ptrdiff_t(bytes));
}

void SimulatedPrinter::print_row(base::ByteView row, int left) {
    paper_.print_row(row, left);
    use_paper(1);
}

void SimulatedPrinter::feed(int dots) {
    const int possible = std::min(dots, paper_left_dots_);
    paper_.feed(possible);
    use_paper(possible);
    owed_feed_dots_ += dots - possible;
}

void SimulatedPrinter::use_paper(int dots) {
    paper_left_dots_ -= dots;
    if (paper_left_dots_ == 0) is_paper_out_ = true;
}

// --- what people do

void SimulatedPrinter::take_paper_out() {
    const std::lock_guard lock(mutex_);
    paper_left_dots_ = 0;
    is_paper_out_ = true;
    paper_.cut(0);
}

void SimulatedPrinter::load_paper() {
    const std::lock_guard lock(mutex_);
    paper_.cut(0); // the old end falls out
    paper_.feed(traits_.head_to_cutter_dots);
    paper_left_dots_ = full_roll_dots;
    is_paper_out_ = false;
    work();
}

void SimulatedPrinter::paper_runs_out_after(int dots) {
    const std::lock_guard lock(mutex_);
    CHECK(dots >= 0);
    paper_left_dots_ = dots;
    is_paper_out_ = dots == 0;
}

void SimulatedPrinter::open_cover() {
    const std::lock_guard lock(mutex_);
    is_cover_open_ = true;
}

void SimulatedPrinter::close_cover() {
    const std::lock_guard lock(mutex_);
    is_cover_open_ = false;
    work();
}

void SimulatedPrinter::pull_cable() {
    const std::lock_guard lock(mutex_);
    is_plugged_ = false;
}

void SimulatedPrinter::pull_cable_after(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    cable_bytes_left_ = bytes;
    if (bytes == 0) is_plugged_ = false;
}

void SimulatedPrinter::plug_cable() {
    const std::lock_guard lock(mutex_);
    is_plugged_ = true;
    cable_bytes_left_ = uncut_cable;
    last_received_.clear();
    answers_.clear(); // what it said into the loose end is lost
}

void SimulatedPrinter::switch_off_and_on() {
    const std::lock_guard lock(mutex_);
    buffer_.clear();
    answers_.clear();
    last_received_.clear();
    picture_ = {};
    owed_feed_dots_ = 0;
    owes_cut_ = false;
    alignment_ = 0;
    line_spacing_ = default_line_spacing;
}

std::vector<base::Picture> SimulatedPrinter::tear() {
    const std::lock_guard lock(mutex_);
    paper_.cut(traits_.head_to_cutter_dots);
    return paper_.take_slips();
}

// --- what one can see

base::Picture SimulatedPrinter::hanging_out() const {
    const std::lock_guard lock(mutex_);
    return paper_.attached();
}

std::size_t SimulatedPrinter::rubbish() const {
    const std::lock_guard lock(mutex_);
    return rubbish_;
}

std::size_t SimulatedPrinter::waiting_bytes() const {
    const std::lock_guard lock(mutex_);
    return buffer_.size();
}

std::size_t SimulatedPrinter::answered_status() const {
    const std::lock_guard lock(mutex_);
    return answered_status_;
}

bool SimulatedPrinter::is_paper_out() const {
    const std::lock_guard lock(mutex_);
    return is_paper_out_;
}

} // namespace drivers
