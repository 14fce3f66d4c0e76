// Text that a printer sets in its own type: what may be, and where its lines end.
#pragma once

#include "kiosk/base/language.hpp"
#include "kiosk/base/secret.hpp"
#include "printer/profile.hpp"

#include <optional>
#include <string>
#include <vector>

namespace printer {

// What reaches paper of a text that somebody typed or sent: a control character becomes U+FFFD, a
// tab a space; marks that reorder the rest of the line (embeddings, overrides), tags and byte order
// marks are left out. New lines and isolates stay. Ill-formed UTF-8 is left to who decodes it.
base::SecretText printable(std::string_view text);

// The characters, when the unit is known to have every one of them and they run from left to
// right; isolates and direction marks are gone, new lines stay.
std::optional<std::u32string> native_characters(std::string_view text, base::Language language,
                                                const Profile& profile);

// Dots at scale 1.
int native_width(std::u32string_view characters);

// Greedy lines of at most `width_dots` (scale 1); a word wider than that is broken between cells.
std::vector<std::u32string> native_lines(std::u32string_view characters, int width_dots);

} // namespace printer
