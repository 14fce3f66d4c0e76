#include "drivers/receipt_printer/simulated_paper.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace drivers {

SimulatedPaper::SimulatedPaper(int width_dots)
    : width_dots_(width_dots), row_bytes_(std::size_t(width_dots) / 8) {
    CHECK(width_dots > 0 && width_dots % 8 == 0);
}

void SimulatedPaper::print_row(base::ByteView row, int left) {
    CHECK(left >= 0);
    feed(1);
    add_dots(paper_.rows.data() + paper_.rows.size() - row_bytes_, row, left);
}

void SimulatedPaper::mark_row(base::ByteView row, int left, int rows_up) {
    if (left < 0 || rows_up < 1 || rows_up > paper_.height) return;
    add_dots(paper_.rows.data() + std::size_t(paper_.height - rows_up) * row_bytes_, row, left);
}

void SimulatedPaper::add_dots(std::uint8_t* to, base::ByteView row, int left) const {
    const std::size_t first = std::size_t(left) / 8;
    const int shift = left % 8;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (first + i < row_bytes_) to[first + i] |= std::uint8_t(row[i] >> shift);
        if (shift > 0 && first + i + 1 < row_bytes_)
            to[first + i + 1] |= std::uint8_t(row[i] << (8 - shift));
    }
}

void SimulatedPaper::feed(int dots) {
    CHECK(dots >= 0);
    paper_.height += dots;
    paper_.rows.resize(row_bytes_ * std::size_t(paper_.height));
}

void SimulatedPaper::set_black(int x, int rows_up) {
    if (x < 0 || x >= width_dots_ || rows_up < 1 || rows_up > paper_.height) return;
    const std::size_t row = std::size_t(paper_.height - rows_up);
    paper_.rows[row * row_bytes_ + std::size_t(x) / 8] |= std::uint8_t(0x80 >> (x % 8));
}

void SimulatedPaper::cut(int rows_above_head) {
    const int cut_at = std::max(0, paper_.height - rows_above_head);
    if (cut_at == 0) return;
    const auto border = paper_.rows.begin() + std::ptrdiff_t(row_bytes_) * cut_at;
    slips_.push_back({cut_at, base::Bytes(paper_.rows.begin(), border), true});
    paper_.rows.erase(paper_.rows.begin(), border);
    paper_.height -= cut_at;
}

base::Picture SimulatedPaper::to_picture(const Slip& slip) const {
    base::Picture picture{.width = width_dots_, .height = slip.height, .channels = 1};
    picture.pixels.resize(picture.row_bytes() * std::size_t(slip.height), 255);
    for (int y = 0; y < slip.height; ++y) {
        const auto* row = slip.rows.data() + row_bytes_ * std::size_t(y);
        for (int x = 0; x < width_dots_; ++x) {
            if (row[x / 8] & (0x80 >> (x % 8))) picture.row(y)[x] = 0;
        }
    }
    return picture;
}

void SimulatedPaper::pull_out() {
    const std::size_t before = slips_.size();
    cut(0);
    if (slips_.size() > before) slips_.back().is_cut = false;
}

std::vector<base::Picture> SimulatedPaper::take_slips() {
    std::vector<base::Picture> pictures;
    for (const Slip& slip : std::exchange(slips_, {})) pictures.push_back(to_picture(slip));
    return pictures;
}

} // namespace drivers
