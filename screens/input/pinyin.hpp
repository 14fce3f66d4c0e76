// Chinese characters for Pinyin letters: what the Pinyin board offers while somebody types.
//
// A pure look-up: the answer depends on the letters alone, never on who typed before or what was
// chosen (spec ui-text §4: nothing is learned, nothing is kept). What is composed belongs to the
// caller, which wipes it.
#pragma once

#include "kiosk/base/secret.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace input {

// The most letters looked up at once; further ones are refused by the board. Chosen: 13 syllables
// of a long transliterated name, of at most 6 letters.
inline constexpr std::size_t pinyin_letter_limit = 80;

struct PinyinCandidate {
    base::SecretText text;
    std::size_t used = 0; // letters it stands for; the rest stays to be chosen for
};

struct PinyinAnswer {
    base::SecretText shown;                  // the letters cut into syllables: "wu lu mu qi"
    std::vector<PinyinCandidate> candidates; // best first
    bool has_more = false;                   // than were asked for
};

class PinyinLookup {
public:
    virtual ~PinyinLookup() = default;
    // `letters`: a to z and ' between syllables. At most `most` candidates from the `first` one on.
    // Letters that are no Pinyin give no candidates. One thread.
    virtual PinyinAnswer look_up(std::string_view letters, std::size_t first, std::size_t most) = 0;
};

} // namespace input
