#include "printer/bitmap.hpp"

#include <algorithm>

namespace printer {

Bitmap::Bitmap(int width_dots, int height_dots) : width_(width_dots), height_(height_dots) {
    CHECK(width_dots > 0 && width_dots % 8 == 0 && height_dots >= 0);
    rows_.resize(row_bytes() * std::size_t(height_dots));
}

base::ByteView Bitmap::row(int y) const {
    CHECK(y >= 0 && y < height_);
    return base::ByteView(rows_).subspan(row_bytes() * std::size_t(y), row_bytes());
}

std::uint8_t& Bitmap::byte_at(int x, int y) {
    return rows_[row_bytes() * std::size_t(y) + std::size_t(x) / 8];
}

std::uint8_t* Bitmap::row_to_write(int y) {
    CHECK(y >= 0 && y < height_);
    return rows_.data() + row_bytes() * std::size_t(y);
}

Bitmap Bitmap::part(int left_byte, int right_byte, int top, int bottom) const {
    CHECK(left_byte >= 0 && left_byte < right_byte && right_byte <= int(row_bytes()));
    CHECK(top >= 0 && top <= bottom && bottom <= height_);
    Bitmap copy((right_byte - left_byte) * 8, bottom - top);
    for (int y = top; y < bottom; ++y) {
        const auto from = row(y).subspan(std::size_t(left_byte), copy.row_bytes());
        std::copy(from.begin(), from.end(), copy.row_to_write(y - top));
    }
    return copy;
}

bool Bitmap::is_white_row(int y) const {
    const auto bytes = row(y);
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool Bitmap::is_black(int x, int y) const {
    CHECK(x >= 0 && x < width_);
    return (row(y)[std::size_t(x) / 8] & (0x80 >> (x % 8))) != 0;
}

void Bitmap::set_black(int x, int y, bool black) {
    if (x < 0 || x >= width_ || y < 0 || y >= height_) return;
    const auto dot = std::uint8_t(0x80 >> (x % 8));
    auto& byte = byte_at(x, y);
    byte = std::uint8_t(black ? byte | dot : byte & ~dot);
}

void Bitmap::fill(int x, int y, int width, int height) {
    const int right = std::min(x + width, width_);
    const int bottom = std::min(y + height, height_);
    for (int row = std::max(y, 0); row < bottom; ++row) {
        for (int column = std::max(x, 0); column < right; ++column) set_black(column, row);
    }
}

base::Picture Bitmap::to_picture() const {
    base::Picture picture{.width = width_, .height = height_, .channels = 1};
    picture.pixels.resize(std::size_t(width_) * std::size_t(height_), 255);
    for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x) {
            if (is_black(x, y)) picture.row(y)[x] = 0;
        }
    }
    return picture;
}

} // namespace printer
