// The rules of spec matters §7.2 that need the whole form: read_form() (form.hpp) checks the rest
// while it reads.
//
// V3 no condition that always or never holds; V4 every branch reaches the end; V7 everything that
// is asked can be spoken; V8 an identity is confirmed on every branch of an L2 form; V11 the
// receipt; V13 at most max_questions; V14 what a card in the hand may change; G12 what an L0 form
// says beside free text. Pure.
#pragma once

#include "kiosk/forms/form.hpp"

namespace forms {

struct BrokenRule {
    std::string rule;  // "V3"
    std::string place; // in the file: "/steps/0/fields/2/showIf"
    std::string field; // its id; empty: of a step or the form
    std::string words; // what is wrong and what to do, for people who write forms
};

// Every rule that the form breaks, in its order. `day`: conditions and limits that count from today
// are judged as of this day (the one on which the set was made), so that a verdict never changes.
// A form whose branches are too many to look at each is refused (V3): what nobody can check,
// nobody should sign.
std::vector<BrokenRule> broken_rules(const Form& form, base::Date day);

// "V9" of "/steps/0/id: ... [V9]"; "kform/1" where a file is not written as the vocabulary says.
std::string rule_in(std::string_view complaint);

// What free text of an L0 form must be shown under, in its hint (G12): these words in each
// language. Compiled in, because a content set must not be able to do without.
LocalText places_only_words();

} // namespace forms
