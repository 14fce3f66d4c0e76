#include "drivers/usb/usb_connection.hpp"

#include <algorithm>

namespace drivers {

using base::Errc;
using base::Error;
using base::Result;

namespace {

std::string socket_of(const UsbDevice& device) {
    return to_string(device.id) + " in socket " + device.port;
}

std::string_view advice_for(UsbState state) {
    switch (state) {
    case UsbState::not_looked_for:
    case UsbState::connected: return "";
    case UsbState::absent: return "plug it in; lsusb shows it with its number";
    case UsbState::several:
        return "name the right one in the configuration by its socket, key \"port\"";
    case UsbState::unknown_form:
        return "this device speaks in another way than the driver; take another model";
    case UsbState::waiting_for_permission: return "wait a moment";
    case UsbState::denied:
        return "no permission: install the kiosk's udev rules, then unplug it and plug it in again";
    case UsbState::held_elsewhere:
        return "another program uses it: the kiosk itself, or a service that has to be stopped";
    case UsbState::failing: return "check its cable and its socket";
    case UsbState::out_of_service:
        return "it does not answer: unplug it and plug it in again; when that does not help, "
               "change cable or device";
    }
    return "";
}

} // namespace

std::string_view to_string(UsbState state) {
    switch (state) {
    case UsbState::not_looked_for: return "not looked for yet";
    case UsbState::absent: return "not there";
    case UsbState::several: return "more than one is there";
    case UsbState::unknown_form: return "of an unknown form";
    case UsbState::waiting_for_permission: return "just arrived";
    case UsbState::denied: return "there, but this program may not use it";
    case UsbState::held_elsewhere: return "held by another program";
    case UsbState::connected: return "connected";
    case UsbState::failing: return "there, but cannot be opened";
    case UsbState::out_of_service: return "out of service";
    }
    return "";
}

UsbConnection::UsbConnection(UsbBus& bus, UsbWanted wanted, const base::Clock& clock,
                             UsbConnectionLimits limits)
    : bus_(bus), wanted_(std::move(wanted)), clock_(clock), limits_(limits) {}

Result<std::unique_ptr<Transport>> UsbConnection::connect() {
    return std::unique_ptr<Transport>(TRY(open()));
}

Result<std::unique_ptr<UsbTransport>> UsbConnection::open() {
    const auto device = TRY(find());
    meet(device);
    if (is_out_of_service()) return refuse(UsbState::out_of_service, Errc::device);
    return open(device);
}

// Looks at every socket when what is wanted is not among the known devices, but not at each call.
Result<UsbDevice> UsbConnection::find() {
    // A departure that is not seen between two looks still makes the next arrival a new one.
    for (const auto& event : bus_.take_events())
        if (event.kind == UsbEvent::Kind::left && event.port == port_) address_ = 0;
    if (!is_out_of_date_) {
        auto found = find_in(TRY(bus_.devices(UsbBus::Look::known)));
        const bool looks_again = !looked_at_ || clock_.now() - *looked_at_ >= limits_.fresh_look;
        if (found || found.error().code != Errc::unplugged || !looks_again) return found;
    }
    is_out_of_date_ = false;
    looked_at_ = clock_.now();
    return find_in(TRY(bus_.devices(UsbBus::Look::fresh)));
}

bool UsbConnection::fits(const UsbDevice& device) const {
    const bool is_known =
        std::find(wanted_.ids.begin(), wanted_.ids.end(), device.id) != wanted_.ids.end();
    const bool is_of_class =
        wanted_.ids.empty() && wanted_.class_code && choose_pipes(device, wanted_.class_code);
    return (is_known || is_of_class) && (wanted_.port.empty() || wanted_.port == device.port);
}

Result<UsbDevice> UsbConnection::find_in(const std::vector<UsbDevice>& devices) {
    std::vector<UsbDevice> fitting;
    std::copy_if(devices.begin(), devices.end(), std::back_inserter(fitting),
                 [this](const UsbDevice& device) { return fits(device); });
    if (!wanted_.serial.empty()) fitting = with_serial(fitting);
    std::string names;
    for (const auto& each : fitting) names += (names.empty() ? "" : ", ") + socket_of(each);
    {
        const std::lock_guard lock(mutex_);
        report_.device = names;
        report_.form.reset();
    }
    if (fitting.size() == 1) return fitting.front();
    if (fitting.empty()) {
        address_ = 0;
        return refuse(UsbState::absent, Errc::unplugged);
    }
    // The one used so far stays the right one while it is in its socket.
    for (const auto& each : fitting)
        if (each.port == port_) return each;
    return refuse(UsbState::several, Errc::device);
}

// Those that call themselves by the configured number; when none does, those that could not be
// asked, so that the refusal says why.
std::vector<UsbDevice> UsbConnection::with_serial(const std::vector<UsbDevice>& devices) {
    std::vector<UsbDevice> matching;
    std::vector<UsbDevice> not_asked;
    for (const auto& device : devices) {
        const auto pipes = choose_pipes(device, wanted_.class_code);
        if (!pipes) continue;
        const bool was_asked = device.port == port_ && device.address == address_;
        const auto opened =
            was_asked ? UsbOpened(UsbOutcome::ok) : bus_.open(device, pipes->interface_number);
        const auto* handle = std::get_if<std::unique_ptr<UsbHandle>>(&opened);
        if (was_asked || (handle != nullptr && (*handle)->serial() == wanted_.serial))
            matching.push_back(device);
        else if (handle == nullptr)
            not_asked.push_back(device);
    }
    return matching.empty() ? not_asked : matching;
}

// A new arrival begins with a clean sheet.
void UsbConnection::meet(const UsbDevice& device) {
    if (device.port == port_ && device.address == address_) return;
    const bool is_own_doing =
        health_.was_reset && clock_.now() - health_.reset_at < limits_.own_reset;
    port_ = device.port;
    address_ = device.address;
    arrived_at_ = clock_.now();
    if (is_own_doing) return;
    health_.clear();
    silent_connections_ = 0;
    out_of_service_since_.reset();
}

bool UsbConnection::is_out_of_service() {
    if (out_of_service_since_) {
        if (clock_.now() - *out_of_service_since_ < limits_.out_of_service) return true;
        out_of_service_since_.reset();
        health_.clear(); // one more round, with its reset
        silent_connections_ = 0;
        return false;
    }
    if (std::exchange(answers_seen_, health_.answers) != health_.answers) silent_connections_ = 0;
    if (!health_.is_given_up(limits_.wire) && silent_connections_ < limits_.silent_connections)
        return false;
    out_of_service_since_ = clock_.now();
    return true;
}

Result<std::unique_ptr<UsbTransport>> UsbConnection::open(const UsbDevice& device) {
    if (device.interfaces.empty()) return fail_to_open(); // it has just left, or is not set up yet
    const auto pipes = choose_pipes(device, wanted_.class_code);
    if (!pipes) return refuse(UsbState::unknown_form, Errc::device);
    {
        const std::lock_guard lock(mutex_);
        report_.device = socket_of(device) + ", " + std::string(to_string(pipes->form));
        report_.form = pipes->form;
    }
    auto opened = bus_.open(device, pipes->interface_number);
    if (auto* handle = std::get_if<std::unique_ptr<UsbHandle>>(&opened)) {
        ++silent_connections_;
        {
            const std::lock_guard lock(mutex_);
            ++report_.connections;
        }
        set_state(UsbState::connected);
        return std::make_unique<UsbTransport>(std::move(*handle), *pipes, clock_, health_,
                                              wanted_.manners, limits_.wire,
                                              "USB " + to_string(device.id));
    }
    switch (*std::get_if<UsbOutcome>(&opened)) {
    case UsbOutcome::denied:
        return clock_.now() - arrived_at_ < limits_.permission_grace
                   ? refuse(UsbState::waiting_for_permission, Errc::unplugged)
                   : refuse(UsbState::denied, Errc::locked);
    case UsbOutcome::busy: return refuse(UsbState::held_elsewhere, Errc::locked);
    case UsbOutcome::ok:
    case UsbOutcome::timed_out:
    case UsbOutcome::stalled:
    case UsbOutcome::gone:
    case UsbOutcome::not_found:
    case UsbOutcome::failed: break;
    }
    return fail_to_open();
}

Error UsbConnection::fail_to_open() {
    ++silent_connections_;
    is_out_of_date_ = true; // perhaps it is there no more, or under another address
    return refuse(UsbState::failing, Errc::unplugged);
}

Error UsbConnection::refuse(UsbState state, Errc code) {
    set_state(state);
    const auto told = report();
    return {code, (told.device.empty() ? "USB device" : told.device) + ": " +
                      std::string(to_string(state))};
}

void UsbConnection::set_state(UsbState state) {
    const std::lock_guard lock(mutex_);
    report_.state = state;
    report_.advice = advice_for(state);
    report_.stalls = health_.total_stalls;
    report_.resets = health_.total_resets;
}

UsbReport UsbConnection::report() const {
    const std::lock_guard lock(mutex_);
    return report_;
}

} // namespace drivers
