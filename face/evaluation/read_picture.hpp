// Still pictures for the evaluation program: JPEG, PNG and WebP by content. The kiosk itself reads
// no WebP.
#pragma once

#include "kiosk/base/bytes.hpp"

#include <opencv2/core/mat.hpp>
#include <string>

namespace evaluation {

// 8-bit BGR; grey becomes colour, what shines through is laid on white, a JPEG is turned as its
// EXIF block says. Errors: not_found,
// too_large (base::picture_pixel_limit), unsupported, corrupt.
base::Result<cv::Mat> read_picture(const std::string& path);
base::Result<cv::Mat> decode_any_picture(base::ByteView bytes);

} // namespace evaluation
