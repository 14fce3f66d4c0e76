#include "kiosk/present/qr.hpp"

#include <memory>

#include <qrencode.h>

namespace present {

screens::QrModules qr_modules(const std::string& text) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_Q, QR_MODE_8, 1), &QRcode_free);
    if (code == nullptr) return {};
    screens::QrModules modules;
    modules.size = code->width;
    const auto count = std::size_t(code->width) * std::size_t(code->width);
    // The lowest bit of each byte is the module (qrencode.h, QRcode::data).
    for (std::size_t i = 0; i < count; ++i) modules.dark.push_back((code->data[i] & 1) != 0);
    return modules;
}

} // namespace present
