#include "tests/support/turned_face.hpp"

#include "kiosk/base/check.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace support {
namespace {

constexpr double far_enough = 35;   // degrees: more than the 23 at which a turn counts
constexpr double near_enough = 1.3; // more than the 1.2 at which coming closer counts

// How far the surface stands out of the picture's plane, in pixels: half an ellipsoid as wide as a
// head, and a nose of 0.42 eye distances on it (as the shapes of face_liveness_test).
double depth(cv::Point2d at, const face::Landmarks& points, Surface surface) {
    if (surface == Surface::sheet) return 0;
    const double eyes = double(points.eye_distance());
    const cv::Point2d middle((points.eye_middle() + points.mouth_middle()) * 0.5f);
    const double u = (at.x - middle.x) / (1.25 * eyes), v = (at.y - middle.y) / (1.75 * eyes);
    const double round = u * u + v * v;
    const cv::Point2d to_nose = at - cv::Point2d(points.nose());
    const double width = 0.25 * eyes;
    return (round < 1 ? 0.9 * eyes * std::sqrt(1 - round) : 0) +
           0.42 * eyes * std::exp(-to_nose.dot(to_nose) / (2 * width * width));
}

} // namespace

HeadPose pose_of(face::Movement movement) {
    switch (movement) {
    case face::Movement::turn_left: return {far_enough, 1};
    case face::Movement::turn_right: return {-far_enough, 1};
    case face::Movement::come_closer: return {0, near_enough};
    }
    CHECK(false);
}

HeadPose towards(const HeadPose& wanted, const HeadPose& now) {
    return {now.yaw + std::clamp(wanted.yaw - now.yaw, -5.0, 5.0),
            now.near + std::clamp(wanted.near - now.near, -0.04, 0.04)};
}

cv::Mat turned_face(const cv::Mat& frame, const face::Landmarks& points, HeadPose pose,
                    Surface surface) {
    const double yaw = pose.yaw * CV_PI / 180;
    const cv::Point2d middle((points.eye_middle() + points.mouth_middle()) * 0.5f);
    const double eyes = double(points.eye_distance());
    cv::Mat from_x(frame.size(), CV_32F), from_y(frame.size(), CV_32F);
    for (int y = 0; y < frame.rows; ++y)
        for (int x = 0; x < frame.cols; ++x) {
            const cv::Point2d seen = (cv::Point2d(x, y) - middle) * (1 / pose.near);
            cv::Point2d at = middle + seen;
            // Where the ray met the surface: the depth there decides where it came from. Beyond two
            // eye distances there is none.
            const bool is_near = seen.dot(seen) < 4 * eyes * eyes;
            for (int i = 0; i < (is_near ? 4 : 1); ++i) {
                const double out = is_near ? depth(at, points, surface) : 0;
                at.x = middle.x + (seen.x - out * std::sin(yaw)) / std::cos(yaw);
            }
            from_x.at<float>(y, x) = float(at.x);
            from_y.at<float>(y, x) = float(at.y);
        }
    cv::Mat turned;
    cv::remap(frame, turned, from_x, from_y, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return turned;
}

} // namespace support
