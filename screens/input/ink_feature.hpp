// What ink looks like, as 512 numbers: where in the box how much line runs in which direction.
//
// The same code serves the recogniser and the tool that trains it. Sums are kept in whole numbers
// and each stroke is turned to one of its two directions first, so that neither the order of the
// strokes nor the end from which one was drawn can change a single bit of the answer.
// Source of the steps and figures: spec handwriting §2.1 to §2.3, measured there.
#pragma once

#include "screens/input/handwriting.hpp"

#include <array>
#include <span>

namespace input {

inline constexpr std::size_t feature_cells = 8;      // on each side of the box
inline constexpr std::size_t feature_directions = 8; // of 180 degrees
inline constexpr std::size_t feature_size = feature_cells * feature_cells * feature_directions;

using InkFeature = std::array<float, feature_size>; // 0 or more each, of length 1 together
using StrokeView = std::span<const InkPointMm>;

// What the work needs besides: given by the caller, so that it lies in secret memory where the ink
// is somebody's. Trivially copyable, for base::Secret.
struct InkScratch {
    // Strokes are cut into parts of 3 % of the box; longer ink than this into longer parts, so that
    // a scribble costs no more time than the fullest character (𠔻: about 900 parts).
    static constexpr std::size_t part_limit = 2048;
    static constexpr std::size_t density_bins = 32;

    std::array<InkPointMm, ink_point_limit> raw;
    std::array<InkPointMm, part_limit + 2 * ink_stroke_limit> even;
    std::array<std::uint16_t, ink_stroke_limit + 1> raw_begin, even_begin;
    std::array<float, ink_point_limit> length;
    std::array<std::int64_t, feature_size> amount;
    std::array<std::int64_t, density_bins> density_x, density_y;
};

// False for ink beyond the limits, with a coordinate that is no number, or without any point.
// Empty strokes are left out. The unit does not matter: only the shape counts.
bool extract_feature(std::span<const StrokeView> strokes, InkScratch& scratch, InkFeature& feature);

} // namespace input
