// The typefaces of the kiosk: which file serves which characters, and the pictures of their glyphs.
//
// Faces are mapped into memory on first need: HanaMin costs nothing until a rare character is met.
// One thread at a time.
#pragma once

#include "kiosk/base/language.hpp"
#include "kiosk/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct hb_font_t;

namespace text {

enum class FaceId : std::uint8_t {
    cjk, // Noto Sans CJK SC
    cjk_bold,
    latin, // Noto Sans
    latin_bold,
    uyghur,      // UKIJ Ekran
    uyghur_bold, // UKIJ Tuz Tom
    arabic,      // Noto Naskh Arabic: other Arabic-script letters
    arabic_bold,
    rare_a, // HanaMin A and B: characters that Noto lacks, mostly in names
    rare_b,
    missing, // no face has it: the glyph number is the code point, drawn in a frame
};

inline constexpr int face_count = 10; // without `missing`

// The size of a text is the em of Noto Sans CJK. Each face is enlarged so that its capitals (alef
// for Uyghur) look equally high: em of the face = px * size_factor(face). Source: design tokens,
// type.faces (capital ratios 0.733 and 0.714, Uyghur factor 1.12 judged by eye).
inline constexpr float reference_capital_ratio = 0.733f;
float size_factor(FaceId face);

// Coverage of one glyph, 0 to 255, rows packed from the top. Its left edge lies `left` pixels right
// of the pen, its top edge `top` pixels above the base line. Blank glyphs have no pixels.
struct GlyphBitmap {
    int width = 0;
    int height = 0;
    int left = 0;
    int top = 0;
    std::vector<std::uint8_t> coverage;
};

// Letters that join must meet exactly, so glyphs are drawn at quarters of a pixel.
inline constexpr int subpixel_phases = 4;

class FontSet {
public:
    // Looks for every file of the table in font_set.cpp under `fonts_folder` (/usr/share/fonts on
    // Debian). Errors: not_found, naming the file and the Debian package that brings it.
    static base::Result<FontSet> open(const std::string& fonts_folder);

    FontSet(FontSet&&) noexcept;
    FontSet& operator=(FontSet&&) noexcept;
    ~FontSet();

    // False also when the file turns out not to be a font: the text then shows code points in
    // frames.
    bool has_glyph(FaceId face, char32_t c);

    // For HarfBuzz: the face at this size, positions in 1/64 pixel. Not `missing`. Null when the
    // face cannot be read. Valid until the next call.
    hb_font_t* shaper(FaceId face, float px);

    // `phase` of subpixel_phases to the right. Not hinted: equal on every machine.
    GlyphBitmap glyph_bitmap(FaceId face, std::uint32_t glyph, float px, int phase = 0);

private:
    struct State;
    explicit FontSet(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace text
