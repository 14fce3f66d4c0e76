#include "tests/support/code_pictures.hpp"

#include <array>
#include <memory>
#include <qrencode.h>

namespace code_pictures {

base::Picture white(int width, int height) {
    base::Picture picture{width, height, 1, {}};
    picture.pixels.assign(picture.row_bytes() * std::size_t(height), 255);
    return picture;
}

base::Picture qr(std::string_view payload, int pixels_per_module) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeData(int(payload.size()),
                          reinterpret_cast<const unsigned char*>(payload.data()), 0, QR_ECLEVEL_L),
        &QRcode_free);
    if (code == nullptr) return {};
    constexpr int quiet = 4;
    const int side = (code->width + 2 * quiet) * pixels_per_module;
    auto picture = white(side, side);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const int column = x / pixels_per_module - quiet, row = y / pixels_per_module - quiet;
            if (column < 0 || row < 0 || column >= code->width || row >= code->width) continue;
            // The lowest bit of each byte is the module (qrencode.h, QRcode::data).
            if ((code->data[row * code->width + column] & 1) != 0) picture.row(y)[x] = 0;
        }
    return picture;
}

base::Picture ean13() {
    // 4006381333931, the example of many descriptions (GS1 General Specifications, 5.2.1): left
    // half in sets A and B by the first digit, right half in set C.
    constexpr std::string_view modules = "101"
                                         "000110101001110101111011110100010010110011"
                                         "01010"
                                         "100001010000101000010111010010000101100110"
                                         "101";
    constexpr int scale = 3, quiet = 11;
    auto picture = white((int(modules.size()) + 2 * quiet) * scale, 160);
    for (int y = 10; y < 150; ++y)
        for (std::size_t i = 0; i < modules.size(); ++i)
            if (modules[i] == '1')
                for (int x = 0; x < scale; ++x) picture.row(y)[(int(i) + quiet) * scale + x] = 0;
    return picture;
}

void lay(base::Picture& onto, const base::Picture& from, int left, int top) {
    for (int y = 0; y < from.height && y + top < onto.height; ++y)
        for (int x = 0; x < from.width && x + left < onto.width; ++x)
            onto.row(y + top)[x + left] = from.row(y)[x];
}

} // namespace code_pictures
