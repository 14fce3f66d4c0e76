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
bool is_worth_another_try(Errc code) {
    return is_damage(code) || code == Errc::card_removed || code == Errc::card_unreadable;
}

} // namespace

SamReader::SamReader(std::string wire, Connect connect, const base::Clock& clock, Wait wait,
                     SamLimits limits)
    : connect_(std::move(connect)), clock_(clock), wait_(std::move(wait)), limits_(limits) {
    description_.transport = std::move(wire);
}

Milliseconds SamReader::limit_of(Request request) const {
    switch (request) {
    case Request::status:
    case Request::sam_id:
    case Request::find:
    case Request::select: return limits_.short_reply;
    case Request::read: return limits_.read_reply;
    case Request::presence: return limits_.presence_reply;
    }
    CHECK(false);
}

Result<Card> SamReader::read(Milliseconds patience, std::stop_token stop) {
    const auto deadline = clock_.now() + patience;
    TRY(be_ready());
    std::optional<Error> failure;
    for (int failures = 0; failures < attempts;) {
        if (stop.stop_requested()) return Error{Errc::cancelled, "card read"};
        const auto found = find_card();
        if (found && !found.value()) {
            if (failure) return not_found_again(*failure);
            const auto left = deadline - clock_.now();
            if (left <= Milliseconds{0}) return Error{Errc::no_card, "within patience"};
            wait_(std::min(limits_.poll, left), stop);
            continue;
        }
        auto card = found ? read_found_card() : Result<Card>(found.error());
        if (card || !is_worth_another_try(card.error().code)) return card;
        failure = card.error();
        ++failures;
        damaged_reads_ += is_damage(failure->code) ? 1 : 0;
    }
    return *failure;
}

// A card that was there and is not found again has been lifted, or the module has read it and will
// not have it a second time: either way it must be laid down anew. Not for ever: when the next one
// is damaged too, it is the wire.
Error SamReader::not_found_again(const Error& failure) const {
    if (!is_damage(failure.code) || damaged_reads_ >= attempts) return failure;
    return Error{Errc::card_removed, "not found again after " + failure.text()};
}

// One look. False when there is no card, or only the one already read.
Result<bool> SamReader::find_card() {
    const auto reply = TRY(ask(Request::find));
    if (reply.answer() == Answer::found) return true;
    if (reply.answer() == Answer::no_card) return false;
    needs_resync_ |= reply.as_error().code == Errc::bad_frame;
    return reply.as_error();
}

Result<Card> SamReader::read_found_card() {
    has_read_card_ = false;
    for (const auto request : {Request::select, Request::read}) {
        const auto reply = TRY(ask(request));
        if (reply.answer() != Answer::ok) {
            needs_resync_ |= reply.as_error().code == Errc::bad_frame;
            return reply.as_error();
        }
        if (request == Request::read) return decode(reply);
    }
    CHECK(false);
}

Result<Card> SamReader::decode(const Reply& reply) {
    has_read_card_ = true;
    damaged_reads_ = 0;
    const auto today =
        clock_.is_synchronised() ? std::optional(base::local_date(clock_.wall())) : std::nullopt;
    auto text = TRY(read_card_text(reply.card_text, today));
    if (!text.broken) {
        inconsistent_.reset();
        return std::move(text.card);
    }
    // The same card with the same fault again: it is the card, not the reading (safeguards G18).
    const base::Secret<base::Sha256> digest(base::sha256(reply.card_text));
    const bool is_again = inconsistent_ && inconsistent_->expose() == digest.expose();
    if (!is_again) {
        inconsistent_.emplace(digest);
        return Error{Errc::card_inconsistent, "rule " + std::string(to_string(*text.broken))};
    }
    inconsistent_.reset();
    text.card.staff_should_confirm = text.broken;
    return std::move(text.card);
}

Result<bool> SamReader::is_card_present() {
    if (!has_read_card_) return false;
    TRY(be_ready());
    const auto reply = TRY(ask(Request::presence));
    switch (reply.answer()) {
    case Answer::ok:
    case Answer::no_content: return true;
    case Answer::found:
    case Answer::no_card:
    case Answer::put_back:
    case Answer::not_readable_here:
    case Answer::out_of_step: // a module that lost its card calls the request out of order
    case Answer::unknown: break;
    case Answer::reader_fault: return reply.as_error();
    }
    has_read_card_ = false;
    return false;
}

void SamReader::forget() {
    inconsistent_.reset();
}

CardReaderDescription SamReader::describe() {
    const bool is_ready = bool(be_ready());
    const auto status = is_ready ? ask(Request::status) : Error{Errc::unplugged, ""};
    description_.is_ready = status && status->answer() == Answer::ok;
    if (description_.is_ready && description_.module_id.empty()) {
        const auto id = ask(Request::sam_id);
        if (id) description_.module_id = id->module_id;
    }
    return description_;
}

// Connects when there is no wire, and waits until a module just plugged in has started.
Result<void> SamReader::be_ready() {
    if (transport_) return {};
    transport_ = TRY(connect_());
    has_read_card_ = false;
    needs_resync_ = false;
    TRY(drain()); // what an earlier program left in the pipe
    const auto deadline = clock_.now() + limits_.start_up;
    for (;;) {
        const auto reply = ask(Request::status);
        if (reply && reply->answer() == Answer::ok) return {};
        const auto error = reply ? reply->as_error() : reply.error();
        if (clock_.now() >= deadline || error.code == Errc::unplugged) {
            transport_.reset(); // the next call begins anew
            return error;
        }
        wait_(limits_.poll, {});
    }
}

Result<Reply> SamReader::ask(Request request) {
    if (!transport_) return Error{Errc::unplugged, "card reader"};
    if (needs_resync_) TRY(resync());
    TRY(send(request));
    auto reply = receive(request);
    if (reply) description_.odd_headers += reply->has_odd_header ? 1 : 0;
    return reply;
}

Result<void> SamReader::send(Request request) {
    const auto frame = encode(request);
    const auto sent = transport_->write(frame, limits_.write);
    if (!sent) {
        transport_.reset();
        return sent.error();
    }
    if (sent.value() == frame.size()) return {};
    needs_resync_ = true; // part of a request lies in the module
    return Error{Errc::timed_out, "request not taken"};
}

Result<Reply> SamReader::receive(Request request) {
    ReplyDecoder decoder(request);
    base::SecretBytes chunk(chunk_size);
    const auto deadline = clock_.now() + limit_of(request);
    needs_resync_ = true; // until the whole reply, and nothing else, has come
    while (decoder.state() == ReplyDecoder::State::incomplete) {
        const auto left = deadline - clock_.now();
        if (left <= Milliseconds{0}) return Error{Errc::timed_out, "no whole reply"};
        const std::size_t size = TRY(read_some(chunk, left));
        const std::size_t taken = decoder.feed(base::ByteView(chunk).first(size));
        const bool is_whole = decoder.state() == ReplyDecoder::State::complete;
        needs_resync_ = !is_whole || taken < size;
    }
    if (decoder.state() == ReplyDecoder::State::complete) return decoder.take();
    ++description_.bad_frames;
    const auto& fault = decoder.fault();
    // This program cannot ask for fingerprints; a module that sends them is set up wrongly.
    if (fault.code == Errc::refused) return Error{Errc::device, fault.context};
    return Error{Errc::bad_frame, fault.context};
}

Result<std::size_t> SamReader::read_some(std::span<std::uint8_t> into, Milliseconds limit) {
    auto size = transport_->read(into, limit);
    if (!size) transport_.reset();
    return size;
}

Result<void> SamReader::resync() {
    ++description_.resyncs;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        TRY(drain());
        TRY(send(Request::sam_id));
        if (!TRY(find_mark())) continue;
        needs_resync_ = false;
        return {};
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
Result<bool> SamReader::find_mark() {
    base::SecretBytes chunk(chunk_size);
    const auto deadline = clock_.now() + limits_.short_reply;
    ReplyDecoder decoder(Request::sam_id);
    for (auto left = limits_.short_reply; left > Milliseconds{0}; left = deadline - clock_.now()) {
        const std::size_t size = TRY(read_some(chunk, left));
        auto rest = base::ByteView(chunk).first(size);
        while (!rest.empty()) {
            rest = rest.subspan(decoder.feed(rest));
            if (decoder.state() == ReplyDecoder::State::incomplete) break;
            if (decoder.state() == ReplyDecoder::State::complete &&
                !decoder.take().module_id.empty() && rest.empty())
                return true;
            decoder = ReplyDecoder(Request::sam_id);
        }
    }
    return false;
}

} // namespace drivers
