// One frame of one screen: drawing, text, and everything that can be pressed.
//
// Coordinates are pixels of the panel, measured from the START side: a screen is written once, for
// left to right, and the canvas mirrors every rectangle when the language runs from right to left.
// A guard `Unmirrored` keeps things in place that have no direction (camera picture, keyboards,
// logo). Lengths given in millimetres say so. A Canvas lives from Stage::begin() to Stage::end().
#pragma once

#include "kiosk/base/picture.hpp"
#include "kiosk/base/secret.hpp"
#include "kiosk/text/typesetter.hpp"
#include "screens/spoken.hpp"
#include "screens/theme.hpp"

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace screens {

struct Point {
    float x = 0;
    float y = 0;
};

struct Rect {
    float x = 0;
    float y = 0;
    float w = 0;
    float h = 0;

    float right() const { return x + w; }
    float bottom() const { return y + h; }
    Point center() const { return {x + w / 2, y + h / 2}; }
    bool contains(Point p) const { return p.x >= x && p.x < x + w && p.y >= y && p.y < y + h; }

    Rect inset(float all) const { return {x + all, y + all, w - 2 * all, h - 2 * all}; }
    Rect inset(float across, float down) const {
        return {x + across, y + down, w - 2 * across, h - 2 * down};
    }
    Rect moved(float dx, float dy) const { return {x + dx, y + dy, w, h}; }
    // A box of this size in the middle, or centred on one axis.
    Rect centered(float width, float height) const {
        return {x + (w - width) / 2, y + (h - height) / 2, width, height};
    }

    // Cut a slice off and keep the rest: `auto header = page.take_top(mm(36));`
    // `gap` is cut away between the two.
    Rect take_top(float size, float gap = 0);
    Rect take_bottom(float size, float gap = 0);
    Rect take_start(float size, float gap = 0);
    Rect take_end(float size, float gap = 0);
    // Equal parts side by side or one below the other, `gap` between them.
    std::vector<Rect> columns(int count, float gap) const;
    std::vector<Rect> rows(int count, float gap) const;
};

enum class VerticalAlign { top, middle, bottom };

struct TextStyle {
    TypeRole type = TypeRole::body;
    Role colour = Role::text;
    bool bold = false;
    bool tight = false; // line height of titles and buttons
    text::Align align = text::Align::start;
    VerticalAlign vertical = VerticalAlign::top;
    bool left_to_right = false;               // numbers in groups
    std::optional<base::Language> language{}; // of this text, when it is not the screen's
};

struct TextExtent {
    float width = 0;
    float height = 0;
    int lines = 0;
    bool overflow = false; // a word is wider than the width given
};

enum class ItemKind { button, choice, tile, key, field, row, area };
std::string_view to_string(ItemKind kind);

struct ItemState {
    bool chosen = false;   // spoken and drawn as chosen
    bool disabled = false; // shown, focusable, never reports a press
    bool waiting =
        false; // reports a press, but cannot go on yet: drawn dashed, says what is missing
};

// What can be pressed, in focus order. Tests, keys and speech read this list.
struct Item {
    std::string id;
    ItemKind kind = ItemKind::button;
    Rect rect; // on the glass, after mirroring
    std::string label;
    ItemState state;
    std::vector<SpokenDetail> spoken{};       // in order; what the label says is not repeated
    std::optional<base::Language> language{}; // of the label, when it is not the screen's
    bool details_first = false;               // a value, and then the word for changing it
    bool is_private = false;                  // the label itself tells something about the person
};

// What a layout got wrong in this frame. Tests want all of it empty.
struct Faults {
    std::vector<std::string> overflowing; // ids of texts that do not fit
    std::vector<char32_t> missing_glyphs; // characters no face has
    std::vector<std::string> duplicate_ids;
    std::vector<std::string> small_targets; // below Measures::targets.minimum
    std::vector<std::string> close_targets; // "a | b": nearer than Measures::targets.gap
    std::vector<std::string> outside;       // not wholly on the panel
    std::vector<std::string> unknown_icons;
    bool too_many_glyphs = false; // one screen has more of them than the cache holds
    bool empty() const;
    std::string text() const; // one line, for a test's message
};

// Something drawn, kept by a stage that lays out only: what stands on what, in the order of
// drawing. Lines, rings and polygons are drawings and not kept: no words stand on them.
struct Mark {
    enum class Kind { ground, edge, text, icon, picture };
    Kind kind = Kind::ground;
    Rect glass; // of a text: around its capitals
    Role role = Role::background;
    float width = 0;      // of an edge, inside the rectangle
    std::size_t text = 0; // of a text: its number among the frame's texts
};

struct DisplaySettings {
    base::Language language = base::Language::zh;
    TextSize text_size = TextSize::standard;
    ThemeName theme = ThemeName::light;
    bool low_reach = false;
    bool operator==(const DisplaySettings&) const = default;
};

struct Panel {
    int width_px = 1080;
    int height_px = 1920;
    float px_per_mm = 4.03f; // 21.5 inch, design tokens panel.design
    bool is_landscape() const { return width_px > height_px; }
};

// A line drawn with one finger from touch to release, see Canvas::drag().
using Stroke = std::vector<Point>;

class Canvas {
public:
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;

    // --- the page
    float width() const;
    float height() const;
    Rect page() const { return {0, 0, width(), height()}; }
    float mm(float millimetres) const; // whole pixels, at least 1 for anything above 0
    const Panel& panel() const;
    const DisplaySettings& settings() const;
    bool is_right_to_left() const; // of the screen's language
    const Theme& theme() const;
    const Measures& measures() const { return theme().measures(); }
    // Height of a capital in pixels, for placing icons beside words.
    float capital(TypeRole type) const;
    float line_height(const TextStyle& style) const;

    // --- shapes
    void fill(Rect rect, Role role);
    struct Box {
        float radius_mm = 0;
        std::optional<Role> fill{};
        std::optional<Role> edge{};
        float edge_mm = 0.5f;
        bool dashed = false;
    };
    void box(Rect rect, const Box& box); // the edge lies inside the rectangle
    void line(Point from, Point to, float width_mm, Role role);
    void circle(Point center, float radius, Role role);
    void ring(Point center, float radius, float width_mm, Role role);
    void polyline(std::span<const Point> points, float width_mm, Role role, bool closed = false);
    void polygon(std::span<const Point> points, Role role); // convex
    // By file name without ending, as large as fits, centred. Direction icons are mirrored by
    // themselves where tokens.json says so.
    void icon(std::string_view name, Rect rect, Role role);
    // Drawn aspect-true in the middle of the rectangle; `id` tells the pictures of a frame apart.
    // Never mirrored. Returns the rectangle that the picture covers.
    Rect picture(std::string_view id, Rect rect, const base::Picture& picture);
    // Bits of a QR symbol, row by row, 1 is dark. White ground with a quiet zone of four modules;
    // modules are whole pixels.
    void qr(Rect rect, std::span<const std::uint8_t> modules, int modules_per_side);

    // --- text
    TextExtent measure(std::string_view utf8, const TextStyle& style,
                       float width = text::unlimited_width);
    // False, and recorded under `id`, when the text does not fit into the rectangle. It is drawn
    // anyway and never cut.
    bool text(Rect rect, std::string_view utf8, const TextStyle& style, std::string_view id);
    // A window of lines of a text that may be longer than its rectangle: line `first` lies at the
    // top of `rect`, whatever style.vertical says, and `count` lines are drawn. Recorded as text()
    // does. For fields that scroll.
    bool text_lines(Rect rect, std::string_view utf8, const TextStyle& style, int first, int count,
                    std::string_view id);
    // The line of a text, wrapped at `width`, that the caret stands on; from 0.
    int caret_line(std::string_view utf8, const TextStyle& style, float width,
                   std::size_t byte_offset);
    // Where the caret stands in a text that text() draws into `rect`, any number of lines and
    // directions; see text::caret_at(). The rectangle is as high as the letters of a line, and not
    // outside `rect` at its sides. With `first_line`: as text_lines() draws.
    Rect caret(Rect rect, std::string_view utf8, const TextStyle& style, std::size_t byte_offset,
               std::optional<int> first_line = {});
    // The border between two letters that is nearest to a point of the page, in the same text; see
    // text::offset_at(). A point above or below the text means its first or last line.
    std::size_t offset_at(Rect rect, std::string_view utf8, const TextStyle& style, Point point,
                          std::optional<int> first_line = {});
    // Where the finger or the mouse is now, as a point of the page. In the frame in which press()
    // reports a press by touch, where the finger was lifted.
    Point pointer() const;

    // --- items
    // Registers an item and says whether it was pressed: touch and release both fell inside it, or
    // it was activated by its id. Items are focused in the order of these calls.
    bool press(std::string_view id, Rect rect, ItemKind kind, std::string_view label,
               ItemState state = {}, float radius_mm = 3);
    // Adds to the item registered last what is said after its label. Texts drawn by draw_stack()
    // under an item's id are added by themselves.
    void spoken(std::string_view text, bool is_private = false,
                std::optional<base::Language> language = {});
    // The same for any item of this frame; false when there is none of this id.
    bool spoken_of(std::string_view id, std::string_view text, bool is_private = false,
                   std::optional<base::Language> language = {});
    // The label of the item registered last is in another language than the screen.
    void label_is_in(base::Language language);
    // Its details are heard first: a value, and then the word for changing it.
    void details_first();
    // It tells something about the person: a candidate for what they write, a name.
    void label_is_private();
    // Said on entering this page, and again when the text under this id has changed: title, the one
    // sentence under it, notes, what a device says.
    void say(std::string_view id, std::string_view text, bool is_private = false,
             std::optional<base::Language> language = {}, Said::Sound sound = Said::Sound::none);
    // Where the keys' focus is on entering this page (design README §4); without it, on the first
    // content item. An id that this page does not have counts for nothing.
    void start_focus(std::string_view id);
    // Said only where the whole page is asked for. draw_stack() does so for texts of no item.
    void read(std::string_view id, std::string_view text, bool is_private = false,
              std::optional<base::Language> language = {});
    // This page must be heard whole before it is answered: notice, consent, check your answers.
    void tell_whole();
    // The words around it all; once per frame.
    void speak_with(const SpokenWords& words);
    // For a page that has no room for its words, before it has drawn anything: the whole page is
    // laid out again one text size smaller, rather than cut. False at the standard size, below
    // which words are never set for lack of room.
    bool set_smaller();
    // After set_smaller(), once: the page is to be described again, from the beginning.
    bool begins_again();
    const SpokenWords& words() const;
    // A finger is down on it now: draw it pressed. Ask after press(), which draws nothing.
    bool is_pressed(std::string_view id) const;
    bool is_focused(std::string_view id) const;
    // The left or right key was pressed on this focused item, a field that has a caret: -1 or 1.
    int nudged(std::string_view id) const;
    // An area that takes strokes. Returns the stroke that was finished in this frame, in pixels
    // from the area's left top corner on the glass: handwriting is never mirrored, draw it under
    // `Unmirrored`.
    std::optional<Stroke> drag(std::string_view id, Rect rect, std::string_view label);
    // The stroke being drawn now in that area, for showing it. Empty when there is none.
    std::span<const Point> stroke_in_progress(std::string_view id) const;

    // While it lives, rectangles are not mirrored.
    class Unmirrored {
    public:
        explicit Unmirrored(Canvas& canvas);
        ~Unmirrored();
        Unmirrored(const Unmirrored&) = delete;

    private:
        Canvas& canvas_;
        bool before_;
    };

private:
    friend class Stage;
    friend struct StageState;
    explicit Canvas(struct StageState& state) : state_(state) {}
    Rect on_glass(Rect rect) const;
    Point on_glass(Point point) const;
    std::uint32_t ink(Role role) const;
    void mark(Mark::Kind kind, const Rect& glass, Role role, float width = 0);
    text::Style resolved(const TextStyle& style) const;
    struct LineRange {
        std::size_t first;
        std::size_t end;
        float top; // of line `first`, on the glass
    };
    bool draw_lines(const text::Layout& layout, LineRange range, Rect rect, const TextStyle& style,
                    std::string_view id);
    void draw_glyphs(const text::Layout& layout, LineRange range, Rect glass,
                     const TextStyle& style);
    void note_text(std::string_view id, const text::Layout& layout, LineRange range, Rect glass,
                   const TextStyle& style);
    void draw_dashed_edge(Rect glass, float radius, float width, std::uint32_t ink);
    void draw_focus_rings();
    void note_item(std::string_view id, Rect glass, ItemKind kind, std::string_view label,
                   ItemState state, float radius_mm);

    struct StageState& state_;
    bool mirrored_ = false;
};

} // namespace screens
