// The words of this room: a picture, a face found in it, five points on the face.
//
// Pictures are cv::Mat of 8-bit BGR (CV_8UC3), rows from the top. Whoever calls owns them; nothing
// in this room keeps one beyond the call. Points are pixels of the picture that was given.
#pragma once

#include <array>
#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace face {

// Order of all five-point sets, seen by the onlooker: eye on the left, eye on the right, tip of the
// nose, mouth corner on the left, mouth corner on the right.
struct Landmarks {
    static constexpr int count = 5;
    std::array<cv::Point2f, count> at{};

    const cv::Point2f& left_eye() const { return at[0]; }
    const cv::Point2f& right_eye() const { return at[1]; }
    const cv::Point2f& nose() const { return at[2]; }
    const cv::Point2f& left_mouth() const { return at[3]; }
    const cv::Point2f& right_mouth() const { return at[4]; }

    cv::Point2f eye_middle() const { return (at[0] + at[1]) * 0.5f; }
    cv::Point2f mouth_middle() const { return (at[3] + at[4]) * 0.5f; }
    float eye_distance() const;
    Landmarks scaled(float factor) const;
    Landmarks moved(cv::Point2f by) const;
};

struct FoundFace {
    cv::Rect2f box;
    Landmarks points;
    float score = 0; // of the detector, 0 to 1: how surely this is a face at all
};

} // namespace face
