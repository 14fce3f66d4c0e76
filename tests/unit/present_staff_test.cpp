// Goal: whoever stands before a staff screen knows how the card stands and what to do, in three
// languages; and nobody sees a resident or a PIN on it. Method: every standing of a card is shown
// for every purpose; two residents' visits lead to the same screens, which must be equal byte for
// byte.
#include "kiosk/present/staff.hpp"
#include "tests/unit/present_visit.hpp"

#include "screens/stage.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

using namespace std::chrono_literals;
using screens::Action;
using screens::StaffCheckModel;
using session::Input;
using session::Overlay;
using session::Signal;
using session::Step;
using staff::AreaSignal;
using staff::Page;
using staff::Problem;
using staff::Purpose;
using test::Visitor;
using State = staff::Standing::State;

namespace {

constexpr std::array states{State::no_reader, State::empty,   State::reading,
                            State::problem,   State::ask_pin, State::checking};
constexpr std::array problems{Problem::several_cards,  Problem::foreign_card, Problem::unknown_card,
                              Problem::card_silent,    Problem::card_removed, Problem::no_roster,
                              Problem::roster_expired, Problem::not_allowed,  Problem::wrong_pin,
                              Problem::locked,         Problem::not_recorded};
static_assert(problems.size() == std::size_t(Problem::not_recorded) + 1);

staff::Roles all_roles() {
    staff::Roles roles;
    roles.add(staff::Role::office_worker);
    roles.add(staff::Role::technician);
    roles.add(staff::Role::administrator);
    return roles;
}

staff::Standing standing(State state) {
    staff::Standing result;
    result.state = state;
    if (state == State::ask_pin || state == State::checking) result.staff = "S-1182";
    result.roles = all_roles();
    return result;
}

staff::Standing standing(State state, Problem problem) {
    auto result = standing(state);
    result.problem = problem;
    return result;
}

staff::Confirmed confirmed(Purpose purpose) {
    return {purpose, "S-1182", all_roles(), false};
}

// ---- a visit up to staff ----

// All of it invented; no two values are shared.
struct Resident {
    forms::CardValues card;
    std::string address;
    std::string phone;
};

Resident one_resident() {
    return {test::elder_card(), "CANARY-LANE-ONE 5", "13800006021"};
}

// The number is synthetic like the elder's (spec matters §9).
Resident another_resident() {
    return {{base::SecretText("测试乙"), base::SecretText("65999919500101002X"),
             base::SecretText("1950-01-01"), base::SecretText("female"),
             base::SecretText("测试市另一条路98号"), base::SecretText("2031-05-05")},
            "CANARY-LANE-TWO 77",
            "13900007788"};
}

Visitor in_pension(const Resident& resident, base::Language language = base::Language::en) {
    Visitor visitor(language);
    visitor.facts.staff_on_duty = true;
    visitor.facts.staff_reader_ok = true;
    visitor.facts.roster_ok = true;
    visitor.answers = {{"forWhom", "self"},
                       {"pension.kind", "resident"},
                       {"pension.livingPlace", "district"},
                       {"person.address.current", resident.address},
                       {"person.phone", resident.phone}};
    visitor.begin("pension-eligibility");
    const auto* region = visitor.session.visit->form->find("person.address.region");
    REQUIRE(region != nullptr);
    visitor.answers["person.address.region"] = region->options.front().code;
    visitor.go_to(Step::card);
    return visitor;
}

void lay(Visitor& visitor, const Resident& resident) {
    visitor.tell(Input{Signal::card_read, session::CardInput{resident.card}});
}

void insert(Visitor& visitor, staff::Standing card) {
    visitor.tell(Input{Signal::staff_changed, std::move(card)});
}

Visitor at_identity(const Resident& resident, base::Language language = base::Language::en) {
    auto visitor = in_pension(resident, language);
    lay(visitor, resident);
    visitor.go_to(Step::identity);
    return visitor;
}

Visitor at_witness(const Resident& resident, base::Language language = base::Language::en) {
    auto visitor = at_identity(resident, language);
    visitor.press(screens::Chosen{"staff-witness"});
    REQUIRE(visitor.session.step == Step::witness);
    return visitor;
}

Visitor at_document(base::Language language = base::Language::en) {
    auto visitor = in_pension(one_resident(), language);
    visitor.press(screens::CardPress::other_way);
    REQUIRE(visitor.session.step == Step::no_card);
    visitor.press(screens::Chosen{"staff-document"});
    REQUIRE(visitor.session.step == Step::witness);
    return visitor;
}

// Help is offered over a question.
Visitor at_assist(const Resident& resident, base::Language language = base::Language::en) {
    auto visitor = in_pension(resident, language);
    lay(visitor, resident);
    visitor.go_to_field("person.phone");
    insert(visitor, standing(State::reading));
    REQUIRE(visitor.session.overlay == Overlay::assist);
    return visitor;
}

// ---- the staff area ----

struct Desk {
    staff::Area area;
    present::StaffView view;
    present::Facts facts;
    staff::Overview overview;
    staff::AreaWorld world;
    std::vector<staff::AreaEffect> effects;

    Desk() {
        const Visitor visitor;
        facts = visitor.facts;
        facts.world.now = base::MonotonicTime(1h);
        world.now = facts.world.now;
        overview.roster_exists = true;
        overview.roster_version = 12;
        overview.roster_expires = facts.world.wall + 72h;
        overview.since_contact = 90s;
        overview.is_on_duty = true;
        overview.content_version = 3;
    }

    void hear(staff::AreaInput input) {
        auto outcome = staff::apply(std::move(area), std::move(input), world);
        area = std::move(outcome.area);
        effects.insert(effects.end(), outcome.effects.begin(), outcome.effects.end());
        view = present::follow(std::move(view), area, session::Session());
        if (area.page != Page::closed) look();
    }
    present::StaffReaction press(const screens::ScreenIntent& intent) {
        auto reaction = present::react_staff(area, view, intent, facts, overview);
        CHECK_FALSE(reaction.inputs.empty());
        view = reaction.view;
        for (auto& input : reaction.inputs) hear(input);
        return reaction;
    }
    void type(std::string_view digits) {
        for (const char digit : digits) press(screens::Typed{std::string(1, digit)});
    }
    screens::ScreenModel model() const { return present::staff_model(area, view, facts, overview); }
    template <class Model> Model model_as() const { return std::get<Model>(model()); }
    ShownWords words() const { return words_of(model()); }

    // As Visitor::look: words in three languages, nothing left to fill in, icons that exist.
    void look() {
        for (const auto language : base::all_languages) {
            auto in_language = view;
            in_language.language = language;
            const auto shown = words_of(present::staff_model(area, in_language, facts, overview));
            INFO(to_string(area.page) << ", " << base::to_string(language));
            for (const auto& text : shown.texts) {
                INFO(text);
                CHECK(text.find("⟦") == std::string::npos);
                CHECK(text.find('{') == std::string::npos);
            }
            for (const auto& icon : shown.icons) {
                INFO(icon);
                CHECK(std::filesystem::exists("assets/icons/" + icon + ".svg"));
            }
        }
        CHECK(facts.world.content->missing_texts() == 0);
    }

    Desk& insert_card() {
        hear({AreaSignal::standing, standing(State::empty)});
        hear({AreaSignal::standing, standing(State::reading)});
        hear({AreaSignal::standing, standing(State::ask_pin)});
        return *this;
    }
    Desk& log_in(staff::Roles roles = all_roles()) {
        insert_card().type("135790");
        press(Action::go);
        auto who = confirmed(Purpose::log_in);
        who.roles = roles;
        hear({AreaSignal::confirmed, who});
        REQUIRE(area.page == Page::overview);
        effects.clear();
        return *this;
    }
    bool did(staff::AreaEffect effect) const {
        return std::find(effects.begin(), effects.end(), effect) != effects.end();
    }
    bool offers(std::string_view task) const {
        const auto shown = model_as<screens::StaffOverviewModel>();
        return std::any_of(shown.tasks.begin(), shown.tasks.end(),
                           [&](const auto& each) { return each.id == task; });
    }
};

// What stands on the glass, as bytes.
std::vector<std::uint8_t> picture_of(const screens::ScreenModel& model) {
    auto fonts = text::FontSet::open("/usr/share/fonts");
    REQUIRE(fonts);
    screens::Stage stage({540, 960, 2.015f}, *fonts,
                         *screens::Theme::open("assets/theme/tokens.json"),
                         *screens::IconSet::open("assets/icons"));
    auto& canvas = stage.begin({}, {});
    draw(model, canvas);
    stage.end();
    const auto picture = stage.to_picture();
    return {picture.pixels.begin(), picture.pixels.end()};
}

void check_equal(const screens::ScreenModel& one, const screens::ScreenModel& another) {
    CHECK(words_of(one).texts == words_of(another).texts);
    CHECK(words_of(one).icons == words_of(another).icons);
    // Millions of bytes: nobody wants to read them in a report.
    const bool is_same_picture = picture_of(one) == picture_of(another);
    CHECK(is_same_picture);
}

void check_nothing_of(const screens::ScreenModel& model, const Resident& resident) {
    const auto words = words_of(model);
    for (const std::string_view value :
         {resident.card.name.view(), resident.card.id_number.view(), resident.card.address.view(),
          resident.card.birth_date.view(), std::string_view(resident.address),
          std::string_view(resident.phone), resident.card.id_number.view().substr(14),
          std::string_view(resident.phone).substr(7)}) {
        INFO(value);
        CHECK_FALSE(words.contains(value));
        CHECK(words.typed.find(value) == std::string::npos);
    }
}

} // namespace

// ---- how a staff card stands ----

TEST_CASE("every standing of a staff card has words for every purpose, in three languages",
          "[unit][present][staff]") {
    Visitor visits[] = {at_witness(one_resident()), at_document(), at_assist(one_resident())};
    for (auto& visitor : visits) {
        for (const auto state : states) {
            visitor.session.staff = standing(state);
            visitor.look();
            for (const auto problem : problems) {
                visitor.session.staff = standing(state, problem);
                visitor.session.staff.tries_left = 3;
                visitor.session.staff.unlock_at = visitor.facts.world.now + 5min;
                visitor.look();
            }
        }
    }
    Desk desk;
    desk.insert_card();
    for (const auto state : states) {
        desk.area.standing = standing(state);
        desk.look();
        for (const auto problem : problems) {
            desk.area.standing = standing(state, problem);
            desk.look();
        }
    }
}

TEST_CASE("what is wrong with a card is said, and the pad is there only when a PIN is awaited",
          "[unit][present][staff]") {
    Desk desk;
    desk.insert_card();
    for (const auto problem : problems) {
        desk.area.standing = standing(State::problem, problem);
        const auto shown = desk.model_as<StaffCheckModel>();
        INFO(to_string(problem));
        REQUIRE(shown.note);
        CHECK_FALSE(shown.note->title.empty());
        CHECK_FALSE(shown.note->text.empty());
        CHECK_FALSE(shown.pin);
        CHECK_FALSE(shown.actions.go_ready);
    }
    for (const auto state : states) {
        desk.area.standing = standing(state);
        const bool has_pad = state == State::ask_pin || state == State::checking;
        CHECK(desk.model_as<StaffCheckModel>().pin.has_value() == has_pad);
    }
}

TEST_CASE("a lock says until when, rounded up to the minute", "[unit][present][staff]") {
    Desk desk;
    desk.insert_card();
    auto locked = standing(State::problem, Problem::locked);
    locked.unlock_at = desk.facts.world.now + 5min;
    desk.area.standing = locked;
    CHECK(desk.words().contains("10:36")); // it is 10:31
    desk.area.standing.unlock_at += 1s;
    CHECK(desk.words().contains("10:37"));
}

TEST_CASE("the tries that are left are said", "[unit][present][staff]") {
    Desk desk;
    desk.insert_card();
    desk.view.language = base::Language::en;
    auto wrong = standing(State::ask_pin, Problem::wrong_pin);
    wrong.tries_left = 3;
    desk.area.standing = wrong;
    CHECK(desk.words().contains("3 more times"));
    desk.area.standing.tries_left = 1;
    CHECK(desk.words().contains("One more try"));
}

// ---- PIN ----

TEST_CASE("a PIN is dots: no model holds its digits", "[unit][present][staff][refusal][G9]") {
    const std::string pin = "86427531";
    const auto check = [&](const screens::ScreenModel& model, std::size_t typed) {
        const auto words = words_of(model);
        CHECK(words.typed.empty());
        // Neither all of it nor any three digits beside each other.
        for (std::size_t i = 0; i + 2 < typed; ++i) CHECK_FALSE(words.contains(pin.substr(i, 3)));
        CHECK(std::get<StaffCheckModel>(model).pin->typed == typed);
    };
    auto visitor = at_witness(one_resident());
    lay(visitor, one_resident());
    insert(visitor, standing(State::ask_pin));
    Desk desk;
    desk.insert_card();
    for (std::size_t i = 0; i < pin.size(); ++i) {
        visitor.press(screens::Typed{pin.substr(i, 1)});
        CHECK(visitor.session.pin.view() == pin.substr(0, i + 1));
        check(visitor.model(), i + 1);
        desk.press(screens::Typed{pin.substr(i, 1)});
        CHECK(desk.area.pin.view() == pin.substr(0, i + 1));
        check(desk.model(), i + 1);
    }
    // The same number of dots looks the same, whatever was typed.
    const auto before = picture_of(desk.model());
    desk.press(screens::EditKey::clear);
    desk.type("11111111");
    const bool is_same_picture = picture_of(desk.model()) == before;
    CHECK(is_same_picture);
}

TEST_CASE("a ninth digit and an empty field are said, not taken", "[unit][present][staff]") {
    Desk desk;
    desk.insert_card();
    CHECK(desk.press(screens::EditKey::backspace).not_yet);
    desk.type("12345678");
    CHECK(desk.press(screens::Typed{"9"}).not_yet);
    CHECK(desk.press(screens::Typed{"x"}).not_yet);
    CHECK(desk.area.pin.size() == 8);
    desk.press(screens::EditKey::backspace);
    CHECK(desk.area.pin.view() == "1234567");
    desk.press(screens::EditKey::clear);
    CHECK(desk.area.pin.empty());
}

// ---- witness, document, help ----

TEST_CASE("before a staff card is in, the witness screen asks the resident to call somebody",
          "[unit][present][staff]") {
    auto visitor = at_witness(one_resident());
    insert(visitor, standing(State::empty));
    const auto shown = visitor.model_as<StaffCheckModel>();
    CHECK(shown.title == "Staff take a look");
    CHECK_FALSE(shown.pin);
    CHECK(shown.actions.go_ready);
    CHECK(shown.rows.size() == 2);
    visitor.press(Action::go);
    CHECK(visitor.session.overlay == Overlay::help);
    CHECK(visitor.session.assistance == session::Assistance::calling);
}

TEST_CASE("a witness needs the resident's card on the reader, the staff card and a PIN",
          "[unit][present][staff][refusal][G9]") {
    auto visitor = at_witness(one_resident());
    insert(visitor, standing(State::ask_pin));
    CHECK(visitor.model_as<StaffCheckModel>().actions.go == "Identity card first");
    visitor.type("135790");
    const auto waits = visitor.model_as<StaffCheckModel>();
    CHECK_FALSE(waits.actions.go_ready);
    CHECK(waits.actions.go == "Identity card first");
    CHECK(visitor.press(Action::go).not_yet);
    lay(visitor, one_resident());
    const auto ready = visitor.model_as<StaffCheckModel>();
    CHECK(ready.actions.go_ready);
    CHECK(ready.actions.go == "Same person: confirm");
    const auto pressed = visitor.press(Action::go);
    REQUIRE(pressed.inputs.size() == 1);
    CHECK(pressed.inputs[0].signal == Signal::pin_entered);
    visitor.tell(Input{Signal::staff_confirmed, confirmed(Purpose::witness)});
    CHECK(visitor.session.visit->witnessed_by == "S-1182");
    CHECK(visitor.session.step != Step::witness);
    visitor.go_to(Step::review);
    CHECK(words_of(visitor.model()).contains("Confirmed by staff"));
}

constexpr const char* to_counter = "Show your number at the counter to confirm it is you.";

TEST_CASE("a witnessed visit ends with nothing to do at the counter, and its slip says no more",
          "[unit][present][staff]") {
    auto visitor = at_witness(one_resident());
    lay(visitor, one_resident());
    insert(visitor, standing(State::ask_pin));
    visitor.type("135790");
    visitor.press(Action::go);
    visitor.tell(Input{Signal::staff_confirmed, confirmed(Purpose::witness)});
    visitor.go_to(Step::result);
    const auto words = words_of(visitor.model());
    CHECK_FALSE(words.contains("S-1182"));
    CHECK_FALSE(words.contains("One more step"));
    CHECK_FALSE(words.contains(to_counter));
}

TEST_CASE(
    "the overview says which card reader it is and what went wrong with it, in words and code",
    "[unit][present][staff]") {
    const auto tile_of = [](bool is_ok, std::optional<base::Errc> trouble) {
        Desk desk;
        desk.area.page = Page::overview;
        desk.view.language = base::Language::en;
        desk.overview.card_reader_ok = is_ok;
        desk.overview.card_reader_wire = "USB 0400:c35a";
        desk.overview.card_reader_pipes = 4;
        desk.overview.card_reader_id = "05.01-20230526-0000012345-0000000001";
        desk.overview.card_reader_trouble = trouble;
        desk.look();
        std::vector<screens::StaffTile> both; // how it is, and which one it is
        for (auto& tile : desk.model_as<screens::StaffOverviewModel>().tiles)
            if (tile.icon == "card") both.push_back(tile);
        REQUIRE(both.size() == 2);
        CHECK(both.back().state == "05.01-\u200B20230526-\u200B0000012345-\u200B0000000001");
        CHECK(both.back().detail == "Connection: \u2068USB 0400:c35a\u2069, \u20684\u2069 pipes");
        return both.front();
    };
    const auto fine = tile_of(true, std::nullopt);
    CHECK(fine.state == "Works");
    CHECK(fine.detail.empty());
    const auto before = tile_of(true, base::Errc::bad_frame);
    CHECK(before.state == "Works");
    for (const auto* words : {"Last time", "Its answers are damaged", "bad_frame"})
        CHECK(before.detail.find(words) != std::string::npos);
    for (const auto code : {base::Errc::unplugged, base::Errc::locked, base::Errc::timed_out,
                            base::Errc::bad_frame, base::Errc::device}) {
        const auto tile = tile_of(false, code);
        CHECK(tile.kind == screens::StaffTile::State::attention);
        CHECK(tile.state.find(std::string(base::to_string(code))) != std::string::npos);
        CHECK(tile.state.find("⟦") == std::string::npos); // each has words
    }
}

TEST_CASE("another person's card at the witness is said and cannot be confirmed",
          "[unit][present][staff][refusal][G9]") {
    auto visitor = at_witness(one_resident());
    insert(visitor, standing(State::ask_pin));
    lay(visitor, another_resident());
    CHECK(visitor.model_as<screens::IdleModel>().title == "Is this another person?");
    visitor.press(screens::IdlePress::stay);
    visitor.type("135790");
    const auto shown = visitor.model_as<StaffCheckModel>();
    REQUIRE(shown.note);
    CHECK_FALSE(shown.actions.go_ready);
    CHECK(visitor.press(Action::go).not_yet);
}

TEST_CASE("a role that may not vouch for a person is told so before a PIN is typed",
          "[unit][present][staff][refusal][G9]") {
    staff::Roles technician;
    technician.add(staff::Role::technician);
    auto card = standing(State::ask_pin);
    card.roles = technician;
    for (auto visitor : {at_witness(one_resident()), at_document()}) {
        insert(visitor, card);
        const auto shown = visitor.model_as<StaffCheckModel>();
        CHECK_FALSE(shown.pin);
        REQUIRE(shown.note);
        CHECK(shown.note->title == "This card may not do this");
        CHECK(shown.actions.go == "Choose another way");
        visitor.press(Action::go);
        CHECK(visitor.session.step != Step::witness);
    }
}

TEST_CASE("ways that work now stand before those that do not", "[unit][present][staff]") {
    auto visitor = at_identity(one_resident());
    visitor.facts.staff_on_duty = false;
    const auto ways = visitor.model_as<screens::OtherwayModel>().ways;
    REQUIRE(ways.size() > 1);
    CHECK(ways.front().id == "counter-code");
    CHECK(std::is_partitioned(ways.begin(), ways.end(),
                              [](const screens::Way& way) { return way.available; }));
}

TEST_CASE("who may not set the duty is not asked about it, and a list that does not come is said",
          "[unit][present][staff]") {
    staff::Roles technician;
    technician.add(staff::Role::technician);
    Desk desk;
    desk.log_in(technician);
    desk.overview.is_on_duty = false;
    CHECK(desk.model_as<screens::StaffOverviewModel>().is_fine);
    desk.overview.roster_exists = false;
    CHECK_FALSE(desk.model_as<screens::StaffOverviewModel>().note);
    desk.press(Action::go);
    CHECK(desk.model_as<screens::StaffOverviewModel>().note); // it is being fetched
    desk.hear(AreaSignal::roster_not_fetched);
    CHECK(desk.model_as<screens::StaffOverviewModel>().note);
}

TEST_CASE("who has no card chooses a document or the counter", "[unit][present][staff]") {
    auto visitor = in_pension(one_resident());
    visitor.press(screens::CardPress::other_way);
    const auto ways = visitor.model_as<screens::OtherwayModel>().ways;
    REQUIRE(ways.size() == 2);
    CHECK(ways[0].available);
    CHECK(ways[1].available);
    visitor.press(screens::Chosen{"staff-document"});
    insert(visitor, standing(State::ask_pin));
    CHECK(visitor.model_as<StaffCheckModel>().rows.size() == 1); // no identity card is awaited
    visitor.type("135790");
    CHECK(visitor.model_as<StaffCheckModel>().actions.go == "Document seen: confirm");
    visitor.press(Action::go);
    visitor.tell(Input{Signal::staff_confirmed, confirmed(Purpose::document)});
    CHECK(visitor.session.visit->document_by == "S-1182");
    CHECK(visitor.session.step == Step::question);
}

TEST_CASE("help is put on record with the card there, and every later screen says who helps",
          "[unit][present][staff]") {
    auto visitor = at_assist(one_resident());
    insert(visitor, standing(State::ask_pin));
    visitor.type("135790");
    CHECK_FALSE(visitor.model_as<StaffCheckModel>().actions.go_ready);
    lay(visitor, one_resident());
    CHECK(visitor.model_as<StaffCheckModel>().actions.go == "I help with this");
    visitor.press(Action::go);
    visitor.tell(Input{Signal::staff_confirmed, confirmed(Purpose::assist)});
    CHECK(visitor.session.visit->assisted_by == "S-1182");
    const auto noted = visitor.model_as<StaffCheckModel>();
    CHECK_FALSE(noted.pin);
    CHECK(noted.note->kind == screens::NoteModel::Kind::success);
    visitor.press(Action::go);
    CHECK(visitor.session.overlay == Overlay::none);
    CHECK(words_of(visitor.model()).contains("helping: S-1182"));
    visitor.go_to(Step::review);
    CHECK(words_of(visitor.model()).contains("helping: S-1182"));
    visitor.go_to(Step::result);
    CHECK_FALSE(words_of(visitor.model()).contains("S-1182"));
}

TEST_CASE("where help cannot be put on record the screen says why", "[unit][present][staff]") {
    Visitor visitor;
    visitor.begin("problem-report");
    insert(visitor, standing(State::empty));
    insert(visitor, standing(State::reading));
    if (visitor.session.overlay != Overlay::assist) return; // a step where staff cannot be about
    const auto shown = visitor.model_as<StaffCheckModel>();
    CHECK(shown.note);
    CHECK_FALSE(shown.pin);
    visitor.press(Action::go);
    CHECK(visitor.session.overlay == Overlay::none);
}

// ---- is staff there? ----

TEST_CASE("the way by staff is open only with somebody there, a reader and a good list",
          "[unit][present][staff]") {
    auto visitor = at_identity(one_resident());
    const auto way = [&] {
        for (const auto& each : visitor.model_as<screens::OtherwayModel>().ways)
            if (each.id == "staff-witness") return each;
        FAIL("no such way");
        return screens::Way{};
    };
    CHECK(way().available);
    auto& facts = visitor.facts;
    for (bool* needed : {&facts.staff_on_duty, &facts.staff_reader_ok, &facts.roster_ok}) {
        *needed = false;
        CHECK_FALSE(way().available);
        CHECK_FALSE(way().reason.empty());
        visitor.look();
        CHECK(visitor.press(screens::Chosen{"staff-witness"}).inputs.empty());
        *needed = true;
    }
    facts.staff_on_duty = false;
    CHECK(way().reason.find("Hours") != std::string::npos);
    // The counter stays.
    visitor.press(screens::Chosen{"counter-code"});
    CHECK(visitor.session.step != Step::identity);
}

TEST_CASE("whoever took the slip is told to go to the counter", "[unit][present][staff]") {
    auto visitor = at_identity(one_resident());
    visitor.press(screens::Chosen{"counter-code"});
    visitor.go_to(Step::result);
    CHECK(words_of(visitor.model()).contains(to_counter));
}

TEST_CASE("nobody on duty is said with hours before anybody shows a card",
          "[unit][present][staff][refusal][G19]") {
    Visitor visitor;
    visitor.begin("pension-eligibility");
    const auto words = [&] { return words_of(visitor.model()); };
    const auto hours = visitor.facts.world.content->office().hours.in(base::Language::en);
    CHECK(words().contains("No staff on duty now"));
    CHECK(words().contains(hours));
    visitor.facts.staff_on_duty = true;
    CHECK(words().contains("The last step is at the counter"));
    visitor.facts.staff_reader_ok = visitor.facts.roster_ok = true;
    CHECK(words().contains("Staff will take a look"));
}

TEST_CASE("the office's notice stands on the welcome and the first page, in fixed words",
          "[unit][present][staff]") {
    Visitor visitor;
    const auto ids = visitor.facts.world.content->local_notices();
    CHECK(ids.size() >= 6);
    for (const auto& id : ids) {
        visitor.facts.local_notice = id;
        visitor.look();
        CHECK_FALSE(visitor.model_as<screens::AttractModel>().notice[0].empty());
    }
    visitor.press(base::Language::en);
    CHECK(visitor.model_as<screens::HomeModel>().notice);
    visitor.facts.local_notice = "no-such-template";
    CHECK_FALSE(visitor.model_as<screens::HomeModel>().notice);
    visitor.look(); // and nothing is missing
}

TEST_CASE("a card left behind is said before the office's notice, which comes back",
          "[unit][present][refusal][P9]") {
    Visitor visitor;
    visitor.facts.local_notice = visitor.facts.world.content->local_notices().front();
    const auto office = visitor.model_as<screens::AttractModel>().notice;
    visitor.facts.card_left = true;
    visitor.look();
    const auto said = visitor.model_as<screens::AttractModel>();
    CHECK(said.notice != office);
    CHECK(said.notice[2] == "A card was left in the reader. If not yours, give it to staff.");
    CHECK(said.notice_icon == "card");
    visitor.facts.card_left = false;
    CHECK(visitor.model_as<screens::AttractModel>().notice == office);
}

TEST_CASE("closed by staff has other words than a fault", "[unit][present][staff]") {
    Visitor visitor;
    const auto fault = words_of(present::out_of_service(visitor.session, visitor.facts));
    visitor.facts.closed_by_staff = true;
    const auto closed = words_of(present::out_of_service(visitor.session, visitor.facts));
    CHECK(fault.texts != closed.texts);
    CHECK(closed.contains("Closed for now"));
    CHECK(closed.contains(visitor.facts.world.content->office().phone));
    for (const auto& text : closed.texts) CHECK(text.find('{') == std::string::npos);
}

// ---- first installation ----

TEST_CASE("the enrolment page is offered on the help screen before the first staff list only",
          "[unit][present][staff]") {
    Visitor visitor;
    const auto offered = [&] {
        const auto ways = visitor.model_as<screens::HelpModel>().ways;
        return std::any_of(ways.begin(), ways.end(),
                           [](const screens::HelpWay& way) { return way.id == "enrol"; });
    };
    visitor.press(screens::FrameIntent::staff);
    CHECK_FALSE(offered());
    CHECK_FALSE(visitor.press(screens::Chosen{"enrol"}).opens_enrolment);
    visitor.facts.takes_enrolment_code = true;
    CHECK(offered());
    const auto pressed = visitor.press(screens::Chosen{"enrol"});
    CHECK(pressed.opens_enrolment);
    CHECK(visitor.session.overlay == Overlay::none);
    // Not in a visit.
    visitor.press(base::Language::en);
    visitor.press(screens::FrameIntent::staff);
    CHECK_FALSE(offered());
}

TEST_CASE("twelve digits in three groups, and then they are checked", "[unit][present][staff]") {
    Desk desk;
    desk.world.takes_enrolment_code = true;
    desk.hear(AreaSignal::enrol);
    desk.type("12345678901");
    CHECK_FALSE(desk.model_as<screens::QuestionDigitsModel>().actions.go_ready);
    CHECK(desk.press(Action::go).not_yet);
    desk.type("23");
    CHECK(desk.area.pin.view() == "123456789012");
    CHECK(desk.model_as<screens::QuestionDigitsModel>().groups == std::vector{4, 4, 4});
    desk.press(Action::go);
    CHECK(desk.did(staff::AreaEffect::check_code));
    desk.hear({AreaSignal::refused, Problem::wrong_pin});
    CHECK(desk.model_as<screens::QuestionDigitsModel>().problem);
    desk.hear({AreaSignal::refused, Problem::locked});
    CHECK(desk.words().contains("10:36")); // no pad, and until when
    CHECK_FALSE(desk.model_as<StaffCheckModel>().pin);
    desk.hear({AreaSignal::refused, Problem::not_recorded});
}

TEST_CASE("a card in the slot before there is a list leads to the code as well",
          "[unit][present][staff]") {
    Desk desk;
    desk.facts.takes_enrolment_code = desk.world.takes_enrolment_code = true;
    desk.hear({AreaSignal::standing, standing(State::empty)});
    desk.hear({AreaSignal::standing, standing(State::problem, Problem::no_roster)});
    CHECK_FALSE(desk.model_as<StaffCheckModel>().other.empty());
    desk.press(screens::StaffCheckPress::other);
    CHECK(desk.area.page == Page::enrolment);
}

// ---- the overview ----

TEST_CASE("the overview says first what must be done first, and one button does it",
          "[unit][present][staff]") {
    Desk desk;
    desk.log_in();
    const auto title = [&] { return desk.model_as<screens::StaffOverviewModel>().title; };
    const auto go = [&] { return desk.model_as<screens::StaffOverviewModel>().actions.go; };
    const auto fine = title();
    CHECK(desk.model_as<screens::StaffOverviewModel>().is_fine);
    CHECK(go().empty());
    auto& o = desk.overview;
    std::set<std::string> titles{fine};
    const auto expect_another = [&](bool helps) {
        titles.insert(title());
        CHECK(go().empty() != helps);
        CHECK_FALSE(desk.model_as<screens::StaffOverviewModel>().is_fine);
        desk.look();
    };
    // From the last of the list to the first: each comes before those that are there already.
    o.is_on_duty = false;
    expect_another(true);
    o.since_contact.reset();
    expect_another(false);
    o.program_outdated = true;
    expect_another(false);
    o.pending = 1;
    o.oldest_pending = std::chrono::hours(72) - 1s;
    CHECK(titles.contains(title())); // not yet
    o.oldest_pending = std::chrono::hours(72);
    expect_another(false);
    o.pending = 0; // it went out
    CHECK(titles.contains(title()));
    o.quarantined = 1;
    expect_another(false);
    o.quarantined = 3;
    o.refused_papers = 1;
    expect_another(false);
    o.refused = 1;
    expect_another(false);
    o.camera_ok = false;
    expect_another(false);
    o.card_reader_ok = false;
    expect_another(false);
    o.printer_ok = false;
    expect_another(true);
    o.roster_expired = true;
    expect_another(true);
    o.roster_exists = false;
    expect_another(true);
    o.audit_damaged = true;
    expect_another(false);
    o.accepting = false;
    expect_another(false);
    o.is_closed = true;
    expect_another(true);
    CHECK(titles.size() == 16);
    desk.press(Action::go);
    CHECK(desk.did(staff::AreaEffect::resume_service));
}

TEST_CASE("the overview offers what the role may do, and says what stands", "[unit][present]") {
    staff::Roles technician;
    technician.add(staff::Role::technician);
    Desk desk;
    desk.log_in(technician);
    CHECK(desk.offers("paper"));
    CHECK(desk.offers("roster"));
    CHECK_FALSE(desk.offers("notice"));
    CHECK_FALSE(desk.offers("duty-off"));
    desk.press(screens::Chosen{"notice"}); // not offered: nothing happens
    CHECK(desk.area.page == Page::overview);
    Desk other;
    other.log_in();
    for (const auto task :
         {"paper", "clean", "duty-off", "notice", "stop", "roster", "printer", "camera"})
        CHECK(other.offers(task));
    other.press(screens::Chosen{"duty-off"});
    CHECK(other.did(staff::AreaEffect::duty_off));
    other.overview.is_on_duty = false;
    other.press(Action::go); // nobody on duty comes first now
    CHECK(other.did(staff::AreaEffect::duty_on));
    other.press(screens::Chosen{"stop"});
    CHECK(other.did(staff::AreaEffect::stop_service));
    other.press(screens::Chosen{"roster"});
    CHECK(other.did(staff::AreaEffect::fetch_roster));
    CHECK_FALSE(other.offers("roster")); // while it is being fetched
    other.hear(AreaSignal::roster_not_fetched);
    CHECK(other.offers("roster"));
}

TEST_CASE("counts and ages in words", "[unit][present][staff]") {
    Desk desk;
    desk.log_in();
    desk.view.language = base::Language::en;
    auto& o = desk.overview;
    const std::pair<std::chrono::seconds, const char*> ages[] = {
        {59s, "under a minute"}, {60s, "1 min"}, {59min, "59 min"}, {60min, "1 h"},
        {23h, "23 h"},           {24h, "1 day"}, {50h, "2 days"}};
    for (const auto& [age, words] : ages) {
        o.pending = 4;
        o.oldest_pending = age;
        o.since_contact = age;
        INFO(words);
        CHECK(desk.words().contains(std::string("Oldest: ") + words + " ago"));
        CHECK(desk.words().contains(words));
        desk.look();
    }
    o.pending = 1;
    CHECK(desk.words().contains("1 request"));
}

TEST_CASE("what the district refused after \"received\" is counted for staff, with what to do",
          "[unit][present][staff][refusal][G20]") {
    struct Row {
        std::int64_t staff::Overview::*count; // nothing: damaged, or a defect
        const char* title;
        const char* sub;
        const char* tile;
        const char* advice;
    };
    const Row rows[] = {
        {&staff::Overview::refused, "The district refused a request", "Finish it at the counter",
         "Refused by the district", "Finish at the counter"},
        {&staff::Overview::refused_papers, "The district refused added papers",
         "Take the papers at the counter", "Added papers refused", "Take them at the counter"},
        {nullptr, "A request could not be sent", "Tell the administrator", "Could not be sent",
         "Tell the administrator"}};
    const auto tile_of = [](const Desk& desk, const std::string& name) {
        const auto tiles = desk.model_as<screens::StaffOverviewModel>().tiles;
        const auto found = std::find_if(tiles.begin(), tiles.end(),
                                        [&](const auto& tile) { return tile.name == name; });
        return found == tiles.end() ? std::optional<screens::StaffTile>() : std::optional(*found);
    };
    for (const auto& row : rows) {
        INFO(row.tile);
        Desk desk;
        desk.log_in();
        desk.view.language = base::Language::en;
        CHECK_FALSE(tile_of(desk, row.tile));
        desk.overview.quarantined = 3;
        if (row.count) desk.overview.*row.count = 3;
        const auto model = desk.model_as<screens::StaffOverviewModel>();
        CHECK(model.title == row.title);
        CHECK(model.sub.find(row.sub) != std::string::npos);
        const auto tile = tile_of(desk, row.tile);
        REQUIRE(tile);
        CHECK(tile->state == "\u20683\u2069 requests");
        CHECK(tile->detail == row.advice);
        CHECK(tile->kind == screens::StaffTile::State::attention);
        for (const auto& other : rows) CHECK((&other == &row || !tile_of(desk, other.tile)));
        desk.look();
    }
    // All kinds at once: the title names the first, the tiles all.
    Desk desk;
    desk.log_in();
    desk.view.language = base::Language::en;
    desk.overview.quarantined = 6;
    desk.overview.refused = 1;
    desk.overview.refused_papers = 2;
    CHECK(desk.model_as<screens::StaffOverviewModel>().title == rows[0].title);
    for (const auto& [name, count] :
         {std::pair(rows[0].tile, "1 request"), std::pair(rows[1].tile, "\u20682\u2069 requests"),
          std::pair(rows[2].tile, "\u20683\u2069 requests")}) {
        const auto tile = tile_of(desk, name);
        REQUIRE(tile);
        CHECK(tile->state == count);
    }
    desk.look();
}

TEST_CASE("the header says who is logged in and how long", "[unit][present][staff]") {
    Desk desk;
    desk.log_in();
    desk.view.language = base::Language::en;
    CHECK(desk.words().contains("S-1182, logs out in 5 min"));
    desk.facts.world.now += 61s;
    CHECK(desk.words().contains("S-1182, logs out in 4 min"));
    desk.facts.world.now += 10min;
    CHECK(desk.words().contains("S-1182, logs out in 0 min"));
}

TEST_CASE("the pages behind the overview do what they say", "[unit][present][staff]") {
    Desk desk;
    desk.log_in();
    desk.press(screens::Chosen{"paper"});
    CHECK(desk.area.page == Page::paper);
    desk.press(Action::go);
    CHECK(desk.did(staff::AreaEffect::paper_replaced));

    desk.press(screens::Chosen{"notice"});
    desk.press(screens::Chosen{"long-wait"});
    CHECK_FALSE(desk.did(staff::AreaEffect::set_notice)); // chosen, not yet shown
    desk.press(Action::go);
    CHECK(desk.did(staff::AreaEffect::set_notice));
    CHECK(desk.area.notice == "long-wait");
    desk.overview.notice = "long-wait";
    desk.press(screens::Chosen{"notice"});
    desk.press(screens::Chosen{"none"});
    desk.press(Action::go);
    CHECK(desk.area.notice.empty());

    desk.press(screens::Chosen{"clean"});
    CHECK(desk.area.page == Page::clean);
    CHECK(desk.model_as<screens::StaffCleanModel>().seconds_left == 30);
    desk.facts.world.now += 7500ms;
    CHECK(desk.model_as<screens::StaffCleanModel>().left == "23");
}

TEST_CASE("the refill page warns of an earlier visit's receipt",
          "[unit][present][staff][refusal][G22]") {
    Desk desk;
    desk.log_in();
    desk.view.language = base::Language::en;
    desk.press(screens::Chosen{"paper"});
    CHECK(desk.words().contains("A receipt of an earlier visit may come out first"));
    CHECK(desk.words().contains("Destroy it at once"));
}

TEST_CASE("staff choose their own language and size, and leave nothing of it behind",
          "[unit][present][staff]") {
    Desk desk;
    desk.log_in();
    desk.press(screens::FrameIntent::language);
    CHECK(std::holds_alternative<screens::LanguageModel>(desk.model()));
    desk.press(base::Language::ug);
    CHECK(desk.view.language == base::Language::ug);
    CHECK(std::holds_alternative<screens::StaffOverviewModel>(desk.model()));
    desk.press(screens::FrameIntent::text_size);
    desk.press(screens::FrameIntent::contrast);
    desk.press(screens::FrameIntent::low_reach);
    CHECK(present::settings(desk.view).text_size == screens::TextSize::large);
    CHECK(present::settings(desk.view).low_reach);
    desk.press(screens::Chosen{"paper"});
    CHECK(desk.view.language == base::Language::ug); // kept from page to page
    CHECK(desk.view.display.low_reach);
    desk.press(screens::FrameIntent::leave);
    CHECK(desk.area.page == Page::closed);
    CHECK(desk.view.language == base::Language::zh);
    CHECK(desk.view.display == session::Display());
}

TEST_CASE("calling staff from the area calls a colleague", "[unit][present][staff]") {
    Desk desk;
    desk.insert_card();
    desk.press(screens::FrameIntent::staff);
    CHECK(desk.did(staff::AreaEffect::call_staff));
    CHECK(desk.model_as<StaffCheckModel>().frame.rail.staff_on);
}

// ---- no resident on a staff screen ----

TEST_CASE("staff screens in a visit are the same whoever the resident is",
          "[unit][present][staff][refusal][P13][D4.5]") {
    const auto language = GENERATE(base::Language::zh, base::Language::ug, base::Language::en);
    auto one = at_witness(one_resident(), language);
    auto another = at_witness(another_resident(), language);
    const auto compare = [&] {
        check_equal(one.model(), another.model());
        check_nothing_of(one.model(), one_resident());
        check_nothing_of(another.model(), another_resident());
    };
    compare();
    lay(one, one_resident());
    lay(another, another_resident());
    compare();
    for (const auto state : states) {
        insert(one, standing(state));
        insert(another, standing(state));
        compare();
    }
    auto helped = at_assist(one_resident(), language);
    auto other = at_assist(another_resident(), language);
    for (const auto state : {State::reading, State::ask_pin, State::checking}) {
        insert(helped, standing(state));
        insert(other, standing(state));
        check_equal(helped.model(), other.model());
        check_nothing_of(helped.model(), one_resident());
    }
}

TEST_CASE("the staff area shows nothing of whoever was there before",
          "[unit][present][staff][refusal][P13][D4.5]") {
    // Its pages are given no session at all; what they begin with is language and display.
    const auto visit = [](const Resident& resident) {
        auto visitor = at_identity(resident);
        visitor.session.language = base::Language::zh;
        return visitor.session;
    };
    const auto one = visit(one_resident());
    const auto another = visit(another_resident());
    for (const auto page : {Page::log_in, Page::overview, Page::paper, Page::notice, Page::clean}) {
        Desk desk;
        if (page == Page::log_in)
            desk.insert_card();
        else
            desk.log_in();
        if (page != Page::log_in && page != Page::overview) desk.hear({AreaSignal::page, page});
        auto first = desk.view;
        auto second = desk.view;
        first.page = second.page = Page::closed;
        first = present::follow(first, desk.area, one);
        second = present::follow(second, desk.area, another);
        const auto shown = present::staff_model(desk.area, first, desk.facts, desk.overview);
        check_equal(shown, present::staff_model(desk.area, second, desk.facts, desk.overview));
        check_nothing_of(shown, one_resident());
    }
}

TEST_CASE("a kiosk that staff have closed changes its language and begins no visit",
          "[unit][present][staff]") {
    Visitor visitor;
    visitor.facts.closed_by_staff = true;
    visitor.press(screens::FrameIntent::language);
    visitor.press(base::Language::ug);
    CHECK(visitor.session.step == session::Step::attract);
    CHECK(visitor.session.overlay == Overlay::none);
    const auto closed = words_of(present::out_of_service(visitor.session, visitor.facts));
    CHECK(closed.contains(visitor.facts.world.content->text("out.staff", base::Language::ug)));
}

TEST_CASE("the printer's page says how it is, what it printed last, and prints a marked copy",
          "[unit][present][refusal][G5]") {
    Desk desk;
    desk.log_in();
    auto& o = desk.overview;
    o.printer_ok = false;
    o.printer_state = "printer.state.cutter";
    o.printer_advice = "printer.staff.cutter";
    o.roll_mm = 12'345;
    o.paper_mm = 123'456;
    o.cuts = 77;
    desk.press(screens::Chosen{"printer"});
    REQUIRE(desk.area.page == Page::printer);
    CHECK(desk.did(staff::AreaEffect::ask_printer));
    CHECK_FALSE(desk.offers("reprint")); // nothing was printed yet
    o.prints = {{"K7M492XHT3QC", 1, "staff.print.unknown", std::chrono::minutes(3)},
                {"K7M492XHT3QC", 0, "staff.print.voided", std::chrono::minutes(4)},
                {"K7N8W2RV5XDA", 0, "staff.print.printed", std::chrono::hours(2)}};
    desk.look();
    const auto page = desk.model_as<screens::StaffOverviewModel>();
    CHECK_FALSE(page.is_fine);
    REQUIRE(page.tiles.size() == 5);
    CHECK(page.tiles[0].detail ==
          test::content()->text("printer.staff.cutter", desk.view.language));
    CHECK(page.tiles[1].state.find("12.3") != std::string::npos);
    CHECK(page.tiles[1].detail.find("123.4") != std::string::npos);
    CHECK(page.tiles[2].name.find("K7M4 92XH T3QC") != std::string::npos);
    CHECK(page.tiles[3].name == "K7M4 92XH T3QC");
    desk.press(screens::Chosen{"print-test"});
    CHECK(desk.did(staff::AreaEffect::print_test));
    CHECK_FALSE(desk.offers("print-test")); // one at a time
    desk.hear(AreaSignal::not_printed);
    REQUIRE(desk.model_as<screens::StaffOverviewModel>().note);
    desk.press(screens::Chosen{"reprint"});
    const auto choice = desk.model_as<screens::QuestionChoiceModel>();
    REQUIRE(choice.options.size() == 2); // each number once
    CHECK_FALSE(choice.actions.go_ready);
    desk.press(Action::go);
    CHECK(desk.area.page == Page::reprint);
    desk.press(screens::Chosen{choice.options[1].id});
    desk.press(Action::go);
    CHECK(desk.did(staff::AreaEffect::reprint));
    CHECK(desk.area.reprint_number == "K7N8W2RV5XDA");
}

TEST_CASE("the face camera's page says what is missing, and of the open camera one reason",
          "[unit][present][staff]") {
    using staff::FacePart;
    using staff::PartState;
    Desk desk;
    desk.log_in();
    desk.press(screens::Chosen{"camera"});
    desk.press(screens::Chosen{"face-camera"});
    REQUIRE(desk.area.page == Page::face_camera);
    const auto page = [&] { return desk.model_as<screens::StaffOverviewModel>(); };
    const auto untested = test::content()->text("staff.face.attacks.untested", desk.view.language);
    REQUIRE(page().tiles.size() == 1); // nobody has looked yet
    CHECK(page().tiles[0].state == untested);
    REQUIRE(page().note);
    for (const auto part :
         {FacePart::camera, FacePart::models, FacePart::calibration, FacePart::decoder})
        for (const auto state : {PartState::there, PartState::missing, PartState::faulty}) {
            desk.overview.face_parts = {{part, state}};
            desk.look(); // no key without words, in any language
            const bool is_there = state == PartState::there;
            CHECK(page().is_fine == is_there);
            CHECK(page().tiles[0].detail.empty() == is_there);
            CHECK(page().tiles[1].state == untested);
        }
    CHECK_FALSE(page().mirror);

    // Pictures of the camera that come late are not shown while it is closed.
    base::Picture wall{64, 48, 3, base::Bytes(std::size_t(64) * 48 * 3, 0x60)};
    desk.facts.mirror = {std::make_shared<const base::Picture>(std::move(wall)),
                         1920,
                         1080,
                         24.96,
                         {{"too_dark", 38.4, 45, 1e9, false},
                          {"too_bright", 0.3, 0, 1, true},
                          {"light_from_side", 0.51, 0, 0.45, false},
                          {"blurred", 0.0204, 0.012, 1e9, true}}};
    CHECK_FALSE(page().mirror);
    desk.press(Action::go);
    CHECK(desk.did(staff::AreaEffect::show_face));
    desk.look();
    const auto open = page();
    REQUIRE(open.mirror);
    REQUIRE(open.note);
    CHECK(open.note->text ==
          test::content()->text("staff.face.trouble.too-dark", desk.view.language));
    REQUIRE(open.tiles.size() == 5);
    CHECK(open.tiles[0].detail.find("38") != std::string::npos);
    CHECK(open.tiles[0].detail.find("45") != std::string::npos);
    CHECK(open.tiles[2].detail.find("0.51") != std::string::npos);
    CHECK(open.tiles[3].detail.find("0.020") != std::string::npos);
    CHECK(open.tiles[4].state.find("1920") != std::string::npos);
    CHECK(open.tiles[4].detail.find("25.0") != std::string::npos);
    for (const auto* reason : {"too_dark", "too_bright", "light_from_side", "blurred"}) {
        desk.facts.mirror.measures = {{reason, 2, 0, 1, false}};
        desk.look();
    }
    desk.facts.mirror.measures = {{"too_dark", 128, 45, 1e9, true}};
    CHECK(page().note->kind == screens::NoteModel::Kind::success);
    desk.facts.mirror = {};
    CHECK(page().tiles.empty()); // the first picture has not come
    desk.hear(AreaSignal::face_not_shown);
    CHECK_FALSE(page().mirror);
    CHECK(page().note->kind == screens::NoteModel::Kind::warning);
    desk.press(Action::go);
    desk.press(Action::go); // the same button closes it
    CHECK(desk.did(staff::AreaEffect::hide_face));
}

TEST_CASE("the camera's page says what to mend and where, in three languages",
          "[unit][present][staff]") {
    using drivers::CameraCheck;
    using drivers::CameraTrouble;
    Desk desk;
    desk.log_in();
    desk.press(screens::Chosen{"camera"});
    REQUIRE(desk.area.page == Page::camera);
    auto& findings = desk.overview.camera_findings;
    const auto blank = desk.model_as<screens::StaffOverviewModel>();
    REQUIRE(blank.tiles.size() == std::size_t(drivers::camera_checks));
    for (const auto& tile : blank.tiles) CHECK(tile.kind == screens::StaffTile::State::plain);
    for (int check = 0; check < drivers::camera_checks; ++check)
        for (int trouble = 0; trouble <= int(CameraTrouble::wrong_shape); ++trouble) {
            findings = {
                {CameraCheck(check), CameraTrouble(trouble), drivers::Place::lower_left, 0.5}};
            desk.look(); // no key without words, in any language
            const auto page = desk.model_as<screens::StaffOverviewModel>();
            CHECK(page.is_fine == (trouble == 0));
            CHECK(page.tiles[std::size_t(check)].kind ==
                  (trouble == 0 ? screens::StaffTile::State::fine
                                : screens::StaffTile::State::attention));
            CHECK_FALSE(page.tiles[std::size_t(check)].detail.empty());
        }
    findings = {
        {CameraCheck::sharpness, CameraTrouble::blurred, drivers::Place::upper_right, 0.52}};
    const auto blurred = desk.model_as<screens::StaffOverviewModel>().tiles[0];
    CHECK(blurred.detail.find("0.52") != std::string::npos);
    const auto place = test::content()->text("scan.place.upper-right", desk.view.language);
    CHECK(blurred.state.find(place) != std::string::npos);

    desk.press(screens::Chosen{"look-marks"});
    CHECK(desk.did(staff::AreaEffect::look_at_marks));
    CHECK_FALSE(desk.offers("look-sheet")); // one at a time
    desk.hear(AreaSignal::not_looked);
    REQUIRE(desk.model_as<screens::StaffOverviewModel>().note);
    desk.press(screens::Chosen{"print-marks"});
    CHECK(desk.did(staff::AreaEffect::print_marks));
}
