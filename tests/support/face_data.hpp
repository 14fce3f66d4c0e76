// The shared test data for faces (DESIGN §8): real photographs and models, none of it committed.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>

namespace face_data {

// "../shared/testdata/face" beside the source tree, or $KIOSK_TEST_DATA/face. Empty when neither is
// there; then says `skipped: no shared test data` once.
const std::string& folder();
inline bool is_there() {
    return !folder().empty();
}

// A JPEG, PNG or WebP of it as 8-bit BGR, upright.
cv::Mat picture(const std::string& path);

} // namespace face_data
