// Lay the identity card down: where, what the reader is doing, what will be read, and the way
// without a card.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct CardModel {
    enum class State { waiting, reading, problem };

    FrameModel frame;
    std::string title;
    std::string sub;
    State state = State::waiting;
    std::string status; // "waiting for the card", "reading, please leave it"
    NoteModel problem;  // state problem: what is wrong and the one thing to do
    std::string reads_title;
    std::string reads; // what will be read and what for
    std::string back;
    std::string other_way; // "no card?"
    std::string other_way_detail;
};

enum class CardPress { other_way };
using CardIntent = std::variant<FrameIntent, Action, CardPress>;

std::optional<CardIntent> draw(const CardModel& model, Canvas& canvas);

} // namespace screens
