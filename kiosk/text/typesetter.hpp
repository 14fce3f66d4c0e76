// Turns text into placed glyphs: direction (FriBidi), faces, shapes (HarfBuzz), lines.
//
// Keeps what it has set, keyed by text, style and width, because a screen draws the same words in
// each frame. What it keeps may be personal: the owner calls wipe() when a session ends.
#pragma once

#include "kiosk/base/picture.hpp"
#include "kiosk/text/font_set.hpp"

#include <limits>
#include <string_view>
#include <unordered_map>

namespace text {

inline constexpr float unlimited_width = std::numeric_limits<float>::infinity();
inline constexpr std::size_t character_limit = 10'000; // spec ui-text §10

// Distance of base lines in ems of the language's face: design tokens, type.lineHeight.
float default_line_height(base::Language language);
inline constexpr float tight_line_height = 1.25f;

struct Style {
    base::Language language = base::Language::zh; // direction of the paragraph, choice of faces
    float px = 24;                                // em of Noto Sans CJK, see size_factor()
    bool bold = false;
    float line_height = 0;      // in ems of the language's face; 0 means default_line_height()
    bool left_to_right = false; // for numbers in groups, whatever the language
};

struct PlacedGlyph {
    FaceId face;
    std::uint32_t glyph;
    float x; // pen, from the left end of the line
    float y; // pen, downwards from the base line
};

// What a person sees as one character, and where the caret passes it. Bytes count in the text that
// was given to layout().
struct Cluster {
    std::size_t begin;
    std::size_t end;
    float left; // from the left end of the line
    float right;
    bool rtl; // it runs from right to left: its beginning is its right side
};

struct Line {
    std::vector<PlacedGlyph> glyphs; // in visual order
    float width = 0;
    bool rtl = false;      // the paragraph runs from right to left: its start is the right end
    std::size_t begin = 0; // bytes; the spaces that end the line and its new line belong to it
    std::size_t end = 0;
    // In the order of the text, each once. The spaces that end the line hang beyond its width: to
    // the left of 0 where it is rtl. A letter that a ligature swallowed has its share of it.
    std::vector<Cluster> clusters;
};

struct Layout {
    std::vector<Line> lines; // at least one
    float px = 0;            // pass on to FontSet::glyph_bitmap
    float width = 0;         // of the widest line
    float line_height = 0;
    float ascent = 0;              // from the top of a line to its base line
    std::vector<char32_t> missing; // characters that no face has, each as often as it occurs
    bool overflow = false;         // a single word is wider than the limit, or the text is too long

    float height() const { return line_height * float(lines.size()); }
};

class Typesetter {
public:
    // The fonts must outlive the typesetter.
    explicit Typesetter(FontSet& fonts) : fonts_(&fonts) {}
    Typesetter(const Typesetter&) = delete;
    ~Typesetter() { wipe(); }

    // Any bytes are allowed: ill-formed UTF-8 becomes U+FFFD; characters beyond character_limit are
    // left out and reported as overflow. New lines in the text begin new paragraphs. A word wider
    // than `max_width` is neither broken nor cut: its line is too wide and `overflow` says so.
    // The result stays valid until trim() or wipe().
    const Layout& layout(std::string_view utf8, const Style& style,
                         float max_width = unlimited_width);

    FontSet& fonts() { return *fonts_; }

    // Forgets what was not asked for since the last call but one, when more than a few screens are
    // kept. For owners that draw frames.
    void trim();
    // Overwrites and forgets everything.
    void wipe();
    std::size_t kept() const { return kept_.size(); }

private:
    struct Kept {
        Layout layout;
        unsigned used_in;
    };
    FontSet* fonts_;
    std::unordered_map<std::string, Kept> kept_;
    unsigned round_ = 0;
};

enum class Align { start, center, end, left };

// Left end of a line in a box of this width: `start` is the right side where the line is rtl.
float line_offset(const Line& line, float box_width, Align align);

// Draws black on a grey picture (channels = 1), the layout's top left corner at (x, y); `box_width`
// places the lines. What falls outside the picture is left out. For the receipt printer.
void draw_grey(const Layout& layout, FontSet& fonts, base::Picture& grey, int x, int y,
               float box_width, Align align = Align::start);

} // namespace text
