#include "drivers/scanner/refine.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace drivers {
namespace {

using Colour = std::array<float, 3>;

// Bilinear; false outside of the picture.
bool colour_at(const base::Picture& frame, Point at, Colour& colour) {
    if (!(at.x >= 0 && at.y >= 0 && at.x < frame.width - 1 && at.y < frame.height - 1))
        return false;
    const int x = int(at.x), y = int(at.y);
    const float fx = float(at.x) - float(x), fy = float(at.y) - float(y);
    const auto* top = frame.row(y) + x * frame.channels;
    const auto* low = frame.row(y + 1) + x * frame.channels;
    for (int c = 0; c < 3; ++c) {
        const int from = frame.channels == 3 ? c : 0, right = from + frame.channels;
        const float a = float(top[from]) + (float(top[right]) - float(top[from])) * fx;
        const float b = float(low[from]) + (float(low[right]) - float(low[from])) * fx;
        colour[std::size_t(c)] = a + (b - a) * fy;
    }
    return true;
}

// A side in its own frame: s from -1 to 1 along it, offset in pixels towards the inside.
struct Side {
    Point middle, half, inward;    // half: from the middle to the end
    std::array<double, 3> curve{}; // offset = curve[0] + curve[1] s + curve[2] s^2
    double agreement = 0, step = 0;
    Point at(double s) const {
        return middle + half * s + inward * (curve[0] + curve[1] * s + curve[2] * s * s);
    }
};

struct EdgeSample {
    double s, offset, weight;
};

class SideSearch {
public:
    SideSearch(const base::Picture& frame, const Side& side, double reach)
        : frame_(frame), side_(side), reach_(int(std::ceil(reach))), steps_(2 * reach_ + 1) {
        const double size = 2 * length(side.half);
        bands_ = std::clamp(int(size / 6), 24, 120);
        rows_ = std::clamp(int(size / bands_), 1, 7);
        spacing_ = size / bands_ / rows_ / length(side.half);
        sample();
    }

    std::vector<EdgeSample> edges() {
        std::vector<EdgeSample> found;
        for (int section = 0; section < sections; ++section) {
            const int first = bands_ * section / sections, last = bands_ * (section + 1) / sections;
            look_for_step(first, last);
            mean_step_ += step_size_ / sections;
            if (step_size_ < 0.3) continue;
            for (int band = first; band < last; ++band)
                if (is_seen_[std::size_t(band)]) find_in(band, found);
        }
        return found;
    }
    double mean_step() const { return mean_step_; }
    int seen_bands() const { return int(std::count(is_seen_.begin(), is_seen_.end(), true)); }

private:
    static constexpr int sections = 4; // the desk changes along a side

    double s_of(int band) const { return -1 + 0.04 + 1.92 * (band + 0.5) / bands_; }
    Colour& cell(int band, int step) {
        return profile_[std::size_t(band) * std::size_t(steps_) + std::size_t(step)];
    }

    void sample() {
        profile_.assign(std::size_t(bands_) * std::size_t(steps_), Colour{});
        is_seen_.assign(std::size_t(bands_), true);
        for (int band = 0; band < bands_; ++band)
            for (int step = 0; step < steps_ && is_seen_[std::size_t(band)]; ++step) {
                Colour sum{}, one{};
                for (int row = 0; row < rows_; ++row) {
                    const double s = s_of(band) + (row - (rows_ - 1) / 2.0) * spacing_;
                    const Point at = side_.at(s) + side_.inward * (step - reach_);
                    if (!colour_at(frame_, at, one)) {
                        is_seen_[std::size_t(band)] = false;
                        break;
                    }
                    for (std::size_t c = 0; c < 3; ++c) sum[c] += one[c];
                }
                for (std::size_t c = 0; c < 3; ++c) cell(band, step)[c] = sum[c] / float(rows_);
            }
    }

    // The difference across two pixels each side, which a slight blur does not hide.
    Colour slope(int band, int step) {
        Colour out{};
        for (std::size_t c = 0; c < 3; ++c)
            out[c] = (cell(band, step + 1)[c] - cell(band, step - 1)[c]) * 0.6f +
                     (cell(band, step + 2)[c] - cell(band, step - 2)[c]) * 0.4f;
        return out;
    }

    // Where, and in which colour, a whole section of the side steps: far above the noise of one
    // place.
    void look_for_step(int first, int last) {
        step_size_ = 0;
        std::vector<Colour> mean(std::size_t(steps_), Colour{});
        int count = 0;
        for (int band = first; band < last; ++band) {
            if (!is_seen_[std::size_t(band)]) continue;
            ++count;
            for (int step = 2; step + 2 < steps_; ++step) {
                const auto d = slope(band, step);
                for (std::size_t c = 0; c < 3; ++c) mean[std::size_t(step)][c] += d[c];
            }
        }
        if (count == 0) return;
        double best = 0;
        for (int step = 2; step + 2 < steps_; ++step) {
            const auto& m = mean[std::size_t(step)];
            const double size = std::sqrt(double(m[0] * m[0] + m[1] * m[1] + m[2] * m[2])) / count;
            const double far = (step - reach_) / (0.6 * reach_);
            const double worth = size * std::exp(-0.5 * far * far);
            if (worth <= best) continue;
            best = worth;
            step_at_ = step;
            step_size_ = size;
            for (std::size_t c = 0; c < 3; ++c) direction_[c] = float(m[c] / count / size);
        }
    }

    void find_in(int band, std::vector<EdgeSample>& found) {
        std::vector<double> along(std::size_t(steps_), 0.0);
        double best = 0;
        int at = -1;
        for (int step = 2; step + 2 < steps_; ++step) {
            const auto d = slope(band, step);
            const double v =
                double(d[0] * direction_[0] + d[1] * direction_[1] + d[2] * direction_[2]);
            along[std::size_t(step)] = v;
            const double far = (step - step_at_) / std::max(2.0, 0.4 * reach_);
            const double worth = v * std::exp(-0.5 * far * far);
            if (worth > best) {
                best = worth;
                at = step;
            }
        }
        if (at < 3 || at + 3 >= steps_) return;
        const auto i = std::size_t(at);
        // The middle of the slope's hump: a wide edge has a flat top that a parabola would trust.
        double sum = 0, moment = 0;
        for (int k = -2; k <= 2; ++k) {
            const double v = std::max(0.0, along[i + std::size_t(k + 2) - 2] - 0.3 * along[i]);
            sum += v;
            moment += v * k;
        }
        if (sum <= 0) return;
        const double s = s_of(band);
        const double base = side_.curve[0] + side_.curve[1] * s + side_.curve[2] * s * s;
        found.push_back({s, base + (at - reach_) + moment / sum,
                         std::min(1.0, along[i] / std::max(0.5 * step_size_, 0.5))});
    }

    const base::Picture& frame_;
    const Side& side_;
    int reach_, steps_, bands_ = 0, rows_ = 1;
    double spacing_ = 0;
    std::vector<Colour> profile_;
    std::vector<bool> is_seen_;
    int step_at_ = 0;
    double step_size_ = 0, mean_step_ = 0;
    Colour direction_{};
};

// Weighted least squares of a curve with `terms` coefficients; false where the points do not
// suffice.
bool fit(const std::vector<EdgeSample>& samples, const std::vector<double>& weights, int terms,
         std::array<double, 3>& curve) {
    double a[3][4] = {};
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double s = samples[i].s;
        const double powers[3] = {1, s, s * s};
        for (int r = 0; r < terms; ++r) {
            for (int c = 0; c < terms; ++c) a[r][c] += weights[i] * powers[r] * powers[c];
            a[r][3] += weights[i] * powers[r] * samples[i].offset;
        }
    }
    for (int r = 0; r < terms; ++r) {
        if (std::abs(a[r][r]) < 1e-6) return false;
        for (int q = 0; q < terms; ++q) {
            if (q == r) continue;
            const double k = a[q][r] / a[r][r];
            for (int c = 0; c < 4; ++c) a[q][c] -= k * a[r][c];
        }
    }
    curve = {};
    for (int r = 0; r < terms; ++r) curve[std::size_t(r)] = a[r][3] / a[r][r];
    return true;
}

double value(const std::array<double, 3>& curve, double s) {
    return curve[0] + curve[1] * s + curve[2] * s * s;
}

// Iterated with Tukey's weights: a finger, a shadow or a row of letters must not pull.
// Returns the median distance of all samples.
double fit_robustly(const std::vector<EdgeSample>& samples, int terms,
                    std::array<double, 3>& curve) {
    std::vector<double> weights(samples.size()), distances(samples.size());
    double spread = 0;
    for (int round = 0; round < 8; ++round) {
        for (std::size_t i = 0; i < samples.size(); ++i)
            distances[i] = std::abs(samples[i].offset - value(curve, samples[i].s));
        auto sorted = distances;
        std::nth_element(sorted.begin(), sorted.begin() + std::ptrdiff_t(sorted.size() / 2),
                         sorted.end());
        spread = sorted[sorted.size() / 2];
        const double limit = std::max(1.2, 4.5 * spread);
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const double u = distances[i] / limit;
            weights[i] = u < 1 ? samples[i].weight * (1 - u * u) * (1 - u * u) : 0;
        }
        if (!fit(samples, weights, terms, curve)) break;
    }
    return spread;
}

void improve(const base::Picture& frame, Side& side, double reach) {
    SideSearch search(frame, side, std::max(reach, 4.0));
    const auto samples = search.edges();
    if (samples.size() < 12) return;
    auto straight = side.curve, bowed = side.curve;
    const double straight_spread = fit_robustly(samples, 2, straight);
    const double bowed_spread = fit_robustly(samples, 3, bowed);
    const double size = 2 * length(side.half);
    // A bow has to pay: half the spread of a straight line, and more of it than a pixel or so.
    const bool is_bowed = bowed_spread < 0.6 * straight_spread &&
                          std::abs(bowed[2]) > std::max(1.0, 0.002 * size) &&
                          std::abs(bowed[2]) < 0.06 * size;
    const auto& best = is_bowed ? bowed : straight;
    if (std::max(std::abs(value(best, -1) - value(side.curve, -1)),
                 std::abs(value(best, 1) - value(side.curve, 1))) > 3 * reach + 3)
        return;
    side.curve = best;
    int near = 0;
    for (const auto& sample : samples)
        near += std::abs(sample.offset - value(best, sample.s)) <= 2 ? 1 : 0;
    side.step = search.mean_step();
    side.agreement = double(near) / std::max(1, search.seen_bands());
}

// Where side `a` ends and side `b` begins.
Point corner_of(const Side& a, const Side& b) {
    double s = 1, t = -1;
    Point corner = (a.at(1) + b.at(-1)) * 0.5;
    for (int round = 0; round < 6; ++round) {
        const auto tangent = [](const Side& side, double u) {
            return side.half + side.inward * (side.curve[1] + 2 * side.curve[2] * u);
        };
        const auto first = line_through(a.at(s), a.at(s) + tangent(a, s));
        const auto second = line_through(b.at(t), b.at(t) + tangent(b, t));
        const auto crossing = intersection(first, second);
        if (!crossing) break;
        corner = *crossing;
        s = std::clamp(dot(corner - a.middle, a.half) / dot(a.half, a.half), -1.2, 1.2);
        t = std::clamp(dot(corner - b.middle, b.half) / dot(b.half, b.half), -1.2, 1.2);
    }
    return corner;
}

} // namespace

RefinedPage refine(const base::Picture& frame, const Quad& quad, double uncertainty) {
    RefinedPage refined{quad, {}, {}};
    const double clockwise = area(quad) > 0 ? 1 : -1;
    std::array<Side, 4> sides;
    for (std::size_t i = 0; i < 4; ++i) {
        const Point a = quad[i], b = quad[(i + 1) % 4];
        if (length(b - a) < 16) return refined;
        sides[i].middle = (a + b) * 0.5;
        sides[i].half = (b - a) * 0.5;
        const Point along = (b - a) * (1 / length(b - a));
        sides[i].inward = Point{-along.y, along.x} * clockwise;
        improve(frame, sides[i], uncertainty);
        improve(frame, sides[i], std::min(uncertainty, 5.0));
    }
    for (std::size_t i = 0; i < 4; ++i) refined.quad[i] = corner_of(sides[(i + 3) % 4], sides[i]);
    if (!is_convex(refined.quad) || largest_move(refined.quad, quad) > 6 * uncertainty + 20)
        return {quad, {}, {}};
    for (std::size_t i = 0; i < 4; ++i) {
        refined.bow[i] = -sides[i].curve[2];
        refined.agreement[i] = sides[i].agreement;
        refined.step[i] = sides[i].step;
    }
    return refined;
}

} // namespace drivers
