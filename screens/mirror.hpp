// Whoever stands before the face camera, as in a mirror, with the ring where the face belongs.
#pragma once

#include "screens/page.hpp"

namespace screens {

// `live` empty: `waiting` in its place. Both must outlive the page. Items: face/live, face/waiting.
void add_mirror(Page& page, Canvas& canvas, const PictureRef& live, const std::string& waiting);

} // namespace screens
