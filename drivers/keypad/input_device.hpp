// One input device of the kernel, and the folder they stand in: the seam between EvdevKeypad and
// libevdev, so that the keypad's behaviour is tested without a kernel device.
#pragma once

#include "kiosk/base/result.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace drivers {

struct KeyEvent {
    unsigned code = 0; // of linux/input-event-codes.h
    enum class What { released, pressed, repeated } what = What::pressed;
};

class InputDevice {
public:
    virtual ~InputDevice() = default;
    virtual std::string name() const = 0;
    virtual bool has_key(unsigned code) const = 0;
    // Nobody else gets its events any more. Errors: device (somebody else has it, or it is gone).
    virtual base::Result<void> grab() = 0;
    // Readable when next() has something to say.
    virtual int descriptor() const = 0;
    // The next key event that is here already; nothing: there is none now. Errors: device (gone).
    virtual base::Result<std::optional<KeyEvent>> next() = 0;
};

class InputFolder {
public:
    virtual ~InputFolder() = default;
    // Paths of what looks like an input device, in the kernel's order.
    virtual std::vector<std::string> devices() = 0;
    // Errors: device (gone, not ours to read, or no input device).
    virtual base::Result<std::unique_ptr<InputDevice>> open(const std::string& path) = 0;
};

// The real ones: files named event* in `folder`, through libevdev.
std::unique_ptr<InputFolder> open_input_folder(std::string folder = "/dev/input");

} // namespace drivers
