// One handwritten character: strokes in, likely characters out. See spec handwriting.
//
// Pure: the answer depends on the ink, the context and the installed model alone; nothing is
// learned, nothing is written. The ink belongs to the caller, which wipes it. Which stroke was
// drawn first, and from which end, changes nothing.
#pragma once

#include "kiosk/base/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace input {

struct InkPointMm { // millimetres on the panel, from the box's left top corner
    float x = 0;
    float y = 0;
    bool operator==(const InkPointMm&) const = default;
};
using InkStroke = std::vector<InkPointMm, base::SecretAllocator<InkPointMm>>;
using Ink = std::vector<InkStroke, base::SecretAllocator<InkStroke>>;

// More ink than this is no character. Spec handwriting §2.1.
inline constexpr std::size_t ink_stroke_limit = 64;
inline constexpr std::size_t ink_point_limit = 4096;

struct HandCandidate {
    char32_t character = 0;
    float score = 0; // best first; only differences mean something
};
// What somebody may have meant is as private as what they wrote.
using HandCandidates = std::vector<HandCandidate, base::SecretAllocator<HandCandidate>>;
using HandFollowers = std::vector<char32_t, base::SecretAllocator<char32_t>>;

// What stands before the character, so that likely pairs come first. In name fields nothing is
// likely: `name` leaves frequencies out.
struct HandContext {
    char32_t previous = 0; // 0: nothing
    enum class Field : std::uint8_t { text, name, address } field = Field::text;
    // The side of the box. Strokes that lie wholly outside are left out. 0: all count.
    float box_mm = 0;
};

class HandwritingLookup {
public:
    virtual ~HandwritingLookup() = default;
    // At most `most` characters from the `first` one on. Ink beyond the limits, with a coordinate
    // that is no number, or none at all gives nothing. Takes under a millisecond. One thread.
    virtual HandCandidates recognise(const Ink& ink, const HandContext& context, std::size_t first,
                                     std::size_t most) const = 0;
    // Characters that often follow `previous`, likeliest first; empty where nothing is known.
    virtual HandFollowers followers(char32_t previous, std::size_t most) const = 0;
};

} // namespace input
