// What the text room must know about characters: UTF-8, which characters stay together, and where a
// line may end. Works on code points; nothing here knows about fonts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace text {

inline constexpr char32_t replacement_character = 0xFFFD;

struct Decoded {
    char32_t code_point;
    std::size_t size; // bytes taken, at least 1
};
// The first code point of a text that is not empty, see decode_utf8().
Decoded decode_first(std::string_view utf8);

// UTF-8 to code points. Each ill-formed sequence becomes one U+FFFD (Unicode 15, 3.9, "maximal
// subpart" practice), so any bytes at all can be shown.
std::u32string decode_utf8(std::string_view utf8);
std::string encode_utf8(std::u32string_view code_points);

// Drawn as nothing: direction marks, joiners, variation selectors, soft hyphen.
bool is_invisible(char32_t c);
// Drawn on or with the character before it: combining marks, variation selectors, joiners.
bool joins_previous(char32_t c);
bool is_arabic(char32_t c);
// Chinese characters and their punctuation: a line may end between any two of them.
bool is_wide(char32_t c);
bool is_space(char32_t c); // where words end; no-break spaces are not among them

// For each character: may a line start here? Spec ui-text §2.7: Chinese anywhere, except that no
// line starts with closing punctuation and none ends with opening punctuation; other scripts at
// spaces only.
std::vector<bool> line_starts(std::u32string_view text);

// For each character: does a person see a new letter begin here? See letters.hpp.
std::vector<bool> letter_starts(std::u32string_view text);

// Byte offset of the next or previous border between what a person sees as one character, see
// letters.hpp: a letter with its marks, a syllable, a flag. `offset` is such a border itself.
// Offsets are clamped into the text.
std::size_t next_boundary(std::string_view utf8, std::size_t offset);
std::size_t previous_boundary(std::string_view utf8, std::size_t offset);

} // namespace text
