#include "face/quality.hpp"

#include "kiosk/base/check.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace face {
namespace {

constexpr double no_limit = 1e9;
constexpr double degrees_per_radian = 180 / CV_PI;

// Limits. The eye distance is spec face §6.6; the rest is chosen from what the developer set's
// photographs show, so that ordinary ones pass (face/README.md), and unverified at a real kiosk.
struct Limits {
    double least_eye_distance = 60; // pixels of the frame
    double most_eye_share = 0.35;   // eye distance over frame width
    double most_move = 0.12;        // eye distances between two frames
    double most_yaw = 0.22;         // nose beside the middle of the eyes, in eye distances
    double least_pitch = 0.38;      // nose between eyes (0) and mouth (1)
    double most_pitch = 0.75;       //
    double most_roll = 20;          // degrees
    double least_light = 45;        // mean of grey
    double most_light = 215;        //
    double most_clipped = 0.25;     // share of the face that is white
    double most_side = 0.45;        // difference of halves over their sum
    double most_glare = 0.12;       // share of the eye patches that is white
    double least_sharpness = 0.012; // see sharpness()
};
constexpr Limits limits;

double white_share(const cv::Mat& grey) {
    constexpr int white = 250;
    return grey.empty() ? 0 : double(cv::countNonZero(grey > white)) / double(grey.total());
}

// The part of the picture around a point that lies inside it.
cv::Mat patch(const cv::Mat& grey, cv::Point2f middle, int width, int height) {
    const cv::Rect wanted(int(middle.x) - width / 2, int(middle.y) - height / 2, width, height);
    return grey(wanted & cv::Rect({}, grey.size()));
}

// The inner face: between temples, from brows to chin, without hair and background.
cv::Mat inner(const cv::Mat& grey, const Landmarks& points) {
    const float eyes = points.eye_distance();
    const cv::Point2f middle = (points.eye_middle() + points.mouth_middle()) * 0.5f;
    return patch(grey, middle, int(eyes * 1.7f), int(eyes * 1.9f));
}

// Energy of the Laplacian over the energy of the picture: falls with blur, not with light.
double sharpness(const cv::Mat& face) {
    cv::Mat second, floating;
    face.convertTo(floating, CV_32F);
    cv::Laplacian(floating, second, CV_32F);
    cv::Scalar mean, deviation, second_mean, second_deviation;
    cv::meanStdDev(floating, mean, deviation);
    cv::meanStdDev(second, second_mean, second_deviation);
    const double variance = deviation[0] * deviation[0];
    return variance > 1 ? second_deviation[0] * second_deviation[0] / variance : 0;
}

double side_light(const cv::Mat& face) {
    const int half = face.cols / 2;
    const double left = cv::mean(face.colRange(0, half))[0];
    const double right = cv::mean(face.colRange(half, face.cols))[0];
    return left + right > 0 ? std::abs(left - right) / (left + right) : 0;
}

// What the inner face says of light, in the order in which it is said.
std::vector<Aspect> light_of(const cv::Mat& face) {
    const double light = cv::mean(face)[0];
    return {{Guidance::too_dark, light, limits.least_light, no_limit},
            {Guidance::too_bright,
             std::max(light / limits.most_light, white_share(face) / limits.most_clipped), 0, 1},
            {Guidance::light_from_side, side_light(face), 0, limits.most_side}};
}

// 1 inside, falling with the share of the box that is outside.
double share_inside(const cv::Rect2f& box, cv::Size size) {
    const cv::Rect2f frame(0, 0, float(size.width), float(size.height));
    return box.area() > 0 ? double((box & frame).area()) / double(box.area()) : 0;
}

} // namespace

std::string_view to_string(Guidance guidance) {
    switch (guidance) {
    case Guidance::nobody: return "nobody";
    case Guidance::several_people: return "several_people";
    case Guidance::come_into_frame: return "come_into_frame";
    case Guidance::come_closer: return "come_closer";
    case Guidance::move_back: return "move_back";
    case Guidance::hold_still: return "hold_still";
    case Guidance::look_straight: return "look_straight";
    case Guidance::raise_or_lower: return "raise_or_lower";
    case Guidance::hold_head_upright: return "hold_head_upright";
    case Guidance::too_dark: return "too_dark";
    case Guidance::too_bright: return "too_bright";
    case Guidance::light_from_side: return "light_from_side";
    case Guidance::glasses_reflect: return "glasses_reflect";
    case Guidance::blurred: return "blurred";
    }
    CHECK(false);
}

std::vector<Aspect> aspects_of(const Frame& frame) {
    CHECK(frame.aligned.type() == CV_8UC3);
    const auto& points = frame.face.points;
    const double eyes = std::max(1e-6, double(points.eye_distance()));
    const cv::Point2d line(points.right_eye() - points.left_eye());
    const cv::Point2d down(-line.y, line.x);
    const cv::Point2d nose(points.nose() - points.eye_middle());
    const cv::Point2d mouth(points.mouth_middle() - points.eye_middle());
    const double yaw = nose.dot(line) / (eyes * eyes);
    const double mouth_down = mouth.dot(down);
    const double pitch = mouth_down > 0 ? nose.dot(down) / mouth_down : no_limit;
    double moved = 0;
    if (frame.before)
        for (std::size_t i = 0; i < Landmarks::count; ++i) {
            const auto by = points.at[i] - frame.before->at[i];
            moved = std::max(moved, std::hypot(double(by.x), double(by.y)) / eyes);
        }
    cv::Mat grey;
    cv::cvtColor(frame.aligned, grey, cv::COLOR_BGR2GRAY);
    const auto face = inner(grey, frame.wanted);
    const int eye = int(frame.wanted.eye_distance());
    const double glare =
        std::max(white_share(patch(grey, frame.wanted.left_eye(), eye / 2, eye / 3)),
                 white_share(patch(grey, frame.wanted.right_eye(), eye / 2, eye / 3)));
    std::vector<Aspect> aspects{
        {Guidance::come_into_frame, share_inside(frame.face.box, frame.size), 0.9, no_limit},
        {Guidance::come_closer, eyes, limits.least_eye_distance, no_limit},
        {Guidance::move_back, eyes / std::max(1, frame.size.width), 0, limits.most_eye_share},
        {Guidance::hold_still, moved, 0, limits.most_move},
        {Guidance::look_straight, yaw, -limits.most_yaw, limits.most_yaw},
        {Guidance::raise_or_lower, pitch, limits.least_pitch, limits.most_pitch},
        {Guidance::hold_head_upright, std::atan2(line.y, line.x) * degrees_per_radian,
         -limits.most_roll, limits.most_roll},
    };
    for (auto& aspect : light_of(face)) aspects.push_back(aspect);
    aspects.push_back({Guidance::glasses_reflect, glare, 0, limits.most_glare});
    aspects.push_back({Guidance::blurred, sharpness(face), limits.least_sharpness, no_limit});
    return aspects;
}

std::vector<Aspect> aspects_of_place(const cv::Mat& picture) {
    CHECK(picture.type() == CV_8UC3);
    // The ring on the glass (screens/mirror.cpp) is 0.47 heights wide; the eyes of a face that
    // fills it are 0.42 of that apart (63 of 150 mm, means of adults).
    const double eyes = 0.47 * 0.42 * std::min(picture.rows, picture.cols);
    const cv::Point2f middle(float(picture.cols) / 2, float(picture.rows) / 2);
    cv::Mat grey;
    cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
    // As large as the embedder would get it: sharpness there is what counts. Its eyes are 47 pixels
    // apart (align.cpp).
    constexpr double aligned_eyes = 47;
    cv::Mat face;
    const double scale = aligned_eyes / eyes;
    cv::resize(patch(grey, middle, int(eyes * 1.7), int(eyes * 1.9)), face, {}, scale, scale,
               scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    auto aspects = light_of(face);
    aspects.push_back({Guidance::blurred, sharpness(face), limits.least_sharpness, no_limit});
    return aspects;
}

std::optional<Guidance> first_fault(const std::vector<Aspect>& aspects) {
    const auto bad =
        std::find_if(aspects.begin(), aspects.end(), [](const auto& a) { return !a.is_good(); });
    return bad == aspects.end() ? std::nullopt : std::optional(bad->reason);
}

double merit(const std::vector<Aspect>& aspects) {
    double sum = 0;
    for (const auto& aspect : aspects) {
        if (aspect.reason == Guidance::look_straight)
            sum -= std::abs(aspect.value) / limits.most_yaw;
        if (aspect.reason == Guidance::blurred)
            sum += std::min(1.0, aspect.value / (4 * limits.least_sharpness));
        if (aspect.reason == Guidance::light_from_side) sum -= aspect.value / limits.most_side;
    }
    return sum;
}

} // namespace face
