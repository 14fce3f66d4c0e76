// Sign with a finger, or at the counter.
#pragma once

#include "screens/model.hpp"

namespace screens {

// Where the finger is on the board, 0 to 1 from the left and from the top.
struct InkPoint {
    float x = 0;
    float y = 0;
};

using InkStrokes =
    std::vector<std::vector<InkPoint, base::SecretAllocator<InkPoint>>>; // one per touch

struct SignatureModel {
    FrameModel frame;
    std::string title;
    std::string sub;
    InkStrokes strokes;
    std::string clear;
    std::string counter; // "hard to write? sign at the counter"
    std::optional<NoteModel> note;
    ActionsModel actions; // back, submit
};

// A point of the finger's path; the first of each touch begins a stroke.
struct Ink {
    InkPoint at;
    bool begins = false;
};

enum class SignaturePress { clear, at_counter };
using SignatureIntent = std::variant<FrameIntent, Action, SignaturePress, Ink>;

std::optional<SignatureIntent> draw(const SignatureModel& model, Canvas& canvas);

} // namespace screens
