// Simulated USB devices plugged into the kernel through vhci-hcd, the host side of usbip, without a
// network (front-end C): kernel, usbfs, udev and libusb are real. Needs root and the module, so it
// is for a guest machine (tests/vm).
//
// Source: spec usb-emulation §3; Documentation/usb/usbip_protocol.rst of the kernel.
#pragma once

#include "drivers/usb/simulated_usb_device.hpp"

#include <map>
#include <memory>
#include <string>

namespace test_support {

class VhciSockets {
public:
    VhciSockets();
    ~VhciSockets();
    VhciSockets(const VhciSockets&) = delete;
    VhciSockets& operator=(const VhciSockets&) = delete;

    // Plugs in and waits until the kernel has given it an address. Returns the socket, as "1-1".
    // The device outlives its place. CHECKs when the kernel does not take it.
    std::string plug(drivers::SimulatedUsbDevice& device);
    void unplug(const std::string& port);
    // Unplugs by itself after so many more bytes of answers went out; unplug() is still to be
    // called.
    void unplug_after(const std::string& port, std::size_t bytes);

private:
    class Cable;
    std::map<std::string, std::unique_ptr<Cable>> cables_;
};

} // namespace test_support
