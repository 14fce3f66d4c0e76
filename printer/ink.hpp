// Glyphs as dots: draws set text on a grey canvas and takes what is black off it, without the
// white around.
//
// Keeps the glyphs it has drawn and the blocks that were made of them, which tell what was written:
// its owner wipes it when a session ends. The canvas is overwritten after each use.
#pragma once

#include "kiosk/text/typesetter.hpp"
#include "printer/items.hpp"

#include <map>
#include <unordered_map>

namespace printer {

// A dot is black when the glyph covers two fifths of it. Chosen on the printed pictures: at one
// half the thin strokes of 24-dot Chinese break, at one third dense characters fill up.
inline constexpr int black_from_coverage = 102;

class Ink {
public:
    explicit Ink(text::FontSet& fonts) : fonts_(&fonts) {}
    Ink(const Ink&) = delete;
    ~Ink() { wipe(); }

    // White canvas; what is drawn before take() adds up.
    void begin(int width, int height);
    // The layout's top left corner at (x, y); `box_width` places its lines.
    void draw(const text::Layout& layout, int x, int y, float box_width, text::Align align);

    // Rows `top` to `bottom` of the canvas, as they are burnt.
    Bitmap take(int top, int bottom) const;
    // First and last row with ink, {height, -1} when there is none.
    std::pair<int, int> rows_with_ink() const;
    void end(); // overwrites the canvas

    // A block of a document as it goes onto the paper. The same words stand on every receipt.
    struct SetBlock {
        Items items;
        std::vector<char32_t> missing;
        int height_dots = 0;
        int gap_dots = 0; // white below the last item
    };
    const SetBlock* known(std::string_view key) const; // nullptr when it was not set before
    const SetBlock& keep(base::SecretText key, SetBlock block);

    void wipe();

private:
    struct Key {
        std::uint32_t glyph;
        std::uint32_t size; // quarters of a pixel
        std::uint8_t face;
        std::uint8_t phase;
        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const {
            return ((std::size_t(key.glyph) * 31 + key.size) * 31 + key.face) * 4 + key.phase;
        }
    };
    const text::GlyphBitmap& glyph(const text::PlacedGlyph& placed, float px, int phase);

    struct Less {
        using is_transparent = void;
        bool operator()(std::string_view one, std::string_view other) const { return one < other; }
    };

    text::FontSet* fonts_;
    std::map<base::SecretText, SetBlock, Less> blocks_;
    std::unordered_map<Key, text::GlyphBitmap, Hash> glyphs_;
    std::vector<std::uint8_t> canvas_; // ink: 0 white, 255 black
    int width_ = 0;
    int height_ = 0;
    int first_row_ = 0; // that a glyph reached
    int last_row_ = -1;
};

} // namespace printer
