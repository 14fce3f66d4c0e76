// Which way up does the print on a flat page stand?
//
// Told by what print of three scripts has in common with itself and not with its mirror: full stops
// and commas lie low in their line (Chinese and Latin), and more reaches above the band of small
// letters than below it (Latin, Arabic script). No letter is read.
#pragma once

#include "kiosk/base/picture.hpp"

namespace drivers {

enum class TextDirection {
    unsure, // little print, drawings: nothing is to be done
    upright,
    on_its_head,
    runs_up,   // from the bottom of the picture to its top
    runs_down, // from the top to the bottom. not handled: lines whose letters stand upright in them
};

// `page` as clean_up() makes it. Symmetric: a page that is told upright is told on its head when it
// is turned by half, and runs up or down when it is turned by a quarter.
TextDirection text_direction(const base::Picture& page);
// Degrees clockwise by which such a page must be turned to stand upright: 0, 90, 180 or 270.
int degrees_to_upright(TextDirection direction);

} // namespace drivers
