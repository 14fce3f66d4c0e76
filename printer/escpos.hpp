// The bytes of a receipt: ESC/POS, all raster, nothing that depends on the printer's own fonts.
//
// Invariant of a finished stream: it holds no DLE EOT, DLE ENQ or DLE DC4. Printers obey those the
// moment they arrive, even inside picture data (spec receipt-printer §3): a picture could make a
// printer answer, throw its buffer away, or open a drawer. Questions to the printer are sent by its
// driver, never from within a stream.
// Source: spec receipt-printer §§2-3.
#pragma once

#include "printer/items.hpp"
#include "printer/profile.hpp"

#include <vector>

namespace printer {

// Makes a picture harmless: where its bytes, row after row, hold `10` followed by `04`, `05` or
// `14`, the single dot that the `10` stands for becomes two dots wide. No new sequence can arise,
// since only a `10` is changed and it becomes `18`. Returns how many dots were added.
int defuse(Bitmap& picture);

// Positions where a stream holds a real-time command. Empty for everything `encode` returns.
std::vector<std::size_t> find_real_time_commands(base::ByteView stream);

// Reset, picture bands of at most `profile.band_bytes` each, feeds, cuts. The pictures must have
// been defused; a stream that still holds a real-time command is a bug and stops the program.
base::SecretBytes encode(const Items& items, const Profile& profile);

} // namespace printer
