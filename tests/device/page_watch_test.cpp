// Goal: a page is taken by itself once, when it lies still and nothing is wrong with it, and what
// is wrong is told in good time and not again and again. Method: frames of the simulated camera,
// one after the other; no clock.
#include "drivers/camera/simulated_camera.hpp"
#include "kiosk/app/page_watch.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using app::PageWatch;
using app::PaperWish;
using drivers::ScanReason;
using session::PageSight;
using session::Signal;
using State = session::PageSight::State;
using namespace std::chrono_literals;

namespace {

const base::Picture& sheet(std::uint64_t seed) {
    static const std::array sheets{drivers::make_test_page(1), drivers::make_test_page(2)};
    return sheets[seed - 1];
}

// The kiosk at the scan step, without a screen.
struct Desk {
    drivers::SimulatedCamera camera;
    PageWatch watch;
    PaperWish wish;
    std::vector<PageSight> told;
    std::vector<session::Input> taken;
    std::optional<drivers::Quad> outline;
    double held = 0;
    double jumped = 0; // most that a corner moved between two frames, as a share of the frame

    Desk() {
        REQUIRE(camera.open());
        watch.begin();
    }
    void look(int frames) {
        for (int i = 0; i < frames; ++i) {
            const auto frame = camera.next_frame(1s).value();
            auto view = watch.see(frame, wish);
            if (view.outline && outline)
                for (std::size_t c = 0; c < 4; ++c)
                    jumped = std::max({jumped, std::abs((*view.outline)[c].x - (*outline)[c].x),
                                       std::abs((*view.outline)[c].y - (*outline)[c].y)});
            outline = view.outline;
            held = view.held;
            if (view.news) told.push_back(*view.news);
            if (view.is_due)
                taken.push_back(watch.take(camera.next_frame(1s).value(), wish).value());
        }
    }
    State state() const { return told.empty() ? State::unknown : told.back().state; }
    std::optional<ScanReason> flaw() const {
        if (told.empty() || !told.back().flaw) return std::nullopt;
        return told.back().flaw->reason;
    }
};

const session::StoredPage& page_of(const session::Input& input) {
    REQUIRE(input.signal == Signal::page_captured);
    return std::get<session::CapturedPage>(input.payload).page;
}

} // namespace

TEST_CASE("a page that is slid in is taken by itself, once", "[device][scanner]") {
    Desk desk;
    desk.look(10);
    CHECK(desk.state() == State::nothing);
    CHECK(desk.taken.empty());
    desk.camera.slide_in(sheet(1), 8);
    desk.look(8);
    CHECK(desk.taken.empty()); // not while it moves
    desk.look(30);
    REQUIRE(desk.taken.size() == 1);
    const auto& page = page_of(desk.taken.front());
    CHECK(page.flaws.empty());
    CHECK(page.dpi > 0);
    CHECK(page.preview->height > page.preview->width);
    // The page and not the frame: its corners are paper, not desk.
    CHECK(page.preview->row(3)[3 * page.preview->channels] > 200);
    CHECK(desk.state() == State::taken);
    desk.look(25);
    CHECK(desk.taken.size() == 1);

    SECTION("and so is the next one") {
        desk.camera.take_page_away();
        desk.look(20);
        CHECK(desk.state() == State::nothing);
        desk.camera.slide_in(sheet(2), 8);
        desk.look(35);
        CHECK(desk.taken.size() == 2);
    }
    SECTION("and again only when it has moved, if it is to be taken again") {
        desk.watch.look_again();
        desk.look(25);
        CHECK(desk.taken.size() == 1);
        CHECK(desk.state() == State::again);
        desk.camera.slide_in(sheet(1), 6);
        desk.look(35);
        CHECK(desk.taken.size() == 2);
    }
}

TEST_CASE("while something else is asked no page is taken by itself", "[device][scanner]") {
    Desk desk;
    desk.wish.takes_itself = false;
    desk.camera.put_page(sheet(1));
    desk.look(40);
    CHECK(desk.taken.empty());
    CHECK(desk.held == 0);
    desk.wish.takes_itself = true;
    desk.look(5);
    CHECK(desk.taken.size() == 1);
}

TEST_CASE("the outline stands still while the page does", "[device][scanner]") {
    Desk desk;
    desk.camera.put_page(sheet(1));
    desk.look(6);
    REQUIRE(desk.outline.has_value());
    desk.jumped = 0;
    desk.look(30);
    CHECK(desk.jumped < 0.002); // two thousandths of the picture: under two pixels on the glass
}

TEST_CASE("a page with a flaw is not taken, and what to do is told once", "[device][scanner]") {
    Desk desk;
    desk.camera.put_page(sheet(1));
    ScanReason reason{};
    SECTION("a hand lies over its edge") {
        desk.camera.lay_hand(true);
        reason = ScanReason::finger;
    }
    SECTION("the lamp is seen in it") {
        desk.camera.reflect(true);
        reason = ScanReason::glare;
    }
    SECTION("the lamp is off") {
        desk.camera.go_black(true);
        reason = ScanReason::dark;
    }
    desk.look(40);
    CHECK(desk.taken.empty());
    REQUIRE(desk.flaw().has_value());
    CHECK(*desk.flaw() == reason);
    CHECK(std::count_if(desk.told.begin(), desk.told.end(), [&](const PageSight& sight) {
              return sight.flaw && sight.flaw->reason == reason;
          }) == 1);
    const bool glares = reason == ScanReason::glare;
    const auto by_hand = desk.watch.take(desk.camera.next_frame(1s).value(), desk.wish).value();
    if (glares) {
        CHECK(page_of(by_hand).flaws == std::vector{ScanReason::glare});
    } else {
        REQUIRE(by_hand.signal == Signal::page_refused);
        CHECK(std::get<session::RefusedPage>(by_hand.payload).why.reason == reason);
    }
    // The flaw goes, the page is taken.
    desk.camera.lay_hand(false);
    desk.camera.reflect(false);
    desk.camera.go_black(false);
    desk.look(80);
    CHECK(desk.taken.size() == 1);
}

TEST_CASE("a lamp that flickers is not told with each flicker", "[device][scanner]") {
    Desk desk;
    desk.camera.put_page(sheet(1));
    desk.camera.flicker(true);
    desk.look(40);
    CHECK(desk.told.size() <= 2);
}

TEST_CASE("while the focus hunts nothing is taken, and afterwards it is", "[device][scanner]") {
    Desk desk;
    desk.camera.put_page(sheet(1));
    desk.camera.hunt_focus(24);
    desk.look(24);
    CHECK(desk.taken.empty());
    desk.look(40);
    CHECK(desk.taken.size() == 1);
}
