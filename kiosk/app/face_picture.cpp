#include "kiosk/app/face_picture.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace app {
namespace {

// The mirror is drawn about 570 pixels wide; a little more keeps it sharp.
constexpr int mirror_side = 640;

} // namespace

cv::Mat bgr_of(const std::uint8_t* pixels, int width, int height) {
    // OpenCV has no read-only view; cvtColor writes to another matrix.
    const cv::Mat seen(height, width, CV_8UC3, const_cast<std::uint8_t*>(pixels));
    cv::Mat bgr;
    cv::cvtColor(seen, bgr, cv::COLOR_RGB2BGR);
    return bgr;
}

std::shared_ptr<const base::Picture> mirror_of(const base::Picture& frame) {
    auto picture = base::shrink_to_fit(frame, mirror_side, mirror_side);
    const auto channels = std::size_t(picture.channels);
    for (int y = 0; y < picture.height; ++y)
        for (std::size_t left = 0, right = std::size_t(picture.width) - 1; left < right;
             ++left, --right)
            std::swap_ranges(picture.row(y) + left * channels,
                             picture.row(y) + (left + 1) * channels,
                             picture.row(y) + right * channels);
    return std::make_shared<const base::Picture>(std::move(picture));
}

} // namespace app
