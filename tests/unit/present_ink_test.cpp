// A signature as a picture.
#include "kiosk/present/ink.hpp"
#include "kiosk/present/qr.hpp"

#include <catch2/catch.hpp>

using session::Strokes;

namespace {

Strokes cross() {
    Strokes strokes(2);
    strokes[0] = {{0.25f, 0.25f}, {0.75f, 0.75f}};
    strokes[1] = {{0.75f, 0.25f}, {0.25f, 0.75f}};
    return strokes;
}

base::Picture picture_of(const session::SignatureInput& signature) {
    auto picture = base::decode_png({signature.page.bytes->data(), signature.page.bytes->size()});
    REQUIRE(picture);
    return *picture;
}

int grey_at(const base::Picture& picture, double x, double y) {
    const int column = std::min(picture.width - 1, int(x * picture.width));
    const int row = std::min(picture.height - 1, int(y * picture.height));
    return picture.row(row)[column * picture.channels];
}

} // namespace

TEST_CASE("strokes become black ink on white, with soft edges", "[unit][present][ink]") {
    const auto signature = present::draw_ink(cross());
    REQUIRE(signature);
    CHECK(signature->strokes == 2);
    CHECK(signature->page.media_type == "image/png");
    const auto picture = picture_of(*signature);
    CHECK(picture.width == present::ink_width);
    CHECK(picture.height == present::ink_height);
    CHECK(grey_at(picture, 0.5, 0.5) == 0);
    CHECK(grey_at(picture, 0.3, 0.3) == 0);
    CHECK(grey_at(picture, 0.7, 0.3) == 0);
    CHECK(grey_at(picture, 0.1, 0.1) == 255);
    CHECK(grey_at(picture, 0.5, 0.3) == 255);
    CHECK(std::any_of(picture.pixels.begin(), picture.pixels.end(),
                      [](std::uint8_t grey) { return grey > 0 && grey < 255; }));
    REQUIRE(signature->page.preview);
    CHECK(signature->page.preview->width == 300);
}

TEST_CASE("a dot is ink, and a finger that slips off the board stays on its edge",
          "[unit][present][ink]") {
    Strokes strokes(3);
    strokes[0] = {{0.5f, 0.5f}};
    strokes[1] = {{2.0f, 0.5f}, {-1.0f, 3.0f}};
    const auto signature = present::draw_ink(strokes);
    REQUIRE(signature);
    CHECK(signature->strokes == 2); // the empty one is none
    CHECK(grey_at(picture_of(*signature), 0.5, 0.5) == 0);
    CHECK(grey_at(picture_of(*signature), 0.999, 0.5) == 0);
}

TEST_CASE("no stroke is no signature", "[unit][present][ink]") {
    for (const auto& strokes : {Strokes(), Strokes(2)}) {
        const auto signature = present::draw_ink(strokes);
        REQUIRE_FALSE(signature);
        CHECK(signature.error().code == base::Errc::invalid_input);
    }
}

TEST_CASE("a signature leaves nothing in the locked arena", "[unit][present][ink]") {
    const auto before = base::SessionArena::instance().in_use();
    {
        const auto strokes = cross();
        REQUIRE(present::draw_ink(strokes));
    }
    CHECK(base::SessionArena::instance().in_use() == before);
}

TEST_CASE("a receipt number as QR modules has three corners and no more than it needs",
          "[unit][present][qr]") {
    const auto modules = present::qr_modules("K7M492XHT3QC");
    // Twelve letters and digits at correction level Q fit version 1, which holds 16 (ISO/IEC 18004,
    // table 7): 21 modules.
    REQUIRE(modules.size == 21);
    REQUIRE(modules.dark.size() == 441);
    const auto dark = [&](int x, int y) { return modules.dark[std::size_t(y * 21 + x)]; };
    for (const auto& [x, y] : {std::pair(0, 0), std::pair(14, 0), std::pair(0, 14)})
        for (int i = 0; i < 7; ++i) {
            CHECK(dark(x + i, y));
            CHECK(dark(x, y + i));
            CHECK(dark(x + i, y + 6));
        }
    CHECK_FALSE(dark(7, 7));
}
