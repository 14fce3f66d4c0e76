// The words every screen's model and intent are made of.
//
// A model is plain data: every text in it is ready to be shown, chosen and put together by
// kiosk/present. A screen draws a model and returns at most one intent; it knows no case, no clock,
// no device. What is written about a person is base::SecretText, everything else std::string.
// An empty label means that the thing is not there: no screen draws a button that cannot answer.
#pragma once

#include "kiosk/base/language.hpp"
#include "kiosk/base/picture.hpp"
#include "kiosk/base/secret.hpp"
#include "screens/input/handwriting.hpp"
#include "screens/spoken.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace screens {

class Canvas;

// One text per language, in the order of base::all_languages. Each is set in its own language.
using ThreeTexts = std::array<std::string, base::all_languages.size()>;

// The six fixed items at the foot of every screen (design README §1.3).
struct RailModel {
    std::string leave;
    ThreeTexts languages;       // names of the languages in their own script
    ThreeTexts short_languages; // as short as they are known by; all three always shown
    std::string text_size;
    std::string contrast;
    std::string low_reach;
    std::string staff;
    bool contrast_on = false;
    bool low_reach_on = false;
    bool staff_on = false; // somebody has been called
};

// What surrounds every screen: where am I, listen, the rail.
struct FrameModel {
    std::string place; // the matter's name, outside a matter the office's
    std::string step;  // "step 3 of 7"; empty outside a path: the clock is shown instead
    int step_now = 0;  // 1 to step_count, for the bar
    int step_count = 0;
    std::string clock;  // "10:32"
    std::string helper; // "a member of staff is helping: S-1182"; empty: nobody is
    RailModel rail;
    SpokenWords spoken;  // for those who hear it
    std::string listen;  // empty: this kiosk cannot read aloud
    std::string more;    // shows the next rows of a list that does not fit
    std::string earlier; // shows the rows before
};

enum class FrameIntent { leave, language, text_size, contrast, low_reach, staff, listen };

// The row above the rail. `go` is the screen's one primary button.
struct ActionsModel {
    std::string back;
    std::string go;       // when not ready: what is missing ("2 more digits")
    bool go_ready = true; // false: dashed edge, a press returns Action::not_yet
    std::string go_icon = "arrow-end";
};

// not_yet: `go` was pressed before it was ready; there is something to say, nothing to do.
enum class Action { back, go, not_yet };

// An item of a list was pressed, by the id its model row carries.
struct Chosen {
    std::string id;
    bool operator==(const Chosen&) const = default;
};

// The list is to be shown from this row on; the model's `first` of the next frame.
struct ShowFrom {
    std::size_t first = 0;
    bool operator==(const ShowFrom&) const = default;
};

// A plate of colour, icon and words. State is never said by colour alone (design README §1.6).
struct NoteModel {
    enum class Kind { info, success, warning, error };
    Kind kind = Kind::info;
    std::string icon;  // empty: the kind's own
    std::string title; // may be empty
    std::string text;  // may be empty
    // Tells something about the person: said aloud only on headphones (spec safeguards G23).
    bool is_private = false;
};

// A label, a value about the person, where the value comes from, and what may be done about it.
struct ValueRow {
    std::string id;
    std::string label;
    base::SecretText value;     // masked already where it must be (design README §4)
    bool left_to_right = false; // numbers and dates in figures: also in Uyghur
    std::string source_icon;
    std::string source; // "from the identity card"; may be empty
    std::string button; // "wrong", "change"; empty: this row cannot be changed here
};

// Pictures are shared, not copied: a live picture changes 25 times a second.
using PictureRef = std::shared_ptr<const base::Picture>;

// What the boards give back. A space is typed as " ".
struct Typed {
    std::string text; // one grapheme
    bool operator==(const Typed&) const = default;
};
enum class EditKey { backspace, clear, shift };
enum class Board { latin, uyghur, digits, pinyin, handwriting };
struct SwitchBoard {
    Board board = Board::latin;
    bool operator==(const SwitchBoard&) const = default;
};

// Candidates of the Pinyin and the handwriting board. An index counts among those of the model.
struct PickCandidate {
    std::size_t index = 0;
    bool operator==(const PickCandidate&) const = default;
};
// The candidates behind those `shown` (the screen shows as many as it has room for), or the ones
// before.
struct MoreCandidates {
    enum class Direction { next, earlier };
    Direction direction = Direction::next;
    std::size_t shown = 0;
    bool operator==(const MoreCandidates&) const = default;
};

// A stroke of the character under way was finished, or is taken back, or all of them are.
struct InkDrawn {
    input::InkStroke stroke;
};
enum class InkKey { undo_stroke, clear };

// The caret is to stand before this byte of the typed text: a border between characters.
struct MoveCaret {
    std::size_t offset = 0;
    bool operator==(const MoveCaret&) const = default;
};

} // namespace screens
