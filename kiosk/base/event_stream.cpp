#include "kiosk/base/event_stream.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace base {
namespace {

std::string quoted(std::string_view text) {
    return '"' + std::string(text) + '"';
}

} // namespace

Result<std::unique_ptr<EventStream>> EventStream::open(const std::string& path) {
    auto stream = std::make_unique<EventStream>();
    stream->fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (stream->fd_ < 0) return Error{Errc::io, "opening " + path + ": " + std::strerror(errno)};
    return stream;
}

EventStream::~EventStream() {
    if (fd_ >= 0) ::close(fd_);
}

void EventStream::write(const std::string& line) {
    const std::lock_guard lock(mutex_);
    if (fd_ < 0) return;
    // One call per line. A full disk loses the line; the stream is for watching, not for keeping.
    while (::write(fd_, line.data(), line.size()) < 0 && errno == EINTR) {
    }
}

void EventStream::ready() {
    write("{\"event\":\"ready\"}\n");
}

void EventStream::accepted(std::string_view key) {
    write("{\"event\":\"accepted\",\"key\":" + quoted(key) + "}\n");
}

void EventStream::delivered(std::string_view key, std::string_view receipt_number) {
    write("{\"event\":\"delivered\",\"key\":" + quoted(key) +
          ",\"number\":" + quoted(receipt_number) + "}\n");
}

void EventStream::receipt(std::string_view key, Word state) {
    write("{\"event\":\"receipt\",\"key\":" + quoted(key) + ",\"state\":" + quoted(state.text()) +
          "}\n");
}

void EventStream::session_end(Word reason, bool wiped) {
    write("{\"event\":\"session_end\",\"reason\":" + quoted(reason.text()) +
          ",\"wiped\":" + (wiped ? "true" : "false") + "}\n");
}

void EventStream::content_active(std::int64_t version) {
    write("{\"event\":\"content_active\",\"version\":" + std::to_string(version) + "}\n");
}

void EventStream::refusing(Word reason) {
    write("{\"event\":\"refusing\",\"reason\":" + quoted(reason.text()) + "}\n");
}

void EventStream::fault(Word device, Errc code) {
    write("{\"event\":\"fault\",\"device\":" + quoted(device.text()) +
          ",\"code\":" + quoted(to_string(code)) + "}\n");
}

} // namespace base
