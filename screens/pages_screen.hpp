// All pages taken for one paper: look, add, take again, delete, done.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct PageThumb {
    std::string id;
    std::string label; // "household book, first page"
    std::string state; // "clear"
    NoteModel::Kind state_kind = NoteModel::Kind::success;
    PictureRef picture;
    bool chosen = false; // what `retake` and `remove` speak about
};

struct PagesModel {
    FrameModel frame;
    std::string title;
    std::string sub;
    std::vector<PageThumb> pages;
    std::string add;
    std::string earlier; // one place towards the first; empty while none, or the first, is chosen
    std::string retake;  // empty while no page is chosen
    std::string remove;  // empty while no page is chosen
    std::optional<NoteModel> note;
    ActionsModel actions;
    std::size_t first = 0;
};

enum class PagesPress { add, earlier, retake, remove };
using PagesIntent = std::variant<FrameIntent, Action, Chosen, ShowFrom, PagesPress>;

std::optional<PagesIntent> draw(const PagesModel& model, Canvas& canvas);

} // namespace screens
