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
    std::string pinyin;
    std::string handwriting;
    std::string split;       // Pinyin: sets a syllable apart
    std::string undo_stroke; // handwriting: takes the last stroke back
    std::string clear_ink;   // handwriting: empties the box
    std::string backspace;
    std::string more;    // candidates behind those shown
    std::string earlier; // candidates before
    std::string box;     // what the box is called when it is spoken
    std::string field;   // what the written line is called when it is spoken
};

struct QuestionTextModel {
    FrameModel frame;
    std::string title;
    std::string why;
    base::SecretText text;
    std::size_t caret = 0; // byte offset in `text`
    std::string counter;   // "33 / 60"
    // Pinyin under way, cut into syllables: shown underlined at the caret. Not part of `text`.
    base::SecretText letters;
    // What may be chosen now, best first; the screen shows as many as it has room for.
    std::vector<base::SecretText> candidates;
    bool has_more = false;    // behind the last of `candidates`
    bool has_earlier = false; // before the first
    input::Ink ink;           // strokes of the character under way, in millimetres of the box
    std::string hint;         // one line about the board or the language to write in; may be empty
    std::optional<NoteModel> problem;
    Board board = Board::latin;
    std::vector<Board> boards; // those that can be switched to, the shown one among them
    bool shift = false;        // Latin capitals
    bool is_name = false;      // the only marks are the middle dot and the hyphen
    BoardLabels labels;
    ActionsModel actions;
};

using QuestionTextIntent = std::variant<FrameIntent, Action, Typed, EditKey, SwitchBoard,
                                        PickCandidate, MoreCandidates, InkDrawn, InkKey, MoveCaret>;

std::optional<QuestionTextIntent> draw(const QuestionTextModel& model, Canvas& canvas);

} // namespace screens
