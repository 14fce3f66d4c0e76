// How the kiosk reads aloud: louder, slower, again, not any more.
#pragma once

#include "screens/model.hpp"

namespace screens {

struct VoiceModel {
    FrameModel frame;
    std::string title;
    std::string sub;    // "your answers are kept"
    std::string volume; // "volume: 3 of 5"
    std::string softer;
    std::string louder;
    std::string rate; // "speed: 3 of 5"
    std::string slower;
    std::string faster;
    std::string again; // reads the page below from the beginning
    std::string stop;
    std::string back; // "back to where I was": the primary button
};

enum class VoicePress { softer, louder, slower, faster, again, stop };

// Action::go is the way back to the visit.
using VoiceIntent = std::variant<FrameIntent, Action, VoicePress, ShowFrom>;

std::optional<VoiceIntent> draw(const VoiceModel& model, Canvas& canvas);

} // namespace screens
