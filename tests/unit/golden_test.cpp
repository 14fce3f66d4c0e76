// Screens look as they did when somebody last looked at them.
#include "tests/support/golden.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

namespace {

const std::string out = KIOSK_GOLDEN_OUT;

bool can_compare() {
    if (golden::glyph_makers() == golden::recorded_glyph_makers()) return true;
    WARN("skipped: fonts or their libraries differ from those the golden pictures were made with "
         "(tests/golden/glyph_makers.txt). Other glyphs have other pixels; that says nothing about "
         "the screens. tests/golden/update makes the pictures anew.");
    return false;
}

} // namespace

TEST_CASE("every golden picture is drawn again bit for bit", "[unit][golden]") {
    if (!can_compare()) return;
    const auto list = golden::read_list();
    REQUIRE(list.has_value());
    CHECK(list->size() >= 30);
    golden::Painter painter;
    for (const auto& one : *list) {
        const auto before = golden::kept(one);
        const auto after = painter.paint(one);
        REQUIRE(before.has_value());
        REQUIRE(after.has_value());
        if (*before == *after) continue;
        REQUIRE(golden::write_three(out, one, *before, *after).has_value());
        FAIL_CHECK(one.name() << (before->empty() ? " has no golden picture" : " looks different")
                              << ": see " << out << "/" << one.name()
                              << "-*.png. If it is meant so, run tests/golden/update.");
    }
    CHECK(golden::unlisted().empty());
}

TEST_CASE("a golden picture does not depend on what was drawn before it", "[unit][golden]") {
    const auto list = golden::read_list();
    REQUIRE(list.has_value());
    REQUIRE(list->size() >= 2);
    golden::Painter one, other;
    const auto first = one.paint(list->front());
    for (const auto& each : {list->back(), (*list)[list->size() / 2]}) (void)other.paint(each);
    CHECK(*first == *other.paint(list->front()));
}

TEST_CASE("one pixel that differs is seen, and shown in red", "[unit][golden]") {
    base::Picture before{4, 3, 3, base::Bytes(4 * 3 * 3, 255)};
    auto after = before;
    after.row(1)[3 * 2] = 254;
    CHECK_FALSE(before == after);
    const auto shown = golden::difference(before, after);
    for (int y = 0; y < 3; ++y)
        for (int x = 0; x < 4; ++x) {
            const bool red = shown.row(y)[3 * x] == 220 && shown.row(y)[3 * x + 1] == 0;
            CHECK(red == (x == 2 && y == 1));
        }
    const auto larger = golden::difference(before, {5, 3, 3, base::Bytes(5 * 3 * 3, 255)});
    CHECK(larger.row(0)[3 * 4 + 1] == 0);
}

TEST_CASE("a list of golden pictures with an unknown word is refused with its line",
          "[unit][golden]") {
    golden::Painter painter;
    golden::Golden unknown;
    unknown.screen = "no-such-screen";
    CHECK(painter.paint(unknown).error().context.find("no-such-screen") != std::string::npos);
}
