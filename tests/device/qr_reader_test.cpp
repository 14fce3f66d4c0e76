// Goal: the receipt's code is read off the desk, nothing else is, and no picture does harm. Method:
// codes drawn by libqrencode, laid on the simulated desk.
#include "drivers/camera/test_page.hpp"
#include "drivers/scanner/qr_reader.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "tests/support/code_pictures.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <string>

namespace {

using base::Errc;

constexpr std::string_view number = "K7M492XHT3QK"; // its check character fits; of no kiosk

std::vector<std::string> read(const base::Picture& frame) {
    const auto codes = drivers::read_qr_codes(frame);
    REQUIRE(codes);
    std::vector<std::string> said;
    for (const auto& code : *codes) said.emplace_back(code.view());
    return said;
}

using Said = std::vector<std::string>;

} // namespace

TEST_CASE("the code of a slip on the desk is read, however it lies", "[device][qr]") {
    // As the printer draws it: 8 dots a module, 8 dots a millimetre.
    const auto slip = code_pictures::qr(number, 8);
    for (const int degrees : {0, 4, -7, 45, 90, 200}) {
        INFO(degrees);
        CHECK(read(drivers::lay_slip_on_desk(slip, degrees)) == Said{std::string(number)});
    }
    CHECK(read(drivers::make_empty_desk()).empty());
    for (const std::uint64_t seed : {1, 2}) {
        INFO(seed);
        CHECK(read(drivers::make_test_page(seed)).empty()); // letters and a seal are no code
    }
}

// Found by laying hundreds of slips: as it lies this one is not read, and nobody moves it.
TEST_CASE("a code that is not read at its own size is read at another", "[device][qr]") {
    constexpr std::string_view stubborn = "33DHW983JC62";
    const auto code = code_pictures::qr(stubborn, 8);
    auto slip = code_pictures::white(576, 1173);
    code_pictures::lay(slip, code, (slip.width - code.width) / 2, 105);
    CHECK(read(drivers::lay_slip_on_desk(slip, 4)) == Said{std::string(stubborn)});
}

TEST_CASE("the code of a picture on a phone is read at any size that the camera resolves",
          "[device][qr]") {
    for (const int pixels : {3, 4, 6, 10, 20, 40}) {
        INFO(pixels);
        auto frame = code_pictures::white(1600, 1200);
        code_pictures::lay(frame, code_pictures::qr(number, pixels), 100, 60);
        CHECK(read(frame) == Said{std::string(number)});
    }
    auto large = code_pictures::white(5200, 3900); // 20 megapixels
    code_pictures::lay(large, code_pictures::qr(number, 24), 2000, 1500);
    CHECK(read(large) == Said{std::string(number)});
}

TEST_CASE("what a code says comes as its bytes, cut at the limit, never interpreted",
          "[device][qr]") {
    const std::string limit(drivers::qr_payload_limit, 'a');
    for (const std::string& payload :
         {std::string("https://example.org/%00?a=1"), std::string("x\0y", 3),
          std::string("\xff\xfe\x81\x30", 4), std::string("\xd8\x01", 2), std::string("维吾尔"),
          std::string("{\"a\": 1}\n"), std::string("\x1b[2J"), limit}) {
        INFO(base::to_hex(base::as_bytes(payload)));
        CHECK(read(code_pictures::qr(payload, 6)) == Said{payload});
    }
    CHECK(read(code_pictures::qr(limit + "b", 6)) == Said{limit});
    CHECK(read(code_pictures::qr(std::string(2900, 'c'), 6)) ==
          Said{std::string(drivers::qr_payload_limit, 'c')});
}

TEST_CASE("the same code twice is one, and of very many some are left out", "[device][qr]") {
    auto frame = code_pictures::white(1800, 1800);
    code_pictures::lay(frame, code_pictures::qr(number, 5), 0, 0);
    code_pictures::lay(frame, code_pictures::qr(number, 5), 700, 700);
    CHECK(read(frame) == Said{std::string(number)});
    for (int i = 0; i < 16; ++i)
        code_pictures::lay(frame, code_pictures::qr("code " + std::to_string(i), 5), i % 4 * 400,
                           i / 4 * 400);
    CHECK(read(frame).size() == drivers::qr_codes_limit);
}

TEST_CASE("other kinds of code are not read", "[device][qr]") {
    CHECK(read(code_pictures::ean13()).empty());
    auto both = code_pictures::white(900, 700);
    code_pictures::lay(both, code_pictures::ean13(), 20, 20);
    code_pictures::lay(both, code_pictures::qr(number, 6), 200, 300);
    CHECK(read(both) == Said{std::string(number)});
}

TEST_CASE("no frame does harm: empty, torn, one pixel, black, noise, a code cut through",
          "[device][qr]") {
    const auto code_of = [](const base::Picture& frame) {
        const auto codes = drivers::read_qr_codes(frame);
        return codes ? std::optional<Errc>() : codes.error().code;
    };
    CHECK(code_of({}) == Errc::invalid_input);
    CHECK(code_of({4, 4, 1, base::Bytes(15)}) == Errc::invalid_input);
    CHECK(code_of({4, 4, 2, base::Bytes(32)}) == Errc::invalid_input);
    CHECK(code_of({-4, -4, 1, base::Bytes(16)}) == Errc::invalid_input);
    for (const auto& [width, height] :
         {std::pair(1, 1), {1, 900}, {900, 1}, {2, 2}, {7, 5}, {640, 480}}) {
        base::Picture black{width, height, 3, {}};
        black.pixels.assign(black.row_bytes() * std::size_t(height), 0);
        CHECK(read(black).empty());
    }
    base::SeededRandom random(5);
    auto noise = code_pictures::white(640, 480);
    for (auto& pixel : noise.pixels) pixel = std::uint8_t(random.below(256));
    CHECK_FALSE(code_of(noise));
    const auto whole = code_pictures::qr(number, 6);
    for (int left = -whole.width; left < whole.width; left += 25) {
        auto frame = code_pictures::white(whole.width, whole.height);
        for (int y = 0; y < whole.height; ++y)
            for (int x = std::max(0, -left); x < std::min(whole.width, whole.width - left); ++x)
                frame.row(y)[x] = whole.row(y)[x + left];
        CHECK_FALSE(code_of(frame));
    }
}

TEST_CASE("looking for a code in a frame, beside making the frame smaller", "[.bench][qr]") {
    const auto frame = drivers::lay_slip_on_desk(code_pictures::qr(number, 8), 4);
    const auto desk = drivers::make_empty_desk();
    constexpr int rounds = 20;
    const auto millis = [](auto&& work) {
        const base::SystemClock clock;
        const auto since = clock.now();
        for (int i = 0; i < rounds; ++i) work();
        return std::chrono::duration<double, std::milli>(clock.now() - since).count() / rounds;
    };
    const double yardstick = millis([&] { (void)base::shrink_to_fit(frame, 1000, 1000); });
    const double with = millis([&] { CHECK(drivers::read_qr_codes(frame)->size() == 1); });
    const double without = millis([&] { CHECK(drivers::read_qr_codes(desk)->empty()); });
    WARN("a frame of " << frame.width << " x " << frame.height << ": smaller " << yardstick
                       << " ms; with a code " << with << " ms, " << with / yardstick
                       << " times; without " << without << " ms, " << without / yardstick
                       << " times");
}

TEST_CASE("what was read is gone with its owner", "[device][qr]") {
    auto& arena = base::SessionArena::instance();
    const auto before = arena.in_use();
    {
        const auto codes = drivers::read_qr_codes(code_pictures::qr(number, 6));
        REQUIRE(codes);
        REQUIRE(codes->size() == 1);
        CHECK(arena.in_use() > before);
    }
    CHECK(arena.in_use() == before);
}
