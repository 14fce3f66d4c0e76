#include "drivers/scanner/whole_frame.hpp"

#include <algorithm>

namespace drivers {
namespace {

constexpr double dark_frame_below = 30; // chosen: ordinary room light gives 100 and more
constexpr int smallest_side = 400;

// Rec. 601 luma in integers.
int luma_at(const base::Picture& picture, const std::uint8_t* pixel) {
    if (picture.channels == 1) return pixel[0];
    return (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2] + 500) / 1000;
}

} // namespace

base::Result<base::Picture> whole_frame_as_page(base::Picture frame) {
    CHECK(!frame.empty());
    if (std::min(frame.width, frame.height) < smallest_side)
        return base::Error{base::Errc::invalid_input, "frame too small"};
    std::int64_t sum = 0;
    for (int y = 0; y < frame.height; ++y) {
        const auto* pixel = frame.row(y);
        for (int x = 0; x < frame.width; ++x, pixel += frame.channels) sum += luma_at(frame, pixel);
    }
    if (double(sum) < dark_frame_below * frame.width * frame.height)
        return base::Error{base::Errc::invalid_input, "frame too dark"};
    return frame;
}

} // namespace drivers
