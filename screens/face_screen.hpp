// The person before the face camera: themselves as in a mirror, one thing to do now, and the other
// ways one press away. Nothing flashes: the ring is of one colour and stands still.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct FaceModel {
    FrameModel frame;
    std::string title;
    PictureRef live;     // mirrored already; empty: the camera has not answered yet
    std::string waiting; // shown in the picture's place while there is none
    NoteModel now;       // the one reason or the one movement
    std::string kept;    // "the picture is used in this step only"
    std::string stop;
    std::string other_way;
};

enum class FacePress { other_way };
using FaceIntent = std::variant<FrameIntent, Action, FacePress>;

std::optional<FaceIntent> draw(const FaceModel& model, Canvas& canvas);

} // namespace screens
