#include "tests/support/scan_metric.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace test {
namespace {

using drivers::Point;
using drivers::Quad;

// The 3x3 matrix that takes the corners of `quad` to those of the unit square.
struct Homography {
    double m[3][3];
    Point apply(Point p) const {
        const double w = m[2][0] * p.x + m[2][1] * p.y + m[2][2];
        return {(m[0][0] * p.x + m[0][1] * p.y + m[0][2]) / w,
                (m[1][0] * p.x + m[1][1] * p.y + m[1][2]) / w};
    }
};

// Heckbert's square-to-quad mapping, inverted by its adjugate.
Homography to_unit_square(const Quad& quad) {
    const auto [a, b, c, d] = quad;
    const Point s = a - b + c - d, d1 = b - c, d2 = d - c;
    const double below = cross(d1, d2);
    const double g = cross(s, d2) / below, h = cross(d1, s) / below;
    const double f[3][3] = {{b.x - a.x + g * b.x, d.x - a.x + h * d.x, a.x},
                            {b.y - a.y + g * b.y, d.y - a.y + h * d.y, a.y},
                            {g, h, 1}};
    Homography out{};
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) {
            const int i1 = (j + 1) % 3, i2 = (j + 2) % 3, j1 = (i + 1) % 3, j2 = (i + 2) % 3;
            out.m[i][j] = f[i1][j1] * f[i2][j2] - f[i1][j2] * f[i2][j1];
        }
    return out;
}

using Polygon = std::vector<Point>;

double area_of(const Polygon& polygon) {
    double sum = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i)
        sum += cross(polygon[i], polygon[(i + 1) % polygon.size()]);
    return std::abs(sum) / 2;
}

Polygon clip_to_unit_square(Polygon polygon) {
    const auto cut = [&](auto inside, auto meet) {
        Polygon kept;
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const Point a = polygon[i], b = polygon[(i + 1) % polygon.size()];
            if (inside(a)) kept.push_back(a);
            if (inside(a) != inside(b)) kept.push_back(meet(a, b));
        }
        polygon = std::move(kept);
    };
    const auto at_x = [](double x) {
        return [x](Point a, Point b) {
            return Point{x, a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x)};
        };
    };
    const auto at_y = [](double y) {
        return [y](Point a, Point b) {
            return Point{a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y), y};
        };
    };
    cut([](Point p) { return p.x >= 0; }, at_x(0));
    cut([](Point p) { return p.x <= 1; }, at_x(1));
    cut([](Point p) { return p.y >= 0; }, at_y(0));
    cut([](Point p) { return p.y <= 1; }, at_y(1));
    return polygon;
}

} // namespace

double jaccard_on_sheet(const Quad& found, const Quad& truth) {
    const auto mapping = to_unit_square(truth);
    Polygon mapped;
    for (const auto& corner : found) mapped.push_back(mapping.apply(corner));
    const double shared = area_of(clip_to_unit_square(mapped));
    return shared / (area_of(mapped) + 1 - shared);
}

double largest_corner_error(const Quad& found, const Quad& truth) {
    double best = 1e9;
    for (std::size_t turn = 0; turn < 4; ++turn)
        for (const bool mirrored : {false, true}) {
            double worst = 0;
            for (std::size_t i = 0; i < 4; ++i) {
                const auto at = mirrored ? (turn + 4 - i) % 4 : (turn + i) % 4;
                worst = std::max(worst, length(found[at] - truth[i]));
            }
            best = std::min(best, worst);
        }
    return best;
}

} // namespace test
