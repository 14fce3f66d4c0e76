#include "drivers/card_reader/recorded_reply.hpp"
#include "drivers/card_reader/frame.hpp"

#include <algorithm>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Result;

// Between two bytes written down.
bool is_separator(std::uint8_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == ',' || c == ':' || c == '-';
}
bool is_hex_digit(std::uint8_t c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_x(std::uint8_t c) {
    return c == 'x' || c == 'X';
}

// Hexadecimal text becomes the bytes it names; anything else is taken as the bytes themselves. A
// raw reply holds AA, which is in no such text.
Result<base::SecretBytes> as_raw(base::ByteView bytes) {
    const bool is_text = std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t c) {
        return is_separator(c) || is_hex_digit(c) || is_x(c);
    });
    base::SecretBytes digits;
    digits.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const bool is_prefix =
            bytes[i] == '0' && i + 1 < bytes.size() && is_x(bytes[i + 1]); // "0x" before a byte
        if (!is_text || (is_hex_digit(bytes[i]) && !is_prefix)) digits.push_back(bytes[i]);
    }
    if (!is_text) return digits;
    if (digits.size() % 2 != 0)
        return Error{Errc::corrupt, "an odd number of hexadecimal digits: one is missing"};
    const auto value = [](std::uint8_t c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    base::SecretBytes decoded(digits.size() / 2);
    for (std::size_t i = 0; i < decoded.size(); ++i)
        decoded[i] = std::uint8_t(value(digits[2 * i]) << 4 | value(digits[2 * i + 1]));
    return decoded;
}

// What the bytes at the end of a recording are, where they are no whole reply.
Error unfinished(const ReplyDecoder& decoder) {
    const auto whole = decoder.whole();
    if (!whole) return {Errc::corrupt, "ends within the first 7 bytes of a reply"};
    return {Errc::corrupt, "the reply ends after " + std::to_string(decoder.seen()) + " of " +
                               std::to_string(*whole) + " bytes"};
}

// What a module answers badly is asked again; what a file holds badly stays so.
Error damaged(const Error& fault) {
    if (fault.code == Errc::bad_frame)
        return {Errc::corrupt, "the reply is damaged: " + fault.context};
    return fault;
}

} // namespace

Result<CardText> decode_recorded_reply(base::ByteView bytes, std::optional<base::Date> today) {
    const auto raw = TRY(as_raw(bytes));
    base::ByteView rest(raw);
    std::optional<Error> last;
    while (!rest.empty()) {
        ReplyDecoder decoder(Request::read);
        rest = rest.subspan(decoder.feed(rest));
        switch (decoder.state()) {
        case ReplyDecoder::State::incomplete:
            if (decoder.seen() > 0) last = unfinished(decoder);
            break;
        case ReplyDecoder::State::broken: last = damaged(decoder.fault()); break;
        case ReplyDecoder::State::complete: {
            const auto reply = decoder.take();
            if (reply.answer() == Answer::ok) return read_card_text(reply.card_text, today);
            last = reply.as_error();
            break;
        }
        }
    }
    if (last) return *last;
    return Error{Errc::corrupt,
                 "no reply of a card reader: AA AA AA 96 69, with which each begins, "
                 "is nowhere in it"};
}

} // namespace drivers
