// The staff area on the glass: its pages as screen models, and what an intent of such a screen
// means to it (kiosk/staff/area.hpp).
//
// Pure, like present.hpp. Nothing here is given a session: no page can show a resident's value.
// Who uses it does, once per frame while the area is open:
//
//     view = follow(view, area, session);
//     auto intent = screens::draw(staff_model(area, view, facts, overview), canvas);
//     if (intent) {
//         auto reaction = react_staff(area, view, *intent, facts, overview);
//         view = reaction.view;
//         for (auto& input : reaction.inputs) staff::apply(...);
//     }
#pragma once

#include "kiosk/present/facts.hpp"
#include "kiosk/staff/area.hpp"
#include "screens/canvas.hpp"
#include "screens/screen.hpp"

#include <vector>

namespace present {

// What only the glass knows. Language and display begin as they stand where nobody is, and are
// dropped when the area closes: nobody finds the staff's text size.
struct StaffView {
    staff::Page page = staff::Page::closed;
    base::Language language = base::Language::zh;
    session::Display display;
    bool is_choosing_language = false;
    std::size_t first = 0;             // first row shown of a list
    std::optional<std::string> notice; // notice page: picked, not yet shown; empty text: none
};

// The view itself while the area stays on its page.
StaffView follow(StaffView view, const staff::Area& area, const session::Session& session);

// CHECKs that the area is open.
screens::ScreenModel staff_model(const staff::Area& area, const StaffView& view, const Facts& facts,
                                 const staff::Overview& overview);

struct StaffReaction {
    std::vector<staff::AreaInput> inputs; // for staff::apply, in order; never empty
    StaffView view;
    bool not_yet = false; // as Reaction::not_yet
};

// An intent that this page cannot have sent counts as a touch.
StaffReaction react_staff(const staff::Area& area, StaffView view,
                          const screens::ScreenIntent& intent, const Facts& facts,
                          const staff::Overview& overview);

screens::DisplaySettings settings(const StaffView& view);

} // namespace present
