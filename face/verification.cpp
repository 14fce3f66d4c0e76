#include "face/verification.hpp"

#include "face/passive.hpp"

#include <algorithm>

namespace face {
namespace {

using namespace std::chrono_literals;

// Frames of distinct moments that are fused: three at least, five at most (spec face §6.8).
constexpr std::size_t fewest_moments = 3;
constexpr std::size_t most_moments = 5;
constexpr auto between_moments = 400ms; // chosen: another moment, not the next frame
// Chosen: from here on staff is quicker. Longer than every prompt of liveness together.
constexpr auto longest_check = 90s;
// Full years. Source: order no. 19 of the CAC and MPS of 2025, article 7 (spec reliability P5).
constexpr int youngest = 14;

} // namespace

struct Verification::Kept {
    Pipeline pipeline;
    Liveness liveness;
    Embedding reference;
    struct Moment {
        Embedding embedding;
        double merit;
    };
    std::vector<Moment> moments;
    std::optional<Landmarks> before;
    std::optional<base::MonotonicTime> began, last_moment;
    PassiveScore passive;

    Kept(Models& models, const Prompts& prompts) : pipeline(models), liveness(prompts) {}
    ~Kept() {
        pipeline.forget();
        base::wipe_stack_below();
    }
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;
};

Verification::Verification(const Needs& needs) : needs_(needs) {
    CHECK(needs.models != nullptr && needs.random != nullptr && needs.tries != nullptr);
    const auto why_not = [&]() -> std::optional<StaffReason> {
        if (!needs_.age || *needs_.age < youngest) return StaffReason::too_young;
        if (!needs_.models->can_compare()) return StaffReason::no_models;
        const auto* calibration = needs_.calibration;
        if (calibration == nullptr || calibration->pipeline != pipeline_version ||
            calibration->model != model(*needs_.models->embedder_id).name)
            return StaffReason::no_calibration;
        if (!needs_.tries->take()) return StaffReason::no_tries_left;
        return std::nullopt;
    }();
    if (why_not) {
        end(*why_not);
        return;
    }
    kept_ = std::make_unique<Kept>(*needs_.models, choose_prompts(*needs_.random));
    step_ = CheckStep::reference;
}

Verification::~Verification() = default;

void Verification::end(StaffReason reason) {
    kept_.reset();
    step_ = CheckStep::ended;
    verdict_ = Verdict::staff;
    reason_ = reason;
}

Outcome Verification::outcome() const {
    const auto id = needs_.models->embedder_id;
    return {verdict_, id ? model(*id).name : std::string_view{}};
}

CheckStep Verification::take_reference(const cv::Mat& photo) {
    if (step_ == CheckStep::ended) return step_;
    CHECK(step_ == CheckStep::reference);
    auto sample = kept_->pipeline.reference(photo);
    if (!sample || sample->sight != Sight::one) {
        end(StaffReason::no_reference_face);
        return step_;
    }
    kept_->reference = std::move(sample->embedding);
    step_ = CheckStep::watching;
    return step_;
}

Shown Verification::see(const cv::Mat& frame, base::MonotonicTime at) {
    Shown shown;
    shown.step = step_;
    if (step_ == CheckStep::ended) return shown;
    CHECK(step_ == CheckStep::watching);
    ++frames_;
    if (!kept_->began) kept_->began = at;
    const auto look = kept_->pipeline.track(frame);
    if (!look) {
        end(StaffReason::device);
    } else if (at - *kept_->began > longest_check) {
        end(StaffReason::not_finished);
    } else {
        if (look->sight == Sight::one) shown.face = look->face;
        shown.guidance = judge(frame, *look, at);
    }
    shown.step = step_;
    if (kept_) {
        shown.liveness = kept_->liveness.step();
        if (shown.liveness == LivenessStep::move) shown.prompt = kept_->liveness.prompt();
    }
    return shown;
}

std::optional<Guidance> Verification::judge(const cv::Mat& frame, const Look& look,
                                            base::MonotonicTime at) {
    switch (look.sight) {
    case Sight::nobody: return Guidance::nobody;
    case Sight::several: return Guidance::several_people;
    case Sight::one: break;
    }
    auto& kept = *kept_;
    const auto& wanted = needs_.models->embedder->input().wanted();
    const Frame seen{frame.size(), look.face, kept.before, aligned(frame, look.face.points, wanted),
                     wanted.points};
    kept.before = look.face.points;
    const auto aspects = aspects_of(seen);
    auto fault = first_fault(aspects);
    const auto now = kept.liveness.step();
    // Who was asked to turn or to come closer may be turned, near and moving.
    const bool is_turning = now == LivenessStep::move;
    if (is_turning && fault &&
        (*fault == Guidance::look_straight || *fault == Guidance::raise_or_lower ||
         *fault == Guidance::hold_still || *fault == Guidance::move_back))
        fault = std::nullopt;
    LivenessFrame moment{at, look.face.points, std::nullopt};
    const bool is_moment = !kept.last_moment || at - *kept.last_moment >= between_moments;
    if (is_moment && (!fault || is_turning)) {
        const auto probe = kept.pipeline.probe(frame, look.face);
        if (!probe) {
            end(StaffReason::device);
            return std::nullopt;
        }
        if (probe->sight == Sight::several) return Guidance::several_people;
        const bool is_seen = probe->sight == Sight::one;
        // Looked at closer it was no face, or not upright. A head that is far down or up may look
        // so: then this frame counts for the movement and is not compared.
        if (!is_seen && !is_turning) return Guidance::nobody;
        if (is_seen) kept.last_moment = at;
        if (is_seen && !kept.moments.empty())
            moment.alike = cosine(kept.moments.front().embedding, probe->embedding);
        if (!fault && !is_turning) {
            kept.moments.push_back({probe->embedding, merit(aspects)});
            kept.passive.add(*needs_.models, frame, look.face.box);
        }
    }
    const auto step = kept.liveness.see(moment);
    if (step == LivenessStep::failed)
        end(StaffReason::not_certain);
    else if (step == LivenessStep::passed && kept.moments.size() >= fewest_moments)
        decide();
    if (fault || !kept_) return fault;
    // Back to where one stood, so that one can come closer again.
    if (const auto strayed = kept_->liveness.strayed())
        return *strayed > 1 ? Guidance::move_back : Guidance::come_closer;
    return std::nullopt;
}

void Verification::decide() {
    auto& moments = kept_->moments;
    std::stable_sort(moments.begin(), moments.end(),
                     [](const auto& a, const auto& b) { return a.merit > b.merit; });
    if (moments.size() > most_moments) moments.resize(most_moments);
    std::vector<Embedding> best;
    for (auto& moment : moments) best.push_back(std::move(moment.embedding));
    const float score = cosine(kept_->reference, fused(best));
    const bool is_pass = score >= needs_.calibration->pass_level && !kept_->passive.is_veto();
    if (!is_pass) return end(StaffReason::not_certain);
    kept_.reset();
    step_ = CheckStep::ended;
    verdict_ = Verdict::pass;
    reason_ = std::nullopt;
}

} // namespace face
