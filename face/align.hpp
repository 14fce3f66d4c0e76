// Brings a face to the size and place that a network was trained on.
#pragma once

#include "face/faces.hpp"

namespace face {

// Where a network wants the five points, in pixels of its input before that is stretched: a network
// trained on 96 x 112 pixels that takes a square sees faces broader than they are.
struct Template {
    int side = 0;
    Landmarks points;
    cv::Point2f stretch{1, 1};
};

// The similarity (rotation, one scale, shift) that brings `from` nearest to `to` by least squares,
// as 2x3 matrix of double. Source: Umeyama 1991, for two dimensions without mirroring.
cv::Matx23d similarity(const Landmarks& from, const Landmarks& to);

// The square picture a network takes. Beyond the border of `picture` its edge is repeated.
cv::Mat aligned(const cv::Mat& picture, const Landmarks& points, const Template& wanted);

} // namespace face
