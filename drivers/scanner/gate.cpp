#include "drivers/scanner/gate.hpp"

#include "drivers/scanner/places.hpp"

#include "kiosk/base/check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace drivers {
namespace {

using base::Picture;

// Limits. Measured on the developer data and on our own scenes, see README; each lies between what
// must pass and what must be refused.
constexpr double dark_below = 40; // paper's brightness
// Of the long side. A character is 1.3 % of A4's: blur as wide as that leaves nothing to read.
constexpr double wide_border = 0.016;      // from desk to paper
constexpr double wide_everywhere = 0.0095; // the same, on all sides: out of focus, not moved
constexpr double wide_edge = 0.0085;       // across print, which hardly reaches its full height
constexpr double glare_share = 0.15;       // of the sheet, in one patch
constexpr double covered_share = 0.04;     // of a side
constexpr double thing_share = 0.02;       // the same, where what lies there is surely not the desk
constexpr double long_sheet = 1.8;         // a receipt: its sides are torn and wavy
constexpr double ragged_share = 0.13;      // what of a side may so be missing there
constexpr double least_side = 120;         // pixels: below that nothing can be read on any sheet
constexpr double overexposed_from = 240;   // paper that is as bright as this clips by itself
constexpr double desk_raised = 50;         // a desk's own pattern is fainter
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

// Between four pixels; `at` has a pixel to its right and below.
Rgb colour_between(const Picture& frame, Point at) {
    const int x = int(at.x), y = int(at.y);
    const double fx = at.x - x, fy = at.y - y;
    const auto* top = frame.row(y) + x * frame.channels;
    const auto* low = frame.row(y + 1) + x * frame.channels;
    std::array<double, 3> out{};
    for (int c = 0; c < 3; ++c) {
        const int left = frame.channels == 3 ? c : 0, right = left + frame.channels;
        out[std::size_t(c)] = (top[left] * (1 - fx) + top[right] * fx) * (1 - fy) +
                              (low[left] * (1 - fx) + low[right] * fx) * fy;
    }
    return {out[0], out[1], out[2]};
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

// The sheet as a coarse grid: brightness, where something dark is printed, and which cells are
// clipped in all colours.
struct Grid {
    static constexpr int size = 96;
    std::vector<double> light, brightest; // of a cell: mean, and paper between strokes
    std::vector<std::uint8_t> is_printed, is_clipped;
};

constexpr std::size_t cells = std::size_t(Grid::size) * Grid::size;

Grid look_at(const Picture& frame, const Quad& quad) {
    Grid grid;
    const int green = frame.channels == 3 ? 1 : 0, blue = frame.channels == 3 ? 2 : 0;
    for (int v = 0; v < Grid::size; ++v)
        for (int u = 0; u < Grid::size; ++u) {
            // Nine places of the cell, so that a thin stroke in a large cell is not missed.
            double sum = 0, darkest = 255, brightest = 0;
            int least = 0;
            for (int part = 0; part < 9; ++part) {
                const Point at = on_sheet(quad, (u + (part % 3 + 0.5) / 3) / Grid::size,
                                          (v + (part / 3 + 0.5) / 3) / Grid::size);
                const auto* pixel =
                    frame.row(std::clamp(int(std::lround(at.y)), 0, frame.height - 1)) +
                    std::clamp(int(std::lround(at.x)), 0, frame.width - 1) * frame.channels;
                const double one = 0.299 * pixel[0] + 0.587 * pixel[green] + 0.114 * pixel[blue];
                sum += one;
                darkest = std::min(darkest, one);
                brightest = std::max(brightest, one);
                least += std::min({pixel[0], pixel[green], pixel[blue]});
            }
            grid.light.push_back(sum / 9);
            grid.brightest.push_back(brightest);
            grid.is_printed.push_back(darkest < 0.55 * sum / 9 ? 1 : 0);
            grid.is_clipped.push_back(least >= 9 * clipped_from ? 1 : 0);
        }
    return grid;
}

struct Patch {
    double share = 0;
    double x = 0, y = 0; // its middle, 0 to 1
};

Patch largest_patch(std::vector<std::uint8_t> left) {
    constexpr int n = Grid::size;
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

// Brightness that the paper has by itself, as a plane over the sheet through the cells that are
// not clipped, as far from clipped ones as can be: a reflection fades out around itself.
// Nothing where too few cells are left to tell.
struct Plane {
    double middle = 0, across = 0, down = 0;
    double at(int u, int v) const {
        return middle + across * (u - Grid::size / 2.0) + down * (v - Grid::size / 2.0);
    }
};

std::optional<Plane> paper_plane(const Grid& grid) {
    constexpr int n = Grid::size;
    // Distances from clipped cells, by two passes of running ones.
    std::vector<int> away(cells, n);
    for (std::size_t i = 0; i < cells; ++i)
        if (grid.is_clipped[i] != 0) away[i] = 0;
    for (int v = 0; v < n; ++v)
        for (int u = 0; u < n; ++u) {
            auto& here = away[std::size_t(v * n + u)];
            if (u > 0) here = std::min(here, away[std::size_t(v * n + u - 1)] + 1);
            if (v > 0) here = std::min(here, away[std::size_t((v - 1) * n + u)] + 1);
        }
    for (int v = n - 1; v >= 0; --v)
        for (int u = n - 1; u >= 0; --u) {
            auto& here = away[std::size_t(v * n + u)];
            if (u < n - 1) here = std::min(here, away[std::size_t(v * n + u + 1)] + 1);
            if (v < n - 1) here = std::min(here, away[std::size_t((v + 1) * n + u)] + 1);
        }
    std::vector<double> lights;
    int apart = 8;
    for (; apart >= 2; apart /= 2) {
        lights.clear();
        for (std::size_t i = 0; i < cells; ++i)
            if (away[i] > apart) lights.push_back(grid.brightest[i]);
        if (lights.size() >= cells / 16) break;
    }
    if (apart < 2) return std::nullopt;
    const double paper = percentile(lights, 0.8);
    // Least squares around the middle of the sheet; the sums of a plane in three unknowns.
    std::array<std::array<double, 4>, 3> a{};
    for (int v = 0; v < n; ++v)
        for (int u = 0; u < n; ++u) {
            const auto i = std::size_t(v * n + u);
            if (away[i] <= apart || grid.brightest[i] < 0.8 * paper) continue;
            const std::array<double, 4> row{1, u - n / 2.0, v - n / 2.0, grid.brightest[i]};
            for (std::size_t r = 0; r < 3; ++r)
                for (std::size_t c = 0; c < 4; ++c) a[r][c] += row[r] * row[c];
        }
    for (std::size_t r = 0; r < 3; ++r) {
        if (std::abs(a[r][r]) < 1e-6) return std::nullopt;
        for (std::size_t q = 0; q < 3; ++q) {
            if (q == r) continue;
            const double k = a[q][r] / a[r][r];
            for (std::size_t c = 0; c < 4; ++c) a[q][c] -= k * a[r][c];
        }
    }
    return Plane{a[0][3] / a[0][0], a[1][3] / a[1][1], a[2][3] / a[2][2]};
}

// Clipped cells in which something may be hidden. Paper that is overexposed is clipped too, and
// hides nothing: its letters still stand. So a clipped cell counts where the paper would not be
// that bright by itself, and else where the nearest thing that tells is a reflection: a clipped
// desk beside the sheet, rather than dark print or a desk that is not clipped.
std::vector<std::uint8_t> hidden_cells(const Picture& frame, const Quad& quad, const Grid& grid) {
    constexpr int n = Grid::size;
    enum : std::uint8_t { unknown, seen, hidden };
    std::vector<std::uint8_t> verdict(cells, unknown);
    std::vector<int> todo;
    const auto plane = paper_plane(grid);
    const auto tell = [&](int cell, std::uint8_t what) {
        if (verdict[std::size_t(cell)] != unknown) return;
        verdict[std::size_t(cell)] = what;
        todo.push_back(cell);
    };
    // The desk, a fortieth of the sheet away from each cell of its border. A reflection brightens
    // it far above what lies around the rest of the sheet.
    std::vector<std::pair<int, double>> border;
    std::vector<double> lights;
    for (int i = 0; i < n; ++i) {
        const double along = (i + 0.5) / n, out = 1.0 / 40;
        const std::array<std::pair<int, Point>, 4> places{{{i, {along, -out}},
                                                           {(n - 1) * n + i, {along, 1 + out}},
                                                           {i * n, {-out, along}},
                                                           {i * n + n - 1, {1 + out, along}}}};
        for (const auto& [cell, place] : places) {
            const Point at = on_sheet(quad, place.x, place.y);
            if (!is_inside(frame, at)) continue;
            lights.push_back(light(colour_at(frame, at, 1)));
            border.emplace_back(cell, lights.back());
        }
    }
    const double desk = percentile(lights, 0.3);
    for (std::size_t i = 0; i < cells; ++i)
        if (grid.is_printed[i] != 0) tell(int(i), seen);
    // A desk nearly as bright as clipped paper tells nothing.
    if (desk < 0.8 * clipped_from)
        for (const auto& [cell, one] : border) tell(cell, one > desk + desk_raised ? hidden : seen);
    for (std::size_t next = 0; next < todo.size(); ++next) {
        const int cell = todo[next], u = cell % n, v = cell / n;
        const auto what = verdict[std::size_t(cell)];
        if (u > 0) tell(cell - 1, what);
        if (u < n - 1) tell(cell + 1, what);
        if (v > 0) tell(cell - n, what);
        if (v < n - 1) tell(cell + n, what);
    }
    std::vector<std::uint8_t> flags(cells, 0);
    for (int v = 0; v < n; ++v)
        for (int u = 0; u < n; ++u) {
            const auto i = std::size_t(v * n + u);
            if (grid.is_clipped[i] == 0) continue;
            const bool is_bright_by_itself = !plane || plane->at(u, v) >= overexposed_from;
            flags[i] = !is_bright_by_itself || verdict[i] == hidden ? 1 : 0;
        }
    return flags;
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

// Width of the step from desk to paper across one side, in pixels: the median of many places. 0
// where desk and paper are too alike. What is printed hardly reaches full height when it is
// blurred; the border does.
double width_of_side(const Picture& frame, Point a, Point b, Point inward, double reach) {
    const double side = length(b - a);
    const Point along = (b - a) * (1 / side);
    const int bands = std::clamp(int(side / 8), 12, 48), steps = 2 * int(reach) + 1;
    std::vector<double> widths;
    std::vector<Rgb> profile;
    for (int band = 0; band < bands; ++band) {
        const Point at = a + along * (side * (0.06 + 0.88 * (band + 0.5) / bands));
        profile.clear();
        for (int step = 0; step < steps; ++step) {
            // Three places side by side against noise.
            Rgb sum;
            int count = 0;
            for (const double beside : {-1.5, 0.0, 1.5}) {
                const Point p = at + inward * (step - reach) + along * beside;
                if (!(p.x >= 0 && p.y >= 0 && p.x < frame.width - 1 && p.y < frame.height - 1))
                    continue;
                const auto c = colour_between(frame, p);
                sum = {sum.r + c.r, sum.g + c.g, sum.b + c.b};
                ++count;
            }
            if (count == 0) break;
            profile.push_back({sum.r / count, sum.g / count, sum.b / count});
        }
        if (int(profile.size()) < steps) continue;
        const auto mean = [&](std::size_t from) {
            Rgb sum;
            for (std::size_t i = from; i < from + 3; ++i)
                sum = {sum.r + profile[i].r / 3, sum.g + profile[i].g / 3,
                       sum.b + profile[i].b / 3};
            return sum;
        };
        const Rgb out = mean(0), in = mean(profile.size() - 3);
        const double height = distance(in, out);
        if (height < 24) continue;
        double steepest = 0;
        for (std::size_t i = 1; i + 1 < profile.size(); ++i) {
            const auto &p = profile[i - 1], &q = profile[i + 1];
            const double rise = (q.r - p.r) * (in.r - out.r) + (q.g - p.g) * (in.g - out.g) +
                                (q.b - p.b) * (in.b - out.b);
            steepest = std::max(steepest, rise / 2 / height);
        }
        if (steepest > 0) widths.push_back(height / steepest);
    }
    return widths.size() < 8 ? 0 : percentile(widths, 0.5);
}

// Of opposite sides the sharper one: the other may have a soft shadow. Movement blurs across its
// own direction only: one pair of sides is then wide, the other narrow.
struct BorderWidths {
    double wider = 0, narrower = 0; // 0: desk and paper are too alike
};

BorderWidths border_widths(const Picture& frame, const Quad& quad) {
    const double clockwise = area(quad) > 0 ? 1 : -1;
    std::array<double, 4> widths{};
    double shortest = 1e9;
    for (std::size_t i = 0; i < 4; ++i)
        shortest = std::min(shortest, length(quad[(i + 1) % 4] - quad[i]));
    if (shortest < 32) return {};
    const double reach = std::clamp(std::round(0.04 * shortest), 8.0, 24.0);
    for (std::size_t i = 0; i < 4; ++i) {
        const Point a = quad[i], b = quad[(i + 1) % 4];
        const Point along = (b - a) * (1 / length(b - a));
        widths[i] = width_of_side(frame, a, b, Point{-along.y, along.x} * clockwise, reach);
    }
    const auto sharper = [](double p, double q) {
        return p == 0 || q == 0 ? std::max(p, q) : std::min(p, q);
    };
    const double across = sharper(widths[0], widths[2]), down = sharper(widths[1], widths[3]);
    return {std::max(across, down), std::min(across, down)};
}

struct Cover {
    double share = 0, limit = covered_share; // of the side
    double x = 0, y = 0;

    bool is_worse_than(const Cover& other) const {
        return share / limit > other.share / other.limit;
    }
};

// Something over a side: the paper is missing inside, and what is there goes on outside.
Cover longest_cover(const Picture& frame, const Quad& quad, double aspect) {
    const double side_limit = aspect > long_sheet ? ragged_share : covered_share;
    Cover worst{0, side_limit, 0, 0};
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
        std::array<std::vector<double>, 3> outside;
        for (int band = 0; band < bands; ++band) {
            const Point at = a + along * (side * (0.01 + 0.98 * (band + 0.5) / bands));
            const int reach = shortest > 600 ? 2 : 1;
            seen.push_back({colour_at(frame, at + inward * far, reach),
                            colour_at(frame, at + inward * near, reach),
                            colour_at(frame, at - inward * near, reach)});
            red.push_back(seen.back()[1].r);
            green.push_back(seen.back()[1].g);
            blue.push_back(seen.back()[1].b);
            outside[0].push_back(seen.back()[2].r);
            outside[1].push_back(seen.back()[2].g);
            outside[2].push_back(seen.back()[2].b);
        }
        const Rgb desk{percentile(outside[0], 0.5), percentile(outside[1], 0.5),
                       percentile(outside[2], 0.5)};
        const Rgb paper{percentile(red, 0.5), percentile(green, 0.5), percentile(blue, 0.5)};
        for (const auto& one : seen)
            steps.push_back(distance(one[1], one[2]) /
                            std::max(20.0, light(one[1]) + light(one[2])));
        const double step = percentile(steps, 0.5);
        int run = 0, surely = 0;
        for (int band = 0; band <= bands; ++band) {
            bool is_covered = false, is_thing = false;
            if (band < bands) {
                const auto& [deep, in, out] = seen[std::size_t(band)];
                // In a shadow the paper is darker, not of another colour.
                const double shade = light(in) / std::max(1.0, light(paper));
                const Rgb shaded{paper.r * shade, paper.g * shade, paper.b * shade};
                const bool other_tint =
                    distance(in, shaded) > 0.10 * light(paper) * std::min(1.0, shade) + 5;
                const bool goes_on = steps[std::size_t(band)] < 0.5 * step ||
                                     distance(in, out) < 0.06 * light(paper) + 4;
                // A shadow leaves the step from desk to paper where it is, whatever its tint.
                const bool step_is_gone = step > 0.12 && steps[std::size_t(band)] < 0.35 * step &&
                                          light(in) < 0.88 * light(paper);
                const bool is_deep = distance(deep, in) < 0.15 * light(paper) + 6;
                const bool is_clipped = std::min({in.r, in.g, in.b}) >= clipped_from - 10;
                // Where the sheet curls or its end is ragged, the desk itself shows inside.
                const bool is_desk = distance(in, desk) < 0.12 * light(desk) + 8;
                is_covered =
                    ((other_tint && goes_on) || step_is_gone) && is_deep && !is_clipped && !is_desk;
                // What goes on outside is of another colour than the desk, be it lit or in shade.
                const double lit = light(out) / std::max(1.0, light(desk));
                const Rgb lit_desk{desk.r * lit, desk.g * lit, desk.b * lit};
                is_thing = distance(in, out) < 0.20 * light(in) + 8 &&
                           distance(in, shaded) > 0.20 * light(in) + 8 &&
                           distance(out, lit_desk) > 0.20 * light(out) + 8;
            }
            if (is_covered) {
                ++run;
                surely += is_thing ? 1 : 0;
                continue;
            }
            Cover cover{double(run) / bands, 2 * surely >= run ? thing_share : side_limit, 0, 0};
            if (run >= 3 && cover.is_worse_than(worst)) {
                const double middle = (band - run / 2.0) / bands;
                const std::array<Point, 4> unit{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
                const Point at = unit[i] * (1 - middle) + unit[(i + 1) % 4] * middle;
                cover.x = at.x;
                cover.y = at.y;
                worst = cover;
            }
            run = surely = 0;
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

Place place_at(double x, double y) {
    const int column = x < 1.0 / 3 ? 0 : x < 2.0 / 3 ? 1 : 2;
    const int row = y < 1.0 / 3 ? 0 : y < 2.0 / 3 ? 1 : 2;
    return Place(row * 3 + column);
}

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
    case ScanReason::two_pages: return "two_pages";
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
    const auto patch = largest_patch(hidden_cells(frame, quad, grid));
    quality.glare = patch.share;
    quality.edge_width = edge_width(frame, quad, quality.brightness);
    const auto borders = border_widths(frame, quad);
    quality.border_width = borders.wider;
    quality.narrower_border_width = borders.narrower;
    const double aspect = sheet_aspect(quad, frame.width, frame.height);
    quality.aspect = aspect < 1 ? 1 / std::max(aspect, 1e-3) : aspect;
    const auto cover = longest_cover(frame, quad, quality.aspect);
    quality.covered = cover.share;
    const double across = (length(quad[1] - quad[0]) + length(quad[2] - quad[3])) / 2;
    const double down = (length(quad[3] - quad[0]) + length(quad[2] - quad[1])) / 2;
    quality.dpi = std::max(across, down) / a4_long_inches;

    if (const auto corner = cut_corner(frame, quad))
        flaws.push_back({ScanReason::cut, corner});
    else if (is_cut)
        flaws.push_back({ScanReason::cut, touched_border(frame, quad)});
    if (quality.brightness < dark_below) flaws.push_back({ScanReason::dark, std::nullopt});
    if (quality.glare > glare_share)
        flaws.push_back({ScanReason::glare, place_at(patch.x, patch.y)});
    if (cover.share > cover.limit)
        flaws.push_back({ScanReason::finger, place_at(cover.x, cover.y)});
    const double longest = std::max(across, down);
    if (quality.border_width > std::max(4.0, wide_border * longest) ||
        quality.narrower_border_width > std::max(4.0, wide_everywhere * longest) ||
        quality.edge_width > std::max(4.0, wide_edge * longest))
        flaws.push_back({ScanReason::blur, std::nullopt});
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
    const auto patch = largest_patch(grid.is_clipped);
    judgement.quality.glare = patch.share;
    if (judgement.quality.brightness < dark_below)
        judgement.flaws.push_back({ScanReason::dark, std::nullopt});
    // A reflection that hides the sheet itself: chosen, a quarter of what hides a part of a sheet.
    else if (patch.share > glare_share / 4 && percentile(grid.light, 0.5) < clipped_from - 20)
        judgement.flaws.push_back({ScanReason::glare, place_at(patch.x, patch.y)});
    else
        judgement.flaws.push_back({ScanReason::nopage, std::nullopt});
    return judgement;
}

} // namespace drivers
