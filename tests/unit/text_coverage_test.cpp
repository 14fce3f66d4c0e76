// Goal: what Chinese law and the district's standard ask to be shown is shown. Method: the sets of
// characters are derived from the Unicode Character Database of this machine (Debian package
// unicode-data), and every character is set; what has no glyph must stand in the lists below.
#include "kiosk/text/unicode.hpp"
#include "tests/unit/text_support.hpp"

#include <array>
#include <fstream>
#include <map>
#include <set>

using base::Language;
using namespace text_support;

namespace {

// Rows such as: 4E00..9FFF ; Unified_Ideograph # comment
template <class Visit> void for_each_range(const char* file, Visit visit) {
    std::ifstream rows(std::string("/usr/share/unicode/") + file);
    REQUIRE(rows);
    for (std::string row; std::getline(rows, row);) {
        unsigned first = 0, last = 0;
        char value[64] = "";
        if (std::sscanf(row.c_str(), "%x..%x ; %63[^ #]", &first, &last, value) != 3) {
            if (std::sscanf(row.c_str(), "%x ; %63[^ #]", &first, value) != 2) continue;
            last = first;
        }
        visit(char32_t(first), char32_t(last), std::string(value));
    }
}

std::set<char32_t> ideographs() {
    std::set<char32_t> found;
    for_each_range("PropList.txt", [&](char32_t first, char32_t last, const std::string& property) {
        if (property == "Unified_Ideograph")
            for (char32_t c = first; c <= last; ++c) found.insert(c);
    });
    return found;
}

std::map<char32_t, int> ages() { // major version of Unicode that brought the character
    std::map<char32_t, int> found;
    for_each_range("DerivedAge.txt", [&](char32_t first, char32_t last, const std::string& age) {
        for (char32_t c = first; c <= last && first < 0x40000; ++c) found[c] = std::stoi(age);
    });
    return found;
}

std::set<char32_t> without_glyph(const std::set<char32_t>& characters, const text::Style& style) {
    Fixture f;
    std::set<char32_t> missing;
    std::u32string some;
    const auto look = [&] {
        const auto& layout = f.typesetter.layout(text::encode_utf8(some), style);
        missing.insert(layout.missing.begin(), layout.missing.end());
        f.typesetter.wipe();
        some.clear();
    };
    for (const char32_t c : characters) {
        some += c;
        if (some.size() == 1000) look();
    }
    look();
    return missing;
}

std::string names_of(const std::set<char32_t>& characters) {
    std::string names;
    for (const char32_t c : characters) {
        char name[16];
        std::snprintf(name, sizeof name, "U+%04X ", unsigned(c));
        names += name;
    }
    return names;
}

} // namespace

TEST_CASE("every ideograph of GB 18030-2022 level 3 has a glyph, in both weights", "[unit][text]") {
    // Level 3 is every ideograph of the standard: 87,887 (its clause on implementation levels),
    // which are Unicode's up to version 11. That the count is met proves that the sets are equal.
    std::set<char32_t> level_3;
    const auto age = ages();
    for (const char32_t c : ideographs())
        if (age.at(c) <= 11) level_3.insert(c);
    CHECK(level_3.size() == 87'887);
    level_3.insert(0x3007);                                        // 〇
    for (char32_t c = 0x2F00; c <= 0x2FD5; ++c) level_3.insert(c); // its 214 radicals
    for (const bool bold : {false, true})
        for (const auto language : {Language::zh, Language::ug}) {
            const auto missing = without_glyph(level_3, {.language = language, .bold = bold});
            INFO(names_of(missing));
            CHECK(missing.empty());
        }
}

TEST_CASE("later ideographs of the same blocks have a glyph or are named here", "[unit][text]") {
    std::set<char32_t> later;
    const auto age = ages();
    for (const char32_t c : ideographs())
        if (age.at(c) > 11 && c < 0x30000) later.insert(c);
    // Encoded in 2020 to 2022 (Unicode 13 to 15), after the list of GB 18030-2022 was closed: no
    // face of Debian 12 has them. A name that needs one shows the code point, and the log says so.
    constexpr std::pair<char32_t, char32_t> not_handled[] = {
        {0x4DB6, 0x4DBF}, {0x9FF0, 0x9FFF}, {0x2A6D7, 0x2A6DF}, {0x2B735, 0x2B739}};
    std::set<char32_t> expected;
    for (const auto& [first, last] : not_handled)
        for (char32_t c = first; c <= last; ++c) expected.insert(c);
    const auto missing = without_glyph(later, {});
    INFO(names_of(missing));
    CHECK(missing == expected);
}

TEST_CASE("characters of names that are hard to find are shown", "[unit][text]") {
    Fixture f;
    // 𠮷 and the others of spec ui-text §1 and spec matters §9; compatibility ideographs, U+9FA6
    // and on, radicals; 𫜏 as U+2B70F, whose font support is rare.
    for (const char* name :
         {"\U00020BB7", "\U0002B70F", "𫖯", "𬱖", "㐂", "䶮", "𪚥", "𣲗", "𫞩", "𬭼", "\u9FA6",
          "\u9FEF", "\uFA0E", "\uFA29", "\uF900", "\u2E80", "〇"})
        for (const bool bold : {false, true})
            for (const auto language : base::all_languages) {
                INFO(name);
                CHECK(f.typesetter.layout(name, {.language = language, .bold = bold})
                          .missing.empty());
            }
}

TEST_CASE("every Uyghur letter has each of its joining forms, in both weights", "[unit][text]") {
    std::map<char32_t, std::string> joining; // U, R or D: with none, one or two neighbours
    std::ifstream rows("/usr/share/unicode/ArabicShaping.txt"); // 0628; BEH; D; BEH
    for (std::string row; std::getline(rows, row);) {
        unsigned c = 0;
        char type[4] = "";
        if (std::sscanf(row.c_str(), "%x; %*[^;]; %3[A-Z];", &c, type) == 2) joining[c] = type;
    }
    Fixture f;
    const std::u32string_view letters = U"اەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىيئ";
    REQUIRE(letters.size() == 33);
    for (const bool bold : {false, true})
        for (const char32_t letter : letters) {
            const std::u32string one(1, letter);
            // Sheen joins on both sides, and makes no ligature with any of them.
            const std::u32string words[] = {one, U"ش" + one, one + U"ش", U"ش" + one + U"ش"};
            std::set<unsigned> shapes;
            for (std::size_t i = 0; i < std::size(words); ++i) {
                const auto& layout = f.typesetter.layout(text::encode_utf8(words[i]),
                                                         {.language = Language::ug, .bold = bold});
                INFO(text::encode_utf8(words[i]));
                CHECK(layout.missing.empty());
                const auto& line = layout.lines[0];
                REQUIRE(line.clusters.size() == words[i].size());
                REQUIRE(line.glyphs.size() == words[i].size());
                // Glyphs stand from left to right: the last letter first.
                const std::size_t at = i == 0 || i == 1 ? 0 : 1;
                CHECK(line.glyphs[at].glyph != 0);
                CHECK(line.glyphs[at].face ==
                      (bold ? text::FaceId::uyghur_bold : text::FaceId::uyghur));
                shapes.insert(line.glyphs[at].glyph);
            }
            INFO(text::encode_utf8(one) << " " << joining.at(letter));
            CHECK(shapes.size() == (joining.at(letter) == "D" ? 4u : 2u));
        }
}
