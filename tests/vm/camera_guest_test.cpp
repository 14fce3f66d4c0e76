// The camera driver over a real kernel: V4L2, udev and the virtual camera vivid, whose output is
// looped back into its input where pictures are compared. Runs in a guest machine only
// (tests/vm/run camera), as root. Emulation is slow and varies with the load of the host, so
// nothing here asserts a time; where something has to come, it is waited for.
#include "drivers/camera/test_page.hpp"
#include "drivers/camera/v4l2_camera.hpp"
#include "drivers/wait.hpp"
#include "kiosk/base/descriptor.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <linux/v4l2-dv-timings.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace drivers;
using namespace std::chrono_literals;
using base::Errc;
using base::Picture;

namespace {

const base::SystemClock real_clock;
constexpr auto patience = 20s; // of the guest's time, for one frame

// Waits until it is so; gives up after a minute of the guest's time.
template <class Condition> bool becomes_true(Condition is_so) {
    for (int i = 0; i < 1200; ++i) {
        if (is_so()) return true;
        real_wait()(50ms, {});
    }
    return false;
}

// A video node opened beside the driver, for what a person does at the machine.
class Node {
public:
    explicit Node(const std::string& path) : fd_(::open(path.c_str(), O_RDWR)) {
        REQUIRE(fd_.is_open());
    }
    int ask(unsigned long request, void* argument) const {
        return ::ioctl(fd_.get(), request, argument);
    }
    int fd() const { return fd_.get(); }

    // Nothing: it has no control of this name.
    std::optional<std::uint32_t> control(const std::string& name) const {
        v4l2_queryctrl about{};
        about.id = V4L2_CTRL_FLAG_NEXT_CTRL;
        while (ask(VIDIOC_QUERYCTRL, &about) == 0) {
            if (name == reinterpret_cast<const char*>(about.name)) return about.id;
            about.id |= V4L2_CTRL_FLAG_NEXT_CTRL;
        }
        return std::nullopt;
    }
    void set(const std::string& name, int value) const {
        const auto id = control(name);
        CAPTURE(name);
        REQUIRE(id);
        v4l2_control control{*id, value};
        REQUIRE(ask(VIDIOC_S_CTRL, &control) == 0);
    }
    int value(std::uint32_t id) const {
        v4l2_control control{id, 0};
        REQUIRE(ask(VIDIOC_G_CTRL, &control) == 0);
        return control.value;
    }

private:
    base::Descriptor fd_;
};

// The module that is the camera: loading plugs it in, removing pulls it out.
class Vivid {
public:
    // One capture node and one output node, no others.
    explicit Vivid(const std::string& more = "") {
        unload();
        load(more);
    }
    ~Vivid() { unload(); }

    void load(const std::string& more) {
        const int file = ::open("/lib/modules/vivid.ko", O_RDONLY | O_CLOEXEC);
        REQUIRE(file >= 0);
        const auto parameters = "n_devs=1 node_types=0x101 " + more;
        REQUIRE(::syscall(SYS_finit_module, file, parameters.c_str(), 0) == 0);
        ::close(file);
        REQUIRE(becomes_true([this] { return find_nodes(); }));
    }
    // Not while somebody has a node open.
    static void unload() { ::syscall(SYS_delete_module, "vivid", O_NONBLOCK); }
    static void bind(bool yes) {
        std::ofstream(std::string("/sys/bus/platform/drivers/vivid/") + (yes ? "bind" : "unbind"))
            << "vivid.0";
    }

    bool find_nodes() {
        capture.clear();
        output.clear();
        for (const auto& path : kernel_v4l2_calls()->devices()) {
            const base::Descriptor fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
            v4l2_capability about{};
            if (!fd.is_open() || ::ioctl(fd.get(), VIDIOC_QUERYCAP, &about) != 0) continue;
            if ((about.device_caps & V4L2_CAP_VIDEO_CAPTURE) != 0) capture = path;
            if ((about.device_caps & V4L2_CAP_VIDEO_OUTPUT) != 0) output = path;
        }
        return !capture.empty() && !output.empty();
    }

    std::string capture;
    std::string output;
};

CameraWanted small_camera() {
    CameraWanted wanted;
    wanted.width = 320;
    wanted.height = 180;
    wanted.frames_per_second = 15;
    return wanted;
}

struct Host {
    explicit Host(CameraWanted wanted = small_camera())
        : camera(std::move(wanted), *calls, real_clock) {}
    std::unique_ptr<V4l2Calls> calls = kernel_v4l2_calls();
    V4l2Camera camera;

    std::string opened() {
        const auto done = camera.open();
        return done ? "ok" : done.error().text();
    }
    std::string next(base::Milliseconds limit = patience) {
        const auto frame = camera.next_frame(limit);
        return frame ? "a frame" : std::string(base::to_string(frame.error().code));
    }
    // Opened as often as the session would, until there is one.
    bool gives_a_frame() {
        return becomes_true([this] { return camera.open() && camera.next_frame(patience); });
    }
};

bool holds(const std::string& text, const std::string& piece) {
    return text.find(piece) != std::string::npos;
}

constexpr int wide = 640, high = 480;

// A page in the middle of a frame, on a desk as light as its number says.
Picture page_in_frame(std::uint64_t seed) {
    const auto page = base::shrink_to_fit(make_test_page(seed), wide, high);
    Picture frame{wide, high, 3,
                  base::Bytes(std::size_t(3 * wide * high), std::uint8_t(50 * seed))};
    const int left = (wide - page.width) / 2, top = (high - page.height) / 2;
    for (int y = 0; y < page.height; ++y)
        std::copy_n(page.row(y), page.row_bytes(), frame.row(y + top) + 3 * left);
    return frame;
}

// ITU-R BT.601, limited range, written from the standard's own numbers: not the driver's table.
base::Bytes as_yuyv(const Picture& picture) {
    base::Bytes bytes;
    const auto byte = [](double value) { return std::uint8_t(std::lround(value)); };
    const auto luma = [&](const std::uint8_t* p) {
        return byte(16 + (65.481 * p[0] + 128.553 * p[1] + 24.966 * p[2]) / 255);
    };
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; x += 2) {
            const auto* a = picture.row(y) + 3 * x;
            const double red = (a[0] + a[3]) / 2.0, green = (a[1] + a[4]) / 2.0,
                         blue = (a[2] + a[5]) / 2.0;
            const double u = 128 + (-37.797 * red - 74.203 * green + 112.0 * blue) / 255;
            const double v = 128 + (112.0 * red - 93.786 * green - 18.214 * blue) / 255;
            bytes.insert(bytes.end(), {luma(a), byte(u), luma(a + 3), byte(v)});
        }
    return bytes;
}

// How far two pictures are from each other, in levels of 255.
double difference(const Picture& a, const Picture& b) {
    REQUIRE((a.width == b.width && a.height == b.height));
    double sum = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
    return sum / double(a.pixels.size());
}

// vivid's output: shows one picture until another one is shown.
class Screen {
public:
    explicit Screen(const std::string& path) : node_(path) {
        int hdmi = 1;
        REQUIRE(node_.ask(VIDIOC_S_OUTPUT, &hdmi) == 0);
        v4l2_dv_timings timings = V4L2_DV_BT_CEA_640X480P59_94;
        REQUIRE(node_.ask(VIDIOC_S_DV_TIMINGS, &timings) == 0);
        v4l2_format format{};
        format.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
        auto& pix = format.fmt.pix;
        pix.width = wide;
        pix.height = high;
        pix.pixelformat = V4L2_PIX_FMT_YUYV;
        pix.field = V4L2_FIELD_NONE;
        pix.colorspace = V4L2_COLORSPACE_SRGB;
        pix.ycbcr_enc = V4L2_YCBCR_ENC_601;
        pix.quantization = V4L2_QUANTIZATION_LIM_RANGE;
        REQUIRE(node_.ask(VIDIOC_S_FMT, &format) == 0);
        REQUIRE((pix.width == wide && pix.height == high && pix.bytesperline == 2 * wide));
    }
    // The kernel shows the last buffer it was given as long as no other comes.
    void show(const Picture& picture) {
        stop();
        const auto bytes = as_yuyv(picture);
        v4l2_requestbuffers request{};
        request.count = 2;
        request.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
        request.memory = V4L2_MEMORY_MMAP;
        REQUIRE(node_.ask(VIDIOC_REQBUFS, &request) == 0);
        for (std::uint32_t i = 0; i < request.count; ++i) {
            v4l2_buffer buffer{};
            buffer.index = i;
            buffer.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
            buffer.memory = V4L2_MEMORY_MMAP;
            REQUIRE(node_.ask(VIDIOC_QUERYBUF, &buffer) == 0);
            REQUIRE(buffer.length >= bytes.size());
            void* at = ::mmap(nullptr, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED,
                              node_.fd(), buffer.m.offset);
            REQUIRE(at != MAP_FAILED);
            std::memcpy(at, bytes.data(), bytes.size());
            ::munmap(at, buffer.length);
            buffer.bytesused = std::uint32_t(bytes.size());
            buffer.field = V4L2_FIELD_NONE;
            REQUIRE(node_.ask(VIDIOC_QBUF, &buffer) == 0);
        }
        int type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
        REQUIRE(node_.ask(VIDIOC_STREAMON, &type) == 0);
    }
    void stop() {
        int type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
        node_.ask(VIDIOC_STREAMOFF, &type);
        v4l2_requestbuffers none{};
        none.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
        none.memory = V4L2_MEMORY_MMAP;
        node_.ask(VIDIOC_REQBUFS, &none);
    }

private:
    Node node_;
};

std::size_t entries_of(const char* folder) {
    return std::size_t(std::distance(std::filesystem::directory_iterator(folder), {}));
}

} // namespace

TEST_CASE("looking says what the camera is and leaves it alone", "[device][vm]") {
    const Vivid vivid;
    Host host;
    const auto look = host.camera.look().value();
    REQUIRE((look.name == "vivid" && look.path == vivid.capture)); // the output node is no camera
    REQUIRE(holds(look.formats, "YUYV 320 x 180"));
    REQUIRE(host.camera.frames_taken() == 0);
    std::printf("GUEST looks: %s\n", host.camera.describe().c_str());
}

TEST_CASE("the camera's frames show the page that lies there, and the next one after it",
          "[device][vm]") {
    const Vivid vivid;
    Screen screen(vivid.output);
    {
        const Node input(vivid.capture);
        int hdmi = 3;
        REQUIRE(input.ask(VIDIOC_S_INPUT, &hdmi) == 0);
        v4l2_dv_timings timings = V4L2_DV_BT_CEA_640X480P59_94;
        REQUIRE(input.ask(VIDIOC_S_DV_TIMINGS, &timings) == 0);
        input.set("OSD Text Mode", 2); // none
        input.set("Loop Video", 1);
    }
    auto wanted = small_camera();
    wanted.width = wide;
    wanted.height = high;
    wanted.name = "vivid";
    Host host(wanted);
    const Picture pages[] = {page_in_frame(1), page_in_frame(2)};
    const double apart = difference(pages[0], pages[1]);
    REQUIRE(apart > 8);
    for (const int at : {0, 1, 0}) {
        screen.show(pages[at]);
        double nearest = 255;
        // Frames of before may still be on their way.
        REQUIRE(becomes_true([&] {
            REQUIRE(host.camera.open());
            const auto frame = host.camera.next_frame(patience);
            REQUIRE(frame);
            nearest = std::min(nearest, difference(*frame, pages[at]));
            return nearest < 1; // 0.3 measured, 1.7 with the colours swapped
        }));
        std::printf("GUEST page %d: %.2f levels away, the other page %.2f\n", at + 1, nearest,
                    apart);
    }
    REQUIRE(holds(host.camera.describe(), "YUYV 640 x 480"));
}

TEST_CASE("controls are set, or left to the camera, and missing ones are told", "[device][vm]") {
    const Vivid vivid;
    const Node node(vivid.capture);
    auto wanted = small_camera();
    wanted.controls.gain = 55;
    wanted.controls.focus = 3;
    Host by_hand(wanted);
    REQUIRE(by_hand.opened() == "ok");
    REQUIRE(node.value(V4L2_CID_AUTOGAIN) == 0);
    REQUIRE(node.value(V4L2_CID_GAIN) == 55);
    REQUIRE(holds(by_hand.camera.describe(), "focus: missing"));
    REQUIRE_FALSE(holds(by_hand.camera.describe(), "gain:"));
    by_hand.camera.close();
    Host automatic;
    REQUIRE(automatic.opened() == "ok");
    REQUIRE(node.value(V4L2_CID_AUTOGAIN) == 1);
    REQUIRE(holds(automatic.camera.describe(), "exposure: not automatic"));
}

TEST_CASE("a camera that somebody streams from is locked for others until they end",
          "[device][vm]") {
    const Vivid vivid;
    Host first, second;
    REQUIRE(first.opened() == "ok");
    REQUIRE(first.next() == "a frame");
    REQUIRE(second.camera.open().error().code == Errc::locked);
    REQUIRE(second.camera.look()); // looking is possible
    REQUIRE(first.next() == "a frame");
    first.camera.close();
    REQUIRE(second.opened() == "ok");
    REQUIRE(second.next() == "a frame");
}

TEST_CASE("pulled out between two frames it is unplugged, and plugged in again it is found",
          "[device][vm]") {
    const Vivid vivid;
    Host host;
    std::size_t descriptors = 0;
    for (int round = 0; round < 3; ++round) {
        CAPTURE(round);
        REQUIRE(host.gives_a_frame());
        Vivid::bind(false);
        // Frames that were taken before may still come.
        REQUIRE(becomes_true([&] { return host.next() == "unplugged"; }));
        REQUIRE_FALSE(host.camera.is_open());
        REQUIRE(host.camera.open().error().code == Errc::unplugged);
        Vivid::bind(true);
        if (round == 0) descriptors = entries_of("/proc/self/fd");
    }
    REQUIRE(host.gives_a_frame());
    host.camera.close();
    REQUIRE(entries_of("/proc/self/fd") == descriptors);
}

TEST_CASE("a camera that comes back as another node is found by its name", "[device][vm]") {
    Vivid vivid;
    auto wanted = small_camera();
    wanted.name = "vivid";
    Host host(wanted);
    REQUIRE(host.gives_a_frame());
    const auto before = vivid.capture;
    host.camera.close(); // the module cannot go while its node is open
    Vivid::unload();
    REQUIRE(host.camera.open().error().code == Errc::unplugged);
    vivid.load("vid_cap_nr=7");
    REQUIRE(vivid.capture == "/dev/video7");
    REQUIRE(before != vivid.capture);
    REQUIRE(host.gives_a_frame());
    REQUIRE(holds(host.camera.describe(), "/dev/video7"));
}

TEST_CASE("frames that stop coming are timed_out, and come again", "[device][vm]") {
    const Vivid vivid;
    const Node node(vivid.capture);
    Host host;
    REQUIRE(host.gives_a_frame());
    node.set("Percentage of Dropped Buffers", 100);
    REQUIRE(becomes_true([&] { return host.next(300ms) == "timed_out"; }));
    REQUIRE(host.camera.is_open());
    node.set("Percentage of Dropped Buffers", 0);
    REQUIRE(becomes_true([&] { return host.next() == "a frame"; }));
}

TEST_CASE("errors that the kernel's driver injects end in words, and the next visit works",
          "[device][vm]") {
    const Vivid vivid;
    const Node node(vivid.capture);
    for (const char* error : {"Inject VIDIOC_REQBUFS Error", "Inject VIDIOC_QUEUE_SETUP Error",
                              "Inject VIDIOC_STREAMON Error"}) {
        if (!node.control(error)) continue; // other kernels name them otherwise
        CAPTURE(error);
        Host host;
        node.set(error, 1);
        const auto opened = host.camera.open();
        std::printf("GUEST %s: %s\n", error, opened ? "ok" : opened.error().text().c_str());
        if (!opened) REQUIRE(opened.error().code == Errc::device);
        REQUIRE(host.gives_a_frame());
    }
    for (const char* error : {"Inject V4L2_BUF_FLAG_ERROR", "Inject VIDIOC_QBUF Error",
                              "Inject Fatal Streaming Error"}) {
        if (!node.control(error)) continue;
        CAPTURE(error);
        Host host;
        REQUIRE(host.gives_a_frame());
        node.set(error, 1);
        const auto next = host.next();
        std::printf("GUEST %s: %s\n", error, next.c_str());
        REQUIRE((next == "a frame" || next == "device" || next == "unplugged"));
        REQUIRE(host.gives_a_frame());
    }
}

TEST_CASE("the udev rule gives the camera to the kiosk's group and to nobody else",
          "[device][vm]") {
    const Vivid vivid;
    struct stat status {};
    REQUIRE(becomes_true(
        [&] { return ::stat(vivid.capture.c_str(), &status) == 0 && status.st_gid == 900; }));
    REQUIRE((status.st_mode & 0777) == 0660);
}
