// The receipt printer of this kiosk on its USB, as the configuration names it.
#pragma once

#include "drivers/receipt_printer/usb_printer.hpp"
#include "drivers/usb/libusb_bus.hpp"
#include "drivers/usb/usb_connection.hpp"
#include "kiosk/app/usb_wanted.hpp"
#include "kiosk/config/config.hpp"

namespace app {

// Without USB numbers: whatever has an interface of the printer class. Errors: invalid_input (names
// the key and what is expected).
base::Result<drivers::UsbWanted> wanted_receipt_printer(const config::ReceiptPrinter& config);

// Opens nothing before it is asked for something. What is in it needs each other in this order. One
// thread, but for connection.report().
struct UsbReceiptPrinter {
    // `clock` outlives it.
    UsbReceiptPrinter(drivers::UsbWanted wanted, const base::Clock& clock,
                      drivers::UsbConnectionLimits limits = {})
        : connection(bus, std::move(wanted), clock, limits),
          printer([this] { return connection.open(); }) {}

    drivers::LibusbBus bus;
    drivers::UsbConnection connection;
    drivers::UsbPrinter printer;
};

// `look`: as UsbPrinter::look() gave it, before `usb` was reported.
UsbFinding find_words(const drivers::UsbReport& usb,
                      const base::Result<drivers::UsbPrinterLook>& look);

} // namespace app
