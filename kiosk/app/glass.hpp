// The glass: what the session looks like now, and what a finger or a key on it means. The window
// and the headless script both drive this, so that a tap is the same thing in both.
//
// Fingers and keys are for one list of items. The focus shows once a key was used, and a touch
// hides it again; on another screen it begins where that screen wants it (screens/focus.hpp).
#pragma once

#include "drivers/keypad/keypad.hpp"
#include "kiosk/app/kiosk.hpp"
#include "kiosk/app/missing_glyphs.hpp"
#include "kiosk/app/reading_aloud.hpp"
#include "kiosk/present/present.hpp"
#include "kiosk/present/staff.hpp"
#include "screens/focus.hpp"
#include "screens/stage.hpp"

#include <optional>
#include <string>
#include <vector>

namespace app {

class Glass {
public:
    // Characters without a glyph go to the log. `voice`: nothing where nothing is read aloud. All
    // of them outlive the glass.
    Glass(screens::Stage& stage, Kiosk& kiosk, base::Log& log, drivers::Voice* voice = nullptr)
        : stage_(stage), kiosk_(kiosk), missing_glyphs_(log) {
        if (voice != nullptr) reading_.emplace(*voice, kiosk);
    }

    // Draws one frame and tells the kiosk what was pressed. True when another frame is needed:
    // something was pressed, or the focus has another place. `input.focus` and `input.activate`
    // are not looked at: the keys fill them in.
    bool draw(const screens::Input& input);
    const screens::Frame& frame() const { return frame_; }

    // A key of the keypad, for the items of the last frame. Draw a frame afterwards: only there
    // is what it pressed pressed. While the kiosk asks "are you still there?" every key says yes.
    void key(drivers::Key key);
    // The id of the focused item; empty while no key is used.
    const std::string& focus() const { return focus_; }
    // The whole page is to be read aloud: asked for once.
    bool take_read_page() { return std::exchange(read_page_, false); }
    // What the last key did, once: for whoever says it aloud.
    std::optional<screens::FocusMove> take_key_outcome() { return std::exchange(outcome_, {}); }
    // When to draw again although nothing came in: the voice has something to say or to count.
    std::optional<base::MonotonicTime> next_wake() const {
        return reading_ ? reading_->next_wake() : std::nullopt;
    }
    // The name of the screen shown: a step, the overlay over it, or a page of the staff area.
    std::string_view screen_name() const;

    // Everything on the glass that may be personal: model, view, glyphs, pixels.
    void wipe();

private:
    bool is_out_of_service() const;
    bool draw_visit(const screens::Input& input);
    bool draw_staff(StaffDesk& staff, const screens::Input& input);
    bool draw_dark();
    bool is_staff_open() const;
    bool is_asking() const;
    void move(screens::FocusKey key);
    void tell(session::Signal signal);
    void end_frame();
    void read_aloud(const std::string& place);
    void tell_touched();
    std::string place() const;
    bool follow_page(const std::string& place, bool lies_over);

    screens::Stage& stage_;
    Kiosk& kiosk_;
    present::View view_;
    present::StaffView staff_view_;
    screens::Frame frame_;
    MissingGlyphs missing_glyphs_;

    bool was_down_ = false;
    std::string press_place_;                   // where the finger went down
    bool uses_keys_ = false;                    // a key was used since the last touch
    std::string focus_;                         // empty: not shown
    std::string activate_;                      // to be pressed in the next frame
    int nudge_ = 0;                             // left or right on a field, for the next frame
    std::string page_;                          // that the focus is for
    std::string page_below_;                    // while something lies over a page: that page, and
    std::string focus_below_;                   // where its focus was
    std::vector<std::string> ids_;              // of its items, in order
    std::optional<screens::FocusMove> outcome_; // of the last key, until it was said
    bool read_page_ = false;
    std::optional<ReadingAloud> reading_;
};

} // namespace app
