// One consented face check: one reference, camera frames, one verdict. Never "no": a machine
// refuses nobody (DESIGN D12).
//
// Made when the person has agreed, destroyed when the step ends in any way; everything that came
// from the person is overwritten then. No type here holds two references.
#pragma once

#include "face/calibration.hpp"
#include "face/liveness.hpp"
#include "face/pipeline.hpp"
#include "face/quality.hpp"

#include <memory>
#include <optional>

namespace face {

enum class Verdict {
    pass,  // this is the person on the card
    staff, // a member of staff looks; that says nothing about the person
};

// Why staff: for the words on the screen of this session, never kept.
enum class StaffReason {
    no_models,         // nothing recognised is installed
    no_calibration,    // the district has not signed one that holds today
    no_reference_face, // the photo on the card shows no face to compare with
    no_tries_left,
    too_young,    // or nobody knows how old
    not_certain,  // everything else that is not a pass: levels, liveness, veto; one word on purpose
    not_finished, // ended before there was a verdict
    device,       // a network failed
};

enum class CheckStep {
    reference, // wants take_reference()
    watching,  // wants frames
    ended,     // verdict() holds
};

// What the preview shows after a frame.
struct Shown {
    CheckStep step = CheckStep::watching;
    std::optional<Guidance> guidance; // something to change first
    LivenessStep liveness = LivenessStep::look_straight;
    std::optional<Movement> prompt; // while liveness is `move`
    FoundFace face;                 // empty box while there is not exactly one
};

// What may leave this room: with method and time, which the session knows, the whole record.
struct Outcome {
    Verdict verdict = Verdict::staff;
    std::string_view model; // Model::name, with its pipeline a fact about the kiosk, not the person
};

// One call at a time, from one worker thread. Borrows everything it is given.
class Verification {
public:
    struct Needs {
        Models* models = nullptr;
        const Calibration* calibration = nullptr; // none: ended from the start, staff
        base::RandomSource* random = nullptr;
        Tries* tries = nullptr; // of the visit; one is taken here
        // Full years by the date of birth on the card; none: not known. Under 14 nobody is compared
        // (safeguard G16, spec reliability P5).
        std::optional<int> age;
    };
    explicit Verification(const Needs& needs);
    ~Verification();
    Verification(const Verification&) = delete;
    Verification& operator=(const Verification&) = delete;

    // The photo on the card, as 8-bit BGR. Once: a second one ends the program (1:1 only).
    CheckStep take_reference(const cv::Mat& photo);
    // A camera frame, as 8-bit BGR, and when it was taken. At most one tracking frame of time, and
    // one decision frame about twice a second.
    Shown see(const cv::Mat& frame, base::MonotonicTime at);

    CheckStep step() const { return step_; }
    // `staff` unless the check has ended with a pass.
    Outcome outcome() const;
    // Why `staff`; none after a pass.
    std::optional<StaffReason> reason() const { return reason_; }
    int frames_seen() const { return frames_; } // camera frames given to it: counted for the audit

private:
    struct Kept;
    void end(StaffReason reason);
    void decide();
    std::optional<Guidance> judge(const cv::Mat& frame, const Look& look, base::MonotonicTime at);

    Needs needs_;
    std::unique_ptr<Kept> kept_; // what came from the person; none after the end
    CheckStep step_ = CheckStep::ended;
    Verdict verdict_ = Verdict::staff;
    std::optional<StaffReason> reason_ = StaffReason::not_finished;
    int frames_ = 0;
};

} // namespace face
