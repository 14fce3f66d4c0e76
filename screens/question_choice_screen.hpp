// One question, two to many answers to choose from: one of them or several.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct ChoiceOption {
    std::string id;
    std::string label;
    std::string detail; // may be empty
    std::string icon;   // may be empty
    bool chosen = false;
};

struct QuestionChoiceModel {
    enum class Kind { one, several };

    FrameModel frame;
    std::string title;
    std::string why;
    Kind kind = Kind::one;
    std::vector<ChoiceOption> options;
    std::optional<NoteModel> note;
    ActionsModel actions;
    std::size_t first = 0;
};

// Chosen: pressed; whether that sets or clears the answer is not decided here.
using QuestionChoiceIntent = std::variant<FrameIntent, Action, Chosen, ShowFrom>;

std::optional<QuestionChoiceIntent> draw(const QuestionChoiceModel& model, Canvas& canvas);

} // namespace screens
