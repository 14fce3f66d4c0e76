// The 18-character citizen number of GB 11643, and what can be checked about it without any
// register.
#pragma once

#include "kiosk/base/clock.hpp"

#include <optional>
#include <string_view>

namespace base {

enum class CitizenNumberFault {
    length,    // not 18 characters
    character, // something else than digits and a last digit or X
    division,  // the first two digits name no province, and the first is not 9
    birth,     // no real calendar day, or before 1900
    check,     // ISO 7064 MOD 11-2 does not match
};

// Nothing when every rule holds. County codes are not checked: retired ones stay in use for life.
// Source: GB 11643 as restated in spec id-card-reader §6.
std::optional<CitizenNumberFault> check_citizen_number(std::string_view number);

// The check character for 17 digits.
char citizen_number_check(std::string_view first_seventeen);

// Digits 7 to 14 of a number that passed the check.
Date citizen_number_birth(std::string_view number);
// Digit 17 of such a number: odd is male (GB 11643-1999, 3.5).
bool citizen_number_is_male(std::string_view number);

} // namespace base
