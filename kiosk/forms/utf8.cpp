#include "kiosk/forms/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace forms {
namespace {

constexpr char32_t no_code_point = 0xFFFD;

// Spec ui §2.9: the letters of the standard, in its order, then hamza.
constexpr std::array<char32_t, 33> uyghur_letters{
    0x0627, 0x06D5, 0x0628, 0x067E, 0x062A, 0x062C, 0x0686, 0x062E, 0x062F, 0x0631, 0x0632,
    0x0698, 0x0633, 0x0634, 0x063A, 0x0641, 0x0642, 0x0643, 0x06AF, 0x06AD, 0x0644, 0x0645,
    0x0646, 0x06BE, 0x0648, 0x06C7, 0x06C6, 0x06C8, 0x06CB, 0x06D0, 0x0649, 0x064A, 0x0626};

// Arabic comma, semicolon and question mark.
constexpr std::array<char32_t, 3> uyghur_punctuation{0x060C, 0x061B, 0x061F};

bool within(char32_t c, char32_t first, char32_t last) {
    return c >= first && c <= last;
}

} // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const auto first = byte(at++);
    if (first < 0x80) return first;
    int more = 0;
    char32_t value = 0;
    if (within(first, 0xC2, 0xDF)) {
        more = 1;
        value = first & 0x1Fu;
    } else if (within(first, 0xE0, 0xEF)) {
        more = 2;
        value = first & 0x0Fu;
    } else if (within(first, 0xF0, 0xF4)) {
        more = 3;
        value = first & 0x07u;
    } else {
        return no_code_point;
    }
    auto i = at;
    for (int k = 0; k < more; ++k, ++i) {
        if (i >= text.size() || (byte(i) & 0xC0) != 0x80) return no_code_point;
        value = (value << 6) | (byte(i) & 0x3Fu);
    }
    const bool overlong = (more == 2 && value < 0x800) || (more == 3 && value < 0x10000);
    if (overlong || within(value, 0xD800, 0xDFFF) || value > 0x10FFFF) return no_code_point;
    at = i;
    return value;
}

bool is_valid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();)
        if (next_code_point(text, at) == no_code_point) return false;
    return true;
}

bool is_han(char32_t c) {
    return within(c, 0x4E00, 0x9FFF) || within(c, 0x3400, 0x4DBF) || within(c, 0x20000, 0x323AF) ||
           within(c, 0xF900, 0xFAFF) || c == 0x3007;
}

bool is_latin_letter(char32_t c) {
    return within(c, 'a', 'z') || within(c, 'A', 'Z') ||
           (within(c, 0xC0, 0x24F) && c != 0xD7 && c != 0xF7);
}

char32_t plain_latin(char32_t c) {
    switch (c) {
    case 0xC9:
    case 0xCB: return 'E';
    case 0xE9:
    case 0xEB: return 'e';
    case 0xD6: return 'O';
    case 0xF6: return 'o';
    case 0xDC: return 'U';
    case 0xFC: return 'u';
    default: return c; // not an enum
    }
}

bool is_uyghur_letter(char32_t c) {
    return std::find(uyghur_letters.begin(), uyghur_letters.end(), c) != uyghur_letters.end();
}

bool is_foreign_arabic(char32_t c) {
    const bool arabic = within(c, 0x0600, 0x06FF) || within(c, 0x0750, 0x077F) ||
                        within(c, 0x0870, 0x08FF) || within(c, 0xFB50, 0xFDFF) ||
                        within(c, 0xFE70, 0xFEFE);
    const bool mark = std::find(uyghur_punctuation.begin(), uyghur_punctuation.end(), c) !=
                      uyghur_punctuation.end();
    return arabic && !mark && !is_uyghur_letter(c);
}

bool is_invisible_control(char32_t c) {
    return c < 0x20 || within(c, 0x7F, 0x9F) || within(c, 0x200B, 0x200F) ||
           within(c, 0x2028, 0x202E) || within(c, 0x2060, 0x206F) || c == 0xFEFF || c == 0x061C ||
           c == 0x00AD || within(c, 0xFFF9, 0xFFFD) || within(c, 0xE0000, 0xE0FFF);
}

} // namespace forms
