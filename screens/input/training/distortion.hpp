// What a hurried hand does to a printed character: for training, and for judging what was trained.
// Figures from the measurements behind spec handwriting (strength 1 is a person in no hurry).
#pragma once

#include "screens/input/training/chance.hpp"
#include "screens/input/training/glyph_trace.hpp"

namespace input::training {

// Everything at once: strokes moved, turned, cut short, run together, bent, rounded, the whole
// slanted and warped. For training.
Strokes distort(const Strokes& strokes, float strength, Chance& chance);

// For judging, other than what is trained with: strokes moved, turned and sized one by one, the
// whole slanted and warped.
Strokes distort_plainly(const Strokes& strokes, Chance& chance);
// A third of the strokes run on from the one before, wherever that ended.
Strokes join_at_random(const Strokes& strokes, Chance& chance);

} // namespace input::training
