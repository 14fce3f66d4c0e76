// What a printer on the USB says beside its stream, through requests to endpoint 0: who it is, how
// it is, and the order to begin anew. Answered also while it takes nothing.
//
// Source: spec receipt-printer §6 (USB printer class 1.1, clause 4.2); IEEE 1284 for the device id.
// Unverified on hardware: which units know which request.
#pragma once

#include "drivers/usb/usb_transport.hpp"

#include <string>

namespace drivers {

// As the unit calls itself. It can lie (spec receipt-printer, trust marks), so nothing depends on
// it.
struct PrinterId {
    std::string maker, model; // empty: not said
    bool operator==(const PrinterId&) const = default;
};
std::string to_string(const PrinterId& id); // "Simulated Receipt 80"

// The answer to GET_DEVICE_ID: a length of two bytes, then `MFG:..;MDL:..;`. A wrong length and
// keys that are missing are put up with; what cannot be printed becomes '?'.
PrinterId read_printer_id(base::ByteView answer);

class UsbPrinterPort {
public:
    // The wire must outlive it.
    explicit UsbPrinterPort(UsbTransport& wire)
        : wire_(wire), interface_(wire.pipes().interface_number) {}

    // Is the device still plugged in? Asked in a way that every USB device answers.
    bool is_there();

    // Errors of these: unsupported (the unit does not know the request), timed_out, unplugged. Each
    // takes at most 200 ms, soft_reset() twice that.
    base::Result<PrinterId> id();
    // The byte of GET_PORT_STATUS; the room `printer` reads it. A unit that let it time out once is
    // not asked again (unsupported), because a receipt that is being carried would wait each time.
    base::Result<std::uint8_t> status();
    // Throws away what the unit holds and sets both pipes free. Never by itself in the middle of a
    // job: what was on its way is lost without a word.
    base::Result<void> soft_reset();

private:
    base::Result<std::size_t> ask(const UsbSetup& setup, std::span<std::uint8_t> into);

    UsbTransport& wire_;
    std::uint8_t interface_;
    bool knows_status_ = true;
};

} // namespace drivers
