// From camera frames to pages worth sending.
//
// scan_page() takes one frame to a clean page and a judgement. LiveFinder follows a sheet from
// frame to frame: where its outline is, when it lies still, what is wrong with it. page_as_jpeg()
// makes a page ready for sending, page_pdf.hpp several. scan_files() is `kiosk scan`.
#pragma once

#include "drivers/scanner/gate.hpp"
#include "drivers/scanner/page_finder.hpp"
#include "drivers/scanner/quad.hpp"
#include "drivers/scanner/refine.hpp"
#include "kiosk/base/clock.hpp"
#include "kiosk/base/picture.hpp"
#include "kiosk/base/secret.hpp"

#include <optional>
#include <string>
#include <vector>

namespace drivers {

struct ScannedPage {
    base::Picture picture; // flat and clean; empty when no sheet was found
    int dpi = 0;           // of the picture, if the sheet is A4 or a card
    bool found = false;
    int turned = 0; // degrees clockwise, 90, 180 or 270: print stood on its head or lay across, and
                    // the picture stands upright
    std::optional<Quad> quad; // in pixels of the frame, whose side at the top comes first; nothing
                              // unless found
    ScanQuality quality;
    std::vector<Flaw> flaws; // in the order of ScanReason's names in gate.cpp; empty: good to send

    bool has(ScanReason reason) const;
    bool is_usable() const { return found && flaws.empty(); }
    // May a resident send it although the gate refused? Only where the page is whole and its
    // letters may still be read: slightly blurred, a small reflection, few pixels, other paper.
    // Whoever allows it marks the submission.
    bool may_be_used_anyway() const;
};

// Output resolution: 200 dpi, 300 for small or faint print (DA/T 31-2017, spec scanning §3).
ScannedPage scan_page(const base::Picture& frame, const Expectation& expectation = {},
                      int dpi = 200);

// Follows one sheet through the frames of a camera. Keeps its buffers; one thread at a time.
//
// Tracking a frame costs little while the sheet stays near where it was: its sides are looked for
// there. Only when they are lost, and from time to time to notice another sheet, the whole frame is
// searched.
class LiveFinder {
public:
    explicit LiveFinder(Expectation expectation = {}) : expectation_(expectation) {}

    struct Sight {
        std::optional<Quad> outline; // pixels of the frame; steadied while the sheet lies still
        // Still and sharp for `still_frames` frames, nothing wrong with it, and not the sheet that
        // was captured already: capture this frame. True for one frame only per sheet.
        bool is_steady = false;
        int still_for = 0; // frames, for a countdown: is_steady comes at `still_frames`
        bool is_captured_already = false; // the sheet that lies there was captured
        std::vector<Flaw> flaws;          // for guidance; empty while the sheet is moving well
    };
    // chosen: about half a second at 15 frames a second.
    static constexpr int still_frames = 8;

    // What the next frames are judged by: another paper of the form is wanted.
    void expect(const Expectation& expectation) { expectation_ = expectation; }
    Sight track(const base::Picture& frame);
    // The page in a frame; looks where the outline is first. Remembers the sheet, so that it is not
    // taken twice.
    ScannedPage capture(const base::Picture& frame, int dpi = 200);
    // The resident wants to take the same sheet again.
    void forget_captured();
    void reset(); // another session

private:
    std::optional<Quad> follow(const base::Picture& frame);
    std::vector<float> thumbnail_of(const base::Picture& frame, const Quad& quad) const;
    bool is_captured(const base::Picture& frame, const Quad& quad) const;

    Expectation expectation_;
    PageFinder finder_;
    std::optional<Quad> last_;      // where the sheet was in the last frame
    Quad speed_{};                  // how far its corners moved
    std::array<double, 4> steps_{}; // across its sides when it was searched last
    Quad calm_{};                   // the outline, averaged while it is still
    int still_for_ = 0;
    int since_search_ = 0;
    bool is_cut_ = false;
    bool has_another_ = false;
    double last_width_ = 0; // edge width of the last frame: focus still hunts while it changes
    std::vector<float> captured_; // thumbnail of the sheet captured last; empty: none
};

// As JPEG in locked memory, its long side at most 2480 pixels (A4 at 212 dpi) and at most
// `max_bytes` long: quality 80, then less, then smaller.
// Errors: invalid_input (no pixels), too_large (cannot be made to fit).
inline constexpr std::size_t page_bytes_limit = 4u << 20; // chosen: see base::SessionArena
base::Result<base::SecretBytes> page_as_jpeg(const base::Picture& page,
                                             std::size_t max_bytes = page_bytes_limit);

// `kiosk scan IMAGE... --out DIR`: sides of cards, where they are expected, stand two on a page of
// the PDF (PagePdf::add_card_side). One JSON object per image, as DESIGN §6 wants it, without line
// ends; writes DIR/<name>.page.png for each page and DIR/pages.pdf with all of them. A file that
// cannot be read is a row with a reason, not an error. Errors: io, disk_full (DIR cannot be
// written).
base::Result<std::vector<std::string>>
scan_files(const std::vector<std::string>& images, const std::string& out_folder,
           const base::Clock& clock, const Expectation& expectation = {}, int dpi = 200);

} // namespace drivers
