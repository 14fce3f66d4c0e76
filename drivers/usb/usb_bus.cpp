#include "drivers/usb/usb_bus.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace drivers {
namespace {

bool read_hex4(std::string_view text, std::uint16_t& into) {
    if (text.size() != 4) return false;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), into, 16);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size();
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 3 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::string to_string(UsbId id) {
    std::array<char, 10> text{};
    std::snprintf(text.data(), text.size(), "%04x:%04x", id.vendor, id.product);
    return text.data();
}

base::Result<UsbId> read_usb_id(std::string_view text) {
    UsbId id;
    if (text.size() == 9 && text[4] == ':' && read_hex4(text.substr(0, 4), id.vendor) &&
        read_hex4(text.substr(5), id.product))
        return id;
    return base::Error{base::Errc::invalid_input,
                       "expects VENDOR:PRODUCT in four hexadecimal digits each, as lsusb shows "
                       "them, for instance \"0400:c35a\""};
}

bool is_usb_port_path(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos || !is_number(text.substr(0, dash))) return false;
    for (auto ports = text.substr(dash + 1);;) {
        const auto dot = ports.find('.');
        if (!is_number(ports.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        ports.remove_prefix(dot + 1);
    }
}

std::string_view to_string(UsbOutcome outcome) {
    switch (outcome) {
    case UsbOutcome::ok: return "ok";
    case UsbOutcome::timed_out: return "timed out";
    case UsbOutcome::stalled: return "stalled";
    case UsbOutcome::gone: return "gone";
    case UsbOutcome::denied: return "no permission";
    case UsbOutcome::busy: return "held by another program";
    case UsbOutcome::not_found: return "came back as another device";
    case UsbOutcome::failed: return "input/output error";
    }
    return "";
}

} // namespace drivers
