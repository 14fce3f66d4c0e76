// A frame of the face camera on its way to OpenCV and to the glass.
#pragma once

#include "kiosk/base/picture.hpp"

#include <memory>
#include <opencv2/core/mat.hpp>

namespace app {

// A copy, blue first. `pixels`: rows from the top without padding, red first.
cv::Mat bgr_of(const std::uint8_t* pixels, int width, int height);

// As in a mirror, no larger than the glass shows it.
std::shared_ptr<const base::Picture> mirror_of(const base::Picture& frame);

} // namespace app
