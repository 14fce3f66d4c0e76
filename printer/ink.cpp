#include "printer/ink.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace printer {

namespace {

// Chosen: a day's receipts in three languages have fewer different blocks; then all are set anew.
constexpr std::size_t kept_blocks = 500;

} // namespace

const Ink::SetBlock* Ink::known(std::string_view key) const {
    const auto found = blocks_.find(key);
    return found == blocks_.end() ? nullptr : &found->second;
}

const Ink::SetBlock& Ink::keep(base::SecretText key, SetBlock block) {
    if (blocks_.size() >= kept_blocks) blocks_.clear();
    return blocks_.insert_or_assign(std::move(key), std::move(block)).first->second;
}

void Ink::begin(int width, int height) {
    CHECK(width > 0 && width % 8 == 0 && height >= 0);
    end(); // what an earlier text left, if its owner did not
    width_ = width;
    height_ = height;
    first_row_ = height;
    last_row_ = -1;
    canvas_.resize(std::size_t(width) * std::size_t(height)); // white: end() leaves it so
}

const text::GlyphBitmap& Ink::glyph(const text::PlacedGlyph& placed, float px, int phase) {
    const Key key{placed.glyph, std::uint32_t(std::lround(px * 4)), std::uint8_t(placed.face),
                  std::uint8_t(phase)};
    const auto found = glyphs_.find(key);
    if (found != glyphs_.end()) return found->second;
    return glyphs_.emplace(key, fonts_->glyph_bitmap(placed.face, placed.glyph, px, phase))
        .first->second;
}

// The same places and sums as text::draw_grey, with glyphs that are kept.
void Ink::draw(const text::Layout& layout, int x, int y, float box_width, text::Align align) {
    float base_line = float(y) + layout.ascent;
    for (const text::Line& line : layout.lines) {
        const float start = float(x) + text::line_offset(line, box_width, align);
        for (const text::PlacedGlyph& placed : line.glyphs) {
            const float quarter = std::floor((start + placed.x) * text::subpixel_phases + 0.5f);
            const float pen = std::floor(quarter / text::subpixel_phases);
            const int phase = int(quarter - pen * text::subpixel_phases);
            const auto& dots = glyph(placed, layout.px, phase);
            const int left = int(pen) + dots.left;
            const int top = int(std::lround(base_line + placed.y)) - dots.top;
            const int x0 = std::max(0, -left), x1 = std::min(dots.width, width_ - left);
            const int y0 = std::max(0, -top), y1 = std::min(dots.height, height_ - top);
            if (x0 >= x1 || y0 >= y1) continue;
            first_row_ = std::min(first_row_, top + y0);
            last_row_ = std::max(last_row_, top + y1 - 1);
            for (int row = y0; row < y1; ++row) {
                const auto* from =
                    dots.coverage.data() + std::size_t(row) * std::size_t(dots.width);
                auto* to = canvas_.data() + std::size_t(top + row) * std::size_t(width_) + left;
                for (int column = x0; column < x1; ++column) {
                    const unsigned ink = from[column];
                    // Where nothing stands yet, which is nearly everywhere, the sum is the glyph.
                    to[column] =
                        to[column] == 0
                            ? std::uint8_t(ink)
                            : std::uint8_t(255 - ((255 - to[column]) * (255 - ink) + 127) / 255);
                }
            }
        }
        base_line += layout.line_height;
    }
}

namespace {

// Eight dots; the first one in the highest bit.
std::uint8_t threshold(const std::uint8_t* ink) {
    constexpr std::uint64_t low = 0x7F7F7F7F7F7F7F7Fu;
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t to_carry = (0x80 - black_from_coverage) * ones;
    static_assert(black_from_coverage <= 0x80);
    std::uint64_t eight = 0;
    std::memcpy(&eight, ink, sizeof eight);
    if (eight == 0) return 0;
    static_assert(std::endian::native == std::endian::little);
    // The highest bit of each byte: set already, or carried into by the others.
    const std::uint64_t black = (((eight & low) + to_carry) | eight) >> 7 & ones;
    return std::uint8_t(black * 0x8040201008040201u >> 56);
}

} // namespace

Bitmap Ink::take(int top, int bottom) const {
    Bitmap dots(width_, bottom - top);
    for (int y = std::max(top, first_row_); y < std::min(bottom, last_row_ + 1); ++y) {
        const auto* from = canvas_.data() + std::size_t(y) * std::size_t(width_);
        auto* to = dots.row_to_write(y - top);
        for (int x = 0; x < width_; x += 8, from += 8) *to++ = threshold(from);
    }
    return dots;
}

std::pair<int, int> Ink::rows_with_ink() const {
    const auto has_ink = [this](int y) {
        const auto* row = canvas_.data() + std::size_t(y) * std::size_t(width_);
        for (int x = 0; x < width_; x += 8)
            if (threshold(row + x) != 0) return true;
        return false;
    };
    int first = first_row_;
    int last = last_row_;
    while (first <= last && !has_ink(first)) ++first;
    while (last >= first && !has_ink(last)) --last;
    if (first > last) return {height_, -1};
    return {first, last};
}

void Ink::end() {
    if (first_row_ > last_row_) return;
    base::wipe(canvas_.data() + std::size_t(first_row_) * std::size_t(width_),
               std::size_t(last_row_ + 1 - first_row_) * std::size_t(width_));
    first_row_ = height_;
    last_row_ = -1;
}

void Ink::wipe() {
    base::wipe(canvas_.data(), canvas_.size());
    for (auto& [key, dots] : glyphs_) base::wipe(dots.coverage.data(), dots.coverage.size());
    glyphs_.clear();
    blocks_.clear(); // their bytes and texts are secret memory
}

} // namespace printer
