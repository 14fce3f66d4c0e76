// Goal: nobody gets anywhere in the staff area but by card and PIN, and nobody stays in it longer
// than the card and the clock allow. Method: every page meets every signal, in every role; walks of
// random signals check what must hold after each of them.
#include "kiosk/staff/area.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace staff;
using namespace std::chrono_literals;
using State = Standing::State;

namespace {

constexpr std::array all_pages{Page::closed, Page::log_in,      Page::enrolment, Page::overview,
                               Page::paper,  Page::notice,      Page::printer,   Page::reprint,
                               Page::camera, Page::face_camera, Page::clean};
constexpr std::size_t signal_count = std::size_t(AreaSignal::shut) + 1;
constexpr std::size_t page_count = std::size_t(Page::clean) + 1;
static_assert(all_pages.size() == page_count);

const base::MonotonicTime start{1h};

Roles roles_of(std::initializer_list<Role> all) {
    Roles roles;
    for (const auto role : all) roles.add(role);
    return roles;
}

const Roles everything = roles_of({Role::office_worker, Role::technician, Role::administrator});

Standing standing(State state, std::string staff = {}) {
    Standing result;
    result.state = state;
    result.staff = std::move(staff);
    return result;
}

Standing known(std::string staff = "S-1182") {
    return standing(State::ask_pin, std::move(staff));
}

Standing wrong(Problem problem, State state = State::problem) {
    auto result = standing(state, "S-1182");
    result.problem = problem;
    return result;
}

Confirmed confirmed(Roles roles = everything, std::string staff = "S-1182") {
    Confirmed who;
    who.staff = std::move(staff);
    who.roles = roles;
    return who;
}

// The area and the world around it.
struct Desk {
    Area area;
    AreaWorld world{start, true, false};
    std::vector<AreaEffect> effects; // of the last input
    bool refused = false;
    bool is_face_open = false; // as the effects left it

    Desk& hear(AreaInput input) {
        auto outcome = apply(std::move(area), std::move(input), world);
        area = std::move(outcome.area);
        effects = std::move(outcome.effects);
        refused = outcome.refused;
        for (const auto effect : effects) {
            if (effect == AreaEffect::show_face) is_face_open = true;
            if (effect == AreaEffect::hide_face) is_face_open = false;
        }
        return *this;
    }
    Desk& hear(Standing card) { return hear({AreaSignal::standing, std::move(card)}); }
    Desk& type(std::string_view digits) {
        return hear({AreaSignal::pin, base::SecretText(digits)});
    }
    Desk& wait(base::Milliseconds time) {
        world.now += time;
        return hear(AreaSignal::time);
    }
    Desk& log_in(Roles roles = everything) {
        hear(standing(State::empty)).hear(standing(State::reading)).hear(known());
        type("123456").hear(AreaSignal::enter).hear(standing(State::checking, "S-1182"));
        return hear({AreaSignal::confirmed, confirmed(roles)}).hear(known());
    }
    Desk& go_to(Page page, Roles roles = everything) {
        switch (page) {
        case Page::closed: return *this;
        case Page::log_in: return hear(standing(State::empty)).hear(known());
        case Page::enrolment: world.takes_enrolment_code = true; return hear(AreaSignal::enrol);
        case Page::overview: return log_in(roles);
        case Page::paper:
        case Page::notice:
        case Page::printer:
        case Page::camera:
        case Page::clean: return log_in(roles).hear({AreaSignal::page, page});
        case Page::face_camera:
            return log_in(roles)
                .hear({AreaSignal::page, Page::camera})
                .hear({AreaSignal::page, page});
        case Page::reprint:
            return log_in(roles)
                .hear({AreaSignal::page, Page::printer})
                .hear({AreaSignal::page, page})
                .hear({AreaSignal::reprint_number, std::string("K7M492XHT3QC")});
        }
        return *this;
    }
    bool did(AreaEffect effect) const {
        return std::find(effects.begin(), effects.end(), effect) != effects.end();
    }
};

// A payload that a signal could carry, by turns.
AreaPayload some_payload(AreaSignal signal, std::mt19937& random) {
    switch (signal) {
    case AreaSignal::standing: {
        auto card = standing(State(random() % 6), random() % 2 ? "S-1182" : "S-2040");
        if (random() % 3 == 0) card.problem = Problem(random() % 11);
        return card;
    }
    case AreaSignal::pin: return base::SecretText(std::string(random() % 14, '7'));
    case AreaSignal::confirmed: {
        auto who =
            confirmed(random() % 2 ? everything : Roles(), random() % 2 ? "S-1182" : "S-2040");
        who.purpose = Purpose(random() % 4);
        return who;
    }
    case AreaSignal::refused:
    case AreaSignal::failed: return Problem(random() % 11);
    case AreaSignal::page: return Page(random() % page_count);
    case AreaSignal::choose_notice: return std::string("long-wait");
    case AreaSignal::reprint_number: return std::string(random() % 3 ? "K7M492XHT3QC" : "");
    case AreaSignal::reprint: return base::Language::ug;
    case AreaSignal::enter:
    case AreaSignal::enrol:
    case AreaSignal::duty_on:
    case AreaSignal::duty_off:
    case AreaSignal::stop_service:
    case AreaSignal::resume_service:
    case AreaSignal::paper_done:
    case AreaSignal::print_test:
    case AreaSignal::printed:
    case AreaSignal::not_printed:
    case AreaSignal::print_marks:
    case AreaSignal::look_at_marks:
    case AreaSignal::look_at_sheet:
    case AreaSignal::look_at_card:
    case AreaSignal::looked:
    case AreaSignal::not_looked:
    case AreaSignal::show_face:
    case AreaSignal::hide_face:
    case AreaSignal::face_not_shown:
    case AreaSignal::fetch_roster:
    case AreaSignal::roster_fetched:
    case AreaSignal::roster_not_fetched:
    case AreaSignal::call_staff:
    case AreaSignal::back:
    case AreaSignal::leave:
    case AreaSignal::touched:
    case AreaSignal::time:
    case AreaSignal::shut: return {};
    }
    return {};
}

bool is_free(AreaEffect effect) {
    return effect == AreaEffect::check_pin || effect == AreaEffect::check_code ||
           effect == AreaEffect::log_out || effect == AreaEffect::call_staff;
}

bool is_inside(Page page) {
    return page == Page::overview || page == Page::paper || page == Page::notice ||
           page == Page::printer || page == Page::reprint || page == Page::camera ||
           page == Page::face_camera || page == Page::clean;
}

std::string text_of(const Area& area) {
    return std::string(to_string(area.page)) + " " + (area.who ? area.who->staff : "nobody");
}

// What holds whatever came before.
void check_invariants(const Desk& desk) {
    const auto& area = desk.area;
    INFO(text_of(area));
    CHECK(is_inside(area.page) == area.who.has_value());
    // Spec safeguards G7: open while it is asked for, on its own page, and never else.
    CHECK(desk.is_face_open == (area.face == Fetch::running));
    if (desk.is_face_open) {
        CHECK(area.page == Page::face_camera);
        CHECK(desk.world.now < area.face_shown + face_camera_time);
    }
    if (area.page == Page::closed) {
        CHECK(area.pin.empty());
        CHECK_FALSE(area.is_enrolled);
        CHECK_FALSE(area.is_entered);
        CHECK_FALSE(next_deadline(area));
        return;
    }
    CHECK(desk.world.nobody_in_visit);
    CHECK(next_deadline(area));
    CHECK(*next_deadline(area) <= desk.world.now + area_idle_limit);
    if (area.page == Page::log_in) CHECK(has_card(area.standing));
    if (is_inside(area.page) && !area.is_enrolled) {
        CHECK(has_card(area.standing));
        CHECK(area.standing.staff == area.who->staff);
    }
    if (is_inside(area.page)) CHECK(area.pin.empty());
    CHECK(area.pin.size() <= enrolment_digits);
    if (area.page == Page::log_in) CHECK(area.pin.size() <= pin_most);
}

} // namespace

// ---- log-in ----

TEST_CASE("a card at the welcome screen and its PIN open the overview", "[unit][staff][area]") {
    Desk desk;
    desk.hear(standing(State::empty));
    CHECK(desk.area.page == Page::closed);
    desk.hear(standing(State::reading));
    CHECK(desk.area.page == Page::log_in);
    desk.hear(known()).type("1234");
    CHECK(desk.hear(AreaSignal::enter).refused); // too short
    desk.type("123456").hear(AreaSignal::enter);
    CHECK(desk.effects == std::vector{AreaEffect::check_pin});
    CHECK(desk.area.pin.view() == "123456"); // for whoever performs the effect
    CHECK(desk.hear(AreaSignal::enter).refused);
    CHECK(desk.type("1").refused); // nothing is typed until the answer comes
    desk.hear(standing(State::checking, "S-1182"));
    CHECK(desk.area.pin.empty());
    desk.hear({AreaSignal::confirmed, confirmed()});
    CHECK(desk.area.page == Page::overview);
    CHECK(desk.area.who->staff == "S-1182");
    CHECK(desk.area.problem == std::nullopt);
}

TEST_CASE("a wrong PIN is said, and the next one is typed from the beginning",
          "[unit][staff][area]") {
    Desk desk;
    desk.go_to(Page::log_in).type("999999").hear(AreaSignal::enter);
    desk.hear(standing(State::checking, "S-1182"));
    auto card = wrong(Problem::wrong_pin, State::ask_pin);
    card.tries_left = 4;
    desk.hear(card);
    CHECK(desk.area.page == Page::log_in);
    CHECK(desk.area.pin.empty());
    desk.type("123456");
    CHECK(desk.area.pin.size() == 6);
    CHECK_FALSE(desk.hear(AreaSignal::enter).refused);
    CHECK(desk.did(AreaEffect::check_pin));
}

TEST_CASE("a locked card takes no PIN", "[unit][staff][area][refusal][G9]") {
    Desk desk;
    desk.go_to(Page::log_in).type("999999").hear(AreaSignal::enter);
    desk.hear(wrong(Problem::locked));
    CHECK(desk.type("1").refused);
    CHECK(desk.hear(AreaSignal::enter).refused);
    CHECK(desk.area.page == Page::log_in);
}

TEST_CASE("only digits are taken, and no more than a PIN has", "[unit][staff][area]") {
    Desk desk;
    desk.go_to(Page::log_in);
    CHECK(desk.type("12x").refused);
    CHECK(desk.type("123456789").refused);
    CHECK(desk.area.pin.empty());
    CHECK_FALSE(desk.type("12345678").refused);
}

TEST_CASE("a confirmation that nobody waits for logs nobody in",
          "[unit][staff][area][refusal][G9]") {
    const AreaInput yes{AreaSignal::confirmed, confirmed()};
    Desk desk;
    SECTION("nobody was asked") {
        for (const auto page : {Page::closed, Page::log_in, Page::enrolment}) {
            Desk fresh;
            CHECK(fresh.go_to(page).hear(yes).refused);
            CHECK_FALSE(fresh.area.who);
        }
        return;
    }
    SECTION("the card was pulled and inserted again while it was checked") {
        desk.go_to(Page::log_in).type("123456").hear(AreaSignal::enter);
        desk.hear(standing(State::empty)).hear(known());
    }
    SECTION("another card lies there by now") {
        desk.go_to(Page::log_in).type("123456").hear(AreaSignal::enter).hear(known("S-2040"));
    }
    SECTION("the answer was no") {
        desk.go_to(Page::log_in).type("123456").hear(AreaSignal::enter);
        desk.hear(wrong(Problem::wrong_pin, State::ask_pin));
    }
    CHECK(desk.hear(yes).refused);
    CHECK_FALSE(desk.area.who);
}

TEST_CASE("a confirmation for something else, or of nobody with a role, logs nobody in",
          "[unit][staff][area][refusal][G9]") {
    for (const auto purpose : {Purpose::witness, Purpose::document, Purpose::assist}) {
        Desk desk;
        desk.go_to(Page::log_in).type("123456").hear(AreaSignal::enter);
        auto who = confirmed();
        who.purpose = purpose;
        CHECK(desk.hear({AreaSignal::confirmed, who}).refused);
    }
    Desk desk;
    desk.go_to(Page::log_in).type("123456").hear(AreaSignal::enter);
    CHECK(desk.hear({AreaSignal::confirmed, confirmed(Roles())}).refused);
}

TEST_CASE("the log-in page closes after a minute without a touch", "[unit][staff][area]") {
    Desk desk;
    desk.go_to(Page::log_in).wait(59s);
    CHECK(desk.area.page == Page::log_in);
    desk.type("12").wait(59s);
    CHECK(desk.area.page == Page::log_in);
    desk.wait(1s);
    CHECK(desk.area.page == Page::closed);
    CHECK(desk.area.pin.empty());
    // The card that stays in the slot does not open it again; another insertion does.
    desk.hear(known()).hear(wrong(Problem::card_silent));
    CHECK(desk.area.page == Page::closed);
    desk.hear(standing(State::reading));
    CHECK(desk.area.page == Page::log_in);
}

TEST_CASE("any card opens the page that says what is wrong with it, and pulling it closes it",
          "[unit][staff][area]") {
    for (int i = 0; i <= int(Problem::not_recorded); ++i) {
        Desk desk;
        desk.hear(standing(State::empty)).hear(wrong(Problem(i)));
        CHECK(desk.area.page == Page::log_in);
        desk.hear(standing(State::empty));
        CHECK(desk.area.page == Page::closed);
    }
}

// ---- card and clock ----

TEST_CASE("pulling the card ends it on every page, and drops what was typed",
          "[unit][staff][area][refusal][G9]") {
    for (const auto page : all_pages) {
        if (page == Page::closed || page == Page::enrolment) continue;
        for (const auto gone : {State::empty, State::no_reader}) {
            Desk desk;
            desk.go_to(page);
            if (page == Page::log_in) desk.type("12345");
            desk.hear(standing(gone));
            INFO(to_string(page));
            CHECK(desk.area.page == Page::closed);
            CHECK(desk.effects == std::vector{AreaEffect::log_out});
            CHECK(desk.area.closed_by == LogOut::card_pulled);
            CHECK(desk.area.logged_out == (page == Page::log_in ? "" : "S-1182"));
            check_invariants(desk);
        }
    }
}

TEST_CASE("another card in the slot logs out on every page and asks for its own PIN",
          "[unit][staff][area][refusal][G9]") {
    const std::array others{standing(State::reading), known("S-2040"), wrong(Problem::foreign_card),
                            wrong(Problem::several_cards)};
    for (const auto page : all_pages) {
        if (!is_inside(page)) continue;
        for (const auto& other : others) {
            Desk desk;
            desk.go_to(page).hear(other);
            INFO(to_string(page));
            CHECK(desk.area.page == Page::log_in);
            CHECK(desk.did(AreaEffect::log_out));
            CHECK(desk.area.closed_by == LogOut::another_card);
            CHECK(desk.area.logged_out == "S-1182");
            check_invariants(desk);
        }
    }
}

TEST_CASE("five minutes without a touch log out on every page, a touch begins them anew",
          "[unit][staff][area][refusal][G9][H7]") {
    for (const auto page : {Page::overview, Page::paper, Page::notice}) {
        Desk desk;
        desk.go_to(page).wait(4min + 59s);
        INFO(to_string(page));
        CHECK(desk.area.page == page);
        desk.hear(AreaSignal::touched).wait(4min + 59s);
        CHECK(desk.area.page == page);
        CHECK(next_deadline(desk.area) == desk.world.now + 1s);
        desk.wait(1s);
        CHECK(desk.area.page == Page::closed);
        CHECK(desk.effects == std::vector{AreaEffect::log_out});
        CHECK(desk.area.closed_by == LogOut::idle);
        CHECK(desk.area.logged_out == "S-1182");
    }
}

TEST_CASE("devices that move do not count as a touch", "[unit][staff][area][H7]") {
    Desk desk;
    desk.go_to(Page::overview).hear(AreaSignal::fetch_roster);
    for (int i = 0; i < 4; ++i) {
        desk.wait(1min);
        desk.hear(known()).hear(AreaSignal::roster_fetched);
        desk.hear({AreaSignal::failed, Problem::not_recorded});
    }
    desk.wait(1min);
    CHECK(desk.area.page == Page::closed);
}

TEST_CASE("a visit closes the area on every page", "[unit][staff][area]") {
    for (const auto page : all_pages) {
        if (page == Page::closed) continue;
        for (const auto signal : {AreaSignal::time, AreaSignal::touched, AreaSignal::shut}) {
            Desk desk;
            desk.go_to(page);
            desk.world.nobody_in_visit = signal == AreaSignal::shut;
            desk.hear(signal);
            INFO(to_string(page));
            CHECK(desk.area.page == Page::closed);
            CHECK(desk.area.closed_by == LogOut::shut);
        }
    }
    Desk desk;
    desk.world.nobody_in_visit = false;
    desk.hear(standing(State::empty)).hear(known());
    CHECK(desk.area.page == Page::closed);
}

// ---- what may be done ----

TEST_CASE("who is not logged in can do nothing but close it and call staff",
          "[unit][staff][area][refusal][G9]") {
    std::mt19937 random(20261122);
    for (const auto page : {Page::closed, Page::log_in, Page::enrolment}) {
        for (std::size_t i = 0; i < signal_count; ++i) {
            const auto signal = AreaSignal(i);
            for (int again = 0; again < 20; ++again) {
                Desk desk;
                desk.go_to(page);
                desk.hear({signal, some_payload(signal, random)});
                INFO(to_string(page) << " " << to_string(signal));
                CHECK_FALSE(is_inside(desk.area.page));
                for (const auto effect : desk.effects) {
                    INFO(to_string(effect));
                    CHECK((effect == AreaEffect::log_out || effect == AreaEffect::call_staff));
                }
            }
        }
    }
}

TEST_CASE("each task is taken from the roles that may do it, and refused to all others",
          "[unit][staff][area][refusal][G9]") {
    const struct {
        AreaInput input;
        Page from;
        Task task;
        AreaEffect effect;
    } all[] = {
        {AreaSignal::duty_on, Page::overview, Task::duty, AreaEffect::duty_on},
        {AreaSignal::duty_off, Page::overview, Task::duty, AreaEffect::duty_off},
        {AreaSignal::stop_service, Page::overview, Task::service, AreaEffect::stop_service},
        {AreaSignal::resume_service, Page::overview, Task::service, AreaEffect::resume_service},
        {AreaSignal::fetch_roster, Page::overview, Task::roster, AreaEffect::fetch_roster},
        {AreaSignal::paper_done, Page::paper, Task::paper, AreaEffect::paper_replaced},
        {AreaSignal::print_test, Page::printer, Task::receipts, AreaEffect::print_test},
        {AreaSignal::print_marks, Page::camera, Task::camera, AreaEffect::print_marks},
        {AreaSignal::look_at_marks, Page::camera, Task::camera, AreaEffect::look_at_marks},
        {AreaSignal::look_at_sheet, Page::camera, Task::camera, AreaEffect::look_at_sheet},
        {AreaSignal::look_at_card, Page::camera, Task::camera, AreaEffect::look_at_card},
        {AreaSignal::show_face, Page::face_camera, Task::camera, AreaEffect::show_face},
        {{AreaSignal::reprint, base::Language::ug},
         Page::reprint,
         Task::receipts,
         AreaEffect::reprint},
        {{AreaSignal::choose_notice, std::string("long-wait")},
         Page::notice,
         Task::notice,
         AreaEffect::set_notice},
    };
    for (const auto role : {Role::office_worker, Role::technician, Role::administrator}) {
        const auto roles = roles_of({role});
        for (const auto& row : all) {
            for (const auto page : all_pages) {
                if (!is_inside(page)) continue;
                Desk desk;
                desk.go_to(page, roles);
                const bool may_here = desk.area.page == row.from && may(roles, row.task);
                INFO(to_string(role)
                     << " " << to_string(row.input.signal) << " on " << to_string(desk.area.page));
                CHECK(offers(desk.area, row.input.signal) == may_here);
                desk.hear(row.input);
                CHECK(desk.refused == !may_here);
                CHECK(desk.effects ==
                      (may_here ? std::vector{row.effect} : std::vector<AreaEffect>{}));
            }
        }
        for (const auto& [page, task] :
             {std::pair(Page::paper, Task::paper), std::pair(Page::notice, Task::notice),
              std::pair(Page::clean, Task::clean), std::pair(Page::printer, Task::receipts),
              std::pair(Page::camera, Task::camera)}) {
            Desk desk;
            desk.log_in(roles);
            CHECK(offers(desk.area, page) == may(roles, task));
            desk.hear({AreaSignal::page, page});
            CHECK((desk.area.page == page) == may(roles, task));
        }
    }
}

TEST_CASE("no page is opened that is none of the overview's", "[unit][staff][area]") {
    for (const auto page : {Page::closed, Page::log_in, Page::enrolment, Page::overview,
                            Page::reprint, Page::face_camera}) {
        Desk desk;
        CHECK(desk.log_in().hear({AreaSignal::page, page}).refused);
        CHECK(desk.area.page == Page::overview);
    }
}

TEST_CASE("every page has a way back and a way out", "[unit][staff][area]") {
    for (const auto page : all_pages) {
        if (page == Page::closed || page == Page::clean) continue;
        Desk desk;
        desk.go_to(page).hear(AreaSignal::back);
        INFO(to_string(page));
        const bool is_behind = page == Page::paper || page == Page::notice ||
                               page == Page::printer || page == Page::camera;
        CHECK(desk.area.page == (page == Page::reprint       ? Page::printer
                                 : page == Page::face_camera ? Page::camera
                                 : is_behind                 ? Page::overview
                                                             : Page::closed));
        Desk other;
        other.go_to(page).hear(AreaSignal::leave);
        CHECK(other.area.page == Page::closed);
        CHECK(other.effects == std::vector{AreaEffect::log_out});
        CHECK(other.area.closed_by == LogOut::left);
    }
}

TEST_CASE("a print is one at a time, and its end is told once", "[unit][staff][area]") {
    Desk desk;
    desk.go_to(Page::printer);
    CHECK(desk.area.print == Fetch::none);
    CHECK(desk.hear(AreaSignal::printed).refused); // nothing was asked for
    desk.hear(AreaSignal::print_test);
    CHECK(desk.did(AreaEffect::print_test));
    CHECK(desk.area.print == Fetch::running);
    CHECK(desk.hear(AreaSignal::print_test).refused);
    desk.hear(AreaSignal::not_printed);
    CHECK(desk.area.print == Fetch::failed);
    CHECK(desk.hear(AreaSignal::printed).refused);
    // Looked at again, the page asks the printer and says nothing of what was before.
    desk.hear(AreaSignal::back).hear({AreaSignal::page, Page::printer});
    CHECK(desk.did(AreaEffect::ask_printer));
    CHECK(desk.area.print == Fetch::none);
}

TEST_CASE("a look through the camera is one at a time, and its end is told once",
          "[unit][staff][area]") {
    Desk desk;
    desk.go_to(Page::camera);
    CHECK(desk.hear(AreaSignal::looked).refused); // nothing was asked for
    desk.hear(AreaSignal::look_at_sheet);
    CHECK(desk.area.look == Fetch::running);
    for (const auto other : {AreaSignal::look_at_marks, AreaSignal::look_at_sheet,
                             AreaSignal::look_at_card, AreaSignal::print_marks})
        CHECK(desk.hear(other).refused);
    desk.hear(AreaSignal::not_looked);
    CHECK(desk.area.look == Fetch::failed);
    CHECK(desk.hear(AreaSignal::looked).refused);
    desk.hear(AreaSignal::print_marks);
    CHECK(desk.area.look == Fetch::none); // what is said is about the last thing asked for
    CHECK(desk.hear(AreaSignal::look_at_card).refused);
    desk.hear(AreaSignal::printed).hear(AreaSignal::look_at_card).hear(AreaSignal::looked);
    CHECK(desk.area.look == Fetch::done);
    desk.hear(AreaSignal::back).hear({AreaSignal::page, Page::camera});
    CHECK(desk.area.look == Fetch::none);
}

TEST_CASE("the face camera is open while whoever is logged in asks for it, a minute at most",
          "[unit][staff][area][refusal][G7][D4.1]") {
    const auto opened = [] {
        Desk desk;
        desk.go_to(Page::face_camera);
        CHECK(desk.did(AreaEffect::ask_face));
        CHECK_FALSE(desk.is_face_open); // the page alone opens nothing
        CHECK(desk.hear(AreaSignal::hide_face).refused);
        CHECK(desk.hear(AreaSignal::face_not_shown).refused);
        desk.hear(AreaSignal::show_face);
        CHECK(desk.effects == std::vector{AreaEffect::show_face});
        CHECK(desk.hear(AreaSignal::show_face).refused);
        return desk;
    };
    const auto until = [](const Desk& desk) { return *next_deadline(desk.area); };
    {
        auto desk = opened();
        const auto end = desk.world.now + face_camera_time;
        CHECK(until(desk) == end);
        desk.wait(59s).hear(AreaSignal::touched); // a touch is no new minute
        CHECK(until(desk) == end);
        CHECK(desk.is_face_open);
        desk.wait(1s);
        CHECK(desk.effects == std::vector{AreaEffect::hide_face});
        CHECK(desk.area.page == Page::face_camera);
        CHECK(desk.area.face == Fetch::done);
        CHECK_FALSE(desk.hear(AreaSignal::show_face).refused); // asked for anew
        desk.hear(AreaSignal::face_not_shown);
        CHECK(desk.effects == std::vector{AreaEffect::hide_face});
        CHECK(desk.area.face == Fetch::failed);
    }
    const std::vector<AreaInput> ways_out{{AreaSignal::hide_face},
                                          {AreaSignal::back},
                                          {AreaSignal::leave},
                                          {AreaSignal::shut},
                                          {AreaSignal::standing, standing(State::empty)},
                                          {AreaSignal::standing, known("S-2040")}};
    for (const auto& way : ways_out) {
        auto desk = opened();
        INFO(to_string(way.signal));
        desk.hear(way.signal == AreaSignal::standing
                      ? AreaInput{way.signal, std::get<Standing>(way.payload)}
                      : AreaInput{way.signal});
        REQUIRE_FALSE(desk.effects.empty());
        CHECK(desk.effects.front() == AreaEffect::hide_face);
        CHECK_FALSE(desk.is_face_open);
    }
    // A resident's visit begins.
    auto desk = opened();
    desk.world.nobody_in_visit = false;
    desk.hear(AreaSignal::touched);
    CHECK_FALSE(desk.is_face_open);
    CHECK(desk.area.page == Page::closed);
    CHECK(desk.hear(AreaSignal::show_face).refused);
}

TEST_CASE("a copy is printed of the number that was picked, in a language", "[unit][staff][area]") {
    Desk desk;
    desk.log_in().hear({AreaSignal::page, Page::printer}).hear({AreaSignal::page, Page::reprint});
    CHECK(desk.hear({AreaSignal::reprint, base::Language::ug}).refused); // none was picked
    desk.hear({AreaSignal::reprint_number, std::string("K7M492XHT3QC")});
    CHECK(desk.hear(AreaSignal::reprint).refused); // in which language?
    desk.hear({AreaSignal::reprint, base::Language::ug});
    CHECK(desk.effects == std::vector{AreaEffect::reprint});
    CHECK(desk.area.page == Page::printer);
    CHECK(desk.area.reprint_number == "K7M492XHT3QC");
    CHECK(desk.area.reprint_language == base::Language::ug);
}

TEST_CASE("what could not be recorded is said until something else is asked for",
          "[unit][staff][area]") {
    Desk desk;
    desk.log_in().hear(AreaSignal::duty_on);
    desk.hear({AreaSignal::failed, Problem::not_recorded});
    CHECK(desk.area.problem == Problem::not_recorded);
    desk.hear(AreaSignal::stop_service);
    CHECK_FALSE(desk.area.problem);
}

TEST_CASE("a staff list is fetched once at a time", "[unit][staff][area]") {
    Desk desk;
    desk.log_in().hear(AreaSignal::fetch_roster);
    CHECK(desk.did(AreaEffect::fetch_roster));
    CHECK(desk.hear(AreaSignal::fetch_roster).refused);
    desk.hear(AreaSignal::roster_not_fetched);
    CHECK(desk.area.fetch == Fetch::failed);
    CHECK_FALSE(desk.hear(AreaSignal::fetch_roster).refused);
    desk.hear(AreaSignal::roster_fetched);
    CHECK(desk.area.fetch == Fetch::done);
    CHECK(desk.hear(AreaSignal::roster_fetched).refused);
}

// ---- cleaning ----

TEST_CASE("while the screen is wiped nothing is heard for half a minute, then it goes on",
          "[unit][staff][area]") {
    std::mt19937 random(7);
    Desk desk;
    desk.go_to(Page::clean);
    const auto begun = desk.world.now;
    for (std::size_t i = 0; i < signal_count; ++i) {
        const auto signal = AreaSignal(i);
        const bool is_not_a_hand = signal == AreaSignal::standing || signal == AreaSignal::time ||
                                   signal == AreaSignal::shut || signal == AreaSignal::failed;
        if (is_not_a_hand) continue;
        desk.hear({signal, some_payload(signal, random)});
        INFO(to_string(signal));
        CHECK(desk.refused);
        CHECK(desk.area.page == Page::clean);
    }
    desk.wait(29s);
    CHECK(desk.area.page == Page::clean);
    CHECK(next_deadline(desk.area) == begun + clean_time);
    desk.wait(1s);
    CHECK(desk.area.page == Page::overview);
    CHECK(desk.effects == std::vector{AreaEffect::screen_cleaned});
}

TEST_CASE("the count-down is drawn each second, the time to the log-out each minute",
          "[unit][staff][area]") {
    Desk desk;
    CHECK_FALSE(next_tick(desk.area, start));
    desk.go_to(Page::clean);
    const auto begun = desk.world.now;
    CHECK(next_tick(desk.area, begun) == begun + 1s);
    CHECK(next_tick(desk.area, begun + 1500ms) == begun + 2s);
    CHECK(next_tick(desk.area, begun + 29s) == begun + 30s);
    CHECK(next_tick(desk.area, begun + 31s) == begun + 30s); // overdue: now
    Desk other;
    other.go_to(Page::overview);
    CHECK(next_tick(other.area, begun) == begun + 1min);
    CHECK(next_tick(other.area, begun + 90s) == begun + 2min);
}

// ---- first installation ----

TEST_CASE("the enrolment page is there only while this kiosk has no staff list",
          "[unit][staff][area][refusal][G9]") {
    Desk desk;
    CHECK(desk.hear(AreaSignal::enrol).refused);
    desk.world.takes_enrolment_code = true;
    desk.hear(AreaSignal::enrol);
    CHECK(desk.area.page == Page::enrolment);
    CHECK(desk.hear(AreaSignal::enter).refused);
    CHECK(desk.type("1234567890123").refused);
    desk.type("123456789012").hear(AreaSignal::enter);
    CHECK(desk.effects == std::vector{AreaEffect::check_code});
    desk.hear({AreaSignal::refused, Problem::wrong_pin});
    CHECK(desk.area.problem == Problem::wrong_pin);
    CHECK(desk.area.pin.empty());
    desk.type("123456789012").hear(AreaSignal::enter);
    desk.hear({AreaSignal::confirmed, confirmed(everything, "ENROLMENT")});
    CHECK(desk.area.page == Page::overview);
    CHECK(desk.area.is_enrolled);
}

TEST_CASE("who came in by code needs no card, and is logged out like anybody else",
          "[unit][staff][area]") {
    Desk desk;
    desk.go_to(Page::enrolment).type("123456789012").hear(AreaSignal::enter);
    desk.hear({AreaSignal::confirmed, confirmed(everything, "ENROLMENT")});
    desk.hear(known()).hear(standing(State::empty));
    CHECK(desk.area.page == Page::overview);
    desk.wait(5min);
    CHECK(desk.area.page == Page::closed);
    CHECK(desk.area.logged_out == "ENROLMENT");
}

TEST_CASE("the enrolment page closes after a minute without a touch", "[unit][staff][area]") {
    Desk desk;
    desk.go_to(Page::enrolment).type("1234").wait(60s);
    CHECK(desk.area.page == Page::closed);
    CHECK(desk.area.pin.empty());
}

// ---- everything ----

TEST_CASE("every page meets every signal, with and without a payload", "[unit][staff][area]") {
    std::mt19937 random(3);
    for (const auto page : all_pages) {
        for (std::size_t i = 0; i < signal_count; ++i) {
            const auto signal = AreaSignal(i);
            for (int again = 0; again < 40; ++again) {
                Desk desk;
                desk.go_to(page);
                const auto before = text_of(desk.area);
                // Also a payload that belongs to another signal.
                const auto from = again % 4 == 0 ? AreaSignal(random() % signal_count) : signal;
                desk.hear({signal, some_payload(from, random)});
                INFO(before << " " << to_string(signal));
                check_invariants(desk);
                if (desk.refused) CHECK(text_of(desk.area) == before);
                if (desk.refused) CHECK(desk.effects.empty());
            }
        }
    }
}

TEST_CASE("random walks never leave the rules", "[unit][staff][area][refusal][G9]") {
    const auto seed = GENERATE(1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u);
    std::mt19937 random(seed);
    INFO("seed " << seed);
    Desk desk;
    std::size_t inside = 0;
    for (int i = 0; i < 20'000; ++i) {
        desk.world.now += base::Milliseconds(random() % (random() % 50 == 0 ? 400'000 : 2'000));
        desk.world.takes_enrolment_code = random() % 8 == 0;
        desk.world.nobody_in_visit = random() % 100 != 0;
        if (random() % 10 == 0) desk.hear(AreaSignal::time);
        // Now and then somebody does everything right, so that the pages behind are walked too.
        if (desk.area.page == Page::closed && desk.world.nobody_in_visit && random() % 4 == 0)
            desk.log_in(roles_of({Role(random() % 3)}));
        const auto roles = desk.area.who ? desk.area.who->roles : Roles();
        const auto before = desk.area.page;
        auto signal = AreaSignal(random() % signal_count);
        // Most of what arrives at the overview would end it.
        if (is_inside(before) && signal == AreaSignal::standing && random() % 4) continue;
        if (is_inside(before) && signal == AreaSignal::leave && random() % 4)
            signal = AreaSignal::page;
        desk.hear({signal, some_payload(signal, random)});
        check_invariants(desk);
        inside += is_inside(desk.area.page) ? 1 : 0;
        for (const auto effect : desk.effects) {
            INFO(to_string(signal) << " -> " << to_string(effect));
            CHECK((is_free(effect) || is_inside(before)));
            CHECK((is_free(effect) || effect == AreaEffect::screen_cleaned || !roles.empty()));
        }
    }
    CHECK(inside > 1'000); // the walk was inside often enough to mean something
}
