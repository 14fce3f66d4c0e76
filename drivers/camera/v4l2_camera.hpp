// A camera that the kernel shows as a video device (V4L2): the document camera, or one for faces.
//
// Which one: the configured file (best one under /dev/v4l/by-id, which names the same camera
// whatever socket and node it has), else the camera of the configured name, else the only one there
// is. Of several nothing is guessed: the other one may look at faces. It is looked for anew at each
// open(), so one that was pulled out is found again under whatever node it comes back.
//
// Owns descriptor and buffers from open() to close() or to the error that closed it: unplugged,
// device. After such an error next_frame() repeats it until open() was called again. One call at a
// time, from one thread. Buffers are zeroed before they are given back.
//
// Source: the kernel's userspace API, part I, "Video for Linux API" (input/output: streaming,
// memory mapping; VIDIOC_*), kernel 6.1. Tried with the kernel's virtual cameras in a guest machine
// (tests/vm/run camera); unverified on hardware.
#pragma once

#include "drivers/camera/camera.hpp"
#include "drivers/camera/frame.hpp"
#include "drivers/camera/v4l2_calls.hpp"

#include <optional>

namespace drivers {

// Nothing: the camera sees to it by itself.
struct CameraControls {
    std::optional<int> exposure;      // in 100 microseconds
    std::optional<int> gain;          // in the camera's own unit
    std::optional<int> focus;         // likewise; larger is nearer
    std::optional<int> white_balance; // kelvin
    int power_line_hz = 50;           // of the lamps: mainland China's mains
};

struct CameraWanted {
    std::string device;             // a path; empty: by name
    std::string name;               // as the camera calls itself; empty: any
    bool is_found_by_itself = true; // without a path and a name: the only camera there is
    int width = 0;                  // or the nearest there is
    int height = 0;
    int frames_per_second = 0;
    CameraControls controls;
};

// What a camera says of itself, without a stream.
struct CameraLook {
    std::string path;
    std::string name;
    std::string bus;                   // "usb-0000:00:14.0-1.4": its socket
    std::string formats;               // "MJPEG 3264 x 2448, YUYV 1600 x 1200": nearest to wanted
    std::vector<std::string> controls; // that are missing: "focus"

    std::string text() const;
};

class V4l2Camera final : public Camera {
public:
    // `calls` and `clock` outlive the camera. Opens nothing.
    V4l2Camera(CameraWanted wanted, V4l2Calls& calls, const base::Clock& clock);
    ~V4l2Camera() override;
    V4l2Camera(const V4l2Camera&) = delete;
    V4l2Camera& operator=(const V4l2Camera&) = delete;

    // Errors: unplugged (none there that fits), locked (another program streams), device (several
    // fit, may not be opened, no capture device, no format that is known, refuses to stream).
    base::Result<void> open() override;
    // The newest: what waited longer is dropped, and when every buffer was full all of them are
    // old. A frame that cannot be read is dropped, and the next one awaited within the limit.
    // Errors: timed_out (no frame came; the camera stays open, and the next call starts the stream
    // anew), unplugged, device (the frames that came could not be read, or the stream broke).
    base::Result<base::Picture> next_frame(base::Milliseconds limit) override;
    void close() override;
    bool is_open() const override { return fd_ >= 0; }
    std::uint64_t frames_taken() const override { return frames_; }
    std::string describe() const override;

    // Opens the camera for a moment; sets nothing and never streams. Errors as open()'s, without
    // locked: looking is possible while another program streams.
    base::Result<CameraLook> look() const;
    // After open(): what could not be set, in words ("focus: missing").
    const std::vector<std::string>& remarks() const { return remarks_; }

private:
    struct Buffer {
        void* at = nullptr;
        std::size_t size = 0;
        bool is_ours = true; // else the camera may write into it
    };

    // A frame in one of the buffers, which is ours until it is given back.
    struct Taken {
        std::uint32_t index = 0;
        std::size_t bytes = 0;
    };

    base::Result<void> open_stream();
    base::Result<void> agree_on_format();
    base::Result<void> set_rate();
    base::Result<void> set_controls();
    base::Result<void> map_buffers();
    base::Result<void> start();
    base::Result<void> restart();
    base::Result<base::Picture> wait_for_frame(base::Milliseconds limit);
    base::Result<std::vector<Taken>> take_all();
    base::Result<void> give_back(std::uint32_t index);
    int ask(unsigned long request, void* argument) const;
    void release();

    CameraWanted wanted_;
    V4l2Calls& calls_;
    const base::Clock& clock_;
    int fd_ = -1;
    CameraLook about_; // of the one that is open
    FrameForm form_;
    std::vector<Buffer> buffers_;
    bool is_streaming_ = false;
    bool was_silent_ = false;        // the last call ended without a frame
    std::optional<base::Error> why_; // it was closed by itself
    std::uint64_t frames_ = 0;
    std::vector<std::string> remarks_;
};

} // namespace drivers
