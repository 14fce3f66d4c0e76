#include "kiosk/forms/masks.hpp"

#include "kiosk/forms/utf8.hpp"

namespace forms {
namespace {

using base::SecretText;

SecretText joined(std::initializer_list<std::string_view> parts) {
    SecretText out;
    for (const auto part : parts) out.append(part);
    return out;
}

bool all_digits_or_x(std::string_view text) {
    return text.find_first_not_of("0123456789X") == text.npos;
}

} // namespace

SecretText mask_id_number(std::string_view number) {
    if (number.size() != 18 || !all_digits_or_x(number)) return SecretText("********");
    return joined({number.substr(0, 6), " ******** ", number.substr(14)});
}

SecretText mask_phone(std::string_view number) {
    if (number.size() < 7 || !all_digits_or_x(number)) return SecretText("****");
    const auto last = number.substr(number.size() - 4);
    if (number.size() == 11 && number.front() == '1')
        return joined({number.substr(0, 3), " **** ", last});
    return joined({"**** ", last});
}

SecretText mask_bank_card(std::string_view number) {
    if (number.size() < 16 || !all_digits_or_x(number)) return SecretText("****");
    return joined({"**** ", number.substr(number.size() - 4)});
}

SecretText mask_name(std::string_view name) {
    if (name.empty()) return {};
    std::size_t end = 0;
    next_code_point(name, end);
    // Always two stars: their number would tell the length of the name.
    return joined({name.substr(0, end), "**"});
}

SecretText mask_address(std::string_view address) {
    SecretText out;
    bool hiding = false;
    for (std::size_t at = 0; at < address.size();) {
        const auto c = next_code_point(address, at);
        const bool ascii_digit = c >= '0' && c <= '9';
        const bool wide_digit = (c >= 0xFF10 && c <= 0xFF19) || (c >= 0x0660 && c <= 0x0669);
        if (ascii_digit || wide_digit) {
            if (!hiding) out.append("**");
            hiding = true;
            continue;
        }
        hiding = false;
        append_code_point(out, c);
    }
    return out;
}

} // namespace forms
