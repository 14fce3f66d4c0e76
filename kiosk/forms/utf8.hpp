// Code points of UTF-8 text: only what checking answers and content needs.
#pragma once

#include <cstddef>
#include <string_view>

namespace forms {

// The code point at `at`, which moves behind it. Broken bytes give U+FFFD and move by one.
char32_t next_code_point(std::string_view text, std::size_t& at);

// Writes one code point; `out` needs append(std::string_view).
template <class Text> void append_code_point(Text& out, char32_t c) {
    char bytes[4];
    std::size_t n = 0;
    if (c < 0x80) {
        bytes[n++] = static_cast<char>(c);
    } else if (c < 0x800) {
        bytes[n++] = static_cast<char>(0xC0 | (c >> 6));
        bytes[n++] = static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        bytes[n++] = static_cast<char>(0xE0 | (c >> 12));
        bytes[n++] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        bytes[n++] = static_cast<char>(0x80 | (c & 0x3F));
    } else {
        bytes[n++] = static_cast<char>(0xF0 | (c >> 18));
        bytes[n++] = static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        bytes[n++] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        bytes[n++] = static_cast<char>(0x80 | (c & 0x3F));
    }
    out.append(std::string_view(bytes, n));
}

bool is_valid_utf8(std::string_view text);
bool is_han(char32_t c);
bool is_latin_letter(char32_t c);
// é, ë, ö and ü of Uyghur names in Latin letters without their marks; anything else as it is.
char32_t plain_latin(char32_t c);
// One of the 33 letters of the district's standard, hamza carrier included (spec ui §2.9).
bool is_uyghur_letter(char32_t c);
// A look-alike from another keyboard, or a presentation form: refused in Uyghur text.
bool is_foreign_arabic(char32_t c);
// Controls, bidirectional overrides and isolates, invisible joiners: never part of an answer or of
// content (spec reliability H4).
bool is_invisible_control(char32_t c);

} // namespace forms
