// Following one sheet from frame to frame.
#include "drivers/scanner/flatten.hpp"
#include "drivers/scanner/scanner.hpp"

#include <algorithm>
#include <cmath>

namespace drivers {
namespace {

using base::Picture;

// Frames. Another sheet laid over the first, or beside it, is seen within two seconds; that the one
// beside it went, sooner.
constexpr int search_every = 30, search_beside_every = 8;
constexpr int thumbnail_side = 24;
constexpr double same_sheet =
    0.90; // correlation of thumbnails; two forms of one kind differ in their entries

double scale_of(const Picture& frame) {
    return std::max(frame.width, frame.height) / 960.0;
}

// Corners of one sheet may be renamed when it turns past 45 degrees.
double move_between(const Quad& a, const Quad& b) {
    double best = 1e9;
    for (std::size_t turn = 0; turn < 4; ++turn) {
        double most = 0;
        for (std::size_t i = 0; i < 4; ++i) most = std::max(most, length(a[i] - b[(i + turn) % 4]));
        best = std::min(best, most);
    }
    return best;
}

} // namespace

// Nothing when the sides are not where they should be.
std::optional<Quad> LiveFinder::follow(const Picture& frame) {
    if (!last_ || since_search_ >= (has_another_ ? search_beside_every : search_every) || is_cut_)
        return std::nullopt;
    Quad expected = *last_;
    for (std::size_t i = 0; i < 4; ++i) expected[i] = expected[i] + speed_[i];
    const double moved = largest_move(expected, *last_);
    const auto sheet = refine(frame, expected, 6 * scale_of(frame) + 0.3 * moved);
    const double worst = *std::min_element(sheet.agreement.begin(), sheet.agreement.end());
    if (worst < 0.6) return std::nullopt;
    // Near any line lie some edges of noise and print; the step from desk to paper does not.
    for (std::size_t i = 0; i < 4; ++i)
        if (sheet.step[i] < 0.5 * steps_[i]) return std::nullopt;
    // A sheet keeps its size; what jumps to an inner frame does not.
    const double ratio = area(sheet.quad) / std::max(area(*last_), 1.0);
    if (ratio < 0.94 || ratio > 1.06) return std::nullopt;
    return sheet.quad;
}

LiveFinder::Sight LiveFinder::track(const Picture& frame) {
    Sight sight;
    auto now = follow(frame);
    if (now) {
        ++since_search_;
    } else if (const auto found = finder_.find(frame)) {
        const auto sheet = refine(frame, found->quad, 4 * scale_of(frame) + 2);
        now = sheet.quad;
        steps_ = sheet.step;
        is_cut_ = found->is_cut;
        has_another_ = found->has_another;
        since_search_ = 0;
    }
    if (!now) {
        last_.reset();
        speed_ = {};
        still_for_ = 0;
        sight.flaws = judge_without_page(frame).flaws;
        // The desk is empty: whatever comes next is another sheet, or the same one on purpose.
        if (sight.flaws.front().reason == ScanReason::nopage) captured_.clear();
        return sight;
    }
    const auto judgement = judge(frame, *now, is_cut_, expectation_);
    sight.flaws = judgement.flaws;
    if (has_another_) sight.flaws.push_back({ScanReason::two_pages, std::nullopt});
    const double moved = last_ ? move_between(*now, *last_) : 1e9;
    // Where the calm outline is, too: a slow slide moves little from frame to frame.
    const double drifted = still_for_ > 0 ? largest_move(*now, calm_) : 0;
    const double width = judgement.quality.edge_width;
    const bool is_focused = std::abs(width - last_width_) <= 0.15 * std::max(1.0, last_width_);
    const double limit = 2.0 * scale_of(frame);
    if (moved < limit && drifted < limit && is_focused) {
        ++still_for_;
        const double share = 1.0 / std::min(still_for_ + 1, 8);
        for (std::size_t i = 0; i < 4; ++i) calm_[i] = calm_[i] * (1 - share) + (*now)[i] * share;
    } else {
        still_for_ = 0;
        calm_ = *now;
    }
    for (std::size_t i = 0; i < 4; ++i)
        speed_[i] = last_ && moved < 80 * scale_of(frame) ? (*now)[i] - (*last_)[i] : Point{};
    if (moved < limit) speed_ = {};
    last_ = now;
    last_width_ = width;
    sight.outline = calm_;
    sight.still_for = still_for_;
    sight.is_captured_already = is_captured(frame, *now);
    sight.is_steady =
        still_for_ >= still_frames && sight.flaws.empty() && !sight.is_captured_already;
    return sight;
}

std::vector<float> LiveFinder::thumbnail_of(const Picture& frame, const Quad& quad) const {
    RefinedPage sheet{quad, {}, {}};
    const auto small = flatten(frame, sheet, {thumbnail_side * 4, thumbnail_side * 4, 1});
    if (small.empty()) return {};
    const auto little = base::shrink_to_fit(small, thumbnail_side, thumbnail_side);
    std::vector<float> values;
    float mean = 0;
    for (std::size_t i = 0; i < little.pixels.size(); i += std::size_t(little.channels)) {
        values.push_back(float(little.pixels[i]));
        mean += float(little.pixels[i]);
    }
    mean /= float(values.size());
    float size = 1e-6f;
    for (auto& value : values) {
        value -= mean;
        size += value * value;
    }
    for (auto& value : values) value /= std::sqrt(size);
    return values;
}

bool LiveFinder::is_captured(const Picture& frame, const Quad& quad) const {
    if (captured_.empty()) return false;
    const auto now = thumbnail_of(frame, quad);
    float likeness = 0;
    for (std::size_t i = 0; i < now.size() && i < captured_.size(); ++i)
        likeness += now[i] * captured_[i];
    return double(likeness) > same_sheet;
}

ScannedPage LiveFinder::capture(const Picture& frame, int dpi) {
    CHECK(!frame.empty());
    auto page = scan_page(frame, expectation_, dpi);
    if (page.quad) captured_ = thumbnail_of(frame, *page.quad);
    return page;
}

void LiveFinder::forget_captured() {
    captured_.clear();
    still_for_ = 0;
}

void LiveFinder::reset() {
    last_.reset();
    speed_ = {};
    steps_ = {};
    still_for_ = 0;
    since_search_ = 0;
    is_cut_ = has_another_ = false;
    last_width_ = 0;
    std::fill(captured_.begin(), captured_.end(), 0.f);
    captured_.clear();
    finder_.forget();
}

} // namespace drivers
