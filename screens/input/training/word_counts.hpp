// How often characters occur and which follow which, from a packaged list of words (rime-essay,
// converted to simplified characters beforehand).
#pragma once

#include "kiosk/base/result.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace input::training {

struct Follower {
    std::uint16_t character = 0; // its place in the list of classes
    double share = 0;            // of all that follows
};

struct WordCounts {
    std::vector<double> frequency;                // of each class; never 0
    std::vector<std::vector<Follower>> followers; // of each class, likeliest first
};

// `words`: lines "word<tab>count". At most `pair_limit` pairs are kept, the most frequent ones.
// Errors: invalid_input (a line that is not understood, or hardly any).
base::Result<WordCounts> count_words(std::string_view words, const std::vector<char32_t>& classes,
                                     std::size_t pair_limit);

} // namespace input::training
