// This kiosk cannot serve now: the sentence in three languages, and the way to the counter.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct OutOfServiceModel {
    FrameModel frame;
    ThreeTexts title;
    ThreeTexts text;
    ThreeTexts other;       // the nearest other kiosk: where, how far, when; texts may be empty
    ThreeTexts other_short; // its name alone, where that is all there is room for
    ThreeTexts kept;        // "what was received before is not lost"; texts may be empty
    std::string staff;
};

enum class OutOfServicePress { staff };
using OutOfServiceIntent = std::variant<FrameIntent, OutOfServicePress>;

std::optional<OutOfServiceIntent> draw(const OutOfServiceModel& model, Canvas& canvas);

} // namespace screens
