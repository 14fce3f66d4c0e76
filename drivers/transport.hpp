// The wire to a device as its driver sees it: bytes out, bytes in, never without a limit.
//
// A live wire, a recorded one and a simulator are the same to a driver (STYLE §8). Time passes
// inside, so drivers above it read no clock for waiting.
#pragma once

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/clock.hpp"

#include <span>
#include <string>

namespace drivers {

// What a technician is told about a wire.
struct TransportDescription {
    std::string name; // "USB 0400:c35a"; empty: nothing to tell
    int pipes = 0;    // that the driver uses, where there is more than one way: 1, 2 or 4
};

class Transport {
public:
    virtual ~Transport() = default;

    virtual TransportDescription describe() const { return {}; }

    // Hands over as much as the device takes within `limit` and returns that count, which may be
    // less than asked, even zero: what to do about it is the driver's business. Errors: unplugged.
    virtual base::Result<std::size_t> write(base::ByteView bytes, base::Milliseconds limit) = 0;

    // Waits until the device says something, at most `limit`, and fills the front of `into`.
    // Returns the count; 0 = it said nothing in time. The caller's memory, because it may hold card
    // text (base::SecretBytes). Errors: unplugged.
    virtual base::Result<std::size_t> read(std::span<std::uint8_t> into,
                                           base::Milliseconds limit) = 0;
};

} // namespace drivers
