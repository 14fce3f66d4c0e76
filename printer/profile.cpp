#include "printer/profile.hpp"

#include <array>
#include <string>

namespace printer {
namespace {

// Widths and the 24-dot Chinese glyph: spec receipt-printer §1. Type sizes: chosen on the printed
// pictures (tests/fixtures/receipts), 26 dots are 3.3 mm. Band: the smallest buffer quoted is 4 kB
// (§5). Tear feed: chosen, 17 mm, the way from the head to the bar (14 mm on the simulated printer)
// and a margin; unverified on hardware.
constexpr std::array rows{
    // name, width, dots per mm, normal, large, huge, margin, cutter, tear feed, band
    Profile{"generic-58", 384, 8, 24, 32, 42, 4, false, 136, 4000},
    Profile{"generic-58-cutter", 384, 8, 24, 32, 42, 4, true, 136, 4000},
    Profile{"generic-80", 576, 8, 26, 38, 62, 16, true, 136, 4000},
    Profile{"generic-80-tear", 576, 8, 26, 38, 62, 16, false, 136, 4000},
};

constexpr bool every_row_fits_the_commands() {
    for (const Profile& row : rows) {
        if (row.width_dots % 8 != 0 || row.band_bytes < 8 + row.width_dots / 8) return false;
        if (row.normal_dots < 24) return false; // below that Chinese strokes run together
    }
    return true;
}
static_assert(every_row_fits_the_commands());

} // namespace

std::span<const Profile> profiles() {
    return rows;
}

base::Result<Profile> find_profile(std::string_view name) {
    std::string names;
    for (const Profile& row : rows) {
        if (row.name == name) return row;
        names += (names.empty() ? "" : ", ") + std::string(row.name);
    }
    return base::Error{base::Errc::not_found,
                       "no printer profile \"" + std::string(name) + "\"; there are: " + names};
}

} // namespace printer
