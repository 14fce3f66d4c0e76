// SmartDoc's measure for a found page: both quads are mapped into the sheet's own frame by the
// homography of the truth; what counts is their intersection over their union there (spec
// scanning). Clipped exactly, in doubles.
#pragma once

#include "drivers/scanner/quad.hpp"

namespace test {

// 0 to 1. Corners may come in any order along the outline.
double jaccard_on_sheet(const drivers::Quad& found, const drivers::Quad& truth);
// Root of the mean squared distance of corners, and the largest one, for the best matching order.
double largest_corner_error(const drivers::Quad& found, const drivers::Quad& truth);

} // namespace test
