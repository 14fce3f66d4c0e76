// What staff see first: who is logged in, what must be done first, how the kiosk is, and what they
// may do. Counts, ages and states only (spec reliability P13).
#pragma once

#include "screens/model.hpp"

namespace screens {

// One part of the kiosk. Its state is said by words and mark, never by colour alone.
struct StaffTile {
    enum class State { fine, attention, plain };
    std::string icon;
    std::string name;
    std::string state;
    std::string detail; // may be empty
    State kind = State::plain;
};

struct StaffTask {
    std::string id;
    std::string icon;
    std::string label;
    std::string detail; // may be empty
};

// The face camera while a technician tests it.
struct StaffMirror {
    PictureRef live;     // mirrored already; empty: the camera has not answered yet
    std::string waiting; // shown in the picture's place while there is none
};

struct StaffOverviewModel {
    FrameModel frame;
    std::string badge; // icon
    bool is_fine = true;
    std::string title; // what must be done first
    std::string sub;
    std::optional<NoteModel> note; // of the last thing asked for
    std::optional<StaffMirror> mirror;
    std::vector<StaffTile> tiles;
    std::vector<StaffTask> tasks; // only what this person may do
    ActionsModel actions;         // leave maintenance; the first thing to do, if any
    std::size_t first = 0;
};

// Action::go is the first thing to do.
using StaffOverviewIntent = std::variant<FrameIntent, Action, Chosen, ShowFrom>;

std::optional<StaffOverviewIntent> draw(const StaffOverviewModel& model, Canvas& canvas);

} // namespace screens
