#include "drivers/usb/transfer_recording.hpp"
#include "drivers/card_reader/simulated_card.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace drivers {

using base::Errc;
using base::Error;
using base::Milliseconds;
using base::Result;

namespace {

// Spec id-card-reader §2: preamble, length, three result bytes, data, checksum.
constexpr std::array<std::uint8_t, 5> preamble{0xaa, 0xaa, 0xaa, 0x96, 0x69};
constexpr std::size_t header_size = 7;
constexpr std::size_t result_end = 10;
// Spec id-card-reader §7: the reply with the module's number, the only data that is about no card.
constexpr std::size_t length_of_module_number = 0x14;

} // namespace

ReplyMask::ReplyMask()
    : invented_(read_reply(find_demo_person("pensioner")->card)),
      invented_with_three_lengths_(read_reply(find_demo_person("pensioner")->card, 0)) {}

std::uint8_t ReplyMask::mask(std::uint8_t byte) {
    if (at_ >= preamble.size()) return mask_in_frame(byte);
    if (byte == preamble.at(at_)) {
        ++at_;
        return byte;
    }
    // A fourth 0xaa may still be followed by the rest of a preamble.
    if (at_ == 3 && byte == preamble.front()) return byte;
    at_ = byte == preamble.front() ? 1 : 0;
    return at_ == 1 ? byte : 0;
}

std::uint8_t ReplyMask::mask_in_frame(std::uint8_t byte) {
    if (at_ == preamble.size()) {
        length_ = std::size_t(byte) << 8;
        sum_ = masked_sum_ = 0;
    } else if (at_ == preamble.size() + 1) {
        length_ |= byte;
    }
    const std::size_t end = header_size + length_;
    const bool is_checksum = at_ >= header_size && at_ + 1 == end;
    std::uint8_t masked = byte;
    if (is_checksum)
        masked = sum_ == byte ? masked_sum_ : std::uint8_t(~masked_sum_);
    else if (at_ >= result_end && length_ != length_of_module_number)
        masked = substitute();
    sum_ ^= byte;
    masked_sum_ ^= masked;
    ++at_;
    if (at_ >= header_size && at_ >= header_size + length_) at_ = 0;
    return masked;
}

// What stands at this place in the reply of an invented card, when the frame has the size of one.
std::uint8_t ReplyMask::substitute() const {
    for (const auto* whole : {&invented_, &invented_with_three_lengths_})
        if (whole->size() == header_size + length_) return whole->at(at_);
    return 0;
}

RecordingTransport::RecordingTransport(std::unique_ptr<Transport> wire, const base::Clock& clock,
                                       Sink sink)
    : wire_(std::move(wire)), clock_(clock), sink_(std::move(sink)), last_(clock.now()) {}

Result<std::size_t> RecordingTransport::write(base::ByteView bytes, Milliseconds limit) {
    auto count = wire_->write(bytes, limit);
    note(count ? "> " + base::to_hex(bytes.first(*count)) : "!");
    return count;
}

Result<std::size_t> RecordingTransport::read(std::span<std::uint8_t> into, Milliseconds limit) {
    auto count = wire_->read(into, limit);
    if (!count) {
        note("!");
        return count;
    }
    base::Bytes masked(*count);
    std::transform(into.begin(), into.begin() + std::ptrdiff_t(*count), masked.begin(),
                   [this](std::uint8_t byte) { return mask_.mask(byte); });
    note(masked.empty() ? "< -" : "< " + base::to_hex(masked));
    return count;
}

void RecordingTransport::note(const std::string& what) {
    const auto now = clock_.now();
    sink_(std::to_string((now - std::exchange(last_, now)).count()) + ' ' + what);
}

Result<std::unique_ptr<ReplayTransport>> ReplayTransport::open(std::string_view text, Wait wait) {
    std::unique_ptr<ReplayTransport> replay(new ReplayTransport(std::move(wait)));
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#') continue;
        auto read = read_line(line);
        if (!read)
            return Error{read.error().code,
                         "recording, line " + std::to_string(number) + ": " + read.error().context};
        replay->lines_.push_back(std::move(read).value());
    }
    return replay;
}

Result<ReplayTransport::Line> ReplayTransport::read_line(std::string_view text) {
    const Error wrong{Errc::invalid_input, "expects MILLIS and >, < or !, and bytes as hex"};
    Milliseconds::rep millis = 0;
    const auto number = std::from_chars(text.data(), text.data() + text.size(), millis);
    text.remove_prefix(std::size_t(number.ptr - text.data()));
    if (number.ec != std::errc{} || millis < 0 || text.size() < 2 || text[0] != ' ') return wrong;
    const char kind = text[1];
    text.remove_prefix(2);
    if (kind == '!' && text.empty()) return Line{Line::Kind::gone, Milliseconds(millis), {}};
    if ((kind != '>' && kind != '<') || text.empty() || text[0] != ' ') return wrong;
    text.remove_prefix(1);
    auto bytes = text == "-" ? Result<base::Bytes>(base::Bytes()) : base::from_hex(text);
    if (!bytes) return wrong;
    return Line{kind == '>' ? Line::Kind::written : Line::Kind::read, Milliseconds(millis),
                std::move(bytes).value()};
}

// What the driver did not wait for in its time is passed over: it asks for other pieces than
// before.
Result<std::size_t> ReplayTransport::write(base::ByteView bytes, Milliseconds) {
    while (!lines_.empty() && lines_.front().kind == Line::Kind::read) lines_.pop_front();
    taken_ = 0;
    if (lines_.empty()) return Error{Errc::unplugged, "the recording is over"};
    const auto line = std::move(lines_.front());
    lines_.pop_front();
    wait_(line.after, {});
    if (line.kind == Line::Kind::gone) return Error{Errc::unplugged, "as it was recorded"};
    const bool is_same = line.bytes.size() <= bytes.size() &&
                         std::equal(line.bytes.begin(), line.bytes.end(), bytes.begin());
    if (!is_same) return Error{Errc::device, "another request was recorded here"};
    return line.bytes.size();
}

Result<std::size_t> ReplayTransport::read(std::span<std::uint8_t> into, Milliseconds limit) {
    if (lines_.empty()) return Error{Errc::unplugged, "the recording is over"};
    auto& line = lines_.front();
    if (line.kind == Line::Kind::written) {
        wait_(limit, {}); // nothing more came before the next request
        return std::size_t{0};
    }
    wait_(taken_ == 0 ? line.after : Milliseconds(0), {});
    if (line.kind == Line::Kind::gone) {
        lines_.pop_front();
        return Error{Errc::unplugged, "as it was recorded"};
    }
    const auto size = std::min(into.size(), line.bytes.size() - taken_);
    std::copy_n(line.bytes.begin() + std::ptrdiff_t(taken_), size, into.begin());
    taken_ += size;
    if (taken_ == line.bytes.size()) {
        taken_ = 0;
        lines_.pop_front();
    }
    return size;
}

} // namespace drivers
