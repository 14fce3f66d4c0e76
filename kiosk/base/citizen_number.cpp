#include "kiosk/base/citizen_number.hpp"
#include "kiosk/base/check.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace base {
namespace {

// ISO 7064 MOD 11-2 as GB 11643 applies it.
constexpr std::array weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
constexpr std::string_view check_characters = "10X98765432";

// The provinces' two digits; 81 to 83 are the permits of Hong Kong, Macao and Taiwan residents.
constexpr std::array divisions{11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                               35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                               53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool birth_date(std::string_view number, Date& out) {
    const std::string text = std::string(number.substr(6, 4)) + '-' +
                             std::string(number.substr(10, 2)) + '-' +
                             std::string(number.substr(12, 2));
    return parse_date(text, out);
}

} // namespace

char citizen_number_check(std::string_view first_seventeen) {
    CHECK(first_seventeen.size() == weights.size());
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * (first_seventeen[i] - '0');
    return check_characters[std::size_t(sum % 11)];
}

std::optional<CitizenNumberFault> check_citizen_number(std::string_view number) {
    if (number.size() != 18) return CitizenNumberFault::length;
    const auto digits = number.substr(0, 17);
    if (!std::all_of(digits.begin(), digits.end(), is_digit)) return CitizenNumberFault::character;
    if (!is_digit(number[17]) && number[17] != 'X') return CitizenNumberFault::character;
    const int division = (number[0] - '0') * 10 + (number[1] - '0');
    if (number[0] != '9' &&
        std::find(divisions.begin(), divisions.end(), division) == divisions.end())
        return CitizenNumberFault::division;
    // The 2023 foreigner number has its birth date in the same place (spec id-card-reader §6).
    Date birth{};
    if (!birth_date(number, birth) || birth.year() < std::chrono::year{1900})
        return CitizenNumberFault::birth;
    if (citizen_number_check(digits) != number[17]) return CitizenNumberFault::check;
    return std::nullopt;
}

Date citizen_number_birth(std::string_view number) {
    Date birth{};
    CHECK(number.size() == 18 && birth_date(number, birth));
    return birth;
}

bool citizen_number_is_male(std::string_view number) {
    CHECK(number.size() == 18 && is_digit(number[16]));
    return (number[16] - '0') % 2 != 0;
}

} // namespace base
