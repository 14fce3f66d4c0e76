// Whether the cryptography below this program still computes what the standards say (spec
// reliability E4): asked once at start, before anything is sealed, signed or believed.
#pragma once

#include "kiosk/base/result.hpp"

#include <cstddef>

namespace platform {

// SHA-256 (FIPS 180-4), AES-256-GCM (McGrew and Viega, test case 14), ECDSA on P-256 (RFC 6979,
// A.2.5), ECDH on P-256 (RFC 5903, 8.1), Ed25519 (RFC 8032, 7.1, test 1), each against the
// published answer. Takes about a millisecond. Errors: corrupt (`context` names the one that
// answered wrong).
base::Result<void> check_primitives();

// The same with one published answer altered, for a test that sees each of them found. `number`:
// from 0. Errors: as above; not_found (there are no more).
base::Result<void> check_primitives_against_wrong_answer(std::size_t number);

} // namespace platform
