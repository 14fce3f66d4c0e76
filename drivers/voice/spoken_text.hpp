// A text of the screen as a voice can read it: Chinese as toned Pinyin, digits one by one or as
// numbers, dates, times, receipt numbers in groups, each script by a voice that knows it.
//
// Pure. What has no reading is skipped and counted, never spelled.
#pragma once

#include "drivers/voice/readings.hpp"
#include "kiosk/base/language.hpp"

#include <vector>

namespace drivers {

struct SpokenPart {
    base::Language voice = base::Language::zh; // zh: `text` is Pinyin with tones, never characters
    base::SecretText text;                     // ASCII punctuation stands for pauses
};

struct SpokenText {
    std::vector<SpokenPart> parts;
    std::size_t unknown = 0; // letters that no voice can read
};

// `readings`: without it Chinese characters are unknown.
SpokenText spoken_text(std::string_view utf8, base::Language language, const Readings* readings);

} // namespace drivers
