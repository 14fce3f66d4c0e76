// The text room: words of three languages become the right glyphs, in the right order, on the right
// lines. text_oracle_test.cpp compares with HarfBuzz's and FriBidi's own programs.
#include "kiosk/text/caret.hpp"
#include "kiosk/text/message.hpp"
#include "kiosk/text/typesetter.hpp"
#include "kiosk/text/unicode.hpp"
#include "tests/unit/text_support.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <hb.h>
#include <map>
#include <random>
#include <sstream>
#include <unistd.h>

namespace {

using base::Language;
using namespace text_support;

// The characters of a line from left to right, found back from their glyphs: letters that never
// join by setting them alone, the others by the tables of the faces.
std::u32string visual_order(Fixture& f, const text::Line& line, std::u32string_view alphabet) {
    std::map<std::pair<text::FaceId, std::uint32_t>, char32_t> characters;
    for (const char32_t c : alphabet) {
        if (text::is_arabic(c)) {
            const auto letter = text::encode_utf8(std::u32string(1, c));
            const auto& alone = f.typesetter.layout(letter, {.language = Language::ug});
            characters[{alone.lines[0].glyphs[0].face, alone.lines[0].glyphs[0].glyph}] = c;
            continue;
        }
        for (const auto face : {text::FaceId::cjk, text::FaceId::latin, text::FaceId::uyghur}) {
            hb_codepoint_t glyph = 0;
            if (hb_font_get_nominal_glyph(f.fonts.shaper(face, 20), c, &glyph))
                characters[{face, glyph}] = c;
        }
    }
    std::u32string out;
    for (const auto& placed : line.glyphs) {
        const auto found = characters.find({placed.face, placed.glyph});
        out.push_back(found == characters.end() ? U'?' : found->second);
    }
    return out;
}

constexpr std::u32string_view plain_letters = U"ادرزوە0123456789abcXYZ()[]-.,: ";

} // namespace

// --- UTF-8

TEST_CASE("well-formed UTF-8 comes back as it was", "[unit][text]") {
    const std::string samples[] = {
        "", "abc", "居民身份证", "ئۇيغۇرچە", "\U00020BB7\U0010FFFF", "\u07FF\uFFFF"};
    for (const auto& sample : samples)
        CHECK(text::encode_utf8(text::decode_utf8(sample)) == sample);
}

TEST_CASE("each broken piece of UTF-8 becomes one replacement character", "[unit][text]") {
    const std::pair<std::string, std::u32string> samples[] = {
        {"a\x80z", U"a\uFFFDz"},                           // a tail without a head
        {"a\xC3", U"a\uFFFD"},                             // cut off
        {"\xE4\xBDz", U"\uFFFDz"},                         // cut off after two of three
        {"\xF0\x9F\x98", U"\uFFFD"},                       // cut off after three of four
        {"\xC0\xAF", U"\uFFFD\uFFFD"},                     // overlong
        {"\xED\xA0\x80", U"\uFFFD\uFFFD\uFFFD"},           // a surrogate
        {"\xF4\x90\x80\x80", U"\uFFFD\uFFFD\uFFFD\uFFFD"}, // above U+10FFFF
        {"\xFF\xFE", U"\uFFFD\uFFFD"},
    };
    for (const auto& [broken, expected] : samples) CHECK(text::decode_utf8(broken) == expected);
}

TEST_CASE("backspace takes a letter with its marks", "[unit][text]") {
    const std::string composed =
        "ae\u0301\U000E0100中"; // e with an accent and a variation selector
    CHECK(text::next_boundary(composed, 0) == 1);
    CHECK(text::next_boundary(composed, 1) == 8);
    CHECK(text::previous_boundary(composed, 8) == 1);
    CHECK(text::previous_boundary(composed, composed.size()) == 8);
    CHECK(text::previous_boundary(composed, 0) == 0);
    CHECK(text::next_boundary(composed, composed.size() + 5) == composed.size());
    const std::string broken = "a\xFF\xFF";
    CHECK(text::previous_boundary(broken, 3) == 2);
}

TEST_CASE("letters begin where the Unicode Character Database says", "[unit][text]") {
    // Rows such as: ÷ 0020 × 0308 ÷ 000D ÷ # comment
    std::ifstream rows("/usr/share/unicode/auxiliary/GraphemeBreakTest.txt");
    REQUIRE(rows); // Debian package unicode-data, which the build needs too
    int samples = 0;
    for (std::string row; std::getline(rows, row);) {
        std::istringstream words(row.substr(0, row.find('#')));
        std::string utf8;
        std::vector<std::size_t> expected;
        for (std::string word; words >> word;) {
            if (word == "÷")
                expected.push_back(utf8.size());
            else if (word != "×")
                utf8 +=
                    text::encode_utf8(std::u32string(1, char32_t(std::stoul(word, nullptr, 16))));
        }
        if (utf8.empty()) continue;
        INFO(row);
        std::vector<std::size_t> found{0};
        while (found.back() < utf8.size()) found.push_back(text::next_boundary(utf8, found.back()));
        CHECK(found == expected);
        std::vector<std::size_t> back{utf8.size()};
        while (back.back() > 0) back.push_back(text::previous_boundary(utf8, back.back()));
        CHECK(std::equal(back.rbegin(), back.rend(), expected.begin(), expected.end()));
        ++samples;
    }
    CHECK(samples > 600);
}

TEST_CASE("one press deletes what looks like one character", "[unit][text]") {
    for (const std::string one :
         {"中", "\U00020BB7\U000E0100", "e\u0301\u0323", "ئ", "ئ\u0654", "\u1112\u1161\u11AB", "한",
          "👩\u200D👩\u200D👧", "👍\U0001F3FD", "🇨🇳", "❤\uFE0F", "7\uFE0F\u20E3"}) {
        INFO(one);
        CHECK(text::previous_boundary("ب" + one, 2 + one.size()) == 2);
        CHECK(text::next_boundary(one + "ب", 0) == one.size());
    }
    // Joined letters are letters all the same, and so are two flags.
    CHECK(text::previous_boundary("لا", 4) == 2);
    CHECK(text::previous_boundary("🇨🇳🇨🇳", 16) == 8);
}

// --- messages

TEST_CASE("an inserted value is isolated and the rest is left alone", "[unit][text]") {
    CHECK(text::format_message("no {number}.", {{"number", "12"}}) == "no \u206812\u2069.");
    CHECK(text::format_message("{a}{b}{a}", {{"a", "1"}, {"b", "2"}}) ==
          "\u20681\u2069\u20682\u2069\u20681\u2069");
    CHECK(text::format_message("{{a}} {unknown} {", {{"a", "1"}}) == "{a} {unknown} {");
    CHECK(text::format_message("{a", {{"a", "1"}}) == "{a");
}

TEST_CASE("a value cannot close the isolate around it", "[unit][text]") {
    CHECK(text::isolate("1\u2069\u20672") == "\u206812\u2069");
    CHECK(text::strip_isolates("\u2066a\u2067b\u2068c\u2069d\u2070") == "abcd\u2070");
    CHECK(text::strip_isolates("\xE2\x81") == "\xE2\x81");
}

TEST_CASE("a value is not read as a pattern", "[unit][text]") {
    CHECK(text::format_message("{a}", {{"a", "{b}"}, {"b", "2"}}) == "\u2068{b}\u2069");
}

// --- faces

TEST_CASE("a missing font names its file and its package", "[unit][text]") {
    const Folder folder;
    const auto fonts = text::FontSet::open(folder.path.string());
    REQUIRE(!fonts);
    CHECK(fonts.error().code == base::Errc::not_found);
    CHECK(fonts.error().context.find("NotoSansCJK-Regular.ttc: install fonts-noto-cjk") !=
          std::string::npos);
}

TEST_CASE("a file that is no font shows code points, it does not stop the kiosk", "[unit][text]") {
    const Folder folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(fonts_folder)) {
        if (!entry.is_regular_file()) continue;
        const auto copy = folder.path / std::filesystem::relative(entry.path(), fonts_folder);
        std::filesystem::create_directories(copy.parent_path());
        std::ofstream(copy) << "this is no font";
    }
    auto fonts = text::FontSet::open(folder.path.string());
    REQUIRE(fonts);
    text::Typesetter typesetter(*fonts);
    const auto& layout = typesetter.layout("中文", {});
    CHECK(layout.missing == std::vector<char32_t>{U'中', U'文'});
    CHECK(layout.lines.front().width > 40);
    CHECK(fonts->glyph_bitmap(text::FaceId::missing, U'中', 24).width > 0);
}

TEST_CASE("rare characters of names have glyphs", "[unit][text]") {
    Fixture f;
    // Characters above U+FFFF that occur in names, and the words of spec matters' synthetic
    // persons.
    for (const char* name :
         {"𠮷田", "㐂䶮", "𪚥", "𫖯", "𬱖", "𠅤", "𣲗", "𫞩", "𬭼", "阿布都热合曼·测试"}) {
        for (const bool bold : {false, true}) {
            const auto& layout = f.typesetter.layout(name, {.bold = bold});
            INFO(name);
            CHECK(layout.missing.empty());
        }
    }
}

TEST_CASE("every letter of the Uyghur standard has a glyph in both weights", "[unit][text]") {
    Fixture f;
    const std::string letters =
        "ا ە ب پ ت ج چ خ د ر ز ژ س ش غ ف ق ك گ ڭ ل م ن ھ و ۇ ۆ ۈ ۋ ې ى ي ئ ، ؛ ؟ « »";
    for (const bool bold : {false, true}) {
        const auto& layout = f.typesetter.layout(letters, {.language = Language::ug, .bold = bold});
        CHECK(layout.missing.empty());
        const auto expected = bold ? text::FaceId::uyghur_bold : text::FaceId::uyghur;
        for (const auto& placed : layout.lines[0].glyphs) CHECK(placed.face == expected);
    }
}

TEST_CASE("a character that no face has is counted and shown as its code point", "[unit][text]") {
    Fixture f;
    const auto& layout = f.typesetter.layout("a\U0010FFFFb\uE000", {});
    CHECK(layout.missing == std::vector<char32_t>{0x10FFFF, 0xE000});
    REQUIRE(layout.lines[0].glyphs.size() == 4);
    CHECK(layout.lines[0].glyphs[1].face == text::FaceId::missing);
    const auto frame = f.fonts.glyph_bitmap(text::FaceId::missing, 0x10FFFF, 24);
    const auto other = f.fonts.glyph_bitmap(text::FaceId::missing, 0xE000, 24);
    CHECK(frame.coverage.front() == 255);
    CHECK(frame.coverage != other.coverage);
}

TEST_CASE("nothing invisible is counted as a missing glyph", "[unit][text]") {
    Fixture f;
    for (const auto language : base::all_languages)
        for (const char* words : {"\U0010FFFF\u2069\uFE0F\u200D", "\u2068\U0010FFFF\u2069",
                                  "\uFE0F\u200B\U0010FFFF\u2060"})
            CHECK(f.typesetter.layout(words, {.language = language}).missing ==
                  std::vector<char32_t>{0x10FFFF});
}

TEST_CASE("a mark is set in a face that has it, never as an empty box", "[unit][text]") {
    Fixture f;
    const std::u32string letters = U"eaدئك中0(", marks = U"\u0301\u0323\u0654\u064B\u20E3\u302A";
    for (const auto language : base::all_languages)
        for (const char32_t letter : letters)
            for (const char32_t mark : marks) {
                const auto words = text::encode_utf8(std::u32string{letter, mark, U' ', letter});
                INFO(words << " U+" << std::hex << unsigned(mark));
                const auto& layout = f.typesetter.layout(words, {.language = language});
                CHECK(layout.lines[0].clusters.size() == 3);
                bool framed = false;
                for (const auto& placed : layout.lines[0].glyphs) {
                    if (placed.face != text::FaceId::missing) CHECK(placed.glyph != 0);
                    framed = framed || placed.face == text::FaceId::missing;
                }
                CHECK(framed == !layout.missing.empty());
            }
    CHECK(f.typesetter.layout("é e\u0301 ü u\u0308", {}).missing.empty());
}

TEST_CASE("capitals of all faces are equally high", "[unit][text]") {
    Fixture f;
    const auto height = [&](const char* letter, Language language) {
        const auto& placed =
            f.typesetter.layout(letter, {.language = language, .px = 100}).lines[0].glyphs[0];
        return f.fonts.glyph_bitmap(placed.face, placed.glyph, 100).height;
    };
    CHECK(std::abs(height("H", Language::zh) - 73) <= 1);
    CHECK(std::abs(height("H", Language::en) - 73) <= 1);
    // The factor was judged by eye: alef may differ by a tenth.
    CHECK(std::abs(height("ا", Language::ug) - 73) <= 8);
}

// --- direction

TEST_CASE("a phone number keeps its order inside a Uyghur sentence", "[unit][text]") {
    Fixture f;
    const text::Style uyghur{.language = Language::ug};
    const auto order_of = [&](const std::string& sentence) {
        return visual_order(f, f.typesetter.layout(sentence, uyghur).lines[0], plain_letters);
    };
    const auto formatted = order_of(text::format_message("دورا {n}, {n}", {{"n", "0991-12345"}}));
    CHECK(formatted == U"0991-12345 ,0991-12345 ارود");
    // What would happen without isolates; if this changes, the isolates are no longer needed.
    CHECK(order_of("دورا 0991-12345").find(U"0991-12345") == std::u32string::npos);
}

TEST_CASE("numbers in groups stay left to right when asked", "[unit][text]") {
    Fixture f;
    const auto& layout =
        f.typesetter.layout("6599 9900 0048", {.language = Language::ug, .left_to_right = true});
    CHECK(visual_order(f, layout.lines[0], plain_letters) == U"6599 9900 0048");
    CHECK(!layout.lines[0].rtl);
}

TEST_CASE("brackets are mirrored in a Uyghur sentence", "[unit][text]") {
    Fixture f;
    const auto& layout = f.typesetter.layout("در (دو)", {.language = Language::ug});
    CHECK(visual_order(f, layout.lines[0], plain_letters) == U"(ود) رد");
}

// --- lines

namespace {

std::vector<std::u32string> lines_of(std::u32string_view words) {
    const auto starts = text::line_starts(words);
    std::vector<std::u32string> pieces(1);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (starts[i]) pieces.emplace_back();
        pieces.back().push_back(words[i]);
    }
    return pieces;
}

} // namespace

TEST_CASE("no line starts with closing or ends with opening punctuation", "[unit][text]") {
    CHECK(lines_of(U"请（看）。好") == std::vector<std::u32string>{U"请", U"（看）。", U"好"});
    CHECK(lines_of(U"说：“好”！") == std::vector<std::u32string>{U"说：", U"“好”！"});
    CHECK(lines_of(U"《书》、《报》") == std::vector<std::u32string>{U"《书》、", U"《报》"});
    for (const char32_t mark : std::u32string_view(U"、。，：；！？）》”"))
        CHECK(lines_of(U"中" + std::u32string(1, mark) + U"中").size() == 2);
    for (const char32_t mark : std::u32string_view(U"（《“"))
        CHECK(lines_of(U"中" + std::u32string(1, mark) + U"中").size() == 2);
    CHECK(lines_of(U"好——好……好") == std::vector<std::u32string>{U"好——", U"好……", U"好"});
    CHECK(lines_of(U"艾力·买买提") ==
          std::vector<std::u32string>{U"艾", U"力·", U"买", U"买", U"提"});
    CHECK(lines_of(U"男／女") == std::vector<std::u32string>{U"男／女"});
    CHECK(lines_of(U"（（甲））") == std::vector<std::u32string>{U"（（甲））"});
}

TEST_CASE("all punctuation of our scripts keeps its place on the line", "[unit][text]") {
    constexpr std::pair<char32_t, char32_t> blocks[] = {
        {0x20, 0x7E},     {0xA0, 0xFF},     {0x600, 0x6FF},   {0x2010, 0x205F},
        {0x3000, 0x303F}, {0x3040, 0x30FF}, {0xFE10, 0xFE6F}, {0xFF00, 0xFFEF}};
    std::ifstream rows("/usr/share/unicode/LineBreak.txt"); // 3001..3002;CL # comment
    REQUIRE(rows);
    int marks = 0;
    for (std::string row; std::getline(rows, row);) {
        unsigned first = 0, last = 0;
        char of[4] = "";
        if (std::sscanf(row.c_str(), "%x..%x;%3[A-Z0-9]", &first, &last, of) != 3) {
            if (std::sscanf(row.c_str(), "%x;%3[A-Z0-9]", &first, of) != 2) continue;
            last = first;
        }
        const std::string kind = of;
        const bool closes = kind == "CL" || kind == "CP" || kind == "EX" || kind == "IS" ||
                            kind == "NS" || kind == "IN";
        const bool opens = kind == "OP", glues = kind == "GL" || kind == "WJ";
        for (char32_t c = first; c <= last; ++c) {
            const bool ours = std::any_of(std::begin(blocks), std::end(blocks), [&](auto block) {
                return c >= block.first && c <= block.second;
            });
            if (!ours || !(closes || opens || glues)) continue;
            ++marks;
            INFO("U+" << std::hex << unsigned(c) << " " << kind);
            const auto starts = text::line_starts(U"中" + std::u32string(1, c) + U"中");
            if (closes || glues) CHECK(!starts[1]);
            if (opens || glues) CHECK(!starts[2]);
        }
    }
    CHECK(marks > 130);
}

TEST_CASE("a number stays with its unit and its sign", "[unit][text]") {
    using Lines = std::vector<std::u32string>;
    CHECK(lines_of(U"在2027年3月15日前") == Lines{U"在", U"2027年", U"3月", U"15日", U"前"});
    CHECK(lines_of(U"共100元整") == Lines{U"共", U"100元", U"整"});
    CHECK(lines_of(U"付￥3,500.00元") == Lines{U"付", U"￥3,500.00元"});
    CHECK(lines_of(U"减50％好") == Lines{U"减", U"50％", U"好"});
    CHECK(lines_of(U"热37.5℃吗") == Lines{U"热", U"37.5℃", U"吗"});
    CHECK(lines_of(U"冷－５℃吗") == Lines{U"冷－５℃", U"吗"});
    CHECK(lines_of(U"在3号楼2单元") == Lines{U"在", U"3号", U"楼", U"2单", U"元"});
    CHECK(lines_of(U"拨0991-1234567号") == Lines{U"拨", U"0991-1234567号"});
    CHECK(lines_of(U"12页") == Lines{U"12页"});
}

TEST_CASE("no line ends at a space that forbids it", "[unit][text]") {
    for (const char32_t glue : std::u32string_view(U"\u00A0\u202F\u2007\u2060\uFEFF\u2011")) {
        INFO("U+" << std::hex << unsigned(glue));
        CHECK(lines_of(U"中" + std::u32string(1, glue) + U"文").size() == 1);
        CHECK(lines_of(U"10" + std::u32string(1, glue) + U"mm").size() == 1);
        CHECK(lines_of(U"10" + std::u32string(1, glue) + U"\u2068页\u2069").size() == 1);
    }
    CHECK(lines_of(U"中\u200B文").size() == 2);
    CHECK(lines_of(U"ab\u200Bcd").size() == 2);
}

TEST_CASE("Uyghur and English break at spaces only", "[unit][text]") {
    CHECK(lines_of(U"well-known a/b") == std::vector<std::u32string>{U"well-known ", U"a/b"});
    CHECK(lines_of(U"2027-يىلى دور") == std::vector<std::u32string>{U"2027-يىلى ", U"دور"});
    CHECK(lines_of(U"10\u00A0mm").size() == 1);
    CHECK(lines_of(U"第2页page") == std::vector<std::u32string>{U"第", U"2页", U"page"});
}

TEST_CASE("isolates stay with what they enclose", "[unit][text]") {
    CHECK(lines_of(U"号码\u20680991\u2069。") ==
          std::vector<std::u32string>{U"号", U"码", U"\u20680991\u2069。"});
    CHECK(lines_of(U"a \u2068b\u2069 c") ==
          std::vector<std::u32string>{U"a ", U"\u2068b\u2069 ", U"c"});
}

TEST_CASE("lines take what fits and keep every word", "[unit][text]") {
    Fixture f;
    const std::string words =
        "请将身份证放在读卡区，听到“嘀”声后取回。如需帮助，请按“呼叫工作人员”。";
    for (float width = 100; width < 900; width += 13) {
        const auto& layout = f.typesetter.layout(words, {.px = 30}, width);
        std::size_t glyphs = 0;
        for (const auto& line : layout.lines) {
            CHECK(line.width <= width + 0.5f);
            glyphs += line.glyphs.size();
        }
        CHECK(!layout.overflow);
        CHECK(glyphs == text::decode_utf8(words).size());
    }
}

TEST_CASE("a text fits into the width that was measured for it", "[unit][text]") {
    Fixture f;
    for (const char* words : {"请将身份证放在读卡区", "Please lay your card flat",
                              "كىملىكىڭىزنى ئوقۇغۇچنىڭ ئۈستىگە قويۇڭ"})
        for (const auto language : base::all_languages) {
            const text::Style style{.language = language, .px = 31.7f};
            const float width = f.typesetter.layout(words, style).width;
            CHECK(f.typesetter.layout(words, style, width).lines.size() == 1);
        }
}

TEST_CASE("an over-long word is reported, neither broken nor cut", "[unit][text]") {
    Fixture f;
    const auto& layout =
        f.typesetter.layout("a Donaudampfschiff b", {.language = Language::en}, 60);
    CHECK(layout.overflow);
    REQUIRE(layout.lines.size() == 3);
    CHECK(layout.lines[1].glyphs.size() == 15);
    CHECK(layout.width > 60);
}

TEST_CASE("new lines begin new paragraphs, and an empty text is one line high", "[unit][text]") {
    Fixture f;
    CHECK(f.typesetter.layout("a\nb\n", {}).lines.size() == 3);
    const auto& empty = f.typesetter.layout("", {.px = 20});
    CHECK(empty.lines.size() == 1);
    CHECK(empty.height() == Approx(30));
    CHECK(empty.width == 0);
}

TEST_CASE("more characters than the limit are reported", "[unit][text]") {
    Fixture f;
    const auto& layout = f.typesetter.layout(std::string(text::character_limit + 1, 'a'), {});
    CHECK(layout.overflow);
    CHECK(layout.lines[0].glyphs.size() == text::character_limit);
}

TEST_CASE("any bytes at all can be set", "[unit][text]") {
    Fixture f;
    const unsigned seed = 4711;
    std::mt19937 random(seed);
    INFO("seed " << seed);
    const char* pieces[] = {"\u2067", "\u2068", "\u2069", "\u202B",    "\u202C",     "\u202E",
                            "د",      "ئا",     "中",     "（",        "\U000E0100", "\u0301",
                            "\u200D", "(",      "]",      "\xF0",      "\xE4",       "\n",
                            "1",      " ",      "\t",     "\U0010FFFF"};
    for (int round = 0; round < 300; ++round) {
        std::string bytes;
        for (unsigned n = random() % 60; n > 0; --n) {
            if (random() % 3 == 0)
                bytes.push_back(char(random() & 255));
            else
                bytes += pieces[random() % std::size(pieces)];
        }
        const auto language = base::all_languages[random() % 3];
        const auto& layout =
            f.typesetter.layout(bytes, {.language = language, .bold = random() % 2 == 0},
                                random() % 2 ? text::unlimited_width : float(random() % 300));
        CHECK(!layout.lines.empty());
        CHECK(std::isfinite(layout.width));
    }
}

TEST_CASE("very deep nesting of directions is set", "[unit][text]") {
    Fixture f;
    std::string deep;
    for (int i = 0; i < 2000; ++i) deep += i % 2 ? "\u2067a" : "\u2066د";
    CHECK(f.typesetter.layout(deep, {.language = Language::ug}).lines[0].glyphs.size() == 2000);
}

// --- the caret

namespace {

// Where the caret stands before each byte that begins a letter, and at the end, on line 0.
std::vector<float> carets_of(Fixture& f, const std::string& words, Language language) {
    const auto& layout = f.typesetter.layout(words, {.language = language, .px = 40});
    std::vector<float> places;
    for (const auto& cluster : layout.lines[0].clusters)
        places.push_back(text::caret_at(layout, cluster.begin).x);
    places.push_back(text::caret_at(layout, words.size()).x);
    return places;
}

} // namespace

TEST_CASE("the caret walks through a text in the direction of its letters", "[unit][text]") {
    Fixture f;
    const auto chinese = carets_of(f, "测试ab", Language::zh);
    CHECK(chinese.size() == 5);
    CHECK(std::is_sorted(chinese.begin(), chinese.end()));
    const auto uyghur = carets_of(f, "سالام", Language::ug); // with a lam-alef of two letters
    CHECK(uyghur.size() == 6);
    CHECK(std::is_sorted(uyghur.rbegin(), uyghur.rend()));
    CHECK(std::adjacent_find(uyghur.begin(), uyghur.end()) == uyghur.end());
    CHECK(uyghur.back() == Approx(0));
    const auto& line = f.typesetter.layout("سالام", {.language = Language::ug, .px = 40}).lines[0];
    CHECK(line.glyphs.size() == 4);
    CHECK(uyghur.front() == Approx(line.width));
}

TEST_CASE("where directions meet the caret stays with the letter before it", "[unit][text]") {
    Fixture f;
    // On the glass: 123 رود. The number begins at the left end and grows to the right.
    const auto places = carets_of(f, "دور 123", Language::ug);
    REQUIRE(places.size() == 8);
    const float space_left = places[4]; // left edge of the space: where the number ends
    CHECK(places[0] > places[1]);
    CHECK(places[3] > places[4]);
    CHECK(places[5] > 0);
    CHECK(places[6] > places[5]);
    CHECK(places[7] == Approx(space_left));

    const auto& layout = f.typesetter.layout("دور 123", {.language = Language::ug, .px = 40});
    CHECK(text::offset_at(layout, 0, -5) == 10); // beyond the left end: the end of the text
    CHECK(text::offset_at(layout, 0, layout.width + 5) == 0);
    // At the one place that two offsets share, the side that was touched decides.
    CHECK(text::offset_at(layout, 0, space_left + 1) == 7);
    CHECK(text::offset_at(layout, 0, space_left - 1) == 10);
    CHECK(text::offset_at(layout, 0, places[5] + 1) == 8);
}

TEST_CASE("the caret passes a letter with its marks in one step", "[unit][text]") {
    Fixture f;
    const std::string words = "ae\u0301\U000E0100中";
    const auto& layout = f.typesetter.layout(words, {});
    REQUIRE(layout.lines[0].clusters.size() == 3);
    CHECK(layout.lines[0].clusters[1].begin == 1);
    CHECK(layout.lines[0].clusters[1].end == 8);
    CHECK(text::caret_at(layout, 4).x == text::caret_at(layout, 1).x); // inside: before it
    CHECK(text::caret_at(layout, 999).x == Approx(layout.width));
}

TEST_CASE("the caret stands on the line it belongs to, also after spaces", "[unit][text]") {
    Fixture f;
    const std::string words = "ab cd\n\n中文中文";
    const auto& layout = f.typesetter.layout(words, {.px = 40}, 85);
    REQUIRE(layout.lines.size() == 5); // ab, cd, empty, 中文, 中文
    const std::size_t expected[] = {0, 0, 0, 1, 1, 1, 2, 3};
    for (std::size_t at = 0; at < std::size(expected); ++at)
        CHECK(text::caret_at(layout, at).line == expected[at]);
    CHECK(text::caret_at(layout, 10).line == 3);
    CHECK(text::caret_at(layout, 13).line == 4);
    CHECK(text::caret_at(layout, 13).x == 0);
    CHECK(text::offset_at(layout, 0, 999) == 2);  // before the space that was broken at
    CHECK(text::offset_at(layout, 3, 999) == 13); // the beginning of the next line
    CHECK(text::offset_at(layout, 2, 50) == 6);
    CHECK(text::offset_at(layout, 99, 999) == words.size());

    const auto& space = f.typesetter.layout("ab ", {.px = 40});
    CHECK(text::caret_at(space, 3).x > text::caret_at(space, 2).x);
    const auto& uyghur = f.typesetter.layout("دور ", {.language = Language::ug, .px = 40});
    CHECK(text::caret_at(uyghur, 7).x < 0);
    CHECK(text::offset_at(uyghur, 0, text::caret_at(uyghur, 7).x) == 7);
}

// --- what is kept

TEST_CASE("a text is set once, and wiped when the session ends", "[unit][text]") {
    Fixture f;
    const auto* first = &f.typesetter.layout("测试", {});
    CHECK(&f.typesetter.layout("测试", {}) == first);
    CHECK(&f.typesetter.layout("测试", {.bold = true}) != first);
    CHECK(f.typesetter.kept() == 2);
    f.typesetter.wipe();
    CHECK(f.typesetter.kept() == 0);
}

TEST_CASE("texts of past screens are forgotten in time", "[unit][text]") {
    Fixture f;
    for (int i = 0; i < 2000; ++i) {
        f.typesetter.trim();
        f.typesetter.layout("00:" + std::to_string(i), {});
        f.typesetter.layout("same", {});
    }
    CHECK(f.typesetter.kept() <= 403);
}

// --- drawing for the printer

TEST_CASE("text is drawn where it belongs and nowhere outside the picture", "[unit][text]") {
    Fixture f;
    base::Picture grey{200, 40, 1, base::Bytes(200 * 40, 255)};
    const auto& layout = f.typesetter.layout("دور", {.language = Language::ug, .px = 24});
    const auto ink_between = [&](int x0, int x1) {
        int ink = 0;
        for (int y = 0; y < grey.height; ++y)
            for (int x = x0; x < x1; ++x) ink += 255 - grey.row(y)[x];
        return ink;
    };
    text::draw_grey(layout, f.fonts, grey, 0, 0, 200);
    CHECK(ink_between(100, 200) > 0); // Uyghur starts at the right
    CHECK(ink_between(0, 100) == 0);
    for (const int offset : {-500, -190, -3, 150, 500}) {
        text::draw_grey(layout, f.fonts, grey, offset, offset / 10, 200);
        text::draw_grey(layout, f.fonts, grey, 0, offset, 200, text::Align::left);
    }
}
