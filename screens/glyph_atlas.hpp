// Keeps the masks of glyphs and icons in one rectangle of ImGui's font atlas, so that text, icons
// and shapes share one texture (spec ui-text §2.1). Filled on demand; when nearly full, all is
// forgotten between two frames.
#pragma once

#include "kiosk/text/font_set.hpp"
#include "screens/icons.hpp"

#include <optional>
#include <unordered_map>

namespace screens {

// Where a mask lies in the atlas, in pixels, and how it hangs on the pen.
struct AtlasEntry {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    int left = 0;
    int top = 0;
};

class GlyphAtlas {
public:
    // Uses the rectangle (x, y, width, height) of a coverage picture with `stride` bytes a row,
    // which must outlive the atlas.
    GlyphAtlas(std::uint8_t* coverage, int stride, int x, int y, int width, int height);

    // Null when there is no room left; the atlas is then incomplete until it is wiped.
    const AtlasEntry* glyph(text::FontSet& fonts, text::FaceId face, std::uint32_t glyph, float px,
                            int phase);
    const AtlasEntry* icon(const IconSet& icons, std::string_view name, int side, bool mirrored);

    bool is_incomplete() const { return incomplete_; }
    void wipe(); // between two frames: what was drawn with it is void

private:
    const AtlasEntry* place(std::string key, const text::GlyphBitmap& bitmap);

    std::uint8_t* coverage_;
    int stride_, x_, y_, width_, height_;
    int shelf_x_ = 0, shelf_y_ = 0, shelf_height_ = 0;
    bool incomplete_ = false;
    std::unordered_map<std::string, AtlasEntry> entries_;
};

} // namespace screens
