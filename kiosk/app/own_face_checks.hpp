// Face checks with this kiosk's own camera, models and calibration.
#pragma once

#include "drivers/camera/camera.hpp"
#include "face/verification.hpp"
#include "kiosk/app/face_checks.hpp"

#include <atomic>
#include <functional>
#include <mutex>

namespace app {

struct OwnFaceChecksParts {
    drivers::Camera& camera; // the face camera, never the one for papers
    const base::Clock& clock;
    base::RandomSource& random;
    std::string models_folder;
    // Read for every check, so that one that has expired, or is taken away, counts no more.
    std::function<base::Result<face::Calibration>()> calibration;
    // 1,024 chip bytes into 102 x 126 pixels, red, green, blue.
    std::function<base::Result<base::SecretBytes>(base::ByteView chip_bytes, std::stop_token)>
        decode;
};

class OwnFaceChecks final : public FaceChecks {
public:
    explicit OwnFaceChecks(OwnFaceChecksParts parts);
    ~OwnFaceChecks() override;

    // Loads the models and lets each answer its self-test: takes a second or two. The face worker's
    // thread, once; nothing is ready before.
    void prepare();

    bool is_ready() const override { return is_ready_; }
    bool has_tries(session::Ticket ticket) const override;
    std::uint64_t frames_taken() const override { return parts_.camera.frames_taken(); }
    std::string_view model() const override { return model_; }
    base::Result<void> begin(const FaceSubject& subject, std::stop_token stop) override;
    FaceLook look() override;
    void end() override;

private:
    OwnFaceChecksParts parts_;
    face::Models models_;
    std::optional<face::Calibration> calibration_;
    std::unique_ptr<face::Verification> check_;
    std::string_view model_; // of the table of known models; set before is_ready_
    std::atomic<bool> is_ready_{false};
    // Of the newest session alone: a ticket never comes back.
    mutable std::mutex tries_mutex_;
    session::Ticket tries_of_ = 0;
    face::Tries tries_;
};

} // namespace app
