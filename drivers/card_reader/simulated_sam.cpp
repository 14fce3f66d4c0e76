#include "drivers/card_reader/simulated_sam.hpp"

#include <algorithm>

namespace drivers {

using base::Bytes;
using base::Errc;
using base::Error;
using base::Milliseconds;
using base::Result;

class SimulatedSam::Cable final : public Transport {
public:
    explicit Cable(SimulatedSam& module) : module_(module) {}
    Result<std::size_t> write(base::ByteView bytes, Milliseconds) override {
        return module_.take_request(bytes);
    }
    Result<std::size_t> read(std::span<std::uint8_t> into, Milliseconds limit) override {
        return module_.give_reply(into, limit);
    }

private:
    SimulatedSam& module_;
};

SimulatedSam::SimulatedSam(const base::Clock& clock, Wait wait, std::uint8_t number)
    : clock_(clock), wait_(std::move(wait)), number_(number) {}

Result<std::unique_ptr<Transport>> SimulatedSam::connect() {
    const std::lock_guard lock(mutex_);
    if (!is_plugged_) return Error{Errc::unplugged, "simulated card reader"};
    return std::unique_ptr<Transport>(std::make_unique<Cable>(*this));
}

void SimulatedSam::lay_card(SimulatedCard card) {
    const std::lock_guard lock(mutex_);
    card_ = std::make_unique<SimulatedCard>(std::move(card));
    dialogue_ = Dialogue::idle;
}
void SimulatedSam::lift_card() {
    const std::lock_guard lock(mutex_);
    card_.reset();
    dialogue_ = Dialogue::idle;
}
void SimulatedSam::swap_card(SimulatedCard card) {
    lay_card(std::move(card));
}
bool SimulatedSam::has_card() const {
    const std::lock_guard lock(mutex_);
    return card_ != nullptr;
}
void SimulatedSam::tear_away_mid_read(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    tear_after_ = bytes;
}

void SimulatedSam::pull_cable() {
    const std::lock_guard lock(mutex_);
    is_plugged_ = false;
    dialogue_ = Dialogue::idle; // the module takes its power from the cable
    pending_.clear();
}
void SimulatedSam::plug_cable() {
    const std::lock_guard lock(mutex_);
    if (!is_plugged_) ready_at_ = clock_.now() + start_up_;
    is_plugged_ = true;
    cable_bytes_left_.reset();
}
void SimulatedSam::pull_cable_after(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    cable_bytes_left_ = bytes;
}

void SimulatedSam::read_takes(Milliseconds time) {
    const std::lock_guard lock(mutex_);
    read_time_ = time;
}
void SimulatedSam::starts_up_within(Milliseconds time) {
    const std::lock_guard lock(mutex_);
    start_up_ = time;
}
void SimulatedSam::stall() {
    const std::lock_guard lock(mutex_);
    is_stalled_ = true;
}
void SimulatedSam::recover() {
    const std::lock_guard lock(mutex_);
    is_stalled_ = false;
}
void SimulatedSam::babble(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    noise_ = bytes;
}
void SimulatedSam::answer_late(Milliseconds by) {
    const std::lock_guard lock(mutex_);
    late_ = by;
}
void SimulatedSam::answer_next_with(std::uint8_t sw3) {
    const std::lock_guard lock(mutex_);
    next_sw3_ = sw3;
}
void SimulatedSam::flip_bit_of_next_reply(std::size_t bit) {
    const std::lock_guard lock(mutex_);
    next_flip_ = bit;
}
void SimulatedSam::give_at_most(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    packet_ = bytes;
}
void SimulatedSam::use_three_length_form(std::size_t fingerprint_bytes) {
    const std::lock_guard lock(mutex_);
    fingerprint_bytes_ = fingerprint_bytes;
}

base::MonotonicTime SimulatedSam::last_byte_at() const {
    const std::lock_guard lock(mutex_);
    return last_byte_at_;
}

std::vector<std::uint16_t> SimulatedSam::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

// False when the cable is pulled within these bytes.
bool SimulatedSam::count_through_cable(std::size_t bytes) {
    if (!cable_bytes_left_) return true;
    if (bytes < *cable_bytes_left_) {
        *cable_bytes_left_ -= bytes;
        return true;
    }
    cable_bytes_left_.reset();
    is_plugged_ = false;
    dialogue_ = Dialogue::idle;
    pending_.clear();
    return false;
}

Result<std::size_t> SimulatedSam::take_request(base::ByteView bytes) {
    const std::lock_guard lock(mutex_);
    if (!is_plugged_ || !count_through_cable(bytes.size()))
        return Error{Errc::unplugged, "simulated card reader"};
    if (is_stalled_) return bytes.size();
    Bytes reply = reply_frame(0x11); // host length error
    auto due = clock_.now() + std::exchange(late_, Milliseconds{0});
    if (bytes.size() == 10) {
        const auto request = std::uint16_t(bytes[7] << 8 | bytes[8]);
        if (request == 0x3001) due += read_time_;
        requests_.push_back(request);
        reply = answer(request);
    }
    if (next_sw3_) reply = reply_frame(*std::exchange(next_sw3_, std::nullopt));
    if (next_flip_) {
        const std::size_t bit = *std::exchange(next_flip_, std::nullopt) % (reply.size() * 8);
        reply[bit / 8] ^= std::uint8_t(0x80 >> bit % 8);
    }
    Bytes noise(std::exchange(noise_, 0));
    for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = i % 3 == 2 ? 0x96 : 0xaa;
    reply.insert(reply.begin(), noise.begin(), noise.end());
    pending_.push_back({due, std::move(reply)});
    return bytes.size();
}

namespace {

// The first `size` bytes of what the card sends, padded with zeros.
Bytes padded(std::string_view text, std::size_t size) {
    Bytes bytes(text.begin(), text.begin() + std::ptrdiff_t(std::min(text.size(), size)));
    bytes.resize(size);
    return bytes;
}

} // namespace

Bytes SimulatedSam::answer(std::uint16_t request) {
    switch (request) {
    case 0x11ff: return reply_frame(clock_.now() < ready_at_ ? 0x60 : 0x90);
    case 0x12ff:
        // The example of spec id-card-reader §7, of the reader with this number.
        return reply_frame(
            0x90, std::to_array<std::uint8_t>({0x05, 0x00, 0x01, 0x00, 0x7e, 0xb1, 0x34, 0x01, 0x39,
                                               0x30, 0x00, 0x00, number_, 0x00, 0x00, 0x00}));
    case 0x2001:
        // A card once read is not found again until it is lifted.
        if (!card_ || dialogue_ == Dialogue::read_done) return reply_frame(0x80);
        dialogue_ = Dialogue::found;
        return reply_frame(0x9f, padded(card_->serial, 4));
    case 0x2002:
        if (!card_ || dialogue_ != Dialogue::found) return reply_frame(0x81);
        dialogue_ = Dialogue::selected;
        return reply_frame(0x90, padded(card_->serial, 8));
    case 0x3001: return answer_read(fingerprint_bytes_);
    // No product of ours asks for these; whoever did would get them.
    case 0x3010: return answer_read(1024);
    case 0x3005:
        if (!card_) return reply_frame(0x41);
        return reply_frame(0x90, padded(card_->management_number, 28));
    case 0x3003: return answer_presence();
    }
    return reply_frame(0x21); // bad command
}

Bytes SimulatedSam::answer_read(std::optional<std::size_t> fingerprint_bytes) {
    if (!card_ || dialogue_ != Dialogue::selected) return reply_frame(0x41);
    dialogue_ = Dialogue::read_done;
    auto reply = read_reply(*card_, fingerprint_bytes);
    if (!tear_after_) return reply;
    const auto bytes = *std::exchange(tear_after_, std::nullopt);
    card_.reset();
    dialogue_ = Dialogue::idle;
    if (bytes == 0) return reply_frame(0x41);
    reply.resize(std::min(bytes, reply.size()));
    return reply;
}

Bytes SimulatedSam::answer_presence() {
    if (!card_ || dialogue_ != Dialogue::read_done) return reply_frame(0x41);
    if (card_->new_address.empty()) return reply_frame(0x91);
    return reply_frame(0x90, card_new_address(*card_));
}

Result<std::size_t> SimulatedSam::give_reply(std::span<std::uint8_t> out, Milliseconds limit) {
    const auto deadline = clock_.now() + limit;
    for (;;) {
        Milliseconds pause{0};
        {
            const std::lock_guard lock(mutex_);
            if (!is_plugged_) return Error{Errc::unplugged, "simulated card reader"};
            const auto now = clock_.now();
            if (!pending_.empty() && pending_.front().due <= now) return give_from_front(out);
            if (now >= deadline) return std::size_t{0};
            const auto next =
                pending_.empty() ? deadline : std::min(pending_.front().due, deadline);
            pause = next - now;
        }
        wait_(pause, {});
    }
}

Result<std::size_t> SimulatedSam::give_from_front(std::span<std::uint8_t> out) {
    auto& bytes = pending_.front().bytes;
    const auto size = std::min({out.size(), packet_, bytes.size()});
    if (!count_through_cable(size)) return Error{Errc::unplugged, "simulated card reader"};
    std::copy_n(bytes.begin(), size, out.begin());
    bytes.erase(bytes.begin(), bytes.begin() + std::ptrdiff_t(size));
    if (bytes.empty()) pending_.pop_front();
    if (pending_.empty()) last_byte_at_ = clock_.now();
    return size;
}

} // namespace drivers
