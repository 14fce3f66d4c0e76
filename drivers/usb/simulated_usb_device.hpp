// A USB device that knows nothing about how it is plugged in (spec usb-emulation §1): into the
// program itself (SimulatedUsbBus), under umockdev, or into the kernel of a guest machine
// (tests/vm).
//
// Endpoints are halted one by one, as in real devices. Verbs may be called from any thread;
// front-ends call from theirs. Development builds only (DESIGN D13).
#pragma once

#include "drivers/usb/usb_bus.hpp"

#include <mutex>
#include <optional>
#include <set>

namespace drivers {

enum class UsbAnswer {
    ok,
    nak, // nothing to say, or no room for the rest: the transfer stays pending
    stall,
    gone,
};

// The eight bytes of a control request, with the length that the host wants.
struct UsbRequest {
    UsbSetup setup;
    std::uint16_t length = 0;
};

class SimulatedUsbDevice {
public:
    virtual ~SimulatedUsbDevice() = default;

    // What a host sees before it opens the device.
    struct Looks {
        UsbId id;
        std::uint16_t release = 0x0100;
        std::string manufacturer = "Simulated", product, serial;
        std::vector<UsbInterface> interfaces;
    };
    const Looks& looks() const { return looks_; }
    base::Bytes device_descriptor() const;
    base::Bytes configuration_descriptor() const;

    // What a host does. `in` holds what goes back.
    UsbAnswer control(const UsbRequest& request, base::ByteView out, base::Bytes& in);
    // Takes all of `bytes` or the front of them: `taken` says how many. With take_at_most() that
    // ends the transfer (ok); without room for more it does not (nak): the rest is offered again.
    UsbAnswer out(std::uint8_t endpoint, base::ByteView bytes, std::size_t& taken);
    UsbAnswer in(std::uint8_t endpoint, std::size_t capacity, base::Bytes& bytes);
    void clear_halt(std::uint8_t endpoint);
    void reset();

    // What goes wrong.
    void stall_next_out(unsigned times = 1);
    void stall_next_in(unsigned times = 1);
    void stall_control(bool yes);           // class requests; some printers do
    void mute(bool yes);                    // swallows everything, says nothing
    void give_at_most(std::size_t bytes);   // per IN transfer; 0: no limit
    void take_at_most(std::size_t bytes);   // per OUT transfer; 0: no limit
    void reset_answers(UsbOutcome outcome); // for front-ends that can: not_found, gone
    // Between a packet that fills the endpoint and the end of a message comes an empty one.
    void end_with_empty_packets(bool yes);

    // What it was asked, for tests.
    unsigned resets() const;
    unsigned halts_cleared() const;
    std::vector<std::size_t> out_sizes() const; // of every OUT transfer since start
    UsbOutcome reset_outcome() const;

protected:
    explicit SimulatedUsbDevice(Looks looks) : looks_(std::move(looks)) {}

    // The device itself. Called one at a time. `taken` is all of `bytes` until take() changes it.
    virtual UsbAnswer take(std::uint8_t endpoint, base::ByteView bytes, std::size_t& taken) = 0;
    virtual UsbAnswer give(std::uint8_t endpoint, std::size_t capacity, base::Bytes& bytes) = 0;
    virtual UsbAnswer answer_class_request(const UsbRequest&, base::ByteView, base::Bytes&) {
        return UsbAnswer::stall;
    }
    virtual void start_anew() {} // after a reset

    std::uint16_t packet_size_of(std::uint8_t endpoint) const;

private:
    UsbAnswer answer_standard_request(const UsbRequest& request, base::Bytes& in);
    base::Bytes string_descriptor(std::uint8_t index) const;

    Looks looks_;
    mutable std::recursive_mutex mutex_; // standard requests clear halts themselves
    std::set<std::uint8_t> halted_;
    unsigned stall_out_ = 0, stall_in_ = 0;
    bool stalls_control_ = false, is_mute_ = false, ends_with_empty_packets_ = false;
    std::size_t give_limit_ = 0, take_limit_ = 0;
    std::set<std::uint8_t> owes_empty_packet_;
    UsbOutcome reset_outcome_ = UsbOutcome::ok;
    unsigned resets_ = 0, halts_cleared_ = 0;
    std::vector<std::size_t> out_sizes_;
};

} // namespace drivers
