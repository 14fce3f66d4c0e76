#include "kiosk/forms/answers.hpp"
#include "kiosk/forms/prefill.hpp"
#include "tests/unit/forms_support.hpp"

#include <catch2/catch.hpp>

using namespace forms_test;
using forms::Answers;
using forms::Holder;
using forms::Part;
using forms::Truth;
using Ids = std::vector<std::string>;

namespace {

json field(const char* id, const char* type, json more = json::object()) {
    json f = {
        {"id", id}, {"type", type}, {"sensitivity", "S0"}, {"label", words("字", "خەت", "Word")}};
    f.update(more);
    return f;
}

// One field of each kind that conditions speak about, then the condition under test.
forms::Form with_condition(const json& condition, bool hide_first = false) {
    const auto options = json::array({{{"code", "a"}, {"label", words("甲", "بىر", "One")}},
                                      {{"code", "b"}, {"label", words("乙", "ئىككى", "Two")}},
                                      {{"code", "c"}, {"label", words("丙", "ئۈچ", "Three")}}});
    json fields = {
        field("gate", "choice", {{"options", options}}),
        field("one", "choice", {{"options", options}}),
        field("many", "multi-choice", {{"options", options}}),
        field("born", "date"),
        field("rooms", "number"),
        field("line", "text"),
        field("line2", "text"),
        field("papers", "scan",
              {{"minPages", 0},
               {"maxPages", 2},
               {"paper", "a4"},
               {"pageLabels", {words("页", "بەت", "Page"), words("页", "بەت", "Page")}}}),
        field("last", "info", {{"showIf", condition}})};
    if (hide_first)
        for (std::size_t i = 1; i + 1 < fields.size(); ++i)
            fields[i]["showIf"] = {{"eq", {"$gate", "a"}}};
    auto json_form = small_form();
    json_form["steps"] = {
        {{"id", "only"}, {"title", words("一", "بىر", "One")}, {"fields", fields}}};
    const auto form = read(json_form);
    if (!form) FAIL(form.error().text());
    return *form;
}

Truth truth_of(const json& condition, const Answers& answers, forms::Today on = today) {
    const auto form = with_condition(condition);
    return evaluate(*form.find("last")->show_if, form, answers, on);
}

Answers all_kinds() {
    Answers answers;
    answers.set("gate", code("a"));
    answers.set("one", code("b"));
    answers.set("many", forms::Codes{"a", "c"});
    answers.set("born", secret("1946-12-23"));
    answers.set("rooms", std::int64_t{3});
    answers.set("line", secret("测试"));
    answers.set("line2", secret("测试"));
    answers.set("papers", forms::Attachments{{4, 5}});
    return answers;
}

} // namespace

TEST_CASE("each operator is true, false or unknown as its table says", "[unit][forms]") {
    struct Row {
        json condition;
        Truth answered;
        Truth unanswered;
    };
    const auto yes = Truth::yes;
    const auto no = Truth::no;
    const auto unknown = Truth::unknown;
    const std::vector<Row> rows{
        {{{"eq", {"$one", "b"}}}, yes, unknown},
        {{{"eq", {"$one", "a"}}}, no, unknown},
        {{{"in", {"$one", {"a", "b"}}}}, yes, unknown},
        {{{"in", {"$one", {"a", "c"}}}}, no, unknown},
        {{{"in", {"$many", {"b", "c"}}}}, yes, unknown},
        {{{"present", "$line"}}, yes, no},
        {{{"not", {{"present", "$line"}}}}, no, yes},
        {{{"not", {{"eq", {"$one", "a"}}}}}, yes, unknown},
        {{{"cmp", {"$rooms", ">=", 3}}}, yes, unknown},
        {{{"cmp", {"$rooms", ">", 3}}}, no, unknown},
        {{{"cmp", {"$rooms", "<", 3}}}, no, unknown},
        {{{"cmp", {"$rooms", "<=", 3}}}, yes, unknown},
        {{{"cmp", {"$rooms", "==", 3}}}, yes, unknown},
        {{{"count", {"$papers", ">=", 2}}}, yes, no},
        {{{"count", {"$many", "==", 2}}}, yes, no},
        {{{"count", {"$papers", "==", 0}}}, no, yes},
        {{{"same", {"$line", "$line2"}}}, yes, unknown},
        {{{"prefilled", {"$line", "typed"}}}, yes, no},
        {{{"prefilled", {"$line", "card"}}}, no, no},
        // 79 years old on the day, 80 a month later.
        {{{"age", {"$born", ">=", 80, "on", "today"}}}, no, unknown},
        {{{"age", {"$born", ">=", 80, "on", "today+31"}}}, yes, unknown},
        {{{"age", {"$born", "==", 79, "on", "2026-12-22"}}}, yes, unknown},
        {{{"age", {"$born", "==", 80, "on", "2026-12-23"}}}, yes, unknown},
        {{{"all", {{{"present", "$line"}}, {{"eq", {"$one", "b"}}}}}}, yes, no},
        {{{"all", {{{"eq", {"$one", "b"}}}, {{"eq", {"$one", "b"}}}}}}, yes, unknown},
        {{{"any", {{{"present", "$line"}}, {{"eq", {"$one", "a"}}}}}}, yes, unknown},
        {{{"any", {{{"not", {{"present", "$line"}}}}, {{"eq", {"$one", "a"}}}}}}, no, yes},
    };
    for (const auto& row : rows) {
        INFO(row.condition.dump());
        REQUIRE(truth_of(row.condition, all_kinds()) == row.answered);
        REQUIRE(truth_of(row.condition, {}) == row.unanswered);
    }
}

TEST_CASE("birthdays are counted by the calendar, leap days too", "[unit][forms]") {
    Answers leap;
    leap.set("born", secret("1988-02-29"));
    const auto age = [](int years, const char* on) {
        return json{{"age", {"$born", "==", years, "on", on}}};
    };
    REQUIRE(truth_of(age(17, "2006-02-28"), leap) == Truth::yes);
    REQUIRE(truth_of(age(18, "2006-03-01"), leap) == Truth::yes);
    REQUIRE(truth_of(age(19, "2008-02-28"), leap) == Truth::yes);
    REQUIRE(truth_of(age(20, "2008-02-29"), leap) == Truth::yes);
}

TEST_CASE("an empty answer is no answer", "[unit][forms]") {
    Answers answers;
    answers.set("line", secret(""));
    answers.set("many", forms::Codes{});
    answers.set("papers", forms::Attachments{});
    answers.set("one", forms::Value{});
    for (const auto* id : {"$line", "$many", "$papers", "$one"})
        REQUIRE(truth_of({{"present", id}}, answers) == Truth::no);
}

TEST_CASE("a hidden field has no value for any condition", "[unit][forms]") {
    for (const json& condition :
         {json{{"eq", {"$one", "b"}}}, json{{"present", "$line"}},
          json{{"cmp", {"$rooms", ">=", 3}}}, json{{"count", {"$papers", ">=", 1}}},
          json{{"prefilled", {"$line", "typed"}}}}) {
        INFO(condition.dump());
        const auto form = with_condition(condition, true);
        auto answers = all_kinds();
        REQUIRE(is_visible(form, answers, today, "last"));
        answers.set("gate", code("b"));
        REQUIRE_FALSE(is_visible(form, answers, today, "last"));
        REQUIRE(evaluate(*form.find("last")->show_if, form, answers, today) != Truth::yes);
    }
}

TEST_CASE("a problem report asks what its branch needs and no card",
          "[unit][forms][refusal][G12]") {
    const auto& form = *shipped().form("problem-report");
    REQUIRE(form.identity == forms::IdentityLevel::l0);
    for (const auto& step : form.steps)
        for (const auto& field : step.fields) {
            REQUIRE(field.type != forms::FieldType::card);
            REQUIRE(field.type != forms::FieldType::identity);
            REQUIRE(std::count(field.prefill.begin(), field.prefill.end(), forms::Source::card) ==
                    0);
            REQUIRE(std::count(field.prefill.begin(), field.prefill.end(),
                               forms::Source::session) == 0);
            for (const auto& option : field.options) REQUIRE(option.code != "person");
        }

    const Ids head{"report.kind", "report.place"};
    const auto follows = [&](Answers answers, Ids rest) {
        Ids wanted = head;
        wanted.insert(wanted.end(), rest.begin(), rest.end());
        REQUIRE(pages(form, answers) == wanted);
        REQUIRE(pages(form, answers, Part::closing) == Ids{"declare.true"});
    };
    Answers answers;
    follows(answers, {"report.photo", "report.text", "report.callback"});
    answers.set("report.place", code("other"));
    follows(answers, {"report.placeText", "report.photo", "report.text", "report.callback"});
    answers.set("report.callback", code("yes"));
    follows(answers,
            {"report.placeText", "report.photo", "report.text", "report.callback", "person.phone"});
    answers.set("report.place", code("park-square"));
    answers.set("report.callback", code("no"));
    follows(answers, {"report.photo", "report.text", "report.callback"});

    // Words are needed only where there is no photo.
    const auto& text = *form.find("report.text");
    REQUIRE(is_required(text, form, answers, today));
    answers.set("report.photo", forms::Attachments{{1}});
    REQUIRE_FALSE(is_required(text, form, answers, today));
}

TEST_CASE("the allowance asks a relative for card, relation and mandate", "[unit][forms]") {
    const auto& form = *shipped().form("elderly-allowance");
    Answers answers;
    prefill_from_card(form, elder_card(), Holder::applicant, answers);
    const Ids own{"person.card", "forWhom",   "addressSame",    "person.phone",  "otherAllowance",
                  "bank.name",   "bank.card", "bank.cardAgain", "doc.household", "doc.bank"};
    REQUIRE(pages(form, answers) == own);
    answers.set("forWhom", code("self"));
    REQUIRE(pages(form, answers) == own);
    answers.set("forWhom", code("family"));
    answers.set("addressSame", code("no"));
    REQUIRE(pages(form, answers) == Ids{"person.card", "forWhom", "agent.card", "agent.relation",
                                        "addressSame", "person.address.region",
                                        "person.address.current", "person.phone", "otherAllowance",
                                        "bank.name", "bank.card", "bank.cardAgain", "doc.household",
                                        "doc.bank", "doc.mandate"});
    REQUIRE(pages(form, answers, Part::closing) == Ids{"declare.true", "declare.sign"});
    REQUIRE(faults(form, answers, today).front().key == "fault.card");
}

TEST_CASE("what a card says passes as it is, what it lacks is no dead end",
          "[unit][forms][refusal][G18]") {
    const auto& form = *shipped().form("elderly-allowance");
    auto card = elder_card();
    card.name = secret("O'TEST，MARÍA");
    card.address = {};
    Answers answers;
    prefill_from_card(form, card, Holder::applicant, answers);
    REQUIRE_FALSE(check(*form.find("person.name"), form, answers, today).has_value());
    REQUIRE_FALSE(check(*form.find("person.address.registered"), form, answers, today).has_value());
    // Nothing to compare with, so the address itself is asked.
    REQUIRE(pages(form, answers) == Ids{"person.card", "forWhom", "person.address.region",
                                        "person.address.current", "person.phone", "otherAllowance",
                                        "bank.name", "bank.card", "bank.cardAgain", "doc.household",
                                        "doc.bank"});
    // The same sign typed by a person is refused.
    answers.set("person.name", secret("O'TEST，MARÍA"));
    REQUIRE(check(*form.find("person.name"), form, answers, today)->key == "fault.text-letters");
}

TEST_CASE("the pension review asks for the proof that fits where one lives", "[unit][forms]") {
    const auto& form = *shipped().form("pension-eligibility");
    Answers answers;
    prefill_from_card(form, pensioner_card(), Holder::applicant, answers);
    REQUIRE(pages(form, answers) == Ids{"person.card", "forWhom", "identity.proof", "pension.kind",
                                        "pension.livingPlace", "person.phone", "contact.name"});
    for (const auto* place : {"district", "city", "china"}) {
        answers.set("pension.livingPlace", code(place));
        REQUIRE(pages(form, answers) == Ids{"person.card", "forWhom", "identity.proof",
                                            "pension.kind", "pension.livingPlace",
                                            "person.address.region", "person.address.current",
                                            "person.phone", "contact.name"});
    }
    answers.set("pension.livingPlace", code("abroad"));
    answers.set("contact.name", secret("测试"));
    answers.set("forWhom", code("helping"));
    REQUIRE(pages(form, answers) == Ids{"person.card", "forWhom", "agent.card", "agent.relation",
                                        "identity.proof", "pension.kind", "pension.livingPlace",
                                        "abroad.proof", "person.phone", "contact.name",
                                        "contact.phone"});
    REQUIRE(form.find("identity.proof")->methods == Ids{"face", "staff-witness", "counter-code"});
}

TEST_CASE("\"of m\" never grows while answers come", "[unit][forms]") {
    for (const auto* matter : {"problem-report", "elderly-allowance", "pension-eligibility"}) {
        const auto& form = *shipped().form(matter);
        // Every first and last option, so that both ends of each branch are walked.
        for (const bool last : {false, true}) {
            INFO(matter << (last ? " last options" : " first options"));
            Answers answers;
            prefill_from_card(form, elder_card(), Holder::applicant, answers);
            int before = upper_bound_steps(form, answers, today);
            int step = 0;
            std::uint32_t page = 1;
            for (std::size_t i = 0; i < path(form, answers, today).size(); ++i) {
                const auto at = path(form, answers, today)[i];
                const auto& field = field_at(form, at);
                const auto number = step_number(form, answers, today, at);
                REQUIRE(number >= step);
                REQUIRE(number <= before);
                step = number;
                const auto value = last && !field.options.empty()
                                       ? code(field.options.back().code.c_str())
                                       : plausible(field, page);
                if (field.type == forms::FieldType::card && field.who == Holder::agent)
                    prefill_from_card(form, adult_card(), field.who, answers);
                else
                    answers.set(field.id, value);
                const auto now = upper_bound_steps(form, answers, today);
                REQUIRE(now <= before);
                before = now;
            }
        }
    }
}

TEST_CASE("the steps of the shipped forms are as many as the person may meet", "[unit][forms]") {
    const auto bound = [](const char* matter, const Answers& answers) {
        return upper_bound_steps(*shipped().form(matter), answers, today);
    };
    REQUIRE(bound("problem-report", {}) == 5);
    REQUIRE(bound("elderly-allowance", {}) == 9);
    Answers self;
    self.set("forWhom", code("self"));
    REQUIRE(bound("elderly-allowance", self) == 8);
    REQUIRE(bound("pension-eligibility", {}) == 8);
}

TEST_CASE("values come from the card of the right person only", "[unit][forms][refusal][P8]") {
    const auto& form = *shipped().form("elderly-allowance");
    Answers answers;
    prefill_from_card(form, elder_card(), Holder::applicant, answers);
    REQUIRE(answers.find("person.name")->source == forms::Source::card);
    REQUIRE(std::get<base::SecretText>(answers.find("person.idNumber")->value).view() ==
            elder_number);
    REQUIRE(answers.find("agent.name") == nullptr);
    REQUIRE(answers.find("agent.card") == nullptr);
    // Declared nowhere in this form, so not kept although the card has them.
    REQUIRE(answers.ids() == Ids{"person.address.registered", "person.birthDate", "person.card",
                                 "person.idNumber", "person.name"});

    prefill_from_card(form, adult_card(), Holder::agent, answers);
    REQUIRE(std::get<base::SecretText>(answers.find("agent.idNumber")->value).view() ==
            leap_day_number);
    REQUIRE(std::get<base::SecretText>(answers.find("person.idNumber")->value).view() ==
            elder_number);
    REQUIRE(std::holds_alternative<forms::CardRead>(answers.find("agent.card")->value));
}

TEST_CASE("pre-filled values are shown with their source and can be contested",
          "[unit][forms][refusal][D4.8]") {
    const auto& form = *shipped().form("elderly-allowance");
    Answers answers;
    prefill_from_card(form, elder_card(), Holder::applicant, answers);
    Ids rows;
    for (const auto at : prefilled_rows(form, answers, today))
        rows.push_back(field_at(form, at).id);
    REQUIRE(rows ==
            Ids{"person.name", "person.idNumber", "person.birthDate", "person.address.registered"});
    answers.confirm("person.name");
    REQUIRE(answers.find("person.name")->confirmed);
    answers.contest("person.name");
    REQUIRE(answers.find("person.name")->contested);
    REQUIRE_FALSE(answers.find("person.name")->confirmed);
    answers.contest("nothing");
    REQUIRE(answers.find("nothing") == nullptr);
}

TEST_CASE("a second matter of the same person asks nothing twice", "[unit][forms]") {
    const auto& first = *shipped().form("elderly-allowance");
    const auto& second = *shipped().form("pension-eligibility");
    Answers answers;
    prefill_from_card(first, elder_card(), Holder::applicant, answers);
    answers = filled(first, answers, {{"addressSame", code("no")}, {"forWhom", code("family")}});
    forms::Remembered remembered;
    remembered.remember(first, answers, today);

    Answers next;
    prefill_from_card(second, elder_card(), Holder::applicant, next);
    remembered.prefill(second, next);
    REQUIRE(next.find("person.phone")->source == forms::Source::session);
    REQUIRE(next.find("forWhom") == nullptr); // names no session source: asked each time
    REQUIRE(next.find("agent.name") == nullptr);
    next.set("pension.livingPlace", code("district"));
    REQUIRE(pages(second, next) == Ids{"person.card", "forWhom", "identity.proof", "pension.kind",
                                       "pension.livingPlace", "contact.name"});
    // What somebody says is not right is asked again.
    next.contest("person.phone");
    REQUIRE(pages(second, next) == Ids{"person.card", "forWhom", "identity.proof", "pension.kind",
                                       "pension.livingPlace", "person.phone", "contact.name"});
    remembered.clear();
    REQUIRE(remembered.empty());
}

TEST_CASE("nothing of a report about a place is remembered for a matter of a person",
          "[unit][forms][refusal][G12]") {
    const auto& report = *shipped().form("problem-report");
    const auto answers = filled(report, {}, {{"report.callback", code("yes")}});
    REQUIRE(answers.find("person.phone"));
    forms::Remembered remembered;
    remembered.remember(report, answers, today);
    REQUIRE(remembered.empty());
}

TEST_CASE("contested and hidden values are not remembered", "[unit][forms]") {
    const auto& form = *shipped().form("elderly-allowance");
    Answers answers;
    answers.set("person.phone", secret("13800000000"));
    answers.contest("person.phone");
    answers.set("agent.name", secret("试测")); // hidden: the matter is for the person
    answers.set("forWhom", code("self"));
    forms::Remembered remembered;
    remembered.remember(form, answers, today);
    Answers next;
    remembered.prefill(*shipped().form("pension-eligibility"), next);
    REQUIRE(next.find("person.phone") == nullptr);
    REQUIRE(next.find("agent.name") == nullptr);
}

TEST_CASE("a person too young for a matter learns it, unless nobody knows the date",
          "[unit][forms][refusal][G17]") {
    const auto& form = *shipped().form("elderly-allowance");
    Answers answers;
    prefill_from_card(form, pensioner_card(), Holder::applicant, answers);
    const auto& born = *form.find("person.birthDate");
    const auto fault = check(born, form, answers, today);
    REQUIRE(fault.has_value());
    REQUIRE(fault->key == "fault.too-young");
    REQUIRE(fault->ends_matter);
    REQUIRE_FALSE(check(born, form, answers, unsynchronised).has_value());

    // One month before 80 is early enough, a day earlier is not.
    answers.set("person.birthDate", secret("1946-12-23"));
    REQUIRE_FALSE(check(born, form, answers, today).has_value());
    answers.set("person.birthDate", secret("1946-12-24"));
    REQUIRE(check(born, form, answers, today).has_value());
}

TEST_CASE("a helper cannot be the applicant", "[unit][forms]") {
    const auto& form = *shipped().form("elderly-allowance");
    Answers answers;
    answers.set("forWhom", code("family"));
    prefill_from_card(form, elder_card(), Holder::applicant, answers);
    prefill_from_card(form, elder_card(), Holder::agent, answers);
    REQUIRE(check(*form.find("agent.idNumber"), form, answers, today)->key == "fault.same-person");
    prefill_from_card(form, adult_card(), Holder::agent, answers);
    REQUIRE_FALSE(check(*form.find("agent.idNumber"), form, answers, today).has_value());
}

TEST_CASE("an emergency contact is a pair: both or none", "[unit][forms]") {
    const auto& form = *shipped().form("pension-eligibility");
    Answers answers;
    prefill_from_card(form, pensioner_card(), Holder::applicant, answers);
    REQUIRE_FALSE(is_visible(form, answers, today, "contact.phone"));
    answers.set("contact.name", secret("试测"));
    REQUIRE(check(*form.find("contact.phone"), form, answers, today)->key == "fault.required");
    answers.set("person.phone", secret("13800000000"));
    answers.set("contact.phone", secret("13800000000"));
    REQUIRE(check(*form.find("contact.phone"), form, answers, today)->key == "fault.contact-phone");
    answers.set("contact.name", secret("测试"));
    REQUIRE(check(*form.find("contact.name"), form, answers, today)->key == "fault.contact-name");
}

TEST_CASE("a bank card number is asked twice and must agree", "[unit][forms]") {
    const auto& form = *shipped().form("elderly-allowance");
    Answers answers;
    answers.set("bank.card", secret(bank_number));
    const auto& again = *form.find("bank.cardAgain");
    REQUIRE(check(again, form, answers, today)->key == "fault.required");
    answers.set("bank.cardAgain", secret("9999990000000000")); // another number
    REQUIRE(check(again, form, answers, today).has_value());
    answers.set("bank.cardAgain", secret("9999990000000000139")); // valid, but another
    REQUIRE(check(again, form, answers, today)->key == "fault.repeat");
    answers.set("bank.cardAgain", secret(bank_number));
    REQUIRE_FALSE(check(again, form, answers, today).has_value());
}

TEST_CASE("values of a branch that was left are dropped", "[unit][forms]") {
    const auto& form = *shipped().form("problem-report");
    Answers answers;
    answers.set("report.callback", code("yes"));
    answers.set("person.phone", secret("13800000000"));
    drop_hidden(form, answers, today);
    REQUIRE(answers.find("person.phone"));
    answers.set("report.callback", code("no"));
    drop_hidden(form, answers, today);
    REQUIRE(answers.find("person.phone") == nullptr);
    REQUIRE(answers.find("report.callback"));
}
