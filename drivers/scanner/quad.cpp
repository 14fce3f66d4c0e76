#include "drivers/scanner/quad.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace drivers {

double length(Point a) {
    return std::hypot(a.x, a.y);
}

double area(const Quad& quad) {
    return 0.5 * cross(quad[2] - quad[0], quad[3] - quad[1]);
}

bool is_convex(const Quad& quad) {
    int sign = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const double turn =
            cross(quad[(i + 1) % 4] - quad[i], quad[(i + 2) % 4] - quad[(i + 1) % 4]);
        if (turn == 0) return false;
        const int now = turn > 0 ? 1 : -1;
        if (sign != 0 && now != sign) return false;
        sign = now;
    }
    return true;
}

Quad in_picture_order(const Quad& quad) {
    Quad clockwise = quad;
    if (area(clockwise) < 0) std::swap(clockwise[1], clockwise[3]);
    std::size_t first = 0;
    for (std::size_t i = 1; i < 4; ++i)
        if (clockwise[i].x + clockwise[i].y < clockwise[first].x + clockwise[first].y) first = i;
    // Turned by more than 45 degrees the upper left corner is a matter of taste: the top side is
    // the one that is nearest to level.
    const auto level = [&](std::size_t from) {
        const auto side = clockwise[(from + 1) % 4] - clockwise[from];
        return side.x / std::max(length(side), 1e-9);
    };
    for (const std::size_t other : {(first + 3) % 4, (first + 1) % 4})
        if (level(other) > level(first)) first = other;
    return {clockwise[first], clockwise[(first + 1) % 4], clockwise[(first + 2) % 4],
            clockwise[(first + 3) % 4]};
}

Quad scaled(const Quad& quad, double factor) {
    Quad out;
    for (std::size_t i = 0; i < 4; ++i) out[i] = quad[i] * factor;
    return out;
}

Point to_full_size(Point p, Point factor) {
    return {p.x * factor.x + (factor.x - 1) / 2, p.y * factor.y + (factor.y - 1) / 2};
}

Quad to_full_size(const Quad& quad, Point factor) {
    Quad out;
    for (std::size_t i = 0; i < 4; ++i) out[i] = to_full_size(quad[i], factor);
    return out;
}

Quad to_reduced_size(const Quad& quad, Point factor) {
    Quad out;
    for (std::size_t i = 0; i < 4; ++i)
        out[i] = {(quad[i].x - (factor.x - 1) / 2) / factor.x,
                  (quad[i].y - (factor.y - 1) / 2) / factor.y};
    return out;
}

double largest_move(const Quad& a, const Quad& b) {
    double most = 0;
    for (std::size_t i = 0; i < 4; ++i) most = std::max(most, length(a[i] - b[i]));
    return most;
}

double gap_between(const Quad& a, const Quad& b) {
    double widest = -1e18;
    for (const auto& [one, other] : {std::pair{&a, &b}, std::pair{&b, &a}}) {
        const double sign = area(*one) < 0 ? -1 : 1;
        for (std::size_t i = 0; i < 4; ++i) {
            const Point from = (*one)[i], side = (*one)[(i + 1) % 4] - from;
            double nearest = 1e18;
            for (const auto& corner : *other)
                nearest = std::min(nearest, -sign * cross(side, corner - from));
            widest = std::max(widest, nearest / std::max(length(side), 1e-9));
        }
    }
    return widest;
}

bool contains(const Quad& quad, Point p) {
    const double sign = area(quad) < 0 ? -1 : 1;
    for (std::size_t i = 0; i < 4; ++i)
        if (sign * cross(quad[(i + 1) % 4] - quad[i], p - quad[i]) < 0) return false;
    return true;
}

std::optional<Point> intersection(const Line& a, const Line& b) {
    const double determinant = cross(a.normal, b.normal);
    if (std::abs(determinant) < 1e-6) return std::nullopt;
    return Point{(a.offset * b.normal.y - b.offset * a.normal.y) / determinant,
                 (a.normal.x * b.offset - b.normal.x * a.offset) / determinant};
}

Line line_through(Point a, Point b) {
    const auto along = b - a;
    const double size = std::max(length(along), 1e-12);
    const Point normal{-along.y / size, along.x / size};
    return {normal, dot(normal, a)};
}

void PointSum::add(Point p, double w) {
    weight += w;
    x += w * p.x;
    y += w * p.y;
    xx += w * p.x * p.x;
    xy += w * p.x * p.y;
    yy += w * p.y * p.y;
}

Line PointSum::line() const {
    const double mx = x / weight, my = y / weight;
    const double cxx = xx / weight - mx * mx, cxy = xy / weight - mx * my,
                 cyy = yy / weight - my * my;
    const double turn = 0.5 * std::atan2(2 * cxy, cxx - cyy);
    const Point normal{-std::sin(turn), std::cos(turn)};
    return {normal, normal.x * mx + normal.y * my};
}

double sheet_aspect(const Quad& quad, int picture_width, int picture_height) {
    const Point middle{(picture_width - 1) / 2.0, (picture_height - 1) / 2.0};
    const auto m1 = quad[0] - middle, m2 = quad[1] - middle, m4 = quad[2] - middle,
               m3 = quad[3] - middle;
    const double by_sides =
        (length(m2 - m1) + length(m4 - m3)) / std::max(length(m3 - m1) + length(m4 - m2), 1e-9);
    // Zhang and He, "Whiteboard scanning and image enhancement" (2006): the ratio of a rectangle
    // seen through a camera with unknown focal length.
    const auto triple = [](Point a, Point b, Point c) {
        return cross(a, b) + cross(b, c) + cross(c, a);
    };
    const double k2_below = triple(m2, m4, m3), k3_below = triple(m3, m4, m2);
    if (std::abs(k2_below) < 1e-6 || std::abs(k3_below) < 1e-6) return by_sides;
    const double k2 = triple(m1, m4, m3) / k2_below, k3 = triple(m1, m4, m2) / k3_below;
    const Point n2 = m2 * k2 - m1, n3 = m3 * k3 - m1;
    const double n2_depth = k2 - 1, n3_depth = k3 - 1;
    if (std::abs(n2_depth * n3_depth) < 1e-3) return by_sides;
    const double focal_squared = -dot(n2, n3) / (n2_depth * n3_depth);
    const double side = std::max(picture_width, picture_height);
    // Lenses of document cameras and phones: 40 to 110 degrees across (chosen: generous).
    if (focal_squared < 0.15 * side * side || focal_squared > 9 * side * side) return by_sides;
    const double ratio = (dot(n2, n2) / focal_squared + n2_depth * n2_depth) /
                         (dot(n3, n3) / focal_squared + n3_depth * n3_depth);
    return std::sqrt(ratio);
}

} // namespace drivers
