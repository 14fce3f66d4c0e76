// The quality gate: is this sheet good enough to send, and if not, what is wrong and where?
//
// Everything is measured on the frame itself, along the found sides and on a coarse grid of the
// sheet, so that it costs little enough for each frame of the live picture.
#pragma once

#include "drivers/scanner/quad.hpp"
#include "kiosk/base/picture.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace drivers {

enum class ScanReason {
    nopage,          // no sheet in the picture
    cut,             // a corner lies outside of the picture
    finger,          // something lies over a side of the sheet
    dark,            // too little light to read by
    blur,            // edges too wide: out of focus, or it moved
    glare,           // a bright reflection hides a part
    small,           // too few pixels for the resolution that was asked for
    upside_down,     // the text stands on its head, and the caller wants it upright
    wrong_paper,     // not the kind of sheet that was asked for
    two_pages,       // another sheet lies beside it: which one is meant?
    unreadable_file, // `kiosk scan` only: no JPEG or PNG, or damaged
    too_large,       // `kiosk scan` only: more pixels than the kiosk decodes
};
std::string_view to_string(ScanReason reason);

// Where on the sheet, as seen in the picture.
enum class Place {
    upper_left,
    top,
    upper_right,
    left,
    middle,
    right,
    lower_left,
    bottom,
    lower_right,
};
std::string_view to_string(Place place); // "upper left", ...

struct Flaw {
    ScanReason reason;
    std::optional<Place> place; // nothing where the whole sheet has it
    bool operator==(const Flaw&) const = default;
};

enum class Paper { any, a4, id1 };
std::string_view to_string(Paper paper);

// What the form wants. The default takes any sheet that can be read.
struct Expectation {
    Paper paper = Paper::any;
    int least_dpi = 0; // counted on A4; 0: any. DA/T 31-2017 asks for 200 (spec scanning §3)
    // A page whose print surely stands on its head is refused as upside_down. Without this it is
    // turned, and nobody needs to do anything.
    bool must_be_upright = false;
};

// Numbers kept for maintenance; none says anything about what stands on the sheet.
struct ScanQuality {
    double brightness = 0; // of the paper, 0 to 255: 90th percentile of the sheet's grid
    double edge_width = 0; // pixels from dark to light across printed edges; 0: nothing printed
    // Pixels from desk to paper across the sides, of the pair where it is wider, and of the other
    // pair; 0: too much alike.
    double border_width = 0;
    double narrower_border_width = 0;
    double glare = 0;    // share of the sheet that one reflection hides
    double covered = 0;  // longest stretch of a side that is covered, as a share of the side
    double dpi = 0;      // if the sheet were A4
    double aspect = 0;   // long side over short side
    double evidence = 0; // how surely this is a sheet, about 0.5 to 1.1
};

struct Judgement {
    ScanQuality quality;
    std::vector<Flaw> flaws; // empty: good to send
};

// `quad` in pixels of the frame; `is_cut` when the finder saw the sheet go on beyond the picture.
Judgement judge(const base::Picture& frame, const Quad& quad, bool is_cut,
                const Expectation& expectation);
// When no sheet was found: why not? nopage, dark or glare.
Judgement judge_without_page(const base::Picture& frame);

} // namespace drivers
