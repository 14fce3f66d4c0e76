// Choose one of the three languages; each row is written in its own script.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct LanguageModel {
    FrameModel frame; // the names stand in frame.rail.languages
    std::string title;
    ThreeTexts lines; // one line under each name: "answers typed so far stay"; may be empty
    base::Language current = base::Language::zh;
    std::string back;
    std::size_t first = 0;
};

using LanguageIntent = std::variant<FrameIntent, Action, base::Language, ShowFrom>;

std::optional<LanguageIntent> draw(const LanguageModel& model, Canvas& canvas);

} // namespace screens
