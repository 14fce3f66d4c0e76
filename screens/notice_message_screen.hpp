// Something cannot go on: why, what to do, one or two ways on. Plain words, never a code alone.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct NoticeMessageModel {
    FrameModel frame;
    std::string icon = "help";
    std::string title;
    std::string text;
    std::optional<NoteModel> note; // "your answers are kept"
    std::string secondary;         // may be empty
    std::string secondary_icon;
    std::string primary;
    std::string primary_icon;
};

enum class NoticeMessagePress { primary, secondary };
using NoticeMessageIntent = std::variant<FrameIntent, NoticeMessagePress>;

std::optional<NoticeMessageIntent> draw(const NoticeMessageModel& model, Canvas& canvas);

} // namespace screens
