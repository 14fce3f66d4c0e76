// Where a request is: its number, the stages behind it and the one it is in, what to do now.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct ProgressStage {
    enum class State { done, now, later, stopped }; // stopped: refused, expired, taken back
    State state = State::done;
    std::string title;
    std::string detail; // the day; may be empty
};

struct ProgressModel {
    FrameModel frame;
    std::string said_first; // before the title, for those who hear it: the card may be lifted
    std::string title;
    std::string sub;
    std::string number_label;
    std::string number; // "7K4M 92HX 3PRD"
    std::string matter; // may be empty
    // What tells something about the person (number, stages) is said on headphones only, the stage
    // it is in first.
    std::vector<ProgressStage> stages;
    std::vector<NoteModel> notes; // why, and what to do
    std::string back;
    std::string withdraw; // may be empty
    std::string print;    // may be empty
    std::string papers;   // what is missing can be added here; may be empty
    std::size_t first = 0;
};

enum class ProgressPress { withdraw, print, papers };
using ProgressIntent = std::variant<FrameIntent, Action, ShowFrom, ProgressPress>;

std::optional<ProgressIntent> draw(const ProgressModel& model, Canvas& canvas);

} // namespace screens
