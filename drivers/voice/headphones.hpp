// Are headphones plugged in? What is about a person is said in them alone (safeguard G23).
#pragma once

#include "kiosk/base/result.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace drivers {

class HeadphoneJack {
public:
    virtual ~HeadphoneJack() = default;
    // Any thread. False where it is not known.
    virtual bool is_plugged() const = 0;
    // Called on a thread of the jack's when that has changed. Set once, before anything is said.
    std::function<void()> on_change = [] {};
};

// The jack of a sound card, as ALSA tells it through the input layer: SW_HEADPHONE_INSERT.
// Source: Linux, Documentation/sound/designs/jack-injection.rst and input-event-codes.h.
// Unverified on hardware. Not handled: headphones on USB or Bluetooth, which have no jack.
class EvdevJack final : public HeadphoneJack {
public:
    // The first input device that has such a switch. Errors: not_found (none, or not readable).
    static base::Result<std::unique_ptr<HeadphoneJack>>
    open(const std::string& folder = "/dev/input");
    ~EvdevJack() override;
    bool is_plugged() const override { return is_plugged_; }

private:
    struct Device;
    explicit EvdevJack(std::unique_ptr<Device> device);
    void watch(std::stop_token stop);

    std::unique_ptr<Device> device_;
    std::atomic<bool> is_plugged_{false};
    std::jthread thread_;
};

// A kiosk without a jack: nothing about a person is ever said.
class NoHeadphones final : public HeadphoneJack {
public:
    bool is_plugged() const override { return false; }
};

} // namespace drivers
