// Keeps the masks of glyphs and icons in one rectangle of ImGui's font atlas, so that text, icons
// and shapes share one texture (spec ui-text §2.1). Filled on demand; when it is full, its owner
// wipes it and places the masks of the frame under way again.
#pragma once

#include "kiosk/text/font_set.hpp"
#include "screens/icons.hpp"

#include <string>
#include <unordered_map>

namespace screens {

// Which picture is wanted: a glyph, or an icon by its name.
struct MaskSource {
    text::FaceId face = text::FaceId::missing;
    std::uint32_t glyph = 0;
    float px = 0;
    int phase = 0;
    std::string icon{}; // empty: a glyph
    int side = 0;
    bool mirrored = false;
};

// Where a mask lies in the atlas, in pixels, and how it hangs on the pen.
struct AtlasEntry {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    int left = 0;
    int top = 0;
    bool placed = true; // false: there was no room, the sizes are right all the same
};

class GlyphAtlas {
public:
    // Uses the rectangle (x, y, width, height) of a coverage picture with `stride` bytes a row,
    // which must outlive the atlas, as fonts and icons must.
    GlyphAtlas(text::FontSet& fonts, const IconSet& icons, std::uint8_t* coverage, int stride,
               int x, int y, int width, int height);

    AtlasEntry place(const MaskSource& source);
    // Something found no room since the last wipe.
    bool is_full() const { return full_; }
    void wipe(); // what was drawn with it is void

private:
    text::FontSet& fonts_;
    const IconSet& icons_;
    std::uint8_t* coverage_;
    int stride_, x_, y_, width_, height_;
    int shelf_x_ = 0, shelf_y_ = 0, shelf_height_ = 0;
    bool full_ = false;
    std::unordered_map<std::string, AtlasEntry> entries_;
};

} // namespace screens
