// The page under the camera, live, and which page is wanted.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct ScanModel {
    FrameModel frame;
    std::string title;
    std::string sub;
    PictureRef live;     // empty: the camera has not answered yet
    std::string waiting; // shown in the picture's place while there is none
    std::optional<NoteModel> status;
    std::string page;      // "page 2 of 2: the person's page"
    std::string hint;      // "lay it flat, letters up"
    std::string other_way; // "go on without a page", "type it instead"; may be empty
    ActionsModel actions;  // back, take now; no `go` where nothing is taken
};

enum class ScanPress { other_way };
using ScanIntent = std::variant<FrameIntent, Action, ScanPress>;

std::optional<ScanIntent> draw(const ScanModel& model, Canvas& canvas);

} // namespace screens
