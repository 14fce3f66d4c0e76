// Goal: whoever walks through a matter sees words, a way on, and nothing of themselves unmasked.
// Method: whole visits are pressed through react() and the session; every screen of them is looked
// at in all three languages (test::Visitor::look).
#include "tests/unit/present_visit.hpp"

#include "kiosk/forms/masks.hpp"
#include "kiosk/present/typing.hpp"

#include <catch2/catch.hpp>

using screens::Action;
using session::Input;
using session::Signal;
using session::Step;
using test::Visitor;

namespace {

Visitor problem_report(base::Language language = base::Language::en) {
    Visitor visitor(language);
    visitor.answers = {{"report.kind", "lamp"},
                       {"report.place", "other"},
                       {"report.placeText", "Main road 5"},
                       {"report.text", "The lamp is dark"},
                       {"report.callback", "yes"},
                       {"person.phone", std::string(test::phone_number)}};
    visitor.begin("problem-report");
    return visitor;
}

Visitor elderly_allowance(std::string for_whom, base::Language language = base::Language::en) {
    Visitor visitor(language);
    visitor.answers = {{"forWhom", std::move(for_whom)},
                       {"agent.relation", "child"},
                       {"addressSame", "yes"},
                       {"person.phone", std::string(test::phone_number)},
                       {"otherAllowance", "no"},
                       {"bank.card", std::string(test::bank_number)},
                       {"bank.cardAgain", std::string(test::bank_number)},
                       {"doc.household", "2"},
                       {"doc.mandate", "1"}};
    visitor.begin("elderly-allowance");
    const auto* bank = visitor.session.visit->form->find("bank.name");
    REQUIRE(bank != nullptr);
    visitor.answers["bank.name"] = bank->options.front().code;
    return visitor;
}

Visitor pension(base::Language language = base::Language::en) {
    Visitor visitor(language);
    visitor.answers = {{"forWhom", "self"},
                       {"pension.kind", "resident"},
                       {"pension.livingPlace", "district"},
                       {"person.address.current", "Main road 5"},
                       {"person.phone", std::string(test::phone_number)}};
    visitor.begin("pension-eligibility");
    const auto* region = visitor.session.visit->form->find("person.address.region");
    REQUIRE(region != nullptr);
    visitor.answers["person.address.region"] = region->options.front().code;
    return visitor;
}

std::string with_digits(int count) {
    return std::string(std::size_t(count), '9');
}

} // namespace

// ---- whole visits ----

TEST_CASE("a neighbourhood report reaches its number in every language", "[unit][present]") {
    const auto language = GENERATE(base::Language::zh, base::Language::ug, base::Language::en);
    auto visitor = problem_report(language);
    visitor.go_to(Step::result);
    CHECK(visitor.steps_seen.count(Step::card) == 0);
    visitor.tell(Input{Signal::delivered, session::DeliveredInput{"key"}});
    CHECK(visitor.model_as<screens::ResultModel>().kind == screens::ResultModel::Kind::accepted);
    visitor.press(screens::ResultPress::done);
    visitor.facts.card_on_reader = false;
    CHECK_FALSE(visitor.model_as<screens::GoodbyeModel>().card_on_reader);
    visitor.press(screens::GoodbyePress::done);
    visitor.tell(Input{Signal::wiped});
    CHECK(visitor.session.step == Step::attract);
}

TEST_CASE("an older person applies alone, and a relative applies for them", "[unit][present]") {
    const auto language = GENERATE(base::Language::zh, base::Language::ug, base::Language::en);
    const auto* for_whom = GENERATE("self", "family");
    auto visitor = elderly_allowance(for_whom, language);
    visitor.go_to(Step::result);
    CHECK(visitor.steps_seen.count(Step::card) == 1);
    CHECK(visitor.steps_seen.count(Step::signature) == 1);
    CHECK(visitor.model_as<screens::ResultModel>().card.has_value());
    visitor.press(screens::ResultPress::done);
    REQUIRE(visitor.session.step == Step::goodbye);
    // The last page was forgotten under the camera: that is said, and waits.
    visitor.tell({Signal::desk_seen, session::DeskSight::occupied});
    visitor.facts.card_on_reader = false;
    const auto forgotten = visitor.model_as<screens::GoodbyeModel>();
    visitor.press(screens::GoodbyePress::done);
    CHECK(visitor.session.step == Step::goodbye);
    visitor.facts.card_on_reader = true;
    CHECK(visitor.model_as<screens::GoodbyeModel>().sub != forgotten.sub); // both lie there
    CHECK(visitor.model_as<screens::GoodbyeModel>().card_on_reader);
    visitor.tell({Signal::desk_seen, session::DeskSight::empty});
    CHECK(visitor.session.step == Step::wipe);
    if (language != base::Language::en) return;
    CHECK(forgotten.title == "Please take your papers");
    CHECK(forgotten.sub == "A paper is still under the lamp.");
    CHECK_FALSE(forgotten.has_picture);
}

TEST_CASE("a pension is confirmed with a code for the counter, without a face",
          "[unit][present][refusal][D4.2]") {
    const auto language = GENERATE(base::Language::zh, base::Language::ug, base::Language::en);
    auto visitor = pension(language);
    visitor.go_to(Step::identity);
    const auto model = visitor.model_as<screens::OtherwayModel>();
    REQUIRE(model.ways.size() == 3);
    for (const auto& way : model.ways) {
        CHECK(way.available == (way.id == "counter-code"));
        CHECK(way.available == way.reason.empty());
        if (!way.available)
            CHECK(present::react(visitor.session, visitor.view, screens::Chosen{way.id},
                                 visitor.facts)
                      .inputs.empty());
    }
    visitor.go_to(Step::result);
    const auto result = visitor.model_as<screens::ResultModel>();
    CHECK(result.sub == visitor.facts.world.content->text("result.counter.sub", language));
}

TEST_CASE("two matters in one visit ask for the card once", "[unit][present]") {
    auto visitor = pension();
    visitor.go_to(Step::result);
    visitor.press(screens::ResultPress::another);
    REQUIRE(visitor.session.step == Step::home);
    visitor.answers = {{"forWhom", "self"}, {"addressSame", "yes"}};
    visitor.steps_seen.clear();
    visitor.press(screens::Chosen{"elderly-allowance"});
    visitor.go_to_field("forWhom");
    CHECK(visitor.steps_seen.count(Step::prefilled) == 1);
    CHECK(visitor.steps_seen.count(Step::card) == 0);
}

// ---- before and around a visit ----

TEST_CASE("nobody is asked for a card before the notice has said what does not work today",
          "[unit][present][refusal][G19]") {
    Visitor visitor(base::Language::en);
    visitor.begin("pension-eligibility");
    const auto hours = visitor.facts.world.content->office().hours.in(base::Language::en);
    CHECK(words_of(visitor.model()).contains(hours));
    visitor.facts.staff_on_duty = true;
    CHECK_FALSE(words_of(visitor.model()).contains(hours));

    visitor.facts = {visitor.facts.world};
    visitor.facts.card_reader_ok = false;
    visitor.facts.camera_ok = false;
    visitor.facts.printer_ok = false;
    visitor.facts.accepting = false;
    visitor.look();
    const auto notice = visitor.model_as<screens::NoticeModel>();
    CHECK(notice.notes.size() >= 4);
    CHECK_FALSE(notice.actions.go_ready);
    const auto reaction = visitor.press(Action::go);
    CHECK(reaction.not_yet);
    CHECK(visitor.session.step == Step::notice);
}

TEST_CASE("a report says nothing of cards or staff", "[unit][present][refusal][G12]") {
    Visitor visitor;
    visitor.facts.card_reader_ok = false;
    visitor.begin("problem-report");
    CHECK(visitor.model_as<screens::NoticeModel>().notes.empty());
    visitor.answers = {{"report.kind", "lamp"}, {"report.place", "other"}};
    visitor.answers["report.placeText"] = "Main road 5";
    visitor.go_to_field("report.text");
    for (const auto language : base::all_languages) {
        visitor.session.language = language;
        const auto hint = visitor.session.visit->form->find("report.text")->hint.in(language);
        CHECK(words_of(visitor.model()).contains(hint)); // about places and things only
    }
}

TEST_CASE("the attract screen and the closed kiosk speak all three languages", "[unit][present]") {
    Visitor visitor;
    visitor.look();
    const auto attract = visitor.model_as<screens::AttractModel>();
    const auto closed = std::get<screens::OutOfServiceModel>(
        present::out_of_service(visitor.session, visitor.facts));
    for (std::size_t i = 0; i < base::all_languages.size(); ++i) {
        CHECK_FALSE(attract.greeting[i].empty());
        CHECK_FALSE(closed.title[i].empty());
        CHECK(closed.text[i].find('{') == std::string::npos);
    }
    CHECK(visitor.facts.world.content->missing_texts() == 0);
}

TEST_CASE("the language can be chosen over any screen, also before the visit", "[unit][present]") {
    Visitor visitor;
    visitor.view = present::follow(visitor.view, visitor.session);
    visitor.press(screens::FrameIntent::language);
    REQUIRE(std::holds_alternative<screens::LanguageModel>(visitor.model()));
    visitor.press(base::Language::ug);
    CHECK(visitor.session.step == Step::home);
    CHECK(visitor.session.language == base::Language::ug);
    visitor.press(screens::FrameIntent::language);
    visitor.press(Action::back);
    CHECK(visitor.session.overlay == session::Overlay::none);
}

TEST_CASE("the idle question counts down in whole seconds and never below none",
          "[unit][present]") {
    auto visitor = problem_report();
    visitor.tell(Input{Signal::idle});
    CHECK(visitor.model_as<screens::IdleModel>().seconds_left == 45);
    visitor.facts.world.now += base::Milliseconds(100);
    CHECK(visitor.model_as<screens::IdleModel>().seconds_left == 45);
    visitor.facts.world.now += base::Milliseconds(14'900);
    CHECK(visitor.model_as<screens::IdleModel>().seconds_left == 30);
    CHECK(words_of(visitor.model()).contains("30"));
    visitor.facts.world.now += base::Milliseconds(60'000);
    CHECK(visitor.model_as<screens::IdleModel>().seconds_left == 0);
    visitor.press(screens::IdlePress::stay);
    CHECK(visitor.session.step == Step::notice);
}

TEST_CASE("leaving is asked once and says what becomes of what was entered", "[unit][present]") {
    auto visitor = problem_report();
    visitor.press(screens::FrameIntent::leave);
    const auto nothing = visitor.model_as<screens::LeaveModel>().text;
    visitor.press(screens::LeavePress::stay);
    visitor.go_to_field("report.place");
    visitor.press(screens::FrameIntent::leave);
    const auto lost = visitor.model_as<screens::LeaveModel>().text;
    visitor.press(screens::LeavePress::stay);
    visitor.go_to(Step::result);
    visitor.press(screens::FrameIntent::leave);
    const auto done = visitor.model_as<screens::LeaveModel>().text;
    CHECK(nothing != lost);
    CHECK(lost != done);
    visitor.press(screens::LeavePress::end);
    CHECK(visitor.session.step == Step::goodbye); // the receipt is to be taken
}

TEST_CASE("leaving is possible from the idle question too, and is still asked", "[unit][present]") {
    auto visitor = problem_report();
    visitor.tell(Input{Signal::idle});
    visitor.press(screens::FrameIntent::leave);
    CHECK(visitor.session.overlay == session::Overlay::leave);
}

TEST_CASE("paging, board and chosen page are forgotten when something else is shown",
          "[unit][present]") {
    Visitor visitor;
    visitor.begin("problem-report");
    visitor.press(screens::ShowFrom{2});
    CHECK(visitor.model_as<screens::NoticeModel>().first == 2);
    visitor.press(screens::FrameIntent::staff);
    CHECK(visitor.model_as<screens::HelpModel>().first == 0);
    visitor.press(Action::go);
    CHECK(visitor.model_as<screens::NoticeModel>().first == 0);
}

TEST_CASE("help says who comes, and whom to telephone when nobody does", "[unit][present]") {
    auto visitor = problem_report();
    visitor.press(screens::FrameIntent::staff);
    const auto calling = visitor.model_as<screens::HelpModel>().state->text;
    visitor.tell(Input{Signal::staff_coming});
    const auto coming = visitor.model_as<screens::HelpModel>().state->text;
    visitor.tell(Input{Signal::staff_unreachable});
    const auto alone = visitor.model_as<screens::HelpModel>().state->text;
    CHECK(calling != coming);
    CHECK(alone.find(visitor.facts.world.content->office().phone) != std::string::npos);
    visitor.press(Action::go);
    CHECK(visitor.session.overlay == session::Overlay::none);
}

TEST_CASE("settings follow the rail", "[unit][present]") {
    Visitor visitor(base::Language::ug);
    visitor.begin("problem-report");
    CHECK(present::settings(visitor.session) ==
          screens::DisplaySettings{base::Language::ug, screens::TextSize::standard,
                                   screens::ThemeName::light, false});
    visitor.press(screens::FrameIntent::text_size);
    visitor.press(screens::FrameIntent::contrast);
    visitor.press(screens::FrameIntent::low_reach);
    CHECK(present::settings(visitor.session) ==
          screens::DisplaySettings{base::Language::ug, screens::TextSize::large,
                                   screens::ThemeName::contrast_light, true});
}

// ---- card and prefilled values ----

TEST_CASE("whatever the card reader says has words, and a way without a card", "[unit][present]") {
    auto visitor = elderly_allowance("self");
    visitor.go_to(Step::card);
    for (int code = 0; code <= int(base::Errc::cancelled); ++code) {
        INFO(base::to_string(base::Errc(code)));
        visitor.tell(Input{Signal::card_problem, base::Errc(code)});
        const auto model = visitor.model_as<screens::CardModel>();
        CHECK(model.state == screens::CardModel::State::problem);
        CHECK_FALSE(model.problem.title.empty());
        CHECK_FALSE(model.problem.text.empty());
        CHECK_FALSE(model.other_way.empty());
    }
    visitor.press(screens::CardPress::other_way);
    CHECK(visitor.session.step == Step::no_card);
    visitor.press(Action::back);
    CHECK(visitor.session.step == Step::card);
}

TEST_CASE("whatever the camera says has words, and a way without a page", "[unit][present]") {
    auto visitor = elderly_allowance("self");
    visitor.go_to_field("doc.household");
    for (int code = 0; code <= int(base::Errc::cancelled); ++code) {
        INFO(base::to_string(base::Errc(code)));
        visitor.tell(Input{Signal::camera_problem, base::Errc(code)});
        const auto model = visitor.model_as<screens::ScanModel>();
        REQUIRE(model.status.has_value());
        CHECK_FALSE(model.status->text.empty());
        CHECK_FALSE(model.other_way.empty());
    }
    visitor.press(screens::ScanPress::other_way);
    CHECK(visitor.session.visit->refusal->reason == session::Refusal::Reason::no_papers);
}

TEST_CASE("whatever is wrong with a page is said in words of its own, in every language",
          "[unit][present][scanner]") {
    using drivers::ScanReason;
    using session::PageSight;
    for (const auto language : base::all_languages) {
        INFO(base::to_string(language));
        test::Visitor visitor(language);
        visitor.begin("elderly-allowance");
        visitor.answers = elderly_allowance("self").answers;
        visitor.go_to_field("doc.household");
        std::set<std::string> titles, texts;
        int reasons = 0;
        for (const auto reason :
             {ScanReason::nopage, ScanReason::cut, ScanReason::finger, ScanReason::dark,
              ScanReason::blur, ScanReason::glare, ScanReason::small, ScanReason::upside_down,
              ScanReason::wrong_paper, ScanReason::two_pages}) {
            INFO(int(reason));
            const drivers::Flaw flaw{reason, {}};
            visitor.tell(Input{Signal::page_seen, PageSight{PageSight::State::flawed, flaw}});
            const auto model = visitor.model_as<screens::ScanModel>();
            REQUIRE(model.status.has_value());
            CHECK(model.status->kind == screens::NoteModel::Kind::warning);
            CHECK(titles.insert(model.status->title).second);
            CHECK(texts.insert(model.status->text).second);
            REQUIRE(model.longest_status.has_value());
            // The same words when a press found it.
            visitor.tell(Input{Signal::page_seen, PageSight{PageSight::State::moving, {}}});
            visitor.tell(Input{Signal::page_refused, session::RefusedPage{flaw}});
            CHECK(visitor.model_as<screens::ScanModel>().status->title == model.status->title);
            ++reasons;
        }
        CHECK(titles.size() == std::size_t(reasons));
        CHECK(texts.size() == std::size_t(reasons));
        // A reflection is said with its place, each place in other words.
        for (int place = 0; place <= int(drivers::Place::lower_right); ++place) {
            const drivers::Flaw flaw{ScanReason::glare, drivers::Place(place)};
            visitor.tell(Input{Signal::page_seen, PageSight{PageSight::State::flawed, flaw}});
            CHECK(titles.insert(visitor.model_as<screens::ScanModel>().status->title).second);
        }
        for (const auto state :
             {PageSight::State::nothing, PageSight::State::moving, PageSight::State::still,
              PageSight::State::taken, PageSight::State::again}) {
            visitor.tell(Input{Signal::page_seen, PageSight{state, {}}});
            CHECK(titles.insert(visitor.model_as<screens::ScanModel>().status->title).second);
        }
    }
}

TEST_CASE("a page with a flaw is shown with the flaw, and taking it again comes first",
          "[unit][present][scanner]") {
    auto visitor = elderly_allowance("self");
    visitor.go_to_field("doc.household");
    visitor.tell(Input{Signal::take_page});
    auto page = test::page();
    page.flaws = {drivers::ScanReason::glare};
    visitor.tell(Input{Signal::page_captured, session::CapturedPage{page}});
    const auto check = visitor.model_as<screens::PageCheckModel>();
    CHECK(check.retake_is_primary);
    REQUIRE(check.notes.size() == 1);
    CHECK(check.notes[0].kind == screens::NoteModel::Kind::warning);
    CHECK(check.notes[0].title == "There is a bright spot");
    visitor.press(screens::PageCheckPress::use);
    const auto pages = visitor.model_as<screens::PagesModel>();
    REQUIRE(pages.pages.size() == 1);
    CHECK(pages.pages[0].state_kind == screens::NoteModel::Kind::warning);
}

TEST_CASE("a page moves up by a press, and its name with it", "[unit][present]") {
    auto visitor = elderly_allowance("self");
    visitor.answers["doc.household"] = "2";
    visitor.go_to_field("doc.household");
    while (session::pages_of(*visitor.session.visit, "doc.household").size() < 2) {
        if (visitor.session.step == Step::pages) visitor.press(screens::PagesPress::add);
        visitor.tell(Input{Signal::page_captured, session::CapturedPage{test::page()}});
        visitor.press(screens::PageCheckPress::use);
    }
    const auto before = session::pages_of(*visitor.session.visit, "doc.household");
    const auto labels = visitor.model_as<screens::PagesModel>().pages;
    visitor.press(screens::Chosen{std::to_string(before[0])});
    CHECK(visitor.model_as<screens::PagesModel>().earlier.empty());
    visitor.press(screens::Chosen{std::to_string(before[1])});
    CHECK_FALSE(visitor.model_as<screens::PagesModel>().earlier.empty());
    visitor.press(screens::PagesPress::earlier);
    CHECK(session::pages_of(*visitor.session.visit, "doc.household") ==
          std::vector{before[1], before[0]});
    const auto after = visitor.model_as<screens::PagesModel>().pages;
    CHECK(after[0].id == labels[1].id);
    CHECK(after[0].label == labels[0].label);
}

TEST_CASE("the helper cannot lay down the person's own card", "[unit][present]") {
    auto visitor = elderly_allowance("family");
    visitor.go_to_field("agent.card");
    visitor.tell(Input{Signal::card_read, session::CardInput{test::elder_card()}});
    CHECK(visitor.session.step == Step::card);
    const auto model = visitor.model_as<screens::CardModel>();
    CHECK(model.state == screens::CardModel::State::problem);
    CHECK(model.problem.title ==
          visitor.facts.world.content->text("card.same.title", base::Language::en));
}

TEST_CASE("whoever laid down the wrong card can lay down another", "[unit][present][session]") {
    auto visitor = pension();
    visitor.go_to(Step::result);
    visitor.press(screens::ResultPress::another);
    visitor.answers = {{"forWhom", "self"}, {"addressSame", "yes"}};
    visitor.press(screens::Chosen{"elderly-allowance"});
    visitor.go_to(Step::prefilled);
    CHECK(words_of(visitor.model()).contains(test::elder_name));
    REQUIRE(visitor.session.visit->answers.find("person.phone") != nullptr); // from the pension

    // Typed before coming back here.
    visitor.session.visit->answers.set("bank.card",
                                       forms::Value{base::SecretText("9999990000000000121")});

    visitor.press(Action::back);
    REQUIRE(visitor.session.step == Step::card);
    SECTION("a different one is asked about: another person ends the visit") {
        visitor.tell(Input{Signal::card_read, session::CardInput{test::helper_card()}});
        const auto asked = visitor.model_as<screens::IdleModel>();
        CHECK(asked.title == "Is this another person?");
        CHECK(asked.text.find("45") != std::string::npos);
        CHECK_FALSE(words_of(visitor.model()).contains(test::helper_name));
        CHECK_FALSE(words_of(visitor.model()).contains(test::elder_name));
        visitor.press(screens::IdlePress::end);
        CHECK(visitor.session.step == Step::wipe);
        CHECK_FALSE(visitor.session.visit.has_value());
        CHECK(visitor.session.remembered.empty());
    }
    SECTION("a different one by mistake: the first is asked for, and nothing is lost") {
        visitor.tell(Input{Signal::card_read, session::CardInput{test::helper_card()}});
        visitor.press(screens::IdlePress::stay);
        REQUIRE(visitor.session.step == Step::card);
        CHECK(visitor.model_as<screens::CardModel>().problem.title ==
              "This is not the card from before");
        visitor.tell(Input{Signal::card_read, session::CardInput{test::elder_card()}});
        CHECK(words_of(visitor.model()).contains(test::elder_name));
        CHECK(visitor.session.visit->answers.find("bank.card") != nullptr);
    }
    SECTION("the same one changes nothing") {
        visitor.tell(Input{Signal::card_read, session::CardInput{test::elder_card()}});
        CHECK(words_of(visitor.model()).contains(test::elder_name));
        CHECK(visitor.session.visit->answers.find("person.phone") != nullptr);
        CHECK(visitor.session.visit->answers.find("bank.card") != nullptr);
    }
    SECTION("back once more leads to the notice, and on again without a card") {
        visitor.press(Action::back);
        REQUIRE(visitor.session.step == Step::notice);
        visitor.press(Action::go);
        CHECK(visitor.session.step == Step::prefilled);
    }
}

TEST_CASE("prefilled values are masked, name their source and can be called wrong",
          "[unit][present][refusal][P9]") {
    auto visitor = elderly_allowance("self");
    visitor.go_to(Step::prefilled);
    auto model = visitor.model_as<screens::PrefilledModel>();
    REQUIRE(model.rows.size() >= 3);
    for (const auto& row : model.rows) {
        CHECK_FALSE(row.source.empty());
        CHECK_FALSE(row.button.empty());
    }
    const auto words = words_of(visitor.model());
    CHECK(words.contains(forms::mask_id_number(test::elder_number)));
    CHECK_FALSE(words.contains("12号")); // the house number of an address is masked

    const auto contested = model.rows.front().id;
    visitor.press(screens::Chosen{contested});
    model = visitor.model_as<screens::PrefilledModel>();
    CHECK(model.rows.front().button.empty());
    CHECK(visitor.session.visit->answers.find(contested)->contested);
    // The counter is told, on glass and paper.
    visitor.go_to(Step::result);
    CHECK(words_of(visitor.model())
              .contains(visitor.facts.world.content->text("receipt.missing.contested",
                                                          base::Language::en)));
}

TEST_CASE("a value called wrong is replaced and never revealed", "[unit][present][refusal][G8]") {
    auto visitor = pension();
    visitor.go_to(Step::result);
    visitor.press(screens::ResultPress::another);
    visitor.answers = {{"forWhom", "self"}, {"addressSame", "yes"}};
    visitor.press(screens::Chosen{"elderly-allowance"});
    visitor.go_to(Step::prefilled);
    visitor.press(screens::Chosen{"person.phone"});
    visitor.go_to_field("person.phone");
    CHECK(visitor.model_as<screens::QuestionDigitsModel>().digits.empty());
    CHECK_FALSE(visitor.model_as<screens::QuestionDigitsModel>().actions.go_ready);
    visitor.type("1");
    CHECK(visitor.model_as<screens::QuestionDigitsModel>().digits.view() == "1");
    visitor.press(Action::back);
    CHECK_FALSE(visitor.session.visit->answers.find("person.phone")->contested);
}

TEST_CASE("the helper's values are shown with the helper's card, the person's with theirs",
          "[unit][present]") {
    auto visitor = elderly_allowance("family");
    visitor.go_to(Step::prefilled);
    CHECK_FALSE(words_of(visitor.model()).contains(test::helper_name));
    visitor.go_to_field("agent.card");
    visitor.go_to(Step::prefilled);
    CHECK(words_of(visitor.model()).contains(test::helper_name));
    CHECK_FALSE(words_of(visitor.model()).contains(test::elder_name));
}

// ---- typing ----

TEST_CASE("typed text survives going back, another language and the idle question",
          "[unit][present]") {
    auto visitor = problem_report();
    visitor.go_to_field("report.text");
    visitor.type("dark ");
    CHECK(visitor.model_as<screens::QuestionTextModel>().text.view() == "dark ");
    visitor.press(screens::FrameIntent::language);
    visitor.press(base::Language::zh);
    CHECK(visitor.model_as<screens::QuestionTextModel>().text.view() == "dark ");
    visitor.tell(Input{Signal::idle});
    visitor.press(screens::IdlePress::stay);
    visitor.type("lamp ");
    visitor.press(Action::back);
    visitor.answers.erase("report.text");
    visitor.go_to_field("report.text");
    // Tidied when the field was left, not under the fingers.
    CHECK(visitor.model_as<screens::QuestionTextModel>().text.view() == "dark lamp");
}

TEST_CASE("backspace takes away what a person sees as one character", "[unit][present]") {
    auto visitor = problem_report();
    visitor.go_to_field("report.text");
    // A letter with its mark, as a card may have it; no key of the boards writes one.
    CHECK(present::erased_before({base::SecretText("ae\u0301"), 4}).text.view() == "a");
    CHECK(visitor.press(screens::Typed{"e\u0301"}).not_yet);
    visitor.press(screens::Typed{"a"});
    visitor.press(screens::Typed{"市"});
    visitor.press(screens::EditKey::backspace);
    CHECK(visitor.model_as<screens::QuestionTextModel>().text.view() == "a");
    visitor.press(screens::EditKey::backspace);
    visitor.press(screens::EditKey::backspace);
    CHECK(visitor.model_as<screens::QuestionTextModel>().text.empty());
    CHECK_FALSE(visitor.model_as<screens::QuestionTextModel>().actions.go_ready);
    visitor.type("abc");
    visitor.press(screens::EditKey::clear);
    CHECK(visitor.model_as<screens::QuestionTextModel>().text.empty());
}

TEST_CASE("a text field takes no more characters than its form allows", "[unit][present]") {
    auto visitor = problem_report();
    visitor.go_to_field("report.placeText");
    const auto max = std::size_t(session::current_field(*visitor.session.visit).max);
    for (std::size_t i = 0; i < max; ++i) visitor.press(screens::Typed{"a"});
    CHECK(visitor.press(screens::Typed{"b"}).not_yet);
    CHECK(visitor.model_as<screens::QuestionTextModel>().text.size() == max);
}

TEST_CASE("each language finds its board, and capitals last for one letter", "[unit][present]") {
    auto visitor = problem_report(base::Language::ug);
    visitor.go_to_field("report.placeText");
    CHECK(visitor.model_as<screens::QuestionTextModel>().board == screens::Board::uyghur);
    visitor.press(screens::SwitchBoard{screens::Board::latin});
    CHECK(visitor.model_as<screens::QuestionTextModel>().board == screens::Board::latin);
    visitor.press(screens::EditKey::shift);
    CHECK(visitor.model_as<screens::QuestionTextModel>().shift);
    visitor.press(screens::Typed{"A"});
    CHECK_FALSE(visitor.model_as<screens::QuestionTextModel>().shift);
    visitor.answers["report.placeText"] = " b";
    visitor.go_to_field("report.photo");
    CHECK(visitor.view == [&] {
        auto fresh = present::View{};
        fresh.ticket = visitor.session.ticket;
        fresh.step = Step::scan;
        fresh.field = "report.photo";
        return fresh;
    }());
}

TEST_CASE("a number pad counts what is missing and takes no digit too many", "[unit][present]") {
    auto visitor = elderly_allowance("self");
    visitor.go_to_field("bank.card");
    auto model = visitor.model_as<screens::QuestionDigitsModel>();
    CHECK_FALSE(model.actions.go_ready);
    visitor.type(with_digits(15));
    model = visitor.model_as<screens::QuestionDigitsModel>();
    CHECK_FALSE(model.actions.go_ready);
    CHECK(model.actions.go.find('1') != std::string::npos);
    CHECK(visitor.press(Action::go).not_yet);
    visitor.type(with_digits(10));
    model = visitor.model_as<screens::QuestionDigitsModel>();
    CHECK(model.digits.size() == 19);
    CHECK(model.actions.go_ready);
    visitor.press(screens::Typed{"X"});
    CHECK(visitor.model_as<screens::QuestionDigitsModel>().digits.size() == 19);
    // Nineteen nines are no card: the number stays, and the reason stands beside it.
    visitor.press(Action::go);
    CHECK(visitor.session.visit->field == "bank.card");
    CHECK(visitor.model_as<screens::QuestionDigitsModel>().problem.has_value());
    visitor.press(screens::EditKey::backspace);
    CHECK_FALSE(visitor.model_as<screens::QuestionDigitsModel>().problem.has_value());
}

TEST_CASE("pressing an answer chooses it and does not go on", "[unit][present]") {
    auto visitor = problem_report();
    visitor.go_to_field("report.kind");
    CHECK_FALSE(visitor.model_as<screens::QuestionChoiceModel>().actions.go_ready);
    visitor.press(screens::Chosen{"litter"});
    visitor.press(screens::Chosen{"lamp"});
    const auto model = visitor.model_as<screens::QuestionChoiceModel>();
    CHECK(visitor.session.visit->field == "report.kind");
    for (const auto& option : model.options) CHECK(option.chosen == (option.id == "lamp"));
    CHECK(model.actions.go_ready);
}

TEST_CASE("an answer chosen beforehand becomes the person's by going on", "[unit][present]") {
    auto visitor = problem_report();
    visitor.answers.erase("report.callback");
    visitor.go_to_field("report.callback");
    CHECK(visitor.session.visit->answers.find("report.callback") == nullptr);
    visitor.press(Action::go);
    REQUIRE(visitor.session.visit->answers.find("report.callback") != nullptr);
    CHECK(visitor.session.step == Step::review);
}

// ---- papers ----

TEST_CASE("a page taken again keeps its place", "[unit][present][session]") {
    auto visitor = elderly_allowance("self");
    visitor.go_to_field("doc.household");
    while (session::pages_of(*visitor.session.visit, "doc.household").size() < 2 ||
           visitor.session.step != Step::pages) {
        if (visitor.session.step == Step::pages) visitor.press(screens::PagesPress::add);
        if (visitor.session.step == Step::scan)
            visitor.tell(Input{Signal::page_captured, session::CapturedPage{test::page()}});
        if (visitor.session.step == Step::page_check) visitor.press(screens::PageCheckPress::use);
    }
    CHECK(visitor.model_as<screens::PagesModel>().add.empty()); // two are the most
    CHECK(visitor.model_as<screens::PagesModel>().retake.empty());
    const auto before = session::pages_of(*visitor.session.visit, "doc.household");
    visitor.press(screens::Chosen{std::to_string(before[0])});
    CHECK_FALSE(visitor.model_as<screens::PagesModel>().retake.empty());
    visitor.press(screens::PagesPress::retake);
    REQUIRE(visitor.session.step == Step::scan);

    SECTION("and goes when the new one is used") {
        visitor.tell(Input{Signal::page_captured, session::CapturedPage{test::page()}});
        visitor.press(screens::PageCheckPress::retake);
        visitor.tell(Input{Signal::page_captured, session::CapturedPage{test::page()}});
        visitor.press(screens::PageCheckPress::use);
        const auto after = session::pages_of(*visitor.session.visit, "doc.household");
        REQUIRE(after.size() == 2);
        CHECK(after[0] != before[0]);
        CHECK(after[1] == before[1]);
        CHECK(visitor.session.visit->pages.size() == 2);
    }
    SECTION("and stays when the person goes back") {
        visitor.press(Action::back);
        CHECK(visitor.session.step == Step::pages);
        CHECK(session::pages_of(*visitor.session.visit, "doc.household") == before);
    }
}

TEST_CASE("a deleted page is gone, and a needed paper without pages cannot go on",
          "[unit][present]") {
    auto visitor = elderly_allowance("self");
    visitor.answers["doc.household"] = "1";
    visitor.go_to(Step::pages);
    const auto pages = session::pages_of(*visitor.session.visit, "doc.household");
    visitor.press(screens::Chosen{std::to_string(pages[0])});
    visitor.press(screens::PagesPress::remove);
    const auto model = visitor.model_as<screens::PagesModel>();
    CHECK(model.pages.empty());
    CHECK_FALSE(model.actions.go_ready);
    CHECK(visitor.session.visit->pages.empty());
    visitor.press(screens::PagesPress::add);
    CHECK(visitor.session.step == Step::scan);
}

// ---- closing ----

TEST_CASE("the review shows every answer once, and what may be changed can be", "[unit][present]") {
    auto visitor = elderly_allowance("self");
    visitor.go_to(Step::review);
    const auto model = visitor.model_as<screens::ReviewModel>();
    std::set<std::string> ids;
    for (const auto& row : model.rows) {
        INFO(row.id);
        CHECK(ids.insert(row.id).second);
        CHECK_FALSE(row.value.empty());
        const auto* answer = visitor.session.visit->answers.find(row.id);
        const bool is_from_card = answer != nullptr && answer->source == forms::Source::card;
        CHECK(row.button.empty() == is_from_card);
        if (row.button.empty()) continue;
        auto changing = visitor;
        changing.press(screens::Chosen{row.id});
        CHECK(changing.session.visit->field == row.id);
        changing.press(Action::back);
        CHECK(changing.session.step == Step::review);
    }
    CHECK(ids.count("doc.household") == 1);
    CHECK(ids.count("person.phone") == 1);
    CHECK(ids.count("bank.cardAgain") == 0); // asked twice, shown once
    CHECK(ids.count("declare.true") == 0);   // stands behind the review
}

TEST_CASE("agreeing and declining have the same size", "[unit][present]") {
    auto visitor = problem_report();
    visitor.go_to(Step::declare);
    const auto model = visitor.model_as<screens::ConsentModel>();
    CHECK_FALSE(model.agree.label.empty());
    CHECK_FALSE(model.decline.label.empty());
    CHECK(model.agree.detail.empty() == model.decline.detail.empty());
    CHECK(model.agree.icon.empty() == model.decline.icon.empty());
    CHECK_FALSE(model.statements.empty());
    visitor.press(screens::ConsentAnswer::decline);
    CHECK(visitor.session.step == Step::refused);
    visitor.press(screens::NoticeMessagePress::primary);
    CHECK(visitor.session.step == Step::declare);
}

TEST_CASE("a signature needs two strokes, can be wiped and can wait for the counter",
          "[unit][present]") {
    auto visitor = elderly_allowance("self");
    visitor.go_to(Step::signature);
    auto model = visitor.model_as<screens::SignatureModel>();
    CHECK(model.clear.empty());
    CHECK_FALSE(model.actions.go_ready);
    CHECK(visitor.press(Action::go).not_yet);
    visitor.press(screens::Ink{{{0.1f, 0.1f}, {0.9f, 0.9f}}});
    CHECK(visitor.press(Action::go).not_yet);
    visitor.press(screens::Ink{{{0.9f, 0.1f}}});
    model = visitor.model_as<screens::SignatureModel>();
    CHECK(model.actions.go_ready);
    CHECK(model.strokes.size() == 2);
    visitor.press(screens::SignaturePress::clear);
    CHECK(visitor.model_as<screens::SignatureModel>().strokes.empty());
    visitor.press(screens::SignaturePress::at_counter);
    visitor.go_to(Step::result);
    CHECK(words_of(visitor.model())
              .contains(
                  visitor.facts.world.content->text("receipt.missing.sign", base::Language::en)));
}

// ---- endings ----

TEST_CASE("accepted is shown only after the platform's answer", "[unit][present][refusal][G20]") {
    auto visitor = problem_report();
    visitor.go_to(Step::result);
    const auto& content = *visitor.facts.world.content;
    const auto accepted = content.text("result.accepted", base::Language::en);
    auto model = visitor.model_as<screens::ResultModel>();
    CHECK(model.kind == screens::ResultModel::Kind::stored);
    CHECK(model.title == content.text("result.stored", base::Language::en));
    CHECK_FALSE(words_of(visitor.model()).contains(accepted));
    CHECK(model.number == "K7M4 92XH T3QC");
    CHECK(model.qr.size > 0);
    CHECK(model.qr.dark.size() == std::size_t(model.qr.size * model.qr.size));

    visitor.tell(Input{Signal::delivered, session::DeliveredInput{"key"}});
    model = visitor.model_as<screens::ResultModel>();
    CHECK(model.kind == screens::ResultModel::Kind::accepted);
    CHECK(model.title == accepted);
}

TEST_CASE("without paper the number stays until it is noted", "[unit][present]") {
    auto visitor = problem_report();
    visitor.go_to(Step::result);
    CHECK_FALSE(visitor.model_as<screens::ResultModel>().receipt.empty());
    const auto done = visitor.model_as<screens::ResultModel>().done;
    visitor.tell(Input{Signal::receipt_problem});
    const auto model = visitor.model_as<screens::ResultModel>();
    CHECK(model.paper.has_value());
    CHECK(model.receipt.empty());
    CHECK(model.done != done);
    CHECK_FALSE(model.staff.empty());
    visitor.tell(Input{Signal::idle});
    CHECK(visitor.model_as<screens::IdleModel>().text.find("number") != std::string::npos);
}

TEST_CASE("every refusal says why, what to do, and has a way on", "[unit][present]") {
    using Reason = session::Refusal::Reason;
    auto visitor = elderly_allowance("self");
    visitor.go_to_field("forWhom");
    for (const auto reason :
         {Reason::no_papers, Reason::declined, Reason::rule, Reason::storage, Reason::unsure})
        for (const bool can_go_back : {true, false}) {
            auto refused = visitor;
            refused.session.step = Step::refused;
            session::Refusal refusal{reason, std::nullopt, can_go_back};
            if (reason == Reason::rule)
                refusal.fault = forms::Fault{"person.birthDate", "fault.too-young", {}, true};
            refused.session.visit->refusal = refusal;
            refused.view = present::follow(refused.view, refused.session);
            refused.look();
            const auto model = refused.model_as<screens::NoticeMessageModel>();
            CHECK_FALSE(model.title.empty());
            CHECK_FALSE(model.text.empty());
            CHECK_FALSE(model.primary.empty());
            auto secondary = refused;
            refused.press(screens::NoticeMessagePress::primary);
            CHECK(refused.session.step != Step::refused);
            if (model.secondary.empty()) continue;
            secondary.press(screens::NoticeMessagePress::secondary);
            CHECK(secondary.session.step != Step::refused);
        }
}

TEST_CASE("a request that could not be stored says so and keeps nothing", "[unit][present]") {
    auto visitor = problem_report();
    visitor.go_to(Step::submitting);
    visitor.tell(Input{Signal::store_refused, session::NotStoredInput{base::Errc::disk_full}});
    REQUIRE(visitor.session.step == Step::refused);
    CHECK(visitor.session.visit->answers.empty());
    visitor.press(screens::NoticeMessagePress::primary);
    CHECK(visitor.session.step == Step::wipe);
}

TEST_CASE("whoever cannot be told whether it was kept gets the number to ask with",
          "[unit][present]") {
    auto visitor = problem_report();
    visitor.go_to(Step::submitting);
    visitor.tell(Input{Signal::store_refused,
                       session::NotStoredInput{base::Errc::uncertain, "K7M492XHT3QK"}});
    REQUIRE(visitor.session.step == Step::refused);
    CHECK(visitor.session.visit->answers.empty());
    const auto model = visitor.model_as<screens::NoticeMessageModel>();
    REQUIRE(model.note.has_value());
    CHECK(model.note->text.find("K7M4 92XH T3QK") != std::string::npos);
    visitor.press(screens::NoticeMessagePress::primary);
    CHECK(visitor.session.step == Step::wipe);
}

TEST_CASE("goodbye does not say that all is gone while a sealed request waits", "[unit][present]") {
    auto visitor = elderly_allowance("self");
    visitor.go_to(Step::prefilled);
    auto left = visitor;
    left.press(screens::FrameIntent::leave);
    left.press(screens::LeavePress::end);
    REQUIRE(left.session.step == Step::goodbye);
    const auto nothing_kept = left.model_as<screens::GoodbyeModel>().foot;
    visitor.go_to(Step::result);
    visitor.press(screens::ResultPress::done);
    REQUIRE(visitor.session.step == Step::goodbye);
    CHECK(visitor.model_as<screens::GoodbyeModel>().foot != nothing_kept);
}

TEST_CASE("goodbye names what was laid down or given, and nothing else", "[unit][present]") {
    auto reporter = problem_report();
    reporter.go_to(Step::result);
    reporter.tell(Input{Signal::receipt_printed});
    reporter.press(screens::ResultPress::done);
    const auto only_receipt = reporter.model_as<screens::GoodbyeModel>();
    CHECK(only_receipt.title == "Please take your receipt");
    CHECK(only_receipt.has_picture);
    CHECK_FALSE(only_receipt.card_on_reader);

    auto visitor = elderly_allowance("self");
    visitor.go_to(Step::prefilled);
    visitor.press(screens::FrameIntent::leave);
    visitor.press(screens::LeavePress::end);
    const auto only_card = visitor.model_as<screens::GoodbyeModel>();
    CHECK(only_card.title == "Please take your card");
    CHECK(only_card.card_on_reader); // no slip is drawn where none was printed
}

TEST_CASE("after the number is shown nothing threatens to erase the request", "[unit][present]") {
    auto visitor = problem_report();
    visitor.go_to(Step::question);
    auto early = visitor;
    early.tell(Input{Signal::idle});
    visitor.go_to(Step::result);
    visitor.tell(Input{Signal::receipt_printed});
    auto late = visitor;
    late.tell(Input{Signal::idle});
    CHECK(late.model_as<screens::IdleModel>().text != early.model_as<screens::IdleModel>().text);
    CHECK(late.model_as<screens::IdleModel>().end == "I am done");
    visitor.press(screens::FrameIntent::leave);
    CHECK(visitor.model_as<screens::LeaveModel>().end == "End my visit");
    visitor.press(screens::LeavePress::stay);
    visitor.press(screens::ResultPress::another);
    visitor.press(screens::FrameIntent::leave);
    CHECK(visitor.model_as<screens::LeaveModel>().text == "What was received stays received.");
}

TEST_CASE("the helper's number is said to come from the helper's card", "[unit][present]") {
    auto visitor = elderly_allowance("family");
    visitor.go_to_field("agent.relation");
    visitor.press(screens::Action::back);
    const auto model = visitor.model_as<screens::PrefilledModel>();
    REQUIRE(model.rows.size() == 2);
    CHECK(model.rows[1].source == "from the helper's card, partly hidden");
}

TEST_CASE("a screen asks with the field's question and the review names it by its label",
          "[unit][present]") {
    auto visitor = elderly_allowance("family");
    visitor.go_to_field("agent.relation");
    CHECK(visitor.model_as<screens::QuestionChoiceModel>().title ==
          "What are you to the applicant?");
}

TEST_CASE("a reason and a hint in one line are two sentences", "[unit][present]") {
    auto visitor = elderly_allowance("self", base::Language::zh);
    visitor.answers["addressSame"] = "no";
    visitor.answers["person.address.region"] = "650104019";
    visitor.go_to_field("person.address.current");
    CHECK(visitor.model_as<screens::QuestionTextModel>().why ==
          "\u2068用来联系您\u2069。\u2068写到门牌就可以。\u2069");
}

TEST_CASE("a broken camera is not waited for", "[unit][present]") {
    auto visitor = problem_report();
    visitor.go_to(Step::scan);
    visitor.facts.camera_ok = false;
    const auto model = visitor.model_as<screens::ScanModel>();
    CHECK(model.actions.go == "No camera just now");
    CHECK(model.page == "Picture \u20681\u2069");
    REQUIRE(model.status);
    CHECK(model.status->text == "You may go on without a picture.");
}

TEST_CASE("an intent that the screen cannot have sent changes nothing", "[unit][present]") {
    auto visitor = problem_report();
    const std::vector<screens::ScreenIntent> strange{screens::Typed{"a"},
                                                     screens::EditKey::backspace,
                                                     screens::Ink{{{0.1f, 0.1f}}},
                                                     screens::ConsentAnswer::agree,
                                                     screens::CardPress::other_way,
                                                     screens::ScanPress::other_way,
                                                     screens::FacePress::other_way,
                                                     screens::PageCheckPress::use,
                                                     screens::PagesPress::retake,
                                                     screens::SignaturePress::at_counter,
                                                     screens::ResultPress::done,
                                                     screens::GoodbyePress::done,
                                                     screens::IdlePress::end,
                                                     screens::LeavePress::end,
                                                     screens::NoticeMessagePress::primary,
                                                     screens::Chosen{"nothing"}};
    for (const auto& intent : strange) {
        visitor.press(intent);
        CHECK(visitor.session.step == Step::notice);
        CHECK(visitor.session.overlay == session::Overlay::none);
    }
}

TEST_CASE("\"until you hear done\" is only for those who hear it, and then it is said",
          "[unit][present][enquiry]") {
    Visitor visitor;
    visitor.facts.reads_aloud = true;
    visitor.tell({Signal::language_chosen, base::Language::en});
    visitor.tell(Signal::ask_todos);
    REQUIRE(visitor.session.step == Step::show_card);
    const auto seen = visitor.model_as<screens::CardModel>().sub;
    visitor.session.display.voice = session::Display::Voice::on;
    CHECK(visitor.model_as<screens::CardModel>().sub != seen);
    visitor.tell({Signal::card_read, session::CardInput{test::elder_card()}});
    REQUIRE(visitor.session.step == Step::asking);
    CHECK(visitor.model_as<screens::SubmittingModel>().said_first ==
          "Done. You may lift the card.");
    const auto serial = visitor.session.enquiry->serial;
    visitor.tell({Signal::todos_answered, session::TodosInput{serial, {}}});
    CHECK_FALSE(visitor.model_as<screens::ReadingModel>().said_first.empty());
    visitor.session.display.voice = session::Display::Voice::off;
    CHECK(visitor.model_as<screens::ReadingModel>().said_first.empty());
}

TEST_CASE("the page of proofs names a report as its own tile does", "[unit][present][enquiry]") {
    for (const auto language : {base::Language::zh, base::Language::ug, base::Language::en}) {
        const present::Words say(test::content(), language);
        const auto title = say.of(test::content()->matter("problem-report")->title);
        CHECK(say("proof.none.title").find(title) != std::string::npos);
    }
}

TEST_CASE("a request that waits for papers says how to add them, and papers that arrived say so",
          "[unit][present][enquiry][supplement]") {
    using session::RequestState;
    Visitor visitor;
    visitor.tell({Signal::language_chosen, base::Language::en});
    visitor.facts.printer_ok = true;
    const auto ask = [&](session::Proof proof, RequestState state, bool names_it) {
        visitor.session.step = Step::home;
        visitor.session.visit.reset();
        visitor.tell(Signal::ask_progress);
        visitor.tell(
            {Signal::entry_changed, session::EntryInput{base::SecretText("K7M492XHT3QK")}});
        visitor.tell(Signal::go_on);
        if (proof == session::Proof::none) {
            visitor.tell(
                {Signal::way_chosen, session::ChoiceInput{std::string(session::proof_none)}});
        } else {
            visitor.tell(
                {Signal::way_chosen, session::ChoiceInput{std::string(session::proof_phone)}});
            visitor.tell({Signal::entry_changed, session::EntryInput{base::SecretText("0000")}});
            visitor.tell(Signal::go_on);
        }
        session::RequestStatus status;
        status.matter = "elderly-allowance";
        status.stages = {{state, base::Date{std::chrono::year{2026} / 11 / 3}}};
        if (names_it) status.papers = "the-request";
        visitor.tell({Signal::status_answered,
                      session::StatusInput{visitor.session.enquiry->serial, status}});
        return visitor.model_as<screens::ProgressModel>();
    };
    const auto says = [](const screens::ProgressModel& model, std::string_view part) {
        return std::any_of(model.notes.begin(), model.notes.end(), [&](const auto& note) {
            return (note.title + note.text).find(part) != std::string::npos;
        });
    };
    auto model = ask(session::Proof::phone_tail, RequestState::needs_papers, false);
    CHECK(model.papers.empty());
    CHECK(says(model, "with your card"));
    model = ask(session::Proof::none, RequestState::needs_papers, false);
    CHECK(model.papers.empty());
    CHECK(says(model, "to the counter. It is added there"));
    model = ask(session::Proof::none, RequestState::accepted, false);
    CHECK_FALSE(says(model, "No paper is missing now"));
    visitor.session.enquiry->brings_papers = true;
    CHECK(says(visitor.model_as<screens::ProgressModel>(), "No paper is missing now"));
    model = ask(session::Proof::none, RequestState::needs_papers, true);
    CHECK(model.papers == "Add papers now");
    CHECK_FALSE(model.print.empty()); // a copy as well
    CHECK(says(model, "add it here now"));

    visitor.press(screens::ProgressPress::papers);
    REQUIRE(visitor.session.step == Step::scan);
    visitor.answers = {{"doc.added", "2"}};
    visitor.go_to(Step::submitting);
    visitor.tell(
        {Signal::stored, session::StoredInput{"key", "K7M492XHT3QK", visitor.facts.world.wall}});
    visitor.tell(Signal::answer_due);
    auto result = visitor.model_as<screens::ResultModel>();
    CHECK(result.title == "Received here, will be sent");
    CHECK(result.number == "K7M4 92XH T3QK");
    visitor.tell({Signal::delivered, session::DeliveredInput{"key"}});
    result = visitor.model_as<screens::ResultModel>();
    // The word "accepted" is the request's, and was said of it long ago.
    CHECK(result.title == "Your papers have arrived");
}

TEST_CASE(
    "a receipt can be shown to the camera, and whatever comes of it has words and a way to type",
    "[unit][present][enquiry][qr]") {
    Visitor visitor;
    visitor.tell({Signal::language_chosen, base::Language::en});
    visitor.tell(Signal::ask_progress);
    CHECK(visitor.model_as<screens::ReceiptNumberModel>().camera == "Show the slip to the camera");
    const auto see = [&](std::initializer_list<const char*> said) {
        session::CodesInput codes;
        for (const auto* payload : said) codes.payloads.emplace_back(payload);
        visitor.tell({Signal::codes_seen, std::move(codes)});
    };
    const auto status = [&] {
        const auto model = visitor.model_as<screens::ScanModel>();
        CHECK(model.actions.go.empty()); // nothing is taken, so nothing is pressed
        CHECK_FALSE(model.other_way.empty());
        return model.status ? model.status->title : std::string();
    };
    visitor.press(screens::ReceiptNumberPress::camera);
    REQUIRE(visitor.session.step == Step::show_receipt);
    CHECK(status().empty());
    see({"https://example.org/"});
    CHECK(status() == "This is not one of our slips");
    see({"K7M492XHT3QK", "K7C2D4F8H9JJ"});
    CHECK(status() == "There are two slips");
    visitor.facts.camera_ok = false;
    CHECK(status() == "The camera is not in use now");
    visitor.press(screens::ScanPress::other_way);
    CHECK(visitor.session.step == Step::number);
    visitor.facts.camera_failed = true; // not offered again to this person
    CHECK(visitor.model_as<screens::ReceiptNumberModel>().camera.empty());
    visitor.facts = {visitor.facts.world};
    visitor.press(screens::ReceiptNumberPress::camera);
    visitor.tell(Signal::look_due);
    const auto model = visitor.model_as<screens::ReceiptNumberModel>();
    REQUIRE(model.problem);
    CHECK(model.problem->title == "No slip was seen");
    CHECK(model.problem->kind == screens::NoteModel::Kind::info);
}
