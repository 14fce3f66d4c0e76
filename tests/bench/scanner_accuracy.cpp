// How well the scanner does on the shared photographs and scenes (spec scanning), and how long it
// takes beside the tutorial recipe. Hidden: `scanner_accuracy "[.slow]"` and `"[.bench]"`.
//
// KIOSK_TEST_DATA names the folder that holds `scan/`; without it, ../shared/testdata.
#include "drivers/scanner/flatten.hpp"
#include "drivers/scanner/page_pdf.hpp"
#include "drivers/scanner/scanner.hpp"
#include "drivers/scanner/text_direction.hpp"
#include "tests/support/desk_scene.hpp"
#include "tests/support/scan_metric.hpp"
#include "tests/support/text_page.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <opencv2/imgproc.hpp>
#include <sstream>

using namespace drivers;

namespace {

struct Row {
    std::string id, file, category, label;
    std::optional<Quad> truth;
};

std::string data_folder() {
    const char* named = std::getenv("KIOSK_TEST_DATA");
    return std::string(named != nullptr ? named : "../shared/testdata") + "/scan/";
}

std::vector<Row> rows_of(const std::string& csv) {
    std::ifstream file(csv);
    std::vector<Row> rows;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::vector<std::string> cells;
        std::stringstream text(line);
        for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
        if (cells.size() < 14) continue;
        Row row{cells[0], cells[1], cells[2], cells[13], std::nullopt};
        if (!cells[5].empty()) {
            row.truth.emplace();
            for (std::size_t i = 0; i < 4; ++i)
                (*row.truth)[i] = {std::stod(cells[5 + 2 * i]), std::stod(cells[6 + 2 * i])};
        }
        rows.push_back(row);
    }
    return rows;
}

// A third of the photographs, by a hash of the name (FNV-1a), was held back while this was built.
bool is_held_back(const std::string& id) {
    std::uint32_t hash = 2166136261u;
    for (const char c : id) hash = (hash ^ std::uint8_t(c)) * 16777619u;
    return hash % 3 == 0;
}

double at_share(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, std::size_t(share * double(values.size())))];
}

bool has_code(const ScannedPage& page, const std::string& label) {
    return std::any_of(page.flaws.begin(), page.flaws.end(),
                       [&](const Flaw& flaw) { return to_string(flaw.reason) == label; });
}

// What came out for one set of pictures.
struct Score {
    std::map<std::string, std::vector<double>> overlaps; // by category
    std::vector<double> errors;
    int good = 0, refused = 0, bad = 0, accepted = 0, right = 0;
    std::map<std::string, std::map<std::string, int>> confusion;

    void add(const std::string& name, const std::string& category, const std::string& label,
             const std::optional<Quad>& truth, const base::Picture& frame) {
        const auto page = scan_page(frame);
        const bool is_good = label == "ok";
        if (is_good) {
            const double overlap =
                page.quad && truth ? test::jaccard_on_sheet(*page.quad, *truth) : 0;
            overlaps[category].push_back(overlap);
            errors.push_back(page.quad && truth ? test::largest_corner_error(*page.quad, *truth)
                                                : 1e4);
            ++good;
            refused += page.is_usable() ? 0 : 1;
        } else {
            ++bad;
            accepted += page.is_usable() ? 1 : 0;
            right += has_code(page, label) ? 1 : 0;
        }
        std::string reasons;
        for (const auto& flaw : page.flaws)
            reasons += (reasons.empty() ? "" : "+") + std::string(to_string(flaw.reason));
        ++confusion[label][reasons.empty() ? "accepted" : reasons];
        const bool is_wrong = is_good ? !page.flaws.empty() || overlaps[category].back() <= 0.95
                                      : !has_code(page, label);
        if (is_wrong)
            std::printf(
                "  judged wrongly: %s, %s for %s; brightness %.0f, border %.1f, print %.1f, "
                "glare %.3f, covered %.3f, evidence %.2f, JI %.3f\n",
                name.c_str(), reasons.empty() ? "accepted" : reasons.c_str(), label.c_str(),
                page.quality.brightness, page.quality.border_width, page.quality.edge_width,
                page.quality.glare, page.quality.covered, page.quality.evidence,
                is_good ? overlaps[category].back() : 0.0);
    }

    double mean() const {
        return of([](double v) { return v; });
    }
    double hits() const {
        return of([](double v) { return v > 0.95 ? 1.0 : 0.0; });
    }
    double strict() const {
        return of([](double v) { return v > 0.98 ? 1.0 : 0.0; });
    }

    void print(const char* name) const {
        std::printf("%s\n", name);
        for (const auto& [category, values] : overlaps) {
            double sum = 0;
            int hit = 0, strict_hit = 0;
            for (const double v : values) {
                sum += v;
                hit += v > 0.95 ? 1 : 0;
                strict_hit += v > 0.98 ? 1 : 0;
            }
            std::printf("  %-18s n %3zu  mean JI %.4f  hits %3d  strict %3d\n", category.c_str(),
                        values.size(), sum / double(values.size()), hit, strict_hit);
        }
        if (good > 0)
            std::printf(
                "  all n %d: mean JI %.4f, hits %.0f %%, strict %.0f %%, corner error median "
                "%.2f px, p95 %.2f px\n",
                good, mean(), 100 * hits(), 100 * strict(), at_share(errors, 0.5),
                at_share(errors, 0.95));
        std::printf("  gate: %d good, %d refused; %d bad, %d accepted, %d with the right reason\n",
                    good, refused, bad, accepted, right);
        for (const auto& [label, outcomes] : confusion)
            for (const auto& [outcome, count] : outcomes)
                std::printf("    %-8s -> %-24s %d\n", label.c_str(), outcome.c_str(), count);
    }

private:
    template <class Value> double of(Value value) const {
        double sum = 0, count = 0;
        for (const auto& [category, values] : overlaps)
            for (const double v : values) {
                sum += value(v);
                count += 1;
            }
        return count > 0 ? sum / count : 0;
    }
};

base::Picture load(const std::string& file) {
    return base::decode_picture(base::read_file(file).value()).value();
}

bool has_data() {
    if (std::filesystem::exists(data_folder() + "gt_real.csv")) return true;
    WARN("skipped: no shared test data");
    return false;
}

bool is_receipt(const Row& row) {
    return row.category.rfind("receipt", 0) == 0;
}

// Fewest insertions, deletions and exchanges of letters_of().
std::size_t edits(const std::u32string& a, const std::u32string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t corner = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
            corner = row[j];
            row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

// White space left out, and full-width forms as the narrow ones: tesseract writes ":" for "：".
std::u32string letters_of(const std::string& utf8) {
    std::u32string out;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = std::uint8_t(utf8[i]);
        const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
        char32_t c = more == 0 ? lead : lead & (0x3f >> more);
        for (int k = 1; k <= more && i + std::size_t(k) < utf8.size(); ++k)
            c = (c << 6) | (std::uint8_t(utf8[i + std::size_t(k)]) & 0x3f);
        i += std::size_t(more) + 1;
        if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
        if (c > ' ' && c != 0x3000) out.push_back(c);
    }
    return out;
}

std::u32string text_file(const std::string& file) {
    const auto bytes = base::read_file(file).value();
    return letters_of(std::string(bytes.begin(), bytes.end()));
}

// Character error rate of tesseract on a picture file.
double error_rate(const std::string& picture, const std::u32string& truth, const std::string& out) {
    const auto command = "OMP_THREAD_LIMIT=1 tesseract '" + picture + "' '" + out +
                         "' -l chi_sim --psm 6 2>/dev/null";
    REQUIRE(std::system(command.c_str()) == 0); // a test may call a tool
    return double(edits(text_file(out + ".txt"), truth)) / double(truth.size());
}

bool has_tesseract() {
    if (std::system("command -v tesseract >/dev/null 2>&1") == 0) return true; // a test may call it
    WARN("skipped: tesseract is not installed");
    return false;
}

double cpu_millis(const std::function<void()>& work) {
    const auto begin = std::clock();
    work();
    return 1000.0 * double(std::clock() - begin) / CLOCKS_PER_SEC;
}

// The recipe of the tutorials: smaller, grey, blurred, Canny, contours, four corners.
void tutorial_recipe(const base::Picture& frame) {
    const cv::Mat full(frame.height, frame.width, CV_8UC3,
                       const_cast<std::uint8_t*>(frame.pixels.data()));
    cv::Mat small, grey, edges;
    cv::resize(full, small, {full.cols * 500 / full.rows, 500}, 0, 0, cv::INTER_AREA);
    cv::cvtColor(small, grey, cv::COLOR_RGB2GRAY);
    cv::GaussianBlur(grey, grey, {5, 5}, 0);
    cv::Canny(grey, edges, 75, 200);
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(edges, contours, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
    std::sort(contours.begin(), contours.end(),
              [](const auto& a, const auto& b) { return cv::contourArea(a) > cv::contourArea(b); });
    std::vector<cv::Point> corners;
    for (std::size_t i = 0; i < std::min<std::size_t>(5, contours.size()); ++i)
        cv::approxPolyDP(contours[i], corners, 0.02 * cv::arcLength(contours[i], true), true);
}

} // namespace

TEST_CASE("photographs: pages are found, also those that were held back", "[.slow][scanner]") {
    if (!has_data()) return;
    std::array<Score, 2> papers, receipts;
    for (const auto& row : rows_of(data_folder() + "gt_real.csv")) {
        auto& scores = is_receipt(row) ? receipts : papers;
        scores[is_held_back(row.id) ? 1 : 0].add(row.id, row.category, row.label, row.truth,
                                                 load(data_folder() + row.file));
    }
    papers[0].print("papers, looked at while building");
    papers[1].print("papers, held back");
    receipts[0].print("receipts, looked at while building");
    receipts[1].print("receipts, held back");
    CHECK(papers[0].mean() >= 0.97);
    CHECK(papers[0].strict() >= 0.70);
}

TEST_CASE("shared scenes: pages are found, the gate lets nothing through", "[.slow][scanner]") {
    if (!has_data()) return;
    Score score;
    for (const auto& row : rows_of(data_folder() + "synth/gt.csv"))
        if (row.category != "seq")
            score.add(row.id, row.category, row.label, row.truth,
                      load(data_folder() + "synth/" + row.file));
    score.print("shared scenes");
    CHECK(score.mean() >= 0.98);
    CHECK(score.hits() >= 0.95);
    CHECK(score.strict() >= 0.85);
    CHECK(at_share(score.errors, 0.5) <= 1.5);
    CHECK(at_share(score.errors, 0.95) <= 6);
    CHECK(score.accepted == 0);
    CHECK(score.right >= 0.9 * score.bad);
    CHECK(score.refused <= 0.03 * score.good);
}

TEST_CASE("our own scenes, new seeds", "[.slow][scanner]") {
    const char* named = std::getenv("KIOSK_SCENE_SEED");
    const auto first = std::uint64_t(named != nullptr ? std::atoi(named) : 7000);
    std::printf("seeds from %llu (KIOSK_SCENE_SEED)\n", static_cast<unsigned long long>(first));
    Score score;
    for (const auto kind : test::all_scene_kinds)
        for (std::uint64_t i = 0; i < 8; ++i) {
            const auto scene = test::draw_scene(kind, first + i, 1920, 1080);
            const auto reason = std::string(test::expected_reason(kind));
            score.add(std::string(test::to_string(kind)) + " " + std::to_string(first + i),
                      std::string(test::to_string(kind)), reason.empty() ? "ok" : reason,
                      scene.truth, scene.frame);
        }
    score.print("own scenes");
    CHECK(score.hits() >= 0.95);
    CHECK(score.accepted <= 0.03 * score.bad);
}

TEST_CASE("the shared sequence is captured once, inside its steady span", "[.slow][scanner]") {
    if (!has_data()) return;
    LiveFinder finder;
    int captured = 0, inside = 0;
    std::vector<double> jitter;
    std::optional<Quad> last;
    for (const auto& row : rows_of(data_folder() + "synth/gt.csv")) {
        if (row.category != "seq") continue;
        const auto frame = load(data_folder() + "synth/" + row.file);
        const auto sight = finder.track(frame);
        if (row.label == "steady" && last && sight.outline)
            jitter.push_back(largest_move(*last, *sight.outline));
        last = row.label == "steady" ? sight.outline : std::nullopt;
        if (!sight.is_steady) continue;
        ++captured;
        inside += row.label == "steady" ? 1 : 0;
        finder.capture(frame);
        std::printf("captured %s\n", row.id.c_str());
    }
    std::printf(
        "captured %d, inside the steady span %d; outline moves median %.2f px, at most %.2f\n",
        captured, inside, at_share(jitter, 0.5), at_share(jitter, 1));
    CHECK(captured == 1);
    CHECK(inside == 1);
    CHECK(at_share(jitter, 1) <= 1);
}

TEST_CASE("letters of 4K pages can be read, and their PDFs are small", "[.slow][scanner]") {
    if (!has_data() || !has_tesseract()) return;
    const auto folder = std::filesystem::temp_directory_path() / "kiosk-scanner-accuracy";
    std::filesystem::create_directories(folder);
    double flat_sum = 0, found_sum = 0;
    int count = 0;
    for (const auto& row : rows_of(data_folder() + "synth/gt.csv")) {
        const auto text = data_folder() + "synth/ocr/" + row.id + ".txt";
        if (!std::filesystem::exists(text)) continue;
        const auto truth = text_file(text);
        const auto page = scan_page(load(data_folder() + "synth/" + row.file));
        REQUIRE(page.found);
        const auto png = (folder / (row.id + ".png")).string();
        REQUIRE(base::write_file_durably(png, base::encode_png(page.picture).value()));
        const double flat = error_rate(data_folder() + "synth/ocr/" + row.id + "_flat.png", truth,
                                       (folder / "flat").string());
        const double found = error_rate(png, truth, (folder / "found").string());
        const auto size = [](const ScannedPage& sheet, Ink ink) {
            PagePdf pdf;
            REQUIRE(pdf.add({sheet.picture, sheet.dpi, ink}));
            return pdf.finish()->size();
        };
        const auto bilevel = size(page, Ink::bilevel), colour = size(page, Ink::colour);
        std::printf(
            "%s: CER flat %.4f, scanned %.4f; PDF bilevel %zu, colour %zu bytes at %d dpi\n",
            row.id.c_str(), flat, found, bilevel, colour, page.dpi);
        CHECK(bilevel <= 40'000);
        CHECK(colour <= 200'000);
        const auto fine = scan_page(load(data_folder() + "synth/" + row.file), {}, 300);
        const auto fine_bilevel = size(fine, Ink::bilevel), fine_colour = size(fine, Ink::colour);
        std::printf("    asked for 300: PDF bilevel %zu, colour %zu bytes at %d dpi\n",
                    fine_bilevel, fine_colour, fine.dpi);
        CHECK(fine_bilevel <= 60'000);
        CHECK(fine_colour <= 350'000);
        CHECK(found <= 0.03);
        flat_sum += flat;
        found_sum += found;
        ++count;
    }
    std::filesystem::remove_all(folder);
    std::printf("mean CER flat %.4f, scanned %.4f\n", flat_sum / count, found_sum / count);
    CHECK(found_sum / count <= 1.5 * flat_sum / count + 0.002);
}

TEST_CASE("letters of our own pages, new seeds", "[.slow][scanner]") {
    if (!has_tesseract()) return;
    const char* named = std::getenv("KIOSK_SCENE_SEED");
    const auto first = std::uint64_t(named != nullptr ? std::atoi(named) : 7100);
    std::printf("seeds from %llu (KIOSK_SCENE_SEED)\n", static_cast<unsigned long long>(first));
    const auto folder = std::filesystem::temp_directory_path() / "kiosk-scanner-letters";
    std::filesystem::create_directories(folder);
    test::TextPages pages;
    double flat_sum = 0, found_sum = 0, worst = 0;
    constexpr std::uint64_t count = 12;
    constexpr std::array scenes{test::SceneKind::plain,  test::SceneKind::shadow,
                                test::SceneKind::wood,   test::SceneKind::gradient,
                                test::SceneKind::curled, test::SceneKind::dim};
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto kind = i % 2 == 0 ? test::PageKind::list : test::PageKind::letter;
        const auto drawn = pages.draw(kind, base::Language::zh, first + i);
        const auto truth = letters_of(drawn.text);
        const auto scene = test::lay_on_desk(drawn.picture, test::Lying::upright,
                                             scenes[i % scenes.size()], first + i, 3840, 2160);
        const auto page = scan_page(scene.frame);
        REQUIRE(page.found);
        const auto rate = [&](const base::Picture& picture) {
            const auto png = (folder / "page.png").string();
            REQUIRE(base::write_file_durably(png, base::encode_png(picture).value()));
            return error_rate(png, truth, (folder / "read").string());
        };
        const double flat = rate(drawn.picture), found = rate(page.picture);
        std::printf("%llu %s: CER flat %.4f, scanned %.4f\n",
                    static_cast<unsigned long long>(first + i),
                    std::string(to_string(scenes[i % scenes.size()])).c_str(), flat, found);
        flat_sum += flat;
        found_sum += found;
        worst = std::max(worst, found);
    }
    std::filesystem::remove_all(folder);
    std::printf("mean CER flat %.4f, scanned %.4f, at most %.4f\n", flat_sum / count,
                found_sum / count, worst);
    CHECK(found_sum / count <= 1.5 * flat_sum / count + 0.002);
}

TEST_CASE("pages on their heads are told, upright ones never", "[.slow][scanner]") {
    struct Told {
        int pages = 0, upright = 0, wrong = 0, found = 0, across = 0;
        void add(const base::Picture& page) {
            cv::Mat all(page.height, page.width, page.channels == 3 ? CV_8UC3 : CV_8UC1,
                        const_cast<std::uint8_t*>(page.pixels.data()));
            const auto turned = [&](int code) {
                cv::Mat out;
                cv::rotate(all, out, code);
                base::Picture picture{out.cols, out.rows, page.channels, {}};
                picture.pixels.assign(out.datastart, out.dataend);
                return text_direction(picture);
            };
            const auto as_it_is = text_direction(page);
            ++pages;
            upright += as_it_is == TextDirection::upright ? 1 : 0;
            wrong += as_it_is == TextDirection::on_its_head ? 1 : 0;
            const auto half = turned(cv::ROTATE_180);
            found += half == TextDirection::on_its_head ? 1 : 0;
            wrong += half == TextDirection::upright ? 1 : 0;
            const auto down = turned(cv::ROTATE_90_CLOCKWISE);
            const auto up = turned(cv::ROTATE_90_COUNTERCLOCKWISE);
            across += (down == TextDirection::runs_down) + (up == TextDirection::runs_up);
            for (const auto one : {down, up})
                wrong += one == TextDirection::upright || one == TextDirection::on_its_head;
            wrong += (down == TextDirection::runs_up) + (up == TextDirection::runs_down);
            wrong += as_it_is == TextDirection::runs_up || as_it_is == TextDirection::runs_down;
        }
        void print(const std::string& name) const {
            std::printf(
                "%-22s pages %3d: told upright %3d; turned by half: told %3d; told the wrong "
                "way %d; turned by a quarter: told %d of %d\n",
                name.c_str(), pages, upright, found, wrong, across, 2 * pages);
        }
    };
    const char* named = std::getenv("KIOSK_SCENE_SEED");
    const auto first = std::uint64_t(named != nullptr ? std::atoi(named) : 7200);
    std::printf("seeds from %llu (KIOSK_SCENE_SEED)\n", static_cast<unsigned long long>(first));
    test::TextPages pages;
    int wrong = 0;
    const auto done = [&](const Told& told, const std::string& name) {
        told.print(name);
        wrong += told.wrong;
    };
    for (const auto language : base::all_languages)
        for (const auto kind : test::all_page_kinds) {
            Told told;
            for (std::uint64_t i = 0; i < 25; ++i)
                told.add(pages.draw(kind, language, first + i, 200).picture);
            done(told, "drawn " + std::string(to_string(language)) + " kind " +
                           std::to_string(int(kind)));
        }
    for (const auto language : base::all_languages) {
        Told told;
        for (std::uint64_t i = 0; i < 6; ++i) {
            const auto kind = test::all_page_kinds[i % 3];
            const auto scene = test::all_scene_kinds[(i * 2) % 11];
            const auto page = pages.draw(kind, language, first + i).picture;
            const auto frame =
                test::lay_on_desk(page, test::Lying::upright, scene, first + i, 3840, 2160).frame;
            told.add(scan_page(frame).picture);
        }
        done(told, "camera " + std::string(to_string(language)));
    }
    if (has_data()) {
        Told papers, receipts, scenes, letters;
        for (const auto& row : rows_of(data_folder() + "gt_real.csv"))
            if (const auto page = scan_page(load(data_folder() + row.file)); page.found) {
                wrong += page.turned == 180 ? 1 : 0; // all of them stand upright or lie across
                (is_receipt(row) ? receipts : papers).add(page.picture);
            }
        for (const auto& row : rows_of(data_folder() + "synth/gt.csv"))
            if (row.category != "seq" && row.label == "ok") {
                const auto page = scan_page(load(data_folder() + "synth/" + row.file));
                const bool is_text = row.category.find("ocr") != std::string::npos;
                wrong += page.turned != 0 ? 1 : 0;
                (is_text ? letters : scenes).add(page.picture);
            }
        done(papers, "photographs");
        done(receipts, "receipts");
        done(letters, "shared 4K pages");
        done(scenes, "shared scenes");
    }
    CHECK(wrong == 0);
}

TEST_CASE("tracking and scanning beside the tutorial recipe", "[.bench][scanner]") {
    // Processor time, so that a busy machine does not count; each frame beside the recipe.
    std::vector<double> tracked, searched;
    for (const auto kind : {test::SceneKind::plain, test::SceneKind::wood, test::SceneKind::tiles,
                            test::SceneKind::pale, test::SceneKind::clutter}) {
        LiveFinder finder;
        const auto scene = test::draw_scene(kind, 3, 1920, 1080);
        for (int i = 0; i < 40; ++i) {
            const double recipe = cpu_millis([&] { tutorial_recipe(scene.frame); });
            const double track = cpu_millis([&] { finder.track(scene.frame); });
            if (i >= 2) tracked.push_back(track / recipe);
        }
        PageFinder search;
        for (int i = 0; i < 10; ++i) {
            const double recipe = cpu_millis([&] { tutorial_recipe(scene.frame); });
            searched.push_back(cpu_millis([&] { search.find(scene.frame); }) / recipe);
        }
    }
    std::printf(
        "tracking a 1080p frame: median %.2f, p95 %.2f times the recipe; a full search median "
        "%.2f, p95 %.2f\n",
        at_share(tracked, 0.5), at_share(tracked, 0.95), at_share(searched, 0.5),
        at_share(searched, 0.95));
    const auto large = test::draw_scene(test::SceneKind::plain, 3, 3840, 2160);
    std::vector<double> whole;
    for (int i = 0; i < 5; ++i) {
        const double recipe = cpu_millis([&] { tutorial_recipe(large.frame); });
        whole.push_back(cpu_millis([&] {
                            const auto page = scan_page(large.frame);
                            PagePdf pdf;
                            REQUIRE(pdf.add({page.picture, page.dpi, Ink::by_content}));
                            REQUIRE(pdf.finish());
                        }) /
                        recipe);
    }
    std::printf("a 4K page to PDF: median %.1f times the recipe on the same frame\n",
                at_share(whole, 0.5));
    CHECK(at_share(tracked, 0.5) <= 2);
    CHECK(at_share(tracked, 0.95) <= 4);
    CHECK(at_share(whole, 0.5) <= 60);
}
