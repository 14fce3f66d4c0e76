// GB 18030-2022, both ways, beside the C library's converter as a second opinion.
#include "printer/gb18030.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iconv.h>
#include <set>
#include <string>

namespace {

using printer::Charset;

bool is_scalar(char32_t c) {
    return c < 0xD800 || c > 0xDFFF;
}

// What glibc says; empty when it has no code for the character.
class SecondOpinion {
public:
    SecondOpinion() : native_(iconv_open("GB18030", "UCS-4LE")) { REQUIRE(native_ != iconv_t(-1)); }
    ~SecondOpinion() { iconv_close(native_); }
    SecondOpinion(const SecondOpinion&) = delete;
    SecondOpinion& operator=(const SecondOpinion&) = delete;

    std::string bytes_of(char32_t c) {
        std::array<char, 4> in{char(c), char(c >> 8), char(c >> 16), char(c >> 24)};
        std::array<char, 8> out{};
        char* from = in.data();
        char* to = out.data();
        std::size_t from_left = in.size();
        std::size_t to_left = out.size();
        iconv(native_, nullptr, nullptr, nullptr, nullptr);
        if (iconv(native_, &from, &from_left, &to, &to_left) == std::size_t(-1)) return {};
        return {out.data(), out.size() - to_left};
    }

private:
    iconv_t native_;
};

std::string hex_of(char32_t c) {
    return base::to_hex(printer::to_gb18030(c).view());
}

// Level 3 of GB 18030-2022: every ideograph of the blocks it names.
template <class Visit> int for_each_ideograph(Visit visit) {
    constexpr std::array<std::pair<char32_t, char32_t>, 7> blocks{{{0x3400, 0x4DB5},
                                                                   {0x4E00, 0x9FEF},
                                                                   {0x20000, 0x2A6D6},
                                                                   {0x2A700, 0x2B734},
                                                                   {0x2B740, 0x2B81D},
                                                                   {0x2B820, 0x2CEA1},
                                                                   {0x2CEB0, 0x2EBE0}}};
    constexpr std::array<char32_t, 12> among_compatibility{0xFA0E, 0xFA0F, 0xFA11, 0xFA13,
                                                           0xFA14, 0xFA1F, 0xFA21, 0xFA23,
                                                           0xFA24, 0xFA27, 0xFA28, 0xFA29};
    int count = 0;
    for (const auto& [first, last] : blocks) {
        for (char32_t c = first; c <= last; ++c, ++count) visit(c);
    }
    for (const char32_t c : among_compatibility) visit(c);
    return count + int(among_compatibility.size());
}

} // namespace

TEST_CASE("every character has its own GB 18030 code and comes back from it", "[unit][receipt]") {
    std::set<std::string> seen;
    std::size_t count = 0;
    std::size_t wrong = 0;
    std::size_t could_command = 0;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (!is_scalar(c)) continue;
        ++count;
        const auto code = printer::to_gb18030(c);
        const auto back = printer::from_gb18030(code.view());
        wrong += !back || back->character != c || back->size != code.size;
        if (c < 0x80) continue;
        for (const std::uint8_t byte : code.view()) could_command += byte < 0x30;
        if (c <= 0xFFFF) {
            seen.insert({reinterpret_cast<const char*>(code.view().data()), code.size});
        }
    }
    CHECK(count == 1'112'064);
    CHECK(wrong == 0);
    CHECK(could_command == 0); // no byte of text can begin a command (spec §2)
    CHECK(seen.size() == 0x10000 - 0x800 - 0x80);
}

TEST_CASE("the C library agrees about every character but the six that 2022 left private",
          "[unit][receipt]") {
    SecondOpinion glibc;
    std::vector<char32_t> differ;
    int without = 0;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (!is_scalar(c)) continue;
        const auto theirs = glibc.bytes_of(c);
        // It has no code for what it moved, and none for noncharacters.
        if (theirs.empty()) {
            ++without;
            continue;
        }
        const auto ours = printer::to_gb18030(c);
        if (!std::equal(theirs.begin(), theirs.end(), ours.view().begin(), ours.view().end(),
                        [](char a, std::uint8_t b) { return std::uint8_t(a) == b; }))
            differ.push_back(c);
    }
    const std::vector<char32_t> left_private{0x20087, 0x20089, 0x200CC, 0x215D7, 0x2298F, 0x241FE};
    CHECK(differ == left_private);
    CHECK(without < 2200); // surrogates aside
}

TEST_CASE("the edition of 2022 is kept, and rare name characters have their known bytes",
          "[unit][receipt]") {
    // 18 pairs that changed places in 2022.
    CHECK(hex_of(0xFE10) == "a6d9");
    CHECK(hex_of(0xE78D) == "84318236");
    CHECK(hex_of(0xFE12) == "a6da");
    CHECK(hex_of(0xE78E) == "84318238");
    CHECK(hex_of(0xFE11) == "a6db");
    CHECK(hex_of(0xE78F) == "84318237");
    CHECK(hex_of(0xFE19) == "a6f3");
    CHECK(hex_of(0xE796) == "84318335");
    CHECK(hex_of(0x9FB4) == "fe59");
    CHECK(hex_of(0xE81E) == "82359037");
    CHECK(hex_of(0x9FBB) == "fea0");
    CHECK(hex_of(0xE864) == "82359134");
    // 2005
    CHECK(hex_of(0x1E3F) == "a8bc");
    CHECK(hex_of(0xE7C7) == "8135f437");
    // What stays private; the ideograph has four bytes.
    CHECK(hex_of(0xE816) == "fe51");
    CHECK(hex_of(0x20087) == "95329031");
    // Spec receipt-printer §9.
    CHECK(hex_of(U'㐂') == "8139ef31");
    CHECK(hex_of(U'㑇') == "fe56");
    CHECK(hex_of(U'䶮') == "fe9f");
    CHECK(hex_of(U'龘') == "fd93");
    CHECK(hex_of(U'𠮷') == "9534b235");
    CHECK(hex_of(U'𣲗') == "9634a937");
    CHECK(hex_of(U'𬭎') == "9933a932");
    CHECK(hex_of(U'𬱖') == "9933c336");
    CHECK(hex_of(U'𬍛') == "9931d937");
    CHECK(hex_of(U'𫖯') == "9838f537");
    CHECK(hex_of(U'𬸪') == "9933f234");
}

TEST_CASE("a unit is trusted with the characters of its charset only", "[unit][receipt]") {
    const auto knows = [](Charset charset) {
        std::size_t count = 0;
        const int all = for_each_ideograph([&](char32_t c) { count += has_glyph(charset, c); });
        CHECK(all == 87'887);
        return count;
    };
    CHECK(knows(Charset::none) == 0);
    CHECK(knows(Charset::gb2312) == 6'763);
    CHECK(knows(Charset::gbk) >= 20'902);
    CHECK(knows(Charset::gbk) <= 21'003);
    CHECK(knows(Charset::gb18030_two) > knows(Charset::gbk));
    CHECK(knows(Charset::gb18030_four) == 20'976 + 6'582 + 196 + 12 - 0);
    for (const auto charset : {Charset::gb2312, Charset::gbk, Charset::gb18030_four}) {
        CHECK_FALSE(has_glyph(charset, U'A'));
        CHECK_FALSE(has_glyph(charset, U'ئ'));
        CHECK_FALSE(has_glyph(charset, 0xE816));
        CHECK_FALSE(has_glyph(charset, 0xE000));
        CHECK_FALSE(has_glyph(charset, 0x200B));
        CHECK(has_glyph(charset, U'，'));
        CHECK(has_glyph(charset, U'。'));
    }
    CHECK_FALSE(has_glyph(Charset::gb2312, U'㑇'));
    CHECK_FALSE(has_glyph(Charset::gb18030_two, U'𬱖'));
    CHECK(has_glyph(Charset::gb18030_four, U'𬱖'));
    CHECK_FALSE(has_glyph(Charset::gb18030_four, 0x20087));
}

TEST_CASE("bytes that are no GB 18030 give no character", "[unit][receipt]") {
    using base::Bytes;
    for (const auto& bytes :
         {Bytes{}, Bytes{0x80}, Bytes{0xFF}, Bytes{0x81}, Bytes{0x81, 0x20}, Bytes{0x81, 0x7F},
          Bytes{0x81, 0xFF}, Bytes{0x81, 0x30}, Bytes{0x81, 0x30, 0x81},
          Bytes{0x81, 0x30, 0x80, 0x30}, Bytes{0x84, 0x31, 0xA5, 0x30},
          Bytes{0xE3, 0x32, 0x9A, 0x36}, Bytes{0xFE, 0x39, 0xFE, 0x39}})
        CHECK_FALSE(printer::from_gb18030(bytes));
    CHECK(printer::from_gb18030(Bytes{0xE3, 0x32, 0x9A, 0x35})->character == 0x10FFFF);
}
