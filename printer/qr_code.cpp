#include "printer/qr_code.hpp"

#include <qrencode.h>

#include <memory>
#include <string>

namespace printer {
namespace {

struct FreeCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

} // namespace

base::Result<Bitmap> draw_qr_modules(std::string_view payload) {
    std::string text(payload); // libqrencode takes a C string
    const std::unique_ptr<QRcode, FreeCode> code(
        QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_Q, QR_MODE_8, 1));
    base::wipe(text);
    if (!code) return base::Error{base::Errc::invalid_input, "receipt: QR payload not encodable"};
    Bitmap modules((code->width + 7) / 8 * 8, code->width);
    for (int row = 0; row < code->width; ++row)
        for (int column = 0; column < code->width; ++column)
            if ((code->data[row * code->width + column] & 1) != 0) modules.set_black(column, row);
    return modules;
}

} // namespace printer
