// Finds the sheet in a picture, on a reduced copy.
//
// Two sources of candidates: long lines in four channels, crossed with each other, and the outlines
// of regions at many thresholds. Each candidate is scored by what lies along its four sides; no
// single threshold decides (spec scanning §5.2 to §5.4). Buffers live from call to call.
#pragma once

#include "drivers/scanner/quad.hpp"
#include "kiosk/base/picture.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace drivers {

// What spoke for a candidate; each 0 to 1.
struct Evidence {
    double edges = 0;        // support along the sides, the weakest counting most
    double contrast = 0;     // inside differs from outside along the sides
    double paper = 0;        // share of the inside that has the paper's colour
    double continuation = 0; // sides that go on beyond their corners: speaks against
    double shape = 0;        // aspect of a known paper
    double size = 0;         // square root of the share of the picture
    double score = 0;        // all of it
};

struct FoundPage {
    Quad quad; // pixels of the picture that was searched; may lie a little outside of it
    Evidence evidence;
    bool is_cut = false;      // a side is the picture's border: the sheet goes on beyond
    bool has_another = false; // a sheet like this one lies whole beside it, apart from it
};

class PageFinder {
public:
    PageFinder();
    ~PageFinder();
    PageFinder(PageFinder&&) noexcept;
    PageFinder& operator=(PageFinder&&) noexcept;

    // The likeliest sheet, or nothing where no candidate is likely. `frame` has 1 or 3 channels.
    // Corners are good to about a pixel of the reduced copy (long side 512).
    std::optional<FoundPage> find(const base::Picture& frame);
    // Gives the buffers back: they hold a small copy of the last frame.
    void forget();
    // All that were scored in the last search, best first: for tests and tuning.
    const std::vector<FoundPage>& candidates() const;

private:
    std::optional<FoundPage> search(const base::Picture& frame);

    struct Work;
    std::unique_ptr<Work> work_;
};

} // namespace drivers
