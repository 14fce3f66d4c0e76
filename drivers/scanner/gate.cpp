#include "drivers/scanner/gate.hpp"

#include "kiosk/base/check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace drivers {
namespace {

using base::Picture;

// Limits. Measured on the developer data and on our own scenes, see README; each lies between what
// must pass and what must be refused.
constexpr double dark_below = 40;    // paper's brightness
constexpr double wide_edge = 5.0;    // pixels
constexpr double glare_share = 0.10; // of the sheet, in one patch
constexpr double overexposed_share =
    0.85;                               // of the paper; chosen: a reflection has dim surroundings
constexpr double covered_share = 0.025; // of a side
constexpr double least_side = 120;      // pixels: below that nothing can be read on any sheet
constexpr int clipped_from = 250;

struct Rgb {
    double r = 0, g = 0, b = 0;
};
double light(const Rgb& c) {
    return 0.299 * c.r + 0.587 * c.g + 0.114 * c.b;
}
double distance(const Rgb& a, const Rgb& b) {
    return std::hypot(a.r - b.r, a.g - b.g, a.b - b.b);
}

bool is_inside(const Picture& frame, Point at) {
    return at.x >= 0 && at.y >= 0 && at.x <= frame.width - 1 && at.y <= frame.height - 1;
}

// Mean of a small square; the nearest pixels outside of the picture.
Rgb colour_at(const Picture& frame, Point at, int reach) {
    Rgb sum;
    int count = 0;
    const int cx = int(std::lround(at.x)), cy = int(std::lround(at.y));
    for (int y = cy - reach; y <= cy + reach; ++y)
        for (int x = cx - reach; x <= cx + reach; ++x) {
            const auto* pixel = frame.row(std::clamp(y, 0, frame.height - 1)) +
                                std::clamp(x, 0, frame.width - 1) * frame.channels;
            sum.r += pixel[0];
            sum.g += pixel[frame.channels == 3 ? 1 : 0];
            sum.b += pixel[frame.channels == 3 ? 2 : 0];
            ++count;
        }
    return {sum.r / count, sum.g / count, sum.b / count};
}

double percentile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    const auto at = std::ptrdiff_t(share * double(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[std::size_t(at)];
}

// x and y from 0 to 1 across the sheet, perspective left aside: good enough for a grid.
Point on_sheet(const Quad& quad, double x, double y) {
    const Point top = quad[0] * (1 - x) + quad[1] * x, bottom = quad[3] * (1 - x) + quad[2] * x;
    return top * (1 - y) + bottom * y;
}

Place place_at(double x, double y) {
    const int column = x < 1.0 / 3 ? 0 : x < 2.0 / 3 ? 1 : 2;
    const int row = y < 1.0 / 3 ? 0 : y < 2.0 / 3 ? 1 : 2;
    return Place(row * 3 + column);
}

// The sheet as a coarse grid of brightness, and which cells are clipped in all colours.
struct Grid {
    static constexpr int size = 96;
    std::vector<double> light;
    std::vector<std::uint8_t> clipped;
};

Grid look_at(const Picture& frame, const Quad& quad) {
    Grid grid;
    for (int v = 0; v < Grid::size; ++v)
        for (int u = 0; u < Grid::size; ++u) {
            const Point at = on_sheet(quad, (u + 0.5) / Grid::size, (v + 0.5) / Grid::size);
            const auto c = colour_at(frame, at, 1);
            grid.light.push_back(light(c));
            grid.clipped.push_back(std::min({c.r, c.g, c.b}) >= clipped_from ? 1 : 0);
        }
    return grid;
}

struct Patch {
    double share = 0;
    double x = 0, y = 0; // its middle, 0 to 1
};

Patch largest_patch(const Grid& grid) {
    constexpr int n = Grid::size;
    auto left = grid.clipped;
    Patch best;
    std::vector<int> todo;
    for (int start = 0; start < n * n; ++start) {
        if (left[std::size_t(start)] == 0) continue;
        double count = 0, sx = 0, sy = 0;
        todo.assign(1, start);
        left[std::size_t(start)] = 0;
        while (!todo.empty()) {
            const int cell = todo.back();
            todo.pop_back();
            const int x = cell % n, y = cell / n;
            count += 1;
            sx += x + 0.5;
            sy += y + 0.5;
            const std::array<std::array<int, 2>, 4> next{
                {{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}}};
            for (const auto& [nx, ny] : next) {
                if (nx < 0 || ny < 0 || nx >= n || ny >= n) continue;
                auto& flag = left[std::size_t(ny * n + nx)];
                if (flag == 0) continue;
                flag = 0;
                todo.push_back(ny * n + nx);
            }
        }
        if (count / (n * n) > best.share) best = {count / (n * n), sx / count / n, sy / count / n};
    }
    return best;
}

// Widths of the steps between dark and light along one line through the frame.
void collect_steps(const Picture& frame, Point from, Point to, double least_height,
                   std::vector<double>& widths, std::vector<double>& heights) {
    const double size = length(to - from);
    if (size < 16) return;
    const Point step = (to - from) * (1 / size);
    const int count = int(size);
    std::vector<float> values;
    values.reserve(std::size_t(count));
    for (int i = 0; i < count; ++i) {
        const Point at = from + step * i;
        if (!is_inside(frame, at)) return;
        // Bilinear: nearest pixels would make slanted edges look sharp.
        const int x = std::min(int(at.x), frame.width - 2),
                  y = std::min(int(at.y), frame.height - 2);
        const float fx = float(at.x) - float(x), fy = float(at.y) - float(y);
        const int g = frame.channels == 3 ? 1 : 0; // green is sharpest and has least noise
        const auto value = [&](int px, int py) {
            return float(frame.row(py)[px * frame.channels + g]);
        };
        const float top = value(x, y) * (1 - fx) + value(x + 1, y) * fx;
        const float low = value(x, y + 1) * (1 - fx) + value(x + 1, y + 1) * fx;
        values.push_back(top * (1 - fy) + low * fy);
    }
    // Runs in one direction, forgiving a tenth of the height.
    int start = 0, turn = 0;
    int direction = 0;
    const auto close = [&](int last) {
        const double height =
            std::abs(double(values[std::size_t(last)] - values[std::size_t(start)]));
        if (height < least_height) return;
        double steepest = 0;
        for (int i = start; i < last; ++i)
            steepest = std::max(
                steepest, std::abs(double(values[std::size_t(i) + 1] - values[std::size_t(i)])));
        widths.push_back(height / steepest);
        heights.push_back(height);
    };
    const float forgiven = float(0.25 * least_height);
    for (int i = 1; i < count; ++i) {
        const float now = values[std::size_t(i)], best = values[std::size_t(turn)];
        if (direction == 0) {
            if (std::abs(now - values[std::size_t(start)]) > forgiven) {
                direction = now > values[std::size_t(start)] ? 1 : -1;
                turn = i;
            }
            continue;
        }
        if (float(direction) * (now - best) >= 0) {
            turn = i;
        } else if (float(direction) * (best - now) > forgiven) {
            close(turn);
            start = turn;
            turn = i;
            direction = -direction;
        }
    }
    close(turn);
}

// Median width over the stronger half: thin strokes never reach their full height when blurred.
double typical_width(const std::vector<double>& widths, const std::vector<double>& heights) {
    if (widths.size() < 24) return 0;
    const double tall = percentile(heights, 0.6);
    std::vector<double> kept;
    for (std::size_t i = 0; i < widths.size(); ++i)
        if (heights[i] >= tall) kept.push_back(widths[i]);
    return percentile(kept, 0.5);
}

double edge_width(const Picture& frame, const Quad& quad, double paper) {
    // Wide of the border inwards; and a little across it too, so that an empty sheet has edges.
    std::array<double, 2> typical{};
    constexpr int lines = 64;
    for (int direction = 0; direction < 2; ++direction) {
        std::vector<double> widths, heights;
        for (int i = 0; i < lines; ++i) {
            const double at = 0.04 + 0.92 * (i + 0.5) / lines;
            const Point from = direction == 0 ? on_sheet(quad, 0.03, at) : on_sheet(quad, at, 0.03);
            const Point to = direction == 0 ? on_sheet(quad, 0.97, at) : on_sheet(quad, at, 0.97);
            collect_steps(frame, from, to, std::max(10.0, 0.15 * paper), widths, heights);
        }
        typical[std::size_t(direction)] = typical_width(widths, heights);
    }
    return std::max(typical[0], typical[1]);
}

struct Cover {
    double share = 0;
    double x = 0, y = 0;
};

// Something over a side: the paper is missing inside, and what is there goes on outside.
Cover longest_cover(const Picture& frame, const Quad& quad) {
    Cover worst;
    const double clockwise = area(quad) > 0 ? 1 : -1;
    double shortest = 1e9;
    for (std::size_t i = 0; i < 4; ++i)
        shortest = std::min(shortest, length(quad[(i + 1) % 4] - quad[i]));
    const double near = std::max(3.0, 0.012 * shortest), far = std::max(6.0, 0.03 * shortest);
    for (std::size_t i = 0; i < 4; ++i) {
        const Point a = quad[i], b = quad[(i + 1) % 4];
        const double side = length(b - a);
        if (side < 16) continue;
        const Point along = (b - a) * (1 / side), inward = Point{-along.y, along.x} * clockwise;
        const int bands = std::clamp(int(side / 4), 24, 160);
        std::vector<std::array<Rgb, 3>> seen; // far inside, near inside, near outside
        std::vector<double> red, green, blue, steps;
        for (int band = 0; band < bands; ++band) {
            const Point at = a + along * (side * (0.01 + 0.98 * (band + 0.5) / bands));
            const int reach = shortest > 600 ? 2 : 1;
            seen.push_back({colour_at(frame, at + inward * far, reach),
                            colour_at(frame, at + inward * near, reach),
                            colour_at(frame, at - inward * near, reach)});
            red.push_back(seen.back()[1].r);
            green.push_back(seen.back()[1].g);
            blue.push_back(seen.back()[1].b);
        }
        const Rgb paper{percentile(red, 0.5), percentile(green, 0.5), percentile(blue, 0.5)};
        for (const auto& one : seen)
            steps.push_back(distance(one[1], one[2]) /
                            std::max(20.0, light(one[1]) + light(one[2])));
        const double step = percentile(steps, 0.5);
        int run = 0;
        for (int band = 0; band <= bands; ++band) {
            bool is_covered = false;
            if (band < bands) {
                const auto& [deep, in, out] = seen[std::size_t(band)];
                // In a shadow the paper is darker, not of another colour.
                const double shade = light(in) / std::max(1.0, light(paper));
                const Rgb shaded{paper.r * shade, paper.g * shade, paper.b * shade};
                const bool other_tint =
                    distance(in, shaded) > 0.10 * light(paper) * std::min(1.0, shade) + 5;
                const bool goes_on = steps[std::size_t(band)] < 0.5 * step ||
                                     distance(in, out) < 0.06 * light(paper) + 4;
                const bool is_deep = distance(deep, in) < 0.15 * light(paper) + 6;
                const bool is_clipped = std::min({in.r, in.g, in.b}) >= clipped_from - 10;
                is_covered = other_tint && goes_on && is_deep && !is_clipped;
            }
            if (is_covered) {
                ++run;
                continue;
            }
            const double share = double(run) / bands;
            if (run >= 3 && share > worst.share) {
                const double middle = (band - run / 2.0) / bands;
                const std::array<Point, 4> unit{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
                const Point at = unit[i] * (1 - middle) + unit[(i + 1) % 4] * middle;
                worst = {share, at.x, at.y};
            }
            run = 0;
        }
    }
    return worst;
}

// The corner that lies farthest out of the picture; nothing when all lie inside.
std::optional<Place> cut_corner(const Picture& frame, const Quad& quad) {
    static constexpr std::array corners{Place::upper_left, Place::upper_right, Place::lower_right,
                                        Place::lower_left};
    std::optional<Place> worst;
    double farthest = std::max(1.5, 0.002 * std::max(frame.width, frame.height));
    for (std::size_t i = 0; i < 4; ++i) {
        const double out = std::max({-quad[i].x, -quad[i].y, quad[i].x - (frame.width - 1),
                                     quad[i].y - (frame.height - 1)});
        if (out > farthest) {
            farthest = out;
            worst = corners[i];
        }
    }
    return worst;
}

// The picture's border that the sheet touches.
std::optional<Place> touched_border(const Picture& frame, const Quad& quad) {
    Point middle;
    for (const auto& corner : quad) middle = middle + corner * 0.25;
    return place_at(middle.x / frame.width, middle.y / frame.height);
}

constexpr double a4_long_inches = 297 / 25.4;

} // namespace

std::string_view to_string(ScanReason reason) {
    switch (reason) {
    case ScanReason::nopage: return "nopage";
    case ScanReason::cut: return "cut";
    case ScanReason::finger: return "finger";
    case ScanReason::dark: return "dark";
    case ScanReason::blur: return "blur";
    case ScanReason::glare: return "glare";
    case ScanReason::small: return "small";
    case ScanReason::upside_down: return "upside_down";
    case ScanReason::wrong_paper: return "wrong_paper";
    case ScanReason::unreadable_file: return "unreadable_file";
    case ScanReason::too_large: return "too_large";
    }
    CHECK(false);
}

std::string_view to_string(Place place) {
    switch (place) {
    case Place::upper_left: return "upper left";
    case Place::top: return "top";
    case Place::upper_right: return "upper right";
    case Place::left: return "left";
    case Place::middle: return "middle";
    case Place::right: return "right";
    case Place::lower_left: return "lower left";
    case Place::bottom: return "bottom";
    case Place::lower_right: return "lower right";
    }
    CHECK(false);
}

std::string_view to_string(Paper paper) {
    switch (paper) {
    case Paper::any: return "any";
    case Paper::a4: return "a4";
    case Paper::id1: return "id1";
    }
    CHECK(false);
}

Judgement judge(const Picture& frame, const Quad& quad, bool is_cut,
                const Expectation& expectation) {
    Judgement judgement;
    auto& quality = judgement.quality;
    auto& flaws = judgement.flaws;
    const auto grid = look_at(frame, quad);
    quality.brightness = percentile(grid.light, 0.9);
    const auto patch = largest_patch(grid);
    quality.glare = patch.share;
    const auto cover = longest_cover(frame, quad);
    quality.covered = cover.share;
    quality.edge_width = edge_width(frame, quad, quality.brightness);
    const double aspect = sheet_aspect(quad, frame.width, frame.height);
    quality.aspect = aspect < 1 ? 1 / std::max(aspect, 1e-3) : aspect;
    const double across = (length(quad[1] - quad[0]) + length(quad[2] - quad[3])) / 2;
    const double down = (length(quad[3] - quad[0]) + length(quad[2] - quad[1])) / 2;
    quality.dpi = std::max(across, down) / a4_long_inches;

    if (const auto corner = cut_corner(frame, quad))
        flaws.push_back({ScanReason::cut, corner});
    else if (is_cut)
        flaws.push_back({ScanReason::cut, touched_border(frame, quad)});
    if (quality.brightness < dark_below) flaws.push_back({ScanReason::dark, std::nullopt});
    // Paper that is clipped nearly everywhere is overexposed, not hidden: its letters still stand.
    const double paper =
        double(std::count_if(grid.light.begin(), grid.light.end(),
                             [&](double v) { return v > 0.6 * quality.brightness; })) /
        double(grid.light.size());
    if (quality.glare > glare_share && quality.glare < overexposed_share * paper)
        flaws.push_back({ScanReason::glare, place_at(patch.x, patch.y)});
    if (quality.covered > covered_share)
        flaws.push_back({ScanReason::finger, place_at(cover.x, cover.y)});
    if (quality.edge_width > wide_edge) flaws.push_back({ScanReason::blur, std::nullopt});
    if (std::min(across, down) < least_side ||
        (expectation.least_dpi > 0 && quality.dpi < expectation.least_dpi))
        flaws.push_back({ScanReason::small, std::nullopt});
    const auto is_far_from = [&](double ratio) {
        return std::abs(std::log(quality.aspect / ratio)) > 0.09;
    };
    if ((expectation.paper == Paper::a4 && is_far_from(297.0 / 210)) ||
        (expectation.paper == Paper::id1 && is_far_from(85.6 / 53.98)))
        flaws.push_back({ScanReason::wrong_paper, std::nullopt});
    return judgement;
}

Judgement judge_without_page(const Picture& frame) {
    Judgement judgement;
    if (frame.empty()) return {{}, {{ScanReason::nopage, std::nullopt}}};
    const double right = frame.width - 1, bottom = frame.height - 1;
    const auto grid = look_at(frame, {Point{0, 0}, {right, 0}, {right, bottom}, {0, bottom}});
    judgement.quality.brightness = percentile(grid.light, 0.9);
    const auto patch = largest_patch(grid);
    judgement.quality.glare = patch.share;
    if (judgement.quality.brightness < dark_below)
        judgement.flaws.push_back({ScanReason::dark, std::nullopt});
    // A reflection that hides the sheet itself: chosen, half of what hides a part of a sheet.
    else if (patch.share > glare_share / 2 && percentile(grid.light, 0.5) < clipped_from - 20)
        judgement.flaws.push_back({ScanReason::glare, place_at(patch.x, patch.y)});
    else
        judgement.flaws.push_back({ScanReason::nopage, std::nullopt});
    return judgement;
}

} // namespace drivers
