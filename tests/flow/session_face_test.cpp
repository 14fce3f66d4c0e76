// The face check in a visit, as moves: nothing before the consent, nothing after its end, and a way
// on from everywhere.
#include "kiosk/forms/submission.hpp"
#include "tests/support/session_visitor.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace test;
using session::ChoiceInput;
using session::EffectKind;
using session::FaceEnd;
using session::FaceOffer;
using session::Input;
using session::Overlay;
using session::Signal;
using session::Step;

forms::CardValues elder() {
    return card_born("1950-03-07");
}

// At the question how to confirm who it is, on a kiosk that can compare faces.
Visitor at_identity(const forms::CardValues& card = elder(), bool has_photo = true) {
    Visitor visitor;
    visitor.world.can_check_face = true;
    visitor.begin("pension-eligibility");
    go_to(visitor, Step::card, card);
    const auto photo = std::make_shared<const base::SecretBytes>(1024);
    REQUIRE(
        visitor.send({Signal::card_read, session::CardInput{card, has_photo ? photo : nullptr}}));
    go_to(visitor, Step::identity, card);
    return visitor;
}

Visitor at_consent() {
    auto visitor = at_identity();
    REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"face"}}));
    REQUIRE(visitor.session.step == Step::face_consent);
    return visitor;
}

Visitor at_check() {
    auto visitor = at_consent();
    REQUIRE(visitor.send(Signal::agreed));
    REQUIRE(visitor.session.step == Step::face_check);
    return visitor;
}

bool is_confirmed(const Visitor& visitor) {
    return visitor.session.visit &&
           visitor.session.visit->answers.find("identity.proof") != nullptr;
}

FaceOffer offer(const Visitor& visitor) {
    return session::face_offer(visitor.session, visitor.world);
}

} // namespace

TEST_CASE("a face that is the card's is the way that succeeded, with its consent and nothing else",
          "[flow][session][refusal][D4.4][face]") {
    auto visitor = at_check();
    CHECK(visitor.count(EffectKind::begin_face_check) == 1);
    REQUIRE(visitor.send(Signal::face_passed));
    CHECK(visitor.count(EffectKind::end_face_check) == 1);
    CHECK(visitor.session.step == Step::question);
    fill_in(visitor, elder());
    const auto request = clear_request(visitor);
    CHECK(request.find(R"("method":"face")") != std::string::npos);
    CHECK(request.find(R"("id":"face.compare")") != std::string::npos);
    for (const auto* word : {"score", "cosine", "model", "embedding", "liveness"})
        CHECK(request.find(word) == std::string::npos);
}

TEST_CASE("the face camera is asked for after a yes to its own question alone",
          "[flow][session][refusal][P2][G7][face]") {
    for (const auto answer : {Signal::declined, Signal::back}) {
        auto visitor = at_consent();
        CHECK_FALSE(visitor.asked_for(EffectKind::begin_face_check));
        REQUIRE(visitor.send(answer));
        CHECK(visitor.session.step == Step::identity);
        CHECK_FALSE(visitor.asked_for(EffectKind::begin_face_check));
        CHECK_FALSE(is_confirmed(visitor));
    }
    // Whoever was asked once is asked again for the next check.
    auto visitor = at_check();
    REQUIRE(visitor.send({Signal::face_ended, FaceEnd::not_certain}));
    REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"face"}}));
    CHECK(visitor.session.step == Step::face_consent);
    CHECK(visitor.count(EffectKind::begin_face_check) == 1);
}

// Spec reliability P1, as far as a lifted card lets it be (G21): no other card's photo, and none of
// an earlier matter.
TEST_CASE("a face is compared with the photo of the card that was read for this matter, or not",
          "[flow][session][refusal][P1][G6][face]") {
    const auto another_photo = std::make_shared<const base::SecretBytes>(1024);
    auto visitor = at_identity();
    const auto photo = visitor.session.visit->chip_photo;
    REQUIRE(photo != nullptr);
    CHECK(offer(visitor) == FaceOffer::possible);
    const auto back_at_card = [&] {
        for (int i = 0; i < 20 && visitor.session.step != Step::card; ++i)
            REQUIRE(visitor.send(Signal::back));
        REQUIRE(visitor.session.step == Step::card);
    };
    SECTION("the same card, read anew, brings its own photo") {
        back_at_card();
        REQUIRE(visitor.send({Signal::card_read, session::CardInput{elder(), another_photo}}));
        CHECK(visitor.session.visit->chip_photo == another_photo);
    }
    SECTION("another person's card brings none, whatever is answered") {
        back_at_card();
        const auto other = card_born("1948-11-02");
        REQUIRE(visitor.send({Signal::card_read, session::CardInput{other, another_photo}}));
        REQUIRE(visitor.session.overlay == Overlay::other_person);
        CHECK(visitor.session.visit->chip_photo != another_photo);
        SECTION("the same person") {
            REQUIRE(visitor.send(Signal::stay_here));
            CHECK(visitor.session.visit->chip_photo != another_photo);
        }
        SECTION("somebody else") {
            REQUIRE(visitor.send(Signal::leave_confirmed));
            CHECK_FALSE(visitor.session.visit);
        }
        SECTION("nobody answers") {
            REQUIRE(visitor.send(Signal::idle_expired));
            CHECK_FALSE(visitor.session.visit);
        }
    }
    SECTION("the next matter of the same person has none before the card is read for it") {
        REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"counter-code"}}));
        fill_in(visitor, elder());
        REQUIRE(visitor.session.step == Step::submitting);
        REQUIRE(visitor.send({Signal::stored, session::StoredInput{"key", "NUMBER", {}}}));
        REQUIRE(visitor.send(Signal::answer_due));
        REQUIRE(visitor.send(Signal::another_matter));
        CHECK_FALSE(visitor.session.visit);
        REQUIRE(visitor.send({Signal::matter_chosen, ChoiceInput{"pension-eligibility"}}));
        CHECK(visitor.session.visit->chip_photo == nullptr);
    }
    SECTION("and a check that has begun sees no other card") {
        REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"face"}}));
        REQUIRE(visitor.send(Signal::agreed));
        CHECK_FALSE(visitor.send({Signal::card_read, session::CardInput{elder(), another_photo}}));
        CHECK(visitor.session.visit->chip_photo == photo);
    }
}

TEST_CASE("no to a face costs one screen at most and leads to the same result",
          "[flow][session][refusal][P3][D4.2][face]") {
    const auto screens_until_confirmed = [](Visitor visitor) {
        const int before = visitor.screens;
        REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"staff-witness"}}));
        REQUIRE(visitor.lay_card(elder()));
        REQUIRE(visitor.insert_staff_card());
        REQUIRE(visitor.confirm(staff::Purpose::witness));
        return visitor.screens - before;
    };
    auto declined = at_consent();
    REQUIRE(declined.send(Signal::declined));
    CHECK(screens_until_confirmed(declined) == screens_until_confirmed(at_identity()));
}

TEST_CASE("a check that is stopped in any way closes the camera and confirms nobody",
          "[flow][session][refusal][P4][G3][face]") {
    const std::vector<std::vector<Input>> ways_out{
        {Signal::another_way},
        {Signal::back},
        {{Signal::face_ended, FaceEnd::not_certain}},
        {{Signal::face_ended, FaceEnd::not_finished}},
        {{Signal::face_ended, FaceEnd::no_photo}},
        {{Signal::face_ended, FaceEnd::device}},
        {Signal::leave, Signal::leave_confirmed},
        {Signal::idle, Signal::idle_expired},
        {Signal::idle, Signal::leave_confirmed},
    };
    for (const auto& way : ways_out) {
        auto visitor = at_check();
        for (const auto& input : way) REQUIRE(visitor.send(input));
        INFO(to_string(way.back().signal));
        CHECK(visitor.count(EffectKind::end_face_check) == 1);
        CHECK_FALSE(is_confirmed(visitor));
        // An answer that was on its way counts for nothing.
        CHECK_FALSE(visitor.send(Signal::face_passed));
        CHECK_FALSE(is_confirmed(visitor));
    }
}

TEST_CASE("a check that failed is nowhere in the request", "[flow][session][refusal][G3][face]") {
    const auto finish = [](Visitor visitor) {
        REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"counter-code"}}));
        fill_in(visitor, elder());
        REQUIRE(visitor.session.step == Step::submitting);
        return clear_request(visitor);
    };
    auto failed = at_check();
    REQUIRE(failed.send({Signal::face_ended, FaceEnd::not_certain}));
    auto stopped = at_check();
    REQUIRE(stopped.send(Signal::another_way));
    const auto plain = finish(at_identity());
    CHECK(finish(failed) == plain);
    CHECK(finish(stopped) == plain);
    CHECK(plain.find("face") == std::string::npos);
}

TEST_CASE("a consent is taken back from the review, and nothing of the face is sent",
          "[flow][session][refusal][P4][face]") {
    auto visitor = at_check();
    REQUIRE(visitor.send(Signal::face_passed));
    go_to(visitor, Step::review, elder());
    REQUIRE(visitor.send({Signal::change, ChoiceInput{"identity.proof"}}));
    REQUIRE(visitor.session.step == Step::identity);
    REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"counter-code"}}));
    fill_in(visitor, elder());
    const auto request = clear_request(visitor);
    CHECK(request.find("face") == std::string::npos);
    CHECK(request.find(R"("method":"counter-code")") != std::string::npos);
}

TEST_CASE("who cannot be compared is not asked, in words that fit",
          "[flow][session][refusal][P5][G16][G17][face]") {
    CHECK(offer(at_identity()) == FaceOffer::possible);
    CHECK(offer(at_identity(elder(), false)) == FaceOffer::no_photo);
    auto visitor = at_identity();
    visitor.world.can_check_face = false;
    CHECK(offer(visitor) == FaceOffer::not_here);
    visitor.world.can_check_face = true;
    visitor.world.has_face_tries = false;
    CHECK(offer(visitor) == FaceOffer::no_tries);
    visitor.world.has_face_tries = true;
    visitor.world.clock_synchronised = false; // nobody knows the age
    CHECK(offer(visitor) == FaceOffer::too_young);
    visitor.world.clock_synchronised = true;
    const auto today = base::local_date(visitor.world.wall);
    for (const int years : {0, 6, 13, 14, 80}) {
        INFO(years);
        auto of_age = at_identity();
        of_age.session.card->birth_date = base::SecretText(base::to_text(
            base::Date{today.year() - std::chrono::years(years), today.month(), today.day()}));
        CHECK(offer(of_age) == (years < 14 ? FaceOffer::too_young : FaceOffer::possible));
        CHECK(of_age.send({Signal::way_chosen, ChoiceInput{"face"}}) == (years >= 14));
    }
}

TEST_CASE("between question and check the offer may end, and then no camera opens",
          "[flow][session][refusal][G14][face]") {
    auto visitor = at_consent();
    visitor.world.has_face_tries = false;
    CHECK_FALSE(visitor.send(Signal::agreed));
    CHECK(visitor.session.step == Step::face_consent);
    CHECK_FALSE(visitor.asked_for(EffectKind::begin_face_check));
    CHECK(visitor.send(Signal::declined));
}
