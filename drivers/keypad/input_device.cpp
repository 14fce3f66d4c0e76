#include "drivers/keypad/input_device.hpp"

#include "kiosk/base/descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <libevdev/libevdev.h>
#include <unistd.h>

namespace drivers {
namespace {

constexpr std::string_view file_prefix = "event";

base::Error device_error(const std::string& what, int error) {
    return {base::Errc::device, what + ": " + std::strerror(error)};
}

struct EvdevEnd {
    void operator()(libevdev* device) const { libevdev_free(device); } // also lets go of a grab
};

class LibevdevDevice final : public InputDevice {
public:
    static base::Result<std::unique_ptr<InputDevice>> open(const std::string& path) {
        std::unique_ptr<LibevdevDevice> made(
            new LibevdevDevice(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)));
        if (made->fd_.get() < 0) return device_error(path, errno);
        libevdev* device = nullptr;
        if (const int failed = libevdev_new_from_fd(made->fd_.get(), &device); failed < 0)
            return device_error(path, -failed);
        made->device_.reset(device);
        return std::unique_ptr<InputDevice>(std::move(made));
    }

    std::string name() const override { return libevdev_get_name(device_.get()); }
    bool has_key(unsigned code) const override {
        return libevdev_has_event_code(device_.get(), EV_KEY, code) == 1;
    }
    base::Result<void> grab() override {
        const int failed = libevdev_grab(device_.get(), LIBEVDEV_GRAB);
        if (failed < 0) return device_error("cannot have the keypad alone", -failed);
        return {};
    }
    int descriptor() const override { return fd_.get(); }

    base::Result<std::optional<KeyEvent>> next() override {
        while (true) {
            input_event event{};
            const unsigned how = is_behind_ ? LIBEVDEV_READ_FLAG_SYNC : LIBEVDEV_READ_FLAG_NORMAL;
            const int got = libevdev_next_event(device_.get(), how, &event);
            if (got == -EAGAIN) {
                if (!std::exchange(is_behind_, false)) return std::optional<KeyEvent>();
                continue; // caught up: now what came meanwhile
            }
            if (got < 0) return device_error("the keypad", -got);
            // The kernel's buffer ran over: libevdev tells how things stand now. A key that is down
            // by then was pressed; one that went down and up meanwhile is lost.
            if (got == LIBEVDEV_READ_STATUS_SYNC) is_behind_ = true;
            if (event.type != EV_KEY || event.value < 0 || event.value > 2) continue;
            return std::optional(KeyEvent{event.code, KeyEvent::What(event.value)});
        }
    }

private:
    explicit LibevdevDevice(int fd) : fd_(fd) {}
    base::Descriptor fd_;
    std::unique_ptr<libevdev, EvdevEnd> device_; // ends before its descriptor
    bool is_behind_ = false;
};

// event2 before event10.
long number_of(const std::string& path) {
    const auto digits = path.substr(path.rfind(file_prefix) + file_prefix.size());
    long number = -1;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

class RealFolder final : public InputFolder {
public:
    explicit RealFolder(std::string folder) : folder_(std::move(folder)) {}

    std::vector<std::string> devices() override {
        std::vector<std::string> found;
        std::error_code failed;
        // A loop with an error code throughout: a device may go while it is listed.
        std::filesystem::directory_iterator at(folder_, failed), end;
        while (!failed && at != end) {
            if (at->path().filename().string().starts_with(file_prefix))
                found.push_back(at->path().string());
            at.increment(failed);
        }
        std::sort(found.begin(), found.end(),
                  [](const auto& a, const auto& b) { return number_of(a) < number_of(b); });
        return found;
    }
    base::Result<std::unique_ptr<InputDevice>> open(const std::string& path) override {
        return LibevdevDevice::open(path);
    }

private:
    std::string folder_;
};

} // namespace

std::unique_ptr<InputFolder> open_input_folder(std::string folder) {
    return std::make_unique<RealFolder>(std::move(folder));
}

} // namespace drivers
