// kiosk-face-evaluation: how well the kiosk's face comparison does on a set of pictures.
//
// Exit codes as DESIGN §6: 0 ok, 1 what was asked about is not ok, 2 usage, 3 internal.
#include "face/calibration.hpp"
#include "face/evaluation/comparer.hpp"
#include "face/evaluation/det_plot.hpp"
#include "kiosk/base/clock.hpp"

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <opencv2/core/utility.hpp>

namespace {

using evaluation::Comparer;
using evaluation::Levels;

struct Words {
    std::string models = "models";
    std::string calibration;
    std::string a, b;
    std::string list, out, det, write, cache;
    std::string district = "unnamed", population = "unnamed";
    std::size_t tune = 0;
    int fused = 1;
};

int complain(const base::Error& error) {
    std::cerr << "kiosk-face-evaluation: " << error.text() << "\n";
    return 1;
}

base::Result<face::Models> load_models(const std::string& folder) {
    auto models = face::ModelStore(folder).load(face::ModelUse::evaluation_only);
    for (const auto& refused : models.refused)
        std::cerr << "kiosk-face-evaluation: not used: " << refused << "\n";
    if (!models.can_compare())
        return base::Error{base::Errc::not_found, "no detector and embedder in " + folder +
                                                      " (--models DIR); README: models"};
    return models;
}

// Signatures do not matter here: nobody is let in by this program.
base::Result<Levels> levels_of(const std::string& file) {
    if (file.empty()) return evaluation::measured_levels();
    const auto text = TRY(base::read_file(file, face::Calibration::longest_file));
    const auto calibration = TRY(face::parse_calibration(text));
    return Levels{double(calibration.pass_level), double(calibration.band_level)};
}

std::string as_text(const evaluation::Row& row) {
    char text[96];
    if (row.score)
        std::snprintf(text, sizeof text, "%.6f,%s,%.1f", *row.score, row.is_pass ? "pass" : "staff",
                      row.millis);
    else
        std::snprintf(text, sizeof text, ",staff,%.1f", row.millis);
    return text;
}

const char* in_words(const Comparer::Taken& taken) {
    switch (taken.sight) {
    case face::Sight::nobody: return "no face";
    case face::Sight::one: return "one face";
    case face::Sight::several: return "several faces, none dominant";
    }
    CHECK(false);
}

// RFC 4180.
std::string as_field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

int compare(const Words& words) {
    auto models = load_models(words.models);
    const auto levels = levels_of(words.calibration);
    if (!models) return complain(models.error());
    if (!levels) return complain(levels.error());
    Comparer comparer(*models, *levels);
    const auto row = comparer.compare(words.a, words.b);
    for (const auto& [file, taken] : {std::pair(words.a, comparer.reference(words.a)),
                                      std::pair(words.b, comparer.probe(words.b))})
        if (taken.embedding.empty())
            std::cerr << file << ": " << (taken.fault.empty() ? in_words(taken) : taken.fault)
                      << "\n";
    std::cout << "path_a,path_b,score,outcome,millis\n"
              << as_field(words.a) << "," << as_field(words.b) << "," << as_text(row) << "\n";
    return 0;
}

// What made the embeddings of a cache.
std::string cache_set(const face::Models& models) {
    return "kiosk-face-embeddings/1 pipeline " + std::to_string(face::pipeline_version) + " " +
           std::string(face::model(*models.embedder_id).name) + " " +
           std::string(face::model(*models.detector_id).name);
}

void tell_not_read(const Comparer& comparer) {
    for (const auto& line : comparer.not_read())
        std::cerr << "kiosk-face-evaluation: no picture, counted as without a face: " << line
                  << "\n";
}

int pairs(const Words& words) {
    auto models = load_models(words.models);
    const auto levels = levels_of(words.calibration);
    const auto list = evaluation::read_pairs(words.list);
    if (!models) return complain(models.error());
    if (!levels) return complain(levels.error());
    if (!list) return complain(list.error());
    Comparer comparer(*models, *levels);
    std::string table = list->header + ",score,outcome,millis\n";
    for (const auto& pair : list->pairs)
        table += pair.line + "," + as_text(comparer.compare(pair.file_a, pair.file_b)) + "\n";
    tell_not_read(comparer);
    const auto written = base::write_file_durably(words.out, base::as_bytes(table));
    return written ? 0 : complain(written.error());
}

void print(const char* what, const evaluation::Share& share) {
    std::printf("%s %zu of %zu = %.4g %% (95 %%: %.4g to %.4g)", what, share.hits, share.of,
                100 * share.value(), 100 * share.low(), 100 * share.high());
}

std::size_t genuine_in(const evaluation::Scores& scores) {
    return scores.genuine.size() + scores.genuine_without_face;
}

void print_crossing(const char* name, const evaluation::Crossing& set) {
    std::printf(
        "%s: %zu references (%zu without face), %zu probes (%zu without face), %zu genuine, "
        "%zu impostor comparisons\n",
        name, set.references, set.references_without_face, set.probes, set.probes_without_face,
        genuine_in(set.scores), set.scores.impostor.size());
    const auto equal = evaluation::equal_errors(set.scores);
    std::printf("  EER %.3f %% at %.4f\n", 100 * equal.rate, equal.level);
    for (const double fmr : {1e-2, 1e-3, 5e-4, 1e-4, 1e-5}) {
        if (!evaluation::can_tell(set.scores, fmr)) {
            std::printf("  own level for FMR %.0e: too few comparisons of two people\n", fmr);
            continue;
        }
        const double level = evaluation::level_at_fmr(set.scores, fmr);
        const auto missed = evaluation::false_non_matches(set.scores, level);
        std::printf("  own level for FMR %.0e: %.4f  TMR %.2f %%  ", fmr, level,
                    100 * (1 - missed.value()));
        print("FNMR", missed);
        std::printf("\n");
    }
}

void print_carried(const evaluation::Scores& from, const evaluation::Scores& to) {
    std::printf("levels of the first set on the second:\n");
    for (const double fmr : {1e-2, 1e-3, 5e-4, 1e-4}) {
        if (!evaluation::can_tell(from, fmr)) {
            std::printf("  FMR %.0e: too few comparisons of two people in the first set\n", fmr);
            continue;
        }
        const double level = evaluation::level_at_fmr(from, fmr);
        const auto matched = evaluation::false_matches(to, level);
        std::printf("  FMR %.0e, level %.4f: realised %.2f times; ", fmr, level,
                    matched.value() / fmr);
        print("FMR", matched);
        std::printf("; ");
        print("FNMR", evaluation::false_non_matches(to, level));
        std::printf("\n");
    }
}

constexpr double pass_fmr = 1e-4, band_fmr = 1e-3; // safeguard G15

// Unsigned, and as if attacks had not been tried: both are for the district to change.
base::Result<void> write_calibration(const Words& words, const evaluation::Scores& scores,
                                     std::string_view model) {
    if (!evaluation::can_tell(scores, pass_fmr))
        return base::Error{base::Errc::refused,
                           "no calibration from " + std::to_string(scores.impostor.size()) +
                               " comparisons of two people: it takes " +
                               std::to_string(int(std::ceil(1 / pass_fmr))) +
                               ", as of a hundred people with a photo on each side"};
    face::Calibration calibration;
    calibration.district = words.district;
    calibration.population = words.population;
    calibration.model = model;
    calibration.pipeline = face::pipeline_version;
    calibration.pass_level = float(evaluation::level_at_fmr(scores, pass_fmr));
    calibration.band_level = float(evaluation::level_at_fmr(scores, band_fmr));
    calibration.genuine = std::int64_t(genuine_in(scores));
    calibration.impostor = std::int64_t(scores.impostor.size());
    calibration.made = base::local_date(base::SystemClock().wall());
    calibration.expires =
        calibration.made + std::chrono::years(2); // chosen: people and cameras change
    if (!calibration.expires.ok()) calibration.expires = calibration.expires.year() / 2 / 28;
    return base::write_file_durably(words.write, base::as_bytes(face::to_text(calibration)));
}

int measure(const Words& words) {
    auto models = load_models(words.models);
    const auto list = evaluation::read_pairs(words.list);
    if (!models) return complain(models.error());
    if (!list) return complain(list.error());
    Comparer comparer(*models, evaluation::measured_levels());
    const auto set = cache_set(*models);
    if (!words.cache.empty())
        if (const auto taken = comparer.take_cache(words.cache, set); !taken)
            return complain(taken.error());
    if (words.tune >= list->pairs.size())
        return complain(
            {base::Errc::invalid_input, words.list + " has " + std::to_string(list->pairs.size()) +
                                            " pairs: nothing is left to measure after --tune " +
                                            std::to_string(words.tune)});
    const auto split = list->pairs.begin() + std::ptrdiff_t(words.tune);
    const auto measured = evaluation::cross(comparer, {split, list->pairs.end()}, words.fused);
    // Levels come from single probes: one pass level holds for one photo and for several.
    const auto tuned =
        words.tune == 0 ? measured : evaluation::cross(comparer, {list->pairs.begin(), split}, 1);
    if (!words.cache.empty())
        if (const auto written = comparer.write_cache(words.cache, set); !written)
            return complain(written.error());
    tell_not_read(comparer);
    for (const auto* each : {&tuned, &measured})
        if (each->scores.impostor.empty() || genuine_in(each->scores) == 0)
            return complain({base::Errc::invalid_input,
                             words.list + ": it takes pairs of one person (same is 1) and at "
                                          "least two people with a face, each in a folder of "
                                          "their own, before and after --tune"});
    if (words.tune > 0) print_crossing("first set (levels)", tuned);
    print_crossing("measured set", measured);
    print_carried(tuned.scores, measured.scores);
    if (!words.det.empty()) {
        const auto plot =
            evaluation::draw_det(measured.scores, evaluation::level_at_fmr(tuned.scores, pass_fmr),
                                 evaluation::level_at_fmr(tuned.scores, band_fmr));
        const auto png = base::encode_png(plot);
        if (!png) return complain(png.error());
        if (const auto done = base::write_file_durably(words.det, *png); !done)
            return complain(done.error());
    }
    if (!words.write.empty()) {
        const auto model = face::model(*models->embedder_id).name;
        if (const auto done = write_calibration(words, tuned.scores, model); !done)
            return complain(done.error());
    }
    return 0;
}

int sign(const Words& words) {
    const auto text = base::read_file(words.list, face::Calibration::longest_file);
    if (!text) return complain(text.error());
    if (const auto sense = face::parse_calibration(*text); !sense) return complain(sense.error());
    const auto key = base::read_file(words.a, 32);
    if (!key) return complain(key.error());
    const auto line = face::sign_calibration(*text, *key);
    if (!line) return complain(line.error());
    std::cout << *line;
    return 0;
}

} // namespace

int main(int count, char** values) {
    CLI::App app{"Measures the kiosk's face comparison on pictures. Lets nobody in anywhere."};
    app.require_subcommand(1);
    app.fallthrough();
    Words words;
    app.add_option("--models", words.models, "folder with the model files")->capture_default_str();
    app.add_option("--calibration", words.calibration, "levels from this file (not verified here)");

    auto* one = app.add_subcommand("compare", "one reference photo with one live picture");
    one->add_option("A", words.a, "reference photo")->required();
    one->add_option("B", words.b, "live picture")->required();

    auto* list = app.add_subcommand("pairs", "a list of pairs: adds score, outcome, millis");
    list->add_option("PAIRS", words.list, "CSV: path_a,path_b,same")->required();
    list->add_option("--out", words.out, "CSV to write")->required();

    auto* rates = app.add_subcommand(
        "measure", "error rates from all comparisons across subjects (folders) of a list");
    rates->add_option("PAIRS", words.list, "CSV: path_a,path_b,same")->required();
    rates->add_option("--tune", words.tune,
                      "levels come from the first so many pairs, rates from the rest");
    rates->add_option("--fuse", words.fused, "so many photos of a subject as one probe")
        ->check(CLI::Range(1, 5));
    rates->add_option("--cache", words.cache,
                      "file that keeps embeddings from one run to the next: delete it afterwards");
    rates->add_option("--det", words.det, "detection error trade-off as PNG");
    rates->add_option("--write", words.write, "calibration file to write, unsigned");
    rates->add_option("--district", words.district, "for the calibration file");
    rates->add_option("--population", words.population,
                      "for the calibration file: who was measured");

    auto* signing = app.add_subcommand("sign", "prints the signature line of a calibration file");
    signing->add_option("CALIBRATION", words.list)->required();
    signing->add_option("KEY", words.a, "private Ed25519 key, 32 raw bytes")->required();

    try {
        app.parse(count, values);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? 0 : 2;
    }
    // One thread, as at the kiosk, so that millis mean the same.
    cv::setNumThreads(1);
    if (one->parsed()) return compare(words);
    if (list->parsed()) return pairs(words);
    if (rates->parsed()) return measure(words);
    return sign(words);
}
