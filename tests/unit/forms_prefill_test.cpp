// What the platform may be asked for, what of its answer a form takes, and how it is shown (spec
// safeguards G8). All personal data is synthetic.
#include "kiosk/forms/field_types.hpp"
#include "tests/unit/forms_support.hpp"

#include <catch2/catch.hpp>

using namespace forms_test;
using forms::Answers;
using forms::platform_terms;

namespace {

// A form whose only fields are these, each a text of its term from the platform.
forms::Form form_with(const std::vector<std::pair<std::string, json>>& fields) {
    auto form = small_form();
    form["identity"] = "L1";
    auto list = json::array();
    for (const auto& [id, change] : fields) {
        json field{{"id", id},
                   {"term", id},
                   {"type", "text"},
                   {"sensitivity", "S1"},
                   {"label", words("内容", "مەزمۇن", "Words")},
                   {"prefill", {"platform"}}};
        field.update(change);
        if (field["type"] == "text")
            field.update({{"min", 1}, {"max", 40}, {"script", {"han", "latin"}}});
        list.push_back(field);
    }
    form["steps"] = json::array({form["steps"][0]});
    form["steps"][0]["fields"] = list;
    auto read_form = read(form);
    INFO((read_form ? "" : read_form.error().text()));
    REQUIRE(read_form.has_value());
    return std::move(read_form).value();
}

const json as_phone{{"type", "phone"}};

forms::PlatformValue value(std::string term, std::string_view text) {
    return {std::move(term), secret(text), {"social-insurance", base::Date(2025y / 3 / 1)}};
}

} // namespace

TEST_CASE("the platform is asked for unanswered fields that name it, and for no other",
          "[unit][forms][prefill]") {
    const auto form =
        form_with({{"contact.name", json::object()}, {"person.phone", {{"type", "phone"}}}});
    Answers answers;
    CHECK(platform_terms(form, answers, today) ==
          std::vector<std::string>{"contact.name", "person.phone"});
    answers.set("person.phone", forms::Value{secret("13800000000")});
    CHECK(platform_terms(form, answers, today) == std::vector<std::string>{"contact.name"});

    const auto silent = form_with({{"contact.name", {{"prefill", {"session"}}}}});
    CHECK(platform_terms(silent, {}, today).empty());
    // Two fields of one term: whose value would it be?
    const auto both =
        form_with({{"contact.name", json::object()}, {"second", {{"term", "contact.name"}}}});
    CHECK(platform_terms(both, {}, today).empty());
}

TEST_CASE("a bank card is never asked of the platform", "[unit][forms][prefill][refusal][G8]") {
    const auto form = form_with({{"bank.card",
                                  {{"type", "bank-card"},
                                   {"sensitivity", "S3"},
                                   {"why", words("付款", "پۇل", "To pay you")}}}});
    CHECK(platform_terms(form, {}, today).empty());
}

TEST_CASE("whatever the platform gave is shown masked", "[unit][forms][prefill][refusal][G8]") {
    const auto form =
        form_with({{"contact.name", json::object()},
                   {"person.phone", as_phone},
                   {"person.address.current",
                    {{"sensitivity", "S2"}, {"why", words("联系", "ئالاقە", "To reach you")}}}});
    Answers answers;
    REQUIRE(forms::prefill_from_platform(form,
                                         {value("contact.name", "样品长者"),
                                          value("person.phone", "13800006021"),
                                          value("person.address.current", "样品路12号")},
                                         answers, today));
    const auto seen = [&](const char* id) {
        return forms::shown(*form.find(id), *answers.find(id), base::Language::zh);
    };
    CHECK(seen("contact.name") == secret("样**"));
    CHECK(seen("person.phone") == secret("138 **** 6021"));
    CHECK(seen("person.address.current") == secret("样品路**号"));
    // The same, typed here, is the person's own to read.
    answers.set("contact.name", forms::Value{secret("样品长者")});
    CHECK(seen("contact.name") == secret("样品长者"));
}

TEST_CASE("what a field would not take from a person it does not take from the platform",
          "[unit][forms][prefill]") {
    const auto form = form_with({{"contact.name", json::object()}, {"person.phone", as_phone}});
    Answers answers;
    CHECK_FALSE(forms::prefill_from_platform(
        form,
        {value("contact.name", "🙂"), value("person.phone", "12"), value("person.name", "样品")},
        answers, today));
    CHECK(answers.empty());
    // As somebody types it: grouped.
    CHECK(forms::prefill_from_platform(form, {value("person.phone", "138 0000-6021")}, answers,
                                       today));
    CHECK(answers.find("person.phone")->value == forms::Value{secret("13800006021")});
    // A later answer replaces nothing.
    CHECK_FALSE(
        forms::prefill_from_platform(form, {value("person.phone", "13700000000")}, answers, today));
}

TEST_CASE("an earlier matter hands on nothing that the platform gave",
          "[unit][forms][prefill][refusal][G8]") {
    const auto form = form_with({{"contact.name", {{"prefill", {"session", "platform"}}}}});
    Answers answers;
    REQUIRE(
        forms::prefill_from_platform(form, {value("contact.name", "样品长者")}, answers, today));
    forms::Remembered remembered;
    remembered.remember(form, answers, today);
    CHECK(remembered.empty());
}
