#include "kiosk/text/caret.hpp"

#include <algorithm>
#include <cmath>

namespace text {

namespace {

float trailing_edge(const Cluster& cluster) {
    return cluster.rtl ? cluster.left : cluster.right;
}

// How many letters of the line end at or before the offset.
std::size_t letters_before(const Line& line, std::size_t offset) {
    return std::size_t(std::upper_bound(line.clusters.begin(), line.clusters.end(), offset,
                                        [](std::size_t value, const Cluster& cluster) {
                                            return value < cluster.end;
                                        }) -
                       line.clusters.begin());
}

float x_after(const Line& line, std::size_t letters) {
    if (letters == 0) return line.rtl ? line.width : 0;
    return trailing_edge(line.clusters[letters - 1]);
}

// The offset after so many letters of a line.
std::size_t offset_after(const Line& line, std::size_t letters) {
    if (letters < line.clusters.size()) return line.clusters[letters].begin;
    return line.clusters.empty() ? line.begin : line.clusters.back().end;
}

} // namespace

CaretPlace caret_at(const Layout& layout, std::size_t offset) {
    const auto next =
        std::upper_bound(layout.lines.begin(), layout.lines.end(), offset,
                         [](std::size_t value, const Line& line) { return value < line.begin; });
    const auto line = next == layout.lines.begin() ? next : std::prev(next);
    return {std::size_t(line - layout.lines.begin()),
            x_after(*line, letters_before(*line, offset))};
}

std::size_t offset_at(const Layout& layout, std::size_t line_number, float x) {
    line_number = std::min(line_number, layout.lines.size() - 1);
    const Line& line = layout.lines[line_number];
    // The offset after a line that goes on belongs to the next line; a space there is its break.
    const bool goes_on =
        line_number + 1 < layout.lines.size() && layout.lines[line_number + 1].begin == line.end;
    const bool ends_in_space =
        !line.clusters.empty() &&
        (line.rtl ? line.clusters.back().right <= 0 : line.clusters.back().left >= line.width);
    const std::size_t last = line.clusters.size() - (goes_on && ends_in_space ? 1 : 0);
    const float left = std::min(0.0f, x_after(line, last));
    const float right = std::max(line.width, x_after(line, last));
    if (x <= left) return offset_after(line, line.rtl ? last : 0);
    if (x >= right) return offset_after(line, line.rtl ? 0 : last);

    std::size_t best = 0;
    float best_distance = std::abs(x_after(line, 0) - x);
    for (std::size_t letters = 1; letters <= last; ++letters) {
        const Cluster& before = line.clusters[letters - 1];
        const float distance = std::abs(trailing_edge(before) - x);
        // Two carets may stand at one place where directions meet: the finger's own letter decides.
        const bool touched = x >= before.left && x < before.right;
        if (distance > best_distance || (distance == best_distance && !touched)) continue;
        best = letters;
        best_distance = distance;
    }
    return offset_after(line, best);
}

} // namespace text
