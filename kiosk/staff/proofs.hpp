// The few primitives that staff log-in rests on, behind one interface, so that another suite (SM2,
// SM3) would be another implementation of these functions (spec reliability E4). All by OpenSSL 3.
//
// Nothing here knows a roster, a card reader or a person. Whatever OpenSSL cannot do counts as
// "does not verify".
#pragma once

#include "drivers/staff_card/staff_card_reader.hpp"
#include "kiosk/base/bytes.hpp"

#include <array>

namespace staff {

// Uncompressed (0x04, x, y) and on the curve P-256. The curve's order is prime: a point on it that
// is not at infinity, which this form cannot express, is a whole public key (SEC 1, 3.2.2.1).
bool is_on_curve(const drivers::P256Point& point);

// ECDSA over a SHA-256 digest (FIPS 186-5, 6.4.2).
bool has_signed(const drivers::P256Point& public_key, const base::Sha256& digest,
                const drivers::P256Signature& signature);

// Takes as long for bytes that differ in the first place as in the last.
bool are_equal(base::ByteView one, base::ByteView other);

// What a guess of a PIN costs. N = 2^15, r = 8: 128 * N * r = 32 MiB for each guess tried at once,
// which is what hardware for guessing runs out of first (RFC 7914, 2 and 12); p = 2 brings the time
// to 110 ms on one core of the development machine (measured 2026; p = 1: 64 ms, p = 3: 162 ms). A
// kiosk four times slower still answers within half a second.
inline constexpr std::uint64_t stretch_n = 1u << 15;
inline constexpr std::uint64_t stretch_r = 8;
inline constexpr std::uint64_t stretch_p = 2;

using Salt = std::array<std::uint8_t, 16>;
using Stretched = base::Secret<std::array<std::uint8_t, 32>>;

// scrypt with the costs above. Errors: io (no memory for it).
base::Result<Stretched> stretch(base::ByteView secret, const Salt& salt);

// What a PIN becomes together with the secret that only its card can agree on:
// stretch("kiosk-pin/1", 0x00, the 32 bytes of the secret, the digits). Errors: io.
base::Result<Stretched> pin_digest(std::string_view pin, const drivers::P256Secret& secret,
                                   const Salt& salt);

// Each primitive against a published answer, for the start of the program (E4); about a
// millisecond. Errors: device (names the primitive that is wrong: this machine or its OpenSSL is
// not to be trusted).
base::Result<void> check_known_answers();

} // namespace staff
