// Pick a kind of help. The answers typed so far are kept.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct HelpWay {
    std::string id; // "call", "counter", ...
    std::string icon;
    std::string title;
    std::string detail;
    bool first_choice = false; // tinted plate
};

struct HelpModel {
    FrameModel frame;
    std::string title;
    std::string sub; // "your answers are safe"
    std::vector<HelpWay> ways;
    std::optional<NoteModel> state; // after calling: who comes, or whom to telephone
    std::string foot;               // whom to telephone, and when; may be empty
    std::string back;               // "back to where I was": the primary button
    std::size_t first = 0;
};

// Action::go is the way back to the visit.
using HelpIntent = std::variant<FrameIntent, Action, Chosen, ShowFrom>;

std::optional<HelpIntent> draw(const HelpModel& model, Canvas& canvas);

} // namespace screens
