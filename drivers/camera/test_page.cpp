#include "drivers/camera/test_page.hpp"
#include "drivers/scanner/calibration.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/base/seeded_random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

namespace drivers {
namespace {

constexpr int width = 1200;
constexpr int height = 1600;

// The sheet in millimetres, A4.
constexpr double page_width = 210;
constexpr double page_height = 297;

struct Colour {
    int red, green, blue;
};
constexpr Colour desk{74, 84, 82};
constexpr Colour paper{243, 241, 235};
constexpr Colour ink{42, 44, 52};
constexpr Colour seal_red{190, 48, 42};

// In millimetres on the sheet.
struct Box {
    double left, top, right, bottom;
    bool holds(double x, double y) const {
        return x >= left && x < right && y >= top && y < bottom;
    }
};

struct Sheet {
    std::vector<Box> strokes;
    double seal_x = 0, seal_y = 0;
    double cosine = 1, sine = 0; // how the sheet is turned
    double scale = 0;            // pixels per millimetre
};

double between(base::RandomSource& random, double low, double high) {
    return low + (high - low) * double(random.below(10'000)) / 10'000;
}

// One square character: a few bars across and a few down, as most Chinese ones look from afar.
void draw_character(Sheet& sheet, base::RandomSource& random, double x, double y, double size) {
    const double thick = size / 9;
    for (int bar = 0; bar < 3; ++bar) {
        const double at = y + between(random, 0, size - thick);
        const double from = x + between(random, 0, size / 3);
        sheet.strokes.push_back({from, at, x + between(random, size / 2, size), at + thick});
    }
    for (int bar = 0; bar < 2; ++bar) {
        const double at = x + between(random, 0, size - thick);
        const double from = y + between(random, 0, size / 3);
        sheet.strokes.push_back({at, from, at + thick, y + between(random, size / 2, size)});
    }
}

Sheet lay_sheet(std::uint64_t seed) {
    base::SeededRandom random(seed);
    Sheet sheet;
    for (int i = 0; i < 8; ++i) draw_character(sheet, random, 57 + i * 12.0, 26, 9);
    for (double y = 52; y < 230; y += 11) {
        const auto characters = 14 + random.below(14);
        for (std::uint64_t i = 0; i < characters; ++i)
            draw_character(sheet, random, 25 + double(i) * 5.8, y, 4.6);
    }
    sheet.seal_x = between(random, 140, 165);
    sheet.seal_y = between(random, 240, 258);
    const double angle = between(random, -0.03, 0.03);
    sheet.cosine = std::cos(angle);
    sheet.sine = std::sin(angle);
    sheet.scale = height * 0.92 / page_height;
    return sheet;
}

// Light falls from the upper left; the grain is the same at the same place.
Colour lit(Colour colour, int x, int y) {
    const int grain = int((unsigned(x) * 2654435761u ^ unsigned(y) * 2246822519u) >> 13) % 7 - 3;
    const int percent = 100 - (x + y) * 9 / (width + height);
    const auto one = [&](int value) { return std::clamp(value * percent / 100 + grain, 0, 255); };
    return {one(colour.red), one(colour.green), one(colour.blue)};
}

void set(base::Picture& picture, int x, int y, Colour colour) {
    auto* pixel = picture.row(y) + 3 * x;
    pixel[0] = std::uint8_t(colour.red);
    pixel[1] = std::uint8_t(colour.green);
    pixel[2] = std::uint8_t(colour.blue);
}

// Strokes by rows of one millimetre: a pixel looks at few.
using Rows = std::array<std::vector<Box>, std::size_t(page_height) + 1>;

Rows by_rows(const std::vector<Box>& strokes) {
    Rows rows;
    for (const auto& box : strokes)
        for (auto row = std::size_t(box.top); row <= std::size_t(box.bottom); ++row)
            rows[row].push_back(box);
    return rows;
}

Colour colour_at(const Sheet& sheet, const Rows& rows, double x, double y) {
    if (!Box{0, 0, page_width, page_height}.holds(x, y)) return desk;
    for (const auto& box : rows[std::size_t(y)])
        if (box.holds(x, y)) return ink;
    const double away = std::hypot(x - sheet.seal_x, y - sheet.seal_y);
    if ((away > 17.5 && away < 19) || away < 4) return seal_red;
    return paper;
}

base::Picture empty_picture() {
    base::Picture picture{width, height, 3, {}};
    picture.pixels.resize(picture.row_bytes() * std::size_t(height));
    return picture;
}

// In the middle of these columns of the picture, with desk around it.
void draw_sheet(base::Picture& picture, const Sheet& sheet, int left, int right) {
    const auto rows = by_rows(sheet.strokes);
    for (int y = 0; y < height; ++y) {
        for (int x = left; x < right; ++x) {
            const double dx = (x - (left + right) / 2) / sheet.scale;
            const double dy = (y - height / 2) / sheet.scale;
            const double page_x = dx * sheet.cosine + dy * sheet.sine + page_width / 2;
            const double page_y = dy * sheet.cosine - dx * sheet.sine + page_height / 2;
            set(picture, x, y, lit(colour_at(sheet, rows, page_x, page_y), x, y));
        }
    }
}

} // namespace

base::Picture make_test_page(std::uint64_t seed) {
    auto picture = empty_picture();
    draw_sheet(picture, lay_sheet(seed), 0, width);
    return picture;
}

base::Picture lay_two_pages_on_desk() {
    auto picture = empty_picture();
    for (const int side : {0, 1}) {
        auto sheet = lay_sheet(std::uint64_t(side) + 3);
        sheet.scale *= 0.5;
        draw_sheet(picture, sheet, side * width / 2, (side + 1) * width / 2);
    }
    return picture;
}

base::Picture lay_slip_on_desk(const base::Picture& slip, double degrees) {
    constexpr double dots_per_mm = 8;
    constexpr double dots_per_pixel = dots_per_mm / (height * 0.92 / page_height);
    const double angle = degrees * 3.14159265358979 / 180;
    const double cosine = std::cos(angle), sine = std::sin(angle);
    // How light the slip is at this place of the desk; nothing: it does not lie there.
    const auto light_at = [&](double x, double y) -> std::optional<int> {
        const double dx = (x - width / 2) * dots_per_pixel;
        const double dy = (y - height / 2) * dots_per_pixel;
        const int slip_x = int(std::floor(dx * cosine + dy * sine + slip.width / 2.0));
        const int slip_y = int(std::floor(dy * cosine - dx * sine + slip.height / 2.0));
        if (slip_x < 0 || slip_y < 0 || slip_x >= slip.width || slip_y >= slip.height)
            return std::nullopt;
        return slip.row(slip_y)[slip_x * slip.channels];
    };
    auto picture = make_empty_desk();
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            int sum = 0, seen = 0;
            for (const double dy : {-0.3, 0.3}) // a pixel of a camera sees an area, not a point
                for (const double dx : {-0.3, 0.3})
                    if (const auto light = light_at(x + dx, y + dy)) {
                        sum += *light;
                        ++seen;
                    }
            if (seen == 0) continue;
            const auto between = [&](int dark, int pale) {
                return dark + (pale - dark) * (sum / seen) / 255;
            };
            set(picture, x, y,
                lit({between(ink.red, paper.red), between(ink.green, paper.green),
                     between(ink.blue, paper.blue)},
                    x, y));
        }
    return picture;
}

namespace {

constexpr double pixels_per_mm = height * 0.92 / page_height;

// `paint(x, y)`: what lies there, in millimetres from the middle; nothing: the desk.
template <class Paint> base::Picture lay_on_desk(Paint paint) {
    auto picture = make_empty_desk();
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            int red = 0, green = 0, blue = 0;
            for (const double dy : {-0.3, 0.3}) // a pixel of a camera sees an area, not a point
                for (const double dx : {-0.3, 0.3}) {
                    const std::optional<Colour> lies = paint((x + dx - width / 2) / pixels_per_mm,
                                                             (y + dy - height / 2) / pixels_per_mm);
                    const auto colour = lies.value_or(desk);
                    red += colour.red, green += colour.green, blue += colour.blue;
                }
            set(picture, x, y, lit({red / 4, green / 4, blue / 4}, x, y));
        }
    return picture;
}

std::optional<Colour> blank(double x, double y, double across, double down, double turned) {
    const double u = x * std::cos(turned) + y * std::sin(turned);
    const double v = y * std::cos(turned) - x * std::sin(turned);
    if (std::abs(u) > across / 2 || std::abs(v) > down / 2) return std::nullopt;
    return paper;
}

} // namespace

base::Picture lay_marks_on_desk() {
    struct Slip {
        double x, y, turned;
    };
    constexpr std::array slips{Slip{-75, -118, 0.03}, Slip{76, -116, -0.05}, Slip{1, 2, 0.3},
                               Slip{-77, 117, 0.01}, Slip{75, 118, 1.3}};
    return lay_on_desk([&](double x, double y) -> std::optional<Colour> {
        for (const auto& slip : slips) {
            const double dx = x - slip.x, dy = y - slip.y;
            if (blank(dx, dy, mark_hole_mm, mark_hole_mm, slip.turned)) return paper;
            if (blank(dx, dy, mark_mm, mark_mm, slip.turned)) return ink;
            if (const auto white = blank(dx, dy, 72, 56, slip.turned)) return white;
        }
        return std::nullopt;
    });
}

base::Picture lay_blank_sheet_on_desk() {
    return lay_on_desk(
        [](double x, double y) { return blank(x, y, page_width, page_height, 0.01); });
}

base::Picture lay_card_on_desk() {
    return lay_on_desk([](double x, double y) { return blank(x, y, 85.60, 53.98, 0.05); });
}

base::Picture make_empty_desk() {
    auto picture = empty_picture();
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) set(picture, x, y, lit(desk, x, y));
    return picture;
}

} // namespace drivers
