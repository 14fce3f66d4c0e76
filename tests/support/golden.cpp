#include "tests/support/golden.hpp"

#include "kiosk/base/digest.hpp"
#include "kiosk/text/font_files.hpp"
#include "tests/support/sample_models.hpp"

#include <algorithm>
#include <filesystem>
#include <fribidi.h>
#include <fstream>
#include <ft2build.h>
#include <hb.h>
#include <map>
#include <set>
#include <sstream>
#include FT_FREETYPE_H

namespace golden {
namespace fs = std::filesystem;
using base::Errc;
using base::Error;

namespace {

// Half the density of the real panels keeps the pictures small; every length is still in them.
constexpr screens::Panel portrait{540, 960, 2.015f}, landscape{960, 540, 2.015f};
constexpr std::string_view fonts_folder = "/usr/share/fonts";

template <class Values, class T> bool take(const Values& values, const std::string& word, T& to) {
    for (const auto value : values) {
        if (to_string(value) != word) continue;
        to = value;
        return true;
    }
    return false;
}

base::Result<Golden> read_line(const std::string& line) {
    std::istringstream words(line);
    Golden golden;
    std::string language, size, theme, more;
    words >> golden.screen >> language >> size >> theme;
    bool ok = take(base::all_languages, language, golden.settings.language) &&
              take(screens::all_text_sizes, size, golden.settings.text_size) &&
              take(screens::all_themes, theme, golden.settings.theme);
    while (words >> more) {
        ok = ok && (more == "landscape" || more == "low");
        (more == "low" ? golden.settings.low_reach : golden.is_landscape) = true;
    }
    if (!ok) return Error{Errc::invalid_input, "tests/golden/list.txt: " + line};
    return golden;
}

std::string as_text(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::uint8_t grey(const std::uint8_t* at) {
    return std::uint8_t(200 + (at[0] + at[1] + at[2]) / 14); // pale, so that red stands out
}

} // namespace

std::string Golden::name() const {
    return screen + "-" + std::string(to_string(settings.language)) + "-" +
           std::string(to_string(settings.text_size)) + "-" +
           std::string(to_string(settings.theme)) + (is_landscape ? "-landscape" : "") +
           (settings.low_reach ? "-low" : "");
}

base::Result<std::vector<Golden>> read_list() {
    std::ifstream in(std::string(folder) + "/list.txt");
    if (!in) return Error{Errc::not_found, "tests/golden/list.txt: run from the source folder"};
    std::vector<Golden> list;
    for (std::string line; std::getline(in, line);) {
        line = line.substr(0, line.find('#'));
        if (line.find_first_not_of(" \t") == line.npos) continue;
        list.push_back(TRY(read_line(line)));
    }
    return list;
}

struct Painter::State {
    text::FontSet fonts = *text::FontSet::open(std::string(fonts_folder));
    std::map<bool, screens::Stage> stages; // by "is landscape"
    std::map<base::Language, std::vector<samples::Sample>> samples;

    screens::Stage& stage(bool is_landscape) {
        const auto found = stages.find(is_landscape);
        if (found != stages.end()) return found->second;
        return stages
            .try_emplace(is_landscape, is_landscape ? landscape : portrait, fonts,
                         *screens::Theme::open("assets/theme/tokens.json"),
                         *screens::IconSet::open("assets/icons"))
            .first->second;
    }
};

Painter::Painter() : state_(std::make_unique<State>()) {}
Painter::~Painter() = default;

base::Result<base::Picture> Painter::paint(const Golden& golden) {
    auto& samples = state_->samples[golden.settings.language];
    if (samples.empty()) samples = samples::all(golden.settings.language, "assets/content");
    const auto found = std::find_if(samples.begin(), samples.end(),
                                    [&](const auto& each) { return each.name == golden.screen; });
    if (found == samples.end())
        return Error{Errc::not_found, "no sample screen is called " + golden.screen};
    auto& stage = state_->stage(golden.is_landscape);
    stage.wipe(); // what was drawn before leaves no trace
    screens::draw(found->model, stage.begin({}, golden.settings));
    stage.end();
    return stage.to_picture();
}

std::string file_of(const Golden& golden) {
    return std::string(folder) + "/" + golden.name() + ".png";
}

base::Result<base::Picture> kept(const Golden& golden) {
    if (!fs::exists(file_of(golden))) return base::Picture{};
    return base::decode_png(TRY(base::read_file(file_of(golden), 4u << 20)));
}

base::Picture difference(const base::Picture& before, const base::Picture& after) {
    base::Picture both{
        std::max(before.width, after.width), std::max(before.height, after.height), 3, {}};
    both.pixels.resize(both.row_bytes() * std::size_t(both.height));
    for (int y = 0; y < both.height; ++y)
        for (int x = 0; x < both.width; ++x) {
            const bool in_both = x < std::min(before.width, after.width) &&
                                 y < std::min(before.height, after.height);
            const auto* one = in_both ? before.row(y) + 3 * x : nullptr;
            const auto* other = in_both ? after.row(y) + 3 * x : nullptr;
            auto* to = both.row(y) + 3 * x;
            const bool same = in_both && std::equal(one, one + 3, other);
            to[0] = same ? grey(one) : 220;
            to[1] = to[2] = same ? grey(one) : 0;
        }
    return both;
}

base::Result<void> write_png(const std::string& file, const base::Picture& picture) {
    const auto png = TRY(base::encode_png(picture));
    std::ofstream out(file, std::ios::binary);
    out.write(reinterpret_cast<const char*>(png.data()), std::streamsize(png.size()));
    out.flush();
    if (!out) return Error{Errc::io, "cannot write " + file};
    return {};
}

base::Result<void> write_three(const std::string& out_folder, const Golden& golden,
                               const base::Picture& before, const base::Picture& after) {
    std::error_code failed;
    fs::create_directories(out_folder, failed);
    const auto file = out_folder + "/" + golden.name();
    if (!before.empty()) TRY(write_png(file + "-before.png", before));
    TRY(write_png(file + "-after.png", after));
    return write_png(file + "-difference.png", difference(before, after));
}

std::string glyph_makers() {
    std::string text;
    for (const auto& file : text::font_files(std::string(fonts_folder))) {
        const auto bytes = base::read_file(file, 256u << 20);
        text += fs::path(file).filename().string() + " " +
                (bytes ? base::sha256_hex(*bytes) : "missing") + "\n";
    }
    FT_Library library = nullptr;
    int version[3] = {};
    if (FT_Init_FreeType(&library) == 0) {
        FT_Library_Version(library, &version[0], &version[1], &version[2]);
        FT_Done_FreeType(library);
    }
    text += "FreeType " + std::to_string(version[0]) + "." + std::to_string(version[1]) + "." +
            std::to_string(version[2]) + "\n";
    text += "HarfBuzz " + std::string(hb_version_string()) + "\n";
    const std::string fribidi = fribidi_version_info;
    return text + fribidi.substr(fribidi.find('('), fribidi.find('\n') - fribidi.find('(')) + "\n";
}

std::string recorded_glyph_makers() {
    return as_text(std::string(folder) + "/glyph_makers.txt");
}

std::vector<std::string> unlisted() {
    std::set<std::string> listed;
    if (const auto list = read_list())
        for (const auto& golden : *list) listed.insert(golden.name() + ".png");
    std::vector<std::string> found;
    for (const auto& file : fs::directory_iterator(folder))
        if (file.path().extension() == ".png" && !listed.contains(file.path().filename().string()))
            found.push_back(file.path().string());
    return found;
}

} // namespace golden
