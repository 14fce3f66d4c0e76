// A yardstick for staff cards: OpenSSL's opinion on a signature, not the kiosk's.
#pragma once

#include "drivers/staff_card/staff_card_reader.hpp"

namespace tests {

bool is_signature(const drivers::P256Point& point, const base::Sha256& digest,
                  const drivers::P256Signature& signature);

} // namespace tests
