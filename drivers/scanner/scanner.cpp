#include "drivers/scanner/scanner.hpp"

#include <algorithm>
#include <cstdint>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Picture;
using base::Result;

constexpr double dark_below = 30; // chosen: ordinary room light gives 100 and more
constexpr int smallest_side = 400;
constexpr int clipped_from = 250;

constexpr int longest_side = 2480; // A4 at 212 dpi; DA/T 31 asks for 200 (spec scanning §3)

// Rec. 601 luma in integers.
int grey_at(const Picture& picture, const std::uint8_t* pixel) {
    if (picture.channels == 1) return pixel[0];
    return (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2] + 500) / 1000;
}

ScanQuality measure(const Picture& picture) {
    std::int64_t sum = 0, clipped = 0, squares = 0;
    for (int y = 0; y < picture.height; ++y) {
        const std::uint8_t* pixel = picture.row(y);
        int left = grey_at(picture, pixel);
        for (int x = 0; x < picture.width; ++x, pixel += picture.channels) {
            const int grey = grey_at(picture, pixel);
            sum += grey;
            clipped += grey >= clipped_from ? 1 : 0;
            squares += std::int64_t(grey - left) * (grey - left);
            left = grey;
        }
    }
    const double pixels = double(picture.width) * picture.height;
    return {double(sum) / pixels, double(squares) / pixels, double(clipped) / pixels};
}

} // namespace

std::string_view to_string(ScanReason reason) {
    switch (reason) {
    case ScanReason::page_not_searched: return "page_not_searched";
    case ScanReason::too_dark: return "too_dark";
    case ScanReason::too_small: return "too_small";
    case ScanReason::unreadable_file: return "unreadable_file";
    }
    CHECK(false);
}

bool ScannedPage::is_usable() const {
    return std::all_of(reasons.begin(), reasons.end(),
                       [](ScanReason reason) { return reason == ScanReason::page_not_searched; });
}

ScannedPage scan_page(Picture frame) {
    CHECK(!frame.empty());
    ScannedPage page;
    page.reasons.push_back(ScanReason::page_not_searched);
    page.quality = measure(frame);
    if (page.quality.brightness < dark_below) page.reasons.push_back(ScanReason::too_dark);
    if (std::min(frame.width, frame.height) < smallest_side)
        page.reasons.push_back(ScanReason::too_small);
    page.picture = std::move(frame);
    return page;
}

Result<base::SecretBytes> page_as_jpeg(const Picture& page, std::size_t max_bytes) {
    if (page.empty()) return Error{Errc::invalid_input, "page without pixels"};
    // Less quality first: letters survive it better than fewer pixels (spec scanning §3 measured
    // 161 to 424 kB for A4 at quality 60 to 75).
    struct Try {
        int side, quality;
    };
    for (const auto [side, quality] : {Try{longest_side, 80}, Try{longest_side, 65},
                                       Try{longest_side, 50}, Try{1754, 50}, Try{1240, 40}}) {
        auto jpeg = TRY(base::encode_jpeg(base::shrink_to_fit(page, side, side), quality));
        const bool fits = jpeg.size() <= max_bytes;
        base::SecretBytes kept;
        if (fits) kept.assign(jpeg.begin(), jpeg.end());
        base::wipe(jpeg.data(), jpeg.size());
        if (fits) return kept;
    }
    return Error{Errc::too_large, "page as JPEG"};
}

} // namespace drivers
