// Makes the dictionary of readings (readings.hpp) when the kiosk is built.
//
//   pack_readings TERRA TERRA_SIMPLIFIED ESSAY UNIHAN OWN OUT
//
// TERRA: terra_pinyin.dict.yaml; TERRA_SIMPLIFIED: the same through `opencc -c t2s.json`, line by
// line; ESSAY: how frequent words are, traditional; UNIHAN: Unihan_Readings.txt; OWN: readings.txt.
#include "kiosk/base/bytes.hpp"
#include "kiosk/text/unicode.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace {

struct Entry {
    double weight = -1;   // of the reading among others of the same word
    double frequency = 0; // of the word
    std::string syllables;
};
using Entries = std::map<std::string, Entry>;

// Ours come before everything.
constexpr double own_weight = 1e12;

std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields(1);
    for (const char c : line) {
        if (c == '\t')
            fields.emplace_back();
        else if (c != '\r')
            fields.back() += c;
    }
    return fields;
}

double number_of(const std::string& text, double otherwise) {
    double value = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::size_t syllable_count(const std::string& syllables) {
    return std::size_t(std::count(syllables.begin(), syllables.end(), ' ')) + 1;
}

bool is_reading(const std::string& word, const std::string& syllables) {
    const auto letters = text::decode_utf8(word);
    if (letters.empty() || syllable_count(syllables) != letters.size()) return false;
    char before = ' ';
    for (const char c : syllables + " ") {
        const bool is_tone = c >= '1' && c <= '5';
        const bool is_letter = c >= 'a' && c <= 'z';
        if (!is_tone && !is_letter && c != ' ') return false;
        if (c == ' ' && !(before >= '1' && before <= '5')) return false;
        if (is_tone && !(before >= 'a' && before <= 'z')) return false;
        before = c;
    }
    return true;
}

void offer(Entries& entries, const std::string& word, const std::string& syllables, double weight,
           double frequency) {
    if (!is_reading(word, syllables)) return;
    auto& entry = entries[word];
    entry.frequency = std::max(entry.frequency, frequency);
    if (weight <= entry.weight) return;
    entry.weight = weight;
    entry.syllables = syllables;
}

std::map<std::string, double> read_essay(const std::string& file) {
    std::map<std::string, double> frequencies;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const auto fields = fields_of(line);
        if (fields.size() >= 2) frequencies[fields[0]] = number_of(fields[1], 0);
    }
    return frequencies;
}

// "word TAB syllables [TAB 98%]" behind the line "...". Characters that are one in simplified
// script, 發 and 髮, compete by how frequent each is.
bool read_terra(const std::string& traditional, const std::string& simplified,
                const std::map<std::string, double>& essay, Entries& entries) {
    std::ifstream in(traditional), also(simplified);
    bool has_begun = false;
    for (std::string line, other; std::getline(in, line) && std::getline(also, other);) {
        if (line == "...") has_begun = true;
        const auto fields = fields_of(line), converted = fields_of(other);
        if (!has_begun || fields.size() < 2 || converted.size() < 2) continue;
        const auto known = essay.find(fields[0]);
        const double frequency = known == essay.end() ? 0 : known->second;
        const double share = fields.size() > 2 ? number_of(fields[2], 100) / 100 : 1;
        offer(entries, converted[0], fields[1], (frequency + 1) * share, frequency);
    }
    return has_begun;
}

// "zhǎng" as "zhang3".
std::string without_accents(const std::string& pinyin) {
    static constexpr std::u32string_view marked = U"āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ";
    static constexpr std::string_view plain = "aaaaeeeeiiiioooouuuuvvvvnnnm";
    static constexpr std::string_view tones = "1234123412341234123412342342";
    std::string out;
    char tone = '5';
    for (const char32_t c : text::decode_utf8(pinyin)) {
        const auto at = marked.find(c);
        if (at != std::u32string_view::npos) {
            out += plain[at];
            tone = tones[at];
        } else if (c == U'ü') {
            out += 'v';
        } else if (c >= U'a' && c <= U'z') {
            out += char(c);
        }
    }
    return out + tone;
}

void read_unihan(const std::string& file, Entries& entries) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const auto fields = fields_of(line);
        if (fields.size() < 3 || fields[1] != "kMandarin") continue;
        char32_t character = 0;
        unsigned value = 0;
        std::from_chars(fields[0].data() + 2, fields[0].data() + fields[0].size(), value, 16);
        character = char32_t(value);
        const auto first = fields[2].substr(0, fields[2].find(' '));
        const auto word = text::encode_utf8(std::u32string_view(&character, 1));
        if (entries.find(word) == entries.end()) offer(entries, word, without_accents(first), 0, 0);
    }
}

// "word TAB syllables"; empty lines and lines that begin with # are left out.
bool read_own(const std::string& file, Entries& entries) {
    std::ifstream in(file);
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        if (line.empty() || line[0] == '#') continue;
        const auto fields = fields_of(line);
        if (fields.size() != 2 || !is_reading(fields[0], fields[1])) {
            std::fprintf(stderr,
                         "%s:%d: expects a word, a tab, and as many syllables with tones 1 to 5\n",
                         file.c_str(), number);
            return false;
        }
        const bool is_word = text::decode_utf8(fields[0]).size() > 1;
        offer(entries, fields[0], fields[1], own_weight, is_word ? 1e6 : 0);
    }
    return number > 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 7) {
        std::fprintf(stderr, "usage: pack_readings TERRA TERRA_SIMPLIFIED ESSAY UNIHAN OWN OUT\n");
        return 2;
    }
    Entries entries;
    const auto essay = read_essay(argv[3]);
    if (essay.empty() || !read_terra(argv[1], argv[2], essay, entries)) {
        std::fprintf(stderr, "pack_readings: %s or %s is not what was expected\n", argv[1],
                     argv[3]);
        return 1;
    }
    const auto from_terra = entries.size();
    read_unihan(argv[4], entries);
    const auto with_unihan = entries.size();
    if (!read_own(argv[5], entries)) return 1;
    std::ofstream out(argv[6], std::ios::binary);
    for (const auto& [word, entry] : entries)
        out << word << '\t' << std::int64_t(entry.frequency) << '\t' << entry.syllables << '\n';
    out.flush();
    if (!out) {
        std::fprintf(stderr, "pack_readings: cannot write %s\n", argv[6]);
        return 1;
    }
    std::printf("%zu readings: %zu of terra_pinyin, %zu more of Unihan, %zu more of ours\n",
                entries.size(), from_terra, with_unihan - from_terra, entries.size() - with_unihan);
    return 0;
}
