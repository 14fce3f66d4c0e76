#include "printer/qr_code.hpp"

#include <qrencode.h>

#include <array>
#include <memory>

namespace printer {
namespace {

struct FreeCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

} // namespace

base::Result<int> qr_modules(std::string_view payload) {
    // Bytes that versions 1 to 10 hold at level Q (ISO/IEC 18004, table 7).
    constexpr std::array<std::size_t, 10> room{11, 20, 32, 46, 60, 74, 86, 108, 130, 151};
    for (std::size_t version = 1; version <= room.size(); ++version)
        if (payload.size() <= room[version - 1]) return 17 + 4 * int(version);
    return base::Error{base::Errc::too_large, "receipt: QR payload longer than 151 bytes"};
}

base::Result<Bitmap> draw_qr_modules(std::string_view payload) {
    if (payload.empty()) {
        return base::Error{base::Errc::invalid_input, "receipt: QR payload is empty"};
    }
    // As bytes throughout: QRcode_encodeString would choose denser modes for digits and capitals.
    const std::unique_ptr<QRcode, FreeCode> code(
        QRcode_encodeData(int(payload.size()),
                          reinterpret_cast<const unsigned char*>(payload.data()), 0, QR_ECLEVEL_Q));
    if (!code) return base::Error{base::Errc::invalid_input, "receipt: QR payload not encodable"};
    Bitmap modules((code->width + 7) / 8 * 8, code->width);
    for (int row = 0; row < code->width; ++row)
        for (int column = 0; column < code->width; ++column)
            if ((code->data[row * code->width + column] & 1) != 0) modules.set_black(column, row);
    return modules;
}

} // namespace printer
