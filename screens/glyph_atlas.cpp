#include "screens/glyph_atlas.hpp"

#include "kiosk/base/secret.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace screens {

namespace {

std::string key_of(text::FaceId face, std::uint32_t glyph, float px, int phase) {
    const std::uint32_t parts[3] = {glyph, std::uint32_t(std::lround(px * 64)),
                                    std::uint32_t(face) << 8 | unsigned(phase)};
    return "g" + std::string(reinterpret_cast<const char*>(parts), sizeof parts);
}

} // namespace

GlyphAtlas::GlyphAtlas(std::uint8_t* coverage, int stride, int x, int y, int width, int height)
    : coverage_(coverage), stride_(stride), x_(x), y_(y), width_(width), height_(height) {}

const AtlasEntry* GlyphAtlas::place(std::string key, const text::GlyphBitmap& bitmap) {
    AtlasEntry entry{0, 0, bitmap.width, bitmap.height, bitmap.left, bitmap.top};
    if (!bitmap.coverage.empty()) {
        if (shelf_x_ + bitmap.width > width_) {
            shelf_x_ = 0;
            shelf_y_ += shelf_height_;
            shelf_height_ = 0;
        }
        if (bitmap.width > width_ || shelf_y_ + bitmap.height > height_) {
            incomplete_ = true;
            return nullptr;
        }
        entry.x = x_ + shelf_x_;
        entry.y = y_ + shelf_y_;
        for (int row = 0; row < bitmap.height; ++row)
            std::memcpy(coverage_ + std::size_t(entry.y + row) * std::size_t(stride_) + entry.x,
                        bitmap.coverage.data() + std::size_t(row) * std::size_t(bitmap.width),
                        std::size_t(bitmap.width));
        shelf_x_ += bitmap.width;
        shelf_height_ = std::max(shelf_height_, bitmap.height);
    }
    return &entries_.emplace(std::move(key), entry).first->second;
}

const AtlasEntry* GlyphAtlas::glyph(text::FontSet& fonts, text::FaceId face, std::uint32_t glyph,
                                    float px, int phase) {
    auto key = key_of(face, glyph, px, phase);
    if (const auto found = entries_.find(key); found != entries_.end()) return &found->second;
    return place(std::move(key), fonts.glyph_bitmap(face, glyph, px, phase));
}

const AtlasEntry* GlyphAtlas::icon(const IconSet& icons, std::string_view name, int side,
                                   bool mirrored) {
    std::string key = "i" + std::to_string(side) + (mirrored ? "<" : ">") + std::string(name);
    if (const auto found = entries_.find(key); found != entries_.end()) return &found->second;
    return place(std::move(key), icons.mask(name, side, mirrored));
}

void GlyphAtlas::wipe() {
    for (int row = 0; row < height_; ++row)
        base::wipe(coverage_ + std::size_t(y_ + row) * std::size_t(stride_) + x_,
                   std::size_t(width_));
    while (!entries_.empty()) {
        auto node = entries_.extract(entries_.begin());
        base::wipe(node.key());
    }
    shelf_x_ = shelf_y_ = shelf_height_ = 0;
    incomplete_ = false;
}

} // namespace screens
