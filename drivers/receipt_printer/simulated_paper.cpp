#include "drivers/receipt_printer/simulated_paper.hpp"

#include <algorithm>
#include <utility>

namespace drivers {

SimulatedPaper::SimulatedPaper(int width_dots) : width_dots_(width_dots) {
    CHECK(width_dots > 0);
    paper_ = {.width = width_dots, .height = 0, .channels = 1};
}

void SimulatedPaper::print_row(base::ByteView row, int left) {
    CHECK(left >= 0);
    feed(1);
    auto* dots = paper_.row(paper_.height - 1);
    const int printable = std::min(width_dots_ - left, int(row.size()) * 8);
    for (int x = 0; x < printable; ++x) {
        if (row[std::size_t(x) / 8] & (0x80 >> (x % 8))) dots[left + x] = 0;
    }
}

void SimulatedPaper::feed(int dots) {
    CHECK(dots >= 0);
    paper_.height += dots;
    paper_.pixels.resize(paper_.row_bytes() * std::size_t(paper_.height), 255);
}

void SimulatedPaper::cut(int rows_above_head) {
    const int cut_at = std::max(0, paper_.height - rows_above_head);
    const auto border = paper_.pixels.begin() + std::ptrdiff_t(paper_.row_bytes()) * cut_at;
    base::Picture slip{.width = width_dots_, .height = cut_at, .channels = 1};
    slip.pixels.assign(paper_.pixels.begin(), border);
    paper_.pixels.erase(paper_.pixels.begin(), border);
    paper_.height -= cut_at;
    if (!slip.empty()) slips_.push_back(std::move(slip));
}

std::vector<base::Picture> SimulatedPaper::take_slips() {
    return std::exchange(slips_, {});
}

} // namespace drivers
