// Nobody is here: the house's greeting in three languages, what a visit looks like, and one large
// button per language.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct AttractModel {
    FrameModel frame; // place: the office
    ThreeTexts greeting;
    std::array<ThreeTexts, 3> pictures; // bring your card, answer questions, take your receipt
    ThreeTexts touch;  // "touch here to begin"; the names stand in the rail's model
    ThreeTexts note;   // "free of charge ..."; texts may be empty
    ThreeTexts notice; // of the office, for today, or of a card left behind; texts may be empty
    std::string notice_icon = "megaphone";
};

using AttractIntent = std::variant<FrameIntent, base::Language>;

std::optional<AttractIntent> draw(const AttractModel& model, Canvas& canvas);

} // namespace screens
