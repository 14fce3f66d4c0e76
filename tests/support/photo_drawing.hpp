// The picture that the fake photo decoder makes of chip bytes: a head and shoulders in four colours
// with soft edges, different for each first two bytes. Belongs to nobody. Plain code, because the
// fake plug-ins link nothing of ours.
#pragma once

#include "drivers/photo_decoder/kiosk_photo_decoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace photo_drawing {

using Pixel = std::array<std::uint8_t, 3>; // red, green, blue

// 1 inside an ellipse, 0 outside, soft over a few pixels.
inline double inside(double x, double y, double centre_x, double centre_y, double a, double b) {
    const double far = std::hypot((x - centre_x) / a, (y - centre_y) / b);
    return std::clamp((1.08 - far) / 0.16, 0.0, 1.0);
}

inline Pixel pixel_at(const std::uint8_t* chip, int x, int y) {
    const double skin = 150 + chip[0] % 80;
    const double coat = 20 + chip[1] % 120;
    double red = 235, green = 238, blue = 242;
    const auto paint = [&](double share, double r, double g, double b) {
        red += (r - red) * share;
        green += (g - green) * share;
        blue += (b - blue) * share;
    };
    paint(inside(x, y, 51, 140, 48, 40), coat, coat + 20, coat + 40);
    paint(inside(x, y, 51, 52, 27, 36), 40, 34, 30);
    paint(inside(x, y, 51, 60, 23, 30), skin, skin - 30, skin - 50);
    return {std::uint8_t(red), std::uint8_t(green), std::uint8_t(blue)};
}

inline void draw(const std::uint8_t* chip, std::uint8_t* rgb) {
    for (int y = 0; y < KIOSK_PHOTO_HEIGHT; ++y)
        for (int x = 0; x < KIOSK_PHOTO_WIDTH; ++x) {
            const auto pixel = pixel_at(chip, x, y);
            std::copy(pixel.begin(), pixel.end(), rgb + std::size_t(y * KIOSK_PHOTO_WIDTH + x) * 3);
        }
}

} // namespace photo_drawing
