#include "drivers/usb/simulated_usb_device.hpp"

#include <algorithm>

namespace drivers {

using base::Bytes;

namespace {

std::uint8_t low(unsigned value) {
    return std::uint8_t(value & 0xff);
}
std::uint8_t high(unsigned value) {
    return std::uint8_t(value >> 8 & 0xff);
}

std::uint8_t attributes_of(UsbEndpointKind kind) {
    switch (kind) {
    case UsbEndpointKind::bulk: return 2;
    case UsbEndpointKind::interrupt: return 3;
    case UsbEndpointKind::other: return 1;
    }
    return 1;
}

// USB 2.0, table 9-4.
constexpr std::uint8_t get_status = 0, clear_feature = 1, set_feature = 3, set_address = 5,
                       get_descriptor = 6, get_configuration = 8, set_configuration = 9,
                       get_interface = 10, set_interface = 11;
constexpr std::uint8_t to_endpoint = 0x02; // recipient in the type

} // namespace

Bytes SimulatedUsbDevice::device_descriptor() const {
    const auto& id = looks_.id;
    const std::uint8_t serial_index = looks_.serial.empty() ? 0 : 3;
    return {18,
            1,
            0x00,
            0x02,
            0,
            0,
            0,
            64,
            low(id.vendor),
            high(id.vendor),
            low(id.product),
            high(id.product),
            low(looks_.release),
            high(looks_.release),
            1,
            2,
            serial_index,
            1};
}

Bytes SimulatedUsbDevice::configuration_descriptor() const {
    Bytes bytes{9, 2, 0, 0, std::uint8_t(looks_.interfaces.size()), 1, 0, 0x80, 50};
    for (const auto& each : looks_.interfaces) {
        bytes.insert(bytes.end(), {9, 4, each.number, 0, std::uint8_t(each.endpoints.size()),
                                   each.class_code, each.subclass, each.protocol, 0});
        for (const auto& endpoint : each.endpoints)
            bytes.insert(bytes.end(),
                         {7, 5, endpoint.address, attributes_of(endpoint.kind),
                          low(endpoint.packet_size), high(endpoint.packet_size),
                          std::uint8_t(endpoint.kind == UsbEndpointKind::interrupt ? 1 : 0)});
    }
    bytes[2] = low(unsigned(bytes.size()));
    bytes[3] = high(unsigned(bytes.size()));
    return bytes;
}

Bytes SimulatedUsbDevice::string_descriptor(std::uint8_t index) const {
    if (index == 0) return {4, 3, 0x09, 0x04}; // English
    const auto& text = index == 1   ? looks_.manufacturer
                       : index == 2 ? looks_.product
                                    : looks_.serial;
    Bytes bytes{std::uint8_t(2 + 2 * text.size()), 3};
    for (const char c : text) bytes.insert(bytes.end(), {std::uint8_t(c), 0});
    return bytes;
}

UsbAnswer SimulatedUsbDevice::control(const UsbRequest& request, base::ByteView out, Bytes& in) {
    const std::lock_guard lock(mutex_);
    constexpr std::uint8_t type_bits = 0x60;
    const bool is_standard = (request.setup.type & type_bits) == 0;
    if (!is_standard && (stalls_control_ || is_mute_))
        return stalls_control_ ? UsbAnswer::stall : UsbAnswer::nak;
    const auto answer =
        is_standard ? answer_standard_request(request, in) : answer_class_request(request, out, in);
    if (in.size() > request.length) in.resize(request.length);
    return answer;
}

UsbAnswer SimulatedUsbDevice::answer_standard_request(const UsbRequest& request, Bytes& in) {
    const auto& setup = request.setup;
    const bool is_for_endpoint = (setup.type & 0x1f) == to_endpoint;
    switch (setup.request) {
    case get_descriptor: {
        const auto kind = high(setup.value);
        const auto index = low(setup.value);
        if (kind == 1)
            in = device_descriptor();
        else if (kind == 2)
            in = configuration_descriptor();
        else if (kind == 3 && index <= 3)
            in = string_descriptor(index);
        else
            return UsbAnswer::stall;
        return UsbAnswer::ok;
    }
    case get_status:
        in = {std::uint8_t(is_for_endpoint && halted_.contains(low(setup.index)) ? 1 : 0), 0};
        return UsbAnswer::ok;
    case clear_feature:
        if (is_for_endpoint && setup.value == 0) clear_halt(low(setup.index));
        return UsbAnswer::ok;
    case get_configuration: in = {1}; return UsbAnswer::ok;
    case get_interface: in = {0}; return UsbAnswer::ok;
    case set_feature:
    case set_address:
    case set_configuration:
    case set_interface: return UsbAnswer::ok;
    default: return UsbAnswer::stall; // the list of requests is open
    }
}

UsbAnswer SimulatedUsbDevice::out(std::uint8_t endpoint, base::ByteView bytes, std::size_t& taken) {
    const std::lock_guard lock(mutex_);
    taken = 0;
    if (halted_.contains(endpoint)) return UsbAnswer::stall;
    if (stall_out_ > 0) {
        --stall_out_;
        halted_.insert(endpoint);
        return UsbAnswer::stall;
    }
    const auto offered = take_limit_ > 0 ? bytes.first(std::min(bytes.size(), take_limit_)) : bytes;
    taken = offered.size();
    const auto answer = is_mute_ ? UsbAnswer::ok : take(endpoint, offered, taken);
    const bool is_asked_again = answer == UsbAnswer::nak && taken == 0;
    if (!is_asked_again) out_sizes_.push_back(bytes.size());
    return answer;
}

UsbAnswer SimulatedUsbDevice::in(std::uint8_t endpoint, std::size_t capacity, Bytes& bytes) {
    const std::lock_guard lock(mutex_);
    bytes.clear();
    if (halted_.contains(endpoint)) return UsbAnswer::stall;
    if (stall_in_ > 0) {
        --stall_in_;
        halted_.insert(endpoint);
        return UsbAnswer::stall;
    }
    if (is_mute_) return UsbAnswer::nak;
    if (owes_empty_packet_.erase(endpoint) > 0) return UsbAnswer::ok;
    const auto answer =
        give(endpoint, give_limit_ > 0 ? std::min(capacity, give_limit_) : capacity, bytes);
    if (answer == UsbAnswer::ok && ends_with_empty_packets_ && !bytes.empty() &&
        bytes.size() % packet_size_of(endpoint) == 0)
        owes_empty_packet_.insert(endpoint);
    return answer;
}

void SimulatedUsbDevice::clear_halt(std::uint8_t endpoint) {
    const std::lock_guard lock(mutex_);
    halts_cleared_ += halted_.erase(endpoint) > 0 ? 1 : 0;
}

void SimulatedUsbDevice::reset() {
    const std::lock_guard lock(mutex_);
    ++resets_;
    halted_.clear();
    owes_empty_packet_.clear();
    start_anew();
}

void SimulatedUsbDevice::stall_next_out(unsigned times) {
    const std::lock_guard lock(mutex_);
    stall_out_ = times;
}
void SimulatedUsbDevice::stall_next_in(unsigned times) {
    const std::lock_guard lock(mutex_);
    stall_in_ = times;
}
void SimulatedUsbDevice::stall_control(bool yes) {
    const std::lock_guard lock(mutex_);
    stalls_control_ = yes;
}
void SimulatedUsbDevice::mute(bool yes) {
    const std::lock_guard lock(mutex_);
    is_mute_ = yes;
}
void SimulatedUsbDevice::give_at_most(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    give_limit_ = bytes;
}
void SimulatedUsbDevice::take_at_most(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    take_limit_ = bytes;
}
void SimulatedUsbDevice::reset_answers(UsbOutcome outcome) {
    const std::lock_guard lock(mutex_);
    reset_outcome_ = outcome;
}
void SimulatedUsbDevice::end_with_empty_packets(bool yes) {
    const std::lock_guard lock(mutex_);
    ends_with_empty_packets_ = yes;
}

unsigned SimulatedUsbDevice::resets() const {
    const std::lock_guard lock(mutex_);
    return resets_;
}
unsigned SimulatedUsbDevice::halts_cleared() const {
    const std::lock_guard lock(mutex_);
    return halts_cleared_;
}
std::vector<std::size_t> SimulatedUsbDevice::out_sizes() const {
    const std::lock_guard lock(mutex_);
    return out_sizes_;
}
UsbOutcome SimulatedUsbDevice::reset_outcome() const {
    const std::lock_guard lock(mutex_);
    return reset_outcome_;
}

std::uint16_t SimulatedUsbDevice::packet_size_of(std::uint8_t endpoint) const {
    for (const auto& each : looks_.interfaces)
        for (const auto& candidate : each.endpoints)
            if (candidate.address == endpoint) return candidate.packet_size;
    return 64;
}

} // namespace drivers
