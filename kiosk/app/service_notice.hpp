// Tells systemd that the kiosk is ready and that its loops still turn (Type=notify and WatchdogSec
// in kiosk/packaging/kiosk.service, spec reliability V2).
//
// One datagram per message to the socket that NOTIFY_SOCKET names (sd_notify(3), systemd 252); no
// library is needed for that. Without the variable nothing is ever sent. Used by one thread.
#pragma once

#include "kiosk/base/clock.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace app {

class ServiceNotice {
public:
    // A loop that has not reported for this long holds the beat back (V2).
    static constexpr base::Milliseconds report_limit{5000};

    // `socket`: a path, or '@' and an abstract name; empty: nobody listens. `watchdog`: after how
    // long without a beat the service is restarted; zero: no beats are wanted.
    ServiceNotice(std::string socket, base::Milliseconds watchdog);
    // What systemd asks for: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID.
    static ServiceNotice from_environment();
    ~ServiceNotice();
    ServiceNotice(const ServiceNotice&) = delete;
    ServiceNotice& operator=(const ServiceNotice&) = delete;

    // How often beat() wants to be called; nothing when no beats are wanted.
    std::optional<base::Milliseconds> interval() const;

    void ready();
    void stopping();
    // Sends a beat when one is due and each loop has reported within the limit. A beat that cannot
    // be sent is tried again at the next call.
    void beat(base::MonotonicTime now, std::initializer_list<base::MonotonicTime> last_reports);

private:
    bool send(std::string_view message);

    std::string socket_;
    base::Milliseconds watchdog_;
    int fd_ = -1;
    std::optional<base::MonotonicTime> last_beat_;
};

} // namespace app
