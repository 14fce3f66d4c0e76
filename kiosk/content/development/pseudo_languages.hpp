// Languages that nobody speaks, made from the English words of a content set: what a layout does
// with longer words, with the tallest letters and with nothing but right-to-left letters, before a
// translator has written a line. Development builds only.
#pragma once

#include "kiosk/content/content_set.hpp"

namespace content {

// The text made three fifths longer by words of its own, none longer than the longest that was
// there, with rings and accents on its vowels. Placeholders stay as they are.
std::string stretched(std::string_view english);

// The text in letters of the district's Uyghur alphabet, letter for letter: it means nothing, and
// every word of it runs from right to left. Digits and placeholders stay as they are.
std::string turned(std::string_view english);

// `set` with `stretched` words as its English and `turned` words as its Uyghur.
std::shared_ptr<const ContentSet> with_pseudo_languages(const ContentSet& set);

} // namespace content
