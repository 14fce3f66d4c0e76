#include "drivers/receipt_printer/simulated_printer.hpp"

#include <qrencode.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

namespace drivers {
namespace {

constexpr int full_roll_dots = 400'000; // 50 m
constexpr int default_line_spacing = 34;
constexpr auto uncut_cable = std::numeric_limits<std::size_t>::max();

constexpr std::array<std::uint8_t, 10> clear_buffers{0x10, 0x14, 0x08, 0x01, 0x03,
                                                     0x14, 0x01, 0x06, 0x02, 0x08};
constexpr base::Errc gone = base::Errc::unplugged;

constexpr std::int64_t step_us = 1000; // how finely a wait looks for what it waits for

} // namespace

SimulatedPrinter::SimulatedPrinter(SimulatedPrinterTraits traits)
    : traits_(traits), paper_(traits.width_dots), paper_left_dots_(full_roll_dots),
      cable_bytes_left_(uncut_cable), byte_verb_at_(uncut_cable) {
    paper_.feed(traits.head_to_cutter_dots); // what lies between head and slot is always blank
}

// --- the wire

base::Result<std::size_t> SimulatedPrinter::write(base::ByteView bytes, base::Milliseconds limit) {
    const std::lock_guard lock(mutex_);
    const std::int64_t until = clock_us_ + limit.count() * 1000;
    for (;;) {
        if (!is_plugged_) return base::Error{gone, "simulated printer: cable is pulled"};
        auto part = bytes.first(std::min(bytes.size(), traits_.largest_write));
        const std::size_t taken =
            is_stuck_ ? 0 : take(part.first(std::min(part.size(), cable_bytes_left_)));
        if (cable_bytes_left_ != uncut_cable) {
            cable_bytes_left_ -= taken;
            if (cable_bytes_left_ == 0) is_plugged_ = false;
        }
        if (taken > 0 || bytes.empty() || clock_us_ >= until) return taken;
        // Without speed or plans nothing will change by waiting.
        if (traits_.dots_per_ms == 0 && timed_verbs_.empty()) {
            clock_us_ = until;
            return std::size_t(0);
        }
        pass_time(std::min(step_us, until - clock_us_));
    }
}

// A buffer without room still takes a real-time command that comes alone: it is obeyed and not
// stored.
std::size_t SimulatedPrinter::take(base::ByteView bytes) {
    const bool is_real_time = bytes.size() >= 3 && bytes.size() <= clear_buffers.size() &&
                              bytes[0] == 0x10 &&
                              (bytes[1] == 0x04 || bytes[1] == 0x05 || bytes[1] == 0x14);
    const auto room = [this] {
        return traits_.buffer_bytes - std::min(traits_.buffer_bytes, buffered());
    };
    if (is_real_time && room() < bytes.size()) work(true);
    const bool is_only_obeyed = is_real_time && room() < bytes.size();
    std::size_t taken = 0;
    while (taken < bytes.size() && is_plugged_ && !is_stuck_) {
        if (room() == 0) work(true); // prints what it lags behind
        const std::size_t space = is_only_obeyed ? 0 : room();
        if (space == 0 && !is_real_time) break;
        auto rest = bytes.subspan(taken);
        rest = rest.first(std::min(rest.size(), byte_verb_at_ - taken_));
        // Up to what might begin a real-time command at once, from there byte by byte.
        const auto* escape =
            static_cast<const std::uint8_t*>(last_received_.empty() ? rest.data() : nullptr);
        std::size_t count = 1;
        if (escape != nullptr && space > 0) {
            const void* found = std::memchr(rest.data(), 0x10, std::min(rest.size(), space));
            count = found == nullptr
                        ? std::min(rest.size(), space)
                        : std::size_t(static_cast<const std::uint8_t*>(found) - rest.data());
        }
        if (count > 1 || (count == 1 && rest[0] != 0x10 && last_received_.empty())) {
            store(rest.first(count));
        } else {
            count = 1;
            if (space > 0) store(rest.first(1));
            watch_for_real_time_command(rest[0]);
        }
        taken += count;
        taken_ += count;
        work();
        if (taken_ >= byte_verb_at_) run_byte_verb();
    }
    return taken;
}

void SimulatedPrinter::store(base::ByteView bytes) {
    if (head_ > 0 && head_ * 2 > buffer_.size()) {
        buffer_.erase(buffer_.begin(), buffer_.begin() + std::ptrdiff_t(head_));
        head_ = 0;
    }
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

base::Result<std::size_t> SimulatedPrinter::read(std::span<std::uint8_t> into,
                                                 base::Milliseconds limit) {
    const std::lock_guard lock(mutex_);
    const std::int64_t until = clock_us_ + limit.count() * 1000;
    for (;;) {
        if (!is_plugged_) return base::Error{gone, "simulated printer: cable is pulled"};
        work(true);
        if (!answers_.empty() || clock_us_ >= until) break;
        if (traits_.dots_per_ms == 0 && timed_verbs_.empty()) {
            clock_us_ = until;
            break;
        }
        pass_time(std::min(step_us, until - clock_us_));
    }
    const std::size_t count = std::min(into.size(), answers_.size());
    std::copy_n(answers_.begin(), count, into.begin());
    answers_.erase(answers_.begin(), answers_.begin() + std::ptrdiff_t(count));
    return count;
}

base::Result<std::uint8_t> SimulatedPrinter::port_status() {
    const std::lock_guard lock(mutex_);
    if (!is_plugged_) return base::Error{gone, "simulated printer: cable is pulled"};
    if (!traits_.has_port_status)
        return base::Error{base::Errc::unsupported, "simulated printer: no port status"};
    const bool has_error = is_cover_open_ || is_hot_ || is_broken_ || has_cutter_error_;
    return std::uint8_t(0x10 | (is_paper_out_ ? 0x20 : 0) | (has_error ? 0 : 0x08));
}

void SimulatedPrinter::answer(std::initializer_list<std::uint8_t> bytes) {
    if (traits_.answers) answers_.insert(answers_.end(), bytes);
}

// --- time

void SimulatedPrinter::pass_time(std::int64_t us) {
    clock_us_ += us;
    run_due_verbs();
    work(true);
}

void SimulatedPrinter::run_due_verbs() {
    for (std::size_t i = 0; i < timed_verbs_.size();) {
        if (timed_verbs_[i].at_us > clock_us_) {
            ++i;
            continue;
        }
        const auto what = std::move(timed_verbs_[i].what);
        timed_verbs_.erase(timed_verbs_.begin() + std::ptrdiff_t(i));
        what();
    }
}

void SimulatedPrinter::run_byte_verb() {
    byte_verb_at_ = uncut_cable;
    if (const auto what = std::exchange(byte_verb_, nullptr)) what();
}

void SimulatedPrinter::after_bytes(std::size_t bytes, std::function<void()> what) {
    const std::lock_guard lock(mutex_);
    if (bytes == 0) return what();
    byte_verb_at_ = taken_ + bytes;
    byte_verb_ = std::move(what);
}

void SimulatedPrinter::after_time(base::Milliseconds time, std::function<void()> what) {
    const std::lock_guard lock(mutex_);
    timed_verbs_.push_back({clock_us_ + time.count() * 1000, std::move(what)});
}

base::Milliseconds SimulatedPrinter::now() const {
    const std::lock_guard lock(mutex_);
    return base::Milliseconds(clock_us_ / 1000);
}

// --- commands that are obeyed as they arrive, wherever they stand (spec receipt-printer §3)

void SimulatedPrinter::watch_for_real_time_command(std::uint8_t byte) {
    if (last_received_.empty() && byte != 0x10) return;
    last_received_.push_back(byte);
    const auto& bytes = last_received_;
    const bool is_status = bytes.size() == 3 && bytes[1] == 0x04;
    const bool is_recovery = bytes.size() == 3 && bytes[1] == 0x05;
    if (is_status && byte >= 1 && byte <= 4) answer_status(byte);
    if (is_status && byte == 0x14 && traits_.has_presenter) answer_full_status();
    if (is_recovery) recover(byte);
    if (bytes.size() == clear_buffers.size() &&
        std::equal(bytes.begin(), bytes.end(), clear_buffers.begin()) && traits_.can_clear) {
        forget_buffer();
        answer({0x37, 0x25, 0x00});
        last_received_.clear();
        return;
    }
    const bool goes_on = bytes.size() < clear_buffers.size() &&
                         (std::equal(bytes.begin(), bytes.end(), clear_buffers.begin()) ||
                          (bytes.size() == 2 && (byte == 0x04 || byte == 0x05)));
    if (goes_on) return;
    last_received_.clear();
    if (byte == 0x10) last_received_.push_back(byte);
}

void SimulatedPrinter::forget_buffer() {
    buffer_.clear();
    head_ = 0;
    picture_ = {};
    owed_feed_dots_ = 0;
    owes_cut_ = false;
    modes_.line.clear();
    modes_.columns.clear();
    modes_.x = 0;
    busy_until_us_ = clock_us_;
}

// DLE ENQ 1: go on from where it failed. DLE ENQ 2: throw everything away. The modes stay.
void SimulatedPrinter::recover(std::uint8_t how) {
    if (!traits_.can_recover || !has_cutter_error_ || is_jammed_ || (how != 1 && how != 2)) return;
    if (how == 2) forget_buffer();
    has_cutter_error_ = false;
    tell_changes();
}

void SimulatedPrinter::answer_status(std::uint8_t question) {
    ++answered_status_;
    const bool has_error = has_cutter_error_ || is_hot_ || is_broken_;
    std::uint8_t bits = 0x12;
    if (question == 1) bits |= 0x04 | (can_print() ? 0 : 0x08); // the drawer pin floats high
    if (question == 2)
        bits |= (is_cover_open_ ? 0x04 : 0) | (is_paper_out_ ? 0x20 : 0) | (has_error ? 0x40 : 0);
    if (question == 3)
        bits |= (has_cutter_error_ ? 0x08 : 0) | (is_broken_ ? 0x20 : 0) | (is_hot_ ? 0x40 : 0);
    if (question == 4) {
        bits |= (paper_left_dots_ < traits_.near_end_dots ? 0x0C : 0) | (is_paper_out_ ? 0x60 : 0);
    }
    answer({bits});
}

// Custom's six bytes (spec receipt-printer §7).
void SimulatedPrinter::answer_full_status() {
    ++answered_status_;
    answer({0x10, 0x0F,
            std::uint8_t((is_paper_out_ ? 0x01 : 0) |
                         (paper_left_dots_ < traits_.near_end_dots ? 0x04 : 0) |
                         (is_at_mouth_ ? 0x20 : 0)),
            std::uint8_t(is_cover_open_ ? 0x02 : 0), 0, std::uint8_t(is_broken_ ? 0x40 : 0)});
}

std::array<std::uint8_t, 4> SimulatedPrinter::asb_packet() const {
    return {std::uint8_t(0x14 | (can_print() ? 0 : 0x08) | (is_cover_open_ ? 0x20 : 0)),
            std::uint8_t((has_cutter_error_ ? 0x08 : 0) | (is_broken_ ? 0x20 : 0) |
                         (is_hot_ ? 0x40 : 0)),
            std::uint8_t((paper_left_dots_ < traits_.near_end_dots ? 0x03 : 0) |
                         (is_paper_out_ ? 0x0C : 0)),
            0x0F};
}

void SimulatedPrinter::tell_changes() {
    if (!is_asb_on_) return;
    const auto packet = asb_packet();
    if (packet == last_asb_) return;
    last_asb_ = packet;
    answer({packet[0], packet[1], packet[2], packet[3]});
}

// --- commands that are worked off in their order

void SimulatedPrinter::work(bool is_idle) {
    const std::size_t lag = is_idle ? 0 : traits_.lag_bytes;
    while (can_print() && busy_until_us_ <= clock_us_) {
        if (owed_feed_dots_ > 0) {
            pay_owed_feed();
        } else if (owes_cut_) {
            cut_now();
        } else if (buffered() <= lag || work_one_command() == Took::nothing) {
            return;
        }
    }
}

SimulatedPrinter::Took SimulatedPrinter::work_one_command() {
    if (picture_.rows_left > 0) return work_picture();
    if (buffered() == 0) return Took::nothing;
    const std::uint8_t byte = ahead(0);
    switch (byte) {
    case 0x00: {
        const auto begin = buffer_.begin() + std::ptrdiff_t(head_);
        const auto end = std::find_if(begin, buffer_.end(), [](std::uint8_t b) { return b != 0; });
        drop(std::size_t(end - begin));
        return Took::command;
    }
    case 0x0D: drop(1); return Took::command;
    case 0x0A:
        drop(1);
        end_line();
        return Took::command;
    case 0x10: return work_data_link_escape();
    case 0x1B: return work_escape();
    case 0x1C: return work_file_separator();
    case 0x1D: return work_group();
    default: return byte >= 0x20 ? take_character() : rubbish_byte();
    }
}

SimulatedPrinter::Took SimulatedPrinter::work_picture() {
    if (!has_waiting(picture_.row_bytes)) return Took::nothing;
    const base::ByteView row(buffer_.data() + head_, picture_.row_bytes);
    --picture_.rows_left;
    const int dots = int(row.size()) * (picture_.is_doubled ? 16 : 8);
    const int free = std::max(0, traits_.width_dots - dots);
    const int left = modes_.alignment == 0 ? 0 : modes_.alignment == 1 ? free / 2 : free;
    if (picture_.is_doubled) {
        base::Bytes wide(row.size() * 2);
        for (std::size_t x = 0; x < row.size() * 8; ++x) {
            if (row[x / 8] & (0x80 >> (x % 8))) wide[x / 4] |= std::uint8_t(0xC0 >> (x % 4 * 2));
        }
        print_row(wide, left);
        if (paper_left_dots_ > 0) print_row(wide, left);
    } else {
        print_row(row, left);
    }
    drop(picture_.row_bytes);
    return Took::command;
}

// ESC
SimulatedPrinter::Took SimulatedPrinter::work_escape() {
    if (!has_waiting(2)) return Took::nothing;
    const std::uint8_t command = ahead(1);
    if (command == 0x00) return end_cut_off_command(2);
    if (command == '@' || command == '2') { // reset, default line spacing
        if (command == '@') modes_ = {};
        modes_.line_spacing = default_line_spacing;
        drop(2);
        return Took::command;
    }
    const bool has_type = traits_.type != SimulatedType::none;
    if (command == '*' && has_type) return work_columns();
    const bool is_known = command == '3' || command == 'a' || command == 'J' || command == 'd' ||
                          (has_type && (command == 'E' || command == 'R' || command == '$'));
    if (!is_known) return rubbish_byte();
    const std::size_t length = command == '$' ? 4 : 3;
    if (!has_waiting(length)) return Took::nothing;
    const int n = ahead(2);
    if (command == 'a' && n > 2) return rubbish_byte();
    const int x = command == '$' ? n + 256 * ahead(3) : 0;
    drop(length);
    if (command == '3') modes_.line_spacing = n;
    if (command == 'a') modes_.alignment = n;
    if (command == 'J') feed(n);
    if (command == 'd') feed(n * modes_.line_spacing);
    if (command == 'E') modes_.is_bold = (n & 1) != 0;
    if (command == '$') modes_.x = x;
    return Took::command;
}

// ESC * 33: 24 rows of dots in the open line, three bytes a column.
SimulatedPrinter::Took SimulatedPrinter::work_columns() {
    if (!has_waiting(5)) return Took::nothing;
    if (ahead(2) == 0) return end_cut_off_command(2);
    if (ahead(2) != 33) return rubbish_byte();
    const std::size_t count = std::size_t(ahead(3)) + 256u * ahead(4);
    if (!has_waiting(5 + count * 3)) return Took::nothing;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t dots = std::uint32_t(ahead(5 + i * 3)) << 16 |
                                   std::uint32_t(ahead(6 + i * 3)) << 8 | ahead(7 + i * 3);
        modes_.columns.push_back({modes_.x++, dots});
    }
    drop(5 + count * 3);
    return Took::command;
}

// FS
SimulatedPrinter::Took SimulatedPrinter::work_file_separator() {
    if (!has_waiting(2)) return Took::nothing;
    const bool has_chinese =
        traits_.type == SimulatedType::gbk || traits_.type == SimulatedType::gb18030;
    const std::uint8_t command = ahead(1);
    if (command == 0x00) return end_cut_off_command(2);
    if (!has_chinese || (command != '&' && command != '.' && command != 'S')) return rubbish_byte();
    const std::size_t length = command == 'S' ? 4 : 2;
    if (!has_waiting(length)) return Took::nothing;
    if (command != 'S') modes_.is_chinese = command == '&';
    drop(length);
    return Took::command;
}

// GS
SimulatedPrinter::Took SimulatedPrinter::work_group() {
    if (!has_waiting(2)) return Took::nothing;
    const std::uint8_t command = ahead(1);
    const bool has_type = traits_.type != SimulatedType::none;
    switch (command) {
    case 0x00: return end_cut_off_command(2);
    case 'V': return work_cut();
    case 'e': return traits_.has_presenter ? work_presenter() : rubbish_byte();
    case '(': return work_function();
    case 'k': return has_type ? work_bar_code() : rubbish_byte();
    case 'P':
        if (!has_type) return rubbish_byte();
        if (!has_waiting(4)) return Took::nothing;
        drop(4);
        return Took::command;
    case 'a':
    case 'r':
    case 'I':
    case '!':
    case 'h':
    case 'w':
    case 'H': break;
    case 'v': {
        if (!has_waiting(8)) return Took::nothing;
        if (ahead(2) == 0) return end_cut_off_command(2);
        if (ahead(2) != '0' || (ahead(3) != 0 && ahead(3) != 3)) return rubbish_byte();
        picture_.is_doubled = ahead(3) == 3;
        picture_.row_bytes = std::size_t(ahead(4)) + 256u * ahead(5);
        picture_.rows_left = std::size_t(ahead(6)) + 256u * ahead(7);
        if (picture_.row_bytes == 0) picture_ = {};
        drop(8);
        return Took::command;
    }
    default: return rubbish_byte();
    }
    if (!has_waiting(3)) return Took::nothing;
    const std::uint8_t n = ahead(2);
    if (command == 'r') { // paper sensor
        if (n == 0) return end_cut_off_command(3);
        if (n != 1) return rubbish_byte();
        drop(3);
        answer({std::uint8_t(paper_left_dots_ < traits_.near_end_dots ? 0x03 : 0x00)});
        return Took::command;
    }
    if (command == 'a') {
        if (!traits_.has_asb) return rubbish_byte();
        drop(3);
        is_asb_on_ = n != 0;
        last_asb_ = {};
        tell_changes(); // one packet at once
        return Took::command;
    }
    if (!has_type) return rubbish_byte();
    drop(3);
    if (command == '!') modes_.scale = (n & 7) + 1;
    if (command == 'h') modes_.code_height = n;
    if (command == 'w') modes_.code_module = n;
    if (command == 'I') {
        if (n >= 0x41)
            answer({0x5F, 'S', 'I', 'M', 0});
        else
            answer({0x02});
    }
    return Took::command;
}

SimulatedPrinter::Took SimulatedPrinter::work_function() {
    if (!has_waiting(5)) return Took::nothing;
    const std::size_t size = std::size_t(ahead(3)) + 256u * ahead(4);
    const bool is_code = ahead(2) == 'k' && traits_.type != SimulatedType::none;
    const bool is_process = ahead(2) == 'H' && traits_.has_process_id;
    if (size == 0) return end_cut_off_command(5);
    if ((!is_code && !is_process) || size < 3 || size > 7000) return rubbish_byte();
    if (!has_waiting(5 + size)) return Took::nothing;
    const bool is_whole_id = is_process && size == 6 && ahead(7) != 0 && ahead(8) != 0 &&
                             ahead(9) != 0 && ahead(10) != 0;
    if (is_whole_id) {
        answer({0x37, 0x22, ahead(7), ahead(8), ahead(9), ahead(10), 0});
    }
    if (is_code && ahead(6) == 0x43) modes_.qr_module = ahead(7);
    if (is_code && ahead(6) == 0x50) {
        modes_.qr.assign(buffer_.begin() + std::ptrdiff_t(head_ + 8),
                         buffer_.begin() + std::ptrdiff_t(head_ + 5 + size));
    }
    const bool prints = is_code && ahead(6) == 0x51;
    drop(5 + size);
    if (prints) print_qr();
    return Took::command;
}

void SimulatedPrinter::print_qr() {
    // Kept, because a run prints the same code thousands of times.
    using Code = std::unique_ptr<QRcode, decltype(&QRcode_free)>;
    static thread_local std::string payload;
    static thread_local Code kept(nullptr, QRcode_free);
    if (kept == nullptr || payload != modes_.qr) {
        payload = modes_.qr;
        kept.reset(QRcode_encodeString(payload.c_str(), 0, QR_ECLEVEL_Q, QR_MODE_8, 1));
    }
    if (kept == nullptr) return;
    const QRcode& code = *kept;
    const int module = modes_.qr_module;
    const int left = std::max(0, traits_.width_dots - code.width * module) / 2;
    for (int y = 0; y < code.width; ++y) {
        base::Bytes row(std::size_t(traits_.width_dots) / 8);
        for (int x = 0; x < code.width * module; ++x) {
            const int at = left + x;
            if ((code.data[y * code.width + x / module] & 1) && at < traits_.width_dots)
                row[std::size_t(at) / 8] |= std::uint8_t(0x80 >> (at % 8));
        }
        for (int copy = 0; copy < module; ++copy) print_row(row, 0);
    }
}

// Bars by count alone: what the code says is kept as text.
SimulatedPrinter::Took SimulatedPrinter::work_bar_code() {
    if (!has_waiting(4)) return Took::nothing;
    const std::size_t size = ahead(3);
    if (ahead(2) == 0) return end_cut_off_command(2);
    if (ahead(2) != 0x49) return rubbish_byte();
    if (!has_waiting(4 + size)) return Took::nothing;
    drop(4 + size);
    const base::Bytes row(std::min<std::size_t>(size * 2, std::size_t(traits_.width_dots) / 8),
                          0xAA);
    for (int y = 0; y < modes_.code_height; ++y) print_row(row, 0);
    return Took::command;
}

SimulatedPrinter::Took SimulatedPrinter::work_cut() {
    if (!has_waiting(3)) return Took::nothing;
    const std::uint8_t mode = ahead(2);
    const bool feeds_first = mode == 0x41 || mode == 0x42;
    if (!feeds_first && mode > 1 && mode != 0x30 && mode != 0x31) return rubbish_byte();
    if (feeds_first && !has_waiting(4)) return Took::nothing;
    const int extra = feeds_first ? ahead(3) : 0;
    drop(feeds_first ? 4 : 3);
    if (!traits_.has_cutter) return Took::command; // ignored
    owes_cut_ = true;
    if (feeds_first) feed(traits_.head_to_cutter_dots + extra);
    return Took::command;
}

// Real-time commands were obeyed when they came; here they are only skipped.
SimulatedPrinter::Took SimulatedPrinter::work_data_link_escape() {
    if (!has_waiting(2)) return Took::nothing;
    const bool is_short = ahead(1) == 0x04 || ahead(1) == 0x05;
    const bool is_clear = ahead(1) == 0x14;
    if (!is_short && !is_clear) return rubbish_byte();
    const std::size_t length = is_short ? 3 : clear_buffers.size();
    if (!has_waiting(length)) return Took::nothing;
    drop(length);
    return Took::command;
}

SimulatedPrinter::Took SimulatedPrinter::take_character() {
    const std::uint8_t first = ahead(0);
    if (traits_.type == SimulatedType::none) return rubbish_byte();
    std::size_t size = 1;
    if (first >= 0x81) {
        const bool has_chinese = traits_.type != SimulatedType::ascii && modes_.is_chinese;
        if (!has_chinese || first == 0xFF) return rubbish_byte();
        if (!has_waiting(2)) return Took::nothing;
        if (ahead(1) == 0) return end_cut_off_command(1);
        size = 2;
        if (ahead(1) >= 0x30 && ahead(1) <= 0x39) {
            // Old firmware takes a four-byte code for two pairs (spec receipt-printer §2).
            if (traits_.type == SimulatedType::gbk) return rubbish_byte();
            if (!has_waiting(4)) return Took::nothing;
            if (ahead(2) == 0 || ahead(3) == 0) return end_cut_off_command(2);
            size = 4;
        } else if (ahead(1) < 0x40) {
            return rubbish_byte();
        }
    } else if (first >= 0x7F) {
        return rubbish_byte();
    }
    std::uint32_t code = 0;
    for (std::size_t i = 0; i < size; ++i) {
        code = code << 8 | ahead(i);
        set_text_ += char(ahead(i));
    }
    drop(size);
    const bool is_wide = size > 1;
    if (code != ' ') modes_.line.push_back({modes_.x, modes_.scale, is_wide, modes_.is_bold, code});
    modes_.x += (is_wide ? 24 : 12) * modes_.scale;
    return Took::command;
}

void SimulatedPrinter::end_line() {
    int height = 0;
    for (const Cell& cell : modes_.line) height = std::max(height, 24 * cell.scale);
    if (!modes_.columns.empty()) height = std::max(height, 24);
    const bool has_text = modes_.x > 0;
    const auto line = std::exchange(modes_.line, {});
    const auto columns = std::exchange(modes_.columns, {});
    modes_.x = 0;
    if (has_text) set_text_ += '\n';
    const int rows = std::max(height, modes_.line_spacing);
    const int before = paper_left_dots_;
    feed(rows);
    // A line that the roll's end cut in two is on paper as far as there was paper.
    const int fed = before - paper_left_dots_;
    for (const Cell& cell : line) draw_cell(cell, fed);
    for (const Column& column : columns)
        for (int y = 0; y < std::min(24, fed); ++y)
            if (column.dots >> (23 - y) & 1) paper_.set_black(column.x, fed - y);
}

// A pattern that tells codes apart and is never blank: its first column is black.
void SimulatedPrinter::draw_cell(const Cell& cell, int line_height) {
    constexpr std::uint32_t bits = 0x7FFFFFFF; // turned by seven a row
    const int columns = cell.is_wide ? 24 : 12;
    const std::uint32_t pattern = (cell.code + (cell.is_bold ? 77 : 0)) * 2654435761u & bits;
    std::array<std::uint8_t, 3 * 8> row{};
    for (int y = 0; y < 24; ++y) {
        const int turn = y * 7 % 31;
        const std::uint32_t dots = ((pattern >> turn | pattern << (31 - turn)) & bits) | 1;
        row.fill(0);
        for (int x = 0; x < columns * cell.scale; ++x)
            if (dots >> (x / cell.scale) & 1)
                row[std::size_t(x) / 8] |= std::uint8_t(0x80 >> x % 8);
        const auto used = base::ByteView(row).first(std::size_t(columns * cell.scale + 7) / 8);
        for (int copy = 0; copy < cell.scale; ++copy) {
            const int down = y * cell.scale + copy;
            if (down < line_height) paper_.mark_row(used, cell.left, line_height - down);
        }
    }
}

// A command or a character that was cut off, and the zeros that end it: nothing is printed
// (receiptio relies on it, spec receipt-printer §4.5). Unverified on hardware beyond that.
SimulatedPrinter::Took SimulatedPrinter::end_cut_off_command(std::size_t bytes) {
    drop(bytes);
    return Took::command;
}

SimulatedPrinter::Took SimulatedPrinter::rubbish_byte() {
    const base::Bytes row(std::size_t(traits_.width_dots) / 8, ahead(0));
    drop(1);
    ++rubbish_;
    print_row(row, 0);
    return Took::command;
}

// GS e 2: into the bin. GS e 3 n: to the mouth. Nothing was cut: nothing moves.
SimulatedPrinter::Took SimulatedPrinter::work_presenter() {
    if (!has_waiting(3)) return Took::nothing;
    const std::uint8_t order = ahead(2);
    if (order == 0) return end_cut_off_command(3);
    if (order != 2 && order != 3) return rubbish_byte();
    if (order == 3 && !has_waiting(4)) return Took::nothing;
    drop(order == 3 ? 4 : 3);
    const bool has_slip = !paper_.slips().empty();
    if (order == 2 && has_slip) taken_back_ += paper_.take_slips().size();
    is_at_mouth_ = order == 3 && has_slip;
    return Took::command;
}

void SimulatedPrinter::cut_now() {
    if (will_jam_) {
        will_jam_ = false;
        is_jammed_ = true;
        has_cutter_error_ = true;
        return tell_changes();
    }
    paper_.cut(traits_.head_to_cutter_dots);
    owes_cut_ = false;
}

void SimulatedPrinter::pay_owed_feed() {
    feed(std::exchange(owed_feed_dots_, 0));
}

void SimulatedPrinter::drop(std::size_t bytes) {
    head_ += bytes;
    if (head_ == buffer_.size()) {
        buffer_.clear();
        head_ = 0;
    }
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
    if (traits_.dots_per_ms > 0) {
        busy_until_us_ =
            std::max(busy_until_us_, clock_us_) + std::int64_t(dots) * 1000 / traits_.dots_per_ms;
    }
    const bool was_near_end = paper_left_dots_ < traits_.near_end_dots;
    paper_left_dots_ = std::max(0, paper_left_dots_ - dots);
    if (paper_left_dots_ == 0) is_paper_out_ = true;
    if (is_paper_out_ || was_near_end != (paper_left_dots_ < traits_.near_end_dots)) tell_changes();
}

// --- what people do

void SimulatedPrinter::take_paper_out() {
    const std::lock_guard lock(mutex_);
    paper_left_dots_ = 0;
    is_paper_out_ = true;
    paper_.pull_out();
    tell_changes();
}

void SimulatedPrinter::load_paper() {
    const std::lock_guard lock(mutex_);
    paper_.pull_out(); // the old end falls out
    paper_.feed(traits_.head_to_cutter_dots);
    paper_left_dots_ = full_roll_dots;
    is_paper_out_ = false;
    tell_changes();
    work();
}

void SimulatedPrinter::paper_runs_out_after(int dots) {
    const std::lock_guard lock(mutex_);
    CHECK(dots >= 0);
    paper_left_dots_ = dots;
    is_paper_out_ = dots == 0;
    tell_changes();
}

void SimulatedPrinter::open_cover() {
    const std::lock_guard lock(mutex_);
    is_cover_open_ = true;
    tell_changes();
}

void SimulatedPrinter::close_cover() {
    const std::lock_guard lock(mutex_);
    is_cover_open_ = false;
    tell_changes();
    work();
}

void SimulatedPrinter::jam_cutter() {
    const std::lock_guard lock(mutex_);
    will_jam_ = true;
}

void SimulatedPrinter::free_cutter() {
    const std::lock_guard lock(mutex_);
    will_jam_ = false;
    is_jammed_ = false;
}

void SimulatedPrinter::overheat() {
    const std::lock_guard lock(mutex_);
    is_hot_ = true;
    tell_changes();
}

void SimulatedPrinter::cool_down() {
    const std::lock_guard lock(mutex_);
    is_hot_ = false;
    tell_changes();
    work();
}

void SimulatedPrinter::break_down() {
    const std::lock_guard lock(mutex_);
    is_broken_ = true;
    tell_changes();
}

void SimulatedPrinter::stop_taking() {
    const std::lock_guard lock(mutex_);
    is_stuck_ = true;
}

void SimulatedPrinter::start_taking() {
    const std::lock_guard lock(mutex_);
    is_stuck_ = false;
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
    work(true);
    answers_.clear();
}

void SimulatedPrinter::switch_off_and_on() {
    const std::lock_guard lock(mutex_);
    forget_buffer();
    answers_.clear();
    last_received_.clear();
    modes_ = {};
    modes_.line_spacing = default_line_spacing;
    is_asb_on_ = false;
    is_broken_ = false;
    is_stuck_ = false;
    is_hot_ = false;
    if (!is_jammed_) has_cutter_error_ = false;
}

void SimulatedPrinter::soft_reset() {
    const std::lock_guard lock(mutex_);
    forget_buffer();
    answers_.clear();
    last_received_.clear();
    is_stuck_ = false;
}

std::vector<base::Picture> SimulatedPrinter::tear() {
    const std::lock_guard lock(mutex_);
    work(true);
    paper_.cut(traits_.head_to_cutter_dots);
    return paper_.take_slips();
}

std::vector<base::Picture> SimulatedPrinter::take_from_mouth() {
    const std::lock_guard lock(mutex_);
    work(true);
    if (!std::exchange(is_at_mouth_, false)) return {};
    return paper_.take_slips();
}

bool SimulatedPrinter::is_at_mouth() const {
    const std::lock_guard lock(mutex_);
    return is_at_mouth_;
}

std::size_t SimulatedPrinter::taken_back() const {
    const std::lock_guard lock(mutex_);
    return taken_back_;
}

void SimulatedPrinter::tear_keeping() {
    const std::lock_guard lock(mutex_);
    work(true);
    paper_.cut(traits_.head_to_cutter_dots);
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
    return buffered();
}

std::size_t SimulatedPrinter::answered_status() const {
    const std::lock_guard lock(mutex_);
    return answered_status_;
}

bool SimulatedPrinter::is_paper_out() const {
    const std::lock_guard lock(mutex_);
    return is_paper_out_;
}

std::string SimulatedPrinter::set_text() const {
    const std::lock_guard lock(mutex_);
    return set_text_;
}

} // namespace drivers
