#include "tests/simulation/person.hpp"

#include "kiosk/forms/field_types.hpp"

#include <algorithm>
#include <array>

namespace simulation {
namespace {

using forms::FieldType;
using session::AnswerInput;
using session::ChoiceInput;
using session::Overlay;
using session::Signal;
using session::Step;

// Whoever tried so often asks for the way without, or gives up.
constexpr int patience = 6;

// Everything a person can do on the glass, legal here or not.
constexpr std::array everything_to_press{
    Signal::language_chosen, Signal::matter_chosen, Signal::go_on,           Signal::back,
    Signal::answered,        Signal::contested,     Signal::change,          Signal::another_way,
    Signal::way_chosen,      Signal::agreed,        Signal::declined,        Signal::take_page,
    Signal::use_page,        Signal::retake_page,   Signal::add_page,        Signal::delete_page,
    Signal::pages_done,      Signal::drawn,         Signal::sign_at_counter, Signal::done,
    Signal::another_matter,  Signal::stay_here,     Signal::help_closed,     Signal::touched,
    Signal::text_size,       Signal::contrast,      Signal::low_reach,
};

template <class Kind> const Kind& one_of(Place& place, const std::vector<Kind>& all) {
    return all[place.below(all.size())];
}

// The check digit of ISO/IEC 7812-1 behind `digits`.
char luhn_digit(const std::string& digits) {
    int sum = 0;
    bool twice = true;
    for (auto at = digits.rbegin(); at != digits.rend(); ++at, twice = !twice) {
        const int value = (*at - '0') * (twice ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return char('0' + (10 - sum % 10) % 10);
}

} // namespace

Person::Person(Place& place, Watch& watch, Trace& trace)
    : place_(place), watch_(watch), trace_(trace) {
    // Who can finish the allowance most often; everybody else from the simulators' table too.
    const auto people = drivers::demo_people();
    card_ = place.chance(750) ? "applicant-86" : people[place.below(people.size())].id;
    helper_card_ = place.chance(900) ? "agent" : card_;
    brings_helper_ = place.chance(350);
    clumsiness_ = place.chance(500) ? 30 : int(place.below(300));
    more_matters_ = place.chance(250) ? 1 : 0;
}

void Person::start_over() {
    entered_.forget();
    tries_ = 0;
    last_step_ = Step::attract;
    has_begun_ = false;
    if (place_.chance(400)) has_left_ = true;
}

bool Person::tell(Program& program, Signal signal, session::Payload payload) {
    const auto& session = program.session();
    const auto* answer = std::get_if<AnswerInput>(&payload);
    const forms::Field* field = nullptr;
    if (signal == Signal::answered && session.visit && !session.visit->field.empty())
        field = session.visit->form->find(session.visit->field);
    std::optional<forms::Value> value;
    if (answer != nullptr) value = answer->value;
    const bool was_taken = program.tell({signal, std::move(payload)});
    if (was_taken && field != nullptr && value) entered_.answer(*field, *value);
    return was_taken;
}

void Person::act(Program& program) {
    const auto& session = program.session();
    tries_ = session.step == last_step_ ? tries_ + 1 : 0;
    last_step_ = session.step;
    if (session.step == Step::attract && has_begun_) {
        has_left_ = true;
        return;
    }
    if (session.step != Step::witness && staff_card_is_in_ && place_.chance(800)) {
        trace_.line("staff pull their card");
        place_.staff_reader.pull_card();
        staff_card_is_in_ = false;
    }
    if (session.overlay != Overlay::none) return answer_overlay(program);
    if (do_mischief(program)) return;
    switch (session.step) {
    case Step::attract:
        has_begun_ = tell(program, Signal::language_chosen, base::all_languages[place_.below(3)]);
        return;
    case Step::home: return choose_matter(program);
    // Nobody here goes there yet: whoever is there goes back.
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
    case Step::face_consent:
    case Step::face_check:
    case Step::todos: (void)tell(program, Signal::back); return;
    case Step::prefill_offer:
        (void)tell(program, place_.chance(500) ? Signal::agreed : Signal::declined);
        return;
    case Step::notice:
    case Step::fetching:
    case Step::submitting:
    case Step::sending: {
        if (session.step == Step::notice) (void)tell(program, Signal::go_on);
        return;
    }
    case Step::card: return lay_card(program);
    case Step::prefilled: return look_at_prefilled(program);
    case Step::question: return answer_question(program);
    case Step::scan: return lay_paper(program);
    case Step::page_check:
    case Step::pages: return look_at_pages(program);
    case Step::identity: return choose_way(program);
    case Step::no_card:
        (void)tell(program, place_.chance(500) ? Signal::back : Signal::leave);
        return;
    case Step::witness: return be_witnessed(program);
    case Step::review: return check_answers(program);
    case Step::declare: return declare(program);
    case Step::signature: return sign(program);
    case Step::result: return end_matter(program);
    case Step::refused: return refuse_to_despair(program);
    case Step::goodbye:
        if (place_.chance(700) && place_.card_on_reader != nullptr)
            place_.lift_card();
        else
            (void)tell(program, Signal::done);
        return;
    case Step::wipe:
    case Step::forward:
    case Step::backward:
    case Step::stay: return;
    }
}

void Person::answer_overlay(Program& program) {
    switch (program.session().overlay) {
    case Overlay::idle:
        if (place_.chance(100)) {
            has_left_ = true;
            return;
        }
        (void)tell(program, place_.chance(850) ? Signal::stay_here : Signal::leave_confirmed);
        return;
    case Overlay::leave:
        (void)tell(program, place_.chance(600) ? Signal::stay_here : Signal::leave_confirmed);
        return;
    case Overlay::help: (void)tell(program, Signal::help_closed); return;
    case Overlay::voice:
    case Overlay::assist: (void)tell(program, Signal::stay_here); return;
    case Overlay::other_person:
        if (place_.chance(100)) return; // looks at it for a while
        (void)tell(program, place_.chance(850) ? Signal::stay_here : Signal::leave_confirmed);
        return;
    case Overlay::language:
        if (place_.chance(700))
            (void)tell(program, Signal::language_chosen, base::all_languages[place_.below(3)]);
        else
            (void)tell(program, Signal::stay_here);
        return;
    case Overlay::none: return;
    }
}

// ---- other than asked
// ---------------------------------------------------------------------------

// True when this was the one thing done.
bool Person::do_mischief(Program& program) {
    if (!place_.chance(clumsiness_)) return false;
    switch (place_.below(10)) {
    case 0: return tell(program, Signal::back) || true;
    case 1: return tell(program, Signal::leave) || true;
    case 2: return tell(program, Signal::call_staff) || true;
    case 3: return tell(program, Signal::choose_language) || true;
    case 4:
        if (place_.chance(300)) has_left_ = true; // walks away
        return true;                              // or only looks around
    case 5: place_.lift_card(); return true;
    case 6: {
        const auto people = drivers::demo_people();
        place_.lay_card(people[place_.below(people.size())].card);
        trace_.line("another card");
        return true;
    }
    default: press_nonsense(program); return true;
    }
}

session::Payload Person::nonsense(const session::Session& session) {
    switch (place_.below(6)) {
    case 0: return base::all_languages[place_.below(3)];
    case 1: return ChoiceInput{"no-such-thing"};
    case 2: {
        // A field of the form where there is one.
        if (!session.visit || session.visit->form == nullptr) return ChoiceInput{"1"};
        const auto& steps = session.visit->form->steps;
        return ChoiceInput{one_of(place_, one_of(place_, steps).fields).id};
    }
    case 3: {
        const bool is_asked = session.step == Step::question && session.visit;
        if (!is_asked) return AnswerInput{forms::Value{forms::Codes{"no-such-code"}}};
        return AnswerInput{sloppy(session::current_field(*session.visit))};
    }
    case 4: return ChoiceInput{std::to_string(place_.below(4))};
    default: return std::monostate{};
    }
}

// Anything at all; when it is refused, nothing may have changed.
void Person::press_nonsense(Program& program) {
    const auto signal = everything_to_press[place_.below(everything_to_press.size())];
    auto before = std::make_unique<session::Session>(program.session());
    auto payload = nonsense(*before);
    const bool was_begun = before->step != Step::attract;
    if (signal == Signal::sign_at_counter && before->step == Step::signature &&
        before->overlay == Overlay::none)
        entered_.answer(session::current_field(*before->visit), forms::Signature{});
    if (tell(program, signal, std::move(payload))) {
        has_begun_ = has_begun_ || program.session().step != Step::attract;
        // What a nonsense choice of a matter begins is a matter like any other.
        if (program.session().visit && (!before->visit || signal == Signal::matter_chosen))
            entered_.begin(*program.session().visit->form);
        if (signal == Signal::another_matter && was_begun && before->step == Step::result)
            entered_.remember();
        return;
    }
    const auto& after = program.session();
    const bool is_same =
        after.step == before->step && after.overlay == before->overlay &&
        after.ticket == before->ticket && after.language == before->language &&
        after.display == before->display && after.visit.has_value() == before->visit.has_value() &&
        (!after.visit ||
         (after.visit->answers == before->visit->answers &&
          after.visit->field == before->visit->field && after.visit->key == before->visit->key &&
          after.visit->pages.size() == before->visit->pages.size() &&
          after.visit->taken.has_value() == before->visit->taken.has_value() &&
          after.visit->delivery == before->visit->delivery));
    if (!is_same)
        watch_.violate("a refused move changed something: " +
                       std::string(session::to_string(signal)));
}

// ---- as asked
// -----------------------------------------------------------------------------------

void Person::choose_matter(Program& program) {
    if (place_.chance(30)) {
        (void)tell(program, Signal::done);
        return;
    }
    const auto& any = one_of(place_, place_.supplies.content->matters());
    // Where staff are about, most people come with the matter that needs them.
    const bool needs_staff = place_.has_staff && place_.chance(800);
    const std::string matter = needs_staff ? "pension-eligibility" : any.id;
    if (tell(program, Signal::matter_chosen, ChoiceInput{matter}))
        entered_.begin(*program.session().visit->form);
}

void Person::lay_card(Program& program) {
    if (tries_ > patience || place_.chance(20)) {
        (void)tell(program, Signal::another_way);
        return;
    }
    const bool is_helper =
        session::current_field(*program.session().visit).who == forms::Holder::agent;
    // Somebody whose own card is asked a second time finds the helper's.
    const bool finds_helper = is_helper && tries_ > 2;
    const auto* person = drivers::find_demo_person(!is_helper     ? card_
                                                   : finds_helper ? "agent"
                                                                  : helper_card_);
    CHECK(person != nullptr);
    trace_.line("lays a card");
    place_.lay_card(person->card);
}

void Person::look_at_prefilled(Program& program) {
    const auto& visit = *program.session().visit;
    if (place_.chance(60)) {
        const auto ids = visit.answers.ids();
        if (!ids.empty()) (void)tell(program, Signal::contested, ChoiceInput{one_of(place_, ids)});
        return;
    }
    (void)tell(program, tries_ > patience ? Signal::back : Signal::go_on);
}

std::string Person::typed_text(const forms::Field& field) {
    if (field.term == "contact.name") return place_.chance(500) ? "孙样品某某" : "ئايگۈل سىناق";
    if (field.term.ends_with(".name")) return "古丽·样品改正";
    static const std::vector<std::string> texts{
        "样品路口的路灯不亮了已经三天", "سىناق كوچىسىدىكى چىراغ ياقمايدۇ",
        "试验巷999号9栋9单元998室", "Sample lane 999, block 9, unit 9"};
    return one_of(place_, texts);
}

std::string Person::code_of(const forms::Field& field) {
    if (field.id == "forWhom" && !brings_helper_) return "self";
    return one_of(place_, field.options).code;
}

// All numbers are synthetic: the bank prefix belongs to no bank, 659999 to no county, and the
// telephone numbers are the made-up ones that every test uses (spec matters §9).
forms::Value Person::proper(const forms::Field& field) {
    const auto digits = [this](std::string text, int more) {
        for (int i = 0; i < more; ++i) text += char('0' + place_.below(10));
        return text;
    };
    switch (field.type) {
    case FieldType::choice:
    case FieldType::region:
    case FieldType::place: return forms::Codes{code_of(field)};
    case FieldType::multi_choice: return forms::Codes{field.options.front().code};
    case FieldType::phone:
        return base::SecretText(digits(field.term == "contact.phone" ? "1390000" : "1380000", 4));
    case FieldType::bank_card: {
        // The second time, the number of the first.
        if (!field.repeats.empty()) {
            const auto first = entered_.typed().find(field.repeats);
            if (first != entered_.typed().end() && first->second.is_string())
                return base::SecretText(first->second.get<std::string>());
        }
        auto number = digits("999999", 12);
        number += luhn_digit(number);
        return base::SecretText(number);
    }
    case FieldType::id_number: return base::SecretText("659999194003150046");
    case FieldType::date: return base::SecretText("1940-03-15");
    case FieldType::number:
    case FieldType::money: return std::int64_t{field.min};
    case FieldType::text: return base::SecretText(typed_text(field));
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

// What nobody should enter there.
forms::Value Person::sloppy(const forms::Field& field) {
    switch (place_.below(7)) {
    case 0: return std::monostate{};
    case 1: return base::SecretText("1");
    case 2: return base::SecretText(std::string(400, '9'));
    case 3: return base::SecretText("\xff\xfe\x01 \xe2\x80\xae\xed\xa0\x80");
    case 4: return forms::Codes{"no-such-code"};
    case 5: return std::int64_t{-1};
    default: {
        auto half = proper(field);
        if (auto* text = std::get_if<base::SecretText>(&half)) text->resize(text->size() / 2);
        return half;
    }
    }
}

void Person::answer_question(Program& program) {
    const auto& field = session::current_field(*program.session().visit);
    if (tries_ > 3 * patience) {
        (void)tell(program, place_.chance(500) ? Signal::back : Signal::leave);
        return;
    }
    if (place_.chance(clumsiness_)) {
        (void)tell(program, Signal::answered, AnswerInput{sloppy(field)});
    } else if (!field.required && !field.required_if && place_.chance(500)) {
        (void)tell(program, Signal::answered, AnswerInput{forms::Value{}});
    } else {
        (void)tell(program, Signal::answered, AnswerInput{proper(field)});
    }
    (void)tell(program, Signal::go_on);
}

void Person::lay_paper(Program& program) {
    if (place_.chance(150) || tries_ > patience) {
        (void)tell(program, Signal::another_way);
        return;
    }
    const auto& papers = place_.supplies.papers;
    place_.camera.put_page(papers[1 + place_.below(papers.size() - 1)]);
    (void)tell(program, Signal::take_page);
}

void Person::look_at_pages(Program& program) {
    const auto& session = program.session();
    if (session.step == Step::page_check) {
        (void)tell(program, place_.chance(850) ? Signal::use_page : Signal::retake_page);
        return;
    }
    const auto pages = session::pages_of(*session.visit, session.visit->field);
    const auto number = ChoiceInput{pages.empty() ? "1" : std::to_string(one_of(place_, pages))};
    if (place_.chance(120))
        (void)tell(program, Signal::add_page);
    else if (place_.chance(60))
        (void)tell(program, Signal::retake_page, number);
    else if (place_.chance(60))
        (void)tell(program, Signal::delete_page, number);
    else if (tries_ > patience)
        (void)tell(program, pages.empty() ? Signal::add_page : Signal::back);
    else
        (void)tell(program, Signal::pages_done);
}

void Person::check_answers(Program& program) {
    if (place_.chance(120)) {
        const auto& form = *program.session().visit->form;
        (void)tell(program, Signal::change,
                   ChoiceInput{one_of(place_, one_of(place_, form.steps).fields).id});
        return;
    }
    (void)tell(program, tries_ > patience ? Signal::leave : Signal::go_on);
}

void Person::declare(Program& program) {
    (void)tell(program, place_.chance(40) ? Signal::declined : Signal::agreed);
}

void Person::sign(Program& program) {
    // Entered before it is told: the move itself may store the request.
    const auto& field = session::current_field(*program.session().visit);
    if (place_.chance(300)) {
        entered_.answer(field, forms::Signature{});
        (void)tell(program, Signal::sign_at_counter);
        return;
    }
    session::Strokes strokes(2 + place_.below(4));
    for (auto& stroke : strokes) stroke.assign(8, {0.3f, 0.4f});
    const int count = int(strokes.size());
    entered_.answer(field, forms::Signature{0, count});
    (void)tell(program, Signal::drawn, std::move(strokes));
    auto bytes = std::make_shared<base::SecretBytes>(200 + place_.below(2000));
    place_.fate.fill(*bytes);
    session::SignatureInput signature{{"image/png", std::move(bytes), {}}, count};
    (void)tell(program, Signal::signed_on_glass, std::move(signature));
}

// Not handled by the product: face check.
void Person::choose_way(Program& program) {
    if (place_.has_staff && place_.chance(850)) {
        (void)tell(program, Signal::way_chosen, ChoiceInput{std::string(session::way_witness)});
        return;
    }
    (void)tell(program, Signal::way_chosen,
               ChoiceInput{place_.chance(900) ? "counter-code" : "face"});
}

// The resident's card on the reader and the staff's in the slot, in any order, with whatever may go
// wrong; somebody who is not helped in the end goes back and takes the counter code.
void Person::be_witnessed(Program& program) {
    const auto& session = program.session();
    if (!place_.has_staff || tries_ > 2 * patience) {
        (void)tell(program, Signal::back);
        return;
    }
    if (!staff_card_is_in_) {
        const auto& who = simulated_staff()[staff_];
        trace_.line("staff insert a card");
        watch_.note_activity();
        place_.staff_reader.insert_card(place_.chance(900)
                                            ? drivers::SimulatedStaffCard::of(who.card)
                                            : drivers::SimulatedStaffCard::foreign());
        if (place_.chance(100)) place_.staff_reader.pull_after(place_.below(12));
        staff_card_is_in_ = true;
        return;
    }
    if (!session.visit->person_card_lies && place_.chance(900)) {
        const auto* person = drivers::find_demo_person(place_.chance(900) ? card_ : helper_card_);
        trace_.line("lays a card for staff");
        watch_.note_activity();
        place_.lay_card(person->card);
        return;
    }
    if (session.staff.state == staff::Standing::State::ask_pin && place_.chance(900))
        return type_pin(program);
    trace_.line("staff pull their card");
    watch_.note_activity();
    place_.staff_reader.pull_card();
    staff_card_is_in_ = false;
    if (place_.chance(300)) staff_ = (staff_ + 1) % simulated_staff().size(); // a colleague
}

void Person::type_pin(Program& program) {
    if (place_.defect == Defect::witness_without_card) {
        const auto& session = program.session();
        (void)program.tell({Signal::staff_confirmed,
                            staff::Confirmed{session.visit->staff_purpose, session.staff.staff,
                                             session.staff.roles, false}});
        return;
    }
    const std::string right(simulated_staff()[staff_].pin);
    const auto pin = place_.chance(750) ? right : right.substr(1) + "7";
    (void)tell(program, Signal::pin_changed, session::PinInput{base::SecretText(pin)});
    if (place_.chance(50)) place_.lift_card(); // just now
    (void)tell(program, Signal::pin_entered);
}

void Person::end_matter(Program& program) {
    if (tries_ < int(place_.below(4))) return; // reads what it says
    if (more_matters_ > 0) {
        --more_matters_;
        if (tell(program, Signal::another_matter)) entered_.remember();
        return;
    }
    (void)tell(program, Signal::done);
}

void Person::refuse_to_despair(Program& program) {
    const auto draw = place_.below(10);
    if (draw < 5)
        (void)tell(program, Signal::back);
    else if (draw < 7)
        (void)tell(program, Signal::another_matter);
    else
        (void)tell(program, Signal::done);
}

} // namespace simulation
