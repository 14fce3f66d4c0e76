#include "drivers/camera/simulated_camera.hpp"

#include <algorithm>

namespace drivers {

using base::Errc;
using base::Error;
using base::Picture;
using base::Result;

namespace {

constexpr std::uint8_t skin[3]{196, 148, 118};
constexpr std::uint8_t white[3]{255, 255, 255};

// Shares of the frame's sides.
struct Oval {
    double x, y, half_width, half_height;
};

void paint(Picture& frame, const Oval& oval, const std::uint8_t* colour) {
    for (int y = 0; y < frame.height; ++y)
        for (int x = 0; x < frame.width; ++x) {
            const double dx = (double(x) / frame.width - oval.x) / oval.half_width;
            const double dy = (double(y) / frame.height - oval.y) / oval.half_height;
            if (dx * dx + dy * dy > 1) continue;
            auto* pixel = frame.row(y) + frame.channels * x;
            for (int c = 0; c < frame.channels; ++c) pixel[c] = colour[c];
        }
}

// Moved to the right by `by` pixels; the desk shows where nothing is left.
Picture moved(const Picture& frame, const Picture& desk, int by) {
    if (desk.width != frame.width || desk.height != frame.height) return frame;
    Picture out = desk;
    for (int y = 0; y < frame.height; ++y)
        std::copy_n(frame.row(y), std::size_t(frame.width - by) * std::size_t(frame.channels),
                    out.row(y) + by * frame.channels);
    return out;
}

// The mean of 2 * `reach` + 1 pixels across, then down.
Picture blurred(const Picture& frame, int reach) {
    const auto pass = [&](const Picture& in, bool across) {
        Picture out = in;
        const int length = across ? in.width : in.height;
        const int lines = across ? in.height : in.width;
        const auto at = [&](int line, int i, int c) {
            const int x = across ? i : line, y = across ? line : i;
            return (std::size_t(y) * std::size_t(in.width) + std::size_t(x)) *
                       std::size_t(in.channels) +
                   std::size_t(c);
        };
        for (int line = 0; line < lines; ++line)
            for (int c = 0; c < in.channels; ++c) {
                int sum = 0;
                const auto value = [&](int i) {
                    return int(in.pixels[at(line, std::clamp(i, 0, length - 1), c)]);
                };
                for (int i = -reach; i <= reach; ++i) sum += value(i);
                for (int i = 0; i < length; ++i) {
                    out.pixels[at(line, i, c)] = std::uint8_t(sum / (2 * reach + 1));
                    sum += value(i + reach + 1) - value(i - reach);
                }
            }
        return out;
    };
    return pass(pass(frame, true), false);
}

} // namespace

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
    Picture frame = as_seen();
    slides_for_ = std::max(0, slides_for_ - 1);
    hunts_for_ = std::max(0, hunts_for_ - 1);
    return frame;
}

Picture SimulatedCamera::as_seen() const {
    // Always the same, and slow to draw.
    static const Picture desk = make_empty_desk();
    Picture frame = page_.empty() ? desk : page_;
    if (slides_for_ > 0) frame = moved(frame, desk, frame.width * slides_for_ / (slide_ + 1));
    if (is_shining_) paint(frame, {0.62, 0.33, 0.25, 0.24}, white);
    if (has_hand_) paint(frame, {0.05, 0.5, 0.16, 0.06}, skin);
    if (hunts_for_ > 0) frame = blurred(frame, 3 + 3 * (hunts_for_ % 3));
    if (is_flickering_ && frames_ % 2 == 0)
        for (auto& value : frame.pixels) value = std::uint8_t(value / 6);
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
    slides_for_ = 0;
}
void SimulatedCamera::slide_in(Picture frame, int frames) {
    const std::lock_guard lock(mutex_);
    page_ = std::move(frame);
    slides_for_ = slide_ = frames;
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
void SimulatedCamera::lay_hand(bool lies) {
    const std::lock_guard lock(mutex_);
    has_hand_ = lies;
}
void SimulatedCamera::reflect(bool shines) {
    const std::lock_guard lock(mutex_);
    is_shining_ = shines;
}
void SimulatedCamera::flicker(bool on) {
    const std::lock_guard lock(mutex_);
    is_flickering_ = on;
}
void SimulatedCamera::hunt_focus(int frames) {
    const std::lock_guard lock(mutex_);
    hunts_for_ = frames;
}

} // namespace drivers
