// Goal: what a visit refuses to do holds on every way through it, not only on the one we thought
// of. Method: the shipped content, the pure session, and a person who presses at random (the seed
// is printed) or who fills in the form properly; devices answer at once. All people are synthetic.
#include "kiosk/base/seeded_random.hpp"
#include "tests/support/session_visitor.hpp"

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

using namespace test;

// What a device, a screen or the staff desk could send along with a signal.
session::Payload anything_for(Signal signal, base::RandomSource& random) {
    using State = staff::Standing::State;
    constexpr std::array people{"1940-03-07", "1940-03-07", "1990-03-07"};
    constexpr std::array ways{session::way_counter, session::way_document, session::way_witness};
    if (signal == Signal::card_read)
        return session::CardInput{card_born(people[random.below(people.size())])};
    if (signal == Signal::page_captured) {
        auto taken = page();
        if (random.below(3) == 0) taken.flaws = {drivers::ScanReason::blur};
        return session::CapturedPage{taken};
    }
    if (signal == Signal::page_seen)
        return session::PageSight{session::PageSight::State(random.below(
                                      std::uint64_t(session::PageSight::State::again) + 1)),
                                  {}};
    if (signal == Signal::desk_seen)
        return session::DeskSight(random.below(std::uint64_t(session::DeskSight::unclear) + 1));
    if (signal == Signal::page_refused) return session::RefusedPage{{drivers::ScanReason::cut, {}}};
    if (signal == Signal::language_chosen) return Language::ug;
    if (signal == Signal::card_problem || signal == Signal::camera_problem)
        return random.below(2) == 0 ? base::Errc::unplugged : base::Errc::card_inconsistent;
    if (signal == Signal::way_chosen)
        return ChoiceInput{std::string(ways[random.below(ways.size())])};
    if (signal == Signal::staff_changed)
        return standing(State(random.below(std::uint64_t(State::checking) + 1)));
    if (signal == Signal::pin_changed)
        return session::PinInput{base::SecretText(std::string(random.below(10), '7'))};
    if (signal == Signal::staff_confirmed)
        return confirmed(staff::Purpose(random.below(std::uint64_t(staff::Purpose::assist) + 1)));
    return std::monostate{};
}

// What holds in every moment of a session, whoever pressed what.
bool keeps_its_promises(const Session& session) {
    const bool asks_staff =
        session.step == Step::witness || session.overlay == session::Overlay::assist;
    if (!session.pin.empty() && !asks_staff) return false;
    if (!session.visit || session.visit->form == nullptr) return session.pin.empty();
    const auto& visit = *session.visit;
    if (visit.person_card_lies && !asks_staff) return false;
    // A form that asks nobody to confirm the person keeps only who saw the document.
    bool asks_identity = false;
    for (const auto& step : visit.form->steps)
        for (const auto& field : step.fields)
            asks_identity = asks_identity || field.type == forms::FieldType::identity;
    if (!asks_identity) return visit.witnessed_by.empty();
    bool by_staff = false;
    for (const auto& id : visit.answers.ids())
        if (const auto* done =
                std::get_if<forms::IdentityConfirmed>(&visit.answers.find(id)->value))
            by_staff = by_staff || done->method == session::way_witness;
    // Nobody is confirmed by staff without the id of who did it, and no id stays without its deed.
    return by_staff ==
           !(visit.witnessed_by.empty() &&
             (visit.document_by.empty() ||
              !forms::is_card_missing(*visit.form, visit.answers, forms::Holder::applicant)));
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
        visitor.send({signal, anything_for(signal, random)});
    }
}

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
    // A way is more than a choice: choosing confirms nothing, and without models there is no face
    // check.
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
            press_at_random(visitor, seed, [&](const Visitor& v) {
                CHECK(keeps_its_promises(v.session));
                return true;
            });
            CHECK(session::is_step(visitor.session.step));
        }
    }
}

TEST_CASE(
    "a child's own card applies for nothing: a parent's is asked for, and other ways are there",
    "[flow][session][refusal][P5]") {
    const auto born_years_ago = [](const Visitor& visitor, int years) {
        const auto today = base::local_date(visitor.world.wall);
        return card_born(base::to_text(
            base::Date{today.year() - std::chrono::years(years), today.month(), today.day()}));
    };
    const auto at_card = [](const std::string& matter) {
        Visitor visitor;
        visitor.begin(matter);
        go_to(visitor, Step::card, card_born("1950-03-07"));
        return visitor;
    };
    for (const std::string matter : {"pension-eligibility", "elderly-allowance"})
        for (const int years : {0, 6, 13, 14, 90}) {
            INFO(matter << ", " << years);
            auto visitor = at_card(matter);
            const auto photo = std::make_shared<const base::SecretBytes>(1024);
            const auto card = born_years_ago(visitor, years);
            REQUIRE(visitor.send({Signal::card_read, session::CardInput{card, photo}}));
            const bool is_child = years < 14;
            CHECK((visitor.session.step == Step::card) == is_child);
            CHECK(visitor.session.card.has_value() == !is_child);
            if (!is_child) continue;
            const auto& visit = *visitor.session.visit;
            CHECK(visit.answers.ids().empty());
            CHECK(photo.use_count() == 1);
            // It lies there still: the words about it stay.
            REQUIRE(visitor.send({Signal::card_problem, base::Errc::busy}));
            CHECK(visit.device_problem == base::Errc::refused);
            auto without = visitor;
            REQUIRE(without.send(Signal::another_way));
            CHECK(without.session.step == Step::no_card);
            REQUIRE(visitor.send({Signal::card_problem, base::Errc::no_card}));
            CHECK(visit.device_problem == base::Errc::no_card);
            const auto parent = born_years_ago(visitor, 40);
            REQUIRE(visitor.send({Signal::card_read, session::CardInput{parent}}));
            CHECK(visitor.session.step != Step::card);
            CHECK(visitor.session.card->id_number == parent.id_number);
        }
    // A clock that is not sure, and a card that contradicts itself, refuse nobody (G17, G18).
    auto visitor = at_card("elderly-allowance");
    auto card = born_years_ago(visitor, 6);
    card.needs_look = true;
    REQUIRE(visitor.send({Signal::card_read, session::CardInput{card}}));
    CHECK(visitor.session.step != Step::card);
    auto unsure = at_card("elderly-allowance");
    unsure.world.clock_synchronised = false;
    card.needs_look = false;
    REQUIRE(unsure.send({Signal::card_read, session::CardInput{card}}));
    CHECK(unsure.session.step != Step::card);
}
