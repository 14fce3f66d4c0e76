#include "drivers/usb/simulated_usb_printer.hpp"

#include <algorithm>

namespace drivers {

using base::Bytes;

namespace {

constexpr std::uint8_t class_printer = 7, subclass_printer = 1, protocol_one_way = 1,
                       protocol_two_way = 2;
// Spec receipt-printer §6.
constexpr std::uint8_t get_device_id = 0, get_port_status = 1, soft_reset = 2;
constexpr std::uint8_t asked_of_interface = 0xa1, told_to_interface = 0x21, told_to_other = 0x23;
constexpr base::Milliseconds one_nak{1}; // chosen: of the printer's own time

UsbEndpoint bulk(std::uint8_t address) {
    return {address, UsbEndpointKind::bulk, 64};
}

// The numbers are invented.
SimulatedUsbDevice::Looks looks_with(std::vector<UsbEndpoint> endpoints, std::uint8_t protocol,
                                     std::string serial) {
    const UsbInterface own{0, class_printer, std::move(endpoints), subclass_printer, protocol};
    return {{0xf055, 0x0080}, 0x0100, "Simulated", "Receipt printer", std::move(serial), {own}};
}

UsbAnswer tell_device_id(Bytes& in) {
    constexpr std::string_view text = "MFG:Simulated;CMD:ESC/POS;MDL:Receipt 80;CLS:PRINTER;";
    in = {0, std::uint8_t(text.size() + 2)}; // the length counts itself
    in.insert(in.end(), text.begin(), text.end());
    return UsbAnswer::ok;
}

} // namespace

SimulatedUsbDevice::Looks SimulatedUsbPrinter::two_way(std::string serial) {
    return looks_with({bulk(0x01), bulk(0x82)}, protocol_two_way, std::move(serial));
}

SimulatedUsbDevice::Looks SimulatedUsbPrinter::one_way(std::string serial) {
    return looks_with({bulk(0x01)}, protocol_one_way, std::move(serial));
}

SimulatedUsbPrinter::SimulatedUsbPrinter(SimulatedPrinter& printer, Looks look)
    : SimulatedUsbDevice(std::move(look)), printer_(printer) {
    const auto& interfaces = looks().interfaces;
    const auto own =
        std::find_if(interfaces.begin(), interfaces.end(),
                     [](const UsbInterface& each) { return each.class_code == class_printer; });
    CHECK(own != interfaces.end());
    interface_ = own->number;
}

UsbAnswer SimulatedUsbPrinter::take(std::uint8_t, base::ByteView bytes, std::size_t& taken) {
    taken = 0;
    do {
        const auto count = printer_.write(bytes.subspan(taken), one_nak);
        if (!count) return UsbAnswer::gone;
        taken += *count;
        if (*count == 0 && taken < bytes.size()) return UsbAnswer::nak;
    } while (taken < bytes.size());
    return UsbAnswer::ok;
}

UsbAnswer SimulatedUsbPrinter::give(std::uint8_t, std::size_t capacity, Bytes& bytes) {
    bytes.resize(capacity);
    const auto count = printer_.read(bytes, one_nak);
    bytes.resize(count.value_or(0));
    if (!count) return UsbAnswer::gone;
    return bytes.empty() ? UsbAnswer::nak : UsbAnswer::ok;
}

UsbAnswer SimulatedUsbPrinter::answer_class_request(const UsbRequest& request, base::ByteView,
                                                    Bytes& in) {
    const auto& setup = request.setup;
    const bool is_asked = setup.type == asked_of_interface && setup.value == 0;
    if (is_asked && setup.request == get_device_id && setup.index == interface_ << 8)
        return tell_device_id(in);
    if (is_asked && setup.request == get_port_status && setup.index == interface_)
        return tell_port_status(in);
    const std::lock_guard lock(mutex_);
    const auto known = soft_reset_ == SoftReset::to_interface ? told_to_interface : told_to_other;
    if (setup.request != soft_reset || setup.type != known || setup.index != interface_ ||
        soft_reset_ == SoftReset::unknown)
        return UsbAnswer::stall;
    ++soft_resets_;
    printer_.soft_reset();
    return UsbAnswer::ok;
}

UsbAnswer SimulatedUsbPrinter::tell_port_status(Bytes& in) {
    const auto status = printer_.port_status();
    if (!status)
        return status.error().code == base::Errc::unplugged ? UsbAnswer::gone : UsbAnswer::stall;
    in = {*status};
    return UsbAnswer::ok;
}

void SimulatedUsbPrinter::set_soft_reset(SoftReset known) {
    const std::lock_guard lock(mutex_);
    soft_reset_ = known;
}

unsigned SimulatedUsbPrinter::soft_resets() const {
    const std::lock_guard lock(mutex_);
    return soft_resets_;
}

} // namespace drivers
