#include "kiosk/staff/area.hpp"

#include <algorithm>
#include <array>

namespace staff {
namespace {

// ---- tables ----

// What somebody who is logged in may ask for: where, who may, what is done, where it leads.
struct Chore {
    AreaSignal on;
    Page from;
    Task task;
    AreaEffect effect;
    Page to;
};

constexpr std::array chores{
    Chore{AreaSignal::duty_on, Page::overview, Task::duty, AreaEffect::duty_on, Page::overview},
    Chore{AreaSignal::duty_off, Page::overview, Task::duty, AreaEffect::duty_off, Page::overview},
    Chore{AreaSignal::stop_service, Page::overview, Task::service, AreaEffect::stop_service,
          Page::overview},
    Chore{AreaSignal::resume_service, Page::overview, Task::service, AreaEffect::resume_service,
          Page::overview},
    Chore{AreaSignal::fetch_roster, Page::overview, Task::roster, AreaEffect::fetch_roster,
          Page::overview},
    Chore{AreaSignal::paper_done, Page::paper, Task::paper, AreaEffect::paper_replaced,
          Page::overview},
    Chore{AreaSignal::print_test, Page::printer, Task::receipts, AreaEffect::print_test,
          Page::printer},
    Chore{AreaSignal::reprint, Page::reprint, Task::receipts, AreaEffect::reprint, Page::printer},
    Chore{AreaSignal::print_marks, Page::camera, Task::camera, AreaEffect::print_marks,
          Page::camera},
    Chore{AreaSignal::look_at_marks, Page::camera, Task::camera, AreaEffect::look_at_marks,
          Page::camera},
    Chore{AreaSignal::look_at_sheet, Page::camera, Task::camera, AreaEffect::look_at_sheet,
          Page::camera},
    Chore{AreaSignal::look_at_card, Page::camera, Task::camera, AreaEffect::look_at_card,
          Page::camera},
    Chore{AreaSignal::show_face, Page::face_camera, Task::camera, AreaEffect::show_face,
          Page::face_camera},
    Chore{AreaSignal::hide_face, Page::face_camera, Task::camera, AreaEffect::hide_face,
          Page::face_camera},
    Chore{AreaSignal::choose_notice, Page::notice, Task::notice, AreaEffect::set_notice,
          Page::overview},
};

// The pages behind the overview, from where they open, and who may open them.
struct Door {
    Page page;
    Page from;
    Task task;
};

constexpr std::array doors{
    Door{Page::paper, Page::overview, Task::paper},
    Door{Page::notice, Page::overview, Task::notice},
    Door{Page::clean, Page::overview, Task::clean},
    Door{Page::printer, Page::overview, Task::receipts},
    Door{Page::reprint, Page::printer, Task::receipts},
    Door{Page::camera, Page::overview, Task::camera},
    Door{Page::face_camera, Page::camera, Task::camera},
};

constexpr bool is_behind_log_in(Page page) {
    switch (page) {
    case Page::closed:
    case Page::log_in:
    case Page::enrolment: return false;
    case Page::overview:
    case Page::paper:
    case Page::notice:
    case Page::printer:
    case Page::reprint:
    case Page::camera:
    case Page::face_camera:
    case Page::clean: return true;
    }
    return true;
}

constexpr bool chores_need_a_log_in() {
    return std::all_of(chores.begin(), chores.end(), [](const Chore& chore) {
        return is_behind_log_in(chore.from) && is_behind_log_in(chore.to);
    });
}
constexpr bool doors_need_a_log_in() {
    return std::all_of(doors.begin(), doors.end(), [](const Door& door) {
        return is_behind_log_in(door.page) && is_behind_log_in(door.from);
    });
}
// The face camera is opened on its own page alone (spec safeguards G7).
constexpr bool face_is_shown_on_its_page_alone() {
    return std::all_of(chores.begin(), chores.end(), [](const Chore& chore) {
        const bool opens = chore.effect == AreaEffect::show_face;
        return !opens || (chore.from == Page::face_camera && chore.to == Page::face_camera);
    });
}
static_assert(face_is_shown_on_its_page_alone());
static_assert(chores_need_a_log_in());
static_assert(doors_need_a_log_in());

constexpr bool prints(AreaSignal signal) {
    return signal == AreaSignal::print_test || signal == AreaSignal::reprint ||
           signal == AreaSignal::print_marks;
}
constexpr bool looks(AreaSignal signal) {
    return signal == AreaSignal::look_at_marks || signal == AreaSignal::look_at_sheet ||
           signal == AreaSignal::look_at_card;
}

const Chore* chore_of(AreaSignal signal) {
    const auto row = std::find_if(chores.begin(), chores.end(),
                                  [&](const Chore& chore) { return chore.on == signal; });
    return row == chores.end() ? nullptr : &*row;
}

const Door* door_to(Page page) {
    const auto row = std::find_if(doors.begin(), doors.end(),
                                  [&](const Door& door) { return door.page == page; });
    return row == doors.end() ? nullptr : &*row;
}

// ---- small questions ----

bool is_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The card that logged in still lies there, alone.
bool is_same_card(const Area& area) {
    using State = Standing::State;
    const auto& standing = area.standing;
    return (standing.state == State::ask_pin || standing.state == State::checking) && area.who &&
           standing.staff == area.who->staff;
}

bool was_just_inserted(const Standing& before, const Standing& now) {
    if (!has_card(now)) return false;
    // A card that was exchanged between two looks is read anew.
    return !has_card(before) ||
           (now.state == Standing::State::reading && before.state != now.state);
}

base::MonotonicTime idle_deadline(const Area& area) {
    return area.last_activity + (is_behind_log_in(area.page)
                                     ? base::Milliseconds(area_idle_limit)
                                     : base::Milliseconds(log_in_idle_limit));
}

template <class Value> const Value* payload_of(const AreaInput& input) {
    return std::get_if<Value>(&input.payload);
}

// ---- the machine ----

// One input. Whatever none of the functions takes is refused.
class Move {
public:
    Move(Area area, const AreaWorld& world) : area_(std::move(area)), world_(world) {}

    AreaOutcome make(AreaInput& input) {
        const bool is_taken = take(input);
        return {std::move(area_), std::move(effects_), !is_taken && effects_.empty()};
    }

private:
    bool take(AreaInput& input);
    bool take_standing(const Standing& standing);
    bool follow_card(const Standing& before);
    bool take_typed(base::SecretText text);
    bool enter();
    bool confirm(const Confirmed& who);
    bool refuse_code(Problem problem);
    bool enrol();
    bool open(Page page);
    bool do_chore(const Chore& chore, const AreaInput& input);
    bool end_fetch(Fetch fetch);
    void hide_face(Fetch how);
    bool end_print(Fetch print);
    bool end_look(Fetch look);
    bool choose(const std::string& number);
    bool call_staff();
    bool back();
    bool note_problem(Problem problem);
    bool touch();
    void time();

    bool is_open() const { return area_.page != Page::closed; }
    // While the glass is being wiped it hears nothing.
    bool hears_hands() const { return is_open() && area_.page != Page::clean; }
    bool hangs_on_card() const { return area_.who && !area_.is_enrolled; }
    void go_to(Page page);
    bool close(LogOut reason);

    Area area_;
    const AreaWorld& world_;
    std::vector<AreaEffect> effects_;
};

// Whoever leaves the page, however, leaves the face camera closed.
void Move::hide_face(Fetch how) {
    if (area_.face == Fetch::running) effects_.push_back(AreaEffect::hide_face);
    area_.face = how;
}

void Move::go_to(Page page) {
    hide_face(Fetch::none);
    area_.page = page;
    area_.entered = world_.now;
    area_.pin = {};
    area_.is_entered = false;
    area_.problem.reset();
}

bool Move::close(LogOut reason) {
    if (!is_open()) return false;
    hide_face(Fetch::none);
    Area closed;
    closed.standing = std::move(area_.standing);
    closed.notice = std::move(area_.notice);
    closed.closed_by = reason;
    if (area_.who) closed.logged_out = std::move(area_.who->staff);
    area_ = std::move(closed);
    effects_.push_back(AreaEffect::log_out);
    return true;
}

bool Move::take_standing(const Standing& standing) {
    const auto before = std::exchange(area_.standing, standing);
    if (area_.page == Page::log_in) return follow_card(before);
    if (is_open() && hangs_on_card()) {
        if (is_same_card(area_)) return true;
        if (!has_card(standing)) return close(LogOut::card_pulled);
        close(LogOut::another_card);
    } else if (is_open() || !world_.nobody_in_visit || !was_just_inserted(before, standing)) {
        return true;
    }
    go_to(Page::log_in);
    return touch();
}

// A PIN belongs to the card that lay there while it was typed, and to one answer.
bool Move::follow_card(const Standing& before) {
    const auto& now = area_.standing;
    if (!has_card(now)) return close(LogOut::card_pulled);
    const bool is_answered =
        (now.problem && now.state != Standing::State::checking) || now.staff != before.staff;
    if (is_answered || area_.is_entered) area_.pin = {};
    if (is_answered) area_.is_entered = false;
    return true;
}

bool Move::take_typed(base::SecretText text) {
    const bool is_pin =
        area_.page == Page::log_in && area_.standing.state == Standing::State::ask_pin;
    const auto most = is_pin ? pin_most : area_.page == Page::enrolment ? enrolment_digits : 0;
    if (area_.is_entered || most == 0 || text.size() > most || !is_digits(text)) return false;
    area_.pin = std::move(text);
    area_.problem.reset();
    return touch();
}

bool Move::enter() {
    const bool is_code = area_.page == Page::enrolment;
    const bool is_pin =
        area_.page == Page::log_in && area_.standing.state == Standing::State::ask_pin;
    if (area_.is_entered || (!is_code && !is_pin)) return false;
    if (area_.pin.size() < (is_code ? enrolment_digits : pin_least)) return false;
    area_.is_entered = true;
    effects_.push_back(is_code ? AreaEffect::check_code : AreaEffect::check_pin);
    return touch();
}

bool Move::confirm(const Confirmed& who) {
    const bool is_enrolled = area_.page == Page::enrolment;
    // An answer to a question that is no longer asked logs nobody in.
    if (!area_.is_entered || (!is_enrolled && area_.standing.staff != who.staff)) return false;
    if (who.purpose != Purpose::log_in || !may(who.roles, Task::log_in)) return false;
    area_.is_enrolled = is_enrolled;
    area_.who = who;
    go_to(Page::overview);
    area_.last_activity = world_.now;
    return true;
}

bool Move::refuse_code(Problem problem) {
    if (area_.page != Page::enrolment) return false;
    area_.pin = {};
    area_.is_entered = false;
    area_.problem = problem;
    // How much of a lock is left is not told here: all of it is the most.
    if (problem == Problem::locked) area_.unlock_at = world_.now + lock_time;
    return true;
}

bool Move::enrol() {
    const bool is_from_here = area_.page == Page::closed || area_.page == Page::log_in;
    if (!is_from_here || !world_.nobody_in_visit || !world_.takes_enrolment_code) return false;
    go_to(Page::enrolment);
    return touch();
}

bool Move::open(Page page) {
    if (!offers(area_, page)) return false;
    touch();
    go_to(page);
    if (page == Page::printer) {
        area_.print = Fetch::none;
        effects_.push_back(AreaEffect::ask_printer);
    }
    if (page == Page::camera) area_.print = area_.look = Fetch::none;
    if (page == Page::face_camera) effects_.push_back(AreaEffect::ask_face);
    return true;
}

bool Move::do_chore(const Chore& chore, const AreaInput& input) {
    if (!offers(area_, chore.on)) return false;
    if (chore.on == AreaSignal::choose_notice) {
        const auto* id = payload_of<std::string>(input);
        if (id == nullptr) return false;
        area_.notice = *id;
    }
    if (chore.on == AreaSignal::reprint) {
        const auto* language = payload_of<base::Language>(input);
        if (language == nullptr) return false;
        area_.reprint_language = *language;
    }
    effects_.push_back(chore.effect);
    if (chore.to != area_.page) go_to(chore.to);
    area_.problem.reset();
    if (chore.on == AreaSignal::fetch_roster) area_.fetch = Fetch::running;
    if (prints(chore.on)) {
        area_.print = Fetch::running;
        area_.look = Fetch::none; // what is said is about the last thing asked for
    }
    if (chore.on == AreaSignal::show_face) {
        area_.face = Fetch::running;
        area_.face_shown = world_.now;
    }
    if (chore.on == AreaSignal::hide_face) area_.face = Fetch::none;
    if (looks(chore.on)) {
        area_.look = Fetch::running;
        area_.print = Fetch::none;
    }
    return touch();
}

bool Move::end_print(Fetch print) {
    if (area_.print != Fetch::running) return false;
    area_.print = print;
    return true;
}

bool Move::end_look(Fetch look) {
    if (area_.look != Fetch::running) return false;
    area_.look = look;
    return true;
}

bool Move::choose(const std::string& number) {
    if (area_.page != Page::reprint) return false;
    area_.reprint_number = number;
    return touch();
}

bool Move::end_fetch(Fetch fetch) {
    if (area_.fetch != Fetch::running) return false;
    area_.fetch = fetch;
    return true;
}

bool Move::call_staff() {
    if (!hears_hands()) return false;
    area_.is_calling = true;
    effects_.push_back(AreaEffect::call_staff);
    return touch();
}

bool Move::back() {
    if (!hears_hands()) return false;
    if (const auto* door = door_to(area_.page)) {
        go_to(door->from);
        return touch();
    }
    return close(LogOut::left);
}

bool Move::note_problem(Problem problem) {
    if (!area_.who) return false;
    area_.problem = problem;
    return true;
}

bool Move::touch() {
    if (!hears_hands()) return false;
    area_.last_activity = world_.now;
    return true;
}

void Move::time() {
    if (!is_open()) return;
    if (world_.now >= idle_deadline(area_)) {
        close(LogOut::idle);
    } else if (area_.page == Page::clean && world_.now >= area_.entered + clean_time) {
        effects_.push_back(AreaEffect::screen_cleaned);
        go_to(Page::overview);
    } else if (area_.face == Fetch::running && world_.now >= area_.face_shown + face_camera_time) {
        hide_face(Fetch::done);
    }
}

bool Move::take(AreaInput& input) {
    // Staff are never in the way of a visit.
    if (!world_.nobody_in_visit) close(LogOut::shut);
    if (const auto* chore = chore_of(input.signal)) return do_chore(*chore, input);
    const auto* standing = payload_of<Standing>(input);
    const auto* who = payload_of<Confirmed>(input);
    const auto* problem = payload_of<Problem>(input);
    const auto* page = payload_of<Page>(input);
    const auto* number = payload_of<std::string>(input);
    auto* typed = std::get_if<base::SecretText>(&input.payload);
    switch (input.signal) {
    case AreaSignal::standing: return standing != nullptr && take_standing(*standing);
    case AreaSignal::pin: return typed != nullptr && take_typed(std::move(*typed));
    case AreaSignal::enter: return enter();
    case AreaSignal::confirmed: return who != nullptr && confirm(*who);
    case AreaSignal::refused: return problem != nullptr && refuse_code(*problem);
    case AreaSignal::enrol: return enrol();
    case AreaSignal::page: return page != nullptr && open(*page);
    case AreaSignal::reprint_number: return number != nullptr && choose(*number);
    case AreaSignal::printed: return end_print(Fetch::done);
    case AreaSignal::not_printed: return end_print(Fetch::failed);
    case AreaSignal::looked: return end_look(Fetch::done);
    case AreaSignal::not_looked: return end_look(Fetch::failed);
    case AreaSignal::face_not_shown:
        if (area_.face != Fetch::running) return false;
        hide_face(Fetch::failed);
        return true;
    case AreaSignal::roster_fetched: return end_fetch(Fetch::done);
    case AreaSignal::roster_not_fetched: return end_fetch(Fetch::failed);
    case AreaSignal::call_staff: return call_staff();
    case AreaSignal::back: return back();
    case AreaSignal::leave: return hears_hands() && close(LogOut::left);
    case AreaSignal::failed: return problem != nullptr && note_problem(*problem);
    case AreaSignal::touched: return touch();
    case AreaSignal::time: time(); return true;
    case AreaSignal::shut: close(LogOut::shut); return true;
    case AreaSignal::duty_on:
    case AreaSignal::duty_off:
    case AreaSignal::stop_service:
    case AreaSignal::resume_service:
    case AreaSignal::paper_done:
    case AreaSignal::choose_notice:
    case AreaSignal::print_test:
    case AreaSignal::reprint:
    case AreaSignal::print_marks:
    case AreaSignal::look_at_marks:
    case AreaSignal::look_at_sheet:
    case AreaSignal::look_at_card:
    case AreaSignal::show_face:
    case AreaSignal::hide_face:
    case AreaSignal::fetch_roster: break; // chores
    }
    return false;
}

} // namespace

AreaOutcome apply(Area area, AreaInput input, const AreaWorld& world) {
    return Move(std::move(area), world).make(input);
}

std::optional<base::MonotonicTime> next_deadline(const Area& area) {
    if (area.page == Page::closed) return std::nullopt;
    if (area.page == Page::clean) return std::min(idle_deadline(area), area.entered + clean_time);
    if (area.face == Fetch::running)
        return std::min(idle_deadline(area), area.face_shown + face_camera_time);
    return idle_deadline(area);
}

std::optional<base::MonotonicTime> next_tick(const Area& area, base::MonotonicTime now) {
    if (area.page == Page::closed) return std::nullopt;
    const bool is_cleaning = area.page == Page::clean;
    const auto end = is_cleaning ? area.entered + clean_time : idle_deadline(area);
    const base::Milliseconds step =
        is_cleaning ? base::Milliseconds(std::chrono::seconds(1)) : std::chrono::minutes(1);
    if (now >= end) return end;
    // Shown is what is left, rounded up: it changes whenever whole steps are left.
    const auto left = std::chrono::duration_cast<base::Milliseconds>(end - now);
    const auto whole = (left - base::Milliseconds(1)) / step;
    return end - step * whole;
}

bool offers(const Area& area, AreaSignal signal) {
    const auto* chore = chore_of(signal);
    if (chore == nullptr || !area.who || area.page != chore->from) return false;
    if (signal == AreaSignal::fetch_roster && area.fetch == Fetch::running) return false;
    const bool is_busy = area.print == Fetch::running || area.look == Fetch::running;
    if ((prints(signal) || looks(signal)) && is_busy) return false;
    const bool is_shown = area.face == Fetch::running;
    if (signal == (is_shown ? AreaSignal::show_face : AreaSignal::hide_face)) return false;
    if (signal == AreaSignal::reprint && area.reprint_number.empty()) return false;
    return may(area.who->roles, chore->task);
}

bool offers(const Area& area, Page page) {
    const auto* door = door_to(page);
    return door != nullptr && area.who && area.page == door->from &&
           may(area.who->roles, door->task);
}

bool has_card(const Standing& standing) {
    switch (standing.state) {
    case Standing::State::no_reader:
    case Standing::State::empty: return false;
    case Standing::State::reading:
    case Standing::State::problem:
    case Standing::State::ask_pin:
    case Standing::State::checking: return true;
    }
    return false;
}

std::string_view to_string(Page page) {
    switch (page) {
    case Page::closed: return "closed";
    case Page::log_in: return "log_in";
    case Page::enrolment: return "enrolment";
    case Page::overview: return "overview";
    case Page::paper: return "paper";
    case Page::notice: return "notice";
    case Page::printer: return "printer";
    case Page::reprint: return "reprint";
    case Page::camera: return "camera";
    case Page::face_camera: return "face_camera";
    case Page::clean: return "clean";
    }
    return "";
}

std::string_view to_string(AreaSignal signal) {
    switch (signal) {
    case AreaSignal::standing: return "standing";
    case AreaSignal::pin: return "pin";
    case AreaSignal::enter: return "enter";
    case AreaSignal::confirmed: return "confirmed";
    case AreaSignal::refused: return "refused";
    case AreaSignal::enrol: return "enrol";
    case AreaSignal::page: return "page";
    case AreaSignal::duty_on: return "duty_on";
    case AreaSignal::duty_off: return "duty_off";
    case AreaSignal::stop_service: return "stop_service";
    case AreaSignal::resume_service: return "resume_service";
    case AreaSignal::paper_done: return "paper_done";
    case AreaSignal::choose_notice: return "choose_notice";
    case AreaSignal::print_test: return "print_test";
    case AreaSignal::reprint_number: return "reprint_number";
    case AreaSignal::reprint: return "reprint";
    case AreaSignal::printed: return "printed";
    case AreaSignal::not_printed: return "not_printed";
    case AreaSignal::print_marks: return "print_marks";
    case AreaSignal::look_at_marks: return "look_at_marks";
    case AreaSignal::look_at_sheet: return "look_at_sheet";
    case AreaSignal::look_at_card: return "look_at_card";
    case AreaSignal::looked: return "looked";
    case AreaSignal::not_looked: return "not_looked";
    case AreaSignal::show_face: return "show_face";
    case AreaSignal::hide_face: return "hide_face";
    case AreaSignal::face_not_shown: return "face_not_shown";
    case AreaSignal::fetch_roster: return "fetch_roster";
    case AreaSignal::roster_fetched: return "roster_fetched";
    case AreaSignal::roster_not_fetched: return "roster_not_fetched";
    case AreaSignal::call_staff: return "call_staff";
    case AreaSignal::back: return "back";
    case AreaSignal::leave: return "leave";
    case AreaSignal::failed: return "failed";
    case AreaSignal::touched: return "touched";
    case AreaSignal::time: return "time";
    case AreaSignal::shut: return "shut";
    }
    return "";
}

std::string_view to_string(AreaEffect effect) {
    switch (effect) {
    case AreaEffect::check_pin: return "check_pin";
    case AreaEffect::check_code: return "check_code";
    case AreaEffect::log_out: return "log_out";
    case AreaEffect::duty_on: return "duty_on";
    case AreaEffect::duty_off: return "duty_off";
    case AreaEffect::stop_service: return "stop_service";
    case AreaEffect::resume_service: return "resume_service";
    case AreaEffect::paper_replaced: return "paper_replaced";
    case AreaEffect::screen_cleaned: return "screen_cleaned";
    case AreaEffect::ask_printer: return "ask_printer";
    case AreaEffect::print_test: return "print_test";
    case AreaEffect::reprint: return "reprint";
    case AreaEffect::print_marks: return "print_marks";
    case AreaEffect::look_at_marks: return "look_at_marks";
    case AreaEffect::look_at_sheet: return "look_at_sheet";
    case AreaEffect::look_at_card: return "look_at_card";
    case AreaEffect::ask_face: return "ask_face";
    case AreaEffect::show_face: return "show_face";
    case AreaEffect::hide_face: return "hide_face";
    case AreaEffect::set_notice: return "set_notice";
    case AreaEffect::fetch_roster: return "fetch_roster";
    case AreaEffect::call_staff: return "call_staff";
    }
    return "";
}

std::string_view to_string(FacePart part) {
    switch (part) {
    case FacePart::camera: return "camera";
    case FacePart::models: return "models";
    case FacePart::calibration: return "calibration";
    case FacePart::decoder: return "decoder";
    }
    return "";
}

std::string_view to_string(PartState state) {
    switch (state) {
    case PartState::there: return "there";
    case PartState::missing: return "missing";
    case PartState::faulty: return "faulty";
    }
    return "";
}

std::string_view to_string(LogOut reason) {
    switch (reason) {
    case LogOut::none: return "";
    case LogOut::left: return "left";
    case LogOut::card_pulled: return "card-pulled";
    case LogOut::another_card: return "another-card";
    case LogOut::idle: return "idle";
    case LogOut::shut: return "shut";
    }
    return "";
}

} // namespace staff
