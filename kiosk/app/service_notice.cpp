#include "kiosk/app/service_notice.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace app {
namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

// Zero where there is no number.
std::int64_t number(const std::string& text) {
    std::int64_t value = 0;
    const auto* last = text.data() + text.size();
    const auto [end, failed] = std::from_chars(text.data(), last, value);
    return failed == std::errc{} && end == last ? value : 0;
}

} // namespace

ServiceNotice::ServiceNotice(std::string socket, base::Milliseconds watchdog)
    : socket_(std::move(socket)), watchdog_(watchdog) {
    if (!socket_.empty()) fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

ServiceNotice::~ServiceNotice() {
    if (fd_ >= 0) ::close(fd_);
}

ServiceNotice ServiceNotice::from_environment() {
    // A beat meant for another process (sd_watchdog_enabled(3)) is none of ours.
    const auto for_process = environment("WATCHDOG_PID");
    const bool is_ours = for_process.empty() || number(for_process) == ::getpid();
    const auto micros = is_ours ? number(environment("WATCHDOG_USEC")) : 0;
    return {environment("NOTIFY_SOCKET"),
            base::Milliseconds(std::max<std::int64_t>(micros, 0) / 1000)};
}

std::optional<base::Milliseconds> ServiceNotice::interval() const {
    if (fd_ < 0 || watchdog_ <= base::Milliseconds(0)) return std::nullopt;
    // Chosen: four in each span, so that two late ones in a row do no harm.
    return std::max(watchdog_ / 4, base::Milliseconds(1));
}

void ServiceNotice::ready() {
    send("READY=1");
}

void ServiceNotice::stopping() {
    send("STOPPING=1");
}

void ServiceNotice::beat(base::MonotonicTime now,
                         std::initializer_list<base::MonotonicTime> last_reports) {
    const auto every = interval();
    if (!every || (last_beat_ && now - *last_beat_ < *every)) return;
    const bool all_turn = std::all_of(last_reports.begin(), last_reports.end(),
                                      [now](auto last) { return now - last <= report_limit; });
    if (all_turn && send("WATCHDOG=1")) last_beat_ = now;
}

bool ServiceNotice::send(std::string_view message) {
    sockaddr_un address{};
    if (fd_ < 0 || socket_.size() >= sizeof address.sun_path) return false;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, socket_.data(), socket_.size());
    if (socket_.front() == '@') address.sun_path[0] = '\0'; // an abstract name (unix(7))
    const auto size = socklen_t(offsetof(sockaddr_un, sun_path) + socket_.size());
    const auto sent = ::sendto(fd_, message.data(), message.size(), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&address), size);
    return sent == ssize_t(message.size());
}

} // namespace app
