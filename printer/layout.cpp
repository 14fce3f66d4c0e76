#include "printer/layout.hpp"

#include "kiosk/text/unicode.hpp"
#include "printer/escpos.hpp"
#include "printer/qr_code.hpp"

#include <algorithm>
#include <cmath>

namespace printer {
namespace {

// A dot is black when the glyph covers two fifths of it. Chosen on the printed pictures: at one
// half the thin strokes of 24-dot Chinese break, at one third dense characters fill up.
constexpr int black_from_coverage = 102;

// Base lines in ems: closer than on the screen, paper costs time; ink that reaches beyond its line
// still gets its rows (draw_text).
constexpr float line_height_ems = 1.3f;

int size_dots(Size size, const Profile& profile) {
    switch (size) {
    case Size::normal: return profile.normal_dots;
    case Size::large: return profile.large_dots;
    case Size::huge: return profile.huge_dots;
    }
    CHECK(false);
}

text::Align alignment(Align align) {
    switch (align) {
    case Align::start: return text::Align::start;
    case Align::centre: return text::Align::center;
    case Align::end: return text::Align::end;
    }
    CHECK(false);
}

bool is_white(const base::Picture& grey, int y) {
    const auto* row = grey.row(y);
    return std::all_of(row, row + grey.width,
                       [](std::uint8_t tone) { return 255 - tone < black_from_coverage; });
}

// One text as it stands on the paper: where it lies between the margins is up to the block.
struct Placed {
    const text::Layout* layout;
    int left;  // of its box, dots
    int width; // of its box, dots
    Align align;
};

class Setter {
public:
    Setter(const Profile& profile, text::Typesetter& typesetter)
        : profile_(profile), typesetter_(typesetter) {}

    base::Result<void> add(const Paragraph& paragraph) {
        const Words words{paragraph.content.text, paragraph.content.language, paragraph.is_bold};
        const int size = paragraph.size == Size::huge ? one_line_size(words)
                                                      : size_dots(paragraph.size, profile_);
        const text::Layout& layout = fitted(words, size, line_width());
        add_text({{&layout, profile_.margin_dots, line_width(), paragraph.align}});
        return {};
    }

    base::Result<void> add(const Pair& pair) {
        const int size = profile_.normal_dots;
        const Words label{pair.label, pair.language, true};
        // Isolated: a date or a Chinese name keeps its own order beside a Uyghur label.
        base::SecretText isolated("\u2068");
        isolated.append(pair.value);
        isolated.append("\u2069");
        const Words value{isolated, pair.language, false};
        const text::Layout& whole_label = set(label, size, text::unlimited_width);
        const text::Layout& whole_value = set(value, size, text::unlimited_width);
        const int label_width = int(std::ceil(whole_label.width));
        const int rest = line_width() - label_width - size;
        const bool is_rtl = base::is_right_to_left(pair.language);
        const int margin = profile_.margin_dots;
        if (whole_value.lines.size() == 1 && whole_value.width <= float(rest)) {
            add_text({{&whole_label, margin, line_width(), Align::start},
                      {&whole_value, is_rtl ? margin : margin + label_width + size, rest,
                       Align::start}});
            return {};
        }
        const int indented = line_width() - size;
        add_text({{&fitted(label, size, line_width()), margin, line_width(), Align::start}});
        add_text({{&fitted(value, size, indented), is_rtl ? margin : margin + size, indented,
                   Align::start}});
        return {};
    }

    base::Result<void> add(const Banner& banner) {
        const int padding = profile_.normal_dots / 2;
        const int gap = profile_.normal_dots;
        const int room = line_width() - 2 * padding;
        std::vector<const text::Layout*> texts;
        int total = gap * (int(banner.texts.size()) - 1);
        for (const Text& text : banner.texts) {
            texts.push_back(&fitted({text.text, text.language, true}, profile_.large_dots, room));
            total += int(std::ceil(texts.back()->width));
        }
        const std::size_t first = out_.items.size();
        const int left = profile_.margin_dots + padding;
        add_white(padding);
        if (total <= room) {
            add_text(beside_each_other(texts, left + (room - total) / 2, gap));
        } else {
            for (const auto* text : texts) add_text({{text, left, room, Align::centre}});
        }
        add_white(padding);
        for (std::size_t i = first; i < out_.items.size(); ++i) {
            invert_between_margins(std::get<Raster>(out_.items[i]).dots);
        }
        return {};
    }

    base::Result<void> add(const Rule& rule) {
        const int air = profile_.dots_per_mm; // above and below
        const int thickness = rule.style == RuleStyle::solid ? 3 : 2;
        Bitmap dots(profile_.width_dots, air * 2 + thickness);
        const int right = profile_.width_dots - profile_.margin_dots;
        const int step = rule.style == RuleStyle::solid ? line_width() : 12;
        const int dash = rule.style == RuleStyle::solid ? line_width() : 7;
        for (int x = profile_.margin_dots; x < right; x += step) {
            dots.fill(x, air, std::min(dash, right - x), thickness);
        }
        add_raster(std::move(dots));
        return {};
    }

    base::Result<void> add(const Space& space) {
        add_white(space.millimetres * profile_.dots_per_mm);
        return {};
    }

    base::Result<void> add(const Qr& qr) {
        add_raster(TRY(draw_qr(qr.payload, profile_.width_dots, profile_.dots_per_mm)));
        return {};
    }

    base::Result<void> add(const Cut&) {
        if (profile_.has_cutter) {
            out_.items.push_back(CutItem{});
        } else {
            out_.items.push_back(Feed{profile_.tear_feed_dots});
        }
        return {};
    }

    int height_dots() const { return height_; }
    LaidOut take() { return std::move(out_); }

private:
    struct Words {
        std::string_view text;
        base::Language language;
        bool is_bold;
    };

    int line_width() const { return profile_.width_dots - 2 * profile_.margin_dots; }

    const text::Layout& set(const Words& words, int size, float width) {
        const text::Style style{.language = words.language,
                                .px = float(size),
                                .bold = words.is_bold,
                                .line_height = line_height_ems};
        return typesetter_.layout(words.text, style, width);
    }

    // A receipt number with wide letters stays on one line: it is copied by hand and read aloud.
    // Other texts break into lines first.
    int one_line_size(const Words& words) {
        int size = profile_.huge_dots;
        while (size > profile_.normal_dots &&
               set(words, size, text::unlimited_width).width > float(line_width())) {
            size -= 2;
        }
        return size;
    }

    // Smaller, until the widest word fits; at the normal size the word is broken instead.
    const text::Layout& fitted(const Words& words, int size, int width) {
        for (; size > profile_.normal_dots; size -= 2) {
            const text::Layout& layout = set(words, size, float(width));
            if (!layout.overflow) return layout;
        }
        size = profile_.normal_dots;
        const text::Layout& layout = set(words, size, float(width));
        if (!layout.overflow) return layout;
        const base::SecretText broken = with_long_words_broken(words, size, float(width));
        return set({broken, words.language, words.is_bold}, size, float(width));
    }

    // A name or a web address wider than the paper goes on in the next line, between two letters:
    // unlovely, but all of it can be read.
    base::SecretText with_long_words_broken(const Words& words, int size, float width) {
        base::SecretText broken;
        std::string_view rest = words.text;
        while (!rest.empty()) {
            const std::size_t word_end = std::min(rest.find_first_of(" \n"), rest.size());
            std::string_view word = rest.substr(0, word_end);
            while (set({word, words.language, words.is_bold}, size, width).overflow) {
                const std::size_t head =
                    fitting_head({word, words.language, words.is_bold}, size, width);
                if (head >= word.size()) break;
                broken.append(word.substr(0, head));
                broken.append("\n");
                word.remove_prefix(head);
            }
            broken.append(word);
            if (word_end < rest.size()) broken.append(rest.substr(word_end, 1));
            rest.remove_prefix(std::min(word_end + 1, rest.size()));
        }
        return broken;
    }

    // Bytes of the longest beginning that fits, at least one character.
    std::size_t fitting_head(const Words& word, int size, float width) {
        std::size_t head = text::next_boundary(word.text, 0);
        for (std::size_t end = head; end < word.text.size();) {
            end = text::next_boundary(word.text, end);
            const Words longer{word.text.substr(0, end), word.language, word.is_bold};
            if (set(longer, size, width).overflow) break;
            head = end;
        }
        return head;
    }

    static std::vector<Placed> beside_each_other(const std::vector<const text::Layout*>& texts,
                                                 int left, int gap) {
        std::vector<Placed> placed;
        for (const auto* text : texts) {
            const int width = int(std::ceil(text->width));
            placed.push_back({text, left, width, Align::start});
            left += width + gap;
        }
        return placed;
    }

    // Texts whose first base lines are level. Marks above the first line and tails below the last
    // get rows of their own where they need them.
    void add_text(const std::vector<Placed>& texts) {
        float ascent = 0;
        float below = 0;
        for (const Placed& placed : texts) {
            ascent = std::max(ascent, placed.layout->ascent);
            below = std::max(below, placed.layout->height() - placed.layout->ascent);
            out_.missing.insert(out_.missing.end(), placed.layout->missing.begin(),
                                placed.layout->missing.end());
        }
        const int height = int(std::ceil(ascent + below));
        const int reserve = profile_.huge_dots;
        if (height > height_limit_dots) {
            height_ += height; // lay_out() refuses it
            return;
        }
        base::Picture grey{
            .width = profile_.width_dots, .height = height + 2 * reserve, .channels = 1};
        grey.pixels.assign(grey.row_bytes() * std::size_t(grey.height), 255);
        for (const Placed& placed : texts) {
            const int y = reserve + int(std::lround(ascent - placed.layout->ascent));
            text::draw_grey(*placed.layout, typesetter_.fonts(), grey, placed.left, y,
                            float(placed.width), alignment(placed.align));
        }
        int top = 0;
        while (top < reserve && is_white(grey, top)) ++top;
        int bottom = grey.height;
        while (bottom > reserve + height && is_white(grey, bottom - 1)) --bottom;
        add_raster(threshold(grey, top, bottom));
        base::wipe(grey.pixels.data(), grey.pixels.size());
    }

    static Bitmap threshold(const base::Picture& grey, int top, int bottom) {
        Bitmap dots(grey.width, bottom - top);
        for (int y = top; y < bottom; ++y) {
            for (int x = 0; x < grey.width; ++x) {
                if (255 - grey.row(y)[x] >= black_from_coverage) dots.set_black(x, y - top);
            }
        }
        return dots;
    }

    void invert_between_margins(Bitmap& dots) const {
        for (int y = 0; y < dots.height(); ++y) {
            for (int x = profile_.margin_dots; x < dots.width() - profile_.margin_dots; ++x) {
                dots.set_black(x, y, !dots.is_black(x, y));
            }
        }
    }

    void add_white(int rows) { add_raster(Bitmap(profile_.width_dots, rows)); }

    void add_raster(Bitmap dots) {
        height_ += dots.height();
        out_.items.push_back(Raster{std::move(dots)});
    }

    const Profile& profile_;
    text::Typesetter& typesetter_;
    LaidOut out_;
    int height_ = 0;
};

} // namespace

base::Result<LaidOut> lay_out(const Document& document, const Profile& profile,
                              text::Typesetter& typesetter) {
    Setter setter(profile, typesetter);
    for (const Block& block : document.blocks) {
        TRY(std::visit([&](const auto& kind) { return setter.add(kind); }, block));
        if (setter.height_dots() > height_limit_dots) {
            return base::Error{base::Errc::too_large, "receipt: longer than 1.5 m of paper"};
        }
    }
    if (document.blocks.empty() || !std::holds_alternative<Cut>(document.blocks.back())) {
        TRY(setter.add(Cut{}));
    }
    LaidOut laid_out = setter.take();
    for (Item& item : laid_out.items) {
        if (auto* raster = std::get_if<Raster>(&item)) defuse(raster->dots);
    }
    return laid_out;
}

} // namespace printer
