#include "printer/items.hpp"

#include "kiosk/text/unicode.hpp"
#include "printer/code128.hpp"
#include "printer/qr_code.hpp"

#include <algorithm>
#include <cmath>

namespace printer {
namespace {

// Rows are appended to a picture of known width.
class Page {
public:
    Page(int width_dots, text::Typesetter* typesetter) : typesetter_(typesetter) {
        picture_ = {.width = width_dots, .height = 0, .channels = 1};
    }

    void add(const Raster& raster) {
        const int top = add_white(raster.height());
        stamp(raster.dots, raster.left_dots, top, raster.scale);
    }
    void add(const Native& line) {
        const int top = add_white(line.height_dots);
        for (const auto& piece : line.pieces) {
            int x = piece.left_dots;
            for (const char32_t c : text::decode_utf8(piece.text)) {
                draw_cell(c, x, top, line.scale, piece.is_bold);
                x += cell_dots(c) * line.scale;
            }
        }
        for (const auto& drawn : line.pictures) stamp(drawn.dots, drawn.left_dots, top, 1);
    }
    void add(const NativeQr& code) {
        const int side = code.modules * code.module_dots;
        const int top = add_white(side);
        if (auto dots = draw_qr_modules(code.payload)) {
            for (int y = 0; y < code.modules; ++y)
                for (int x = 0; x < code.modules; ++x)
                    if (dots->is_black(x, y))
                        fill((picture_.width - side) / 2 + x * code.module_dots,
                             top + y * code.module_dots, code.module_dots, code.module_dots);
        }
    }
    void add(const NativeCode& code) {
        const int top = add_white(code.height_dots);
        const Bitmap dots = draw_code128(code.payload, code.module_dots, code.height_dots);
        stamp(dots, (picture_.width - code.width_dots) / 2, top, 1);
    }
    void add(const Gap& gap) { add_white(gap.dots); }
    void add(const Feed& feed) { add_white(feed.dots); }
    void add(const CutItem&) {}

    base::Picture take() { return std::move(picture_); }

private:
    int add_white(int rows) {
        const int top = picture_.height;
        picture_.height += rows;
        picture_.pixels.resize(picture_.row_bytes() * std::size_t(picture_.height), 255);
        return top;
    }
    void fill(int left, int top, int width, int height) {
        for (int y = std::max(top, 0); y < std::min(top + height, picture_.height); ++y)
            for (int x = std::max(left, 0); x < std::min(left + width, picture_.width); ++x)
                picture_.row(y)[x] = 0;
    }
    void stamp(const Bitmap& dots, int left, int top, int scale) {
        for (int y = 0; y < dots.height(); ++y)
            for (int x = 0; x < dots.width(); ++x)
                if (dots.is_black(x, y)) fill(left + x * scale, top + y * scale, scale, scale);
    }
    // Our glyph, squeezed into the printer's cell.
    void draw_cell(char32_t c, int left, int top, int scale, bool is_bold) {
        const int width = cell_dots(c) * scale;
        const int height = cell_height_dots * scale;
        if (typesetter_ == nullptr) {
            fill(left + 1, top + 1, width - 2, height - 2);
            return;
        }
        const std::string utf8 = text::encode_utf8(std::u32string(1, c));
        const text::Style style{.px = float(height) * 0.9f, .bold = is_bold, .line_height = 1.1f};
        const auto& layout = typesetter_->layout(utf8, style);
        const int glyph_width = std::max(1, int(std::ceil(layout.width)));
        base::Picture cell{.width = glyph_width, .height = height, .channels = 1};
        cell.pixels.assign(cell.row_bytes() * std::size_t(height), 255);
        text::draw_grey(layout, typesetter_->fonts(), cell, 0,
                        int(std::lround((float(height) - layout.line_height) / 2)),
                        float(glyph_width));
        const int drawn = std::min(width, glyph_width);
        const int shift = (width - drawn) / 2;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < drawn; ++x)
                if (cell.row(y)[x * glyph_width / drawn] < 128)
                    fill(left + shift + x, top + y, 1, 1);
    }

    text::Typesetter* typesetter_;
    base::Picture picture_;
};

struct Height {
    int operator()(const Raster& raster) const { return raster.height(); }
    int operator()(const Native& line) const { return line.height_dots; }
    int operator()(const NativeQr& code) const { return code.modules * code.module_dots; }
    int operator()(const NativeCode& code) const { return code.height_dots; }
    int operator()(const Gap& gap) const { return gap.dots; }
    int operator()(const Feed& feed) const { return feed.dots; }
    int operator()(const CutItem&) const { return 0; }
};

} // namespace

int height_of(const Items& items) {
    int height = 0;
    for (const Item& item : items) height += std::visit(Height{}, item);
    return height;
}

base::Picture preview(const Items& items, int width_dots, text::Typesetter* typesetter) {
    Page page(width_dots, typesetter);
    for (const Item& item : items) std::visit([&](const auto& kind) { page.add(kind); }, item);
    return page.take();
}

} // namespace printer
