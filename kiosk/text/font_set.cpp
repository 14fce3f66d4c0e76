#include "kiosk/text/font_set.hpp"

#include "kiosk/text/font_files.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include <hb-ot.h>
#include <hb.h>

namespace text {

namespace {

struct FaceRow {
    FaceId face;
    const char* file;
    unsigned index; // inside a collection
    const char* package;
    float capital_ratio;
    float factor;
};

// Files: Debian 12 packages as named. Index 2 of the Noto CJK collections is SC. UKIJ Tuz Tom
// stands in for a bold UKIJ Ekran: the bold of UKIJ_Mac Ekran lacks letters (design README §2).
constexpr std::array<FaceRow, face_count> face_table{{
    {FaceId::cjk, "opentype/noto/NotoSansCJK-Regular.ttc", 2, "fonts-noto-cjk", 0.733f, 1},
    {FaceId::cjk_bold, "opentype/noto/NotoSansCJK-Bold.ttc", 2, "fonts-noto-cjk", 0.733f, 1},
    {FaceId::latin, "truetype/noto/NotoSans-Regular.ttf", 0, "fonts-noto-core", 0.714f, 1},
    {FaceId::latin_bold, "truetype/noto/NotoSans-Bold.ttf", 0, "fonts-noto-core", 0.714f, 1},
    {FaceId::uyghur, "truetype/fonts-ukij-uyghur/UKIJEkran.ttf", 0, "fonts-ukij-uyghur", 0.733f,
     1.12f},
    {FaceId::uyghur_bold, "truetype/fonts-ukij-uyghur/UKIJTuT.ttf", 0, "fonts-ukij-uyghur", 0.733f,
     1.12f},
    {FaceId::arabic, "truetype/noto/NotoNaskhArabic-Regular.ttf", 0, "fonts-noto-core", 0.733f,
     1.12f},
    {FaceId::arabic_bold, "truetype/noto/NotoNaskhArabic-Bold.ttf", 0, "fonts-noto-core", 0.733f,
     1.12f},
    {FaceId::rare_a, "truetype/hanazono/HanaMinA.ttf", 0, "fonts-hanazono", 0.733f, 1},
    {FaceId::rare_b, "truetype/hanazono/HanaMinB.ttf", 0, "fonts-hanazono", 0.733f, 1},
}};

struct Face {
    bool tried = false;
    hb_blob_t* file = nullptr; // the mapped file, shared by both libraries
    hb_face_t* hb_face = nullptr;
    hb_font_t* hb_font = nullptr;
    FT_Face ft = nullptr;
};

std::size_t index_of(FaceId face) {
    CHECK(face != FaceId::missing);
    return std::size_t(face);
}

} // namespace

float size_factor(FaceId face) {
    if (face == FaceId::missing) return 1;
    const auto& row = face_table[index_of(face)];
    return row.factor * reference_capital_ratio / row.capital_ratio;
}

struct FontSet::State {
    std::string folder;
    FT_Library library = nullptr;
    std::array<Face, face_count> faces;

    ~State();
    Face& face(FaceId id);
    GlyphBitmap outline(FaceId id, std::uint32_t glyph, float em, float shift);
    GlyphBitmap framed_code_point(std::uint32_t code_point, float px);
};

FontSet::State::~State() {
    for (auto& face : faces) {
        hb_font_destroy(face.hb_font);
        hb_face_destroy(face.hb_face);
        if (face.ft) FT_Done_Face(face.ft);
        hb_blob_destroy(face.file);
    }
    if (library) FT_Done_FreeType(library);
}

Face& FontSet::State::face(FaceId id) {
    Face& face = faces[index_of(id)];
    if (face.tried) return face;
    face.tried = true;
    const auto& row = face_table[index_of(id)];
    face.file = hb_blob_create_from_file_or_fail((folder + "/" + row.file).c_str());
    if (!face.file) return face;
    unsigned size = 0;
    const char* bytes = hb_blob_get_data(face.file, &size);
    FT_Face ft = nullptr;
    if (FT_New_Memory_Face(library, reinterpret_cast<const FT_Byte*>(bytes), FT_Long(size),
                           FT_Long(row.index), &ft) != 0)
        return face;
    face.ft = ft;
    face.hb_face = hb_face_create(face.file, row.index);
    face.hb_font = hb_font_create(face.hb_face);
    hb_ot_font_set_funcs(face.hb_font);
    return face;
}

FontSet::FontSet(std::unique_ptr<State> state) : state_(std::move(state)) {}
FontSet::FontSet(FontSet&&) noexcept = default;
FontSet& FontSet::operator=(FontSet&&) noexcept = default;
FontSet::~FontSet() = default;

base::Result<FontSet> FontSet::open(const std::string& fonts_folder) {
    for (const auto& row : face_table) {
        const std::string path = fonts_folder + "/" + row.file;
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(path, ignored))
            return {base::Errc::not_found, path + ": install " + row.package};
    }
    auto state = std::make_unique<State>();
    state->folder = fonts_folder;
    if (FT_Init_FreeType(&state->library) != 0) return {base::Errc::io, "FreeType does not start"};
    return FontSet(std::move(state));
}

bool FontSet::has_glyph(FaceId id, char32_t c) {
    if (id == FaceId::missing) return true;
    const Face& face = state_->face(id);
    return face.ft && FT_Get_Char_Index(face.ft, c) != 0;
}

hb_font_t* FontSet::shaper(FaceId id, float px) {
    const Face& face = state_->face(id);
    if (!face.hb_font) return nullptr;
    const int scale = int(std::lround(px * size_factor(id) * 64));
    hb_font_set_scale(face.hb_font, scale, scale);
    return face.hb_font;
}

GlyphBitmap FontSet::State::outline(FaceId id, std::uint32_t glyph, float em, float shift) {
    const FT_Face ft = face(id).ft;
    if (!ft) return {};
    const auto size = FT_F26Dot6(std::lround(em * 64));
    if (FT_Set_Char_Size(ft, 0, std::clamp<FT_F26Dot6>(size, 64, 2000 * 64), 72, 72) != 0)
        return {};
    if (FT_Load_Glyph(ft, glyph, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0) return {};
    if (ft->glyph->format == FT_GLYPH_FORMAT_OUTLINE)
        FT_Outline_Translate(&ft->glyph->outline, FT_Pos(std::lround(shift * 64)), 0);
    if (FT_Render_Glyph(ft->glyph, FT_RENDER_MODE_NORMAL) != 0) return {};
    const FT_Bitmap& bitmap = ft->glyph->bitmap;
    GlyphBitmap out{
        int(bitmap.width), int(bitmap.rows), ft->glyph->bitmap_left, ft->glyph->bitmap_top, {}};
    out.coverage.reserve(std::size_t(bitmap.width) * bitmap.rows);
    for (unsigned y = 0; y < bitmap.rows; ++y) {
        const auto* row = bitmap.buffer + std::ptrdiff_t(y) * bitmap.pitch;
        out.coverage.insert(out.coverage.end(), row, row + bitmap.width);
    }
    return out;
}

namespace {

void draw_frame(GlyphBitmap& at, int thickness) {
    for (int y = 0; y < at.height; ++y)
        for (int x = 0; x < at.width; ++x)
            if (x < thickness || y < thickness || x >= at.width - thickness ||
                y >= at.height - thickness)
                at.coverage[std::size_t(y) * std::size_t(at.width) + std::size_t(x)] = 255;
}

void lay_over(GlyphBitmap& at, const GlyphBitmap& glyph, int x0, int y0) {
    for (int y = 0; y < glyph.height; ++y)
        for (int x = 0; x < glyph.width; ++x) {
            if (x0 + x < 0 || x0 + x >= at.width || y0 + y < 0 || y0 + y >= at.height) continue;
            auto& to =
                at.coverage[std::size_t(y0 + y) * std::size_t(at.width) + std::size_t(x0 + x)];
            to = std::max(
                to, glyph.coverage[std::size_t(y) * std::size_t(glyph.width) + std::size_t(x)]);
        }
}

} // namespace

// One em wide, so that it can stand in for a Chinese character; two rows of two or three digits.
GlyphBitmap FontSet::State::framed_code_point(std::uint32_t code_point, float px) {
    const int side = std::max(6, int(std::lround(px)) - 2);
    GlyphBitmap out{side, side, 1, int(std::lround(px * 0.86f)), {}};
    out.coverage.assign(std::size_t(side) * std::size_t(side), 0);
    draw_frame(out, std::max(1, side / 24));
    const int columns = code_point > 0xFFFF ? 3 : 2;
    const float em = float(side) * (columns == 3 ? 0.46f : 0.56f);
    const FT_Face ft = face(FaceId::latin).ft;
    if (!ft) return out;
    for (int i = 0; i < 2 * columns; ++i) {
        const unsigned digit = code_point >> (4 * (2 * columns - 1 - i)) & 15;
        const auto glyph = FT_Get_Char_Index(ft, FT_ULong("0123456789ABCDEF"[digit]));
        const auto bitmap = outline(FaceId::latin, glyph, em, 0);
        const float cell = float(side) * 0.84f / float(columns);
        const float left = float(side) * 0.08f + cell * float(i % columns);
        const float base_line = float(side) * (i < columns ? 0.46f : 0.88f);
        lay_over(out, bitmap, int(std::lround(left + (cell - float(bitmap.width)) / 2)),
                 int(std::lround(base_line)) - bitmap.top);
    }
    return out;
}

GlyphBitmap FontSet::glyph_bitmap(FaceId face, std::uint32_t glyph, float px, int phase) {
    if (face == FaceId::missing) return state_->framed_code_point(glyph, px);
    return state_->outline(face, glyph, px * size_factor(face), float(phase) / subpixel_phases);
}

std::vector<std::string> font_files(const std::string& fonts_folder) {
    std::vector<std::string> files;
    for (const auto& row : face_table) files.push_back(fonts_folder + "/" + row.file);
    return files;
}

} // namespace text
