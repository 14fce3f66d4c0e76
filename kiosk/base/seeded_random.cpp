#include "kiosk/base/seeded_random.hpp"

#include <algorithm>
#include <cstring>

namespace base {

void SeededRandom::fill(std::span<std::uint8_t> out) {
    for (std::size_t at = 0; at < out.size(); at += 8) {
        // SplitMix64, from its public description (Steele, Lea, Flood 2014).
        state_ += 0x9e3779b97f4a7c15u;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
        mixed ^= mixed >> 31;
        std::memcpy(out.data() + at, &mixed, std::min<std::size_t>(8, out.size() - at));
    }
}

} // namespace base
