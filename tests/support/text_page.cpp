#include "tests/support/text_page.hpp"

#include "kiosk/base/bytes.hpp"
#include "kiosk/base/seeded_random.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace test {
namespace {

using base::Language;
using base::Picture;

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}
    double between(double low, double high) {
        return low + (high - low) * double(random_.below(1'000'000)) / 1e6;
    }
    template <class T> const T& one_of(const std::vector<T>& all) {
        return all[std::size_t(random_.below(all.size()))];
    }

private:
    base::SeededRandom random_;
};

// Frames, buttons and words of the glass are no sentences; places for values cannot be read.
bool is_sentence(const std::string& words) {
    return words.size() >= 24 && words.find('{') == std::string::npos &&
           words.find('\n') == std::string::npos;
}

void fill(Picture& page, double x, double y, double width, double height) {
    const int x0 = std::clamp(int(std::lround(x)), 0, page.width - 1);
    const int y0 = std::clamp(int(std::lround(y)), 0, page.height - 1);
    const int x1 = std::clamp(int(std::lround(x + width)), x0 + 1, page.width);
    const int y1 = std::clamp(int(std::lround(y + height)), y0 + 1, page.height);
    for (int row = y0; row < y1; ++row)
        std::fill(page.row(row) + x0, page.row(row) + x1, std::uint8_t(0));
}

} // namespace

TextPages::TextPages(const std::string& content)
    : fonts_(text::FontSet::open("/usr/share/fonts").value()) {
    const auto bytes = base::read_file(content + "/screens.json").value();
    const auto screens = nlohmann::json::parse(bytes.begin(), bytes.end());
    sentences_.resize(base::all_languages.size());
    for (const auto& [key, words] : screens.at("texts").items())
        for (const auto language : base::all_languages) {
            const auto one = words.at(std::string(to_string(language))).get<std::string>();
            if (is_sentence(one)) sentences_[std::size_t(language)].push_back(one);
        }
}

TextPage TextPages::draw(PageKind kind, Language language, std::uint64_t seed, int dpi) {
    Dice dice(seed * 16 + std::uint64_t(kind) * 3 + std::uint64_t(language));
    const double mm = dpi / 25.4;
    TextPage page;
    page.picture = {int(std::lround(210 * mm)), int(std::lround(297 * mm)), 1, {}};
    page.picture.pixels.assign(page.picture.row_bytes() * std::size_t(page.picture.height),
                               std::uint8_t(255));
    const auto& sentences = sentences_[std::size_t(language)];
    const double margin = dice.between(18, 30) * mm, width = page.picture.width - 2 * margin;
    const double bottom = page.picture.height - dice.between(20, 35) * mm;
    text::Style body;
    body.language = language;
    body.px = float(dice.between(10, 14) / 72 * 25.4 * mm);
    body.line_height = float(dice.between(1.4, 1.9));
    double y = dice.between(18, 35) * mm;
    const auto set = [&](const std::string& words, double x, double box, const text::Style& style,
                         text::Align align) {
        const auto& layout = typesetter_.layout(words, style, float(box));
        text::draw_grey(layout, fonts_, page.picture, int(x), int(y), float(box), align);
        page.text += words + "\n";
        return double(layout.height());
    };
    text::Style heading = body;
    heading.px *= float(dice.between(1.3, 1.7));
    heading.bold = true;
    y += set(dice.one_of(sentences), margin, width, heading, text::Align::center);
    y += dice.between(5, 12) * mm;
    const double last = kind == PageKind::rare ? y + 1.5 * double(body.px)
                                               : std::min(bottom, y + dice.between(90, 230) * mm);
    switch (kind) {
    case PageKind::letter:
        while (y < last) {
            std::string words;
            for (int i = 0; i < 3; ++i)
                words += (i > 0 && language != Language::zh ? " " : "") + dice.one_of(sentences);
            const auto& layout = typesetter_.layout(words, body, float(width));
            if (y + double(layout.height()) > bottom) break;
            y += set(words, margin, width, body, text::Align::start) + 0.5 * double(body.px);
        }
        break;
    case PageKind::list:
    case PageKind::rare:
        while (y < last && y < bottom) {
            y += set(dice.one_of(sentences), margin, width, body, text::Align::start);
            if (kind == PageKind::list) y += 0.3 * double(body.px);
        }
        break;
    case PageKind::table: {
        const double line = std::max(1.0, 0.25 * mm), split = margin + 0.4 * width;
        while (y < last) {
            const double pad = 2 * mm, left = split - margin - 2 * pad,
                         right = margin + width - split - 2 * pad;
            const auto a = dice.one_of(sentences), b = dice.one_of(sentences);
            const double high =
                std::max(double(typesetter_.layout(a, body, float(left)).height()),
                         double(typesetter_.layout(b, body, float(right)).height())) +
                2 * pad;
            if (y + high > bottom) break;
            fill(page.picture, margin, y, width, line);
            fill(page.picture, margin, y, line, high);
            fill(page.picture, split, y, line, high);
            fill(page.picture, margin + width, y, line, high);
            y += pad;
            set(a, margin + pad, left, body, text::Align::start);
            set(b, split + pad, right, body, text::Align::start);
            y += high - pad;
            fill(page.picture, margin, y, width, line);
        }
        break;
    }
    }
    typesetter_.trim();
    return page;
}

} // namespace test
