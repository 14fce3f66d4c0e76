// Synthetic heads, sheets, bent sheets and cut-outs, moved before a camera by program. It shows
// what the geometry can tell apart; nothing here was held up to a camera.
#include "face/liveness.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/base/seeded_random.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <map>
#include <opencv2/core/matx.hpp>
#include <vector>

namespace {

using namespace std::chrono_literals;
using face::LivenessStep;
using face::Movement;

class Chance {
public:
    explicit Chance(std::uint64_t seed) : source_(seed) {}
    double between(double low, double high) {
        return low + (high - low) * double(source_.next_u64() >> 11) / double(1ull << 53);
    }
    double normal() { // sum of twelve, Irwin-Hall: no tails beyond six
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += between(0, 1);
        return sum;
    }
    bool coin() { return between(0, 1) < 0.5; }
    base::RandomSource& source() { return source_; }

private:
    base::SeededRandom source_;
};

using Shape = std::array<cv::Vec3d, face::Landmarks::count>; // mm: x right, y down, z to the camera

// Adult means and spreads in mm. Sources: distance of pupils 63 +- 3.6 (Dodgson 2004, ANSUR); width
// of the mouth 51 +- 4, eyes to mouth 68 +- 4.5, eyes to tip of the nose 40 +- 3.5, protrusion of
// the nose from the upper lip 19.5 +- 1.9 (Farkas, Anthropometry of the Head and Face, 1994; from
// tables by memory). Corners of the mouth lie about 7 +- 1.5 behind the upper lip's root, the eyes'
// surface about 29 +- 2.5 behind the tip of the nose.
Shape a_head(Chance& chance) {
    const double eyes = 63 + 3.6 * chance.normal();
    const double mouth = 51 + 4 * chance.normal();
    const double mouth_down = 68 + 4.5 * chance.normal();
    const double nose_down = 40 + 3.5 * chance.normal();
    const double nose_out = 19.5 + 1.9 * chance.normal();
    const double mouth_back = nose_out + 7 + 1.5 * chance.normal();
    const double eyes_back = 29 + 2.5 * chance.normal();
    const double aside = 0.8 * chance.normal(); // no face is quite even
    return {{{-eyes / 2, 0, -eyes_back},
             {eyes / 2, 0, -eyes_back},
             {aside, nose_down, 0},
             {-mouth / 2, mouth_down, -mouth_back},
             {mouth / 2, mouth_down + 0.8 * chance.normal(), -mouth_back}}};
}

enum class Species { sheet, bent_sheet, cut_out, rolled_sheet };
const std::vector<std::pair<Species, const char*>> sheets{
    {Species::sheet, "sheet"}, {Species::bent_sheet, "bent sheet"}, {Species::cut_out, "cut-out"}};

// What is held up: a photo of a head, printed somewhere between half and twice its size.
Shape an_attack(Chance& chance, Species species) {
    auto shape = a_head(chance);
    for (auto& point : shape) point[2] = 0;
    const double half_width = shape[1][0];
    const auto bend = [&](double least, double most) {
        // About an upright or a lying axis; radii in mm.
        const double radius = chance.between(least, most);
        const bool upright = chance.coin();
        for (auto& point : shape) {
            const double along = upright ? point[0] : point[1] - 34;
            point[2] += radius * (std::cos(along / radius) - 1);
            (upright ? point[0] : point[1]) =
                (upright ? 0 : 34) + radius * std::sin(along / radius);
        }
    };
    switch (species) {
    case Species::sheet: break;
    case Species::bent_sheet: bend(65, 400); break;  // to almost flat
    case Species::rolled_sheet: bend(45, 65); break; // around a tube
    case Species::cut_out: {
        // Holes for the eyes, or for eyes and mouth: what shows through lies behind the sheet.
        const double behind = chance.between(0, 12);
        shape[0][2] = shape[1][2] = -behind;
        if (chance.coin()) shape[3][2] = shape[4][2] = -chance.between(0, 6);
        break;
    }
    }
    const double size = chance.between(0.5, 2) * 31.5 / half_width;
    for (auto& point : shape) point *= size;
    return shape;
}

struct Pose {
    double yaw = 0, pitch = 0, roll = 0; // degrees; yaw to the onlooker's right, pitch down
    double distance = 600;               // mm
    cv::Vec2d place{0, 0};               // mm
};

cv::Matx33d turned(const Pose& pose) {
    const double y = pose.yaw * CV_PI / 180, p = pose.pitch * CV_PI / 180,
                 r = pose.roll * CV_PI / 180;
    const cv::Matx33d yaw(std::cos(y), 0, std::sin(y), 0, 1, 0, -std::sin(y), 0, std::cos(y));
    const cv::Matx33d pitch(1, 0, 0, 0, std::cos(p), std::sin(p), 0, -std::sin(p), std::cos(p));
    const cv::Matx33d roll(std::cos(r), -std::sin(r), 0, std::sin(r), std::cos(r), 0, 0, 0, 1);
    return roll * pitch * yaw;
}

// A camera of 900 pixels focal length; noise of the detector in eye distances.
face::Landmarks seen(const Shape& shape, const Pose& pose, Chance& chance, double noise) {
    const cv::Vec3d neck(0, 60, -90); // heads turn about the neck, hands turn sheets about anything
    face::Landmarks points;
    const auto rotation = turned(pose);
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const cv::Vec3d at = rotation * (shape[i] - neck) + neck;
        const double depth = pose.distance - at[2];
        points.at[i] = {float(320 + 900 * (at[0] + pose.place[0]) / depth),
                        float(240 + 900 * (at[1] + pose.place[1] - 30) / depth)};
    }
    const double eyes = double(points.eye_distance());
    for (auto& point : points.at)
        point += cv::Point2f(float(noise * eyes * chance.normal()),
                             float(noise * eyes * chance.normal()));
    return points;
}

// Chosen: YuNet's points on a still face differ by about so much from frame to frame.
constexpr double usual_noise = 0.012;

struct Visit {
    std::vector<face::LivenessFrame> frames;
};

// How much nearer people come who are asked to: their distance over what it then is.
constexpr double least_nearer = 1.25, most_nearer = 1.6;

// Straight, then each movement out and back, at ten frames a second.
Visit play(const Shape& shape, const face::Prompts& movements, Chance& chance, double least_turn,
           double most_turn) {
    Visit visit;
    const Pose rest{chance.between(-5, 5),
                    chance.between(-5, 5),
                    chance.between(-6, 6),
                    chance.between(480, 750),
                    {chance.between(-30, 30), chance.between(-30, 30)}};
    auto at = base::MonotonicTime(1'000ms);
    const auto frame = [&](double yaw, double pitch, double roll, double nearer = 1) {
        Pose pose = rest;
        pose.distance /= nearer;
        pose.yaw += yaw + 0.4 * chance.normal();
        pose.pitch += pitch + 0.4 * chance.normal();
        pose.roll += roll + 0.4 * chance.normal();
        pose.place += cv::Vec2d(chance.normal(), chance.normal());
        visit.frames.push_back({at, seen(shape, pose, chance, usual_noise), 0.8f});
        at += 100ms;
    };
    for (const auto movement : movements) {
        for (int i = 0; i < 12; ++i) frame(0, 0, 0);
        const double turn = chance.between(least_turn, most_turn);
        const double stray = chance.between(-6, 6), tilt = chance.between(-5, 5);
        const double nearer = chance.between(least_nearer, most_nearer);
        constexpr int out = 9, hold = 12;
        for (int i = 0; i < 2 * out + hold; ++i) {
            const double way = i < out          ? double(i) / out
                               : i < out + hold ? 1
                                                : double(2 * out + hold - i) / out;
            const double share = way * way * (3 - 2 * way);
            const double amount = turn * share;
            switch (movement) {
            case Movement::turn_left: frame(amount, stray * share, tilt * share); break;
            case Movement::turn_right: frame(-amount, stray * share, tilt * share); break;
            case Movement::come_closer:
                frame(stray * share, stray * share, tilt * share, 1 + (nearer - 1) * share);
                break;
            }
        }
    }
    for (int i = 0; i < 12; ++i) frame(0, 0, 0);
    return visit;
}

LivenessStep watch(face::Liveness& liveness, const Visit& visit) {
    for (const auto& frame : visit.frames) liveness.see(frame);
    return liveness.step();
}

// People turn by what neck and patience allow.
constexpr double least_turn = 26, most_turn = 45;

struct Count {
    int of = 0, passed = 0;
    std::map<int, int> faults;
};

Count genuine(std::uint64_t seed, int heads) {
    Chance chance(seed);
    Count count;
    for (int i = 0; i < heads; ++i) {
        const auto prompts = face::choose_prompts(chance.source());
        face::Liveness liveness(prompts);
        const auto visit = play(a_head(chance), prompts, chance, least_turn, most_turn);
        ++count.of;
        count.passed += watch(liveness, visit) == LivenessStep::passed;
        ++count.faults[liveness.fault() ? int(*liveness.fault()) : -1];
    }
    return count;
}

Count attacks(std::uint64_t seed, Species species, int tries) {
    Chance chance(seed);
    Count count;
    for (int i = 0; i < tries; ++i) {
        const auto prompts = face::choose_prompts(chance.source());
        face::Liveness liveness(prompts);
        // The attacker knows the prompts and turns the sheet as asked, as far as it can be seen at
        // all.
        const auto visit = play(an_attack(chance, species), prompts, chance, 15, 70);
        ++count.of;
        count.passed += watch(liveness, visit) == LivenessStep::passed;
    }
    return count;
}

// Seed 1 was for finding the limits; seed 2 gives the figures.
constexpr std::uint64_t tuning_seed = 1, figure_seed = 2;

Visit one_good_visit(const face::Prompts& prompts, std::uint64_t seed = 5) {
    Chance chance(seed);
    return play(a_head(chance), prompts, chance, 32, 34);
}

constexpr face::Prompts left_near_right{Movement::turn_left, Movement::come_closer,
                                        Movement::turn_right};
// The frame of a good visit with which it passes.
std::size_t passes_at(const Visit& visit, const face::Prompts& prompts) {
    face::Liveness liveness(prompts);
    for (std::size_t i = 0; i < visit.frames.size(); ++i)
        if (liveness.see(visit.frames[i]) == LivenessStep::passed) return i;
    FAIL("a good visit does not pass");
    return 0;
}

constexpr std::array all_movements{Movement::turn_left, Movement::turn_right,
                                   Movement::come_closer};

} // namespace

TEST_CASE("prompts come in twelve orders, all of them, none much more often", "[unit][face]") {
    base::SeededRandom random(7);
    std::map<face::Prompts, int> seen_orders;
    for (int i = 0; i < 12'000; ++i) {
        const auto prompts = face::choose_prompts(random);
        CHECK(prompts[0] != prompts[1]);
        CHECK(prompts[1] != prompts[2]); // so one of them is a turn
        ++seen_orders[prompts];
    }
    CHECK(seen_orders.size() == 12);
    for (const auto& [order, count] : seen_orders) CHECK((count > 850 && count < 1'150));
}

TEST_CASE("heads that do what is asked are let through, of 400 shapes at most one in a hundred not",
          "[unit][face]") {
    const auto count = genuine(figure_seed, 400);
    std::cout << "liveness geometry: genuine refused " << count.of - count.passed << " of "
              << count.of << "\n";
    for (const auto& [fault, times] : count.faults) INFO("fault " << fault << ": " << times);
    CHECK((count.of - count.passed) * 100 <= count.of);
}

TEST_CASE("a sheet with a photo is never taken for a head, flat, bent or with holes",
          "[unit][face]") {
    for (const auto& [species, name] : sheets) {
        const auto count = attacks(figure_seed, species, 1'000);
        std::cout << "liveness geometry: " << name << " accepted " << count.passed << " of "
                  << count.of << "\n";
        CHECK(count.passed == 0);
    }
}

// Rolled as tightly it is no sheet any more: its nose stands out, and moves as far as that of a
// head. The relief alone tells it, and not every time: the figure is for face/README.md.
TEST_CASE("a photo rolled around a tube is told by its relief", "[unit][face]") {
    const auto count = attacks(figure_seed, Species::rolled_sheet, 1'000);
    std::cout << "liveness geometry: rolled sheet accepted " << count.passed << " of " << count.of
              << "\n";
    CHECK(count.passed <= 10); // 40 of them where the relief counts for nothing
}

TEST_CASE("the relief of a head lies above that of every sheet", "[unit][face]") {
    Chance chance(figure_seed);
    const auto relief = [&](const Shape& shape, double yaw) {
        Chance still(1);
        return face::parallax(seen(shape, {}, still, 0), seen(shape, {yaw}, still, 0)).relief;
    };
    for (int i = 0; i < 200; ++i) {
        CHECK(relief(a_head(chance), 30) > 0.24);
        CHECK(relief(an_attack(chance, Species::sheet), 30) < 0.08);
        CHECK(relief(an_attack(chance, Species::bent_sheet), 30) < 0.20);
    }
}

TEST_CASE("movements in another order are not accepted", "[unit][face]") {
    Chance chance(3);
    std::vector<face::Prompts> orders;
    for (const auto first : all_movements)
        for (const auto second : all_movements)
            for (const auto third : all_movements) orders.push_back({first, second, third});
    int accepted = 0, tried = 0;
    for (const auto& wanted : orders)
        for (const auto& done : orders) {
            if (wanted[0] == wanted[1] || wanted[1] == wanted[2] || done == wanted) continue;
            for (int times = 0; times < 4; ++times) {
                face::Liveness liveness(wanted);
                const auto visit = play(a_head(chance), done, chance, 28, 45);
                accepted += watch(liveness, visit) == LivenessStep::passed;
                ++tried;
            }
        }
    CHECK(tried > 1'000);
    CHECK(accepted == 0);
}

TEST_CASE("whoever came closer is waited for until they stand where they stood", "[unit][face]") {
    Chance chance(6);
    const auto head = a_head(chance);
    face::Liveness liveness({Movement::come_closer, Movement::turn_left, Movement::come_closer});
    auto at = base::MonotonicTime(0ms);
    const auto stand = [&](double distance, int frames = 8) {
        for (int i = 0; i < frames; ++i, at += 100ms)
            liveness.see({at, seen(head, {.distance = distance}, chance, usual_noise), 0.8f});
        return liveness.step();
    };
    CHECK(stand(600) == LivenessStep::move);
    CHECK_FALSE(liveness.strayed());
    CHECK(stand(450) == LivenessStep::look_straight);
    CHECK(liveness.strayed().value() > 1.2);
    CHECK(stand(450, 30) == LivenessStep::look_straight);
    CHECK(stand(800) == LivenessStep::look_straight);
    CHECK(liveness.strayed().value() < 0.9);
    CHECK(stand(600) == LivenessStep::move);
    CHECK(liveness.prompt() == Movement::turn_left);
    CHECK_FALSE(liveness.strayed());
}

TEST_CASE("a repeated frame ends the attempt, wherever it stands", "[unit][face]") {
    const auto good = one_good_visit(left_near_right);
    const auto last = passes_at(good, left_near_right);
    for (std::size_t at = 1; at <= last; ++at) {
        // Frozen: the frame before once more. Loop: one from long ago.
        for (const auto from : {at - 1, at / 2}) {
            auto bad = good;
            bad.frames[at].points = good.frames[from].points;
            face::Liveness liveness(left_near_right);
            REQUIRE(watch(liveness, bad) == LivenessStep::failed);
        }
    }
}

TEST_CASE("another face in between ends the attempt, wherever it comes", "[unit][face]") {
    const auto good = one_good_visit(left_near_right);
    const auto last = passes_at(good, left_near_right);
    for (std::size_t at = 0; at <= last; ++at) {
        auto bad = good;
        bad.frames[at].alike = 0.1f;
        face::Liveness liveness(left_near_right);
        REQUIRE(watch(liveness, bad) == LivenessStep::failed);
        CHECK(liveness.fault() == face::LivenessFault::other_person);
    }
}

TEST_CASE("a face that jumps, or was away, ends the attempt", "[unit][face]") {
    const auto good = one_good_visit(left_near_right);
    const auto last = passes_at(good, left_near_right);
    for (std::size_t at = 1; at <= last; ++at) {
        auto jump = good;
        jump.frames[at].points = jump.frames[at].points.moved({60, 0});
        face::Liveness jumped(left_near_right);
        watch(jumped, jump);
        CHECK(jumped.fault() == face::LivenessFault::jump);
        auto gap = good;
        for (auto later = at; later < gap.frames.size(); ++later) gap.frames[later].at += 500ms;
        face::Liveness gone(left_near_right);
        watch(gone, gap);
        CHECK(gone.fault() == face::LivenessFault::gap);
    }
}

TEST_CASE("time that runs backwards or stands ends the attempt", "[unit][face]") {
    auto visit = one_good_visit(left_near_right);
    visit.frames[3].at = visit.frames[2].at;
    face::Liveness liveness(left_near_right);
    CHECK(watch(liveness, visit) == LivenessStep::failed);
}

TEST_CASE("nobody is asked for longer than twenty seconds", "[unit][face]") {
    Chance chance(4);
    const auto head = a_head(chance);
    face::Liveness liveness(left_near_right);
    auto at = base::MonotonicTime(0ms);
    int frames = 0;
    while (liveness.step() != LivenessStep::failed && frames < 1'000) {
        liveness.see({at, seen(head, {}, chance, usual_noise), std::nullopt});
        at += 100ms;
        ++frames;
    }
    CHECK(liveness.fault() == face::LivenessFault::too_long);
    CHECK(frames < 220);
}

TEST_CASE("points that lie in one place prove nothing", "[unit][face]") {
    face::Liveness liveness(left_near_right);
    auto at = base::MonotonicTime(0ms);
    for (int i = 0; i < 100; ++i, at += 100ms) {
        face::Landmarks points;
        points.at.fill({float(i), 1});
        CHECK(liveness.see({at, points, std::nullopt}) != LivenessStep::passed);
    }
}

TEST_CASE("a visit has three tries, and no way to get one back", "[unit][face][refusal][G14]") {
    face::Tries tries;
    CHECK(tries.take());
    CHECK(tries.take());
    CHECK(tries.take());
    CHECK_FALSE(tries.take());
    CHECK_FALSE(tries.take());
    CHECK(tries.left() == 0);
}

TEST_CASE("trade-off of the relief limit over head shapes and sheets", "[.slow][face]") {
    // Relief at the pose that decides, with noise of four fused frames; figures for face/README.md.
    for (const auto seed : {tuning_seed, figure_seed}) {
        Chance chance(seed);
        std::map<std::string, std::vector<double>> reliefs;
        const auto add = [&](const std::string& name, const Shape& shape, double low, double high) {
            const double yaw = chance.between(low, high) * (chance.coin() ? 1 : -1);
            const double noise = usual_noise / 2;
            const auto view =
                face::parallax(seen(shape, {}, chance, noise), seen(shape, {yaw}, chance, noise));
            if (std::hypot(view.shift.x, view.shift.y) > 0.13)
                reliefs[name].push_back(view.relief);
            else
                reliefs[name].push_back(0);
        };
        for (int i = 0; i < 2'000; ++i) {
            add("head", a_head(chance), least_turn, most_turn);
            for (const auto& [species, name] : sheets)
                add(name, an_attack(chance, species), 15, 70);
        }
        std::cout << "seed " << seed << ", share at or above the limit\nlimit";
        for (const auto& [name, values] : reliefs) std::cout << "  " << name;
        std::cout << "\n" << std::fixed << std::setprecision(4);
        for (double limit = 0.10; limit < 0.40; limit += 0.02) {
            std::cout << limit;
            for (const auto& [name, values] : reliefs)
                std::cout << "  "
                          << double(std::count_if(values.begin(), values.end(),
                                                  [&](double value) { return value >= limit; })) /
                                 double(values.size());
            std::cout << "\n";
        }
    }
}
