// Something to read: what the office makes known, its hours. Cards under each other, nothing to
// answer.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct ReadingCard {
    std::string icon;    // may be empty
    std::string title;   // may be empty
    std::string text;    // may be empty
    std::string end;     // at the end of the line, from left to right: hours; may be empty
    bool marked = false; // today's row
};

struct ReadingModel {
    FrameModel frame;
    std::string said_first; // before the title, for those who hear it: the card may be lifted
    std::string title;
    std::string sub;
    std::optional<NoteModel> note; // what counts now
    std::vector<ReadingCard> cards;
    bool is_table = false; // rows of one card rather than a card each
    std::string foot;      // may be empty
    std::string back;
    std::size_t first = 0;
};

using ReadingIntent = std::variant<FrameIntent, Action, ShowFrom>;

std::optional<ReadingIntent> draw(const ReadingModel& model, Canvas& canvas);

} // namespace screens
