// One handwritten character: strokes in, likely characters out. See spec handwriting.
//
// Pure: the answer depends on the ink, the context and the installed model alone; nothing is
// learned, nothing is written. The ink belongs to the caller, which wipes it.
#pragma once

#include "kiosk/base/secret.hpp"

#include <cstdint>
#include <vector>

namespace input {

struct InkPointMm { // millimetres on the panel, from the box's left top corner
    float x = 0;
    float y = 0;
};
using InkStroke = std::vector<InkPointMm, base::SecretAllocator<InkPointMm>>;
using Ink = std::vector<InkStroke, base::SecretAllocator<InkStroke>>;

struct HandCandidate {
    char32_t character = 0;
    float score = 0; // best first; only differences mean something
};

// What stands before the character, so that likely pairs come first. In name fields nothing is
// likely: `name` leaves frequencies out.
struct HandContext {
    char32_t previous = 0; // 0: nothing
    enum class Field : std::uint8_t { text, name, address } field = Field::text;
};

class HandwritingLookup {
public:
    virtual ~HandwritingLookup() = default;
    // At most `most` characters from the `first` one on. Ink beyond the limits (64 strokes, 4,096
    // points), or none, gives nothing.
    virtual std::vector<HandCandidate> recognise(const Ink& ink, const HandContext& context,
                                                 std::size_t first, std::size_t most) const = 0;
    // Characters that often follow `previous`, likeliest first; empty where nothing is known.
    virtual std::vector<char32_t> followers(char32_t previous, std::size_t most) const = 0;
};

} // namespace input
