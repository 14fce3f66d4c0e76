#include "drivers/receipt_printer/usb_port.hpp"

#include <algorithm>
#include <array>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Result;

// Chosen: the USB part of a printer answers within milliseconds, also while the rest is stuck.
constexpr base::Milliseconds request_limit{200};

// USB 2.0, 9.4.5: every device answers it.
constexpr UsbSetup get_device_status{0x80, 0, 0, 0};
// Spec receipt-printer §6.
constexpr std::uint8_t get_device_id = 0, get_port_status = 1, soft_reset_request = 2;
constexpr std::uint8_t asked_of_interface = 0xa1, told_to_interface = 0x21;
constexpr std::uint8_t told_to_other = 0x23;                // as the old text of the class has it
constexpr std::size_t id_length_bytes = 2, id_bytes = 1024; // chosen: as the kernel's usblp

std::string printable(std::string_view text) {
    const auto from = text.find_first_not_of(' ');
    if (from == std::string_view::npos) return {};
    std::string clean(text.substr(from, text.find_last_not_of(' ') - from + 1));
    for (auto& c : clean)
        if (c < ' ' || c > '~') c = '?';
    return clean;
}

} // namespace

std::string to_string(const PrinterId& id) {
    if (id.maker.empty() || id.model.empty()) return id.maker + id.model;
    return id.maker + ' ' + id.model;
}

PrinterId read_printer_id(base::ByteView answer) {
    PrinterId id;
    if (answer.size() <= id_length_bytes) return id;
    const std::size_t told = std::size_t(answer[0]) << 8 | answer[1];
    const bool is_sensible = told > id_length_bytes && told <= answer.size();
    auto text = base::as_text(answer.first(is_sensible ? told : answer.size()));
    text.remove_prefix(id_length_bytes);
    while (!text.empty()) {
        const auto pair = text.substr(0, text.find(';'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        const auto colon = pair.find(':');
        if (colon == std::string_view::npos) continue;
        const auto key = printable(pair.substr(0, colon));
        const auto value = pair.substr(colon + 1);
        if (key == "MFG" || key == "MANUFACTURER") id.maker = printable(value);
        if (key == "MDL" || key == "MODEL") id.model = printable(value);
    }
    return id;
}

Result<std::size_t> UsbPrinterPort::ask(const UsbSetup& setup, std::span<std::uint8_t> into) {
    auto count = wire_.control(setup, into, request_limit);
    if (!count && count.error().code == Errc::refused)
        return Error{Errc::unsupported, "printer: does not know this request"};
    return count;
}

bool UsbPrinterPort::is_there() {
    std::array<std::uint8_t, 2> status{};
    const auto count = ask(get_device_status, status);
    return count || count.error().code != Errc::unplugged;
}

Result<PrinterId> UsbPrinterPort::id() {
    base::Bytes answer(id_bytes);
    // The alternate setting is the first one, as everywhere (drivers/usb).
    const auto index = std::uint16_t(interface_ << 8);
    const auto count = TRY(ask({asked_of_interface, get_device_id, 0, index}, answer));
    return read_printer_id(base::ByteView(answer).first(count));
}

Result<std::uint8_t> UsbPrinterPort::status() {
    if (!knows_status_) return Error{Errc::unsupported, "printer: no port status"};
    std::array<std::uint8_t, 1> answer{};
    const auto count = ask({asked_of_interface, get_port_status, 0, interface_}, answer);
    knows_status_ = count ? *count == 1 : count.error().code == Errc::unplugged;
    if (!count) return count.error();
    if (!knows_status_) return Error{Errc::unsupported, "printer: an empty port status"};
    return answer[0];
}

Result<void> UsbPrinterPort::soft_reset() {
    auto done = ask({told_to_interface, soft_reset_request, 0, interface_}, {});
    if (!done && done.error().code == Errc::unsupported)
        done = ask({told_to_other, soft_reset_request, 0, interface_}, {});
    if (!done) return done.error();
    // The unit's pipes begin anew, so this end's must too (USB 2.0, 9.4.5).
    for (const auto& pipe : {wire_.pipes().out, wire_.pipes().in})
        if (pipe.packet_size > 0 && wire_.handle().clear_halt(pipe) != UsbOutcome::ok)
            return Error{Errc::unplugged, "printer: gone after a soft reset"};
    return {};
}

} // namespace drivers
