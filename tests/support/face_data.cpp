#include "tests/support/face_data.hpp"

#include "face/evaluation/read_picture.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <opencv2/core.hpp>

namespace face_data {
namespace {

std::string found_folder() {
    namespace fs = std::filesystem;
    if (const char* named = std::getenv("KIOSK_TEST_DATA"))
        if (fs::is_directory(std::string(named) + "/face")) return std::string(named) + "/face";
    // Tests run in the source folder; a work tree may lie one folder deeper than the project.
    for (const auto* beside : {"../shared/testdata/face", "../../shared/testdata/face"})
        if (fs::is_directory(beside)) return beside;
    std::cout << "skipped: no shared test data\n";
    return "";
}

} // namespace

const std::string& folder() {
    static const std::string found = found_folder();
    return found;
}

cv::Mat picture(const std::string& path) {
    auto picture = evaluation::read_picture(folder() + "/" + path);
    CHECK(picture.has_value());
    return std::move(picture).value();
}

} // namespace face_data
