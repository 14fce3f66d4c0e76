// Pages from camera frames, and the tool that scans picture files.
#include "drivers/camera/test_page.hpp"
#include "drivers/scanner/scanner.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/base/seeded_random.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
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

bool has(const ScannedPage& page, ScanReason reason) {
    return std::find(page.reasons.begin(), page.reasons.end(), reason) != page.reasons.end();
}

} // namespace

TEST_CASE("the whole frame is the page, and the page says so", "[device][scanner]") {
    const auto frame = make_test_page(1);
    const auto page = scan_page(frame);
    REQUIRE(page.picture == frame);
    REQUIRE_FALSE(page.found);
    REQUIRE_FALSE(page.quad);
    REQUIRE(page.reasons == std::vector{ScanReason::page_not_searched});
    REQUIRE(page.is_usable());
}

TEST_CASE("a black frame is no page to keep", "[device][scanner]") {
    const auto dark = scan_page(plain(1200, 1600, 0));
    REQUIRE(has(dark, ScanReason::too_dark));
    REQUIRE_FALSE(dark.is_usable());
    REQUIRE(scan_page(plain(1200, 1600, 30)).is_usable());
    REQUIRE_FALSE(scan_page(plain(1200, 1600, 29)).is_usable());
}

TEST_CASE("a frame too small to read is no page to keep", "[device][scanner]") {
    REQUIRE(has(scan_page(plain(399, 1600, 200)), ScanReason::too_small));
    REQUIRE(scan_page(plain(400, 400, 200)).is_usable());
}

TEST_CASE("light and sharpness are measured", "[device][scanner]") {
    REQUIRE(scan_page(plain(500, 500, 128)).quality.brightness == Approx(128));
    REQUIRE(scan_page(plain(500, 500, 128)).quality.sharpness == 0);
    REQUIRE(scan_page(plain(500, 500, 255)).quality.clipped == 1);
    REQUIRE(scan_page(plain(500, 500, 249)).quality.clipped == 0);
    // A page seen small and blown up again has lost its edges.
    const auto sharp = make_test_page(1);
    const auto small = base::shrink_to_fit(sharp, 300, 400);
    auto blurred = sharp;
    for (int y = 0; y < blurred.height; ++y)
        for (int x = 0; x < blurred.width; ++x)
            std::copy_n(small.row(y / 4) + 3 * (x / 4), 3, blurred.row(y) + 3 * x);
    REQUIRE(scan_page(blurred).quality.sharpness < scan_page(sharp).quality.sharpness / 2);
}

TEST_CASE("a grey frame is a page too", "[device][scanner]") {
    const Picture grey{500, 500, 1, base::Bytes(250'000, 90)};
    REQUIRE(scan_page(grey).quality.brightness == Approx(90));
    REQUIRE(page_as_jpeg(grey));
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

TEST_CASE("scanning files gives one row each and the page as PNG", "[device][scanner]") {
    const TemporaryFolder folder;
    base::ManualClock clock{{}};
    const auto page = make_test_page(5);
    std::filesystem::create_directories(folder.path("other"));
    REQUIRE(base::write_file_durably(folder.path("a.png"), base::encode_png(page).value()));
    REQUIRE(base::write_file_durably(folder.path("other/a.png"),
                                     base::encode_png(plain(500, 500, 0)).value()));
    REQUIRE(base::write_file_durably(folder.path("cut.jpg"), base::as_bytes("\xff\xd8\xff")));
    const std::vector<std::string> images{folder.path("a.png"), folder.path("other/a.png"),
                                          folder.path("cut.jpg"), folder.path("none.jpg")};
    const auto lines = scan_files(images, folder.path("out/pages"), clock).value();
    REQUIRE(lines.size() == images.size());

    const auto first = Json::parse(lines[0]);
    REQUIRE(first.at("file") == images[0]);
    REQUIRE(first.at("found") == false);
    REQUIRE(first.at("quad").is_null());
    REQUIRE(first.at("reasons") == Json::array({"page_not_searched"}));
    REQUIRE(first.at("quality").at("brightness").get<double>() > 100);
    REQUIRE(first.at("millis") == 0);
    const auto png = base::read_file(folder.path("out/pages/a.page.png")).value();
    REQUIRE(base::decode_png(png).value() == page);

    REQUIRE(Json::parse(lines[1]).at("reasons") == Json::array({"page_not_searched", "too_dark"}));
    REQUIRE(std::filesystem::exists(folder.path("out/pages/a-2.page.png")));
    for (const auto at : {2u, 3u})
        REQUIRE(Json::parse(lines[at]).at("reasons") == Json::array({"unreadable_file"}));
    REQUIRE(std::all_of(lines.begin(), lines.end(), [](const std::string& line) {
        return line.find('\n') == std::string::npos;
    }));
}

TEST_CASE("a folder that cannot be made is told", "[device][scanner]") {
    const TemporaryFolder folder;
    base::ManualClock clock{{}};
    REQUIRE(base::write_file_durably(folder.path("file"), base::as_bytes("in the way")));
    REQUIRE(scan_files({}, folder.path("file/pages"), clock).error().code == Errc::io);
}
