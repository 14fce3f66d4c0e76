#include "drivers/card_reader/recorded_reply.hpp"
#include "drivers/card_reader/card_text.hpp"
#include "drivers/card_reader/frame.hpp"

#include <algorithm>

namespace drivers {
namespace {

using base::Errc;
using base::Error;

bool is_space(std::uint8_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_hex_digit(std::uint8_t c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Hexadecimal text becomes the bytes it names; anything else is taken as the bytes themselves. A
// raw reply holds AA, which is in no such text.
base::SecretBytes as_raw(base::ByteView bytes) {
    base::SecretBytes raw(bytes.begin(), bytes.end());
    const bool is_text = std::all_of(raw.begin(), raw.end(),
                                     [](std::uint8_t c) { return is_space(c) || is_hex_digit(c); });
    if (!is_text) return raw;
    std::erase_if(raw, is_space);
    const auto value = [](std::uint8_t c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    base::SecretBytes decoded(raw.size() / 2);
    for (std::size_t i = 0; i < decoded.size(); ++i)
        decoded[i] = std::uint8_t(value(raw[2 * i]) << 4 | value(raw[2 * i + 1]));
    return decoded;
}

} // namespace

base::Result<Card> decode_recorded_reply(base::ByteView bytes, std::optional<base::Date> today) {
    const auto raw = as_raw(bytes);
    base::ByteView rest(raw);
    Error last{Errc::corrupt, "no whole reply"};
    while (!rest.empty()) {
        ReplyDecoder decoder(Request::read);
        rest = rest.subspan(decoder.feed(rest));
        if (decoder.state() == ReplyDecoder::State::broken) last = decoder.fault();
        if (decoder.state() != ReplyDecoder::State::complete) continue;
        const auto reply = decoder.take();
        if (reply.answer() != Answer::ok) {
            last = reply.as_error();
            continue;
        }
        auto text = TRY(read_card_text(reply.card_text, today));
        if (text.broken)
            return Error{Errc::card_inconsistent, "rule " + std::string(to_string(*text.broken))};
        return std::move(text.card);
    }
    // What a module answers badly is asked again; what a file holds badly stays so.
    if (last.code == Errc::bad_frame) last.code = Errc::corrupt;
    return last;
}

} // namespace drivers
