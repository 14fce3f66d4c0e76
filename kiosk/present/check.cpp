// Card and PIN of a member of staff, for whatever they are shown for. What is typed is counted,
// never shown.
#include "kiosk/present/scene.hpp"

namespace present {
namespace {

using screens::NoteModel;
using staff::Problem;
using staff::Purpose;
using State = staff::Standing::State;

std::string key_of(Purpose purpose) {
    return "staff." + std::string(staff::to_string(purpose));
}

// Before a staff card is in the reader, a check in a visit is waited for by the resident.
bool speaks_to_resident(const Check& check) {
    return (check.purpose == Purpose::witness || check.purpose == Purpose::document) &&
           !staff::has_card(check.standing);
}

bool is_known(const staff::Standing& standing) {
    return standing.state == State::ask_pin || standing.state == State::checking;
}

// Known, and of a role that may not do this: said before anybody types a PIN.
bool is_refused(const Check& check) {
    return is_known(check.standing) &&
           !staff::may(check.standing.roles, staff::task_of(check.purpose));
}

// The resident's card cannot be read at all, however often it is laid down.
bool lacks_card_reader(const Check& check) {
    return check.person_card_lies && check.card_problem &&
           card_problem_key(*check.card_problem) == "card.unplugged";
}

NoteModel problem_note(const Scene& scene, const staff::Standing& standing, Problem problem) {
    auto words = staff_problem(scene, problem);
    if (problem == Problem::wrong_pin)
        words.text = scene.say.counted("staff.problem.wrong-pin", "tries", standing.tries_left);
    if (problem == Problem::locked)
        words.text =
            scene.say("staff.problem.locked", {{"time", unlock_time(scene, standing.unlock_at)}});
    return words;
}

// The resident's card was read once already: the other ways of the card's own screen are not meant.
NoteModel person_card_problem(const Scene& scene, base::Errc code) {
    const auto key = card_problem_key(code);
    if (key == "card.same") return note(scene, NoteModel::Kind::warning, "witness.card.another");
    if (key == "card.unplugged")
        return note(scene, NoteModel::Kind::warning, "witness.card.unplugged");
    return note(scene, NoteModel::Kind::warning, "witness.card.again");
}

std::optional<NoteModel> note_of(const Scene& scene, const Check& check) {
    const auto& standing = check.standing;
    if (standing.state == State::no_reader)
        return note(scene, NoteModel::Kind::warning, "staff.no-reader");
    if (is_refused(check)) return staff_problem(scene, Problem::not_allowed);
    if (standing.problem && standing.state != State::checking && staff::has_card(standing))
        return problem_note(scene, standing, *standing.problem);
    if (check.card_problem) return person_card_problem(scene, *check.card_problem);
    if (speaks_to_resident(check) && !scene.facts.staff_on_duty)
        return note(scene, NoteModel::Kind::info, "witness.nobody");
    if (standing.state != State::ask_pin) return std::nullopt;
    if (standing.is_spare) return note(scene, NoteModel::Kind::info, "staff.spare");
    if (!standing.clock_is_sure) return note(scene, NoteModel::Kind::info, "staff.clock");
    return std::nullopt;
}

std::string state_of_staff_card(const Scene& scene, const Check& check) {
    const auto& standing = check.standing;
    switch (standing.state) {
    case State::no_reader:
    case State::problem: return scene.say("staff.card.not-usable");
    case State::empty: return scene.say("staff.card.insert");
    case State::reading: return scene.say("staff.card.reading");
    case State::ask_pin: return scene.say("staff.card.known", {{"staff", standing.staff}});
    case State::checking: return scene.say("staff.card.checking", {{"staff", standing.staff}});
    }
    return {};
}

std::vector<screens::StaffCheckRow> rows_of(const Scene& scene, const Check& check) {
    std::vector<screens::StaffCheckRow> rows;
    if (check.person_card_lies)
        rows.push_back({"card", scene.say("witness.person-card"),
                        scene.say(*check.person_card_lies ? "witness.person-card.lies"
                                                          : "witness.person-card.lay"),
                        !*check.person_card_lies});
    rows.push_back({"person", scene.say("staff.card"), state_of_staff_card(scene, check)});
    return rows;
}

screens::ActionsModel actions_of(const Scene& scene, const Check& check) {
    const auto& standing = check.standing;
    screens::ActionsModel actions;
    if (leads_elsewhere(check)) {
        const bool helps = check.purpose == Purpose::assist;
        actions.go = scene.say(helps ? "help.back" : "witness.other-way");
        return actions;
    }
    actions.back = scene.say("common.back");
    actions.go_icon = "ok";
    actions.go_ready = is_check_complete(check);
    switch (standing.state) {
    case State::no_reader:
    case State::empty:
        if (speaks_to_resident(check)) {
            actions.go = scene.say("help.call.title");
            actions.go_icon = "bell";
            actions.go_ready = true;
        } else {
            actions.go = scene.say("staff.go.insert");
        }
        break;
    case State::reading: actions.go = scene.say("staff.card.reading"); break;
    case State::problem: actions.go = scene.say("staff.go.take-out"); break;
    case State::checking: actions.go = scene.say("staff.go.wait"); break;
    case State::ask_pin:
        // Only the person can fetch the card while the PIN is typed: it is asked for first.
        if (!check.person_card_lies.value_or(true))
            actions.go = scene.say("staff.go.lay");
        else if (check.typed < staff::pin_least)
            actions.go = scene.say.counted("digits.press-more", "missing",
                                           std::int64_t(staff::pin_least - check.typed));
        else
            actions.go = scene.say(key_of(check.purpose) + ".go");
        break;
    }
    return actions;
}

} // namespace

std::string unlock_time(const Scene& scene, base::MonotonicTime at) {
    const auto left = std::max(at - scene.facts.world.now, base::Milliseconds(0));
    const auto on_the_wall = scene.facts.world.wall + left;
    return base::to_local_clock(std::chrono::ceil<std::chrono::minutes>(on_the_wall));
}

screens::NoteModel staff_problem(const Scene& scene, Problem problem) {
    // A first installation is under way, or a list was here, or came, and is not good.
    if (problem == Problem::no_roster && !scene.facts.takes_enrolment_code)
        return note(scene, NoteModel::Kind::warning, "staff.problem.no-good-roster");
    return note(scene, NoteModel::Kind::warning,
                "staff.problem." + std::string(staff::to_string(problem)));
}

bool is_check_complete(const Check& check) {
    return !leads_elsewhere(check) && check.standing.state == State::ask_pin &&
           check.typed >= staff::pin_least && check.person_card_lies.value_or(true);
}

bool calls_staff(const Check& check) {
    return speaks_to_resident(check) && !leads_elsewhere(check);
}

bool leads_elsewhere(const Check& check) {
    if (check.purpose == Purpose::log_in) return false; // there is nothing to go back to
    const auto& problem = check.standing.problem;
    const bool lacks_list = check.standing.state == State::problem &&
                            (problem == Problem::roster_expired || problem == Problem::no_roster ||
                             problem == Problem::not_allowed);
    return check.standing.state == State::no_reader || lacks_list || lacks_card_reader(check) ||
           is_refused(check);
}

screens::StaffCheckModel staff_check(const Scene& scene, const Check& check) {
    screens::StaffCheckModel model;
    model.frame = frame(scene);
    const auto key = key_of(check.purpose);
    if (speaks_to_resident(check)) {
        const auto of = check.purpose == Purpose::document ? "witness.document" : "witness";
        model.title = scene.say(std::string(of) + ".title");
        model.sub = scene.say(std::string(of) + ".ask");
    } else {
        model.title = scene.say(key + ".title");
        model.sub = scene.say(key);
    }
    using Picture = screens::StaffCheckModel::Picture;
    if (!staff::has_card(check.standing))
        model.picture =
            check.person_card_lies.value_or(true) ? Picture::insert_card : Picture::lay_card;
    model.rows = rows_of(scene, check);
    model.note = note_of(scene, check);
    // In the header it stays in sight whatever has to make room.
    if (is_known(check.standing))
        model.frame.step = scene.say("staff.card.known", {{"staff", check.standing.staff}});
    if (is_known(check.standing) && !leads_elsewhere(check)) {
        model.pin = screens::PinField{check.typed, staff::pin_least, staff::pin_most};
        if (!model.note) model.hint = scene.say("staff.pin.hint");
    }
    model.clear = scene.say("digits.clear");
    model.actions = actions_of(scene, check);
    return model;
}

std::optional<base::SecretText> pin_after(std::string_view pin, const screens::Typed& typed,
                                          std::size_t most) {
    const bool is_digit = typed.text.size() == 1 && typed.text[0] >= '0' && typed.text[0] <= '9';
    if (!is_digit || pin.size() >= most) return std::nullopt;
    base::SecretText longer(pin);
    longer.append(typed.text);
    return longer;
}

std::optional<base::SecretText> pin_after(std::string_view pin, screens::EditKey key) {
    if (pin.empty() || key == screens::EditKey::shift) return std::nullopt;
    if (key == screens::EditKey::clear) return base::SecretText();
    return base::SecretText(pin.substr(0, pin.size() - 1));
}

} // namespace present
