// Goal: Chinese characters for Pinyin letters, the same for everybody, with nothing kept anywhere.
// Method: librime on the data that the build compiled; folders are compared file by file.
#include "kiosk/base/bytes.hpp"
#include "kiosk/base/digest.hpp"
#include "screens/input/pinyin_data/phrases.hpp"
#include "screens/input/rime_pinyin.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
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

namespace {

// One folder for all tests: the library keeps the place of its log from its first start on.
struct Folder {
    fs::path path;
    explicit Folder(const std::string& name)
        : path(fs::temp_directory_path() / ("pinyin-" + name + "-" + std::to_string(::getpid()))) {
        fs::create_directories(path);
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

// Everything below a folder, with its bytes.
std::map<std::string, std::string> snapshot(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        files[entry.path().string()] =
            entry.is_regular_file()
                ? base::sha256_hex(base::read_file(entry.path().string()).value())
                : "folder";
    return files;
}

constexpr const char* asked[] = {"wulumuqi",
                                 "wlmq",
                                 "gxq",
                                 "gaoxinqu",
                                 "jmsfz",
                                 "shi",
                                 "yi",
                                 "z",
                                 "ylj",
                                 "sqr",
                                 "woyaobanlijuzhuzheng",
                                 "aygl",
                                 "zhangwei"};

// Everything that is offered on the first four pages.
std::vector<std::string> answers_of_a_fresh_one(input::PinyinLookup& pinyin) {
    std::vector<std::string> all;
    for (const auto* letters : asked) {
        const auto answer = pinyin.look_up(letters, 0, 36);
        all.emplace_back(answer.shown.view());
        for (const auto& candidate : answer.candidates)
            all.push_back(std::string(candidate.text.view()) + std::to_string(candidate.used));
    }
    return all;
}

// Somebody types anything and takes anything, until nothing is left to be chosen for.
void visit(input::PinyinLookup& pinyin, std::mt19937& random) {
    const auto below = [&random](std::size_t limit) { return random() % limit; };
    for (std::size_t words = 3 + below(5); words > 0; --words) {
        std::string letters;
        if (below(2) == 0)
            letters = asked[below(std::size(asked))]; // what the next person will type as well
        else
            for (std::size_t n = 1 + below(12); n > 0; --n) letters += char('a' + below(26));
        for (std::size_t typed = 1; typed < letters.size(); ++typed)
            pinyin.look_up(letters.substr(0, typed), 0, 9);
        while (!letters.empty()) {
            const auto answer = pinyin.look_up(letters, below(3) * 9, 9);
            if (answer.candidates.empty()) break;
            const auto& taken = answer.candidates[below(answer.candidates.size())];
            REQUIRE(taken.used > 0);
            REQUIRE(taken.used <= letters.size());
            letters.erase(0, taken.used);
        }
    }
}

} // namespace

TEST_CASE("fifty visits of other people leave all answers as on the first day",
          "[unit][pinyin][refusal]") {
    const unsigned seed = 20261122;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const Folder user("user");
    const auto data_before = snapshot(PINYIN_FOLDER);
    const auto pinyin = input::RimePinyin::open(PINYIN_FOLDER, user.path.string());
    REQUIRE(pinyin.has_value());
    const auto before = answers_of_a_fresh_one(**pinyin);
    for (int visits = 0; visits < 50; ++visits) visit(**pinyin, random);
    CHECK(answers_of_a_fresh_one(**pinyin) == before);
    CHECK(snapshot(PINYIN_FOLDER) == data_before);
    CHECK(snapshot(user.path).empty());
}

TEST_CASE("after a restart all answers are the same", "[unit][pinyin]") {
    const Folder user("user");
    std::vector<std::string> before;
    for (int starts = 0; starts < 3; ++starts) {
        const auto pinyin = input::RimePinyin::open(PINYIN_FOLDER, user.path.string());
        REQUIRE(pinyin.has_value());
        const auto now = answers_of_a_fresh_one(**pinyin);
        if (starts == 0) before = now;
        CHECK(now == before);
    }
    CHECK(snapshot(user.path).empty());
}

TEST_CASE("letter by letter or at once: the answer is the same", "[unit][pinyin]") {
    const auto pinyin = open_pinyin();
    const auto fresh = answers_of_a_fresh_one(*pinyin);
    const std::string letters = "xinjiangweiwuerzizhiqu";
    for (std::size_t typed = 1; typed <= letters.size(); ++typed)
        pinyin->look_up(letters.substr(0, typed), 0, 9);
    CHECK(answers_of_a_fresh_one(*pinyin) == fresh);
}

TEST_CASE("a long name is looked up whole, and one letter more is refused", "[unit][pinyin]") {
    const auto pinyin = open_pinyin();
    std::string letters = "abudurehemanmaimaitituersun";
    CHECK(first_of(*pinyin, letters) != "");
    CHECK(pinyin->look_up(letters, 0, 1).candidates.front().used == letters.size());
    while (letters.size() < input::pinyin_letter_limit) letters += "zhuang";
    letters.resize(input::pinyin_letter_limit);
    CHECK(pinyin->look_up(letters, 0, 9).candidates.size() == 9);
    CHECK(pinyin->look_up(letters + "a", 0, 9).candidates.empty());
    CHECK(pinyin->look_up(std::string(input::pinyin_letter_limit, 'z'), 0, 9).candidates.size() ==
          9);
}

TEST_CASE("names are typed without the dot that stands in them", "[unit][pinyin]") {
    const auto pinyin = open_pinyin();
    const auto whole = texts(pinyin->look_up("maimaitituersun", 0, 2));
    CHECK(whole == std::vector<std::string>{"麦麦提图尔荪", "麦麦提·图尔荪"});
    const auto spellings = texts(pinyin->look_up("abudureheman", 0, 3));
    CHECK(std::count(spellings.begin(), spellings.end(), "阿卜杜热合曼") == 1);
    CHECK(first_of(*pinyin, "changchunzhonglujiedao") == "长春中路街道");
}

TEST_CASE("Pinyin data that is missing or damaged is named, with what to do",
          "[unit][pinyin][refusal]") {
    const Folder copy("copy");
    const auto fresh_copy = [&copy] {
        fs::remove_all(copy.path);
        fs::copy(PINYIN_FOLDER, copy.path);
    };
    for (const auto& entry : fs::directory_iterator(PINYIN_FOLDER)) {
        const auto name = entry.path().filename().string();
        INFO(name);
        fresh_copy();
        fs::remove(copy.path / name);
        const auto missing = input::RimePinyin::open(copy.path.string());
        REQUIRE_FALSE(missing.has_value());
        CHECK(missing.error().code == base::Errc::not_found);
        CHECK(missing.error().context.find("rime-data-luna-pinyin") != std::string::npos);

        fresh_copy();
        fs::resize_file(copy.path / name, fs::file_size(copy.path / name) / 2);
        const auto cut = input::RimePinyin::open(copy.path.string());
        REQUIRE_FALSE(cut.has_value());
        CHECK(cut.error().code == base::Errc::corrupt);
    }
    CHECK(input::RimePinyin::open("").error().code == base::Errc::not_found);
    CHECK(open_pinyin() != nullptr); // a refused one leaves nothing behind
}

TEST_CASE("Pinyin is open once in a program", "[unit][pinyin]") {
    const auto pinyin = open_pinyin();
    CHECK(input::RimePinyin::open(PINYIN_FOLDER).error().code == base::Errc::locked);
}

TEST_CASE("a slip in a word list is named with its line", "[unit][pinyin]") {
    const Folder folder("lists");
    const auto read = [&folder](std::string_view text) {
        const auto file = (folder.path / "list.txt").string();
        REQUIRE(base::write_file_durably(file, base::as_bytes(text)).has_value());
        return input::read_phrases(file, {{"阿", {"a", "e"}}, {"里", {"li"}}});
    };
    const auto good = read("# names\nweight\t30\n阿里\ta li\n\n阿里·阿里\ta li a li\n喀\tka\n");
    REQUIRE(good.has_value());
    REQUIRE(good->size() == 3);
    CHECK((*good)[0].pinyin == "a li");
    CHECK((*good)[1].weight == 30);
    for (const auto& [text, what] :
         std::map<std::string, std::string>{{"阿里\ta\n", "fewer syllables"},
                                            {"阿里\ta li a\n", "more syllables"},
                                            {"阿里\ta lu\n", "is not read \"lu\""},
                                            {"阿里 a li\n", "expects TEXT<tab>PINYIN"},
                                            {"weight\t0\n", "expects a weight"},
                                            {"weight\tmany\n", "expects a weight"}}) {
        INFO(text);
        const auto bad = read("# first\n" + text);
        REQUIRE_FALSE(bad.has_value());
        CHECK(bad.error().code == base::Errc::invalid_input);
        CHECK(bad.error().context.find("line 2: ") != std::string::npos);
        CHECK(bad.error().context.find(what) != std::string::npos);
    }
    CHECK(input::read_phrases("no-such-list.txt", {}).error().code == base::Errc::not_found);
}
