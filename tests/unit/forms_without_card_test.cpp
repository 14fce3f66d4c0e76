// What a form asks where no card can be read: name and number typed, birth date and sex derived
// from the number, and nothing else that only a card tells.
#include "kiosk/base/citizen_number.hpp"
#include "kiosk/forms/submission.hpp"
#include "tests/unit/forms_support.hpp"

#include <catch2/catch.hpp>

using namespace forms_test;
using forms::Answer;
using forms::Answers;
using forms::CardMissing;
using forms::Holder;
using forms::Source;

namespace {

using Ids = std::vector<std::string>;

// Every field that a card can fill, all of them required.
json card_form() {
    const auto field = [](const char* id, const char* type, const char* sensitivity) {
        return json{{"id", id},
                    {"term", id},
                    {"type", type},
                    {"sensitivity", sensitivity},
                    {"required", true},
                    {"prefill", {"card"}},
                    {"label", words("项", "تۈر", "Item")},
                    {"why", words("需要", "كېرەك", "Needed")}};
    };
    auto name = field("person.name", "text", "S1");
    name["min"] = 2;
    name["max"] = 40;
    auto address = field("person.address.registered", "text", "S2");
    address["min"] = 2;
    address["max"] = 70;
    auto sex = field("person.sex", "choice", "S1");
    for (const auto* code : {"female", "male", "other"})
        sex["options"].push_back({{"code", code}, {"label", words("甲", "ئا", "A")}});
    json card = {{"id", "person.card"},
                 {"type", "card"},
                 {"who", "applicant"},
                 {"required", true},
                 {"sensitivity", "S2"},
                 {"label", words("证", "كىنىشكا", "Card")},
                 {"why", words("需要", "كېرەك", "Needed")}};
    json step = {{"id", "person"},
                 {"title", words("人", "ئادەم", "Person")},
                 {"fields",
                  {card, name, field("person.idNumber", "id-number", "S2"),
                   field("person.birthDate", "date", "S1"), sex,
                   field("person.cardValidTo", "date", "S1"), address}}};
    return {{"kform", 1},
            {"id", "card-form"},
            {"version", 1},
            {"matter", "card-form"},
            {"owner", "tests"},
            {"identity", "L1"},
            {"title", words("表", "جەدۋەل", "Form")},
            {"steps", {step}},
            {"receipt", {{"show", {"matter", "number"}}}}};
}

forms::Form with_every_field(const json& form = card_form()) {
    auto read_form = read(form);
    INFO((read_form ? "" : read_form.error().text()));
    REQUIRE(read_form.has_value());
    return *read_form;
}

void type_number(const forms::Form& form, Answers& answers, std::string_view number) {
    answers.set("person.idNumber", forms::Value{secret(number)});
    derive_without_card(form, answers);
}

std::string text(const Answers& answers, std::string_view field) {
    const auto* answer = answers.find(field);
    const auto* value = answer ? std::get_if<base::SecretText>(&answer->value) : nullptr;
    return value ? std::string(value->view()) : "";
}

Ids fault_ids(const forms::Form& form, const Answers& answers) {
    Ids ids;
    for (const auto& fault : forms::faults(form, answers, today)) ids.push_back(fault.field);
    return ids;
}

std::string method_of(const forms::Form& form, const Answers& answers) {
    forms::SubmissionFacts facts;
    facts.id = "6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e01";
    facts.receipt_no = "K7M4-92XH-T3QC";
    const auto clear = forms::clear_submission(form, answers, today, facts);
    INFO((clear ? "" : clear.error().text()));
    REQUIRE(clear.has_value());
    return json::parse(clear->begin(), clear->end())["applicant"]["identity"]["method"];
}

} // namespace

TEST_CASE("without a card, name and number are asked, and what is required besides",
          "[unit][forms][refusal][G18]") {
    const auto form = with_every_field();
    Answers answers;
    CHECK(pages(form, answers) == Ids{"person.card"});
    miss_card(form, Holder::applicant, false, answers);
    CHECK(pages(form, answers) ==
          Ids{"person.card", "person.name", "person.idNumber", "person.address.registered"});
    CHECK(fault_ids(form, answers) ==
          Ids{"person.name", "person.idNumber", "person.address.registered"});
    CHECK(prefilled_rows(form, answers, today).empty());

    auto relaxed = card_form();
    relaxed["steps"][0]["fields"][6]["required"] = false;
    const auto short_form = with_every_field(relaxed);
    CHECK(pages(short_form, answers) == Ids{"person.card", "person.name", "person.idNumber"});
}

TEST_CASE("birth date and sex follow the number that was typed", "[unit][forms]") {
    const auto form = with_every_field();
    Answers answers;
    miss_card(form, Holder::applicant, false, answers);
    type_number(form, answers, elder_number);
    CHECK(text(answers, "person.birthDate") == "1940-03-15");
    CHECK(answers.find("person.sex")->value == code("female"));
    CHECK(answers.find("person.birthDate")->source == Source::derived);

    type_number(form, answers, pensioner_number);
    CHECK(text(answers, "person.birthDate") == "1950-01-01");
    CHECK(answers.find("person.sex")->value == code("male"));

    // No number (yet): nothing is known, and the number itself is what is wrong.
    for (const auto* number : {"", "6599991940", no_month_number, "659999194003150047"}) {
        INFO(number);
        type_number(form, answers, number);
        CHECK(answers.find("person.birthDate") == nullptr);
        CHECK(answers.find("person.sex") == nullptr);
        const auto ids = fault_ids(form, answers);
        CHECK(std::count(ids.begin(), ids.end(), "person.idNumber") == 1);
        CHECK(std::count(ids.begin(), ids.end(), "person.birthDate") == 0);
    }
    const auto* number = form.find("person.idNumber");
    CHECK(follows_from(*form.find("person.birthDate"), form, answers) == number);
    CHECK(follows_from(*form.find("person.name"), form, answers) == nullptr);
}

TEST_CASE("nothing is derived while a card is expected or read", "[unit][forms]") {
    const auto form = with_every_field();
    Answers answers;
    type_number(form, answers, elder_number);
    CHECK(answers.find("person.birthDate") == nullptr);
    auto card = elder_card();
    prefill_from_card(form, card, Holder::applicant, answers);
    derive_without_card(form, answers);
    CHECK(answers.find("person.birthDate")->source == Source::card);
    CHECK(pages(form, answers) == Ids{"person.card"});
}

TEST_CASE("a foreign resident's number tells no sex, so it is asked", "[unit][forms]") {
    const auto form = with_every_field();
    Answers answers;
    miss_card(form, Holder::applicant, false, answers);
    // Synthetic: 999999 is no issuing place.
    type_number(form, answers,
                std::string("99999919880229002") + base::citizen_number_check("99999919880229002"));
    CHECK(text(answers, "person.birthDate") == "1988-02-29");
    CHECK(answers.find("person.sex") == nullptr);
    const auto asked = pages(form, answers);
    CHECK(std::count(asked.begin(), asked.end(), "person.sex") == 1);
}

TEST_CASE("a form without a number asks for the birth date that it needs", "[unit][forms]") {
    auto json_form = card_form();
    json_form["steps"][0]["fields"].erase(2);
    const auto form = with_every_field(json_form);
    Answers answers;
    miss_card(form, Holder::applicant, false, answers);
    CHECK(pages(form, answers) == Ids{"person.card", "person.name", "person.birthDate",
                                      "person.sex", "person.address.registered"});
}

TEST_CASE("a card that comes after all leaves nothing of what stood in for it", "[unit][forms]") {
    const auto form = with_every_field();
    Answers answers;
    prefill_from_card(form, elder_card(), Holder::applicant, answers);
    miss_card(form, Holder::applicant, true, answers);
    CHECK(answers.ids() == Ids{"person.card"}); // and nothing of the card where it is missing
    answers.set("person.name", Answer{secret("样品长者"), Source::staff});
    type_number(form, answers, elder_number);
    miss_card(form, Holder::applicant, false, answers); // nobody vouches for it any more
    CHECK(answers.find("person.name")->source == Source::typed);
    forget_missing_card(form, Holder::applicant, answers);
    CHECK(answers.empty());
}

TEST_CASE("the request says who looked where no card could be read",
          "[unit][forms][refusal][G3][G18]") {
    auto json_form = card_form();
    json_form["steps"][0]["fields"][6]["required"] = false;
    const auto form = with_every_field(json_form);
    Answers answers;
    prefill_from_card(form, elder_card(), Holder::applicant, answers);
    CHECK(method_of(form, answers) == "possession-only");
    auto torn = elder_card();
    torn.needs_look = true;
    prefill_from_card(form, torn, Holder::applicant, answers);
    CHECK(method_of(form, answers) == "counter-code");
    for (const bool seen : {false, true}) {
        miss_card(form, Holder::applicant, seen, answers);
        answers.set("person.name", forms::Value{secret("样品长者")});
        type_number(form, answers, elder_number);
        CHECK(method_of(form, answers) == (seen ? "staff-witness" : "counter-code"));
    }
}

TEST_CASE("with a missing card too, no answer makes the visit longer than was said",
          "[unit][forms]") {
    for (const auto* matter : {"elderly-allowance", "pension-eligibility"}) {
        const auto& form = *shipped().form(matter);
        Answers answers;
        const auto before = upper_bound_steps(form, answers, today);
        miss_card(form, Holder::applicant, false, answers);
        CHECK(upper_bound_steps(form, answers, today) <= before);
    }
    // The name stands in a step of its own, which comes only without a card.
    auto split = card_form();
    auto& fields = split["steps"][0]["fields"];
    json later = {
        {"id", "later"}, {"title", words("后", "كېيىن", "Later")}, {"fields", {fields[1]}}};
    fields.erase(1);
    split["steps"].push_back(later);
    const auto form = with_every_field(split);
    Answers answers;
    CHECK(upper_bound_steps(form, answers, today) == 2);
    auto read_card = answers;
    prefill_from_card(form, elder_card(), Holder::applicant, read_card);
    CHECK(upper_bound_steps(form, read_card, today) == 1);
    miss_card(form, Holder::applicant, false, answers);
    CHECK(upper_bound_steps(form, answers, today) == 2);
}

TEST_CASE("what staff typed counts as typed in a condition, and no form may ask for it",
          "[unit][forms]") {
    auto form = card_form();
    form["steps"][0]["fields"][1]["prefill"] = {"staff"};
    CHECK_FALSE(read(form).has_value());
    const auto plain = with_every_field();
    Answers answers;
    answers.set("person.name", Answer{secret("样品长者"), Source::staff});
    forms::Condition typed;
    typed.kind = forms::Condition::Kind::prefilled;
    typed.field = "person.name";
    CHECK(evaluate(typed, plain, answers, today) == forms::Truth::yes);
    typed.source = Source::card;
    CHECK(evaluate(typed, plain, answers, today) == forms::Truth::no);
}
