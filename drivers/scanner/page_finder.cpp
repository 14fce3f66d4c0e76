#include "drivers/scanner/page_finder.hpp"

#include "drivers/scanner/edges.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace drivers {
namespace {

constexpr int reduced_side =
    512; // spec scanning §5.1 says about 480; a multiple of 64 resizes faster
constexpr double least_area =
    0.015; // of the picture: an ID card under a camera that sees A3 has 3.7 %
// Measured on the shared scenes, 2026-11-29: desks without a sheet reach 0.63, whole sheets begin
// at 0.69, cut ones at 0.74.
constexpr double least_score = 0.66, least_score_cut = 0.70;
// By which a sheet may score below what is printed on it, or a thing without print beside it.
constexpr double sheet_margin = 0.20;
// Of a sheet's places: those of drawn things without print 0, of sheets with a few lines 0.03.
constexpr double no_print = 0.005, some_print = 0.02;
// Another sheet. Of the pairs of our own scenes the second scores 0.95 and more. Chosen: A5 beside
// A4 is one, a card or a telephone none; the halves of an open booklet meet, two sheets seldom do.
constexpr double least_score_another = 0.80;
constexpr double least_another = 0.3; // of the other's area
constexpr double least_gap = 4;       // pixels of the reduced copy
constexpr std::size_t raw_lines = 18, closed_lines = 18, quads_kept = 60;

// Median of a few values.
double median(std::vector<double>& values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

struct Candidate {
    Quad quad;
    std::array<bool, 4> on_border{}; // side i: corner i to i+1
    double rough = 0;
};

// A candidate with what lies around it.
struct Judged : FoundPage {
    cv::Vec3f paper;                  // colour along the inside
    std::array<cv::Vec3f, 4> outside; // colour along the outside of each side
};

bool is_like(const cv::Vec3f& a, const cv::Vec3f& paper) {
    const double light = std::abs(double(a[0] - paper[0])) / (0.15 * paper[0] + 6);
    const double tint =
        std::hypot(double(a[1] - paper[1]), double(a[2] - paper[2])) / (0.04 * paper[0] + 4);
    return light < 1 && tint < 1;
}

// Does `inner` lie on the sheet `outer`, as a photograph or a filled box on a form does? Then the
// paper goes on around it, and it is darker than the paper.
bool lies_on(const Judged& inner, const Judged& outer) {
    if (std::abs(area(outer.quad)) < 1.15 * std::abs(area(inner.quad))) return false;
    Point middle;
    for (const auto& corner : outer.quad) middle = middle + corner * 0.25;
    Quad wider;
    for (std::size_t i = 0; i < 4; ++i) wider[i] = middle + (outer.quad[i] - middle) * 1.03;
    for (const auto& corner : inner.quad)
        if (!contains(wider, corner)) return false;
    int same = 0;
    for (const auto& colour : inner.outside) same += is_like(colour, outer.paper) ? 1 : 0;
    return same >= 3 && inner.paper[0] < outer.paper[0] + 2;
}

void put_in_picture_order(Candidate& candidate) {
    const auto ordered = in_picture_order(candidate.quad);
    const auto corner_of = [&](Point p) {
        std::size_t at = 0;
        while (at < 3 && length(candidate.quad[at] - p) > 1e-9) ++at;
        return at;
    };
    std::array<bool, 4> border{};
    for (std::size_t i = 0; i < 4; ++i) {
        const auto a = corner_of(ordered[i]), b = corner_of(ordered[(i + 1) % 4]);
        // Side k joins corners k and k+1, whichever way round it is walked.
        border[i] = candidate.on_border[(a + 1) % 4 == b ? a : b];
    }
    candidate.quad = ordered;
    candidate.on_border = border;
}

// The weakest side decides, without deciding alone: a finger or a shadow may cover it.
double of_four_sides(std::array<double, 4> sides) {
    std::sort(sides.begin(), sides.end());
    return 0.40 * sides[0] + 0.25 * sides[1] + 0.20 * sides[2] + 0.15 * sides[3];
}

// A known sheet: A4 and its halves, ID-1, a receipt is anything long.
double shape_score(double aspect) {
    const double tall = aspect < 1 ? 1 / std::max(aspect, 1e-3) : aspect;
    double best = 0;
    for (const double known : {1.4142, 1.294, 1.5858})
        best = std::max(best, std::exp(-std::pow(std::log(tall / known) / 0.10, 2)));
    const double sane = tall < 3.2 ? 0.5 : 0.5 * std::exp(-(tall - 3.2));
    return std::max(best, sane);
}

} // namespace

struct PageFinder::Work {
    cv::Mat small, wide, channels3, closed, half;
    std::array<cv::Mat, 3> channels; // Y, U, V
    EdgeMap raw, calm;
    LineVotes votes;
    Point factor;
    int width = 0, height = 0;
    std::vector<Candidate> pool;
    std::vector<Judged> judged;
    std::vector<FoundPage> scored;

    void reduce(const base::Picture& frame);
    void cross_lines();
    void keep_distinct(double distance, std::size_t count);
    void outline_regions();
    void add_contours(const cv::Mat& mask, double scale);
    double rough_support(const LongEdge& line, Point from, Point to) const;
    void snap(Candidate& candidate) const;
    Judged judge(const Candidate& candidate) const;
    double print(const Quad& quad) const;
    bool is_sheet_beside(const Judged& other, const Judged& plain) const;
    bool is_another_sheet(const Judged& other, const Judged& best) const;
    bool paper_goes_on(Point a, Point b, Point inward, const cv::Vec3f& paper) const;
    double support(Point at, Point across) const;
    cv::Vec3f colour(Point at) const;
};

void PageFinder::Work::reduce(const base::Picture& frame) {
    const cv::Mat full(frame.height, frame.width, frame.channels == 1 ? CV_8UC1 : CV_8UC3,
                       const_cast<std::uint8_t*>(frame.pixels.data()));
    const double scale = std::min(1.0, double(reduced_side) / std::max(frame.width, frame.height));
    width = std::max(8, int(std::lround(frame.width * scale)));
    height = std::max(8, int(std::lround(frame.height * scale)));
    factor = {double(frame.width) / width, double(frame.height) / height};
    cv::resize(full, small, {width, height}, 0, 0, cv::INTER_AREA);
    if (small.channels() == 1) cv::cvtColor(small, small, cv::COLOR_GRAY2RGB);
    small.convertTo(wide, CV_32F);
    // Brightness and two colour differences; the paper's own tint cancels out in neither, but a
    // shadow moves all three much less than brightness.
    static const cv::Matx33f opponents(0.299f, 0.587f, 0.114f, -0.3f, -0.3f, 0.6f, 0.6f, -0.5f,
                                       -0.1f);
    cv::transform(wide, channels3, opponents);
    cv::GaussianBlur(channels3, channels3, {0, 0}, 0.9);
    cv::split(channels3, channels.data());
    // Closing takes dark letters and thin frames out of bright paper and leaves its border.
    static const auto square = cv::getStructuringElement(cv::MORPH_RECT, {7, 7});
    cv::morphologyEx(channels[0], closed, cv::MORPH_CLOSE, square, {-1, -1}, 1,
                     cv::BORDER_REPLICATE);
}

double PageFinder::Work::support(Point at, Point across) const {
    return raw.nearest(at, across, 2).weight;
}

cv::Vec3f PageFinder::Work::colour(Point at) const {
    const int x = std::clamp(int(std::lround(at.x)), 0, width - 1);
    const int y = std::clamp(int(std::lround(at.y)), 0, height - 1);
    return {closed.at<float>(y, x), channels[1].at<float>(y, x), channels[2].at<float>(y, x)};
}

// Crosses the long lines; only the supports along lines that are already known are looked at.
void PageFinder::Work::cross_lines() {
    auto lines = votes.best_lines(raw.points(), width, height, raw_lines);
    for (const auto& line : votes.best_lines(calm.points(), width, height, closed_lines)) {
        const bool is_known = std::any_of(lines.begin(), lines.end(), [&](const LongEdge& other) {
            if (dot(other.line.normal, line.line.normal) < 0.999) return false;
            // Compared where the line crosses the middle of the picture.
            const Point middle = line.line.normal * line.line.offset;
            return std::abs(dot(other.line.normal, middle) - other.line.offset) < 2;
        });
        if (!is_known) lines.push_back(line);
    }
    const std::size_t real = lines.size();
    const double right = width - 1, bottom = height - 1;
    lines.push_back({{{1, 0}, 0}, 0});
    lines.push_back({{{0, 1}, 0}, 0});
    lines.push_back({{{1, 0}, right}, 0});
    lines.push_back({{{0, 1}, bottom}, 0});

    // Support along each line, summed up, so that any stretch of it costs two look-ups.
    const int reach = int(std::hypot(width, height)) + 2;
    std::vector<std::vector<float>> ahead(real), back(real);
    for (std::size_t i = 0; i < real; ++i) {
        const auto& line = lines[i].line;
        const Point foot = line.normal * line.offset, along{-line.normal.y, line.normal.x};
        ahead[i].assign(std::size_t(2 * reach + 2), 0.f);
        back[i].assign(std::size_t(2 * reach + 2), 0.f);
        for (int t = -reach; t <= reach; ++t) {
            const Point at = foot + along * t;
            double s = 0;
            if (at.x >= 0 && at.y >= 0 && at.x <= right && at.y <= bottom)
                s = support(at, line.normal);
            const auto cell = std::size_t(t + reach);
            ahead[i][cell + 1] = ahead[i][cell] + float(std::max(0.0, s));
            back[i][cell + 1] = back[i][cell] + float(std::max(0.0, -s));
        }
    }
    const auto share = [&](std::size_t i, Point from, Point to) {
        if (i >= real) return 0.3; // the border: judged later
        const auto& line = lines[i].line;
        const Point along{-line.normal.y, line.normal.x};
        double a = dot(from, along), b = dot(to, along);
        if (a > b) std::swap(a, b);
        const int first = std::clamp(int(std::lround(a)) + reach, 0, 2 * reach);
        const int last = std::clamp(int(std::lround(b)) + reach, first + 1, 2 * reach + 1);
        const auto f = std::size_t(first), l = std::size_t(last);
        const float plus = ahead[i][l] - ahead[i][f], minus = back[i][l] - back[i][f];
        return double(std::max(plus, minus) + 0.5f * std::min(plus, minus)) / (last - first);
    };

    struct Pair {
        std::size_t a, b;
    };
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < lines.size(); ++i)
        for (std::size_t k = i + 1; k < lines.size(); ++k) {
            if (i >= real) continue; // never two borders against each other
            if (std::abs(dot(lines[i].line.normal, lines[k].line.normal)) > 0.80)
                pairs.push_back({i, k});
        }
    const double least = least_area * width * height;
    const double slack_x = 0.04 * width, slack_y = 0.04 * height;
    for (std::size_t p = 0; p < pairs.size(); ++p)
        for (std::size_t q = p + 1; q < pairs.size(); ++q) {
            const std::array<std::size_t, 4> side{pairs[p].a, pairs[q].a, pairs[p].b, pairs[q].b};
            if (std::abs(dot(lines[side[0]].line.normal, lines[side[1]].line.normal)) > 0.75)
                continue;
            Candidate candidate;
            bool is_fit = true;
            for (std::size_t i = 0; i < 4 && is_fit; ++i) {
                // Corner i lies where side i-1 meets side i.
                const auto corner =
                    intersection(lines[side[(i + 3) % 4]].line, lines[side[i]].line);
                is_fit = corner && corner->x > -slack_x && corner->y > -slack_y &&
                         corner->x < right + slack_x && corner->y < bottom + slack_y;
                if (is_fit) candidate.quad[i] = *corner;
            }
            if (!is_fit || !is_convex(candidate.quad) || std::abs(area(candidate.quad)) < least)
                continue;
            std::array<double, 4> sides{};
            int borders = 0;
            for (std::size_t i = 0; i < 4; ++i) {
                sides[i] = share(side[i], candidate.quad[i], candidate.quad[(i + 1) % 4]);
                candidate.on_border[i] = side[i] >= real;
                borders += candidate.on_border[i] ? 1 : 0;
            }
            if (borders > 2) continue;
            candidate.rough = of_four_sides(sides) +
                              0.15 * std::sqrt(std::abs(area(candidate.quad)) / (width * height));
            pool.push_back(candidate);
        }
    // The best of each kind: the many quads of one good table must not push the sheet out.
    std::sort(pool.begin(), pool.end(),
              [](const Candidate& a, const Candidate& b) { return a.rough > b.rough; });
    keep_distinct(4, quads_kept);
}

void PageFinder::Work::keep_distinct(double distance, std::size_t count) {
    std::vector<Candidate> kept;
    for (auto& candidate : pool) {
        if (kept.size() >= count) break;
        put_in_picture_order(candidate);
        const bool is_near = std::any_of(kept.begin(), kept.end(), [&](const Candidate& other) {
            return largest_move(other.quad, candidate.quad) < distance;
        });
        if (!is_near) kept.push_back(candidate);
    }
    pool = std::move(kept);
}

void PageFinder::Work::add_contours(const cv::Mat& mask, double scale) {
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(mask, contours, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
    const double whole = double(mask.cols) * mask.rows;
    std::vector<cv::Point> hull;
    for (const auto& contour : contours) {
        if (contour.size() < 4) continue;
        const double size = std::abs(cv::contourArea(contour));
        if (size < least_area * whole) continue;
        cv::convexHull(contour, hull);
        const double hull_size = cv::contourArea(hull);
        if (size < 0.7 * hull_size || hull_size > 0.98 * whole) continue;
        std::vector<Point> corners;
        for (const auto& p : hull) corners.push_back({double(p.x), double(p.y)});
        // Down to four by leaving out, again and again, the side whose neighbours can be prolonged
        // with the least gain of area.
        while (corners.size() > 4) {
            const auto n = corners.size();
            double least_gain = 1e18;
            std::size_t at = n;
            Point meeting;
            for (std::size_t i = 0; i < n; ++i) {
                const auto a = corners[(i + n - 1) % n], b = corners[i], c = corners[(i + 1) % n],
                           d = corners[(i + 2) % n];
                const auto crossing = intersection(line_through(a, b), line_through(d, c));
                if (!crossing) continue;
                if (dot(*crossing - b, b - a) < 0 || dot(*crossing - c, c - d) < 0) continue;
                const double gain = std::abs(cross(b - *crossing, c - *crossing)) / 2;
                if (gain < least_gain) {
                    least_gain = gain;
                    at = i;
                    meeting = *crossing;
                }
            }
            if (at == n) break;
            corners[at] = meeting;
            corners.erase(corners.begin() + std::ptrdiff_t((at + 1) % n));
        }
        if (corners.size() != 4) continue;
        Candidate candidate;
        for (std::size_t i = 0; i < 4; ++i)
            candidate.quad[i] = {corners[i].x * scale + (scale - 1) / 2,
                                 corners[i].y * scale + (scale - 1) / 2};
        if (!is_convex(candidate.quad) ||
            std::abs(area(candidate.quad)) > 1.25 * hull_size * scale * scale)
            continue;
        const double edge = 1.5 * scale;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto a = candidate.quad[i], b = candidate.quad[(i + 1) % 4];
            candidate.on_border[i] = (a.x < edge && b.x < edge) || (a.y < edge && b.y < edge) ||
                                     (a.x > width - 1 - edge && b.x > width - 1 - edge) ||
                                     (a.y > height - 1 - edge && b.y > height - 1 - edge);
        }
        pool.push_back(candidate);
    }
}

void PageFinder::Work::outline_regions() {
    constexpr double scale = 2;
    cv::Mat mask;
    const auto cut_at_levels = [&](const cv::Mat& channel, int levels, double least_range) {
        cv::resize(channel, half, {width / 2, height / 2}, 0, 0, cv::INTER_AREA);
        std::vector<float> values;
        for (int y = 0; y < half.rows; y += 3)
            for (int x = 0; x < half.cols; x += 3) values.push_back(half.at<float>(y, x));
        if (values.size() < 16) return;
        std::sort(values.begin(), values.end());
        const float low = values[values.size() / 50], high = values[values.size() * 49 / 50];
        if (high - low < least_range) return;
        for (int i = 1; i <= levels; ++i) {
            const double level = low + (high - low) * i / (levels + 1);
            cv::threshold(half, mask, level, 255, cv::THRESH_BINARY);
            mask.convertTo(mask, CV_8U);
            add_contours(mask, scale);
        }
    };
    cut_at_levels(closed, 11, 4);
    cut_at_levels(channels[1], 5, 6);
    cut_at_levels(channels[2], 5, 6);
}

// Moves each side onto the edges near it.
void PageFinder::Work::snap(Candidate& candidate) const {
    std::array<Line, 4> lines;
    for (std::size_t i = 0; i < 4; ++i) {
        const Point a = candidate.quad[i], b = candidate.quad[(i + 1) % 4];
        lines[i] = line_through(a, b);
        if (candidate.on_border[i]) continue;
        const double side = length(b - a);
        const Point along = (b - a) * (1 / std::max(side, 1e-9));
        for (const int near : {5, 2, 2}) {
            PointSum sum;
            const double offset = lines[i].offset - dot(lines[i].normal, a);
            const double slope =
                -dot(lines[i].normal, along) / dot(lines[i].normal, Point{-along.y, along.x});
            const Point up{-along.y, along.x};
            const double start = offset / dot(lines[i].normal, up);
            for (double t = 0.03 * side; t <= 0.97 * side; t += 1.5) {
                const Point at = a + along * t + up * (start + slope * t);
                const auto edge = raw.nearest(at, lines[i].normal, near);
                if (edge.weight != 0)
                    sum.add(at + lines[i].normal * double(edge.distance),
                            std::abs(double(edge.weight)));
            }
            if (sum.weight < 0.1 * side / 1.5) break;
            const auto fitted = sum.line();
            if (std::abs(dot(fitted.normal, lines[i].normal)) < 0.98) break;
            lines[i] = fitted;
        }
    }
    Quad moved;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto corner = intersection(lines[(i + 3) % 4], lines[i]);
        if (!corner) return;
        moved[i] = *corner;
    }
    if (is_convex(moved) && largest_move(moved, candidate.quad) < 12) candidate.quad = moved;
}

// Share of places where something darker than the paper is as thin as letters are.
double PageFinder::Work::print(const Quad& quad) const {
    constexpr int grid = 48;
    int printed = 0;
    for (int v = 0; v < grid; ++v)
        for (int u = 0; u < grid; ++u) {
            const double x = 0.05 + 0.9 * (u + 0.5) / grid, y = 0.05 + 0.9 * (v + 0.5) / grid;
            const Point top = quad[0] * (1 - x) + quad[1] * x;
            const Point bottom = quad[3] * (1 - x) + quad[2] * x;
            const Point at = top * (1 - y) + bottom * y;
            const int px = std::clamp(int(std::lround(at.x)), 0, width - 1);
            const int py = std::clamp(int(std::lround(at.y)), 0, height - 1);
            const float paper = closed.at<float>(py, px);
            printed += paper - channels[0].at<float>(py, px) > 0.15f * paper + 3 ? 1 : 0;
        }
    return double(printed) / (grid * grid);
}

// Is `other` a sheet with print on it, and larger than the plain thing beside it: a card's back, a
// folder, a telephone?
bool PageFinder::Work::is_sheet_beside(const Judged& other, const Judged& plain) const {
    if (other.evidence.score < least_score ||
        std::abs(area(other.quad)) < std::abs(area(plain.quad)))
        return false;
    Point middle;
    for (const auto& corner : other.quad) middle = middle + corner * 0.25;
    return !contains(plain.quad, middle) && print(plain.quad) < no_print &&
           print(other.quad) > some_print;
}

// Not the other half of an open booklet, a photograph, a card or what else lies about: about as
// large, as surely a sheet, printed, and with desk all around it.
bool PageFinder::Work::is_another_sheet(const Judged& other, const Judged& best) const {
    if (other.is_cut || other.evidence.score < least_score_another) return false;
    const double size = std::abs(area(other.quad)) / std::abs(area(best.quad));
    if (size < least_another || size > 1 / least_another) return false;
    if (gap_between(other.quad, best.quad) < least_gap) return false;
    return print(other.quad) > some_print;
}

// From the side a-b outwards to the border of the picture, or to a fifth of it: is that all paper?
// Then a line of a table or the ends of print were taken for the side.
bool PageFinder::Work::paper_goes_on(Point a, Point b, Point inward, const cv::Vec3f& paper) const {
    constexpr double first = 5, step = 4; // pixels; the side's own edge is narrower than that
    constexpr int places = 16;
    const double farthest = 0.2 * std::max(width, height);
    int like = 0, all = 0, ends = 0;
    for (int i = 0; i < places; ++i) {
        const Point at = a + (b - a) * (0.06 + 0.88 * (i + 0.5) / places);
        double away = first;
        do {
            ++all;
            like += is_like(colour(at - inward * away), paper) ? 1 : 0;
            away += step;
            const Point next = at - inward * away;
            if (next.x >= 0 && next.y >= 0 && next.x <= width - 1 && next.y <= height - 1) continue;
            ++ends;
            break;
        } while (away < farthest);
    }
    return ends == places && like >= 0.85 * all;
}

Judged PageFinder::Work::judge(const Candidate& candidate) const {
    Judged found;
    found.quad = candidate.quad;
    auto& evidence = found.evidence;
    const double clockwise = area(candidate.quad) > 0 ? 1 : -1;
    std::array<double, 4> edges{}, contrasts{};
    std::array<cv::Vec3f, 4> inside{}, outside{};
    std::array<double, 8>
        beyond{}; // of side i: [2i] before its first corner, [2i+1] after its last
    std::vector<double> values;
    for (std::size_t i = 0; i < 4; ++i) {
        const Point a = candidate.quad[i], b = candidate.quad[(i + 1) % 4];
        const double side = std::max(1.0, length(b - a));
        const Point along = (b - a) * (1 / side);
        const Point inward = Point{-along.y, along.x} * clockwise;
        const int samples = std::clamp(int(side / 3), 12, 100);
        double plus = 0, minus = 0, seen = 0;
        std::vector<cv::Vec3f> differences;
        std::array<std::vector<double>, 3> inner, outer;
        for (int s = 0; s < samples; ++s) {
            const double t = 0.03 + 0.94 * (s + 0.5) / samples;
            const Point at = a + along * (t * side);
            if (at.x < 0 || at.y < 0 || at.x > width - 1 || at.y > height - 1) continue;
            seen += 1;
            const double here = support(at, inward);
            (here > 0 ? plus : minus) += std::abs(here);
            const auto in = (colour(at + inward * 4) + colour(at + inward * 7)) * 0.5f;
            const auto out = (colour(at - inward * 4) + colour(at - inward * 7)) * 0.5f;
            differences.push_back(in - out);
            for (int c = 0; c < 3; ++c) {
                inner[std::size_t(c)].push_back(double(in[c]));
                outer[std::size_t(c)].push_back(double(out[c]));
            }
        }
        for (int c = 0; c < 3; ++c) {
            inside[i][c] = float(median(inner[std::size_t(c)]));
            outside[i][c] = float(median(outer[std::size_t(c)]));
        }
        if (candidate.on_border[i] || seen < samples * 0.25) {
            edges[i] = 0.35;
            contrasts[i] = 0.35;
            found.is_cut = true;
            continue;
        }
        edges[i] = (std::max(plus, minus) + 0.4 * std::min(plus, minus)) / seen;
        cv::Vec3f mean(0, 0, 0);
        for (const auto& d : differences) mean += d;
        mean *= 1.0f / float(differences.size());
        const double size = cv::norm(mean);
        double agree = 0;
        for (const auto& d : differences) {
            const double along_mean = d.dot(mean) / std::max(size, 1e-6);
            agree += std::clamp(along_mean / std::max(0.5 * size, 0.5), -1.0, 1.0);
        }
        contrasts[i] = std::max(0.0, agree / double(differences.size())) * size / (size + 4);
        for (const double end : {-1.0, 1.0}) {
            const Point corner = end < 0 ? a : b;
            const double reach = std::clamp(0.15 * side, 8.0, 40.0);
            double sum = 0;
            int count = 0;
            for (double t = 5; t < 5 + reach; t += 2) {
                const Point at = corner + along * (end * t);
                if (at.x < 0 || at.y < 0 || at.x > width - 1 || at.y > height - 1) break;
                sum += std::abs(support(at, inward));
                ++count;
            }
            if (count > 0) beyond[2 * i + (end < 0 ? 0 : 1)] = sum / count;
        }
    }
    evidence.edges = of_four_sides(edges);
    evidence.contrast = of_four_sides(contrasts);
    // Where both neighbours of a side go on beyond it, the sheet does too.
    for (std::size_t i = 0; i < 4; ++i)
        evidence.continuation =
            std::max(evidence.continuation,
                     std::min(beyond[2 * ((i + 3) % 4) + 1], beyond[2 * ((i + 1) % 4)]));
    double all_beyond = 0;
    for (const double one : beyond) all_beyond += one / 8;
    evidence.continuation = 0.5 * evidence.continuation + 0.5 * all_beyond;

    // The paper's colour is what lies along the sides; how much of the inside has it?
    cv::Vec3f paper(0, 0, 0);
    for (int c = 0; c < 3; ++c) {
        values.clear();
        for (const auto& one : inside) values.push_back(double(one[c]));
        std::sort(values.begin(), values.end());
        paper[c] = float((values[1] + values[2]) / 2);
    }
    int like = 0, all = 0;
    constexpr int grid = 14;
    for (int v = 0; v < grid; ++v)
        for (int u = 0; u < grid; ++u) {
            const double x = (u + 0.5) / grid, y = (v + 0.5) / grid;
            const Point top = candidate.quad[0] * (1 - x) + candidate.quad[1] * x;
            const Point bottom = candidate.quad[3] * (1 - x) + candidate.quad[2] * x;
            const auto c = colour(top * (1 - y) + bottom * y);
            ++all;
            const double light = std::abs(double(c[0] - paper[0])) / (0.25 * paper[0] + 12);
            const double tint = std::hypot(double(c[1] - paper[1]), double(c[2] - paper[2])) /
                                (0.06 * paper[0] + 6);
            like += light < 1 && tint < 1 ? 1 : 0;
        }
    evidence.paper = double(like) / all;
    found.paper = paper;
    found.outside = outside;
    for (std::size_t i = 0; i < 4 && !found.is_cut; ++i) {
        // Nothing can be told where the desk is like the paper on other sides too.
        int other_desks = 0;
        for (std::size_t k = 0; k < 4; ++k)
            other_desks += k != i && !is_like(outside[k], paper) ? 1 : 0;
        if (other_desks < 2 || contrasts[i] > 0.7) continue;
        const Point a = candidate.quad[i], b = candidate.quad[(i + 1) % 4];
        const Point along = (b - a) * (1 / std::max(1.0, length(b - a)));
        found.is_cut = paper_goes_on(a, b, Point{-along.y, along.x} * clockwise, paper);
    }
    evidence.shape = shape_score(sheet_aspect(candidate.quad, width, height));
    evidence.size =
        std::sqrt(std::min(1.0, std::abs(area(candidate.quad)) / (double(width) * height)));
    evidence.score = 0.50 * evidence.edges + 0.25 * evidence.contrast + 0.15 * evidence.paper -
                     0.30 * evidence.continuation + 0.08 * evidence.shape + 0.15 * evidence.size;
    return found;
}

PageFinder::PageFinder() : work_(std::make_unique<Work>()) {
    // One worker per device (DESIGN D6): no pool of threads with copies of frames on their stacks.
    static const bool is_alone = [] {
        cv::setNumThreads(1);
        return true;
    }();
    static_cast<void>(is_alone);
}
void PageFinder::forget() {
    work_ = std::make_unique<Work>();
}
PageFinder::~PageFinder() = default;
PageFinder::PageFinder(PageFinder&&) noexcept = default;
PageFinder& PageFinder::operator=(PageFinder&&) noexcept = default;

const std::vector<FoundPage>& PageFinder::candidates() const {
    return work_->scored;
}

// OpenCV throws for what it cannot do, and that includes running out of memory. A frame it cannot
// work on holds no page.
std::optional<FoundPage> PageFinder::find(const base::Picture& frame) {
    try {
        return search(frame);
    } catch (const cv::Exception&) {
        return std::nullopt;
    }
}

std::optional<FoundPage> PageFinder::search(const base::Picture& frame) {
    auto& work = *work_;
    work.scored.clear();
    work.pool.clear();
    if (frame.empty() || std::min(frame.width, frame.height) < 32) return std::nullopt;
    work.reduce(frame);
    work.raw.look_at({work.channels[0], work.channels[1], work.channels[2]});
    work.calm.look_at({work.closed, work.channels[1], work.channels[2]});
    work.raw.merge(work.calm);
    work.outline_regions();
    for (auto& candidate : work.pool) work.snap(candidate);
    work.keep_distinct(1.5, quads_kept);
    const auto regions = std::move(work.pool);
    work.pool.clear();
    work.cross_lines();
    for (auto& candidate : work.pool) work.snap(candidate);
    work.pool.insert(work.pool.end(), regions.begin(), regions.end());
    work.judged.clear();
    for (const auto& candidate : work.pool) work.judged.push_back(work.judge(candidate));
    std::sort(work.judged.begin(), work.judged.end(),
              [](const Judged& a, const Judged& b) { return a.evidence.score > b.evidence.score; });
    for (std::size_t i = 1; i < work.judged.size(); ++i) {
        const auto& best = work.judged.front();
        const auto& other = work.judged[i];
        if (other.evidence.score < best.evidence.score - sheet_margin) break;
        if (!other.is_cut && (lies_on(best, other) || work.is_sheet_beside(other, best))) {
            std::rotate(work.judged.begin(), work.judged.begin() + std::ptrdiff_t(i),
                        work.judged.begin() + std::ptrdiff_t(i) + 1);
            i = 0;
        }
    }
    if (!work.judged.empty()) {
        auto& best = work.judged.front();
        best.has_another =
            std::any_of(work.judged.begin() + 1, work.judged.end(),
                        [&](const Judged& other) { return work.is_another_sheet(other, best); });
    }
    for (const auto& judged : work.judged) {
        work.scored.push_back(judged);
        work.scored.back().quad = to_full_size(judged.quad, work.factor);
    }
    if (work.scored.empty()) return std::nullopt;
    const auto& best = work.scored.front();
    if (best.evidence.score < (best.is_cut ? least_score_cut : least_score)) return std::nullopt;
    return best;
}

} // namespace drivers
