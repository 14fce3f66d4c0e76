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
}

// Goal: "the card in the reader now" (P1) is the one that was read last in this visit, because a
// card may be lifted after it was read (G21). Method: every way a card comes and a visit goes; the
// photo's owners are counted.
TEST_CASE("the photo of the card before is gone as soon as a card is found, whosever it is",
          "[flow][session][refusal][P1][face]") {
    const auto another_photo = std::make_shared<const base::SecretBytes>(1024);
    const auto other = card_born("1948-11-02");
    auto visitor = at_identity();
    const auto photo = visitor.session.visit->chip_photo;
    const auto is_gone = [&] { return photo.use_count() == 1; };
    const auto go_back_to_card = [&] {
        for (int i = 0; i < 20 && visitor.session.step != Step::card; ++i)
            REQUIRE(visitor.send(Signal::back));
        REQUIRE(visitor.session.step == Step::card);
    };
    SECTION("at the step that asks for it") {
        go_back_to_card();
        CHECK_FALSE(is_gone()); // nothing was laid down yet
        REQUIRE(visitor.send(Signal::card_found));
        CHECK(is_gone());
        SECTION("and cannot be read") {
            REQUIRE(visitor.send({Signal::card_problem, base::Errc::card_unreadable}));
            CHECK(visitor.session.visit->chip_photo == nullptr);
        }
        SECTION("and the card is the same") {
            REQUIRE(visitor.send({Signal::card_read, session::CardInput{elder(), another_photo}}));
            CHECK(visitor.session.visit->chip_photo == another_photo);
            go_to(visitor, Step::identity, elder());
            CHECK(offer(visitor) == FaceOffer::possible);
        }
    }
    SECTION("somebody else's, read without being found before") {
        go_back_to_card();
        REQUIRE(visitor.send({Signal::card_read, session::CardInput{other, another_photo}}));
        REQUIRE(visitor.session.overlay == Overlay::other_person);
        CHECK(is_gone());
        CHECK(another_photo.use_count() == 1);
    }
    for (const bool is_witness : {true, false})
        DYNAMIC_SECTION("for staff, as " << (is_witness ? "witness" : "help")) {
            if (is_witness)
                REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"staff-witness"}}));
            else
                REQUIRE(visitor.send(Signal::back));
            REQUIRE(visitor.insert_staff_card());
            REQUIRE(visitor.session.overlay == (is_witness ? Overlay::none : Overlay::assist));
            REQUIRE(visitor.send(Signal::card_found));
            CHECK(is_gone());
            SECTION("the same card brings its photo") {
                REQUIRE(
                    visitor.send({Signal::card_read, session::CardInput{elder(), another_photo}}));
                CHECK(visitor.session.visit->chip_photo == another_photo);
            }
            SECTION("another brings none") {
                REQUIRE(
                    visitor.send({Signal::card_read, session::CardInput{other, another_photo}}));
                CHECK(visitor.session.overlay == Overlay::other_person);
                CHECK(visitor.session.visit->chip_photo == nullptr);
            }
        }
}

TEST_CASE("behind a helper's card nobody's face is compared, and the words do not blame the card",
          "[flow][session][refusal][P1][face]") {
    for (const bool is_heard : {true, false}) {
        auto visitor = at_identity();
        const auto photo = visitor.session.visit->chip_photo;
        const auto helper = card_born("1988-02-29");
        while (visitor.session.step != Step::question) REQUIRE(visitor.send(Signal::back));
        go_to(visitor, Step::card, elder(), {{"forWhom", "helping"}});
        if (is_heard) REQUIRE(visitor.send(Signal::card_found));
        CHECK(photo.use_count() == (is_heard ? 1 : 2));
        const auto others = std::make_shared<const base::SecretBytes>(1024);
        REQUIRE(visitor.send({Signal::card_read, session::CardInput{helper, others}}));
        CHECK(photo.use_count() == 1);
        CHECK(others.use_count() == 1);
        go_to(visitor, Step::identity, elder());
        CHECK(offer(visitor) == FaceOffer::other_card);
        CHECK_FALSE(visitor.send({Signal::way_chosen, ChoiceInput{"face"}}));
    }
}

TEST_CASE("a card laid down while faces are compared stops it: camera closed, no result",
          "[flow][session][refusal][P1][face]") {
    const auto other = card_born("1948-11-02");
    enum class Came { found, unheard, under_a_question };
    for (const auto came : {Came::found, Came::unheard, Came::under_a_question})
        for (const bool is_same : {false, true}) {
            INFO(int(came) << (is_same ? " the same" : " another"));
            auto visitor = at_check();
            const auto photo = visitor.session.visit->chip_photo;
            CHECK(visitor.count(EffectKind::begin_face_check) == 1);
            if (came == Came::under_a_question) REQUIRE(visitor.send(Signal::call_staff));
            visitor.effects.clear();
            const auto stands_still = [&] {
                CHECK(visitor.count(EffectKind::end_face_check) == 1);
                CHECK(visitor.count(EffectKind::begin_face_check) == 0);
                CHECK(photo.use_count() == 1);
                CHECK_FALSE(visitor.session.visit->face_consent.has_value());
                CHECK_FALSE(visitor.send(Signal::face_passed)); // was on its way
                CHECK_FALSE(is_confirmed(visitor));
            };
            if (came != Came::unheard) {
                REQUIRE(visitor.send(Signal::card_found));
                CHECK(visitor.session.step == Step::card);
                CHECK(visitor.effects.back() == EffectKind::start_card);
                stands_still();
            }
            const auto its_photo = std::make_shared<const base::SecretBytes>(1024);
            REQUIRE(visitor.send(
                {Signal::card_read, session::CardInput{is_same ? elder() : other, its_photo}}));
            stands_still();
            if (!is_same) { // asked about, and nothing of either is kept
                CHECK(visitor.session.step == Step::card);
                CHECK(visitor.session.overlay == Overlay::other_person);
                CHECK(its_photo.use_count() == 1);
                REQUIRE(visitor.send(Signal::idle_expired));
                CHECK_FALSE(visitor.session.visit.has_value());
                continue;
            }
            // Its own photo, and a consent of its own.
            CHECK(visitor.session.visit->chip_photo == its_photo);
            if (came == Came::under_a_question) REQUIRE(visitor.send(Signal::help_closed));
            go_to(visitor, Step::identity, elder());
            REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"face"}}));
            CHECK(visitor.session.step == Step::face_consent);
        }
}

TEST_CASE("the card that lies there still, and a reader that is not well, stop no comparison",
          "[flow][session][face]") {
    auto visitor = at_check();
    visitor.effects.clear();
    for (const auto code : {base::Errc::busy, base::Errc::no_card, base::Errc::unplugged})
        REQUIRE(visitor.send({Signal::card_problem, code}));
    CHECK(visitor.effects.empty());
    CHECK_FALSE(visitor.session.visit->device_problem.has_value());
    CHECK(visitor.send(Signal::face_passed));
}

TEST_CASE("leaving, silence, a consent taken back and another matter leave no photo",
          "[flow][session][refusal][P1][P4][P6][face]") {
    const auto ends = [](Visitor visitor, const std::vector<Input>& way) {
        const auto photo = visitor.session.visit->chip_photo;
        REQUIRE(photo.use_count() == 2);
        for (const auto& input : way) REQUIRE(visitor.send(input));
        INFO(to_string(way.back().signal));
        CHECK(photo.use_count() == 1);
        return visitor;
    };
    for (const bool is_compared : {false, true}) {
        const auto there = [&] { return is_compared ? at_check() : at_identity(); };
        ends(there(), {Signal::leave, Signal::leave_confirmed});
        ends(there(), {Signal::idle, Signal::idle_expired});
        ends(there(), {Signal::idle, Signal::leave_confirmed});
    }
    for (const auto withdrawn : {Signal::another_way, Signal::back}) {
        auto visitor = ends(at_check(), {withdrawn});
        CHECK(visitor.session.step == Step::identity);
        CHECK(offer(visitor) == FaceOffer::card_again);
        CHECK_FALSE(visitor.send({Signal::way_chosen, ChoiceInput{"face"}}));
    }
    ends(at_check(), {Signal::face_passed}); // the result is known
    auto visitor = at_identity();
    const auto photo = visitor.session.visit->chip_photo;
    for (int i = 0; i < 20 && visitor.session.step != Step::home; ++i)
        REQUIRE(visitor.send(Signal::back));
    REQUIRE(visitor.send({Signal::matter_chosen, ChoiceInput{"elderly-allowance"}}));
    CHECK(photo.use_count() == 1);
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
