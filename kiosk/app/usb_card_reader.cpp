#include "kiosk/app/usb_card_reader.hpp"

#include "kiosk/app/usb_wanted.hpp"

namespace app {

base::Result<drivers::UsbWanted> wanted_card_reader(const config::CardReader& config) {
    return wanted_usb_device("cardReader", config.usb_ids, config.port, config.serial);
}

CardReaderFinding find_words(const drivers::UsbReport& usb,
                             const drivers::CardReaderDescription& module) {
    using State = CardReaderFinding::State;
    using drivers::UsbState;
    const auto told = (usb.device.empty() ? "card reader" : usb.device) + ": " +
                      std::string(to_string(usb.state)) +
                      (usb.advice.empty() ? "" : "; " + usb.advice);
    switch (usb.state) {
    case UsbState::connected:
        if (module.is_ready) return {State::ok, usb.device + "; module " + module.module_id};
        return {State::fault, usb.device + ": it is plugged in, but its module does not answer; "
                                           "unplug it and plug it in again, then change cable or "
                                           "reader"};
    case UsbState::not_looked_for:
    case UsbState::absent:
        return {State::attention, told + "; until then residents use the way without a card"};
    case UsbState::waiting_for_permission:
    case UsbState::held_elsewhere: return {State::attention, told};
    case UsbState::several:
    case UsbState::unknown_form:
    case UsbState::denied:
    case UsbState::failing:
    case UsbState::out_of_service: break;
    }
    return {State::fault, told};
}

} // namespace app
