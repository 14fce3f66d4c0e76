// Values known already, each with its source, each contestable.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct PrefilledModel {
    FrameModel frame;
    std::string title;
    std::string sub;        // may be empty
    std::string said_first; // before the title, for those who hear it: the card may be lifted
    std::vector<ValueRow> rows;
    std::string foot;
    ActionsModel actions; // back, all right
    std::size_t first = 0;
};

// Chosen: the row's button was pressed ("this is wrong").
using PrefilledIntent = std::variant<FrameIntent, Action, Chosen, ShowFrom>;

std::optional<PrefilledIntent> draw(const PrefilledModel& model, Canvas& canvas);

} // namespace screens
