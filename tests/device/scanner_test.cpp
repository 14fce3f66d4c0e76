// Pages from camera frames, and the tool that scans picture files.
#include "drivers/camera/test_page.hpp"
#include "drivers/scanner/flatten.hpp"
#include "drivers/scanner/page_pdf.hpp"
#include "drivers/scanner/scanner.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "tests/support/desk_scene.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace drivers;
using base::Errc;
using base::Picture;
using Json = nlohmann::json;

namespace {

class TemporaryFolder {
public:
    TemporaryFolder()
        : path_(std::filesystem::temp_directory_path() /
                ("kiosk-scanner-test-" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    std::string path(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

Picture plain(int width, int height, std::uint8_t grey) {
    Picture picture{width, height, 3, {}};
    picture.pixels.assign(picture.row_bytes() * std::size_t(height), grey);
    return picture;
}

Picture black_and_white(const Picture& page) {
    Picture out{page.width, page.height, 1, {}};
    for (std::size_t i = 0; i < page.pixels.size(); i += 3)
        out.pixels.push_back(page.pixels[i] > 128 ? 255 : 0);
    return out;
}

bool has_tool(const std::string& name) {
    return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0; // a test may
}

double share_below(const Picture& page, int grey) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < page.pixels.size(); i += std::size_t(page.channels))
        count += page.pixels[i] < grey ? 1 : 0;
    return double(count) * page.channels / double(page.pixels.size());
}

} // namespace

TEST_CASE("a sheet on the desk becomes a flat white page with its seal", "[device][scanner]") {
    const auto page = scan_page(make_test_page(1));
    REQUIRE(page.is_usable());
    REQUIRE(page.found);
    REQUIRE(page.quad);
    REQUIRE(page.quality.aspect == Approx(1.414).margin(0.02));
    REQUIRE(double(page.picture.height) / page.picture.width == Approx(1.4142).margin(0.001));
    REQUIRE(has_colour(page.picture));
    // Paper is white to its edges, letters are dark.
    const auto* corner = page.picture.row(20) + 3 * 20;
    REQUIRE(int(corner[0]) + corner[1] + corner[2] > 3 * 245);
    REQUIRE(share_below(page.picture, 80) > 0.02);
    REQUIRE(share_below(page.picture, 80) < 0.4);
}

TEST_CASE("an empty desk and a black frame hold no page, each for its own reason",
          "[device][scanner]") {
    const auto desk = scan_page(make_empty_desk());
    REQUIRE_FALSE(desk.found);
    REQUIRE_FALSE(desk.quad);
    REQUIRE(desk.has(ScanReason::nopage));
    REQUIRE_FALSE(desk.is_usable());
    REQUIRE_FALSE(desk.may_be_used_anyway());
    for (const int grey : {0, 3}) {
        const auto black = scan_page(plain(1200, 1600, std::uint8_t(grey)));
        REQUIRE(black.has(ScanReason::dark));
        REQUIRE_FALSE(black.is_usable());
    }
    REQUIRE(scan_page(plain(1200, 1600, 255)).has(ScanReason::nopage));
}

TEST_CASE("frames of any size and one channel are looked at without harm", "[device][scanner]") {
    for (const auto& [width, height] :
         {std::pair{1, 1}, {31, 31}, {32, 32}, {33, 700}, {4000, 20}, {513, 511}}) {
        REQUIRE_FALSE(scan_page(plain(width, height, 120)).found);
        const Picture grey{width, height, 1,
                           base::Bytes(std::size_t(width) * std::size_t(height), 90)};
        REQUIRE_FALSE(scan_page(grey).found);
    }
    auto page = make_test_page(4);
    Picture grey{page.width, page.height, 1, {}};
    for (std::size_t i = 0; i < page.pixels.size(); i += 3) grey.pixels.push_back(page.pixels[i]);
    const auto scanned = scan_page(grey);
    REQUIRE(scanned.is_usable());
    REQUIRE(scanned.picture.channels == 1);
    REQUIRE_FALSE(has_colour(scanned.picture));
}

TEST_CASE("a form that wants another paper or more pixels gets its own reason",
          "[device][scanner]") {
    const auto frame = make_test_page(2);
    REQUIRE(scan_page(frame, {Paper::a4, 100, false}).is_usable());
    const auto card = scan_page(frame, {Paper::id1, 0, false});
    REQUIRE(card.has(ScanReason::wrong_paper));
    REQUIRE(card.may_be_used_anyway());
    const auto fine = scan_page(frame, {Paper::any, 300, false});
    REQUIRE(fine.has(ScanReason::small));
    REQUIRE(fine.flaws.size() == 1);
}

TEST_CASE("a shadow's hard edge goes, a seal and blue ink stay", "[device][scanner]") {
    auto sheet = test::draw_sheet(3, 827, 1169);
    const auto paint = [&](int x, int y, int w, int h, std::array<std::uint8_t, 3> ink) {
        for (int row = y; row < y + h; ++row)
            for (int column = x; column < x + w; ++column)
                std::copy(ink.begin(), ink.end(), sheet.row(row) + 3 * column);
    };
    paint(600, 1010, 90, 90, {200, 40, 40}); // solid, wider than any letter
    paint(100, 1060, 120, 4, {40, 60, 190});
    for (int y = 0; y < sheet.height; ++y)
        for (int x = 300; x < sheet.width; ++x)
            for (int c = 0; c < 3; ++c) {
                auto& value = sheet.row(y)[3 * x + c];
                value = std::uint8_t(value * 0.5);
            }
    const auto clean = clean_up(sheet);
    const auto at = [&](int x, int y) {
        const auto* p = clean.row(y) + 3 * x;
        return std::array<int, 3>{p[0], p[1], p[2]};
    };
    for (int x : {200, 280, 290, 310, 320, 500})
        for (const int value : at(x, 20)) REQUIRE(value > 240);
    const auto seal = at(645, 1055), pen = at(160, 1062);
    REQUIRE(seal[0] > seal[1] + 80);
    REQUIRE(pen[2] > pen[0] + 60);
    REQUIRE(has_colour(clean));
    REQUIRE_FALSE(has_colour(black_and_white(clean)));
}

TEST_CASE("grain of the paper goes, the soft sides of thin strokes stay", "[device][scanner]") {
    constexpr std::uint8_t paper = 200;
    auto sheet = plain(400, 560, paper);
    const auto shade = [&](int x, int y, double share) {
        std::fill_n(sheet.row(y) + 3 * x, 3, std::uint8_t(share * paper));
    };
    for (int i = 0; i < 30; ++i) shade(20 + 12 * i, 100, 0.84); // one dark pixel each
    for (int x = 40; x < 360; ++x) {
        for (int y = 297; y < 304; ++y) shade(x, y, 0.90);
        for (int y = 299; y < 302; ++y) shade(x, y, 0.2);
    }
    const auto clean = clean_up(sheet);
    const auto at = [&](int x, int y) { return int(clean.row(y)[3 * x]); };
    for (int i = 0; i < 30; ++i) REQUIRE(at(20 + 12 * i, 100) == 255);
    REQUIRE(at(200, 300) < 60);
    REQUIRE(at(200, 290) == 255);
    REQUIRE(at(200, 303) < 255);
}

TEST_CASE("a page becomes a JPEG in locked memory", "[device][scanner]") {
    const auto before = base::SessionArena::instance().in_use();
    {
        const auto jpeg = page_as_jpeg(make_test_page(1)).value();
        const auto back = base::decode_jpeg(jpeg).value();
        REQUIRE(back.width == 1200);
        REQUIRE(back.height == 1600);
        REQUIRE(base::SessionArena::instance().in_use() >= before + jpeg.size());
    }
    REQUIRE(base::SessionArena::instance().in_use() == before);
}

TEST_CASE("a page is made to fit its limit, or refused", "[device][scanner]") {
    Picture noise{3000, 4000, 1, base::Bytes(12'000'000)};
    base::SeededRandom(1).fill(noise.pixels); // what compresses worst
    const auto jpeg = page_as_jpeg(noise).value();
    REQUIRE(jpeg.size() <= page_bytes_limit);
    REQUIRE(base::decode_jpeg(jpeg)->height <= 2480);
    const auto small = page_as_jpeg(noise, 400'000).value();
    REQUIRE(small.size() <= 400'000);
    REQUIRE(page_as_jpeg(noise, 1000).error().code == Errc::too_large);
    REQUIRE(page_as_jpeg(Picture{}).error().code == Errc::invalid_input);
}

TEST_CASE("pages become one small PDF that other programs accept", "[device][scanner]") {
    const TemporaryFolder folder;
    const auto sheet = test::draw_sheet(8, 1654, 2339);
    PagePdf pdf;
    REQUIRE(pdf.finish().error().code == Errc::invalid_input);
    REQUIRE(pdf.add({{}, 200, Ink::by_content}).error().code == Errc::invalid_input);
    REQUIRE(pdf.add({black_and_white(sheet), 200, Ink::by_content}));
    const auto bilevel = pdf.finish().value();
    // A sheet of ours has three times the strokes of a printed one, and 16 kB a page is measured
    // there (README): far from the 195 kB a JPEG of it would fill.
    REQUIRE(bilevel.size() < 100'000);
    REQUIRE(pdf.add({sheet, 200, Ink::colour}));
    const auto both = pdf.finish().value();
    REQUIRE(both.size() - bilevel.size() < 200'000);
    REQUIRE(pdf.pages() == 2);
    REQUIRE(both == pdf.finish().value());
    REQUIRE(base::write_file_durably(folder.path("pages.pdf"), both));
    if (!has_tool("qpdf") || !has_tool("pdftoppm")) {
        WARN("skipped: qpdf or pdftoppm is not installed");
        return;
    }
    const auto file = folder.path("pages.pdf");
    REQUIRE(std::system(("qpdf --check '" + file + "' >/dev/null").c_str()) == 0); // a test may
    REQUIRE(
        std::system(("pdftoppm -r 50 -png '" + file + "' '" + folder.path("p") + "'").c_str()) ==
        0); // a test may call a tool
    for (const auto* name : {"p-1.png", "p-2.png"}) {
        const auto page = base::decode_png(base::read_file(folder.path(name)).value()).value();
        REQUIRE(page.width == Approx(413).margin(2));
        REQUIRE(page.height == Approx(585).margin(2));
        // Neither empty nor inverted.
        REQUIRE(share_below(page, 128) > 0.005);
        REQUIRE(share_below(page, 128) < 0.3);
    }
}

namespace {

// One side of a card, dark all over, `dpi` fine. Lies, or stands.
Picture card_side(int dpi, bool stands = false) {
    const int across = int(std::lround(85.60 / 25.4 * dpi));
    const int down = int(std::lround(53.98 / 25.4 * dpi));
    Picture side{stands ? down : across, stands ? across : down, 3, {}};
    side.pixels.assign(side.row_bytes() * std::size_t(side.height), 0);
    for (std::size_t i = 0; i < side.pixels.size(); i += 3) side.pixels[i] = 120; // a red, as JPEG
    return side;
}

struct Box {
    double left = 1e9, top = 1e9, right = -1, bottom = -1; // millimetres
    double width() const { return right - left; }
    double height() const { return bottom - top; }
};

// What is dark between two heights of a page.
Box dark_box(const Picture& page, double from, double to, int dpi) {
    Box box;
    const double mm = 25.4 / dpi;
    for (int y = int(from / mm); y < std::min(page.height, int(to / mm)); ++y)
        for (int x = 0; x < page.width; ++x) {
            if (page.row(y)[page.channels * x] > 180) continue;
            box.left = std::min(box.left, x * mm);
            box.right = std::max(box.right, (x + 1) * mm);
            box.top = std::min(box.top, y * mm);
            box.bottom = std::max(box.bottom, (y + 1) * mm);
        }
    return box;
}

} // namespace

TEST_CASE("both sides of a card stand on one A4 page, in their true size", "[device][scanner]") {
    const TemporaryFolder folder;
    PagePdf pdf;
    REQUIRE(pdf.add_card_side({card_side(200), 200, Ink::colour}));
    REQUIRE(pdf.pages() == 1);
    // Another camera height, and turned: the size on paper is that of the card all the same.
    const auto back = encode_page({card_side(143, true), 143, Ink::colour}).value();
    REQUIRE(pdf.add_card_side(back.bytes, 143));
    REQUIRE(pdf.pages() == 1);
    REQUIRE(pdf.add_card_side({card_side(200), 200, Ink::colour})); // another card
    REQUIRE(pdf.pages() == 2);
    REQUIRE(pdf.add_card_side({test::draw_sheet(8, 827, 1169), 100, Ink::colour})); // no card
    REQUIRE(pdf.pages() == 3);
    REQUIRE(pdf.add({test::draw_sheet(8, 827, 1169), 100, Ink::colour}));
    REQUIRE(pdf.pages() == 4);
    REQUIRE(pdf.add_card_side({{}, 200, Ink::colour}).error().code == Errc::invalid_input);
    REQUIRE(pdf.pages() == 4);
    const auto file = folder.path("cards.pdf");
    REQUIRE(base::write_file_durably(file, pdf.finish().value()));
    if (!has_tool("qpdf") || !has_tool("pdftoppm")) {
        WARN("skipped: qpdf or pdftoppm is not installed");
        return;
    }
    REQUIRE(std::system(("qpdf --check '" + file + "' >/dev/null").c_str()) == 0); // a test may
    constexpr int dpi = 200;
    REQUIRE(
        std::system(("pdftoppm -r 200 -png '" + file + "' '" + folder.path("c") + "'").c_str()) ==
        0); // a test may call a tool
    const auto page = base::decode_png(base::read_file(folder.path("c-1.png")).value()).value();
    CHECK(page.width * 25.4 / dpi == Approx(210).margin(0.3));
    CHECK(page.height * 25.4 / dpi == Approx(297).margin(0.3));
    const auto front = dark_box(page, 0, 140, dpi);
    CHECK(front.width() == Approx(85.60).margin(0.3));
    CHECK(front.height() == Approx(53.98).margin(0.3));
    const auto turned = dark_box(page, 140, 297, dpi);
    CHECK(turned.width() == Approx(53.98).margin(0.3));
    CHECK(turned.height() == Approx(85.60).margin(0.3));
    CHECK(front.bottom < turned.top);
    const auto alone = base::decode_png(base::read_file(folder.path("c-2.png")).value()).value();
    CHECK(dark_box(alone, 140, 297, dpi).right < 0);
}

TEST_CASE("a page with a photograph keeps its grey tones, a page of letters does not",
          "[device][scanner]") {
    auto sheet = test::draw_sheet(8, 827, 1169);
    REQUIRE_FALSE(has_tones(black_and_white(sheet)));
    REQUIRE_FALSE(has_tones(clean_up(sheet)));
    // 25 by 35 mm, from black to white.
    for (int y = 0; y < 138; ++y)
        for (int x = 0; x < 98; ++x)
            std::fill_n(sheet.row(60 + y) + 3 * (680 + x), 3, std::uint8_t(255 * (x + y) / 236));
    REQUIRE(has_tones(sheet));
}

TEST_CASE("scanning files gives one row each, the pages as PNG and all of them as one PDF",
          "[device][scanner]") {
    const TemporaryFolder folder;
    base::ManualClock clock{{}};
    std::filesystem::create_directories(folder.path("other"));
    const auto png = base::encode_png(make_test_page(5)).value();
    const auto jpeg = base::encode_jpeg(make_test_page(6), 85).value();
    REQUIRE(base::write_file_durably(folder.path("a.png"), png));
    REQUIRE(base::write_file_durably(folder.path("other/a.jpg"), jpeg));
    REQUIRE(base::write_file_durably(folder.path("dark.png"),
                                     base::encode_png(plain(500, 500, 0)).value()));
    REQUIRE(base::write_file_durably(folder.path("cut.jpg"), base::as_bytes("\xff\xd8\xff")));
    auto torn = jpeg;
    torn.resize(torn.size() / 2);
    REQUIRE(base::write_file_durably(folder.path("torn.jpg"), torn));
    // A PNG that says it has 100 million pixels.
    auto huge = png;
    const std::array<std::uint8_t, 8> size{0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10};
    std::copy(size.begin(), size.end(), huge.begin() + 16);
    REQUIRE(base::write_file_durably(folder.path("huge.png"), huge));
    const std::vector<std::string> images{folder.path("a.png"),    folder.path("other/a.jpg"),
                                          folder.path("dark.png"), folder.path("cut.jpg"),
                                          folder.path("torn.jpg"), folder.path("none.jpg"),
                                          folder.path("huge.png")};
    const auto lines = scan_files(images, folder.path("out/pages"), clock).value();
    REQUIRE(lines.size() == images.size());

    for (const auto at : {0u, 1u}) {
        const auto row = Json::parse(lines[at]);
        REQUIRE(row.at("file") == images[at]);
        REQUIRE(row.at("found") == true);
        REQUIRE(row.at("quad").size() == 4);
        REQUIRE(row.at("quad")[0][0].get<double>() < row.at("quad")[1][0].get<double>());
        REQUIRE(row.at("reasons").empty());
        REQUIRE(row.at("quality").at("brightness").get<double>() > 150);
        REQUIRE(row.at("millis") == 0);
    }
    REQUIRE(std::filesystem::exists(folder.path("out/pages/a.page.png")));
    REQUIRE(std::filesystem::exists(folder.path("out/pages/a-2.page.png")));
    REQUIRE(std::filesystem::exists(folder.path("out/pages/pages.pdf")));

    const auto dark = Json::parse(lines[2]);
    REQUIRE(dark.at("found") == false);
    REQUIRE(dark.at("quad").is_null());
    REQUIRE(dark.at("reasons") == Json::array({"dark"}));
    for (const auto at : {3u, 4u, 5u})
        REQUIRE(Json::parse(lines[at]).at("reasons") == Json::array({"unreadable_file"}));
    const auto reason = Json::parse(lines[6]).at("reasons")[0].get<std::string>();
    REQUIRE((reason == "too_large" || reason == "unreadable_file"));
    REQUIRE(std::all_of(lines.begin(), lines.end(), [](const std::string& line) {
        return line.find('\n') == std::string::npos;
    }));
}

TEST_CASE("a folder that cannot be made is told", "[device][scanner]") {
    const TemporaryFolder folder;
    base::ManualClock clock{{}};
    REQUIRE(base::write_file_durably(folder.path("file"), base::as_bytes("in the way")));
    REQUIRE(scan_files({}, folder.path("file/pages"), clock).error().code == Errc::io);
    REQUIRE(base::write_file_durably(folder.path("a.png"),
                                     base::encode_png(make_test_page(5)).value()));
    std::filesystem::create_directories(folder.path("out/a.page.png/x"));
    REQUIRE_FALSE(scan_files({folder.path("a.png")}, folder.path("out"), clock));
}
