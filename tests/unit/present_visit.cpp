#include "tests/unit/present_visit.hpp"

#include "kiosk/forms/field_types.hpp"
#include "kiosk/text/unicode.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

namespace test {

using screens::Action;
using session::Input;
using session::Signal;
using session::Step;

forms::CardValues elder_card() {
    return {base::SecretText(elder_name),    base::SecretText(elder_number),
            base::SecretText("1940-03-15"),  base::SecretText("male"),
            base::SecretText(elder_address), base::SecretText("long-term")};
}

forms::CardValues helper_card() {
    return {base::SecretText(helper_name),   base::SecretText(helper_number),
            base::SecretText("1988-02-29"),  base::SecretText("female"),
            base::SecretText(elder_address), base::SecretText("2030-01-01")};
}

session::StoredPage page() {
    const base::Bytes bytes{1, 2, 3};
    return {"image/jpeg", std::make_shared<const base::SecretBytes>(bytes.begin(), bytes.end()),
            std::make_shared<const base::Picture>(base::Picture{1, 1, 1, {0}})};
}

std::shared_ptr<const content::ContentSet> content() {
    static const auto set = content::ContentSet::open("assets/content");
    REQUIRE(set);
    return *set;
}

Visitor::Visitor(base::Language chosen) : language(chosen) {
    facts.world.content = content();
    // 2026-11-22 10:31 local time.
    facts.world.wall = std::chrono::sys_days(base::Date(
                           std::chrono::year(2026), std::chrono::month(11), std::chrono::day(22))) +
                       std::chrono::hours(2) + std::chrono::minutes(31);
    facts.live = std::make_shared<const base::Picture>(base::Picture{1, 1, 1, {0}});
}

void Visitor::look() {
    ++screens_seen;
    steps_seen.insert(session.step);
    for (const auto each : base::all_languages) {
        auto in_language = session;
        in_language.language = each;
        const auto words = words_of(present::model(in_language, view, facts));
        INFO("step " << to_string(session.step) << ", " << base::to_string(each));
        for (const auto& text : words.texts) {
            INFO(text);
            CHECK(text.find("⟦") == std::string::npos);
            CHECK(text.find('{') == std::string::npos);
        }
        // Spec reliability P9: masked except while it is edited.
        for (const auto secret : {elder_number, helper_number, phone_number, bank_number})
            CHECK_FALSE(words.contains(secret));
        for (const auto& icon : words.icons) {
            INFO(icon);
            CHECK(std::filesystem::exists("assets/icons/" + icon + ".svg"));
        }
    }
    CHECK(facts.world.content->missing_texts() == 0);
}

void Visitor::tell(Input input) {
    auto outcome = session::apply(std::move(session), std::move(input), facts.world);
    session = std::move(outcome.session);
    view = present::follow(std::move(view), session);
    look();
}

present::Reaction Visitor::press(const screens::ScreenIntent& intent) {
    auto reaction = present::react(session, view, intent, facts);
    view = reaction.view;
    for (auto& input : reaction.inputs) tell(input);
    return reaction;
}

void Visitor::type(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto next = text::next_boundary(text, at);
        press(screens::Typed{std::string(text.substr(at, next - at))});
        at = next;
    }
}

void Visitor::begin(std::string_view matter) {
    view = present::follow(view, session);
    look();
    press(language);
    press(screens::Chosen{std::string(matter)});
    REQUIRE(session.step == Step::notice);
}

void Visitor::lay_card() {
    const auto who = session::current_field(*session.visit).who;
    tell(Input{Signal::card_read,
               session::CardInput{who == forms::Holder::agent ? helper_card() : elder_card()}});
}

void Visitor::answer_question() {
    const auto& field = session::current_field(*session.visit);
    const auto answer = answers.find(field.id);
    if (answer != answers.end()) {
        const auto widget = forms::row_of(field.type).widget;
        if (widget == forms::Widget::choice || widget == forms::Widget::multi_choice)
            press(screens::Chosen{answer->second});
        else
            type(answer->second);
    }
    press(Action::go);
}

void Visitor::answer_one() {
    const auto field = session.visit ? session.visit->field : std::string();
    const auto answer = answers.find(field);
    const bool has_answer = answer != answers.end();
    switch (session.step) {
    case Step::card: return lay_card();
    case Step::question: return answer_question();
    case Step::scan:
        if (!has_answer) return void(press(screens::ScanPress::other_way));
        press(Action::go);
        return tell(Input{Signal::page_captured, session::CapturedPage{page()}});
    case Step::page_check: return void(press(screens::PageCheckPress::use));
    case Step::pages: {
        const auto taken = session::pages_of(*session.visit, field).size();
        if (has_answer && taken < std::stoul(answer->second))
            return void(press(screens::PagesPress::add));
        return void(press(Action::go));
    }
    case Step::identity: return void(press(screens::Chosen{"counter-code"}));
    case Step::no_card: return void(press(screens::Chosen{"counter-code"}));
    case Step::declare: return void(press(screens::ConsentAnswer::agree));
    case Step::prefill_offer: return void(press(screens::ConsentAnswer::decline));
    case Step::fetching: return tell(Input{Signal::answer_due});
    case Step::signature:
        if (has_answer) return void(press(screens::SignaturePress::at_counter));
        press(screens::Ink{{{0.1f, 0.1f}, {0.5f, 0.5f}}});
        press(screens::Ink{{{0.5f, 0.1f}, {0.1f, 0.5f}}});
        return void(press(Action::go));
    case Step::submitting:
        return tell(Input{Signal::stored, session::StoredInput{"key", std::string(receipt_number),
                                                               facts.world.wall}});
    case Step::sending: return tell(Input{Signal::answer_due});
    case Step::notice:
    case Step::prefilled:
    case Step::review: return void(press(Action::go));
    case Step::attract:
    case Step::home:
    case Step::groups:
    case Step::group:
    case Step::notices:
    case Step::hours:
    case Step::number:
    case Step::show_receipt:
    case Step::proof:
    case Step::phone_tail:
    case Step::show_card:
    case Step::asking:
    case Step::status:
    case Step::withdraw:
    case Step::unanswered:
    case Step::todos:
    case Step::face_consent:
    case Step::face_check:
    case Step::result:
    case Step::witness:
    case Step::refused:
    case Step::goodbye:
    case Step::wipe:
    case Step::forward:
    case Step::backward:
    case Step::stay: break;
    }
    FAIL("nobody answers " << to_string(session.step) << " " << field);
}

void Visitor::go_to(Step step) {
    for (int i = 0; i < 200 && session.step != step; ++i) answer_one();
    INFO("at " << to_string(session.step) << " " << (session.visit ? session.visit->field : ""));
    REQUIRE(session.step == step);
}

void Visitor::go_to_field(std::string_view field) {
    for (int i = 0; i < 200 && session.visit->field != field; ++i) answer_one();
    REQUIRE(session.visit->field == field);
}

} // namespace test
