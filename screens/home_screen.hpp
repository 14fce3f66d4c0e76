// Which matter: tiles with icon, name and one everyday line.
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

struct HomeModel {
    FrameModel frame;
    std::string title;
    std::string sub; // may be empty
    std::vector<MatterTile> matters;
    NoteModel empty;                 // shown when there is no matter
    std::optional<NoteModel> notice; // of the office, for today
    std::size_t first = 0;
    std::string back; // may be empty
};

using HomeIntent = std::variant<FrameIntent, Action, Chosen, ShowFrom>;

std::optional<HomeIntent> draw(const HomeModel& model, Canvas& canvas);

} // namespace screens
