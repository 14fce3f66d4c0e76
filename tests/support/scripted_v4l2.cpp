#include "tests/support/scripted_v4l2.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>

namespace test_support {
namespace {

template <class T> T& as(void* argument) {
    return *static_cast<T*>(argument);
}

template <std::size_t size> void put(std::uint8_t (&field)[size], const std::string& text) {
    std::memcpy(field, text.data(), std::min(size, text.size()));
}

} // namespace

void ScriptedV4l2::plug_in(std::string path) {
    is_gone_ = false;
    unplug_at_.reset();
    fail_at_.reset();
    plugged[0].path = std::move(path);
    plugged[0].open_error = 0;
}

std::size_t ScriptedV4l2::count(unsigned long request) const {
    const auto found = requests_.find(request);
    return found == requests_.end() ? 0 : found->second;
}

int ScriptedV4l2::strike() {
    const auto call = calls_++;
    if (unplug_at_ && call >= *unplug_at_) is_gone_ = true;
    return fail_at_ && fail_at_->call == call ? -fail_at_->error : 0;
}

std::vector<std::string> ScriptedV4l2::devices() {
    std::vector<std::string> paths;
    for (std::size_t i = is_gone_ ? 1 : 0; i < plugged.size(); ++i)
        paths.push_back(plugged[i].path);
    return paths;
}

int ScriptedV4l2::open(const std::string& path) {
    if (const int failed = strike(); failed < 0) return failed;
    for (std::size_t i = is_gone_ ? 1 : 0; i < plugged.size(); ++i) {
        if (plugged[i].path != path) continue;
        if (plugged[i].open_error != 0) return -plugged[i].open_error;
        open_[next_fd_] = i;
        return next_fd_++;
    }
    return -ENOENT;
}

int ScriptedV4l2::close(int fd) {
    const int failed = strike();
    const auto found = open_.find(fd);
    if (found == open_.end()) {
        misuse_.push_back("closed what is not open");
        return -EBADF;
    }
    if (found->second == 0) end_stream();
    open_.erase(found);
    return failed;
}

void ScriptedV4l2::end_stream() {
    is_streaming_ = false;
    filled_.clear();
    for (auto& place : places_) place.is_queued = false;
}

int ScriptedV4l2::control(int fd, unsigned long request, void* argument) {
    ++requests_[request];
    const auto found = open_.find(fd);
    if (found == open_.end()) misuse_.push_back("asked what is not open");
    if (const int failed = strike(); failed < 0) return failed;
    if (found == open_.end()) return -EBADF;
    if (is_gone_ && found->second == 0) return -ENODEV;
    const int answered = answer(plugged[found->second], request, argument);
    if (answered >= 0) garble(request, argument);
    return answered;
}

int ScriptedV4l2::answer(ScriptedDevice& device, unsigned long request, void* argument) {
    switch (request) {
    case VIDIOC_QUERYCAP: {
        auto& about = as<v4l2_capability>(argument);
        put(about.card, device.name);
        put(about.bus_info, device.bus);
        about.capabilities = V4L2_CAP_DEVICE_CAPS | V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        about.device_caps = device.can;
        return 0;
    }
    case VIDIOC_ENUM_FMT: {
        auto& format = as<v4l2_fmtdesc>(argument);
        if (format.index >= device.formats.size()) return -EINVAL;
        format.pixelformat = device.formats[format.index].code;
        return 0;
    }
    case VIDIOC_ENUM_FRAMESIZES: return list_size(device, as<v4l2_frmsizeenum>(argument));
    case VIDIOC_S_FMT:
        return device.is_held_elsewhere ? -EBUSY : set_format(device, as<v4l2_format>(argument));
    case VIDIOC_S_PARM: return 0;
    case VIDIOC_QUERYCTRL: {
        auto& control = as<v4l2_queryctrl>(argument);
        const auto found = device.controls.find(control.id);
        if (found == device.controls.end()) return -EINVAL;
        control.minimum = found->second.minimum;
        control.maximum = found->second.maximum;
        control.flags = found->second.flags;
        return 0;
    }
    case VIDIOC_S_CTRL: {
        const auto& control = as<v4l2_control>(argument);
        const auto found = device.controls.find(control.id);
        if (found == device.controls.end()) return -EINVAL;
        auto& own = found->second;
        if (std::find(own.refused.begin(), own.refused.end(), control.value) != own.refused.end())
            return -EINVAL;
        own.value = control.value;
        set_.emplace_back(control.id, control.value);
        return 0;
    }
    case VIDIOC_REQBUFS: return make_buffers(device, as<v4l2_requestbuffers>(argument));
    case VIDIOC_QUERYBUF: {
        auto& buffer = as<v4l2_buffer>(argument);
        if (buffer.index >= places_.size()) return -EINVAL;
        buffer.length = std::uint32_t(places_[buffer.index].bytes.size());
        buffer.m.offset = buffer.index * 4096;
        return 0;
    }
    case VIDIOC_QBUF: {
        const auto& buffer = as<v4l2_buffer>(argument);
        if (buffer.index >= places_.size() || places_[buffer.index].is_queued) {
            misuse_.push_back("queued a buffer that is not its own");
            return -EINVAL;
        }
        places_[buffer.index].is_queued = true;
        return 0;
    }
    case VIDIOC_DQBUF: return take_filled(as<v4l2_buffer>(argument));
    case VIDIOC_STREAMON: is_streaming_ = true; return 0;
    case VIDIOC_STREAMOFF: end_stream(); return 0;
    }
    return -ENOTTY;
}

int ScriptedV4l2::list_size(const ScriptedDevice& device, v4l2_frmsizeenum& size) const {
    for (const auto& format : device.formats) {
        if (format.code != size.pixel_format) continue;
        if (size.index >= (format.is_range ? 1 : format.sizes.size())) return -EINVAL;
        const auto& [width, height] = format.sizes[size.index];
        size.type = V4L2_FRMSIZE_TYPE_DISCRETE;
        size.discrete = {std::uint32_t(width), std::uint32_t(height)};
        if (format.is_range) {
            size.type = V4L2_FRMSIZE_TYPE_STEPWISE;
            const auto& [most_width, most_height] = format.sizes.back();
            size.stepwise = {std::uint32_t(width),  std::uint32_t(most_width),  8,
                             std::uint32_t(height), std::uint32_t(most_height), 8};
        }
        return 0;
    }
    return -EINVAL;
}

int ScriptedV4l2::set_format(ScriptedDevice& device, v4l2_format& format) {
    auto& pix = format.fmt.pix;
    width_ = pix.width;
    height_ = pix.height;
    code_ = pix.pixelformat;
    pix.field = device.field;
    pix.quantization = device.quantization;
    pix.bytesperline = code_ == V4L2_PIX_FMT_MJPEG  ? 0
                       : code_ == V4L2_PIX_FMT_YUYV ? 2 * width_
                                                    : width_;
    return 0;
}

int ScriptedV4l2::make_buffers(const ScriptedDevice& device, v4l2_requestbuffers& request) {
    if (device.is_held_elsewhere) return -EBUSY;
    if (!mapped_.empty()) misuse_.push_back("asked for buffers while some are mapped");
    if (device.buffers_given != 0) request.count = device.buffers_given;
    const auto size = device.buffer_size != 0 ? device.buffer_size : 4 * width_ * height_;
    places_.assign(std::min(request.count, 64u), {base::Bytes(size), false});
    filled_.clear();
    return 0;
}

int ScriptedV4l2::take_filled(v4l2_buffer& buffer) {
    if (!is_streaming_) return -EINVAL;
    if (filled_.empty()) return -EAGAIN;
    buffer.index = filled_.front().index;
    buffer.bytesused = filled_.front().bytesused;
    buffer.flags = filled_.front().flags;
    filled_.pop_front();
    places_[buffer.index].is_queued = false;
    return 0;
}

bool ScriptedV4l2::expose(const ScriptedFrame& frame) {
    if (!is_streaming_ || is_gone_) return false;
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
        auto& place = places_[i];
        const bool is_filled = std::any_of(filled_.begin(), filled_.end(),
                                           [i](const auto& each) { return each.index == i; });
        if (!place.is_queued || is_filled) continue;
        const auto fits = std::min(frame.bytes.size(), place.bytes.size());
        std::copy_n(frame.bytes.begin(), fits, place.bytes.begin());
        v4l2_buffer filled{};
        filled.index = i;
        filled.flags = frame.flags;
        filled.bytesused = frame.bytes_said.value_or(std::uint32_t(fits));
        filled_.push_back(filled);
        return true;
    }
    return false;
}

int ScriptedV4l2::map(int fd, std::size_t size, std::size_t offset, void*& at) {
    if (const int failed = strike(); failed < 0) return failed;
    const auto index = offset / 4096;
    if (is_gone_ || open_.count(fd) == 0 || index >= places_.size()) return -ENODEV;
    if (size > places_[index].bytes.size()) return -EINVAL;
    at = places_[index].bytes.data();
    mapped_[at] = size;
    return 0;
}

int ScriptedV4l2::unmap(void* at, std::size_t size) {
    const int failed = strike();
    const auto found = mapped_.find(at);
    if (found == mapped_.end() || found->second != size) {
        misuse_.push_back("unmapped what is not mapped");
        return -EINVAL;
    }
    const auto* bytes = static_cast<const std::uint8_t*>(at);
    if (std::any_of(bytes, bytes + size, [](auto byte) { return byte != 0; })) ++dirty_unmaps_;
    mapped_.erase(found);
    return failed;
}

int ScriptedV4l2::poll(int fd, base::Milliseconds limit) {
    if (const int failed = strike(); failed < 0) return failed;
    if (open_.count(fd) == 0) misuse_.push_back("waited for what is not open");
    if (is_gone_) return POLLERR | POLLHUP;
    if (poll_says) {
        clock_.advance(base::Milliseconds(1));
        return *poll_says;
    }
    if (filled_.empty() && !coming.empty()) {
        clock_.advance(base::Milliseconds(1));
        expose(coming.front());
        coming.pop_front();
    }
    if (!filled_.empty()) return POLLIN;
    clock_.advance(limit);
    return 0;
}

} // namespace test_support
