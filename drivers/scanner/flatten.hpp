// From a found sheet to the flat page: perspective and curl taken out, light evened, paper white.
#pragma once

#include "drivers/scanner/refine.hpp"
#include "kiosk/base/picture.hpp"

namespace drivers {

// The size of a flat page.
struct FlatSize {
    int width = 0;
    int height = 0;
    int dpi = 0; // exact for a known paper; else such that the long side would be that of A4
};

// `dpi` is 200 or 300. A sheet within 4 % of A4's (or ID-1's) shape gets exactly that shape. Where
// the frame holds fewer pixels than two thirds of that, the page is made smaller instead of being
// blown up further.
FlatSize flat_size(const Quad& quad, int picture_width, int picture_height, int dpi);

// The page as the camera saw it, from straight above. Colours are untouched. Empty when it cannot
// be made (no memory).
base::Picture flatten(const base::Picture& frame, const RefinedPage& page, const FlatSize& size);

// Divides by the paper's own brightness, place by place and colour by colour, so that shadows go,
// also those with a hard edge, and paper becomes white. Seals, blue ink and photographs stay: what
// has a colour of its own, or is darker than any shadow, is measured against the paper around it.
base::Picture clean_up(const base::Picture& page);

// Does a clean page hold anything but black on white? Then it must not become bilevel.
bool has_colour(const base::Picture& clean);
// Grey tones, as in a photograph: also no candidate for bilevel.
bool has_tones(const base::Picture& clean);

} // namespace drivers
