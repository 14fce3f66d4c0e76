// Somebody before the kiosk's mirror, in the demonstration and in scripts: a drawn head that turns
// as heads do. Its five points go through the product's own liveness, its comparison with the photo
// on the card through a calibration that the demonstration has signed for its simulated people
// (spec safeguards G15). No network runs and no camera is there. Development builds only.
#pragma once

#include "face/calibration.hpp"
#include "face/liveness.hpp"
#include "kiosk/app/face_checks.hpp"
#include "kiosk/app/own_face_mirror.hpp"
#include "kiosk/staff/area.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>

namespace app {

// What the person before the mirror does.
enum class FaceManner {
    follows,       // what is asked
    still,         // looks straight ahead, whatever is asked
    wrong_way,     // another movement than is asked
    sheet,         // holds up a photo of the right person, and turns that
    somebody_else, // follows, and is not the person on the card
    away,          // is not there
    far,           // stands too far back
};
struct FaceMannerRow {
    FaceManner manner;
    std::string_view word;  // in scripts
    std::string_view label; // for the dock, in English
};
std::span<const FaceMannerRow> face_manners();

class SimulatedFace final : public FaceChecks {
public:
    // Both outlive it.
    SimulatedFace(const base::Clock& clock, base::RandomSource& random);
    ~SimulatedFace() override;

    // Verbs, from any thread. Whose photo is the right one; the person on the last card laid down.
    void stand_there(base::ByteView chip_photo);
    void behave(FaceManner manner) { manner_ = manner; }
    FaceManner manner() const { return manner_; }
    void pull_cable() { is_plugged_ = false; }
    void plug_cable() { is_plugged_ = true; }

    bool is_ready() const override { return is_plugged_; }
    bool has_tries(session::Ticket ticket) const override;
    std::uint64_t frames_taken() const override { return frames_; }
    std::string_view model() const override { return "simulated"; }
    base::Result<void> begin(const FaceSubject& subject, std::stop_token stop) override;
    FaceLook look() override;
    void end() override;

    // The same camera, for a technician; from the face worker, as a check is.
    FaceMirror& mirror() { return mirror_; }
    bool is_mirror_open() const { return mirror_.is_open; }
    // What the demonstration stands in for is there; the camera, while it is plugged in.
    std::vector<staff::FacePartRow> parts() const;

    // The files and keys of the demonstration's calibration, as a district would install them.
    const face::CalibrationFiles& calibration_files() const { return files_; }
    std::span<const base::Ed25519Key> demo_keys() const { return keys_; }

private:
    struct Check;
    struct Mirror final : FaceMirror {
        explicit Mirror(SimulatedFace& of) : face(of) {}
        base::Result<void> open() override;
        base::Result<present::MirrorFacts> look() override;
        void close() override { is_open = false; }
        SimulatedFace& face;
        MirrorGauge gauge;
        std::atomic<bool> is_open{false};
    };
    struct Head {
        double yaw = 0;  // degrees
        double near = 0; // mm nearer than one stands
    };
    base::Result<face::Calibration> calibration() const;
    Head wanted_head(FaceManner manner) const;
    bool is_the_one_on(base::ByteView chip_photo) const;

    const base::Clock& clock_;
    base::RandomSource& random_;
    std::array<base::Ed25519Key, 2> keys_{};
    face::CalibrationFiles files_;
    std::atomic<FaceManner> manner_{FaceManner::follows};
    std::atomic<bool> is_plugged_{true};
    std::atomic<std::uint64_t> frames_{0};
    mutable std::mutex mutex_; // who stands there, and the tries
    base::Bytes person_;       // the photo on that person's card
    session::Ticket tries_of_ = 0;
    face::Tries tries_;
    std::unique_ptr<Check> check_; // the face worker's
    Mirror mirror_{*this};
    Head head_;
    int reaction_ = 0; // frames until the person has understood what is asked
};

} // namespace app
