// Hostile pictures before the document camera. The first byte chooses: a raw grey picture, or a
// code that is drawn from the bytes, with modules turned over, so that also what lies behind ZBar's
// search and error correction is met. Whatever comes is bounded.
#include "drivers/scanner/qr_reader.hpp"

#include <algorithm>
#include <memory>
#include <qrencode.h>
#include <string>

namespace {

void check_bounds(const std::vector<base::SecretText>& codes) {
    CHECK(codes.size() <= drivers::qr_codes_limit);
    for (const auto& code : codes) CHECK(code.size() <= drivers::qr_payload_limit);
}

void read_raw(base::ByteView data) {
    const int width = 1 + data[0] * 2;
    const int height = int((data.size() - 1) / std::size_t(width));
    base::Picture frame{width, height, 1, {}};
    frame.pixels.assign(data.begin() + 1,
                        data.begin() + 1 + std::ptrdiff_t(frame.row_bytes() * std::size_t(height)));
    if (const auto codes = drivers::read_qr_codes(frame)) check_bounds(*codes);
}

// version, level, pixels a module, how many modules are turned, which ones (two bytes each),
// payload.
void read_drawn(base::ByteView data) {
    const int version = data[0] % 12; // 0: as small as fits
    const auto level = QRecLevel(data[1] % 4);
    const int scale = 2 + data[2] % 4;
    const std::size_t turned = std::min<std::size_t>(data[3] % 64, (data.size() - 4) / 2);
    const auto payload = data.subspan(4 + 2 * turned);
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeData(int(payload.size()), payload.data(), version, level), &QRcode_free);
    if (code == nullptr) return;
    const auto count = std::size_t(code->width) * std::size_t(code->width);
    for (std::size_t i = 0; i < turned; ++i)
        code->data[(data[4 + 2 * i] << 8 | data[5 + 2 * i]) % count] ^= 1;
    const int side = (code->width + 8) * scale;
    base::Picture frame{side, side, 1, {}};
    frame.pixels.assign(std::size_t(side) * std::size_t(side), 255);
    for (int y = 0; y < code->width * scale; ++y)
        for (int x = 0; x < code->width * scale; ++x)
            if (code->data[y / scale * code->width + x / scale] & 1)
                frame.row(y + 4 * scale)[x + 4 * scale] = 0;
    if (const auto codes = drivers::read_qr_codes(frame)) check_bounds(*codes);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 8) return 0;
    const base::ByteView rest(data + 1, size - 1);
    (data[0] & 1) != 0 ? read_drawn(rest) : read_raw(rest);
    return 0;
}
