// A picture of what was traced, for people: a row for each face, the same characters in each, and
// every stroke in another colour than the one before. To be looked at when faces change.
#pragma once

#include "kiosk/base/picture.hpp"
#include "screens/input/training/trainer.hpp"

namespace input::training {

// Errors: as Face::open.
base::Result<base::Picture> draw_contact_sheet(const std::vector<char32_t>& classes,
                                               const Settings& settings);

} // namespace input::training
