// Receipts on units with type of their own: what goes as characters, what as dots, and that nothing
// a person typed can give the printer an order.
#include "kiosk/base/random.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/text/unicode.hpp"
#include "printer/decoder.hpp"
#include "printer/native_text.hpp"
#include "printer/qr_code.hpp"
#include "printer/render.hpp"
#include "tests/support/zbar_program.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

using base::Language;
using base::SecretText;
using printer::Document;
using printer::Profile;

std::uint64_t seed() {
    if (const char* given = std::getenv("KIOSK_SEED")) return std::strtoull(given, nullptr, 10);
    return 20261129;
}

struct Press {
    text::FontSet fonts = open();
    text::Typesetter typesetter{fonts};
    printer::Ink ink{fonts};

    static text::FontSet open() {
        auto fonts = text::FontSet::open("/usr/share/fonts");
        REQUIRE(fonts);
        return std::move(fonts).value();
    }
    base::SecretBytes stream(const Document& document, const Profile& profile) {
        auto laid_out = printer::lay_out(document, profile, typesetter, ink);
        REQUIRE(laid_out);
        return printer::encode(laid_out->items, profile);
    }
    printer::Decoded decoded(const Document& document, const Profile& profile) {
        auto read = printer::decode(stream(document, profile), profile);
        if (!read) FAIL(read.error().context);
        return std::move(*read);
    }
};

Profile profile(const char* name) {
    return printer::find_profile(name).value();
}

Document paragraph(std::string_view text, Language language = Language::zh) {
    Document document;
    document.add(printer::Paragraph{.content = {SecretText(text), language}});
    return document;
}

Document read(const char* path) {
    auto document = printer::read_document(base::read_file(path).value());
    REQUIRE(document);
    return std::move(*document);
}

std::string all_text(const printer::Decoded& page) {
    std::string text;
    for (const auto& piece : page.texts) text += piece.text + "|";
    return text;
}

std::string without_breaks(std::string text) {
    std::erase(text, '|');
    return text;
}

bool has_ink(const base::Picture& page) {
    return std::any_of(page.pixels.begin(), page.pixels.end(), [](auto tone) { return tone == 0; });
}

} // namespace

TEST_CASE("a unit gets characters for what it is known to have and dots for everything else",
          "[unit][receipt]") {
    Press press;
    struct Case {
        const char* text;
        Language language;
        const char* profile;
        bool is_native;
    };
    const Case cases[] = {
        {"高龄津贴申请", Language::zh, "chinese-80-gb18030", true},
        {"高龄津贴申请", Language::zh, "chinese-58-gb2312", true},
        {"高龄津贴申请", Language::zh, "epson-tm-t20", false},
        {"Form 1.0.0", Language::en, "epson-tm-t20", true},
        {"Form 1.0.0", Language::en, "generic-80", false},
        {"張龘", Language::zh, "chinese-80-gbk", true},
        {"張龘", Language::zh, "chinese-58-gb2312", false},
        {"𬱖**", Language::zh, "chinese-80-gb18030", true},
        {"𬱖**", Language::zh, "chinese-80-gbk", false},
        {"ئىسمى", Language::ug, "chinese-80-gb18030", false},
        {"姓名 ئىسمى", Language::zh, "chinese-80-gb18030", false},
        {"2026-11-22", Language::ug, "chinese-80-gb18030", true}, // a run of its own (ESC * 33)
        {"2026-11-22", Language::ug, "chinese-80-gbk", false},
        {"café", Language::en, "epson-tm-t20", false},
    };
    for (const auto& [text, language, name, is_native] : cases) {
        INFO(text << " on " << name);
        const auto page = press.decoded(paragraph(text, language), profile(name));
        CHECK(page.texts.empty() != is_native);
        CHECK(has_ink(page.page) != is_native);
        if (is_native) CHECK(all_text(page) == std::string(text) + "|");
    }
}

TEST_CASE("the sample receipt comes back from its bytes on every unit", "[unit][receipt]") {
    Press press;
    const auto document = read("tests/fixtures/receipts/sample.json");
    for (const auto& unit : printer::profiles()) {
        INFO(unit.name);
        auto laid_out = printer::lay_out(document, unit, press.typesetter, press.ink);
        REQUIRE(laid_out);
        CHECK(laid_out->missing.empty());
        const auto stream = printer::encode(laid_out->items, unit);
        const auto page = printer::decode(stream, unit);
        REQUIRE(page);
        CHECK(all_text(*page).find('?') == std::string::npos);
        if (printer::is_known(unit.qr)) CHECK(page->qr_payloads.at(0).size() == 70);
        if (printer::is_known(unit.chinese))
            CHECK(without_breaks(all_text(*page)).find("长春中路社区办事点") !=
                  std::string::npos); // in two lines on narrow paper
        // Raster parts of the preview are the burnt dots: all of it where nothing is native.
        const auto preview = printer::preview(laid_out->items, unit.width_dots, nullptr);
        if (!printer::is_known(unit.ascii)) {
            const int rows = page->page.height; // the preview may end with the way to the bar
            CHECK(preview.height >= rows);
            CHECK(std::equal(page->page.pixels.begin(), page->page.pixels.end(),
                             preview.pixels.begin()));
        }
    }
}

TEST_CASE("raster parts of a mixed receipt are previewed bit for bit", "[unit][receipt]") {
    Press press;
    std::size_t pictures = 0; // rows of them
    for (const char* fixture : {"sample", "accepted-ug", "stored-en", "stored-zh"}) {
        const auto document =
            read(("tests/fixtures/receipts/" + std::string(fixture) + ".json").c_str());
        for (const auto& unit : printer::profiles()) {
            INFO(fixture << " on " << unit.name);
            auto laid_out = printer::lay_out(document, unit, press.typesetter, press.ink);
            REQUIRE(laid_out);
            const auto page = printer::decode(printer::encode(laid_out->items, unit), unit);
            REQUIRE(page);
            // Item by item: where a raster stands, both show the same.
            const auto preview =
                printer::preview(laid_out->items, unit.width_dots, &press.typesetter);
            int top = 0;
            int decoded_top = 0;
            std::size_t different = 0;
            for (const auto& item : laid_out->items) {
                const int height = printer::height_of({item});
                if (const auto* raster = std::get_if<printer::Raster>(&item)) {
                    for (int y = 0; y < height; ++y)
                        different +=
                            !std::equal(preview.row(top + y), preview.row(top + y) + preview.width,
                                        page->page.row(decoded_top + y));
                    static_cast<void>(raster);
                }
                if (const auto* line = std::get_if<printer::Native>(&item)) {
                    for (const auto& drawn : line->pictures)
                        for (int y = 0; y < drawn.dots.height(); ++y) {
                            const auto* row = preview.row(top + y) + drawn.left_dots;
                            different +=
                                !std::equal(row, row + drawn.columns,
                                            page->page.row(decoded_top + y) + drawn.left_dots);
                            pictures += 1;
                        }
                }
                top += height;
                // What the unit draws itself takes no rows in the decoder.
                const bool draws_itself = std::holds_alternative<printer::NativeQr>(item) ||
                                          std::holds_alternative<printer::NativeCode>(item);
                if (!draws_itself) decoded_top += height;
            }
            CHECK(different == 0);
        }
    }
    CHECK(pictures > 0);
}

TEST_CASE("the sample receipt is short: 4.6 kB with Chinese type, 37 kB without",
          "[unit][receipt]") {
    Press press;
    const auto document = read("tests/fixtures/receipts/sample.json");
    const auto size = [&](const char* name) {
        return press.stream(document, profile(name)).size();
    };
    CHECK(size("chinese-80-gb18030") <= 4'600);
    CHECK(size("epson-tm-t70-chinese") <= 4'600);
    CHECK(size("epson-tm-t20") <= 37'000);
}

TEST_CASE("a number in a line of Uyghur is set by a unit that can draw beside its type",
          "[unit][receipt]") {
    Press press;
    const auto text = "سوئال: \u20680991-12345\u2069";
    const auto mixed = press.decoded(paragraph(text, Language::ug), profile("chinese-80-gb18030"));
    REQUIRE(mixed.texts.size() == 1);
    CHECK(mixed.texts[0].text == "0991-12345");
    // The words stand at the right, the number left of them, where we would have drawn it.
    int first = 576, last = 0;
    for (int y = 0; y < mixed.page.height; ++y)
        for (int x = 0; x < 576; ++x)
            if (mixed.page.row(y)[x] == 0) {
                first = std::min(first, x);
                last = std::max(last, x);
            }
    const int end_of_number = mixed.texts[0].left + 10 * 12;
    CHECK(end_of_number < first);
    CHECK(first - end_of_number < 24);
    CHECK(last < 576 - 24);
    CHECK(last > 576 - 24 - 12);
    // Three characters are not worth a place of their own, and a unit without the order draws all.
    CHECK(press.decoded(paragraph("سوئال: 99", Language::ug), profile("chinese-80-gb18030"))
              .texts.empty());
    CHECK(press.decoded(paragraph(text, Language::ug), profile("chinese-80-gbk")).texts.empty());
}

TEST_CASE("a picture in a line gives no order, whatever its dots", "[unit][receipt]") {
    base::SeededRandom random(seed());
    const auto unit = profile("chinese-80-gb18030");
    for (int round = 0; round < 200; ++round) {
        printer::Native line{.pieces = {}, .pictures = {}, .height_dots = 24};
        printer::Bitmap dots(256, 24);
        for (int x = 0; x < 256; ++x)
            for (int byte = 0; byte < 3; ++byte) {
                // Often what would be one.
                const int value = std::array{
                    0x10, 0x10, 0x04, 0x05, 0x14, int(random.below(256))}[random.below(6)];
                for (int bit = 0; bit < 8; ++bit)
                    dots.set_black(x, byte * 8 + bit, (value & (0x80 >> bit)) != 0);
            }
        CHECK(printer::defuse_columns(dots) > 0);
        line.pictures.push_back({40, 256, std::move(dots)});
        printer::Items items;
        items.emplace_back(std::move(line));
        const auto stream = printer::encode(items, unit); // stops the program on a find
        CHECK(printer::find_real_time_commands(stream).empty());
        CHECK(printer::decode(stream, unit));
    }
}

TEST_CASE("nothing that a person typed gives the printer an order", "[unit][receipt]") {
    Press press;
    std::string controls;
    for (int c = 1; c < 0x20; ++c)
        if (c != '\n') controls += char(c);
    controls += '\x7F';
    std::string long_name;
    for (int i = 0; i < 200; ++i) long_name += "阿";
    const std::string cases[] = {
        "A" + controls + "B",
        "\x10\x04\x01"
        "abc",
        "\x1B\x40\x1D\x56\x00",
        "a\xC2\x9B"
        "b\xC2\x85",
        "\u202E123\u202C",
        "\u2067abc",
        "a\u2066b\u2069\u2069\u2069c",
        std::string("\xFF\xFE\xC3", 3) + "(",
        std::string("nul\0nul", 7),
        long_name,
        std::string(200, 'W'),
        "\U000E0041\uFEFFtag",
    };
    for (const auto& unit : printer::profiles()) {
        for (const auto& name : cases) {
            INFO(unit.name << " " << base::to_hex(base::as_bytes(name)).substr(0, 40));
            for (const auto language : {Language::zh, Language::ug, Language::en}) {
                Document document = paragraph(name, language);
                document.add(printer::Pair{SecretText("姓名"), SecretText(name), language});
                document.add(printer::Table{.columns = {1, 1},
                                            .aligns = {printer::Align::start, printer::Align::end},
                                            .rows = {{{SecretText(name), SecretText("1")}}},
                                            .language = language});
                const auto stream = press.stream(document, unit);
                CHECK(printer::find_real_time_commands(stream).empty());
                // Only our own commands: the strict decoder understands all of it, and every
                // character it meets is printable.
                const auto page = printer::decode(stream, unit);
                REQUIRE(page);
                for (const auto& piece : page->texts)
                    for (const char c : piece.text) CHECK((std::uint8_t(c) >= 0x20 && c != 0x7F));
            }
        }
    }
    CHECK(printer::printable("a\u202Eb\tc\x01").view() == "ab c\uFFFD");
}

TEST_CASE("native lines are broken where the language allows and never wider than the paper",
          "[unit][receipt]") {
    const auto lines = [](std::u32string_view text, int width) {
        std::string joined;
        for (const auto& line : printer::native_lines(text, width)) {
            CHECK(printer::native_width(line) <= width);
            joined += text::encode_utf8(line) + "|";
        }
        return joined;
    };
    CHECK(lines(U"一二三四五", 48) == "一二|三四|五|");
    CHECK(lines(U"一二，三四", 48) == "一|二，|三四|"); // no line begins with a comma
    CHECK(lines(U"to the counter", 84) == "to the|counter|");
    CHECK(lines(U"abcdefgh", 36) == "abc|def|gh|");
    CHECK(lines(U"a\n\nb", 48) == "a||b|");
    CHECK(lines(U"", 48) == "|");
}

TEST_CASE("a table keeps its columns in both directions", "[unit][receipt]") {
    Press press;
    printer::Table table{.columns = {3, 1},
                         .aligns = {printer::Align::start, printer::Align::end},
                         .rows = {},
                         .language = Language::zh};
    table.rows.push_back({SecretText("户口簿"), SecretText("2")});
    Document document;
    document.add(table);
    const auto page = press.decoded(document, profile("chinese-80-gb18030"));
    REQUIRE(page.texts.size() == 2);
    CHECK(page.texts[0].left == 24);
    CHECK(page.texts[1].left == 576 - 24 - 12);
    CHECK(page.texts[0].top == page.texts[1].top);
    // In Uyghur the first column stands at the right.
    table.language = Language::ug;
    table.rows[0][0] = SecretText("نوپۇس دەپتىرى");
    Document uyghur;
    uyghur.add(table);
    const auto mirrored = press.decoded(uyghur, profile("chinese-80-gb18030"));
    CHECK(mirrored.texts.empty());
    int left = 0, right = 0;
    for (int y = 0; y < mirrored.page.height; ++y)
        for (int x = 0; x < 576; ++x)
            if (mirrored.page.row(y)[x] == 0) (x < 288 ? left : right) += 1;
    CHECK(right > left * 3);
    CHECK(left > 0);
}

TEST_CASE("QR and bar codes can be scanned from the dots", "[unit][receipt]") {
    Press press;
    if (!test::has_zbarimg()) {
        WARN("skipped: zbarimg is not installed (package zbar-tools)");
        return;
    }
    for (const char* name : {"generic-80", "generic-58", "epson-tm-t20", "chinese-80-gb18030"}) {
        INFO(name);
        auto unit = profile(name);
        unit.qr = printer::Known::unknown; // drawn by us, doubled where the unit can
        unit.code128 = printer::Known::unknown;
        Document qr;
        qr.add(printer::Qr{SecretText("https://office.example/q/7K4M92HX3PRD?edition=1")});
        CHECK(test::read_by_zbarimg(press.decoded(qr, unit).page) ==
              "https://office.example/q/7K4M92HX3PRD?edition=1");
        if (unit.width_dots < 500) continue;
        Document code;
        code.add(printer::Code{SecretText("7K4M-{92}-HX3P")});
        CHECK(test::read_by_zbarimg(press.decoded(code, unit).page) == "7K4M-{92}-HX3P");
    }
    Document both;
    both.add(printer::Qr{SecretText("7K4M92HX3PRD")});
    both.add(printer::Code{SecretText("7K4M{92HX3PRD")});
    const auto page = press.decoded(both, profile("epson-tm-t20"));
    CHECK(page.qr_payloads == std::vector<std::string>{"7K4M92HX3PRD"});
    CHECK(page.codes == std::vector<std::string>{"7K4M{92HX3PRD"});
}

TEST_CASE("the size of a QR code is known without drawing it", "[unit][receipt]") {
    for (std::size_t size = 1; size <= 151; ++size) {
        const std::string payload(size, "kK7"[size % 3]); // never a denser mode
        CHECK(printer::qr_modules(payload).value() ==
              printer::draw_qr_modules(payload).value().height());
    }
    CHECK(printer::qr_modules(std::string(152, 'k')).error().code == base::Errc::too_large);
}

TEST_CASE("a unit that can is asked to confirm behind the last line and behind the cut",
          "[unit][receipt]") {
    Press press;
    const auto unit = profile("epson-tm-t20");
    auto laid_out = printer::lay_out(paragraph("Form"), unit, press.typesetter);
    REQUIRE(laid_out);
    const auto page = printer::decode(printer::encode(laid_out->items, unit, 7), unit);
    REQUIRE(page);
    REQUIRE(page->asked_for.size() == 2);
    CHECK(page->asked_for[0] == printer::process_id(7, printer::Mark::last_line));
    CHECK(page->asked_for[1] == printer::process_id(7, printer::Mark::cut));
    CHECK(printer::process_id(7, printer::Mark::cut) != printer::process_id(8, printer::Mark::cut));
    const auto plain = profile("generic-80");
    auto dots = printer::lay_out(paragraph("Form"), plain, press.typesetter);
    CHECK(printer::decode(printer::encode(dots->items, plain, 7), plain)->asked_for.empty());
}

namespace {

// Every ideograph of GB 18030-2022 level 3 and Uyghur letters in every joining form.
std::u32string all_ideographs() {
    constexpr std::array<std::pair<char32_t, char32_t>, 7> blocks{{{0x3400, 0x4DB5},
                                                                   {0x4E00, 0x9FEF},
                                                                   {0x20000, 0x2A6D6},
                                                                   {0x2A700, 0x2B734},
                                                                   {0x2B740, 0x2B81D},
                                                                   {0x2B820, 0x2CEA1},
                                                                   {0x2CEB0, 0x2EBE0}}};
    std::u32string all{0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F,
                       0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29};
    for (const auto& [first, last] : blocks)
        for (char32_t c = first; c <= last; ++c) all.push_back(c);
    return all;
}

// Whether `c` alone on a line comes out as itself or as dots of a real glyph, and never as a
// question mark or a frame.
bool comes_out(Press& press, char32_t c, Language language, const Profile& unit) {
    const auto text = text::encode_utf8(std::u32string(1, c));
    auto laid_out = printer::lay_out(paragraph(text, language), unit, press.typesetter, press.ink);
    if (!laid_out || !laid_out->missing.empty()) return false;
    const auto page = printer::decode(printer::encode(laid_out->items, unit), unit);
    if (!page) return false;
    return page->texts.empty() ? has_ink(page->page)
                               : page->texts.size() == 1 && page->texts[0].text == text;
}

} // namespace

TEST_CASE("every ideograph of level 3 comes out on every charset, none as a question mark",
          "[unit][receipt]") {
    Press press;
    const auto all = all_ideographs();
    REQUIRE(all.size() == 87'887);
    // What a unit has goes as characters: checked for all of them. What it has not is drawn: each
    // once, on the unit without Chinese, since that is the same picture on every unit, and every
    // 41st on the others.
    for (const char* name :
         {"epson-tm-t20", "chinese-58-gb2312", "chinese-80-gbk", "chinese-80-gb18030"}) {
        const auto unit = profile(name);
        std::size_t native = 0;
        std::size_t lost = 0;
        std::size_t tried = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool is_native = printer::has_glyph(unit.known_charset(), all[i]);
            native += is_native;
            const bool is_drawn_here = !printer::is_known(unit.chinese) || i % 41 == 0;
            if (!is_native && !is_drawn_here) continue;
            ++tried;
            lost += !comes_out(press, all[i], Language::zh, unit);
            if (i % 2000 == 0) {
                press.typesetter.wipe();
                press.ink.wipe();
            }
        }
        std::printf("%s: %zu ideographs, %zu of them native, %zu lost\n", name, tried, native,
                    lost);
        CHECK(lost == 0);
    }
}

TEST_CASE("Uyghur comes out in every joining form on every charset", "[unit][receipt]") {
    Press press;
    const std::u32string letters = U"ئابپتجچخدرزژسشغفقكگڭلمنوۇۆۈۋېىيھە";
    for (const char* name :
         {"epson-tm-t20", "chinese-58-gb2312", "chinese-80-gbk", "chinese-80-gb18030"}) {
        const auto unit = profile(name);
        std::size_t lost = 0;
        for (const char32_t letter : letters) {
            // alone, first, middle, last; between dual-joining letters
            for (const auto& word :
                 {std::u32string{letter}, std::u32string{letter, U'ب'},
                  std::u32string{U'ب', letter, U'ب'}, std::u32string{U'ب', letter}}) {
                auto laid_out = printer::lay_out(paragraph(text::encode_utf8(word), Language::ug),
                                                 unit, press.typesetter, press.ink);
                REQUIRE(laid_out);
                const auto page = printer::decode(printer::encode(laid_out->items, unit), unit);
                REQUIRE(page);
                lost += !laid_out->missing.empty() || !page->texts.empty() || !has_ink(page->page);
            }
        }
        CHECK(lost == 0);
    }
}

namespace {

// A receipt that nobody would write: any characters, any blocks.
Document random_document(base::SeededRandom& random) {
    const auto text = [&] {
        std::u32string characters;
        const auto length = 1 + random.below(40);
        for (std::uint64_t i = 0; i < length; ++i) {
            switch (random.below(6)) {
            case 0: characters.push_back(char32_t(random.below(0x80))); break;
            case 1: characters.push_back(U'一' + char32_t(random.below(20'000))); break;
            case 2: characters.push_back(0x0620 + char32_t(random.below(0xB0))); break;
            case 3: characters.push_back(0x20000 + char32_t(random.below(42'000))); break;
            case 4: characters.push_back(0x2000 + char32_t(random.below(0x70))); break;
            default: characters.push_back(U'国'); break;
            }
        }
        return SecretText(text::encode_utf8(characters));
    };
    const auto language = [&] {
        return std::array{Language::zh, Language::ug, Language::en}[random.below(3)];
    };
    Document document;
    const auto blocks = 1 + random.below(6);
    for (std::uint64_t i = 0; i < blocks; ++i) {
        switch (random.below(6)) {
        case 0: document.add(printer::Pair{text(), text(), language()}); break;
        case 1:
            document.add(printer::Qr{SecretText("N" + std::to_string(random.below(1'000'000)))});
            break;
        case 2: {
            printer::Logo logo{.width = 64, .height = 20, .rows = {}};
            for (int byte = 0; byte < 160; ++byte)
                logo.rows.push_back(std::uint8_t(random.below(256)));
            document.add(std::move(logo));
            break;
        }
        case 3: document.add(printer::Banner{{{text(), language()}}}); break;
        default:
            document.add(printer::Paragraph{
                .content = {text(), language()},
                .size = std::array{printer::Size::normal, printer::Size::large}[random.below(2)],
                .is_bold = random.below(2) == 0});
        }
    }
    return document;
}

void look_for_orders(std::uint64_t receipts) {
    const auto start = seed();
    INFO("KIOSK_SEED=" << start);
    base::SeededRandom random(start);
    Press press;
    std::size_t bytes = 0;
    std::size_t orders = 0;
    std::size_t unread = 0;
    for (std::uint64_t i = 0; i < receipts; ++i) {
        const auto& unit = printer::profiles()[random.below(printer::profiles().size())];
        const auto document = random_document(random);
        auto laid_out = printer::lay_out(document, unit, press.typesetter, press.ink);
        REQUIRE(laid_out);
        const auto stream = printer::encode(laid_out->items, unit, std::uint32_t(i));
        bytes += stream.size();
        orders += printer::find_real_time_commands(stream).size();
        if (i % 10 == 0) unread += !printer::decode(stream, unit);
        if (i % 50 == 0) {
            press.typesetter.wipe();
            press.ink.wipe();
        }
    }
    std::printf("%llu random receipts, %zu bytes, %zu hidden orders\n",
                static_cast<unsigned long long>(receipts), bytes, orders);
    CHECK(orders == 0);
    CHECK(unread == 0);
}

} // namespace

TEST_CASE("two thousand random receipts hold no hidden order", "[unit][receipt]") {
    look_for_orders(2'000);
}

TEST_CASE("a million random receipts hold no hidden order", "[.slow][receipt]") {
    const char* given = std::getenv("KIOSK_RECEIPTS");
    look_for_orders(given ? std::strtoull(given, nullptr, 10) : 1'000'000);
}
