// How Chinese characters are read: the packaged dictionary of toned Pinyin, and the segmenter that
// finds the words in a text, because many characters are read by the word they stand in.
//
// Made at build time by `pack_readings` from rime-data-terra-pinyin (words, tones), rime-essay
// (how frequent), Unihan (single characters) and assets/voice/readings.txt (ours, which wins). The
// file is mapped, not loaded: 2.5 MB that any number of programs share.
#pragma once

#include "kiosk/base/result.hpp"
#include "kiosk/base/secret.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace drivers {

class Readings {
public:
    // Lines "word TAB frequency TAB syllables", sorted by the bytes of the word.
    // Errors: not_found, corrupt (not sorted, or not such lines; the line is named).
    static base::Result<std::unique_ptr<Readings>> open(const std::string& file);
    static base::Result<std::unique_ptr<Readings>> from_text(std::string text);
    virtual ~Readings() = default;

    // Syllables with tones 1 to 5, a space between them, appended to `out`; with the changes of
    // tone that 一 and 不 make. Returns how many characters have no reading: they are skipped.
    std::size_t read(std::u32string_view characters, base::SecretText& out) const;

    // Words in the dictionary.
    std::size_t size() const { return size_; }

protected:
    Readings() = default;
    base::Result<void> check();
    std::string_view text_; // owned by who derives

private:
    struct Entry {
        long frequency = 0;
        std::string_view syllables;
    };
    struct Word {
        std::size_t length = 0; // characters
        std::string_view syllables;
    };
    const char* line_at(const char* within) const;
    bool find(std::string_view word, Entry& entry) const;
    std::vector<Word> words_of(std::u32string_view characters) const;

    std::size_t size_ = 0;
};

// Longest word looked for, in characters: names of offices and sayings have up to eight.
inline constexpr std::size_t longest_read_word = 8;

} // namespace drivers
