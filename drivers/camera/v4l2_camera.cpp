#include "drivers/camera/v4l2_camera.hpp"

#include "kiosk/base/secret.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <linux/videodev2.h>
#include <poll.h>
#include <utility>

namespace drivers {

using base::Errc;
using base::Error;
using base::Picture;
using base::Result;

namespace {

// Of what a device lists: more than any camera has, so that none can keep us listing.
constexpr std::uint32_t list_limit = 256;
// A call that was interrupted is made again; so often in a row it is the driver that is broken.
constexpr int interruption_limit = 100;
// One is shown, one is filled, two in between (chosen: what most programs ask for).
constexpr std::uint32_t buffers_wanted = 4;
constexpr std::uint32_t buffers_most = 32; // the kernel's VIDEO_MAX_FRAME
constexpr std::size_t buffer_most = 4 * base::picture_pixel_limit;

// In the order in which they are preferred at equal sizes: MJPEG is the only one that has high
// resolutions at a useful rate over USB 2.
constexpr std::array formats{FrameFormat::mjpeg, FrameFormat::yuyv, FrameFormat::nv12};

std::uint32_t code_of(FrameFormat format) {
    switch (format) {
    case FrameFormat::mjpeg: return V4L2_PIX_FMT_MJPEG;
    case FrameFormat::yuyv: return V4L2_PIX_FMT_YUYV;
    case FrameFormat::nv12: return V4L2_PIX_FMT_NV12;
    }
    return 0;
}

std::optional<FrameFormat> format_of(std::uint32_t code) {
    for (const auto format : formats)
        if (code_of(format) == code) return format;
    return std::nullopt;
}

bool is_gone(int error) {
    return error == ENODEV || error == ENXIO || error == ESHUTDOWN;
}

// `error`: as V4l2Calls answers, below zero.
Error failure(const std::string& what, int error) {
    const auto code = is_gone(-error) ? Errc::unplugged : Errc::device;
    return {code, "camera: " + what + ": " + std::strerror(-error)};
}

// Before the stream runs, somebody else may have it.
Error opening_failure(const std::string& what, int error) {
    if (error == -EBUSY) return {Errc::locked, "camera: another program has it"};
    return failure(what, error);
}

template <class Call> int uninterrupted(Call call) {
    int answer = -EINTR;
    for (int i = 0; i < interruption_limit && answer == -EINTR; ++i) answer = call();
    return answer;
}

int ask_device(V4l2Calls& calls, int fd, unsigned long request, void* argument) {
    return uninterrupted([&] { return calls.control(fd, request, argument); });
}

// Text of a fixed length, which a device need not end. It goes into logs and onto terminals: what
// is no letter becomes a question mark.
template <std::size_t size> std::string text_of(const std::uint8_t (&field)[size]) {
    std::string text(field, std::find(field, field + size, 0));
    for (auto& letter : text)
        if (letter < ' ' || letter > '~') letter = '?';
    return text;
}

// An open device that can stream what it captures.
class Device {
public:
    // Errors: unplugged, unsupported (something else than a camera), device.
    static Result<Device> open(V4l2Calls& calls, const std::string& path) {
        const int fd = uninterrupted([&] { return calls.open(path); });
        if (fd == -ENOENT) return Error{Errc::unplugged, "camera: nothing at " + path};
        if (fd == -EACCES || fd == -EPERM)
            return Error{Errc::device, "camera: " + path +
                                           " may not be opened: see that the udev "
                                           "rule of the kiosk is installed"};
        if (fd < 0) return opening_failure(path, fd);
        Device device(calls, fd, path);
        v4l2_capability about{};
        if (const int failed = device.ask(VIDIOC_QUERYCAP, &about); failed < 0) {
            if (is_gone(-failed)) return failure(path, failed);
            return Error{Errc::unsupported, "camera: " + path + " is no video device"};
        }
        // Of a camera with several nodes each says what it does by itself.
        const auto can = (about.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? about.device_caps
                                                                          : about.capabilities;
        if ((can & V4L2_CAP_VIDEO_CAPTURE) == 0 || (can & V4L2_CAP_STREAMING) == 0)
            return Error{Errc::unsupported, "camera: " + path + " gives no frames of a camera"};
        device.name = text_of(about.card);
        device.bus = text_of(about.bus_info);
        return device;
    }
    Device(Device&& other) noexcept
        : path(std::move(other.path)), name(std::move(other.name)), bus(std::move(other.bus)),
          calls_(other.calls_), fd_(std::exchange(other.fd_, -1)) {}
    Device& operator=(Device&&) = delete;
    ~Device() {
        if (fd_ >= 0) calls_->close(fd_);
    }

    int ask(unsigned long request, void* argument) const {
        return ask_device(*calls_, fd_, request, argument);
    }
    int fd() const { return fd_; }
    int release() { return std::exchange(fd_, -1); } // whoever asks closes it

    std::string path;
    std::string name;
    std::string bus;

private:
    Device(V4l2Calls& calls, int fd, std::string its_path)
        : path(std::move(its_path)), calls_(&calls), fd_(fd) {}
    V4l2Calls* calls_;
    int fd_;
};

Result<Device> open_named_file(V4l2Calls& calls, const CameraWanted& wanted) {
    auto device = Device::open(calls, wanted.device);
    if (!device && device.error().code == Errc::unsupported)
        return Error{Errc::device, device.error().context};
    if (device && !wanted.name.empty() && device->name != wanted.name)
        return Error{Errc::unplugged, "camera: at " + wanted.device + " is \"" + device->name +
                                          "\", not \"" + wanted.name + "\""};
    return device;
}

// Errors: unplugged, device.
Result<Device> find_camera(V4l2Calls& calls, const CameraWanted& wanted) {
    if (!wanted.device.empty()) return open_named_file(calls, wanted);
    if (wanted.name.empty() && !wanted.is_found_by_itself)
        return Error{Errc::unplugged, "camera: none is named in the configuration"};
    std::optional<Device> found;
    Error why{Errc::unplugged, "camera: none is plugged in" +
                                   (wanted.name.empty() ? "" : " that is \"" + wanted.name + "\"")};
    for (const auto& path : calls.devices()) {
        auto device = Device::open(calls, path);
        if (!device && device.error().code == Errc::device) why = device.error();
        if (!device || (!wanted.name.empty() && device->name != wanted.name)) continue;
        if (!found) {
            found.emplace(std::move(device).value());
            continue;
        }
        // One camera may have several nodes; the first is its main one.
        if (device->bus == found->bus) continue;
        return Error{Errc::device, "camera: several fit, \"" + found->name + "\" at " +
                                       found->path + " and \"" + device->name + "\" at " + path +
                                       ": name one in the configuration"};
    }
    if (!found) return why;
    return std::move(*found);
}

struct Choice {
    FrameFormat format = FrameFormat::mjpeg;
    int width = 0;
    int height = 0;
    long away(const CameraWanted& wanted) const {
        return std::labs(long(width) - wanted.width) + std::labs(long(height) - wanted.height);
    }
};

// The nearest to `wanted` within a range that is walked in steps.
int nearest_step(std::uint32_t least, std::uint32_t most, std::uint32_t step, int wanted) {
    constexpr std::uint32_t side_most = 65'535;
    if (least > side_most) return 0; // none
    most = std::clamp(most, least, side_most);
    const auto inside = std::clamp(std::uint32_t(wanted), least, most);
    return int(inside - (inside - least) % std::max(step, 1u));
}

bool is_possible(const Choice& choice) {
    const int most_row = 4 * choice.width;
    return check_form({choice.format, choice.width, choice.height, most_row, false}).has_value();
}

// Nothing: no size of it can be used. Errors: unplugged.
Result<std::optional<Choice>> nearest_size(const Device& device, FrameFormat format,
                                           const CameraWanted& wanted) {
    std::optional<Choice> nearest;
    for (std::uint32_t i = 0; i < list_limit; ++i) {
        v4l2_frmsizeenum size{};
        size.index = i;
        size.pixel_format = code_of(format);
        const int answer = device.ask(VIDIOC_ENUM_FRAMESIZES, &size);
        if (is_gone(-answer)) return failure(device.path, answer);
        // A device that lists no sizes takes the wanted one or says another.
        if (answer < 0 && i == 0) return std::optional(Choice{format, wanted.width, wanted.height});
        if (answer < 0) break;
        Choice choice{format, int(size.discrete.width), int(size.discrete.height)};
        const bool is_range = size.type != V4L2_FRMSIZE_TYPE_DISCRETE;
        const auto& range = size.stepwise;
        if (is_range) {
            choice.width =
                nearest_step(range.min_width, range.max_width, range.step_width, wanted.width);
            choice.height =
                nearest_step(range.min_height, range.max_height, range.step_height, wanted.height);
        }
        if (is_possible(choice) && (!nearest || choice.away(wanted) < nearest->away(wanted)))
            nearest = choice;
        if (is_range) break;
    }
    return nearest;
}

// What it offers of what we can read, the preferred first. Errors: unplugged.
Result<std::vector<Choice>> choices(const Device& device, const CameraWanted& wanted) {
    std::array<bool, formats.size()> is_offered{};
    for (std::uint32_t i = 0; i < list_limit; ++i) {
        v4l2_fmtdesc format{};
        format.index = i;
        format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        const int answer = device.ask(VIDIOC_ENUM_FMT, &format);
        if (is_gone(-answer)) return failure(device.path, answer);
        if (answer < 0) break;
        for (std::size_t k = 0; k < formats.size(); ++k)
            if (code_of(formats[k]) == format.pixelformat) is_offered[k] = true;
    }
    std::vector<Choice> all;
    for (std::size_t k = 0; k < formats.size(); ++k)
        if (is_offered[k])
            if (const auto nearest = TRY(nearest_size(device, formats[k], wanted)))
                all.push_back(*nearest);
    return all;
}

std::string words_of(const Choice& choice) {
    return std::string(to_string(choice.format)) + " " + std::to_string(choice.width) + " x " +
           std::to_string(choice.height);
}

// What a camera may do by itself or be told.
struct ControlRow {
    const char* name;
    std::uint32_t automatic;             // the control that says who does it
    std::array<int, 2> automatic_values; // the second where the first is not known
    int manual_value;
    std::uint32_t value; // the control that is told
    std::optional<int> CameraControls::*wanted;
};
// UVC cameras know automatic exposure as "aperture priority" (the aperture is fixed anyway).
constexpr std::array control_rows{
    ControlRow{"exposure",
               V4L2_CID_EXPOSURE_AUTO,
               {V4L2_EXPOSURE_APERTURE_PRIORITY, V4L2_EXPOSURE_AUTO},
               V4L2_EXPOSURE_MANUAL,
               V4L2_CID_EXPOSURE_ABSOLUTE,
               &CameraControls::exposure},
    ControlRow{"gain", V4L2_CID_AUTOGAIN, {1, 1}, 0, V4L2_CID_GAIN, &CameraControls::gain},
    ControlRow{
        "focus", V4L2_CID_FOCUS_AUTO, {1, 1}, 0, V4L2_CID_FOCUS_ABSOLUTE, &CameraControls::focus},
    ControlRow{"white balance",
               V4L2_CID_AUTO_WHITE_BALANCE,
               {1, 1},
               0,
               V4L2_CID_WHITE_BALANCE_TEMPERATURE,
               &CameraControls::white_balance},
};

// A control as the device describes it. Nothing: it has none that can be set. Errors: unplugged.
Result<std::optional<v4l2_queryctrl>> find_control(V4l2Calls& calls, int fd, std::uint32_t id) {
    v4l2_queryctrl control{};
    control.id = id;
    const int answer = ask_device(calls, fd, VIDIOC_QUERYCTRL, &control);
    if (is_gone(-answer)) return failure("a control", answer);
    const bool can_be_set =
        answer >= 0 && (control.flags & (V4L2_CTRL_FLAG_DISABLED | V4L2_CTRL_FLAG_READ_ONLY)) == 0;
    return can_be_set ? std::optional(control) : std::nullopt;
}

// Sets controls one by one and remembers what it could not.
class ControlSetter {
public:
    ControlSetter(V4l2Calls& calls, int fd, std::vector<std::string>& remarks)
        : calls_(calls), fd_(fd), remarks_(remarks) {}

    Result<void> set(const ControlRow& row, std::optional<int> wanted) {
        return wanted ? set_by_hand(row, *wanted) : set_automatic(row);
    }

    Result<void> set_by_hand(const ControlRow& row, int wanted) {
        // Where it never does it by itself, nothing has to be switched off.
        if (TRY(find_control(calls_, fd_, row.automatic)))
            if (!TRY(is_taken(row.automatic, row.manual_value)))
                return remark(row.name, "stays automatic");
        return set_value(row.name, row.value, wanted);
    }

    Result<void> set_value(const char* name, std::uint32_t id, int wanted) {
        const auto control = TRY(find_control(calls_, fd_, id));
        if (!control) return remark(name, "missing");
        if (wanted < control->minimum || wanted > control->maximum)
            return remark(name, std::to_string(wanted) + " is not within " +
                                    std::to_string(control->minimum) + " to " +
                                    std::to_string(control->maximum));
        if (!TRY(is_taken(id, wanted))) return remark(name, "refused");
        return {};
    }

private:
    Result<void> set_automatic(const ControlRow& row) {
        if (!TRY(find_control(calls_, fd_, row.automatic)))
            return remark(row.name, "not automatic");
        for (const int value : row.automatic_values)
            if (TRY(is_taken(row.automatic, value))) return {};
        return remark(row.name, "not automatic");
    }
    // Whether the device took it. Errors: unplugged.
    Result<bool> is_taken(std::uint32_t id, int value) {
        v4l2_control control{id, value};
        const int answer = ask_device(calls_, fd_, VIDIOC_S_CTRL, &control);
        if (is_gone(-answer)) return failure("a control", answer);
        return answer >= 0;
    }
    Result<void> remark(const char* name, const std::string& what) {
        remarks_.push_back(std::string(name) + ": " + what);
        return {};
    }

    V4l2Calls& calls_;
    int fd_;
    std::vector<std::string>& remarks_;
};

v4l2_buffer empty_buffer(std::uint32_t index = 0) {
    v4l2_buffer buffer{};
    buffer.index = index;
    buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    buffer.memory = V4L2_MEMORY_MMAP;
    return buffer;
}

} // namespace

std::string CameraLook::text() const {
    std::string text = "\"" + name + "\" at " + path + " (" + bus + "); " +
                       (formats.empty() ? "no format that the kiosk knows" : formats);
    for (const auto& control : controls) text += "; " + control;
    return text;
}

V4l2Camera::V4l2Camera(CameraWanted wanted, V4l2Calls& calls, const base::Clock& clock)
    : wanted_(std::move(wanted)), calls_(calls), clock_(clock) {}

V4l2Camera::~V4l2Camera() {
    release();
}

int V4l2Camera::ask(unsigned long request, void* argument) const {
    return ask_device(calls_, fd_, request, argument);
}

Result<void> V4l2Camera::open() {
    if (is_open()) return {};
    why_.reset();
    was_silent_ = false;
    remarks_.clear();
    auto opened = open_stream();
    if (!opened) release();
    return opened;
}

Result<void> V4l2Camera::open_stream() {
    auto device = TRY(find_camera(calls_, wanted_));
    about_ = {device.path, device.name, device.bus, "", {}};
    auto nearest = TRY(choices(device, wanted_));
    // The preferred one among equals: the sort is stable.
    std::stable_sort(nearest.begin(), nearest.end(), [&](const Choice& a, const Choice& b) {
        return a.away(wanted_) < b.away(wanted_);
    });
    if (nearest.empty())
        return Error{Errc::device, "camera: \"" + device.name +
                                       "\" has no format that the kiosk "
                                       "knows (MJPEG, YUYV, NV12)"};
    form_ = {nearest[0].format, nearest[0].width, nearest[0].height, 0, false};
    fd_ = device.release();
    TRY(agree_on_format());
    TRY(set_rate());
    TRY(set_controls());
    TRY(map_buffers());
    return start();
}

// The device may say another size than the one it was asked for, and has the last word.
Result<void> V4l2Camera::agree_on_format() {
    v4l2_format format{};
    format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    auto& pix = format.fmt.pix;
    pix.width = std::uint32_t(form_.width);
    pix.height = std::uint32_t(form_.height);
    pix.pixelformat = code_of(form_.format);
    pix.field = V4L2_FIELD_NONE;
    if (const int failed = ask(VIDIOC_S_FMT, &format); failed < 0)
        return opening_failure("no format", failed);
    const auto known = format_of(pix.pixelformat);
    if (!known) return Error{Errc::device, "camera: it takes another format than it offered"};
    if (pix.field != V4L2_FIELD_NONE && pix.field != V4L2_FIELD_ANY)
        return Error{Errc::device, "camera: it gives half frames"};
    constexpr std::uint32_t side_most = 65'535;
    if (pix.width > side_most || pix.height > side_most || pix.bytesperline > 4 * side_most)
        return Error{Errc::device, "camera: frames over 40 million pixels"};
    form_ = {*known, int(pix.width), int(pix.height), int(pix.bytesperline), false};
    // Some drivers leave out what follows from the width.
    if (form_.row_bytes == 0 && *known == FrameFormat::yuyv) form_.row_bytes = 2 * form_.width;
    if (form_.row_bytes == 0 && *known == FrameFormat::nv12) form_.row_bytes = form_.width;
    form_.full_range =
        pix.quantization == V4L2_QUANTIZATION_FULL_RANGE ||
        (pix.quantization == V4L2_QUANTIZATION_DEFAULT && pix.colorspace == V4L2_COLORSPACE_JPEG);
    if (const auto good = check_form(form_); !good)
        return Error{Errc::device, "camera: " + good.error().context};
    return {};
}

// A wish: a device that has one rate only does not know the call.
Result<void> V4l2Camera::set_rate() {
    v4l2_streamparm rate{};
    rate.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    rate.parm.capture.timeperframe = {1, std::uint32_t(wanted_.frames_per_second)};
    const int answer = ask(VIDIOC_S_PARM, &rate);
    if (is_gone(-answer)) return failure("no frame rate", answer);
    return {};
}

Result<void> V4l2Camera::set_controls() {
    ControlSetter setter(calls_, fd_, remarks_);
    for (const auto& row : control_rows) TRY(setter.set(row, wanted_.controls.*row.wanted));
    const int mains = wanted_.controls.power_line_hz == 60 ? V4L2_CID_POWER_LINE_FREQUENCY_60HZ
                                                           : V4L2_CID_POWER_LINE_FREQUENCY_50HZ;
    return setter.set_value("power line", V4L2_CID_POWER_LINE_FREQUENCY, mains);
}

Result<void> V4l2Camera::map_buffers() {
    v4l2_requestbuffers request{};
    request.count = buffers_wanted;
    request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    request.memory = V4L2_MEMORY_MMAP;
    if (const int failed = ask(VIDIOC_REQBUFS, &request); failed < 0)
        return opening_failure("no buffers", failed);
    if (request.count == 0 || request.count > buffers_most)
        return Error{Errc::device,
                     "camera: " + std::to_string(request.count) + " buffers for its frames"};
    for (std::uint32_t i = 0; i < request.count; ++i) {
        auto about = empty_buffer(i);
        if (const int failed = ask(VIDIOC_QUERYBUF, &about); failed < 0)
            return opening_failure("no buffer", failed);
        if (about.length == 0 || about.length > buffer_most || about.length < frame_bytes(form_))
            return Error{Errc::device,
                         "camera: a buffer of " + std::to_string(about.length) + " bytes"};
        Buffer buffer{nullptr, about.length, true};
        const int failed =
            uninterrupted([&] { return calls_.map(fd_, buffer.size, about.m.offset, buffer.at); });
        if (failed < 0) return opening_failure("a buffer is out of reach", failed);
        buffers_.push_back(buffer);
    }
    return {};
}

Result<void> V4l2Camera::start() {
    for (std::uint32_t i = 0; i < buffers_.size(); ++i) TRY(give_back(i));
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    is_streaming_ = true; // also where it fails half way: release() ends it
    if (const int failed = ask(VIDIOC_STREAMON, &type); failed < 0)
        return opening_failure("no stream", failed);
    return {};
}

// Some cameras fall silent until their stream is started anew (uvcvideo's users tell it of cheap
// ones); unverified on hardware.
Result<void> V4l2Camera::restart() {
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (const int failed = ask(VIDIOC_STREAMOFF, &type); failed < 0)
        return failure("the stream does not end", failed);
    for (auto& buffer : buffers_) buffer.is_ours = true; // the kernel gives up all of them
    return start();
}

Result<void> V4l2Camera::give_back(std::uint32_t index) {
    auto buffer = empty_buffer(index);
    if (const int failed = ask(VIDIOC_QBUF, &buffer); failed < 0)
        return failure("it does not take a buffer back", failed);
    buffers_[index].is_ours = false;
    return {};
}

// Every frame that waits, oldest first.
Result<std::vector<V4l2Camera::Taken>> V4l2Camera::take_all() {
    std::vector<Taken> all;
    while (true) {
        auto buffer = empty_buffer();
        const int answer = ask(VIDIOC_DQBUF, &buffer);
        if (answer == -EAGAIN) return all;
        if (answer < 0) return failure("the stream broke", answer);
        if (buffer.index >= buffers_.size() || buffers_[buffer.index].is_ours)
            return Error{Errc::device, "camera: a frame in a buffer that it does not have"};
        buffers_[buffer.index].is_ours = true;
        // A frame that is marked as damaged, or longer than its place, counts as empty.
        const bool is_whole = (buffer.flags & V4L2_BUF_FLAG_ERROR) == 0 &&
                              buffer.bytesused <= buffers_[buffer.index].size;
        all.push_back({buffer.index, is_whole ? buffer.bytesused : 0});
    }
}

Result<Picture> V4l2Camera::wait_for_frame(base::Milliseconds limit) {
    const auto until = clock_.now() + limit;
    std::optional<Error> unreadable;
    for (bool is_first = true;; is_first = false) {
        const auto waiting = TRY(take_all());
        // With every buffer full the camera had nowhere to put what it saw since.
        const bool are_old = is_first && waiting.size() == buffers_.size();
        std::optional<Result<Picture>> frame;
        if (!waiting.empty() && !are_old) {
            const auto& newest = waiting.back();
            const auto& buffer = buffers_[newest.index];
            frame =
                decode_frame(form_, {static_cast<const std::uint8_t*>(buffer.at), newest.bytes});
        }
        for (const auto& each : waiting) TRY(give_back(each.index));
        if (frame && *frame) return std::move(*frame);
        if (frame) unreadable = frame->error();
        const auto left = until - clock_.now();
        if (left <= base::Milliseconds(0)) break;
        const int happened = calls_.poll(fd_, left);
        if (happened == -EINTR) continue;
        if (happened < 0) return failure("waiting for a frame", happened);
        if ((happened & (POLLERR | POLLHUP | POLLNVAL)) != 0)
            return Error{Errc::unplugged, "camera: gone while a frame was awaited"};
    }
    if (unreadable)
        return Error{Errc::device, "camera: no frame could be read: " + unreadable->context};
    return Error{Errc::timed_out, "camera: no frame within the limit"};
}

Result<Picture> V4l2Camera::next_frame(base::Milliseconds limit) {
    if (why_) return *why_;
    CHECK(is_open());
    const auto started = was_silent_ ? restart() : Result<void>();
    auto frame = started ? wait_for_frame(limit) : Result<Picture>(started.error());
    was_silent_ = !frame && frame.error().code == Errc::timed_out;
    if (frame) ++frames_;
    if (!frame && !was_silent_) {
        release();
        why_ = frame.error().code == Errc::locked ? Error{Errc::device, frame.error().context}
                                                  : frame.error();
        return *why_;
    }
    return frame;
}

void V4l2Camera::close() {
    release();
    why_.reset();
}

void V4l2Camera::release() {
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (is_streaming_) ask(VIDIOC_STREAMOFF, &type); // of one that is gone: nothing to end
    is_streaming_ = false;
    for (const auto& buffer : buffers_) {
        base::wipe(buffer.at, buffer.size);
        calls_.unmap(buffer.at, buffer.size);
    }
    buffers_.clear();
    if (fd_ >= 0) calls_.close(fd_);
    fd_ = -1;
}

Result<CameraLook> V4l2Camera::look() const {
    const auto device = TRY(find_camera(calls_, wanted_));
    CameraLook look{device.path, device.name, device.bus, "", {}};
    for (const auto& choice : TRY(choices(device, wanted_)))
        look.formats += (look.formats.empty() ? "" : ", ") + words_of(choice);
    for (const auto& row : control_rows) {
        const bool can_set = TRY(find_control(calls_, device.fd(), row.value)).has_value();
        const bool can_itself = TRY(find_control(calls_, device.fd(), row.automatic)).has_value();
        if (!can_set || !can_itself)
            look.controls.push_back(std::string(row.name) + ": " +
                                    (can_itself ? "automatic only"
                                     : can_set  ? "by hand only"
                                                : "missing"));
    }
    if (!TRY(find_control(calls_, device.fd(), V4L2_CID_POWER_LINE_FREQUENCY)))
        look.controls.push_back("power line: missing");
    return look;
}

std::string V4l2Camera::describe() const {
    if (!is_open()) {
        const auto seen = look();
        return seen ? seen->text() : seen.error().context;
    }
    auto about = about_;
    about.formats = words_of({form_.format, form_.width, form_.height});
    about.controls = remarks_;
    return about.text();
}

} // namespace drivers
