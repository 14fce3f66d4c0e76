#include "drivers/voice/headphones.hpp"

#include "drivers/keypad/input_device.hpp"

#include <cerrno>
#include <fcntl.h>
#include <libevdev/libevdev.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace drivers {
namespace {

using base::Errc;
using base::Error;

// Owns the descriptor and the library's state for it.
class EvdevJackDevice final : public JackDevice {
public:
    explicit EvdevJackDevice(const std::string& file)
        : fd_(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
        if (fd_ >= 0 && ::libevdev_new_from_fd(fd_, &state_) != 0) state_ = nullptr;
    }
    ~EvdevJackDevice() override {
        if (state_ != nullptr) ::libevdev_free(state_);
        if (fd_ >= 0) ::close(fd_);
    }
    EvdevJackDevice(const EvdevJackDevice&) = delete;
    EvdevJackDevice& operator=(const EvdevJackDevice&) = delete;

    bool has_switch() const {
        return state_ != nullptr &&
               ::libevdev_has_event_code(state_, EV_SW, SW_HEADPHONE_INSERT) != 0;
    }
    int descriptor() const override { return fd_; }
    base::Result<bool> read() override {
        ::input_event event;
        int got;
        do {
            got = ::libevdev_next_event(state_, LIBEVDEV_READ_FLAG_NORMAL, &event);
            while (got == LIBEVDEV_READ_STATUS_SYNC)
                got = ::libevdev_next_event(state_, LIBEVDEV_READ_FLAG_SYNC, &event);
        } while (got == LIBEVDEV_READ_STATUS_SUCCESS);
        if (got != -EAGAIN && got != -EINTR)
            return Error{Errc::device, "the headphone jack is gone"};
        return ::libevdev_get_event_value(state_, EV_SW, SW_HEADPHONE_INSERT) != 0;
    }

private:
    int fd_;
    ::libevdev* state_ = nullptr;
};

} // namespace

base::Result<std::unique_ptr<JackDevice>> open_jack_device(const std::string& folder) {
    for (const auto& file : open_input_folder(folder)->devices())
        if (auto device = std::make_unique<EvdevJackDevice>(file); device->has_switch())
            return std::unique_ptr<JackDevice>(std::move(device));
    return Error{Errc::not_found, "no headphone jack that can be read below " + folder};
}

base::Result<std::unique_ptr<HeadphoneJack>> EvdevJack::open(const std::string& folder) {
    return open([folder] { return open_jack_device(folder); }, look_again);
}

base::Result<std::unique_ptr<HeadphoneJack>> EvdevJack::open(Open open, base::Milliseconds pause) {
    auto device = TRY(open());
    const int end = ::eventfd(0, EFD_CLOEXEC);
    if (end < 0) return Error{Errc::device, "no event for the headphone jack"};
    return std::unique_ptr<HeadphoneJack>(
        new EvdevJack(std::move(open), pause, std::move(device), end));
}

EvdevJack::EvdevJack(Open open, base::Milliseconds pause, std::unique_ptr<JackDevice> device,
                     int end)
    : open_(std::move(open)), pause_(pause), device_(std::move(device)), end_(end) {
    look(); // known before anybody asks
    thread_ = std::jthread([this](std::stop_token stop) { watch(stop); });
}

EvdevJack::~EvdevJack() {
    thread_.request_stop();
    const std::uint64_t one = 1;
    CHECK(::write(end_, &one, sizeof one) == sizeof one); // room for 2^64
    thread_.join();
    ::close(end_);
}

void EvdevJack::set(bool is_in) {
    if (is_plugged_.exchange(is_in) != is_in) on_change();
}

void EvdevJack::look() {
    const auto is_in = device_->read();
    if (!is_in) device_.reset();
    set(is_in && *is_in);
}

// False: nothing can be known of it any more.
bool EvdevJack::wait_for_device(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        ::pollfd waits[] = {{device_->descriptor(), POLLIN, 0}, {end_, POLLIN, 0}};
        if (::poll(waits, 2, -1) >= 0) return true;
        if (errno != EINTR) return false;
    }
    return true;
}

// Sleeps until the jack changes; without a device, until it is time to look for one again.
void EvdevJack::watch(std::stop_token stop) {
    while (true) {
        if (device_ == nullptr) {
            std::unique_lock lock(mutex_);
            ended_.wait_for(lock, stop, pause_, [] { return false; });
        } else if (!wait_for_device(stop)) {
            device_.reset();
            set(false);
            continue;
        }
        if (stop.stop_requested()) return;
        if (device_ == nullptr)
            if (auto opened = open_()) device_ = std::move(opened).value();
        if (device_ != nullptr) look();
    }
}

} // namespace drivers
