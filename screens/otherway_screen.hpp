// The ways a person may be recognised, all of one rank. A way that is not possible now stays in
// its place and says why.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct Way {
    std::string id;
    std::string icon;
    std::string title;
    std::string explanation;
    bool available = true;
    std::string reason; // not available: why not, and when
};

struct OtherwayModel {
    FrameModel frame;
    std::string said_first; // before the title, for those who hear it: the card may be lifted
    std::string title;
    std::string sub;
    std::vector<Way> ways;
    std::string back;
    bool is_private = false; // the ways tell something about the person
    std::size_t first = 0;
};

using OtherwayIntent = std::variant<FrameIntent, Action, Chosen, ShowFrom>;

std::optional<OtherwayIntent> draw(const OtherwayModel& model, Canvas& canvas);

} // namespace screens
