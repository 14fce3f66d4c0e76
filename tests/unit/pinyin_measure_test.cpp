// Goal: say how often the wanted word stands first, or among the first five. Method: every word of
// tests/fixtures/pinyin/words.txt, which was committed before the first measurement, typed as whole
// syllables and as initials. The floors stand a little under what was measured.
#include "screens/input/rime_pinyin.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>

namespace {

struct Word {
    std::string group, text, full, initials;
};

std::vector<Word> read_words() {
    std::ifstream file("tests/fixtures/pinyin/words.txt");
    std::vector<Word> words;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        std::istringstream columns(line);
        Word word;
        std::getline(columns, word.group, '\t');
        std::getline(columns, word.text, '\t');
        for (std::string syllable; columns >> syllable;) {
            word.full += syllable;
            word.initials += syllable.front();
        }
        words.push_back(std::move(word));
    }
    return words;
}

struct Share {
    int words = 0;
    int first = 0;
    int in_five = 0;

    void count(const Word& word, const std::string& letters, input::PinyinLookup& pinyin) {
        ++words;
        const auto answer = pinyin.look_up(letters, 0, 5);
        for (std::size_t i = 0; i < answer.candidates.size(); ++i)
            if (answer.candidates[i].text.view() == word.text) {
                first += i == 0;
                ++in_five;
                return;
            }
    }
    double share_first() const { return 100.0 * first / words; }
    double share_in_five() const { return 100.0 * in_five / words; }
};

struct Floor { // in per cent
    double full_first, full_in_five, initials_first, initials_in_five;
};

} // namespace

TEST_CASE("the words of the kiosk stand first or among the first five", "[unit][pinyin][measure]") {
    const auto pinyin = input::RimePinyin::open(PINYIN_FOLDER);
    REQUIRE(pinyin.has_value());
    std::map<std::string, std::pair<Share, Share>> groups;
    for (const auto& word : read_words()) {
        auto& [full, initials] = groups[word.group];
        full.count(word, word.full, **pinyin);
        initials.count(word, word.initials, **pinyin);
    }
    const std::map<std::string, Floor> floors{
        {"content", {91, 98, 48, 68}},  {"street", {98, 99, 76, 85}},
        {"name", {80, 98, 38, 68}},     {"other-word", {93, 99, 25, 41}},
        {"other-name", {43, 59, 0, 2}},
    };
    for (const auto& [group, floor] : floors) {
        INFO(group);
        REQUIRE(groups.contains(group));
        const auto& [full, initials] = groups.at(group);
        std::printf("%-10s %4d words: whole syllables first %5.1f %%, in five %5.1f %%; "
                    "initials first %5.1f %%, in five %5.1f %%\n",
                    group.c_str(), full.words, full.share_first(), full.share_in_five(),
                    initials.share_first(), initials.share_in_five());
        CHECK(full.share_first() >= floor.full_first);
        CHECK(full.share_in_five() >= floor.full_in_five);
        CHECK(initials.share_first() >= floor.initials_first);
        CHECK(initials.share_in_five() >= floor.initials_in_five);
    }
}
