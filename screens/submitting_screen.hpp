// The request is being sealed, stored and sent: calm words, nothing to press but the rail.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct SubmittingLine {
    enum class State { done, now, later };
    State state = State::later;
    std::string text;
};

struct SubmittingModel {
    FrameModel frame;
    std::string said_first; // before the title, for those who hear it: the card may be lifted
    std::string title;
    std::string sub;
    std::vector<SubmittingLine> lines;
    std::string foot; // may be empty
};

using SubmittingIntent = FrameIntent;

std::optional<SubmittingIntent> draw(const SubmittingModel& model, Canvas& canvas);

} // namespace screens
