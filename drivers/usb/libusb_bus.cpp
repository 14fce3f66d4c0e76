#include "drivers/usb/libusb_bus.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <libusb.h>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Milliseconds;

UsbOutcome outcome_of(int code) {
    switch (code) {
    case LIBUSB_SUCCESS: return UsbOutcome::ok;
    case LIBUSB_ERROR_TIMEOUT: return UsbOutcome::timed_out;
    case LIBUSB_ERROR_PIPE: return UsbOutcome::stalled;
    case LIBUSB_ERROR_NO_DEVICE: return UsbOutcome::gone;
    case LIBUSB_ERROR_ACCESS: return UsbOutcome::denied;
    case LIBUSB_ERROR_BUSY: return UsbOutcome::busy;
    case LIBUSB_ERROR_NOT_FOUND: return UsbOutcome::not_found;
    default: return UsbOutcome::failed; // libusb's list of codes is open
    }
}

// To libusb zero means for ever.
unsigned in_libusb_millis(Milliseconds limit) {
    return unsigned(std::clamp<Milliseconds::rep>(limit.count(), 1, 600'000));
}

std::string port_of(libusb_device* device) {
    std::array<std::uint8_t, 7> ports{}; // no more hubs than that (USB 2.0, 4.1.1)
    const int depth = libusb_get_port_numbers(device, ports.data(), int(ports.size()));
    auto path = std::to_string(libusb_get_bus_number(device)) + '-';
    for (int i = 0; i < depth; ++i) path += (i > 0 ? "." : "") + std::to_string(ports.at(i));
    return depth > 0 ? path : path + '0'; // the bus itself
}

UsbEndpointKind kind_of(const libusb_endpoint_descriptor& endpoint) {
    switch (endpoint.bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) {
    case LIBUSB_TRANSFER_TYPE_BULK: return UsbEndpointKind::bulk;
    case LIBUSB_TRANSFER_TYPE_INTERRUPT: return UsbEndpointKind::interrupt;
    default: return UsbEndpointKind::other; // two bits: control or isochronous is left
    }
}

UsbInterface interface_of(const libusb_interface_descriptor& from) {
    UsbInterface to{from.bInterfaceNumber,
                    from.bInterfaceClass,
                    {},
                    from.bInterfaceSubClass,
                    from.bInterfaceProtocol};
    for (const auto& endpoint : std::span(from.endpoint, from.bNumEndpoints))
        // Bits 11 and 12 are no part of the size (USB 2.0, 9.6.6).
        to.endpoints.push_back({endpoint.bEndpointAddress, kind_of(endpoint),
                                std::uint16_t(endpoint.wMaxPacketSize & 0x7ff)});
    return to;
}

std::vector<UsbInterface> interfaces_of(libusb_device* device) {
    libusb_config_descriptor* config = nullptr;
    if (libusb_get_active_config_descriptor(device, &config) != LIBUSB_SUCCESS) return {};
    const std::unique_ptr<libusb_config_descriptor, decltype(&libusb_free_config_descriptor)> owner(
        config, libusb_free_config_descriptor);
    std::vector<UsbInterface> interfaces;
    for (const auto& each : std::span(config->interface, config->bNumInterfaces))
        if (each.num_altsetting > 0) interfaces.push_back(interface_of(each.altsetting[0]));
    return interfaces;
}

UsbDevice describe(libusb_device* device) {
    libusb_device_descriptor descriptor{};
    libusb_get_device_descriptor(device, &descriptor);
    return {{descriptor.idVendor, descriptor.idProduct},
            descriptor.bcdDevice,
            port_of(device),
            libusb_get_device_address(device),
            interfaces_of(device)};
}

class DeviceList {
public:
    explicit DeviceList(libusb_context* context) {
        size_ = std::max<ssize_t>(libusb_get_device_list(context, &list_), 0);
    }
    ~DeviceList() {
        if (list_ != nullptr) libusb_free_device_list(list_, 1);
    }
    DeviceList(const DeviceList&) = delete;
    DeviceList& operator=(const DeviceList&) = delete;
    std::span<libusb_device*> all() const { return {list_, std::size_t(size_)}; }

private:
    libusb_device** list_ = nullptr;
    ssize_t size_ = 0;
};

} // namespace

class LibusbBus::Context {
public:
    static base::Result<std::shared_ptr<Context>> open() {
        auto context = std::make_shared<Context>();
        if (const int code = libusb_init(&context->context_); code != LIBUSB_SUCCESS)
            return Error{Errc::io, std::string("no USB on this machine: ") + libusb_strerror(code)};
        // Refused where there is no udev; then fresh looks alone find what arrived.
        libusb_hotplug_register_callback(
            context->context_,
            LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, 0,
            LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
            &Context::on_event, context.get(), nullptr);
        return context;
    }
    Context() = default;
    ~Context() {
        if (context_ != nullptr) libusb_exit(context_);
    }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    libusb_context* get() const { return context_; }
    std::deque<UsbEvent>& events() { return events_; }

    // Lets libusb call back for what has happened, without waiting.
    void turn() {
        timeval at_once{0, 0};
        libusb_handle_events_timeout_completed(context_, &at_once, nullptr);
    }

private:
    static int LIBUSB_CALL on_event(libusb_context*, libusb_device* device,
                                    libusb_hotplug_event event, void* self) noexcept {
        libusb_device_descriptor descriptor{};
        libusb_get_device_descriptor(device, &descriptor); // kept by libusb, nothing is sent
        auto& events = static_cast<Context*>(self)->events_;
        if (events.size() >= most_events) events.pop_front();
        events.push_back({event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED ? UsbEvent::Kind::arrived
                                                                       : UsbEvent::Kind::left,
                          {descriptor.idVendor, descriptor.idProduct},
                          port_of(device),
                          libusb_get_device_address(device)});
        return 0; // stay registered
    }

    libusb_context* context_ = nullptr;
    std::deque<UsbEvent> events_;
};

class LibusbBus::Handle final : public UsbHandle {
public:
    Handle(std::shared_ptr<Context> context, libusb_device_handle* handle, int interface_number)
        : context_(std::move(context)), handle_(handle), interface_(interface_number) {}
    ~Handle() override {
        libusb_release_interface(handle_, interface_); // gives it back to the kernel's driver
        libusb_close(handle_);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    UsbTransfer out(const UsbEndpoint& endpoint, base::ByteView bytes,
                    Milliseconds limit) override {
        // libusb takes one pointer for both directions; it does not write through this one.
        auto* data = const_cast<std::uint8_t*>(bytes.data());
        return transfer(endpoint, data, bytes.size(), limit);
    }
    UsbTransfer in(const UsbEndpoint& endpoint, std::span<std::uint8_t> into,
                   Milliseconds limit) override {
        return transfer(endpoint, into.data(), into.size(), limit);
    }
    UsbTransfer control(const UsbSetup& setup, std::span<std::uint8_t> data,
                        Milliseconds limit) override {
        const int done = libusb_control_transfer(
            handle_, setup.type, setup.request, setup.value, setup.index, data.data(),
            std::uint16_t(data.size()), in_libusb_millis(limit));
        if (done < 0) return {outcome_of(done), 0};
        return {UsbOutcome::ok, std::size_t(done)};
    }
    UsbOutcome clear_halt(const UsbEndpoint& endpoint) override {
        return outcome_of(libusb_clear_halt(handle_, endpoint.address));
    }
    UsbOutcome reset() override { return outcome_of(libusb_reset_device(handle_)); }
    std::string serial() override {
        libusb_device_descriptor descriptor{};
        libusb_get_device_descriptor(libusb_get_device(handle_), &descriptor);
        if (descriptor.iSerialNumber == 0) return {};
        std::array<unsigned char, 128>
            text{}; // a string has at most 126 characters (USB 2.0, 9.6.7)
        const int size = libusb_get_string_descriptor_ascii(handle_, descriptor.iSerialNumber,
                                                            text.data(), int(text.size()));
        return size > 0 ? std::string(text.begin(), text.begin() + size) : std::string();
    }

private:
    UsbTransfer transfer(const UsbEndpoint& endpoint, std::uint8_t* data, std::size_t size,
                         Milliseconds limit) {
        int count = 0;
        const auto call = endpoint.kind == UsbEndpointKind::interrupt ? libusb_interrupt_transfer
                                                                      : libusb_bulk_transfer;
        const int code =
            call(handle_, endpoint.address, data, int(size), &count, in_libusb_millis(limit));
        return {outcome_of(code), std::size_t(count)};
    }

    std::shared_ptr<Context> context_;
    libusb_device_handle* handle_;
    int interface_;
};

LibusbBus::LibusbBus() = default;
LibusbBus::~LibusbBus() = default;

base::Result<void> LibusbBus::look_again() {
    auto fresh = TRY(Context::open());
    if (context_) {
        context_->turn();
        fresh->events() = std::move(context_->events());
    }
    context_ = std::move(fresh);
    return {};
}

base::Result<std::vector<UsbDevice>> LibusbBus::devices(Look look) {
    if (!context_ || look == Look::fresh) TRY(look_again());
    context_->turn();
    const DeviceList list(context_->get());
    std::vector<UsbDevice> devices;
    for (auto* device : list.all()) devices.push_back(describe(device));
    return devices;
}

UsbOpened LibusbBus::open(const UsbDevice& wanted, std::uint8_t interface_number) {
    if (!context_) return UsbOutcome::gone;
    const DeviceList list(context_->get());
    for (auto* device : list.all()) {
        if (libusb_get_device_address(device) != wanted.address || port_of(device) != wanted.port)
            continue;
        libusb_device_handle* handle = nullptr;
        if (const int code = libusb_open(device, &handle); code != LIBUSB_SUCCESS)
            return outcome_of(code);
        libusb_set_auto_detach_kernel_driver(handle, 1);
        if (const int code = libusb_claim_interface(handle, interface_number);
            code != LIBUSB_SUCCESS) {
            libusb_close(handle);
            return outcome_of(code);
        }
        return std::make_unique<Handle>(context_, handle, interface_number);
    }
    return UsbOutcome::gone;
}

std::vector<UsbEvent> LibusbBus::take_events() {
    if (!context_) return {};
    context_->turn();
    auto& events = context_->events();
    std::vector<UsbEvent> taken(events.begin(), events.end());
    events.clear();
    return taken;
}

} // namespace drivers
