// Where sound goes. Opens outputs only: the kiosk has no ears (safeguard G7).
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/result.hpp"

#include <cstdint>
#include <span>

namespace drivers {

class SoundSink {
public:
    virtual ~SoundSink() = default;
    // Appends samples of one channel to what is being heard. Returns at once. Any one thread.
    // Errors: device (there is no output, or it does not take them).
    virtual base::Result<void> play(std::span<const std::int16_t> samples, int per_second) = 0;
    // How long what was appended is still heard.
    virtual base::Milliseconds queued() const = 0;
    // Silent at once.
    virtual void clear() = 0;
    // Nothing follows for now: what costs something while nothing is heard may be closed.
    virtual void rest() {}
};

} // namespace drivers
