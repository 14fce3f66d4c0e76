#include "printer/bitmap.hpp"

#include <algorithm>

namespace printer {

Bitmap::Bitmap(int width_dots, int height_dots) : width_(width_dots), height_(height_dots) {
    CHECK(width_dots > 0 && width_dots % 8 == 0 && height_dots >= 0);
    rows_.resize(row_bytes() * std::size_t(height_dots));
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

void Bitmap::fill(int x, int y, int width, int height) {
    const int left = std::max(x, 0);
    const int right = std::min(x + width, width_);
    const int bottom = std::min(y + height, height_);
    if (left >= right) return;
    for (int line = std::max(y, 0); line < bottom; ++line) {
        auto* bytes = row_to_write(line);
        const auto first = std::uint8_t(0xFF >> (left % 8));
        const auto last = std::uint8_t(0xFF00 >> ((right - 1) % 8 + 1));
        const int first_byte = left / 8;
        const int last_byte = (right - 1) / 8;
        if (first_byte == last_byte) {
            bytes[first_byte] |= first & last;
            continue;
        }
        bytes[first_byte] |= first;
        std::fill(bytes + first_byte + 1, bytes + last_byte, std::uint8_t(0xFF));
        bytes[last_byte] |= last;
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
