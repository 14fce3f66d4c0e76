// Face checks with real networks, a person who turns as asked, and a camera that fails.
#include "kiosk/app/own_face_checks.hpp"
#include "kiosk/app/own_face_mirror.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "tests/support/face_data.hpp"
#include "tests/support/turned_face.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <opencv2/imgproc.hpp>

namespace {

using namespace std::chrono_literals;
using session::FaceEnd;
using session::Signal;

base::Picture rgb_of(const cv::Mat& bgr) {
    cv::Mat rgb;
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    base::Picture picture{rgb.cols, rgb.rows, 3, {}};
    picture.pixels.assign(rgb.data, rgb.data + rgb.total() * rgb.elemSize());
    return picture;
}

cv::Mat live_photo() {
    const auto photo = face_data::picture("lfw/Abel_Pacheco/Abel_Pacheco_0004.jpg");
    cv::Mat large, frame(480, 640, CV_8UC3, cv::Scalar::all(90));
    cv::resize(photo, large, {}, 2, 2, cv::INTER_CUBIC);
    large(cv::Rect(0, 10, large.cols, 480)).copyTo(frame(cv::Rect(70, 0, large.cols, 480)));
    return frame;
}

// The person before it does what was asked last.
class Room final : public drivers::Camera {
public:
    Room(cv::Mat straight, face::Landmarks points)
        : straight_(std::move(straight)), points_(points) {}

    std::string asked;
    int frames_until_unplugged = -1;

    base::Result<void> open() override {
        if (frames_until_unplugged == 0) return base::Error{base::Errc::unplugged, "no camera"};
        is_open_ = true;
        return {};
    }
    base::Result<base::Picture> next_frame(base::Milliseconds) override {
        CHECK(is_open_);
        if (frames_until_unplugged == 0) return base::Error{base::Errc::unplugged, "no camera"};
        --frames_until_unplugged;
        ++frames_;
        support::HeadPose wanted;
        for (const auto& [word, movement] : {std::pair{"turn_left", face::Movement::turn_left},
                                             std::pair{"turn_right", face::Movement::turn_right},
                                             std::pair{"come_closer", face::Movement::come_closer}})
            if (asked == word) wanted = support::pose_of(movement);
        pose_ = support::towards(wanted, pose_);
        auto frame = support::turned_face(straight_, points_, pose_, support::Surface::head);
        cv::Mat noise(frame.size(), CV_16SC3);
        random_.fill(noise, cv::RNG::NORMAL, 0, 3);
        cv::add(frame, noise, frame, cv::noArray(), CV_8UC3);
        return rgb_of(frame);
    }
    void close() override { is_open_ = false; }
    bool is_open() const override { return is_open_; }
    std::uint64_t frames_taken() const override { return frames_; }
    std::string describe() const override { return "a room"; }

private:
    cv::Mat straight_;
    face::Landmarks points_;
    support::HeadPose pose_;
    cv::RNG random_{5};
    bool is_open_ = false;
    std::uint64_t frames_ = 0;
};

face::Landmarks points_in(const cv::Mat& frame) {
    auto models = face::ModelStore(face_data::folder() + "/models").load(face::ModelUse::kiosk);
    return face::Pipeline(models).track(frame).value().face.points;
}

base::Result<face::Calibration> a_calibration() {
    face::Calibration calibration;
    calibration.model = "reid-0095";
    calibration.pipeline = face::pipeline_version;
    calibration.pass_level = 0.3f; // tells these two people apart; no figure of a kiosk
    calibration.band_level = 0.25f;
    return calibration;
}

struct Desk {
    base::ManualClock clock{base::WallTime(std::chrono::sys_days{2026y / 11 / 30})};
    // A seed whose prompts are two turns to the sides: the warped photograph serves for those.
    base::SeededRandom random{seed_of_turns()};
    Room room;
    std::string chip = "lfw/Abel_Pacheco/Abel_Pacheco_0001.jpg";
    base::Result<face::Calibration> calibration = a_calibration();
    std::optional<base::Errc> decoder_fault;
    app::OwnFaceChecks checks;

    explicit Desk(const cv::Mat& straight = live_photo())
        : room(straight, points_in(straight)),
          checks({room, clock, random, face_data::folder() + "/models",
                  [this] { return calibration; },
                  [this](base::ByteView, std::stop_token) { return decode(); }}) {}

    static std::uint64_t seed_of_turns() {
        for (std::uint64_t seed = 0;; ++seed) {
            base::SeededRandom random(seed);
            const auto prompts = face::choose_prompts(random);
            const auto is_turn = [](face::Movement each) {
                return each == face::Movement::turn_left || each == face::Movement::turn_right;
            };
            if (is_turn(prompts[0]) && is_turn(prompts[1])) return seed;
        }
    }
    base::Result<base::SecretBytes> decode() const {
        if (decoder_fault) return base::Error{*decoder_fault, "as the test says"};
        cv::Mat small;
        cv::resize(face_data::picture(chip)(cv::Rect(65, 40, 120, 148)), small, {102, 126}, 0, 0,
                   cv::INTER_AREA);
        const auto picture = rgb_of(small);
        return base::SecretBytes(picture.pixels.begin(), picture.pixels.end());
    }
    base::Result<void> begin(session::Ticket ticket = 1, std::optional<int> age = 70) {
        return checks.begin({ticket, std::make_shared<const base::SecretBytes>(1024), age}, {});
    }
    // Until the check ends; at most a minute.
    session::Input run() {
        for (int i = 0; i < 240; ++i) {
            auto look = checks.look();
            if (look.ended) return std::move(*look.ended);
            CHECK(look.shown.live != nullptr);
            CHECK_FALSE(look.shown.said.empty());
            room.asked = look.shown.is_asked ? look.shown.said : "";
            clock.advance(250ms);
        }
        FAIL("the check never ends");
        return Signal::idle;
    }
};

FaceEnd why(const session::Input& input) {
    REQUIRE(input.signal == Signal::face_ended);
    return std::get<FaceEnd>(input.payload);
}

} // namespace

TEST_CASE("the person on the card who turns as asked passes, with a camera and real networks",
          "[flow][face]") {
    if (!face_data::is_there()) return;
    Desk desk;
    CHECK_FALSE(desk.checks.is_ready()); // before anything was loaded
    desk.checks.prepare();
    REQUIRE(desk.checks.is_ready());
    REQUIRE(desk.begin());
    CHECK(desk.run().signal == Signal::face_passed);
    desk.checks.end();
    CHECK_FALSE(desk.room.is_open());
    // Somebody else's card.
    desk.chip = "lfw/Akhmed_Zakayev/Akhmed_Zakayev_0003.jpg";
    REQUIRE(desk.begin());
    CHECK(why(desk.run()) == FaceEnd::not_certain);
}

TEST_CASE("a camera that goes away ends the check wherever it does", "[flow][face]") {
    if (!face_data::is_there()) return;
    Desk desk;
    desk.checks.prepare();
    desk.room.frames_until_unplugged = 0;
    CHECK(desk.begin().error().code == base::Errc::unplugged);
    for (const int frames : {1, 2, 9}) {
        desk.room.frames_until_unplugged = frames;
        REQUIRE(desk.begin(session::Ticket(10 + frames)));
        CHECK(why(desk.run()) == FaceEnd::device);
        desk.checks.end();
        CHECK_FALSE(desk.room.is_open());
    }
}

TEST_CASE("without models or calibration nothing is ready, and no camera opens",
          "[flow][refusal][G15][face]") {
    if (!face_data::is_there()) return;
    Desk desk;
    desk.calibration = base::Error{base::Errc::refused, "expired"};
    desk.checks.prepare();
    CHECK_FALSE(desk.checks.is_ready());
    CHECK_FALSE(desk.begin());
    CHECK_FALSE(desk.room.is_open());
    // One that expires while the kiosk runs counts for no further check.
    Desk later;
    later.checks.prepare();
    REQUIRE(later.checks.is_ready());
    later.calibration = base::Error{base::Errc::refused, "expired"};
    CHECK_FALSE(later.begin());
    CHECK_FALSE(later.room.is_open());
    CHECK_FALSE(later.checks.is_ready());
}

TEST_CASE("a photo that cannot be decoded, and somebody under fourteen, are never compared",
          "[flow][refusal][P5][face]") {
    if (!face_data::is_there()) return;
    Desk desk;
    desk.checks.prepare();
    desk.decoder_fault = base::Errc::corrupt;
    CHECK(desk.begin().error().code == base::Errc::corrupt);
    desk.decoder_fault.reset();
    for (const auto age : {std::optional<int>(), std::optional(13)}) {
        REQUIRE(desk.begin(7, age));
        CHECK(why(*desk.checks.look().ended) == FaceEnd::not_certain);
        CHECK(desk.room.frames_taken() == 0);
        CHECK_FALSE(desk.room.is_open());
    }
}

TEST_CASE("a session has three checks, and the next session three of its own",
          "[flow][refusal][G14][face]") {
    if (!face_data::is_there()) return;
    Desk desk;
    desk.checks.prepare();
    for (int i = 0; i < 3; ++i) {
        CHECK(desk.checks.has_tries(1));
        REQUIRE(desk.begin(1));
        desk.checks.end();
    }
    CHECK_FALSE(desk.checks.has_tries(1));
    REQUIRE(desk.begin(1));
    CHECK(why(*desk.checks.look().ended) == FaceEnd::not_certain);
    CHECK(desk.checks.has_tries(2));
}

// ---- the technician's mirror ----

namespace {

// A drawn head in the middle of a lit room; no face that anybody could find.
cv::Mat drawn_head(const cv::Scalar& skin = cv::Scalar::all(150)) {
    cv::Mat frame(480, 640, CV_8UC3, cv::Scalar::all(120));
    cv::ellipse(frame, {320, 240}, {105, 140}, 0, 0, 360, skin, cv::FILLED);
    for (const int x : {280, 360}) {
        cv::circle(frame, {x, 215}, 9, skin * 0.3, cv::FILLED);
        cv::line(frame, {x - 20, 190}, {x + 20, 190}, skin * 0.4, 4);
    }
    cv::line(frame, {290, 300}, {350, 300}, skin * 0.4, 5);
    // Light from above, as in rooms: what is left where everything else is blurred.
    for (int y = 0; y < frame.rows; ++y)
        frame.row(y) *= std::clamp(1.2 - 0.4 * (y - 100) / 280, 0.8, 1.2);
    return frame;
}

std::optional<std::string> first_fault(const present::MirrorFacts& facts) {
    for (const auto& measure : facts.measures)
        if (!measure.is_good) return measure.reason;
    return std::nullopt;
}

// Shows one picture, again and again.
class Wall final : public drivers::Camera {
public:
    base::Picture picture;
    std::optional<base::Errc> fault;
    std::uint64_t frames = 0;
    bool open_now = false;

    base::Result<void> open() override {
        if (fault) return base::Error{*fault, "no camera"};
        open_now = true;
        return {};
    }
    base::Result<base::Picture> next_frame(base::Milliseconds) override {
        CHECK(open_now);
        if (fault) return base::Error{*fault, "no camera"};
        ++frames;
        return picture;
    }
    void close() override { open_now = false; }
    bool is_open() const override { return open_now; }
    std::uint64_t frames_taken() const override { return frames; }
    std::string describe() const override { return "a wall"; }
};

} // namespace

TEST_CASE("the technician's mirror measures light and sharpness where a face belongs",
          "[flow][face][refusal][D4.1]") {
    const auto fault_of = [](const cv::Mat& bgr) {
        app::MirrorGauge gauge;
        const auto facts = gauge.read(rgb_of(bgr), base::MonotonicTime(1h));
        for (const auto& m : facts.measures) UNSCOPED_INFO(m.reason << " " << m.value);
        return first_fault(facts);
    };
    CHECK(fault_of(drawn_head()) == std::nullopt);
    CHECK(fault_of(drawn_head(cv::Scalar::all(25))) == "too_dark");
    CHECK(fault_of(drawn_head(cv::Scalar::all(255))) == "too_bright");
    auto side = drawn_head(cv::Scalar::all(200));
    side.colRange(0, 320) *= 0.25;
    CHECK(fault_of(side) == "light_from_side");
    auto blurred = drawn_head();
    cv::GaussianBlur(blurred, blurred, {}, 8);
    CHECK(fault_of(blurred) == "blurred");
    // What is beside the ring does not count.
    auto dark_room = drawn_head();
    dark_room.colRange(0, 150).setTo(0);
    dark_room.colRange(490, 640).setTo(0);
    CHECK(fault_of(dark_room) == std::nullopt);
    cv::Mat large;
    cv::resize(drawn_head(), large, {1920, 1080}, 0, 0, cv::INTER_CUBIC);
    CHECK(fault_of(large) == std::nullopt);
}

TEST_CASE("the technician's mirror tells size and rate as they come, and keeps its camera closed",
          "[flow][face][refusal][D4.1][G7]") {
    base::ManualClock clock{base::WallTime(std::chrono::sys_days{2026y / 11 / 30})};
    Wall wall;
    wall.picture = rgb_of(drawn_head());
    wall.picture.row(0)[0] = 200; // upper left
    app::OwnFaceMirror mirror(wall, clock);
    CHECK_FALSE(wall.is_open());
    REQUIRE(mirror.open());
    auto first = mirror.look().value();
    CHECK(first.frames_per_second == 0);
    CHECK(first.width == 640);
    CHECK(first.height == 480);
    CHECK(first.live->row(0)[3 * 639] == 200); // upper right: as in a mirror
    for (int i = 0; i < 40; ++i) {
        clock.advance(50ms);
        REQUIRE(mirror.open()); // as it is called for each picture
        first = mirror.look().value();
    }
    CHECK(first.frames_per_second == Approx(20));
    mirror.close();
    CHECK_FALSE(wall.is_open());
    REQUIRE(mirror.open()); // anew: nothing of the time between counts
    CHECK(mirror.look().value().frames_per_second == 0);
    wall.fault = base::Errc::unplugged;
    CHECK(mirror.look().error().code == base::Errc::unplugged);
    mirror.close();
    CHECK(mirror.open().error().code == base::Errc::unplugged);
}
