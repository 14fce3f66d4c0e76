// What a key on the Pinyin board costs, and what the loaded engine weighs. Method: every prefix of
// the measured words is one key; the yardstick is copying 1 MiB in the same run.
#include "screens/input/rime_pinyin.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>

namespace {

// Of this process alone: other programs of the machine do not count.
double cpu_millis() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

template <class Work> double millis(Work work) {
    const double begin = cpu_millis();
    work();
    return cpu_millis() - begin;
}

// The memory of this process, pages shared with others counted by their share.
double pss_mib() {
    std::ifstream file("/proc/self/smaps_rollup");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("Pss:")) return std::stod(line.substr(4)) / 1024;
    return 0;
}

std::vector<std::string> typed_words() {
    std::ifstream file("tests/fixtures/pinyin/words.txt");
    std::vector<std::string> words;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        std::istringstream syllables(line.substr(line.rfind('\t')));
        words.emplace_back();
        for (std::string syllable; syllables >> syllable;) words.back() += syllable;
    }
    return words;
}

} // namespace

TEST_CASE("what a key on the Pinyin board costs, against copying 1 MiB", "[.bench][pinyin]") {
    const double before = pss_mib();
    std::unique_ptr<input::RimePinyin> pinyin;
    const double opening = millis([&] {
        auto opened = input::RimePinyin::open(PINYIN_FOLDER);
        REQUIRE(opened.has_value());
        pinyin = std::move(opened).value();
    });
    const double opened = pss_mib();
    std::vector<char> from(1 << 20, 1), to(1 << 20);
    std::vector<double> copies, keys;
    for (const auto& word : typed_words()) {
        for (std::size_t typed = 1; typed <= word.size(); ++typed)
            keys.push_back(
                millis([&] { pinyin->look_up(std::string_view(word).substr(0, typed), 0, 9); }));
        copies.push_back(millis([&] {
            std::memcpy(to.data(), from.data(), from.size());
            from[std::size_t(to[7])] ^= to[3];
        }));
    }
    const double longest =
        millis([&] { pinyin->look_up(std::string(input::pinyin_letter_limit, 'z'), 0, 9); });
    std::sort(copies.begin(), copies.end());
    std::sort(keys.begin(), keys.end());
    const double copy = copies[copies.size() / 2];
    const double median = keys[keys.size() / 2], late = keys[keys.size() * 99 / 100];
    WARN("copying 1 MiB " << copy << " ms = 1; a key: median " << median / copy << " (" << median
                          << " ms), 99 of 100 " << late / copy << " (" << late << " ms), worst "
                          << keys.back() << " ms of " << keys.size() << "; 80 times z "
                          << longest / copy << " (" << longest << " ms); opening " << opening
                          << " ms; memory +" << opened - before << " MiB opened, +"
                          << pss_mib() - before << " MiB after all keys");
}
