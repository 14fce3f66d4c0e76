#include "screens/input/pinyin_data/phrases.hpp"

#include "kiosk/base/bytes.hpp"

#include <charconv>
#include <sstream>

namespace input {
namespace {

using base::Errc;
using base::Error;

// UTF-8 cut into characters.
std::vector<std::string> characters(std::string_view text) {
    std::vector<std::string> out;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) out.emplace_back();
        if (!out.empty()) out.back() += c;
    }
    return out;
}

std::vector<std::string> syllables(const std::string& pinyin) {
    std::istringstream words(pinyin);
    std::vector<std::string> out;
    for (std::string word; words >> word;) out.push_back(word);
    return out;
}

// What is wrong with a line; empty: nothing. Simplified characters that librime's dictionary does
// not have (it is written in traditional ones) pass unchecked.
std::string fault_in(const Phrase& phrase, const Readings& readings) {
    const auto typed = syllables(phrase.pinyin);
    std::size_t at = 0;
    for (const auto& character : characters(phrase.text)) {
        if (character == "\u00b7") continue; // the middle dot of names
        if (at == typed.size()) return "has fewer syllables than characters";
        const auto known = readings.find(character);
        if (known != readings.end() && !known->second.contains(typed[at]))
            return character + " is not read \"" + typed[at] + "\"";
        ++at;
    }
    return at == typed.size() ? "" : "has more syllables than characters";
}

} // namespace

base::Result<Readings> read_readings(const std::string& file) {
    const auto bytes = TRY(base::read_file(file));
    std::istringstream lines{std::string(base::as_text(bytes))};
    Readings readings;
    for (std::string line; std::getline(lines, line);) {
        const auto tab = line.find('\t');
        if (tab == std::string::npos) continue;
        const auto end = line.find('\t', tab + 1);
        readings[line.substr(0, tab)].insert(line.substr(tab + 1, end - tab - 1));
    }
    return readings;
}

base::Result<std::vector<Phrase>> read_phrases(const std::string& file, const Readings& readings) {
    const auto bytes = TRY(base::read_file(file));
    std::istringstream lines{std::string(base::as_text(bytes))};
    std::vector<Phrase> phrases;
    int weight = 1;
    int number = 0;
    const auto fault = [&](const std::string& what) {
        return Error{Errc::invalid_input, file + ", line " + std::to_string(number) + ": " + what};
    };
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (line.empty() || line.front() == '#') continue;
        const auto tab = line.find('\t');
        if (tab == std::string::npos) return fault("expects TEXT<tab>PINYIN");
        const auto text = line.substr(0, tab);
        const auto rest = line.substr(tab + 1);
        if (text == "weight") {
            const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), weight);
            if (read.ec != std::errc{} || weight < 1) return fault("expects a weight from 1 on");
            continue;
        }
        phrases.push_back({text, rest, weight});
        if (const auto wrong = fault_in(phrases.back(), readings); !wrong.empty())
            return fault(text + ": " + wrong);
    }
    return phrases;
}

} // namespace input
