#include "drivers/usb/simulated_usb_sam.hpp"

#include <algorithm>
#include <array>

namespace drivers {

using base::Bytes;

namespace {

constexpr std::size_t header_size = 7;

UsbEndpoint bulk(std::uint8_t address) {
    return {address, UsbEndpointKind::bulk, 64};
}

Pipes pipes_from(const SimulatedUsbDevice::Looks& looks, PipeForm form) {
    auto pipes = choose_pipes({looks.id, looks.release, "", 0, looks.interfaces});
    CHECK(pipes.has_value() && pipes->form == form);
    return *pipes;
}

} // namespace

SimulatedUsbDevice::Looks SimulatedUsbSam::usual_looks(PipeForm form, std::string serial) {
    Looks looks{{0x0400, 0xc35a}, 0x0100, "Simulated", "ID card reader", std::move(serial), {}};
    UsbInterface own{0, 0xff, {bulk(0x02), bulk(0x81)}};
    if (form == PipeForm::four_pipes)
        own.endpoints = {bulk(0x02), bulk(0x06), bulk(0x81), bulk(0x85)};
    looks.interfaces = {own};
    return looks;
}

SimulatedUsbSam::SimulatedUsbSam(SimulatedSam& module, PipeForm form, Looks looks)
    : SimulatedUsbDevice(looks), module_(module), pipes_(pipes_from(looks, form)) {}

SimulatedUsbSam::SimulatedUsbSam(SimulatedSam& module, PipeForm form, std::string serial)
    : SimulatedUsbSam(module, form, usual_looks(form, std::move(serial))) {}

// Requests are cut by what they say of their own length, whatever pipes they came through.
UsbAnswer SimulatedUsbSam::take(std::uint8_t, base::ByteView bytes, std::size_t& taken) {
    request_.insert(request_.end(), bytes.begin(), bytes.end());
    while (request_.size() >= header_size) {
        const std::size_t size = header_size + (std::size_t(request_[5]) << 8 | request_[6]);
        if (request_.size() < size) break;
        // A reply that was torn leaves no claim on the one to come.
        fetch();
        header_left_ = header_size;
        rest_left_ = 0;
        header_.clear();
        if (!wire_)
            if (auto wire = module_.connect()) wire_ = std::move(wire).value();
        const bool is_taken =
            wire_ && wire_->write(base::ByteView(request_).first(size), base::Milliseconds(0));
        request_.erase(request_.begin(), request_.begin() + std::ptrdiff_t(size));
        if (!is_taken) {
            taken = 0;
            return UsbAnswer::gone;
        }
    }
    return UsbAnswer::ok;
}

// Takes what the module has ready and sorts it into the pipes.
void SimulatedUsbSam::fetch() {
    if (!wire_) return;
    std::array<std::uint8_t, 2048> chunk{};
    const auto size = wire_->read(chunk, base::Milliseconds(0));
    if (!size) {
        wire_.reset();
        return;
    }
    for (const auto byte : std::span(chunk).first(*size)) {
        if (pipes_.form == PipeForm::two_pipes) {
            first_.push_back(byte);
        } else if (header_left_ > 0) {
            first_.push_back(byte);
            header_.push_back(byte);
            if (--header_left_ > 0) continue;
            rest_left_ = std::size_t(header_[5]) << 8 | header_[6];
            header_.clear();
            if (rest_left_ == 0) header_left_ = header_size;
        } else {
            rest_.push_back(byte);
            if (--rest_left_ == 0) header_left_ = header_size;
        }
    }
}

UsbAnswer SimulatedUsbSam::give(std::uint8_t endpoint, std::size_t capacity, Bytes& bytes) {
    auto& queue = endpoint == pipes_.in_rest.address ? rest_ : first_;
    while (true) { // a whole transfer, as far as the module has it ready
        const auto before = first_.size() + rest_.size();
        fetch();
        if (first_.size() + rest_.size() == before) break;
    }
    if (queue.empty()) return module_.connect() ? UsbAnswer::nak : UsbAnswer::gone;
    const auto size = std::ptrdiff_t(std::min(capacity, queue.size()));
    bytes.assign(queue.begin(), queue.begin() + size);
    queue.erase(queue.begin(), queue.begin() + size);
    return UsbAnswer::ok;
}

void SimulatedUsbSam::start_anew() {
    wire_.reset();
    request_.clear();
    first_.clear();
    rest_.clear();
    header_.clear();
    header_left_ = header_size;
    rest_left_ = 0;
}

} // namespace drivers
