#include "drivers/scanner/text_direction.hpp"

#include "kiosk/base/check.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace drivers {
namespace {

// Chosen on generated pages and on the shared ones, see README.
constexpr int longest_side = 2480; // A4 at 212 dpi: a full stop of 10 points is 4 pixels wide
constexpr int ink_below = 128;
constexpr double margin = 0.014;   // of the long side: what shows of the desk is no print
constexpr double tallest = 0.06;   // of the long side: pictures, seals, columns of a table
constexpr double widest = 0.13;    // of the long side: rules
constexpr double least_letter = 7; // pixels: below that a full stop is a speck
constexpr double least_marks = 6;  // more low ones than high ones
constexpr double sure_marks = 3.5; // in deviations of a fair coin
constexpr std::size_t least_lines = 4;
constexpr double strong_lean = 0.15;  // of a line's ink: Arabic script has 0.2 to 0.3
constexpr double least_lean = 0.02;   // Latin has 0.04 to 0.06; so may signs that are no script
constexpr double least_spread = 0.02; // from line to line
constexpr double sure_lean = 5;       // in standard errors
constexpr double supports = 2;        // what one says for or against the other

// Everything positive speaks for upright.
struct Evidence {
    double low_marks = 0, high_marks = 0;
    std::vector<double> leans; // of each line: ink above its band less ink below, of all its ink
};

double median_of(std::vector<double> values) {
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

cv::Mat grey_of(const base::Picture& page) {
    cv::Mat grey(page.height, page.width, page.channels == 1 ? CV_8UC1 : CV_8UC3,
                 const_cast<std::uint8_t*>(page.pixels.data()));
    const double shrink = double(longest_side) / std::max(page.width, page.height);
    if (shrink < 1) cv::resize(grey, grey, {}, shrink, shrink, cv::INTER_AREA);
    if (page.channels == 3) cv::cvtColor(grey, grey, cv::COLOR_RGB2GRAY);
    return grey;
}

// Letters and their pieces, without rules, frames, seals and pictures; and how high they are.
struct Print {
    cv::Mat letters;
    double em = 0; // median height; 0: nothing printed
};

Print print_of(const cv::Mat& grey) {
    cv::Mat ink = grey < ink_below;
    const double side = std::max(ink.cols, ink.rows);
    const int rim = int(margin * side);
    if (2 * rim + 8 > std::min(ink.cols, ink.rows)) return {};
    cv::rectangle(ink, {0, 0, ink.cols, ink.rows}, 0, 2 * rim);
    cv::Mat labels, boxes, middles;
    const int count = cv::connectedComponentsWithStats(ink, labels, boxes, middles, 8);
    std::vector<std::uint8_t> is_letter(std::size_t(count), 0);
    std::vector<double> heights;
    for (int i = 1; i < count; ++i) {
        const double width = boxes.at<int>(i, cv::CC_STAT_WIDTH),
                     height = boxes.at<int>(i, cv::CC_STAT_HEIGHT);
        if (height > tallest * side || width > widest * side) continue;
        is_letter[std::size_t(i)] = 255;
        if (std::max(width, height) > 0.004 * side) heights.push_back(height);
    }
    if (heights.empty()) return {};
    for (int y = 0; y < ink.rows; ++y) {
        const auto* label = labels.ptr<int>(y);
        auto* to = ink.ptr<std::uint8_t>(y);
        for (int x = 0; x < ink.cols; ++x) to[x] = is_letter[std::size_t(label[x])];
    }
    return {ink, median_of(std::move(heights))};
}

cv::Mat closed(const cv::Mat& in, double width, double height) {
    cv::Mat out;
    const cv::Size size(int(width) | 1, int(height) | 1);
    cv::morphologyEx(in, out, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_RECT, size));
    return out;
}

// How much of the print hangs together in long rows when it is smeared a little along them: text
// that runs up the page does so in columns.
double length_of_rows(const cv::Mat& letters, double em) {
    cv::Mat labels, boxes, middles;
    const int count =
        cv::connectedComponentsWithStats(closed(letters, 0.8 * em, 1), labels, boxes, middles, 8);
    double sum = 0;
    for (int i = 1; i < count; ++i) {
        const double width = boxes.at<int>(i, cv::CC_STAT_WIDTH);
        if (width > 4 * em && width > 2.5 * boxes.at<int>(i, cv::CC_STAT_HEIGHT)) sum += width;
    }
    return sum;
}

// A run of columns with ink in a line, and the rows it takes.
struct Mark {
    int left, right, top, bottom; // the last column and row belong to it
};

std::vector<Mark> runs_of(const cv::Mat& line) {
    std::vector<Mark> runs;
    cv::Mat columns;
    cv::reduce(line, columns, 0, cv::REDUCE_MAX);
    const auto* has_ink = columns.ptr<std::uint8_t>(0);
    for (int x = 0; x < line.cols; ++x) {
        if (has_ink[x] == 0) continue;
        const int left = x;
        while (x + 1 < line.cols && has_ink[x + 1] != 0) ++x;
        const auto box = cv::boundingRect(line.colRange(left, x + 1));
        runs.push_back({left, x, box.y, box.y + box.height - 1});
    }
    return runs;
}

// Small marks with nothing above or below: full stops and commas lie low. Two of them side by side
// are quotation marks, or dots that go on, and say nothing.
void count_marks(const cv::Mat& line, Evidence& evidence) {
    const double high = line.rows;
    const auto runs = runs_of(line);
    const auto is_small = [&](const Mark& mark) {
        const double width = mark.right - mark.left + 1, height = mark.bottom - mark.top + 1;
        return width > 0.06 * high && width < 0.4 * high && height > 0.06 * high &&
               height < 0.4 * high && width < 2.2 * height;
    };
    const auto is_pair = [&](std::size_t a, std::size_t b) {
        return b < runs.size() && a < b && is_small(runs[a]) && is_small(runs[b]) &&
               runs[b].left - runs[a].right < 0.35 * high;
    };
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!is_small(runs[i]) || is_pair(i, i + 1) || (i > 0 && is_pair(i - 1, i))) continue;
        const double middle = (runs[i].top + runs[i].bottom) / 2.0;
        const double away = (middle - (high - 1) / 2) / high;
        if (away > 0.18) ++evidence.low_marks;
        if (away < -0.18) ++evidence.high_marks;
    }
}

// Ink above the rows that hold at least half as much as the fullest, less ink below them.
double lean_of(const cv::Mat& line) {
    cv::Mat sums;
    cv::reduce(line, sums, 1, cv::REDUCE_SUM, CV_32F);
    const auto at = [&](int y) { return double(sums.at<float>(std::clamp(y, 0, line.rows - 1))); };
    std::vector<double> calm;
    for (int y = 0; y < line.rows; ++y) calm.push_back((at(y - 1) + at(y) + at(y + 1)) / 3);
    const double half = *std::max_element(calm.begin(), calm.end()) / 2;
    int top = 0, bottom = line.rows - 1;
    while (calm[std::size_t(top)] < half) ++top;
    while (calm[std::size_t(bottom)] < half) --bottom;
    double above = 0, below = 0, all = 0;
    for (int y = 0; y < line.rows; ++y) {
        all += at(y);
        above += y < top ? at(y) : 0;
        below += y > bottom ? at(y) : 0;
    }
    return (above - below) / std::max(all, 1.0);
}

Evidence evidence_of(const Print& print) {
    const double em = print.em;
    // Along a line first; then dots and accents join the letters above or below.
    const cv::Mat smeared = closed(closed(print.letters, 2 * em, 1), 1, 0.35 * em);
    cv::Mat labels, boxes, middles;
    const int count = cv::connectedComponentsWithStats(smeared, labels, boxes, middles, 8);
    Evidence evidence;
    for (int i = 1; i < count; ++i) {
        const cv::Rect box(boxes.at<int>(i, cv::CC_STAT_LEFT), boxes.at<int>(i, cv::CC_STAT_TOP),
                           boxes.at<int>(i, cv::CC_STAT_WIDTH),
                           boxes.at<int>(i, cv::CC_STAT_HEIGHT));
        if (box.width < 3 * em || box.height < 0.8 * em || box.height > 3 * em) continue;
        cv::Mat line = print.letters(box).clone();
        line.setTo(0, labels(box) != i);
        if (cv::countNonZero(line) == 0) continue;
        count_marks(line, evidence);
        evidence.leans.push_back(lean_of(line));
    }
    return evidence;
}

// Deviations by which the marks, and standard errors by which the lines, speak for upright.
double marks_of(const Evidence& evidence) {
    const double all = evidence.low_marks + evidence.high_marks;
    return all == 0 ? 0 : (evidence.low_marks - evidence.high_marks) / std::sqrt(all);
}

struct Lean {
    double mean = 0, errors = 0;
};

Lean lean_of(const Evidence& evidence) {
    const auto& leans = evidence.leans;
    if (leans.size() < least_lines) return {};
    const auto count = double(leans.size());
    const double mean = std::accumulate(leans.begin(), leans.end(), 0.0) / count;
    double square = 0;
    for (const double one : leans) square += (one - mean) * (one - mean);
    const double spread = std::max(least_spread, std::sqrt(square / count));
    return {mean, mean / spread * std::sqrt(count)};
}

// Of print in rows; unsure where it runs up or down.
TextDirection direction_of_rows(const cv::Mat& grey) {
    const auto print = print_of(grey);
    if (print.em < least_letter) return TextDirection::unsure;
    cv::Mat across;
    cv::transpose(print.letters, across);
    if (length_of_rows(print.letters, print.em) < 2 * length_of_rows(across, print.em))
        return TextDirection::unsure;
    const auto evidence = evidence_of(print);
    const double marks = marks_of(evidence);
    const auto lean = lean_of(evidence);
    const double more = std::abs(evidence.low_marks - evidence.high_marks);
    const bool by_marks = more >= least_marks && std::abs(marks) >= sure_marks;
    const bool leans = std::abs(lean.errors) >= sure_lean;
    const bool by_lean = leans && std::abs(lean.mean) >= strong_lean;
    const bool by_both = leans && std::abs(lean.mean) >= least_lean &&
                         std::abs(marks) >= supports && marks * lean.errors > 0;
    const bool is_denied =
        marks * lean.errors < 0 && std::abs(marks) >= supports && std::abs(lean.errors) >= supports;
    if ((!by_marks && !by_lean && !by_both) || is_denied) return TextDirection::unsure;
    return (by_marks ? marks : lean.errors) > 0 ? TextDirection::upright
                                                : TextDirection::on_its_head;
}

TextDirection text_direction_or_throw(const base::Picture& page) {
    const cv::Mat grey = grey_of(page);
    const auto direction = direction_of_rows(grey);
    if (direction != TextDirection::unsure) return direction;
    cv::Mat turned;
    cv::rotate(grey, turned, cv::ROTATE_90_COUNTERCLOCKWISE);
    switch (direction_of_rows(turned)) {
    case TextDirection::upright: return TextDirection::runs_down;
    case TextDirection::on_its_head: return TextDirection::runs_up;
    case TextDirection::runs_up:
    case TextDirection::runs_down:
    case TextDirection::unsure: break;
    }
    return TextDirection::unsure;
}

} // namespace

int degrees_to_upright(TextDirection direction) {
    switch (direction) {
    case TextDirection::unsure:
    case TextDirection::upright: return 0;
    case TextDirection::on_its_head: return 180;
    case TextDirection::runs_up: return 90;
    case TextDirection::runs_down: return 270;
    }
    CHECK(false);
}

TextDirection text_direction(const base::Picture& page) {
    if (page.empty()) return TextDirection::unsure;
    try {
        return text_direction_or_throw(page);
    } catch (const cv::Exception&) {
        return TextDirection::unsure;
    }
}

} // namespace drivers
