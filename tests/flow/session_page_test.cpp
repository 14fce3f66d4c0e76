// Goal: a page comes into a request by itself or by a press, with a flaw only where person and form
// want that. Method: a visitor at the scan step, and what the camera's worker says.
#include "tests/support/session_visitor.hpp"

#include <catch2/catch.hpp>

using drivers::Flaw;
using drivers::ScanReason;
using session::EffectKind;
using session::Input;
using session::Overlay;
using session::PageSight;
using session::Signal;
using session::Step;
using State = session::PageSight::State;
using Taking = session::Visit::Taking;

namespace {

using namespace test;

Visitor at_scan(const std::string& field = "doc.household") {
    Visitor visitor;
    visitor.begin("elderly-allowance");
    go_to(visitor, Step::scan, card_born("1940-03-07"));
    while (visitor.visit().field != field) {
        if (visitor.session.step == Step::scan) {
            visitor.send(Signal::take_page);
            visitor.send({Signal::page_captured, session::CapturedPage{page()}});
        }
        visitor.send(visitor.session.step == Step::page_check ? Signal::use_page
                                                              : Signal::pages_done);
    }
    visitor.effects.clear();
    return visitor;
}

session::CapturedPage flawed() {
    auto taken = page();
    taken.flaws = {ScanReason::glare};
    return {taken};
}

Input seen(State state, std::optional<Flaw> flaw = std::nullopt) {
    return {Signal::page_seen, PageSight{state, flaw}};
}

} // namespace

TEST_CASE("a page that lies still is taken by itself, and once", "[flow][session][scanner]") {
    auto visitor = at_scan();
    REQUIRE(visitor.send(seen(State::still)));
    CHECK(visitor.visit().sight.state == State::still);
    REQUIRE(visitor.send(Signal::page_steady));
    CHECK(visitor.count(EffectKind::capture_page) == 1);
    CHECK(visitor.visit().taking == Taking::by_itself);
    CHECK_FALSE(visitor.send(Signal::page_steady));
    CHECK(visitor.count(EffectKind::capture_page) == 1);
    REQUIRE(visitor.send({Signal::page_captured, session::CapturedPage{page()}}));
    CHECK(visitor.session.step == Step::page_check);
    CHECK_FALSE(visitor.send(Signal::page_steady));
    CHECK(visitor.session.taken.papers);
}

TEST_CASE("under a question no page is taken by itself", "[flow][session][scanner]") {
    auto visitor = at_scan();
    REQUIRE(visitor.send(Signal::call_staff));
    CHECK_FALSE(visitor.send(Signal::page_steady));
    CHECK_FALSE(visitor.asked_for(EffectKind::capture_page));
}

TEST_CASE("a page with a flaw is shown to who asked for it, where the form takes it",
          "[flow][session][scanner]") {
    SECTION("by a press") {
        auto visitor = at_scan();
        REQUIRE(visitor.send(Signal::take_page));
        REQUIRE(visitor.send({Signal::page_captured, flawed()}));
        CHECK(visitor.session.step == Step::page_check);
        CHECK(visitor.visit().taken->flaws == std::vector{ScanReason::glare});
    }
    SECTION("never by itself") {
        auto visitor = at_scan();
        REQUIRE(visitor.send(Signal::page_steady));
        REQUIRE(visitor.send({Signal::page_captured, flawed()}));
        CHECK(visitor.session.step == Step::scan);
        CHECK_FALSE(visitor.visit().taken.has_value());
        CHECK(visitor.visit().not_taken == Flaw{ScanReason::glare, {}});
        CHECK(visitor.visit().taking == Taking::no);
    }
    SECTION("not where the form wants it clear: the number on a bank card") {
        auto visitor = at_scan("doc.bank");
        REQUIRE(visitor.send(Signal::take_page));
        REQUIRE(visitor.send({Signal::page_captured, flawed()}));
        CHECK(visitor.session.step == Step::scan);
        CHECK(visitor.visit().not_taken.has_value());
    }
}

TEST_CASE("a page that is refused stays out, with its reason, until something changes",
          "[flow][session][scanner]") {
    auto visitor = at_scan();
    REQUIRE(visitor.send(Signal::take_page));
    const Flaw cut{ScanReason::cut, drivers::Place::right};
    REQUIRE(visitor.send({Signal::page_refused, session::RefusedPage{cut}}));
    CHECK(visitor.session.step == Step::scan);
    CHECK(visitor.visit().not_taken == cut);
    CHECK(visitor.visit().taking == Taking::no);
    REQUIRE(visitor.send(seen(State::moving)));
    CHECK_FALSE(visitor.visit().not_taken.has_value());
}

TEST_CASE("a camera unplugged while a page is taken asks for it again when it is back",
          "[flow][session][scanner]") {
    auto visitor = at_scan();
    REQUIRE(visitor.send(Signal::take_page));
    REQUIRE(visitor.send({Signal::camera_problem, base::Errc::unplugged}));
    CHECK(visitor.session.step == Step::scan);
    CHECK(visitor.visit().taking == Taking::no);
    CHECK(visitor.visit().device_problem == base::Errc::unplugged);
    REQUIRE(visitor.send(seen(State::still)));
    CHECK_FALSE(visitor.visit().device_problem.has_value());
    REQUIRE(visitor.send(Signal::page_steady));
    REQUIRE(visitor.send({Signal::page_captured, session::CapturedPage{page()}}));
    CHECK(visitor.session.step == Step::page_check);
}

TEST_CASE("taking a page again lets the same sheet be taken", "[flow][session][scanner]") {
    auto visitor = at_scan();
    REQUIRE(visitor.send({Signal::page_captured, session::CapturedPage{page()}}));
    REQUIRE(visitor.send(Signal::retake_page));
    CHECK(visitor.asked_for(EffectKind::look_again));
    CHECK(visitor.visit().sight == PageSight{});
}

TEST_CASE("paper laid down keeps a visit open once, a lamp that flickers over it does not",
          "[flow][session][scanner]") {
    auto visitor = at_scan();
    const auto touched = visitor.session.last_activity;
    visitor.world.now += std::chrono::seconds(60);
    REQUIRE(visitor.send(seen(State::moving)));
    CHECK(visitor.session.last_activity == touched + std::chrono::seconds(60));
    for (int i = 0; i < 5; ++i) {
        visitor.world.now += std::chrono::seconds(20);
        REQUIRE(visitor.send(seen(i % 2 == 0 ? State::nothing : State::moving)));
    }
    CHECK(visitor.session.last_activity == touched + std::chrono::seconds(60));
}

TEST_CASE("a page moves one place towards the first", "[flow][session][scanner]") {
    auto visitor = at_scan();
    for (int i = 0; i < 2; ++i) {
        if (visitor.session.step == Step::pages) REQUIRE(visitor.send(Signal::add_page));
        REQUIRE(visitor.send({Signal::page_captured, session::CapturedPage{page()}}));
        REQUIRE(visitor.send(Signal::use_page));
    }
    const auto before = session::pages_of(visitor.visit(), "doc.household");
    REQUIRE(before.size() == 2);
    const auto move = [&](std::uint32_t number) {
        return visitor.send({Signal::move_page, session::ChoiceInput{std::to_string(number)}});
    };
    CHECK_FALSE(move(before[0]));
    CHECK_FALSE(move(99));
    REQUIRE(move(before[1]));
    CHECK(session::pages_of(visitor.visit(), "doc.household") == std::vector{before[1], before[0]});
    CHECK(visitor.session.step == Step::pages);
}

TEST_CASE("a card is asked for front and back, one after the other", "[flow][session][scanner]") {
    // The shipped form wants a bank card's front alone: one that wants both sides.
    auto form = *shipped()->form("elderly-allowance");
    for (auto& step : form.steps)
        for (auto& field : step.fields)
            if (field.id == "doc.bank") field.min = field.max = 2;
    auto visitor = at_scan("doc.bank");
    visitor.visit().form = &form;
    REQUIRE(session::is_card_paper(session::current_field(visitor.visit())));

    REQUIRE(visitor.send({Signal::page_captured, session::CapturedPage{page()}}));
    REQUIRE(visitor.send(Signal::use_page));
    CHECK(visitor.session.step == Step::scan); // turned over at once
    REQUIRE(visitor.send({Signal::page_captured, session::CapturedPage{page()}}));
    REQUIRE(visitor.send(Signal::use_page));
    CHECK(visitor.session.step == Step::pages);
    const auto sides = session::pages_of(visitor.visit(), "doc.bank");
    REQUIRE(sides.size() == 2);
    // One side taken again takes its place, and nothing else is asked for.
    REQUIRE(visitor.send({Signal::retake_page, session::ChoiceInput{std::to_string(sides[0])}}));
    REQUIRE(visitor.send({Signal::page_captured, session::CapturedPage{page()}}));
    REQUIRE(visitor.send(Signal::use_page));
    CHECK(visitor.session.step == Step::pages);
    CHECK(session::pages_of(visitor.visit(), "doc.bank").size() == 2);
}

TEST_CASE("papers that are no cards show what was taken after each page",
          "[flow][session][scanner]") {
    auto visitor = at_scan();
    REQUIRE(visitor.send({Signal::page_captured, session::CapturedPage{page()}}));
    REQUIRE(visitor.send(Signal::use_page));
    CHECK(visitor.session.step == Step::pages);
}
