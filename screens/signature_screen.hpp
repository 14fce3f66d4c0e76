// Sign with a finger, or at the counter.
#pragma once

#include "screens/model.hpp"

namespace screens {

// Where the finger was on the board, 0 to 1 from the left and from the top.
struct InkPoint {
    float x = 0;
    float y = 0;
};

// One touch, from the finger's coming to its going.
using InkStroke = std::vector<InkPoint, base::SecretAllocator<InkPoint>>;

struct SignatureModel {
    FrameModel frame;
    std::string title;
    std::string sub;
    std::vector<InkStroke> strokes; // drawn so far
    std::string board;              // what the board is called when it is spoken
    std::string clear;
    std::string counter; // "hard to write? sign at the counter"; may be empty
    std::optional<NoteModel> note;
    ActionsModel actions; // back, submit
};

// A stroke was finished.
struct Ink {
    InkStroke stroke;
};

enum class SignaturePress { clear, at_counter };
using SignatureIntent = std::variant<FrameIntent, Action, SignaturePress, Ink>;

std::optional<SignatureIntent> draw(const SignatureModel& model, Canvas& canvas);

} // namespace screens
