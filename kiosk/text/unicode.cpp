#include "kiosk/text/unicode.hpp"

#include "kiosk/text/letters.hpp"

#include <algorithm>

namespace text {

namespace {

bool contains(std::u32string_view set, char32_t c) {
    return set.find(c) != set.npos;
}

// Spec ui-text §2.7 names 、。，：；！？）》” and （《“ as examples. These are all marks of
// Chinese, Uyghur and English texts that GB/T 15834-2011 (5.1, place of punctuation) keeps from the
// beginning or the end of a line, with what Unicode 15 gives the line-breaking classes CL, CP, EX,
// IS, NS, IN and OP (LineBreak.txt; the test compares). Quotation marks that open and close look
// alike in Unicode; Chinese use decides. Small kana (CJ) are left to Japanese texts. An ASCII slash
// may end a line, unlike the Chinese one: 身份证/户口本/居住证 has to break somewhere.
constexpr std::u32string_view not_at_a_beginning =
    U"!),./:;?]}"
    U"»’”›‥…․‼‽⁄⁆⁇⁈⁉‧–—⸺⸻"
    U"،؍؛؝؞؟۔"
    U"、。〉》」』】〕〗〙〛〞〟々〻〼〜゛゜ゝゞ゠・ヽヾ"
    U"︐︑︒︓︔︕︖︘︙︶︸︺︼︾﹀﹂﹄﹈﹐﹒﹔﹕﹖﹗﹚﹜﹞"
    U"！），．：；？］｝｠｡｣､･ﾞﾟ～－／";
constexpr std::u32string_view not_at_an_end = U"([{¡¿"
                                              U"«‘“‹‚„⁅"
                                              U"〈《「『【〔〖〘〚〝"
                                              U"︗︵︷︹︻︽︿﹁﹃﹇﹙﹛﹝"
                                              U"（［｛｟｢／";
// What stays with the number after it, and with the number before it (classes PR and PO; CLREQ
// 3.1.4: numbers and their units stand together).
constexpr std::u32string_view before_a_number = U"$+-±№£¥€￥＄￡＃#−＋－";
constexpr std::u32string_view after_a_number = U"%°′″‰‱℃℉％￠٪㎡㎜㎝㎞㎏";
// Chinese counting words and units as they stand behind figures in our texts: 2027年3月1日, 100元,
// 3楼. The line may end behind them.
constexpr std::u32string_view counting_words =
    U"年月日号时点分秒岁元角页份张次个人位天周米亩斤度级楼层室栋单步项";

bool may_not_start_a_line(char32_t c) {
    return contains(not_at_a_beginning, c) || contains(U"·％℃%", c);
}
bool may_not_end_a_line(char32_t c) {
    return contains(not_at_an_end, c) || contains(U"￥＄", c);
}

bool is_figure(char32_t c) {
    return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

bool stays_with_its_number(char32_t before, char32_t here) {
    if (is_figure(here)) return contains(before_a_number, before) || is_figure(before);
    return is_figure(before) && (contains(after_a_number, here) || contains(counting_words, here));
}

// No-break space, figure space, narrow no-break space, no-break hyphen, word joiner, byte order
// mark, joiner of letters.
bool forbids_breaks(char32_t c) {
    return contains(U"\u00A0\u2007\u202F\u2011\u2060\uFEFF\u200D", c);
}

bool opens_isolate_or_embedding(char32_t c) {
    return (c >= 0x2066 && c <= 0x2068) || c == 0x202A || c == 0x202B || c == 0x202D || c == 0x202E;
}

} // namespace

// The second byte's range is what keeps out overlong forms, surrogates and values above U+10FFFF
// (Unicode 15, table 3-7).
Decoded decode_first(std::string_view rest) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4) return {replacement_character, 1};
    unsigned low = 0x80, high = 0xBF;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    char32_t value = lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (i >= rest.size() || byte(i) < low || byte(i) > high) return {replacement_character, i};
        value = value << 6 | (byte(i) & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    return {value, length};
}

std::u32string decode_utf8(std::string_view utf8) {
    std::u32string out;
    out.reserve(utf8.size());
    while (!utf8.empty()) {
        const auto [code_point, size] = decode_first(utf8);
        out.push_back(code_point);
        utf8.remove_prefix(size);
    }
    return out;
}

std::string encode_utf8(std::u32string_view code_points) {
    std::string out;
    for (char32_t c : code_points) {
        if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = replacement_character;
        const auto tail = [&](int shift) { out.push_back(char(0x80 | ((c >> shift) & 0x3F))); };
        if (c < 0x80) {
            out.push_back(char(c));
        } else if (c < 0x800) {
            out.push_back(char(0xC0 | c >> 6)), tail(0);
        } else if (c < 0x10000) {
            out.push_back(char(0xE0 | c >> 12)), tail(6), tail(0);
        } else {
            out.push_back(char(0xF0 | c >> 18)), tail(12), tail(6), tail(0);
        }
    }
    return out;
}

// Unicode 15, DerivedCoreProperties, Default_Ignorable_Code_Point.
bool is_invisible(char32_t c) {
    return c == 0xAD || c == 0x34F || c == 0x61C || (c >= 0x180B && c <= 0x180F) ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF ||
           (c >= 0xE0000 && c <= 0xE0FFF);
}

bool joins_previous(char32_t c) {
    const auto letter = letter_class(c);
    return letter == LetterClass::extend || letter == LetterClass::joiner ||
           letter == LetterClass::spacing_mark;
}

bool is_arabic(char32_t c) {
    return (c >= 0x600 && c <= 0x6FF) || (c >= 0x750 && c <= 0x77F) || (c >= 0x8A0 && c <= 0x8FF) ||
           (c >= 0xFB50 && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFE);
}

bool is_wide(char32_t c) {
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFFEF) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

bool is_space(char32_t c) {
    return c == ' ' || c == '\t' || (c >= 0x2000 && c <= 0x200A && c != 0x2007) || c == 0x3000 ||
           c == 0x200B;
}

namespace {

// The character that a row of invisible openers belongs to.
char32_t first_visible(std::u32string_view text, std::size_t from) {
    for (std::size_t i = from; i < text.size(); ++i)
        if (!is_invisible(text[i])) return text[i];
    return text[from];
}

bool may_break(char32_t before, char32_t here) {
    if (is_space(here)) return false; // spaces end lines, they do not begin them
    if (is_space(before)) return true;
    if (!is_wide(before) && !is_wide(here)) return false;
    return !may_not_start_a_line(here) && !may_not_end_a_line(before) &&
           !stays_with_its_number(before, here);
}

} // namespace

std::vector<bool> line_starts(std::u32string_view text) {
    std::vector<bool> starts(text.size(), false);
    const auto letters = letter_starts(text);
    char32_t before = 0;   // last visible character
    bool is_glued = false; // something since then, or itself, forbids a break
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char32_t here = text[i];
        const bool opens = opens_isolate_or_embedding(here);
        // The invisible closers stay with what they close, the openers go with what they open.
        const bool belongs_to_before = (is_invisible(here) && !opens && here != 0x200B) ||
                                       !letters[i] || joins_previous(here) ||
                                       (i > 0 && opens_isolate_or_embedding(text[i - 1]));
        is_glued = is_glued || forbids_breaks(here);
        if (i > 0 && !belongs_to_before && !is_glued)
            starts[i] = may_break(before, opens ? first_visible(text, i) : here);
        if (is_invisible(here) && here != 0x200B) continue;
        before = here;
        is_glued = forbids_breaks(here);
    }
    return starts;
}

std::vector<bool> letter_starts(std::u32string_view text) {
    std::vector<bool> starts(text.size());
    LetterBorders borders;
    for (std::size_t i = 0; i < text.size(); ++i) starts[i] = borders.begins(text[i]);
    return starts;
}

std::size_t next_boundary(std::string_view utf8, std::size_t offset) {
    offset = std::min(offset, utf8.size());
    LetterBorders borders;
    for (bool is_first = true; offset < utf8.size(); is_first = false) {
        const auto [code_point, size] = decode_first(utf8.substr(offset));
        if (borders.begins(code_point) && !is_first) break;
        offset += size;
    }
    return offset;
}

std::size_t previous_boundary(std::string_view utf8, std::size_t offset) {
    offset = std::min(offset, utf8.size());
    std::size_t border = 0;
    while (border < offset) { // from the front: right for ill-formed text too, and fields are short
        const auto next = next_boundary(utf8, border);
        if (next >= offset) break;
        border = next;
    }
    return border;
}

} // namespace text
