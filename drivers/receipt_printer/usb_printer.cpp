#include "drivers/receipt_printer/usb_printer.hpp"

#include "drivers/receipt_printer/escpos_printer.hpp"

namespace drivers {

using base::Errc;
using base::Error;
using base::Result;

// Each member uses the one before.
struct UsbPrinter::Wire {
    explicit Wire(std::unique_ptr<UsbTransport> opened) : transport(std::move(opened)) { begin(); }
    // What is known of the unit's state is forgotten.
    void begin() {
        escpos.emplace(*transport, [this] { return port.status(); });
    }

    std::unique_ptr<UsbTransport> transport;
    UsbPrinterPort port{*transport};
    std::optional<EscposPrinter> escpos;
};

UsbPrinter::UsbPrinter(Connect connect) : connect_(std::move(connect)) {}
UsbPrinter::~UsbPrinter() = default;

// A wire that broke while nobody asked is replaced before anything is said, so that a printer that
// was plugged in again prints the next job, not the one after it.
Result<UsbPrinter::Wire*> UsbPrinter::present_wire() {
    if (wire_ && !wire_->port.is_there()) wire_.reset();
    if (!wire_) {
        auto opened = connect_();
        if (!opened) return Error{Errc::unplugged, opened.error().context};
        wire_ = std::make_unique<Wire>(std::move(opened).value());
    }
    return wire_.get();
}

template <class T> Result<T> UsbPrinter::drop_if_unplugged(Result<T> result) {
    if (!result && result.error().code == Errc::unplugged) wire_.reset();
    return result;
}

Result<StatusAnswers> UsbPrinter::status() {
    auto* wire = TRY(present_wire());
    return drop_if_unplugged(wire->escpos->status());
}

Result<bool> UsbPrinter::is_slip_at_mouth() {
    auto* wire = TRY(present_wire());
    return drop_if_unplugged(wire->escpos->is_slip_at_mouth());
}

Result<void> UsbPrinter::take_slip_back() {
    auto* wire = TRY(present_wire());
    return drop_if_unplugged(wire->escpos->take_slip_back());
}

Result<PrintReport> UsbPrinter::print(base::ByteView stream, std::stop_token stop) {
    auto* wire = TRY(present_wire());
    return drop_if_unplugged(wire->escpos->print(stream, stop));
}

Result<CarryReport> UsbPrinter::carry(base::ByteView stream, std::stop_token stop,
                                      PrintWatch& watch) {
    auto* wire = TRY(present_wire());
    auto report = drop_if_unplugged(wire->escpos->carry(stream, stop, watch));
    if (report && report->is_unplugged) wire_.reset();
    return report;
}

Result<void> UsbPrinter::clear(PrintWatch* watch) {
    auto* wire = TRY(present_wire());
    const auto cleared = drop_if_unplugged(wire->escpos->clear(watch));
    if (cleared || cleared.error().code != Errc::unsupported) return cleared;
    const auto reset = drop_if_unplugged(wire->port.soft_reset());
    if (!reset) return reset.error().code == Errc::unplugged ? reset : cleared;
    wire->begin();
    return drop_if_unplugged(wire->escpos->clear(watch));
}

Result<UsbPrinterLook> UsbPrinter::look() {
    auto* wire = TRY(present_wire());
    UsbPrinterLook look;
    look.answers = wire->transport->pipes().form != PipeForm::one_pipe;
    if (const auto id = wire->port.id()) look.id = *id;
    if (const auto port = wire->port.status()) look.port = *port;
    if (!wire->port.is_there()) {
        wire_.reset();
        return Error{Errc::unplugged, "printer: unplugged while it was looked at"};
    }
    return look;
}

} // namespace drivers
