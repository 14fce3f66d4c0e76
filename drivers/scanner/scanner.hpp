// From a camera frame to a page worth sending.
//
// not handled: page finding. The page is the whole frame, `found` is false, and the only judgement
// is on light. The numbers are measured on the whole frame and kept for maintenance.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/picture.hpp"
#include "kiosk/base/secret.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace drivers {

struct Point {
    double x = 0;
    double y = 0;
};
using Quad = std::array<Point, 4>; // TL TR BR BL, input pixels

struct ScanQuality {
    double brightness = 0; // mean grey, 0 to 255
    double sharpness = 0;  // mean squared grey difference of horizontal neighbours; compare only
                           // frames of one camera and one kind of page
    double clipped = 0;    // share of pixels at 250 or brighter
};

enum class ScanReason {
    page_not_searched, // not handled: page finding
    too_dark,          // brightness under 30: lens covered or lamp off
    too_small,         // a side under 400 pixels: nothing could be read on it
    unreadable_file,   // kiosk scan only: no JPEG or PNG, or damaged
};
std::string_view to_string(ScanReason reason);

struct ScannedPage {
    base::Picture picture; // flattened page; for now the frame itself
    bool found = false;
    std::optional<Quad> quad; // nothing unless found
    ScanQuality quality;
    std::vector<ScanReason> reasons;

    // May a resident keep it? False for what nobody can read.
    bool is_usable() const;
};

ScannedPage scan_page(base::Picture frame);

// As JPEG in locked memory, its long side at most 2480 pixels (A4 at 212 dpi) and at most
// `max_bytes` long: quality 80, then less, then smaller.
// Errors: invalid_input (no pixels), too_large (cannot be made to fit).
inline constexpr std::size_t page_bytes_limit = 4u << 20; // chosen: see base::SessionArena
base::Result<base::SecretBytes> page_as_jpeg(const base::Picture& page,
                                             std::size_t max_bytes = page_bytes_limit);

// `kiosk scan IMAGE... --out DIR`: one JSON object per image, as DESIGN §6 wants it, without line
// ends; writes DIR/<name>.page.png for each readable image. A file that cannot be read is a row
// with reason unreadable_file, not an error. Errors: io, disk_full (DIR cannot be written).
// not handled: all pages as one PDF.
base::Result<std::vector<std::string>> scan_files(const std::vector<std::string>& images,
                                                  const std::string& out_folder,
                                                  const base::Clock& clock);

} // namespace drivers
