// Are headphones plugged in? What is about a person is said in them alone (safeguard G23).
#pragma once

#include "drivers/voice/change_call.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

#include <atomic>
#include <condition_variable>
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
    // Called on a thread of the jack's when that has changed.
    ChangeCall on_change;
};

// One input device with the switch of a headphone jack: the seam between EvdevJack and libevdev, so
// that what the jack does is tested without a kernel device.
class JackDevice {
public:
    virtual ~JackDevice() = default;
    // Readable when read() has something to take in.
    virtual int descriptor() const = 0;
    // Takes in what has come; whether something is plugged in now. Errors: device (gone).
    virtual base::Result<bool> read() = 0;
};

// The first device in `folder` that has such a switch. Errors: not_found (none, or not readable).
base::Result<std::unique_ptr<JackDevice>> open_jack_device(const std::string& folder);

// The jack of a sound card, as ALSA tells it through the input layer: SW_HEADPHONE_INSERT.
// Source: Linux, Documentation/sound/designs/jack-injection.rst and input-event-codes.h.
// Whatever goes wrong counts as nothing plugged in; the device is then looked for again.
// Unverified on hardware. Not handled: headphones on USB or Bluetooth, which have no jack; a second
// jack beside the first.
class EvdevJack final : public HeadphoneJack {
public:
    using Open = std::function<base::Result<std::unique_ptr<JackDevice>>()>;
    // Chosen: a sound card that was reset is back within seconds, and a look costs a few openings.
    static constexpr base::Milliseconds look_again{5000};

    // Errors: not_found (no jack that can be read below `folder`).
    static base::Result<std::unique_ptr<HeadphoneJack>>
    open(const std::string& folder = "/dev/input");
    // Errors: those of `open`; device (no means to end a wait).
    static base::Result<std::unique_ptr<HeadphoneJack>> open(Open open, base::Milliseconds pause);
    ~EvdevJack() override;
    bool is_plugged() const override { return is_plugged_; }

private:
    EvdevJack(Open open, base::Milliseconds pause, std::unique_ptr<JackDevice> device, int end);
    void watch(std::stop_token stop);
    bool wait_for_device(const std::stop_token& stop);
    void look();
    void set(bool is_in);

    Open open_;
    base::Milliseconds pause_;
    std::unique_ptr<JackDevice> device_; // the thread's; none: it is looked for
    int end_;                            // readable: the thread shall end
    std::mutex mutex_;
    std::condition_variable_any ended_;
    std::atomic<bool> is_plugged_{false};
    std::jthread thread_;
};

// A kiosk without a jack: nothing about a person is ever said.
class NoHeadphones final : public HeadphoneJack {
public:
    bool is_plugged() const override { return false; }
};

} // namespace drivers
