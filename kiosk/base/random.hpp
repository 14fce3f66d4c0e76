// Randomness is passed in, so that one seed replays a whole visit (DESIGN D5).
#pragma once

#include "kiosk/base/bytes.hpp"

namespace base {

class RandomSource {
public:
    virtual ~RandomSource() = default;
    virtual void fill(std::span<std::uint8_t> out) = 0;

    std::uint64_t next_u64();
    // Uniform in [0, bound); bound > 0. Rejection sampling: no value is favoured.
    std::uint64_t below(std::uint64_t bound);
    // RFC 9562 version 4, lower case with hyphens (version 7 would tell the time).
    std::string uuid();
};

// OpenSSL's generator, seeded by the kernel. Safe from any thread.
class SystemRandom final : public RandomSource {
public:
    void fill(std::span<std::uint8_t> out) override;
};

} // namespace base
