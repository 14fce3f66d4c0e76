// Five keys, two switches, and the keys for the voice, for people who do not touch the glass.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
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

inline constexpr std::size_t key_count = std::size_t(Key::language) + 1;

std::string_view to_string(Key key);
// The key of this name; nothing: there is none.
std::optional<Key> key_named(std::string_view name);
std::string key_names(); // "up, down, ...", for messages

class Keypad {
public:
    virtual ~Keypad() = default;
    // Waits for keys that were pressed (not released, not repeated), at most `patience`; empty when
    // none was. Errors: device (not there, or unplugged; the next call looks for it again, and
    // waits out its patience before it says so once more).
    virtual base::Result<std::vector<Key>> wait_for_keys(base::Milliseconds patience) = 0;
    // Ends a wait at once, from another thread; one that has not begun yet does not begin.
    virtual void interrupt() = 0;
};

} // namespace drivers
