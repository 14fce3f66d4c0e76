// Watches the paper under the document camera, frame by frame, and takes a page of it.
//
// Owns the finder and what has been said of the sheet. What the finder sees changes with every
// frame; what a person is told changes seldom: a state holds for some frames before it is told.
// Counts frames, no time. Used by the camera's worker alone.
#pragma once

#include "drivers/scanner/empty_desk.hpp"
#include "drivers/scanner/scanner.hpp"
#include "kiosk/session/session.hpp"

#include <optional>

namespace app {

// What is wanted of the paper now.
struct PaperWish {
    drivers::Expectation expectation;
    int dpi = 200;            // of the flat page: 200 or 300
    bool takes_itself = true; // false: nobody looks at the page just now
    bool is_pressed = false;  // somebody asked for the page with the outline
};
PaperWish wish_of(const session::Session& session);

class PageWatch {
public:
    // Chosen: two thirds of a second at 25 frames a second, a second at 16. A hand has left by
    // then, and nobody waits.
    static constexpr int frames_until_taken = 2 * drivers::LiveFinder::still_frames;

    struct View {
        std::optional<drivers::Quad> outline;   // corners from 0 to 1 of the frame's sides
        std::optional<session::PageSight> news; // to be told; nothing: as before
        double held = 0;                        // 0 to 1: how much of the time until it is taken
        bool is_due = false;                    // take it now
    };

    // The scan step is entered: what was told before counts no more.
    void begin();
    View see(const base::Picture& frame, const PaperWish& wish);
    // The page in this frame, or what is wrong with it. Errors: of the encoder.
    base::Result<session::Input> take(const base::Picture& frame, const PaperWish& wish);
    // Goodbye: does something still lie there? (spec safeguards G21) Nothing: as told before. Looks
    // for a sheet, and for whatever else was not on the desk before the first page.
    std::optional<session::DeskSight> see_desk(const base::Picture& frame);
    // The sheet that was taken may be taken again, as soon as it has moved.
    void look_again();
    // The session is over.
    void forget();

private:
    session::PageSight judge(const drivers::LiveFinder::Sight& sight);
    void note_bare(const base::Picture& frame);
    session::DeskSight look_at_desk(const base::Picture& frame);

    drivers::LiveFinder finder_;
    drivers::LiveFinder::Sight last_;
    std::optional<session::PageSight> told_;
    session::PageSight coming_; // is told when it holds
    int coming_for_ = 0;
    int still_ = 0; // frames since begin() that the sheet has lain still without a flaw
    int empty_ = 0; // frames without a sheet
    int rest_ = 0;  // frames in which nothing is taken by itself: the last try was refused
    bool waits_for_move_ = false;

    drivers::EmptyDesk desk_;      // before the first page of this session
    drivers::EmptyDesk last_bare_; // the last look without a sheet; a hand may be in it
    bool has_taken_ = false;       // a page, in this session
    session::DeskSight desk_told_ = session::DeskSight::unseen;
    session::DeskSight desk_coming_ = session::DeskSight::unseen;
    int desk_coming_for_ = 0;
};

} // namespace app
