// The bytes that go to a receipt printer, and the status bytes that come from it.
#include "kiosk/base/random.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "printer/escpos.hpp"
#include "printer/status.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>

namespace {

using printer::Bitmap;

// A test can be repeated with the seed that it printed: KIOSK_SEED=... printer_test
std::uint64_t seed() {
    if (const char* given = std::getenv("KIOSK_SEED")) return std::strtoull(given, nullptr, 10);
    return 20261122;
}

printer::Profile narrow(int width_dots, int band_bytes) {
    auto profile = printer::find_profile("generic-80").value();
    profile.width_dots = width_dots;
    profile.band_bytes = band_bytes;
    return profile;
}

void put_bytes(Bitmap& picture, std::size_t at, std::initializer_list<int> bytes) {
    for (const int byte : bytes) {
        const int y = int(at / picture.row_bytes());
        const int x = int(at % picture.row_bytes()) * 8;
        for (int bit = 0; bit < 8; ++bit) picture.set_black(x + bit, y, byte & (0x80 >> bit));
        ++at;
    }
}

printer::Items page(Bitmap picture) {
    printer::Items items;
    items.push_back(printer::Raster{std::move(picture)});
    return items;
}

} // namespace

TEST_CASE("a receipt is sent as reset, picture bands, feed and cut", "[unit][receipt]") {
    Bitmap picture(16, 3);
    picture.set_black(0, 0);
    picture.set_black(15, 2);
    printer::Items items = page(std::move(picture));
    items.push_back(printer::Feed{300});
    items.push_back(printer::CutItem{});
    const auto stream = printer::encode(items, narrow(16, 12)); // two rows of two bytes per band
    CHECK(base::to_hex(stream) == "1b40"
                                  "1b3300"
                                  "1d76300002000200"
                                  "80000000"
                                  "1d76300002000100"
                                  "0001"
                                  "1b4aff"
                                  "1b4a2d"
                                  "1d564200");
}

TEST_CASE("no raster command is longer than the printer's smallest buffer", "[unit][receipt]") {
    for (const auto& profile : printer::profiles()) {
        const auto stream = printer::encode(page(Bitmap(profile.width_dots, 1000)), profile);
        // behind reset, line spacing and, where the unit has them, motion units
        std::size_t at = profile.motion_dpi > 0 ? 9 : 5;
        int rows = 0;
        while (at < stream.size()) {
            REQUIRE(stream[at] == 0x1D);
            const std::size_t bytes = 8 + std::size_t(profile.width_dots / 8) * stream[at + 6];
            CHECK(bytes <= 4000);
            rows += stream[at + 6];
            at += bytes;
        }
        CHECK(rows == 1000);
        CHECK(at == stream.size());
    }
}

TEST_CASE("no picture can give the printer an order", "[unit][receipt]") {
    // Dense pages of random bytes, with real-time commands planted at random places and across the
    // ends of rows and bands.
    const auto start = seed();
    INFO("KIOSK_SEED=" << start);
    base::SeededRandom random(start);
    int defused = 0;
    for (const auto& profile : printer::profiles()) {
        for (int round = 0; round < 10; ++round) {
            Bitmap picture(profile.width_dots, 400);
            for (std::size_t at = 0; at < picture.bytes().size(); ++at) {
                put_bytes(picture, at, {int(random.below(256))});
            }
            const std::size_t row = picture.row_bytes();
            const std::size_t band = std::size_t(profile.band_bytes - 8) / row * row;
            for (const std::size_t at : {row - 1, row - 2, band - 1, band - 2, std::size_t(0),
                                         std::size_t(random.below(picture.bytes().size() - 3))}) {
                put_bytes(picture, at, {0x10, 0x04, 0x01});
            }
            put_bytes(picture, band * 2 + 8, {0x10, 0x10, 0x14, 0x10, 0x05, 0x10});
            const Bitmap before = picture;
            defused += printer::defuse(picture);
            CHECK(
                printer::find_real_time_commands(printer::encode(page(picture), profile)).empty());
            int added = 0;
            int lost = 0;
            for (int y = 0; y < picture.height(); ++y) {
                for (int x = 0; x < picture.width(); ++x) {
                    lost += before.is_black(x, y) && !picture.is_black(x, y);
                    added += picture.is_black(x, y) && !before.is_black(x, y);
                }
            }
            CHECK(lost == 0);
            CHECK(added < 80); // of 150,000 dots: nothing that could be seen
        }
    }
    CHECK(defused > 0);
}

TEST_CASE("a planted real-time command is found", "[unit][receipt]") {
    for (const int command : {0x04, 0x05, 0x14}) {
        const base::Bytes stream{0x00, 0x10, std::uint8_t(command), 0x01};
        CHECK(printer::find_real_time_commands(stream) == std::vector<std::size_t>{1});
    }
    CHECK(printer::find_real_time_commands(base::Bytes{0x10, 0x03, 0x04, 0x10}).empty());
}

TEST_CASE("printer profiles are found by name, and the others are named", "[unit][receipt]") {
    CHECK(printer::find_profile("generic-58")->width_dots == 384);
    CHECK(printer::find_profile("generic-80")->width_dots == 576);
    const auto unknown = printer::find_profile("generic-112");
    REQUIRE_FALSE(unknown);
    CHECK_THAT(unknown.error().context, Catch::Contains("generic-58-cutter"));
}

TEST_CASE("what a printer answers is read as the manual says", "[unit][receipt]") {
    using Answers = std::array<std::uint8_t, 4>;
    using base::Errc;
    struct Case {
        Answers answers;
        bool is_ready;
        Errc reason;
    };
    const Case cases[] = {
        {{0x12, 0x12, 0x12, 0x12}, true, {}},
        {{0x16, 0x12, 0x12, 0x12}, true, {}}, // drawer pin floats high
        {{0x16, 0x12, 0x12, 0x1E}, true, {}}, // near end: one more receipt
        {{0x1E, 0x32, 0x12, 0x7E}, false, Errc::paper_out},
        {{0x1E, 0x12, 0x12, 0x72}, false, Errc::paper_out},
        {{0x1E, 0x12, 0x12, 0x32}, false, Errc::paper_out}, // one of two sensors is enough
        {{0x1E, 0x12, 0x12, 0x52}, false, Errc::paper_out},
        {{0x1E, 0x32, 0x12, 0x12}, false, Errc::paper_out},
        {{0x1E, 0x16, 0x12, 0x12}, false, Errc::cover_open},
        {{0x1E, 0x52, 0x1A, 0x12}, false, Errc::device}, // cutter
        {{0x1E, 0x52, 0x32, 0x12}, false, Errc::device}, // unrecoverable
        {{0x1E, 0x52, 0x52, 0x12}, false, Errc::busy},   // too hot
        {{0x36, 0x12, 0x12, 0x12}, false, Errc::busy},   // waits for online recovery
        {{0x16, 0x1A, 0x12, 0x12}, false, Errc::busy},   // feed button
        {{0x1E, 0x12, 0x12, 0x12}, false, Errc::device}, // offline without a reason
    };
    for (const auto& [answers, is_ready, reason] : cases) {
        INFO(base::to_hex(answers));
        const auto status = printer::read_status(answers);
        REQUIRE(status);
        const auto ready = printer::check_ready(*status);
        CHECK(ready.has_value() == is_ready);
        if (!ready) CHECK(ready.error().code == reason);
    }
    CHECK(printer::read_status(Answers{0x12, 0x12, 0x12, 0x1E})->paper == printer::Paper::near_end);
}

TEST_CASE("bytes that are no status answer are refused", "[unit][receipt]") {
    for (int byte = 0; byte < 256; ++byte) {
        for (std::size_t place = 0; place < 4; ++place) {
            std::array<std::uint8_t, 4> answers{0x12, 0x12, 0x12, 0x12};
            answers[place] = std::uint8_t(byte);
            CHECK(printer::read_status(answers).has_value() == ((byte & 0x93) == 0x12));
        }
    }
}
