#include "face/faces.hpp"

#include <cmath>

namespace face {

float Landmarks::eye_distance() const {
    const auto across = at[1] - at[0];
    return std::hypot(across.x, across.y);
}

Landmarks Landmarks::scaled(float factor) const {
    Landmarks result = *this;
    for (auto& point : result.at) point *= factor;
    return result;
}

Landmarks Landmarks::moved(cv::Point2f by) const {
    Landmarks result = *this;
    for (auto& point : result.at) point += by;
    return result;
}

} // namespace face
