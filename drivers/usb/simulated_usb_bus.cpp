#include "drivers/usb/simulated_usb_bus.hpp"

#include <algorithm>

namespace drivers {

using base::Milliseconds;

namespace {

constexpr Milliseconds pause{1}; // between two looks at a device that has nothing to say

} // namespace

class SimulatedUsbBus::Handle final : public UsbHandle {
public:
    Handle(SimulatedUsbBus& bus, std::string port, unsigned address)
        : bus_(bus), port_(std::move(port)), address_(address), open_(bus.open_handles_) {
        ++*open_;
    }
    ~Handle() override { --*open_; }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    UsbTransfer out(const UsbEndpoint& endpoint, base::ByteView bytes,
                    Milliseconds limit) override {
        const auto deadline = bus_.clock_.now() + std::max(limit, pause);
        for (std::size_t sent = 0;;) {
            auto* device = bus_.at(port_, address_);
            if (device == nullptr) return {UsbOutcome::gone, sent};
            std::size_t taken = 0;
            const auto answer = device->out(endpoint.address, bytes.subspan(sent), taken);
            sent += taken;
            if (answer != UsbAnswer::nak) return ended(answer, sent);
            if (bus_.clock_.now() >= deadline) return {UsbOutcome::timed_out, sent};
            bus_.wait_(pause, {});
        }
    }

    UsbTransfer in(const UsbEndpoint& endpoint, std::span<std::uint8_t> into,
                   Milliseconds limit) override {
        const auto deadline = bus_.clock_.now() + std::max(limit, pause);
        base::Bytes bytes;
        for (;;) {
            auto* device = bus_.at(port_, address_);
            if (device == nullptr) return {UsbOutcome::gone, 0};
            const auto answer = device->in(endpoint.address, into.size(), bytes);
            std::copy(bytes.begin(), bytes.end(), into.begin());
            if (answer != UsbAnswer::nak) return ended(answer, bytes.size());
            if (bus_.clock_.now() >= deadline) return {UsbOutcome::timed_out, 0};
            bus_.wait_(pause, {});
        }
    }

    UsbTransfer control(const UsbSetup& setup, std::span<std::uint8_t> data,
                        Milliseconds limit) override {
        auto* device = bus_.at(port_, address_);
        if (device == nullptr) return {UsbOutcome::gone, 0};
        base::Bytes in;
        const auto out = setup.is_in() ? base::ByteView() : base::ByteView(data);
        const auto answer = device->control({setup, std::uint16_t(data.size())}, out, in);
        if (answer == UsbAnswer::nak) {
            bus_.wait_(limit, {});
            return {UsbOutcome::timed_out, 0};
        }
        std::copy(in.begin(), in.end(), data.begin());
        if (answer != UsbAnswer::ok) return ended(answer, 0);
        return ended(answer, setup.is_in() ? in.size() : out.size());
    }

    UsbOutcome clear_halt(const UsbEndpoint& endpoint) override {
        auto* device = bus_.at(port_, address_);
        if (device == nullptr) return UsbOutcome::gone;
        device->clear_halt(endpoint.address);
        return UsbOutcome::ok;
    }
    UsbOutcome reset() override {
        auto* device = bus_.at(port_, address_);
        if (device == nullptr) return UsbOutcome::gone;
        device->reset();
        const auto outcome = device->reset_outcome();
        if (outcome == UsbOutcome::not_found) bus_.glitch(); // it comes back as another device
        return outcome;
    }
    std::string serial() override {
        auto* device = bus_.at(port_, address_);
        return device == nullptr ? "" : device->looks().serial;
    }

private:
    static UsbTransfer ended(UsbAnswer answer, std::size_t count) {
        switch (answer) {
        case UsbAnswer::ok: return {UsbOutcome::ok, count};
        case UsbAnswer::nak: return {UsbOutcome::timed_out, count};
        case UsbAnswer::stall: return {UsbOutcome::stalled, count};
        case UsbAnswer::gone: return {UsbOutcome::gone, count};
        }
        return {UsbOutcome::failed, 0};
    }

    SimulatedUsbBus& bus_;
    std::string port_;
    unsigned address_;
    std::shared_ptr<std::size_t> open_;
};

void SimulatedUsbBus::plug(const std::string& port, SimulatedUsbDevice& device) {
    sockets_[port] = {&device, next_address_++};
    tell(UsbEvent::Kind::arrived, port, sockets_[port]);
}

void SimulatedUsbBus::unplug(const std::string& port) {
    const auto found = sockets_.find(port);
    if (found == sockets_.end()) return;
    tell(UsbEvent::Kind::left, port, found->second);
    sockets_.erase(found);
}

void SimulatedUsbBus::glitch() {
    const auto before = sockets_;
    for (const auto& [port, socket] : before) {
        unplug(port);
        plug(port, *socket.device);
    }
}

void SimulatedUsbBus::tell(UsbEvent::Kind kind, const std::string& port, const Socket& socket) {
    if (loses_events_) return;
    if (events_.size() >= most_events) events_.erase(events_.begin());
    events_.push_back({kind, socket.device->looks().id, port, socket.address});
    if (kind == UsbEvent::Kind::arrived)
        known_[port] = socket;
    else
        known_.erase(port);
}

SimulatedUsbDevice* SimulatedUsbBus::at(const std::string& port, unsigned address) const {
    const auto found = sockets_.find(port);
    const bool is_there = found != sockets_.end() && found->second.address == address;
    return is_there ? found->second.device : nullptr;
}

base::Result<std::vector<UsbDevice>> SimulatedUsbBus::devices(Look look) {
    if (look == Look::fresh) {
        ++fresh_looks_;
        known_ = sockets_;
    }
    std::vector<UsbDevice> devices;
    for (const auto& [port, socket] : known_) {
        const auto& looks = socket.device->looks();
        devices.push_back({looks.id, looks.release, port, socket.address, looks.interfaces});
    }
    return devices;
}

UsbOpened SimulatedUsbBus::open(const UsbDevice& device, std::uint8_t) {
    if (at(device.port, device.address) == nullptr) return UsbOutcome::gone;
    if (is_denied_) return UsbOutcome::denied;
    if (is_held_) return UsbOutcome::busy;
    return std::make_unique<Handle>(*this, device.port, device.address);
}

std::vector<UsbEvent> SimulatedUsbBus::take_events() {
    return std::exchange(events_, {});
}

} // namespace drivers
