// What we know about a receipt printer before talking to it: one row per kind.
//
// A new printer is a new row with its source. What a row does not say is not assumed (spec
// receipt-printer, opening: printers that call themselves ESC/POS differ): `unknown` means "not
// used", whatever the unit's name promises.
#pragma once

#include "kiosk/base/result.hpp"
#include "printer/gb18030.hpp"

#include <span>
#include <string_view>

namespace printer {

// Where the knowledge comes from: a manual, or a test on such a unit.
enum class Known { unknown, documented, probed };
std::string_view to_string(Known known);

// How a slip leaves the kiosk (spec receipt-printer §7). Commands differ per maker.
enum class Presenter { none, custom, citizen };

struct Profile {
    std::string_view name;
    std::string_view source; // of what the row claims
    int width_dots = 0;      // printable, a multiple of 8
    int dots_per_mm = 8;     // 8 at 203 dpi, 7 at 180 dpi
    int normal_dots = 0;     // size of the type; Chinese glyphs are square
    int large_dots = 0;
    int huge_dots = 0; // a receipt number of 14 characters fills most of a line
    // Left and right, so that a slip cut askew loses nothing. Where the unit has type of its own,
    // whole cells of 12 dots: spaces are the shortest way there.
    int margin_dots = 0;
    bool has_cutter = false;
    int tear_feed_dots = 0; // without a cutter: feed until the slip is past the tear bar
    int band_bytes = 4000;  // longest raster command, so that one fits the smallest input buffer
    int head_to_cutter_dots = 112; // paper that a cut needs behind the last line

    // The unit's own type: ASCII in 12x24, Chinese in 24x24, sizes by GS !, white on black by GS B.
    Known ascii = Known::unknown;
    Known chinese = Known::unknown;
    Charset charset = Charset::none; // meaningful where `chinese` is known
    // GS P: sets the unit of feeds to one dot; without it they are made of white rows.
    int motion_dpi = 0;
    Known qr = Known::unknown;             // GS ( k
    Known code128 = Known::unknown;        // GS k 73
    Known doubled_raster = Known::unknown; // GS v 0 with m = 3
    Known bit_image = Known::unknown;      // ESC * 33: dots in a line of type, 24 rows high
    // What it says about itself.
    Known process_id = Known::unknown;    // GS ( H: answers when what stands before is on paper
    Known asb = Known::unknown;           // GS a: says by itself what changes
    Known clear_buffers = Known::unknown; // DLE DC4 8
    Known recover = Known::unknown;       // DLE ENQ 1, 2
    bool near_end_is_inverted = false;    // some clones: bits 2+3 of DLE EOT 4 mean "enough"
    int near_end_left_dots = 0; // paper certainly left when "near end" begins; 0: not known
    Presenter presenter = Presenter::none;

    Charset known_charset() const { return chinese == Known::unknown ? Charset::none : charset; }
};

constexpr bool is_known(Known known) {
    return known != Known::unknown;
}

std::span<const Profile> profiles();

// Errors: not_found, with the names there are.
base::Result<Profile> find_profile(std::string_view name);

} // namespace printer
