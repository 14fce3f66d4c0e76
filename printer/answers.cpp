#include "printer/answers.hpp"

#include <algorithm>

namespace printer {
namespace {

// First bytes of framed answers; they end with NUL (§4.3).
constexpr std::array<std::uint8_t, 5> block_starts{0x35, 0x37, 0x3B, 0x3D, 0x5F};
// Chosen: the longest answer of GS I is 80 bytes.
constexpr std::size_t answer_limit_bytes = 128;

constexpr bool begins_asb(std::uint8_t byte) {
    return (byte & 0x93) == 0x10;
}
constexpr bool is_real_time(std::uint8_t byte) {
    return (byte & 0x93) == 0x12;
}
constexpr bool is_plain(std::uint8_t byte) {
    return (byte & 0x90) == 0;
}
bool begins_block(std::uint8_t byte) {
    return std::find(block_starts.begin(), block_starts.end(), byte) != block_starts.end();
}

bool has(std::uint8_t byte, int bits) {
    return (byte & bits) != 0;
}

} // namespace

void AnswerReader::hear(base::ByteView bytes) {
    for (const std::uint8_t byte : bytes) hear(byte);
}

std::optional<Answer> AnswerReader::next() {
    if (whole_.empty()) return std::nullopt;
    Answer answer = std::move(whole_.front());
    whole_.pop_front();
    return answer;
}

void AnswerReader::reset() {
    rubbish_ += half_.size();
    half_.clear();
    whole_.clear();
}

void AnswerReader::give_up_half() {
    rubbish_ += half_.size();
    half_.clear();
}

void AnswerReader::hear(std::uint8_t byte) {
    if (half_.empty()) return begin(byte);
    if (begins_asb(half_.front())) {
        // The packet broke off: this byte begins something else.
        if (!is_plain(byte)) {
            give_up_half();
            return begin(byte);
        }
        half_.push_back(byte);
        if (half_.size() == 4) {
            whole_.emplace_back(AutomaticStatus{{half_[0], half_[1], half_[2], half_[3]}});
            half_.clear();
        }
        return;
    }
    if (byte == 0) return finish_block();
    if (byte < 0x20 || half_.size() >= answer_limit_bytes) {
        give_up_half();
        return begin(byte);
    }
    half_.push_back(byte);
}

void AnswerReader::begin(std::uint8_t byte) {
    if (begins_asb(byte) || begins_block(byte)) {
        half_.push_back(byte);
    } else if (is_real_time(byte)) {
        whole_.emplace_back(RealTimeAnswer{byte});
    } else if (is_plain(byte)) {
        whole_.emplace_back(PlainAnswer{byte});
    } else {
        ++rubbish_;
    }
}

void AnswerReader::finish_block() {
    const auto& bytes = half_;
    if (bytes[0] == 0x37 && bytes.size() == 6 && bytes[1] == 0x22) {
        whole_.emplace_back(Confirmed{{bytes[2], bytes[3], bytes[4], bytes[5]}});
    } else if (bytes[0] == 0x37 && bytes.size() == 2 && bytes[1] == 0x25) {
        whole_.emplace_back(Cleared{});
    } else if (bytes[0] == 0x5F) {
        whole_.emplace_back(Identity{std::string(bytes.begin() + 1, bytes.end())});
    } else {
        whole_.emplace_back(OtherBlock{bytes[0]});
    }
    half_.clear();
}

Status read_asb(const AutomaticStatus& packet) {
    const auto& [unit, error, roll, reserved] = packet.bytes;
    static_cast<void>(reserved);
    Status status;
    status.is_online = !has(unit, 0x08);
    status.is_cover_open = has(unit, 0x20);
    status.is_feeding_by_button = has(unit, 0x40);
    status.has_cutter_error = has(error, 0x08);
    status.has_unrecoverable_error = has(error, 0x20);
    status.is_recovering = has(error, 0x40) || has(error, 0x01);
    status.paper = has(roll, 0x0C) ? Paper::out : has(roll, 0x03) ? Paper::near_end : Paper::enough;
    return status;
}

base::Result<void> take_real_time(Status& status, int question, std::uint8_t answer,
                                  bool near_end_is_inverted) {
    CHECK(question >= 1 && question <= 4);
    if (!is_real_time(answer)) {
        return base::Error{base::Errc::bad_frame, "printer status: fixed bits are wrong"};
    }
    if (question == 1) {
        status.is_online = !has(answer, 0x08);
        // Waiting for online recovery counts as recovering: the next answer says how it went.
        status.is_recovering = has(answer, 0x20);
    } else if (question == 2) {
        status.is_cover_open = has(answer, 0x04);
        status.is_feeding_by_button = has(answer, 0x08);
        if (has(answer, 0x20)) status.paper = Paper::out;
    } else if (question == 3) {
        status.has_cutter_error = has(answer, 0x08);
        status.has_unrecoverable_error = has(answer, 0x20);
        if (has(answer, 0x40)) status.is_recovering = true;
    } else {
        const bool is_near_end = has(answer, 0x0C) != near_end_is_inverted;
        if (has(answer, 0x60)) {
            status.paper = Paper::out;
        } else if (status.paper != Paper::out) {
            status.paper = is_near_end ? Paper::near_end : Paper::enough;
        }
    }
    return {};
}

base::Result<Status> read_port_status(std::uint8_t port) {
    if (has(port, 0xC7)) {
        return base::Error{base::Errc::bad_frame, "printer port status: bits that are always 0"};
    }
    Status status;
    status.paper = has(port, 0x20) ? Paper::out : Paper::enough;
    status.is_online = has(port, 0x10) && has(port, 0x08);
    return status;
}

} // namespace printer
