// The simulated receipt printer behind a simulated USB plug: an interface of the printer class,
// two-way or one-way, with its requests to endpoint 0.
//
// Paper, people and cables are SimulatedPrinter's verbs; stalls, silence and short transfers are
// this one's. What the printer has no room for is answered by NAK, each of which is a millisecond
// of the printer's own time. Source: spec receipt-printer §6. Development builds only (DESIGN D13).
#pragma once

#include "drivers/receipt_printer/simulated_printer.hpp"
#include "drivers/usb/simulated_usb_device.hpp"

namespace drivers {

// Which type of request the unit knows its soft reset by.
enum class SoftReset {
    to_interface, // 21, as the class says
    to_other,     // 23, as it once did
    unknown,
};

class SimulatedUsbPrinter final : public SimulatedUsbDevice {
public:
    // Endpoints 01 and 82 of 64 bytes, unless `looks` says otherwise; the interface of the printer
    // class is the first one with that class. `printer` outlives the device.
    explicit SimulatedUsbPrinter(SimulatedPrinter& printer)
        : SimulatedUsbPrinter(printer, two_way()) {}
    SimulatedUsbPrinter(SimulatedPrinter& printer, Looks looks);

    static Looks two_way(std::string serial = "");
    static Looks one_way(std::string serial = "");

    void set_soft_reset(SoftReset known);
    unsigned soft_resets() const;

private:
    UsbAnswer take(std::uint8_t endpoint, base::ByteView bytes, std::size_t& taken) override;
    UsbAnswer give(std::uint8_t endpoint, std::size_t capacity, base::Bytes& bytes) override;
    UsbAnswer answer_class_request(const UsbRequest& request, base::ByteView out,
                                   base::Bytes& in) override;
    UsbAnswer tell_port_status(base::Bytes& in);

    SimulatedPrinter& printer_;
    std::uint8_t interface_ = 0;
    mutable std::mutex mutex_; // guards what follows
    SoftReset soft_reset_ = SoftReset::to_interface;
    unsigned soft_resets_ = 0;
};

} // namespace drivers
