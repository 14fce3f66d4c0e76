// This kiosk cannot serve now: the sentence in three languages, and the way to the counter.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct OutOfServiceModel {
    FrameModel frame;
    ThreeTexts title;
    ThreeTexts text;
    ThreeTexts kept; // "what was received before is not lost"; texts may be empty
    std::string staff;
};

enum class OutOfServicePress { staff };
using OutOfServiceIntent = std::variant<FrameIntent, OutOfServicePress>;

std::optional<OutOfServiceIntent> draw(const OutOfServiceModel& model, Canvas& canvas);

} // namespace screens
