#include "kiosk/app/own_face_checks.hpp"

#include "face/locked_mats.hpp"
#include "kiosk/app/face_picture.hpp"

#include <opencv2/core/utility.hpp>

namespace app {
namespace {

// Spec id-card-reader §8: the photo on the chip.
constexpr int photo_width = 102;
constexpr int photo_height = 126;
constexpr base::Milliseconds frame_limit{1000};
void say(const face::Shown& shown, present::FaceFacts& facts) {
    if (shown.guidance) {
        facts.said = face::to_string(*shown.guidance);
        return;
    }
    facts.is_asked = true;
    facts.said = shown.prompt ? face::to_string(*shown.prompt) : "straight";
}

session::FaceEnd end_of(std::optional<face::StaffReason> reason) {
    using face::StaffReason;
    switch (reason.value_or(StaffReason::not_certain)) {
    case StaffReason::no_reference_face: return session::FaceEnd::no_photo;
    case StaffReason::not_finished: return session::FaceEnd::not_finished;
    case StaffReason::no_models:
    case StaffReason::no_calibration:
    case StaffReason::device: return session::FaceEnd::device;
    case StaffReason::no_tries_left:
    case StaffReason::too_young:
    case StaffReason::not_certain: break;
    }
    return session::FaceEnd::not_certain;
}

session::Input ended(session::FaceEnd why) {
    return {session::Signal::face_ended, why};
}

} // namespace

OwnFaceChecks::OwnFaceChecks(OwnFaceChecksParts parts) : parts_(std::move(parts)) {
    face::keep_mats_in_locked_memory();
    cv::setNumThreads(1); // threads of a pool would keep what they saw on their stacks
}

OwnFaceChecks::~OwnFaceChecks() {
    end();
}

void OwnFaceChecks::prepare() {
    models_ = face::ModelStore(parts_.models_folder).load(face::ModelUse::kiosk);
    if (models_.embedder_id) model_ = face::model(*models_.embedder_id).name;
    is_ready_ = models_.can_compare() && parts_.calibration().has_value();
}

bool OwnFaceChecks::has_tries(session::Ticket ticket) const {
    const std::lock_guard lock(tries_mutex_);
    return ticket != tries_of_ || tries_.left() > 0;
}

base::Result<void> OwnFaceChecks::begin(const FaceSubject& subject, std::stop_token stop) {
    end();
    auto calibration = parts_.calibration();
    if (!calibration) {
        is_ready_ = false; // until the next start: somebody has to look at it anyway
        return calibration.error();
    }
    calibration_ = std::move(calibration).value();
    base::SecretBytes pixels;
    if (subject.age.value_or(0) >= session::youngest_alone) {
        // The camera before the photo: whoever cannot be seen needs no decoder.
        TRY(parts_.camera.open());
        pixels = TRY(parts_.decode(*subject.chip_photo, stop));
        if (pixels.size() != std::size_t(photo_width) * photo_height * 3)
            return base::Error{base::Errc::corrupt, "the photo has another size"};
    }
    {
        const std::lock_guard lock(tries_mutex_);
        if (tries_of_ != subject.ticket) {
            tries_of_ = subject.ticket;
            tries_ = {};
        }
        check_ = std::make_unique<face::Verification>(face::Verification::Needs{
            &models_, &*calibration_, &parts_.random, &tries_, subject.age});
    }
    if (check_->step() == face::CheckStep::reference)
        check_->take_reference(bgr_of(pixels.data(), photo_width, photo_height));
    return {};
}

FaceLook OwnFaceChecks::look() {
    FaceLook look;
    if (!check_ || check_->step() == face::CheckStep::ended) {
        look.ended = ended(check_ ? end_of(check_->reason()) : session::FaceEnd::device);
        return look;
    }
    auto frame = parts_.camera.next_frame(frame_limit);
    if (!frame) {
        look.ended = ended(session::FaceEnd::device);
        return look;
    }
    const auto shown =
        check_->see(bgr_of(frame->pixels.data(), frame->width, frame->height), parts_.clock.now());
    if (shown.step == face::CheckStep::ended) {
        if (check_->outcome().verdict == face::Verdict::pass)
            look.ended = session::Input(session::Signal::face_passed);
        else
            look.ended = ended(end_of(check_->reason()));
        return look;
    }
    look.shown.live = mirror_of(*frame);
    say(shown, look.shown);
    return look;
}

void OwnFaceChecks::end() {
    parts_.camera.close();
    check_.reset();
    calibration_.reset();
    base::wipe_stack_below();
}

} // namespace app
