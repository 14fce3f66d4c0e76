// Rows of dots as a thermal head takes them: 1 bit each, 1 = black, left dot in the highest bit.
#pragma once

#include "kiosk/base/picture.hpp"
#include "kiosk/base/secret.hpp"

namespace printer {

class Bitmap {
public:
    Bitmap(int width_dots, int height_dots); // white; the width is a multiple of 8

    int width() const { return width_; }
    int height() const { return height_; }
    std::size_t row_bytes() const { return std::size_t(width_) / 8; }
    base::ByteView row(int y) const {
        CHECK(y >= 0 && y < height_);
        return base::ByteView(rows_).subspan(row_bytes() * std::size_t(y), row_bytes());
    }
    std::uint8_t* row_to_write(int y) {
        CHECK(y >= 0 && y < height_);
        return rows_.data() + row_bytes() * std::size_t(y);
    }
    base::ByteView bytes() const { return rows_; }

    bool is_black(int x, int y) const {
        CHECK(x >= 0 && x < width_);
        return (row(y)[std::size_t(x) / 8] & (0x80 >> (x % 8))) != 0;
    }
    void set_black(int x, int y, bool black = true) { // outside the bitmap: nothing happens
        if (x < 0 || x >= width_ || y < 0 || y >= height_) return;
        const auto dot = std::uint8_t(0x80 >> (x % 8));
        auto& byte = byte_at(x, y);
        byte = std::uint8_t(black ? byte | dot : byte & ~dot);
    }
    void fill(int x, int y, int width, int height); // black; clipped to the bitmap

    // The part of these bytes and rows.
    Bitmap part(int left_byte, int right_byte, int top, int bottom) const;
    bool is_white_row(int y) const;

    // One byte per dot, black 0, white 255.
    base::Picture to_picture() const;

private:
    std::uint8_t& byte_at(int x, int y) {
        return rows_[row_bytes() * std::size_t(y) + std::size_t(x) / 8];
    }
    int width_;
    int height_;
    base::SecretBytes rows_;
};

} // namespace printer
