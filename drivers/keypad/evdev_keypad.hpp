// A keypad or a box of switches that the kernel knows as an input device.
//
// Which one: the device of the configured name, else the first that has the five keys or the two
// switches of its map and no letters (an ordinary keyboard is never taken by itself). Only that one
// is opened for long, and it is grabbed: what is pressed on it reaches nothing else (H6).
// Unplugged, wait_for_keys() says `device` and looks for it again at each call.
//
// One caller of wait_for_keys() at a time; interrupt() from any thread. Source: the kernel's
// Documentation/input/event-codes.rst; libevdev 1.13. Unverified on hardware.
#pragma once

#include "drivers/keypad/input_device.hpp"
#include "drivers/keypad/key_map.hpp"

namespace drivers {

struct KeypadSettings {
    std::string name; // as the device calls itself (evtest shows it); empty: by what it can do
    KeyMap keys = default_key_map();
};

class EvdevKeypad final : public Keypad {
public:
    EvdevKeypad(KeypadSettings settings, std::unique_ptr<InputFolder> folder);
    ~EvdevKeypad() override;

    base::Result<std::vector<Key>> wait_for_keys(base::Milliseconds patience) override;
    void interrupt() override;

private:
    bool find();
    bool is_wanted(const InputDevice& device) const;
    bool wait(base::Milliseconds patience);
    base::Result<std::vector<Key>> read();

    KeypadSettings settings_;
    std::unique_ptr<InputFolder> folder_;
    std::unique_ptr<InputDevice> device_; // nothing: not found
    int interrupted_ = -1;                // eventfd
};

} // namespace drivers
