// Finds one configured device on the USB, connects to it again and again, and knows when to give
// up.
//
// A device is told from others by its serial number when one is configured, else by the socket (bus
// and ports): two readers of one kind mostly have no serial number. After a glitch of a hub it
// comes back with another address; nothing is remembered by address but whether it is a new
// arrival. Source: spec usb-emulation §6. Unverified on hardware.
#pragma once

#include "drivers/usb/usb_transport.hpp"

#include <mutex>

namespace drivers {

struct UsbWanted {
    std::vector<UsbId> ids;
    std::string port;                       // "1-1.4"; empty: any socket
    std::string serial;                     // empty: any
    std::optional<std::uint8_t> class_code; // see choose_pipes()
    UsbManners manners;
};

enum class UsbState {
    not_looked_for,
    absent,
    several,                // more than one fits, and the configuration does not say which
    unknown_form,           // no interface with endpoints both ways
    waiting_for_permission, // just arrived; the rule that lets the kiosk use it may still be
                            // running
    denied,
    held_elsewhere, // another program has it
    connected,
    failing, // could not be opened, or went away while it was
    out_of_service,
};
std::string_view to_string(UsbState state);

struct UsbConnectionLimits {
    // Chosen: udev rules run within a second; a loaded machine takes some (spec usb-emulation
    // §6.6).
    base::Milliseconds permission_grace{5000};
    base::Milliseconds fresh_look{2000}; // while it is missing: a look at all sockets so often
    // Connections in a row that brought no byte: after these it is out of service.
    unsigned silent_connections = 5;
    // A device that comes back so soon after a reset of ours is no new arrival: else one that does
    // this each time would be tried for ever. Chosen: a hub shows it again within a second.
    base::Milliseconds own_reset{5000};
    // Out of service it is tried again after this, or when it leaves and comes back. Chosen: a
    // reader that recovers by itself is back before staff come.
    base::Milliseconds out_of_service{60'000};
    UsbLimits wire;
};

// For a technician: doctor and the staff page.
struct UsbReport {
    UsbState state = UsbState::not_looked_for;
    std::string device; // "0400:c35a in socket 1-1.4, four pipes"; several: all of them
    std::optional<PipeForm> form;
    unsigned connections = 0; // since start, as are these
    unsigned stalls = 0;
    unsigned resets = 0;
    std::string advice; // what to do about the state; empty when nothing
};

class UsbConnection {
public:
    // `bus` and `clock` outlive it; it outlives its transports. All on one thread but report().
    UsbConnection(UsbBus& bus, UsbWanted wanted, const base::Clock& clock,
                  UsbConnectionLimits limits = {});

    // Errors: unplugged (not there, or just arrived: ask again), locked (held by another program,
    // or no permission), device (which of several, unknown form, out of service), io.
    base::Result<std::unique_ptr<UsbTransport>> open();
    // The same, as SamReader::Connect wants it.
    base::Result<std::unique_ptr<Transport>> connect();

    // Safe from any thread.
    UsbReport report() const;

private:
    base::Result<UsbDevice> find();
    base::Result<UsbDevice> find_in(const std::vector<UsbDevice>& devices);
    base::Result<std::unique_ptr<UsbTransport>> open(const UsbDevice& device);
    bool fits(const UsbDevice& device) const;
    std::vector<UsbDevice> with_serial(const std::vector<UsbDevice>& devices);
    void meet(const UsbDevice& device);
    bool is_out_of_service();
    base::Error fail_to_open();
    base::Error refuse(UsbState state, base::Errc code);
    void set_state(UsbState state);

    UsbBus& bus_;
    UsbWanted wanted_;
    const base::Clock& clock_;
    UsbConnectionLimits limits_;
    UsbHealth health_;
    std::optional<base::MonotonicTime> looked_at_; // at all sockets
    bool is_out_of_date_ = false;                  // what is known of the sockets
    std::string port_;                             // of the device used last
    unsigned address_ = 0;
    base::MonotonicTime arrived_at_{};
    unsigned silent_connections_ = 0;
    unsigned answers_seen_ = 0;
    std::optional<base::MonotonicTime> out_of_service_since_;
    mutable std::mutex mutex_; // guards the report
    UsbReport report_;
};

} // namespace drivers
