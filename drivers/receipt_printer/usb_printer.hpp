// A receipt printer of the USB printer class: EscposPrinter on a wire that comes and goes.
//
// Connects when it is asked for something and no wire is there, and again after the printer was
// unplugged. Each wire has an EscposPrinter of its own, because a unit that comes back may be in
// the middle of a command. One thread. Source: spec receipt-printer §6, usb-emulation §6.
// Unverified on hardware.
#pragma once

#include "drivers/receipt_printer/receipt_printer.hpp"
#include "drivers/receipt_printer/usb_port.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace drivers {

inline constexpr std::uint8_t usb_printer_class = 7;
// Says nothing for a day, takes a stream, and is never reset in the middle of it.
inline constexpr UsbManners usb_printer_manners{
    .answers_requests = false, .ends_messages = false, .is_reset_when_stuck = false};

// What one can see without printing, for a technician.
struct UsbPrinterLook {
    std::optional<PrinterId> id;      // nothing: it does not say
    std::optional<std::uint8_t> port; // GET_PORT_STATUS; nothing: it does not say
    bool answers = true;              // false: a one-way unit
};

class UsbPrinter final : public ReceiptPrinter {
public:
    using Connect = std::function<base::Result<std::unique_ptr<UsbTransport>>()>;
    // As UsbConnection::open(). Whatever keeps it from connecting is `unplugged` here; its report
    // says why.
    explicit UsbPrinter(Connect connect);
    ~UsbPrinter() override;
    UsbPrinter(const UsbPrinter&) = delete;
    UsbPrinter& operator=(const UsbPrinter&) = delete;

    base::Result<StatusAnswers> status() override;
    base::Result<PrintReport> print(base::ByteView stream, std::stop_token stop) override;
    base::Result<CarryReport> carry(base::ByteView stream, std::stop_token stop,
                                    PrintWatch& watch) override;
    // Where the unit does not confirm: a soft reset, which also frees a wire that takes nothing,
    // and the order once more. Without its own confirmation it stays `unsupported`.
    base::Result<void> clear(PrintWatch* watch = nullptr) override;
    base::Result<bool> is_slip_at_mouth() override;
    base::Result<void> take_slip_back() override;

    // Sends nothing that could be printed. Takes at most a second. Errors: unplugged.
    base::Result<UsbPrinterLook> look();

private:
    struct Wire;
    base::Result<Wire*> present_wire();
    template <class T> base::Result<T> drop_if_unplugged(base::Result<T> result);

    Connect connect_;
    std::unique_ptr<Wire> wire_;
};

} // namespace drivers
