// A detection error trade-off as picture: FNMR over FMR, both axes logarithmic.
#pragma once

#include "face/evaluation/statistics.hpp"
#include "kiosk/base/picture.hpp"

namespace evaluation {

// FMR 1e-6 to 1 from the left, FNMR 1e-4 to 1 from below; a line at each power of ten, a cross at
// the two levels (pass and band).
base::Picture draw_det(const Scores& scores, double pass_level, double band_level);

} // namespace evaluation
