#include "drivers/scanner/page_pdf.hpp"

#include "drivers/scanner/flatten.hpp"

#include <algorithm>
#include <cmath>
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

constexpr double points_per_mm = 72 / 25.4;
constexpr double a4_width = 210, a4_height = 297;       // ISO 216
constexpr double card_long = 85.60, card_short = 53.98; // ISO/IEC 7810, ID-1
// Chosen: where the sides of a card stand, with room for a stamp around them.
constexpr double first_side_top = 40, between_sides = 20;
// As the gate has it for `wrong_paper`.
constexpr double shape_tolerance = 0.09;

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

// In points, the origin at the lower left (ISO 32000).
struct Size {
    float width = 0, height = 0;
};
struct PlaceOnPage {
    float left = 0, bottom = 0, width = 0, height = 0;
};

template <class Sheet> Size page_size(const Sheet& sheet) {
    if (sheet.is_card_side)
        return {float(a4_width * points_per_mm), float(a4_height * points_per_mm)};
    return {float(sheet.width * 72.0 / sheet.dpi), float(sheet.height * 72.0 / sheet.dpi)};
}

template <class Sheet> PlaceOnPage place_on(const Size& page, const Sheet& sheet, std::size_t nth) {
    if (!sheet.is_card_side) return {0, 0, page.width, page.height};
    const bool lies = sheet.width >= sheet.height;
    const double width = lies ? card_long : card_short, height = lies ? card_short : card_long;
    const double top = first_side_top + double(nth) * (card_long + between_sides);
    return {float((a4_width - width) / 2 * points_per_mm),
            float((a4_height - top - height) * points_per_mm), float(width * points_per_mm),
            float(height * points_per_mm)};
}

template <class Sheet> HPDF_Image image_of(HPDF_Doc document, const Sheet& sheet) {
    if (!sheet.jpeg.empty())
        return HPDF_LoadJpegImageFromMem(document, sheet.jpeg.data(), HPDF_UINT(sheet.jpeg.size()));
    const auto stride = HPDF_UINT(sheet.width + 7) / 8;
    return HPDF_Image_LoadRaw1BitImageFromMem(document, sheet.bits.data(), HPDF_UINT(sheet.width),
                                              HPDF_UINT(sheet.height), stride, HPDF_TRUE,
                                              HPDF_TRUE);
}

bool has_shape_of_card(int width, int height) {
    const double aspect = double(std::max(width, height)) / std::min(width, height);
    return std::abs(std::log(aspect / (card_long / card_short))) <= shape_tolerance;
}

} // namespace

// Two sides of a card that were added one after the other, or one sheet.
std::size_t PagePdf::sheets_on_page(std::size_t first) const {
    const bool is_pair = first + 1 < sheets_.size() && sheets_[first].is_card_side &&
                         sheets_[first + 1].is_card_side;
    return is_pair ? 2 : 1;
}

std::size_t PagePdf::pages() const {
    std::size_t count = 0;
    for (std::size_t first = 0; first < sheets_.size(); first += sheets_on_page(first)) ++count;
    return count;
}

Result<void> PagePdf::add_card_side(const PdfPage& side) {
    TRY(add(side));
    auto& sheet = sheets_.back();
    sheet.is_card_side = has_shape_of_card(sheet.width, sheet.height);
    return {};
}

Result<void> PagePdf::add_card_side(base::ByteView encoded, int dpi) {
    TRY(add(encoded, dpi));
    auto& sheet = sheets_.back();
    sheet.is_card_side = has_shape_of_card(sheet.width, sheet.height);
    return {};
}

Result<void> PagePdf::add(const PdfPage& page) {
    if (page.picture.empty() || page.dpi <= 0)
        return Error{Errc::invalid_input, "page without pixels"};
    Sheet sheet{{}, {}, page.picture.width, page.picture.height, page.dpi};
    if (is_bilevel(page))
        sheet.bits = packed_bits(page.picture);
    else
        sheet.jpeg = TRY(jpeg_within_limit(page));
    sheets_.push_back(std::move(sheet));
    return {};
}

Result<void> PagePdf::add(base::ByteView encoded, int dpi) {
    auto picture = TRY(base::decode_picture(encoded));
    if (picture.channels == 1) return add({std::move(picture), dpi, Ink::bilevel});
    sheets_.push_back(
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
    if (sheets_.empty()) return Error{Errc::invalid_input, "no pages"};
    const Document owner(HPDF_New(keep_quiet, nullptr));
    if (owner == nullptr) return Error{Errc::io, "PDF library"};
    const HPDF_Doc document = owner.get();
    HPDF_SetCompressionMode(document, HPDF_COMP_METADATA);
    for (std::size_t first = 0; first < sheets_.size(); first += sheets_on_page(first)) {
        const HPDF_Page page = HPDF_AddPage(document);
        if (page == nullptr) return Error{Errc::io, "PDF library"};
        const auto size = page_size(sheets_[first]);
        HPDF_Page_SetWidth(page, size.width);
        HPDF_Page_SetHeight(page, size.height);
        for (std::size_t i = 0; i < sheets_on_page(first); ++i) {
            const auto image = image_of(document, sheets_[first + i]);
            if (image == nullptr) return Error{Errc::io, "PDF library"};
            const auto place = place_on(size, sheets_[first + i], i);
            HPDF_Page_DrawImage(page, image, place.left, place.bottom, place.width, place.height);
        }
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
