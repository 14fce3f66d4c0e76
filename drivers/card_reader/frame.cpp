#include "drivers/card_reader/frame.hpp"
#include "drivers/card_reader/card_text.hpp"

#include <algorithm>
#include <cstdio>

namespace drivers {
namespace {

constexpr std::array<std::uint8_t, 5> preamble{0xaa, 0xaa, 0xaa, 0x96, 0x69};

// LEN of a reply counts SW1 SW2 SW3, the data and CHK (spec id-card-reader §2).
constexpr std::size_t length_overhead = 4;
constexpr std::size_t parts_size = card_text_size + card_photo_size;
// The photo's and text's lengths stand before them; some readers put a third, for fingerprints.
constexpr std::size_t two_lengths = 4;
constexpr std::size_t three_lengths = 6;
// The longest reply seen, 2321 bytes, carries two fingerprints (spec §5).
constexpr std::size_t longest_length = 2321 - 7;
constexpr std::size_t module_id_size = std::tuple_size_v<ModuleId>;

struct Command {
    std::uint8_t cmd;
    std::uint8_t para;
};

Command command(Request request) {
    switch (request) {
    case Request::status: return {0x11, 0xff};
    case Request::sam_id: return {0x12, 0xff};
    case Request::find: return {0x20, 0x01};
    case Request::select: return {0x20, 0x02};
    case Request::read: return {0x30, 0x01};
    case Request::presence: return {0x30, 0x03};
    }
    CHECK(false);
}

std::size_t lengths_size(std::size_t reply_length) {
    return reply_length == length_overhead + two_lengths + parts_size ? two_lengths : three_lengths;
}

std::size_t big_endian(base::ByteView at) {
    return std::size_t(at[0]) << 8 | at[1];
}

std::uint32_t little_endian(base::ByteView at) {
    std::uint32_t number = 0;
    for (std::size_t i = at.size(); i > 0; --i) number = number << 8 | at[i - 1];
    return number;
}

} // namespace

std::string to_string(const ModuleId& id) {
    const base::ByteView bytes(id);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%02u.%02u-%08u-%010u-%010u",
                  little_endian(bytes.subspan(0, 2)), little_endian(bytes.subspan(2, 2)),
                  little_endian(bytes.subspan(4, 4)), little_endian(bytes.subspan(8, 4)),
                  little_endian(bytes.subspan(12, 4)));
    return text.data();
}

RequestFrame encode(Request request) {
    const auto [cmd, para] = command(request);
    RequestFrame frame{};
    std::copy(preamble.begin(), preamble.end(), frame.begin());
    frame[6] = 3; // CMD, PARA and CHK
    frame[7] = cmd;
    frame[8] = para;
    // The checksum covers length, command and data, but not the preamble (spec §2).
    frame[9] = std::uint8_t(frame[5] ^ frame[6] ^ cmd ^ para);
    return frame;
}

Answer classify(std::uint8_t sw3) {
    switch (sw3) {
    case 0x90: return Answer::ok;
    case 0x91: return Answer::no_content;
    case 0x9f: return Answer::found;
    case 0x80: return Answer::no_card;
    case 0x81:
    case 0x41:
    case 0x47:
    case 0x33: return Answer::put_back;
    case 0x31:
    case 0x32:
    case 0x40: return Answer::not_readable_here;
    case 0x10:
    case 0x11:
    case 0x21:
    case 0x24: return Answer::out_of_step;
    case 0x60:
    case 0x66:
    case 0x23: return Answer::reader_fault;
    }
    return Answer::unknown;
}

base::Error Reply::as_error() const {
    const auto context = "module answered " + base::to_hex(base::ByteView(&sw3, 1));
    switch (answer()) {
    case Answer::no_card: return {base::Errc::no_card, context};
    case Answer::put_back: return {base::Errc::card_removed, context};
    case Answer::no_content:
    case Answer::not_readable_here: return {base::Errc::card_unreadable, context};
    case Answer::reader_fault: return {base::Errc::device, context};
    case Answer::ok:
    case Answer::found:
    case Answer::out_of_step:
    case Answer::unknown: break;
    }
    return {base::Errc::bad_frame, context};
}

ReplyDecoder::ReplyDecoder(Request request, Photo photo) : request_(request), photo_(photo) {}

// How much of the reply's data is worth storing: the text, the photo where it was asked for, the
// module's number, nothing else.
std::size_t ReplyDecoder::worth_storing() const {
    switch (request_) {
    case Request::read:
        return lengths_size(length_) + card_text_size +
               (photo_ == Photo::keep ? card_photo_size : 0);
    case Request::sam_id: return module_id_size;
    case Request::status:
    case Request::find:
    case Request::select:
    case Request::presence: return 0;
    }
    CHECK(false);
}

std::optional<std::size_t> ReplyDecoder::whole() const {
    constexpr std::size_t head = preamble.size() + 2;
    if (at_ < head) return std::nullopt;
    return head + length_;
}

std::size_t ReplyDecoder::feed(base::ByteView bytes) {
    std::size_t taken = 0;
    while (taken < bytes.size() && state_ == State::incomplete) {
        const auto byte = bytes[taken++];
        feed_byte(byte, bytes.size() - taken);
    }
    return taken;
}

// False when the preamble is over.
bool ReplyDecoder::feed_preamble(std::uint8_t byte) {
    if (at_ >= preamble.size()) return false;
    if (byte == preamble[at_]) {
        ++at_;
    } else if (byte != preamble[0]) {
        skipped_ += at_ + 1;
        at_ = 0;
    } else if (at_ == 3) {
        ++skipped_; // one AA too many: the last three may still begin a frame
    } else {
        skipped_ += at_;
        at_ = 1;
    }
    return true;
}

void ReplyDecoder::feed_byte(std::uint8_t byte, std::size_t to_come) {
    if (feed_preamble(byte)) return;
    const std::size_t index = at_++ - preamble.size();
    sum_ ^= byte;
    if (index < 2) {
        length_ = length_ << 8 | byte;
        if (index == 1 && (length_ < length_overhead || length_ > longest_length))
            break_with(base::Errc::bad_frame, "impossible length");
        return;
    }
    const bool is_last = index == length_ + 1;
    if (index < 4) reply_.has_odd_header |= byte != 0;
    if (index == 4) reply_.sw3 = byte;
    if (index > 4 && !is_last && data_.size() < worth_storing()) store(byte, to_come);
    if (is_last) finish();
}

// Room for what has come and not for what a length promises: whoever sends seven bytes makes nobody
// allocate a card.
void ReplyDecoder::store(std::uint8_t byte, std::size_t to_come) {
    if (data_.size() == data_.capacity())
        data_.reserve(std::min(worth_storing(), data_.size() + 1 + to_come));
    data_.push_back(byte);
}

void ReplyDecoder::finish() {
    if (sum_ != 0) return break_with(base::Errc::bad_frame, "checksum");
    const std::size_t data_size = length_ - length_overhead;
    const bool is_ok = classify(reply_.sw3) == Answer::ok;
    state_ = State::complete;
    if (is_ok && request_ == Request::read) finish_read();
    if (is_ok && request_ == Request::sam_id) finish_module_id();
    // Only the module's number has this size, so this is a late answer to another request.
    if (is_ok && request_ != Request::sam_id && data_size == module_id_size)
        break_with(base::Errc::bad_frame, "module number unasked");
    base::SecretBytes().swap(data_);
}

void ReplyDecoder::finish_read() {
    const std::size_t data_size = length_ - length_overhead;
    const std::size_t lengths = lengths_size(length_);
    if (data_size < lengths + parts_size)
        return break_with(base::Errc::corrupt, "no text and photo");
    const base::ByteView data(data_);
    if (big_endian(data) != card_text_size || big_endian(data.subspan(2)) != card_photo_size)
        return break_with(base::Errc::corrupt, "sizes of text and photo");
    if (lengths == three_lengths) {
        const std::size_t third = big_endian(data.subspan(4));
        if (data_size != lengths + parts_size + third)
            return break_with(base::Errc::corrupt, "size of third part");
        if (third != 0) return break_with(base::Errc::refused, "fingerprint data, dropped");
    }
    const auto text = data.subspan(lengths, card_text_size);
    reply_.card_text.assign(text.begin(), text.end());
    drop_ethnic_code(reply_.card_text);
    if (photo_ == Photo::drop) return;
    const auto photo = data.subspan(lengths + card_text_size, card_photo_size);
    reply_.photo.assign(photo.begin(), photo.end());
}

void ReplyDecoder::finish_module_id() {
    if (length_ != length_overhead + module_id_size)
        return break_with(base::Errc::bad_frame, "size of module number");
    std::copy_n(data_.begin(), module_id_size, reply_.module_id.emplace().begin());
}

void ReplyDecoder::break_with(base::Errc code, const char* why) {
    state_ = State::broken;
    fault_code_ = code;
    fault_why_ = why;
    base::SecretBytes().swap(data_);
    base::SecretBytes().swap(reply_.card_text);
    base::SecretBytes().swap(reply_.photo);
}

Reply ReplyDecoder::take() {
    CHECK(state_ == State::complete);
    return std::move(reply_);
}

base::Error ReplyDecoder::fault() const {
    CHECK(state_ == State::broken);
    return {fault_code_, fault_why_};
}

} // namespace drivers
