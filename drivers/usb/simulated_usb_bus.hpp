// Simulated devices plugged into the program itself: no kernel, no libusb (front-end A).
//
// Time passes by the function given, so that tests wait without waiting. One thread.
// Development builds only (DESIGN D13).
#pragma once

#include "drivers/usb/simulated_usb_device.hpp"
#include "drivers/wait.hpp"

#include <map>

namespace drivers {

class SimulatedUsbBus final : public UsbBus {
public:
    // `clock` outlives the bus.
    SimulatedUsbBus(const base::Clock& clock, Wait wait) : clock_(clock), wait_(std::move(wait)) {}

    // What a person does. The device outlives its place in the socket.
    void plug(const std::string& port, SimulatedUsbDevice& device);
    void unplug(const std::string& port);
    // The hub glitches: everything comes back with another address, handles are dead.
    void glitch();

    // What the machine does.
    void deny(bool yes) { is_denied_ = yes; }           // the udev rule has not run
    void hold(bool yes) { is_held_ = yes; }             // another program has claimed it
    void lose_events(bool yes) { loses_events_ = yes; } // known looks see nothing new either
    unsigned fresh_looks() const { return fresh_looks_; }
    std::size_t open_handles() const { return *open_handles_; }

    base::Result<std::vector<UsbDevice>> devices(Look look) override;
    UsbOpened open(const UsbDevice& device, std::uint8_t interface_number) override;
    std::vector<UsbEvent> take_events() override;

private:
    class Handle;
    struct Socket {
        SimulatedUsbDevice* device = nullptr;
        unsigned address = 0;
    };
    SimulatedUsbDevice* at(const std::string& port, unsigned address) const;
    void tell(UsbEvent::Kind kind, const std::string& port, const Socket& socket);

    const base::Clock& clock_;
    Wait wait_;
    std::map<std::string, Socket> sockets_;
    std::map<std::string, Socket> known_; // what known looks see
    std::vector<UsbEvent> events_;
    unsigned next_address_ = 2;
    bool is_denied_ = false, is_held_ = false, loses_events_ = false;
    unsigned fresh_looks_ = 0;
    std::shared_ptr<std::size_t> open_handles_ = std::make_shared<std::size_t>(0);
};

} // namespace drivers
