// The document camera's contract, on the simulated one.
#include "drivers/camera/simulated_camera.hpp"
#include "drivers/registry.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <unistd.h>

using namespace drivers;
using namespace std::chrono_literals;
using base::Errc;
using base::Picture;

namespace {

class TemporaryFolder {
public:
    TemporaryFolder()
        : path_(std::filesystem::temp_directory_path() /
                ("kiosk-camera-test-" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    std::string file(const char* name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

} // namespace

TEST_CASE("the camera shows the page that lies under it", "[device][camera]") {
    SimulatedCamera camera;
    REQUIRE(camera.open());
    const auto desk = camera.next_frame(1s).value();
    REQUIRE(desk == make_empty_desk());
    camera.put_page(make_test_page(1));
    REQUIRE(camera.has_page());
    REQUIRE(camera.next_frame(1s).value() == make_test_page(1));
    camera.take_page_away();
    REQUIRE_FALSE(camera.has_page());
    REQUIRE(camera.next_frame(1s).value() == desk);
}

TEST_CASE("frames are counted only when one is taken", "[device][camera][refusal][G7]") {
    SimulatedCamera camera;
    camera.put_page(make_test_page(1));
    REQUIRE(camera.frames_taken() == 0);
    REQUIRE_FALSE(camera.describe().empty());
    REQUIRE(camera.open());
    REQUIRE(camera.frames_taken() == 0);
    REQUIRE(camera.next_frame(1s));
    camera.stall(true);
    REQUIRE(camera.next_frame(1s).error().code == Errc::timed_out);
    REQUIRE(camera.frames_taken() == 1);
    camera.close();
    camera.close();
    REQUIRE_FALSE(camera.is_open());
    REQUIRE(camera.frames_taken() == 1);
}

TEST_CASE("a camera pulled out is told and can be opened again", "[device][camera]") {
    SimulatedCamera camera;
    REQUIRE(camera.open());
    camera.pull_cable();
    REQUIRE(camera.next_frame(1s).error().code == Errc::unplugged);
    REQUIRE_FALSE(camera.is_open());
    REQUIRE(camera.open().error().code == Errc::unplugged);
    camera.plug_cable();
    REQUIRE(camera.open());
    REQUIRE(camera.next_frame(1s));
}

TEST_CASE("a covered lens gives black frames", "[device][camera]") {
    SimulatedCamera camera;
    REQUIRE(camera.open());
    camera.put_page(make_test_page(1));
    camera.go_black(true);
    const auto frame = camera.next_frame(1s).value();
    REQUIRE(std::all_of(frame.pixels.begin(), frame.pixels.end(), [](auto v) { return v == 0; }));
    camera.go_black(false);
    REQUIRE(camera.next_frame(1s).value() == make_test_page(1));
}

TEST_CASE("a picture file can lie under the camera", "[device][camera]") {
    const TemporaryFolder folder;
    SimulatedCamera camera;
    REQUIRE(camera.open());
    const auto page = make_test_page(3);
    REQUIRE(base::write_file_durably(folder.file("page.png"), base::encode_png(page).value()));
    REQUIRE(camera.put_page_file(folder.file("page.png")));
    REQUIRE(camera.next_frame(1s).value() == page);
    REQUIRE(base::write_file_durably(folder.file("page.txt"), base::as_bytes("no picture")));
    REQUIRE(camera.put_page_file(folder.file("page.txt")).error().code == Errc::unsupported);
    REQUIRE(camera.put_page_file(folder.file("none.png")).error().code == Errc::not_found);
    REQUIRE(camera.next_frame(1s).value() == page); // the old one stays
}

TEST_CASE("test pages differ by seed and are equal for equal seeds", "[device][camera]") {
    REQUIRE(make_test_page(1) == make_test_page(1));
    REQUIRE_FALSE(make_test_page(1) == make_test_page(2));
}

TEST_CASE("every kind of device has one row that says what to do", "[device][registry]") {
    std::vector<std::string_view> kinds;
    for (const auto& row : device_rows()) {
        REQUIRE_FALSE(row.interface_name.empty());
        REQUIRE_FALSE(row.identification.empty());
        REQUIRE_FALSE(row.advice.empty());
        if (row.driver.empty()) REQUIRE(row.advice.substr(0, 12) == "not handled:");
        REQUIRE(std::filesystem::is_directory("drivers/" + std::string(row.kind)));
        kinds.push_back(row.kind);
    }
    std::sort(kinds.begin(), kinds.end());
    REQUIRE(std::adjacent_find(kinds.begin(), kinds.end()) == kinds.end());
}
