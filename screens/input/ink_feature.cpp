#include "screens/input/ink_feature.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace input {
namespace {

using Points = std::span<InkPointMm>;

constexpr float part_length = 0.03f; // of the larger side; spec handwriting §2.1
// One length of 1 as a whole number: a part keeps 15 bits, and no sum comes near 63.
constexpr float fixed_one = 1 << 20;

std::int64_t fixed(float value) { // 0 or more
    return std::int64_t(value * fixed_one + 0.5f);
}

float distance(InkPointMm a, InkPointMm b) {
    return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

struct Box {
    double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;

    void take(InkPointMm p) {
        left = std::min(left, double(p.x));
        right = std::max(right, double(p.x));
        top = std::min(top, double(p.y));
        bottom = std::max(bottom, double(p.y));
    }
    double width() const { return right - left; }
    double height() const { return bottom - top; }
};

// Whether a stroke reads smaller from its end: then it is turned, so that both ways of drawing it
// are the same from here on.
bool is_turned(StrokeView stroke) {
    for (std::size_t i = 0; i < stroke.size() / 2; ++i) {
        const auto a = stroke[i];
        const auto b = stroke[stroke.size() - 1 - i];
        if (a.x != b.x) return b.x < a.x;
        if (a.y != b.y) return b.y < a.y;
    }
    return false;
}

// One light pass (1 2 1); points whose neighbours are further apart than `limit` stay, so that
// corners of sparse ink stay corners.
void smooth(Points points, float limit) {
    if (points.empty()) return;
    auto before = points.front();
    for (std::size_t i = 1; i + 1 < points.size(); ++i) {
        const auto here = points[i];
        const auto after = points[i + 1];
        if (distance(before, after) < limit)
            points[i] = {(before.x + 2 * here.x + after.x) / 4,
                         (before.y + 2 * here.y + after.y) / 4};
        before = here;
    }
}

class Cleaner {
public:
    explicit Cleaner(InkScratch& scratch) : s_(scratch) {}

    // Copies the ink into the unit box. False: see extract_feature.
    bool take(std::span<const StrokeView> strokes) {
        Box box;
        std::size_t points = 0;
        for (const auto stroke : strokes) {
            if (stroke.empty()) continue;
            points += stroke.size();
            if (++count_ > ink_stroke_limit || points > ink_point_limit) return false;
            for (const auto p : stroke) {
                if (!std::isfinite(p.x) || !std::isfinite(p.y)) return false;
                box.take(p);
            }
        }
        if (count_ == 0) return false;
        const double larger = std::max(box.width(), box.height());
        const double scale = larger > 0 ? 1 / larger : 1; // all in one point: a tap
        std::size_t at = 0, stroke_at = 0;
        for (const auto stroke : strokes) {
            if (stroke.empty()) continue;
            s_.raw_begin[stroke_at++] = std::uint16_t(at);
            const bool turned = is_turned(stroke);
            for (std::size_t i = 0; i < stroke.size(); ++i) {
                const auto p = stroke[turned ? stroke.size() - 1 - i : i];
                s_.raw[at++] = {float((p.x - box.left) * scale), float((p.y - box.top) * scale)};
            }
        }
        s_.raw_begin[stroke_at] = std::uint16_t(at);
        return true;
    }

    // Finger jitter must not turn into directions: smoothed, cut into equal parts, smoothed again.
    void even_out() {
        std::int64_t total = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            for (int pass = 0; pass < 2; ++pass) smooth(raw(i), 3 * part_length);
            s_.length[i] = length(raw(i));
            total += fixed(s_.length[i]);
        }
        const float part =
            std::max(part_length, float(total) / fixed_one / float(InkScratch::part_limit));
        std::size_t at = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            s_.even_begin[i] = std::uint16_t(at);
            at += cut(raw(i), s_.length[i], part, &s_.even[at]);
            s_.even_begin[i + 1] = std::uint16_t(at);
            for (int pass = 0; pass < 3; ++pass) smooth(even(i), INFINITY);
        }
    }

    std::size_t count() const { return count_; }
    Points even(std::size_t i) {
        return Points(s_.even).subspan(s_.even_begin[i], std::size_t(s_.even_begin[i + 1]) -
                                                             std::size_t(s_.even_begin[i]));
    }
    Points all() { return Points(s_.even).first(s_.even_begin[count_]); }

private:
    Points raw(std::size_t i) {
        return Points(s_.raw).subspan(s_.raw_begin[i], std::size_t(s_.raw_begin[i + 1]) -
                                                           std::size_t(s_.raw_begin[i]));
    }

    static float length(Points points) {
        float sum = 0;
        for (std::size_t i = 1; i < points.size(); ++i) sum += distance(points[i - 1], points[i]);
        return sum;
    }

    // Into equal parts: a whole number of them, so that both ends count the same. How many points
    // were written.
    static std::size_t cut(Points points, float length, float part, InkPointMm* into) {
        const auto first = points.front();
        if (length <= 0) { // a tap is a dot, a third of a part long
            into[0] = {first.x - part / 6, first.y - part / 6};
            into[1] = {first.x + part / 6, first.y + part / 6};
            return 2;
        }
        const auto parts = std::max<long>(1, std::lround(length / part));
        into[0] = first;
        float walked = 0;
        std::size_t i = 1;
        for (long k = 1; k < parts; ++k) {
            const float wanted = length * float(k) / float(parts);
            while (i + 1 < points.size() && walked + distance(points[i - 1], points[i]) < wanted) {
                walked += distance(points[i - 1], points[i]);
                ++i;
            }
            const float step = distance(points[i - 1], points[i]);
            const float share = step > 0 ? std::clamp((wanted - walked) / step, 0.f, 1.f) : 0;
            into[k] = {points[i - 1].x + (points[i].x - points[i - 1].x) * share,
                       points[i - 1].y + (points[i].y - points[i - 1].y) * share};
        }
        into[parts] = points.back();
        return std::size_t(parts) + 1;
    }

    InkScratch& s_;
    std::size_t count_ = 0;
};

// A new place for each place along one axis, so that crowded lines get room. Spec §2.2.
class Equaliser {
public:
    static constexpr std::size_t bins = InkScratch::density_bins;

    explicit Equaliser(const std::array<std::int64_t, bins>& density) {
        std::array<float, bins> smoothed;
        for (std::size_t i = 0; i < bins; ++i) smoothed[i] = float(density[i]) / fixed_one;
        for (int pass = 0; pass < 2; ++pass) {
            const auto d = smoothed;
            for (std::size_t i = 0; i < bins; ++i)
                smoothed[i] = (d[i > 0 ? i - 1 : 0] + 2 * d[i] + d[std::min(bins - 1, i + 1)]) / 4;
        }
        float total = 0;
        for (const float d : smoothed) total += d;
        const float even = std::max(total, 1e-4f) / float(bins); // the same total spread evenly
        place_[0] = 0;
        for (std::size_t i = 0; i < bins; ++i) place_[i + 1] = place_[i] + smoothed[i] + even;
        for (auto& place : place_) place /= total + even * float(bins);
    }

    float operator()(float at) const {
        const float scaled = std::clamp(at, 0.f, 1.f) * float(bins);
        const auto bin = std::min(bins - 1, std::size_t(scaled));
        return place_[bin] + (place_[bin + 1] - place_[bin]) * (scaled - float(bin));
    }

private:
    std::array<float, bins + 1> place_;
};

class Normaliser {
public:
    explicit Normaliser(InkScratch& scratch, Cleaner& ink) : s_(scratch), ink_(ink) {}

    void normalise() {
        fit_to_unit_square();
        measure_density();
        const Equaliser x(s_.density_x), y(s_.density_y);
        // The shorter side by the square root of sin(90 degrees x aspect): a level line stays flat.
        const float shrink = std::sqrt(std::sin(
            std::numbers::pi_v<float> / 2 * std::min(width_, height_) / std::max(width_, height_)));
        const float scale_x = width_ >= height_ ? 1 : shrink;
        const float scale_y = height_ >= width_ ? 1 : shrink;
        for (auto& p : ink_.all())
            p = {(x(p.x) - 0.5f) * scale_x + 0.5f, (y(p.y) - 0.5f) * scale_y + 0.5f};
    }

private:
    void fit_to_unit_square() {
        Box box;
        for (const auto p : ink_.all()) box.take(p);
        // A thousandth of the box at least: a level line has no height.
        width_ = std::max(float(box.width()), 0.001f);
        height_ = std::max(float(box.height()), 0.001f);
        for (auto& p : ink_.all())
            p = {(p.x - float(box.left)) / width_, (p.y - float(box.top)) / height_};
    }

    // How much line crosses each of the 32 slices of an axis.
    void measure_density() {
        s_.density_x.fill(0);
        s_.density_y.fill(0);
        const auto bin = [](float at) {
            return std::size_t(std::clamp(at, 0.f, 0.999f) * float(Equaliser::bins));
        };
        for (std::size_t i = 0; i < ink_.count(); ++i) {
            const auto points = ink_.even(i);
            for (std::size_t k = 1; k < points.size(); ++k) {
                const auto a = points[k - 1], b = points[k];
                s_.density_x[bin((a.x + b.x) / 2)] += fixed(std::abs(b.y - a.y));
                s_.density_y[bin((a.y + b.y) / 2)] += fixed(std::abs(b.x - a.x));
            }
        }
    }

    InkScratch& s_;
    Cleaner& ink_;
    float width_ = 1, height_ = 1;
};

// Adds one stretch of line, about a quarter of a cell long at most, to the cells around it.
void add_piece(InkScratch& s, InkPointMm at, float length, std::size_t direction, float share) {
    const auto cells = int(feature_cells);
    const float px = at.x * float(cells) - 0.5f, py = at.y * float(cells) - 0.5f;
    const int ix = int(std::floor(px)), iy = int(std::floor(py));
    const float fx = px - float(ix), fy = py - float(iy);
    const auto next = (direction + 1) % feature_directions;
    for (int dy = 0; dy < 2; ++dy)
        for (int dx = 0; dx < 2; ++dx) {
            const auto cell = std::size_t(std::clamp(iy + dy, 0, cells - 1) * cells +
                                          std::clamp(ix + dx, 0, cells - 1));
            const float weight = length * (dx ? fx : 1 - fx) * (dy ? fy : 1 - fy);
            s.amount[cell * feature_directions + direction] += fixed(weight * (1 - share));
            s.amount[cell * feature_directions + next] += fixed(weight * share);
        }
}

void add_line(InkScratch& s, InkPointMm from, InkPointMm to) {
    constexpr float piece = 0.02f;
    const float dx = to.x - from.x, dy = to.y - from.y;
    const float length = std::sqrt(dx * dx + dy * dy);
    if (length < 1e-5f) return;
    constexpr float half_turn = std::numbers::pi_v<float>;
    float angle = std::atan2(dy, dx);
    if (angle < 0) angle += half_turn;
    const float scaled = angle / half_turn * float(feature_directions);
    const float whole = std::floor(scaled);
    const auto direction = std::size_t(whole) % feature_directions;
    const int pieces = std::max(1, int(length / piece));
    for (int k = 0; k < pieces; ++k) {
        const float at = (float(k) + 0.5f) / float(pieces);
        add_piece(s, {from.x + dx * at, from.y + dy * at}, length / float(pieces), direction,
                  scaled - whole);
    }
}

// Over neighbouring cells (1/2 1 1/2 each way), square root, length 1.
void finish(const InkScratch& s, InkFeature& feature) {
    constexpr auto cells = int(feature_cells);
    constexpr auto directions = feature_directions;
    float square = 0;
    for (int y = 0; y < cells; ++y)
        for (int x = 0; x < cells; ++x) {
            std::array<float, directions> sum{};
            float weights = 0;
            for (int ny = std::max(0, y - 1); ny <= std::min(cells - 1, y + 1); ++ny)
                for (int nx = std::max(0, x - 1); nx <= std::min(cells - 1, x + 1); ++nx) {
                    const float weight = (nx == x ? 1 : 0.5f) * (ny == y ? 1 : 0.5f);
                    weights += weight;
                    const auto* from = &s.amount[std::size_t(ny * cells + nx) * directions];
                    for (std::size_t d = 0; d < directions; ++d) sum[d] += weight * float(from[d]);
                }
            auto* into = &feature[std::size_t(y * cells + x) * directions];
            for (std::size_t d = 0; d < directions; ++d) {
                into[d] = std::sqrt(sum[d] / (weights * fixed_one));
                square += into[d] * into[d];
            }
        }
    const float scale = 1 / std::sqrt(square + 1e-9f);
    for (auto& value : feature) value *= scale;
}

} // namespace

bool extract_feature(std::span<const StrokeView> strokes, InkScratch& scratch,
                     InkFeature& feature) {
    Cleaner ink(scratch);
    if (!ink.take(strokes)) return false;
    ink.even_out();
    Normaliser(scratch, ink).normalise();
    scratch.amount.fill(0);
    for (std::size_t i = 0; i < ink.count(); ++i) {
        const auto points = ink.even(i);
        for (std::size_t k = 1; k < points.size(); ++k) add_line(scratch, points[k - 1], points[k]);
    }
    finish(scratch, feature);
    return true;
}

} // namespace input
