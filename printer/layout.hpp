// Sets a document in type: blocks become items in dots.
//
// A text goes to the printer as characters when the unit is known to have every one of them and
// they run from left to right; otherwise the whole text is shaped by kiosk/text and drawn as a
// picture: printers set neither Uyghur nor rare names (spec receipt-printer §2). The choice is made
// for a paragraph, a pair, a banner or a row of a table as a whole. Where the unit can put dots
// into a line of its type (ESC * 33) a run of at least four of its own characters in such a line, a
// number in a sentence of Uyghur, stays type; its place is the one that shaping gave it. Pictures
// go in the way that takes the fewest bytes. Lines that are too long for the paper are broken where
// the language allows; a large text with a word wider than the paper is set smaller, at the normal
// size words are broken.
#pragma once

#include "kiosk/text/typesetter.hpp"
#include "printer/document.hpp"
#include "printer/ink.hpp"
#include "printer/items.hpp"
#include "printer/profile.hpp"

namespace printer {

struct LaidOut {
    Items items;
    // Characters that no font has; each is printed as its code point in a frame.
    std::vector<char32_t> missing;
    int height_dots = 0; // paper it takes, the way to the cutter included
};

// Longest slip: chosen, 1.5 m. The longest fixture is 0.2 m.
inline constexpr int height_limit_dots = 12'000;

// The typesetter and `ink` keep what they have set, which is personal: their owner wipes them when
// the session ends. Errors: too_large (longer than the limit).
base::Result<LaidOut> lay_out(const Document& document, const Profile& profile,
                              text::Typesetter& typesetter, Ink& ink);
base::Result<LaidOut> lay_out(const Document& document, const Profile& profile,
                              text::Typesetter& typesetter);

} // namespace printer
