#include "kiosk/base/random.hpp"

#include <array>
#include <cstring>
#include <openssl/rand.h>

namespace base {

std::uint64_t RandomSource::next_u64() {
    std::uint64_t value = 0;
    fill({reinterpret_cast<std::uint8_t*>(&value), sizeof value});
    return value;
}

std::uint64_t RandomSource::below(std::uint64_t bound) {
    CHECK(bound > 0);
    const std::uint64_t usable = UINT64_MAX - UINT64_MAX % bound;
    std::uint64_t value = next_u64();
    while (value >= usable) value = next_u64();
    return value % bound;
}

std::string RandomSource::uuid() {
    std::array<std::uint8_t, 16> raw{};
    fill(raw);
    raw[6] = static_cast<std::uint8_t>((raw[6] & 0x0f) | 0x40);
    raw[8] = static_cast<std::uint8_t>((raw[8] & 0x3f) | 0x80);
    std::string text = to_hex(raw);
    for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, 1, '-');
    return text;
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
    CHECK(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

} // namespace base
