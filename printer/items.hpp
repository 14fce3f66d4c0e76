// A laid-out receipt: what goes onto the paper from top to bottom, in dots.
//
// Both outputs are made from these and from nothing else, so that what is previewed is what is
// printed (DESIGN D11): bit for bit where it is raster; where the printer sets its own type, the
// preview shows our glyphs in the printer's cells.
#pragma once

#include "printer/bitmap.hpp"

#include "kiosk/text/typesetter.hpp"

#include <variant>
#include <vector>

namespace printer {

// Ink without the white around it. `left_dots` is a multiple of 8. With `scale` 2 each dot is
// burnt as a square of four.
struct Raster {
    Bitmap dots;
    int left_dots = 0;
    int scale = 1;
    int width() const { return dots.width() * scale; }
    int height() const { return dots.height() * scale; }
};
// One line in the printer's own type: cells of 12x24 dots for ASCII, 24x24 for Chinese, times
// `scale`. Only characters that the unit is known to have.
struct Native {
    struct Piece {
        int left_dots = 0;
        base::SecretText text;
        bool is_bold = false;
    };
    // Dots in the line, 24 rows high: what the unit's type has not, beside what it has (ESC * 33).
    struct Picture {
        int left_dots = 0;
        int columns = 0;
        Bitmap dots; // up to 7 white columns wider
    };
    std::vector<Piece> pieces;
    std::vector<Picture> pictures; // only at scale 1; they overlap no piece
    int scale = 1;
    int height_dots = 0; // to the top of what follows; at least 24 * scale
};
// A QR code drawn by the printer, centred. `picture` is ours of the same size, for the preview.
struct NativeQr {
    base::SecretText payload;
    int module_dots = 0;
    int modules = 0; // along one side, without the quiet zone
};
// CODE128 set B drawn by the printer, centred, without text below.
struct NativeCode {
    base::SecretText payload;
    int module_dots = 0;
    int height_dots = 0;
    int width_dots = 0;
};
struct Gap {
    int dots = 0; // white inside a slip
};
struct Feed {
    int dots = 0; // behind a slip, to the tear bar
};
struct CutItem {}; // the slip ends here

using Item = std::variant<Raster, Native, NativeQr, NativeCode, Gap, Feed, CutItem>;
using Items = std::vector<Item>;

// Width of the printer's cell for this character, in dots, at scale 1.
constexpr int cell_dots(char32_t c) {
    return c < 0x80 ? 12 : 24;
}
inline constexpr int cell_height_dots = 24;

// Rows that the items take, without what a cut feeds.
int height_of(const Items& items);

// One grey channel, rows of all items below each other; cuts leave no trace. The typesetter draws
// what the printer would set itself; without one such lines are drawn as frames.
base::Picture preview(const Items& items, int width_dots, text::Typesetter* typesetter = nullptr);

} // namespace printer
