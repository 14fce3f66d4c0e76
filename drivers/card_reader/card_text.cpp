#include "drivers/card_reader/card_text.hpp"
#include "drivers/card_reader/frame.hpp"
#include "kiosk/base/citizen_number.hpp"

#include <algorithm>
#include <array>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Result;

// In bytes from the start of the text area; size zero: this layout has no such field.
struct Field {
    std::size_t offset = 0;
    std::size_t size = 0;
};

struct Layout {
    char16_t flag;
    CardKind kind;
    Field name, latin_name, latin_name_more, number, address, issuer;
    Field sex, birth, valid_from, valid_to;
    Field ethnic_code;
};

// Source: spec id-card-reader §5. Y rests on one source.
constexpr std::array layouts{
    Layout{.flag = u' ',
           .kind = CardKind::resident,
           .name = {0, 30},
           .number = {122, 36},
           .address = {52, 70},
           .issuer = {158, 30},
           .sex = {30, 2},
           .birth = {36, 16},
           .valid_from = {188, 16},
           .valid_to = {204, 16},
           .ethnic_code = {32, 4}},
    Layout{.flag = u'J',
           .kind = CardKind::residence_permit,
           .name = {0, 30},
           .number = {122, 36},
           .address = {52, 70},
           .issuer = {158, 30},
           .sex = {30, 2},
           .birth = {36, 16},
           .valid_from = {188, 16},
           .valid_to = {204, 16},
           .ethnic_code = {32, 4}}, // reserved on this card: dropped all the same
    Layout{.flag = u'I',
           .kind = CardKind::foreigner_2017,
           .name = {158, 30},
           .latin_name = {0, 120},
           .number = {122, 30},
           .sex = {120, 2},
           .birth = {220, 16},
           .valid_from = {188, 16},
           .valid_to = {204, 16}},
    Layout{.flag = u'Y',
           .kind = CardKind::foreigner_2023,
           .name = {0, 30},
           .latin_name = {52, 70},
           .latin_name_more = {220, 22},
           .number = {122, 36},
           .sex = {30, 2},
           .birth = {36, 16},
           .valid_from = {188, 16},
           .valid_to = {204, 16}},
};
constexpr std::size_t flag_offset = 248;

constexpr char16_t replacement = 0xfffd;

char16_t unit_at(base::ByteView text, std::size_t offset) {
    return char16_t(text[offset] | text[offset + 1] << 8);
}

const Layout* find_layout(base::ByteView text) {
    const auto flag = unit_at(text, flag_offset);
    const auto found = std::find_if(layouts.begin(), layouts.end(),
                                    [flag](const Layout& layout) { return layout.flag == flag; });
    return found == layouts.end() ? nullptr : &*found;
}

// The spec says space padded without terminator; a reader that pads with zeros costs nothing.
bool is_padding(char16_t unit) {
    return unit == u' ' || unit == 0;
}
bool is_high_surrogate(char16_t unit) {
    return unit >= 0xd800 && unit <= 0xdbff;
}
bool is_low_surrogate(char16_t unit) {
    return unit >= 0xdc00 && unit <= 0xdfff;
}

// What must reach neither a screen nor a printer: control characters, marks that turn the writing
// direction around, and code points that are no characters. Private-use ones stay (spec §5).
bool is_forbidden(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe ||
           (c >= 0xd800 && c <= 0xdfff);
}

void append_utf8(base::SecretText& out, char32_t c) {
    std::array<char, 4> bytes{};
    std::size_t size = 0;
    const auto put = [&](char32_t byte) { bytes[size++] = char(static_cast<unsigned char>(byte)); };
    const auto put_tail = [&](int shift) { put(0x80 | ((c >> shift) & 0x3f)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xc0 | c >> 6);
        put_tail(0);
    } else if (c < 0x10000) {
        put(0xe0 | c >> 12);
        put_tail(6);
        put_tail(0);
    } else {
        put(0xf0 | c >> 18);
        put_tail(12);
        put_tail(6);
        put_tail(0);
    }
    out.append({bytes.data(), size});
    base::wipe(bytes.data(), bytes.size());
}

// Reads the fields of one text area and remembers whether a character had to be replaced.
class FieldReader {
public:
    explicit FieldReader(base::ByteView text) : text_(text) {}

    bool has_replaced() const { return has_replaced_; }

    bool is_full(Field field) const {
        return field.size > 0 && !is_padding(unit_at(text_, field.offset + field.size - 2));
    }

    // `more` continues the field elsewhere.
    base::SecretText text(Field field, Field more = {}) {
        const std::size_t units = (field.size + more.size) / 2;
        const auto at = [&](std::size_t i) {
            return i < field.size / 2 ? unit_at(text_, field.offset + 2 * i)
                                      : unit_at(text_, more.offset + 2 * (i - field.size / 2));
        };
        std::size_t end = units;
        while (end > 0 && is_padding(at(end - 1))) --end;
        base::SecretText out;
        for (std::size_t i = 0; i < end; ++i) {
            char32_t c = at(i);
            if (is_high_surrogate(at(i)) && i + 1 < end && is_low_surrogate(at(i + 1))) {
                c = 0x10000 + ((c - 0xd800) << 10) + (at(i + 1) - char32_t(0xdc00));
                ++i;
            } else if (is_high_surrogate(at(i)) && i + 1 == units) {
                break; // the field's end cut a character in two: half of one says nothing
            }
            if (is_forbidden(c)) {
                c = replacement;
                has_replaced_ = true;
            }
            append_utf8(out, c);
        }
        return out;
    }

    std::optional<base::Date> date(Field field) const {
        std::array<int, 8> digits{};
        for (std::size_t i = 0; i < digits.size(); ++i) {
            const auto unit = unit_at(text_, field.offset + 2 * i);
            if (unit < u'0' || unit > u'9') return std::nullopt;
            digits[i] = unit - u'0';
        }
        const int year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
        const base::Date date{std::chrono::year{year},
                              std::chrono::month(unsigned(digits[4] * 10 + digits[5])),
                              std::chrono::day(unsigned(digits[6] * 10 + digits[7]))};
        if (!date.ok()) return std::nullopt;
        return date;
    }

    // 长期, "long term": the card does not expire.
    bool is_without_end(Field field) const {
        if (unit_at(text_, field.offset) != u'长' || unit_at(text_, field.offset + 2) != u'期')
            return false;
        for (std::size_t i = 4; i < field.size; i += 2)
            if (!is_padding(unit_at(text_, field.offset + i))) return false;
        return true;
    }

    std::optional<Sex> sex(Field field) const {
        switch (unit_at(text_, field.offset)) {
        case u'0': return Sex::unknown;
        case u'1': return Sex::male;
        case u'2': return Sex::female;
        case u'9': return Sex::not_stated;
        }
        return std::nullopt;
    }

private:
    base::ByteView text_;
    bool has_replaced_ = false;
};

void read_names(const Layout& layout, FieldReader& fields, Card& card) {
    card.name = fields.text(layout.name);
    card.latin_name = fields.text(layout.latin_name, layout.latin_name_more);
    card.name_may_be_cut = fields.is_full(layout.name);
    if (!card.name.empty()) return;
    // Foreigners need not have a Chinese name.
    card.name = card.latin_name;
    card.name_may_be_cut = fields.is_full(layout.latin_name_more.size > 0 ? layout.latin_name_more
                                                                          : layout.latin_name);
}

Result<void> read_dates_and_sex(const Layout& layout, const FieldReader& fields, Card& card) {
    const auto sex = fields.sex(layout.sex);
    if (!sex) return Error{Errc::card_inconsistent, "sex field"};
    const auto birth = fields.date(layout.birth);
    if (!birth) return Error{Errc::card_inconsistent, "birth field"};
    const auto from = fields.date(layout.valid_from);
    if (!from) return Error{Errc::card_inconsistent, "valid_from field"};
    card.sex.expose() = *sex;
    card.birth.expose() = *birth;
    card.valid_from.expose() = *from;
    if (fields.is_without_end(layout.valid_to)) return {};
    const auto to = fields.date(layout.valid_to);
    if (!to) return Error{Errc::card_inconsistent, "valid_to field"};
    card.valid_to.emplace(*to);
    return {};
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Three letters, four digits of the division, YYMMDD, sequence, check character (spec §6).
// not handled: the check character of these older numbers; no source gives its rule.
bool is_2017_number(std::string_view number) {
    return number.size() == 15 &&
           std::all_of(number.begin(), number.begin() + 3,
                       [](char c) { return c >= 'A' && c <= 'Z'; }) &&
           std::all_of(number.begin() + 3, number.end(), is_digit);
}

bool is_number_right(const Card& card) {
    const auto number = card.number.view();
    if (card.kind == CardKind::foreigner_2017) return is_2017_number(number);
    if (base::check_citizen_number(number)) return false;
    const auto province = number.substr(0, 2);
    switch (card.kind) {
    case CardKind::resident: return true;
    case CardKind::residence_permit:
        return province == "81" || province == "82" || province == "83";
    case CardKind::foreigner_2023: return number[0] == '9';
    case CardKind::foreigner_2017: break;
    }
    CHECK(false);
}

bool has_number_this_birth(const Card& card) {
    const auto number = card.number.view();
    if (card.kind != CardKind::foreigner_2017)
        return base::citizen_number_birth(number) == card.birth.expose();
    const auto pair = [&](std::size_t at) {
        return unsigned(number[at] - '0') * 10 + unsigned(number[at + 1] - '0');
    };
    const auto birth = card.birth.expose();
    return pair(7) == unsigned(int(birth.year()) % 100) && pair(9) == unsigned(birth.month()) &&
           pair(11) == unsigned(birth.day());
}

// Odd for men, even for women, in position 17. Only where the spec says so: not for foreigners'
// numbers.
bool has_number_this_sex(const Card& card) {
    if (card.kind == CardKind::foreigner_2017 || card.kind == CardKind::foreigner_2023) return true;
    const bool is_odd = (card.number.view()[16] - '0') % 2 != 0;
    const auto sex = card.sex.expose();
    return (sex != Sex::male || is_odd) && (sex != Sex::female || !is_odd);
}

std::optional<CardRule> first_broken_rule(const Card& card, bool has_replaced,
                                          std::optional<base::Date> today) {
    if (has_replaced) return CardRule::text;
    if (!is_number_right(card)) return CardRule::number;
    if (card.birth.expose().year() < std::chrono::year{1900}) return CardRule::birth_range;
    if (today && *today < card.birth.expose()) return CardRule::birth_range;
    if (!has_number_this_birth(card)) return CardRule::number_birth;
    if (!has_number_this_sex(card)) return CardRule::number_sex;
    if (card.valid_to && card.valid_to->expose() < card.valid_from.expose())
        return CardRule::validity_order;
    return std::nullopt;
}

} // namespace

void drop_ethnic_code(std::span<std::uint8_t> text) {
    CHECK(text.size() == card_text_size);
    const Layout* layout = find_layout(text);
    const Field field = layout ? layout->ethnic_code : Field{0, text.size()};
    // The flag of an unknown card goes too; what is left, zero, is no known flag either.
    base::wipe(text.data() + field.offset, field.size);
}

Result<CardText> read_card_text(base::ByteView text, std::optional<base::Date> today) {
    if (text.size() != card_text_size) return Error{Errc::corrupt, "size of text area"};
    const Layout* layout = find_layout(text);
    if (!layout) return Error{Errc::unsupported, "card type"};
    FieldReader fields(text);
    CardText out;
    out.card.kind = layout->kind;
    read_names(*layout, fields, out.card);
    out.card.number = fields.text(layout->number);
    out.card.address = fields.text(layout->address);
    out.card.issuer = fields.text(layout->issuer);
    TRY(read_dates_and_sex(*layout, fields, out.card));
    out.broken = first_broken_rule(out.card, fields.has_replaced(), today);
    return out;
}

} // namespace drivers
