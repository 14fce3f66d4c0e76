// A laid-out receipt: what goes onto the paper from top to bottom, in dots.
//
// Both outputs are made from these and from nothing else, so that what is previewed is what is
// printed (DESIGN D11). Today every text is a raster.
// not handled: text in the printer's own fonts (a further kind of item).
#pragma once

#include "printer/bitmap.hpp"

#include <variant>
#include <vector>

namespace printer {

struct Raster {
    Bitmap dots; // as wide as the paper
};
struct Feed {
    int dots = 0;
};
struct CutItem {}; // the slip ends here

using Item = std::variant<Raster, Feed, CutItem>;
using Items = std::vector<Item>;

// One grey channel, rows of all items below each other; cuts leave no trace.
base::Picture preview(const Items& items, int width_dots);

} // namespace printer
