// Any bytes as text: they decode to code points that encode again to what is stable, the borders
// between letters lead through to the end both ways, and an isolated value stays one isolate.
#include "kiosk/base/check.hpp"
#include "kiosk/text/message.hpp"
#include "kiosk/text/unicode.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto points = text::decode_utf8(bytes);
    const auto utf8 = text::encode_utf8(points);
    CHECK(text::decode_utf8(utf8) == points);
    CHECK(text::line_starts(points).size() == points.size());

    std::size_t at = 0;
    while (at < utf8.size()) {
        const auto next = text::next_boundary(utf8, at);
        CHECK(next > at && next <= utf8.size());
        at = next;
    }
    while (at > 0) {
        const auto previous = text::previous_boundary(utf8, at);
        CHECK(previous < at);
        at = previous;
    }
    CHECK(text::strip_isolates(text::isolate(utf8)) == text::strip_isolates(utf8));
    const text::Insertion value{"name", utf8};
    (void)text::format_message(utf8, std::span(&value, 1));
    return 0;
}
