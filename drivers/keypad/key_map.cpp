#include "drivers/keypad/key_map.hpp"

#include <libevdev/libevdev.h>

namespace drivers {

const KeyMap& default_key_map() {
    // Chosen by the meaning that the kernel's header gives each code; pads that send others, or
    // letters, are named in the configuration.
    static const KeyMap map{
        {KEY_UP, Key::up},
        {KEY_DOWN, Key::down},
        {KEY_LEFT, Key::left},
        {KEY_RIGHT, Key::right},
        {KEY_ENTER, Key::select},
        {KEY_KPENTER, Key::select},
        {KEY_SELECT, Key::select},
        {KEY_OK, Key::select},
        {KEY_SPACE, Key::switch_move},
        {BTN_0, Key::switch_move},
        {BTN_1, Key::switch_select},
        {KEY_HELP, Key::repeat},
        {KEY_AGAIN, Key::repeat},
        {KEY_VOLUMEUP, Key::louder},
        {KEY_VOLUMEDOWN, Key::softer},
        {KEY_FASTFORWARD, Key::faster},
        {KEY_SLOW, Key::slower},
        {KEY_REWIND, Key::slower},
        {KEY_LANGUAGE, Key::language},
    };
    return map;
}

base::Result<KeyMap> read_key_map(const std::map<std::string, std::string>& given) {
    KeyMap map = default_key_map();
    for (const auto& [code_name, key_name] : given) {
        const int code = libevdev_event_code_from_name(EV_KEY, code_name.c_str());
        if (code < 0)
            return base::Error{base::Errc::invalid_input,
                               "\"" + code_name +
                                   "\" is no key of linux/input-event-codes.h; the command "
                                   "evtest shows what a keypad sends"};
        map.erase(unsigned(code));
        if (key_name == "none") continue;
        const auto key = key_named(key_name);
        if (!key)
            return base::Error{base::Errc::invalid_input, "\"" + code_name + "\" means \"" +
                                                              key_name + "\"; known: none, " +
                                                              key_names()};
        map[unsigned(code)] = *key;
    }
    return map;
}

} // namespace drivers
