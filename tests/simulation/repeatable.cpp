#include "tests/simulation/repeatable.hpp"

#include "kiosk/base/check.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/base/seeded_random.hpp"

// The replaceable generator is deprecated in OpenSSL 3, without a simpler way to a fixed sequence.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/rand.h>

#include <ctime>

// CMS signatures carry the time of day as libcrypto sees it. Sunday 22 November 2026, 02:31 UTC, as
// the simulated clocks begin.
extern "C" std::time_t time(std::time_t* out) noexcept {
    constexpr std::time_t frozen = 1795314660;
    if (out != nullptr) *out = frozen;
    return frozen;
}

namespace simulation {
namespace {

base::SeededRandom& source() {
    static base::SeededRandom random(0);
    return random;
}

int fill(unsigned char* out, int size) noexcept {
    source().fill({out, std::size_t(size)});
    return 1;
}
int is_seeded() noexcept {
    return 1;
}

const RAND_METHOD method{nullptr, fill, nullptr, nullptr, fill, is_seeded};

} // namespace

void repeat_openssl(std::uint64_t seed) {
    source() = base::SeededRandom(seed);
    CHECK(RAND_set_rand_method(&method) == 1);
}

} // namespace simulation
