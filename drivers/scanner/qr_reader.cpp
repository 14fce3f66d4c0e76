#include "drivers/scanner/qr_reader.hpp"

#include <algorithm>
#include <memory>

#include <zbar.h>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Picture;

constexpr int longest_side =
    2560; // chosen: a module of a receipt is then still 6 pixels of an A4 view
constexpr int least_side = 200; // chosen: no code that a camera sees is told apart below it

struct Free {
    void operator()(zbar::zbar_image_scanner_t* scanner) const {
        zbar::zbar_image_scanner_destroy(scanner);
    }
    void operator()(zbar::zbar_image_t* image) const { zbar::zbar_image_destroy(image); }
};
using Scanner = std::unique_ptr<zbar::zbar_image_scanner_t, Free>;
using Image = std::unique_ptr<zbar::zbar_image_t, Free>;

// Everything off, then QR on: the other decoders never meet a picture of ours.
Scanner make_scanner() {
    Scanner scanner(zbar::zbar_image_scanner_create());
    if (scanner == nullptr) return nullptr;
    const auto set = [&](zbar::zbar_symbol_type_t kind, zbar::zbar_config_t what, int value) {
        return zbar::zbar_image_scanner_set_config(scanner.get(), kind, what, value) == 0;
    };
    const bool is_set = set(zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0) &&
                        set(zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1) &&
                        // The bytes as they are: nothing guesses and converts their encoding.
                        set(zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_BINARY, 1);
    return is_set ? std::move(scanner) : nullptr;
}

base::SecretBytes grey_of(const Picture& picture) {
    base::SecretBytes grey(std::size_t(picture.width) * std::size_t(picture.height));
    if (picture.channels == 1) {
        std::copy(picture.pixels.begin(), picture.pixels.end(), grey.begin());
        return grey;
    }
    const auto* from = picture.pixels.data();
    for (auto& pixel : grey) { // near enough to Rec. 601
        pixel = std::uint8_t((from[0] * 77 + from[1] * 150 + from[2] * 29) >> 8);
        from += 3;
    }
    return grey;
}

bool is_whole(const Picture& frame) {
    return frame.width > 0 && frame.height > 0 && (frame.channels == 1 || frame.channels == 3) &&
           frame.pixels.size() == frame.row_bytes() * std::size_t(frame.height);
}

base::Result<std::vector<base::SecretText>> scan(const Picture& picture) {
    const Scanner scanner = make_scanner();
    const Image image(zbar::zbar_image_create());
    if (scanner == nullptr || image == nullptr) return Error{Errc::device, "no QR scanner"};
    const auto grey = grey_of(picture);
    zbar::zbar_image_set_format(image.get(), zbar_fourcc('Y', '8', '0', '0'));
    zbar::zbar_image_set_size(image.get(), unsigned(picture.width), unsigned(picture.height));
    zbar::zbar_image_set_data(image.get(), grey.data(), grey.size(), nullptr); // it stays ours
    if (zbar::zbar_scan_image(scanner.get(), image.get()) < 0)
        return Error{Errc::device, "QR scanner refuses the picture"};
    std::vector<base::SecretText> payloads;
    const auto* symbol = zbar::zbar_image_first_symbol(image.get());
    for (; symbol != nullptr && payloads.size() < qr_codes_limit;
         symbol = zbar::zbar_symbol_next(symbol)) {
        if (zbar::zbar_symbol_get_type(symbol) != zbar::ZBAR_QRCODE) continue;
        const std::size_t size = zbar::zbar_symbol_get_data_length(symbol);
        const std::string_view said(zbar::zbar_symbol_get_data(symbol), size);
        base::SecretText payload(said.substr(0, qr_payload_limit));
        if (std::find(payloads.begin(), payloads.end(), payload) == payloads.end())
            payloads.push_back(std::move(payload));
    }
    return payloads;
}

} // namespace

base::Result<std::vector<base::SecretText>> read_qr_codes(const Picture& frame) {
    if (!is_whole(frame)) return Error{Errc::invalid_input, "a frame without pixels"};
    const int side = std::min(longest_side, std::max(frame.width, frame.height));
    auto codes = frame.width <= longest_side && frame.height <= longest_side
                     ? scan(frame)
                     : scan(base::shrink_to_fit(frame, side, side));
    // Measured: of slips that lie still about one in a hundred is not read as it is, and all of 14
    // such at two thirds of their size. A slip that nobody moves gives the same picture again and
    // again.
    const int second_side = side * 2 / 3;
    if (codes && codes->empty() && second_side >= least_side)
        codes = scan(base::shrink_to_fit(frame, second_side, second_side));
    return codes;
}

} // namespace drivers
