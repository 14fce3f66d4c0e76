#include "kiosk/forms/submission.hpp"
#include "tests/unit/forms_support.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>

using namespace forms_test;
using forms::Answers;
using forms::Holder;
using forms::SubmissionFacts;

namespace {

std::string digest_of(char c) {
    return std::string(64, c);
}

// Facts for every page that the answers hold, as the sealing would give them.
SubmissionFacts facts_for(const forms::Form& form, const Answers& answers) {
    SubmissionFacts facts;
    facts.id = "6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e01";
    facts.receipt_no = "K7M4-92XH-T3QC";
    facts.confirmed_at = base::WallTime(1795314667s); // 2026-11-22 10:31:07 local
    facts.clock_synchronised = true;
    facts.monotonic_since_boot_ms = 8112345;
    facts.package_digest = "sha256:" + digest_of('a');
    facts.text_set_digest = "sha256:" + digest_of('b');
    facts.text_set_version = 3;
    const auto add = [&](std::uint32_t page, const char* media_type) {
        facts.attachments.push_back(
            {page, digest_of('c'), digest_of('d'), media_type, 412331, 'C'});
    };
    for (const auto& step : form.steps)
        for (const auto& field : step.fields) {
            const auto* answer = answers.find(field.id);
            if (!answer || !is_visible(form, answers, today, field.id)) continue;
            if (const auto* pages = std::get_if<forms::Attachments>(&answer->value))
                for (const auto page : pages->pages) add(page, "image/jpeg");
            if (const auto* signature = std::get_if<forms::Signature>(&answer->value))
                if (signature->picture) add(*signature->picture, "image/png");
        }
    return facts;
}

std::string clear(const forms::Form& form, const Answers& answers, const SubmissionFacts& facts) {
    const auto bytes = forms::clear_submission(form, answers, today, facts);
    if (!bytes) FAIL(bytes.error().text());
    return {bytes->begin(), bytes->end()};
}

// The longest branch of each shipped form.
Answers complete(const forms::Form& form) {
    Answers answers;
    if (form.identity != forms::IdentityLevel::l0)
        prefill_from_card(form, form.id == "elderly-allowance" ? elder_card() : pensioner_card(),
                          Holder::applicant, answers);
    for (const auto* id : {"person.name", "person.idNumber"}) answers.confirm(id);
    return filled(form, answers,
                  {{"forWhom", code(form.id == "elderly-allowance" ? "family" : "helping")},
                   {"addressSame", code("no")},
                   {"report.place", code("other")},
                   {"report.callback", code("yes")},
                   {"report.photo", forms::Attachments{{11, 12}}},
                   {"pension.livingPlace", code("abroad")}});
}

std::string golden(const std::string& matter) {
    std::ifstream file("tests/fixtures/submissions/" + matter + ".json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    // Laid out for the reader; compared without the spaces between.
    return nlohmann::ordered_json::parse(text, nullptr, false).dump();
}

} // namespace

TEST_CASE("the clear request of each matter is as recorded", "[unit][forms]") {
    for (const auto* matter : {"problem-report", "elderly-allowance", "pension-eligibility"}) {
        INFO(matter);
        const auto& form = *shipped().form(matter);
        const auto answers = complete(form);
        const auto json_text = clear(form, answers, facts_for(form, answers));
        if (std::getenv("KIOSK_WRITE_GOLDEN"))
            std::ofstream("tests/fixtures/submissions/" + std::string(matter) + ".json")
                << nlohmann::ordered_json::parse(json_text).dump(2) << "\n";
        REQUIRE(json_text == golden(matter));
    }
}

TEST_CASE("a request is the same in every language", "[unit][forms][refusal][G2]") {
    // Nothing about a language can come in; what shows words in one does not change the answers.
    for (const auto* matter : {"problem-report", "elderly-allowance", "pension-eligibility"}) {
        const auto& form = *shipped().form(matter);
        const auto answers = complete(form);
        const auto bytes = clear(form, answers, facts_for(form, answers));
        const auto parsed = json::parse(bytes);
        for (const auto* key : {"lang", "language", "locale"}) REQUIRE_FALSE(parsed.contains(key));
        for (const auto& answer : parsed["answers"])
            for (const auto& [key, value] : answer.items())
                REQUIRE((key == "field" || key == "value" || key == "source" ||
                         key == "confirmed" || key == "contested"));
        // No label of any option is sent: codes only.
        for (const auto& step : form.steps)
            for (const auto& field : step.fields)
                for (const auto& option : field.options)
                    for (const auto language : base::all_languages)
                        REQUIRE(bytes.find("\"" + std::string(option.label.in(language)) + "\"") ==
                                std::string::npos);
        for (const auto& consent : parsed["consents"]) {
            REQUIRE(consent["textSetDigest"] == "sha256:" + digest_of('b'));
            REQUIRE(consent["textSetVersion"] == 3);
        }
    }
}

TEST_CASE("a report about a place names nobody", "[unit][forms][refusal][G12]") {
    const auto& form = *shipped().form("problem-report");
    const auto answers = complete(form);
    const auto parsed = json::parse(clear(form, answers, facts_for(form, answers)));
    REQUIRE_FALSE(parsed.contains("applicant"));
}

TEST_CASE("a card in the hand is sent as possession and no more", "[unit][forms][refusal][G8]") {
    const auto& form = *shipped().form("elderly-allowance");
    const auto answers = complete(form);
    const auto parsed = json::parse(clear(form, answers, facts_for(form, answers)));
    REQUIRE(parsed["applicant"]["identity"] ==
            json{{"level", "L1"}, {"method", "possession-only"}});
}

TEST_CASE("fields of another branch are not sent", "[unit][forms]") {
    const auto& form = *shipped().form("elderly-allowance");
    auto answers = complete(form);
    answers.set("forWhom", code("self"));
    answers.set("addressSame", code("yes"));
    // Still there, because going back loses nothing; hidden, so not sent.
    REQUIRE(answers.find("agent.idNumber"));
    const auto bytes = clear(form, answers, facts_for(form, answers));
    REQUIRE(bytes.find("agent.") == std::string::npos);
    REQUIRE(bytes.find(leap_day_number) == std::string::npos);
    REQUIRE(bytes.find("person.address.current") == std::string::npos);
    REQUIRE(bytes.find("doc.mandate") == std::string::npos);
}

TEST_CASE("the number asked twice is sent once", "[unit][forms]") {
    const auto& form = *shipped().form("elderly-allowance");
    const auto answers = complete(form);
    const auto bytes = clear(form, answers, facts_for(form, answers));
    const auto first = bytes.find(bank_number);
    REQUIRE(first != std::string::npos);
    REQUIRE(bytes.find(bank_number, first + 1) == std::string::npos);
    REQUIRE(bytes.find("bank.cardAgain") == std::string::npos);
}

TEST_CASE("papers brought later carry the pages, the request and the card's number, no more",
          "[unit][forms][supplement][refusal][G8]") {
    const auto& form = *shipped().form("add-papers");
    const auto answers = complete(form);
    const auto facts = facts_for(form, answers);
    const forms::SupplementFacts with_card{"the-request", secret(elder_number)};
    const auto written = [&](const forms::SupplementFacts& supplement) {
        const auto bytes = forms::clear_supplement(form, answers, today, facts, supplement);
        REQUIRE(bytes);
        return json::parse(bytes->begin(), bytes->end());
    };
    const auto papers = written(with_card);
    std::set<std::string> members;
    for (const auto& [name, value] : papers.items()) members.insert(name);
    CHECK(members == std::set<std::string>{"schema", "id", "submissionId", "confirmedAt", "clock",
                                           "applicant", "attachments"});
    CHECK(papers["submissionId"] == "the-request");
    CHECK(papers["applicant"] ==
          json{{"idNumber", elder_number},
               {"identity", {{"level", "L1"}, {"method", "possession-only"}}}});
    CHECK(papers["attachments"].size() == facts.attachments.size());
    CHECK_FALSE(written({"the-request", {}}).contains("applicant"));
}

TEST_CASE("nothing but papers can be brought later, and not without a page",
          "[unit][forms][supplement]") {
    const auto& form = *shipped().form("add-papers");
    const forms::SupplementFacts supplement{"the-request", secret(elder_number)};
    const auto code_of = [&](const forms::Form& of, const Answers& answers) {
        const auto facts = facts_for(of, answers);
        return forms::clear_supplement(of, answers, today, facts, supplement).error().code;
    };
    CHECK(code_of(form, {}) == base::Errc::invalid_input);
    auto more = complete(form);
    more.set("person.phone", secret("13800000000"));
    CHECK(code_of(form, more) == base::Errc::invalid_input);
    const auto& other = *shipped().form("problem-report");
    CHECK(code_of(other, complete(other)) == base::Errc::invalid_input);
}

TEST_CASE("what the form does not declare cannot be sent", "[unit][forms]") {
    const auto& form = *shipped().form("problem-report");
    auto answers = complete(form);
    const auto facts = facts_for(form, answers);
    answers.set("person.idNumber", secret(elder_number));
    REQUIRE(forms::clear_submission(form, answers, today, facts).error().code ==
            base::Errc::invalid_input);
}

TEST_CASE("a request with any answer missing or wrong is not written", "[unit][forms]") {
    for (const auto* matter : {"problem-report", "elderly-allowance", "pension-eligibility"}) {
        const auto& form = *shipped().form(matter);
        const auto answers = complete(form);
        for (const auto& step : form.steps)
            for (const auto& field : step.fields) {
                if (!is_required(field, form, answers, today)) continue;
                if (!is_visible(form, answers, today, field.id)) continue;
                INFO(matter << " " << field.id);
                auto lacking = answers;
                lacking.erase(field.id);
                auto wrong = answers;
                // A consent for a text, a text for anything else: never the field's own kind.
                if (std::holds_alternative<base::SecretText>(answers.find(field.id)->value))
                    wrong.set(field.id, forms::ConsentGiven{});
                else
                    wrong.set(field.id, secret("x"));
                for (const auto& bad : {lacking, wrong}) {
                    const auto result =
                        forms::clear_submission(form, bad, today, facts_for(form, bad));
                    // Without an answer that opens a branch the branch closes, and with it what
                    // is still answered there is hidden: never a half request.
                    REQUIRE_FALSE(result.has_value());
                    REQUIRE(result.error().context.find(elder_number) == std::string::npos);
                }
            }
    }
}

TEST_CASE("every page is sealed, and no page comes along unasked", "[unit][forms]") {
    const auto& form = *shipped().form("elderly-allowance");
    const auto answers = complete(form);
    auto facts = facts_for(form, answers);
    facts.attachments.push_back({999, digest_of('c'), digest_of('d'), "image/jpeg", 1, 'C'});
    REQUIRE_FALSE(forms::clear_submission(form, answers, today, facts).has_value());
    facts.attachments.pop_back();
    REQUIRE(forms::clear_submission(form, answers, today, facts).has_value());
    facts.attachments.pop_back();
    REQUIRE_FALSE(forms::clear_submission(form, answers, today, facts).has_value());
}

TEST_CASE("text with quotes and control signs stays inside its string", "[unit][forms]") {
    const auto& form = *shipped().form("problem-report");
    auto answers = complete(form);
    answers.set("report.text", secret(R"(a"},{"field":"x","value":"\)"));
    const auto parsed = json::parse(clear(form, answers, facts_for(form, answers)));
    bool found = false;
    for (const auto& answer : parsed["answers"]) {
        REQUIRE(answer["field"] != "x");
        if (answer["field"] != "report.text") continue;
        REQUIRE(answer["value"] == R"(a"},{"field":"x","value":"\)");
        found = true;
    }
    REQUIRE(found);
}

TEST_CASE("no mark of isolation leaves the kiosk in a request", "[unit][forms]") {
    // They stand around values on the screen; an answer that has one is no answer.
    for (const auto& matter : shipped().matters()) {
        const auto& form = *shipped().form(matter.id);
        const auto whole = complete(form);
        const auto sent = clear(form, whole, facts_for(form, whole));
        int texts = 0;
        for (const auto& step : form.steps)
            for (const auto& field : step.fields) {
                const auto* answer = whole.find(field.id);
                const auto* text = answer ? std::get_if<base::SecretText>(&answer->value) : nullptr;
                if (!text || !is_visible(form, whole, today, field.id)) continue;
                for (const auto* mark : {"\u2066", "\u2067", "\u2068", "\u2069"}) {
                    CHECK(sent.find(mark) == std::string::npos);
                    auto answers = complete(form);
                    answers.set(field.id, secret(std::string(text->view()) + mark));
                    INFO(matter.id << " " << field.id);
                    CHECK(!forms::clear_submission(form, answers, today, facts_for(form, answers)));
                }
                ++texts;
            }
        CHECK((texts > 0 || forms::asks_papers_alone(form)));
    }
}

TEST_CASE("a value that the person contested says so", "[unit][forms]") {
    const auto& form = *shipped().form("elderly-allowance");
    auto answers = complete(form);
    answers.contest("person.name");
    answers.contest("person.address.registered");
    const auto parsed = json::parse(clear(form, answers, facts_for(form, answers)));
    REQUIRE(parsed["applicant"]["contested"] == json{"name"});
    for (const auto& answer : parsed["answers"])
        REQUIRE(answer.contains("contested") == (answer["field"] == "person.address.registered"));
}

TEST_CASE("answers and requests live in the arena and leave it empty", "[unit][forms]") {
    const auto before = base::SessionArena::instance().in_use();
    {
        const auto& form = *shipped().form("elderly-allowance");
        const auto answers = complete(form);
        const auto bytes = forms::clear_submission(form, answers, today, facts_for(form, answers));
        REQUIRE(bytes.has_value());
        REQUIRE(base::SessionArena::instance().in_use() > before + bytes->size());
    }
    REQUIRE(base::SessionArena::instance().in_use() == before);
}
