// Our own word lists: text, how it is typed, how likely it is.
//
// One phrase a line: the characters, a tab, one syllable for each Chinese character. A line
// `weight<tab>N` holds for all lines below it; # begins a comment. The readings are checked against
// librime's dictionary, so that a slip in a list ends the build and not a resident's patience.
#pragma once

#include "kiosk/base/result.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace input {

struct Phrase {
    std::string text;   // may hold the middle dot of names, which is not typed
    std::string pinyin; // "wu lu mu qi"; v for ü
    int weight = 0;     // on the scale of librime's vocabulary: 1 rare, 1,000 usual, 50,000 daily
};

// The syllables of each character.
using Readings = std::map<std::string, std::set<std::string>>;

// From luna_pinyin.dict.yaml. Errors: not_found, io.
base::Result<Readings> read_readings(const std::string& file);
// Errors: not_found, io, invalid_input (file, line, what is wrong).
base::Result<std::vector<Phrase>> read_phrases(const std::string& file, const Readings& readings);

} // namespace input
