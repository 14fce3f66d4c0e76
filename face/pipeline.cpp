#include "face/pipeline.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace face {
namespace {

// The shorter side below which a picture is enlarged before it is searched, and the side it then
// gets: a chip photo of 102 x 126 becomes 2.5 times as large (spec face §2).
constexpr int small_side = 200;
constexpr double enlarged_side = 255;
// The longer side a larger picture is shrunk to: 640 x 480 is the kept frame (spec face §6.5).
constexpr double searched_side = 640;
// 256 pixels are enough: eyes 60 pixels apart in a frame of 640 are 24 then. It leaves time for two
// views of the face within the limit for a decision frame.
constexpr double tracked_side = 256;
// The width of a face in the searched picture between which its points are taken as they are; other
// faces are searched again in a cut of `cut_faces` box sides, shrunk or enlarged to `cut_side`
// pixels.
constexpr double least_found = 60;
constexpr double most_found = 200;
constexpr float cut_faces = 2.2f;
constexpr double cut_side = 192;
// A face this much weaker than the first leaves no doubt who is meant (chosen: half as large, or as
// large at the border).
constexpr double no_doubt = 0.5;
// With several faces: up to here one is in the middle and the others beside it. Of ten photographs
// with a second large face it was 0.45 to 0.69 (folds 1 and 2 of the developer set).
constexpr double beside = 0.75;

double search_scale(const cv::Mat& picture) {
    const auto [shorter, longer] = std::minmax(picture.cols, picture.rows);
    if (longer > searched_side) return searched_side / longer;
    if (shorter < small_side) return std::min(enlarged_side / shorter, searched_side / longer);
    return 1;
}

cv::Mat resized(const cv::Mat& picture, double scale) {
    if (scale == 1) return picture;
    cv::Mat result;
    const cv::Size size(std::max(1, int(std::lround(picture.cols * scale))),
                        std::max(1, int(std::lround(picture.rows * scale))));
    cv::resize(picture, result, size, 0, 0, scale > 1 ? cv::INTER_CUBIC : cv::INTER_AREA);
    return result;
}

FoundFace scaled(const FoundFace& face, float factor) {
    FoundFace result = face;
    result.box = {face.box.x * factor, face.box.y * factor, face.box.width * factor,
                  face.box.height * factor};
    result.points = face.points.scaled(factor);
    return result;
}

// Upright within 45 degrees, eyes above the mouth, not folded into a point.
bool could_be_upright(const Landmarks& points) {
    const auto across = points.right_eye() - points.left_eye();
    const auto down = points.mouth_middle() - points.eye_middle();
    return across.x > 0 && std::abs(across.y) < across.x && down.y > 0 &&
           std::abs(down.x) < down.y && across.x > 0.2f * down.y;
}

// Size, held against how far from the middle it is.
double weight(const FoundFace& face, cv::Size picture) {
    const cv::Point2f middle = (face.box.tl() + face.box.br()) * 0.5f;
    const double x = double(middle.x) / picture.width - 0.5;
    const double y = double(middle.y) / picture.height - 0.5;
    return double(face.box.area()) * std::exp(-6 * (x * x + y * y));
}

// A find of the earlier network, or one of the later one at another size, counts from here on when
// the later one looks again: lower than for a find of its own, as it says the same twice. In black,
// white, grey, noise and drawings it sees nothing from 0.3 on (face/README.md, "Odd pictures").
constexpr float looked_at_again = 0.4f;

// A photo on a card stands upright; one of a bent head may still score a little better when it is
// turned (one of 2,269 in the developer set, by 0.07).
constexpr float doubt_in_card = 0.1f;

// The part of the picture with a face in its middle.
cv::Rect cut_around(const cv::Rect2f& box, cv::Size picture) {
    const float side = cut_faces * std::max(box.width, box.height);
    const cv::Point2f middle = (box.tl() + box.br()) * 0.5f;
    const cv::Rect2f wanted(middle.x - side / 2, middle.y - side / 2, side, side);
    // As floats first: a box that a network makes up may be larger than any whole number.
    const cv::Rect inside = wanted & cv::Rect2f(0, 0, float(picture.width), float(picture.height));
    return inside & cv::Rect({}, picture); // rounded up, it may be a pixel too large
}

} // namespace

Look look_at(const std::vector<FoundFace>& faces, cv::Size picture) {
    const FoundFace* first = nullptr;
    double first_weight = 0, second_weight = 0;
    for (const auto& face : faces) {
        if (!could_be_upright(face.points)) continue;
        const double its = weight(face, picture);
        if (its > first_weight) {
            second_weight = first_weight;
            first_weight = its;
            first = &face;
        } else {
            second_weight = std::max(second_weight, its);
        }
    }
    if (first == nullptr) return {};
    if (second_weight > beside * first_weight) return {Sight::several, {}};
    if (second_weight > no_doubt * first_weight) return {Sight::several, *first};
    return {Sight::one, *first};
}

Pipeline::Pipeline(Models& models) : models_(&models) {
    CHECK(models.can_compare());
}

Certainty Pipeline::certainty() const {
    return models_->second_detector ? seen_twice : certainty_of(models_->detector->kind());
}

// Who looks at a face from all four sides.
Detector& Pipeline::judge() {
    return models_->second_detector ? *models_->second_detector : *models_->detector;
}

Result<std::vector<FoundFace>> Pipeline::faces_in(const cv::Mat& picture, double scale,
                                                  float lowest) {
    auto searched = resized(picture, scale);
    // A strip or a dot: nothing in it can be a face, and the detector wants room.
    if (std::min(searched.cols, searched.rows) < Detector::shortest_side ||
        std::max(searched.cols, searched.rows) > Detector::longest_side)
        return std::vector<FoundFace>{};
    auto& detector = *models_->detector;
    auto faces = TRY(detector.find(searched, lowest));
    for (auto& face : faces) face = scaled(face, float(1 / scale));
    return faces;
}

Result<Look> Pipeline::track(const cv::Mat& frame) {
    if (frame.type() != CV_8UC3) return Error{Errc::invalid_input, "not an 8-bit colour picture"};
    const double scale = std::min(1.0, tracked_side / std::max(frame.cols, frame.rows));
    // No second look here: only what the detector itself is sure to see.
    const float lowest = certainty_of(models_->detector->kind()).lowest;
    return look_at(TRY(faces_in(frame, scale, lowest)), frame.size());
}

Result<Answer> Pipeline::embed(const cv::Mat& picture, const Landmarks& points) {
    auto& embedder = *models_->embedder;
    // A small picture is enlarged smoothly first: the warp alone would leave it in steps.
    const double scale = std::max(1.0, search_scale(picture));
    const auto source = resized(picture, scale);
    std::vector<Embedding> views;
    float strength = 0;
    for (const auto& view : embedder.input().views) {
        auto answer = TRY(embedder.embed(aligned(source, points.scaled(float(scale)), view)));
        views.push_back(std::move(answer.embedding));
        strength += answer.strength;
    }
    return Answer{fused(views), strength / float(views.size())};
}

Result<Look> Pipeline::look_closer(const cv::Mat& picture, const FoundFace& face, float doubt) {
    const auto cut = cut_around(face.box, picture.size());
    if (cut.empty()) return Look{};
    const cv::Mat around = picture(cut);
    const double scale = cut_side / std::max(cut.width, cut.height);
    auto look = look_at(TRY(faces_in(around, scale, certainty().lowest)), around.size());
    if (look.face.box.empty()) return look;
    const cv::Point2f corner = cut.tl();
    look.face.points = look.face.points.moved(corner);
    look.face.box += corner;
    if (!TRY(is_upright(picture, look.face, doubt))) return Look{};
    return look;
}

// Both networks see an upright face in one that lies or stands on its head, with points that are
// none; the later one always with a lower score than from its right side. So a find that is not
// sure is looked at from all four sides.
Result<bool> Pipeline::is_upright(const cv::Mat& picture, const FoundFace& face, float doubt) {
    if (face.score >= certainty().sure) return true;
    const auto cut = cut_around(face.box, picture.size());
    if (cut.empty()) return false;
    const auto around = resized(picture(cut), cut_side / std::max(cut.width, cut.height));
    auto& detector = judge();
    const float lowest = detector.kind() == YuNet::march_2023
                             ? looked_at_again
                             : certainty_of(detector.kind()).lowest;
    const auto best = [&](const cv::Mat& seen) -> Result<float> {
        const bool is_tiny = std::min(seen.cols, seen.rows) < Detector::shortest_side;
        if (is_tiny) return 0.0f;
        const auto faces = TRY(detector.find(seen, lowest));
        return faces.empty() ? 0.0f : faces.front().score;
    };
    const float upright = TRY(best(around));
    if (upright == 0) return false;
    for (const auto turn :
         {cv::ROTATE_90_CLOCKWISE, cv::ROTATE_180, cv::ROTATE_90_COUNTERCLOCKWISE}) {
        cv::Mat turned;
        cv::rotate(around, turned, turn);
        if (TRY(best(turned)) >= upright + doubt) return false;
    }
    return true;
}

Result<Look> Pipeline::look_for_face(const cv::Mat& picture, float doubt) {
    const double scale = search_scale(picture);
    // Twice as large for a face far away, smaller for one that fills the picture.
    for (const double again : {1.0, 2.0, 0.5, 0.25}) {
        const double tried =
            std::min(scale * again, searched_side / std::max(picture.cols, picture.rows) * 2);
        auto look = look_at(TRY(faces_in(picture, tried, certainty().lowest)), picture.size());
        if (look.sight == Sight::nobody) continue;
        if (look.face.box.empty()) return look;
        const double found_side = double(look.face.box.width) * tried;
        if (found_side >= least_found && found_side <= most_found) {
            if (TRY(is_upright(picture, look.face, doubt))) return look;
            continue;
        }
        // Found at a size that leaves the points coarse: once more, in a cut around it.
        auto closer = TRY(look_closer(picture, look.face, doubt));
        if (closer.sight == Sight::nobody) continue;
        if (look.sight == Sight::several) closer.sight = Sight::several; // the other is outside
        return closer;
    }
    return Look{};
}

Result<Sample> Pipeline::reference(const cv::Mat& photo) {
    return sample_of(photo, Role::reference);
}

Result<Sample> Pipeline::probe(const cv::Mat& picture) {
    return sample_of(picture, Role::probe);
}

Result<Sample> Pipeline::sample_of(const cv::Mat& picture, Role role) {
    if (picture.type() != CV_8UC3) return Error{Errc::invalid_input, "not an 8-bit colour picture"};
    const bool is_reference = role == Role::reference;
    const auto look = TRY(look_for_face(picture, is_reference ? doubt_in_card : 0));
    Sample sample{look.sight, look.face, {}};
    if (look.face.box.empty()) return sample;
    auto answer = TRY(embed(picture, look.face.points));
    sample.embedding = is_reference ? as_reference(answer, models_->embedder->input())
                                    : std::move(answer.embedding);
    return sample;
}

Result<Sample> Pipeline::probe(const cv::Mat& frame, const FoundFace& tracked) {
    if (frame.type() != CV_8UC3) return Error{Errc::invalid_input, "not an 8-bit colour picture"};
    const auto look = TRY(look_closer(frame, tracked, 0));
    Sample sample{look.sight, look.face, {}};
    if (look.sight == Sight::one) sample.embedding = TRY(embed(frame, look.face.points)).embedding;
    return sample;
}

void Pipeline::forget() {
    models_->detector->forget();
    if (models_->second_detector) models_->second_detector->forget();
    models_->embedder->forget();
    if (models_->minifasnet_v2) models_->minifasnet_v2->forget();
    if (models_->minifasnet_v1se) models_->minifasnet_v1se->forget();
}

} // namespace face
