#include "drivers/scanner/page_pdf.hpp"

#include "drivers/scanner/flatten.hpp"

#include <hpdf.h>
#include <memory>

namespace drivers {
namespace {

using base::Bytes;
using base::Errc;
using base::Error;
using base::Picture;
using base::Result;

// Black from here down. Clean paper is 255 and ink is near 0: letters keep the weight they have.
constexpr int black_below = 150;

int grey_at(const Picture& picture, const std::uint8_t* pixel) {
    if (picture.channels == 1) return pixel[0];
    return (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2] + 500) / 1000;
}

Bytes packed_bits(const Picture& picture) {
    const auto stride = std::size_t(picture.width + 7) / 8;
    Bytes bits(stride * std::size_t(picture.height), 0);
    for (int y = 0; y < picture.height; ++y) {
        const auto* pixel = picture.row(y);
        auto* row = bits.data() + stride * std::size_t(y);
        for (int x = 0; x < picture.width; ++x, pixel += picture.channels)
            if (grey_at(picture, pixel) < black_below)
                row[x / 8] = std::uint8_t(row[x / 8] | (0x80 >> (x % 8)));
    }
    return bits;
}

std::size_t jpeg_limit(int dpi) {
    // chosen: what the requirement allows at 200 and 300 dpi, less what the PDF adds.
    return dpi > 250 ? 345'000 : 195'000;
}

// Grey 0 or 255, as packed_bits() sees it.
Picture in_black_and_white(const Picture& picture) {
    Picture bilevel{picture.width, picture.height, 1, {}};
    bilevel.pixels.resize(bilevel.row_bytes() * std::size_t(picture.height));
    for (int y = 0; y < picture.height; ++y) {
        const auto* pixel = picture.row(y);
        auto* row = bilevel.row(y);
        for (int x = 0; x < picture.width; ++x, pixel += picture.channels)
            row[x] = grey_at(picture, pixel) < black_below ? 0 : 255;
    }
    return bilevel;
}

bool is_bilevel(const PdfPage& page) {
    return page.ink == Ink::bilevel ||
           (page.ink == Ink::by_content && !has_colour(page.picture) && !has_tones(page.picture));
}

Result<Bytes> jpeg_within_limit(const PdfPage& page) {
    for (const int quality : {70, 60, 50, 40, 30, 20}) {
        auto jpeg = TRY(base::encode_jpeg(page.picture, quality));
        if (jpeg.size() <= jpeg_limit(page.dpi)) return jpeg;
    }
    return Error{Errc::too_large, "page as JPEG"};
}

extern "C" void keep_quiet(HPDF_STATUS, HPDF_STATUS, void*) noexcept {}

struct FreeDocument {
    void operator()(HPDF_Doc document) const { HPDF_Free(document); }
};
using Document = std::unique_ptr<std::remove_pointer_t<HPDF_Doc>, FreeDocument>;

} // namespace

Result<void> PagePdf::add(const PdfPage& page) {
    if (page.picture.empty() || page.dpi <= 0)
        return Error{Errc::invalid_input, "page without pixels"};
    Sheet sheet{{}, {}, page.picture.width, page.picture.height, page.dpi};
    if (is_bilevel(page))
        sheet.bits = packed_bits(page.picture);
    else
        sheet.jpeg = TRY(jpeg_within_limit(page));
    pages_.push_back(std::move(sheet));
    return {};
}

Result<void> PagePdf::add(base::ByteView encoded, int dpi) {
    auto picture = TRY(base::decode_picture(encoded));
    if (picture.channels == 1) return add({std::move(picture), dpi, Ink::bilevel});
    pages_.push_back(
        {Bytes(encoded.begin(), encoded.end()), {}, picture.width, picture.height, dpi});
    return {};
}

Result<EncodedPage> encode_page(const PdfPage& page) {
    if (page.picture.empty() || page.dpi <= 0)
        return Error{Errc::invalid_input, "page without pixels"};
    EncodedPage encoded;
    Bytes bytes;
    if (is_bilevel(page)) {
        encoded.media_type = "image/png";
        encoded.shown = in_black_and_white(page.picture);
        bytes = TRY(base::encode_png(encoded.shown));
    } else {
        encoded.media_type = "image/jpeg";
        bytes = TRY(jpeg_within_limit(page));
        encoded.shown = page.picture;
    }
    encoded.bytes.assign(bytes.begin(), bytes.end());
    base::wipe(bytes.data(), bytes.size());
    return encoded;
}

Result<Bytes> PagePdf::finish() const {
    if (pages_.empty()) return Error{Errc::invalid_input, "no pages"};
    const Document owner(HPDF_New(keep_quiet, nullptr));
    if (owner == nullptr) return Error{Errc::io, "PDF library"};
    const HPDF_Doc document = owner.get();
    HPDF_SetCompressionMode(document, HPDF_COMP_METADATA);
    for (const auto& sheet : pages_) {
        const HPDF_Page page = HPDF_AddPage(document);
        const auto stride = HPDF_UINT(sheet.width + 7) / 8;
        const HPDF_Image image = sheet.jpeg.empty()
                                     ? HPDF_Image_LoadRaw1BitImageFromMem(
                                           document, sheet.bits.data(), HPDF_UINT(sheet.width),
                                           HPDF_UINT(sheet.height), stride, HPDF_TRUE, HPDF_TRUE)
                                     : HPDF_LoadJpegImageFromMem(document, sheet.jpeg.data(),
                                                                 HPDF_UINT(sheet.jpeg.size()));
        if (page == nullptr || image == nullptr) return Error{Errc::io, "PDF library"};
        const auto width = float(sheet.width * 72.0 / sheet.dpi);
        const auto height = float(sheet.height * 72.0 / sheet.dpi);
        HPDF_Page_SetWidth(page, width);
        HPDF_Page_SetHeight(page, height);
        HPDF_Page_DrawImage(page, image, 0, 0, width, height);
    }
    if (HPDF_SaveToStream(document) != HPDF_OK || HPDF_GetError(document) != HPDF_OK)
        return Error{Errc::io, "PDF library"};
    Bytes bytes(HPDF_GetStreamSize(document));
    auto size = HPDF_UINT32(bytes.size());
    HPDF_ResetStream(document);
    const auto status = HPDF_ReadFromStream(document, bytes.data(), &size);
    if ((status != HPDF_OK && status != HPDF_STREAM_EOF) || size != bytes.size())
        return Error{Errc::io, "PDF library"};
    return bytes;
}

} // namespace drivers
