// hand-train: makes the kiosk's handwriting model from packaged typefaces and a packaged list of
// words, and judges one. A program of its own, never linked into the kiosk: a kiosk learns nothing.
#include "kiosk/base/digest.hpp"
#include "kiosk/base/picture.hpp"
#include "screens/input/hand_model.hpp"
#include "screens/input/training/class_list.hpp"
#include "screens/input/training/contact_sheet.hpp"
#include "screens/input/training/judge.hpp"
#include "screens/input/training/model_writer.hpp"
#include "screens/input/training/style_samples.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace {

using base::Result;
using namespace input;
using namespace input::training;

struct Options {
    std::string mappings, names, words, fonts, style, out, sheet, model, leave_out;
    std::string faces = "all";
    std::size_t jobs = 2;
    std::size_t every = 1;
    std::size_t count = 2000;
};

// What the model keeps at most of which character follows which: 3 bytes each.
constexpr std::size_t pair_limit = 250'000;

Result<std::string> read_text(const std::string& file) {
    if (file.empty()) return std::string();
    return std::string(base::as_text(TRY(base::read_file(file))));
}

// One class in `every`, for quick trials.
Result<std::vector<char32_t>> classes_of(const Options& options) {
    const auto all =
        TRY(make_class_list(TRY(read_text(options.mappings)), TRY(read_text(options.names))));
    std::vector<char32_t> classes;
    for (std::size_t i = 0; i < all.size(); i += options.every) classes.push_back(all[i]);
    return classes;
}

Settings settings_of(const Options& options) {
    Settings settings;
    settings.jobs = options.jobs;
    settings.fonts_folder = options.fonts;
    std::erase_if(settings.faces, [&](const FaceChoice& face) {
        return (options.faces == "ofl" && !face.is_ofl) || face.name == options.leave_out;
    });
    return settings;
}

Result<std::string> source_line(const std::string& file) {
    const auto bytes = TRY(base::read_file(file));
    return base::sha256_hex(bytes) + "  " + std::filesystem::path(file).filename().string() + "\n";
}

Result<void> make_model(const Options& options) {
    const auto classes = TRY(classes_of(options));
    const auto settings = settings_of(options);
    const auto style = TRY(read_style_samples(TRY(read_text(options.style))));
    const auto counts = TRY(count_words(TRY(read_text(options.words)), classes, pair_limit));
    const auto trained = TRY(train(classes, settings, style));
    std::string sources;
    for (const auto& file : trained.face_files) sources += TRY(source_line(file));
    for (const auto& file : {options.mappings, options.names, options.words})
        if (!file.empty()) sources += TRY(source_line(file));
    TRY(base::write_file_durably(options.out, write_model(trained, counts, sources)));
    if (!options.sheet.empty())
        TRY(base::write_file_durably(
            options.sheet, TRY(base::encode_png(TRY(draw_contact_sheet(classes, settings))))));
    std::printf("hand-train: %zu characters from %zu faces\n", classes.size(),
                trained.face_files.size());
    return {};
}

void print_rates(const HandwritingModel& model, const std::vector<char32_t>& classes,
                 const FaceGlyphs& glyphs, const Options& options) {
    constexpr std::array<std::pair<Hand, const char*>, 3> hands{
        {{Hand::as_drawn, "as drawn"},
         {Hand::distorted, "distorted"},
         {Hand::distorted_and_joined, "distorted and joined"}}};
    for (const auto& [hand, name] : hands) {
        const auto rates = judge(model, classes, glyphs, hand, options.count, 1);
        std::printf("  %-22s first %6.2f  in ten %6.2f  (%zu)\n", name, rates.first, rates.in_ten,
                    rates.count);
    }
}

Result<void> judge_model(const Options& options) {
    const auto model = TRY(HandwritingModel::open(options.model));
    const auto classes = TRY(classes_of(options));
    std::vector<FaceChoice> faces{judging_face()};
    for (const auto& face : training_faces())
        if (face.name == options.leave_out) faces.push_back(face);
    for (const auto& face : faces) {
        std::printf("%s %s\n", std::string(face.name).c_str(), std::string(face.style).c_str());
        const auto glyphs = TRY(trace_face(options.fonts, face, classes, options.jobs));
        print_rates(*model, classes, glyphs, options);
    }
    return {};
}

void add_common(CLI::App& command, Options& options) {
    command.add_option("--mappings", options.mappings, "Unihan_OtherMappings.txt")->required();
    command.add_option("--names", options.names, "further characters, of names");
    command.add_option("--fonts", options.fonts, "folder of the typefaces")->required();
    command.add_option("--leave-out", options.leave_out, "a face that is not trained from");
    command.add_option("--jobs", options.jobs, "threads")->check(CLI::Range(1, 64));
    command.add_option("--every", options.every, "one character in so many")
        ->check(CLI::Range(1, 1000));
}

} // namespace

int main(int argc, char** argv) {
    CLI::App program("Makes and judges the handwriting model.", "hand-train");
    program.require_subcommand(1);
    Options options;
    auto* make = program.add_subcommand("make", "a model from typefaces");
    add_common(*make, options);
    make->add_option("--words", options.words, "lines: word, tab, count")->required();
    make->add_option("--style", options.style, "ink of volunteers, JSON lines");
    make->add_option("--faces", options.faces, "all, or only those under the SIL licence: ofl")
        ->check(CLI::IsMember({"all", "ofl"}));
    make->add_option("--out", options.out, "the model")->required();
    make->add_option("--sheet", options.sheet, "a picture of what was traced");
    auto* judges = program.add_subcommand("judge", "how well a model reads a face left out");
    add_common(*judges, options);
    judges->add_option("--count", options.count, "characters");
    judges->add_option("MODEL", options.model)->required();
    CLI11_PARSE(program, argc, argv);
    const auto done = make->parsed() ? make_model(options) : judge_model(options);
    if (done) return 0;
    std::fprintf(stderr, "hand-train: %s\n", done.error().context.c_str());
    return 1;
}
