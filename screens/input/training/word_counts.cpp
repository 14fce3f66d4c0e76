#include "screens/input/training/word_counts.hpp"

#include "kiosk/text/unicode.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>

namespace input::training {
namespace {

using base::Errc;
using base::Error;

// Added to every count, so that a character the list does not know stays possible.
// Spec handwriting, measured there.
constexpr double unseen = 20;

struct Pair {
    std::uint16_t first = 0, second = 0;
    double count = 0;
};

} // namespace

base::Result<WordCounts> count_words(std::string_view words, const std::vector<char32_t>& classes,
                                     std::size_t pair_limit) {
    std::unordered_map<char32_t, std::uint16_t> index;
    for (std::size_t i = 0; i < classes.size(); ++i) index[classes[i]] = std::uint16_t(i);
    std::vector<double> single(classes.size(), 0), before(classes.size(), 0);
    std::map<std::pair<std::uint16_t, std::uint16_t>, double> together;
    double total = 0;
    for (std::size_t number = 1; !words.empty(); ++number) {
        const auto end = words.find('\n');
        const auto line = words.substr(0, end);
        words.remove_prefix(end == words.npos ? words.size() : end + 1);
        const auto tab = line.find('\t');
        std::uint64_t count = 0;
        const bool is_read =
            tab != line.npos &&
            std::from_chars(line.data() + tab + 1, line.data() + line.size(), count).ec ==
                std::errc{};
        if (!is_read)
            return Error{Errc::invalid_input, "the list of words, line " + std::to_string(number) +
                                                  ": expected a word, a tab and a count"};
        if (count == 0) continue;
        const auto word = text::decode_utf8(line.substr(0, tab));
        for (std::size_t i = 0; i < word.size(); ++i) {
            total += double(count);
            const auto here = index.find(word[i]);
            if (here == index.end()) continue;
            single[here->second] += double(count);
            if (i + 1 == word.size()) continue;
            before[here->second] += double(count);
            if (const auto next = index.find(word[i + 1]); next != index.end())
                together[{here->second, next->second}] += double(count);
        }
    }
    if (total == 0) return Error{Errc::invalid_input, "the list of words is empty"};

    WordCounts counts;
    for (const double count : single)
        counts.frequency.push_back((count + unseen) / (total + unseen * double(classes.size())));
    std::vector<Pair> pairs;
    for (const auto& [key, count] : together) pairs.push_back({key.first, key.second, count});
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const Pair& a, const Pair& b) { return a.count > b.count; });
    pairs.resize(std::min(pairs.size(), pair_limit));
    counts.followers.resize(classes.size());
    for (const auto& pair : pairs)
        counts.followers[pair.first].push_back({pair.second, pair.count / before[pair.first]});
    return counts;
}

} // namespace input::training
