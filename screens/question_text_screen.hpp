// A line or a few lines of text and a board to write them on.
#pragma once

#include "screens/model.hpp"

namespace screens {

// The words on the boards' wide keys.
struct BoardLabels {
    std::string space;
    std::string latin;  // "EN"
    std::string uyghur; // in its own script
    std::string digits; // "123"
};

struct QuestionTextModel {
    FrameModel frame;
    std::string title;
    std::string why;
    base::SecretText text;
    std::size_t caret = 0; // byte offset in `text`
    std::string counter;   // "33 / 60"
    std::string hint;      // one line about the language to write in; may be empty
    std::optional<NoteModel> problem;
    Board board = Board::latin;
    std::vector<Board> boards; // those that can be switched to, the shown one among them
    bool shift = false;        // Latin capitals
    BoardLabels labels;
    ActionsModel actions;
};

using QuestionTextIntent = std::variant<FrameIntent, Action, Typed, EditKey, SwitchBoard>;

std::optional<QuestionTextIntent> draw(const QuestionTextModel& model, Canvas& canvas);

} // namespace screens
