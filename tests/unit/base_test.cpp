// What every room speaks: results, bytes, dates, numbers, secret memory.
#include "kiosk/base/bytes.hpp"
#include "kiosk/base/citizen_number.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/digest.hpp"
#include "kiosk/base/mailbox.hpp"
#include "kiosk/base/picture.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/base/secret.hpp"
#include "kiosk/base/seeded_random.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>

using namespace base;

namespace {

Result<int> half(int number) {
    if (number % 2 != 0) return Error{Errc::invalid_input, "odd"};
    return number / 2;
}

Result<int> quarter(int number) {
    const int once = TRY(half(number));
    return TRY(half(once));
}

} // namespace

TEST_CASE("an error leaves the function that tried", "[unit][base]") {
    REQUIRE(quarter(8).value() == 2);
    REQUIRE(quarter(6).error() == Error{Errc::invalid_input, "odd"});
}

TEST_CASE("bytes survive hexadecimal and base64", "[unit][base]") {
    SeededRandom random(7);
    for (std::size_t size = 0; size < 70; ++size) {
        Bytes bytes(size);
        random.fill(bytes);
        REQUIRE(from_hex(to_hex(bytes)).value() == bytes);
        REQUIRE(from_base64(to_base64(bytes)).value() == bytes);
    }
    // RFC 4648 §10
    REQUIRE(to_base64(as_bytes("foob")) == "Zm9vYg==");
    REQUIRE_FALSE(from_base64("Zm9v!A==").has_value());
    REQUIRE_FALSE(from_hex("0g").has_value());
}

TEST_CASE("sha-256 gives the published digest of abc", "[unit][base]") {
    // FIPS 180-4 example
    REQUIRE(sha256_hex(as_bytes("abc")) ==
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("local time is UTC+8 and dates are real days", "[unit][base]") {
    const WallTime time{std::chrono::sys_days{Date{std::chrono::year{2026} / 11 / 22}} + 20h +
                        5min};
    REQUIRE(to_rfc3339(time) == "2026-11-23T04:05:00+08:00");
    REQUIRE(to_local_clock(time) == "04:05");
    Date date{};
    REQUIRE(parse_date("1988-02-29", date));
    REQUIRE_FALSE(parse_date("1987-02-29", date));
    REQUIRE_FALSE(parse_date("1999-13-01", date));
}

TEST_CASE("citizen numbers are accepted and refused by rule", "[unit][base]") {
    // Two printed in the standard, the rest from spec matters §9 (never issued).
    for (const auto number : {"11010519491231002X", "440524188001010014"}) {
        const auto fault = check_citizen_number(number);
        if (std::string_view(number).substr(6, 4) == "1880")
            REQUIRE(fault == CitizenNumberFault::birth);
        else
            REQUIRE_FALSE(fault);
    }
    for (const auto number : {"65999919500101001X", "659999194003150046", "659999198802290027"})
        REQUIRE_FALSE(check_citizen_number(number));
    REQUIRE(check_citizen_number("659999199913010053") == CitizenNumberFault::birth);
    REQUIRE(check_citizen_number("659999194003150047") == CitizenNumberFault::check);
    REQUIRE(check_citizen_number("009999194003150046") == CitizenNumberFault::division);
    REQUIRE(check_citizen_number("6599991940031500") == CitizenNumberFault::length);
    REQUIRE(check_citizen_number("65999919400315004x") == CitizenNumberFault::character);
}

TEST_CASE("a full mailbox says so and keeps what it has", "[unit][base]") {
    Mailbox<int> box(2);
    REQUIRE(box.post(1));
    REQUIRE(box.post(2));
    REQUIRE_FALSE(box.post(3));
    REQUIRE(box.try_take() == 1);
    REQUIRE(box.try_take() == 2);
    REQUIRE_FALSE(box.try_take().has_value());
}

TEST_CASE("a secret is overwritten when its owner goes", "[unit][base]") {
    auto& arena = SessionArena::instance();
    const auto before = arena.in_use();
    const char* where = nullptr;
    {
        const SecretText text("planted canary value");
        where = text.view().data();
        REQUIRE(arena.in_use() > before);
        REQUIRE(std::string_view(where, 7) == "planted");
    }
    REQUIRE(arena.in_use() == before);
    REQUIRE(std::string_view(where + 8, 6) != "canary");
}

TEST_CASE("a picture made smaller holds the means of its boxes", "[unit][base]") {
    for (const int channels : {1, 3, 4}) {
        base::Picture picture{101, 67, channels, {}};
        picture.pixels.resize(picture.row_bytes() * 67);
        for (std::size_t i = 0; i < picture.pixels.size(); ++i)
            picture.pixels[i] = std::uint8_t(i * 37 + i / 11);
        const auto small = base::shrink_to_fit(picture, 40, 40);
        REQUIRE(small.width == 40);
        REQUIRE(small.height == 26);
        REQUIRE(small.channels == channels);
        for (int y = 0; y < small.height; ++y)
            for (int x = 0; x < small.width; ++x)
                for (int c = 0; c < channels; ++c) {
                    unsigned sum = 0, count = 0;
                    for (int sy = y * 67 / 26; sy < (y + 1) * 67 / 26; ++sy)
                        for (int sx = x * 101 / 40; sx < (x + 1) * 101 / 40; ++sx, ++count)
                            sum += picture.row(sy)[sx * channels + c];
                    REQUIRE(unsigned(small.row(y)[x * channels + c]) == sum / count);
                }
    }
}

TEST_CASE("pictures survive PNG bit by bit and JPEG nearly", "[unit][base]") {
    Picture picture{37, 21, 3, {}};
    picture.pixels.resize(picture.row_bytes() * 21);
    for (std::size_t i = 0; i < picture.pixels.size(); ++i)
        picture.pixels[i] = std::uint8_t(i / 9 % 200);
    REQUIRE(decode_picture(encode_png(picture).value()).value() == picture);
    const auto jpeg = encode_jpeg(picture, 95).value();
    const auto back = decode_picture(jpeg).value();
    REQUIRE(back.width == 37);
    REQUIRE(back.height == 21);
    for (std::size_t cut = 0; cut < jpeg.size(); cut += 7)
        REQUIRE_FALSE(decode_picture(ByteView(jpeg).first(cut)).has_value());
    REQUIRE(decode_picture(as_bytes("GIF89a......")).error().code == Errc::unsupported);
}

TEST_CASE("what is no ordinary file is not written over", "[unit][base]") {
    std::string folder = (std::filesystem::temp_directory_path() / "kiosk-files-XXXXXX").string();
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    const std::string pipe = folder + "/pipe", inner = folder + "/folder", link = folder + "/link";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::filesystem::create_directory(inner);
    std::filesystem::create_symlink("/dev/null", link);
    for (const auto& name : {pipe, inner, link}) {
        INFO(name);
        const auto before = std::filesystem::symlink_status(name).type();
        const auto written = base::write_file_durably(name, base::as_bytes("words"));
        REQUIRE_FALSE(written.has_value());
        CHECK(written.error().code == base::Errc::conflict);
        CHECK(written.error().context.find("no ordinary file") != std::string::npos);
        CHECK(std::filesystem::symlink_status(name).type() == before);
        CHECK_FALSE(std::filesystem::exists(name + ".new"));
    }
    CHECK(base::write_file_durably(folder + "/file", base::as_bytes("words")).has_value());
    CHECK(base::write_file_durably(folder + "/file", base::as_bytes("others")).has_value());
    std::filesystem::remove_all(folder);
}
