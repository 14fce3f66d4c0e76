// A printed character as the strokes of a pen: its picture is thinned to lines one pixel wide, and
// the lines are followed. Spec handwriting §3.3.
#pragma once

#include "screens/input/handwriting.hpp"

#include <cstdint>
#include <vector>

namespace input::training {

// Strokes in a box of 1,000 by 1,000, y downwards.
using Stroke = std::vector<InkPointMm>;
using Strokes = std::vector<Stroke>;

// 0 paper, 1 ink; an empty border of two pixels on every side.
struct GlyphPicture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels;

    std::size_t at(int x, int y) const {
        return std::size_t(y) * std::size_t(width) + std::size_t(x);
    }
};

// In pixels of the picture. Empty for a picture without ink.
Strokes trace(GlyphPicture picture);

} // namespace input::training
