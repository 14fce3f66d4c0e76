// Before a matter begins: how long, when, what it costs, who may apply, what to bring.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct NoticeFact {
    std::string icon;
    std::string label; // "answer in"
    std::string value; // "20 working days"
};

struct NoticePaper {
    std::string icon;
    std::string name;   // "household book"
    std::string detail; // "the page of that person"; may be empty
};

struct NoticeModel {
    FrameModel frame;
    std::string title; // the matter
    std::string sub;
    std::vector<NoticeFact> facts; // two to four: time, result, cost
    std::string who_title;
    std::string who;
    std::string papers_title;
    std::vector<NoticePaper> papers; // may be empty
    std::vector<NoteModel> notes;    // "no staff on duty today"; stand first
    std::string foot;                // quiet line; may be empty
    ActionsModel actions;            // back, begin
    std::size_t first = 0;           // first block shown when they do not all fit
};

using NoticeIntent = std::variant<FrameIntent, Action, ShowFrom>;

std::optional<NoticeIntent> draw(const NoticeModel& model, Canvas& canvas);

} // namespace screens
