// The text room: words of three languages become the right glyphs in the right order and lines.
#include "kiosk/text/message.hpp"
#include "kiosk/text/typesetter.hpp"
#include "kiosk/text/unicode.hpp"

#include <catch2/catch.hpp>

namespace {

text::FontSet open_fonts() {
    auto fonts = text::FontSet::open("/usr/share/fonts");
    REQUIRE(fonts);
    return std::move(fonts).value();
}

} // namespace

TEST_CASE("a rare name has glyphs", "[unit][text]") {
    auto fonts = open_fonts();
    text::Typesetter typesetter(fonts);
    const auto& layout = typesetter.layout("\U00020BB7\U0002C456\u4E00", {});
    CHECK(layout.missing.empty());
    CHECK(layout.lines.size() == 1);
}
