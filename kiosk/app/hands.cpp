#include "kiosk/app/hands.hpp"

#include <SDL_events.h>

namespace app {

std::vector<screens::Input> Hands::take(const SDL_Event& event) {
    switch (event.type) {
    case SDL_MOUSEMOTION:
        if (down_ && event.motion.which != which_) return {};
        pointer_ = {float(event.motion.x), float(event.motion.y)};
        if (!down_) return {};
        return {now()};
    case SDL_MOUSEBUTTONDOWN: {
        if (down_ || event.button.button != SDL_BUTTON_LEFT) return {};
        pointer_ = {float(event.button.x), float(event.button.y)};
        which_ = event.button.which;
        const auto above = now(); // the toolkit wants to see the finger come before it presses
        down_ = true;
        return {above, now()};
    }
    case SDL_MOUSEBUTTONUP:
        if (!down_ || event.button.button != SDL_BUTTON_LEFT || event.button.which != which_)
            return {};
        pointer_ = {float(event.button.x), float(event.button.y)};
        down_ = false;
        return {now()};
    default: return {}; // SDL's types are numbers: there is no list to be complete over
    }
}

std::optional<drivers::Key> window_key(const SDL_Event& event) {
    if (event.type != SDL_KEYDOWN || event.key.repeat != 0) return std::nullopt;
    switch (event.key.keysym.sym) {
    case SDLK_UP: return drivers::Key::up;
    case SDLK_DOWN: return drivers::Key::down;
    case SDLK_LEFT: return drivers::Key::left;
    case SDLK_RIGHT: return drivers::Key::right;
    case SDLK_RETURN:
    case SDLK_KP_ENTER: return drivers::Key::select;
    case SDLK_TAB: return drivers::Key::switch_move;
    case SDLK_SPACE: return drivers::Key::switch_select;
    default: return std::nullopt;
    }
}

} // namespace app
