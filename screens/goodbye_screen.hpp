// Take your card and papers.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct GoodbyeModel {
    FrameModel frame;
    std::string title;
    std::string sub;
    bool card_on_reader = true; // the picture shows a card to be lifted
    bool has_picture = true;    // false: only papers of one's own are to be taken
    std::string foot;           // "what you told us is gone from this kiosk"
    std::string done;
};

enum class GoodbyePress { done };
using GoodbyeIntent = std::variant<FrameIntent, GoodbyePress>;

std::optional<GoodbyeIntent> draw(const GoodbyeModel& model, Canvas& canvas);

} // namespace screens
