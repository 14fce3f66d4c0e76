#include "face/align.hpp"

#include <opencv2/imgproc.hpp>

namespace face {

cv::Matx23d similarity(const Landmarks& from, const Landmarks& to) {
    cv::Point2d from_middle, to_middle;
    for (std::size_t i = 0; i < Landmarks::count; ++i) {
        from_middle += cv::Point2d(from.at[i]) * (1.0 / Landmarks::count);
        to_middle += cv::Point2d(to.at[i]) * (1.0 / Landmarks::count);
    }
    // With points as complex numbers the best factor is sum(conj(f) t) / sum(|f|^2).
    double real = 0, imaginary = 0, spread = 0;
    for (std::size_t i = 0; i < Landmarks::count; ++i) {
        const cv::Point2d f = cv::Point2d(from.at[i]) - from_middle;
        const cv::Point2d t = cv::Point2d(to.at[i]) - to_middle;
        real += f.dot(t);
        imaginary += f.cross(t);
        spread += f.dot(f);
    }
    // Five points in one place: nothing to turn or scale.
    const double a = spread > 0 ? real / spread : 1;
    const double b = spread > 0 ? imaginary / spread : 0;
    return {a, -b, to_middle.x - a * from_middle.x + b * from_middle.y,
            b, a,  to_middle.y - b * from_middle.x - a * from_middle.y};
}

cv::Mat aligned(const cv::Mat& picture, const Landmarks& points, const Template& wanted) {
    auto map = similarity(points, wanted.points);
    for (int column = 0; column < 3; ++column) {
        map(0, column) *= double(wanted.stretch.x);
        map(1, column) *= double(wanted.stretch.y);
    }
    cv::Mat result;
    cv::warpAffine(picture, result, map, {wanted.side, wanted.side}, cv::INTER_LINEAR,
                   cv::BORDER_REPLICATE);
    return result;
}

} // namespace face
