#include "drivers/voice/headphones.hpp"

#include "drivers/keypad/input_device.hpp"

#include <cerrno>
#include <fcntl.h>
#include <libevdev/libevdev.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace drivers {

using base::Errc;
using base::Error;

// Owns the descriptor, the library's state for it, and what ends a wait.
struct EvdevJack::Device {
    int fd = -1;
    libevdev* state = nullptr;
    int end = ::eventfd(0, EFD_CLOEXEC);

    ~Device() {
        if (state != nullptr) ::libevdev_free(state);
        if (fd >= 0) ::close(fd);
        if (end >= 0) ::close(end);
    }
    bool is_plugged() const {
        return ::libevdev_get_event_value(state, EV_SW, SW_HEADPHONE_INSERT) != 0;
    }
};

base::Result<std::unique_ptr<HeadphoneJack>> EvdevJack::open(const std::string& folder) {
    for (const auto& file : open_input_folder(folder)->devices()) {
        auto device = std::make_unique<Device>();
        device->fd = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (device->fd < 0 || ::libevdev_new_from_fd(device->fd, &device->state) != 0) continue;
        if (!::libevdev_has_event_code(device->state, EV_SW, SW_HEADPHONE_INSERT)) continue;
        return std::unique_ptr<HeadphoneJack>(new EvdevJack(std::move(device)));
    }
    return Error{Errc::not_found, "no headphone jack that can be read below " + folder};
}

EvdevJack::EvdevJack(std::unique_ptr<Device> device)
    : device_(std::move(device)), is_plugged_(device_->is_plugged()),
      thread_([this](std::stop_token stop) { watch(stop); }) {}

EvdevJack::~EvdevJack() {
    thread_.request_stop();
    const std::uint64_t one = 1;
    CHECK(::write(device_->end, &one, sizeof one) == sizeof one); // room for 2^64
}

// Sleeps until the jack changes; a device that is gone counts as nothing plugged in.
void EvdevJack::watch(std::stop_token stop) {
    while (!stop.stop_requested()) {
        ::pollfd waits[] = {{device_->fd, POLLIN, 0}, {device_->end, POLLIN, 0}};
        if (::poll(waits, 2, -1) < 0 && errno != EINTR) break;
        if (stop.stop_requested()) return;
        ::input_event event;
        int got;
        do {
            got = ::libevdev_next_event(device_->state, LIBEVDEV_READ_FLAG_NORMAL, &event);
            while (got == LIBEVDEV_READ_STATUS_SYNC)
                got = ::libevdev_next_event(device_->state, LIBEVDEV_READ_FLAG_SYNC, &event);
        } while (got == LIBEVDEV_READ_STATUS_SUCCESS);
        const bool is_gone = got != -EAGAIN && got != -EINTR;
        const bool is_in = !is_gone && device_->is_plugged();
        if (is_plugged_.exchange(is_in) != is_in) on_change();
        if (is_gone) return;
    }
}

} // namespace drivers
