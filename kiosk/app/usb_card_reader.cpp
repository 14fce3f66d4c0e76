#include "kiosk/app/usb_card_reader.hpp"

namespace app {

base::Result<drivers::UsbWanted> wanted_card_reader(const config::CardReader& config) {
    return wanted_usb_device("cardReader", config.usb_ids, config.port, config.serial);
}

UsbFinding find_words(const drivers::UsbReport& usb, const drivers::CardReaderDescription& module) {
    return find_words(
        usb, "card reader", "residents use the way without a card", [&]() -> UsbFinding {
            if (module.is_ready)
                return {UsbFinding::State::ok, usb.device + "; module " + module.module_id};
            return {UsbFinding::State::fault,
                    usb.device + ": it is plugged in, but its module does not answer; "
                                 "unplug it and plug it in again, then change cable or "
                                 "reader"};
        });
}

} // namespace app
