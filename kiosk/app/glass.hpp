// The glass: what the session looks like now, and what a finger on it means. The window and the
// headless script both drive this, so that a tap is the same thing in both.
#pragma once

#include "kiosk/app/kiosk.hpp"
#include "kiosk/present/present.hpp"
#include "kiosk/present/staff.hpp"
#include "screens/stage.hpp"

namespace app {

class Glass {
public:
    Glass(screens::Stage& stage, Kiosk& kiosk) : stage_(stage), kiosk_(kiosk) {}

    // Draws one frame and tells the kiosk what was pressed. True when something was pressed, so
    // that another frame is needed.
    bool draw(const screens::Input& input);
    const screens::Frame& frame() const { return frame_; }
    // The name of the screen shown: a step, the overlay over it, or a page of the staff area.
    std::string_view screen_name() const;

    // Everything on the glass that may be personal: model, view, glyphs, pixels.
    void wipe();

private:
    bool is_out_of_service() const;
    bool draw_visit(const screens::Input& input);
    bool draw_staff(StaffDesk& staff, const screens::Input& input);

    screens::Stage& stage_;
    Kiosk& kiosk_;
    present::View view_;
    present::StaffView staff_view_;
    screens::Frame frame_;
};

} // namespace app
