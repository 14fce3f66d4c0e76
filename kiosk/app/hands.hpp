// What SDL says that hands did on the window, as frames to draw.
//
// One finger: while one is down every other one, and every other mouse, is ignored (spec ui-text
// §1); SDL makes mouse events of the first finger. Each press and each release gets a frame of its
// own, so that no tap is lost however quick. Keys of keyboards are not hands (spec reliability H6).
#pragma once

#include "drivers/keypad/keypad.hpp"
#include "screens/stage.hpp"

#include <cstdint>
#include <optional>
#include <vector>

union SDL_Event;

namespace app {

class Hands {
public:
    // The frames that this event wants drawn, in order. Empty: it is nothing to the glass.
    std::vector<screens::Input> take(const SDL_Event& event);
    // How things stand between events.
    screens::Input now() const { return {pointer_, down_, {}, {}}; }

private:
    screens::Point pointer_{-1, -1};
    bool down_ = false;
    std::uint32_t which_ = 0; // the mouse, or SDL's word for "a finger", that is down
};

// The keypad of a window that has none, in a demonstration: arrows, Enter, Tab (switch_move) and
// Space (switch_select) of its keyboard. Nothing: another key, or one that repeats or is let go.
std::optional<drivers::Key> window_key(const SDL_Event& event);

} // namespace app
