// The whole frame as the page: what the scan step takes until it is wired to LiveFinder.
#pragma once

#include "kiosk/base/picture.hpp"
#include "kiosk/base/result.hpp"

namespace drivers {

// Gives the frame back. Errors: invalid_input (mean grey under 30: lens covered or lamp off; or a
// side under 400 pixels: nothing could be read on it).
base::Result<base::Picture> whole_frame_as_page(base::Picture frame);

} // namespace drivers
