#include "drivers/card_reader/sam_reader.hpp"
#include "drivers/card_reader/card_text.hpp"

#include <algorithm>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Milliseconds;
using base::Result;

// Twice in a row is not an accident: then the person or the staff is asked (spec id-card-reader §2:
// one retry).
constexpr int attempts = 2;

// Chosen: more than a reply, so that one read empties what a full-speed transfer brought.
constexpr std::size_t chunk_size = 512;

bool is_damage(Errc code) {
    return code == Errc::timed_out || code == Errc::bad_frame;
}

bool is_worth_another_try(SamTrouble trouble) {
    switch (trouble) {
    case SamTrouble::retry:
    case SamTrouble::not_readable_here:
    case SamTrouble::resync: return true;
    case SamTrouble::none:
    case SamTrouble::reader_fault:
    case SamTrouble::unplugged: return false;
    }
    CHECK(false);
}

// What a wire's or a codec's error says in the table.
SamHeard heard_of(const Error& error) {
    if (error.code == Errc::timed_out) return SamHeard::silent;
    if (error.code == Errc::bad_frame) return SamHeard::damaged;
    // This program cannot ask for fingerprints; a module that sends them is set up wrongly.
    if (error.code == Errc::device) return SamHeard::reader_fault;
    return SamHeard::gone;
}

} // namespace

SamReader::SamReader(std::string wire, Connect connect, const base::Clock& clock, Wait wait,
                     SamLimits limits)
    : connect_(std::move(connect)), clock_(clock), wait_(std::move(wait)), limits_(limits) {
    description_.transport = std::move(wire);
}

// ---- what the application asks for ----

Result<CardReading> SamReader::read(const CardLook& look, std::stop_token stop) {
    auto reading = look_and_read(look, stop);
    if (!reading) note_trouble(reading.error().code);
    return reading;
}

Result<bool> SamReader::is_card_present() {
    auto lies = still_lies();
    if (!lies) note_trouble(lies.error().code);
    return lies;
}

void SamReader::forget() {
    inconsistent_.reset();
}

CardReaderDescription SamReader::describe() {
    description_.is_ready = false;
    if (const auto ready = be_ready(); !ready) {
        note_trouble(ready.error().code);
        return description_;
    }
    if (auto wire = transport_->describe(); !wire.name.empty()) {
        description_.transport = std::move(wire.name);
        description_.pipes = wire.pipes;
    }
    if (state_ == SamState::resyncing) take_turn();
    if (!transport_) return description_;
    state_ = SamState::starting;
    const auto status = take_turn();
    description_.is_ready = status.trouble == SamTrouble::none;
    if (!description_.is_ready) {
        note_trouble(status.error().code);
        if (transport_) state_ = SamState::resyncing; // the answer may yet come
        return description_;
    }
    if (!description_.module_id.empty()) return description_;
    const auto id = ask(sam_step(SamState::resyncing), Photo::drop);
    if (id && id->module_id) description_.module_id = to_string(*id->module_id);
    if (!id && transport_) state_ = SamState::resyncing;
    return description_;
}

// ---- reading ----

Result<CardReading> SamReader::look_and_read(const CardLook& look, std::stop_token stop) {
    const auto deadline = clock_.now() + look.patience;
    std::optional<Error> failure;
    for (int failures = 0; failures < attempts;) {
        if (stop.stop_requested()) return Error{Errc::cancelled, "card read"};
        TRY(be_ready());
        auto turn = take_turn(look.photo);
        if (turn.asked == SamState::reading && turn.heard == SamHeard::ok)
            return decode(std::move(turn.reply).value());
        if (turn.heard == SamHeard::found && look.on_found) look.on_found();
        if (turn.heard == SamHeard::no_card && turn.trouble == SamTrouble::none) {
            if (failure) return not_found_again(*failure);
            const auto left = deadline - clock_.now();
            if (left <= Milliseconds{0}) return nothing_within_patience();
            wait_(std::min(limits_.poll, left), stop);
        }
        if (turn.trouble == SamTrouble::none) continue;
        failure = turn.error();
        if (!is_worth_another_try(turn.trouble)) return *failure;
        ++failures;
        damaged_reads_ += is_damage(failure->code) ? 1 : 0;
    }
    return *failure;
}

// No module reads a card twice while it lies there; the person is told, instead of waited for.
Error SamReader::nothing_within_patience() {
    const auto lies = still_lies();
    if (lies && *lies) return {Errc::busy, "the card already read still lies there"};
    return {Errc::no_card, "within patience"};
}

// A card that was there and is not found again has been lifted, or the module has read it and will
// not have it a second time: either way it must be laid down anew. Not for ever: when the next one
// is damaged too, it is the wire.
Error SamReader::not_found_again(const Error& failure) const {
    if (!is_damage(failure.code) || damaged_reads_ >= attempts) return failure;
    return Error{Errc::card_removed, "not found again after " + failure.text()};
}

Result<CardReading> SamReader::decode(Reply reply) {
    card_lies_ = true;
    damaged_reads_ = 0;
    const auto today =
        clock_.is_synchronised() ? std::optional(base::local_date(clock_.wall())) : std::nullopt;
    auto text = TRY(read_card_text(reply.card_text, today));
    CardReading reading{std::move(text.card), std::move(reply.photo)};
    if (!text.broken) {
        inconsistent_.reset();
        return reading;
    }
    // The same card with the same fault again: it is the card, not the reading (safeguards G18).
    const base::Secret<base::Sha256> digest(base::sha256(reply.card_text));
    const bool is_again = inconsistent_ && inconsistent_->expose() == digest.expose();
    if (!is_again) {
        inconsistent_.emplace(digest);
        return Error{Errc::card_inconsistent, "rule " + std::string(to_string(*text.broken))};
    }
    inconsistent_.reset();
    reading.card.staff_should_confirm = text.broken;
    return reading;
}

Result<bool> SamReader::still_lies() {
    if (!card_lies_) return false;
    TRY(be_ready());
    if (state_ == SamState::resyncing) {
        const auto turn = take_turn();
        if (turn.trouble != SamTrouble::none) return turn.error();
    }
    state_ = SamState::watching;
    const auto turn = take_turn();
    if (turn.trouble != SamTrouble::none) return turn.error();
    card_lies_ = turn.heard == SamHeard::ok || turn.heard == SamHeard::no_content;
    return card_lies_;
}

// ---- one turn of the dialogue ----

Error SamReader::Turn::error() const {
    auto error = reply ? reply->as_error() : reply.error();
    if (trouble == SamTrouble::retry) error.code = Errc::card_removed;
    return error;
}

// Asks what this state asks, and goes where the answer leads.
SamReader::Turn SamReader::take_turn(Photo photo) {
    const auto& step = sam_step(state_);
    if (state_ == SamState::selecting) card_lies_ = false; // whatever lay there, another is chosen
    auto reply = state_ == SamState::resyncing ? resync(step) : ask(step, photo);
    const auto heard = reply ? sam_heard(reply->answer()) : heard_of(reply.error());
    const auto& move = sam_move(state_, heard);
    Turn turn{state_, heard, move.trouble, std::move(reply)};
    if (move.to == SamState::absent)
        let_go_of_wire();
    else
        state_ = move.to;
    return turn;
}

// Connects when there is no wire, and waits until a module just plugged in has started.
Result<void> SamReader::be_ready() {
    if (transport_) return {};
    transport_ = TRY(connect_());
    state_ = SamState::starting;
    if (const auto quiet = drain(); !quiet) { // what an earlier program left in the pipe
        let_go_of_wire();
        return quiet.error();
    }
    const auto deadline = clock_.now() + limits_.start_up;
    for (;;) {
        const auto turn = take_turn();
        if (turn.trouble == SamTrouble::none) return {};
        if (clock_.now() >= deadline || !transport_) {
            let_go_of_wire(); // the next call begins anew
            return turn.error();
        }
        wait_(limits_.poll, {});
    }
}

void SamReader::let_go_of_wire() {
    transport_.reset();
    state_ = SamState::absent;
}

void SamReader::note_trouble(Errc code) {
    const bool is_the_readers =
        is_damage(code) || code == Errc::device || code == Errc::unplugged || code == Errc::locked;
    if (is_the_readers) description_.last_trouble = code;
}

// ---- bytes ----

Result<Reply> SamReader::ask(const SamStep& step, Photo photo) {
    TRY(send(step.request));
    auto reply = receive(ReplyDecoder(step.request, photo), limits_.*step.limit);
    if (reply) description_.odd_headers += reply->has_odd_header ? 1 : 0;
    return reply;
}

Result<void> SamReader::send(Request request) {
    const auto frame = encode(request);
    const auto sent = transport_->write(frame, limits_.write);
    if (!sent) {
        let_go_of_wire();
        return sent.error();
    }
    if (sent.value() == frame.size()) return {};
    return Error{Errc::timed_out, "request not taken"}; // part of it lies in the module
}

Result<Reply> SamReader::receive(ReplyDecoder decoder, Milliseconds limit) {
    base::SecretBytes chunk(chunk_size);
    const auto deadline = clock_.now() + limit;
    std::size_t left_over = 0; // came behind the reply
    while (decoder.state() == ReplyDecoder::State::incomplete) {
        const auto left = deadline - clock_.now();
        if (left <= Milliseconds{0}) return Error{Errc::timed_out, "no whole reply"};
        const std::size_t size = TRY(read_some(chunk, left));
        left_over = size - decoder.feed(base::ByteView(chunk).first(size));
    }
    if (decoder.state() == ReplyDecoder::State::complete && left_over == 0) return decoder.take();
    ++description_.bad_frames;
    if (decoder.state() == ReplyDecoder::State::complete)
        return Error{Errc::bad_frame, "more than one reply"};
    const auto fault = decoder.fault();
    if (fault.code == Errc::refused) return Error{Errc::device, fault.context};
    return Error{Errc::bad_frame, fault.context};
}

Result<std::size_t> SamReader::read_some(std::span<std::uint8_t> into, Milliseconds limit) {
    auto size = transport_->read(into, limit);
    if (!size) let_go_of_wire();
    return size;
}

// The reply with the module's number, with nothing behind it: the dialogue is in step.
Result<Reply> SamReader::resync(const SamStep& step) {
    ++description_.resyncs;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        TRY(drain());
        TRY(send(step.request));
        auto mark = TRY(find_mark(limits_.*step.limit));
        if (mark) return *std::move(mark);
    }
    return Error{Errc::timed_out, "module cannot be brought back into step"};
}

// Throws away what comes until nothing comes.
Result<void> SamReader::drain() {
    base::SecretBytes chunk(chunk_size);
    const auto deadline = clock_.now() + limits_.drain;
    while (TRY(read_some(chunk, limits_.quiet)) > 0)
        if (clock_.now() >= deadline) return Error{Errc::bad_frame, "never quiet"};
    return {};
}

// Throws away replies until the one with the module's number.
Result<std::optional<Reply>> SamReader::find_mark(Milliseconds limit) {
    base::SecretBytes chunk(chunk_size);
    const auto deadline = clock_.now() + limit;
    ReplyDecoder decoder(Request::sam_id);
    for (auto left = limit; left > Milliseconds{0}; left = deadline - clock_.now()) {
        const std::size_t size = TRY(read_some(chunk, left));
        auto rest = base::ByteView(chunk).first(size);
        while (!rest.empty()) {
            rest = rest.subspan(decoder.feed(rest));
            if (decoder.state() == ReplyDecoder::State::incomplete) break;
            if (decoder.state() == ReplyDecoder::State::complete) {
                auto reply = decoder.take();
                if (reply.module_id && rest.empty()) return std::optional(std::move(reply));
            }
            decoder = ReplyDecoder(Request::sam_id);
        }
    }
    return std::optional<Reply>();
}

} // namespace drivers
