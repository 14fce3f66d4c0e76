#include "kiosk/present/typing.hpp"

#include "kiosk/forms/field_types.hpp"
#include "kiosk/text/unicode.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace present {
namespace {

using forms::FieldType;
using forms::Widget;

// chosen: a bank card has 16 to 19 digits (spec matters §5), a landline with its area code 10 to
// 12, a number or an amount in yuan fits 9.
constexpr std::size_t number_digits = 9;
constexpr std::size_t landline_digits = 12;
constexpr std::int64_t fen_per_yuan = 100;

bool is_digit(std::string_view grapheme) {
    return grapheme.size() == 1 && grapheme[0] >= '0' && grapheme[0] <= '9';
}

bool is_landline(const forms::Field& field, std::string_view typed) {
    return field.allow_landline && !typed.empty() && typed[0] != '1';
}

bool takes(const forms::Field& field, const Line& line, std::string_view grapheme) {
    const auto limit = digit_limit(field, line.text);
    if (limit == 0) {
        const auto length = forms::count_characters(line.text) + forms::count_characters(grapheme);
        return field.max == 0 || std::int64_t(length) <= field.max;
    }
    if (line.text.size() >= limit) return false;
    // The check character X stands last (GB 11643).
    const bool is_last = line.caret == line.text.size() && line.text.size() + 1 == limit;
    return is_digit(grapheme) || (field.type == FieldType::id_number && grapheme == "X" && is_last);
}

base::SecretText only_digits(std::string_view text) {
    base::SecretText digits;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (is_digit(text.substr(i, 1))) digits.append(text.substr(i, 1));
    return digits;
}

std::int64_t to_number(std::string_view digits) {
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

Readiness choice_readiness(const forms::Field& field, const forms::Answer* answer,
                           bool is_required) {
    const auto chosen = chosen_codes(field, answer).size();
    const bool is_several = field.type == FieldType::multi_choice;
    const auto least = is_several ? std::max<std::int64_t>(field.min, 1) : 1;
    if (chosen == 0 && !is_required) return {true, "common.skip", {}};
    if (std::int64_t(chosen) >= least) return {true, "common.go", {}};
    if (!is_several) return {false, "question.choose-first", {}};
    return {false, "fault.choose-more", {{"min", std::to_string(least)}}};
}

Readiness digits_readiness(const forms::Field& field, std::string_view typed) {
    const int missing = forms::digits_missing(field, typed);
    if (missing <= 0) return {true, "common.go", {}};
    return {false,
            missing == 1 ? "digits.press-more.one" : "digits.press-more",
            {{"missing", std::to_string(missing)}}};
}

Readiness text_readiness(const forms::Field& field, std::string_view typed) {
    const auto length = std::int64_t(forms::count_characters(forms::normalised(field, typed)));
    if (length >= field.min) return {true, "common.go", {}};
    return {false, "fault.text-short", {{"min", std::to_string(field.min)}}};
}

} // namespace

Line typed_into(Line line, const forms::Field& field, std::string_view grapheme) {
    if (!takes(field, line, grapheme)) return line;
    const auto before = line.text.view().substr(0, line.caret);
    const auto after = line.text.view().substr(line.caret);
    base::SecretText text(before);
    text.append(grapheme);
    text.append(after);
    return {std::move(text), line.caret + grapheme.size()};
}

Line erased_before(Line line) {
    const auto from = text::previous_boundary(line.text, line.caret);
    base::SecretText text(line.text.view().substr(0, from));
    text.append(line.text.view().substr(line.caret));
    return {std::move(text), from};
}

namespace {

// How numbers of a kind are typed: at most so many digits, grouped as people read them. A kind that
// has no row is not typed on the pad.
struct DigitsRow {
    FieldType type;
    std::size_t most;
    std::array<int, 5> groups; // ends at the first 0
};
constexpr std::array digits_rows{
    DigitsRow{FieldType::id_number, 18, {6, 4, 4, 4}},
    DigitsRow{FieldType::phone, 11, {3, 4, 4}},
    DigitsRow{FieldType::bank_card, 19, {4, 4, 4, 4, 3}},
    DigitsRow{FieldType::date, 8, {4, 2, 2}},
    DigitsRow{FieldType::number, number_digits, {}},
    DigitsRow{FieldType::money, number_digits, {}},
};
constexpr DigitsRow landline_row{FieldType::phone, landline_digits, {}};

const DigitsRow* digits_row(const forms::Field& field, std::string_view typed) {
    if (is_landline(field, typed)) return &landline_row;
    const auto found = std::find_if(digits_rows.begin(), digits_rows.end(),
                                    [&](const auto& row) { return row.type == field.type; });
    return found == digits_rows.end() ? nullptr : &*found;
}

} // namespace

std::size_t digit_limit(const forms::Field& field, std::string_view typed) {
    const auto* row = digits_row(field, typed);
    return row == nullptr ? 0 : row->most;
}

std::vector<int> digit_groups(const forms::Field& field, std::string_view typed) {
    const auto* row = digits_row(field, typed);
    if (row == nullptr) return {};
    return {row->groups.begin(), std::find(row->groups.begin(), row->groups.end(), 0)};
}

forms::Value while_typing(const forms::Field& field, std::string_view text) {
    if (text.empty()) return std::monostate{};
    // not handled: amounts with fen; whole yuan are typed.
    if (field.type == FieldType::money) return to_number(text) * fen_per_yuan;
    if (field.type == FieldType::number) return to_number(text);
    return base::SecretText(text);
}

forms::Value when_typed(const forms::Field& field, std::string_view text) {
    if (field.type == FieldType::money || field.type == FieldType::number)
        return while_typing(field, text);
    if (field.type == FieldType::date && text.size() == 8) {
        base::SecretText date(text.substr(0, 4));
        date.append("-");
        date.append(text.substr(4, 2));
        date.append("-");
        date.append(text.substr(6, 2));
        return date;
    }
    auto clean = forms::normalised(field, text);
    if (clean.empty()) return std::monostate{};
    return clean;
}

base::SecretText text_of(const forms::Field& field, const forms::Answer* answer) {
    if (answer == nullptr || !forms::is_entered_here(answer->source)) return {};
    if (const auto* number = std::get_if<std::int64_t>(&answer->value)) {
        const auto shown = field.type == FieldType::money ? *number / fen_per_yuan : *number;
        return base::SecretText(std::to_string(shown));
    }
    const auto* text = std::get_if<base::SecretText>(&answer->value);
    if (text == nullptr) return {};
    return field.type == FieldType::date ? only_digits(*text) : *text;
}

std::vector<screens::Board> boards_of(const forms::Field& field) {
    std::vector<screens::Board> boards;
    if (field.scripts.uyghur) boards.push_back(screens::Board::uyghur);
    // Chinese is written with the Latin board later; until then it stands alone.
    if (field.scripts.latin || boards.empty()) boards.push_back(screens::Board::latin);
    boards.push_back(screens::Board::digits);
    return boards;
}

screens::Board board_of(const Scene& scene) {
    const auto boards = boards_of(scene.field());
    const auto preferred = scene.view.board.value_or(
        scene.language() == base::Language::ug ? screens::Board::uyghur : screens::Board::latin);
    const bool is_there = std::find(boards.begin(), boards.end(), preferred) != boards.end();
    return is_there ? preferred : boards.front();
}

forms::Codes chosen_codes(const forms::Field& field, const forms::Answer* answer) {
    if (answer != nullptr)
        if (const auto* codes = std::get_if<forms::Codes>(&answer->value)) return *codes;
    if (answer == nullptr && !field.default_code.empty()) return {field.default_code};
    return {};
}

std::optional<forms::Codes> pressed(const forms::Field& field, forms::Codes chosen,
                                    const std::string& code) {
    if (field.type != FieldType::multi_choice) return forms::Codes{code};
    const auto found = std::find(chosen.begin(), chosen.end(), code);
    if (found != chosen.end()) {
        chosen.erase(found);
        return chosen;
    }
    if (field.max > 0 && std::int64_t(chosen.size()) >= field.max) return std::nullopt;
    chosen.push_back(code);
    return chosen;
}

base::SecretText typed_text(const Scene& scene) {
    return text_of(scene.field(), scene.visit().answers.find(scene.field().id));
}

Readiness readiness(const Scene& scene) {
    const auto& visit = scene.visit();
    const auto& field = scene.field();
    const auto* answer = visit.answers.find(field.id);
    const bool is_required = forms::is_required(field, *visit.form, visit.answers, scene.today());
    const auto widget = forms::row_of(field.type).widget;
    if (widget == Widget::choice || widget == Widget::multi_choice)
        return choice_readiness(field, answer, is_required);
    const auto typed = text_of(field, answer);
    if (typed.empty()) {
        if (!is_required) return {true, "common.skip", {}};
        if (forms::digits_missing(field, "") == 0) return {false, "question.write-more", {}};
    }
    if (digit_limit(field, typed) > 0) return digits_readiness(field, typed);
    return text_readiness(field, typed);
}

} // namespace present
