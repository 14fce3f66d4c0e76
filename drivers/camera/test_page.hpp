// Drawn pages for demonstrations and tests without external data. Development builds only.
#pragma once

#include "kiosk/base/picture.hpp"

namespace drivers {

// A sheet with a heading, lines of text-like strokes and a red seal, lying a little turned on a
// desk; different for each seed, equal for equal seeds. 1200 x 1600.
base::Picture make_test_page(std::uint64_t seed);
// Pages of seeds 3 and 4 side by side, each half as large. 1200 x 1600.
base::Picture lay_two_pages_on_desk();
// A slip of paper as the printer gave it, 8 dots a millimetre, lying on the same desk in the
// middle, turned by `degrees`. Longer than the desk: its end hangs over. 1200 x 1600.
base::Picture lay_slip_on_desk(const base::Picture& slip, double degrees);
// What staff lay down to check the camera: the five marks (scanner/calibration.hpp), a blank sheet
// of A4, a card of the size of an identity card. 1200 x 1600.
base::Picture lay_marks_on_desk();
base::Picture lay_blank_sheet_on_desk();
base::Picture lay_card_on_desk();
// The desk alone, 1200 x 1600.
base::Picture make_empty_desk();

} // namespace drivers
