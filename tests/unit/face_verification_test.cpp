#include "face/locked_mats.hpp"
#include "face/passive.hpp"
#include "face/verification.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "tests/support/face_data.hpp"
#include "tests/support/program_ending.hpp"
#include "tests/support/turned_face.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <type_traits>

namespace {

using namespace std::chrono_literals;

face::Models models() {
    return face::ModelStore(face_data::folder() + "/models").load(face::ModelUse::kiosk);
}

face::Calibration a_calibration() {
    face::Calibration c;
    c.model = "reid-0095";
    c.pipeline = face::pipeline_version;
    c.pass_level = 0.42f;
    c.band_level = 0.34f;
    return c;
}

// A photograph as a camera would see it: large enough, in the middle of a frame.
cv::Mat frame_with(const cv::Mat& photo, double zoom = 2) {
    cv::Mat large;
    cv::resize(photo, large, {}, zoom, zoom, cv::INTER_CUBIC);
    cv::Mat frame(480, 640, CV_8UC3, cv::Scalar::all(90));
    const cv::Rect place(std::max(0, (640 - large.cols) / 2), std::max(0, (480 - large.rows) / 2),
                         std::min(640, large.cols), std::min(480, large.rows));
    large(cv::Rect((large.cols - place.width) / 2, (large.rows - place.height) / 2, place.width,
                   place.height))
        .copyTo(frame(place));
    return frame;
}

cv::Mat a_photo() {
    return face_data::picture("lfw/Abel_Pacheco/Abel_Pacheco_0004.jpg");
}
cv::Mat another_photo() {
    return face_data::picture("lfw/Abel_Pacheco/Abel_Pacheco_0001.jpg");
}

// Loaded once: a check leaves nothing in them.
face::Models& loaded_models() {
    static face::Models loaded = models();
    return loaded;
}

struct Check {
    face::Models& loaded = loaded_models();
    face::Calibration calibration = a_calibration();
    base::SeededRandom random{1};
    face::Tries tries;
    face::Verification::Needs needs() { return {&loaded, &calibration, &random, &tries, 30}; }
};

// A whole check by somebody who does what is asked, at four frames a second, with the noise of a
// sensor. Ends with the check, or after a minute.
void run(face::Verification& check, face::Models& with, const cv::Mat& straight,
         support::Surface surface) {
    const auto points = face::Pipeline(with).track(straight).value().face.points;
    support::HeadPose pose;
    std::optional<face::Movement> asked;
    cv::RNG random(5);
    auto at = base::MonotonicTime(0ms);
    for (int i = 0; i < 240 && check.step() == face::CheckStep::watching; ++i, at += 250ms) {
        const auto wanted = asked ? support::pose_of(*asked) : support::HeadPose{};
        pose = support::towards(wanted, pose);
        auto frame = support::turned_face(straight, points, pose, surface);
        cv::Mat noise(frame.size(), CV_16SC3);
        random.fill(noise, cv::RNG::NORMAL, 0, 3);
        cv::add(frame, noise, frame, cv::noArray(), CV_8UC3);
        asked = check.see(frame, at).prompt;
    }
}

} // namespace

// A second reference cannot be given: not as a list, not after the first.
static_assert(std::is_same_v<decltype(&face::Verification::take_reference),
                             face::CheckStep (face::Verification::*)(const cv::Mat&)>);

// Run in a program of their own by the test below: what lies in locked memory does not survive a
// fork.
TEST_CASE("child: takes one reference", "[.child]") {
    Check its;
    face::Verification check(its.needs());
    CHECK(check.take_reference(another_photo()) == face::CheckStep::watching);
}
TEST_CASE("child: takes two references", "[.child]") {
    Check its;
    face::Verification check(its.needs());
    check.take_reference(another_photo());
    check.take_reference(another_photo());
}

TEST_CASE("a second reference ends the program", "[unit][face][refusal][P1][D4.1]") {
    if (!face_data::is_there()) return;
    const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
    CHECK(support::run_program(self + " 'child: takes one reference'").code == 0);
    const auto second = support::run_program(self + " 'child: takes two references'");
    CHECK(second.code != 0);
    CHECK(second.says("SIGABRT"));
}

TEST_CASE("without models every check ends with staff before a frame is taken",
          "[unit][face][refusal][G15]") {
    face::Models none;
    const auto calibration = a_calibration();
    base::SeededRandom random(1);
    face::Tries tries;
    face::Verification check({&none, &calibration, &random, &tries, 30});
    CHECK(check.step() == face::CheckStep::ended);
    CHECK(check.outcome().verdict == face::Verdict::staff);
    CHECK(check.reason() == face::StaffReason::no_models);
    CHECK(tries.left() == face::Tries::per_visit);
}

TEST_CASE("without a calibration for this network and pipeline every check ends with staff",
          "[unit][face][refusal][G15]") {
    if (!face_data::is_there()) return;
    Check its;
    const auto reason = [&](const face::Calibration* calibration) {
        auto needs = its.needs();
        needs.calibration = calibration;
        const face::Verification check(needs);
        CHECK(check.step() == face::CheckStep::ended);
        CHECK(check.outcome().verdict == face::Verdict::staff);
        return check.reason();
    };
    CHECK(reason(nullptr) == face::StaffReason::no_calibration);
    auto other = a_calibration();
    other.model = "sface-2021dec";
    CHECK(reason(&other) == face::StaffReason::no_calibration);
    other = a_calibration();
    other.pipeline += 1;
    CHECK(reason(&other) == face::StaffReason::no_calibration);
}

TEST_CASE("nobody under fourteen is compared, nor anybody whose age is not known",
          "[unit][face][refusal][P5][G16]") {
    if (!face_data::is_there()) return;
    Check its;
    const auto step = [&](std::optional<int> age) {
        auto needs = its.needs();
        needs.age = age;
        const face::Verification check(needs);
        if (check.step() == face::CheckStep::ended) {
            CHECK(check.reason() == face::StaffReason::too_young);
            CHECK(check.outcome().verdict == face::Verdict::staff);
        }
        return check.step();
    };
    for (const auto age : {std::optional<int>(), std::optional(-1), std::optional(0),
                           std::optional(6), std::optional(13)})
        CHECK(step(age) == face::CheckStep::ended);
    CHECK(its.tries.left() == face::Tries::per_visit); // no try was taken for it
    CHECK(step(14) == face::CheckStep::reference);
}

TEST_CASE("a reference without a face ends with staff", "[unit][face]") {
    if (!face_data::is_there()) return;
    Check its;
    face::Verification check(its.needs());
    CHECK(check.take_reference(cv::Mat(126, 102, CV_8UC3, cv::Scalar::all(200))) ==
          face::CheckStep::ended);
    CHECK(check.reason() == face::StaffReason::no_reference_face);
}

TEST_CASE("the fourth check of a visit ends with staff, the cancelled ones counted",
          "[unit][face][refusal][G16]") {
    if (!face_data::is_there()) return;
    Check its;
    for (int i = 0; i < face::Tries::per_visit; ++i) {
        const face::Verification check(its.needs()); // cancelled at once
        CHECK(check.step() == face::CheckStep::reference);
    }
    const face::Verification check(its.needs());
    CHECK(check.step() == face::CheckStep::ended);
    CHECK(check.reason() == face::StaffReason::no_tries_left);
}

namespace {

// What may be installed of the two detectors.
enum class Detectors { earlier, later, both };
constexpr std::array all_detectors{Detectors::earlier, Detectors::later, Detectors::both};

face::Models models_with(Detectors wanted) {
    auto loaded = models();
    REQUIRE(loaded.second_detector);
    if (wanted == Detectors::later) {
        loaded.detector = std::move(loaded.second_detector);
        loaded.detector_id = face::ModelId::yunet_2023mar;
    }
    if (wanted != Detectors::both) loaded.second_detector.reset();
    return loaded;
}

// Whose warped photograph all three see turning; of seven people looked at that was so for one, and
// for three with either detector alone.
cv::Mat turned_photo() {
    return face_data::picture("lfw/Aicha_El_Ouafi/Aicha_El_Ouafi_0001.jpg");
}
cv::Mat the_same_person() {
    return face_data::picture("lfw/Aicha_El_Ouafi/Aicha_El_Ouafi_0002.jpg");
}

// A whole check from the reference to the verdict; `order`: which of the twelve, by chance.
std::pair<face::Verdict, std::optional<face::StaffReason>> outcome_of(face::Models& with,
                                                                      const cv::Mat& reference,
                                                                      support::Surface surface,
                                                                      std::uint64_t order) {
    Check its{.loaded = with, .random = base::SeededRandom(order)};
    its.calibration.pass_level = 0.3f; // tells these two people apart; no figure of a kiosk
    face::Verification check(its.needs());
    REQUIRE(check.take_reference(reference) == face::CheckStep::watching);
    run(check, with, frame_with(turned_photo()), surface);
    CHECK(check.step() == face::CheckStep::ended);
    CHECK(check.reason().has_value() == (check.outcome().verdict != face::Verdict::pass));
    return {check.outcome().verdict, check.reason()};
}

} // namespace

TEST_CASE("the person on the card who does what is asked passes, somebody else does not, with "
          "either detector and with both",
          "[unit][face]") {
    if (!face_data::is_there()) return;
    using support::Surface;
    const auto somebody_else = face_data::picture("idchip/Akhmed_Zakayev/Akhmed_Zakayev_0001.webp");
    for (const auto detectors : all_detectors) {
        auto with = models_with(detectors);
        for (std::uint64_t order = 1; order <= 3; ++order) {
            INFO("detectors " << int(detectors) << ", order " << order);
            CHECK(outcome_of(with, the_same_person(), Surface::head, order).first ==
                  face::Verdict::pass);
            // One word for both, so that nobody learns which it was.
            for (const auto& [verdict, reason] :
                 {outcome_of(with, somebody_else, Surface::head, order),
                  outcome_of(with, the_same_person(), Surface::sheet, order)}) {
                CHECK(verdict == face::Verdict::staff);
                CHECK(reason == face::StaffReason::not_certain);
            }
        }
    }
}

TEST_CASE("a still photo held before the camera never passes", "[unit][face]") {
    if (!face_data::is_there()) return;
    Check its;
    face::Verification check(its.needs());
    REQUIRE(check.take_reference(another_photo()) == face::CheckStep::watching);
    const auto frame = frame_with(a_photo());
    auto at = base::MonotonicTime(0ms);
    for (int i = 0; i < 40 && check.step() == face::CheckStep::watching; ++i, at += 200ms)
        check.see(frame, at);
    CHECK(check.step() == face::CheckStep::ended); // the same frame twice
    CHECK(check.outcome().verdict == face::Verdict::staff);
    CHECK(check.reason() == face::StaffReason::not_certain);
}

TEST_CASE("each kind of odd frame is answered with what to change", "[unit][face]") {
    if (!face_data::is_there()) return;
    const auto photo = a_photo();
    const auto said = [&](const cv::Mat& frame) {
        Check its;
        face::Verification check(its.needs());
        REQUIRE(check.take_reference(another_photo()) == face::CheckStep::watching);
        return check.see(frame, base::MonotonicTime(0ms)).guidance;
    };
    const auto good = frame_with(photo);
    CHECK(said(good) == std::nullopt);
    CHECK(said(cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(0))) == face::Guidance::nobody);
    CHECK(said(cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(255))) == face::Guidance::nobody);
    CHECK(said(cv::Mat(1, 1, CV_8UC3, cv::Scalar::all(9))) == face::Guidance::nobody);
    CHECK(said(frame_with(photo, 0.9)) == face::Guidance::come_closer);
    cv::Mat changed;
    good.convertTo(changed, -1, 0.2);
    CHECK(said(changed) == face::Guidance::too_dark);
    good.convertTo(changed, -1, 2.2, 60);
    CHECK(said(changed) == face::Guidance::too_bright);
    cv::GaussianBlur(good, changed, {}, 7);
    CHECK(said(changed) == face::Guidance::blurred);
    cv::Mat pair;
    cv::hconcat(photo, photo, pair);
    CHECK(said(frame_with(pair, 1.28)) == face::Guidance::several_people);
    changed = good.clone();
    changed.colRange(320, 640) *= 0.25;
    CHECK(said(changed) == face::Guidance::light_from_side);
    cv::warpAffine(good, changed, cv::getRotationMatrix2D({320, 240}, 30, 1), good.size());
    CHECK(said(changed) == face::Guidance::hold_head_upright);
    cv::warpAffine(good, changed, cv::Matx23d(1, 0, 250, 0, 1, 0), good.size());
    CHECK((said(changed) == face::Guidance::come_into_frame ||
           said(changed) == face::Guidance::nobody));
}

TEST_CASE("a frame that is not 8-bit colour ends with staff, not with a fault", "[unit][face]") {
    if (!face_data::is_there()) return;
    Check its;
    face::Verification check(its.needs());
    REQUIRE(check.take_reference(a_photo()) == face::CheckStep::watching);
    check.see(cv::Mat(480, 640, CV_8UC1, cv::Scalar::all(9)), base::MonotonicTime(0ms));
    CHECK(check.step() == face::CheckStep::ended);
    CHECK(check.reason() == face::StaffReason::device);
}

TEST_CASE("after a check the networks hold nothing of the person", "[unit][face][refusal][P6]") {
    if (!face_data::is_there()) return;
    auto loaded = models();
    const auto photo = a_photo();
    const auto in_use = base::SessionArena::instance().in_use();
    // What a network answers when it has run on zeros; afterwards the same must stand in its blobs.
    base::Bytes canary;
    {
        face::Pipeline pipeline(loaded);
        auto sample = pipeline.probe(photo);
        REQUIRE(sample.has_value());
        REQUIRE(sample->embedding.size() == 256);
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(sample->embedding.data());
        canary.assign(bytes, bytes + 64);
        CHECK(base::SessionArena::instance().in_use() > in_use);
        pipeline.forget();
    }
    CHECK(base::SessionArena::instance().in_use() == in_use);
}

TEST_CASE("the publisher's samples of paper and screen are told from the genuine one",
          "[unit][face]") {
    if (!face_data::is_there()) return;
    auto loaded = models();
    face::Pipeline pipeline(loaded);
    const auto mean = [&](const char* name) {
        const auto picture = face_data::picture(std::string("spoof/") + name);
        const auto sample = pipeline.probe(picture);
        REQUIRE(sample.has_value());
        REQUIRE(sample->sight == face::Sight::one);
        face::PassiveScore score;
        score.add(loaded, picture, sample->face.box);
        return std::pair(score.mean(), score.is_veto());
    };
    CHECK(mean("image_T1.jpg").first > 0.9);
    CHECK_FALSE(mean("image_T1.jpg").second);
    CHECK(mean("image_F1.jpg").second);
    CHECK(mean("image_F2.jpg").second);
    // Not installed: no opinion.
    loaded.minifasnet_v2.reset();
    loaded.minifasnet_v1se.reset();
    CHECK_FALSE(mean("image_F1.jpg").second);
}

TEST_CASE("how long a tracking and a decision frame take beside one matrix product",
          "[.bench][face]") {
    if (!face_data::is_there()) return;
    cv::setNumThreads(1);
    auto loaded = models();
    face::Pipeline pipeline(loaded);
    const auto frame = frame_with(a_photo());
    const cv::Mat a(1'000, 1'000, CV_32F, cv::Scalar(0.5)),
        b(1'000, 1'000, CV_32F, cv::Scalar(0.25));
    cv::Mat product;
    std::vector<double> yardstick, tracking, decision, veto;
    for (int round = 0; round < 15; ++round) {
        base::Stopwatch first;
        cv::gemm(a, b, 1, cv::noArray(), 0, product);
        yardstick.push_back(first.millis());
        base::Stopwatch second;
        const auto look = pipeline.track(frame).value();
        tracking.push_back(second.millis());
        REQUIRE(look.sight == face::Sight::one);
        base::Stopwatch third;
        REQUIRE(pipeline.probe(frame, look.face).value().sight == face::Sight::one);
        decision.push_back(tracking.back() + third.millis());
        base::Stopwatch fourth;
        face::PassiveScore passive;
        passive.add(loaded, frame, look.face.box);
        veto.push_back(fourth.millis());
    }
    const auto median = [](std::vector<double> values) {
        std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
        return values[values.size() / 2];
    };
    const double one = median(yardstick);
    std::cout << "matrix product " << one << " ms; tracking frame " << median(tracking) / one
              << ", decision frame " << median(decision) / one << ", veto networks "
              << median(veto) / one << " of it\n";
}
