// Sets a document in type: blocks become rows of dots.
//
// All text is shaped by kiosk/text and drawn as a picture: printers set neither Uyghur nor rare
// names (spec receipt-printer §2). Lines that are too long for the paper are broken where the
// language allows; a large text with a word wider than the paper is set smaller, and an inseparable
// word wider than the paper at the smallest size is refused rather than cut off.
#pragma once

#include "kiosk/text/typesetter.hpp"
#include "printer/document.hpp"
#include "printer/items.hpp"
#include "printer/profile.hpp"

namespace printer {

struct LaidOut {
    Items items;
    // Characters that no font has; each is printed as its code point in a frame.
    std::vector<char32_t> missing;
};

// Longest slip: chosen, 1.5 m. The longest fixture is 0.2 m.
inline constexpr int height_limit_dots = 12'000;

// The typesetter keeps what it has set, which is personal: its owner wipes it when the session
// ends. Errors: too_large (longer than the limit, or a word wider than the paper).
base::Result<LaidOut> lay_out(const Document& document, const Profile& profile,
                              text::Typesetter& typesetter);

} // namespace printer
