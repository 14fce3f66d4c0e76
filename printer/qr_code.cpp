#include "printer/qr_code.hpp"

#include <qrencode.h>

#include <algorithm>
#include <memory>
#include <string>

namespace printer {
namespace {

struct FreeCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

constexpr int quiet_modules = 4;
constexpr int smallest_module = 3; // chosen: 0.4 mm, the least that a plain phone camera resolves

} // namespace

base::Result<Bitmap> draw_qr(std::string_view payload, int paper_width_dots, int largest_module) {
    std::string text(payload); // libqrencode takes a C string
    const std::unique_ptr<QRcode, FreeCode> code(
        QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_Q, QR_MODE_8, 1));
    base::wipe(text);
    if (!code) return base::Error{base::Errc::invalid_input, "receipt: QR payload not encodable"};
    const int modules = code->width;
    const int module = std::min(largest_module, paper_width_dots / (modules + 2 * quiet_modules));
    if (module < smallest_module) {
        return base::Error{base::Errc::too_large, "receipt: QR code is wider than the paper"};
    }
    Bitmap picture(paper_width_dots, (modules + 2 * quiet_modules) * module);
    const int left = (paper_width_dots - modules * module) / 2;
    for (int row = 0; row < modules; ++row) {
        for (int column = 0; column < modules; ++column) {
            if ((code->data[row * modules + column] & 1) == 0) continue;
            picture.fill(left + column * module, (quiet_modules + row) * module, module, module);
        }
    }
    return picture;
}

} // namespace printer
