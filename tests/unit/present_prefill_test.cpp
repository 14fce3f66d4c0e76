// What somebody sees of the values that the platform gave: never more than the mask (spec
// safeguards G8), each with where it is from and from when.
#include "tests/unit/present_visit.hpp"

#include <catch2/catch.hpp>

using session::Signal;
using session::Step;
using test::Visitor;

namespace {

const base::Date recorded{std::chrono::year{2025} / 3 / 1};

// Visitor::look() compares every screen in all languages with the whole number.
void fetch(Visitor& visitor, std::string register_name = "social-insurance") {
    visitor.begin("pension-eligibility");
    visitor.go_to(Step::prefill_offer);
    visitor.press(screens::ConsentAnswer::agree);
    REQUIRE(visitor.session.step == Step::fetching);
    session::PrefillInput input{visitor.session.visit->prefill_serial, {}};
    input.values.push_back({"person.phone",
                            base::SecretText(test::phone_number),
                            {std::move(register_name), recorded}});
    visitor.tell({Signal::prefill_answered, std::move(input)});
    REQUIRE(visitor.session.step == Step::prefilled);
}

screens::ValueRow phone_row(const Visitor& visitor) {
    for (const auto& row : visitor.model_as<screens::PrefilledModel>().rows)
        if (row.id == "person.phone") return row;
    FAIL("the number has no row");
    return {};
}

} // namespace

TEST_CASE("a stranger with somebody's card reads nothing of the platform unmasked, on any screen",
          "[unit][present][prefill][refusal][G8]") {
    Visitor visitor;
    visitor.answers = {{"forWhom", "self"},
                       {"pension.kind", "employee"},
                       {"pension.livingPlace", "abroad"},
                       {"abroad.proof", "1"}};
    fetch(visitor);
    const auto row = phone_row(visitor);
    CHECK(row.value == base::SecretText("138 **** 6021"));
    for (const auto* part : {"from the district", "social insurance", "1 March 2025", "hidden"})
        CHECK(row.source.find(part) != std::string::npos);
    visitor.go_to(Step::review);
    CHECK(visitor.steps_seen.contains(Step::question));
    // To change it is to type another one: nothing stands there.
    visitor.press(screens::Chosen{"person.phone"});
    REQUIRE(visitor.session.step == Step::question);
    CHECK(visitor.model_as<screens::QuestionDigitsModel>().digits.empty());
    visitor.press(screens::Action::back);
    visitor.go_to(Step::result);
}

TEST_CASE("a value of the platform that is called wrong is replaced, starting from nothing",
          "[unit][present][prefill]") {
    Visitor visitor;
    fetch(visitor);
    visitor.press(screens::Chosen{"person.phone"});
    CHECK(phone_row(visitor).source == "Noted as not right");
    visitor.answers = {{"forWhom", "self"},
                       {"pension.kind", "employee"},
                       {"pension.livingPlace", "abroad"},
                       {"abroad.proof", "1"}};
    visitor.go_to_field("person.phone");
    CHECK(visitor.model_as<screens::QuestionDigitsModel>().digits.empty());
    CHECK(visitor.press(screens::Action::go).not_yet); // it is needed
    visitor.type("13700000000");
    visitor.press(screens::Action::go);
    CHECK(visitor.session.visit->answers.find("person.phone")->source == forms::Source::typed);
}

TEST_CASE("a register that nobody has a name for is another office", "[unit][present][prefill]") {
    Visitor visitor;
    fetch(visitor, "nobody-knows");
    CHECK(phone_row(visitor).source.find("another office") != std::string::npos);
}

TEST_CASE("the question before the platform is asked has two ways of one kind, and says what comes",
          "[unit][present][prefill]") {
    Visitor visitor;
    visitor.begin("elderly-allowance");
    visitor.go_to(Step::prefill_offer);
    const auto model = visitor.model_as<screens::ConsentModel>();
    CHECK(model.statements.size() == 3);
    CHECK_FALSE(model.agree.label.empty());
    CHECK_FALSE(model.decline.label.empty());
    CHECK_FALSE(model.back.empty());
}

TEST_CASE("whoever gets no answer is told so calmly, and goes on", "[unit][present][prefill]") {
    const auto words = [](session::Input input, bool answers) {
        Visitor visitor;
        visitor.begin("pension-eligibility");
        visitor.go_to(Step::prefill_offer);
        CHECK(visitor.model_as<screens::ConsentModel>().said_first.empty());
        visitor.press(answers ? screens::ConsentAnswer::agree : screens::ConsentAnswer::decline);
        if (answers) {
            if (auto* known = std::get_if<session::PrefillInput>(&input.payload))
                known->serial = visitor.session.visit->prefill_serial;
            visitor.tell(std::move(input));
        }
        const auto model = visitor.model_as<screens::PrefilledModel>();
        CHECK(model.title == "Your card says this. Is it right?");
        return model.sub;
    };
    CHECK(words(Signal::answer_due, true).find("That is fine") != std::string::npos);
    CHECK(words({Signal::prefill_answered, session::PrefillInput{}}, true).find("holds nothing") !=
          std::string::npos);
    CHECK(words(Signal::answer_due, false).empty());
}

TEST_CASE("whoever listens hears at the first page behind the card that it may be lifted",
          "[unit][present][prefill]") {
    Visitor visitor;
    visitor.facts.reads_aloud = true;
    visitor.begin("pension-eligibility");
    visitor.session.display.voice = session::Display::Voice::on;
    visitor.go_to(Step::prefill_offer);
    CHECK(visitor.model_as<screens::ConsentModel>().said_first == "Done. You may lift the card.");
    visitor.press(screens::ConsentAnswer::decline);
    CHECK(visitor.model_as<screens::PrefilledModel>().said_first.empty()); // once is enough
}
