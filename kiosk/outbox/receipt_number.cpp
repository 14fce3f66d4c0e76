// Minting and checking receipt numbers.
#include "kiosk/outbox/receipt_number.hpp"

#include "kiosk/base/check.hpp"

#include <optional>

namespace outbox {
namespace {

constexpr std::size_t modulus = receipt_alphabet.size();
static_assert(modulus == 23, "prime, and larger than any weight: what the check rests on");
static_assert(receipt_length < modulus);

std::optional<std::size_t> value_of(char character) {
    const auto at = receipt_alphabet.find(character);
    if (at == std::string_view::npos) return std::nullopt;
    return at;
}

// The weighted sum modulo 23, or nothing when a character is not of the alphabet.
std::optional<std::size_t> weighted_sum(std::string_view characters) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        const auto value = value_of(characters[i]);
        if (!value) return std::nullopt;
        sum += (i + 1) * *value;
    }
    return sum % modulus;
}

// The character that makes the whole sum a multiple of 23.
char check_character(std::string_view first_eleven) {
    const auto sum = weighted_sum(first_eleven);
    CHECK(sum.has_value());
    for (std::size_t value = 0; value < modulus; ++value) {
        if ((*sum + receipt_length * value) % modulus == 0) return receipt_alphabet[value];
    }
    CHECK(false && "12 has an inverse modulo a prime");
    return 0;
}

} // namespace

bool is_receipt_prefix(std::string_view prefix) {
    return prefix.size() == receipt_prefix_length && weighted_sum(prefix).has_value();
}

std::string mint_receipt_number(std::string_view kiosk_prefix, base::RandomSource& random) {
    CHECK(is_receipt_prefix(kiosk_prefix));
    std::string number(kiosk_prefix);
    while (number.size() < receipt_length - 1) number += receipt_alphabet[random.below(modulus)];
    number += check_character(number);
    return number;
}

std::string group_receipt_number(std::string_view number) {
    std::string grouped;
    for (std::size_t i = 0; i < number.size(); ++i) {
        if (i > 0 && i % 4 == 0) grouped += '-';
        grouped += number[i];
    }
    return grouped;
}

std::string normalise_receipt_number(std::string_view typed) {
    std::string number;
    for (const char character : typed) {
        if (character == '-' || character == ' ') continue;
        const bool is_small = character >= 'a' && character <= 'z';
        number += is_small ? char(character - 'a' + 'A') : character;
    }
    return number;
}

bool is_valid_receipt_number(std::string_view number) {
    return number.size() == receipt_length && weighted_sum(number) == 0u;
}

} // namespace outbox
