#include "drivers/usb/pipes.hpp"

#include <algorithm>

namespace drivers {
namespace {

constexpr std::uint8_t class_human_interface = 3;
constexpr std::uint8_t class_printer = 7;
constexpr std::uint8_t class_hub = 9;
constexpr std::uint8_t class_vendor = 0xff;

std::vector<UsbEndpoint> endpoints_of(const UsbInterface& from, UsbEndpointKind kind, bool in) {
    std::vector<UsbEndpoint> found;
    for (const auto& endpoint : from.endpoints)
        if (endpoint.kind == kind && endpoint.is_in() == in && endpoint.packet_size > 0)
            found.push_back(endpoint);
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.address < b.address; });
    return found;
}

std::optional<Pipes> pipes_of(const UsbInterface& from) {
    for (const auto kind : {UsbEndpointKind::bulk, UsbEndpointKind::interrupt}) {
        const auto out = endpoints_of(from, kind, false);
        const auto in = endpoints_of(from, kind, true);
        if (out.empty() || in.empty()) continue;
        if (out.size() >= 2 && in.size() >= 2)
            return Pipes{from.number, PipeForm::four_pipes, out[0], in[0], out[1], in[1]};
        return Pipes{from.number, PipeForm::two_pipes, out[0], in[0], {}, {}};
    }
    return std::nullopt;
}

// Protocols of the printer class.
constexpr std::uint8_t two_way = 2;
constexpr std::uint8_t wrapped = 3; // IEEE 1284.4
constexpr std::uint8_t wrapped_in_ipp = 4;

bool is_plain_printer(const UsbInterface& each) {
    return each.class_code == class_printer && each.protocol != wrapped &&
           each.protocol != wrapped_in_ipp;
}

// The stream of a printer; with one pipe where it has no other.
std::optional<Pipes> stream_of(const UsbInterface& from) {
    const auto out = endpoints_of(from, UsbEndpointKind::bulk, false);
    const auto in = endpoints_of(from, UsbEndpointKind::bulk, true);
    if (out.empty()) return std::nullopt;
    if (in.empty()) return Pipes{from.number, PipeForm::one_pipe, out[0], {}, {}, {}};
    return Pipes{from.number, PipeForm::two_pipes, out[0], in[0], {}, {}};
}

std::optional<Pipes> printer_pipes(const UsbDevice& device) {
    std::optional<Pipes> best;
    for (const auto& each : device.interfaces) {
        const auto pipes = is_plain_printer(each) ? stream_of(each) : std::nullopt;
        if (!pipes) continue;
        const bool has_both_ways = pipes->form == PipeForm::two_pipes;
        if (has_both_ways && each.protocol == two_way) return pipes;
        if (!best || (has_both_ways && best->form == PipeForm::one_pipe)) best = pipes;
    }
    return best;
}

} // namespace

std::string_view to_string(PipeForm form) {
    switch (form) {
    case PipeForm::two_pipes: return "two pipes";
    case PipeForm::four_pipes: return "four pipes";
    case PipeForm::one_pipe: return "one pipe";
    }
    return "";
}

std::optional<Pipes> choose_pipes(const UsbDevice& device, std::optional<std::uint8_t> class_code) {
    const auto find = [&](auto fits) -> std::optional<Pipes> {
        for (const auto& each : device.interfaces)
            if (fits(each.class_code))
                if (auto pipes = pipes_of(each)) return pipes;
        return std::nullopt;
    };
    if (class_code == class_printer) return printer_pipes(device);
    if (class_code) return find([&](std::uint8_t c) { return c == *class_code; });
    if (auto own = find([](std::uint8_t c) { return c == class_vendor; })) return own;
    return find([](std::uint8_t c) { return c != class_human_interface && c != class_hub; });
}

} // namespace drivers
