#include "tests/support/desk_scene.hpp"

#include "kiosk/base/check.hpp"
#include "kiosk/base/seeded_random.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <vector>

namespace test {
namespace {

using drivers::Point;
using drivers::Quad;

constexpr double pi = std::numbers::pi;

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}
    double between(double low, double high) {
        return low + (high - low) * double(random_.below(1'000'000)) / 1e6;
    }
    bool one_in(std::uint64_t n) { return random_.below(n) == 0; }

private:
    base::SeededRandom random_;
};

cv::Scalar paint(Dice& dice, double low, double high) {
    return {dice.between(low, high), dice.between(low, high), dice.between(low, high)};
}

// The sheet at 4 pixels a millimetre, A4.
cv::Mat sheet_picture(Dice& dice, const cv::Scalar& paper) {
    constexpr double mm = 4;
    cv::Mat sheet(int(297 * mm), int(210 * mm), CV_8UC3, paper);
    const auto box = [&](double x, double y, double w, double h, const cv::Scalar& ink, int line) {
        cv::rectangle(sheet, cv::Point(int(x * mm), int(y * mm)),
                      cv::Point(int((x + w) * mm), int((y + h) * mm)), ink, line);
    };
    const cv::Scalar ink(35, 35, 40);
    const auto character = [&](double x, double y, double size) {
        for (int i = 0; i < 3; ++i) {
            box(x, y + dice.between(0, size * 0.85), size * dice.between(0.5, 0.9), size / 9, ink,
                -1);
            box(x + dice.between(0, size * 0.85), y, size / 9, size * dice.between(0.5, 0.9), ink,
                -1);
        }
    };
    for (int i = 0; i < 8; ++i) character(60 + i * 11, 25, 8);
    const bool has_table = !dice.one_in(3);
    double y = 45;
    if (has_table) {
        const int rows = 4 + int(dice.between(0, 6));
        for (int row = 0; row < rows; ++row, y += 11) {
            box(22, y, 83, 11, ink, 1);
            box(105, y, 83, 11, ink, 1);
            for (int i = 0; i < 5; ++i) character(25 + i * 5, y + 3.5, 4);
            for (int i = 0; i < 9; ++i) character(108 + i * 5, y + 3.5, 4);
        }
        y += 8;
    }
    const double last = dice.between(y + 20, 250);
    for (; y < last; y += 8)
        for (int i = 0; i < 24 + int(dice.between(0, 8)); ++i) character(24 + i * 5.2, y, 4);
    if (dice.one_in(2)) {
        const cv::Point at(int(dice.between(140, 165) * mm), int(dice.between(215, 262) * mm));
        cv::circle(sheet, at, int(19 * mm), {195, 45, 40}, int(1.2 * mm), cv::LINE_AA);
        cv::circle(sheet, at, int(4 * mm), {195, 45, 40}, -1, cv::LINE_AA);
    }
    return sheet;
}

cv::Mat desk_picture(Dice& dice, SceneKind kind, cv::Size size) {
    const bool is_pale = kind == SceneKind::pale;
    const auto colour = is_pale ? cv::Scalar::all(dice.between(195, 225)) + paint(dice, -6, 6)
                                : paint(dice, 30, 150);
    cv::Mat desk(size, CV_32FC3, colour);
    // Clouds.
    cv::Mat noise(size.height / 40 + 2, size.width / 40 + 2, CV_32F);
    for (int y = 0; y < noise.rows; ++y)
        for (int x = 0; x < noise.cols; ++x) noise.at<float>(y, x) = float(dice.between(-1, 1));
    cv::Mat clouds;
    cv::resize(noise, clouds, size, 0, 0, cv::INTER_CUBIC);
    const float amount = is_pale ? 2 : 9;
    const bool is_wood = kind == SceneKind::wood || (!is_pale && dice.one_in(4));
    const bool is_tiled = kind == SceneKind::tiles;
    std::vector<float> grain(std::size_t(size.height));
    float walk = 0;
    for (auto& one : grain) one = walk = walk * 0.7f + float(dice.between(-1, 1));
    const int tile = size.width / 7 + int(dice.between(0, size.width / 10.0));
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            float v = clouds.at<float>(y, x) * amount;
            if (is_wood) {
                const double wave = y + 3 * std::sin(x * 2 * pi / size.width * 2);
                v += 9 * grain[std::size_t(std::clamp(int(wave), 0, size.height - 1))];
            }
            if (is_tiled && (x % tile < 2 || y % tile < 2)) v -= 28;
            desk.at<cv::Vec3f>(y, x) += cv::Vec3f(v, v, v);
        }
    return desk;
}

// `k`: pixels of the frame for one of 1920; `size`: of the room it may lie in.
Quad place_sheet(Dice& dice, SceneKind kind, cv::Size size, double k, std::optional<Lying> lying) {
    // Whoever wants text to be read lays the sheet so that it fills the picture.
    const double high = dice.between(lying ? 850 : 500, 950) * k, wide = high / 1.41421;
    double turn = dice.between(-0.35, 0.35);
    if (kind == SceneKind::cut || kind == SceneKind::pair)
        turn *= 0.3 / 0.35; // never across
    else if (lying)
        turn = turn / 2 + (*lying == Lying::across ? pi / 2 : 0);
    else
        turn += dice.one_in(3) ? pi / 2 : 0;
    Quad quad;
    const std::array<Point, 4> unit{{{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}}};
    // A camera three sheets away that looks down at up to 30 degrees.
    const double tilt_x = dice.between(-0.45, 0.45), tilt_y = dice.between(-0.45, 0.45);
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    for (std::size_t i = 0; i < 4; ++i) {
        const double x = unit[i].x * wide, y = unit[i].y * high;
        const Point turned{x * std::cos(turn) - y * std::sin(turn),
                           x * std::sin(turn) + y * std::cos(turn)};
        const double depth = 1 + (turned.x * tilt_x + turned.y * tilt_y) / (3 * high);
        quad[i] = turned * (1 / depth);
        left = std::min(left, quad[i].x);
        right = std::max(right, quad[i].x);
        top = std::min(top, quad[i].y);
        bottom = std::max(bottom, quad[i].y);
    }
    const double gap = 14 * k;
    // Too high for the frame, or a pair too wide: smaller.
    double fit = std::min(1.0, (size.height - 2.2 * gap) / (bottom - top));
    if (kind == SceneKind::pair) fit = std::min(fit, (size.width - 2.2 * gap) / (right - left));
    Point shift;
    if (kind == SceneKind::cut) {
        shift.y = dice.between(gap - top * fit,
                               std::max(gap - top * fit + 1, size.height - gap - bottom * fit));
        const double over = dice.between(0.08, 0.6) * (right - left) * fit;
        shift.x = dice.one_in(2) ? -left * fit - over : size.width - right * fit + over;
    } else {
        shift.x = dice.between(gap - left * fit, size.width - gap - right * fit);
        shift.y = dice.between(gap - top * fit,
                               std::max(gap - top * fit + 1e-3, size.height - gap - bottom * fit));
    }
    for (auto& corner : quad) corner = corner * fit + shift;
    return quad;
}

// A stroke with round ends, for fingers and pens.
void lay_bar(cv::Mat& scene, Point from, Point to, double half, const cv::Vec3f& colour) {
    const Point along = to - from;
    const double size2 = dot(along, along);
    for (int y = 0; y < scene.rows; ++y)
        for (int x = 0; x < scene.cols; ++x) {
            const Point p{double(x), double(y)};
            const double t = std::clamp(dot(p - from, along) / size2, 0.0, 1.0);
            const double away = length(p - from - along * t);
            const double cover = std::clamp(half - away + 0.5, 0.0, 1.0);
            if (cover <= 0) continue;
            const float round = float(1 - 0.35 * (away / half) * (away / half));
            auto& pixel = scene.at<cv::Vec3f>(y, x);
            pixel = pixel * float(1 - cover) + colour * (round * float(cover));
        }
}

void shade(cv::Mat& scene, const std::vector<cv::Point>& outline, double keep, double soft) {
    cv::Mat mask(scene.size(), CV_32F, cv::Scalar(1));
    cv::fillConvexPoly(mask, outline, cv::Scalar(keep), cv::LINE_AA);
    if (soft > 0) cv::GaussianBlur(mask, mask, {0, 0}, soft);
    for (int y = 0; y < scene.rows; ++y)
        for (int x = 0; x < scene.cols; ++x) scene.at<cv::Vec3f>(y, x) *= mask.at<float>(y, x);
}

} // namespace

std::string_view to_string(SceneKind kind) {
    switch (kind) {
    case SceneKind::plain: return "plain";
    case SceneKind::wood: return "wood";
    case SceneKind::tiles: return "tiles";
    case SceneKind::pale: return "pale";
    case SceneKind::clutter: return "clutter";
    case SceneKind::tinted: return "tinted";
    case SceneKind::shadow: return "shadow";
    case SceneKind::gradient: return "gradient";
    case SceneKind::dim: return "dim";
    case SceneKind::soft: return "soft";
    case SceneKind::curled: return "curled";
    case SceneKind::glint: return "glint";
    case SceneKind::empty: return "empty";
    case SceneKind::cut: return "cut";
    case SceneKind::dark: return "dark";
    case SceneKind::blurred: return "blurred";
    case SceneKind::glare: return "glare";
    case SceneKind::finger: return "finger";
    case SceneKind::pair: return "pair";
    }
    CHECK(false);
}

std::string_view expected_reason(SceneKind kind) {
    switch (kind) {
    case SceneKind::plain:
    case SceneKind::wood:
    case SceneKind::tiles:
    case SceneKind::pale:
    case SceneKind::clutter:
    case SceneKind::tinted:
    case SceneKind::shadow:
    case SceneKind::gradient:
    case SceneKind::dim:
    case SceneKind::soft:
    case SceneKind::curled:
    case SceneKind::glint: return "";
    case SceneKind::empty: return "nopage";
    case SceneKind::cut: return "cut";
    case SceneKind::dark: return "dark";
    case SceneKind::blurred: return "blur";
    case SceneKind::glare: return "glare";
    case SceneKind::finger: return "finger";
    case SceneKind::pair: return "two_pages";
    }
    CHECK(false);
}

base::Picture draw_sheet(std::uint64_t seed, int width, int height) {
    Dice dice(seed);
    cv::Mat small;
    cv::resize(sheet_picture(dice, {243, 242, 238}), small, {width, height}, 0, 0, cv::INTER_AREA);
    base::Picture picture{width, height, 3, {}};
    picture.pixels.assign(small.data, small.data + picture.row_bytes() * std::size_t(height));
    return picture;
}

namespace {

// Black on paper of any colour.
cv::Mat printed_on(const base::Picture& page, const cv::Scalar& paper) {
    CHECK(page.channels == 1);
    cv::Mat sheet(page.height, page.width, CV_8UC3);
    for (int y = 0; y < sheet.rows; ++y)
        for (int x = 0; x < sheet.cols; ++x)
            for (int c = 0; c < 3; ++c)
                sheet.at<cv::Vec3b>(y, x)[c] =
                    cv::saturate_cast<std::uint8_t>(30 + (paper[c] - 30) * page.row(y)[x] / 255);
    return sheet;
}

// On the desk, with a thin shadow of its own. `at`: TL TR BR BL as its text runs.
void lay_sheet(cv::Mat& scene, const cv::Mat& sheet, const Quad& at, SceneKind kind, double bow) {
    const double k = scene.cols / 1920.0;
    // The sheet's own thin shadow.
    std::vector<cv::Point> under;
    for (const auto& p : at)
        under.emplace_back(int(std::lround(p.x + 4 * k)), int(std::lround(p.y + 6 * k)));
    shade(scene, under, kind == SceneKind::pale ? 0.93 : 0.8, 3 * k);
    const std::vector<cv::Point2f> to{{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    std::vector<cv::Point2f> from;
    for (const auto& p : at) from.emplace_back(float(p.x), float(p.y));
    const cv::Mat mapping = cv::getPerspectiveTransform(from, to);
    const cv::Matx33d unit(mapping.ptr<double>());
    // A texel of a large sheet is smaller than a pixel: take it from a sheet of fitting size.
    const double down = (length(at[3] - at[0]) + length(at[2] - at[1])) / 2;
    cv::Mat texture;
    const double scale = std::min(1.0, 1.6 * down / sheet.rows);
    cv::resize(sheet, texture, {int(sheet.cols * scale), int(sheet.rows * scale)}, 0, 0,
               cv::INTER_AREA);
    for (int y = 0; y < scene.rows; ++y)
        for (int x = 0; x < scene.cols; ++x) {
            cv::Vec3f sum(0, 0, 0);
            int hits = 0;
            for (int part = 0; part < 4; ++part) {
                const cv::Vec3d p =
                    unit * cv::Vec3d(x + (part % 2) * 0.5 - 0.25, y + (part / 2) * 0.5 - 0.25, 1);
                const double u = p[0] / p[2];
                const double v = p[1] / p[2] - bow * std::sin(pi * std::clamp(u, 0.0, 1.0));
                if (!(u >= 0 && v >= 0 && u < 1 && v < 1)) continue;
                const auto light = float(1 - 6 * bow * (1 - std::cos(2 * pi * u)) / 2);
                sum += texture.at<cv::Vec3f>(int(v * texture.rows), int(u * texture.cols)) * light;
                ++hits;
            }
            if (hits == 0) continue;
            auto& pixel = scene.at<cv::Vec3f>(y, x);
            pixel = pixel * (1 - float(hits) / 4) + sum * 0.25f;
        }
}

Scene draw(SceneKind kind, std::uint64_t seed, int width, int height, const base::Picture* page,
           std::optional<Lying> lying) {
    Dice dice(seed * 64 + std::uint64_t(kind));
    const cv::Size size(width, height);
    const double k = width / 1920.0;
    Scene result{{width, height, 3, {}}, {}};
    cv::Mat scene = desk_picture(dice, kind, size);
    cv::Scalar paper = cv::Scalar::all(dice.between(228, 250)) + paint(dice, -6, 6);
    if (kind == SceneKind::tinted)
        paper = {dice.between(150, 250), dice.between(180, 230), dice.between(150, 250)};
    const cv::Size room(kind == SceneKind::pair ? width / 2 : width, height);
    auto quad = place_sheet(dice, kind, room, k, lying);
    Quad beside{};
    if (kind == SceneKind::pair)
        for (std::size_t i = 0; const auto& corner : place_sheet(dice, kind, room, k, lying))
            beside[i++] = corner + Point{width / 2.0, 0};
    if (lying == Lying::on_its_head) quad = {quad[2], quad[3], quad[0], quad[1]};
    result.truth = quad;
    if (kind == SceneKind::clutter)
        for (int i = 0; i < 4; ++i) {
            const cv::RotatedRect thing(
                cv::Point2f(float(dice.between(0, width)), float(dice.between(0, height))),
                cv::Size2f(float(dice.between(80, 330) * k), float(dice.between(60, 200) * k)),
                float(dice.between(0, 90)));
            std::array<cv::Point2f, 4> corners;
            thing.points(corners.data());
            std::vector<cv::Point> outline(corners.begin(), corners.end());
            cv::fillConvexPoly(scene, outline, paint(dice, 40, 220), cv::LINE_AA);
        }
    if (kind != SceneKind::empty) {
        const auto printed = [&] {
            cv::Mat sheet;
            (page == nullptr ? sheet_picture(dice, paper) : printed_on(*page, paper))
                .convertTo(sheet, CV_32F);
            return sheet;
        };
        const cv::Mat sheet = printed();
        const double bow = kind == SceneKind::curled ? dice.between(0.008, 0.02) : 0;
        lay_sheet(scene, sheet, quad, kind, bow);
        if (kind == SceneKind::pair) lay_sheet(scene, printed(), beside, kind, 0);
    }
    if (kind == SceneKind::finger) {
        const auto side = std::size_t(dice.between(0, 3.999));
        const double t = dice.between(0.2, 0.8);
        const Point at = quad[side] * (1 - t) + quad[(side + 1) % 4] * t;
        const Point middle = (quad[0] + quad[2]) * 0.5;
        const Point out = (at - middle) * (1 / length(at - middle));
        lay_bar(scene, at - out * (50 * k), at + out * (400 * k), dice.between(17, 26) * k,
                {float(dice.between(170, 225)), float(dice.between(120, 165)),
                 float(dice.between(95, 140))});
    }
    if (kind == SceneKind::shadow) {
        const Point a = quad[0] * 0.5 + quad[1] * 0.5, b = quad[2] * 0.6 + quad[3] * 0.4;
        const double reach = dice.between(90, 200) * k;
        shade(scene,
              {cv::Point(int(a.x - reach), 0), cv::Point(int(a.x + reach), 0),
               cv::Point(int(b.x + reach / 2), height - 1),
               cv::Point(int(b.x - reach / 2), height - 1)},
              dice.between(0.45, 0.65), dice.between(0, 3) * k);
    }
    const double light = kind == SceneKind::dim    ? dice.between(0.28, 0.4)
                         : kind == SceneKind::dark ? dice.between(0.03, 0.09)
                                                   : dice.between(0.85, 1.0);
    const double fall = kind == SceneKind::gradient ? 0.55 : 0.12;
    const double fall_angle = dice.between(0, 2 * pi);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const double across = (x - width / 2.0) / width * std::cos(fall_angle) +
                                  (y - height / 2.0) / width * std::sin(fall_angle);
            scene.at<cv::Vec3f>(y, x) *= float(light * (1 - fall * (across + 0.5)));
        }
    if (kind == SceneKind::glare || kind == SceneKind::glint) {
        const double t = dice.between(0.3, 0.7);
        const Point at = quad[0] * (1 - t) + quad[2] * t;
        const double radius =
            (kind == SceneKind::glare ? dice.between(0.22, 0.3) : dice.between(0.04, 0.06)) *
            std::sqrt(std::abs(area(quad)));
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const double away = length(Point{double(x), double(y)} - at) / radius;
                const auto more = float(500 * std::exp(-0.7 * away * away));
                scene.at<cv::Vec3f>(y, x) += cv::Vec3f(more, more, more);
            }
    }
    const double blur = kind == SceneKind::blurred ? dice.between(4.5, 6.5) * std::max(k, 0.7)
                        : kind == SceneKind::soft  ? 1.2 * std::max(k, 0.6)
                                                   : 0.6;
    cv::GaussianBlur(scene, scene, {0, 0}, blur);
    base::SeededRandom grain(seed + 17);
    std::vector<std::uint8_t> random(std::size_t(width) * 3);
    result.frame.pixels.resize(result.frame.row_bytes() * std::size_t(height));
    for (int y = 0; y < height; ++y) {
        grain.fill(random);
        auto* out = result.frame.row(y);
        const auto* in = scene.ptr<float>(y);
        for (int i = 0; i < width * 3; ++i) {
            const float noise = (float(random[std::size_t(i)]) - 127.5f) * (5.f / 127.5f);
            out[i] = std::uint8_t(std::lround(std::clamp(in[i] + noise, 0.f, 255.f)));
        }
    }
    return result;
}

} // namespace

Scene draw_scene(SceneKind kind, std::uint64_t seed, int width, int height) {
    return draw(kind, seed, width, height, nullptr, std::nullopt);
}

Scene lay_on_desk(const base::Picture& page, Lying lying, SceneKind kind, std::uint64_t seed,
                  int width, int height) {
    return draw(kind, seed, width, height, &page, lying);
}

} // namespace test
