#include "kiosk/app/development/simulated_face.hpp"

#include "face/quality.hpp"
#include "kiosk/base/check.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace app {
namespace {

using face::Landmarks;
using face::Movement;

constexpr int width = 640;
constexpr int height = 480;
constexpr double focal_length = 900;  // pixels: a usual lens at this size
constexpr double near = 620;          // mm from the camera, as one stands before the kiosk
constexpr double far = 1600;          // chosen: two steps back
constexpr double turn = 32;           // degrees: what people do who are asked to turn the head
constexpr double lean = 140;          // mm: what people do who are asked to come closer
constexpr double degrees_a_frame = 4; // chosen: a calm movement at 25 frames a second
constexpr double mm_a_frame = 12;     // chosen: the same
constexpr int reaction_frames = 8;    // chosen: a third of a second until somebody moves
constexpr double pixel_noise = 0.4;   // chosen: points of a detector are never twice the same

// A head in mm, x to the right of the picture, y down, z to the camera; means of adults, as in
// tests/unit/face_liveness_test.cpp.
const std::array<cv::Vec3d, Landmarks::count> head_points{
    {{-31.5, 0, -29}, {31.5, 0, -29}, {0, 40, 0}, {-25.5, 68, -26.5}, {25.5, 68, -26.5}}};
const cv::Vec3d neck(0, 60, -90);

struct View {
    double yaw = 0; // degrees
    double distance = near;
    bool is_flat = false;

    cv::Point2d operator()(cv::Vec3d at) const {
        if (is_flat) at[2] = 0;
        const double y = yaw * CV_PI / 180;
        const cv::Matx33d turned(std::cos(y), 0, std::sin(y), 0, 1, 0, -std::sin(y), 0,
                                 std::cos(y));
        const cv::Vec3d centre = is_flat ? cv::Vec3d(0, 34, 0) : neck;
        const cv::Vec3d seen = turned * (at - centre) + centre;
        const double depth = distance - seen[2];
        return {width / 2.0 + focal_length * seen[0] / depth,
                height / 2.0 + focal_length * (seen[1] - 30) / depth};
    }
};

Landmarks points_of(const View& view, base::RandomSource& random) {
    const auto noise = [&] { return float(pixel_noise * (double(random.below(2001)) / 1000 - 1)); };
    Landmarks points;
    for (std::size_t i = 0; i < head_points.size(); ++i) {
        const auto at = view(head_points[i]);
        points.at[i] = {float(at.x) + noise(), float(at.y) + noise()};
    }
    return points;
}

// ---- the drawing: a figure of clay, nobody in particular ----

const cv::Scalar wall(214, 220, 222), cloth(96, 122, 140), clay(196, 178, 160),
    shade(172, 152, 134), hair(82, 78, 80), ink(58, 52, 50), sheet_white(246, 246, 244);

class Drawing {
public:
    explicit Drawing(const View& view) : view_(view), canvas_(height, width, CV_8UC3, wall) {}

    void ellipse(cv::Vec3d centre, double radius_x, double radius_y, const cv::Scalar& colour) {
        std::vector<cv::Vec3d> outline;
        for (int i = 0; i < 48; ++i) {
            const double angle = 2 * CV_PI * i / 48;
            outline.push_back(centre +
                              cv::Vec3d(radius_x * std::cos(angle), radius_y * std::sin(angle), 0));
        }
        fill(outline, colour);
    }
    void fill(const std::vector<cv::Vec3d>& outline, const cv::Scalar& colour) {
        cv::fillConvexPoly(canvas_, seen(outline), colour, cv::LINE_AA, fraction_bits);
    }
    void line(const std::vector<cv::Vec3d>& stroke, double thickness_mm, const cv::Scalar& colour) {
        const int thickness =
            std::max(1, int(std::lround(thickness_mm * focal_length / view_.distance)));
        cv::polylines(canvas_, std::vector{seen(stroke)}, false, colour, thickness, cv::LINE_AA,
                      fraction_bits);
    }
    void look_from(const View& view) { view_ = view; }
    // As in a mirror.
    screens::PictureRef picture() const {
        cv::Mat mirrored;
        cv::flip(canvas_, mirrored, 1);
        base::Picture picture{width, height, 3, {}};
        picture.pixels.assign(mirrored.datastart, mirrored.dataend);
        return std::make_shared<const base::Picture>(std::move(picture));
    }

private:
    static constexpr int fraction_bits = 4;
    std::vector<cv::Point> seen(const std::vector<cv::Vec3d>& all) const {
        std::vector<cv::Point> points;
        for (const auto& one : all) {
            const auto at = view_(one) * double(1 << fraction_bits);
            points.emplace_back(int(std::lround(at.x)), int(std::lround(at.y)));
        }
        return points;
    }
    View view_;
    cv::Mat canvas_;
};

void draw_head(Drawing& drawing) {
    drawing.ellipse({0, 4, -80}, 80, 104, hair);
    for (const double side : {-1.0, 1.0}) drawing.ellipse({side * 76, 18, -85}, 10, 20, shade);
    drawing.ellipse({0, 22, -60}, 74, 98, clay);
    drawing.ellipse({0, -62, -60}, 58, 22, hair);
    for (const double side : {-1.0, 1.0}) {
        const double x = side * 31.5;
        drawing.ellipse({x, 0, -29}, 13, 7, sheet_white);
        drawing.ellipse({x, 0, -28}, 6, 6.5, ink);
        drawing.line({{x - 15, -20, -27}, {x, -23, -25}, {x + 15, -20, -27}}, 5, hair);
    }
    drawing.fill({{-3, 4, -22}, {3, 4, -22}, {13, 42, -14}, {0, 47, 0}, {-13, 42, -14}}, shade);
    drawing.line({{-25.5, 68, -26.5}, {-10, 74, -20}, {10, 74, -20}, {25.5, 68, -26.5}}, 5, ink);
}

screens::PictureRef picture_of(const View& view, FaceManner manner) {
    Drawing drawing(view);
    if (manner == FaceManner::away) return drawing.picture();
    if (manner == FaceManner::sheet) {
        drawing.fill({{-95, -120, 0}, {95, -120, 0}, {95, 150, 0}, {-95, 150, 0}}, sheet_white);
    } else {
        drawing.look_from({.distance = view.distance}); // shoulders stay where they are
        drawing.ellipse({0, 250, -110}, 190, 110, cloth);
        drawing.fill({{-38, 90, -100}, {38, 90, -100}, {48, 170, -100}, {-48, 170, -100}}, shade);
        drawing.look_from(view);
    }
    draw_head(drawing);
    return drawing.picture();
}

// ---- the demonstration's calibration ----

constexpr std::string_view simulated_model = "simulated";
// The levels are about those of the real comparison (face/README.md); the counts are what a
// calibration has to have at least: nobody was measured, as its population says. The one attack
// there is in this world, `sheet`, was tried (tests/flow/simulated_face_test.cpp).
constexpr float pass_level = 0.42f;
constexpr float band_level = 0.34f;
constexpr float alike = 0.81f;  // a usual score of one person
constexpr float unlike = 0.03f; // and of two

face::Calibration demo_calibration(base::Date today) {
    face::Calibration made;
    made.district = "demonstration";
    made.population = "simulated people, not measured";
    made.model = simulated_model;
    made.pipeline = face::pipeline_version;
    made.pass_level = pass_level;
    made.band_level = band_level;
    made.genuine = 500;
    made.impostor = 100'000;
    made.attacks_tried = true;
    made.made = today;
    made.expires = base::Date{today.year() + std::chrono::years(1), today.month(),
                              std::min(today.day(), std::chrono::day(28))};
    return made;
}

FaceLook ended(session::FaceEnd why) {
    FaceLook look;
    look.ended.emplace(session::Signal::face_ended, why);
    return look;
}

constexpr std::array manners{
    FaceMannerRow{FaceManner::follows, "follows", "does what is asked"},
    FaceMannerRow{FaceManner::still, "still", "stands still"},
    FaceMannerRow{FaceManner::wrong_way, "wrong way", "turns another way"},
    FaceMannerRow{FaceManner::sheet, "sheet", "holds up a photo"},
    FaceMannerRow{FaceManner::somebody_else, "somebody else", "is somebody else"},
    FaceMannerRow{FaceManner::away, "away", "is not there"},
    FaceMannerRow{FaceManner::far, "far", "stands far back"},
};

} // namespace

std::span<const FaceMannerRow> face_manners() {
    return manners;
}

// What came from the person of one check.
struct SimulatedFace::Check {
    std::shared_ptr<const base::SecretBytes> chip_photo;
    face::Calibration calibration;
    std::optional<session::FaceEnd> ended; // before anybody looked
    face::Liveness liveness;
};

SimulatedFace::SimulatedFace(const base::Clock& clock, base::RandomSource& random)
    : clock_(clock), random_(random) {
    files_.text = base::to_bytes(face::to_text(demo_calibration(base::local_date(clock_.wall()))));
    for (auto& key : keys_) {
        base::Bytes private_key(key.size());
        random_.fill(private_key);
        auto opened = base::public_key_of(private_key);
        auto line = face::sign_calibration(files_.text, private_key);
        CHECK(opened && line); // 32 bytes are a key
        key = *opened;
        files_.signatures.insert(files_.signatures.end(), line->begin(), line->end());
    }
}

SimulatedFace::~SimulatedFace() = default;

base::Result<face::Calibration> SimulatedFace::calibration() const {
    const auto today = base::local_date(clock_.wall());
    face::CalibrationTerms terms;
    terms.trusted = keys_;
    terms.model = simulated_model;
    terms.pipeline = face::pipeline_version;
    if (clock_.is_synchronised()) terms.today = &today;
    return face::open_calibration(files_, terms);
}

void SimulatedFace::stand_there(base::ByteView chip_photo) {
    const std::lock_guard lock(mutex_);
    person_.assign(chip_photo.begin(), chip_photo.end());
}

bool SimulatedFace::is_the_one_on(base::ByteView chip_photo) const {
    const std::lock_guard lock(mutex_);
    return manner_ != FaceManner::somebody_else && std::ranges::equal(person_, chip_photo);
}

bool SimulatedFace::has_tries(session::Ticket ticket) const {
    const std::lock_guard lock(mutex_);
    return ticket != tries_of_ || tries_.left() > 0;
}

base::Result<void> SimulatedFace::begin(const FaceSubject& subject, std::stop_token) {
    end();
    auto calibration = TRY(this->calibration());
    if (!is_plugged_) return base::Error{base::Errc::unplugged, "the simulated mirror"};
    check_.reset(new Check{subject.chip_photo, std::move(calibration), std::nullopt,
                           face::Liveness(face::choose_prompts(random_))});
    const std::lock_guard lock(mutex_);
    if (tries_of_ != subject.ticket) {
        tries_of_ = subject.ticket;
        tries_ = {};
    }
    const bool may_compare = subject.age.value_or(0) >= session::youngest_alone;
    if (!tries_.take() || !may_compare) check_->ended = session::FaceEnd::not_certain;
    return {};
}

// Where the head should be by now.
SimulatedFace::Head SimulatedFace::wanted_head(FaceManner manner) const {
    if (manner == FaceManner::still || check_->liveness.step() != face::LivenessStep::move)
        return {};
    auto movement = check_->liveness.prompt();
    if (manner == FaceManner::wrong_way) movement = Movement((int(movement) + 1) % 3);
    switch (movement) {
    case Movement::turn_left: return {turn, 0};
    case Movement::turn_right: return {-turn, 0};
    case Movement::come_closer: return {0, lean};
    }
    return {};
}

FaceLook SimulatedFace::look() {
    if (!check_ || !is_plugged_) return ended(session::FaceEnd::device);
    if (check_->ended) return ended(*check_->ended);
    ++frames_;
    const auto manner = manner_.load();
    const auto wanted = wanted_head(manner);
    const bool is_there = wanted.yaw == head_.yaw && wanted.near == head_.near;
    reaction_ = is_there ? reaction_frames : std::max(0, reaction_ - 1);
    const auto step_to = [&](double from, double to, double most) {
        return reaction_ > 0 ? from : from + std::clamp(to - from, -most, most);
    };
    head_ = {step_to(head_.yaw, wanted.yaw, degrees_a_frame),
             step_to(head_.near, wanted.near, mm_a_frame)};

    FaceLook look;
    const View view{head_.yaw, manner == FaceManner::far ? far : near - head_.near,
                    manner == FaceManner::sheet};
    look.shown.live = picture_of(view, manner);
    if (manner == FaceManner::away || manner == FaceManner::far) {
        look.shown.said = face::to_string(manner == FaceManner::away ? face::Guidance::nobody
                                                                     : face::Guidance::come_closer);
        return look;
    }
    const bool is_same = is_the_one_on(*check_->chip_photo);
    // Continuity is about the face that began the check: it stays the same one here.
    const auto step = check_->liveness.see({clock_.now(), points_of(view, random_), std::nullopt});
    const float score = is_same ? alike : unlike;
    switch (step) {
    case face::LivenessStep::passed:
        if (score < check_->calibration.pass_level) return ended(session::FaceEnd::not_certain);
        look.ended.emplace(session::Signal::face_passed);
        return look;
    case face::LivenessStep::failed: return ended(session::FaceEnd::not_certain);
    case face::LivenessStep::look_straight:
    case face::LivenessStep::move: break;
    }
    look.shown.is_asked = true;
    look.shown.said = step == face::LivenessStep::move ? face::to_string(check_->liveness.prompt())
                                                       : std::string_view("straight");
    return look;
}

std::vector<staff::FacePartRow> SimulatedFace::parts() const {
    using staff::FacePart;
    using staff::PartState;
    return {{FacePart::camera, is_plugged_ ? PartState::there : PartState::missing},
            {FacePart::models, PartState::there},
            {FacePart::calibration, PartState::there},
            {FacePart::decoder, PartState::there}};
}

base::Result<void> SimulatedFace::Mirror::open() {
    if (!face.is_plugged_) return base::Error{base::Errc::unplugged, "the simulated mirror"};
    if (!is_open.exchange(true)) gauge.begin();
    return {};
}

base::Result<present::MirrorFacts> SimulatedFace::Mirror::look() {
    CHECK(is_open);
    if (!face.is_plugged_) return base::Error{base::Errc::unplugged, "the simulated mirror"};
    ++face.frames_;
    const auto manner = face.manner_.load();
    View view;
    view.distance = manner == FaceManner::far ? far : near;
    view.is_flat = manner == FaceManner::sheet;
    const auto picture = picture_of(view, manner);
    auto facts = gauge.read(*picture, face.clock_.now());
    facts.live = picture; // drawn as in a mirror already
    return facts;
}

void SimulatedFace::end() {
    check_.reset();
    head_ = {};
    reaction_ = reaction_frames;
}

} // namespace app
