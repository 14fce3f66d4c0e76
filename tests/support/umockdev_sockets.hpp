// Simulated USB devices behind usbfs as umockdev mocks it (front-end B): our code, libusb and
// libudev are real, the kernel's answers come from a SimulatedUsbDevice. Works when the program was
// started through umockdev-wrapper; the devices of this machine are invisible meanwhile.
//
// Source: spec usb-emulation §2, requests that libusb 1.0.26 was seen to send.
#pragma once

#include "drivers/usb/simulated_usb_device.hpp"

#include <memory>
#include <string>

namespace test_support {

class UmockdevSockets {
public:
    // Started through umockdev-wrapper? Otherwise the tests are to be skipped.
    static bool are_there();

    UmockdevSockets();
    ~UmockdevSockets();
    UmockdevSockets(const UmockdevSockets&) = delete;
    UmockdevSockets& operator=(const UmockdevSockets&) = delete;

    // `port` as "1-2". The device outlives its place in the socket. Events are told by udev, unless
    // lost.
    enum class Event { told, lost };
    void plug(const std::string& port, drivers::SimulatedUsbDevice& device,
              Event event = Event::told);
    void unplug(const std::string& port, Event event = Event::told);

    // The udev rule has not run yet: the node is nobody's. Also for root, until the next call.
    void deny(const std::string& port, bool yes);
    // A driver of the kernel is bound, as usblp would be; empty while it is taken off.
    void bind_driver(const std::string& port, const std::string& name);
    std::string driver(const std::string& port) const;
    // Another process has claimed the interface.
    void hold(const std::string& port, bool yes);
    // Unplugs after so many more bytes went through the device, both ways.
    void unplug_after(const std::string& port, std::size_t bytes);

    unsigned claims(const std::string& port) const; // now
    unsigned zero_length_transfers(const std::string& port) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace test_support
