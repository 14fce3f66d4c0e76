// Check your answers: each with "change" beside it.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct ReviewModel {
    FrameModel frame;
    std::string title;
    std::string sub; // may be empty
    std::vector<ValueRow> rows;
    std::string foot; // "after a change you come straight back here"
    ActionsModel actions;
    std::size_t first = 0;
};

// Chosen: this answer is to be changed.
using ReviewIntent = std::variant<FrameIntent, Action, Chosen, ShowFrom>;

std::optional<ReviewIntent> draw(const ReviewModel& model, Canvas& canvas);

} // namespace screens
