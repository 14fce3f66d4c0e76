// Which key of a device means what: kernel key codes (linux/input-event-codes.h) to drivers::Key.
#pragma once

#include "drivers/keypad/keypad.hpp"

#include <map>

namespace drivers {

using KeyMap = std::map<unsigned, Key>; // by code of an EV_KEY event

// Arrows; Enter, keypad Enter, Select and OK; Space and the two first buttons of a switch box;
// volume, help ("say it again"), faster, slower, language.
const KeyMap& default_key_map();

// `given`: names as in linux/input-event-codes.h ("KEY_UP", "BTN_0") to names of keys ("up"), laid
// over the default map. "none" takes a key out of it.
// Errors: invalid_input: names the entry and what is known.
base::Result<KeyMap> read_key_map(const std::map<std::string, std::string>& given);

} // namespace drivers
