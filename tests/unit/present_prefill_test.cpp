// What somebody sees of the values that the platform gave: never more than the mask (spec
// safeguards G8), each with where it is from and from when.
#include "kiosk/content/manifest.hpp"
#include "kiosk/forms/submission.hpp"
#include "tests/support/content_maker.hpp"
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

TEST_CASE("a bank card or an address that a district's form asks the platform for shows nothing",
          "[unit][present][prefill][refusal][G8]") {
    constexpr std::string_view address = "样品路12号3单元";
    constexpr std::string_view bank = "9999990000000000121";
    // The smallest change by which a form would fetch both.
    const auto made = [](bool with_bank) {
        const support::ContentMaker maker;
        const auto folder = maker.path("set");
        std::filesystem::copy("assets/content", folder);
        maker.change(folder, "form-elderly-allowance.json", [&](auto& form) {
            auto& address_step = form["steps"][3]["fields"];
            address_step = {address_step[2]};
            address_step[0].erase("showIf");
            address_step[0]["prefill"] = {"platform"};
            if (with_bank) form["steps"][6]["fields"][1]["prefill"] = {"platform", "session"};
        });
        REQUIRE(content::write_manifest(folder).has_value());
        return content::ContentSet::open(folder);
    };
    // No set has a form that asks for the bank card (V14).
    const auto refused = made(true);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().context.find("[V14]") != std::string::npos);

    const auto set = made(false);
    INFO((set ? std::string() : set.error().text()));
    REQUIRE(set.has_value());
    Visitor visitor;
    visitor.facts.world.content = *set;
    visitor.begin("elderly-allowance");
    visitor.go_to(Step::prefill_offer);
    visitor.press(screens::ConsentAnswer::agree);
    REQUIRE(visitor.session.step == Step::fetching);
    // A platform that says more than it was asked.
    const content::ContentSet::Values known{{"person.address.current", std::string(address)},
                                            {"bank.card", std::string(bank)},
                                            {"bank.name", "boc"}};
    session::PrefillInput input{visitor.session.visit->prefill_serial, {}};
    for (const auto& [term, text] : known)
        input.values.push_back({term, base::SecretText(text), {"social-insurance", recorded}});
    visitor.tell({Signal::prefill_answered, std::move(input)});
    REQUIRE(visitor.session.step == Step::prefilled);

    const auto& answers = visitor.session.visit->answers;
    const auto* held = answers.find("person.address.current");
    REQUIRE(held != nullptr);
    CHECK(held->source == forms::Source::platform);
    for (const auto* id : {"bank.card", "bank.cardAgain", "bank.name"})
        CHECK(answers.find(id) == nullptr);
    bool is_masked = false;
    for (const auto& row : visitor.model_as<screens::PrefilledModel>().rows)
        if (row.id == "person.address.current")
            is_masked = row.value == base::SecretText("样品路**号**单元");
    CHECK(is_masked);
    const auto shows_nothing = [&] {
        for (const auto language : base::all_languages) {
            auto in_language = visitor.session;
            in_language.language = language;
            const auto words = words_of(present::model(in_language, visitor.view, visitor.facts));
            CHECK_FALSE(words.contains(address));
            CHECK_FALSE(words.contains("12号"));
            CHECK_FALSE(words.contains("3单元"));
            CHECK_FALSE(words.contains(bank.substr(15)));
        }
    };
    shows_nothing();

    // What is paid where is typed by whoever stands there, and goes as possession, no more.
    visitor.answers = {
        {"forWhom", "self"},        {"person.phone", std::string(test::phone_number)},
        {"otherAllowance", "no"},   {"bank.name", "boc"},
        {"doc.household", "1"},     {"doc.bank", "1"},
        {"declare.sign", "counter"}};
    visitor.go_to_field("bank.card");
    CHECK(visitor.model_as<screens::QuestionDigitsModel>().digits.empty());
    shows_nothing();
    visitor.answers["bank.card"] = visitor.answers["bank.cardAgain"] = "9999990000000000139";
    visitor.go_to(Step::review);
    for (const auto& row : visitor.model_as<screens::ReviewModel>().rows)
        if (row.id == "person.address.current")
            CHECK(row.value == base::SecretText("样品路**号**单元"));
    // To change it is to write another one: nothing stands there.
    visitor.press(screens::Chosen{"person.address.current"});
    REQUIRE(visitor.session.step == Step::question);
    CHECK(visitor.model_as<screens::QuestionTextModel>().text.empty());
    visitor.press(screens::Action::back);
    visitor.go_to(Step::submitting);
    const auto& visit = *visitor.session.visit;
    forms::SubmissionFacts facts;
    facts.id = "00000000-0000-4000-8000-000000000000";
    facts.receipt_no = test::receipt_number;
    facts.confirmed_at = visitor.facts.world.wall;
    facts.package_digest = (*set)->digest();
    facts.text_set_digest = (*set)->consent_set_digest();
    facts.text_set_version = (*set)->consent_set_version();
    for (const auto& [number, page] : visit.pages)
        facts.attachments.push_back(
            {number, std::string(64, 'a'), std::string(64, 'b'), page.media_type, 3, 'C'});
    const auto request =
        forms::clear_submission(*visit.form, visit.answers, visitor.facts.world.today(), facts);
    INFO((request ? std::string() : request.error().text()));
    REQUIRE(request.has_value());
    const auto text = base::as_text(*request);
    CHECK(text.find(R"("method":"possession-only")") != text.npos);
    CHECK(text.find(bank) == text.npos);
    CHECK(text.find("9999990000000000139") != text.npos);
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
