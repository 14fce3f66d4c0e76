// Four corners of a sheet in a picture, and the plane geometry the scanner needs.
//
// Pixel centres lie at integers. Corners run clockwise as seen in the picture, from the one that is
// upper left there: TL TR BR BL.
#pragma once

#include <array>
#include <optional>

namespace drivers {

struct Point {
    double x = 0;
    double y = 0;
};
using Quad = std::array<Point, 4>; // TL TR BR BL

inline Point operator+(Point a, Point b) {
    return {a.x + b.x, a.y + b.y};
}
inline Point operator-(Point a, Point b) {
    return {a.x - b.x, a.y - b.y};
}
inline Point operator*(Point a, double k) {
    return {a.x * k, a.y * k};
}
inline double dot(Point a, Point b) {
    return a.x * b.x + a.y * b.y;
}
inline double cross(Point a, Point b) {
    return a.x * b.y - a.y * b.x;
}
double length(Point a);

// Signed: positive when the corners run clockwise in a picture (y grows downwards).
double area(const Quad& quad);
bool is_convex(const Quad& quad);
// The same corners, clockwise, starting at the one that is upper left in the picture.
Quad in_picture_order(const Quad& quad);
Quad scaled(const Quad& quad, double factor);
// A pixel of a reduced copy covers `factor` pixels of the picture, so centres move by half of that.
Point to_full_size(Point p, Point factor);
Quad to_full_size(const Quad& quad, Point factor);
Quad to_reduced_size(const Quad& quad, Point factor);
// Largest distance between corners of the same place.
double largest_move(const Quad& a, const Quad& b);
bool contains(const Quad& quad, Point p);
// Width of the widest strip along a side of one of them that lies between two convex quads;
// negative where they overlap.
double gap_between(const Quad& a, const Quad& b);

// A line n*p = c with |n| = 1.
struct Line {
    Point normal;
    double offset = 0;
};
std::optional<Point> intersection(const Line& a, const Line& b);
Line line_through(Point a, Point b);

// Weighted points and the line that fits them best.
struct PointSum {
    double weight = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    void add(Point p, double w);
    Line line() const; // of at least two points
};

// Width over height of the flat sheet that looks like `quad`, by the two vanishing points and a
// camera whose axis goes through the middle of the picture. Where the perspective is too weak for
// that: by the lengths of the sides.
double sheet_aspect(const Quad& quad, int picture_width, int picture_height);

} // namespace drivers
