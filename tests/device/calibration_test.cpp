// Goal: a document camera that is set up well passes every check, and each fault that somebody may
// leave behind is found by its own check, with its place. Method: drawn desks with marks, a blank
// sheet or a card; one fault is planted at a time.
#include "drivers/scanner/calibration.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <optional>

using namespace drivers;
using base::Picture;

namespace {

constexpr int width = 1200, height = 1600;
constexpr double pixels_per_mm = 5.4; // 137 dpi: a desk of 222 x 296 mm fills the picture

struct Spot {
    double x, y; // of the frame's sides, 0 to 1
};

// From the picture's pixel to the desk, in millimetres from the middle. The faults of a camera's
// place are in here.
Spot straight(double x, double y) {
    return {(x - width / 2.0) / pixels_per_mm, (y - height / 2.0) / pixels_per_mm};
}

// Four looks at each pixel, as a camera sees areas and not points.
template <class Desk, class View = decltype(&straight)>
Picture draw(const Desk& desk, View view = &straight) {
    Picture frame{width, height, 3, base::Bytes(std::size_t(width) * height * 3)};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            double sum = 0;
            for (const double dy : {-0.25, 0.25})
                for (const double dx : {-0.25, 0.25}) {
                    const auto spot = view(x + dx, y + dy);
                    sum += desk(spot.x, spot.y);
                }
            const int grain =
                int((unsigned(x) * 2654435761u ^ unsigned(y) * 2246822519u) >> 13) % 5;
            const double value = std::clamp(sum / 4 + grain - 2, 0.0, 255.0);
            for (int c = 0; c < 3; ++c) frame.row(y)[3 * x + c] = std::uint8_t(value);
        }
    return frame;
}

constexpr double bare = 82, paper = 236, ink = 26;

bool is_in(double x, double y, double half_width, double half_height) {
    return std::abs(x) < half_width && std::abs(y) < half_height;
}

// A slip of 80 x 60 mm with a mark on it, turned a little.
std::optional<double> slip(double x, double y, double turned) {
    if (!is_in(x, y, 50, 50)) return std::nullopt;
    const double u = x * std::cos(turned) + y * std::sin(turned);
    const double v = y * std::cos(turned) - x * std::sin(turned);
    if (!is_in(u, v, 40, 30)) return std::nullopt;
    if (is_in(u, v, mark_hole_mm / 2, mark_hole_mm / 2)) return paper;
    return is_in(u, v, mark_mm / 2, mark_mm / 2) ? ink : paper;
}

struct Slip {
    double x, y, turned;
};
constexpr std::array five_slips{Slip{-70, -110, 0.04}, Slip{70, -108, -0.06}, Slip{2, 1, 0.4},
                                Slip{-72, 108, 0.02}, Slip{70, 110, 1.2}};

auto with_marks(std::size_t how_many = five_slips.size()) {
    return [how_many](double x, double y) {
        for (std::size_t i = 0; i < how_many; ++i)
            if (const auto value =
                    slip(x - five_slips[i].x, y - five_slips[i].y, five_slips[i].turned))
                return *value;
        return bare;
    };
}

auto with_sheet(double sheet_width, double sheet_height, double turned = 0.02) {
    return [=](double x, double y) {
        const double u = x * std::cos(turned) + y * std::sin(turned);
        const double v = y * std::cos(turned) - x * std::sin(turned);
        return is_in(u, v, sheet_width / 2, sheet_height / 2) ? 225.0 : bare;
    };
}
const auto a4 = with_sheet(210 * 0.95, 297 * 0.95); // a little farther away: all of it is seen
const auto card = with_sheet(85.60, 53.98, 0.1);

// The mean of the pixels around, where `where` says so.
template <class Where> Picture blurred(const Picture& frame, int reach, Where where) {
    Picture out = frame;
    for (int y = reach; y < height - reach; ++y)
        for (int x = reach; x < width - reach; ++x) {
            if (!where(x, y)) continue;
            int sum = 0;
            for (int dy = -reach; dy <= reach; ++dy)
                for (int dx = -reach; dx <= reach; ++dx) sum += frame.row(y + dy)[3 * (x + dx)];
            const int side = 2 * reach + 1;
            for (int c = 0; c < 3; ++c) out.row(y)[3 * x + c] = std::uint8_t(sum / (side * side));
        }
    return out;
}

const CameraFinding& of(const std::vector<CameraFinding>& findings, CameraCheck check) {
    for (const auto& finding : findings)
        if (finding.check == check) return finding;
    FAIL("not checked: " << to_string(check));
    return findings.front();
}

void show(const std::vector<CameraFinding>& findings) {
    for (const auto& finding : findings)
        UNSCOPED_INFO(to_string(finding.check)
                      << ": " << to_string(finding.trouble) << " " << finding.value << " "
                      << (finding.place ? to_string(*finding.place) : ""));
}

} // namespace

TEST_CASE("a camera that is set up well passes every check", "[device][calibration]") {
    std::vector<CameraFinding> all;
    for (const auto& each : {look_at_marks(draw(with_marks())), look_at_blank_sheet(draw(a4)),
                             look_at_card(draw(card))})
        all.insert(all.end(), each.begin(), each.end());
    show(all);
    REQUIRE(all.size() == std::size_t(camera_checks));
    for (const auto& finding : all) CHECK(finding.is_fine());
    CHECK(of(all, CameraCheck::geometry).value == Approx(pixels_per_mm * 25.4).epsilon(0.01));
    CHECK(of(all, CameraCheck::sharpness).value < 0.32); // under two pixels, as drawn
    CHECK(of(all, CameraCheck::light).value > 0.95);
    CHECK(of(all, CameraCheck::sheet).value == Approx(297.0 / 210).epsilon(0.01));
    CHECK(of(all, CameraCheck::card).value == Approx(85.60 / 53.98).epsilon(0.01));
}

TEST_CASE("a mark that is missing is asked for at its place", "[device][calibration]") {
    const auto findings = look_at_marks(draw(with_marks(4)));
    show(findings);
    for (const auto& finding : findings) {
        CHECK(finding.trouble == CameraTrouble::no_mark);
        CHECK(finding.place == Place::lower_right);
    }
    CHECK(of(look_at_marks(draw(with_marks(0))), CameraCheck::geometry).trouble ==
          CameraTrouble::no_mark);
}

TEST_CASE("a lens that is sharp in the middle alone is found at its place",
          "[device][calibration]") {
    const auto marks = draw(with_marks());
    struct Corner {
        Place place;
        bool right, lower;
    };
    for (const auto& corner :
         {Corner{Place::upper_left, false, false}, Corner{Place::upper_right, true, false},
          Corner{Place::lower_left, false, true}, Corner{Place::lower_right, true, true}}) {
        const auto findings = look_at_marks(blurred(marks, 2, [&](int x, int y) {
            return (x > 2 * width / 3) == corner.right && (x < width / 3) != corner.right &&
                   (y > 2 * height / 3) == corner.lower && (y < height / 3) != corner.lower;
        }));
        show(findings);
        const auto& sharpness = of(findings, CameraCheck::sharpness);
        CHECK(sharpness.trouble == CameraTrouble::blurred);
        CHECK(sharpness.place == corner.place);
        CHECK(of(findings, CameraCheck::geometry).is_fine());
    }
    const auto middle = look_at_marks(blurred(marks, 2, [](int x, int y) {
        return x > width / 3 && x < 2 * width / 3 && y > height / 3 && y < 2 * height / 3;
    }));
    CHECK(of(middle, CameraCheck::sharpness).trouble == CameraTrouble::blurred);
    CHECK(of(middle, CameraCheck::sharpness).place == Place::middle);
    // One pixel is what a good lens does.
    CHECK(
        of(look_at_marks(blurred(marks, 1, [](int, int) { return false; })), CameraCheck::sharpness)
            .is_fine());
}

TEST_CASE("a camera that is stretched, tilted or too far away is found", "[device][calibration]") {
    const auto geometry = [](auto view) {
        const auto findings = look_at_marks(draw(with_marks(), view));
        show(findings);
        return of(findings, CameraCheck::geometry).trouble;
    };
    CHECK(geometry([](double x, double y) {
              const auto spot = straight(x, y);
              return Spot{spot.x * 1.05, spot.y};
          }) == CameraTrouble::stretched);
    CHECK(geometry([](double x, double y) { // skewed, as by a sensor that reads slowly
              const auto spot = straight(x, y);
              return Spot{spot.x + 0.06 * spot.y, spot.y};
          }) == CameraTrouble::stretched);
    CHECK(geometry([](double x, double y) {
              const auto spot = straight(x, y);
              const double depth = 1 + 0.0006 * spot.y;
              return Spot{spot.x / depth, spot.y / depth};
          }) == CameraTrouble::tilted);
    CHECK(geometry([](double x, double y) {
              const auto spot = straight(x, y);
              return Spot{spot.x * 1.2, spot.y * 1.2};
          }) == CameraTrouble::coarse);
    // A little of each passes.
    CHECK(geometry([](double x, double y) {
              const auto spot = straight(x, y);
              const double depth = 1 + 0.0001 * spot.y;
              return Spot{spot.x * 1.01 / depth, spot.y / depth};
          }) == CameraTrouble::none);
}

TEST_CASE("a lamp that is weak, too strong or lights one side is found", "[device][calibration]") {
    const auto light = [](auto share) {
        return look_at_blank_sheet(
            draw([&](double x, double y) { return a4(x, y) * share(x, y); }));
    };
    const auto trouble = [&](auto share) {
        const auto findings = light(share);
        show(findings);
        return of(findings, CameraCheck::light).trouble;
    };
    CHECK(trouble([](double, double) { return 0.4; }) == CameraTrouble::dark);
    CHECK(trouble([](double, double) { return 1.4; }) == CameraTrouble::bright);
    const auto one_side = light([](double x, double) { return 0.72 + x * 0.0035; });
    show(one_side);
    CHECK(of(one_side, CameraCheck::light).trouble == CameraTrouble::uneven);
    CHECK((of(one_side, CameraCheck::light).place == Place::left ||
           of(one_side, CameraCheck::light).place == Place::upper_left ||
           of(one_side, CameraCheck::light).place == Place::lower_left));
    CHECK(of(one_side, CameraCheck::sheet).is_fine());
    CHECK(trouble([](double x, double) { return 0.9 + x * 0.001; }) == CameraTrouble::none);
}

TEST_CASE("a lamp that is seen in the paper is found where it is", "[device][calibration]") {
    const auto findings = look_at_blank_sheet(draw(
        [](double x, double y) { return std::hypot(x - 55, y + 70) < 14 ? 255.0 : a4(x, y); }));
    show(findings);
    CHECK(of(findings, CameraCheck::glare).trouble == CameraTrouble::dazzled);
    CHECK(of(findings, CameraCheck::glare).place == Place::upper_right);
    CHECK(of(findings, CameraCheck::light).is_fine());
    const auto speck = look_at_blank_sheet(
        draw([](double x, double y) { return std::hypot(x - 55, y + 70) < 4 ? 255.0 : a4(x, y); }));
    show(speck);
    CHECK(of(speck, CameraCheck::glare).is_fine());
}

TEST_CASE("edges that the camera does not find are said", "[device][calibration]") {
    const auto nothing = draw([](double, double) { return bare; });
    for (const auto& finding : look_at_blank_sheet(nothing))
        CHECK(finding.trouble == CameraTrouble::not_found);
    CHECK(look_at_card(nothing).front().trouble == CameraTrouble::not_found);
    // Another thing than was asked for.
    CHECK(of(look_at_blank_sheet(draw(card)), CameraCheck::sheet).trouble ==
          CameraTrouble::wrong_shape);
    CHECK(look_at_card(draw(a4)).front().trouble == CameraTrouble::wrong_shape);
    CHECK(look_at_card(draw(with_sheet(85.60, 50))).front().trouble == CameraTrouble::wrong_shape);
    // It hangs over the edge of the picture.
    CHECK_FALSE(of(look_at_blank_sheet(draw([](double x, double y) { return a4(x - 40, y); })),
                   CameraCheck::sheet)
                    .is_fine());
}
