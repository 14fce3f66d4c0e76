// Goal: Chinese characters for Pinyin letters, the same for everybody, with nothing kept anywhere.
// Method: librime on the data that the build compiled; folders are compared file by file.
#include "kiosk/base/bytes.hpp"
#include "kiosk/base/digest.hpp"
#include "screens/input/rime_pinyin.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

std::unique_ptr<input::RimePinyin> open_pinyin() {
    auto opened = input::RimePinyin::open(PINYIN_FOLDER);
    INFO((opened ? "" : opened.error().text()));
    REQUIRE(opened.has_value());
    return std::move(opened).value();
}

std::vector<std::string> texts(const input::PinyinAnswer& answer) {
    std::vector<std::string> out;
    for (const auto& candidate : answer.candidates) out.emplace_back(candidate.text.view());
    return out;
}

std::string first_of(input::PinyinLookup& pinyin, std::string_view letters) {
    const auto answer = pinyin.look_up(letters, 0, 1);
    return answer.candidates.empty() ? "" : std::string(answer.candidates.front().text.view());
}

} // namespace

TEST_CASE("full spelling and initials bring the word first", "[unit][pinyin]") {
    const auto pinyin = open_pinyin();
    CHECK(first_of(*pinyin, "wulumuqi") == "乌鲁木齐");
    CHECK(first_of(*pinyin, "wlmq") == "乌鲁木齐");
    CHECK(first_of(*pinyin, "jmsfz") == "居民身份证");
    CHECK(first_of(*pinyin, "xinjiangweiwuerzizhiqu") == "新疆维吾尔自治区");
    CHECK(first_of(*pinyin, "nvhai") == "女孩");
    CHECK(pinyin->look_up("wulumuqi", 0, 1).shown.view() == "wu lu mu qi");
}

TEST_CASE("a candidate says how many letters it stands for", "[unit][pinyin]") {
    const auto pinyin = open_pinyin();
    const auto answer = pinyin->look_up("wulumuqiv", 0, 40);
    REQUIRE(answer.candidates.size() == 40);
    CHECK(answer.candidates.front().text.view() == "乌鲁木齐");
    CHECK(answer.candidates.front().used == 8);
    for (const auto& candidate : answer.candidates) {
        CHECK(candidate.used > 0);
        CHECK(candidate.used <= 8);
    }
    CHECK(answer.candidates.back().used == 2); // single characters for "wu" stand behind phrases
}

TEST_CASE("candidates come page by page as they come at once", "[unit][pinyin]") {
    const auto pinyin = open_pinyin();
    for (const auto* letters : {"yi", "gxq", "wulumuqi", "shehuibaoxian", "zhi'an"}) {
        INFO(letters);
        const auto all = texts(pinyin->look_up(letters, 0, 60));
        std::vector<std::string> joined;
        for (std::size_t first = 0; first < 60; first += 7) {
            const auto page = pinyin->look_up(letters, first, 7);
            for (auto& text : texts(page)) joined.push_back(std::move(text));
            if (!page.has_more) break;
            CHECK(page.candidates.size() == 7);
        }
        joined.resize(std::min<std::size_t>(joined.size(), 60));
        CHECK(joined == all);
    }
}

TEST_CASE("what is no Pinyin gives no candidates, and is no error", "[unit][pinyin]") {
    const auto pinyin = open_pinyin();
    for (const auto* letters : {"", "i", "v", "u", "iwulu", "'", "''''", "WLMQ", "wu lu", "乌鲁",
                                "wu\n", "wu1", "\x80\xff"}) {
        INFO(letters);
        const auto answer = pinyin->look_up(letters, 0, 9);
        CHECK(answer.candidates.empty());
        CHECK_FALSE(answer.has_more);
    }
    CHECK(pinyin->look_up("wu", 0, 0).candidates.empty());
    CHECK(pinyin->look_up("wulumuqi", 100'000, 5).candidates.empty());
}

TEST_CASE("an apostrophe cuts syllables", "[unit][pinyin]") {
    const auto pinyin = open_pinyin();
    CHECK(first_of(*pinyin, "xi'an") == "西安");
    CHECK(first_of(*pinyin, "xi''an") == "西安");
    CHECK(pinyin->look_up("xi''an", 0, 1).candidates.front().used == 6);
    CHECK(pinyin->look_up("'xian", 0, 1).candidates.front().used == 5);
    CHECK(pinyin->look_up("xian'", 0, 1).candidates.front().used == 5);
}
