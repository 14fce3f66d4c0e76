// Every way through a form, as far as its conditions can tell them apart: V3, V4 and V13.
//
// Instead of people a few answers of each kind stand for all: for a choice the codes that
// conditions name and one that none names; for a number what lies at and around each limit; and no
// answer, where a question may be left out. Conditions are judged by the evaluator that the kiosk
// itself uses (answers.hpp).
#pragma once

#include "kiosk/forms/answers.hpp"
#include "kiosk/forms/rules.hpp"

namespace forms {

// Chosen: ways through the fields that one condition hangs on; and, for a whole form, fields and
// operators looked at on all ways together. A shipped form has fewer than a hundred ways and a few
// thousand looks; at the limit a check took a second (measured 2026-12, one busy core).
inline constexpr std::size_t max_ways = 20'000;
inline constexpr std::size_t max_looks = 5'000'000;

std::vector<BrokenRule> broken_branches(const Form& form, base::Date day);

} // namespace forms
