#include "drivers/scanner/calibration.hpp"

#include "drivers/scanner/flatten.hpp"
#include "drivers/scanner/page_finder.hpp"
#include "drivers/scanner/places.hpp"
#include "drivers/scanner/refine.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace drivers {
namespace {

using base::Picture;

// ---- limits ----

// Chosen: at 200 dpi a step over three pixels; strokes of 9 point type are 0.3 mm and run together
// beyond it.
constexpr double widest_edge_mm = 0.40;
// Chosen: below it characters of 9 point (3.2 mm) have under 15 pixels.
constexpr double least_dpi = 120;
constexpr double most_stretch = 0.03; // a circle still looks round
// Chosen: a camera 400 mm over the desk that is tilted by 3 degrees; flattening mends more, at the
// price of pixels.
constexpr double most_scale_spread = 1.10;
constexpr double most_skew = 2.5; // degrees off a right angle
constexpr double darkest_paper = 110;
constexpr double mean_clipped_from = 252;
constexpr double least_evenness = 0.60; // chosen: shadows of half the light are mended by clean-up
constexpr double most_clipped = 0.30;   // of the sheet: not a reflection, too much light
constexpr double most_glare = 0.004;    // of the sheet: a spot of 16 mm
constexpr double a4_aspect = 297.0 / 210;
constexpr double card_aspect = 85.60 / 53.98; // ISO/IEC 7810
constexpr double shape_tolerance = 0.025;

// Long side of the copy on which marks are looked for.
constexpr double search_side = 1600;

cv::Mat grey_of(const Picture& frame) {
    const cv::Mat all(frame.height, frame.width, frame.channels == 3 ? CV_8UC3 : CV_8UC1,
                      const_cast<std::uint8_t*>(frame.pixels.data()));
    cv::Mat grey;
    if (frame.channels == 3)
        cv::cvtColor(all, grey, cv::COLOR_RGB2GRAY);
    else
        grey = all.clone();
    return grey;
}

// ---- marks ----

struct Mark {
    Quad quad; // pixels of the frame
    Point centre;
    double edge_width = 0; // pixels, of the widest side
    double scale = 0;      // pixels a millimetre
    double stretch = 0;    // longer pair of sides over the shorter, minus 1
    double skew = 0;       // degrees, of the worst corner
};

Point middle_of(const Quad& quad) {
    return (quad[0] + quad[1] + quad[2] + quad[3]) * 0.25;
}

std::optional<Quad> as_quad(const std::vector<cv::Point>& contour) {
    std::vector<cv::Point> corners;
    cv::approxPolyDP(contour, corners, 0.04 * cv::arcLength(contour, true), true);
    if (corners.size() != 4 || !cv::isContourConvex(corners)) return std::nullopt;
    Quad quad;
    for (std::size_t i = 0; i < 4; ++i) quad[i] = {double(corners[i].x), double(corners[i].y)};
    return in_picture_order(quad);
}

// Dark squares with one light square inside, of the right share.
void find_in(const cv::Mat& dark, double factor, std::vector<Quad>& found) {
    std::vector<std::vector<cv::Point>> contours;
    std::vector<cv::Vec4i> tree; // next, previous, first child, parent
    cv::findContours(dark, contours, tree, cv::RETR_CCOMP, cv::CHAIN_APPROX_NONE);
    constexpr double hole_share = mark_hole_mm * mark_hole_mm / (mark_mm * mark_mm);
    for (std::size_t i = 0; i < contours.size(); ++i) {
        if (tree[i][3] >= 0 || tree[i][2] < 0) continue;
        const double size = cv::contourArea(contours[i]);
        if (size < 1000) continue;
        double largest = 0;
        std::size_t hole = 0;
        for (int child = tree[i][2]; child >= 0; child = tree[std::size_t(child)][0])
            if (const double area = cv::contourArea(contours[std::size_t(child)]); area > largest) {
                largest = area;
                hole = std::size_t(child);
            }
        if (largest < 0.6 * hole_share * size || largest > 1.6 * hole_share * size) continue;
        const auto outer = as_quad(contours[i]);
        const auto inner = as_quad(contours[hole]);
        if (!outer || !inner) continue;
        if (length(middle_of(*outer) - middle_of(*inner)) > 0.1 * std::sqrt(size)) continue;
        const auto quad = to_full_size(*outer, {factor, factor});
        const bool is_known = std::any_of(found.begin(), found.end(), [&](const Quad& other) {
            return length(middle_of(other) - middle_of(quad)) < 0.5 * std::sqrt(size) * factor;
        });
        if (!is_known) found.push_back(quad);
    }
}

std::vector<Quad> find_marks(const cv::Mat& grey) {
    const double factor = std::max(1.0, std::max(grey.cols, grey.rows) / search_side);
    cv::Mat small, light, even;
    cv::resize(grey, small, {}, 1 / factor, 1 / factor, cv::INTER_AREA);
    // The light of the paper around: a mark is darker than that, wherever it lies.
    const int reach = std::max(small.cols, small.rows) / 6 | 1;
    cv::morphologyEx(small, light, cv::MORPH_CLOSE,
                     cv::getStructuringElement(cv::MORPH_RECT, {reach, reach}));
    cv::divide(small, light, even, 255);
    std::vector<Quad> found;
    cv::Mat dark;
    for (const double threshold : {110.0, 150.0, 75.0}) {
        cv::threshold(even, dark, threshold, 255, cv::THRESH_BINARY_INV);
        find_in(dark, factor, found);
    }
    return found;
}

double at(const cv::Mat& grey, Point p) {
    const double x = std::clamp(p.x, 0.0, grey.cols - 1.001);
    const double y = std::clamp(p.y, 0.0, grey.rows - 1.001);
    const int left = int(x), top = int(y);
    const double across = x - left, down = y - top;
    const auto value = [&](int dx, int dy) {
        return double(grey.at<std::uint8_t>(top + dy, left + dx));
    };
    return (value(0, 0) * (1 - across) + value(1, 0) * across) * (1 - down) +
           (value(0, 1) * (1 - across) + value(1, 1) * across) * down;
}

// Where a profile from dark to light crosses a share of its step; in samples.
double crossing(const std::vector<double>& profile, double value) {
    for (std::size_t i = 1; i < profile.size(); ++i)
        if (profile[i - 1] < value && profile[i] >= value)
            return double(i - 1) + (value - profile[i - 1]) / (profile[i] - profile[i - 1]);
    return -1;
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

struct Side {
    Line line;
    double width = 0; // pixels from a tenth to nine tenths of the step
};

// The side from `a` to `b` of a dark square, by profiles from its inside outwards.
std::optional<Side> measure_side(const cv::Mat& grey, Point a, Point b, Point centre,
                                 double pixels_per_mm) {
    constexpr int profiles = 32;
    constexpr double step = 0.25; // pixels
    const auto along = b - a;
    Point out{along.y / length(along), -along.x / length(along)};
    if (dot(out, a - centre) < 0) out = out * -1;
    const double reach = 3.5 * pixels_per_mm;
    PointSum sum;
    std::vector<double> widths;
    for (int i = 0; i < profiles; ++i) {
        const auto foot = a + along * (0.12 + 0.76 * i / (profiles - 1));
        std::vector<double> profile;
        for (double d = -reach; d <= reach; d += step) profile.push_back(at(grey, foot + out * d));
        const auto quarter = std::ptrdiff_t(profile.size() / 4);
        const double dark = median({profile.begin(), profile.begin() + quarter});
        const double light = median({profile.end() - quarter, profile.end()});
        if (light - dark < 40) continue;
        const auto cross = [&](double share) {
            return crossing(profile, dark + share * (light - dark));
        };
        const double begins = cross(0.1), middle = cross(0.5), ends = cross(0.9);
        if (begins < 0 || middle < 0 || ends < begins) continue;
        sum.add(foot + out * (middle * step - reach), 1);
        widths.push_back((ends - begins) * step);
    }
    if (widths.size() < profiles / 2) return std::nullopt;
    return Side{sum.line(), median(std::move(widths))};
}

double degrees_off_right_angle(Point a, Point b) {
    const double cosine = dot(a, b) / (length(a) * length(b));
    return std::abs(std::asin(std::clamp(cosine, -1.0, 1.0))) * 180 / 3.14159265358979;
}

std::optional<Mark> measure(const cv::Mat& grey, const Quad& rough) {
    const auto centre = middle_of(rough);
    const double scale = std::sqrt(std::abs(area(rough))) / mark_mm;
    std::array<Side, 4> sides;
    Mark mark;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto side = measure_side(grey, rough[i], rough[(i + 1) % 4], centre, scale);
        if (!side) return std::nullopt;
        sides[i] = *side;
        mark.edge_width = std::max(mark.edge_width, side->width);
    }
    for (std::size_t i = 0; i < 4; ++i) {
        const auto corner = intersection(sides[(i + 3) % 4].line, sides[i].line);
        if (!corner) return std::nullopt;
        mark.quad[i] = *corner;
    }
    const auto side = [&](std::size_t i) { return mark.quad[(i + 1) % 4] - mark.quad[i]; };
    const double across = (length(side(0)) + length(side(2))) / 2;
    const double down = (length(side(1)) + length(side(3))) / 2;
    mark.centre = middle_of(mark.quad);
    mark.scale = std::sqrt(across * down) / mark_mm;
    mark.stretch = std::max(across, down) / std::min(across, down) - 1;
    for (std::size_t i = 0; i < 4; ++i)
        mark.skew = std::max(mark.skew, degrees_off_right_angle(side(i), side((i + 1) % 4)));
    return mark;
}

constexpr std::array five_points{Place::upper_left, Place::upper_right, Place::middle,
                                 Place::lower_left, Place::lower_right};

std::optional<Place> missing_place(const std::vector<Mark>& marks, const Picture& frame) {
    for (const auto place : five_points) {
        const bool is_there = std::any_of(marks.begin(), marks.end(), [&](const Mark& mark) {
            return place_at(mark.centre.x / frame.width, mark.centre.y / frame.height) == place;
        });
        if (!is_there) return place;
    }
    return std::nullopt;
}

CameraFinding sharpness_of(const std::vector<Mark>& marks, const Picture& frame) {
    CameraFinding finding{CameraCheck::sharpness, {}, {}, 0};
    const Mark* worst = nullptr;
    for (const auto& mark : marks) {
        const double width = mark.edge_width / mark.scale;
        if (width <= finding.value) continue;
        finding.value = width;
        worst = &mark;
    }
    if (worst == nullptr || finding.value <= widest_edge_mm) return finding;
    finding.trouble = CameraTrouble::blurred;
    finding.place = place_at(worst->centre.x / frame.width, worst->centre.y / frame.height);
    return finding;
}

CameraFinding geometry_of(const std::vector<Mark>& marks, const Picture& frame) {
    const auto by_scale = [](const Mark& a, const Mark& b) { return a.scale < b.scale; };
    const auto [smallest, largest] = std::minmax_element(marks.begin(), marks.end(), by_scale);
    CameraFinding finding{CameraCheck::geometry, {}, {}, smallest->scale * 25.4};
    std::vector<double> stretches, skews;
    for (const auto& mark : marks) {
        stretches.push_back(mark.stretch);
        skews.push_back(mark.skew);
    }
    if (finding.value < least_dpi) {
        finding.trouble = CameraTrouble::coarse;
    } else if (largest->scale > most_scale_spread * smallest->scale) {
        finding.trouble = CameraTrouble::tilted;
        finding.place =
            place_at(smallest->centre.x / frame.width, smallest->centre.y / frame.height);
    } else if (median(stretches) > most_stretch || median(skews) > most_skew) {
        finding.trouble = CameraTrouble::stretched;
    }
    return finding;
}

// ---- the sheet ----

// As it lies, from straight above, by cells of about 7 mm.
struct SheetLight {
    static constexpr int columns = 30, rows = 42, cell = 8;
    std::vector<double> cells; // medians would hide a small reflection: means of the brightest
    std::vector<bool> is_clipped;
};

std::optional<SheetLight> light_of(const Picture& frame, const Quad& quad) {
    const RefinedPage page{quad, {}, {}, {}};
    const auto flat =
        flatten(frame, page,
                {SheetLight::columns * SheetLight::cell, SheetLight::rows * SheetLight::cell, 1});
    if (flat.empty()) return std::nullopt;
    const auto grey = grey_of(flat);
    SheetLight light;
    for (int row = 0; row < SheetLight::rows; ++row)
        for (int column = 0; column < SheetLight::columns; ++column) {
            const cv::Rect box(column * SheetLight::cell, row * SheetLight::cell, SheetLight::cell,
                               SheetLight::cell);
            const double mean = cv::mean(grey(box))[0];
            light.cells.push_back(mean);
            light.is_clipped.push_back(mean >= mean_clipped_from);
        }
    return light;
}

// The border of the sheet is left out: a corner that curls throws a shadow.
bool is_inside(int column, int row) {
    return column >= 2 && row >= 2 && column < SheetLight::columns - 2 &&
           row < SheetLight::rows - 2;
}

// Where a cell of the sheet is in the picture.
Place place_of(const Picture& frame, const Quad& quad, int column, int row) {
    const double u = (column + 0.5) / SheetLight::columns, v = (row + 0.5) / SheetLight::rows;
    const auto top = quad[0] * (1 - u) + quad[1] * u, bottom = quad[3] * (1 - u) + quad[2] * u;
    const auto p = top * (1 - v) + bottom * v;
    return place_at(p.x / frame.width, p.y / frame.height);
}

CameraFinding evenness_of(const SheetLight& light, const Picture& frame, const Quad& quad) {
    CameraFinding finding{CameraCheck::light, {}, {}, 0};
    double darkest = 1e9, brightest = 0;
    std::size_t clipped = 0, all = 0;
    Place place = Place::middle;
    for (int row = 1; row + 1 < SheetLight::rows; ++row)
        for (int column = 1; column + 1 < SheetLight::columns; ++column) {
            if (!is_inside(column, row)) continue;
            const auto at = std::size_t(row * SheetLight::columns + column);
            ++all;
            clipped += light.is_clipped[at] ? 1 : 0;
            // A speck on the sheet is no shadow: what is dark all around is.
            double around = 0;
            for (int dy = -1; dy <= 1; ++dy)
                for (int dx = -1; dx <= 1; ++dx)
                    around = std::max(
                        around,
                        light.cells[std::size_t((row + dy) * SheetLight::columns + column + dx)]);
            brightest = std::max(brightest, around);
            if (around >= darkest) continue;
            darkest = around;
            place = place_of(frame, quad, column, row);
        }
    finding.value = darkest / std::max(1.0, brightest);
    if (brightest < darkest_paper) {
        finding.trouble = CameraTrouble::dark;
    } else if (double(clipped) > most_clipped * double(all)) {
        finding.trouble = CameraTrouble::bright;
    } else if (finding.value < least_evenness) {
        finding.trouble = CameraTrouble::uneven;
        finding.place = place;
    }
    return finding;
}

CameraFinding glare_on(const SheetLight& light, const Picture& frame, const Quad& quad) {
    CameraFinding finding{CameraCheck::glare, {}, {}, 0};
    int x = 0, y = 0, count = 0, all = 0;
    for (int row = 0; row < SheetLight::rows; ++row)
        for (int column = 0; column < SheetLight::columns; ++column) {
            if (!is_inside(column, row)) continue;
            ++all;
            if (!light.is_clipped[std::size_t(row * SheetLight::columns + column)]) continue;
            ++count;
            x += column;
            y += row;
        }
    finding.value = double(count) / all;
    // All of it clipped is too much light, which is the other check's.
    if (finding.value <= most_glare || finding.value > most_clipped) return finding;
    finding.trouble = CameraTrouble::dazzled;
    finding.place = place_of(frame, quad, x / count, y / count);
    return finding;
}

struct Found {
    std::optional<Quad> quad;
    CameraTrouble trouble = CameraTrouble::none;
    double aspect = 0;
};

Found find_shape(const Picture& frame, double wanted) {
    Found found;
    PageFinder finder;
    const auto sheet = finder.find(frame);
    if (!sheet || sheet->is_cut) return {std::nullopt, CameraTrouble::not_found, 0};
    const double uncertainty = std::max(4.0, 2.0 * std::max(frame.width, frame.height) / 512);
    found.quad = refine(frame, sheet->quad, uncertainty).quad;
    const double aspect = sheet_aspect(*found.quad, frame.width, frame.height);
    found.aspect = std::max(aspect, 1 / aspect);
    if (std::abs(std::log(found.aspect / wanted)) > shape_tolerance)
        found.trouble = CameraTrouble::wrong_shape;
    return found;
}

} // namespace

std::string_view to_string(CameraCheck check) {
    switch (check) {
    case CameraCheck::sharpness: return "sharpness";
    case CameraCheck::geometry: return "geometry";
    case CameraCheck::light: return "light";
    case CameraCheck::glare: return "glare";
    case CameraCheck::sheet: return "sheet";
    case CameraCheck::card: return "card";
    }
    CHECK(false);
}

std::string_view to_string(CameraTrouble trouble) {
    switch (trouble) {
    case CameraTrouble::none: return "none";
    case CameraTrouble::no_mark: return "no_mark";
    case CameraTrouble::blurred: return "blurred";
    case CameraTrouble::coarse: return "coarse";
    case CameraTrouble::stretched: return "stretched";
    case CameraTrouble::tilted: return "tilted";
    case CameraTrouble::dark: return "dark";
    case CameraTrouble::bright: return "bright";
    case CameraTrouble::uneven: return "uneven";
    case CameraTrouble::dazzled: return "dazzled";
    case CameraTrouble::not_found: return "not_found";
    case CameraTrouble::wrong_shape: return "wrong_shape";
    }
    CHECK(false);
}

Picture calibration_mark(int dots_per_mm) {
    const int side = int(mark_mm) * dots_per_mm, hole = int(mark_hole_mm) * dots_per_mm;
    Picture mark{side, side, 1, base::Bytes(std::size_t(side) * std::size_t(side), 0)};
    const int from = (side - hole) / 2;
    for (int y = from; y < from + hole; ++y)
        std::fill_n(mark.row(y) + from, hole, std::uint8_t(255));
    return mark;
}

std::vector<CameraFinding> look_at_marks(const Picture& frame) {
    CHECK(!frame.empty());
    const auto grey = grey_of(frame);
    std::vector<Mark> marks;
    for (const auto& rough : find_marks(grey))
        if (auto mark = measure(grey, rough)) marks.push_back(*mark);
    if (const auto missing = missing_place(marks, frame))
        return {{CameraCheck::sharpness, CameraTrouble::no_mark, missing, 0},
                {CameraCheck::geometry, CameraTrouble::no_mark, missing, 0}};
    return {sharpness_of(marks, frame), geometry_of(marks, frame)};
}

std::vector<CameraFinding> look_at_blank_sheet(const Picture& frame) {
    CHECK(!frame.empty());
    const auto found = find_shape(frame, a4_aspect);
    const CameraFinding sheet{CameraCheck::sheet, found.trouble, {}, found.aspect};
    const auto light = found.quad ? light_of(frame, *found.quad) : std::nullopt;
    if (!light)
        return {{CameraCheck::light, CameraTrouble::not_found, {}, 0},
                {CameraCheck::glare, CameraTrouble::not_found, {}, 0},
                sheet};
    return {evenness_of(*light, frame, *found.quad), glare_on(*light, frame, *found.quad), sheet};
}

std::vector<CameraFinding> look_at_card(const Picture& frame) {
    CHECK(!frame.empty());
    const auto found = find_shape(frame, card_aspect);
    return {{CameraCheck::card, found.trouble, {}, found.aspect}};
}

} // namespace drivers
