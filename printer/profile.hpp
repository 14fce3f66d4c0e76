// What we know about a receipt printer before talking to it: one row per kind.
//
// A new printer is a new row with its source. What a row does not say is not assumed (spec
// receipt-printer, opening: printers that call themselves ESC/POS differ).
#pragma once

#include "kiosk/base/result.hpp"

#include <span>
#include <string_view>

namespace printer {

struct Profile {
    std::string_view name;
    int width_dots;  // printable, a multiple of 8
    int dots_per_mm; // 8 at 203 dpi
    int normal_dots; // size of the type; Chinese glyphs are square
    int large_dots;
    int huge_dots;   // a receipt number of 14 characters fills most of a line
    int margin_dots; // left and right, so that a slip cut askew loses nothing
    bool has_cutter;
    int tear_feed_dots; // without a cutter: feed until the slip is past the tear bar
    int band_bytes;     // longest raster command, so that one fits the smallest input buffer
};

std::span<const Profile> profiles();

// Errors: not_found, with the names there are.
base::Result<Profile> find_profile(std::string_view name);

} // namespace printer
