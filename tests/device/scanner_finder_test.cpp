// Sheets on all kinds of desks, drawn from seeds with their exact corners: found, judged, followed.
#include "drivers/scanner/scanner.hpp"
#include "tests/support/desk_scene.hpp"
#include "tests/support/scan_metric.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace drivers;
using test::SceneKind;

namespace {

constexpr Quad upright{Point{100, 100}, {300, 100}, {300, 400}, {100, 400}};

bool has(const std::vector<Flaw>& flaws, std::string_view code) {
    for (const auto& flaw : flaws)
        if (to_string(flaw.reason) == code) return true;
    return false;
}

base::Picture shifted(const base::Picture& frame, int dx) {
    auto out = frame;
    for (int y = 0; y < frame.height; ++y)
        for (int x = 0; x < frame.width; ++x) {
            const int from = std::clamp(x - dx, 0, frame.width - 1);
            std::copy_n(frame.row(y) + 3 * from, 3, out.row(y) + 3 * x);
        }
    return out;
}

} // namespace

TEST_CASE("the measure for found pages is exact where edges coincide", "[unit][scanner]") {
    REQUIRE(test::jaccard_on_sheet(upright, upright) == Approx(1));
    const Quad turned{upright[2], upright[3], upright[0], upright[1]};
    REQUIRE(test::jaccard_on_sheet(turned, upright) == Approx(1));
    const Quad half{Point{100, 100}, {200, 100}, {200, 400}, {100, 400}};
    REQUIRE(test::jaccard_on_sheet(half, upright) == Approx(0.5));
    const Quad away{Point{400, 100}, {500, 100}, {500, 400}, {400, 400}};
    REQUIRE(test::jaccard_on_sheet(away, upright) == Approx(0));
    REQUIRE(test::largest_corner_error(half, upright) == Approx(100));
}

TEST_CASE("a sheet's shape is told through the perspective", "[unit][scanner]") {
    // A camera 1000 pixels behind the picture looks at a sheet of A4 that is tilted by 40 degrees.
    constexpr double focal = 1000, tilt = 0.7;
    Quad quad;
    const std::array<Point, 4> flat{{{-105, -148.5}, {105, -148.5}, {105, 148.5}, {-105, 148.5}}};
    for (std::size_t i = 0; i < 4; ++i) {
        // Turned a little on the desk, so that both vanishing points are finite.
        const double x = flat[i].x * std::cos(0.4) - flat[i].y * std::sin(0.4);
        const double y = flat[i].x * std::sin(0.4) + flat[i].y * std::cos(0.4);
        const double depth = 600 + y * std::sin(tilt);
        quad[i] = {x * focal / depth + 639.5, y * std::cos(tilt) * focal / depth + 359.5};
    }
    REQUIRE(sheet_aspect(quad, 1280, 720) == Approx(210.0 / 297).margin(0.005));
}

TEST_CASE("sheets are found on every desk and refused only with the right reason",
          "[device][scanner]") {
    for (const auto kind : test::all_scene_kinds)
        for (const std::uint64_t seed : {1u, 2u}) {
            INFO(test::to_string(kind) << ", seed " << seed);
            const auto scene = test::draw_scene(kind, seed);
            const auto page = scan_page(scene.frame);
            const auto reason = test::expected_reason(kind);
            if (!reason.empty()) {
                CHECK_FALSE(page.is_usable());
                CHECK(has(page.flaws, reason));
                continue;
            }
            CHECK(page.is_usable());
            CHECK(page.quad);
            if (page.quad) CHECK(test::jaccard_on_sheet(*page.quad, scene.truth) > 0.97);
        }
}

TEST_CASE("what was taken for a page, or let through, at first", "[device][scanner]") {
    const auto scan = [](SceneKind kind, std::uint64_t seed) {
        const auto scene = test::draw_scene(kind, seed, 1920, 1080);
        return std::pair{scan_page(scene.frame), scene.truth};
    };
    SECTION("a plain thing beside the sheet, as sharp and as well shaped as it") {
        for (const std::uint64_t seed : {8000u, 9506u, 12005u, 14003u}) {
            INFO("clutter, seed " << seed);
            const auto [page, truth] = scan(SceneKind::clutter, seed);
            CHECK(page.is_usable());
            REQUIRE(page.quad);
            CHECK(test::jaccard_on_sheet(*page.quad, truth) > 0.97);
        }
    }
    SECTION("a line of a table, or the ends of print, for the side that lies out of the picture") {
        for (const std::uint64_t seed : {12007u, 13004u}) {
            INFO("cut, seed " << seed);
            CHECK(scan(SceneKind::cut, seed).first.has(ScanReason::cut));
        }
    }
    SECTION("the end of a sheet on a pale desk is no cut") {
        CHECK(scan(SceneKind::pale, 15000).first.is_usable());
    }
    SECTION("out of focus, though each number alone was within its limit") {
        for (const std::uint64_t seed : {7000u, 7002u}) {
            INFO("blurred, seed " << seed);
            CHECK(scan(SceneKind::blurred, seed).first.has(ScanReason::blur));
        }
    }
    SECTION("a thin finger that hardly reaches over the side") {
        for (const std::uint64_t seed : {9301u, 15007u}) {
            INFO("finger, seed " << seed);
            CHECK(scan(SceneKind::finger, seed).first.has(ScanReason::finger));
        }
    }
}

TEST_CASE("overexposed paper is no reflection: its letters still stand", "[device][scanner]") {
    for (const auto kind : {SceneKind::plain, SceneKind::wood})
        for (const int percent : {115, 130, 150}) {
            INFO(test::to_string(kind) << ", " << percent << " %");
            auto frame = test::draw_scene(kind, 4).frame;
            for (auto& value : frame.pixels)
                value = std::uint8_t(std::min(255, int(value) * percent / 100));
            const auto page = scan_page(frame);
            CHECK(page.found);
            CHECK_FALSE(page.has(ScanReason::glare));
        }
}

TEST_CASE("a finger of the paper's own tint is seen, and a shadow over the same side is not taken "
          "for one",
          "[device][scanner]") {
    const auto scene = test::draw_scene(SceneKind::plain, 4);
    const auto quad = in_picture_order(scene.truth);
    const Point middle = (quad[0] + quad[2]) * 0.5, at = (quad[0] + quad[1]) * 0.5;
    const Point inward = (middle - at) * (1 / length(middle - at));
    const auto* paper = scene.frame.row(int(middle.y)) + 3 * int(middle.x);
    const std::array<int, 3> tint{paper[0] * 6 / 10, paper[1] * 6 / 10, paper[2] * 6 / 10};
    const double half = 0.06 * length(quad[1] - quad[0]);
    const auto lay_over_side = [&](bool is_shadow) {
        auto frame = scene.frame;
        for (int y = 0; y < frame.height; ++y)
            for (int x = 0; x < frame.width; ++x) {
                const Point from = Point{double(x), double(y)} - at;
                if (std::abs(cross(inward, from)) > half || std::abs(dot(inward, from)) > 60)
                    continue;
                for (std::size_t c = 0; c < 3; ++c) {
                    auto& value = frame.row(y)[std::size_t(3 * x) + c];
                    value = std::uint8_t(is_shadow ? value * 6 / 10 : tint[c]);
                }
            }
        return scan_page(frame);
    };
    CHECK(lay_over_side(false).has(ScanReason::finger));
    CHECK_FALSE(lay_over_side(true).has(ScanReason::finger));
}

TEST_CASE("one sheet that comes, lies and goes is captured once", "[device][scanner]") {
    LiveFinder finder;
    const auto scene = test::draw_scene(SceneKind::plain, 5);
    const auto desk = test::draw_scene(SceneKind::empty, 5).frame;
    int captured = 0, at = -1;
    const auto show = [&](const base::Picture& frame, int index) {
        const auto sight = finder.track(frame);
        if (!sight.is_steady) return sight;
        ++captured;
        at = index;
        REQUIRE(finder.capture(frame).is_usable());
        return sight;
    };
    for (int i = 0; i < 4; ++i) REQUIRE_FALSE(show(desk, i).outline);
    for (int i = 4; i < 10; ++i) show(shifted(scene.frame, (10 - i) * 25), i);
    REQUIRE(captured == 0);
    for (int i = 10; i < 30; ++i) {
        const auto sight = show(shifted(scene.frame, i % 2), i);
        REQUIRE(sight.outline);
        if (i > 14) REQUIRE(largest_move(*sight.outline, in_picture_order(scene.truth)) < 2.5);
    }
    REQUIRE(captured == 1);
    REQUIRE(at >= 10 + LiveFinder::still_frames - 2);
    // Lifted a little and laid down again: still the same sheet.
    for (int i = 30; i < 34; ++i) show(shifted(scene.frame, (i - 29) * 20), i);
    for (int i = 34; i < 48; ++i) {
        const auto sight = show(shifted(scene.frame, 80), i);
        REQUIRE(sight.outline);
        auto moved = in_picture_order(scene.truth);
        for (auto& corner : moved) corner.x += 80;
        REQUIRE(largest_move(*sight.outline, moved) < 2.5);
    }
    REQUIRE(captured == 1);
    // Asked for: once more.
    finder.forget_captured();
    for (int i = 48; i < 60; ++i) show(shifted(scene.frame, 80), i);
    REQUIRE(captured == 2);
    // Another sheet, without an empty desk in between.
    const auto other = test::draw_scene(SceneKind::wood, 9);
    for (int i = 60; i < 80; ++i) show(other.frame, i);
    REQUIRE(captured == 3);
}

TEST_CASE("a sheet that lies still with a flaw is never captured by itself", "[device][scanner]") {
    for (const auto kind : {SceneKind::blurred, SceneKind::finger, SceneKind::cut, SceneKind::dark,
                            SceneKind::glare, SceneKind::empty}) {
        INFO(test::to_string(kind));
        LiveFinder finder;
        const auto scene = test::draw_scene(kind, 3);
        for (int i = 0; i < 12; ++i) {
            const auto sight = finder.track(scene.frame);
            REQUIRE_FALSE(sight.is_steady);
            REQUIRE(has(sight.flaws, test::expected_reason(kind)));
        }
    }
}

TEST_CASE("a lamp that goes out while a sheet lies still starts the count anew",
          "[device][scanner]") {
    LiveFinder finder;
    const auto scene = test::draw_scene(SceneKind::plain, 5);
    auto black = scene.frame;
    std::fill(black.pixels.begin(), black.pixels.end(), std::uint8_t(0));
    for (int fault = 1; fault < LiveFinder::still_frames; ++fault) {
        finder.reset();
        for (int i = 0; i < fault; ++i) REQUIRE_FALSE(finder.track(scene.frame).is_steady);
        const auto sight = finder.track(black);
        REQUIRE_FALSE(sight.outline);
        REQUIRE(has(sight.flaws, "dark"));
        for (int i = 0; i < LiveFinder::still_frames; ++i)
            REQUIRE_FALSE(finder.track(scene.frame).is_steady);
        REQUIRE(finder.track(scene.frame).is_steady);
    }
}
