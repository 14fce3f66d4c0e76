// Are you still there? Is this another person? A question with the time that is left for it.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct IdleModel {
    FrameModel frame;
    std::string icon = "clock";
    std::string title;
    std::string text; // holds the remaining seconds in words
    std::string said; // the same for the ear: changes at 30 and 15 seconds
    int seconds_left = 0;
    int seconds_total = 45;
    std::string stay;
    std::string end;
};

enum class IdlePress { stay, end };
using IdleIntent = std::variant<FrameIntent, IdlePress>;

std::optional<IdleIntent> draw(const IdleModel& model, Canvas& canvas);

} // namespace screens
