#include "kiosk/app/usb_wanted.hpp"

namespace app {

base::Result<drivers::UsbWanted> wanted_usb_device(const std::string& section,
                                                   const std::vector<std::string>& usb_ids,
                                                   const std::string& port,
                                                   const std::string& serial) {
    drivers::UsbWanted wanted;
    for (const auto& text : usb_ids) {
        const auto id = drivers::read_usb_id(text);
        if (!id)
            return base::Error{id.error().code, "key \"" + section + ".usbIds\" " +
                                                    id.error().context + ", not \"" + text + "\""};
        wanted.ids.push_back(*id);
    }
    if (!port.empty() && !drivers::is_usb_port_path(port))
        return base::Error{base::Errc::invalid_input,
                           "key \"" + section +
                               ".port\" expects a socket as kiosk doctor names it, for instance "
                               "\"1-1.4\", not \"" +
                               port + "\""};
    wanted.port = port;
    wanted.serial = serial;
    return wanted;
}

UsbFinding find_words(const drivers::UsbReport& usb, const std::string& name,
                      const std::string& until_then, const std::function<UsbFinding()>& connected) {
    using State = UsbFinding::State;
    using drivers::UsbState;
    const auto told = (usb.device.empty() ? name : usb.device) + ": " +
                      std::string(to_string(usb.state)) +
                      (usb.advice.empty() ? "" : "; " + usb.advice);
    switch (usb.state) {
    case UsbState::connected: return connected();
    case UsbState::not_looked_for:
    case UsbState::absent: return {State::attention, told + "; until then " + until_then};
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
