// The USB of this machine, through libusb 1.0. The only class of the product that knows libusb.
//
// One thread. Handles may outlive the bus. What libusb calls back only puts a line into a queue:
// inside a callback no transfer may be made (it would answer "busy", spec usb-emulation §6.7).
#pragma once

#include "drivers/usb/usb_bus.hpp"

namespace drivers {

class LibusbBus final : public UsbBus {
public:
    LibusbBus();
    ~LibusbBus() override;

    base::Result<std::vector<UsbDevice>> devices(Look look) override;
    UsbOpened open(const UsbDevice& device, std::uint8_t interface_number) override;
    std::vector<UsbEvent> take_events() override;

private:
    class Context;
    class Handle;
    base::Result<void> look_again();

    // A fresh look begins a new context, because libusb looks at the sockets only then. The old one
    // lives as long as a handle of it.
    std::shared_ptr<Context> context_;
};

} // namespace drivers
