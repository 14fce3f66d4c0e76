#include "face/detector.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

namespace face {
namespace {

// Both networks halve the picture five times: sides are filled up with black to a multiple.
constexpr int side_multiple = 32;
// Overlap (intersection over union) from which two finds are one face. Source: OpenCV's
// FaceDetectorYN, default nms_threshold.
constexpr float same_face_overlap = 0.3f;
// Chosen: the best of so many candidates hold every face that could matter.
constexpr std::size_t candidate_limit = 5'000;

int filled_up(int side) {
    return (side + side_multiple - 1) / side_multiple * side_multiple;
}

Error wrong_outputs() {
    return {Errc::unsupported, "the outputs are not those of this kind of YuNet"};
}

// The named output as rows of `columns` values; empty when there is no such output.
cv::Mat rows_of(const Network& network, const std::vector<cv::Mat>& outputs, std::string_view name,
                int columns) {
    const auto& names = network.output_names();
    for (std::size_t i = 0; i < outputs.size() && i < names.size(); ++i)
        if (names[i] == name && outputs[i].total() % std::size_t(columns) == 0)
            return outputs[i].reshape(1, int(outputs[i].total()) / columns);
    return {};
}

float geometric_mean(float a, float b) {
    return std::sqrt(std::clamp(a, 0.0f, 1.0f) * std::clamp(b, 0.0f, 1.0f));
}

// Anchors of the network of March 2022: centre and side, in the order of its outputs. Source:
// OpenCV 4.6, modules/objdetect/src/face_detect.cpp, generatePriors().
struct Anchor {
    float x, y, side;
};

std::vector<Anchor> anchors(cv::Size size) {
    struct Level {
        int stride;
        std::vector<float> sides;
    };
    static const std::vector<Level> levels{
        {8, {10, 16, 24}}, {16, {32, 48}}, {32, {64, 96}}, {64, {128, 192, 256}}};
    std::vector<Anchor> result;
    cv::Size cells((size.width + 1) / 2, (size.height + 1) / 2);
    cells = {cells.width / 2, cells.height / 2};
    for (const auto& level : levels) {
        cells = {cells.width / 2, cells.height / 2};
        for (int y = 0; y < cells.height; ++y)
            for (int x = 0; x < cells.width; ++x)
                for (const float side : level.sides)
                    result.push_back({(float(x) + 0.5f) * float(level.stride),
                                      (float(y) + 0.5f) * float(level.stride), side});
    }
    return result;
}

Result<std::vector<FoundFace>> decode_2022(const Network& network,
                                           const std::vector<cv::Mat>& outputs, cv::Size size,
                                           float lowest_score) {
    const auto loc = rows_of(network, outputs, "loc", 14);
    const auto conf = rows_of(network, outputs, "conf", 2);
    const auto iou = rows_of(network, outputs, "iou", 1);
    const auto all = anchors(size);
    const int count = int(all.size());
    if (loc.rows != count || conf.rows != count || iou.rows != count) return wrong_outputs();
    constexpr float centre_variance = 0.1f;
    constexpr float side_variance = 0.2f;
    std::vector<FoundFace> faces;
    for (int i = 0; i < count; ++i) {
        const float score = geometric_mean(conf.at<float>(i, 1), iou.at<float>(i, 0));
        if (!(score >= lowest_score)) continue;
        const auto* value = loc.ptr<float>(i);
        const auto& anchor = all[std::size_t(i)];
        FoundFace found;
        found.score = score;
        // Width and height by the two variances in turn: so the network was trained and OpenCV
        // reads it.
        found.box.width = anchor.side * std::exp(value[2] * centre_variance);
        found.box.height = anchor.side * std::exp(value[3] * side_variance);
        found.box.x = anchor.x + value[0] * centre_variance * anchor.side - found.box.width / 2;
        found.box.y = anchor.y + value[1] * centre_variance * anchor.side - found.box.height / 2;
        for (int p = 0; p < Landmarks::count; ++p)
            found.points.at[std::size_t(p)] = {
                anchor.x + value[4 + 2 * p] * centre_variance * anchor.side,
                anchor.y + value[5 + 2 * p] * centre_variance * anchor.side};
        faces.push_back(found);
    }
    return faces;
}

// Source: OpenCV 4.8, modules/objdetect/src/face_detect.cpp, postProcess().
Result<std::vector<FoundFace>> decode_2023(const Network& network,
                                           const std::vector<cv::Mat>& outputs, cv::Size size,
                                           float lowest_score) {
    std::vector<FoundFace> faces;
    for (const int stride : {8, 16, 32}) {
        const auto suffix = "_" + std::to_string(stride);
        const auto cls = rows_of(network, outputs, "cls" + suffix, 1);
        const auto obj = rows_of(network, outputs, "obj" + suffix, 1);
        const auto bbox = rows_of(network, outputs, "bbox" + suffix, 4);
        const auto kps = rows_of(network, outputs, "kps" + suffix, 2 * Landmarks::count);
        const int columns = size.width / stride;
        const int count = columns * (size.height / stride);
        if (cls.rows != count || obj.rows != count || bbox.rows != count || kps.rows != count)
            return wrong_outputs();
        for (int i = 0; i < count; ++i) {
            const float score = geometric_mean(cls.at<float>(i, 0), obj.at<float>(i, 0));
            if (!(score >= lowest_score)) continue;
            const auto* box = bbox.ptr<float>(i);
            const auto* point = kps.ptr<float>(i);
            const cv::Point2f cell(float(i % columns), float(i / columns)); // NOLINT: whole cells
            FoundFace found;
            found.score = score;
            found.box.width = std::exp(box[2]) * float(stride);
            found.box.height = std::exp(box[3]) * float(stride);
            found.box.x = (cell.x + box[0]) * float(stride) - found.box.width / 2;
            found.box.y = (cell.y + box[1]) * float(stride) - found.box.height / 2;
            for (int p = 0; p < Landmarks::count; ++p)
                found.points.at[std::size_t(p)] = {(cell.x + point[2 * p]) * float(stride),
                                                   (cell.y + point[2 * p + 1]) * float(stride)};
            faces.push_back(found);
        }
    }
    return faces;
}

bool is_finite(const FoundFace& face) {
    bool finite = std::isfinite(face.box.x) && std::isfinite(face.box.y) &&
                  std::isfinite(face.box.width) && std::isfinite(face.box.height);
    for (const auto& point : face.points.at)
        finite = finite && std::isfinite(point.x) && std::isfinite(point.y);
    return finite;
}

float overlap(const cv::Rect2f& a, const cv::Rect2f& b) {
    const float shared = (a & b).area();
    const float whole = a.area() + b.area() - shared;
    return whole > 0 ? shared / whole : 0;
}

std::vector<FoundFace> without_doubles(std::vector<FoundFace> faces) {
    std::stable_sort(faces.begin(), faces.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    if (faces.size() > candidate_limit) faces.resize(candidate_limit);
    std::vector<FoundFace> kept;
    for (const auto& face : faces) {
        if (!is_finite(face)) continue;
        const bool is_new = std::none_of(kept.begin(), kept.end(), [&](const auto& other) {
            return overlap(face.box, other.box) > same_face_overlap;
        });
        if (is_new) kept.push_back(face);
    }
    return kept;
}

} // namespace

// Measured on 30 November 2026, folds 1 and 2 of the developer set (face/README.md, "Odd
// pictures"): what the networks see in black, white, grey, noise and drawings, and in faces upside
// down or lying, against what they see in faces.
Certainty certainty_of(YuNet kind) {
    switch (kind) {
    case YuNet::march_2022: return {0.9f, 0.98f};
    case YuNet::march_2023: return {0.6f, 0.91f};
    }
    CHECK(false);
}

Result<std::vector<FoundFace>> Detector::find(const cv::Mat& picture, float lowest_score) {
    const auto in_range = [](int side) { return side >= shortest_side && side <= longest_side; };
    if (picture.type() != CV_8UC3 || !in_range(picture.cols) || !in_range(picture.rows))
        return Error{Errc::invalid_input,
                     "not an 8-bit colour picture of 16 to 2000 pixels a side"};
    const cv::Size size(filled_up(picture.cols), filled_up(picture.rows));
    try {
        cv::Mat filled;
        cv::copyMakeBorder(picture, filled, 0, size.height - picture.rows, 0,
                           size.width - picture.cols, cv::BORDER_CONSTANT, cv::Scalar::all(0));
        const auto outputs = TRY(network_.run(cv::dnn::blobFromImage(filled)));
        switch (kind_) {
        case YuNet::march_2022:
            return without_doubles(TRY(decode_2022(network_, outputs, size, lowest_score)));
        case YuNet::march_2023:
            return without_doubles(TRY(decode_2023(network_, outputs, size, lowest_score)));
        }
    } catch (const cv::Exception&) {
        return Error{Errc::unsupported, "the picture could not be searched"};
    }
    CHECK(false);
}

} // namespace face
