#include "kiosk/present/typing.hpp"

#include "kiosk/base/citizen_number.hpp"
#include "kiosk/forms/field_types.hpp"
#include "kiosk/forms/utf8.hpp"
#include "kiosk/present/composing.hpp"
#include "kiosk/present/dates.hpp"
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

// Yuan, and fen behind a point.
bool is_amount(std::string_view text) {
    const auto point = text.find('.');
    const auto yuan = text.substr(0, point);
    const auto fen = point == std::string_view::npos ? "" : text.substr(point + 1);
    const auto are_digits = [](std::string_view part) {
        return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    return !yuan.empty() && yuan.size() <= number_digits && fen.size() <= 2 && are_digits(yuan) &&
           are_digits(fen);
}

bool takes_text(const forms::Field& field, const Line& line, std::string_view typed) {
    for (const char32_t c : text::decode_utf8(typed))
        if (!forms::takes_character(field, c)) return false;
    const auto length = forms::count_characters(line.text) + forms::count_characters(typed);
    return field.max == 0 || std::int64_t(length) <= field.max;
}

bool takes(const forms::Field& field, const Line& line, std::string_view typed) {
    const auto limit = digit_limit(field, line.text);
    if (limit == 0) return takes_text(field, line, typed);
    if (line.text.size() >= limit) return false;
    if (field.type == FieldType::money) {
        base::SecretText amount(line.text.view().substr(0, line.caret));
        amount.append(typed);
        amount.append(line.text.view().substr(line.caret));
        return is_amount(amount);
    }
    // The check character X stands last (GB 11643).
    const bool is_last = line.caret == line.text.size() && line.text.size() + 1 == limit;
    return is_digit(typed) || (field.type == FieldType::id_number && typed == "X" && is_last);
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

// Something is under way on the board that lies there: it would not be part of the answer.
bool needs_choosing(const Scene& scene) {
    return forms::row_of(scene.field().type).widget == Widget::text &&
           is_composing(scene.view.composing);
}

Readiness date_readiness(const Scene& scene, bool is_required) {
    if (chosen_date(scene)) return {true, "common.go", {}};
    if (scene.visit().answers.find(scene.field().id) == nullptr && !is_required)
        return {true, "common.skip", {}};
    return {false, "question.choose-first", {}};
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
    const int missing = digits_left(field, typed);
    if (missing <= 0 && has_wrong_digit(field, typed)) return {false, "digits.correct-first", {}};
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

int digits_left(const forms::Field& field, std::string_view typed) {
    const auto missing = [&](std::size_t wanted) {
        return int(wanted) - int(std::min(wanted, typed.size()));
    };
    if (field.type == FieldType::date) return missing(date_digits(field));
    if (field.type != FieldType::phone || typed.empty()) return forms::digits_missing(field, typed);
    if (!is_landline(field, typed)) return missing(11);
    return missing(typed[0] == '0' ? 10 : 7);
}

bool has_wrong_digit(const forms::Field& field, std::string_view typed) {
    return first_wrong_digit(field, typed) >= 0;
}

int first_wrong_digit(const forms::Field& field, std::string_view typed) {
    if (field.type != FieldType::id_number || digits_left(field, typed) > 0) return -1;
    const auto wrong = base::check_citizen_number(typed);
    if (!wrong) return -1;
    switch (*wrong) {
    case base::CitizenNumberFault::division: return 0;
    case base::CitizenNumberFault::birth: return 6;
    case base::CitizenNumberFault::check: return 14;
    case base::CitizenNumberFault::length:
    case base::CitizenNumberFault::character: return 0;
    }
    return -1;
}

Line typed_into(Line line, const forms::Field& field, std::string_view typed) {
    if (!takes(field, line, typed)) return line;
    const auto before = line.text.view().substr(0, line.caret);
    const auto after = line.text.view().substr(line.caret);
    base::SecretText text(before);
    text.append(typed);
    text.append(after);
    return {std::move(text), line.caret + typed.size()};
}

namespace {

constexpr char32_t hamza = U'ئ';

bool is_uyghur_vowel(char32_t c) {
    constexpr std::u32string_view vowels = U"اەوۇۆۈېى";
    return vowels.find(c) != vowels.npos;
}

// The character before `offset`, and where it begins; 0 at the beginning.
char32_t character_before(std::string_view text, std::size_t& offset) {
    offset = text::previous_boundary(text, offset);
    std::size_t at = offset;
    return at < text.size() ? forms::next_code_point(text, at) : 0;
}

// A vowel written behind `before` needs a hamza of its own.
bool wants_hamza(std::string_view before) {
    if (before.empty()) return true;
    std::size_t at = before.size();
    const char32_t last = character_before(before, at);
    return is_uyghur_vowel(last) || !forms::is_uyghur_letter(last);
}

} // namespace

std::string with_hamza(std::string_view before_caret, std::string_view letter) {
    std::size_t at = 0;
    const bool is_vowel = !letter.empty() && is_uyghur_vowel(forms::next_code_point(letter, at));
    if (!is_vowel || !wants_hamza(before_caret)) return std::string(letter);
    return "ئ" + std::string(letter);
}

Line erased_before(Line line) {
    const auto before = line.text.view().substr(0, line.caret);
    auto from = line.caret;
    const char32_t last = character_before(before, from);
    if (is_uyghur_vowel(last) && from > 0) {
        auto mark = from;
        const bool has_hamza = character_before(before, mark) == hamza;
        if (has_hamza && wants_hamza(before.substr(0, mark))) from = mark;
    }
    base::SecretText text(before.substr(0, from));
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
    DigitsRow{FieldType::money, number_digits + 3, {}}, // a point and two places of fen
};
// Area codes have three digits in the largest cities (010, 02x), four elsewhere; behind one of four
// stand seven digits in this region. Without an area code seven. Public numbering plan.
constexpr DigitsRow month_row{FieldType::date, 6, {4, 2}};
constexpr DigitsRow short_area_row{FieldType::phone, landline_digits, {3, 4, 4}};
constexpr DigitsRow long_area_row{FieldType::phone, landline_digits, {4, 3, 4}};
constexpr DigitsRow local_row{FieldType::phone, 8, {3, 4}};

const DigitsRow& landline_row(std::string_view typed) {
    if (typed[0] != '0') return local_row;
    const bool is_short = typed.size() > 1 && (typed[1] == '1' || typed[1] == '2');
    return is_short ? short_area_row : long_area_row;
}

const DigitsRow* digits_row(const forms::Field& field, std::string_view typed) {
    if (is_landline(field, typed)) return &landline_row(typed);
    if (field.type == FieldType::date && field.month_only) return &month_row;
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

forms::Value number_of(const forms::Field& field, std::string_view typed) {
    if (typed.empty()) return std::monostate{};
    if (field.type == FieldType::number) return to_number(typed);
    const auto point = typed.find('.');
    base::SecretText fen(point == std::string_view::npos ? "" : typed.substr(point + 1));
    while (fen.size() < 2) fen.append("0");
    return to_number(typed.substr(0, point)) * fen_per_yuan + to_number(fen);
}

forms::Value while_typing(const forms::Field& field, std::string_view text) {
    if (field.type == FieldType::money || field.type == FieldType::number)
        return number_of(field, text);
    if (text.empty()) return std::monostate{};
    return base::SecretText(text);
}

forms::Value when_typed(const forms::Field& field, std::string_view text) {
    if (field.type == FieldType::money || field.type == FieldType::number)
        return while_typing(field, text);
    if (field.type == FieldType::date && text.size() == date_digits(field)) {
        base::SecretText date(text.substr(0, 4));
        for (std::size_t at = 4; at < text.size(); at += 2) {
            date.append("-");
            date.append(text.substr(at, 2));
        }
        return date;
    }
    auto clean = forms::normalised(field, text);
    if (clean.empty()) return std::monostate{};
    return clean;
}

std::string in_yuan(std::int64_t fen) {
    auto amount = std::to_string(fen / fen_per_yuan);
    const auto rest = fen % fen_per_yuan;
    if (rest != 0) amount += (rest < 10 ? ".0" : ".") + std::to_string(rest);
    return amount;
}

base::SecretText text_of(const forms::Field& field, const forms::Answer* answer) {
    if (answer == nullptr || !forms::is_entered_here(answer->source)) return {};
    if (const auto* number = std::get_if<std::int64_t>(&answer->value)) {
        if (field.type != FieldType::money) return base::SecretText(std::to_string(*number));
        return base::SecretText(in_yuan(*number));
    }
    const auto* text = std::get_if<base::SecretText>(&answer->value);
    if (text == nullptr) return {};
    return field.type == FieldType::date ? only_digits(*text) : *text;
}

bool is_name(const forms::Field& field) {
    return field.type == FieldType::text && !field.scripts.punctuation;
}

std::vector<screens::Board> boards_of(const forms::Field& field, const Facts& facts) {
    std::vector<screens::Board> boards;
    if (field.scripts.han && facts.pinyin != nullptr) boards.push_back(screens::Board::pinyin);
    if (field.scripts.han && facts.handwriting != nullptr)
        boards.push_back(screens::Board::handwriting);
    if (field.scripts.uyghur) boards.push_back(screens::Board::uyghur);
    // A field for Chinese alone, where Chinese cannot be written: the screen says so.
    if (field.scripts.latin || boards.empty()) boards.push_back(screens::Board::latin);
    if (!is_name(field)) boards.push_back(screens::Board::digits);
    return boards;
}

screens::Board board_of(const Scene& scene) {
    const auto boards = boards_of(scene.field(), scene.facts);
    const auto is_there = [&](screens::Board board) {
        return std::find(boards.begin(), boards.end(), board) != boards.end();
    };
    using enum screens::Board;
    // What is under way can be ended only where it began, whatever language the screen has now.
    const auto& composing = scene.view.composing;
    if (!composing.letters.empty() && is_there(pinyin)) return pinyin;
    if (!composing.ink.empty() && is_there(handwriting)) return handwriting;
    if (scene.view.board && is_there(*scene.view.board)) return *scene.view.board;
    switch (scene.language()) {
    case base::Language::zh: // `boards` begins with those for Chinese
        return is_there(pinyin) || is_there(handwriting) || !is_there(latin) ? boards.front()
                                                                             : latin;
    case base::Language::ug: return is_there(uyghur) ? uyghur : boards.front();
    case base::Language::en: return is_there(latin) ? latin : boards.front();
    }
    CHECK(false);
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
    const auto& field = scene.field();
    const auto* answer = scene.visit().answers.find(field.id);
    // As it was typed, while that is still what the answer says.
    const auto& number = scene.view.composing.number;
    const bool still_holds = answer != nullptr && forms::is_entered_here(answer->source) &&
                             !number.empty() && answer->value == number_of(field, number);
    return still_holds ? number : text_of(field, answer);
}

Readiness readiness(const Scene& scene) {
    const auto& visit = scene.visit();
    const auto& field = scene.field();
    const auto* answer = visit.answers.find(field.id);
    const bool is_required = forms::is_required(field, *visit.form, visit.answers, scene.today());
    const auto widget = forms::row_of(field.type).widget;
    if (widget == Widget::choice || widget == Widget::multi_choice)
        return choice_readiness(field, answer, is_required);
    const auto typed = typed_text(scene);
    if (needs_choosing(scene)) return {false, "question.choose-characters", {}};
    if (widget == Widget::date && !is_date_on_pad(scene)) return date_readiness(scene, is_required);
    if (typed.empty()) {
        if (!is_required) return {true, "common.skip", {}};
        if (digits_left(field, "") == 0) return {false, "question.write-more", {}};
    }
    if (digit_limit(field, typed) > 0) return digits_readiness(field, typed);
    return text_readiness(field, typed);
}

} // namespace present
