// Between the session and the glass: a session becomes the model of one screen, an intent of that
// screen becomes what the session hears.
//
// Pure: no device, no clock, no disk. All words come from the content set by key and language; a
// missing key shows as "⟦key⟧" and is counted there. Who uses it does, once per frame:
//
//     view = follow(view, session);
//     auto intent = screens::draw(model(session, view, facts), canvas);
//     if (intent) {
//         auto reaction = react(session, view, *intent, facts);
//         view = reaction.view;
//         for (auto& input : reaction.inputs) session::apply(...);
//     }
#pragma once

#include "kiosk/present/facts.hpp"
#include "kiosk/present/view.hpp"
#include "screens/canvas.hpp"
#include "screens/screen.hpp"

#include <vector>

namespace present {

// The screen for where the session is. CHECKs that there is a content set: the session's, or
// facts.world.content while nobody is here.
screens::ScreenModel model(const session::Session& session, const View& view, const Facts& facts);

struct Reaction {
    std::vector<session::Input> inputs; // for session::apply, in order
    View view;
    // The primary button was pressed before it was ready: its label says what is missing, and is
    // what is to be said aloud. Nothing moves.
    bool not_yet = false;
    // The page that is shown next is to be read aloud from its beginning.
    bool read_page = false;
    // The way in for a first installation was pressed (help screen, nobody in a visit, no staff
    // list yet): for staff::apply as AreaSignal::enrol, behind the inputs.
    bool opens_enrolment = false;
};

// What an intent of the screen that model() gave means. An intent that this screen cannot have
// sent means nothing.
Reaction react(const session::Session& session, View view, const screens::ScreenIntent& intent,
               const Facts& facts);

// Nothing could be kept, or staff have closed the kiosk: nobody begins a visit. Who is in one
// finishes it.
bool can_begin(const Facts& facts);
// The screen shown instead of the welcome screen where nobody can begin.
screens::ScreenModel out_of_service(const session::Session& session, const Facts& facts);

// Language, text size, theme and reach, as the canvas takes them.
screens::DisplaySettings settings(const session::Session& session);

} // namespace present
