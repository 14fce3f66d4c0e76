#include "drivers/usb/usb_transport.hpp"

#include <algorithm>

namespace drivers {

using base::Errc;
using base::Error;
using base::Milliseconds;
using base::Result;

namespace {

constexpr Milliseconds at_once{1}; // the least that a host controller waits
// Chosen: how long one of two pipes is listened to before the other one.
constexpr Milliseconds turn{10};
// Chosen: packets in one transfer. A whole card comes in three at full speed.
constexpr std::size_t packets_at_once = 8;
// Spec id-card-reader §2.
constexpr std::array<std::uint8_t, 5> preamble{0xaa, 0xaa, 0xaa, 0x96, 0x69};

} // namespace

UsbTransport::UsbTransport(std::unique_ptr<UsbHandle> handle, Pipes pipes, const base::Clock& clock,
                           UsbHealth& health, UsbManners manners, UsbLimits limits,
                           std::string name)
    : handle_(std::move(handle)), pipes_(pipes), clock_(clock), health_(health), manners_(manners),
      limits_(limits), name_(std::move(name)),
      staged_(packets_at_once * std::max(pipes.in.packet_size, pipes.in_rest.packet_size)) {
    CHECK(handle_ != nullptr && (pipes_.form == PipeForm::one_pipe || !staged_.empty()));
}

int UsbTransport::pipe_count() const {
    switch (pipes_.form) {
    case PipeForm::one_pipe: return 1;
    case PipeForm::two_pipes: return 2;
    case PipeForm::four_pipes: return 4;
    }
    return 0;
}

Result<std::size_t> UsbTransport::write(base::ByteView bytes, Milliseconds limit) {
    if (health_.is_given_up(limits_)) return Error{Errc::unplugged, "given up, see its connection"};
    if (health_.unanswered >= limits_.unanswered_before_reset) TRY(reset_once());
    if (manners_.answers_requests) ++health_.unanswered;

    const auto deadline = clock_.now() + limit;
    if (pipes_.form != PipeForm::four_pipes) return send(pipes_.out, bytes, deadline);
    next_ = Next::header;
    header_filled_ = 0;
    const auto first = bytes.first(std::min(bytes.size(), header_size));
    const std::size_t sent = TRY(send(pipes_.out, first, deadline));
    if (sent < first.size() || sent == bytes.size()) return sent;
    return sent + TRY(send(pipes_.out_rest, bytes.subspan(sent), deadline));
}

// Goes on after a transfer that took only a part, as long as the device takes something.
Result<std::size_t> UsbTransport::send(const UsbEndpoint& endpoint, base::ByteView bytes,
                                       base::MonotonicTime deadline) {
    const bool needs_empty_packet =
        manners_.ends_messages && !bytes.empty() && bytes.size() % endpoint.packet_size == 0;
    std::size_t sent = 0;
    for (bool is_ended = !needs_empty_packet; sent < bytes.size() || !is_ended;) {
        const auto left = std::max(deadline - clock_.now(), at_once);
        is_ended = is_ended || sent == bytes.size(); // this transfer is the empty packet
        const auto transfer = handle_->out(endpoint, bytes.subspan(sent), left);
        sent += transfer.count;
        if (transfer.count > 0 && !manners_.answers_requests) {
            ++health_.answers;
            health_.clear();
        }
        switch (transfer.outcome) {
        case UsbOutcome::ok:
            if (transfer.count == 0 && sent < bytes.size()) return sent; // takes nothing
            break;
        case UsbOutcome::timed_out: return sent;
        case UsbOutcome::stalled:
            if (const auto freed = set_free(endpoint); !freed) return broken(sent, freed.error());
            return sent;
        case UsbOutcome::gone:
        case UsbOutcome::denied:
        case UsbOutcome::busy:
        case UsbOutcome::not_found:
        case UsbOutcome::failed: return broken(sent, gone(transfer.outcome));
        }
    }
    return sent;
}

// Of a stream, what was taken before the wire broke may have had its effect, so that is told first;
// of a message, a part is nothing.
Result<std::size_t> UsbTransport::broken(std::size_t sent, Error error) const {
    if (sent > 0 && !manners_.ends_messages) return sent;
    return error;
}

Result<std::size_t> UsbTransport::read(std::span<std::uint8_t> into, Milliseconds limit) {
    if (pipes_.form == PipeForm::one_pipe) return std::size_t{0};
    const auto deadline = clock_.now() + limit;
    for (auto left = limit;; left = deadline - clock_.now()) {
        if (staged_from_ < staged_to_) return hand_out(into);
        const auto patience = std::clamp(left, at_once, limits_.slice);
        const auto transfer = TRY(pipes_.form == PipeForm::two_pipes ? receive(pipes_.in, patience)
                                                                     : receive_frames(patience));
        // A time-out may have brought a part, which counts; an empty packet is no answer.
        if (transfer.count == 0 && clock_.now() >= deadline) return std::size_t{0};
    }
}

// One transfer into the staged bytes. An error means that the wire is gone; a stall was dealt with
// and brought nothing.
Result<UsbTransfer> UsbTransport::receive(const UsbEndpoint& endpoint, Milliseconds limit) {
    const std::size_t room = packets_at_once * endpoint.packet_size;
    const auto transfer = handle_->in(endpoint, std::span(staged_).first(room), limit);
    CHECK(transfer.count <= room);
    staged_from_ = 0;
    staged_to_ = transfer.count;
    if (transfer.count > 0) {
        ++health_.answers;
        health_.clear();
    }
    switch (transfer.outcome) {
    case UsbOutcome::ok:
    case UsbOutcome::timed_out: return transfer;
    case UsbOutcome::stalled: TRY(set_free(endpoint)); return transfer;
    case UsbOutcome::gone:
    case UsbOutcome::denied:
    case UsbOutcome::busy:
    case UsbOutcome::not_found:
    case UsbOutcome::failed: break;
    }
    if (transfer.count > 0) return transfer; // the next transfer will say the same
    return gone(transfer.outcome);
}

Result<UsbTransfer> UsbTransport::receive_frames(Milliseconds limit) {
    switch (next_) {
    case Next::header: {
        const auto transfer = TRY(receive(pipes_.in, limit));
        if (transfer.count > 0) {
            follow_frame(base::ByteView(staged_).first(transfer.count));
            return transfer;
        }
        // Nothing that begins a frame: perhaps the end of an earlier one lies in the other pipe.
        const auto late = TRY(receive(pipes_.in_rest, at_once));
        if (late.count > 0) next_ = Next::unsure;
        return late;
    }
    case Next::rest: {
        const auto transfer = TRY(receive(pipes_.in_rest, limit));
        if (transfer.count > rest_left_) next_ = Next::unsure;
        rest_left_ -= std::min(rest_left_, transfer.count);
        if (rest_left_ == 0 && next_ == Next::rest) next_ = Next::header;
        return transfer;
    }
    case Next::unsure: return receive_unsure(limit);
    }
    CHECK(false);
}

// Listens to both in turn; when both were quiet for the whole limit, a new frame may begin.
Result<UsbTransfer> UsbTransport::receive_unsure(Milliseconds limit) {
    const auto deadline = clock_.now() + limit;
    do {
        for (const auto* endpoint : {&pipes_.in, &pipes_.in_rest}) {
            const auto transfer = TRY(receive(*endpoint, std::min(turn, limit)));
            if (transfer.count > 0) return transfer;
        }
    } while (clock_.now() < deadline);
    next_ = Next::header;
    header_filled_ = 0;
    return UsbTransfer{UsbOutcome::timed_out, 0};
}

// Learns from the first seven bytes of a frame how many follow through the other pipe.
void UsbTransport::follow_frame(base::ByteView bytes) {
    if (header_filled_ + bytes.size() > header_size) {
        next_ = Next::unsure;
        return;
    }
    std::copy(bytes.begin(), bytes.end(), header_.begin() + std::ptrdiff_t(header_filled_));
    header_filled_ += bytes.size();
    if (header_filled_ < header_size) return;
    header_filled_ = 0;
    rest_left_ = std::size_t(header_[5]) << 8 | header_[6];
    const bool is_frame = std::equal(preamble.begin(), preamble.end(), header_.begin());
    next_ = is_frame && rest_left_ > 0 ? Next::rest : Next::unsure;
}

std::size_t UsbTransport::hand_out(std::span<std::uint8_t> into) {
    const auto size = std::min(into.size(), staged_to_ - staged_from_);
    std::copy_n(staged_.begin() + std::ptrdiff_t(staged_from_), size, into.begin());
    base::wipe(staged_.data() + staged_from_, size); // nothing of a card stays here
    staged_from_ += size;
    return size;
}

Result<std::size_t> UsbTransport::control(const UsbSetup& setup, std::span<std::uint8_t> data,
                                          Milliseconds limit) {
    const auto transfer = handle_->control(setup, data, limit);
    switch (transfer.outcome) {
    case UsbOutcome::ok: return transfer.count;
    case UsbOutcome::timed_out: return Error{Errc::timed_out, "control request"};
    // Endpoint 0 needs no clear_halt: the next request sets it free (USB 2.0, 8.5.3.4).
    case UsbOutcome::stalled: return Error{Errc::refused, "control request"};
    case UsbOutcome::gone:
    case UsbOutcome::denied:
    case UsbOutcome::busy:
    case UsbOutcome::not_found:
    case UsbOutcome::failed: break;
    }
    return gone(transfer.outcome);
}

Result<void> UsbTransport::set_free(const UsbEndpoint& endpoint) {
    ++health_.stalls;
    ++health_.total_stalls;
    const auto outcome = handle_->clear_halt(endpoint);
    if (outcome != UsbOutcome::ok) return gone(outcome);
    if (manners_.is_reset_when_stuck && health_.stalls >= limits_.stalls_before_reset)
        TRY(reset_once());
    // A device that stalls everything at once is not asked again and again within one limit.
    if (health_.is_given_up(limits_)) return gone(UsbOutcome::stalled);
    return {};
}

Result<void> UsbTransport::reset_once() {
    if (health_.was_reset) return {};
    health_.was_reset = true;
    health_.reset_at = clock_.now();
    ++health_.total_resets;
    next_ = Next::unsure;
    const auto outcome = handle_->reset();
    if (outcome != UsbOutcome::ok) return gone(outcome); // not_found: it has to be opened anew
    return {};
}

Error UsbTransport::gone(UsbOutcome outcome) const {
    return {Errc::unplugged, "USB device: " + std::string(to_string(outcome))};
}

} // namespace drivers
