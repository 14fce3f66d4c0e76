// The sealed queue of one kiosk in a file, for another to deliver (spec reliability R6): what a
// technician takes from a board that is dying.
//
// The file: one line that says what it is; for each request one line (key, number, matter, digests
// and sizes) and behind it its sealed parts, byte for byte; one line that counts them. A line is a
// JSON object behind its own SHA-256. Nothing in it can be read without the platform's key. The
// kiosk that it came from keeps its queue and may go on sending: the platform answers a key it
// knows as before, so whoever comes second does no harm.
//
// A file from a stick is untrusted: every size is looked at before anything is read, every digest
// compared, and a file that ends early gives what stands whole in front of the break.
#pragma once

#include "kiosk/outbox/outbox.hpp"

#include <functional>
#include <iosfwd>

namespace outbox {

// What one request in the file may be at most. Chosen: platform-api allows 16 MiB an upload, a form
// has at most a few dozen pages.
inline constexpr std::size_t part_limit_bytes = 16u << 20;
inline constexpr std::size_t parts_limit = 65; // the body and 64 pages
inline constexpr std::size_t request_limit_bytes = 128u << 20;

struct ExportReport {
    std::vector<std::string> exported; // receipt numbers, ungrouped, oldest first
    std::vector<std::string> damaged;  // their bytes no longer match their digest: not in the file
    std::vector<std::string> over_limit; // no file may hold them, no kiosk makes them: not in it
};

// Writes every request that is not delivered, one at a time. One that cannot be written is named in
// the report, and the next one follows. Errors: as Outbox::load, io, disk_full. `kiosk_id` is for
// whoever reads the first line.
base::Result<ExportReport> write_export(const Outbox& outbox, std::string_view kiosk_id,
                                        base::WallTime now, std::ostream& out);

// Reads one request after the other and hands it over; `take` may refuse one with an error, which
// ends nothing: the next one follows. Success: the file was whole; how many it holds.
// Errors: unsupported (no such file, or of a later form), corrupt (damaged or ended early: what
// stood before was handed over).
base::Result<int> read_export(std::istream& in,
                              const std::function<void(NewSubmission submission)>& take);

} // namespace outbox
