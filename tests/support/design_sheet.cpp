// Puts each screen beside the picture the design has of it, on sheets to be looked at.
//
//   design_sheet DESIGN_FOLDER OUT
//
// Called by tests/design_sheet. Each sheet is one picture: left the design, right the screen, both
// at half their size. Sample screens are used, because the tour has no names like the design's.
#include "screens/stage.hpp"
#include "tests/support/sample_models.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

namespace {

namespace fs = std::filesystem;
using base::Language;
using base::Picture;
using screens::TextSize;
using screens::ThemeName;

struct Pair {
    std::string_view design; // below screens/
    std::string_view sample; // of tests/support/sample_models.hpp
    Language language = Language::zh;
    TextSize size = TextSize::standard;
    ThemeName theme = ThemeName::light;
    bool low = false;
    bool landscape = false;
};

using enum Language;

// Design pictures without a screen of ours are named at the end of the run.
constexpr std::array pairs{
    Pair{"zh-01-attract", "attract"},
    Pair{"zh-02-home", "home-eight"},
    Pair{"zh-03-categories", "categories"},
    Pair{"zh-04-notice", "notice"},
    Pair{"zh-05-card", "card"},
    Pair{"zh-06-prefilled", "prefilled"},
    Pair{"zh-07-consent", "consent-photo"},
    Pair{"zh-09-otherway", "otherway"},
    Pair{"zh-10-choice", "question_choice"},
    Pair{"zh-11-pinyin", "question_text-pinyin"},
    Pair{"zh-12-handwriting", "question_text-handwriting"},
    Pair{"zh-13-phone", "question_digits-phone"},
    Pair{"zh-14-idnumber", "question_digits-id"},
    Pair{"zh-15-date", "question_date"},
    Pair{"zh-16-scan", "scan"},
    Pair{"zh-17-scanbad", "page_check"},
    Pair{"zh-18-pages", "pages"},
    Pair{"zh-19-check", "review"},
    Pair{"zh-20-sign", "signature"},
    Pair{"zh-21-accepted", "result-accepted"},
    Pair{"zh-22-stored", "result-stored"},
    Pair{"zh-23-paperout", "result-no-paper"},
    Pair{"zh-24-goodbye", "goodbye"},
    Pair{"zh-25-idle", "idle"},
    Pair{"zh-26-help", "help"},
    Pair{"zh-27-outofservice", "out_of_service"},
    Pair{"zh-28-progress", "progress"},
    Pair{"zh-29-staff", "staff_overview"},
    Pair{"en-accepted", "result-accepted", en},
    Pair{"en-consent", "consent-photo", en},
    Pair{"en-home", "home-eight", en},
    Pair{"ug-accepted", "result-accepted", ug},
    Pair{"ug-check", "review", ug},
    Pair{"ug-choice", "question_choice", ug},
    Pair{"ug-consent", "consent-photo", ug},
    Pair{"ug-home", "home-eight", ug},
    Pair{"ug-notice", "notice", ug},
    Pair{"ug-uyghurkb", "question_text-uyghur", ug},
    Pair{"ug-dark-check", "review", ug, TextSize::standard, ThemeName::contrast_dark},
    Pair{"ug-largest-choice", "question_choice", ug, TextSize::largest},
    Pair{"zh-contrast-consent", "consent-photo", zh, TextSize::standard, ThemeName::contrast_light},
    Pair{"zh-contrast-phone", "question_digits-phone", zh, TextSize::standard,
         ThemeName::contrast_light},
    Pair{"zh-dark-home", "home-eight", zh, TextSize::standard, ThemeName::contrast_dark},
    Pair{"zh-landscape-choice", "question_choice", zh, TextSize::standard, ThemeName::light, false,
         true},
    Pair{"zh-largest-consent", "consent-photo", zh, TextSize::largest},
    Pair{"zh-largest-notice", "notice", zh, TextSize::largest},
    Pair{"zh-lowreach-choice", "question_choice", zh, TextSize::standard, ThemeName::light, true},
    Pair{"zh-lowreach-home", "home-eight", zh, TextSize::standard, ThemeName::light, true},
};

// Draws sample screens on a panel of either way up.
class Painter {
public:
    Picture paint(const Pair& pair) {
        auto& samples = samples_[pair.language];
        if (samples.empty()) samples = samples::all(pair.language, "assets/content");
        const auto found = std::find_if(samples.begin(), samples.end(),
                                        [&](const auto& each) { return each.name == pair.sample; });
        if (found == samples.end()) return {};
        auto& stage = this->stage(pair.landscape);
        auto model = found->model;
        // The design's kiosk reads aloud.
        std::visit(
            [&](auto& shown) {
                shown.frame.listen = listen(pair.language);
                shown.frame.rail.low_reach_on = pair.low;
                shown.frame.rail.contrast_on = pair.theme != ThemeName::light;
            },
            model);
        draw(model, stage.begin({}, {pair.language, pair.size, pair.theme, pair.low}));
        stage.end();
        return stage.to_picture();
    }

private:
    static std::string listen(Language language) {
        return language == zh ? "朗读" : language == ug ? "ئاڭلاش" : "Listen";
    }
    screens::Stage& stage(bool landscape) {
        const screens::Panel panel{landscape ? 1920 : 1080, landscape ? 1080 : 1920, 4.03f};
        return stages_
            .try_emplace(landscape, panel, fonts_,
                         *screens::Theme::open("assets/theme/tokens.json"),
                         *screens::IconSet::open("assets/icons"))
            .first->second;
    }

    text::FontSet fonts_ = *text::FontSet::open("/usr/share/fonts");
    std::map<bool, screens::Stage> stages_;
    std::map<Language, std::vector<samples::Sample>> samples_;
};

void paste(const Picture& from, Picture& to, int x) {
    for (int y = 0; y < std::min(from.height, to.height); ++y)
        std::copy_n(from.row(y), from.row_bytes(), to.row(y) + 3 * x);
}

Picture beside(const Picture& left, const Picture& right) {
    constexpr int gap = 12;
    Picture sheet{left.width + gap + right.width, std::max(left.height, right.height), 3, {}};
    sheet.pixels.assign(sheet.row_bytes() * std::size_t(sheet.height), 255);
    paste(left, sheet, 0);
    paste(right, sheet, left.width + gap);
    return sheet;
}

Picture half(const Picture& picture) {
    return base::shrink_to_fit(picture, picture.width / 2, picture.height / 2);
}

bool save(const fs::path& file, const Picture& picture) {
    const auto png = base::encode_png(picture);
    if (!png) return false;
    std::ofstream out(file, std::ios::binary);
    out.write(reinterpret_cast<const char*>(png->data()), std::streamsize(png->size()));
    return bool(out.flush());
}

int make_sheets(const fs::path& design, const fs::path& out) {
    Painter painter;
    std::string page = "<!doctype html><meta charset=utf-8><title>Design and screens</title>\n"
                       "<p>Left the design, right the screen.\n";
    int made = 0;
    for (const auto& pair : pairs) {
        const auto file = design / "screens" / (std::string(pair.design) + ".png");
        const auto bytes = base::read_file(file.string(), 32u << 20);
        auto wanted = bytes ? base::decode_png(*bytes) : base::Result<Picture>(bytes.error());
        const auto ours = painter.paint(pair);
        if (!wanted || ours.empty()) {
            std::printf("not beside each other: %s (%s)\n", std::string(pair.design).c_str(),
                        wanted ? "no such sample screen" : wanted.error().text().c_str());
            continue;
        }
        const std::string name = std::string(pair.design) + ".png";
        if (!save(out / name, beside(half(*wanted), half(ours)))) {
            std::fprintf(stderr, "cannot write %s\n", (out / name).c_str());
            return 1;
        }
        page += "<h2>" + std::string(pair.design) + "</h2><img src='" + name + "'>\n";
        ++made;
    }
    std::ofstream(out / "index.html") << page;
    std::printf("%d pairs: %s\n", made, (out / "index.html").c_str());
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: design_sheet DESIGN_FOLDER OUT\n");
        return 2;
    }
    fs::create_directories(argv[2]);
    return make_sheets(argv[1], argv[2]);
}
