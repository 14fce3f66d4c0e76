// Sound in the making: one text, or one recorded clip, piece by piece.
#pragma once

#include "drivers/voice/spoken_text.hpp"
#include "kiosk/base/clock.hpp"

#include <cstdint>
#include <memory>

namespace drivers {

struct Samples {
    std::vector<std::int16_t> pcm; // one channel; empty: nothing yet
    int per_second = 22'050;
    bool ended = false; // nothing follows
};

// Ends, and overwrites what it holds, when it is destroyed: that is the interruption.
class Synthesis {
public:
    virtual ~Synthesis() = default;
    // What is there within `patience`. Errors: device, corrupt.
    virtual base::Result<Samples> read(base::Milliseconds patience) = 0;
};

class Synthesiser {
public:
    virtual ~Synthesiser() = default;
    // Errors: not_found (no such program), device.
    virtual base::Result<std::unique_ptr<Synthesis>> begin(const SpokenPart& part, int rate) = 0;
};

} // namespace drivers
