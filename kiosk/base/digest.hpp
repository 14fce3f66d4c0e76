// SHA-256 by OpenSSL.
#pragma once

#include "kiosk/base/bytes.hpp"

#include <array>

namespace base {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(ByteView bytes);
std::string sha256_hex(ByteView bytes);

} // namespace base
