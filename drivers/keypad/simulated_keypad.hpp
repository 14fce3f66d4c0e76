// A keypad that a script or a test presses. Development only.
#pragma once

#include "drivers/keypad/keypad.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace drivers {

class SimulatedKeypad final : public Keypad {
public:
    // Verbs for what people do. Pressed while it is unplugged, a key goes nowhere.
    void press(Key key);
    void unplug(); // what was pressed and not yet taken is lost with it
    void plug_in();

    base::Result<std::vector<Key>> wait_for_keys(base::Milliseconds patience) override;
    void interrupt() override;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Key> pressed_;
    bool is_plugged_ = true;
    bool is_interrupted_ = false;
};

} // namespace drivers
