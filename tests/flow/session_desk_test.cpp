// Goal: papers that are left under the camera are asked for at the end of a visit, and keep
// nobody's place for long (spec safeguards G21); the camera opens for that only where a page was
// captured (G7). Method: the shipped content, the pure session; the test is the camera.
#include "kiosk/base/seeded_random.hpp"
#include "tests/support/session_visitor.hpp"

#include <catch2/catch.hpp>

using session::DeskSight;
using session::EffectKind;
using session::EndReason;
using session::Input;
using session::Signal;
using session::Step;
using namespace test;
using namespace std::chrono_literals;

namespace {

bool sees(Visitor& visitor, DeskSight sight) {
    return visitor.send({Signal::desk_seen, sight});
}

// Everything is sent, and the goodbye says what to take.
Visitor at_goodbye(const std::string& matter = "elderly-allowance") {
    Visitor visitor;
    visitor.begin(matter);
    fill_in(visitor, card_born("1940-03-07"));
    REQUIRE(visitor.session.step == Step::submitting);
    REQUIRE(visitor.send({Signal::stored, session::StoredInput{"key", "NUMBER", {}}}));
    REQUIRE(visitor.send(Signal::answer_due));
    REQUIRE(visitor.send(Signal::receipt_printed));
    visitor.effects.clear();
    REQUIRE(visitor.send(Signal::done));
    REQUIRE(visitor.session.step == Step::goodbye);
    return visitor;
}

bool is_camera_open(const Visitor& visitor) {
    return visitor.count(EffectKind::open_camera) + visitor.count(EffectKind::look_at_desk) >
           visitor.count(EffectKind::close_camera);
}

} // namespace

TEST_CASE("papers left under the camera: the end waits for them", "[flow][session][refusal][G21]") {
    auto visitor = at_goodbye();
    CHECK(visitor.count(EffectKind::look_at_desk) == 1);
    const int chimes = visitor.count(EffectKind::chime);
    REQUIRE(sees(visitor, DeskSight::occupied));
    CHECK(visitor.count(EffectKind::chime) == chimes + 1);

    SECTION("lifting the card is not enough") {
        REQUIRE(visitor.send(Signal::card_lifted));
    }
    SECTION("nor is saying so once") {
        REQUIRE(visitor.send(Signal::done));
        CHECK(visitor.count(EffectKind::chime) == chimes + 2);
    }
    CHECK(visitor.session.step == Step::goodbye);
    CHECK(is_camera_open(visitor));
    REQUIRE(sees(visitor, DeskSight::empty));
    CHECK(visitor.session.step == Step::wipe);
    CHECK(visitor.session.end_reason == EndReason::done);
    CHECK_FALSE(is_camera_open(visitor));
    CHECK(visitor.effects.back() == EffectKind::wipe);
}

TEST_CASE("papers taken first: the goodbye goes on as ever", "[flow][session][refusal][G21]") {
    auto visitor = at_goodbye();
    REQUIRE(sees(visitor, DeskSight::occupied));
    REQUIRE(sees(visitor, DeskSight::empty));
    CHECK(visitor.session.step == Step::goodbye); // the card may lie there still
    REQUIRE(visitor.send(Signal::card_lifted));
    CHECK(visitor.session.step == Step::wipe);
}

TEST_CASE("who says twice that they have everything is believed", "[flow][session][refusal][G21]") {
    auto visitor = at_goodbye();
    SECTION("the papers are seen first") {
        REQUIRE(sees(visitor, DeskSight::occupied));
    }
    SECTION("the camera had not looked yet") {}
    REQUIRE(visitor.send(Signal::done));
    CHECK(visitor.session.step == Step::goodbye);
    REQUIRE(visitor.send(Signal::done));
    CHECK(visitor.session.step == Step::wipe);
    CHECK_FALSE(is_camera_open(visitor));
}

TEST_CASE("papers that nobody takes keep the next person waiting for a minute at most",
          "[flow][session][refusal][G21]") {
    auto visitor = at_goodbye();
    const auto began = visitor.world.now;
    visitor.world.now += 10s;
    REQUIRE(sees(visitor, DeskSight::occupied));
    REQUIRE(visitor.send(Signal::card_lifted));
    auto deadline = session::next_deadline(visitor.session);
    REQUIRE(deadline);
    CHECK(deadline->at - began == session::papers_limit);
    visitor.world.now = deadline->at;
    REQUIRE(visitor.send(deadline->signal));
    CHECK(visitor.session.step == Step::wipe);
    CHECK_FALSE(is_camera_open(visitor));
}

TEST_CASE("a camera that says nothing, or is gone, keeps nobody", "[flow][session][refusal][G21]") {
    SECTION("nothing yet: whoever goes is let go after three seconds") {
        auto visitor = at_goodbye();
        REQUIRE(visitor.send(Signal::card_lifted));
        CHECK(visitor.session.step == Step::goodbye);
        const auto deadline = session::next_deadline(visitor.session);
        REQUIRE(deadline);
        CHECK(deadline->at - visitor.session.entered == session::desk_look_limit);
        REQUIRE(visitor.send(deadline->signal));
        CHECK(visitor.session.step == Step::wipe);
    }
    SECTION("nothing at all: the goodbye ends when it always does") {
        auto visitor = at_goodbye();
        visitor.world.now = visitor.session.entered + session::goodbye_limit;
        for (int i = 0; i < 2 && visitor.session.step == Step::goodbye; ++i) {
            const auto deadline = session::next_deadline(visitor.session);
            REQUIRE(deadline);
            REQUIRE(deadline->at <= visitor.world.now);
            REQUIRE(visitor.send(deadline->signal));
        }
        CHECK(visitor.session.step == Step::wipe);
    }
}

TEST_CASE("a camera that is gone, or cannot tell, keeps nobody", "[flow][session][refusal][G21]") {
    const std::vector<Input> silences{{Signal::camera_problem, base::Errc::unplugged},
                                      {Signal::camera_problem, base::Errc::timed_out},
                                      {Signal::desk_seen, DeskSight::unclear}};
    for (const auto& silence : silences)
        for (const bool was_seen : {false, true})
            for (const bool goes_first : {false, true}) {
                INFO(session::to_string(silence.signal)
                     << ", papers were seen: " << was_seen << ", goes first: " << goes_first);
                auto visitor = at_goodbye();
                if (was_seen) REQUIRE(sees(visitor, DeskSight::occupied));
                if (goes_first) REQUIRE(visitor.send(Signal::card_lifted));
                CHECK(visitor.session.step == Step::goodbye);
                REQUIRE(visitor.send(silence));
                CHECK((visitor.session.step == Step::wipe) == goes_first);
                if (!goes_first) REQUIRE(visitor.send(Signal::card_lifted));
                CHECK(visitor.session.step == Step::wipe);
                CHECK_FALSE(is_camera_open(visitor));
            }
}

TEST_CASE("the camera opens at the goodbye only where a page was captured, however far one went",
          "[flow][session][refusal][G7][G21]") {
    int looked = 0;
    for (const auto& matter : matters)
        for (int actions = 0; actions < 60; ++actions) {
            Visitor visitor;
            visitor.begin(matter);
            bool has_captured = false;
            for (int i = 0; i < actions; ++i) {
                const auto at = visitor.session.step;
                if (!act(visitor, card_born("1940-03-07"))) break;
                has_captured =
                    has_captured || (at == Step::scan && visitor.session.step == Step::page_check);
            }
            INFO(matter << " left after " << actions << " actions");
            const bool is_end = visitor.session.step == Step::submitting;
            CHECK(visitor.count(EffectKind::look_at_desk) == 0);
            if (is_end) break;
            REQUIRE(visitor.send(Signal::leave));
            REQUIRE(visitor.send(Signal::leave_confirmed));
            CHECK(visitor.count(EffectKind::look_at_desk) == (has_captured ? 1 : 0));
            if (!has_captured && visitor.session.step == Step::goodbye) {
                CHECK_FALSE(sees(visitor, DeskSight::occupied));
                REQUIRE(visitor.send(Signal::done));
            }
            looked += has_captured ? 1 : 0;
        }
    CHECK(looked > 0);
}

TEST_CASE("nobody is there to take papers: no camera opens", "[flow][session][refusal][G7][G21]") {
    Visitor visitor;
    visitor.begin("elderly-allowance");
    go_to(visitor, Step::page_check, card_born("1940-03-07"));
    REQUIRE(visitor.send(Signal::idle));
    REQUIRE(visitor.send(Signal::idle_expired));
    CHECK(visitor.session.step == Step::wipe);
    CHECK(visitor.count(EffectKind::look_at_desk) == 0);
    CHECK_FALSE(is_camera_open(visitor));
}

TEST_CASE("whatever is pressed and seen, the camera is closed when the visit is over",
          "[flow][session][refusal][G7][G21]") {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        INFO("seed " << seed);
        base::SeededRandom random(seed);
        auto visitor = at_goodbye();
        for (int i = 0; i < 40 && visitor.session.step == Step::goodbye; ++i) {
            switch (random.below(7)) {
            case 0: visitor.send(Signal::done); break;
            case 1: visitor.send(Signal::card_lifted); break;
            case 2: visitor.send(Signal::call_staff); break;
            case 3: visitor.send(Signal::help_closed); break;
            case 4: visitor.send({Signal::camera_problem, base::Errc::unplugged}); break;
            default: sees(visitor, DeskSight(random.below(4))); break;
            }
            if (random.below(3) != 0) continue;
            const auto deadline = session::next_deadline(visitor.session);
            if (!deadline) continue;
            visitor.world.now = std::max(visitor.world.now, deadline->at);
            visitor.send(deadline->signal);
        }
        if (visitor.session.step == Step::wipe) CHECK_FALSE(is_camera_open(visitor));
    }
}
