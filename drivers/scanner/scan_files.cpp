#include "drivers/scanner/page_pdf.hpp"
#include "drivers/scanner/scanner.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace drivers {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using Json = nlohmann::ordered_json;

// A picture file of 40 million pixels has at most this (an uncompressed PNG).
constexpr std::size_t file_bytes_limit = 160u << 20;

// `parts` of one are kept: 100 for two digits behind the point, and nothing longer in the row.
double rounded(double value, double parts) {
    return std::round(value * parts) / parts;
}

Json row_of(const std::string& image, const ScannedPage& page, base::Milliseconds time) {
    Json quad;
    if (page.quad) {
        quad = Json::array();
        for (const auto& corner : *page.quad)
            quad.push_back({rounded(corner.x, 100), rounded(corner.y, 100)});
    }
    Json reasons = Json::array();
    Json places = Json::object();
    for (const auto& flaw : page.flaws) {
        const auto code = std::string(to_string(flaw.reason));
        reasons.push_back(code);
        if (flaw.place) places[code] = std::string(to_string(*flaw.place));
    }
    const auto& quality = page.quality;
    return Json{{"file", image},
                {"found", page.found},
                {"quad", std::move(quad)},
                {"turned", page.turned},
                {"quality",
                 {{"brightness", rounded(quality.brightness, 10)},
                  {"edge_width", rounded(quality.edge_width, 100)},
                  {"border_width", rounded(quality.border_width, 100)},
                  {"narrower_border_width", rounded(quality.narrower_border_width, 100)},
                  {"glare", rounded(quality.glare, 1000)},
                  {"covered", rounded(quality.covered, 1000)},
                  {"dpi", rounded(quality.dpi, 1)},
                  {"aspect", rounded(quality.aspect, 1000)},
                  {"evidence", rounded(quality.evidence, 1000)},
                  {"places", std::move(places)}}},
                {"reasons", std::move(reasons)},
                {"millis", std::int64_t(time.count())}};
}

Json unreadable_row(const std::string& image, ScanReason reason, base::Milliseconds time) {
    return Json{{"file", image},
                {"found", false},
                {"quad", nullptr},
                {"quality", Json::object()},
                {"reasons", {std::string(to_string(reason))}},
                {"millis", std::int64_t(time.count())}};
}

Result<base::Picture> load(const std::string& image) {
    const auto bytes = TRY(base::read_file(image, file_bytes_limit));
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
                                            const std::string& out_folder, const base::Clock& clock,
                                            const Expectation& expectation, int dpi) {
    const std::filesystem::path folder(out_folder);
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return Error{Errc::io, "creating " + out_folder};
    std::vector<std::string> lines, taken;
    PagePdf pdf;
    for (const auto& image : images) {
        const auto begin = clock.now();
        const auto picture = load(image);
        if (!picture) {
            const auto reason = picture.error().code == Errc::too_large
                                    ? ScanReason::too_large
                                    : ScanReason::unreadable_file;
            lines.push_back(line_of(unreadable_row(image, reason, clock.now() - begin)));
            continue;
        }
        auto page = scan_page(*picture, expectation, dpi);
        const auto time = clock.now() - begin;
        if (page.found) {
            const auto png = TRY(base::encode_png(page.picture));
            TRY(base::write_file_durably(page_path(folder, image, taken), png));
            const PdfPage sheet{std::move(page.picture), page.dpi, Ink::by_content};
            TRY(expectation.paper == Paper::id1 ? pdf.add_card_side(sheet) : pdf.add(sheet));
        }
        lines.push_back(line_of(row_of(image, page, time)));
    }
    if (pdf.pages() > 0) {
        const auto bytes = TRY(pdf.finish());
        TRY(base::write_file_durably((folder / "pages.pdf").string(), bytes));
    }
    return lines;
}

} // namespace drivers
