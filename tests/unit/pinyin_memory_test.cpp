// Goal: what was typed in Pinyin, and what was made of it, is gone from this program's memory when
// the look-up has ended, librime's own copies with it (spec reliability M1, M2). Method: with the
// kiosk's wiping heap, every writable page of this process is searched. The name is made up.
#include "kiosk/base/secret.hpp"
#include "screens/input/rime_pinyin.hpp"
#include "tests/support/memory_search.hpp"

#include <catch2/catch.hpp>

namespace {

using memory_search::Search;
using memory_search::Veiled;

// No phrase of the dictionary, so that it is made in memory and not found in a file.
constexpr Veiled letters("letters", "paziyanglaititushiyanyangpin");
constexpr Veiled syllables("syllables", "pa zi yang lai ti tu shi yan yang pin");
constexpr Veiled made("characters", "帕子仰赖涕唾实验样品");

// By itself, so that its stack has ended when the search begins. `found_during`: while the answer
// is still held.
[[gnu::noinline]] void type(input::PinyinLookup& pinyin, std::size_t& found_during) {
    auto clear = letters.clear();
    for (std::size_t typed = 1; typed <= clear.size(); ++typed)
        pinyin.look_up(std::string_view(clear).substr(0, typed), 0, 9);
    const auto answer = pinyin.look_up(clear, 0, 9);
    REQUIRE(!answer.candidates.empty());
    auto expected = made.clear();
    CHECK((answer.candidates.front().text.view() == expected));
    base::wipe(expected);
    found_during = Search({&letters, &syllables, &made}).run()->size();
    base::wipe(clear);
}

} // namespace

TEST_CASE("nothing typed in Pinyin is left in memory", "[unit][pinyin][memory][refusal][M1][M2]") {
    if (!Search({&letters}).run().has_value()) {
        WARN("skipped: this process may not read /proc/self/mem");
        return;
    }
    const auto pinyin = input::RimePinyin::open(PINYIN_FOLDER);
    REQUIRE(pinyin.has_value());
    std::size_t found_during = 0;
    type(**pinyin, found_during);
    CHECK(found_during >= 3); // the search is able
    base::wipe_stack_below();
    CHECK(base::SessionArena::instance().in_use() == 0);
    const auto left = Search({&letters, &syllables, &made}).run();
    for (const auto& each : *left) FAIL_CHECK(each.what << " left in " << each.where);
}
