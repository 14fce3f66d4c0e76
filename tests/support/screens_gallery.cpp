// Draws every sample screen into PNG files, to be looked at.
//
//   screens_gallery OUT [name=...] [language=zh] [size=standard] [theme=light] [panel=portrait]
//   [low]
//
// Every choice left out takes its default; `language=all` and so on take each in turn. Prints what
// a layout got wrong. Run from the source folder.
#include "screens/stage.hpp"
#include "tests/support/sample_models.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

struct Choice {
    std::string name, language = "zh", size = "standard", theme = "light", panel = "portrait";
    bool low = false;
};

bool wanted(const std::string& choice, std::string_view value) {
    return choice == "all" || choice == value;
}

Choice choice_from(int argc, char** argv) {
    Choice choice;
    for (int i = 2; i < argc; ++i) {
        const std::string word = argv[i];
        const auto value = word.substr(word.find('=') + 1);
        if (word.starts_with("name=")) choice.name = value;
        if (word.starts_with("language=")) choice.language = value;
        if (word.starts_with("size=")) choice.size = value;
        if (word.starts_with("theme=")) choice.theme = value;
        if (word.starts_with("panel=")) choice.panel = value;
        if (word == "low") choice.low = true;
    }
    return choice;
}

int draw_all(const Choice& choice, const std::filesystem::path& out) {
    auto fonts = text::FontSet::open("/usr/share/fonts");
    if (!fonts) {
        std::fprintf(stderr, "%s\n", fonts.error().text().c_str());
        return 1;
    }
    int faults = 0;
    for (const bool landscape : {false, true}) {
        if (!wanted(choice.panel, landscape ? "landscape" : "portrait")) continue;
        const screens::Panel panel{landscape ? 1920 : 1080, landscape ? 1080 : 1920, 4.03f};
        screens::Stage stage(panel, *fonts, *screens::Theme::open("assets/theme/tokens.json"),
                             *screens::IconSet::open("assets/icons"));
        for (const auto language : base::all_languages) {
            if (!wanted(choice.language, to_string(language))) continue;
            for (const auto& sample : samples::all(language, "assets/content")) {
                if (!choice.name.empty() && !sample.name.starts_with(choice.name)) continue;
                for (const auto size : screens::all_text_sizes) {
                    if (!wanted(choice.size, to_string(size))) continue;
                    for (const auto theme : screens::all_themes) {
                        if (!wanted(choice.theme, to_string(theme))) continue;
                        auto& canvas = stage.begin({}, {language, size, theme, choice.low});
                        draw(sample.model, canvas);
                        const auto frame = stage.end();
                        const std::string name =
                            std::string(to_string(language)) + "-" + sample.name + "-" +
                            std::string(to_string(size)) + "-" + std::string(to_string(theme)) +
                            (landscape ? "-landscape" : "") + (choice.low ? "-low" : "");
                        if (!frame.faults->empty()) {
                            ++faults;
                            std::printf("%s: %s\n", name.c_str(), frame.faults->text().c_str());
                        }
                        const auto png = base::encode_png(stage.to_picture());
                        std::ofstream(out / (name + ".png"), std::ios::binary)
                            .write(reinterpret_cast<const char*>(png->data()),
                                   std::streamsize(png->size()));
                    }
                }
            }
        }
    }
    return faults == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(
            stderr,
            "usage: screens_gallery OUT [name=] [language=] [size=] [theme=] [panel=] [low]\n");
        return 2;
    }
    std::filesystem::create_directories(argv[1]);
    return draw_all(choice_from(argc, argv), argv[1]);
}
