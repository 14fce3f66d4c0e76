// The glass is being wiped: nothing on it can be pressed, and it says for how long.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct StaffCleanModel {
    FrameModel frame;
    std::string title;
    std::string text;
    std::string left; // "23"
    int seconds_left = 0;
    int seconds_total = 30;
};

// Nothing can be meant here.
using StaffCleanIntent = FrameIntent;

std::optional<StaffCleanIntent> draw(const StaffCleanModel& model, Canvas& canvas);

} // namespace screens
