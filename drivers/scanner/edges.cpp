#include "drivers/scanner/edges.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace drivers {
namespace {

constexpr double pi = std::numbers::pi;

// chosen: 1.5 degrees a bin; 8 pixels of a side of 200 end a bin further.
constexpr int angle_bins = 240;
constexpr int spread_bins = 3; // weak gradients point a few degrees off

constexpr int neighbourhood = 25; // pixels; about a sixth of the smallest page's long side
// Noise below which a difference is not believed, in grey levels a pixel: rounding to 8 bits.
constexpr double least_noise = 0.12;

// Median of the magnitude, from a coarse sample.
double noise_of(const cv::Mat& gx, const cv::Mat& gy, std::vector<float>& sample) {
    sample.clear();
    for (int y = 1; y < gx.rows; y += 3) {
        const auto* px = gx.ptr<float>(y);
        const auto* py = gy.ptr<float>(y);
        for (int x = 1; x < gx.cols; x += 3) sample.push_back(px[x] * px[x] + py[x] * py[x]);
    }
    if (sample.empty()) return least_noise;
    const auto middle = sample.begin() + std::ptrdiff_t(sample.size() / 2);
    std::nth_element(sample.begin(), middle, sample.end());
    return std::max(least_noise, std::sqrt(double(*middle)));
}

} // namespace

void EdgeMap::look_at(const std::vector<cv::Mat>& channels) {
    const auto size = channels.front().size();
    best_.create(size, CV_32F);
    dx_.create(size, CV_32F);
    dy_.create(size, CV_32F);
    best_.setTo(0);
    for (const auto& channel : channels) {
        cv::Scharr(channel, gx_, CV_32F, 1, 0, 1.0 / 32);
        cv::Scharr(channel, gy_, CV_32F, 0, 1, 1.0 / 32);
        const float per_noise = float(1 / noise_of(gx_, gy_, sample_));
        for (int y = 0; y < size.height; ++y) {
            const auto* px = gx_.ptr<float>(y);
            const auto* py = gy_.ptr<float>(y);
            auto* best = best_.ptr<float>(y);
            auto* dx = dx_.ptr<float>(y);
            auto* dy = dy_.ptr<float>(y);
            for (int x = 0; x < size.width; ++x) {
                const float square = (px[x] * px[x] + py[x] * py[x]) * per_noise * per_noise;
                if (square <= best[x]) continue;
                best[x] = square;
                dx[x] = px[x];
                dy[x] = py[x];
            }
        }
    }
    // Against its own neighbourhood: a lone edge counts whole, one of many counts little.
    cv::boxFilter(best_, mean_, CV_32F, {neighbourhood, neighbourhood}, {-1, -1}, true,
                  cv::BORDER_REPLICATE);
    weight_.create(size, CV_32F);
    for (int y = 0; y < size.height; ++y) {
        const auto* best = best_.ptr<float>(y);
        const auto* mean = mean_.ptr<float>(y);
        auto* weight = weight_.ptr<float>(y);
        for (int x = 0; x < size.width; ++x) {
            const float ratio = std::sqrt(best[x] / (mean[x] + 1));
            const float unusual = std::clamp((ratio - 0.6f) / 1.4f, 0.f, 1.f);
            weight[x] = unusual * best[x] / (best[x] + 6);
        }
    }
    keep_ridges();
}

void EdgeMap::keep_ridges() {
    points_.clear();
    ridge_.create(weight_.size(), CV_32FC4);
    ridge_.setTo(0);
    for (int y = 1; y + 1 < weight_.rows; ++y) {
        const auto* best = best_.ptr<float>(y);
        const auto* above = best_.ptr<float>(y - 1);
        const auto* below = best_.ptr<float>(y + 1);
        const auto* weight = weight_.ptr<float>(y);
        const auto* dx = dx_.ptr<float>(y);
        const auto* dy = dy_.ptr<float>(y);
        auto* ridge = ridge_.ptr<cv::Vec4f>(y);
        for (int x = 1; x + 1 < weight_.cols; ++x) {
            if (weight[x] < 0.04f) continue;
            const float ax = std::abs(dx[x]), ay = std::abs(dy[x]);
            float before, after;
            // The two neighbours the gradient points at.
            if (ay < 0.414f * ax) {
                before = best[x - 1];
                after = best[x + 1];
            } else if (ax < 0.414f * ay) {
                before = above[x];
                after = below[x];
            } else if (dx[x] * dy[x] > 0) {
                before = above[x - 1];
                after = below[x + 1];
            } else {
                before = above[x + 1];
                after = below[x - 1];
            }
            if (best[x] < before || best[x] <= after) continue;
            const float size = std::sqrt(dx[x] * dx[x] + dy[x] * dy[x]);
            const float ux = dx[x] / size, uy = dy[x] / size;
            // Below a pixel by the parabola through the three magnitudes.
            const float a = std::sqrt(before), b = std::sqrt(best[x]), c = std::sqrt(after);
            const float bend = a - 2 * b + c;
            float shift = bend < -1e-6f ? std::clamp(0.5f * (a - c) / bend, -0.5f, 0.5f) : 0;
            // `before` and `after` go by rows and columns, not by the gradient's sign.
            const bool is_along = ay < 0.414f * ax ? ux > 0 : uy > 0;
            if (!is_along) shift = -shift;
            ridge[x] = {weight[x], ux, uy, shift};
            points_.push_back({float(x) + ux * shift, float(y) + uy * shift, ux, uy, weight[x]});
        }
    }
}

void EdgeMap::merge(const EdgeMap& other) {
    for (int y = 0; y < ridge_.rows; ++y) {
        auto* mine = ridge_.ptr<cv::Vec4f>(y);
        const auto* theirs = other.ridge_.ptr<cv::Vec4f>(y);
        for (int x = 0; x < ridge_.cols; ++x)
            if (theirs[x][0] > mine[x][0]) mine[x] = theirs[x];
    }
}

EdgeMap::Nearest EdgeMap::nearest(Point at, Point across, int reach) const {
    Nearest best;
    const float ux = float(across.x), uy = float(across.y);
    float fx = float(at.x) + 0.5f - ux * float(reach), fy = float(at.y) + 0.5f - uy * float(reach);
    for (int step = -reach; step <= reach; ++step, fx += ux, fy += uy) {
        if (fx < 0 || fy < 0 || fx >= float(ridge_.cols) || fy >= float(ridge_.rows)) continue;
        const int x = int(fx), y = int(fy);
        const auto& ridge = ridge_.ptr<cv::Vec4f>(y)[x];
        if (ridge[0] <= std::abs(best.weight)) continue;
        const float agreement = ridge[1] * ux + ridge[2] * uy;
        if (std::abs(agreement) < 0.9f) continue; // 26 degrees
        best.weight = agreement > 0 ? ridge[0] : -ridge[0];
        best.distance =
            (float(x) - float(at.x)) * ux + (float(y) - float(at.y)) * uy + ridge[3] * agreement;
    }
    return best;
}

std::vector<LongEdge> LineVotes::best_lines(const std::vector<EdgePoint>& points, int width,
                                            int height, std::size_t count) {
    const int reach = int(std::ceil(std::hypot(width, height))) + 2;
    const int offsets = 2 * reach + 1;
    votes_.assign(std::size_t(angle_bins) * std::size_t(offsets), 0.f);
    static const auto directions = [] {
        std::array<Point, angle_bins> all;
        for (int i = 0; i < angle_bins; ++i)
            all[std::size_t(i)] = {std::cos(2 * pi * i / angle_bins),
                                   std::sin(2 * pi * i / angle_bins)};
        return all;
    }();
    for (const auto& point : points) {
        const double angle = std::atan2(point.dy, point.dx) * angle_bins / (2 * pi);
        const int middle = int(std::lround(angle));
        for (int spread = -spread_bins; spread <= spread_bins; ++spread) {
            const int bin = ((middle + spread) % angle_bins + angle_bins) % angle_bins;
            const auto& direction = directions[std::size_t(bin)];
            const double offset = point.x * direction.x + point.y * direction.y + reach;
            const int cell = int(offset);
            const float part = float(offset - cell);
            float* at = &votes_[std::size_t(bin) * std::size_t(offsets) + std::size_t(cell)];
            at[0] += point.weight * (1 - part);
            at[1] += point.weight * part;
        }
    }
    const float least = 0.03f * float(std::min(width, height));
    peaks_.clear();
    for (int bin = 0; bin < angle_bins; ++bin) {
        const float* row = &votes_[std::size_t(bin) * std::size_t(offsets)];
        const float* before =
            &votes_[std::size_t((bin + angle_bins - 1) % angle_bins) * std::size_t(offsets)];
        const float* after = &votes_[std::size_t((bin + 1) % angle_bins) * std::size_t(offsets)];
        for (int o = 1; o + 1 < offsets; ++o) {
            const float v = row[o];
            if (v < least || v < row[o - 1] || v <= row[o + 1] || v < before[o] || v <= after[o])
                continue;
            peaks_.push_back({bin, o, v});
        }
    }
    std::sort(peaks_.begin(), peaks_.end(),
              [](const Cell& a, const Cell& b) { return a.votes > b.votes; });

    std::vector<LongEdge> lines;
    std::vector<Cell> taken;
    for (const auto& peak : peaks_) {
        if (taken.size() >= count) break;
        const bool is_near = std::any_of(taken.begin(), taken.end(), [&](const Cell& other) {
            int turn = std::abs(peak.angle - other.angle);
            turn = std::min(turn, angle_bins - turn);
            return turn <= 3 && std::abs(peak.offset - other.offset) <= 4;
        });
        if (is_near) continue;
        taken.push_back(peak);
        LongEdge edge{{directions[std::size_t(peak.angle)], double(peak.offset - reach)},
                      double(peak.votes)};
        for (const double near : {2.5, 1.5}) {
            PointSum sum;
            const auto normal = edge.line.normal;
            for (const auto& point : points) {
                if (point.dx * normal.x + point.dy * normal.y < 0.95) continue;
                const Point p{point.x, point.y};
                if (std::abs(dot(p, normal) - edge.line.offset) <= near)
                    sum.add(p, double(point.weight));
            }
            if (sum.weight <= 0) break;
            auto fitted = sum.line();
            if (dot(fitted.normal, normal) < 0) fitted = {fitted.normal * -1, -fitted.offset};
            if (dot(fitted.normal, normal) < 0.99) break; // too few points to turn it
            edge.line = fitted;
        }
        lines.push_back(edge);
    }
    return lines;
}

} // namespace drivers
