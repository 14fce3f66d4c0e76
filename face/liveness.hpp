// Is there a head before the camera, or a picture of one? Geometry of five points over time.
//
// The person is asked for three movements in an order that nobody can know before, at least one of
// them a turn. A head that turns moves the tip of its nose against the plane of eyes and mouth
// corners; a sheet does not, however it is held, and a bent one does so far less for the angle that
// its foreshortening betrays. Sheets are known only as synthetic shapes: not tested against real
// presentations.
//
// An independent AND: it can turn a pass into `staff`, never the other way round.
#pragma once

#include "face/faces.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/random.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace face {

// Seen from the person: "left" is the person's own left, the camera's picture is not mirrored.
// Nobody is asked to raise or lower the head: the points of YuNet 2023mar hardly follow it
// (face/README.md, "Liveness"), and whoever does it does not see the screen.
enum class Movement { turn_left, turn_right, come_closer };
std::string_view to_string(Movement movement); // a message key's last part

// Never the same twice in a row: one of twelve orders. A generator nobody can foresee goes in
// (base::SystemRandom at the kiosk).
using Prompts = std::array<Movement, 3>;
Prompts choose_prompts(base::RandomSource& random);

// One frame with exactly one dominant face.
struct LivenessFrame {
    base::MonotonicTime at{};
    Landmarks points;
    // Cosine to the frontal frame of this attempt; none where this frame was not embedded.
    std::optional<float> alike;
};

enum class LivenessFault {
    too_long,       // a movement was not done in time
    wrong_movement, // another one than was asked
    gap,            // frames are missing: the face was away
    jump,           // nobody moves so fast
    frozen,         // the same frame twice: a sensor never gives that
    other_person,   // not the face of the frontal frame
    flat,           // the points move as those of a sheet
};

// What the preview says now.
enum class LivenessStep {
    look_straight, // before each movement
    move,          // the movement that stands in prompt()
    passed,
    failed,
};

// One attempt. Give it every frame; it never looks at a clock.
class Liveness {
public:
    explicit Liveness(const Prompts& prompts) : prompts_(prompts) {}

    LivenessStep see(const LivenessFrame& frame);
    LivenessStep step() const;
    Movement prompt() const { return prompts_[std::min(next_, prompts_.size() - 1)]; }
    std::optional<LivenessFault> fault() const { return fault_; }
    // While straight is waited for: how much nearer the face is than when it all began, 1.2 is a
    // fifth; none while that is near enough to where it was.
    std::optional<double> strayed() const;

private:
    std::optional<LivenessFault> fault_of(const LivenessFrame& frame) const;
    void look_straight(const LivenessFrame& frame);
    void move(const LivenessFrame& frame);

    Prompts prompts_;
    std::size_t next_ = 0; // into prompts_; its size: all done
    std::optional<LivenessFault> fault_;
    std::optional<LivenessFrame> last_;
    std::vector<Landmarks> seen_;          // all frames of this attempt, to find a repeated one
    std::vector<Landmarks> still_;         // frontal frames in a row
    std::optional<Landmarks> front_;       // their mean
    std::optional<Landmarks> first_front_; // of the whole attempt: every later one must be like it
    std::vector<Landmarks> moved_;         // frames in a row that are turned, or nearer, far enough
    base::MonotonicTime since_{};          // of this step
    bool began_ = false;
};

// How the nose stands off the plane of the other points, seen by comparing two views.
struct Parallax {
    // Shift of the nose against what a plane allows, in eye distances, along and across the line of
    // the eyes: positive x towards the onlooker's right, positive y down.
    cv::Point2d shift;
    // Its length over the sine of the angle that the foreshortening shows: how far the nose stands
    // out, in eye distances. A head 0.3 to 0.4, a sheet 0, a bent one below 0.15.
    double relief = 0;
    // How much larger the face is in the second view, whatever it is turned; 1.2 is a fifth.
    double growth = 1;
};
Parallax parallax(const Landmarks& front, const Landmarks& turned);

// Tries of one visit. Lives in the session, so that cancelling the step gives none back (spec face
// §6.10, safeguard G14: no setting changes it).
class Tries {
public:
    static constexpr int per_visit = 3;
    bool take() { // false: none left, staff
        if (left_ == 0) return false;
        --left_;
        return true;
    }
    int left() const { return left_; }

private:
    int left_ = per_visit;
};

} // namespace face
