// The number of a receipt: three groups of four, written with the characters such a number can have
// and no others, so that none can be taken for another.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct ReceiptNumberModel {
    FrameModel frame;
    std::string title;
    std::string sub;
    base::SecretText number;          // as typed so far, without separators
    std::vector<int> groups{4, 4, 4}; // places that are awaited
    std::string hint;                 // "5 more characters"; may be empty
    std::optional<NoteModel> problem; // the check character does not fit
    std::string characters;           // one key each, in this order
    std::string backspace;            // what its key is called when it is said
    std::string camera;               // "show the slip to the camera"; may be empty
    ActionsModel actions;
};

enum class ReceiptNumberPress { camera };
using ReceiptNumberIntent = std::variant<FrameIntent, Action, Typed, EditKey, ReceiptNumberPress>;

std::optional<ReceiptNumberIntent> draw(const ReceiptNumberModel& model, Canvas& canvas);

} // namespace screens
