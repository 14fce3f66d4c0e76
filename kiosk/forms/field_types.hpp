// Field types as rows: how each is asked, cleaned, checked, shown and printed. A new type adds a
// row here, not a switch elsewhere (STYLE §9).
#pragma once

#include "kiosk/forms/answers.hpp"

namespace forms {

// Which screen asks for it.
enum class Widget {
    text,
    digits,
    date,
    choice,
    multi_choice,
    scan,
    photo,
    signature,
    consent,
    identity,
    card,
    info,
};

enum class Keyboard { none, text, digits, digits_x };

// What of it may stand on a receipt (DESIGN §5): never values that name or reach a person.
enum class Print { never, label, count };

struct TypeRow {
    FieldType type;
    std::string_view name; // as written in forms
    Widget widget;
    Keyboard keyboard;
    // Spaces, letter case and digits of other scripts, before the check; null: nothing to clean.
    base::SecretText (*normalise)(std::string_view typed);
    // The first thing wrong with a present value, or nothing.
    std::optional<Fault> (*validate)(const Field& field, const Value& value, Today today);
    // For "check your answers" and pre-filled rows: S2 and S3 are masked (spec P9).
    base::SecretText (*show)(const Field& field, const Value& value, base::Language language);
    Print print;
};

const TypeRow& row_of(FieldType type);
std::optional<FieldType> field_type_from(std::string_view name);
std::vector<std::string_view> field_type_names();

// What a person typed, as it is stored. Applies the row's normalise.
base::SecretText normalised(const Field& field, std::string_view typed);

// As the person sees it after entry. Codes become labels; pages become nothing here (their count
// is in the answer, the word for it in the catalogue). What the platform gave is masked whatever it
// is: whoever holds a card in the hand need not be its person (G8).
base::SecretText shown(const Field& field, const Answer& answer, base::Language language);

// A date as an answer holds it, "2026-12-01" or, for a month, "2026-12" (its first day). Nothing
// where there is no such day.
std::optional<base::Date> read_date(const Field& field, std::string_view text);

// May this character stand in a text field? Anything else is refused as it is typed.
bool takes_character(const Field& field, char32_t c);

// How many characters `text` has, and how many digits are still missing for a phone, ID or bank
// number (0: enough), so that the screen can say "2 more digits".
std::size_t count_characters(std::string_view text);
int digits_missing(const Field& field, std::string_view typed);
// Digits grouped as people read them: phone 3-4-4, ID 6-4-4-4, bank card by four.
base::SecretText grouped(const Field& field, std::string_view typed);

} // namespace forms
