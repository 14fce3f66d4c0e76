// Corners below a pixel: the sides of a found sheet, fitted on the full picture.
#pragma once

#include "drivers/scanner/quad.hpp"
#include "kiosk/base/picture.hpp"

namespace drivers {

// A side that bows: `bow` pixels off its chord in the middle, towards the inside when positive.
// 0 for a straight one.
struct RefinedPage {
    Quad quad;
    std::array<double, 4> bow{};
    // How far the border may be trusted, side by side: share of its places where an edge was found
    // within two pixels of the fitted line.
    std::array<double, 4> agreement{};
    // How far the colour steps across each side: 0 to about 400 in three channels. 0: no edge
    // there.
    std::array<double, 4> step{};
};

// `quad` is good to about `uncertainty` pixels of `frame`. Sides are looked for that far to both
// sides; a side without any edge stays where it was. Corners may lie outside of the picture.
RefinedPage refine(const base::Picture& frame, const Quad& quad, double uncertainty);

} // namespace drivers
