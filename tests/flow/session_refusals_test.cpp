// Goal: what a visit refuses to do holds on every way through it, not only on the one we thought
// of. Method: the shipped content, the pure session, and a person who presses at random (the seed
// is printed) or who fills in the form properly; devices answer at once. All people are synthetic.
#include "kiosk/base/citizen_number.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/forms/submission.hpp"
#include "kiosk/session/session.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

using base::Language;
using session::ChoiceInput;
using session::EffectKind;
using session::Input;
using session::Session;
using session::Signal;
using session::Step;
using session::World;

namespace {

using namespace std::chrono_literals;

std::shared_ptr<const content::ContentSet> shipped() {
    static const auto set = content::ContentSet::open("assets/content").value();
    return set;
}

World world_of_day(bool synchronised = true) {
    World world;
    world.wall = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
    world.clock_synchronised = synchronised;
    world.content = shipped();
    return world;
}

base::SecretText secret(std::string_view text) {
    return base::SecretText(text);
}

// Synthetic: 659999 is no county, so these numbers cannot exist (spec matters §9).
forms::CardValues card_born(const std::string& date) {
    std::string digits;
    std::copy_if(date.begin(), date.end(), std::back_inserter(digits),
                 [](char c) { return c != '-'; });
    const auto number = "659999" + digits + "002";
    return {secret("阿卜杜热合曼·麦麦提图尔荪"),
            secret(number + base::citizen_number_check(number)),
            secret(date),
            secret("female"),
            secret("样品省样品市样品路1号"),
            secret("long-term")};
}

// The visit and everything it asked of the world outside.
struct Visitor {
    Session session;
    World world = world_of_day();
    std::vector<EffectKind> effects;
    std::set<Step> steps;

    bool send(Input input) {
        auto outcome = apply(std::move(session), std::move(input), world);
        session = std::move(outcome.session);
        effects.insert(effects.end(), outcome.effects.begin(), outcome.effects.end());
        steps.insert(session.step);
        return !outcome.refused;
    }
    bool asked_for(EffectKind kind) const {
        return std::find(effects.begin(), effects.end(), kind) != effects.end();
    }
    void begin(const std::string& matter, Language language = Language::zh) {
        REQUIRE(send({Signal::language_chosen, language}));
        REQUIRE(send({Signal::matter_chosen, ChoiceInput{matter}}));
        REQUIRE(send(Signal::go_on));
    }
};

session::StoredPage page() {
    return {"image/jpeg", std::make_shared<base::SecretBytes>(3, std::uint8_t{0xff}),
            std::make_shared<base::Picture>()};
}

// What a careful person gives as the answer to a field. Codes: the first option, or `code`.
forms::Value proper_answer(const forms::Field& field,
                           const std::map<std::string, std::string>& codes) {
    using forms::FieldType;
    switch (field.type) {
    case FieldType::choice:
    case FieldType::multi_choice:
    case FieldType::region:
    case FieldType::place: {
        const auto chosen = codes.find(field.id);
        return forms::Codes{chosen == codes.end() ? field.options.front().code : chosen->second};
    }
    case FieldType::phone:
        return secret(field.term == "contact.phone" ? "13900000000" : "13800000000");
    case FieldType::bank_card: return secret("9999990000000000121");
    case FieldType::date: return secret("2026-01-01");
    case FieldType::id_number: return secret("659999194003070048");
    case FieldType::number:
    case FieldType::money: return std::int64_t{field.min};
    case FieldType::text: return secret(field.term == "contact.name" ? "孙样品" : "路灯不亮了");
    case FieldType::photo:
    case FieldType::scan:
    case FieldType::signature:
    case FieldType::consent:
    case FieldType::identity:
    case FieldType::card:
    case FieldType::info: break; // asked by steps of their own
    }
    return std::monostate{};
}

// Takes the one next action of a careful person. False where nothing is left to do.
bool act(Visitor& visitor, const forms::CardValues& card,
         const std::map<std::string, std::string>& codes) {
    auto& session = visitor.session;
    switch (session.step) {
    case Step::card: return visitor.send({Signal::card_read, session::CardInput{card}});
    case Step::prefilled:
    case Step::review: return visitor.send(Signal::go_on);
    case Step::question:
        visitor.send({Signal::answered,
                      session::AnswerInput{proper_answer(current_field(*session.visit), codes)}});
        return visitor.send(Signal::go_on);
    case Step::scan:
        if (may_skip(session, visitor.world)) return visitor.send(Signal::another_way);
        visitor.send(Signal::take_page);
        return visitor.send({Signal::page_captured, session::CapturedPage{page()}});
    case Step::page_check: return visitor.send(Signal::use_page);
    case Step::pages: return visitor.send(Signal::pages_done);
    case Step::identity: return visitor.send({Signal::way_chosen, ChoiceInput{"counter-code"}});
    case Step::declare: return visitor.send(Signal::agreed);
    case Step::signature: return visitor.send(Signal::sign_at_counter);
    case Step::no_card: return visitor.send({Signal::way_chosen, ChoiceInput{"counter-code"}});
    case Step::witness: return visitor.send(Signal::back);
    case Step::attract:
    case Step::home:
    case Step::notice:
    case Step::submitting:
    case Step::sending:
    case Step::result:
    case Step::refused:
    case Step::goodbye:
    case Step::wipe:
    case Step::forward:
    case Step::backward:
    case Step::stay: return false;
    }
    return false;
}

// Fills in the whole form; ends where the request would be stored, or where it is refused.
void fill_in(Visitor& visitor, const forms::CardValues& card,
             const std::map<std::string, std::string>& codes = {}) {
    for (int actions = 0; actions < 200; ++actions) {
        INFO("at " << to_string(visitor.session.step) << " "
                   << (visitor.session.visit ? visitor.session.visit->field : ""));
        if (!act(visitor, card, codes)) return;
    }
    FAIL("the visit goes round in circles at " << to_string(visitor.session.step));
}

// Presses whatever there is to press, with whatever a screen could send along, while `goes_on` says
// so. Nothing may stop the program.
template <class GoesOn> void press_at_random(Visitor& visitor, std::uint64_t seed, GoesOn goes_on) {
    base::SeededRandom random(seed);
    constexpr auto last_signal = std::uint64_t(Signal::low_reach);
    for (int presses = 0; presses < 200 && goes_on(visitor); ++presses) {
        // Mostly what a careful person does next, so that the far end of the form is reached.
        if (random.below(2) == 0 && act(visitor, card_born("1940-03-07"), {})) continue;
        const auto signal = Signal(random.below(last_signal + 1));
        if (signal == Signal::card_read)
            visitor.send({signal, session::CardInput{card_born("1940-03-07")}});
        else if (signal == Signal::page_captured)
            visitor.send({signal, session::CapturedPage{page()}});
        else if (signal == Signal::language_chosen)
            visitor.send({signal, Language::ug});
        else if (signal == Signal::card_problem || signal == Signal::camera_problem)
            visitor.send({signal, base::Errc::unplugged});
        else
            visitor.send(signal);
    }
}

// The request as it would be sealed, with the same key, number and time for every visit.
std::string clear_request(const Visitor& visitor) {
    const auto& visit = *visitor.session.visit;
    forms::SubmissionFacts facts;
    facts.id = "00000000-0000-4000-8000-000000000000";
    facts.receipt_no = "K7M4-92XH-T3QC";
    facts.confirmed_at = visitor.world.wall;
    facts.clock_synchronised = visitor.world.clock_synchronised;
    facts.package_digest = shipped()->digest();
    facts.text_set_digest = shipped()->consent_set_digest();
    facts.text_set_version = shipped()->consent_set_version();
    for (const auto& [number, page] : visit.pages)
        facts.attachments.push_back(
            {number, std::string(64, 'a'), std::string(64, 'b'), page.media_type, 3, 'C'});
    const auto request =
        forms::clear_submission(*visit.form, visit.answers, visitor.world.today(), facts);
    INFO((request ? "" : request.error().text()));
    REQUIRE(request.has_value());
    return {request->begin(), request->end()};
}

const std::vector<std::string> matters{"problem-report", "elderly-allowance",
                                       "pension-eligibility"};

} // namespace

TEST_CASE("every shipped matter can be filled in to the end", "[flow][session]") {
    for (const auto& matter : matters) {
        INFO(matter);
        Visitor visitor;
        visitor.begin(matter);
        fill_in(visitor, card_born("1940-03-07"));
        REQUIRE(visitor.session.step == Step::submitting);
        CHECK(forms::faults(*visitor.session.visit->form, visitor.session.visit->answers,
                            visitor.world.today())
                  .empty());
        const bool knows_person = visitor.session.visit->form->identity != forms::IdentityLevel::l0;
        CHECK(visitor.steps.contains(Step::card) == knows_person);
    }
}

TEST_CASE(
    "a problem report asks no card, no camera of a person and no identity, however one presses",
    "[flow][session][refusal][D4.6][G12]") {
    const auto* form = shipped()->form("problem-report");
    REQUIRE(form != nullptr);
    CHECK(form->identity == forms::IdentityLevel::l0);

    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        INFO("seed " << seed);
        Visitor visitor;
        visitor.begin("problem-report");
        press_at_random(visitor, seed, [](const Visitor& v) {
            return v.session.visit && v.session.visit->matter->id == "problem-report";
        });
        CHECK_FALSE(visitor.asked_for(EffectKind::start_card));
        for (const auto step : {Step::card, Step::prefilled, Step::identity})
            CHECK_FALSE(visitor.steps.contains(step));
    }
}

TEST_CASE("a problem report is about places and things: it has no kind for people",
          "[flow][session][refusal][D4.6]") {
    const auto* form = shipped()->form("problem-report");
    std::set<std::string> kinds;
    for (const auto& option : form->find("report.kind")->options) kinds.insert(option.code);
    CHECK(kinds ==
          std::set<std::string>{"litter", "road", "lamp", "leak", "fire-way", "noise", "other"});
    for (const auto& step : form->steps)
        for (const auto& field : step.fields)
            CHECK((field.term.empty() || field.term == "person.phone")); // only to be called back
}

TEST_CASE("leaving, declining and calling for help store nothing and keep nothing",
          "[flow][session][refusal][D4.6][P4]") {
    for (const auto& matter : matters) {
        for (int actions = 0; actions < 60; ++actions) {
            INFO(matter << " left after " << actions << " actions");
            Visitor visitor;
            visitor.begin(matter);
            for (int i = 0; i < actions; ++i)
                if (!act(visitor, card_born("1940-03-07"), {})) break;
            if (visitor.session.step == Step::submitting) break; // the end of the form
            REQUIRE(visitor.send(Signal::call_staff));
            REQUIRE(visitor.send(Signal::leave));
            REQUIRE(visitor.send(Signal::leave_confirmed));
            CHECK_FALSE(visitor.asked_for(EffectKind::store));
            CHECK_FALSE(visitor.session.visit.has_value());
            CHECK_FALSE(visitor.session.card.has_value());
            CHECK(visitor.session.remembered.empty());
        }
    }
}

TEST_CASE("the same answers in any language make the same request",
          "[flow][session][refusal][G2]") {
    for (const auto& matter : matters) {
        INFO(matter);
        std::set<std::string> requests;
        for (const auto language : base::all_languages) {
            Visitor visitor;
            visitor.begin(matter, language);
            fill_in(visitor, card_born("1940-03-07"));
            REQUIRE(visitor.session.step == Step::submitting);
            requests.insert(clear_request(visitor));
        }
        CHECK(requests.size() == 1);
    }
}

TEST_CASE("a form takes from the card only what it asks for", "[flow][session][refusal][P8]") {
    // This form asks for no sex and no validity, which the card carries.
    Visitor visitor;
    visitor.begin("elderly-allowance");
    fill_in(visitor, card_born("1940-03-07"));
    const auto& visit = *visitor.session.visit;
    for (const auto& id : visit.answers.ids()) {
        INFO(id);
        REQUIRE(visit.form->find(id) != nullptr);
        CHECK(visit.form->find(id)->term != "person.sex");
    }
    CHECK(clear_request(visitor).find("female") == std::string::npos);
}

TEST_CASE("a date refuses nobody while the clock is not synchronised",
          "[flow][session][refusal][G17]") {
    Visitor told;
    told.begin("elderly-allowance");
    fill_in(told, card_born("1990-03-07")); // far from eighty
    REQUIRE(told.session.step == Step::refused);

    Visitor unsure;
    unsure.world = world_of_day(false);
    unsure.begin("elderly-allowance");
    fill_in(unsure, card_born("1990-03-07"));
    CHECK(unsure.session.step == Step::submitting);
}

TEST_CASE("lifting the card ends no visit and moves no step", "[flow][session][refusal][G21]") {
    for (const auto& matter : matters) {
        Visitor visitor;
        visitor.begin(matter);
        do {
            INFO(matter << " at " << to_string(visitor.session.step));
            const auto step = visitor.session.step;
            visitor.send(Signal::card_lifted);
            REQUIRE(visitor.session.step == step);
        } while (act(visitor, card_born("1940-03-07"), {}));
        CHECK(visitor.session.step == Step::submitting);
    }
}

TEST_CASE("the screen says accepted only after the platform answered for this request",
          "[flow][session][refusal][G20]") {
    Visitor visitor;
    visitor.begin("problem-report");
    fill_in(visitor, {});
    REQUIRE(visitor.session.step == Step::submitting);
    CHECK_FALSE(visitor.send({Signal::delivered, session::DeliveredInput{"key"}})); // too early
    REQUIRE(visitor.send({Signal::stored, session::StoredInput{"key", "NUMBER", {}}}));
    CHECK(visitor.session.visit->delivery == session::Delivery::received);

    CHECK_FALSE(visitor.send({Signal::delivered, session::DeliveredInput{"another"}}));
    CHECK(visitor.session.visit->delivery == session::Delivery::received);
    REQUIRE(visitor.send(Signal::answer_due)); // the platform takes its time
    CHECK(visitor.session.step == Step::result);
    CHECK(visitor.session.visit->delivery == session::Delivery::received);
    REQUIRE(visitor.send({Signal::delivered, session::DeliveredInput{"key"}}));
    CHECK(visitor.session.visit->delivery == session::Delivery::accepted);
}

TEST_CASE("an earlier matter's answer is noted while the next matter is filled in",
          "[flow][session]") {
    Visitor visitor;
    visitor.begin("problem-report");
    fill_in(visitor, {});
    REQUIRE(visitor.send({Signal::stored, session::StoredInput{"first", "NUMBER", {}}}));
    REQUIRE(visitor.send(Signal::answer_due));
    REQUIRE(visitor.send(Signal::another_matter));
    CHECK(visitor.session.waiting.size() == 1);
    REQUIRE(visitor.send({Signal::delivered, session::DeliveredInput{"first"}}));
    CHECK(visitor.session.waiting.empty());
    CHECK(visitor.session.step == Step::home);
    CHECK_FALSE(visitor.send({Signal::delivered, session::DeliveredInput{"first"}})); // told once
}

TEST_CASE("a matter without a card asks the reader nothing, whatever was shown before",
          "[flow][session][refusal][G12]") {
    for (const bool was_card_shown : {false, true}) {
        Visitor visitor;
        visitor.session.taken.card = was_card_shown; // in an earlier matter of this session
        visitor.begin("problem-report");
        fill_in(visitor, {});
        REQUIRE(visitor.send({Signal::stored, session::StoredInput{"key", "NUMBER", {}}}));
        REQUIRE(visitor.send(Signal::answer_due));
        REQUIRE(visitor.send(Signal::receipt_printed));
        CHECK_FALSE(visitor.asked_for(EffectKind::watch_card));
        REQUIRE(visitor.send(Signal::done));
        // At the very end a card of the earlier matter may still lie there.
        CHECK(visitor.asked_for(EffectKind::watch_card) == was_card_shown);
        CHECK(visitor.session.step == Step::goodbye);
    }
}

TEST_CASE("nobody becomes a confirmed person by pressing a button",
          "[flow][session][refusal][D4.2][G3]") {
    // No face check exists yet, and a witness is more than a choice: choosing confirms nothing.
    for (const std::string way : {"face", "staff-witness"}) {
        INFO(way);
        Visitor visitor;
        visitor.begin("pension-eligibility");
        while (visitor.session.step != Step::identity && act(visitor, card_born("1950-03-07"), {}))
            ;
        REQUIRE(visitor.session.step == Step::identity);
        visitor.send({Signal::way_chosen, ChoiceInput{way}});
        CHECK(visitor.session.step == (way == "face" ? Step::identity : Step::witness));
        CHECK(visitor.session.visit->answers.find("identity.proof") == nullptr);
    }
}

TEST_CASE("nothing one presses stops the program or leads out of the table", "[flow][session]") {
    for (const auto& matter : matters) {
        for (std::uint64_t seed = 1000; seed < 1200; ++seed) {
            INFO(matter << ", seed " << seed);
            Visitor visitor;
            visitor.begin(matter);
            press_at_random(visitor, seed, [](const Visitor&) { return true; });
            CHECK(session::is_step(visitor.session.step));
        }
    }
}
