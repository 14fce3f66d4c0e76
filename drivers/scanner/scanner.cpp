#include "drivers/scanner/scanner.hpp"

#include "drivers/scanner/flatten.hpp"
#include "drivers/scanner/text_direction.hpp"

#include <algorithm>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Picture;
using base::Result;

constexpr int longest_side = 2480; // A4 at 212 dpi; DA/T 31 asks for 200 (spec scanning §3)

// What the finder's corners are good to: two pixels of its reduced copy.
double uncertainty_of(const Picture& frame) {
    return std::max(4.0, 2.0 * std::max(frame.width, frame.height) / 512);
}

// By 90, 180 or 270 degrees clockwise.
Picture turned_by(const Picture& picture, int degrees) {
    const bool is_half = degrees == 180;
    Picture out{is_half ? picture.width : picture.height,
                is_half ? picture.height : picture.width,
                picture.channels,
                {}};
    out.pixels.resize(picture.pixels.size());
    const int last_x = out.width - 1, last_y = out.height - 1;
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) {
            const int to_x = is_half ? last_x - x : degrees == 90 ? last_x - y : y;
            const int to_y = is_half ? last_y - y : degrees == 90 ? x : last_y - x;
            std::copy_n(picture.row(y) + x * picture.channels, picture.channels,
                        out.row(to_y) + to_x * picture.channels);
        }
    return out;
}

void make_page(const Picture& frame, const RefinedPage& sheet, const Expectation& expectation,
               int dpi, ScannedPage& page) {
    const auto size = flat_size(sheet.quad, frame.width, frame.height, dpi);
    page.picture = clean_up(flatten(frame, sheet, size));
    page.dpi = size.dpi;
    const int degrees = degrees_to_upright(text_direction(page.picture));
    if (degrees == 0) return;
    if (expectation.must_be_upright) {
        const auto after = std::find_if(page.flaws.begin(), page.flaws.end(), [](const Flaw& flaw) {
            return flaw.reason > ScanReason::upside_down;
        });
        page.flaws.insert(after, {ScanReason::upside_down, std::nullopt});
    } else {
        page.picture = turned_by(page.picture, degrees);
        page.turned = degrees;
    }
}

ScannedPage without_page(const Picture& frame) {
    ScannedPage page;
    auto judgement = judge_without_page(frame);
    page.quality = judgement.quality;
    page.flaws = std::move(judgement.flaws);
    return page;
}

ScannedPage scan_with(PageFinder& finder, const Picture& frame, const Expectation& expectation,
                      int dpi) {
    const auto found = finder.find(frame);
    if (!found) return without_page(frame);
    const auto sheet = refine(frame, found->quad, uncertainty_of(frame));
    ScannedPage page;
    page.found = true;
    page.quad = sheet.quad;
    auto judgement = judge(frame, sheet.quad, found->is_cut, expectation);
    page.quality = judgement.quality;
    page.quality.evidence = found->evidence.score;
    page.flaws = std::move(judgement.flaws);
    if (found->has_another) page.flaws.push_back({ScanReason::two_pages, std::nullopt});
    make_page(frame, sheet, expectation, dpi, page);
    return page.picture.empty() ? without_page(frame) : page;
}

} // namespace

bool ScannedPage::has(ScanReason reason) const {
    return std::any_of(flaws.begin(), flaws.end(),
                       [&](const Flaw& flaw) { return flaw.reason == reason; });
}

bool ScannedPage::may_be_used_anyway() const {
    return found && std::all_of(flaws.begin(), flaws.end(), [](const Flaw& flaw) {
               switch (flaw.reason) {
               case ScanReason::blur:
               case ScanReason::glare:
               case ScanReason::small:
               case ScanReason::upside_down:
               case ScanReason::wrong_paper: return true;
               case ScanReason::nopage:
               case ScanReason::cut:
               case ScanReason::finger:
               case ScanReason::dark:
               case ScanReason::two_pages:
               case ScanReason::unreadable_file:
               case ScanReason::too_large: return false;
               }
               CHECK(false);
           });
}

ScannedPage scan_page(const Picture& frame, const Expectation& expectation, int dpi) {
    CHECK(!frame.empty());
    PageFinder finder;
    return scan_with(finder, frame, expectation, dpi);
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
