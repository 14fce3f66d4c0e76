#include "drivers/keypad/simulated_keypad.hpp"

namespace drivers {

void SimulatedKeypad::press(Key key) {
    const std::lock_guard lock(mutex_);
    if (!is_plugged_) return;
    pressed_.push_back(key);
    changed_.notify_all();
}

void SimulatedKeypad::unplug() {
    const std::lock_guard lock(mutex_);
    is_plugged_ = false;
    pressed_.clear();
    changed_.notify_all();
}

void SimulatedKeypad::plug_in() {
    const std::lock_guard lock(mutex_);
    is_plugged_ = true;
    changed_.notify_all();
}

void SimulatedKeypad::interrupt() {
    const std::lock_guard lock(mutex_);
    is_interrupted_ = true;
    changed_.notify_all();
}

base::Result<std::vector<Key>> SimulatedKeypad::wait_for_keys(base::Milliseconds patience) {
    std::unique_lock lock(mutex_);
    const bool was_plugged = is_plugged_;
    changed_.wait_for(lock, patience, [&] {
        return is_interrupted_ || !pressed_.empty() || is_plugged_ != was_plugged;
    });
    is_interrupted_ = false;
    if (!is_plugged_) return base::Error{base::Errc::device, "no keypad is plugged in"};
    std::vector<Key> keys(pressed_.begin(), pressed_.end());
    pressed_.clear();
    return keys;
}

} // namespace drivers
