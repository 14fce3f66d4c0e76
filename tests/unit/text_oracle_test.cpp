// Thousands of lines that mix Chinese, Uyghur, English, figures, punctuation and marks of direction
// are set as HarfBuzz's own program (hb-shape) shapes them and FriBidi's own program (fribidi)
// orders them. How a line falls into pieces is worked out here a second time, from the README's
// rules and the levels that fribidi tells; nothing is taken from the room under test but its
// result. Random lines come from a printed seed; TEXT_SEED=number takes it back.
#include "kiosk/text/unicode.hpp"
#include "tests/unit/text_support.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <hb.h>
#include <iterator>
#include <numeric>
#include <random>
#include <sstream>

namespace {

using base::Language;
using namespace text_support;

constexpr int line_count = 3000;

std::string output_of(const std::string& command) {
    std::string out;
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    char buffer[4096];
    while (const auto n = std::fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, n);
    pclose(pipe);
    return out;
}

bool is_installed(const std::string& program, const std::string& package) {
    if (!output_of("command -v " + program).empty()) return true;
    WARN("skipped: " << program << " is not installed (Debian package " << package << ")");
    return false;
}

unsigned seed_of_this_run() {
    const char* given = std::getenv("TEXT_SEED");
    return given ? unsigned(std::strtoul(given, nullptr, 10)) : 20270407;
}

// --- lines

struct Sentence {
    std::u32string characters;
    Language language;
    bool bold;
    std::vector<int> levels; // by fribidi

    std::string utf8() const { return text::encode_utf8(characters); }
    bool rtl() const { return base::is_right_to_left(language); }
};

constexpr std::u32string_view uyghur_letters = U"اەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىيئ";
// Every face that is tested here has these.
constexpr std::u32string_view neutrals = U"-.,:()[]/!+%«»";

class Generator {
public:
    explicit Generator(unsigned seed) : random_(seed) {}

    Sentence next() {
        Sentence sentence{{}, base::all_languages[below(3)], below(4) == 0, {}};
        open_ = 0;
        for (unsigned n = 1 + below(12); n > 0; --n) {
            sentence.characters += piece();
            if (below(3) != 0) sentence.characters += U' ';
        }
        for (; open_ > 0 && below(10) != 0; --open_) sentence.characters += U'\u2069';
        // The spaces that end a line hang beyond it: left to the tests of carets.
        sentence.characters += one_of(U"字دa7.");
        return sentence;
    }

private:
    unsigned below(unsigned limit) { return random_() % limit; }
    char32_t one_of(std::u32string_view set) { return set[below(unsigned(set.size()))]; }

    std::u32string some(std::u32string_view set, unsigned most) {
        std::u32string out;
        for (unsigned n = 1 + below(most); n > 0; --n) out += one_of(set);
        return out;
    }

    std::u32string piece() {
        static constexpr std::array<std::u32string_view, 7> numbers{
            U"0991-12345", U"2027-03-15", U"3,500.00", U"50%", U"12:30", U"(0991) 2345678", U"+86"};
        static constexpr std::array<std::u32string_view, 6> uyghur{
            U"كىملىك", U"ئۇيغۇرچە", U"سالام", U"لالە", U"ئۆيۈمۈز", U"ئىشلەمچىلىرى"};
        switch (below(13)) {
        case 0:
        case 1: return std::u32string(uyghur[below(6)]);
        case 2:
        case 3: return some(uyghur_letters, 9);
        case 4: return some(U"请将居民身份证放在读卡区听到声后取回乌鲁木齐市\U00020001", 8);
        case 5: return some(U"abcdefghijklmnopqrstuvwxyzAVTWo", 9);
        case 6: return std::u32string(numbers[below(7)]);
        case 7: return some(U"0123456789", 6);
        case 8: return some(neutrals, 3);
        case 9: return some(U"、。，：；！？（）《》【】", 2);
        case 10: return some(U"،؛؟ـ", 1) + some(U"\u200C\u200D\uFE00", 1);
        case 11:
            if (open_ > 0 && below(2) == 0) return --open_, U"\u2069";
            ++open_;
            return std::u32string(1, one_of(U"\u2066\u2067\u2068"));
        case 12: return some(U"\u200E\u200F\u061C\u202A\u202B\u202C\u202D\u202E\u2069", 1);
        }
        return {};
    }

    std::mt19937 random_;
    int open_ = 0;
};

template <class Number> std::vector<Number> numbers_in(const std::string& row) {
    std::istringstream in(row);
    return {std::istream_iterator<Number>(in), {}};
}

struct Lines {
    std::vector<Sentence> sentences;
    std::vector<std::vector<int>> places; // of each character from the left, by fribidi
};

// One run of fribidi for each direction of the paragraph.
Lines ordered_by_fribidi(unsigned seed) {
    Lines lines;
    Generator generator(seed);
    for (int i = 0; i < line_count; ++i) lines.sentences.push_back(generator.next());
    lines.places.resize(lines.sentences.size());
    const Folder folder;
    const auto file = (folder.path / "lines.txt").string();
    for (const bool rtl : {false, true}) {
        std::ofstream out(file);
        for (const auto& sentence : lines.sentences)
            if (sentence.rtl() == rtl) out << sentence.utf8() << "\n";
        out.close();
        std::istringstream answers(output_of(std::string("fribidi --nopad --nobreak --novisual ") +
                                             (rtl ? "--rtl" : "--ltr") + " --ltov --levels " +
                                             file));
        for (std::size_t i = 0; i < lines.sentences.size(); ++i) {
            auto& sentence = lines.sentences[i];
            if (sentence.rtl() != rtl) continue;
            std::string row;
            REQUIRE(std::getline(answers, row));
            lines.places[i] = numbers_in<int>(row);
            REQUIRE(std::getline(answers, row));
            sentence.levels = numbers_in<int>(row);
            REQUIRE(lines.places[i].size() == sentence.characters.size());
            REQUIRE(sentence.levels.size() == sentence.characters.size());
        }
    }
    return lines;
}

// --- order

// The letters of a line by their first visible character, as indexes into the sentence, from left
// to right.
std::vector<std::size_t> letters_from_left(const Sentence& sentence, const text::Line& line) {
    std::vector<std::size_t> index_of_byte;
    for (std::size_t i = 0; i < sentence.characters.size(); ++i)
        index_of_byte.resize(
            index_of_byte.size() + text::encode_utf8({&sentence.characters[i], 1}).size(), i);
    auto clusters = line.clusters;
    std::stable_sort(clusters.begin(), clusters.end(),
                     [](const auto& a, const auto& b) { return a.left < b.left; });
    std::vector<std::size_t> letters;
    for (const auto& cluster : clusters) {
        const auto i = index_of_byte[cluster.begin];
        if (!text::is_invisible(sentence.characters[i])) letters.push_back(i);
    }
    return letters;
}

std::vector<std::size_t> visible_in_order(const Sentence& sentence,
                                          std::vector<std::size_t> order) {
    const auto letters = text::letter_starts(sentence.characters);
    std::erase_if(order, [&](std::size_t i) {
        return !letters[i] || text::is_invisible(sentence.characters[i]);
    });
    return order;
}

// Rules L1 and L2 of the Unicode Bidirectional Algorithm for the characters [begin, end).
std::vector<std::size_t> reordered(const Sentence& sentence, std::size_t begin, std::size_t end) {
    auto levels = sentence.levels;
    for (std::size_t i = end; i > begin; --i) {
        const char32_t c = sentence.characters[i - 1];
        if (!text::is_space(c) && !text::is_invisible(c)) break;
        levels[i - 1] = sentence.rtl() ? 1 : 0;
    }
    std::vector<std::size_t> order(end - begin);
    std::iota(order.begin(), order.end(), begin);
    for (int level = *std::max_element(levels.begin(), levels.end()); level > 0; --level)
        for (auto from = order.begin(); from != order.end();) {
            const auto below = [&](std::size_t i) { return levels[i] < level; };
            from = std::find_if_not(from, order.end(), below);
            const auto to = std::find_if(from, order.end(), below);
            std::reverse(from, to);
            from = to;
        }
    return order;
}

// --- shapes

struct Font {
    text::FaceId face;
    const char* file;
    int index;
};
constexpr std::array fonts{
    Font{text::FaceId::cjk, "opentype/noto/NotoSansCJK-Regular.ttc", 2},
    Font{text::FaceId::cjk_bold, "opentype/noto/NotoSansCJK-Bold.ttc", 2},
    Font{text::FaceId::latin, "truetype/noto/NotoSans-Regular.ttf", 0},
    Font{text::FaceId::latin_bold, "truetype/noto/NotoSans-Bold.ttf", 0},
    Font{text::FaceId::uyghur, "truetype/fonts-ukij-uyghur/UKIJEkran.ttf", 0},
    Font{text::FaceId::uyghur_bold, "truetype/fonts-ukij-uyghur/UKIJTuT.ttf", 0},
    Font{text::FaceId::rare_b, "truetype/hanazono/HanaMinB.ttf", 0},
};

struct Piece {
    std::size_t begin, end;
    Font font;
    std::string script;
    int level;
};

// The face of a character as kiosk/text/README.md tells it; `before` is that of the one before.
Font font_of(char32_t c, const Sentence& sentence, const Font* before) {
    const bool latin = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    std::size_t row = 0;               // of the regular face
    if (c == 0x20001) return fonts[6]; // 𠀁: only HanaMin has it
    if (c >= 0x600 && c <= 0x6FF && !text::is_invisible(c))
        row = 4;
    else if (c >= 0x3000 && c <= 0xFFEF && !text::is_invisible(c))
        row = 0;
    else if (latin)
        row = sentence.language == Language::zh ? 0 : 2;
    else if (before && (before->face != text::FaceId::rare_b || c <= '~' || text::is_invisible(c)))
        return *before; // neutral and invisible ones
    else
        row = sentence.language == Language::zh ? 0 : sentence.language == Language::en ? 2 : 4;
    return fonts[row + (sentence.bold ? 1 : 0)];
}

std::vector<Piece> pieces_of(const Sentence& sentence) {
    std::vector<Piece> pieces;
    std::string script = "Zyyy"; // of no script, until a letter comes
    for (std::size_t i = 0; i < sentence.characters.size(); ++i) {
        const char32_t c = sentence.characters[i];
        const auto own = hb_unicode_script(hb_unicode_funcs_get_default(), c);
        if (own != HB_SCRIPT_COMMON && own != HB_SCRIPT_INHERITED) {
            char tag[4];
            hb_tag_to_string(hb_script_to_iso15924_tag(own), tag);
            script.assign(tag, 4);
        }
        const auto font = font_of(c, sentence, pieces.empty() ? nullptr : &pieces.back().font);
        const int level = sentence.levels[i];
        if (!pieces.empty() && pieces.back().font.face == font.face &&
            pieces.back().script == script && pieces.back().level == level)
            pieces.back().end = i + 1;
        else
            pieces.push_back({i, i + 1, font, script, level});
    }
    int highest = 0;
    for (const auto& piece : pieces) highest = std::max(highest, piece.level);
    for (int level = highest; level > 0; --level)
        for (auto from = pieces.begin(); from != pieces.end();) {
            const auto below = [&](const Piece& piece) { return piece.level < level; };
            from = std::find_if_not(from, pieces.end(), below);
            const auto to = std::find_if(from, pieces.end(), below);
            std::reverse(from, to);
            from = to;
        }
    return pieces;
}

std::string in_hex(std::u32string_view characters) {
    std::ostringstream out;
    out << std::hex;
    for (std::size_t i = 0; i < characters.size(); ++i)
        out << (i > 0 ? "," : "") << unsigned(characters[i]);
    return out.str();
}

constexpr float px = 37;

int scale_of(text::FaceId face) { // 1/64 pixel in an em
    return int(std::lround(px * text::size_factor(face) * 64));
}

// A row of hb-shape --batch: options and text, separated by semicolons.
std::string batch_row(const Sentence& sentence, const Piece& piece) {
    const std::u32string_view all = sentence.characters;
    const std::string language = piece.script == "Arab"   ? "ug"
                                 : piece.script == "Hani" ? "zh-hans"
                                                          : "en";
    const std::size_t context = std::min<std::size_t>(piece.begin, 5); // all that HarfBuzz looks at
    std::string row =
        std::string(fonts_folder) + "/" + piece.font.file +
        ";--face-index=" + std::to_string(piece.font.index) +
        ";--font-funcs=ot;--no-glyph-names;--no-clusters;--remove-default-ignorables" +
        ";--font-size=" + std::to_string(scale_of(piece.font.face)) +
        ";--direction=" + (piece.level % 2 ? "rtl" : "ltr") + ";--script=" + piece.script +
        ";--language=" + language;
    const auto before = in_hex(all.substr(piece.begin - context, context));
    const auto after = in_hex(all.substr(piece.end, 5));
    if (!before.empty()) row += ";--unicodes-before=" + before;
    if (!after.empty()) row += ";--unicodes-after=" + after;
    return row + ";-u;" + in_hex(all.substr(piece.begin, piece.end - piece.begin));
}

struct Glyph {
    text::FaceId face;
    unsigned id;
    int x, y; // in 1/64 pixel, upwards
    bool operator==(const Glyph&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Glyph& glyph) {
    return out << int(glyph.face) << ":" << glyph.id << "@" << glyph.x << "," << glyph.y;
}

// [id@x,y+advance|id+advance|...]
void add_glyphs(const std::string& answer, text::FaceId face, int& pen,
                std::vector<Glyph>& glyphs) {
    if (answer.empty()) return; // nothing visible
    std::istringstream items(answer.substr(1, answer.size() - 2));
    for (std::string item; std::getline(items, item, '|');) {
        Glyph glyph{face, unsigned(std::stoul(item)), pen, 0};
        if (const auto at = item.find('@'); at != item.npos) {
            glyph.x += std::stoi(item.substr(at + 1));
            glyph.y = std::stoi(item.substr(item.find(',') + 1));
        }
        if (const auto plus = item.find('+'); plus != item.npos)
            pen += std::stoi(item.substr(plus + 1));
        glyphs.push_back(glyph);
    }
}

std::vector<Glyph> glyphs_of(const text::Line& line) {
    std::vector<Glyph> glyphs;
    for (const auto& placed : line.glyphs)
        glyphs.push_back({placed.face, placed.glyph, int(std::lround(placed.x * 64)),
                          int(std::lround(-placed.y * 64))});
    return glyphs;
}

// What hb-shape says of one row.
std::vector<std::string> answers_of_hb_shape(const std::vector<std::string>& rows) {
    const Folder folder;
    const auto file = (folder.path / "rows.txt").string();
    std::ofstream out(file);
    for (const auto& row : rows) out << row << "\n";
    out.close();
    std::istringstream answers(output_of("hb-shape --batch < " + file));
    std::vector<std::string> all;
    for (std::string answer; std::getline(answers, answer);) all.push_back(answer);
    REQUIRE(all.size() == rows.size());
    return all;
}

} // namespace

TEST_CASE("the order of thousands of mixed lines is FriBidi's, whole and broken into lines",
          "[unit][text]") {
    if (!is_installed("fribidi", "libfribidi-bin")) return;
    Fixture f;
    const unsigned seed = seed_of_this_run();
    INFO("TEXT_SEED=" << seed);
    const auto lines = ordered_by_fribidi(seed);
    for (std::size_t i = 0; i < lines.sentences.size(); ++i) {
        const auto& sentence = lines.sentences[i];
        const auto utf8 = sentence.utf8();
        INFO("line " << i << ": " << utf8);
        std::vector<std::size_t> expected(sentence.characters.size());
        std::iota(expected.begin(), expected.end(), std::size_t(0));
        std::sort(expected.begin(), expected.end(), [&](std::size_t a, std::size_t b) {
            return lines.places[i][a] < lines.places[i][b];
        });
        const text::Style style{.language = sentence.language, .px = px, .bold = sentence.bold};
        const auto& whole = f.typesetter.layout(utf8, style);
        REQUIRE(whole.lines.size() == 1);
        CHECK(letters_from_left(sentence, whole.lines[0]) == visible_in_order(sentence, expected));
        for (const auto& cluster : whole.lines[0].clusters) {
            const auto at = text::decode_utf8(utf8.substr(0, cluster.begin)).size();
            if (!text::is_invisible(sentence.characters[at]))
                CHECK(cluster.rtl == (sentence.levels[at] % 2 == 1));
        }

        const auto& broken = f.typesetter.layout(utf8, style, 180);
        for (const auto& line : broken.lines) {
            const auto begin = text::decode_utf8(utf8.substr(0, line.begin)).size();
            const auto end = text::decode_utf8(utf8.substr(0, line.end)).size();
            CHECK(letters_from_left(sentence, line) ==
                  visible_in_order(sentence, reordered(sentence, begin, end)));
        }
        f.typesetter.wipe();
    }
}

TEST_CASE("glyphs and positions of thousands of mixed lines are those of hb-shape",
          "[unit][text]") {
    if (!is_installed("fribidi", "libfribidi-bin") || !is_installed("hb-shape", "libharfbuzz-bin"))
        return;
    Fixture f;
    const unsigned seed = seed_of_this_run();
    INFO("TEXT_SEED=" << seed);
    for (const char32_t c : neutrals)
        for (std::size_t face = 0; face < 6; ++face)
            REQUIRE(f.fonts.has_glyph(fonts[face].face, c));
    const auto lines = ordered_by_fribidi(seed);
    std::vector<std::string> rows;
    std::vector<std::vector<Piece>> pieces;
    for (const auto& sentence : lines.sentences) {
        pieces.push_back(pieces_of(sentence));
        for (const auto& piece : pieces.back()) rows.push_back(batch_row(sentence, piece));
    }
    const auto answers = answers_of_hb_shape(rows);
    std::size_t row = 0, glyph_count = 0;
    for (std::size_t i = 0; i < lines.sentences.size(); ++i) {
        const auto& sentence = lines.sentences[i];
        std::vector<Glyph> expected;
        int pen = 0;
        std::string trace;
        for (const auto& piece : pieces[i]) {
            trace += "\n" + rows[row];
            add_glyphs(answers[row++], piece.font.face, pen, expected);
        }
        const auto& line =
            f.typesetter
                .layout(sentence.utf8(),
                        {.language = sentence.language, .px = px, .bold = sentence.bold})
                .lines[0];
        INFO("line " << i << ": " << sentence.utf8() << trace);
        CHECK(glyphs_of(line) == expected);
        CHECK(std::lround(line.width * 64) == pen);
        glyph_count += expected.size();
        f.typesetter.wipe();
    }
    CHECK(glyph_count > 20 * line_count);
}

TEST_CASE("Chinese characters have the shapes of the mainland", "[unit][text]") {
    if (!is_installed("hb-shape", "libharfbuzz-bin")) return;
    Fixture f;
    // 骨 and 直 are written differently in Japan (face 0 of the collection) and on the mainland
    // (face 2).
    for (const std::u32string character : {U"骨", U"直"}) {
        const auto glyph =
            f.typesetter.layout(text::encode_utf8(character), {}).lines[0].glyphs.at(0).glyph;
        std::vector<std::string> rows;
        for (const int face : {0, 2})
            rows.push_back(std::string(fonts_folder) + "/" + fonts[0].file +
                           ";--face-index=" + std::to_string(face) +
                           ";--font-funcs=ot;--no-glyph-names;--no-clusters;-u;" +
                           in_hex(character));
        const auto answers = answers_of_hb_shape(rows);
        CHECK(glyph != std::stoul(answers[0].substr(1)));
        CHECK(glyph == std::stoul(answers[1].substr(1)));
    }
}
