// Receipts in type: three languages, two widths of paper, one layout for printer and picture.
#include "printer/escpos.hpp"
#include "printer/render.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

namespace {

using base::Language;
using base::SecretText;
using printer::Document;

struct Press {
    text::FontSet fonts = open();
    text::Typesetter typesetter{fonts};

    static text::FontSet open() {
        auto fonts = text::FontSet::open("/usr/share/fonts");
        REQUIRE(fonts);
        return std::move(fonts).value();
    }
    base::Picture print(const Document& document, const char* profile = "generic-80") {
        auto rendered =
            printer::render(document, printer::find_profile(profile).value(), typesetter);
        REQUIRE(rendered);
        return rendered->preview;
    }
};

printer::Paragraph paragraph(std::string_view text, Language language) {
    return {.content = {SecretText(text), language}};
}

template <class Kind> Document of(Kind block) {
    Document document;
    document.add(std::move(block));
    return document;
}

struct Ink {
    int left = 1 << 20, right = -1, top = 1 << 20, bottom = -1;
    bool none() const { return right < 0; }
};

Ink ink_of(const base::Picture& picture, int from = 0, int to = 1 << 20) {
    Ink ink;
    for (int y = 0; y < picture.height; ++y) {
        for (int x = from; x < std::min(to, picture.width); ++x) {
            if (picture.row(y)[x] != 0) continue;
            ink = {std::min(ink.left, x), std::max(ink.right, x), std::min(ink.top, y),
                   std::max(ink.bottom, y)};
        }
    }
    return ink;
}

base::Picture cut_out(const base::Picture& picture, const Ink& ink) {
    base::Picture part{
        .width = ink.right - ink.left + 1, .height = ink.bottom - ink.top + 1, .channels = 1};
    for (int y = ink.top; y <= ink.bottom; ++y) {
        part.pixels.insert(part.pixels.end(), picture.row(y) + ink.left,
                           picture.row(y) + ink.right + 1);
    }
    return part;
}

} // namespace

TEST_CASE("every receipt fixture prints on every paper without a missing character",
          "[unit][receipt]") {
    Press press;
    for (const auto& entry : std::filesystem::directory_iterator("tests/fixtures/receipts")) {
        if (entry.path().extension() != ".json") continue;
        const auto document =
            printer::read_document(base::read_file(entry.path().string()).value());
        REQUIRE(document);
        for (const auto& profile : printer::profiles()) {
            INFO(entry.path() << " on " << profile.name);
            const auto rendered = printer::render(*document, profile, press.typesetter);
            REQUIRE(rendered);
            CHECK(rendered->missing.empty());
            CHECK(rendered->preview.width == profile.width_dots);
            CHECK(printer::find_real_time_commands(rendered->escpos).empty());
            const Ink ink = ink_of(rendered->preview);
            CHECK(ink.left >= profile.margin_dots - 2); // an italic-like overhang at most
            CHECK(ink.right < profile.width_dots - profile.margin_dots + 2);
        }
    }
}

TEST_CASE("Uyghur starts at the right side of the paper, Chinese at the left", "[unit][receipt]") {
    Press press;
    const Ink uyghur = ink_of(press.print(of(paragraph("ئىسمى", Language::ug))));
    CHECK(uyghur.right > 550);
    CHECK(uyghur.left > 400);
    const Ink chinese = ink_of(press.print(of(paragraph("姓名", Language::zh))));
    CHECK(chinese.left < 26);
    CHECK(chinese.right < 100);
}

TEST_CASE("a date beside a Uyghur label keeps its order", "[unit][receipt]") {
    Press press;
    const auto pair = press.print(
        of(printer::Pair{SecretText("ۋاقتى"), SecretText("2026-11-22 10:38"), Language::ug}));
    // The label is the part right of the widest gap; the value must look as it does alone.
    const auto alone = press.print(of(paragraph("2026-11-22 10:38", Language::en)));
    const Ink alone_ink = ink_of(alone);
    const Ink pair_ink = ink_of(pair);
    const int label_left = [&] {
        int gap = 0;
        for (int x = pair_ink.right; x > pair_ink.left; --x) {
            gap = ink_of(pair, x, x + 1).none() ? gap + 1 : 0;
            if (gap == 18) return x + gap;
        }
        return -1;
    }();
    REQUIRE(label_left > 0);
    const auto value = cut_out(pair, ink_of(pair, 0, label_left));
    const auto expected = cut_out(alone, alone_ink);
    REQUIRE(std::abs(value.width - expected.width) <= 1);
    REQUIRE(value.height == expected.height);
    // Glyphs stand at quarters of a dot, so edges may differ; another order of the words would not
    // leave four fifths of the ink in place.
    int same = 0, black = 0;
    for (int y = 0; y < value.height; ++y) {
        for (int x = 0; x < std::min(value.width, expected.width); ++x) {
            if (expected.row(y)[x] != 0) continue;
            ++black;
            same += value.row(y)[x] == 0;
        }
    }
    CHECK(same > black * 4 / 5);
}

TEST_CASE("a long value goes below its label, a short one beside it", "[unit][receipt]") {
    Press press;
    const auto short_pair =
        press.print(of(printer::Pair{SecretText("还缺"), SecretText("没有"), Language::zh}));
    const auto long_pair = press.print(
        of(printer::Pair{SecretText("收到材料"),
                         SecretText("户口簿二页，银行卡一页，照片三张，证明一份"), Language::zh}));
    CHECK(long_pair.height > short_pair.height * 3 / 2);
}

TEST_CASE("a word wider than the paper is broken, not cut off", "[unit][receipt]") {
    Press press;
    const auto one = press.print(of(paragraph(std::string(20, 'W'), Language::en)));
    const auto many = press.print(of(paragraph("to " + std::string(60, 'W'), Language::en)));
    CHECK(ink_of(many).right < 576 - 14);
    CHECK(many.height > one.height * 3);
}

TEST_CASE("a receipt number of the widest letters stays on one line", "[unit][receipt]") {
    Press press;
    for (const char* profile : {"generic-58-cutter", "generic-80"}) {
        auto number = paragraph("WWWW MMMM WWWW", Language::en);
        number.size = printer::Size::huge;
        number.is_bold = true;
        auto word = number;
        word.content.text = SecretText("W");
        CHECK(press.print(of(number), profile).height <= press.print(of(word), profile).height);
    }
}

TEST_CASE("the longest synthetic name fits the narrowest paper", "[unit][receipt]") {
    Press press;
    const auto page =
        press.print(of(printer::Pair{SecretText("姓名"), SecretText("阿卜杜热合曼·麦麦提图尔荪"),
                                     Language::zh}),
                    "generic-58");
    CHECK(ink_of(page).right < 380);
}

TEST_CASE("a character that no font has is printed as its number and reported", "[unit][receipt]") {
    Press press;
    const auto rendered =
        printer::render(of(paragraph("\uE000", Language::zh)),
                        printer::find_profile("generic-80").value(), press.typesetter);
    REQUIRE(rendered);
    CHECK(rendered->missing == std::vector<char32_t>{0xE000});
    CHECK_FALSE(ink_of(rendered->preview).none());
}

TEST_CASE("a receipt longer than a metre and a half is refused", "[unit][receipt]") {
    Press press;
    Document document;
    for (int i = 0; i < 200; ++i) document.add(printer::Space{50});
    const auto laid_out =
        printer::lay_out(document, printer::find_profile("generic-80").value(), press.typesetter);
    REQUIRE_FALSE(laid_out);
    CHECK(laid_out.error().code == base::Errc::too_large);

    document.blocks.clear();
    for (int i = 0; i < 200; ++i) {
        document.add(paragraph(std::string(2000, 'w'), Language::en));
    }
    CHECK_FALSE(
        printer::lay_out(document, printer::find_profile("generic-58").value(), press.typesetter));
}

TEST_CASE("a QR code that would have too small modules is refused", "[unit][receipt]") {
    Press press;
    const auto laid_out =
        printer::lay_out(of(printer::Qr{SecretText(std::string(1000, 'a'))}),
                         printer::find_profile("generic-58").value(), press.typesetter);
    REQUIRE_FALSE(laid_out);
    CHECK(laid_out.error().code == base::Errc::too_large);
}

TEST_CASE("rendering the same receipt twice gives the same bytes", "[unit][receipt]") {
    const auto document =
        printer::read_document(base::read_file("tests/fixtures/receipts/accepted-ug.json").value());
    REQUIRE(document);
    const auto profile = printer::find_profile("generic-80").value();
    Press first, second;
    second.print(of(paragraph("姓名", Language::zh))); // other things set before change nothing
    const auto one = printer::render(*document, profile, first.typesetter);
    const auto two = printer::render(*document, profile, second.typesetter);
    CHECK(one->escpos == two->escpos);
    CHECK(one->preview == two->preview);
}

TEST_CASE("receipt files are rendered in one call, and a fault names its cause",
          "[unit][receipt]") {
    const auto folder = std::filesystem::temp_directory_path() / "kiosk-receipt-render-test";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const auto escpos = (folder / "receipt.escpos").string();
    const auto png = (folder / "receipt.png").string();
    const auto render = [&](const char* document, const char* profile, const char* fonts) {
        return printer::render_files(document, profile, escpos, png, fonts);
    };
    const char* good = "tests/fixtures/receipts/accepted-zh.json";
    const auto summary = render(good, "generic-80", "/usr/share/fonts");
    REQUIRE(summary);
    CHECK(base::read_file(escpos)->size() == summary->escpos_bytes);
    const auto picture = base::decode_png(base::read_file(png).value());
    REQUIRE(picture);
    CHECK(picture->width == 576);
    CHECK(picture->height == summary->height_dots);
    using base::Errc;
    CHECK(render("tests/no-such.json", "generic-80", "/usr/share/fonts").error().code ==
          Errc::not_found);
    CHECK(render(good, "no-such-printer", "/usr/share/fonts").error().code == Errc::not_found);
    CHECK(render(good, "generic-80", "tests/no-such-fonts").error().code == Errc::not_found);
    CHECK(render("CMakeLists.txt", "generic-80", "/usr/share/fonts").error().code ==
          Errc::invalid_input);
    std::filesystem::remove_all(folder);
}
