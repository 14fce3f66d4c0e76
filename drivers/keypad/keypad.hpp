// Five keys, two switches, and the keys for the voice, for people who do not touch the glass.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace drivers {

enum class Key : std::uint8_t {
    up,
    down,
    left,
    right,
    select,
    // Two switches: one moves on, round and round; the other presses.
    switch_move,
    switch_select,
    // The voice: what every page says can be said again, louder, softer, faster, slower.
    repeat,
    louder,
    softer,
    faster,
    slower,
    language,
};

std::string_view to_string(Key key);

class Keypad {
public:
    virtual ~Keypad() = default;
    // Waits for keys that were pressed (not released, not repeated), at most `patience`; empty when
    // none was. Errors: device (unplugged; the next call looks for it again).
    virtual base::Result<std::vector<Key>> wait_for_keys(base::Milliseconds patience) = 0;
    // Ends a wait at once, from another thread.
    virtual void interrupt() = 0;
};

} // namespace drivers
