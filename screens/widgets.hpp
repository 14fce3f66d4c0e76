// The few big things screens are composed of: stacks of text, buttons, notes, plates, rows, the
// header and the rail.
//
// Each comes as a measure and a draw: the measure says how high it is at a width, so that a page
// (page.hpp) can be laid out before anything is drawn. Nothing here sets text smaller to make it
// fit.
#pragma once

#include "screens/canvas.hpp"
#include "screens/model.hpp"

#include <string_view>

namespace screens {

// Distances in millimetres: design tokens, space and grid.
namespace space {
inline constexpr float xs = 2;
inline constexpr float s = 4;
inline constexpr float m = 6;
inline constexpr float l = 10;
inline constexpr float margin = 14;
} // namespace space

// Texts under each other, one style each. Empty texts take no room.
struct TextLine {
    std::string_view text;
    TextStyle style;
    float gap_mm = 0;        // to the text above
    bool is_private = false; // about the person: said with headphones alone
};
using TextStack = std::vector<TextLine>;

float stack_height(Canvas& canvas, const TextStack& stack, float width);
float stack_width(Canvas& canvas, const TextStack& stack); // of the widest, unbroken
// False when one word is wider than `width`.
bool stack_fits(Canvas& canvas, const TextStack& stack, float width);
// Centred on the rectangle's height. `id` names it where a text does not fit. For those who hear
// the page: under an item's id the texts are said after its label, others when the whole page is
// read.
void draw_stack(Canvas& canvas, const Rect& area, const TextStack& stack, std::string_view id);

// Where a live picture will be: an icon and what is waited for, in the middle of `area`.
void draw_waiting(Canvas& canvas, const Rect& area, std::string_view icon, std::string_view words,
                  std::string_view id);

// Styles by what a text is for; colours that differ are set by the caller.
TextStyle body(Role colour = Role::text);
TextStyle label(Role colour = Role::text);
TextStyle heading(Role colour = Role::text);
TextStyle title(Role colour = Role::text);
TextStyle bold(TextStyle style);
TextStyle tight(TextStyle style);
TextStyle centred(TextStyle style);
TextStyle left_to_right(TextStyle style);
TextStyle in_language(TextStyle style, base::Language language);

struct ButtonLook {
    enum class Kind { primary, secondary, quiet, not_yet };
    enum class Shape { row, column }; // icon beside or above the label

    std::string_view label;
    std::string_view detail;
    std::string_view icon;
    std::string_view icon_end; // after the label
    Kind kind = Kind::secondary;
    Shape shape = Shape::row;
    float icon_mm = 10;
    float least_height_mm = 26;
    bool large = false;                   // label in heading size
    Role quiet_ground = Role::background; // of a quiet button: what it stands on is of this colour
};

float button_height(Canvas& canvas, const ButtonLook& look, float width);
float button_width(Canvas& canvas, const ButtonLook& look); // label on one line
bool button_fits(Canvas& canvas, const ButtonLook& look, float width);
bool draw_button(Canvas& canvas, std::string_view id, const Rect& area, const ButtonLook& look);

// A raised surface that can be pressed: tiles, options, keys. Draws the shape and its lip, moved
// down while pressed; returns true when it was pressed. The content is drawn into `inner`.
struct Pressable {
    bool pressed_now = false; // a finger is on it
    Role text = Role::text;
    Role muted = Role::muted;
    Rect inner;
    bool fired = false; // pressed and released inside
};
struct SurfaceLook {
    ItemKind kind = ItemKind::button;
    float radius_mm = 3.5f;
    bool chosen = false;
    bool available = true;
    bool lip = true;
};
Pressable draw_pressable(Canvas& canvas, std::string_view id, std::string_view name,
                         const Rect& area, const SurfaceLook& look);

// A plain card: surface with a hairline, or with an edge of its own.
void draw_card(Canvas& canvas, const Rect& area, std::optional<Role> edge = {});

// A square plate of colour with an icon.
void draw_plate(Canvas& canvas, const Rect& area, std::string_view icon, Role ground, Role ink,
                float icon_mm);

// A round badge with an icon: the mark of a result.
void draw_badge(Canvas& canvas, const Rect& area, std::string_view icon, Role ground, Role ink,
                float icon_mm);

float note_height(Canvas& canvas, const NoteModel& note, float width);
void draw_note(Canvas& canvas, const Rect& area, const NoteModel& note, std::string_view id);

// Icon and quiet words above the actions.
float foot_height(Canvas& canvas, std::string_view text, float width);
void draw_foot(Canvas& canvas, const Rect& area, std::string_view icon, std::string_view text);

// Plate, name, quiet detail: papers to bring, next steps.
enum class PlateWords { name, sentence }; // a name is bold, a sentence is not
float plate_row_height(Canvas& canvas, std::string_view name, std::string_view detail, float width,
                       PlateWords words = PlateWords::name);
void draw_plate_row(Canvas& canvas, const Rect& area, std::string_view icon, std::string_view name,
                    std::string_view detail, std::string_view id,
                    PlateWords words = PlateWords::name);

// A large pressable row: plate, title, explanation, and why it cannot be used now.
struct CardRow {
    std::string_view icon, title, text, reason;
    Role plate = Role::sunken;
    bool available = true;
    bool is_private = false; // all its words tell something about the person
};
float card_row_height(Canvas& canvas, const CardRow& row, float width);
bool draw_card_row(Canvas& canvas, std::string_view id, const Rect& area, const CardRow& row);

// The number of a request, above it what it is, below it what it belongs to. The number and what it
// belongs to are the person's: whoever hears them may ask about the request.
struct RequestNumber {
    std::string_view label, number, below;
    bool is_centred = false;
    bool is_below_left_to_right = false; // a time
};
TextStack request_number_words(Canvas& canvas, const RequestNumber& request, float width);

// Label, value, source and button of a ValueRow.
float value_row_height(Canvas& canvas, const ValueRow& row, float width);
bool draw_value_row(Canvas& canvas, const Rect& area, const ValueRow& row, std::string_view id);

// Matter or office, step and bar. Returns its height.
float header_height(Canvas& canvas, const FrameModel& frame);
float draw_header(Canvas& canvas, const FrameModel& frame);

// The same on every screen of a language and size: it holds the longest of the six words.
float rail_height(Canvas& canvas, const FrameModel& frame);
std::optional<FrameIntent> draw_rail(Canvas& canvas, const FrameModel& frame);

} // namespace screens
