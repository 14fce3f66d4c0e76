#include "kiosk/content/development/pseudo_languages.hpp"

#include "kiosk/forms/utf8.hpp"

#include <algorithm>
#include <array>

namespace content {
namespace {

constexpr double growth = 1.6; // design README §5: a Uyghur sentence may be 60 % longer

// Only letters with a mark above: the tallest a line has to hold.
std::string_view accented(char c) {
    switch (c) {
    case 'a': return "å";
    case 'e': return "é";
    case 'i': return "í";
    case 'o': return "ö";
    case 'u': return "ů";
    case 'A': return "Å";
    case 'E': return "É";
    case 'I': return "Í";
    case 'O': return "Ö";
    case 'U': return "Ů";
    default: return {};
    }
}

// One letter of the 33 (spec ui-text §2.9) for each Latin letter, chosen by likeness of sound.
constexpr std::array<std::string_view, 26> uyghur_for_latin{
    "ا", "ب", "چ", "د", "ې", "ف", "گ", "ھ", "ى", "ج", "ك", "ل", "م",
    "ن", "و", "پ", "ق", "ر", "س", "ت", "ۇ", "ۋ", "غ", "خ", "ي", "ز"};

std::string_view uyghur_mark(char c) {
    switch (c) {
    case ',': return "،";
    case '?': return "؟";
    case ';': return "؛";
    default: return {};
    }
}

// Calls `each` with every character outside placeholders, and copies placeholders.
template <class Each> std::string outside_placeholders(std::string_view text, Each each) {
    std::string out;
    bool inside = false;
    for (const char c : text) {
        inside = inside || c == '{';
        if (inside)
            out += c;
        else
            each(out, c);
        inside = inside && c != '}';
    }
    return out;
}

std::size_t characters(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) forms::next_code_point(text, at);
    return count;
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        });
        if (plain && !word.empty()) words.push_back(word);
        text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
    return words;
}

} // namespace

std::string stretched(std::string_view english) {
    std::string longer(english);
    const auto words = words_of(english);
    // A code of two letters ("EN") has that many in every language.
    const bool is_code = characters(english) <= 2;
    const auto wanted = is_code ? 0 : std::size_t(double(characters(english)) * growth + 0.5);
    for (std::size_t i = 0, have = characters(english); !words.empty() && have < wanted; ++i) {
        const auto word =
            words[i % words.size()].substr(0, std::max<std::size_t>(1, wanted - have - 1));
        longer.append(" ").append(word);
        have += word.size() + 1;
    }
    return outside_placeholders(longer, [](std::string& out, char c) {
        const auto tall = accented(c);
        tall.empty() ? out += c : out += tall;
    });
}

std::string turned(std::string_view english) {
    return outside_placeholders(english, [](std::string& out, char c) {
        const char small = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
        const auto mark = uyghur_mark(c);
        if (small >= 'a' && small <= 'z')
            out += uyghur_for_latin[std::size_t(small - 'a')];
        else
            mark.empty() ? out += c : out += mark;
    });
}

std::shared_ptr<const ContentSet> with_pseudo_languages(const ContentSet& set) {
    return set.with_texts([](const LocalText& text) {
        auto changed = text;
        changed.set(base::Language::en, stretched(text.in(base::Language::en)));
        changed.set(base::Language::ug, turned(text.in(base::Language::en)));
        return changed;
    });
}

} // namespace content
