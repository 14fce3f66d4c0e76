#include "drivers/camera/simulated_camera.hpp"

#include <algorithm>

namespace drivers {

using base::Errc;
using base::Error;
using base::Picture;
using base::Result;

Result<void> SimulatedCamera::open() {
    const std::lock_guard lock(mutex_);
    if (!is_plugged_) return Error{Errc::unplugged, "simulated camera"};
    is_open_ = true;
    return {};
}

Result<Picture> SimulatedCamera::next_frame(base::Milliseconds) {
    const std::lock_guard lock(mutex_);
    if (!is_plugged_) return Error{Errc::unplugged, "simulated camera"};
    CHECK(is_open_);
    if (is_stalled_) return Error{Errc::timed_out, "simulated camera"};
    ++frames_;
    // Always the same, and slow to draw.
    static const Picture desk = make_empty_desk();
    Picture frame = page_.empty() ? desk : page_;
    if (is_black_) std::fill(frame.pixels.begin(), frame.pixels.end(), std::uint8_t(0));
    return frame;
}

void SimulatedCamera::close() {
    const std::lock_guard lock(mutex_);
    is_open_ = false;
}
bool SimulatedCamera::is_open() const {
    const std::lock_guard lock(mutex_);
    return is_open_;
}
std::uint64_t SimulatedCamera::frames_taken() const {
    const std::lock_guard lock(mutex_);
    return frames_;
}
std::string SimulatedCamera::describe() const {
    return "simulated document camera";
}

void SimulatedCamera::put_page(Picture frame) {
    const std::lock_guard lock(mutex_);
    page_ = std::move(frame);
}

Result<void> SimulatedCamera::put_page_file(const std::string& path) {
    const auto bytes = TRY(base::read_file(path));
    auto picture = TRY(base::decode_picture(bytes));
    put_page(std::move(picture));
    return {};
}

void SimulatedCamera::take_page_away() {
    put_page({});
}
bool SimulatedCamera::has_page() const {
    const std::lock_guard lock(mutex_);
    return !page_.empty();
}

void SimulatedCamera::pull_cable() {
    const std::lock_guard lock(mutex_);
    is_plugged_ = false;
    is_open_ = false;
}
void SimulatedCamera::plug_cable() {
    const std::lock_guard lock(mutex_);
    is_plugged_ = true;
}
void SimulatedCamera::go_black(bool black) {
    const std::lock_guard lock(mutex_);
    is_black_ = black;
}
void SimulatedCamera::stall(bool stalled) {
    const std::lock_guard lock(mutex_);
    is_stalled_ = stalled;
}

} // namespace drivers
