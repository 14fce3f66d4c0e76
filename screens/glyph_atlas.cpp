#include "screens/glyph_atlas.hpp"

#include "kiosk/base/secret.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace screens {

namespace {

std::string key_of(const MaskSource& source) {
    if (!source.icon.empty())
        return "i" + std::to_string(source.side) + (source.mirrored ? "<" : ">") + source.icon;
    const std::uint32_t parts[3] = {source.glyph, std::uint32_t(std::lround(source.px * 64)),
                                    std::uint32_t(source.face) << 8 | unsigned(source.phase)};
    return "g" + std::string(reinterpret_cast<const char*>(parts), sizeof parts);
}

} // namespace

GlyphAtlas::GlyphAtlas(text::FontSet& fonts, const IconSet& icons, std::uint8_t* coverage,
                       int stride, int x, int y, int width, int height)
    : fonts_(fonts), icons_(icons), coverage_(coverage), stride_(stride), x_(x), y_(y),
      width_(width), height_(height) {}

AtlasEntry GlyphAtlas::place(const MaskSource& source) {
    auto key = key_of(source);
    if (const auto found = entries_.find(key); found != entries_.end()) return found->second;
    const auto bitmap =
        source.icon.empty()
            ? fonts_.glyph_bitmap(source.face, source.glyph, source.px, source.phase)
            : icons_.mask(source.icon, source.side, source.mirrored);
    AtlasEntry entry{0, 0, bitmap.width, bitmap.height, bitmap.left, bitmap.top};
    if (!bitmap.coverage.empty()) {
        if (shelf_x_ + bitmap.width > width_) {
            shelf_x_ = 0;
            shelf_y_ += shelf_height_;
            shelf_height_ = 0;
        }
        if (bitmap.width > width_ || shelf_y_ + bitmap.height > height_) {
            full_ = true;
            entry.placed = false;
            return entry;
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
    entries_.emplace(std::move(key), entry);
    return entry;
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
    full_ = false;
}

} // namespace screens
