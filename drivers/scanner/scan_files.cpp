#include "drivers/scanner/scanner.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using Json = nlohmann::ordered_json;

Json row_of(const std::string& image, const ScannedPage& page, base::Milliseconds time) {
    Json quad;
    if (page.quad) {
        quad = Json::array();
        for (const auto& corner : *page.quad) quad.push_back({corner.x, corner.y});
    }
    Json reasons = Json::array();
    for (const auto reason : page.reasons) reasons.push_back(std::string(to_string(reason)));
    return Json{{"file", image},
                {"found", page.found},
                {"quad", std::move(quad)},
                {"quality",
                 {{"brightness", page.quality.brightness},
                  {"sharpness", page.quality.sharpness},
                  {"clipped", page.quality.clipped}}},
                {"reasons", std::move(reasons)},
                {"millis", std::int64_t(time.count())}};
}

Json unreadable_row(const std::string& image, base::Milliseconds time) {
    return Json{{"file", image},
                {"found", false},
                {"quad", nullptr},
                {"quality", Json::object()},
                {"reasons", {std::string(to_string(ScanReason::unreadable_file))}},
                {"millis", std::int64_t(time.count())}};
}

Result<base::Picture> load(const std::string& image) {
    const auto bytes = TRY(base::read_file(image));
    return base::decode_picture(bytes);
}

// DIR/<name>.page.png; images of one name from two folders are told apart by a number.
std::string page_path(const std::filesystem::path& folder, const std::string& image,
                      std::vector<std::string>& taken) {
    const auto stem = std::filesystem::path(image).filename().replace_extension().string();
    auto name = stem;
    for (int n = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++n)
        name = stem + "-" + std::to_string(n);
    taken.push_back(name);
    return (folder / (name + ".page.png")).string();
}

// File names need not be UTF-8; what is not becomes U+FFFD.
std::string line_of(const Json& row) {
    return row.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

Result<std::vector<std::string>> scan_files(const std::vector<std::string>& images,
                                            const std::string& out_folder,
                                            const base::Clock& clock) {
    std::error_code failed;
    std::filesystem::create_directories(out_folder, failed);
    if (failed) return Error{Errc::io, "creating " + out_folder};
    std::vector<std::string> lines, taken;
    for (const auto& image : images) {
        const auto begin = clock.now();
        auto picture = load(image);
        if (!picture) {
            lines.push_back(line_of(unreadable_row(image, clock.now() - begin)));
            continue;
        }
        const auto page = scan_page(std::move(picture).value());
        const auto time = clock.now() - begin;
        const auto png = TRY(base::encode_png(page.picture));
        TRY(base::write_file_durably(page_path(out_folder, image, taken), png));
        lines.push_back(line_of(row_of(image, page, time)));
    }
    return lines;
}

} // namespace drivers
