// Any bytes as text: they decode to code points that encode again to what is stable, the borders
// between letters lead through to the end both ways, an isolated value stays one isolate, and what
// is set can be walked through with the caret and touched anywhere.
#include "kiosk/base/check.hpp"
#include "kiosk/text/caret.hpp"
#include "kiosk/text/message.hpp"
#include "kiosk/text/unicode.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace {

void walk_over_letters(std::string_view utf8) {
    std::size_t at = 0;
    while (at < utf8.size()) {
        const auto next = text::next_boundary(utf8, at);
        CHECK(next > at && next <= utf8.size());
        // Back again; only near the beginning, as each step back reads from there.
        if (next < 500) CHECK(text::previous_boundary(utf8, next) == at);
        at = next;
    }
}

// Lines follow each other without a gap, and letters within a line.
void check_borders(const text::Layout& layout, std::string_view bytes) {
    std::size_t at = 0;
    for (const auto& line : layout.lines) {
        CHECK(line.begin >= at && line.end >= line.begin && line.end <= bytes.size());
        CHECK(std::isfinite(line.width) && line.width >= 0);
        at = line.begin;
        for (const auto& cluster : line.clusters) {
            CHECK(cluster.begin == at && cluster.end > at && cluster.end <= line.end);
            CHECK(cluster.left <= cluster.right + 0.01f);
            at = cluster.end;
        }
        CHECK(at == line.end);
    }
}

// A caret that is touched stays, unless it shares its place with another.
void touch_carets(const text::Layout& layout, std::size_t size, std::size_t step) {
    for (std::size_t at = 0; at <= size; at += step) {
        const auto caret = text::caret_at(layout, at);
        CHECK(caret.line < layout.lines.size() && std::isfinite(caret.x));
        const auto touched = text::offset_at(layout, caret.line, caret.x);
        CHECK(touched <= size);
        const auto again = text::caret_at(layout, touched);
        // The end of a line that goes on is shown at the beginning of the next.
        const bool next_line = again.line == caret.line + 1;
        CHECK(next_line || again.line == caret.line);
        const auto twice = text::offset_at(layout, again.line, again.x);
        const auto third = text::caret_at(layout, twice);
        CHECK(third.line == again.line + 1 || std::abs(third.x - again.x) < 0.5f);
    }
}

void set(std::string_view bytes, unsigned choice) {
    static auto fonts = text::FontSet::open("/usr/share/fonts");
    if (!fonts) return; // without the faces of the kiosk the rest is still tried
    // A sixteenth of all choices sets very long texts; more would leave time for nothing else.
    if ((choice & 0xF0) != 0x60) bytes = bytes.substr(0, 300);
    static text::Typesetter typesetter(*fonts);
    const text::Style style{.language = base::all_languages[choice % 3],
                            .px = 24,
                            .bold = (choice & 4) != 0,
                            .left_to_right = (choice & 8) != 0};
    const float width = choice & 16 ? text::unlimited_width : float(choice >> 5) * 60;
    const auto& layout = typesetter.layout(bytes, style, width);
    check_borders(layout, bytes);
    touch_carets(layout, bytes.size(), 1 + bytes.size() / 64);
    typesetter.wipe();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto points = text::decode_utf8(bytes);
    const auto utf8 = text::encode_utf8(points);
    CHECK(text::decode_utf8(utf8) == points);
    CHECK(text::line_starts(points).size() == points.size());
    walk_over_letters(bytes);
    CHECK(text::strip_isolates(text::isolate(utf8)) == text::strip_isolates(utf8));
    const text::Insertion value{"name", utf8};
    (void)text::format_message(utf8, std::span(&value, 1));
    if (size > 0) set(bytes.substr(1), data[0]);
    return 0;
}
