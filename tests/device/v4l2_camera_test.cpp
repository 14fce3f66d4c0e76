// The V4L2 driver on a scripted device: what it agrees on, which frame it gives, and what it does
// when any call fails or the cable is pulled at any call.
#include "drivers/camera/v4l2_camera.hpp"
#include "tests/support/scripted_v4l2.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <poll.h>

using namespace drivers;
using namespace std::chrono_literals;
using base::Bytes;
using base::Errc;
using base::Picture;
using test_support::ScriptedControl;
using test_support::ScriptedDevice;
using test_support::ScriptedFormat;
using test_support::ScriptedFrame;
using test_support::ScriptedV4l2;

namespace {

CameraWanted wanted_camera() {
    CameraWanted wanted;
    wanted.width = 64;
    wanted.height = 48;
    wanted.frames_per_second = 30;
    return wanted;
}

// A grey frame: its light tells which one it is.
ScriptedFrame grey(std::uint8_t light, int width = 64, int height = 48) {
    Bytes bytes(std::size_t(2 * width * height), 128);
    for (std::size_t i = 0; i < bytes.size(); i += 2) bytes[i] = light;
    return {bytes, 0, {}};
}

ScriptedFrame jpeg(std::uint8_t light, int width = 64, int height = 48) {
    Picture picture{width, height, 3, Bytes(std::size_t(3 * width * height), light)};
    return {base::encode_jpeg(picture, 95).value(), 0, {}};
}

struct Bench {
    explicit Bench(CameraWanted wanted = wanted_camera())
        : camera(std::move(wanted), device, clock) {}

    base::ManualClock clock{base::WallTime(1700000000000ms)};
    ScriptedV4l2 device{clock};
    V4l2Camera camera;

    // The light of the next frame, or why there is none.
    std::string next(base::Milliseconds limit = 1s) {
        const auto frame = camera.next_frame(limit);
        if (!frame) return std::string(base::to_string(frame.error().code));
        return std::to_string(frame->pixels[0]);
    }
    std::string opened() {
        const auto done = camera.open();
        return done ? "ok" : std::string(base::to_string(done.error().code));
    }
    std::string remarks() const {
        std::string all;
        for (const auto& remark : camera.remarks()) all += remark + "\n";
        return all;
    }
    bool is_clean() const {
        return !device.leaks() && device.dirty_unmaps() == 0 && device.misuse().empty();
    }
};

bool holds(const std::string& text, const std::string& piece) {
    return text.find(piece) != std::string::npos;
}

// What is done at a scan: opened, some frames, closed. The outcomes, one after the other.
std::vector<std::string> visit(Bench& bench) {
    for (std::uint8_t light = 10; light < 40; ++light) bench.device.coming.push_back(grey(light));
    std::vector<std::string> outcomes{bench.opened()};
    for (int i = 0; i < 3 && bench.camera.is_open(); ++i) outcomes.push_back(bench.next());
    bench.camera.close();
    bench.device.coming.clear();
    return outcomes;
}

std::size_t calls_of_a_visit() {
    Bench bench;
    visit(bench);
    return bench.device.calls();
}

} // namespace

TEST_CASE("a camera is opened, gives frames and is closed without a trace", "[device][camera]") {
    Bench bench;
    REQUIRE(visit(bench) == std::vector<std::string>{"ok", "10", "11", "12"});
    REQUIRE(bench.is_clean());
    REQUIRE(bench.camera.frames_taken() == 3);
    REQUIRE(bench.device.count(VIDIOC_STREAMOFF) == 1);
    bench.camera.close(); // what is closed stays closed
    REQUIRE_FALSE(bench.camera.is_open());
}

TEST_CASE("the newest frame is given, and what waited is dropped", "[device][camera]") {
    Bench bench;
    REQUIRE(bench.camera.open());
    bench.device.expose(grey(1));
    bench.device.expose(grey(2));
    bench.device.expose(grey(3));
    REQUIRE(bench.next() == "3");
    REQUIRE(bench.camera.frames_taken() == 1);
    bench.device.expose(grey(4));
    REQUIRE(bench.next() == "4"); // every buffer went back
}

TEST_CASE("when every buffer was full all of them are old, and the next frame is awaited",
          "[device][camera]") {
    Bench bench;
    REQUIRE(bench.camera.open());
    for (std::uint8_t light = 1; light <= 4; ++light) REQUIRE(bench.device.expose(grey(light)));
    REQUIRE_FALSE(bench.device.expose(grey(5))); // the camera had nowhere to put it
    bench.device.coming.push_back(grey(9));
    REQUIRE(bench.next() == "9");
    // A device with one buffer only gives frames too.
    bench.camera.close();
    bench.device.plugged[0].buffers_given = 1;
    REQUIRE(bench.camera.open());
    bench.device.coming.push_back(grey(7));
    REQUIRE(bench.next() == "7");
}

TEST_CASE("frames that stop coming are timed_out, and the stream is started anew",
          "[device][camera]") {
    Bench bench;
    REQUIRE(bench.camera.open());
    const auto before = bench.clock.now();
    REQUIRE(bench.next(700ms) == "timed_out");
    REQUIRE(bench.clock.now() - before == 700ms);
    REQUIRE(bench.camera.is_open());
    REQUIRE(bench.device.count(VIDIOC_STREAMON) == 1);
    bench.device.coming.push_back(grey(5));
    REQUIRE(bench.next() == "5");
    REQUIRE(bench.device.count(VIDIOC_STREAMON) == 2);
    bench.device.coming.push_back(grey(6));
    REQUIRE(bench.next() == "6");
    REQUIRE(bench.device.count(VIDIOC_STREAMON) == 2);
    REQUIRE(bench.camera.frames_taken() == 2);
}

TEST_CASE("looking never starts the stream and counts no frame", "[device][camera][refusal][G7]") {
    Bench bench;
    REQUIRE(bench.camera.look());
    REQUIRE(holds(bench.camera.describe(), "Desk Camera"));
    REQUIRE(bench.device.count(VIDIOC_STREAMON) == 0);
    REQUIRE(bench.device.count(VIDIOC_REQBUFS) == 0);
    REQUIRE(bench.device.count(VIDIOC_S_FMT) == 0);
    REQUIRE(bench.device.count(VIDIOC_S_CTRL) == 0);
    REQUIRE(bench.is_clean());
    REQUIRE(bench.camera.open());
    REQUIRE(holds(bench.camera.describe(), "YUYV 64 x 48"));
    REQUIRE(bench.device.count(VIDIOC_STREAMON) == 1);
    REQUIRE(bench.camera.frames_taken() == 0);
}

TEST_CASE("the format is the nearest in size, MJPEG before the others", "[device][camera]") {
    using Sizes = std::vector<std::pair<int, int>>;
    const auto agreed = [](std::vector<ScriptedFormat> formats, int width, int height) {
        auto wanted = wanted_camera();
        wanted.width = width;
        wanted.height = height;
        Bench bench(wanted);
        bench.device.plugged[0].formats = std::move(formats);
        if (bench.opened() != "ok") return bench.opened();
        const auto text = bench.camera.describe();
        return text.substr(text.find("; ") + 2, text.find("; gain") - text.find("; ") - 2)
            .substr(0, text.find(';', text.find("; ") + 2) - text.find("; ") - 2);
    };
    const Sizes both{{32, 24}, {64, 48}};
    const ScriptedFormat yuyv{V4L2_PIX_FMT_YUYV, both}, nv12{V4L2_PIX_FMT_NV12, both};
    const ScriptedFormat mjpeg{V4L2_PIX_FMT_MJPEG, both};
    const ScriptedFormat h264{V4L2_PIX_FMT_H264, both};
    REQUIRE(agreed({h264, nv12, yuyv, mjpeg}, 64, 48) == "MJPEG 64 x 48");
    REQUIRE(agreed({nv12, yuyv}, 64, 48) == "YUYV 64 x 48");
    REQUIRE(agreed({nv12}, 30, 20) == "NV12 32 x 24");
    REQUIRE(agreed({yuyv, {V4L2_PIX_FMT_MJPEG, {{32, 24}}}}, 64, 48) == "YUYV 64 x 48");
    REQUIRE(agreed({{V4L2_PIX_FMT_YUYV, {{32, 24}}}, {V4L2_PIX_FMT_MJPEG, {{80, 60}}}}, 64, 48) ==
            "MJPEG 80 x 60");
    REQUIRE(agreed({{V4L2_PIX_FMT_YUYV, {{16, 16}, {400, 400}}, true}}, 103, 50) == "YUYV 96 x 48");
    REQUIRE(agreed({{V4L2_PIX_FMT_YUYV, {{16, 16}, {40, 40}}, true}}, 640, 480) == "YUYV 40 x 40");
    REQUIRE(agreed({{V4L2_PIX_FMT_YUYV, {}}}, 64, 48) == "YUYV 64 x 48"); // it lists none
    REQUIRE(agreed({{V4L2_PIX_FMT_MJPEG, {{10'000, 10'000}, {80, 60}}}}, 9'000, 9'000) ==
            "MJPEG 80 x 60"); // never more than a picture may have
    REQUIRE(agreed({h264}, 64, 48) == "device");
    REQUIRE(agreed({{V4L2_PIX_FMT_MJPEG, {{10'000, 10'000}}}}, 64, 48) == "device");
}

TEST_CASE("what is no camera with a stream is refused", "[device][camera]") {
    for (const std::uint32_t can : {unsigned(V4L2_CAP_VIDEO_CAPTURE), unsigned(V4L2_CAP_STREAMING),
                                    unsigned(V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_STREAMING),
                                    unsigned(V4L2_CAP_META_CAPTURE | V4L2_CAP_STREAMING), 0u}) {
        auto wanted = wanted_camera();
        wanted.device = "/dev/video0";
        Bench bench(wanted);
        bench.device.plugged[0].can = can;
        REQUIRE(bench.opened() == "device");
        REQUIRE(bench.is_clean());
        Bench searching;
        searching.device.plugged[0].can = can;
        REQUIRE(searching.opened() == "unplugged"); // there is no camera
        REQUIRE(searching.is_clean());
    }
}

TEST_CASE("a camera is found by file, by name, or by being the only one", "[device][camera]") {
    const auto opened = [](CameraWanted wanted, std::vector<ScriptedDevice> plugged) {
        Bench bench(std::move(wanted));
        bench.device.plugged = std::move(plugged);
        const auto answer = bench.opened();
        const auto text = answer == "ok" ? bench.camera.describe() : answer;
        bench.camera.close();
        return bench.is_clean() ? text : "a leak";
    };
    ScriptedDevice desk;
    ScriptedDevice face;
    face.path = "/dev/video2";
    face.name = "Face Camera";
    face.bus = "usb-1.1";
    ScriptedDevice metadata;
    metadata.path = "/dev/video1";
    metadata.can = V4L2_CAP_META_CAPTURE | V4L2_CAP_STREAMING;
    auto wanted = wanted_camera();
    REQUIRE(holds(opened(wanted, {desk, metadata}), "/dev/video0"));
    REQUIRE(opened(wanted, {desk, metadata, face}) == "device"); // nothing is guessed
    wanted.name = "Face Camera";
    REQUIRE(holds(opened(wanted, {desk, metadata, face}), "/dev/video2"));
    REQUIRE(opened(wanted, {desk}) == "unplugged");
    auto twin = face;
    twin.path = "/dev/video4";
    REQUIRE(holds(opened(wanted, {desk, face, twin}), "/dev/video2")); // two nodes of one camera
    twin.bus = "usb-1.2";
    REQUIRE(opened(wanted, {desk, face, twin}) == "device");
    wanted.device = "/dev/video4";
    REQUIRE(holds(opened(wanted, {desk, face, twin}), "/dev/video4"));
    wanted.device = "/dev/video0";
    REQUIRE(opened(wanted, {desk, face}) == "unplugged"); // another one is at that place
    wanted = wanted_camera();
    wanted.is_found_by_itself = false;
    REQUIRE(opened(wanted, {desk}) == "unplugged");
    face.open_error = EACCES;
    REQUIRE(opened(wanted_camera(), {face}) == "device");
    face.open_error = EBUSY;
    wanted.device = "/dev/video2";
    REQUIRE(opened(wanted, {face}) == "locked");
}

TEST_CASE("a camera that another program streams from is locked", "[device][camera]") {
    Bench bench;
    bench.device.plugged[0].is_held_elsewhere = true;
    REQUIRE(bench.opened() == "locked");
    REQUIRE(bench.is_clean());
    REQUIRE(holds(bench.camera.describe(), "Desk Camera")); // looking is possible
    bench.device.plugged[0].is_held_elsewhere = false;
    REQUIRE(bench.opened() == "ok");
}

TEST_CASE("controls are set by hand or left to the camera, and what is missing is told",
          "[device][camera]") {
    auto wanted = wanted_camera();
    wanted.controls.focus = 30;
    wanted.controls.gain = 300;
    Bench bench(wanted);
    auto& controls = bench.device.plugged[0].controls;
    // As UVC cameras have it: no plain automatic, but with the aperture fixed.
    controls[V4L2_CID_EXPOSURE_AUTO] = {0, 3, 1, 0, {V4L2_EXPOSURE_AUTO}};
    controls[V4L2_CID_EXPOSURE_ABSOLUTE] = {1, 5000, 100, 0, {}};
    controls[V4L2_CID_FOCUS_AUTO] = {0, 1, 1, 0, {}};
    controls[V4L2_CID_FOCUS_ABSOLUTE] = {0, 250, 0, V4L2_CTRL_FLAG_INACTIVE, {}};
    controls[V4L2_CID_GAIN] = {0, 255, 0, 0, {}};
    controls[V4L2_CID_POWER_LINE_FREQUENCY] = {0, 2, 0, 0, {}};
    REQUIRE(bench.camera.open());
    REQUIRE(controls[V4L2_CID_EXPOSURE_AUTO].value == V4L2_EXPOSURE_APERTURE_PRIORITY);
    REQUIRE(controls[V4L2_CID_EXPOSURE_ABSOLUTE].value == 100);
    REQUIRE(controls[V4L2_CID_FOCUS_AUTO].value == 0);
    REQUIRE(controls[V4L2_CID_FOCUS_ABSOLUTE].value == 30);
    REQUIRE(controls[V4L2_CID_POWER_LINE_FREQUENCY].value == V4L2_CID_POWER_LINE_FREQUENCY_50HZ);
    REQUIRE(bench.remarks() == "gain: 300 is not within 0 to 255\nwhite balance: not automatic\n");
    REQUIRE(holds(bench.camera.describe(), "gain: 300 is not within 0 to 255"));
    bench.camera.close();
    REQUIRE(holds(bench.camera.describe(), "white balance: missing"));
    REQUIRE(holds(bench.camera.describe(), "gain: by hand only"));
    REQUIRE_FALSE(holds(bench.camera.describe(), "focus:"));

    auto by_hand = wanted_camera();
    by_hand.controls = {200, 40, 20, 5000, 60};
    Bench other(by_hand);
    auto& own = other.device.plugged[0].controls;
    own[V4L2_CID_EXPOSURE_AUTO] = {0, 3, 3, 0, {}};
    own[V4L2_CID_EXPOSURE_ABSOLUTE] = {1, 5000, 100, 0, {}};
    own[V4L2_CID_AUTO_WHITE_BALANCE] = {0, 1, 1, 0, {0}}; // cannot be switched off
    own[V4L2_CID_WHITE_BALANCE_TEMPERATURE] = {2800, 6500, 4000, 0, {}};
    own[V4L2_CID_GAIN] = {0, 255, 0, V4L2_CTRL_FLAG_READ_ONLY, {}};
    own[V4L2_CID_FOCUS_ABSOLUTE] = {0, 250, 0, 0, {20}};
    own[V4L2_CID_POWER_LINE_FREQUENCY] = {0, 2, 0, 0, {}};
    REQUIRE(other.camera.open());
    using Set = std::vector<std::pair<std::uint32_t, int>>;
    REQUIRE(other.device.controls_set() ==
            Set{{V4L2_CID_EXPOSURE_AUTO, V4L2_EXPOSURE_MANUAL},
                {V4L2_CID_EXPOSURE_ABSOLUTE, 200},
                {V4L2_CID_POWER_LINE_FREQUENCY, V4L2_CID_POWER_LINE_FREQUENCY_60HZ}});
    REQUIRE(other.remarks() == "gain: missing\nfocus: refused\nwhite balance: stays automatic\n");
}

TEST_CASE("a frame that cannot be read is dropped and the next one is taken", "[device][camera]") {
    const auto first_of = [](ScriptedFrame odd) {
        Bench bench;
        bench.device.plugged[0].formats = {{V4L2_PIX_FMT_MJPEG, {{64, 48}}}};
        REQUIRE(bench.camera.open());
        bench.device.coming = {odd, odd, jpeg(90)};
        const auto light = bench.next();
        REQUIRE(bench.camera.frames_taken() == 1);
        bench.camera.close();
        REQUIRE(bench.is_clean());
        return light;
    };
    auto cut = jpeg(10);
    cut.bytes.resize(cut.bytes.size() / 2);
    auto empty = jpeg(10);
    empty.bytes_said = 0;
    auto too_long = jpeg(10);
    too_long.bytes_said = 0xffffffff;
    auto marked = jpeg(10);
    marked.flags = V4L2_BUF_FLAG_ERROR;
    for (const auto& odd :
         {cut, empty, too_long, marked, jpeg(10, 128, 96), ScriptedFrame{Bytes(500, 0x5a), 0, {}}})
        REQUIRE(first_of(odd) == "90");
}

TEST_CASE("when no frame can be read it is said within the limit, and the camera is closed",
          "[device][camera]") {
    Bench bench;
    bench.device.plugged[0].formats = {{V4L2_PIX_FMT_MJPEG, {{64, 48}}}};
    REQUIRE(bench.camera.open());
    bench.device.coming.assign(5'000, jpeg(10, 32, 24)); // the format changed behind our back
    const auto before = bench.clock.now();
    const auto frame = bench.camera.next_frame(300ms);
    REQUIRE(bench.clock.now() - before == 300ms);
    REQUIRE(frame.error().code == Errc::device);
    REQUIRE(frame.error().context ==
            "camera: no frame could be read: the frame is 32 x 24, not 64 x 48");
    REQUIRE_FALSE(bench.camera.is_open());
    REQUIRE(bench.is_clean());
    REQUIRE(bench.next() == "device"); // until it is opened again
    REQUIRE(bench.camera.frames_taken() == 0);
    bench.device.coming = {jpeg(70)};
    REQUIRE(bench.opened() == "ok");
    REQUIRE(bench.next() == "70");
}

TEST_CASE("YUYV frames that are too short are dropped", "[device][camera]") {
    Bench bench;
    REQUIRE(bench.camera.open());
    auto cut = grey(10);
    cut.bytes.pop_back();
    bench.device.coming = {cut, grey(20)};
    REQUIRE(bench.next() == "20");
}

TEST_CASE("answers that no device gives are refused, and nothing is lost", "[device][camera]") {
    struct Oddity {
        const char* what;
        unsigned long request;
        std::function<void(void*)> garble;
    };
    const auto pix = [](auto change) {
        return [change](void* argument) { change(static_cast<v4l2_format*>(argument)->fmt.pix); };
    };
    const auto buffer = [](auto change) {
        return [change](void* argument) { change(*static_cast<v4l2_buffer*>(argument)); };
    };
    const auto count = [](std::uint32_t number) {
        return [number](void* argument) {
            static_cast<v4l2_requestbuffers*>(argument)->count = number;
        };
    };
    const std::vector<Oddity> oddities{
        {"an unknown format", VIDIOC_S_FMT, pix([](auto& p) { p.pixelformat = 0x31323334; })},
        {"half frames", VIDIOC_S_FMT, pix([](auto& p) { p.field = V4L2_FIELD_ALTERNATE; })},
        {"no width", VIDIOC_S_FMT, pix([](auto& p) { p.width = 0; })},
        {"too wide", VIDIOC_S_FMT, pix([](auto& p) { p.width = 0xffffffff; })},
        {"too large", VIDIOC_S_FMT, pix([](auto& p) { p.width = p.height = 20'000; })},
        {"rows too short", VIDIOC_S_FMT, pix([](auto& p) { p.bytesperline = 100; })},
        {"rows too long", VIDIOC_S_FMT, pix([](auto& p) { p.bytesperline = 0x80000000; })},
        {"no buffers", VIDIOC_REQBUFS, count(0)},
        {"very many buffers", VIDIOC_REQBUFS, count(0xffffffff)},
        {"an empty buffer", VIDIOC_QUERYBUF, buffer([](auto& b) { b.length = 0; })},
        {"a short buffer", VIDIOC_QUERYBUF, buffer([](auto& b) { b.length = 64 * 48 * 2 - 1; })},
        {"a huge buffer", VIDIOC_QUERYBUF, buffer([](auto& b) { b.length = 0xffffffff; })},
        {"a buffer of nobody", VIDIOC_DQBUF, buffer([](auto& b) { b.index = 77; })},
    };
    for (const auto& oddity : oddities) {
        Bench bench;
        CAPTURE(oddity.what);
        bench.device.garble = [&oddity](unsigned long request, void* argument) {
            if (request == oddity.request) oddity.garble(argument);
        };
        const auto outcomes = visit(bench);
        REQUIRE(outcomes.back() == "device");
        // What is odd before the stream runs is refused before it does.
        REQUIRE(outcomes.front() == (oddity.request == VIDIOC_DQBUF ? "ok" : "device"));
        REQUIRE_FALSE(bench.camera.is_open());
        REQUIRE(bench.is_clean());
        bench.device.garble = [](unsigned long, void*) {};
        REQUIRE(visit(bench).back() == "12");
    }
}

TEST_CASE("the same buffer twice is refused", "[device][camera]") {
    Bench bench;
    REQUIRE(bench.camera.open());
    bench.device.garble = [](unsigned long request, void* argument) {
        if (request == VIDIOC_DQBUF) static_cast<v4l2_buffer*>(argument)->index = 0;
    };
    bench.device.expose(grey(1));
    bench.device.expose(grey(2));
    REQUIRE(bench.next() == "device");
    REQUIRE(bench.is_clean());
}

TEST_CASE("a list without an end is left", "[device][camera]") {
    Bench bench;
    auto& formats = bench.device.plugged[0].formats;
    formats[0].sizes.assign(100'000, {32, 24});
    formats.resize(50'000, {V4L2_PIX_FMT_H264, {}});
    REQUIRE(bench.camera.open());
    REQUIRE(bench.device.calls() < 1'000);
}

TEST_CASE("any call may fail once, wherever: an error in words, no leak, and the next visit works",
          "[device][camera]") {
    const auto calls = calls_of_a_visit();
    REQUIRE(calls > 30);
    for (const int error : {EIO, EINVAL, EBUSY, ENOMEM, EAGAIN, ENOTTY, EPIPE, EPROTO, EACCES})
        for (std::size_t call = 0; call < calls; ++call) {
            Bench bench;
            bench.device.fail_at(call, error);
            const auto outcomes = visit(bench);
            CAPTURE(call, error, outcomes);
            for (const auto& outcome : outcomes) {
                const bool is_light = std::isdigit(outcome[0]) != 0;
                const bool is_known = outcome == "ok" || outcome == "device" ||
                                      outcome == "timed_out" || outcome == "unplugged" ||
                                      (outcome == "locked" && error == EBUSY);
                REQUIRE((is_light || is_known));
            }
            REQUIRE_FALSE(bench.camera.is_open());
            REQUIRE(bench.is_clean());
            REQUIRE(visit(bench) == std::vector<std::string>{"ok", "10", "11", "12"});
            REQUIRE(bench.is_clean());
        }
}

TEST_CASE("an interruption at any call changes nothing", "[device][camera]") {
    const auto calls = calls_of_a_visit();
    for (std::size_t call = 0; call < calls; ++call) {
        Bench bench;
        bench.device.fail_at(call, EINTR);
        CAPTURE(call);
        REQUIRE(visit(bench) == std::vector<std::string>{"ok", "10", "11", "12"});
        REQUIRE(bench.is_clean());
        REQUIRE(bench.camera.remarks() == [] {
            Bench plain;
            visit(plain);
            return plain.camera.remarks();
        }());
    }
}

TEST_CASE("the cable pulled at any call is unplugged, and the camera is found again elsewhere",
          "[device][camera]") {
    const auto calls = calls_of_a_visit();
    for (std::size_t call = 0; call < calls; ++call) {
        Bench bench;
        bench.device.unplug_at(call);
        const auto outcomes = visit(bench);
        CAPTURE(call, outcomes);
        // Pulled while it is closed nobody misses it.
        const bool is_whole = outcomes == std::vector<std::string>{"ok", "10", "11", "12"};
        REQUIRE((outcomes.back() == "unplugged" || is_whole));
        REQUIRE((is_whole ? call > calls / 2 : true));
        REQUIRE_FALSE(bench.camera.is_open());
        REQUIRE(bench.is_clean());
        REQUIRE(bench.opened() == "unplugged");
        bench.device.plug_in("/dev/video7");
        REQUIRE(visit(bench) == std::vector<std::string>{"ok", "10", "11", "12"});
        REQUIRE(bench.is_clean());
    }
}

TEST_CASE("pulled out between two frames, it says so until it is opened again",
          "[device][camera]") {
    Bench bench;
    REQUIRE(bench.camera.open());
    bench.device.coming.push_back(grey(5));
    REQUIRE(bench.next() == "5");
    bench.device.unplug_now();
    REQUIRE(bench.next() == "unplugged");
    REQUIRE_FALSE(bench.camera.is_open());
    REQUIRE(bench.next() == "unplugged");
    REQUIRE(bench.is_clean());
    bench.device.plug_in("/dev/video3");
    REQUIRE(bench.opened() == "ok");
    REQUIRE(holds(bench.camera.describe(), "/dev/video3"));
    bench.device.coming.push_back(grey(6));
    REQUIRE(bench.next() == "6");
    REQUIRE(bench.camera.frames_taken() == 2);
}

TEST_CASE("a device that poll(2) calls broken is gone, whatever else it answers",
          "[device][camera]") {
    for (const int said : {POLLERR, POLLHUP, POLLNVAL, POLLIN | POLLERR}) {
        Bench bench;
        REQUIRE(bench.camera.open());
        bench.device.poll_says = said;
        REQUIRE(bench.next() == "unplugged");
        REQUIRE_FALSE(bench.camera.is_open());
        REQUIRE(bench.is_clean());
    }
    Bench interrupted;
    REQUIRE(interrupted.camera.open());
    interrupted.device.poll_says = -EINTR; // for ever: the limit holds all the same
    REQUIRE(interrupted.next(50ms) == "timed_out");
}

TEST_CASE("a camera that goes out of scope open leaves nothing behind", "[device][camera]") {
    base::ManualClock clock{base::WallTime(1700000000000ms)};
    ScriptedV4l2 device{clock};
    {
        V4l2Camera camera(wanted_camera(), device, clock);
        REQUIRE(camera.open());
        REQUIRE(camera.open()); // twice is once
        device.expose(grey(200));
        REQUIRE(camera.next_frame(1s));
    }
    REQUIRE_FALSE(device.leaks());
    REQUIRE(device.dirty_unmaps() == 0);
    REQUIRE(device.misuse().empty());
}

TEST_CASE("a device's name cannot write on a terminal", "[device][camera]") {
    Bench bench;
    bench.device.plugged[0].name = "Desk\x1b[2J\n\xff camera that has a name too long for it";
    REQUIRE(holds(bench.camera.describe(), "\"Desk?[2J?? camera that has a na"));
}

TEST_CASE("the kernel's calls answer with negative error numbers, and files in their order",
          "[device][camera]") {
    const auto folder =
        std::filesystem::temp_directory_path() / ("kiosk-v4l2-test-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    for (const char* name : {"video10", "video2", "vbi0", "video", "videotape"})
        std::ofstream(folder / name) << "no device";
    const auto calls = kernel_v4l2_calls(folder.string());
    REQUIRE(calls->devices() ==
            std::vector<std::string>{(folder / "video2").string(), (folder / "video10").string()});
    REQUIRE(calls->open((folder / "video3").string()) == -ENOENT);
    const int fd = calls->open((folder / "video2").string());
    REQUIRE(fd >= 0);
    v4l2_capability about{};
    REQUIRE(calls->control(fd, VIDIOC_QUERYCAP, &about) == -ENOTTY);
    void* at = nullptr;
    REQUIRE(calls->map(fd, 9, 0, at) == 0);
    REQUIRE(std::memcmp(at, "no device", 9) == 0);
    REQUIRE(calls->unmap(at, 9) == 0);
    REQUIRE(calls->map(fd, 0, 0, at) == -EINVAL);
    REQUIRE((calls->poll(fd, 0ms) & POLLIN) != 0);
    REQUIRE(calls->close(fd) == 0);
    REQUIRE(calls->close(fd) == -EBADF);
    base::SystemClock clock;
    V4l2Camera camera(wanted_camera(), *calls, clock);
    REQUIRE(camera.open().error().code == Errc::unplugged); // files, no cameras
    std::filesystem::remove_all(folder);
    REQUIRE(calls->devices().empty());
}
