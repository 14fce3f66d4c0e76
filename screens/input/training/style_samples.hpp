// Ink of volunteers, as JSON lines: {"character":"乌","strokes":[[[x,y],...],...]}.
#pragma once

#include "screens/input/training/trainer.hpp"

namespace input::training {

// Errors: invalid_input, with the line.
base::Result<std::vector<StyleSample>> read_style_samples(std::string_view lines);

} // namespace input::training
