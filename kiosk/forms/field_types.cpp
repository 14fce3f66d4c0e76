#include "kiosk/forms/field_types.hpp"

#include "kiosk/base/citizen_number.hpp"
#include "kiosk/forms/masks.hpp"
#include "kiosk/forms/utf8.hpp"

#include <algorithm>
#include <array>

namespace forms {
namespace {

using base::Language;
using base::SecretText;
using MaybeFault = std::optional<Fault>;

Fault fault(const Field& field, std::string key) {
    return {field.id, std::move(key), {}, false};
}
Fault fault(const Field& field, std::string key, std::string name, std::int64_t number) {
    return {field.id, std::move(key), {{std::move(name), std::to_string(number)}}, false};
}

// A value of another kind than the type's is a mistake of the caller; it never passes.
Fault wrong_kind(const Field& field) {
    return fault(field, "fault.required");
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_digit);
}

// --- normalise --------------------------------------------------------------------------------

// Full-width and Arabic digits and letters as their ASCII selves.
char32_t folded(char32_t c) {
    if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;
    if (c >= 0x0660 && c <= 0x0669) return U'0' + (c - 0x0660);
    if (c >= 0x06F0 && c <= 0x06F9) return U'0' + (c - 0x06F0);
    return c;
}

// Numbers lose what people group them with.
SecretText only_number(std::string_view typed) {
    SecretText out;
    for (std::size_t at = 0; at < typed.size();) {
        const auto c = folded(next_code_point(typed, at));
        const bool grouping = c == ' ' || c == 0xA0 || c == 0x3000 || c == '-' || c == 0x2013;
        if (grouping || is_invisible_control(c)) continue;
        append_code_point(out, c == 'x' ? U'X' : c);
    }
    return out;
}

// Text loses spaces at its ends and doubled ones. Not handled: composing to NFC (the boards of
// this kiosk only write composed characters, cards too).
SecretText tidy_text(std::string_view typed) {
    SecretText out;
    bool space = false;
    for (std::size_t at = 0; at < typed.size();) {
        const auto c = next_code_point(typed, at);
        if (c == ' ' || c == 0x3000 || c == 0xA0 || c == '\n' || c == '\t') {
            space = !out.empty();
            continue;
        }
        if (space) out.append(" ");
        space = false;
        append_code_point(out, c);
    }
    return out;
}

// --- validate ---------------------------------------------------------------------------------

bool is_punctuation(char32_t c) {
    return (c > 0x20 && c < 0x7F) || (c >= 0x2010 && c <= 0x2026) || (c >= 0x3001 && c <= 0x3011) ||
           (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) || c == 0xAB || c == 0xBB ||
           c == 0x060C || c == 0x061B || c == 0x061F;
}

bool takes(const Scripts& scripts, char32_t c) {
    if (c == ' ' || (c >= '0' && c <= '9')) return true;
    if (is_han(c)) return scripts.han;
    if (is_uyghur_letter(c)) return scripts.uyghur;
    if (is_latin_letter(c)) return scripts.latin;
    if (c == 0xB7 || c == 0x2022 || c == 0x30FB || c == '-') return true; // dots of names, hyphen
    return scripts.punctuation && is_punctuation(c);
}

MaybeFault check_text(const Field& field, const Value& value, Today) {
    const auto* text = std::get_if<SecretText>(&value);
    if (!text) return wrong_kind(field);
    if (text->size() > 4096) return fault(field, "fault.text-long", "max", field.max);
    for (std::size_t at = 0; at < text->size();)
        if (!takes(field.scripts, next_code_point(*text, at)))
            return fault(field, "fault.text-letters");
    const auto length = static_cast<std::int64_t>(count_characters(*text));
    if (length < field.min) return fault(field, "fault.text-short", "min", field.min);
    if (length > field.max) return fault(field, "fault.text-long", "max", field.max);
    return std::nullopt;
}

MaybeFault check_id_number(const Field& field, const Value& value, Today) {
    const auto* number = std::get_if<SecretText>(&value);
    if (!number) return wrong_kind(field);
    const auto found = base::check_citizen_number(*number);
    if (!found) return std::nullopt;
    switch (*found) {
    case base::CitizenNumberFault::length: {
        const auto missing = 18 - static_cast<std::int64_t>(number->size());
        if (missing > 0) return fault(field, "fault.id-length", "missing", missing);
        return fault(field, "fault.id-too-long");
    }
    case base::CitizenNumberFault::character: return fault(field, "fault.id-character");
    case base::CitizenNumberFault::division: return fault(field, "fault.id-division");
    case base::CitizenNumberFault::birth: return fault(field, "fault.id-birth");
    case base::CitizenNumberFault::check: return fault(field, "fault.id-check");
    }
    return fault(field, "fault.id-check");
}

// Mobile: 1, then 3-9, then nine digits (spec matters §5). Land line: with area code 0 and two or
// three digits then seven or eight; without it seven or eight. Chosen from the public numbering
// plan.
bool is_landline(std::string_view number) {
    if (number.starts_with('0')) return number.size() >= 10 && number.size() <= 12;
    return (number.size() == 7 || number.size() == 8) && number.front() != '1';
}

MaybeFault check_phone(const Field& field, const Value& value, Today) {
    const auto* number = std::get_if<SecretText>(&value);
    if (!number) return wrong_kind(field);
    const std::string_view digits = *number;
    if (!all_digits(digits)) return fault(field, "fault.phone-character");
    if (field.allow_landline && is_landline(digits)) return std::nullopt;
    if (digits.size() < 2 || digits[0] != '1' || digits[1] < '3')
        return fault(field, field.allow_landline ? "fault.phone" : "fault.phone-start");
    if (digits.size() < 11)
        return fault(field, "fault.phone-length", "missing",
                     11 - static_cast<std::int64_t>(digits.size()));
    if (digits.size() > 11) return fault(field, "fault.phone-too-long");
    return std::nullopt;
}

// ISO/IEC 7812-1 annex B.
bool passes_luhn(std::string_view digits) {
    int sum = 0;
    bool twice = false;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, twice = !twice) {
        const int value = (*digit - '0') * (twice ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

MaybeFault check_bank_card(const Field& field, const Value& value, Today) {
    const auto* number = std::get_if<SecretText>(&value);
    if (!number) return wrong_kind(field);
    if (!all_digits(*number)) return fault(field, "fault.bank-character");
    if (number->size() < 16)
        return fault(field, "fault.bank-length", "missing",
                     16 - static_cast<std::int64_t>(number->size()));
    if (number->size() > 19 || !passes_luhn(*number)) return fault(field, "fault.bank-check");
    return std::nullopt;
}

std::chrono::sys_days day_of(const DateLimit& limit, Today today) {
    if (limit.fixed) return std::chrono::sys_days(*limit.fixed);
    return std::chrono::sys_days(today.date) + std::chrono::days(limit.days);
}

MaybeFault check_date(const Field& field, const Value& value, Today today) {
    const auto* text = std::get_if<SecretText>(&value);
    if (!text) return wrong_kind(field);
    const auto date = read_date(field, *text);
    if (!date) return fault(field, "fault.date");
    const std::chrono::sys_days day(*date);
    // G17: a limit counted from today means nothing while the clock is not synchronised.
    const auto counts = [&](const std::optional<DateLimit>& limit) {
        return limit && (limit->fixed || today.synchronised);
    };
    // A month counts from its first day: the month in which the limit lies is not too early.
    const auto earliest = [&] {
        const base::Date limit(day_of(*field.not_before, today));
        return field.month_only ? std::chrono::sys_days(limit.year() / limit.month() / 1)
                                : std::chrono::sys_days(limit);
    };
    if (counts(field.not_before) && day < earliest()) return fault(field, "fault.date-early");
    if (counts(field.not_after) && day > day_of(*field.not_after, today))
        return fault(field, "fault.date-late");
    return std::nullopt;
}

MaybeFault check_number(const Field& field, const Value& value, Today) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (!number) return wrong_kind(field);
    if (*number < field.min) return fault(field, "fault.number-small", "min", field.min);
    if (*number > field.max) return fault(field, "fault.number-large", "max", field.max);
    if (*number % field.step != 0) return fault(field, "fault.number-step", "step", field.step);
    return std::nullopt;
}

const Option* option_of(const Field& field, std::string_view code) {
    const auto found = std::find_if(field.options.begin(), field.options.end(),
                                    [&](const Option& option) { return option.code == code; });
    return found == field.options.end() ? nullptr : &*found;
}

bool known_codes(const Field& field, const Codes& codes) {
    return std::all_of(codes.begin(), codes.end(), [&](const auto& code) {
        return option_of(field, code) && std::count(codes.begin(), codes.end(), code) == 1;
    });
}

MaybeFault check_choice(const Field& field, const Value& value, Today) {
    const auto* codes = std::get_if<Codes>(&value);
    if (!codes || codes->size() != 1 || !known_codes(field, *codes))
        return fault(field, "fault.choice");
    return std::nullopt;
}

MaybeFault check_multi_choice(const Field& field, const Value& value, Today) {
    const auto* codes = std::get_if<Codes>(&value);
    if (!codes || !known_codes(field, *codes)) return fault(field, "fault.choice");
    const auto count = static_cast<std::int64_t>(codes->size());
    if (count < field.min) return fault(field, "fault.choose-more", "min", field.min);
    if (count > field.max) return fault(field, "fault.choose-fewer", "max", field.max);
    return std::nullopt;
}

MaybeFault check_pages(const Field& field, const Value& value, Today) {
    const auto* pages = std::get_if<Attachments>(&value);
    if (!pages) return wrong_kind(field);
    const auto count = static_cast<std::int64_t>(pages->pages.size());
    if (count < field.min) return fault(field, "fault.pages-few", "missing", field.min - count);
    if (count > field.max) return fault(field, "fault.pages-many", "max", field.max);
    return std::nullopt;
}

// Spec matters §6: at least two strokes, or the counter.
MaybeFault check_signature(const Field& field, const Value& value, Today) {
    const auto* signature = std::get_if<Signature>(&value);
    if (!signature) return wrong_kind(field);
    if (!signature->picture)
        return field.at_counter ? MaybeFault{} : fault(field, "fault.signature");
    if (signature->strokes < 2) return fault(field, "fault.signature");
    return std::nullopt;
}

MaybeFault check_consent(const Field& field, const Value& value, Today) {
    if (!std::holds_alternative<ConsentGiven>(value)) return fault(field, "fault.consent");
    return std::nullopt;
}

MaybeFault check_identity(const Field& field, const Value& value, Today) {
    const auto* identity = std::get_if<IdentityConfirmed>(&value);
    const bool offered = identity && std::find(field.methods.begin(), field.methods.end(),
                                               identity->method) != field.methods.end();
    if (!offered) return fault(field, "fault.identity");
    return std::nullopt;
}

MaybeFault check_card(const Field& field, const Value& value, Today) {
    const bool is_settled =
        std::holds_alternative<CardRead>(value) || std::holds_alternative<CardMissing>(value);
    if (!is_settled) return fault(field, "fault.card");
    return std::nullopt;
}

MaybeFault check_nothing(const Field&, const Value&, Today) {
    return std::nullopt;
}

// --- show -------------------------------------------------------------------------------------

SecretText text_of(const Value& value) {
    const auto* text = std::get_if<SecretText>(&value);
    return text ? *text : SecretText();
}

SecretText show_text(const Field& field, const Value& value, Language) {
    const auto text = text_of(value);
    return field.sensitivity >= Sensitivity::s2 ? mask_address(text) : text;
}
SecretText show_id_number(const Field&, const Value& value, Language) {
    return mask_id_number(text_of(value));
}
SecretText show_phone(const Field&, const Value& value, Language) {
    return mask_phone(text_of(value));
}
SecretText show_bank_card(const Field&, const Value& value, Language) {
    return mask_bank_card(text_of(value));
}
SecretText show_date(const Field&, const Value& value, Language) {
    return text_of(value);
}
SecretText show_number(const Field&, const Value& value, Language) {
    const auto* number = std::get_if<std::int64_t>(&value);
    return SecretText(number ? std::to_string(*number) : "");
}
SecretText show_money(const Field&, const Value& value, Language) {
    const auto* fen = std::get_if<std::int64_t>(&value);
    if (!fen) return {};
    const auto rest = std::to_string(*fen % 100);
    return SecretText(std::to_string(*fen / 100) + (rest.size() == 1 ? ".0" : ".") + rest);
}
SecretText show_codes(const Field& field, const Value& value, Language language) {
    SecretText out;
    const auto* codes = std::get_if<Codes>(&value);
    if (!codes) return out;
    for (const auto& code : *codes) {
        const auto* option = option_of(field, code);
        if (!option) continue;
        if (!out.empty())
            out.append(language == Language::zh ? "、" : language == Language::ug ? "، " : ", ");
        out.append(option->label.in(language));
    }
    return out;
}
SecretText show_nothing(const Field&, const Value&, Language) {
    return {};
}

using enum FieldType;

constexpr std::array rows{
    TypeRow{text, "text", Widget::text, Keyboard::text, tidy_text, check_text, show_text,
            Print::never},
    TypeRow{id_number, "id-number", Widget::digits, Keyboard::digits_x, only_number,
            check_id_number, show_id_number, Print::never},
    TypeRow{phone, "phone", Widget::digits, Keyboard::digits, only_number, check_phone, show_phone,
            Print::never},
    TypeRow{bank_card, "bank-card", Widget::digits, Keyboard::digits, only_number, check_bank_card,
            show_bank_card, Print::never},
    TypeRow{date, "date", Widget::date, Keyboard::digits, tidy_text, check_date, show_date,
            Print::never},
    TypeRow{number, "number", Widget::digits, Keyboard::digits, only_number, check_number,
            show_number, Print::never},
    TypeRow{money, "money", Widget::digits, Keyboard::digits, only_number, check_number, show_money,
            Print::never},
    TypeRow{choice, "choice", Widget::choice, Keyboard::none, nullptr, check_choice, show_codes,
            Print::label},
    TypeRow{multi_choice, "multi-choice", Widget::multi_choice, Keyboard::none, nullptr,
            check_multi_choice, show_codes, Print::label},
    TypeRow{region, "region", Widget::choice, Keyboard::none, nullptr, check_choice, show_codes,
            Print::never},
    TypeRow{place, "place", Widget::choice, Keyboard::none, nullptr, check_choice, show_codes,
            Print::label},
    TypeRow{photo, "photo", Widget::photo, Keyboard::none, nullptr, check_pages, show_nothing,
            Print::count},
    TypeRow{scan, "scan", Widget::scan, Keyboard::none, nullptr, check_pages, show_nothing,
            Print::count},
    TypeRow{signature, "signature", Widget::signature, Keyboard::none, nullptr, check_signature,
            show_nothing, Print::never},
    TypeRow{consent, "consent", Widget::consent, Keyboard::none, nullptr, check_consent,
            show_nothing, Print::never},
    TypeRow{identity, "identity", Widget::identity, Keyboard::none, nullptr, check_identity,
            show_nothing, Print::never},
    TypeRow{card, "card", Widget::card, Keyboard::none, nullptr, check_card, show_nothing,
            Print::never},
    TypeRow{info, "info", Widget::info, Keyboard::none, nullptr, check_nothing, show_nothing,
            Print::never},
};

constexpr bool rows_stand_in_order() {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].type != static_cast<FieldType>(i)) return false;
    return rows.size() == static_cast<std::size_t>(info) + 1;
}
static_assert(rows_stand_in_order());

// How people read the number out: the lengths of its groups, the last one repeated.
struct Grouping {
    FieldType type;
    std::array<std::size_t, 4> groups;
};
constexpr std::array groupings{
    Grouping{phone, {3, 4, 4, 4}},
    Grouping{id_number, {6, 4, 4, 4}},
    Grouping{bank_card, {4, 4, 4, 4}},
};

SecretText masked(const Field& field, const Value& value) {
    const auto* text = std::get_if<SecretText>(&value);
    if (!text) return SecretText("****");
    if (field.type == phone) return mask_phone(*text);
    return field.sensitivity >= Sensitivity::s2 ? mask_address(*text) : mask_name(*text);
}

} // namespace

const TypeRow& row_of(FieldType type) {
    return rows[static_cast<std::size_t>(type)];
}

std::optional<FieldType> field_type_from(std::string_view name) {
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const TypeRow& row) { return row.name == name; });
    if (found == rows.end()) return std::nullopt;
    return found->type;
}

std::vector<std::string_view> field_type_names() {
    std::vector<std::string_view> names;
    for (const auto& row : rows) names.push_back(row.name);
    return names;
}

SecretText normalised(const Field& field, std::string_view typed) {
    const auto clean = row_of(field.type).normalise;
    return clean ? clean(typed) : SecretText(typed);
}

SecretText shown(const Field& field, const Answer& answer, Language language) {
    if (answer.source == Source::platform) return masked(field, answer.value);
    return row_of(field.type).show(field, answer.value, language);
}

std::optional<base::Date> read_date(const Field& field, std::string_view text) {
    base::Date date;
    SecretText day(text);
    if (field.month_only) day.append("-01");
    return base::parse_date(day, date) ? std::optional(date) : std::nullopt;
}

bool takes_character(const Field& field, char32_t c) {
    return takes(field.scripts, c);
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) next_code_point(text, at);
    return count;
}

int digits_missing(const Field& field, std::string_view typed) {
    const auto have = static_cast<int>(normalised(field, typed).size());
    const auto missing = [&](int wanted) { return std::max(0, wanted - have); };
    if (field.type == id_number) return missing(18);
    if (field.type == bank_card) return missing(16);
    if (field.type == phone) return field.allow_landline ? missing(7) : missing(11);
    return 0;
}

SecretText grouped(const Field& field, std::string_view typed) {
    const auto digits = normalised(field, typed);
    const auto found = std::find_if(groupings.begin(), groupings.end(),
                                    [&](const Grouping& g) { return g.type == field.type; });
    // A land line has groups of its own; it is shown as one.
    const bool landline = field.type == phone && !digits.empty() && digits.view().front() != '1';
    if (found == groupings.end() || landline) return digits;
    SecretText out;
    std::size_t at = 0;
    for (std::size_t g = 0; at < digits.size(); ++g) {
        const auto length = found->groups[std::min(g, found->groups.size() - 1)];
        if (g > 0) out.append(" ");
        out.append(digits.view().substr(at, length));
        at += length;
    }
    return out;
}

} // namespace forms
