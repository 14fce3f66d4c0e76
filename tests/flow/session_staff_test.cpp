// Goal: staff can finish what a face, a card or a resident alone cannot, and only with both cards
// where they belong. Method: the shipped content and the pure session; loops over where it strikes:
// every state in which staff are asked, times everything that can happen then. All people are
// synthetic.
#include "tests/support/session_visitor.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <functional>

using namespace test;
using base::Language;
using session::AssistOffer;
using session::ChoiceInput;
using session::EffectKind;
using session::Overlay;
using session::Signal;
using session::Step;
using staff::Purpose;
using State = staff::Standing::State;

namespace {

using namespace std::chrono_literals;

const forms::CardValues& elder() {
    static const auto card = card_born("1940-03-07");
    return card;
}

// Stands at the witness of the pension matter; no card of anybody is in or on a reader yet.
Visitor at_witness(Language language = Language::zh) {
    Visitor visitor;
    visitor.begin("pension-eligibility", language);
    go_to(visitor, Step::identity, elder());
    REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"staff-witness"}}));
    REQUIRE(visitor.session.step == Step::witness);
    return visitor;
}

// A document is to be seen: the person has no card.
Visitor at_document() {
    Visitor visitor;
    visitor.begin("pension-eligibility");
    go_to(visitor, Step::no_card, {});
    REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"staff-document"}}));
    REQUIRE(visitor.session.step == Step::witness);
    return visitor;
}

// Staff came to help where the phone number is asked.
Visitor at_assist(const std::string& field = "person.phone") {
    Visitor visitor;
    visitor.begin("pension-eligibility");
    for (int i = 0; i < 200 && visitor.session.visit->field != field; ++i) act(visitor, elder());
    REQUIRE(visitor.session.visit->field == field);
    visitor.effects.clear();
    REQUIRE(visitor.insert_staff_card());
    REQUIRE(visitor.session.overlay == Overlay::assist);
    return visitor;
}

// Everything that staff and resident do until the confirmation, one after the other. After k of
// them the visit is in the k-th state.
using Deed = std::function<bool(Visitor&)>;
std::vector<Deed> deeds(Purpose purpose) {
    std::vector<Deed> all;
    if (purpose != Purpose::document) all.push_back([](Visitor& v) { return v.lay_card(elder()); });
    if (purpose != Purpose::assist) // there it is in already
        all.push_back([](Visitor& v) {
            return v.send({Signal::staff_changed, standing(State::reading)});
        });
    all.push_back([](Visitor& v) { return v.send({Signal::staff_changed, standing()}); });
    all.push_back([](Visitor& v) { return v.type_pin("135"); });
    all.push_back([](Visitor& v) { return v.type_pin(); });
    all.push_back([](Visitor& v) { return v.send(Signal::pin_entered); });
    all.push_back([](Visitor& v) {
        return v.send({Signal::staff_changed, standing(State::checking)});
    });
    return all;
}

Visitor begun(Purpose purpose) {
    switch (purpose) {
    case Purpose::witness: return at_witness();
    case Purpose::document: return at_document();
    case Purpose::assist:
    case Purpose::log_in: break;
    }
    return at_assist();
}

constexpr std::array purposes{Purpose::witness, Purpose::document, Purpose::assist};

// Whether staff stand on the record of this request.
bool is_on_record(const Visitor& visitor) {
    const auto part = staff_part(visitor.visit());
    return !part.witnessed_by.empty() || !part.assisted_by.empty() || !part.document_by.empty();
}

// From wherever a mishap left the visit: staff try again, and it works.
void finish_with_staff(Visitor& visitor, Purpose purpose) {
    if (visitor.session.overlay == Overlay::idle || visitor.session.overlay == Overlay::leave)
        REQUIRE(visitor.send(Signal::stay_here));
    if (visitor.session.overlay == Overlay::help) REQUIRE(visitor.send(Signal::help_closed));
    if (visitor.session.overlay == Overlay::language)
        REQUIRE(visitor.send({Signal::language_chosen, Language::en}));
    visitor.pull_staff_card();
    if (visitor.session.step == Step::identity)
        REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"staff-witness"}}));
    if (visitor.session.step == Step::no_card)
        REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"staff-document"}}));
    REQUIRE(visitor.insert_staff_card());
    if (purpose != Purpose::document && !visitor.visit().person_card_lies)
        REQUIRE(visitor.lay_card(elder()));
    REQUIRE(visitor.confirm(purpose));
    CHECK(is_on_record(visitor));
}

} // namespace

// ---- the witness ----

TEST_CASE("a member of staff who looked and entered the PIN is the way that succeeded",
          "[flow][session][staff]") {
    auto visitor = at_witness();
    CHECK(visitor.session.visit->staff_purpose == Purpose::witness);
    CHECK(visitor.count(EffectKind::start_card) == 2); // for the fields, and for the witness
    REQUIRE(visitor.lay_card(elder()));
    CHECK(visitor.session.visit->person_card_lies);
    CHECK(visitor.asked_for(EffectKind::watch_card));
    REQUIRE(visitor.insert_staff_card());
    REQUIRE(visitor.type_pin());
    CHECK(visitor.session.pin == base::SecretText(pin));
    CHECK_FALSE(visitor.asked_for(EffectKind::check_pin));
    REQUIRE(visitor.send(Signal::pin_entered));
    CHECK(visitor.count(EffectKind::check_pin) == 1);
    REQUIRE(visitor.send({Signal::staff_changed, standing(State::checking)}));
    CHECK(visitor.session.pin == base::SecretText(pin)); // still being checked
    visitor.effects.clear();
    REQUIRE(visitor.send({Signal::staff_confirmed, confirmed(Purpose::witness)}));

    CHECK(visitor.session.step == Step::question);
    CHECK(visitor.count(EffectKind::stop_card) == 1);
    CHECK(visitor.session.pin.empty());
    CHECK_FALSE(visitor.session.visit->person_card_lies);
    CHECK(staff_part(visitor.visit()).witnessed_by == witness_id);
    const auto* proof = visitor.session.visit->answers.find("identity.proof");
    REQUIRE(proof != nullptr);
    CHECK(std::get<forms::IdentityConfirmed>(proof->value).method == "staff-witness");

    fill_in(visitor, elder());
    CHECK(visitor.session.step == Step::submitting);
    const auto request = clear_request(visitor);
    CHECK(request.find(R"("method":"staff-witness")") != std::string::npos);
    CHECK(request.find(witness_id) == std::string::npos); // the audit chain knows who (G9)
}

TEST_CASE("a staff card inserted where identity is asked goes straight to the witness",
          "[flow][session][staff]") {
    for (const auto state : {State::reading, State::ask_pin, State::problem}) {
        Visitor visitor;
        visitor.begin("pension-eligibility");
        go_to(visitor, Step::identity, elder());
        REQUIRE(visitor.send(Signal::call_staff)); // the one who was called is here
        REQUIRE(visitor.send({Signal::staff_changed, standing(state)}));
        CHECK(visitor.session.step == Step::witness);
        CHECK(visitor.session.overlay == Overlay::none);
    }
}

TEST_CASE("witness and counter code take the same number of screens, one more or less",
          "[flow][session][refusal][D4.2][G3]") {
    std::array<int, 2> screens{};
    for (const auto by : {By::counter, By::staff}) {
        Visitor visitor;
        visitor.begin("pension-eligibility");
        fill_in(visitor, elder(), {}, by);
        REQUIRE(visitor.session.step == Step::submitting);
        screens[std::size_t(by)] = visitor.screens;
        // The way that was taken is all that is told; no trace of one that was not.
        const auto request = clear_request(visitor);
        CHECK(request.find("face") == std::string::npos);
        CHECK((request.find("counter-code") != std::string::npos) == (by == By::counter));
    }
    CHECK(std::abs(screens[0] - screens[1]) <= 1);
}

TEST_CASE("a witness needs the person's card on the reader, and that person's",
          "[flow][session][refusal][G9]") {
    auto visitor = at_witness();
    REQUIRE(visitor.insert_staff_card());
    REQUIRE(visitor.type_pin());
    visitor.effects.clear();

    SECTION("no card: the PIN is not even checked, and the screen says why") {
        REQUIRE(visitor.send(Signal::pin_entered));
        CHECK(visitor.session.visit->device_problem == base::Errc::no_card);
        REQUIRE(visitor.send({Signal::staff_confirmed, confirmed(Purpose::witness)}));
    }
    SECTION("another person's card") {
        REQUIRE(visitor.lay_card(card_born("1950-01-01")));
        CHECK(visitor.session.overlay == Overlay::other_person);
        CHECK(visitor.count(EffectKind::stop_card) == 1);
        REQUIRE(visitor.send(Signal::stay_here));
        CHECK(visitor.session.visit->device_problem == base::Errc::conflict);
        CHECK(visitor.count(EffectKind::start_card) == 1); // goes on looking
        REQUIRE(visitor.send(Signal::pin_entered));
        REQUIRE(visitor.send({Signal::staff_confirmed, confirmed(Purpose::witness)}));
    }
    SECTION("the card was lifted while the PIN was checked") {
        REQUIRE(visitor.lay_card(elder()));
        REQUIRE(visitor.send(Signal::pin_entered));
        REQUIRE(visitor.send(Signal::card_lifted));
        CHECK(visitor.count(EffectKind::start_card) == 1); // has to be laid down again
        REQUIRE(visitor.send({Signal::staff_confirmed, confirmed(Purpose::witness)}));
    }
    CHECK(visitor.session.visit->device_problem == base::Errc::no_card);
    CHECK(visitor.session.step == Step::witness);
    CHECK_FALSE(is_on_record(visitor));
    CHECK(visitor.session.visit->answers.find("identity.proof") == nullptr);

    // Laid down again, all of it is done again.
    REQUIRE(visitor.lay_card(elder()));
    CHECK_FALSE(visitor.session.visit->device_problem.has_value());
    REQUIRE(visitor.confirm(Purpose::witness));
    CHECK(visitor.session.visit->witnessed_by == witness_id);
}

TEST_CASE("one witness per read: another witness reads the card anew",
          "[flow][session][refusal][G9]") {
    auto visitor = at_witness();
    REQUIRE(visitor.lay_card(elder()));
    REQUIRE(visitor.send(Signal::back));
    CHECK(visitor.session.step == Step::identity);
    CHECK_FALSE(visitor.session.visit->person_card_lies);

    // The card still lies there, and is read again all the same.
    visitor.effects.clear();
    REQUIRE(visitor.insert_staff_card());
    CHECK(visitor.session.step == Step::witness);
    CHECK(visitor.effects == std::vector{EffectKind::start_card});
    CHECK_FALSE(visitor.session.visit->person_card_lies);

    // So does another matter of the same session.
    fill_in(visitor, elder(), {}, By::staff);
    REQUIRE(visitor.send({Signal::stored, session::StoredInput{"key", "NUMBER", {}}}));
    REQUIRE(visitor.send(Signal::answer_due));
    REQUIRE(visitor.send(Signal::another_matter));
    REQUIRE(visitor.send({Signal::matter_chosen, ChoiceInput{"pension-eligibility"}}));
    CHECK_FALSE(is_on_record(visitor));
    REQUIRE(visitor.send(Signal::go_on));
    go_to(visitor, Step::witness, elder(), {}, By::staff);
    CHECK_FALSE(visitor.session.visit->person_card_lies);
    CHECK_FALSE(is_on_record(visitor));
    const bool taken = visitor.send({Signal::staff_confirmed, confirmed(Purpose::witness)});
    CHECK((!taken || visitor.session.visit->device_problem == base::Errc::no_card));
    CHECK(visitor.session.step == Step::witness);
}

TEST_CASE("a confirmation counts for what it was given for, from whom the card in the reader names",
          "[flow][session][refusal][G9]") {
    for (const auto asked : purposes) {
        auto visitor = begun(asked);
        for (const auto& deed : deeds(asked)) REQUIRE(deed(visitor));
        for (const auto given :
             {Purpose::log_in, Purpose::witness, Purpose::document, Purpose::assist}) {
            if (given == asked) continue;
            auto other = visitor;
            CHECK_FALSE(other.send({Signal::staff_confirmed, confirmed(given)}));
            CHECK_FALSE(is_on_record(other));
        }
        auto somebody_else = confirmed(asked);
        somebody_else.staff = "S-9999";
        CHECK_FALSE(visitor.send({Signal::staff_confirmed, somebody_else}));
        auto nobody = confirmed(asked);
        nobody.staff.clear();
        CHECK_FALSE(visitor.send({Signal::staff_confirmed, nobody}));
        auto technician = confirmed(asked);
        technician.roles = {};
        technician.roles.add(staff::Role::technician);
        CHECK_FALSE(visitor.send({Signal::staff_confirmed, technician}));
        CHECK_FALSE(is_on_record(visitor));
        REQUIRE(visitor.send({Signal::staff_confirmed, confirmed(asked)}));
        CHECK(is_on_record(visitor));
    }
}

// ---- the PIN ----

TEST_CASE("a PIN is digits, is taken only while one is asked for, and is checked when complete",
          "[flow][session][staff]") {
    auto visitor = at_witness();
    CHECK_FALSE(visitor.type_pin()); // no card in the reader
    REQUIRE(visitor.lay_card(elder()));
    REQUIRE(visitor.insert_staff_card());
    for (const auto* wrong : {"12345a", "123456789", " 123456", "１２３４５６", "-12345"}) {
        INFO(wrong);
        CHECK_FALSE(visitor.type_pin(wrong));
        CHECK(visitor.session.pin.empty());
    }
    for (const std::string digits : {"", "1", "12345"}) {
        REQUIRE(visitor.type_pin(digits));
        CHECK_FALSE(visitor.send(Signal::pin_entered));
    }
    for (const std::string digits : {"123456", "1234567", "12345678"}) {
        REQUIRE(visitor.type_pin(digits));
        visitor.effects.clear();
        REQUIRE(visitor.send(Signal::pin_entered));
        CHECK(visitor.effects == std::vector{EffectKind::check_pin});
    }
    REQUIRE(visitor.send({Signal::staff_changed, standing(State::checking)}));
    CHECK_FALSE(visitor.type_pin("999999")); // one PIN at a time
    CHECK_FALSE(visitor.send(Signal::pin_entered));
}

TEST_CASE("a PIN is gone as soon as it is not being typed or checked", "[flow][session][staff]") {
    auto wrong = standing();
    wrong.problem = staff::Problem::wrong_pin;
    wrong.tries_left = 4;
    auto colleague = standing();
    colleague.staff = "S-2000";
    for (const auto purpose : purposes) {
        for (const bool is_checking : {false, true}) {
            for (const auto& next :
                 {standing(State::no_reader), standing(State::empty), standing(State::reading),
                  standing(State::problem), wrong, colleague}) {
                INFO(to_string(purpose) << " " << is_checking << " " << int(next.state));
                auto visitor = begun(purpose);
                for (const auto& deed : deeds(purpose)) REQUIRE(deed(visitor));
                if (!is_checking) {
                    REQUIRE(visitor.send({Signal::staff_changed, standing()}));
                    CHECK(visitor.session.pin.empty()); // the check is over
                    REQUIRE(visitor.type_pin());
                }
                REQUIRE_FALSE(visitor.session.pin.empty());
                const auto same = visitor.session.staff;
                REQUIRE(visitor.send({Signal::staff_changed, same}));
                CHECK_FALSE(visitor.session.pin.empty()); // told once more: nothing has changed
                REQUIRE(visitor.send({Signal::staff_changed, next}));
                CHECK(visitor.session.pin.empty());
            }
        }
    }
}

TEST_CASE("a PIN is taken nowhere but where staff are asked", "[flow][session][staff]") {
    for (const auto& matter : matters) {
        Visitor visitor;
        visitor.begin(matter);
        REQUIRE(visitor.insert_staff_card());
        if (visitor.session.overlay == Overlay::assist) REQUIRE(visitor.send(Signal::stay_here));
        do {
            INFO(matter << " at " << to_string(visitor.session.step));
            auto other = visitor;
            other.effects.clear();
            CHECK_FALSE(other.type_pin());
            CHECK_FALSE(other.send(Signal::pin_entered));
            for (const auto purpose : purposes)
                CHECK_FALSE(other.send({Signal::staff_confirmed, confirmed(purpose)}));
            CHECK(other.effects.empty());
            CHECK_FALSE(is_on_record(other));
        } while (act(visitor, elder()));
    }
}

// ---- wherever it strikes ----

TEST_CASE(
    "whatever happens while staff are asked, nothing is on record, no PIN stays, and it can be "
    "done again",
    "[flow][session][refusal][G9][G10]") {
    struct Mishap {
        const char* what;
        Deed strike;
        bool loses_pin = true;
    };
    const std::vector<Mishap> mishaps{
        {"the staff card is pulled", [](Visitor& v) { return v.pull_staff_card(); }},
        {"the staff reader is unplugged",
         [](Visitor& v) {
             return v.send({Signal::staff_changed, standing(State::no_reader)});
         }},
        {"another card is put in its place",
         [](Visitor& v) {
             return v.send({Signal::staff_changed, standing(State::problem)});
         }},
        {"the person's card is lifted",
         [](Visitor& v) {
             v.send(Signal::card_lifted);
             return true;
         },
         false},
        {"the card reader is unplugged",
         [](Visitor& v) {
             v.send(Signal::card_lifted);
             v.send({Signal::card_problem, base::Errc::unplugged});
             return true;
         },
         false},
        {"the idle question", [](Visitor& v) { return v.send(Signal::idle); }, false},
        {"leaving, and staying after all",
         [](Visitor& v) { return v.send(Signal::leave) && v.send(Signal::stay_here); }, false},
        {"another language",
         [](Visitor& v) {
             return v.send(Signal::choose_language) &&
                    v.send({Signal::language_chosen, Language::ug});
         },
         false},
        {"more staff are called", [](Visitor& v) { return v.send(Signal::call_staff); }, false},
        {"back, or closed",
         [](Visitor& v) {
             const bool is_over = v.session.overlay == Overlay::assist;
             return v.send(is_over ? Signal::stay_here : Signal::back);
         }},
    };
    for (const auto purpose : purposes) {
        const auto all = deeds(purpose);
        for (std::size_t k = 0; k <= all.size(); ++k) {
            for (const auto& mishap : mishaps) {
                INFO(to_string(purpose) << " after " << k << " deeds: " << mishap.what);
                auto visitor = begun(purpose);
                for (std::size_t i = 0; i < k; ++i) REQUIRE(all[i](visitor));
                REQUIRE(mishap.strike(visitor));
                CHECK_FALSE(is_on_record(visitor));
                const bool is_asked = visitor.session.step == Step::witness ||
                                      visitor.session.overlay == Overlay::assist;
                if (mishap.loses_pin || !is_asked) CHECK(visitor.session.pin.empty());
                if (purpose == Purpose::witness)
                    CHECK(visitor.session.visit->answers.find("identity.proof") == nullptr);

                // A confirmation on its way from before counts only while both cards are there.
                auto late = visitor;
                const bool counts =
                    late.send({Signal::staff_confirmed, confirmed(purpose)}) && is_on_record(late);
                const bool both_there =
                    late.session.staff.staff == witness_id && is_asked &&
                    (purpose == Purpose::document || visitor.visit().person_card_lies);
                CHECK(counts == both_there);

                finish_with_staff(visitor, purpose);
            }
        }
    }
}

TEST_CASE("leaving or walking away from staff leaves nothing of the person and no PIN",
          "[flow][session][refusal][G3][P4]") {
    for (const auto purpose : purposes) {
        const auto all = deeds(purpose);
        for (std::size_t k = 0; k <= all.size(); ++k) {
            for (const bool walks_away : {false, true}) {
                INFO(to_string(purpose) << " after " << k << " deeds, away: " << walks_away);
                auto visitor = begun(purpose);
                for (std::size_t i = 0; i < k; ++i) REQUIRE(all[i](visitor));
                visitor.effects.clear();
                REQUIRE(visitor.send(walks_away ? Signal::idle : Signal::leave));
                REQUIRE(visitor.send(walks_away ? Signal::idle_expired : Signal::leave_confirmed));
                CHECK(visitor.asked_for(EffectKind::stop_card));
                CHECK_FALSE(visitor.asked_for(EffectKind::store));
                CHECK_FALSE(visitor.session.visit.has_value());
                CHECK_FALSE(visitor.session.card.has_value());
                CHECK(visitor.session.pin.empty());
                CHECK(visitor.session.overlay == Overlay::none);
                if (visitor.session.step == Step::goodbye) REQUIRE(visitor.send(Signal::done));
                REQUIRE(visitor.send(Signal::wiped));
                CHECK(visitor.session.step == Step::attract);
                // The staff card may still be in its reader: that is of nobody's visit.
                CHECK(visitor.session.staff.state == (k == 0 && purpose != Purpose::assist
                                                          ? State::no_reader
                                                          : visitor.session.staff.state));
            }
        }
    }
}

TEST_CASE("a report of staff or reader that says nothing new keeps nobody's session open",
          "[flow][session][staff]") {
    auto visitor = at_witness();
    REQUIRE(visitor.lay_card(elder()));
    const auto later = [&](session::Input input) {
        visitor.world.now += 1s;
        visitor.send(std::move(input));
        return visitor.session.last_activity == visitor.world.now;
    };
    CHECK(later({Signal::staff_changed, standing(State::reading)})); // inserted
    CHECK_FALSE(later({Signal::staff_changed, standing(State::reading)}));
    CHECK_FALSE(later({Signal::staff_changed, standing()})); // the kiosk knows the card now
    CHECK(later({Signal::pin_changed, session::PinInput{base::SecretText("1")}}));
    CHECK_FALSE(later({Signal::pin_changed, session::PinInput{base::SecretText("1")}}));
    CHECK(later({Signal::pin_changed, session::PinInput{base::SecretText(pin)}}));
    CHECK(later(Signal::pin_entered));
    CHECK_FALSE(later({Signal::staff_changed, standing(State::checking)}));
    CHECK_FALSE(later({Signal::staff_changed, standing()}));
    CHECK(later({Signal::staff_changed, standing(State::empty)})); // pulled
    CHECK_FALSE(later({Signal::staff_changed, standing(State::empty)}));
    CHECK_FALSE(later({Signal::staff_changed, standing(State::no_reader)}));
    CHECK(later({Signal::card_problem, base::Errc::card_removed}));
    CHECK_FALSE(later({Signal::card_problem, base::Errc::card_removed}));
}

TEST_CASE("a wrong card that is left lying keeps nobody's session open, the right one does",
          "[flow][session][staff]") {
    const auto is_noticed = [](Visitor& visitor, const forms::CardValues& card) {
        visitor.world.now += 1s;
        visitor.lay_card(card);
        return visitor.session.last_activity == visitor.world.now;
    };
    auto visitor = at_witness();
    CHECK(is_noticed(visitor, card_born("1950-01-01")));
    CHECK_FALSE(is_noticed(visitor, card_born("1950-01-01")));
    REQUIRE(visitor.send(Signal::stay_here)); // not another person
    CHECK_FALSE(is_noticed(visitor, card_born("1950-01-01")));
    REQUIRE(visitor.send(Signal::stay_here));
    CHECK(is_noticed(visitor, elder()));

    // A helper who lays down the person's own card.
    Visitor helper;
    helper.begin("elderly-allowance");
    REQUIRE(helper.lay_card(elder()));
    while (helper.session.step != Step::card)
        REQUIRE(act(helper, elder(), {{"forWhom", "family"}}));
    CHECK(is_noticed(helper, elder()));
    CHECK_FALSE(is_noticed(helper, elder()));
    CHECK(is_noticed(helper, card_born("1988-02-29")));
    CHECK(helper.session.step == Step::prefilled);
}

// ---- assistance ----

TEST_CASE("help of staff stands in the request from the confirmation on, and in no other request",
          "[flow][session][refusal][G10]") {
    auto visitor = at_assist();
    CHECK(assist_offer(visitor.session) == AssistOffer::possible);
    CHECK(visitor.effects == std::vector{EffectKind::start_card});
    REQUIRE(visitor.type_pin());
    REQUIRE(visitor.send(Signal::pin_entered));
    CHECK(visitor.session.visit->device_problem == base::Errc::no_card); // the resident's card
    CHECK_FALSE(visitor.asked_for(EffectKind::check_pin));
    REQUIRE(visitor.lay_card(card_born("1950-01-01")));
    CHECK(visitor.session.overlay == Overlay::other_person);
    CHECK_FALSE(visitor.lay_card(elder())); // a question is open, and no card is asked for
    REQUIRE(visitor.send(Signal::stay_here));
    CHECK(visitor.session.overlay == Overlay::assist);
    CHECK(visitor.effects.back() == EffectKind::start_card);
    REQUIRE(visitor.lay_card(elder()));
    REQUIRE(visitor.confirm(Purpose::assist));
    CHECK(visitor.session.overlay == Overlay::assist); // says that it is on record
    CHECK(assist_offer(visitor.session) == AssistOffer::recorded);
    CHECK(visitor.effects.back() == EffectKind::stop_card);
    REQUIRE(visitor.pull_staff_card());
    CHECK(visitor.session.overlay == Overlay::none);
    CHECK(visitor.session.visit->field == "person.phone"); // where it was

    // Inserted again: it says so again, and asks for nothing.
    visitor.effects.clear();
    REQUIRE(visitor.insert_staff_card());
    CHECK(visitor.session.overlay == Overlay::assist);
    CHECK(visitor.effects.empty());
    CHECK_FALSE(visitor.type_pin());
    REQUIRE(visitor.send(Signal::stay_here));

    fill_in(visitor, elder());
    REQUIRE(visitor.session.step == Step::submitting);
    CHECK(clear_request(visitor).find(R"("assistedBy":{"staffId":"S-1182"})") != std::string::npos);
    REQUIRE(visitor.send({Signal::stored, session::StoredInput{"key", "NUMBER", {}}}));
    REQUIRE(visitor.send(Signal::answer_due));
    REQUIRE(visitor.send(Signal::another_matter));
    REQUIRE(visitor.send({Signal::matter_chosen, ChoiceInput{"elderly-allowance"}}));
    CHECK(staff_part(visitor.visit()).assisted_by.empty());
    REQUIRE(visitor.send(Signal::go_on));
    fill_in(visitor, elder());
    CHECK(clear_request(visitor).find("assistedBy") == std::string::npos);
}

TEST_CASE("assisting and witnessing are two confirmations, also by the same member of staff",
          "[flow][session][refusal][G9][G10]") {
    auto visitor = at_witness();
    REQUIRE(visitor.lay_card(elder()));
    REQUIRE(visitor.insert_staff_card());
    REQUIRE(visitor.confirm(Purpose::witness));
    REQUIRE(visitor.session.step == Step::question);
    CHECK(staff_part(visitor.visit()).assisted_by.empty());
    REQUIRE(visitor.pull_staff_card());
    REQUIRE(visitor.insert_staff_card());
    REQUIRE(visitor.lay_card(elder()));
    REQUIRE(visitor.confirm(Purpose::assist));
    const auto part = staff_part(visitor.visit());
    CHECK(part.witnessed_by == witness_id);
    CHECK(part.assisted_by == witness_id);
    CHECK(part.document_by.empty());
}

TEST_CASE("where nobody can be helped on record, a staff card only says why, and no card is read",
          "[flow][session][refusal][G10][G12]") {
    Visitor visitor;
    REQUIRE(visitor.send({Signal::language_chosen, Language::zh}));
    const auto says = [&](AssistOffer offer) {
        auto other = visitor;
        other.effects.clear();
        REQUIRE(other.insert_staff_card());
        CHECK(other.session.overlay == Overlay::assist);
        CHECK(assist_offer(other.session) == offer);
        CHECK_FALSE(other.type_pin());
        CHECK_FALSE(other.send(Signal::pin_entered));
        CHECK_FALSE(other.send({Signal::staff_confirmed, confirmed(Purpose::assist)}));
        CHECK_FALSE(other.send(Signal::card_lifted));
        REQUIRE(other.send(Signal::stay_here));
        CHECK(other.effects.empty());
        CHECK(other.session.overlay == Overlay::none);
    };
    says(AssistOffer::no_person_yet); // home
    REQUIRE(visitor.send({Signal::matter_chosen, ChoiceInput{"pension-eligibility"}}));
    says(AssistOffer::no_person_yet); // notice
    REQUIRE(visitor.send(Signal::go_on));
    says(AssistOffer::no_person_yet); // card

    Visitor reporter;
    reporter.begin("problem-report");
    visitor = reporter;
    do {
        if (!session::may_be_assisted(visitor.session.step)) break;
        says(AssistOffer::takes_no_person);
    } while (act(visitor, {}));

    Visitor without;
    without.begin("pension-eligibility");
    go_to(without, Step::review, {});
    visitor = without;
    says(AssistOffer::no_card);
}

TEST_CASE("a staff card opens what staff can do there, from every step and over every overlay",
          "[flow][session][staff]") {
    constexpr std::array before{Signal::touched, Signal::idle, Signal::leave, Signal::call_staff,
                                Signal::choose_language};
    for (const auto by : {By::counter, By::staff}) {
        for (const auto& matter : matters) {
            Visitor visitor;
            visitor.begin(matter);
            do {
                for (const auto signal : before) {
                    INFO(matter << " at " << to_string(visitor.session.step) << " under "
                                << to_string(signal));
                    auto other = visitor;
                    other.pull_staff_card();
                    if (asks_nobody(other.session.step)) break;
                    REQUIRE(other.send(signal));
                    const auto step = other.session.step;
                    other.effects.clear();
                    REQUIRE(other.insert_staff_card());
                    const bool confirms =
                        step == Step::no_card || step == Step::identity || step == Step::witness;
                    CHECK(other.session.step == (confirms ? Step::witness : step));
                    CHECK(other.session.overlay == (confirms ? Overlay::none : Overlay::assist));
                    // Whatever it began is ended when the card goes again and the person leaves.
                    REQUIRE(other.pull_staff_card());
                    CHECK(other.session.overlay == Overlay::none);
                    CHECK(other.count(EffectKind::start_card) - (confirms ? 1 : 0) <=
                          other.count(EffectKind::stop_card));
                }
            } while (act(visitor, elder(), {}, by));
        }
    }
}

TEST_CASE("a card laid down while a staff card is in reaches the step, and then staff can help",
          "[flow][session][staff]") {
    Visitor visitor;
    visitor.begin("elderly-allowance");
    REQUIRE(visitor.session.step == Step::card);
    REQUIRE(visitor.insert_staff_card());
    visitor.effects.clear();
    REQUIRE(visitor.lay_card(elder()));
    CHECK(visitor.session.step == Step::prefill_offer);
    CHECK(visitor.session.overlay == Overlay::assist);
    CHECK(assist_offer(visitor.session) == AssistOffer::possible);
    CHECK(visitor.effects == std::vector{EffectKind::stop_card, EffectKind::start_card});
    REQUIRE(visitor.lay_card(elder()));
    REQUIRE(visitor.confirm(Purpose::assist));
    CHECK(visitor.session.visit->assisted_by == witness_id);
}

TEST_CASE("under the help of staff the camera goes on, and its words do not stand in theirs",
          "[flow][session][staff]") {
    Visitor visitor;
    visitor.begin("elderly-allowance");
    go_to(visitor, Step::scan, elder());
    visitor.effects.clear();
    REQUIRE(visitor.insert_staff_card());
    REQUIRE(visitor.lay_card(elder()));
    CHECK_FALSE(visitor.asked_for(EffectKind::close_camera));
    REQUIRE(visitor.send({Signal::camera_problem, base::Errc::unplugged}));
    CHECK_FALSE(visitor.session.visit->device_problem.has_value());
    REQUIRE(visitor.send({Signal::page_captured, session::CapturedPage{page()}}));
    CHECK(visitor.session.step == Step::page_check);
    CHECK(visitor.session.overlay == Overlay::assist);
    CHECK(visitor.session.visit->person_card_lies);
    REQUIRE(visitor.confirm(Purpose::assist));
    CHECK(visitor.session.visit->assisted_by == witness_id);
}

TEST_CASE("another person's card takes what staff confirmed for the first one along",
          "[flow][session][refusal][G9][G10]") {
    auto visitor = at_witness();
    REQUIRE(visitor.lay_card(elder()));
    REQUIRE(visitor.insert_staff_card());
    REQUIRE(visitor.confirm(Purpose::witness));
    REQUIRE(visitor.pull_staff_card());
    REQUIRE(visitor.insert_staff_card());
    REQUIRE(visitor.lay_card(elder()));
    REQUIRE(visitor.confirm(Purpose::assist));
    REQUIRE(visitor.send(Signal::stay_here));
    while (visitor.session.step != Step::card) REQUIRE(visitor.send(Signal::back));
    REQUIRE(visitor.lay_card(card_born("1950-01-01")));
    CHECK(visitor.session.overlay == Overlay::other_person);
    CHECK(is_on_record(visitor)); // asked first
    REQUIRE(visitor.send(Signal::leave_confirmed));
    CHECK(visitor.session.step == Step::wipe);
    CHECK_FALSE(visitor.session.visit.has_value());
}

// ---- no readable card ----

TEST_CASE("every matter of a person is finished without a card, with staff and without",
          "[flow][session][refusal][G18]") {
    for (const auto& matter : matters_of_a_person) {
        for (const auto by : {By::counter, By::staff}) {
            INFO(matter << (by == By::staff ? " with staff" : " at the counter"));
            Visitor visitor;
            visitor.begin(matter);
            fill_in(visitor, {}, {}, by);
            REQUIRE(visitor.session.step == Step::submitting);
            CHECK_FALSE(visitor.session.card.has_value());
            CHECK(visitor.steps.contains(Step::witness) == (by == By::staff));
            CHECK_FALSE(visitor.steps.contains(Step::identity)); // settled with the card
            CHECK_FALSE(visitor.steps.contains(Step::prefilled));
            CHECK(ends_at_counter(visitor.visit()) == (by == By::counter));
            CHECK(staff_part(visitor.visit()).document_by == (by == By::staff ? witness_id : ""));
            const auto request = clear_request(visitor);
            CHECK(request.find(by == By::staff
                                   ? R"("method":"staff-witness")"
                                   : R"("method":"counter-code")") != std::string::npos);
            CHECK(request.find(number_born("1940-03-07")) != std::string::npos);
        }
    }
}

TEST_CASE("a helper's card may be missing as well", "[flow][session][refusal][G18]") {
    for (const auto by : {By::counter, By::staff}) {
        Visitor visitor;
        visitor.begin("elderly-allowance");
        REQUIRE(visitor.lay_card(elder()));
        while (visitor.session.step != Step::card)
            REQUIRE(act(visitor, elder(), {{"forWhom", "family"}}));
        CHECK(visitor.session.visit->field == "agent.card");
        REQUIRE(visitor.send(Signal::another_way));
        fill_in(visitor, elder(), {{"forWhom", "family"}}, by);
        REQUIRE(visitor.session.step == Step::submitting);
        CHECK(ends_at_counter(visitor.visit()) == (by == By::counter));
        const auto request = clear_request(visitor);
        // The applicant's own card was read all the same.
        CHECK(request.find(R"("method":"possession-only")") != std::string::npos);
        CHECK(request.find(by == By::staff
                               ? R"({"field":"agent.name","value":"古丽·样品","source":"staff")"
                               : R"({"field":"agent.name","value":"古丽·样品","source":"typed")") !=
              std::string::npos);
    }
}

TEST_CASE(
    "a card that contradicts itself twice in a row leads on without it, never round and round",
    "[flow][session][refusal][G18]") {
    Visitor visitor;
    visitor.begin("pension-eligibility");
    REQUIRE(visitor.send({Signal::card_problem, base::Errc::card_inconsistent}));
    CHECK(visitor.session.step == Step::card); // perhaps it was the hand
    REQUIRE(visitor.send({Signal::card_problem, base::Errc::card_removed}));
    REQUIRE(visitor.send({Signal::card_problem, base::Errc::card_inconsistent}));
    CHECK(visitor.session.step == Step::no_card);
    CHECK(visitor.session.visit->no_card == session::NoCard::inconsistent);
    CHECK(visitor.effects.back() == EffectKind::stop_card);
    CHECK(ways_without_card(visitor.visit()).size() == 2);
    // Another card can still be tried, with as many chances.
    REQUIRE(visitor.send(Signal::back));
    CHECK(visitor.session.step == Step::card);
    REQUIRE(visitor.send({Signal::card_problem, base::Errc::card_inconsistent}));
    CHECK(visitor.session.step == Step::card);
    REQUIRE(visitor.send(Signal::another_way));
    CHECK(visitor.session.visit->no_card == session::NoCard::asked);
}

TEST_CASE("a card whose fields need a look goes on, and somebody of the office looks",
          "[flow][session][refusal][G18]") {
    auto card = card_born("1940-03-07");
    card.needs_look = true;
    Visitor allowance;
    allowance.begin("elderly-allowance");
    fill_in(allowance, card);
    REQUIRE(allowance.session.step == Step::submitting);
    CHECK(ends_at_counter(allowance.visit()));
    CHECK(clear_request(allowance).find(R"("method":"counter-code")") != std::string::npos);

    Visitor pension;
    pension.begin("pension-eligibility");
    fill_in(pension, card, {}, By::staff);
    REQUIRE(pension.session.step == Step::submitting);
    CHECK_FALSE(ends_at_counter(pension.visit()));
    CHECK(clear_request(pension).find(R"("method":"staff-witness")") != std::string::npos);
}

TEST_CASE("a birth date that follows from a typed number refuses as the card's would",
          "[flow][session][refusal][G17][G18]") {
    for (const bool is_sure : {true, false}) {
        Visitor visitor;
        visitor.world = world_of_day(is_sure);
        visitor.begin("elderly-allowance");
        while (visitor.session.step != Step::question ||
               visitor.session.visit->field != "person.idNumber")
            REQUIRE(act(visitor, {}));
        REQUIRE(visitor.send({Signal::answered, session::AnswerInput{forms::Value{base::SecretText(
                                                    number_born("1990-03-07"))}}}));
        REQUIRE(visitor.send(Signal::go_on));
        if (!is_sure) {
            CHECK(visitor.session.step == Step::question);
            continue;
        }
        REQUIRE(visitor.session.step == Step::refused);
        CHECK(visitor.session.visit->refusal->fault->key == "fault.too-young");
        REQUIRE(visitor.send(Signal::back)); // a wrong digit, perhaps
        CHECK(visitor.session.visit->field == "person.idNumber");
        fill_in(visitor, {});
        CHECK(visitor.session.step == Step::submitting);
    }
}

TEST_CASE("without a card one can change one's mind until the end",
          "[flow][session][refusal][G18]") {
    Visitor visitor;
    visitor.begin("pension-eligibility");
    go_to(visitor, Step::review, {});

    SECTION("from the counter to staff") {
        REQUIRE(visitor.send({Signal::change, ChoiceInput{"identity.proof"}}));
        CHECK(visitor.session.step == Step::no_card);
        REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"staff-document"}}));
        REQUIRE(visitor.insert_staff_card());
        REQUIRE(visitor.confirm(Purpose::document));
        CHECK(visitor.session.visit->field == "person.name"); // staff enter it anew
        go_to(visitor, Step::review, {});
        CHECK_FALSE(ends_at_counter(visitor.visit()));
    }
    SECTION("from staff to the counter") {
        REQUIRE(visitor.send({Signal::change, ChoiceInput{"person.card"}}));
        REQUIRE(visitor.insert_staff_card()); // goes straight to the document
        REQUIRE(visitor.confirm(Purpose::document));
        go_to(visitor, Step::review, {});
        CHECK(staff_part(visitor.visit()).document_by == witness_id);
        REQUIRE(visitor.send({Signal::change, ChoiceInput{"person.card"}}));
        REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"counter-code"}}));
        CHECK(visitor.session.step == Step::review);
        CHECK(ends_at_counter(visitor.visit()));
        CHECK(staff_part(visitor.visit()).document_by.empty());
    }
    SECTION("the card was found") {
        REQUIRE(visitor.send({Signal::change, ChoiceInput{"person.card"}}));
        REQUIRE(visitor.send(Signal::back));
        REQUIRE(visitor.session.step == Step::card);
        REQUIRE(visitor.lay_card(elder()));
        REQUIRE(visitor.session.step == Step::prefilled);
        CHECK_FALSE(ends_at_counter(visitor.visit()));
        CHECK(visitor.session.visit->answers.find("identity.proof") == nullptr);
        CHECK(visitor.session.visit->answers.find("person.name")->source == forms::Source::card);
        go_to(visitor, Step::review, elder());
        CHECK(visitor.steps.contains(Step::identity));
    }
    fill_in(visitor, elder());
    CHECK(visitor.session.step == Step::submitting);
    clear_request(visitor);
}

TEST_CASE("a card that does not come back after all makes the person somebody nobody knows",
          "[flow][session][refusal][G18]") {
    Visitor visitor;
    visitor.begin("pension-eligibility");
    go_to(visitor, Step::review, elder());
    REQUIRE(visitor.session.card.has_value());
    while (visitor.session.step != Step::card) REQUIRE(visitor.send(Signal::back));
    REQUIRE(visitor.send(Signal::another_way));
    REQUIRE(visitor.send({Signal::way_chosen, ChoiceInput{"counter-code"}}));
    CHECK_FALSE(visitor.session.card.has_value());
    CHECK(visitor.session.visit->answers.find("person.name") == nullptr);
    CHECK(visitor.session.visit->answers.find("person.phone") == nullptr);
}

TEST_CASE("another matter without a card asks staff again, who enter the number again",
          "[flow][session][refusal][G18]") {
    Visitor visitor;
    visitor.begin("pension-eligibility");
    fill_in(visitor, {}, {}, By::staff);
    REQUIRE(visitor.send({Signal::stored, session::StoredInput{"key", "NUMBER", {}}}));
    REQUIRE(visitor.send(Signal::answer_due));
    REQUIRE(visitor.send(Signal::another_matter));
    REQUIRE(visitor.pull_staff_card());
    REQUIRE(visitor.send({Signal::matter_chosen, ChoiceInput{"elderly-allowance"}}));
    REQUIRE(visitor.send(Signal::go_on));
    CHECK(visitor.session.step == Step::card);
    CHECK_FALSE(is_on_record(visitor));
    REQUIRE(visitor.send(Signal::another_way));
    REQUIRE(visitor.insert_staff_card());
    REQUIRE(visitor.session.step == Step::witness);
    REQUIRE(visitor.confirm(Purpose::document));
    CHECK(visitor.session.visit->field == "person.name");
    CHECK(visitor.session.visit->answers.find("person.name") == nullptr);
    CHECK(visitor.session.visit->answers.find("person.idNumber") == nullptr);
}

// What the card would have said, typed with nobody's word for it.
void type_instead(Visitor& visitor, std::string_view text) {
    REQUIRE(visitor.send(
        {Signal::answered, session::AnswerInput{forms::Value{base::SecretText(text)}}}));
}

Visitor at_name_with_staff() {
    Visitor visitor;
    visitor.begin("pension-eligibility");
    go_to(visitor, Step::no_card, {});
    REQUIRE(visitor.insert_staff_card());
    REQUIRE(visitor.confirm(Purpose::document));
    REQUIRE(visitor.session.visit->field == "person.name");
    return visitor;
}

TEST_CASE("staff vouch for name and number that were entered while their card was in",
          "[flow][session][refusal][G18]") {
    auto visitor = at_name_with_staff();
    type_instead(visitor, "样品某");
    REQUIRE(visitor.send(Signal::go_on));
    type_instead(visitor, number_born("1950-01-01"));
    REQUIRE(visitor.pull_staff_card());
    REQUIRE(visitor.send(Signal::go_on));
    REQUIRE(visitor.send(Signal::back)); // to look at it once more
    type_instead(visitor, number_born("1950-01-01"));
    CHECK(staff_part(visitor.visit()).document_by == witness_id);
    REQUIRE(visitor.send(Signal::go_on));
    fill_in(visitor, {});
    CHECK_FALSE(ends_at_counter(visitor.visit()));
    CHECK(clear_request(visitor).find(R"("method":"staff-witness")") != std::string::npos);
}

TEST_CASE("what is typed when the staff card is out rests on nobody's word",
          "[flow][session][refusal][G18]") {
    auto visitor = at_name_with_staff();

    SECTION("it is pulled before the name") {
        REQUIRE(visitor.pull_staff_card());
    }
    SECTION("it is pulled and comes back without a PIN") {
        REQUIRE(visitor.pull_staff_card());
        REQUIRE(visitor.insert_staff_card());
        REQUIRE(visitor.pull_staff_card());
    }
    SECTION("it is pulled between name and number") {
        type_instead(visitor, "样品某");
        REQUIRE(visitor.send(Signal::go_on));
        REQUIRE(visitor.pull_staff_card());
    }
    SECTION("another name is put in its place at the end") {
        go_to(visitor, Step::review, {});
        REQUIRE(visitor.pull_staff_card());
        REQUIRE(visitor.send({Signal::change, ChoiceInput{"person.name"}}));
        type_instead(visitor, "另一人");
        REQUIRE(visitor.send(Signal::go_on));
    }
    fill_in(visitor, {});
    CHECK(staff_part(visitor.visit()).document_by.empty());
    CHECK(ends_at_counter(visitor.visit()));
    CHECK(clear_request(visitor).find(R"("method":"counter-code")") != std::string::npos);
    for (const auto& id : visitor.session.visit->answers.ids())
        CHECK(visitor.session.visit->answers.find(id)->source != forms::Source::staff);
}

TEST_CASE("help, leaving and language lead back to the member of staff who was about to help",
          "[flow][session]") {
    for (const auto signal : {Signal::call_staff, Signal::leave, Signal::choose_language}) {
        INFO(to_string(signal));
        Visitor visitor;
        visitor.begin("pension-eligibility");
        go_to(visitor, Step::question, elder());
        REQUIRE(visitor.insert_staff_card());
        REQUIRE(visitor.session.overlay == Overlay::assist);
        REQUIRE(visitor.send(signal));
        REQUIRE(visitor.session.overlay != Overlay::assist);
        const auto closes = signal == Signal::call_staff ? Signal::help_closed : Signal::stay_here;
        REQUIRE(visitor.send(closes));
        CHECK(visitor.session.overlay == Overlay::assist);
        REQUIRE(visitor.send(Signal::stay_here));
        CHECK(visitor.session.overlay == Overlay::none);

        REQUIRE(visitor.send(signal)); // over the question now
        REQUIRE(visitor.send(closes));
        CHECK(visitor.session.overlay == Overlay::none);
    }
}

TEST_CASE("a loose contact in the slot for staff cards keeps nobody's session open",
          "[flow][session][refusal][G24]") {
    Visitor visitor;
    visitor.begin("pension-eligibility");
    const auto due = [&] { return session::next_deadline(visitor.session)->at; };
    visitor.world.now += 10s;
    REQUIRE(visitor.insert_staff_card());
    const auto once = due();
    for (int i = 0; i < 5; ++i) {
        visitor.world.now += 10s;
        REQUIRE(visitor.pull_staff_card());
        REQUIRE(visitor.insert_staff_card());
    }
    CHECK(due() == once);
}

TEST_CASE("with staff too, the same answers in any language make the same request",
          "[flow][session][refusal][G2]") {
    for (const bool has_card : {true, false}) {
        for (const auto by : {By::counter, By::staff}) {
            std::set<std::string> requests;
            for (const auto language : base::all_languages) {
                Visitor visitor;
                visitor.begin("pension-eligibility", language);
                fill_in(visitor, has_card ? elder() : forms::CardValues{}, {}, by);
                REQUIRE(visitor.session.step == Step::submitting);
                requests.insert(clear_request(visitor));
            }
            CHECK(requests.size() == 1);
        }
    }
}
