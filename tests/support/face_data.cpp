#include "tests/support/face_data.hpp"

#include "kiosk/base/picture.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <opencv2/imgproc.hpp>

namespace face_data {
namespace {

std::string found_folder() {
    namespace fs = std::filesystem;
    if (const char* named = std::getenv("KIOSK_TESTDATA"))
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
    auto bytes = base::read_file(folder() + "/" + path);
    CHECK(bytes.has_value());
    auto decoded = base::decode_picture(*bytes);
    CHECK(decoded.has_value());
    const bool grey = decoded->channels == 1;
    const cv::Mat rows(decoded->height, decoded->width, grey ? CV_8UC1 : CV_8UC3,
                       decoded->pixels.data());
    cv::Mat result;
    cv::cvtColor(rows, result, grey ? cv::COLOR_GRAY2BGR : cv::COLOR_RGB2BGR);
    return result;
}

} // namespace face_data
