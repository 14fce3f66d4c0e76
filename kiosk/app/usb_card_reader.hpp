// The card reader of this kiosk on its USB, as the configuration names it.
#pragma once

#include "drivers/card_reader/sam_reader.hpp"
#include "drivers/usb/libusb_bus.hpp"
#include "drivers/usb/usb_connection.hpp"
#include "kiosk/app/usb_wanted.hpp"
#include "kiosk/config/config.hpp"

namespace app {

// Errors: invalid_input (names the key and what is expected).
base::Result<drivers::UsbWanted> wanted_card_reader(const config::CardReader& config);

// Opens nothing before it is asked for a card. What is in it needs each other in this order. One
// thread, but for connection.report().
struct UsbCardReader {
    // `clock` outlives it.
    UsbCardReader(drivers::UsbWanted wanted, const base::Clock& clock,
                  drivers::UsbConnectionLimits limits = {})
        : connection(bus, std::move(wanted), clock, limits),
          reader(
              "USB", [this] { return connection.connect(); }, clock, drivers::real_wait()) {}

    drivers::LibusbBus bus;
    drivers::UsbConnection connection;
    drivers::SamReader reader;
};

UsbFinding find_words(const drivers::UsbReport& usb, const drivers::CardReaderDescription& module);

} // namespace app
