// Goal: what the platform holds about a person is fetched only after a yes of theirs, and neither a
// no, nor silence, nor nonsense keeps anybody from going on. Method: the pure session and the
// shipped content; the platform answers what each test says. All people are synthetic.
#include "tests/support/session_visitor.hpp"

#include <catch2/catch.hpp>

using session::EffectKind;
using session::Prefill;
using session::Signal;
using session::Step;

namespace {

using namespace test;

constexpr auto phone = "13900000086";
constexpr auto matter = "pension-eligibility";
const base::Date recorded{std::chrono::year{2025} / 3 / 1};

forms::CardValues old_card() {
    return card_born("1940-03-07");
}

forms::PlatformValue known(std::string term, std::string_view text) {
    return {std::move(term), base::SecretText(text), {"social-insurance", recorded}};
}

struct Asked : Visitor {
    explicit Asked(const std::string& id = matter) { begin(id); }
    Asked& to_offer() {
        REQUIRE(lay_card(old_card()));
        REQUIRE(session.step == Step::prefill_offer);
        return *this;
    }
    Asked& to_fetching() {
        to_offer();
        REQUIRE(send(Signal::agreed));
        REQUIRE(session.step == Step::fetching);
        return *this;
    }
    bool answer(std::vector<forms::PlatformValue> values) {
        return answer(visit().prefill_serial, std::move(values));
    }
    bool answer(std::uint64_t serial, std::vector<forms::PlatformValue> values) {
        return send({Signal::prefill_answered, session::PrefillInput{serial, std::move(values)}});
    }
    bool fail(base::Errc code) {
        return send({Signal::ask_failed, session::AskFailedInput{visit().prefill_serial, code}});
    }
    const forms::Answer* phone_answer() const { return visit().answers.find("person.phone"); }
    // The number is asked for on a page of its own.
    bool asks_phone() {
        for (int actions = 0; actions < 200 && session.step != Step::review; ++actions) {
            if (session.step == Step::question && visit().field == "person.phone") return true;
            if (!act(*this, old_card())) break;
        }
        REQUIRE(session.step == Step::review);
        return false;
    }
};

} // namespace

TEST_CASE("the platform is asked about a person only after that person said yes to it",
          "[flow][prefill][refusal][G8]") {
    for (const auto& id : matters_of_a_person) {
        INFO(id);
        Asked person(id);
        person.to_offer();
        CHECK_FALSE(person.asked_for(EffectKind::ask_prefill));
        SECTION("yes: once " + id) {
            REQUIRE(person.send(Signal::agreed));
            CHECK(person.session.step == Step::fetching);
            CHECK(person.count(EffectKind::ask_prefill) == 1);
            CHECK(person.visit().prefill_agreed == person.world.wall);
        }
        SECTION("no: never " + id) {
            REQUIRE(person.send(Signal::declined));
            CHECK(person.session.step == Step::prefilled);
            CHECK(person.asks_phone());
            CHECK_FALSE(person.asked_for(EffectKind::ask_prefill));
        }
    }
}

TEST_CASE("a value that came is confirmed with the card's and asked for no more",
          "[flow][prefill]") {
    Asked person;
    person.to_fetching();
    REQUIRE(person.answer({known("person.phone", phone)}));
    REQUIRE(person.session.step == Step::prefilled);
    CHECK(person.visit().prefill == Prefill::came);
    REQUIRE(person.phone_answer() != nullptr);
    CHECK(person.phone_answer()->source == forms::Source::platform);
    REQUIRE(person.phone_answer()->origin.has_value());
    CHECK(person.phone_answer()->origin->register_name == "social-insurance");
    CHECK(person.phone_answer()->origin->as_of == recorded);
    CHECK_FALSE(person.asks_phone());
    CHECK(person.phone_answer()->confirmed);
    fill_in(person, old_card());
    const auto request = clear_request(person);
    CHECK(request.find(R"("value":"13900000086","source":"platform","confirmed":true)") !=
          std::string::npos);
}

TEST_CASE("a value that is called wrong is asked for, and what is typed takes its place",
          "[flow][prefill]") {
    Asked person;
    person.to_fetching();
    REQUIRE(person.answer({known("person.phone", phone)}));
    REQUIRE(person.send({Signal::contested, session::ChoiceInput{"person.phone"}}));
    REQUIRE(person.asks_phone());
    fill_in(person, old_card());
    const auto request = clear_request(person);
    CHECK(request.find(phone) == std::string::npos);
    CHECK(request.find(R"("value":"13800000000","source":"typed")") != std::string::npos);
}

TEST_CASE("a platform that says nothing, or no, leaves the field to be typed after three seconds",
          "[flow][prefill]") {
    Asked person;
    person.to_fetching();
    SECTION("silence") {
        const auto deadline = session::next_deadline(person.session);
        REQUIRE(deadline.has_value());
        CHECK(deadline->signal == Signal::answer_due);
        CHECK(deadline->at == person.world.now + session::answer_limit);
        REQUIRE(person.send(Signal::answer_due));
    }
    SECTION("no network") {
        REQUIRE(person.fail(base::Errc::unreachable));
    }
    SECTION("nonsense") {
        REQUIRE(person.fail(base::Errc::bad_frame));
    }
    REQUIRE(person.session.step == Step::prefilled);
    CHECK(person.visit().prefill == Prefill::unreachable);
    // Too late: the person has been told already.
    CHECK_FALSE(person.answer({known("person.phone", phone)}));
    CHECK(person.phone_answer() == nullptr);
    CHECK(person.asks_phone());
}

TEST_CASE("only what was asked for, and what the field would take, comes in", "[flow][prefill]") {
    Asked person;
    person.to_fetching();
    CHECK(session::prefill_terms(person.session, person.world) ==
          std::vector<std::string>{"person.phone"});
    const auto before = person.visit().answers;
    SECTION("nothing of it") {
        REQUIRE(person.answer({known("person.phone", "12"), known("person.idNumber", "1"),
                               known("person.address.current", "1"), known("bank.card", "1"),
                               known("", "1")}));
        CHECK(person.visit().prefill == Prefill::nothing);
        CHECK(person.visit().answers == before);
        CHECK(person.asks_phone());
    }
    SECTION("the first of two") {
        REQUIRE(
            person.answer({known("person.phone", phone), known("person.phone", "13700000000")}));
        CHECK(person.phone_answer()->value == forms::Value{base::SecretText(phone)});
    }
    SECTION("an answer to another question") {
        CHECK_FALSE(person.answer(person.visit().prefill_serial + 1, {}));
        CHECK_FALSE(person.send({Signal::ask_failed, session::AskFailedInput{0, {}}}));
        CHECK(person.session.step == Step::fetching);
    }
}

TEST_CASE("whoever leaves while the platform is asked gets no answer any more", "[flow][prefill]") {
    Asked person;
    person.to_fetching();
    const auto serial = person.visit().prefill_serial;
    REQUIRE(person.send(Signal::leave));
    REQUIRE(person.send(Signal::leave_confirmed));
    CHECK_FALSE(person.answer(serial, {known("person.phone", phone)}));
    CHECK_FALSE(person.session.visit.has_value());
}

TEST_CASE("an answer under an open question of the kiosk arrives all the same", "[flow][prefill]") {
    Asked person;
    person.to_fetching();
    REQUIRE(person.send(Signal::call_staff));
    REQUIRE(person.answer({known("person.phone", phone)}));
    CHECK(person.session.step == Step::prefilled);
    CHECK(person.session.overlay == session::Overlay::help);
}

TEST_CASE("nobody is asked where the card is doubtful, missing, or everything is known",
          "[flow][prefill]") {
    SECTION("a card that contradicts itself") {
        Asked person;
        auto doubtful = old_card();
        doubtful.needs_look = true;
        REQUIRE(person.lay_card(doubtful));
        CHECK(person.session.step == Step::prefilled);
    }
    SECTION("no card") {
        Asked person;
        go_to(person, Step::review, {});
        CHECK_FALSE(person.steps.contains(Step::prefill_offer));
    }
    SECTION("a number that was typed in an earlier matter") {
        Asked person;
        fill_in(person, old_card());
        REQUIRE(person.send({Signal::stored, session::StoredInput{"key", "K7M4-92XH-T3QC", {}}}));
        REQUIRE(person.send(Signal::answer_due));
        REQUIRE(person.send(Signal::another_matter));
        REQUIRE(person.send({Signal::matter_chosen, session::ChoiceInput{"elderly-allowance"}}));
        REQUIRE(person.send(Signal::go_on));
        CHECK(person.session.step == Step::prefilled);
        CHECK(person.phone_answer()->source == forms::Source::session);
    }
}

TEST_CASE("what the platform gave is not carried into the next matter, where it would be unmasked",
          "[flow][prefill][refusal][G8]") {
    Asked person;
    person.to_fetching();
    REQUIRE(person.answer({known("person.phone", phone)}));
    fill_in(person, old_card());
    REQUIRE(person.send({Signal::stored, session::StoredInput{"key", "K7M4-92XH-T3QC", {}}}));
    REQUIRE(person.send(Signal::answer_due));
    REQUIRE(person.send(Signal::another_matter));
    REQUIRE(person.send({Signal::matter_chosen, session::ChoiceInput{"elderly-allowance"}}));
    CHECK(person.phone_answer() == nullptr);
    REQUIRE(person.send(Signal::go_on)); // the card was read in this session
    CHECK(person.session.step == Step::prefill_offer);
}

TEST_CASE("the card laid down anew asks anew after a no, and not after an answer",
          "[flow][prefill]") {
    Asked person;
    person.to_offer();
    REQUIRE(person.send(Signal::back));
    REQUIRE(person.session.step == Step::card);
    person.to_offer();
    REQUIRE(person.send(Signal::declined));
    REQUIRE(person.send(Signal::back));
    person.to_fetching();
    REQUIRE(person.answer({}));
    CHECK(person.visit().prefill == Prefill::nothing);
    REQUIRE(person.send(Signal::back));
    REQUIRE(person.lay_card(old_card()));
    CHECK(person.session.step == Step::prefilled);
}
