// Where screens are drawn: owns the panel's pixels, the glyph and picture caches, and the press
// that is under way. Works without a window; whoever has one shows the pixels of the damaged
// rectangles.
#pragma once

#include "screens/canvas.hpp"
#include "screens/icons.hpp"

#include <memory>

namespace screens {

// What the hands did since the last frame. A press and its release must come in two frames.
struct Input {
    Point pointer{-1, -1};  // on the glass, in pixels
    bool down = false;      // one finger; further fingers are ignored by the caller
    std::string focus{};    // id of the focused item, empty without keys
    std::string activate{}; // id of the item that the select key pressed
    int nudge = 0;          // the left (-1) or right (1) key, on a focused field
};

struct PixelRect {
    int x = 0;
    int y = 0;
    int w = 0;
    int h = 0;
    bool operator==(const PixelRect&) const = default;
};

// Where the words of one text stand: around its capitals, not around its line height.
struct DrawnText {
    std::string id;
    Rect ink; // on the glass
    Role colour = Role::text;
};

// `layout`: everything is measured, placed and noted, and nothing drawn: no pixels, no glyph
// pictures, no toolkit, so that many such stages may be between begin() and end() at once, one
// thread each. An item that is activated is pressed at once and looks held in that frame.
enum class Drawing { pixels, layout };

struct Frame {
    std::span<const std::uint32_t> pixels; // 0xFFRRGGBB, width * height, rows from the top
    std::span<const PixelRect> damage; // what changed since the last frame, on cells of 64 pixels
    const std::vector<Item>* items = nullptr;
    const Faults* faults = nullptr;
    const std::vector<DrawnText>* texts = nullptr;
    const std::vector<Said>* said = nullptr;
    std::string_view start_focus{}; // where the page wants the keys' focus first; may be empty
    const SpokenWords* words = nullptr;
    std::string_view pressed{}; // id of the item that was pressed, also where that did nothing
    bool tells_whole = false; // on entering the whole page is said: it must be heard to be answered
    bool is_set_smaller = false; // than the person chose: there was no room for the words
    const std::vector<Mark>* marks = nullptr; // Drawing::layout only
};

class Stage {
public:
    // The fonts must outlive the stage. One thread. More than one stage may exist, but only one may
    // be between begin() and end().
    Stage(const Panel& panel, text::FontSet& fonts, Theme theme, IconSet icons,
          Drawing drawing = Drawing::pixels);
    ~Stage();

    // The canvas is valid until end().
    Canvas& begin(const Input& input, const DisplaySettings& settings);
    // Draws what changed. The frame's spans are valid until the next begin() or wipe().
    Frame end();

    // The whole panel as an RGB picture, for files and tests.
    base::Picture to_picture() const;

    // Checks of the last frame for tests and the crawler; too slow for each frame of a visit.
    // Ids of texts whose colour has less than this contrast to the ground they were drawn on.
    // Grounds of many colours, such as camera pictures, are not judged.
    std::vector<std::string> texts_below_contrast(float floor) const;
    // "a | b" for texts that run into each other.
    std::vector<std::string> colliding_texts() const;

    // Counts as full damage: for a window that was covered, resized or woken.
    void damage_all();
    // Overwrites glyphs, layouts, pictures, strokes and pixels: nothing of a session stays. The
    // next frame is drawn from nothing.
    void wipe();

    const Theme& theme() const;
    text::Typesetter& typesetter();

private:
    std::unique_ptr<StageState> state_;
    std::unique_ptr<Canvas> canvas_;
};

} // namespace screens
