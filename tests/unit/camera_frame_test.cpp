// What a camera's bytes mean, and what is refused.
#include "drivers/camera/frame.hpp"
#include "drivers/camera/test_page.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <jpeglib.h>

using namespace drivers;
using base::Bytes;
using base::Errc;
using base::Picture;

namespace {

Picture plain(int width, int height, std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
    Picture picture{width, height, 3, {}};
    for (int i = 0; i < width * height; ++i)
        picture.pixels.insert(picture.pixels.end(), {red, green, blue});
    return picture;
}

FrameForm jpeg_form(int width, int height) {
    return {FrameFormat::mjpeg, width, height, 0, false};
}

Bytes small_page_jpeg() {
    return base::encode_jpeg(base::shrink_to_fit(make_test_page(1), 120, 160), 90).value();
}

// Two bytes of a marker and its segment taken out, wherever it stands.
Bytes without_segments(const Bytes& jpeg, std::uint8_t marker) {
    Bytes rest(jpeg.begin(), jpeg.begin() + 2);
    std::size_t at = 2;
    while (jpeg[at + 1] != 0xda) {
        const std::size_t size = 2 + 256u * jpeg[at + 2] + jpeg[at + 3];
        if (jpeg[at + 1] != marker)
            rest.insert(rest.end(), jpeg.begin() + long(at), jpeg.begin() + long(at + size));
        at += size;
    }
    rest.insert(rest.end(), jpeg.begin() + long(at), jpeg.end());
    return rest;
}

// As no camera writes it.
enum class Oddity { progressive, arithmetic };
Bytes odd_jpeg(Oddity oddity, int width, int height) {
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char* out = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &out, &size);
    info.image_width = JDIMENSION(width);
    info.image_height = JDIMENSION(height);
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    if (oddity == Oddity::progressive) jpeg_simple_progression(&info);
    info.arith_code = oddity == Oddity::arithmetic ? TRUE : FALSE;
    jpeg_start_compress(&info, TRUE);
    Bytes line(std::size_t(width) * 3, 77);
    JSAMPROW row = line.data();
    while (info.next_scanline < info.image_height) jpeg_write_scanlines(&info, &row, 1);
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    Bytes bytes(out, out + size);
    std::free(out);
    return bytes;
}

// Where the height and width stand in a JPEG: behind marker FFC0, its length and its precision.
void set_size(Bytes& jpeg, unsigned width, unsigned height) {
    for (std::size_t at = 0; at + 8 < jpeg.size(); ++at) {
        if (jpeg[at] != 0xff || jpeg[at + 1] != 0xc0) continue;
        jpeg[at + 5] = std::uint8_t(height >> 8);
        jpeg[at + 6] = std::uint8_t(height);
        jpeg[at + 7] = std::uint8_t(width >> 8);
        jpeg[at + 8] = std::uint8_t(width);
        return;
    }
    FAIL("no frame header");
}

} // namespace

TEST_CASE("an MJPEG frame is its picture, with and without Huffman tables", "[unit][camera]") {
    const auto jpeg = small_page_jpeg();
    const auto page = base::decode_jpeg(jpeg).value();
    const auto form = jpeg_form(page.width, page.height);
    REQUIRE(decode_frame(form, jpeg).value() == page);
    const auto bare = without_segments(jpeg, 0xc4);
    REQUIRE(bare.size() < jpeg.size());
    REQUIRE(decode_frame(form, bare).value() == page);
}

TEST_CASE("padding behind and between markers is no damage", "[unit][camera]") {
    const auto jpeg = small_page_jpeg();
    const auto page = base::decode_jpeg(jpeg).value();
    auto padded = jpeg;
    padded.resize(padded.size() + 4096, 0);
    REQUIRE(decode_frame(jpeg_form(page.width, page.height), padded).value() == page);
    auto between = jpeg;
    between.insert(between.begin() + 2, {0, 0, 0, 0});
    REQUIRE(decode_frame(jpeg_form(page.width, page.height), between).value() == page);
}

TEST_CASE("an MJPEG frame that is cut off anywhere is refused", "[unit][camera]") {
    const auto jpeg = small_page_jpeg();
    const auto page = base::decode_jpeg(jpeg).value();
    const auto form = jpeg_form(page.width, page.height);
    // The end mark itself may be missing: nothing of the picture is.
    for (std::size_t size = 0; size + 2 < jpeg.size(); size += 7) {
        CAPTURE(size);
        REQUIRE(decode_frame(form, base::ByteView(jpeg).first(size)).error().code == Errc::corrupt);
    }
}

TEST_CASE("an MJPEG frame with broken bytes is refused or has the agreed size", "[unit][camera]") {
    const auto jpeg = small_page_jpeg();
    const auto page = base::decode_jpeg(jpeg).value();
    const auto form = jpeg_form(page.width, page.height);
    int refused = 0;
    for (std::size_t at = 0; at < jpeg.size(); at += 3) {
        auto broken = jpeg;
        broken[at] ^= 0xff;
        const auto frame = decode_frame(form, broken);
        if (frame) REQUIRE(frame->pixels.size() == page.pixels.size());
        refused += frame ? 0 : 1;
    }
    REQUIRE(refused > 0);
}

TEST_CASE("an MJPEG frame of another size than agreed is refused in words", "[unit][camera]") {
    auto jpeg = base::encode_jpeg(plain(64, 48, 10, 200, 30), 90).value();
    const auto wrong = decode_frame(jpeg_form(32, 24), jpeg);
    REQUIRE(wrong.error().code == Errc::invalid_input);
    REQUIRE(wrong.error().context == "the frame is 64 x 48, not 32 x 24");
    // A hundred megapixels and more, said by a header of a few bytes: nothing is set aside for
    // them.
    set_size(jpeg, 10'000, 10'000);
    REQUIRE(decode_frame(jpeg_form(64, 48), jpeg).error().code == Errc::invalid_input);
    set_size(jpeg, 65'500, 65'500);
    REQUIRE(decode_frame(jpeg_form(64, 48), jpeg).error().code == Errc::invalid_input);
}

TEST_CASE("a progressive or arithmetic JPEG is no camera's and is not decoded", "[unit][camera]") {
    for (const auto oddity : {Oddity::progressive, Oddity::arithmetic}) {
        const auto jpeg = odd_jpeg(oddity, 64, 48);
        REQUIRE(base::decode_jpeg(jpeg)); // a good one
        REQUIRE(decode_frame(jpeg_form(64, 48), jpeg).error().code == Errc::unsupported);
    }
}

TEST_CASE("a form that no frame can have is refused", "[unit][camera]") {
    const auto code = [](FrameForm form) {
        const auto good = check_form(form);
        return good ? std::string("good") : std::string(base::to_string(good.error().code));
    };
    REQUIRE(code({FrameFormat::mjpeg, 7'000, 5'000, 0, false}) == "good");
    REQUIRE(code({FrameFormat::mjpeg, 0, 480, 0, false}) == "invalid_input");
    REQUIRE(code({FrameFormat::mjpeg, 640, -1, 0, false}) == "invalid_input");
    REQUIRE(code({FrameFormat::mjpeg, 10'000, 10'000, 0, false}) == "too_large");
    REQUIRE(code({FrameFormat::mjpeg, 65'536, 1, 0, false}) == "invalid_input");
    REQUIRE(code({FrameFormat::yuyv, 640, 480, 1'280, false}) == "good");
    REQUIRE(code({FrameFormat::yuyv, 640, 480, 1'279, false}) == "invalid_input");
    REQUIRE(code({FrameFormat::yuyv, 641, 480, 1'400, false}) == "invalid_input");
    REQUIRE(code({FrameFormat::nv12, 640, 480, 640, false}) == "good");
    REQUIRE(code({FrameFormat::nv12, 640, 480, 639, false}) == "invalid_input");
    REQUIRE(code({FrameFormat::nv12, 640, 481, 640, false}) == "invalid_input");
    REQUIRE(code({FrameFormat::yuyv, 640, 480, 1 << 20, false}) == "invalid_input");
}

TEST_CASE("YUYV has two pixels in four bytes, in rows that may be longer", "[unit][camera]") {
    // Black, white, a pure red and a pure blue in BT.601, whole range and limited.
    const Bytes whole{0, 128, 255, 128, 0xaa, 0xaa, 76, 85, 29, 255, 0xaa, 0xaa};
    const FrameForm form{FrameFormat::yuyv, 2, 2, 6, true};
    const auto frame = decode_frame(form, whole).value();
    REQUIRE((frame.width == 2 && frame.height == 2 && frame.channels == 3));
    REQUIRE(Bytes(frame.row(0), frame.row(0) + 6) == Bytes{0, 0, 0, 255, 255, 255});
    REQUIRE(int(frame.row(1)[0]) >= 252); // red, and no blue
    REQUIRE(int(frame.row(1)[2]) <= 2);
    const auto limited =
        decode_frame({FrameFormat::yuyv, 2, 1, 4, false}, Bytes{16, 128, 235, 128}).value();
    REQUIRE(limited.pixels == Bytes{0, 0, 0, 255, 255, 255});
    REQUIRE(decode_frame(form, base::ByteView(whole).first(11)).error().code == Errc::corrupt);
}

TEST_CASE("NV12 has all its light first, then a colour for four pixels", "[unit][camera]") {
    // 4 x 2: grey on the left, blue on the right.
    const Bytes bytes{50, 50, 29, 29, 60, 60, 29, 29, 128, 128, 255, 107};
    const FrameForm form{FrameFormat::nv12, 4, 2, 4, true};
    const auto frame = decode_frame(form, bytes).value();
    REQUIRE(Bytes(frame.row(0), frame.row(0) + 6) == Bytes{50, 50, 50, 50, 50, 50});
    REQUIRE(Bytes(frame.row(1), frame.row(1) + 3) == Bytes{60, 60, 60});
    for (int y = 0; y < 2; ++y)
        for (int x = 2; x < 4; ++x) {
            REQUIRE(int(frame.row(y)[3 * x + 2]) >= 253);
            REQUIRE(int(frame.row(y)[3 * x]) <= 2);
        }
    REQUIRE(decode_frame(form, base::ByteView(bytes).first(11)).error().code == Errc::corrupt);
}
