// Which matter: tiles with icon, name and one everyday line; and what else can be asked here. Also
// the page of all groups, and of the matters of one.
#pragma once

#include "screens/model.hpp"

namespace screens {

// Colour of a tile's icon plate. Carries no meaning that the words do not (design README §1.6).
enum class Tint { blue, green, clay, plum, sand };

struct MatterTile {
    std::string id;
    std::string icon;
    Tint tint = Tint::blue;
    std::string name;
    std::string line; // may be empty
};

enum class HomePress { groups, progress, todos, notices, hours, staff };

// What else there is besides matters.
struct HomeWay {
    HomePress press = HomePress::progress;
    std::string icon;
    std::string label;
    std::string detail; // may be empty
};

struct HomeModel {
    FrameModel frame;
    std::string title;
    std::string sub;             // may be empty
    std::string list = "matter"; // what the tiles are, in their ids
    std::vector<MatterTile> matters;
    std::vector<HomeWay> ways;       // what people come for, side by side
    std::vector<HomeWay> today;      // notices and hours
    NoteModel empty;                 // shown when there is no matter
    std::optional<NoteModel> notice; // of the office, for today
    std::size_t first = 0;
    std::string back; // may be empty
    std::string ask;  // "ask staff", beside `back`; may be empty
};

using HomeIntent = std::variant<FrameIntent, Action, Chosen, ShowFrom, HomePress>;

std::optional<HomeIntent> draw(const HomeModel& model, Canvas& canvas);

} // namespace screens
