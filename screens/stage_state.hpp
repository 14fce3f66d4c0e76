// What Stage and Canvas share. Private to this room's canvas and stage; no screen includes it.
#pragma once

#include "screens/glyph_atlas.hpp"
#include "screens/rasteriser.hpp"
#include "screens/stage.hpp"

#include <map>

struct ImGuiContext;
struct ImDrawList;
struct ImVec2;

namespace screens {

// A picture as it is shown: scaled to its place.
struct ShownPicture {
    std::vector<std::uint32_t> pixels;
    int width = 0;
    int height = 0;
    std::uint64_t source_digest = 0;
    std::uint64_t digest = 0; // of source and size
    bool used = false;        // in this frame
    std::size_t texture = 0;  // in this frame: ImTextureID
};

struct StageState {
    StageState(const Panel& panel, text::FontSet& fonts, Theme theme, IconSet icons,
               Drawing drawing);
    ~StageState();
    StageState(const StageState&) = delete;

    void open_toolkit();
    void close_toolkit();
    void draw_mask(MaskSource source, float pen_x, float pen_y, std::uint32_t ink);
    void place_masks_again();

    Drawing drawing;
    Panel panel;
    Theme theme;
    IconSet icons;
    text::FontSet& fonts;
    text::Typesetter typesetter;
    Rasteriser rasteriser; // of one pixel where nothing is drawn

    ImGuiContext* toolkit = nullptr; // none where nothing is drawn
    ImDrawList* draw_list = nullptr; // of the frame under way
    CoverageAtlas atlas_picture;
    float white_u = 0, white_v = 0; // an atlas pixel with full coverage
    std::unique_ptr<GlyphAtlas> atlas;
    struct DrawnMask {
        int first_vertex; // of four, in draw_list
        MaskSource source;
    };
    std::vector<DrawnMask> masks; // of the frame under way

    std::map<std::string, ShownPicture, std::less<>> pictures;
    std::vector<PictureTexture> textures; // of the frame under way

    Input input;
    DisplaySettings settings;
    std::vector<Item> items;
    std::vector<float> item_radii; // beside items: for the focus rings
    std::vector<DrawnText> texts;
    std::vector<Mark> marks; // only where nothing is drawn
    std::vector<Said> said;
    std::string start_focus;
    SpokenWords words;
    std::string pressed;
    bool tells_whole = false;
    bool is_set_smaller = false, begins_again = false;
    Faults faults;

    std::string held_item;   // the finger went down on it and is on it: drawn pressed
    std::string stroke_item; // empty: no stroke under way
    Stroke stroke;
};

} // namespace screens
