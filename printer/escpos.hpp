// The bytes of a receipt: ESC/POS.
//
// Invariant of a finished stream: it holds no DLE EOT, DLE ENQ or DLE DC4. Printers obey those the
// moment they arrive, even inside picture data (spec receipt-printer §3): a picture could make a
// printer answer, throw its buffer away, or open a drawer. Questions to the printer are sent by its
// driver, never from within a stream. Texts can hold no byte below 20: only characters that were
// checked reach a Native item, and GB 18030 has no byte below 30 in its longer codes.
// Source: spec receipt-printer §§2-3.
#pragma once

#include "printer/items.hpp"
#include "printer/profile.hpp"

#include <array>
#include <optional>
#include <vector>

namespace printer {

// Makes a picture harmless: where its bytes, row after row, hold `10` followed by `04`, `05` or
// `14`, the single dot that the `10` stands for becomes two dots wide. No new sequence can arise,
// since only a `10` is changed and it becomes `18`. Returns how many dots were added.
int defuse(Bitmap& picture);

// The same for a picture in a line, whose bytes run down its columns: the dot becomes two dots
// high.
int defuse_columns(Bitmap& picture);

// Positions where a stream holds a real-time command. Empty for everything `encode` returns.
std::vector<std::size_t> find_real_time_commands(base::ByteView stream);

// What a unit that knows process ids says when something is on paper (spec receipt-printer §5).
using ProcessId = std::array<std::uint8_t, 4>; // 20 to 7E
enum class Mark { last_line, cut };
// Different for any 800,000 jobs in a row.
ProcessId process_id(std::uint32_t job, Mark mark);

// Reset, lines, picture bands of at most `profile.band_bytes` each, gaps, cuts. With a job number,
// where the unit knows how, it asks to be told what changes (ASB), and when the last line and the
// last cut are done (process ids); a unit without process ids is asked GS r 1 before the last cut.
// The pictures must have been defused; a stream that still holds a real-time command is a bug and
// stops the program.
base::SecretBytes encode(const Items& items, const Profile& profile,
                         std::optional<std::uint32_t> job = std::nullopt);

// The same for a job. `end_at` is the place of what completes the slip, the last cut or feed to the
// tear bar: a unit that took no byte beyond it cannot have made a whole slip.
struct JobBytes {
    base::SecretBytes escpos;
    std::size_t end_at = 0;
};
JobBytes encode_job(const Items& items, const Profile& profile, std::uint32_t job);

} // namespace printer
