// The number on the receipt: minted by the kiosk, final even when offline (DESIGN §5).
//
// Twelve characters of an alphabet of 23: digits 2 to 9 and C D F H J K M N P Q R T V W X. Left
// out: vowels (no words by accident), 0 O, 1 I L, B (8), G (6), S (5), Z (2), Y (V when
// handwritten). The first two are the kiosk's prefix, so that no two kiosks can mint the same
// number; nine are random (23^9 = 1.8 * 10^12); the last makes the weighted sum of all twelve,
// weights 1 to 12, a multiple of 23. 23 is prime and the weights differ, so every single wrong
// character and every swap of two characters, neighbours or not, is noticed.
#pragma once

#include "kiosk/base/random.hpp"

#include <string>
#include <string_view>

namespace outbox {

inline constexpr std::string_view receipt_alphabet = "23456789CDFHJKMNPQRTVWX";
inline constexpr std::size_t receipt_length = 12;
inline constexpr std::size_t receipt_prefix_length = 2;

// Two characters of the alphabet: the kiosk's prefix from its configuration.
bool is_receipt_prefix(std::string_view prefix);

// `kiosk_prefix` must satisfy is_receipt_prefix (CHECK). Returns twelve characters, ungrouped.
std::string mint_receipt_number(std::string_view kiosk_prefix, base::RandomSource& random);

// "K7M492XHT3Q…" -> "K7M4-92XH-T3Q…", as people read and type it.
std::string group_receipt_number(std::string_view number);

// Removes hyphens and spaces and raises letters: what somebody typed -> the ungrouped form.
std::string normalise_receipt_number(std::string_view typed);

// Ungrouped, right length, right characters, right check character.
bool is_valid_receipt_number(std::string_view number);

} // namespace outbox
