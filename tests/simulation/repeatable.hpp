// What libraries draw from outside, made repeatable: OpenSSL's randomness and the C library's
// time().
//
// A seed must replay exactly (spec reliability F5). Sealed bytes and signatures have lengths that
// depend on randomness, lengths decide how many pages SQLite writes, and a fault may strike at the
// n-th of these writes. Linking this file into a program changes both for the whole program, so it
// belongs to simulations and to nothing else.
#pragma once

#include <cstdint>

namespace simulation {

// From now on OpenSSL gives the same bytes for the same seed. One thread only.
void repeat_openssl(std::uint64_t seed);

} // namespace simulation
