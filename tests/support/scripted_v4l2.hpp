// A video device that exists only as answers to system calls: what a test plugs in under
// V4l2Camera. It counts what is open and mapped, notes misuse, and lets a fault strike at any call.
#pragma once

#include "drivers/camera/v4l2_calls.hpp"
#include "kiosk/base/bytes.hpp"
#include "kiosk/base/manual_clock.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <linux/videodev2.h>
#include <map>
#include <optional>
#include <vector>

namespace test_support {

struct ScriptedFormat {
    std::uint32_t code = 0;
    std::vector<std::pair<int, int>> sizes; // none: the device does not list them
    bool is_range = false;                  // the first and the last size are the ends of a range
};

struct ScriptedControl {
    int minimum = 0;
    int maximum = 1;
    int value = 0;
    std::uint32_t flags = 0;
    std::vector<int> refused;
};

struct ScriptedFrame {
    base::Bytes bytes;
    std::uint32_t flags = 0;
    std::optional<std::uint32_t> bytes_said; // else as many as there are
};

struct ScriptedDevice {
    std::string path = "/dev/video0";
    std::string name = "Desk Camera";
    std::string bus = "usb-1.4";
    std::uint32_t can = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    std::vector<ScriptedFormat> formats{{V4L2_PIX_FMT_YUYV, {{64, 48}, {32, 24}}}};
    std::map<std::uint32_t, ScriptedControl> controls;
    std::uint32_t field = V4L2_FIELD_NONE;
    std::uint32_t quantization = V4L2_QUANTIZATION_FULL_RANGE;
    std::uint32_t buffers_given = 0; // 0: as many as are asked for
    std::uint32_t buffer_size = 0;   // 0: four bytes a pixel
    bool is_held_elsewhere = false;
    int open_error = 0;
};

class ScriptedV4l2 final : public drivers::V4l2Calls {
public:
    explicit ScriptedV4l2(base::ManualClock& clock) : clock_(clock) {}

    // What is plugged in. The first is the one that frames come to.
    std::vector<ScriptedDevice> plugged{ScriptedDevice{}};
    // Come one by one, each when a frame is awaited.
    std::deque<ScriptedFrame> coming;
    // What poll(2) says instead, each time a millisecond later.
    std::optional<int> poll_says;
    // Sees, and may change, what a call answers that went well.
    std::function<void(unsigned long request, void* argument)> garble = [](unsigned long, void*) {};

    // The call with this number, from 0, fails with `error` and does nothing. Closing and unmapping
    // do what they do, as in the kernel.
    void fail_at(std::size_t call, int error) { fail_at_ = {call, error}; }
    // From this call on the device is gone.
    void unplug_at(std::size_t call) { unplug_at_ = call; }
    void unplug_now() { is_gone_ = true; }
    void plug_in(std::string path); // again, mended
    // At once, into a buffer that waits; false: there is none, and the frame is lost.
    bool expose(const ScriptedFrame& frame);

    std::size_t calls() const { return calls_; }
    std::size_t count(unsigned long request) const;
    bool leaks() const { return !open_.empty() || !mapped_.empty(); }
    int dirty_unmaps() const { return dirty_unmaps_; }
    const std::vector<std::string>& misuse() const { return misuse_; }
    bool is_streaming() const { return is_streaming_; }
    // (control, value) in the order in which they were set.
    const std::vector<std::pair<std::uint32_t, int>>& controls_set() const { return set_; }

    std::vector<std::string> devices() override;
    int open(const std::string& path) override;
    int close(int fd) override;
    int control(int fd, unsigned long request, void* argument) override;
    int map(int fd, std::size_t size, std::size_t offset, void*& at) override;
    int unmap(void* at, std::size_t size) override;
    int poll(int fd, base::Milliseconds limit) override;

private:
    struct Place {
        base::Bytes bytes;
        bool is_queued = false;
    };
    struct Fault {
        std::size_t call;
        int error;
    };

    int strike(); // the fault of this call, or 0
    int answer(ScriptedDevice& device, unsigned long request, void* argument);
    int list_size(const ScriptedDevice& device, v4l2_frmsizeenum& size) const;
    int set_format(ScriptedDevice& device, v4l2_format& format);
    int make_buffers(const ScriptedDevice& device, v4l2_requestbuffers& request);
    int take_filled(v4l2_buffer& buffer);
    void end_stream();

    base::ManualClock& clock_;
    std::optional<Fault> fail_at_;
    std::optional<std::size_t> unplug_at_;
    bool is_gone_ = false;
    std::size_t calls_ = 0;
    std::map<unsigned long, std::size_t> requests_;
    int next_fd_ = 100;
    std::map<int, std::size_t> open_; // descriptor to device
    std::map<void*, std::size_t> mapped_;
    int dirty_unmaps_ = 0;
    std::vector<std::string> misuse_;
    std::vector<Place> places_;
    std::deque<v4l2_buffer> filled_;
    std::uint32_t width_ = 0, height_ = 0, code_ = 0;
    bool is_streaming_ = false;
    std::vector<std::pair<std::uint32_t, int>> set_;
};

} // namespace test_support
