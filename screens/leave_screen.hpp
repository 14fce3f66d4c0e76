// Really end the visit? What becomes of what was typed.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct LeaveModel {
    FrameModel frame;
    std::string title;
    std::string text;
    std::string stay;
    std::string end;
};

enum class LeavePress { stay, end };
using LeaveIntent = std::variant<FrameIntent, LeavePress>;

std::optional<LeaveIntent> draw(const LeaveModel& model, Canvas& canvas);

} // namespace screens
