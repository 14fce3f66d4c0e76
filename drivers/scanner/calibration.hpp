// Is the document camera set up well? Three pictures tell: five marks that the kiosk prints, a
// blank sheet of A4, a card.
//
// For staff, not for a visit: numbers and places, no picture is kept. Every check says one trouble,
// the one to mend first, and where it is seen.
#pragma once

#include "drivers/scanner/gate.hpp"
#include "kiosk/base/picture.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace drivers {

enum class CameraCheck : std::uint8_t {
    sharpness, // at five points: the corners and the middle of the picture
    geometry,  // by the marks: straight from above, not stretched, enough pixels
    light,     // as bright everywhere
    glare,     // the lamp is not seen in the paper
    sheet,     // the edges of a blank A4 sheet are found
    card,      // and those of a card
};
inline constexpr int camera_checks = 6;
std::string_view to_string(CameraCheck check);

enum class CameraTrouble : std::uint8_t {
    none,
    no_mark,   // fewer than five marks are seen; `place`: where one is wanted
    blurred,   // at `place`
    coarse,    // too few pixels a millimetre
    stretched, // wider or higher than it is
    tilted,    // the camera does not look straight down, or the lens bends: `place` is farthest
    dark,
    bright,  // the paper is clipped
    uneven,  // `place` is darkest
    dazzled, // a reflection at `place`
    not_found,
    wrong_shape, // something is found, and not of that size
};
std::string_view to_string(CameraTrouble trouble);

struct CameraFinding {
    CameraCheck check;
    CameraTrouble trouble = CameraTrouble::none;
    std::optional<Place> place;
    // What was measured, for the report. sharpness: widest edge in mm; geometry: pixels an inch;
    // light: darkest place over brightest; glare: share of the sheet; sheet, card: long side over
    // short. 0: nothing could be measured.
    double value = 0;
    bool is_fine() const { return trouble == CameraTrouble::none; }
};

// The mark: black, 40 mm square, with a white square of 16 mm in its middle; 1 channel.
inline constexpr double mark_mm = 40;
inline constexpr double mark_hole_mm = 16;
base::Picture calibration_mark(int dots_per_mm);

// Five marks, one in each corner and one in the middle, turned as they may: sharpness, geometry.
std::vector<CameraFinding> look_at_marks(const base::Picture& frame);
// A blank A4 sheet: light, glare, sheet.
std::vector<CameraFinding> look_at_blank_sheet(const base::Picture& frame);
// A card of the size of an identity card, alone: card.
std::vector<CameraFinding> look_at_card(const base::Picture& frame);

} // namespace drivers
