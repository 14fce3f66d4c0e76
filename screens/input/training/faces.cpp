#include "screens/input/training/faces.hpp"

#include <cmath>
#include <filesystem>
#include <ft2build.h>
#include FT_FREETYPE_H

namespace input::training {
namespace {

using base::Errc;
using base::Error;

constexpr unsigned glyph_px = 160;    // spec handwriting §3.3
constexpr int ink_from = 111;         // of 255: what is ink in the grey picture
constexpr float box_size = 1000;      // of Strokes
constexpr float baseline = 880;       // in that box
constexpr float closest_points = 2.5; // pixels

GlyphPicture as_picture(const FT_Bitmap& grey) {
    constexpr int border = 2;
    GlyphPicture picture{int(grey.width) + 2 * border, int(grey.rows) + 2 * border, {}};
    picture.pixels.assign(picture.at(0, picture.height), 0);
    for (int y = 0; y < int(grey.rows); ++y)
        for (int x = 0; x < int(grey.width); ++x)
            picture.pixels[picture.at(x + border, y + border)] =
                grey.buffer[y * grey.pitch + x] >= ink_from;
    return picture;
}

// Fewer points, in the box of 1,000; `left` and `top` in pixels as FreeType gives them.
Stroke in_box(const Stroke& traced, int left, int top) {
    constexpr float scale = box_size / float(glyph_px);
    Stroke stroke;
    InkPointMm last{};
    for (std::size_t i = 0; i < traced.size(); ++i) {
        const auto p = traced[i];
        const bool is_end = i == 0 || i + 1 == traced.size();
        if (!is_end && std::hypot(p.x - last.x, p.y - last.y) < closest_points) continue;
        last = p;
        stroke.push_back({std::round(scale * (p.x + float(left))),
                          std::round(baseline + scale * (p.y - float(top)))});
    }
    return stroke;
}

} // namespace

const std::vector<FaceChoice>& training_faces() {
    static const std::vector<FaceChoice> faces{
        {"LXGW WenKai Light", "", "truetype/lxgw-wenkai/LXGWWenKai-Light.ttf", "fonts-lxgw-wenkai"},
        {"AR PL KaitiM GB", "", "truetype/arphic-gkai00mp/gkai00mp.ttf", "fonts-arphic-gkai00mp",
         false},
        {"AR PL UKai CN", "", "truetype/arphic/ukai.ttc", "fonts-arphic-ukai", false},
        {"Noto Sans CJK SC", "Thin", "opentype/noto/NotoSansCJK-Thin.ttc", "fonts-noto-cjk-extra",
         true, "opentype/noto/NotoSansCJK-Regular.ttc"},
        {"Noto Serif CJK SC", "ExtraLight", "opentype/noto/NotoSerifCJK-ExtraLight.ttc",
         "fonts-noto-cjk-extra"},
    };
    return faces;
}

const FaceChoice& judging_face() {
    static const FaceChoice face{"Noto Serif CJK SC", "Regular",
                                 "opentype/noto/NotoSerifCJK-Regular.ttc", "fonts-noto-cjk"};
    return face;
}

struct Face::Handle {
    FT_Library library = nullptr;
    FT_Face face = nullptr;

    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (face) FT_Done_Face(face);
        if (library) FT_Done_FreeType(library);
    }
    // The face of a collection whose family begins with `family`.
    bool open(const std::string& file, std::string_view family) {
        if (FT_Init_FreeType(&library)) return false;
        for (FT_Long i = 0, count = 1; i < count; ++i) {
            if (face) FT_Done_Face(face);
            face = nullptr;
            if (FT_New_Face(library, file.c_str(), i, &face)) return false;
            count = face->num_faces;
            const bool is_it =
                count == 1 ||
                (face->family_name && std::string_view(face->family_name).starts_with(family));
            if (is_it) return FT_Set_Pixel_Sizes(face, 0, glyph_px) == 0;
        }
        return false;
    }
};

Face::Face(std::unique_ptr<Handle> handle, std::string file)
    : handle_(std::move(handle)), file_(std::move(file)) {}
Face::Face(Face&&) noexcept = default;
Face& Face::operator=(Face&&) noexcept = default;
Face::~Face() = default;

base::Result<Face> Face::open(const std::string& fonts_folder, const FaceChoice& choice) {
    std::error_code ignored;
    auto file = fonts_folder + "/" + std::string(choice.file);
    if (!std::filesystem::exists(file, ignored) && !choice.instead.empty())
        file = fonts_folder + "/" + std::string(choice.instead);
    if (!std::filesystem::exists(file, ignored))
        return Error{Errc::not_found, "the typeface " + std::string(choice.name) +
                                          " is not installed: package " +
                                          std::string(choice.package)};
    auto handle = std::make_unique<Handle>();
    if (!handle->open(file, choice.name))
        return Error{Errc::corrupt,
                     file + " does not hold the typeface " + std::string(choice.name)};
    return Face(std::move(handle), std::move(file));
}

std::optional<Strokes> Face::strokes(char32_t character) {
    const auto face = handle_->face;
    const auto glyph = FT_Get_Char_Index(face, character);
    if (glyph == 0 || FT_Load_Glyph(face, glyph, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) ||
        FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL))
        return std::nullopt;
    Strokes strokes;
    for (const auto& traced : trace(as_picture(face->glyph->bitmap)))
        strokes.push_back(in_box(traced, face->glyph->bitmap_left, face->glyph->bitmap_top));
    if (strokes.empty()) return std::nullopt;
    return strokes;
}

} // namespace input::training
