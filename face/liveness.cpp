#include "face/liveness.hpp"

#include "kiosk/base/check.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

namespace face {
namespace {

using namespace std::chrono_literals;

// Chosen: slow people, and a prompt that is spoken first.
constexpr auto longest_step = 20s;
// Chosen: five frames a second are the slowest that this still is a movement to look at.
constexpr auto longest_gap = 400ms;
constexpr std::size_t frames_of_a_pose = 4;
// The limits below were tuned with seed 1 of the synthetic shapes in
// tests/unit/face_liveness_test.cpp and measured with seed 2 (29 November 2026); real presentations
// were not tried.
constexpr double still_shift = 0.05;  // eye distances: frontal frames of one pose differ less
constexpr double turned_shift = 0.13; // eye distances the nose moves at least: about 23 degrees
constexpr double front_offset = 0.20; // eye distances: nose off the middle of the eyes at most
constexpr double least_relief = 0.22;
constexpr double fastest_move = 0.5; // eye distances between two frames
// Chosen: half a step, or a hand's breadth of leaning forward from 60 cm.
constexpr double closer_growth = 1.2;
// Chosen: from there everybody can come closer again, and nobody has to find the very same place.
constexpr double most_strayed = 1.12;
// A turned face is less alike to itself; another person's is far below. Chosen between the
// calibrated FMR 1e-2 of frontal faces (0.24) and nothing: continuity is a floor, not a comparison.
constexpr float least_alike = 0.24f;

double distance(cv::Point2f a, cv::Point2f b) {
    return std::hypot(double(a.x) - double(b.x), double(a.y) - double(b.y));
}

double largest_move(const Landmarks& a, const Landmarks& b) {
    double largest = 0;
    for (std::size_t i = 0; i < Landmarks::count; ++i)
        largest = std::max(largest, distance(a.at[i], b.at[i]));
    return largest / std::max(1e-6, double(a.eye_distance()));
}

bool is_same_frame(const Landmarks& a, const Landmarks& b) {
    return a.at == b.at;
}

Landmarks mean_of(const std::vector<Landmarks>& all) {
    Landmarks mean;
    for (const auto& one : all)
        for (std::size_t i = 0; i < Landmarks::count; ++i)
            mean.at[i] += one.at[i] * (1.0f / float(all.size()));
    return mean;
}

// The affine map that brings `from` nearest to `to`, by least squares over all five points.
cv::Matx23d affine(const Landmarks& from, const Landmarks& to) {
    cv::Matx33d normal = cv::Matx33d::zeros();
    cv::Matx<double, 3, 2> right = cv::Matx<double, 3, 2>::zeros();
    for (std::size_t i = 0; i < Landmarks::count; ++i) {
        const cv::Vec3d row(double(from.at[i].x), double(from.at[i].y), 1);
        for (int r = 0; r < 3; ++r) {
            for (int c = 0; c < 3; ++c) normal(r, c) += row[r] * row[c];
            right(r, 0) += row[r] * double(to.at[i].x);
            right(r, 1) += row[r] * double(to.at[i].y);
        }
    }
    return (normal.inv(cv::DECOMP_LU) * right).t();
}

// Of the 2x2 part: the larger and the smaller stretching.
std::pair<double, double> stretchings(const cv::Matx23d& map) {
    const double a = map(0, 0), b = map(0, 1), c = map(1, 0), d = map(1, 1);
    const double sum = std::hypot(a + d, b - c), difference = std::hypot(a - d, b + c);
    return {(sum + difference) / 2, std::abs(sum - difference) / 2};
}

// How far the nose moved against the other points, in eye distances.
double turn_between(const Landmarks& front, const Landmarks& turned) {
    const auto shift = parallax(front, turned).shift;
    return std::hypot(shift.x, shift.y);
}

// How far the nose stands beside the middle between the eyes, along their line, in eye distances.
double nose_offset(const Landmarks& points) {
    const cv::Point2d line(points.right_eye() - points.left_eye());
    const cv::Point2d nose(points.nose() - points.eye_middle());
    return std::abs(nose.dot(line)) / std::max(1e-6, line.dot(line));
}

// Which movement a pose is; none when it is not one of them clearly. A turn counts as such however
// near it is.
std::optional<Movement> movement_of(const Parallax& pose) {
    const double x = std::abs(pose.shift.x), y = std::abs(pose.shift.y);
    if (std::hypot(x, y) < turned_shift) {
        if (pose.growth < closer_growth) return std::nullopt;
        return Movement::come_closer;
    }
    if (x < 1.3 * y) return std::nullopt; // up or down
    return pose.shift.x > 0 ? Movement::turn_left : Movement::turn_right;
}

// Far enough from straight that it is a movement, whichever.
bool is_moved(const Parallax& pose) {
    return std::hypot(pose.shift.x, pose.shift.y) >= turned_shift || pose.growth >= closer_growth;
}

} // namespace

std::string_view to_string(Movement movement) {
    switch (movement) {
    case Movement::turn_left: return "turn_left";
    case Movement::turn_right: return "turn_right";
    case Movement::come_closer: return "come_closer";
    }
    return "";
}

Prompts choose_prompts(base::RandomSource& random) {
    Prompts prompts{Movement(int(random.below(3)))};
    for (std::size_t i = 1; i < prompts.size(); ++i)
        prompts[i] = Movement((int(prompts[i - 1]) + 1 + int(random.below(2))) % 3);
    return prompts;
}

Parallax parallax(const Landmarks& front, const Landmarks& turned) {
    const auto map = affine(front, turned);
    const auto [large, small] = stretchings(map);
    const double eyes = double(front.eye_distance());
    if (!(large > 0) || !(eyes > 0)) return {};
    const cv::Point2d nose(front.nose());
    const cv::Point2d expected(map(0, 0) * nose.x + map(0, 1) * nose.y + map(0, 2),
                               map(1, 0) * nose.x + map(1, 1) * nose.y + map(1, 2));
    const cv::Point2d off = (cv::Point2d(turned.nose()) - expected) * (1 / (large * eyes));
    // Along the line of the eyes in the turned view.
    const cv::Point2d line(turned.right_eye() - turned.left_eye());
    const double length = std::hypot(line.x, line.y);
    if (!(length > 0)) return {};
    Parallax result;
    result.shift = {off.dot(line) / length, line.cross(off) / length};
    const double cosine = small / large;
    const double sine = std::sqrt(std::max(1e-9, 1 - cosine * cosine));
    result.relief = std::hypot(off.x, off.y) / sine;
    result.growth = large;
    return result;
}

std::optional<double> Liveness::strayed() const {
    if (!first_front_ || !last_ || step() != LivenessStep::look_straight) return std::nullopt;
    const double growth = parallax(*first_front_, last_->points).growth;
    if (growth <= most_strayed && growth >= 1 / most_strayed) return std::nullopt;
    return growth;
}

LivenessStep Liveness::step() const {
    if (fault_) return LivenessStep::failed;
    if (next_ == prompts_.size()) return LivenessStep::passed;
    return front_ ? LivenessStep::move : LivenessStep::look_straight;
}

std::optional<LivenessFault> Liveness::fault_of(const LivenessFrame& frame) const {
    if (frame.alike && *frame.alike < least_alike) return LivenessFault::other_person;
    for (const auto& earlier : seen_)
        if (is_same_frame(earlier, frame.points)) return LivenessFault::frozen;
    if (!last_) return std::nullopt;
    if (frame.at <= last_->at || frame.at - last_->at > longest_gap) return LivenessFault::gap;
    if (largest_move(last_->points, frame.points) > fastest_move) return LivenessFault::jump;
    if (frame.at - since_ > longest_step) return LivenessFault::too_long;
    return std::nullopt;
}

LivenessStep Liveness::see(const LivenessFrame& frame) {
    const auto now = step();
    if (now == LivenessStep::passed || now == LivenessStep::failed) return now;
    if (!began_) since_ = frame.at;
    began_ = true;
    fault_ = fault_of(frame);
    if (fault_) return LivenessStep::failed;
    seen_.push_back(frame.points);
    last_ = frame;
    if (now == LivenessStep::look_straight)
        look_straight(frame);
    else
        move(frame);
    return step();
}

void Liveness::look_straight(const LivenessFrame& frame) {
    // Straight the first time: the nose between the eyes. Later: as the first time, and as near.
    const bool is_front =
        first_front_ ? turn_between(*first_front_, frame.points) <= still_shift && !strayed()
                     : nose_offset(frame.points) <= front_offset;
    // A pose is several frames in a row without a turn between them.
    if (!is_front || (!still_.empty() && turn_between(still_.front(), frame.points) > still_shift))
        still_.clear();
    if (!is_front) return;
    still_.push_back(frame.points);
    if (still_.size() < frames_of_a_pose) return;
    front_ = mean_of(still_);
    if (!first_front_) first_front_ = front_;
    still_.clear();
    since_ = frame.at;
}

void Liveness::move(const LivenessFrame& frame) {
    if (!is_moved(parallax(*front_, frame.points))) {
        moved_.clear();
        return;
    }
    moved_.push_back(frame.points);
    if (moved_.size() < frames_of_a_pose) return;
    const auto pose = parallax(*front_, mean_of(moved_));
    moved_.clear();
    const auto done = movement_of(pose);
    if (!done) return; // between two movements: wait for a clear one
    if (*done != prompts_[next_]) {
        fault_ = LivenessFault::wrong_movement;
    } else if (*done != Movement::come_closer && pose.relief < least_relief) {
        fault_ = LivenessFault::flat;
    } else {
        ++next_;
        front_.reset();
        since_ = frame.at;
    }
}

} // namespace face
