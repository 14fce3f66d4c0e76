#include "screens/input/training/contact_sheet.hpp"

#include "screens/input/training/chance.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace input::training {
namespace {

constexpr int cell = 120; // pixels
constexpr int border = 8;
constexpr std::size_t columns = 16;

using Colour = std::array<std::uint8_t, 3>;
constexpr std::array<Colour, 6> colours{
    {{200, 0, 0}, {0, 0, 220}, {0, 140, 0}, {180, 0, 180}, {0, 140, 200}, {60, 60, 60}}};

class Sheet {
public:
    explicit Sheet(std::size_t rows) : picture_{int(columns) * cell, int(rows) * cell, 3, {}} {
        picture_.pixels.assign(picture_.row_bytes() * std::size_t(picture_.height), 255);
    }

    void draw(std::size_t row, std::size_t column, const Strokes& strokes) {
        for (std::size_t s = 0; s < strokes.size(); ++s)
            for (std::size_t i = 1; i < strokes[s].size(); ++i)
                draw_line(in_cell(row, column, strokes[s][i - 1]),
                          in_cell(row, column, strokes[s][i]), colours[s % colours.size()]);
    }

    base::Picture picture() && { return std::move(picture_); }

private:
    static InkPointMm in_cell(std::size_t row, std::size_t column, InkPointMm p) {
        constexpr float scale = (cell - 2 * border) / 1000.f;
        return {float(column) * cell + border + p.x * scale,
                float(row) * cell + border + p.y * scale};
    }
    void draw_line(InkPointMm a, InkPointMm b, const Colour& colour) {
        const int steps = 1 + int(2 * std::hypot(b.x - a.x, b.y - a.y));
        for (int k = 0; k <= steps; ++k) {
            const float at = float(k) / float(steps);
            const int x = std::clamp(int(a.x + (b.x - a.x) * at), 0, picture_.width - 1);
            const int y = std::clamp(int(a.y + (b.y - a.y) * at), 0, picture_.height - 1);
            std::copy(colour.begin(), colour.end(), picture_.row(y) + 3 * x);
        }
    }

    base::Picture picture_;
};

} // namespace

base::Result<base::Picture> draw_contact_sheet(const std::vector<char32_t>& classes,
                                               const Settings& settings) {
    Chance chance(7);
    std::vector<char32_t> shown;
    for (std::size_t i = 0; i < columns; ++i)
        shown.push_back(classes[chance.below(classes.size())]);
    Sheet sheet(settings.faces.size());
    for (std::size_t row = 0; row < settings.faces.size(); ++row) {
        auto face = TRY(Face::open(settings.fonts_folder, settings.faces[row]));
        for (std::size_t column = 0; column < columns; ++column)
            if (const auto strokes = face.strokes(shown[column])) sheet.draw(row, column, *strokes);
    }
    return std::move(sheet).picture();
}

} // namespace input::training
