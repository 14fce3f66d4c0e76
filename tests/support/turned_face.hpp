// A photograph warped as if the head in it turned: made by program, nothing that a camera saw. It
// lets a whole check run to its end; what it shows of liveness is no more than the synthetic points
// of face_liveness_test.
#pragma once

#include "face/faces.hpp"
#include "face/liveness.hpp"

namespace support {

struct HeadPose {
    double yaw = 0;  // degrees: turns the nose to the onlooker's right
    double near = 1; // times as large as in the photograph
};
// Where a person goes who was asked for it.
HeadPose pose_of(face::Movement movement);
// One frame later on the way there: five degrees, or a twenty-fifth nearer.
HeadPose towards(const HeadPose& wanted, const HeadPose& now);

// What the head is made of.
enum class Surface {
    head,  // a rounded one with a nose
    sheet, // a photo on a plane
};
// `points`: of the face in `frame` as it stands, looking straight.
cv::Mat turned_face(const cv::Mat& frame, const face::Landmarks& points, HeadPose pose,
                    Surface surface);

} // namespace support
