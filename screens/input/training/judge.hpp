// How well a model reads characters it was not trained from. Spec handwriting §6.
#pragma once

#include "screens/input/training/trainer.hpp"

namespace input::training {

enum class Hand {
    as_drawn,
    distorted,            // neat writing
    distorted_and_joined, // hurried writing
};

struct Rates { // of 100
    double first = 0;
    double in_ten = 0;
    std::size_t count = 0;
};

// `count` of the characters, chosen by `seed`, each written once; no frequencies (a name field).
Rates judge(const HandwritingLookup& lookup, const std::vector<char32_t>& classes,
            const FaceGlyphs& glyphs, Hand hand, std::size_t count, std::uint64_t seed);

// Ink for a recogniser. `side`: of the box, in millimetres.
Ink as_ink(const Strokes& strokes, float side = 60);

} // namespace input::training
