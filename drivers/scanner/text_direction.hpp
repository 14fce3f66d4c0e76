// Which way up does the print on a flat page stand?
//
// Told by what print of three scripts has in common with itself and not with its mirror: full stops
// and commas lie low in their line (Chinese and Latin), and more reaches above the band of small
// letters than below it (Latin, Arabic script). No letter is read.
#pragma once

#include "kiosk/base/picture.hpp"

namespace drivers {

enum class TextDirection {
    unsure, // little print, drawings, text that runs up or down the page: nothing is to be done
    upright,
    on_its_head,
};

// `page` as clean_up() makes it. Symmetric: a page that is told upright is told on its head when it
// is turned by half.
TextDirection text_direction(const base::Picture& page);

} // namespace drivers
