#include "printer/layout.hpp"

#include "kiosk/text/message.hpp"
#include "kiosk/text/unicode.hpp"
#include "printer/code128.hpp"
#include "printer/escpos.hpp"
#include "printer/native_text.hpp"
#include "printer/qr_code.hpp"

#include <algorithm>
#include <cmath>

namespace printer {
namespace {

// Base lines in ems: closer than on the screen, paper costs time; ink that reaches beyond its line
// still gets its rows (add_text).
constexpr float line_height_ems = 1.3f;
// Native lines: chosen, a quarter of the cell above 24 dots.
constexpr int native_pitch_dots = 30;
constexpr int native_large_gap_dots = 8;

// Bytes that a raster command costs beside its dots, and a gap made of white rows.
constexpr int raster_overhead = 8;

int size_dots(Size size, const Profile& profile) {
    switch (size) {
    case Size::normal: return profile.normal_dots;
    case Size::large: return profile.large_dots;
    case Size::huge: return profile.huge_dots;
    }
    CHECK(false);
}

int native_scale(Size size) {
    switch (size) {
    case Size::normal: return 1;
    case Size::large: return 2;
    case Size::huge: return 3;
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

// Where a native line of this width begins in a box.
int native_left(Align align, int box_left, int box_width, int width) {
    switch (align) {
    case Align::start: return box_left;
    case Align::centre: return box_left + std::max(0, box_width - width) / 2;
    case Align::end: return box_left + std::max(0, box_width - width);
    }
    CHECK(false);
}

// One text as it stands on the paper: where it lies between the margins is up to the block.
struct Placed {
    const text::Layout* layout;
    int left;  // of its box, dots
    int width; // of its box, dots
    Align align;
};

// Rows with ink and the bytes across that hold it.
struct Band {
    int top, bottom;
    int left_byte, right_byte;

    int rows() const { return bottom - top; }
};

class Setter {
public:
    Setter(const Profile& profile, text::Typesetter& typesetter, Ink& ink)
        : profile_(profile), typesetter_(typesetter), ink_(ink) {}

    base::Result<void> add(const Paragraph& paragraph) {
        const auto text = printable(paragraph.content.text);
        const auto language = paragraph.content.language;
        if (const auto characters = native_characters(text, language, profile_)) {
            add_native(*characters, fitting_scale(*characters, paragraph.size), paragraph.is_bold,
                       paragraph.align);
            return {};
        }
        const Words words{text, language, paragraph.is_bold};
        const int size = paragraph.size == Size::huge ? one_line_size(words)
                                                      : size_dots(paragraph.size, profile_);
        const text::Layout& layout = fitted(words, size, line_width());
        add_text({{&layout, profile_.margin_dots, line_width(), paragraph.align}});
        return {};
    }

    base::Result<void> add(const Pair& pair) {
        const auto label_text = printable(pair.label);
        const auto value_text = printable(pair.value);
        const auto native_label = native_characters(label_text, pair.language, profile_);
        const auto native_value = native_characters(value_text, pair.language, profile_);
        if (native_label && native_value) {
            add_native_pair(*native_label, *native_value);
            return {};
        }
        const int size = profile_.normal_dots;
        const Words label{label_text, pair.language, true};
        // Isolated: a date or a Chinese name keeps its own order beside a Uyghur label.
        auto plain = text::strip_isolates(value_text);
        base::SecretText isolated("\u2068");
        isolated.append(plain);
        isolated.append("\u2069");
        base::wipe(plain);
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

    // Always a picture: how a unit inverts its own type differs.
    base::Result<void> add(const Banner& banner) {
        const int padding = profile_.normal_dots / 2;
        const int gap = profile_.normal_dots;
        const int room = line_width() - 2 * padding;
        std::vector<base::SecretText> words;
        for (const Text& text : banner.texts) words.push_back(printable(text.text));
        std::vector<const text::Layout*> texts;
        int total = gap * (int(banner.texts.size()) - 1);
        for (std::size_t i = 0; i < words.size(); ++i) {
            texts.push_back(
                &fitted({words[i], banner.texts[i].language, true}, profile_.large_dots, room));
            total += int(std::ceil(texts.back()->width));
        }
        const int left = profile_.margin_dots + padding;
        std::vector<Bitmap> parts;
        parts.emplace_back(profile_.width_dots, padding);
        if (total <= room) {
            parts.push_back(drawn(beside_each_other(texts, left + (room - total) / 2, gap)));
        } else {
            for (const auto* text : texts)
                parts.push_back(drawn({{text, left, room, Align::centre}}));
        }
        parts.emplace_back(profile_.width_dots, padding);
        for (auto& part : parts) {
            invert_between_margins(part);
            add_raster(std::move(part), 0);
        }
        return {};
    }

    base::Result<void> add(const Rule& rule) {
        const int air = profile_.dots_per_mm; // above and below
        const int thickness = rule.style == RuleStyle::solid ? 3 : 2;
        Bitmap dots(profile_.width_dots, thickness);
        const int right = profile_.width_dots - profile_.margin_dots;
        const int step = rule.style == RuleStyle::solid ? line_width() : 12;
        const int dash = rule.style == RuleStyle::solid ? line_width() : 7;
        for (int x = profile_.margin_dots; x < right; x += step) {
            dots.fill(x, 0, std::min(dash, right - x), thickness);
        }
        add_gap(air);
        add_raster(std::move(dots), 0);
        add_gap(air);
        return {};
    }

    base::Result<void> add(const Space& space) {
        add_gap(space.millimetres * profile_.dots_per_mm);
        return {};
    }

    base::Result<void> add(const Qr& qr) {
        const Bitmap modules = TRY(draw_qr_modules(qr.payload));
        const int count = modules.height();
        const int largest = profile_.width_dots / (count + 2 * quiet_modules);
        int module = std::min(profile_.dots_per_mm, largest);
        if (module < smallest_module_dots) {
            return base::Error{base::Errc::too_large, "receipt: QR code is wider than the paper"};
        }
        if (is_known(profile_.qr)) {
            add_gap(quiet_modules * module);
            add_item(NativeQr{qr.payload, module, count}, count * module);
            add_gap(quiet_modules * module);
            return {};
        }
        const int scale = is_known(profile_.doubled_raster) && module > 3 ? 2 : 1;
        if (scale == 2) module -= module % 2;
        const int drawn_module = module / scale;
        Bitmap dots(profile_.width_dots / scale, count * drawn_module);
        const int left = (dots.width() - count * drawn_module) / 2;
        for (int y = 0; y < count; ++y)
            for (int x = 0; x < count; ++x)
                if (modules.is_black(x, y))
                    dots.fill(left + x * drawn_module, y * drawn_module, drawn_module,
                              drawn_module);
        add_gap(quiet_modules * module);
        add_tight(dots, scale);
        add_gap(quiet_modules * module);
        return {};
    }

    base::Result<void> add(const Code& code) {
        const int height = 10 * profile_.dots_per_mm; // chosen: a hand-held scanner's usual least
        const int modules = code128_modules(code.payload.size());
        const int module = std::min(3, profile_.width_dots / (modules + 20)); // 10 quiet each side
        if (module < 2) {
            return base::Error{base::Errc::too_large, "receipt: code is wider than the paper"};
        }
        add_gap(profile_.dots_per_mm);
        if (is_known(profile_.code128)) {
            add_item(NativeCode{code.payload, module, height, modules * module}, height);
        } else {
            const Bitmap bars = draw_code128(code.payload, module, height);
            Bitmap dots(profile_.width_dots, height);
            const int left = (profile_.width_dots - modules * module) / 2;
            for (int x = 0; x < bars.width(); ++x)
                if (bars.is_black(x, 0)) dots.fill(left + x, 0, 1, height);
            add_tight(dots);
        }
        add_gap(profile_.dots_per_mm);
        return {};
    }

    base::Result<void> add(const Table& table) {
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            const bool is_bold = table.has_header && row == 0;
            add_row(table, table.rows[row], is_bold);
        }
        return {};
    }

    base::Result<void> add(const Logo& logo) {
        if (logo.width > profile_.width_dots) {
            return base::Error{base::Errc::too_large, "receipt: logo is wider than the paper"};
        }
        const std::size_t row_bytes = std::size_t(logo.width + 7) / 8;
        const auto is_black = [&](int x, int y) {
            return (logo.rows[std::size_t(y) * row_bytes + std::size_t(x / 8)] &
                    (0x80 >> (x % 8))) != 0;
        };
        const int scale = is_known(profile_.doubled_raster) && is_doubled(logo, is_black) ? 2 : 1;
        const int width = logo.width / scale;
        Bitmap dots(profile_.width_dots / scale, logo.height / scale);
        // At a byte border, so that the logo's own bytes stay tight.
        const int left = (dots.width() - width) / 2 / 8 * 8;
        for (int y = 0; y < dots.height(); ++y)
            for (int x = 0; x < width; ++x)
                if (is_black(x * scale, y * scale)) dots.set_black(left + x, y);
        add_tight(dots, scale);
        return {};
    }

    base::Result<void> add(const Cut&) {
        flush_gap();
        if (profile_.has_cutter) {
            out_.items.push_back(CutItem{});
            out_.height_dots += profile_.head_to_cutter_dots;
        } else {
            out_.items.push_back(Feed{profile_.tear_feed_dots});
            out_.height_dots += profile_.tear_feed_dots;
        }
        return {};
    }

    int height_dots() const { return out_.height_dots; }
    LaidOut take() {
        flush_gap();
        return std::move(out_);
    }

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
    std::size_t fitting_head(const Words& words, int size, float width) {
        std::size_t head = text::next_boundary(words.text, 0);
        for (std::size_t end = head; end < words.text.size();) {
            end = text::next_boundary(words.text, end);
            const Words longer{words.text.substr(0, end), words.language, words.is_bold};
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

    // --- the printer's own type

    // The largest up to what was asked for at which no word has to be broken; a receipt number
    // (huge) stays on one line.
    int fitting_scale(std::u32string_view characters, Size size) const {
        int scale = native_scale(size);
        const auto fits = [&](int tried) {
            if (size == Size::huge) return native_width(characters) * tried <= line_width();
            return widest_word(characters) * tried <= line_width();
        };
        while (scale > 1 && !fits(scale)) --scale;
        return scale;
    }

    static int widest_word(std::u32string_view characters) {
        const auto starts = text::line_starts(characters);
        int widest = 0;
        int width = 0;
        for (std::size_t i = 0; i < characters.size(); ++i) {
            if (starts[i] || characters[i] == '\n') width = 0;
            if (characters[i] != ' ' && characters[i] != '\n') width += cell_dots(characters[i]);
            widest = std::max(widest, width);
        }
        return widest;
    }

    static Native::Piece piece(std::u32string_view characters, int left, bool is_bold) {
        auto utf8 = text::encode_utf8(characters);
        Native::Piece made{left, base::SecretText(utf8), is_bold};
        base::wipe(utf8);
        return made;
    }

    void add_native_line(Native line) {
        line.height_dots = line.scale == 1 ? native_pitch_dots
                                           : line.scale * cell_height_dots + native_large_gap_dots;
        const int height = line.height_dots;
        add_item(std::move(line), height);
    }

    void add_native(std::u32string_view characters, int scale, bool is_bold, Align align) {
        for (const auto& text : native_lines(characters, line_width() / scale)) {
            Native line{.scale = scale};
            const int left =
                native_left(align, profile_.margin_dots, line_width(), native_width(text) * scale);
            line.pieces.push_back(piece(text, left, is_bold));
            add_native_line(std::move(line));
        }
    }

    void add_native_pair(std::u32string_view label, std::u32string_view value) {
        constexpr int gap = 24;
        const int margin = profile_.margin_dots;
        const int label_width = native_width(label);
        const bool is_one_line = label.find(U'\n') == label.npos && value.find(U'\n') == value.npos;
        if (is_one_line && label_width + gap + native_width(value) <= line_width()) {
            Native line;
            line.pieces.push_back(piece(label, margin, true));
            line.pieces.push_back(piece(value, margin + label_width + gap, false));
            add_native_line(std::move(line));
            return;
        }
        add_native(label, 1, true, Align::start);
        for (const auto& text : native_lines(value, line_width() - gap)) {
            Native line;
            line.pieces.push_back(piece(text, margin + gap, false));
            add_native_line(std::move(line));
        }
    }

    // --- tables

    struct Column {
        int left;
        int width;
    };

    std::vector<Column> columns_of(const Table& table) const {
        constexpr int gap = 16;
        const int count = int(table.columns.size());
        int sum = 0;
        for (const int part : table.columns) sum += part;
        const int room = line_width() - gap * (count - 1);
        std::vector<Column> columns;
        int left = profile_.margin_dots;
        for (const int part : table.columns) {
            const int width = room * part / sum;
            columns.push_back({left, width});
            left += width + gap;
        }
        if (base::is_right_to_left(table.language)) {
            for (auto& column : columns)
                column.left = profile_.width_dots - column.left - column.width;
        }
        return columns;
    }

    void add_row(const Table& table, const std::vector<base::SecretText>& cells, bool is_bold) {
        const auto columns = columns_of(table);
        std::vector<base::SecretText> texts;
        std::vector<std::u32string> native;
        for (const auto& cell : cells) {
            texts.push_back(printable(cell));
            auto characters = native_characters(texts.back(), table.language, profile_);
            if (characters) native.push_back(std::move(*characters));
        }
        if (native.size() == cells.size()) return add_native_row(table, columns, native, is_bold);
        std::vector<Placed> placed;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (texts[i].empty()) continue;
            placed.push_back({&fitted({texts[i], table.language, is_bold}, profile_.normal_dots,
                                      columns[i].width),
                              columns[i].left, columns[i].width, table.aligns[i]});
        }
        if (placed.empty()) return add_gap(profile_.normal_dots);
        add_text(placed);
    }

    void add_native_row(const Table& table, const std::vector<Column>& columns,
                        const std::vector<std::u32string>& cells, bool is_bold) {
        std::vector<std::vector<std::u32string>> lines;
        std::size_t most = 0;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            lines.push_back(native_lines(cells[i], columns[i].width));
            most = std::max(most, lines.back().size());
        }
        for (std::size_t row = 0; row < most; ++row) {
            Native line;
            for (std::size_t i = 0; i < lines.size(); ++i) {
                if (row >= lines[i].size() || lines[i][row].empty()) continue;
                const int left = native_left(table.aligns[i], columns[i].left, columns[i].width,
                                             native_width(lines[i][row]));
                line.pieces.push_back(piece(lines[i][row], left, is_bold));
            }
            add_native_line(std::move(line));
        }
    }

    // --- pictures

    // Texts whose first base lines are level. Marks above the first line and tails below the last
    // get rows of their own where they need them.
    void add_text(const std::vector<Placed>& texts) {
        const int height = height_of_texts(texts);
        if (height > height_limit_dots) {
            out_.height_dots += height; // lay_out() refuses it
            return;
        }
        draw(texts, height);
        const int reserve = profile_.huge_dots;
        const auto [first, last] = ink_.rows_with_ink();
        const int top = std::min(reserve, first);
        const int bottom = std::max(reserve + height, last + 1);
        const Bitmap dots = ink_.take(top, bottom);
        ink_.end();
        add_tight(dots);
    }

    // The same with its white, for who draws on it.
    Bitmap drawn(const std::vector<Placed>& texts) {
        const int height = height_of_texts(texts);
        if (height > height_limit_dots) {
            out_.height_dots += height;
            return Bitmap(profile_.width_dots, 0);
        }
        draw(texts, height);
        const int reserve = profile_.huge_dots;
        const auto [first, last] = ink_.rows_with_ink();
        Bitmap dots = ink_.take(std::min(reserve, first), std::max(reserve + height, last + 1));
        ink_.end();
        return dots;
    }

    int height_of_texts(const std::vector<Placed>& texts) {
        float ascent = 0;
        float below = 0;
        for (const Placed& placed : texts) {
            ascent = std::max(ascent, placed.layout->ascent);
            below = std::max(below, placed.layout->height() - placed.layout->ascent);
            out_.missing.insert(out_.missing.end(), placed.layout->missing.begin(),
                                placed.layout->missing.end());
        }
        return int(std::ceil(ascent + below));
    }

    void draw(const std::vector<Placed>& texts, int height) {
        float ascent = 0;
        for (const Placed& placed : texts) ascent = std::max(ascent, placed.layout->ascent);
        const int reserve = profile_.huge_dots;
        ink_.begin(profile_.width_dots, height + 2 * reserve);
        for (const Placed& placed : texts) {
            const int y = reserve + int(std::lround(ascent - placed.layout->ascent));
            ink_.draw(*placed.layout, placed.left, y, float(placed.width), alignment(placed.align));
        }
    }

    void invert_between_margins(Bitmap& dots) const {
        for (int y = 0; y < dots.height(); ++y) {
            for (int x = profile_.margin_dots; x < dots.width() - profile_.margin_dots; ++x) {
                dots.set_black(x, y, !dots.is_black(x, y));
            }
        }
    }

    template <class IsBlack> static bool is_doubled(const Logo& logo, const IsBlack& is_black) {
        if (logo.height % 2 != 0 || logo.width % 2 != 0) return false;
        for (int y = 0; y < logo.height; y += 2)
            for (int x = 0; x < logo.width; x += 2) {
                const bool black = is_black(x, y);
                if (is_black(x + 1, y) != black || is_black(x, y + 1) != black ||
                    is_black(x + 1, y + 1) != black)
                    return false;
            }
        return true;
    }

    // What a raster of these bytes across must take to stand at the left, at the right or in the
    // middle, which is all that alignment can say. Returns the cheapest.
    static std::pair<int, int> aligned(int left_byte, int right_byte, int row_bytes) {
        const int side = std::min(left_byte, row_bytes - right_byte);
        const int as_left = right_byte;
        const int as_right = row_bytes - left_byte;
        const int as_middle = row_bytes - 2 * side;
        if (as_left <= as_right && as_left <= as_middle) return {0, right_byte};
        if (as_right <= as_middle) return {left_byte, row_bytes};
        return {side, row_bytes - side};
    }

    int gap_cost(int rows) const { return is_known_feed() ? 3 : raster_overhead + rows; }
    bool is_known_feed() const { return profile_.motion_dpi > 0; }

    static int cost(const Band& band, int row_bytes) {
        const auto [left, right] = aligned(band.left_byte, band.right_byte, row_bytes);
        return raster_overhead + (right - left) * band.rows();
    }

    static std::vector<Band> bands_of(const Bitmap& dots) {
        std::vector<Band> bands;
        bool is_open = false;
        for (int y = 0; y < dots.height(); ++y) {
            const auto row = dots.row(y);
            int left = 0;
            int right = int(row.size());
            while (left < right && row[std::size_t(left)] == 0) ++left;
            while (right > left && row[std::size_t(right) - 1] == 0) --right;
            const bool has_ink = right > left;
            if (has_ink && is_open) {
                bands.back().bottom = y + 1;
                bands.back().left_byte = std::min(bands.back().left_byte, left);
                bands.back().right_byte = std::max(bands.back().right_byte, right);
            } else if (has_ink) {
                bands.push_back({y, y + 1, left, right});
            }
            is_open = has_ink;
        }
        return bands;
    }

    // Neighbours become one band where that takes fewer bytes.
    std::vector<Band> merged(const std::vector<Band>& bands, int row_bytes) const {
        std::vector<Band> kept;
        for (const Band& band : bands) {
            if (!kept.empty()) {
                const Band& before = kept.back();
                const Band both{before.top, band.bottom, std::min(before.left_byte, band.left_byte),
                                std::max(before.right_byte, band.right_byte)};
                if (cost(both, row_bytes) <= cost(before, row_bytes) + cost(band, row_bytes) +
                                                 gap_cost(band.top - before.bottom)) {
                    kept.back() = both;
                    continue;
                }
            }
            kept.push_back(band);
        }
        return kept;
    }

    // A picture as wide as the paper: its ink as rasters, its white as gaps.
    void add_tight(const Bitmap& dots, int scale = 1) {
        const int row_bytes = int(dots.row_bytes());
        int y = 0;
        for (const Band& band : merged(bands_of(dots), row_bytes)) {
            add_gap((band.top - y) * scale);
            const auto [left, right] = aligned(band.left_byte, band.right_byte, row_bytes);
            add_raster(dots.part(left, right, band.top, band.bottom), left * 8 * scale, scale);
            y = band.bottom;
        }
        add_gap((dots.height() - y) * scale);
    }
    // White is kept until something follows, so that neighbours become one.
    void add_gap(int rows) {
        pending_gap_ += rows;
        out_.height_dots += rows;
    }
    void flush_gap() {
        if (pending_gap_ > 0) out_.items.push_back(Gap{pending_gap_});
        pending_gap_ = 0;
    }

    template <class Kind> void add_item(Kind item, int height) {
        flush_gap();
        out_.items.push_back(std::move(item));
        out_.height_dots += height;
    }

    void add_raster(Bitmap dots, int left_dots, int scale = 1) {
        if (dots.height() == 0) return;
        defuse(dots);
        const int height = dots.height() * scale;
        add_item(Raster{std::move(dots), left_dots, scale}, height);
    }

    const Profile& profile_;
    text::Typesetter& typesetter_;
    Ink& ink_;
    LaidOut out_;
    int pending_gap_ = 0;
};

} // namespace

base::Result<LaidOut> lay_out(const Document& document, const Profile& profile,
                              text::Typesetter& typesetter, Ink& ink) {
    Setter setter(profile, typesetter, ink);
    for (const Block& block : document.blocks) {
        TRY(std::visit([&](const auto& kind) { return setter.add(kind); }, block));
        if (setter.height_dots() > height_limit_dots) {
            return base::Error{base::Errc::too_large, "receipt: longer than 1.5 m of paper"};
        }
    }
    if (document.blocks.empty() || !std::holds_alternative<Cut>(document.blocks.back())) {
        TRY(setter.add(Cut{}));
    }
    return setter.take();
}

base::Result<LaidOut> lay_out(const Document& document, const Profile& profile,
                              text::Typesetter& typesetter) {
    Ink ink(typesetter.fonts());
    return lay_out(document, profile, typesetter, ink);
}

} // namespace printer
