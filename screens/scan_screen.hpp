// The page under the camera, live, and which page is wanted.
#pragma once

#include "screens/model.hpp"

namespace screens {

// Of the sheet in the picture: 0 to 1 of its width and height, from the left top.
struct Corner {
    float x = 0;
    float y = 0;
    bool operator==(const Corner&) const = default;
};

struct ScanModel {
    FrameModel frame;
    std::string title;
    std::string sub;
    PictureRef live;             // empty: the camera has not answered yet
    std::string waiting;         // shown in the picture's place while there is none
    std::vector<Corner> outline; // four of them; empty: no sheet is seen
    float held = 0;              // 0 to 1: it lies still; at 1 it is taken
    std::optional<NoteModel> status;
    // The longest that may stand in the place of `status`: its room is kept, so that the picture
    // keeps its size whatever is said.
    std::optional<NoteModel> longest_status;
    std::string page;      // "page 2 of 2: the person's page"
    std::string hint;      // "lay it flat, letters up"
    std::string other_way; // "go on without a page", "type it instead"; may be empty
    ActionsModel actions;  // back, take now; no `go` where nothing is taken
};

enum class ScanPress { other_way };
using ScanIntent = std::variant<FrameIntent, Action, ScanPress>;

std::optional<ScanIntent> draw(const ScanModel& model, Canvas& canvas);

} // namespace screens
