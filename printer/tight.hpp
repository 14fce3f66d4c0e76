// How dots are sent in the fewest bytes: where a picture is cut into rasters and gaps, and which
// columns of a line have ink at all.
//
// Pure. Costs are those of escpos.cpp's commands: GS v 0, ESC a, ESC J or an empty line.
#pragma once

#include "printer/bitmap.hpp"
#include "printer/profile.hpp"

#include <utility>
#include <vector>

namespace printer {

// Rows with ink and the bytes across that hold it.
struct Band {
    int top, bottom;
    int left_byte, right_byte;

    int rows() const { return bottom - top; }
};

// The cheapest way to burn rows of a picture as wide as the paper: bands, each as wide as its ink
// asks for at one of the three alignments, and gaps. For every place and alignment all bands that
// may end there are weighed.
struct Tight {
    std::vector<Band> bands; // with the bytes that are sent
    int bytes = 0;
};
Tight tight_bands(const Profile& profile, const Bitmap& dots, int top, int bottom);

// First and last column + 1 of what has ink in the 24 rows from `top`; an order to move on costs as
// much as three columns, so a narrower gap is none.
std::vector<std::pair<int, int>> columns_with_ink(const Bitmap& dots, int top);

} // namespace printer
