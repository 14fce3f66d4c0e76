// Repeatable randomness. In files of its own, so that a release does not link it (spec safeguards
// G13).
#pragma once

#include "kiosk/base/random.hpp"

namespace base {

// A repeatable sequence from a seed (SplitMix64), for tests and simulations only.
class SeededRandom final : public RandomSource {
public:
    explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
    void fill(std::span<std::uint8_t> out) override;

private:
    std::uint64_t state_;
};

} // namespace base
