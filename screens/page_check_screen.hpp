// The page just taken, large: use it or take it again.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct PageCheckModel {
    FrameModel frame;
    std::string title;
    std::string sub;
    PictureRef page;
    std::vector<NoteModel> notes; // why to take it again, what is not handled yet
    std::string hint;             // may be empty
    std::string retake;
    std::string use;
    bool retake_is_primary = false; // the page is bad: taking it again is the thing to do
};

enum class PageCheckPress { retake, use };
using PageCheckIntent = std::variant<FrameIntent, PageCheckPress>;

std::optional<PageCheckIntent> draw(const PageCheckModel& model, Canvas& canvas);

} // namespace screens
