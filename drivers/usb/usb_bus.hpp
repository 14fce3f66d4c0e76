// USB as the drivers see it: which devices are there, one of them opened, bytes through its
// endpoints.
//
// `LibusbBus` is the real one and the only class that knows libusb; `SimulatedUsbBus` plugs
// simulated devices in without a kernel. Nothing here decides what to do about a stall or a device
// that is gone: that is the business of UsbTransport (one device) and UsbConnection (finding and
// giving up). Sources: USB 2.0 specification, chapters 8 and 9; spec usb-emulation.
#pragma once

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/clock.hpp"

#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace drivers {

struct UsbId {
    std::uint16_t vendor = 0;
    std::uint16_t product = 0;
    bool operator==(const UsbId&) const = default;
};
std::string to_string(UsbId id); // "0400:c35a"
// Errors: invalid_input.
base::Result<UsbId> read_usb_id(std::string_view text);

// Bus and ports as the kernel writes them: "1-2", "3-1.4".
bool is_usb_port_path(std::string_view text);

enum class UsbEndpointKind { bulk, interrupt, other };

struct UsbEndpoint {
    std::uint8_t address = 0; // bit 7: towards the host
    UsbEndpointKind kind = UsbEndpointKind::other;
    std::uint16_t packet_size = 0;

    bool is_in() const { return (address & 0x80) != 0; }
};

struct UsbInterface {
    std::uint8_t number = 0;
    std::uint8_t class_code = 0;        // 3 human interface, 7 printer, 0xff the vendor's own
    std::vector<UsbEndpoint> endpoints; // of its first setting
    std::uint8_t subclass = 0;          // what these two mean depends on the class
    std::uint8_t protocol = 0;
};

// What is known of a device without opening it.
struct UsbDevice {
    UsbId id;
    std::uint16_t release = 0; // bcdDevice
    std::string port;          // stays the same while it is plugged into the same socket
    unsigned address = 0;      // another one after each arrival
    std::vector<UsbInterface> interfaces;
};

// How a transfer or a call ended.
enum class UsbOutcome {
    ok,
    timed_out, // the count says what went before that
    stalled,   // the endpoint is halted until clear_halt()
    gone,      // no such device any more
    denied,    // no permission
    busy,      // claimed by another program or driver
    not_found, // after reset(): it came back as another device, open it anew
    failed,    // input/output error; a device being unplugged is often seen like this
};
std::string_view to_string(UsbOutcome outcome);

struct UsbTransfer {
    UsbOutcome outcome = UsbOutcome::ok;
    std::size_t count = 0; // bytes that went over the wire, also when the outcome is not ok
};

// A request to endpoint 0. The direction is bit 7 of the type (USB 2.0, 9.3).
struct UsbSetup {
    std::uint8_t type = 0;
    std::uint8_t request = 0;
    std::uint16_t value = 0;
    std::uint16_t index = 0;

    bool is_in() const { return (type & 0x80) != 0; }
};

// An open device with one interface claimed; released and closed with the object. One thread.
class UsbHandle {
public:
    virtual ~UsbHandle() = default;

    // `limit` is at least a millisecond: zero is taken for one.
    virtual UsbTransfer out(const UsbEndpoint& endpoint, base::ByteView bytes,
                            base::Milliseconds limit) = 0;
    // Ends with a packet that is not full. `into` is a whole number of packets.
    virtual UsbTransfer in(const UsbEndpoint& endpoint, std::span<std::uint8_t> into,
                           base::Milliseconds limit) = 0;
    // `data` is sent or filled, by the direction of the request.
    virtual UsbTransfer control(const UsbSetup& setup, std::span<std::uint8_t> data,
                                base::Milliseconds limit) = 0;
    virtual UsbOutcome clear_halt(const UsbEndpoint& endpoint) = 0;
    virtual UsbOutcome reset() = 0;
    // As the device calls itself; empty when it has none or does not say.
    virtual std::string serial() = 0;
};

struct UsbEvent {
    enum class Kind { arrived, left } kind;
    UsbId id;
    std::string port;
    unsigned address = 0;
};

// What open() gives: the device, or why not (gone, denied, busy, failed).
using UsbOpened = std::variant<std::unique_ptr<UsbHandle>, UsbOutcome>;

class UsbBus {
public:
    // known: what arrivals and departures told so far. fresh: looks at every socket again, because
    // events get lost (spec usb-emulation §6.7); takes some milliseconds.
    enum class Look { known, fresh };

    virtual ~UsbBus() = default;

    // Errors: io (no USB on this machine).
    virtual base::Result<std::vector<UsbDevice>> devices(Look look) = 0;

    // A driver of the kernel that is bound to the interface is taken off, and put back with close.
    virtual UsbOpened open(const UsbDevice& device, std::uint8_t interface_number) = 0;

    // Arrivals and departures since the last call, oldest first. At most `most_events` are kept:
    // who never asks loses the oldest.
    virtual std::vector<UsbEvent> take_events() = 0;
    static constexpr std::size_t most_events = 64; // chosen: far more than sockets of a kiosk
};

} // namespace drivers
