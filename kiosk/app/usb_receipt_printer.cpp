#include "kiosk/app/usb_receipt_printer.hpp"

#include "printer/answers.hpp"

namespace app {
namespace {

using State = UsbFinding::State;

constexpr const char* way_without = "the number stays on the screen until it is noted";

// GET_PORT_STATUS knows three things; what else is wrong the unit says when a receipt is printed.
UsbFinding port_words(std::uint8_t port) {
    const auto status = printer::read_port_status(port);
    if (!status) return {State::ok, "its port status makes no sense and is not used"};
    if (status->paper == printer::Paper::out)
        return {State::attention,
                std::string("no paper: put in a roll; until then ") + way_without};
    if (!status->is_online)
        return {State::attention,
                std::string("not ready: close its cover, look at its lamps, switch "
                            "it off and on; until then ") +
                    way_without};
    return {State::ok, "ready"};
}

UsbFinding look_words(const drivers::UsbPrinterLook& look) {
    if (!look.answers)
        return {State::fault,
                "one-way: it cannot say whether a receipt came out, so none is printed "
                "on it; take a model that answers"};
    if (!look.port) return {State::ok, "it has no port status"};
    return port_words(*look.port);
}

} // namespace

base::Result<drivers::UsbWanted> wanted_receipt_printer(const config::ReceiptPrinter& config) {
    auto wanted =
        TRY(wanted_usb_device("receiptPrinter", config.usb_ids, config.port, config.serial));
    wanted.class_code = drivers::usb_printer_class;
    wanted.manners = drivers::usb_printer_manners;
    return wanted;
}

UsbFinding find_words(const drivers::UsbReport& usb,
                      const base::Result<drivers::UsbPrinterLook>& look) {
    return find_words(usb, "receipt printer", way_without, [&]() -> UsbFinding {
        if (!look)
            return {State::fault, usb.device + ": unplugged while it was looked at; check its "
                                               "cable and its socket"};
        auto found = look_words(*look);
        const auto name = look->id ? to_string(*look->id) : "";
        found.text =
            usb.device + "; " + (name.empty() ? "without a name" : name) + "; " + found.text;
        return found;
    });
}

} // namespace app
