#include "tests/support/session_visitor.hpp"

#include "kiosk/base/citizen_number.hpp"
#include "kiosk/forms/submission.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace test {

using base::Language;
using session::ChoiceInput;
using session::EffectKind;
using session::Input;
using session::Session;
using session::Signal;
using session::Step;
using session::World;

std::shared_ptr<const content::ContentSet> shipped() {
    static const auto set = content::ContentSet::open("assets/content").value();
    return set;
}

World world_of_day(bool synchronised) {
    World world;
    world.wall = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
    world.clock_synchronised = synchronised;
    world.content = shipped();
    return world;
}

namespace {

base::SecretText secret(std::string_view text) {
    return base::SecretText(text);
}

base::SecretText typed_text(const forms::Field& field) {
    if (field.term == "contact.name") return secret("孙样品");
    if (field.term.ends_with(".name"))
        return secret(field.term.starts_with("agent") ? "古丽·样品" : "样品长者");
    return secret("路灯不亮了");
}

} // namespace

std::string number_born(const std::string& date) {
    std::string digits;
    std::copy_if(date.begin(), date.end(), std::back_inserter(digits),
                 [](char c) { return c != '-'; });
    const auto number = "659999" + digits + "002";
    return number + base::citizen_number_check(number);
}

forms::CardValues card_born(const std::string& date) {
    return {secret("阿卜杜热合曼·麦麦提图尔荪"),
            secret(number_born(date)),
            secret(date),
            secret("female"),
            secret("样品省样品市样品路1号"),
            secret("long-term")};
}

staff::Standing standing(staff::Standing::State state) {
    using State = staff::Standing::State;
    staff::Standing standing;
    standing.state = state;
    if (state == State::ask_pin || state == State::checking) {
        standing.staff = witness_id;
        standing.roles.add(staff::Role::office_worker);
    }
    if (state == State::problem) standing.problem = staff::Problem::foreign_card;
    return standing;
}

staff::Confirmed confirmed(staff::Purpose purpose) {
    staff::Confirmed done;
    done.purpose = purpose;
    done.staff = witness_id;
    done.roles.add(staff::Role::office_worker);
    return done;
}

bool Visitor::send(Input input) {
    const auto before = session.step;
    auto outcome = apply(std::move(session), std::move(input), world);
    session = std::move(outcome.session);
    effects.insert(effects.end(), outcome.effects.begin(), outcome.effects.end());
    steps.insert(session.step);
    screens += session.step != before ? 1 : 0;
    return !outcome.refused;
}

bool Visitor::asked_for(EffectKind kind) const {
    return count(kind) > 0;
}

int Visitor::count(EffectKind kind) const {
    return int(std::count(effects.begin(), effects.end(), kind));
}

void Visitor::begin(const std::string& matter, Language language) {
    REQUIRE(send({Signal::language_chosen, language}));
    REQUIRE(send({Signal::matter_chosen, ChoiceInput{matter}}));
    REQUIRE(send(Signal::go_on));
}

bool Visitor::lay_card(const forms::CardValues& card) {
    return send({Signal::card_read, session::CardInput{card}});
}

bool Visitor::insert_staff_card() {
    return send({Signal::staff_changed, standing(staff::Standing::State::reading)}) &&
           send({Signal::staff_changed, standing()});
}

bool Visitor::pull_staff_card() {
    return send({Signal::staff_changed, standing(staff::Standing::State::empty)});
}

bool Visitor::type_pin(std::string_view digits) {
    return send({Signal::pin_changed, session::PinInput{base::SecretText(digits)}});
}

bool Visitor::confirm(staff::Purpose purpose) {
    return type_pin() && send(Signal::pin_entered) &&
           send({Signal::staff_changed, standing(staff::Standing::State::checking)}) &&
           send({Signal::staff_confirmed, confirmed(purpose)});
}

session::StoredPage page() {
    return {"image/jpeg", std::make_shared<base::SecretBytes>(3, std::uint8_t{0xff}),
            std::make_shared<base::Picture>()};
}

forms::Value proper_answer(const forms::Field& field, const ChosenCodes& codes) {
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
    case FieldType::id_number:
        return secret(number_born(field.term == "agent.idNumber" ? "1988-02-29" : "1940-03-07"));
    case FieldType::number:
    case FieldType::money: return std::int64_t{field.min};
    case FieldType::text: return typed_text(field);
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

// A member of staff does what the step waits for.
bool vouch(Visitor& visitor, const forms::CardValues& card) {
    if (!visitor.session.visit->person_card_lies &&
        visitor.visit().staff_purpose == staff::Purpose::witness)
        return visitor.lay_card(card);
    if (visitor.session.staff.state != staff::Standing::State::ask_pin) {
        visitor.pull_staff_card();
        return visitor.insert_staff_card();
    }
    return visitor.confirm(visitor.visit().staff_purpose);
}

bool act(Visitor& visitor, const forms::CardValues& card, const ChosenCodes& codes, By by) {
    auto& session = visitor.session;
    const std::string with_staff(session.step == Step::no_card ? session::way_document
                                                               : session::way_witness);
    const auto way = by == By::staff ? with_staff : std::string(session::way_counter);
    switch (session.step) {
    case Step::card:
        if (card.name.empty()) return visitor.send(Signal::another_way);
        return visitor.lay_card(card);
    case Step::no_card: return visitor.send({Signal::way_chosen, ChoiceInput{way}});
    case Step::witness: return vouch(visitor, card);
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
    case Step::identity: return visitor.send({Signal::way_chosen, ChoiceInput{way}});
    case Step::declare: return visitor.send(Signal::agreed);
    case Step::prefill_offer: return visitor.send(Signal::declined);
    case Step::fetching: return visitor.send(Signal::answer_due);
    case Step::signature: return visitor.send(Signal::sign_at_counter);
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

void fill_in(Visitor& visitor, const forms::CardValues& card, const ChosenCodes& codes, By by) {
    for (int actions = 0; actions < 200; ++actions) {
        INFO("at " << to_string(visitor.session.step) << " "
                   << (visitor.session.visit ? visitor.session.visit->field : ""));
        if (!act(visitor, card, codes, by)) return;
    }
    FAIL("the visit goes round in circles at " << to_string(visitor.session.step));
}

void go_to(Visitor& visitor, Step step, const forms::CardValues& card, const ChosenCodes& codes,
           By by) {
    for (int actions = 0; actions < 200 && visitor.session.step != step; ++actions)
        if (!act(visitor, card, codes, by)) break;
    REQUIRE(visitor.session.step == step);
}

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
    facts.assisted_by = visit.assisted_by;
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
const std::vector<std::string> matters_of_a_person{"elderly-allowance", "pension-eligibility"};

} // namespace test
