// A person at the session, without a screen and without devices: says what they do, keeps what the
// session asked of the world outside. For tests of whole visits; all people are synthetic.
#pragma once

#include "kiosk/session/session.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace test {

std::shared_ptr<const content::ContentSet> shipped();
session::World world_of_day(bool synchronised = true);

// Matters of the shipped set, and those of them that ask who the person is.
extern const std::vector<std::string> matters;
extern const std::vector<std::string> matters_of_a_person;

// Synthetic: 659999 is no county, so these numbers cannot exist (spec matters §9).
std::string number_born(const std::string& date);
forms::CardValues card_born(const std::string& date);
session::StoredPage page();

inline constexpr auto pin = "135790"; // of the staff of these tests
inline constexpr auto witness_id = "S-1182";

// A staff card in its reader that waits for the PIN; or another state of it.
staff::Standing standing(staff::Standing::State state = staff::Standing::State::ask_pin);
staff::Confirmed confirmed(staff::Purpose purpose);

// The visit and everything it asked of the world outside.
struct Visitor {
    session::Session session;
    session::World world = world_of_day();
    std::vector<session::EffectKind> effects;
    std::set<session::Step> steps;
    int screens = 0; // steps entered so far, each time

    // False: refused.
    bool send(session::Input input);
    bool asked_for(session::EffectKind kind) const;
    // How often, since the effects were last cleared.
    int count(session::EffectKind kind) const;
    void begin(const std::string& matter, base::Language language = base::Language::zh);

    session::Visit& visit() { return *session.visit; }
    const session::Visit& visit() const { return *session.visit; }
    bool lay_card(const forms::CardValues& card);
    bool insert_staff_card();
    bool pull_staff_card();
    bool type_pin(std::string_view digits = pin);
    // PIN, the check, and its good end.
    bool confirm(staff::Purpose purpose);
};

using ChosenCodes = std::map<std::string, std::string>;
// What a careful person gives as the answer to a field. Codes: the first option, or `codes`.
forms::Value proper_answer(const forms::Field& field, const ChosenCodes& codes);
// How a person goes on where somebody has to confirm who they are.
enum class By { counter, staff };
// Takes the one next action of a careful person. False where nothing is left to do.
bool act(Visitor& visitor, const forms::CardValues& card, const ChosenCodes& codes = {},
         By by = By::counter);
// Fills in the whole form; ends where the request would be stored, or where it is refused.
void fill_in(Visitor& visitor, const forms::CardValues& card, const ChosenCodes& codes = {},
             By by = By::counter);
// Acts until a step is reached; the test fails where it never is.
void go_to(Visitor& visitor, session::Step step, const forms::CardValues& card,
           const ChosenCodes& codes = {}, By by = By::counter);

// The request as it would be sealed, with the same key, number and time for every visit.
std::string clear_request(const Visitor& visitor);

} // namespace test
