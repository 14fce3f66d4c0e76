// Goal: a card that is lifted ends no visit, and one of somebody else is asked about before
// anything happens (spec safeguards G21), on every way through every matter. Method: the shipped
// content, the pure session, a careful person; after each of their actions a card comes, or goes.
// All people are synthetic.
#include "tests/support/session_visitor.hpp"

#include <catch2/catch.hpp>

using session::EffectKind;
using session::EndReason;
using session::Input;
using session::Overlay;
using session::Session;
using session::Signal;
using session::Step;
using namespace test;
using namespace std::chrono_literals;

namespace {

const forms::CardValues& elder() {
    static const auto card = card_born("1940-03-07");
    return card;
}
const forms::CardValues& stranger() {
    static const auto card = card_born("1950-01-01");
    return card;
}

// Where the person's own card is asked for, and one was read before.
bool asks_for_own_card(const Session& session) {
    return session.card && session.step == Step::card &&
           current_field(*session.visit).who == forms::Holder::applicant;
}

// At the card, for the second time.
Visitor back_at_card(const std::string& matter = "elderly-allowance") {
    Visitor visitor;
    visitor.begin(matter);
    REQUIRE(visitor.lay_card(elder()));
    REQUIRE(visitor.send(Signal::back));
    REQUIRE(asks_for_own_card(visitor.session));
    visitor.effects.clear();
    return visitor;
}

Visitor asked_about_other(const std::string& matter = "elderly-allowance") {
    auto visitor = back_at_card(matter);
    REQUIRE(visitor.lay_card(stranger()));
    REQUIRE(visitor.session.overlay == Overlay::other_person);
    return visitor;
}

} // namespace

TEST_CASE("a lifted card ends no visit, at no step", "[flow][session][refusal][G21]") {
    for (const auto& matter : matters) {
        for (int actions = 0; actions < 60; ++actions) {
            Visitor visitor;
            visitor.begin(matter);
            for (int i = 0; i < actions; ++i)
                if (!act(visitor, elder())) break;
            INFO(matter << " after " << actions << " actions at "
                        << session::to_string(visitor.session.step));
            const auto step = visitor.session.step;
            visitor.send(Signal::card_lifted);
            CHECK(visitor.session.step == step);
            CHECK(visitor.session.visit.has_value());
            CHECK(visitor.session.end_reason == EndReason::none);
            if (step == Step::submitting) break;
        }
    }
}

TEST_CASE("a stranger's card changes nothing at any step without a question, and no helper's is "
          "taken for one",
          "[flow][session][refusal][G21]") {
    for (const auto& matter : matters) {
        for (int actions = 0; actions < 60; ++actions) {
            Visitor visitor;
            visitor.begin(matter);
            for (int i = 0; i < actions; ++i)
                if (!act(visitor, elder(), {{"forWhom", "family"}})) break;
            auto& session = visitor.session;
            INFO(matter << " after " << actions << " actions at "
                        << session::to_string(session.step));
            const auto step = session.step;
            const bool is_first = !session.card;
            const bool is_helpers =
                step == Step::card && current_field(*session.visit).who != forms::Holder::applicant;
            const bool taken = visitor.lay_card(stranger());
            if (is_first || is_helpers) {
                CHECK(taken == (step == Step::card));
                CHECK(session.overlay == Overlay::none);
            } else {
                CHECK(session.card->id_number == elder().id_number);
                CHECK(taken == (session.overlay == Overlay::other_person));
                CHECK(session.step == step);
            }
            if (step == Step::submitting) break;
        }
    }
}

TEST_CASE("another person: yes ends the visit at once, and nothing of it is left",
          "[flow][session][refusal][G21]") {
    for (const auto& matter : matters_of_a_person) {
        auto visitor = asked_about_other(matter);
        REQUIRE(visitor.send(Signal::leave_confirmed));
        CHECK(visitor.session.step == Step::wipe); // no goodbye: the card there is somebody else's
        CHECK(visitor.session.end_reason == EndReason::other_person);
        CHECK_FALSE(visitor.session.visit.has_value());
        CHECK_FALSE(visitor.session.card.has_value());
        CHECK(visitor.effects.back() == EffectKind::wipe);
    }
}

TEST_CASE("another person: no answer within 45 s ends the visit too",
          "[flow][session][refusal][G21]") {
    auto visitor = asked_about_other();
    const auto deadline = session::next_deadline(visitor.session);
    REQUIRE(deadline);
    CHECK(deadline->signal == Signal::idle_expired);
    CHECK(deadline->at - visitor.world.now == 45s);
    visitor.world.now = deadline->at;
    REQUIRE(visitor.send(deadline->signal));
    CHECK(visitor.session.step == Step::wipe);
    CHECK(visitor.session.end_reason == EndReason::other_person);
}

TEST_CASE("another person: while that is asked no card is read; after a no the first is asked for",
          "[flow][session][refusal][G21]") {
    auto visitor = asked_about_other();
    CHECK(visitor.effects == std::vector{EffectKind::stop_card, EffectKind::chime});
    visitor.world.now += 30s;
    CHECK_FALSE(visitor.lay_card(stranger()));
    CHECK(session::next_deadline(visitor.session)->at - visitor.world.now == 15s); // not anew
    REQUIRE(visitor.send(Signal::stay_here));
    CHECK(visitor.session.overlay == Overlay::none);
    CHECK(visitor.session.step == Step::card);
    CHECK(visitor.session.visit->device_problem == base::Errc::conflict);
    CHECK(visitor.effects.back() == EffectKind::start_card);
    REQUIRE(visitor.lay_card(elder()));
    CHECK(visitor.session.step == Step::prefill_offer);
    fill_in(visitor, elder());
    CHECK(visitor.session.step == Step::submitting);
}

TEST_CASE("another person: whatever lies over the question gives it back",
          "[flow][session][refusal][G21]") {
    const std::vector<std::pair<Signal, Signal>> detours{
        {Signal::call_staff, Signal::help_closed},
        {Signal::choose_language, Signal::stay_here},
        {Signal::choose_voice, Signal::stay_here},
        {Signal::leave, Signal::stay_here},
    };
    for (const auto& [opens, closes] : detours) {
        INFO(session::to_string(opens));
        auto visitor = asked_about_other();
        REQUIRE(visitor.send(opens));
        CHECK(visitor.session.overlay != Overlay::other_person);
        CHECK(visitor.count(EffectKind::start_card) == 0); // still no card is read
        visitor.world.now += 60s;
        REQUIRE(visitor.send(closes));
        CHECK(visitor.session.overlay == Overlay::other_person);
        CHECK(session::next_deadline(visitor.session)->at - visitor.world.now == 45s);
        REQUIRE(visitor.send(Signal::stay_here));
        CHECK(visitor.session.overlay == Overlay::none);
        REQUIRE(visitor.lay_card(elder()));
        CHECK(visitor.session.step == Step::prefill_offer);
    }

    // Called and gone: the idle question lies over the help, and gives this one back as well.
    auto visitor = asked_about_other();
    REQUIRE(visitor.send(Signal::call_staff));
    REQUIRE(visitor.send(Signal::idle));
    REQUIRE(visitor.send(Signal::stay_here));
    CHECK(visitor.session.overlay == Overlay::other_person);
}

TEST_CASE("another person: leaving from the question ends the visit as leaving does",
          "[flow][session][refusal][G21]") {
    auto visitor = asked_about_other();
    REQUIRE(visitor.send(Signal::leave));
    REQUIRE(visitor.send(Signal::leave_confirmed));
    CHECK(visitor.session.end_reason == EndReason::left);
    CHECK(visitor.session.step == Step::goodbye);
    CHECK_FALSE(visitor.session.visit.has_value());
}

TEST_CASE("another person: a member of staff who inserts their card settles it",
          "[flow][session][refusal][G21]") {
    auto visitor = asked_about_other();
    REQUIRE(visitor.insert_staff_card());
    CHECK(visitor.session.overlay == Overlay::assist);
    REQUIRE(visitor.pull_staff_card());
    CHECK(visitor.session.overlay == Overlay::none);
    CHECK(visitor.session.step == Step::card);
    REQUIRE(visitor.lay_card(elder()));
    CHECK(visitor.session.step == Step::prefill_offer);
}

TEST_CASE(
    "the photo on the chip is kept for the applicant of an L2 matter alone, and goes with the "
    "visit",
    "[flow][session][refusal][G6]") {
    const auto photo = std::make_shared<const base::SecretBytes>(1024, std::uint8_t{0x5a});
    for (const auto& matter : matters) {
        Visitor visitor;
        visitor.begin(matter);
        const bool is_l2 = visitor.session.visit->form->identity == forms::IdentityLevel::l2;
        CHECK(takes_chip_photo(visitor.session) == (is_l2 && visitor.session.step == Step::card));
        if (visitor.session.step != Step::card) continue;
        REQUIRE(visitor.send({Signal::card_read, session::CardInput{elder(), photo}}));
        CHECK((visitor.session.visit->chip_photo != nullptr) == is_l2);
        for (int i = 0; i < 60 && visitor.session.step != Step::card; ++i)
            if (!act(visitor, elder(), {{"forWhom", "family"}})) break;
        if (visitor.session.step == Step::card) {
            CHECK_FALSE(takes_chip_photo(visitor.session)); // the helper's
            const auto others = std::make_shared<const base::SecretBytes>(1024, std::uint8_t{0x77});
            REQUIRE(visitor.send({Signal::card_read, session::CardInput{stranger(), others}}));
            CHECK(others.use_count() == 1);
        }
        REQUIRE(visitor.send(Signal::leave));
        REQUIRE(visitor.send(Signal::leave_confirmed));
        CHECK(photo.use_count() == 1);
    }
}
