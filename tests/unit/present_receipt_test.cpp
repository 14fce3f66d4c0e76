// Goal: a receipt says enough to come back with, and nothing that a finder could use. Method:
// whole visits as in present_test.cpp; every text of the document is looked at.
#include "kiosk/present/receipt.hpp"

#include "kiosk/text/message.hpp"
#include "printer/layout.hpp"
#include "tests/unit/present_visit.hpp"

#include <catch2/catch.hpp>

using session::Input;
using session::Signal;
using session::Step;
using test::Visitor;

namespace {

std::vector<std::string> texts_of(const printer::Document& document) {
    std::vector<std::string> texts;
    const auto add = [&](const base::SecretText& text) { texts.emplace_back(text.view()); };
    for (const auto& block : document.blocks) {
        if (const auto* paragraph = std::get_if<printer::Paragraph>(&block))
            add(paragraph->content.text);
        if (const auto* banner = std::get_if<printer::Banner>(&block))
            for (const auto& text : banner->texts) add(text.text);
        if (const auto* qr = std::get_if<printer::Qr>(&block)) add(qr->payload);
        if (const auto* pair = std::get_if<printer::Pair>(&block)) {
            add(pair->label);
            add(pair->value);
        }
    }
    return texts;
}

bool contains(const printer::Document& document, std::string_view part) {
    for (const auto& text : texts_of(document))
        if (text::strip_isolates(text).find(part) != std::string::npos) return true;
    return false;
}

std::string qr_of(const printer::Document& document) {
    for (const auto& block : document.blocks)
        if (const auto* qr = std::get_if<printer::Qr>(&block))
            return std::string(qr->payload.view());
    return {};
}

Visitor after(std::string_view matter, base::Language language) {
    Visitor visitor(language);
    visitor.answers = {{"report.kind", "lamp"},
                       {"report.place", "other"},
                       {"report.placeText", "Main road 5"},
                       {"report.text", "The lamp is dark"},
                       {"report.callback", "yes"},
                       {"person.phone", std::string(test::phone_number)},
                       {"forWhom", matter == "pension-eligibility" ? "helping" : "family"},
                       {"agent.relation", "child"},
                       {"addressSame", "yes"},
                       {"otherAllowance", "no"},
                       {"bank.card", std::string(test::bank_number)},
                       {"bank.cardAgain", std::string(test::bank_number)},
                       {"doc.household", "2"},
                       {"doc.mandate", "1"},
                       {"pension.kind", "resident"},
                       {"pension.livingPlace", "district"},
                       {"person.address.current", "Main road 5"}};
    visitor.begin(matter);
    for (const auto* id : {"bank.name", "person.address.region"})
        if (const auto* field = visitor.session.visit->form->find(id))
            visitor.answers[id] = field->options.front().code;
    visitor.go_to(Step::result);
    return visitor;
}

} // namespace

TEST_CASE("a receipt names matter, state, number, time and the office in every language",
          "[unit][present][receipt]") {
    const auto language = GENERATE(base::Language::zh, base::Language::ug, base::Language::en);
    const auto* matter = GENERATE("problem-report", "elderly-allowance", "pension-eligibility");
    auto visitor = after(matter, language);
    const auto& content = *visitor.facts.world.content;
    auto document = present::receipt(visitor.session, visitor.facts);
    const auto& title = content.matter(matter)->title;
    CHECK(contains(document, title.in(language)));
    CHECK(contains(document, title.in(base::Language::zh))); // for the counter
    CHECK(contains(document, content.text("receipt.stored", language)));
    CHECK(contains(document, content.text("receipt.stored", base::Language::zh)));
    CHECK_FALSE(contains(document, content.text("receipt.accepted", language)));
    CHECK(contains(document, "K7M4 92XH T3QC"));
    CHECK(qr_of(document) == "K7M492XHT3QC");
    CHECK(contains(document, "2026-11-22 10:31"));
    CHECK(contains(document, content.office().phone));
    CHECK(contains(document, content.matter(matter)->next.front().in(language)));
    for (const auto& text : texts_of(document)) {
        INFO(text);
        CHECK(text.find("⟦") == std::string::npos);
        CHECK(text.find('{') == std::string::npos);
    }
    CHECK(content.missing_texts() == 0);

    visitor.tell(Input{Signal::delivered, session::DeliveredInput{"key"}});
    document = present::receipt(visitor.session, visitor.facts);
    CHECK(contains(document, content.text("receipt.accepted", language)));
    CHECK_FALSE(contains(document, content.text("receipt.stored", language)));
    // The marks of isolation around values are for eyes only.
    CHECK(!qr_of(document).empty());
    CHECK(qr_of(document) == text::strip_isolates(qr_of(document)));
}

TEST_CASE("a receipt carries no number, telephone, address, bank card or name of a person",
          "[unit][present][receipt][refusal][P10]") {
    const auto language = GENERATE(base::Language::zh, base::Language::ug, base::Language::en);
    const auto* matter = GENERATE("problem-report", "elderly-allowance", "pension-eligibility");
    auto visitor = after(matter, language);
    const auto document = present::receipt(visitor.session, visitor.facts);
    for (const auto secret :
         {test::elder_number, test::helper_number, test::phone_number, test::bank_number,
          test::elder_name, test::helper_name, test::elder_address})
        CHECK_FALSE(contains(document, secret));
    // Nor the parts that masks leave on the screen.
    for (const auto* part : {"6021", "0046", "0027", "0121", "659999", "138", "Main road"})
        CHECK_FALSE(contains(document, part));
    CHECK(contains(document, "阿**") == (std::string_view(matter) != "problem-report"));
}

TEST_CASE("a receipt counts papers and says what is left for the counter",
          "[unit][present][receipt]") {
    const auto& content = *test::content();
    auto visitor = after("elderly-allowance", base::Language::en);
    auto document = present::receipt(visitor.session, visitor.facts);
    CHECK(contains(document, "3 pages")); // two of the household book, one mandate
    CHECK_FALSE(contains(document, content.text("receipt.missing", base::Language::en)));

    visitor = after("pension-eligibility", base::Language::en);
    document = present::receipt(visitor.session, visitor.facts);
    CHECK(contains(document, content.text("receipt.missing.identity", base::Language::en)));
    CHECK_FALSE(contains(document, content.text("receipt.papers", base::Language::en)));
}

TEST_CASE("a report's receipt says what and where, and names nobody", "[unit][present][receipt]") {
    auto visitor = after("problem-report", base::Language::en);
    const auto document = present::receipt(visitor.session, visitor.facts);
    const auto* kind = visitor.session.visit->form->find("report.kind");
    for (const auto& option : kind->options)
        CHECK(contains(document, option.label.in(base::Language::en)) == (option.code == "lamp"));
    CHECK_FALSE(contains(document, test::content()->text("receipt.name", base::Language::en)));
}

TEST_CASE("a copy after the visit is marked and has no name line",
          "[unit][present][receipt][refusal][G5]") {
    const auto language = GENERATE(base::Language::zh, base::Language::ug, base::Language::en);
    const auto& content = *test::content();
    present::JournalEntry entry;
    entry.number = test::receipt_number;
    entry.matter = "elderly-allowance";
    entry.form_version = 1;
    const auto copy = present::receipt_copy(entry, content, language, 2);
    const auto mark = content.text("receipt.copy", language, {{"copy", "2"}});
    CHECK(contains(copy, text::strip_isolates(mark)));
    CHECK(contains(copy, "K7M4 92XH T3QC"));
    CHECK(qr_of(copy) == "K7M492XHT3QC");
    CHECK_FALSE(contains(copy, content.text("receipt.name", language)));
    // A matter that content no longer has is left out; the number is enough.
    entry.matter = "gone";
    CHECK(contains(present::receipt_copy(entry, content, language, 1), "K7M4 92XH T3QC"));
    CHECK(content.missing_texts() == 0);
}

TEST_CASE("a matter that asks for no identity prints no name, whatever its form holds",
          "[unit][present][receipt][refusal][G12]") {
    auto visitor = after("elderly-allowance", base::Language::en);
    auto form = *visitor.session.visit->form;
    form.identity = forms::IdentityLevel::l0;
    visitor.session.visit->form = &form;
    CHECK_FALSE(contains(present::receipt(visitor.session, visitor.facts), "阿"));
}

TEST_CASE("every receipt fits every paper, and the fonts have all of its letters",
          "[unit][present][receipt]") {
    auto fonts = text::FontSet::open("/usr/share/fonts");
    REQUIRE(fonts);
    text::Typesetter typesetter(*fonts);
    const auto language = GENERATE(base::Language::zh, base::Language::ug, base::Language::en);
    const auto* matter = GENERATE("problem-report", "elderly-allowance", "pension-eligibility");
    auto visitor = after(matter, language);
    for (const auto& profile : printer::profiles()) {
        INFO(profile.name);
        const auto slip =
            printer::lay_out(present::receipt(visitor.session, visitor.facts), profile, typesetter);
        REQUIRE(slip);
        CHECK(slip->missing.empty());
    }
}

TEST_CASE("every state of the printer has words in every language", "[unit][present][receipt]") {
    using printer::State;
    const auto& content = *test::content();
    for (const auto state : {State::absent, State::probing, State::ready, State::printing,
                             State::paper_low, State::paper_out, State::cover_open, State::cutter,
                             State::hot, State::stalled, State::dead})
        for (const auto key :
             {printer::state_key(state), printer::staff_key(state), printer::resident_key(state)})
            for (const auto language : base::all_languages) {
                INFO(key);
                if (!key.empty()) CHECK_FALSE(content.text(key, language).empty());
            }
    CHECK(content.missing_texts() == 0);
}

TEST_CASE("a void note and a test slip name nobody and speak three languages",
          "[unit][present][receipt][refusal][G5]") {
    const auto& content = *test::content();
    const auto note = present::void_note(test::receipt_number, content);
    const auto slip = present::test_slip(content, base::WallTime{});
    for (const auto language : base::all_languages) {
        CHECK(contains(note, content.text("receipt.void", language)));
        CHECK(contains(slip, content.text("receipt.printer-test", language)));
    }
    CHECK(contains(note, "K7M4 92XH T3QC"));
    CHECK(qr_of(note).empty()); // nothing to be scanned as if it were valid
    CHECK(content.missing_texts() == 0);
}
