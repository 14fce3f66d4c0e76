// Inside of Network, shared by its two source files.
#pragma once

#include "face/network.hpp"

#include <opencv2/dnn.hpp>

namespace face {

struct Network::State {
    cv::dnn::Net net;
    std::vector<cv::String> output_names;
    std::vector<int> last_shape; // of the blob that may still be inside; empty: none
};

// face/network_ir.cpp; may throw what OpenCV throws.
Result<cv::dnn::Net> build_from_ir(base::ByteView xml, base::ByteView weights);

} // namespace face
