#include "drivers/scanner/empty_desk.hpp"

#include "kiosk/base/secret.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace drivers {
namespace {

using base::Picture;

// Chosen, on drawn desks (page_watch_test). Brightness and colour are compared as logarithms, so
// that half the light is the same difference everywhere.
constexpr double too_dark_below = 24; // of 255: median brightness by which nothing can be told
constexpr double dazzled_from = 250;  // of 255
constexpr double dazzled_share = 0.5; // of the picture
constexpr double black_offset = 6;    // of 255: noise of dark pixels counts little
// What changes from one place to the next but one, 9 mm away: the edge of a thing. A shadow of a
// person under a lamp changes over several centimetres, the light of the room over the whole desk.
constexpr int next_but_one = 2;
constexpr double other_light = 0.25;
constexpr double other_colour = 0.12;
constexpr double least_share = 0.004; // of the picture: half the outline of an identity card

struct Cell {
    double light = 0;         // how much lighter than before, as a logarithm
    double red = 0, blue = 0; // the same for red and blue against green
};

double value(const Picture& picture, std::size_t pixel, int channel) {
    const auto at = pixel * std::size_t(picture.channels);
    return picture.pixels[at + std::size_t(std::min(channel, picture.channels - 1))];
}

double median_of(std::vector<double> values) {
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::vector<Cell> changes(const Picture& then, const Picture& now) {
    std::vector<Cell> cells(std::size_t(then.width) * std::size_t(then.height));
    for (std::size_t i = 0; i < cells.size(); ++i) {
        std::array<double, 3> change{};
        for (int c = 0; c < 3; ++c)
            change[std::size_t(c)] =
                std::log((value(now, i, c) + black_offset) / (value(then, i, c) + black_offset));
        cells[i] = {(change[0] + change[1] + change[2]) / 3, change[0] - change[1],
                    change[2] - change[1]};
    }
    return cells;
}

// Where the change itself changes at once: the outline of what lies there.
std::vector<bool> outlines(const std::vector<Cell>& cells, int width, int height) {
    std::vector<bool> differs(cells.size());
    const auto differ = [](const Cell& a, const Cell& b) {
        return std::abs(a.light - b.light) > other_light ||
               std::abs(a.red - b.red) > other_colour || std::abs(a.blue - b.blue) > other_colour;
    };
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const auto at = std::size_t(y * width + x);
            const auto beside = at + next_but_one, below = at + std::size_t(next_but_one * width);
            differs[at] = (x + next_but_one < width && differ(cells[at], cells[beside])) ||
                          (y + next_but_one < height && differ(cells[at], cells[below]));
        }
    return differs;
}

// Cells of the largest piece that hangs together, side by side.
std::size_t largest_piece(std::vector<bool> differs, int width) {
    std::size_t largest = 0;
    std::vector<std::size_t> open;
    for (std::size_t start = 0; start < differs.size(); ++start) {
        if (!differs[start]) continue;
        std::size_t size = 0;
        open.assign(1, start);
        differs[start] = false;
        while (!open.empty()) {
            const auto at = open.back();
            open.pop_back();
            ++size;
            const auto x = at % std::size_t(width);
            const auto visit = [&](bool exists, std::size_t next) {
                if (!exists || !differs[next]) return;
                differs[next] = false;
                open.push_back(next);
            };
            visit(x > 0, at - 1);
            visit(x + 1 < std::size_t(width), at + 1);
            visit(at >= std::size_t(width), at - std::size_t(width));
            visit(at + std::size_t(width) < differs.size(), at + std::size_t(width));
        }
        largest = std::max(largest, size);
    }
    return largest;
}

bool can_be_compared(const Picture& now) {
    const auto pixels = std::size_t(now.width) * std::size_t(now.height);
    std::vector<double> light(pixels);
    std::size_t dazzled = 0;
    for (std::size_t i = 0; i < pixels; ++i) {
        light[i] = (value(now, i, 0) + value(now, i, 1) + value(now, i, 2)) / 3;
        dazzled += light[i] >= dazzled_from ? 1 : 0;
    }
    return median_of(light) >= too_dark_below && double(dazzled) < dazzled_share * double(pixels);
}

} // namespace

void EmptyDesk::remember(const Picture& frame) {
    forget();
    if (!frame.empty()) then_ = base::shrink_to_fit(frame, long_side, long_side);
}

void EmptyDesk::forget() {
    base::wipe(then_.pixels.data(), then_.pixels.size());
    then_ = {};
}

DeskView EmptyDesk::compare(const Picture& frame) const {
    if (!is_known() || frame.empty()) return DeskView::unclear;
    const auto now = base::shrink_to_fit(frame, long_side, long_side);
    if (now.width != then_.width || now.height != then_.height || !can_be_compared(now) ||
        !can_be_compared(then_))
        return DeskView::unclear;
    const auto cells = changes(then_, now);
    const auto piece = largest_piece(outlines(cells, now.width, now.height), now.width);
    return double(piece) > least_share * double(cells.size()) ? DeskView::occupied
                                                              : DeskView::empty;
}

} // namespace drivers
