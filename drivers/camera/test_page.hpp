// Drawn pages for demonstrations and tests without external data. Development builds only.
#pragma once

#include "kiosk/base/picture.hpp"

namespace drivers {

// A sheet with a heading, lines of text-like strokes and a red seal, lying a little turned on a
// desk; different for each seed, equal for equal seeds. 1200 x 1600.
base::Picture make_test_page(std::uint64_t seed);
// The desk alone, 1200 x 1600.
base::Picture make_empty_desk();

} // namespace drivers
