// Goal: a page is taken by itself once, when it lies still and nothing is wrong with it, and what
// is wrong is told in good time and not again and again; papers that are left behind are told, and
// light is no paper. Method: frames of the simulated camera,
// one after the other; no clock.
#include "drivers/camera/simulated_camera.hpp"
#include "kiosk/app/page_watch.hpp"
#include "tests/support/desk_scene.hpp"

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

TEST_CASE("of two papers none is taken by itself, and the one with the outline by a press",
          "[device][scanner]") {
    const auto pair = test::draw_scene(test::SceneKind::pair, 7002, 1920, 1080).frame;
    auto one = pair; // the other is taken away
    for (int y = 0; y < one.height; ++y)
        for (int x = one.width / 2; x < one.width; ++x)
            std::copy_n(pair.row(4) + (x % 64 + 900) * 3, 3, one.row(y) + x * 3);
    const auto is_left = [](const drivers::Quad& outline) {
        return std::all_of(outline.begin(), outline.end(),
                           [](const drivers::Point& corner) { return corner.x < 0.5; });
    };
    Desk desk;
    SECTION("both lie there from the start") {
        desk.camera.put_page(pair);
        desk.look(100);
        CHECK(desk.taken.empty());
        CHECK(desk.state() == State::flawed);
        CHECK(desk.flaw() == ScanReason::two_pages);
        CHECK(desk.told.size() == 1);
        SECTION("one is taken away") {
            desk.camera.put_page(one);
            desk.look(60);
            CHECK(desk.taken.size() == 1);
            REQUIRE(desk.outline);
            CHECK(is_left(*desk.outline));
        }
        SECTION("somebody presses") {
            desk.wish.is_pressed = true;
            const auto by_hand =
                desk.watch.take(desk.camera.next_frame(1s).value(), desk.wish).value();
            CHECK(page_of(by_hand).flaws.empty());
        }
        SECTION("nobody presses") {
            const auto by_itself =
                desk.watch.take(desk.camera.next_frame(1s).value(), desk.wish).value();
            REQUIRE(by_itself.signal == Signal::page_refused);
            CHECK(std::get<session::RefusedPage>(by_itself.payload).why.reason ==
                  ScanReason::two_pages);
        }
    }
    SECTION("the other one comes while the first lies there") {
        desk.wish.takes_itself = false;
        desk.camera.put_page(one);
        desk.look(30);
        CHECK(desk.state() == State::still);
        desk.camera.put_page(pair);
        desk.look(60);
        CHECK(desk.flaw() == ScanReason::two_pages);
    }
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

// ---- behind the last page (spec safeguards G21) ----

namespace {

using session::DeskSight;

// What comes of the desk as the camera sees it now.
struct Leaving {
    PageWatch& watch;
    DeskSight told = DeskSight::unseen;
    int times = 0;

    explicit Leaving(PageWatch& of) : watch(of) { watch.begin(); }
    DeskSight look(const base::Picture& frame, int looks = 6) {
        for (int i = 0; i < looks; ++i)
            if (const auto news = watch.see_desk(frame)) {
                told = *news;
                ++times;
            }
        return told;
    }
};

const base::Picture& bare() {
    static const auto desk = drivers::make_empty_desk();
    return desk;
}

// A page was laid down on the bare desk, taken, and the step is over.
void scan_one(Desk& desk) {
    desk.look(12);
    desk.camera.slide_in(sheet(1), 8);
    desk.look(45);
    REQUIRE(desk.taken.size() == 1);
}

// `light(x, y)`: how much of it falls there, x and y from 0 to 1.
template <class Light> base::Picture lit(base::Picture frame, Light light) {
    for (int y = 0; y < frame.height; ++y)
        for (int x = 0; x < frame.width; ++x)
            for (int c = 0; c < frame.channels; ++c) {
                auto& value = frame.row(y)[x * frame.channels + c];
                value = std::uint8_t(std::clamp(
                    value * light(double(x) / frame.width, double(y) / frame.height), 0.0, 255.0));
            }
    return frame;
}

// A thing of one colour, in pixels of the frame.
base::Picture with_thing(base::Picture frame, int left, int top, int width, int height,
                         std::array<std::uint8_t, 3> colour) {
    for (int y = top; y < top + height; ++y)
        for (int x = left; x < left + width; ++x)
            std::copy(colour.begin(), colour.end(), frame.row(y) + 3 * x);
    return frame;
}

} // namespace

TEST_CASE("papers left under the camera are told, and that they are gone",
          "[device][refusal][G21]") {
    Desk desk;
    scan_one(desk);
    Leaving leaving(desk.watch);
    CHECK(leaving.look(sheet(1), 1) == DeskSight::unseen); // a single look may be mistaken
    CHECK(leaving.look(sheet(1)) == DeskSight::occupied);
    CHECK(leaving.look(sheet(2)) == DeskSight::occupied);
    CHECK(leaving.times == 1);
    CHECK(leaving.look(bare(), 1) == DeskSight::occupied);
    CHECK(leaving.look(bare()) == DeskSight::empty);
    CHECK(leaving.times == 2);
}

TEST_CASE("whatever was not on the desk before the first page is left behind",
          "[device][refusal][G21]") {
    Desk desk;
    scan_one(desk);
    const double pixels_per_mm = 1600 * 0.92 / 297;
    const int card_width = int(85.6 * pixels_per_mm), card_height = int(54 * pixels_per_mm);
    struct Thing {
        int x, y;
        std::array<std::uint8_t, 3> colour;
    };
    for (const auto& thing : {Thing{40, 40, {200, 205, 200}}, Thing{600, 900, {150, 90, 80}},
                              Thing{700, 1300, {20, 22, 22}}, Thing{300, 400, {60, 90, 130}}}) {
        INFO("at " << thing.x << ", " << thing.y);
        Leaving leaving(desk.watch);
        CHECK(leaving.look(with_thing(bare(), thing.x, thing.y, card_width, card_height,
                                      thing.colour)) == DeskSight::occupied);
    }
    // Folded once, at the edge of the picture: no sheet with four sides.
    Leaving folded(desk.watch);
    CHECK(folded.look(with_thing(bare(), 0, 1200, 500, 400, {238, 236, 230})) ==
          DeskSight::occupied);
}

TEST_CASE("another light is no paper, and neither is a dark camera", "[device][refusal][G21]") {
    Desk desk;
    scan_one(desk);
    const auto flat = [](double share) { return [share](double, double) { return share; }; };
    CHECK(Leaving(desk.watch).look(bare(), 1) == DeskSight::empty); // at once
    for (const double share : {0.5, 1.3, 2.8}) {
        INFO("light " << share);
        CHECK(Leaving(desk.watch).look(lit(bare(), flat(share))) == DeskSight::empty);
    }
    // The lamp goes out and the window is left; a person's shadow falls over the desk.
    CHECK(Leaving(desk.watch).look(lit(bare(), [](double x, double y) {
        return 0.45 + 0.5 * x - 0.1 * y;
    })) == DeskSight::empty);
    CHECK(Leaving(desk.watch).look(lit(bare(), [](double x, double) {
        return 1 - 0.45 / (1 + std::exp((x - 0.4) * 40));
    })) == DeskSight::empty);
    CHECK(Leaving(desk.watch).look(lit(bare(), flat(0))) == DeskSight::unclear);
    CHECK(Leaving(desk.watch).look(lit(bare(), flat(20))) == DeskSight::unclear);
}

TEST_CASE("a sheet nearly as pale as the desk is found by its sides", "[device][refusal][G21]") {
    const auto pale = lit(bare(), [](double, double) { return 2.6; });
    const auto with_sheet = lit(pale, [](double x, double y) {
        return x > 0.15 && x < 0.85 && y > 0.12 && y < 0.86 ? 1.12 : 1.0;
    });
    drivers::EmptyDesk remembered;
    remembered.remember(pale);
    REQUIRE(remembered.compare(with_sheet) == drivers::DeskView::empty); // by its light alone
    Desk desk;
    desk.camera.put_page(pale);
    desk.look(12);
    CHECK(Leaving(desk.watch).look(pale) == DeskSight::empty);
    CHECK(Leaving(desk.watch).look(with_sheet) == DeskSight::occupied);
    CHECK(Leaving(desk.watch).look(pale) == DeskSight::empty);
}

TEST_CASE("a desk that was never seen without paper is asked for sheets alone",
          "[device][refusal][G21]") {
    Desk desk;
    desk.camera.put_page(sheet(1));
    desk.look(40);
    REQUIRE(desk.taken.size() == 1);
    CHECK(Leaving(desk.watch).look(bare()) == DeskSight::empty);
    CHECK(Leaving(desk.watch).look(sheet(1)) == DeskSight::occupied);
}

TEST_CASE("the next person's desk is not that of the last", "[device][refusal][G21]") {
    Desk desk;
    scan_one(desk);
    desk.watch.forget();
    const auto thing = with_thing(bare(), 0, 1200, 500, 400, {238, 236, 230});
    CHECK(Leaving(desk.watch).look(thing) != DeskSight::occupied);
}
