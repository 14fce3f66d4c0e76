#include "drivers/scanner/flatten.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace drivers {
namespace {

using base::Picture;

constexpr double a4_ratio = 297.0 / 210, id1_ratio = 85.6 / 53.98;
constexpr double a4_long_mm = 297, id1_long_mm = 85.6;

cv::Mat as_mat(const Picture& picture) {
    return {picture.height, picture.width, picture.channels == 1 ? CV_8UC1 : CV_8UC3,
            const_cast<std::uint8_t*>(picture.pixels.data())};
}

Picture empty_page(int width, int height, int channels) {
    Picture picture{width, height, channels, {}};
    picture.pixels.resize(picture.row_bytes() * std::size_t(height));
    return picture;
}

std::vector<cv::Point2f> corners_of(const Quad& quad) {
    std::vector<cv::Point2f> corners;
    for (const auto& p : quad) corners.emplace_back(float(p.x), float(p.y));
    return corners;
}

// How far each border of the sheet bows, as shifts that fade towards the opposite border.
class Bows {
public:
    Bows(const RefinedPage& page, const cv::Matx33d& from_unit)
        : page_(page), from_unit_(from_unit) {
        const double clockwise = area(page.quad) > 0 ? 1 : -1;
        for (std::size_t i = 0; i < 4; ++i) {
            const Point along = page.quad[(i + 1) % 4] - page.quad[i];
            inward_[i] = Point{-along.y, along.x} * (clockwise / std::max(length(along), 1e-9));
        }
    }
    Point apply(double u, double v) const {
        const cv::Vec3d p = from_unit_ * cv::Vec3d(u, v, 1);
        Point at{p[0] / p[2], p[1] / p[2]};
        at = at + shift(0, u, 0) * (1 - v) + shift(2, u, 1) * v;
        at = at + shift(3, 0, v) * (1 - u) + shift(1, 1, v) * u;
        return at;
    }

private:
    // Of side `i` at the place that (u, v) on the border has along its chord.
    Point shift(std::size_t i, double u, double v) const {
        if (page_.bow[i] == 0) return {};
        const cv::Vec3d p = from_unit_ * cv::Vec3d(u, v, 1);
        const Point at{p[0] / p[2], p[1] / p[2]};
        const Point along = page_.quad[(i + 1) % 4] - page_.quad[i];
        const double s = 2 * dot(at - page_.quad[i], along) / dot(along, along) - 1;
        return inward_[i] * (page_.bow[i] * (1 - s * s));
    }

    const RefinedPage& page_;
    cv::Matx33d from_unit_;
    std::array<Point, 4> inward_;
};

} // namespace

FlatSize flat_size(const Quad& quad, int picture_width, int picture_height, int dpi) {
    double aspect = sheet_aspect(quad, picture_width, picture_height);
    aspect = std::clamp(aspect, 0.1, 10.0);
    const double across = (length(quad[1] - quad[0]) + length(quad[2] - quad[3])) / 2;
    const double down = (length(quad[3] - quad[0]) + length(quad[2] - quad[1])) / 2;
    const double seen = std::max(across, down);
    const bool is_wide = aspect > 1;
    double ratio = is_wide ? aspect : 1 / aspect;
    double long_mm = a4_long_mm;
    // ID-1 and A4 differ by 12 %. A card is told from half a sheet by nothing but its shape.
    if (std::abs(ratio / a4_ratio - 1) < 0.06) {
        ratio = a4_ratio;
    } else if (std::abs(ratio / id1_ratio - 1) < 0.03) {
        ratio = id1_ratio;
        long_mm = id1_long_mm;
    }
    double long_side = long_mm / 25.4 * dpi;
    FlatSize size;
    size.dpi = dpi;
    // Blown up at most by half: more pixels would hold nothing more.
    if (long_side > 1.5 * seen) {
        size.dpi = std::max(1, int(std::lround(1.5 * seen * 25.4 / long_mm)));
        long_side = size.dpi * long_mm / 25.4;
    }
    const int longer = std::max(16, int(std::lround(long_side)));
    const int shorter = std::max(16, int(std::lround(long_side / ratio)));
    size.width = is_wide ? longer : shorter;
    size.height = is_wide ? shorter : longer;
    return size;
}

namespace {

Picture flatten_or_throw(const Picture& frame, const RefinedPage& page, const FlatSize& size) {
    // Only the part that holds the sheet, and no finer than needed: a frame of 40 million pixels
    // must not alias.
    double left = frame.width, top = frame.height, right = 0, bottom = 0, most = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto& corner = page.quad[i];
        const double bow = std::abs(page.bow[i]) + 4;
        left = std::min(left, corner.x - bow);
        right = std::max(right, corner.x + bow);
        top = std::min(top, corner.y - bow);
        bottom = std::max(bottom, corner.y + bow);
        most = std::max(most, length(page.quad[(i + 1) % 4] - corner));
    }
    const int x0 = std::clamp(int(left), 0, frame.width - 1);
    const int y0 = std::clamp(int(top), 0, frame.height - 1);
    const int x1 = std::clamp(int(right) + 1, x0 + 1, frame.width);
    const int y1 = std::clamp(int(bottom) + 1, y0 + 1, frame.height);
    cv::Mat part = as_mat(frame)(cv::Rect(x0, y0, x1 - x0, y1 - y0));
    RefinedPage local = page;
    for (auto& corner : local.quad) corner = corner - Point{double(x0), double(y0)};
    const double shrink = most / std::max(size.width, size.height);
    if (shrink > 1.6) {
        const cv::Size smaller(std::max(16, int(part.cols / shrink)),
                               std::max(16, int(part.rows / shrink)));
        const Point factor{double(part.cols) / smaller.width, double(part.rows) / smaller.height};
        cv::Mat reduced;
        cv::resize(part, reduced, smaller, 0, 0, cv::INTER_AREA);
        part = reduced;
        local.quad = to_reduced_size(local.quad, factor);
        for (auto& bow : local.bow) bow /= (factor.x + factor.y) / 2;
    }

    const std::vector<cv::Point2f> unit{{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    const cv::Mat mapping = cv::getPerspectiveTransform(unit, corners_of(local.quad));
    const cv::Matx33d from_unit(mapping.ptr<double>());
    // Positions on a coarse grid, filled in between: the mapping is smooth.
    constexpr int cell = 8;
    const int columns = size.width / cell + 2, rows = size.height / cell + 2;
    cv::Mat coarse(rows, columns, CV_32FC2);
    const Bows bows(local, from_unit);
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < columns; ++c) {
            const Point at =
                bows.apply((c * cell + 0.5) / size.width, (r * cell + 0.5) / size.height);
            coarse.at<cv::Vec2f>(r, c) = {float(at.x), float(at.y)};
        }
    auto flat = empty_page(size.width, size.height, frame.channels);
    cv::Mat out = as_mat(flat);
    cv::Mat places(cell, size.width, CV_32FC2);
    for (int r = 0; r * cell < size.height; ++r) {
        const int high = std::min(cell, size.height - r * cell);
        for (int y = 0; y < high; ++y) {
            const float fy = float(y) / cell;
            auto* row = places.ptr<cv::Vec2f>(y);
            for (int x = 0; x < size.width; ++x) {
                const int c = x / cell;
                const float fx = float(x % cell) / cell;
                const auto a =
                    coarse.at<cv::Vec2f>(r, c) * (1 - fx) + coarse.at<cv::Vec2f>(r, c + 1) * fx;
                const auto b = coarse.at<cv::Vec2f>(r + 1, c) * (1 - fx) +
                               coarse.at<cv::Vec2f>(r + 1, c + 1) * fx;
                row[x] = a * (1 - fy) + b * fy;
            }
        }
        cv::Mat strip = out.rowRange(r * cell, r * cell + high);
        cv::remap(part, strip, places.rowRange(0, high), cv::noArray(), cv::INTER_CUBIC,
                  cv::BORDER_REPLICATE);
    }
    return flat;
}

// Paper brightness of each channel, at half size, from the light places around.
cv::Mat paper_light(const cv::Mat& half) {
    const auto closed = [&](const cv::Mat& in, int side) {
        cv::Mat out;
        cv::morphologyEx(in, out, cv::MORPH_CLOSE,
                         cv::getStructuringElement(cv::MORPH_RECT, {side, side}), {-1, -1}, 1,
                         cv::BORDER_REPLICATE);
        return out;
    };
    // Closing keeps a straight shadow's edge where it is, which a median of the same size rounds
    // off. A twentieth of an inch: bold strokes of a heading fit, solid shapes do not.
    const int stroke = std::max(9, std::max(half.cols, half.rows) / 90) | 1;
    cv::Mat calm;
    cv::GaussianBlur(half, calm, {0, 0}, 0.8);
    cv::Mat near = closed(calm, stroke);
    cv::medianBlur(near, near, 5);

    // What is solid, coloured or black, is measured against paper farther away, at an eighth of
    // size.
    cv::Mat small, far;
    cv::resize(near, small, {std::max(8, half.cols / 4), std::max(8, half.rows / 4)}, 0, 0,
               cv::INTER_AREA);
    const int solid = std::max(9, std::max(small.cols, small.rows) / 9) | 1;
    far = closed(small, solid);
    cv::medianBlur(far, far, 5);
    cv::GaussianBlur(far, far, {0, 0}, solid / 4.0);
    cv::resize(far, far, half.size(), 0, 0, cv::INTER_LINEAR);

    // How much a place is print rather than shaded paper, 0 to 1.
    cv::Mat print(half.size(), CV_32F);
    for (int y = 0; y < half.rows; ++y) {
        const auto* n = near.ptr<std::uint8_t>(y);
        const auto* f = far.ptr<std::uint8_t>(y);
        auto* p = print.ptr<float>(y);
        const int channels = half.channels();
        for (int x = 0; x < half.cols; ++x, n += channels, f += channels) {
            float least = 10, most = 0;
            for (int c = 0; c < channels; ++c) {
                const float ratio = (float(n[c]) + 1) / (float(f[c]) + 1);
                least = std::min(least, ratio);
                most = std::max(most, ratio);
            }
            const float tint = (1 - least / std::max(most, 0.01f) - 0.18f) / 0.15f;
            const float black = (0.34f - most) / 0.08f;
            p[x] = std::clamp(std::max(tint, black), 0.f, 1.f);
        }
    }
    cv::dilate(print, print, cv::getStructuringElement(cv::MORPH_RECT, {7, 7}));
    cv::GaussianBlur(print, print, {0, 0}, 2.0);
    for (int y = 0; y < half.rows; ++y) {
        auto* n = near.ptr<std::uint8_t>(y);
        const auto* f = far.ptr<std::uint8_t>(y);
        const auto* p = print.ptr<float>(y);
        for (int x = 0; x < half.cols; ++x)
            for (int c = 0; c < half.channels(); ++c, ++n, ++f)
                *n = std::uint8_t(
                    std::lround(float(*n) * (1 - p[x]) + float(std::max(*n, *f)) * p[x]));
    }
    cv::GaussianBlur(near, near, {0, 0}, 1.2);
    return near;
}

Picture clean_up_or_throw(const Picture& page) {
    // Most pages are blown up a little: what is finer than this is jags along level strokes, which
    // the tone curve below would make steep, and noise.
    cv::Mat in, half, light;
    cv::GaussianBlur(as_mat(page), in, {0, 0}, 0.6);
    cv::resize(in, half, {std::max(8, page.width / 2), std::max(8, page.height / 2)}, 0, 0,
               cv::INTER_AREA);
    cv::resize(paper_light(half), light, in.size(), 0, 0, cv::INTER_LINEAR);
    auto clean = empty_page(page.width, page.height, page.channels);
    // Paper from 0.92 of its own light on is white: its grain and the sensor's noise. What is below
    // a tenth is black. A steeper curve eats the soft sides of thin strokes (README, Measured).
    constexpr float white = 0.92f, black = 0.10f;
    static const auto tone = [] {
        std::array<std::uint8_t, 512> curve{};
        for (std::size_t i = 0; i < curve.size(); ++i) {
            const float part = (float(i) / 400.f - black) / (white - black);
            curve[i] = std::uint8_t(std::lround(255 * std::clamp(part, 0.f, 1.f)));
        }
        return curve;
    }();
    for (int y = 0; y < page.height; ++y) {
        const auto* from = in.ptr<std::uint8_t>(y);
        const auto* paper = light.ptr<std::uint8_t>(y);
        auto* to = clean.row(y);
        for (std::size_t i = 0; i < page.row_bytes(); ++i) {
            const int part = int(from[i]) * 400 / std::max(8, int(paper[i]));
            to[i] = tone[std::size_t(std::min(part, 511))];
        }
    }
    return clean;
}

} // namespace

Picture flatten(const Picture& frame, const RefinedPage& page, const FlatSize& size) {
    try {
        return flatten_or_throw(frame, page, size);
    } catch (const cv::Exception&) {
        return {};
    }
}

Picture clean_up(const Picture& page) {
    if (page.empty()) return {};
    try {
        return clean_up_or_throw(page);
    } catch (const cv::Exception&) {
        return {};
    }
}

bool has_colour(const Picture& clean) {
    if (clean.channels == 1) return false;
    // Colour fringes of sharp black edges are one pixel wide; a seal's line or a pen's is not.
    const auto small =
        base::shrink_to_fit(clean, std::max(8, clean.width / 4), std::max(8, clean.height / 4));
    std::size_t coloured = 0;
    for (std::size_t i = 0; i + 2 < small.pixels.size(); i += 3) {
        const auto [least, most] =
            std::minmax({small.pixels[i], small.pixels[i + 1], small.pixels[i + 2]});
        coloured += most - least > 48 ? 1 : 0;
    }
    // A seal of 38 mm on A4 covers about 0.3 % with its lines, a signature in blue 0.05 %.
    return double(coloured) > 0.0003 * double(small.pixels.size() / 3);
}

bool has_tones(const Picture& clean) {
    // Grey that goes on. Letters are grey at their edges alone, where the step to white is near.
    constexpr int beside = 2, least = 60, most = 190, step = 40;
    const int channels = clean.channels, g = channels == 3 ? 1 : 0;
    std::size_t grey = 0, all = 0;
    for (int y = beside; y + beside < clean.height; y += 3)
        for (int x = beside; x + beside < clean.width; x += 3) {
            ++all;
            const auto value = [&](int dx, int dy) {
                return int(clean.row(y + dy)[(x + dx) * channels + g]);
            };
            const int here = value(0, 0);
            if (here < least || here > most) continue;
            const auto [low, high] = std::minmax(
                {here, value(-beside, 0), value(beside, 0), value(0, -beside), value(0, beside)});
            grey += high - low < step ? 1 : 0;
        }
    // A passport photograph covers 2.5 % of A4, a third of it at least in such tones.
    return double(grey) > 0.004 * double(all);
}

} // namespace drivers
