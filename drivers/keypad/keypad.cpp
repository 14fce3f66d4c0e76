#include "drivers/keypad/keypad.hpp"

namespace drivers {

std::string_view to_string(Key key) {
    switch (key) {
    case Key::up: return "up";
    case Key::down: return "down";
    case Key::left: return "left";
    case Key::right: return "right";
    case Key::select: return "select";
    case Key::switch_move: return "switch_move";
    case Key::switch_select: return "switch_select";
    case Key::repeat: return "repeat";
    case Key::louder: return "louder";
    case Key::softer: return "softer";
    case Key::faster: return "faster";
    case Key::slower: return "slower";
    case Key::language: return "language";
    }
    return "";
}

std::optional<Key> key_named(std::string_view name) {
    for (std::size_t i = 0; i < key_count; ++i)
        if (to_string(Key(i)) == name) return Key(i);
    return std::nullopt;
}

std::string key_names() {
    std::string names;
    for (std::size_t i = 0; i < key_count; ++i)
        names += (names.empty() ? "" : ", ") + std::string(to_string(Key(i)));
    return names;
}

} // namespace drivers
