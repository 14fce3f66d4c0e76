// Pages that lie on their heads: told when it is sure, turned, or refused where they must be
// upright.
#include "drivers/scanner/text_direction.hpp"

#include "drivers/scanner/scanner.hpp"
#include "tests/support/desk_scene.hpp"
#include "tests/support/text_page.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

using namespace drivers;
using base::Picture;
using test::PageKind;

namespace {

Picture half_turned(const Picture& picture) {
    Picture out = picture;
    const auto channels = std::size_t(picture.channels);
    const auto pixels = picture.pixels.size() / channels;
    for (std::size_t i = 0; i < pixels; ++i)
        std::copy_n(picture.pixels.data() + (pixels - 1 - i) * channels, channels,
                    out.pixels.data() + i * channels);
    return out;
}

// A quarter, clockwise; grey pictures.
Picture quarter_turned(const Picture& picture) {
    Picture out{picture.height, picture.width, 1, {}};
    out.pixels.resize(picture.pixels.size());
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x)
            out.row(x)[picture.height - 1 - y] = picture.row(y)[x];
    return out;
}

test::TextPages& pages() {
    static test::TextPages all;
    return all;
}

} // namespace

TEST_CASE("print of each language on its head is told from print that stands",
          "[device][scanner]") {
    for (const auto language : base::all_languages)
        for (const auto kind : {PageKind::letter, PageKind::list, PageKind::table}) {
            const auto page = pages().draw(kind, language, 41, 200).picture;
            INFO(to_string(language) << " kind " << int(kind));
            REQUIRE(text_direction(page) == TextDirection::upright);
            REQUIRE(text_direction(half_turned(page)) == TextDirection::on_its_head);
        }
}

TEST_CASE("few words and drawings say nothing", "[device][scanner]") {
    REQUIRE(text_direction({}) == TextDirection::unsure);
    Picture blank{827, 1169, 1, {}};
    blank.pixels.assign(blank.row_bytes() * std::size_t(blank.height), 255);
    REQUIRE(text_direction(blank) == TextDirection::unsure);
    blank.pixels.assign(blank.pixels.size(), 0);
    REQUIRE(text_direction(blank) == TextDirection::unsure);
    REQUIRE(text_direction({3, 2, 1, {0, 255, 0, 255, 0, 255}}) == TextDirection::unsure);
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        // Boxes and bars without any direction.
        const auto drawing = test::draw_sheet(seed, 1654, 2339);
        REQUIRE(text_direction(drawing) == TextDirection::unsure);
        REQUIRE(text_direction(half_turned(drawing)) == TextDirection::unsure);
    }
    for (const auto language : base::all_languages) {
        INFO(to_string(language));
        const auto few = pages().draw(PageKind::rare, language, 41, 200).picture;
        REQUIRE(text_direction(half_turned(few)) == TextDirection::unsure);
        REQUIRE(text_direction(quarter_turned(few)) == TextDirection::unsure);
    }
}

TEST_CASE("print that runs down or up the page is told", "[device][scanner]") {
    for (const auto language : base::all_languages)
        for (const auto kind : {PageKind::letter, PageKind::list, PageKind::table}) {
            INFO(to_string(language) << " kind " << int(kind));
            // The first line at the right, and every line from the top to the bottom.
            const auto page = quarter_turned(pages().draw(kind, language, 41, 200).picture);
            REQUIRE(text_direction(page) == TextDirection::runs_down);
            REQUIRE(text_direction(half_turned(page)) == TextDirection::runs_up);
        }
    REQUIRE(degrees_to_upright(TextDirection::runs_down) == 270);
    REQUIRE(degrees_to_upright(TextDirection::runs_up) == 90);
}

TEST_CASE("a page that lies across comes out upright, whichever way it lies", "[device][scanner]") {
    const auto page = pages().draw(PageKind::letter, base::Language::zh, 43).picture;
    const auto scene =
        test::lay_on_desk(page, test::Lying::across, test::SceneKind::wood, 43, 3840, 2160);
    const auto check = [](const ScannedPage& taken, int degrees) {
        REQUIRE(taken.is_usable());
        REQUIRE(taken.turned == degrees);
        REQUIRE(taken.picture.width < taken.picture.height);
        REQUIRE(text_direction(taken.picture) == TextDirection::upright);
    };
    const auto first = scan_page(scene.frame);
    check(first, first.turned == 90 ? 90 : 270);
    auto other = scene.frame;
    other.pixels = half_turned(scene.frame).pixels;
    check(scan_page(other), first.turned == 90 ? 270 : 90);

    Expectation upright;
    upright.must_be_upright = true;
    const auto refused = scan_page(scene.frame, upright);
    REQUIRE(refused.has(ScanReason::upside_down));
    REQUIRE(refused.turned == 0);
    REQUIRE(refused.picture.width > refused.picture.height);
}

TEST_CASE("a page on its head comes out upright, or is refused where it must be upright",
          "[device][scanner]") {
    const auto page = pages().draw(PageKind::letter, base::Language::zh, 42).picture;
    const auto scene =
        test::lay_on_desk(page, test::Lying::on_its_head, test::SceneKind::plain, 42, 3840, 2160);
    const auto taken = scan_page(scene.frame);
    REQUIRE(taken.is_usable());
    REQUIRE(taken.turned == 180);
    REQUIRE(text_direction(taken.picture) == TextDirection::upright);
    // The quad follows the picture as ever.
    REQUIRE(largest_move(*taken.quad,
                         {scene.truth[2], scene.truth[3], scene.truth[0], scene.truth[1]}) < 6);

    Expectation upright;
    upright.must_be_upright = true;
    const auto refused = scan_page(scene.frame, upright);
    REQUIRE(refused.flaws == std::vector<Flaw>{{ScanReason::upside_down, std::nullopt}});
    REQUIRE(refused.may_be_used_anyway());
    REQUIRE(refused.turned == 0);
    // A bool, so that a failure does not print twelve million numbers.
    const bool is_the_same_turned = refused.picture.pixels == half_turned(taken.picture).pixels;
    REQUIRE(is_the_same_turned);
    upright.paper = Paper::id1;
    REQUIRE(scan_page(scene.frame, upright).flaws ==
            std::vector<Flaw>{{ScanReason::upside_down, std::nullopt},
                              {ScanReason::wrong_paper, std::nullopt}});

    const auto standing =
        test::lay_on_desk(page, test::Lying::upright, test::SceneKind::plain, 42, 3840, 2160);
    upright.paper = Paper::any;
    const auto as_it_is = scan_page(standing.frame, upright);
    REQUIRE(as_it_is.is_usable());
    REQUIRE(as_it_is.turned == 0);
}
