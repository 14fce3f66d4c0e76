// Repeatable chance for training: every sample has a seed of its own, so that nothing depends on
// which thread made it.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace input::training {

class Chance { // SplitMix64
public:
    explicit Chance(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    float uniform() { return float(next() >> 40) * 0x1p-24f; } // 0 to below 1
    std::size_t below(std::size_t limit) { return std::size_t(next() % limit); }
    float normal() { // mean 0, deviation 1 (Box and Muller)
        const float radius = std::sqrt(-2 * std::log(1 - uniform()));
        return radius * std::cos(2 * std::numbers::pi_v<float> * uniform());
    }

private:
    std::uint64_t state_;
};

} // namespace input::training
