#include "printer/layout.hpp"

#include "kiosk/text/message.hpp"
#include "kiosk/text/unicode.hpp"
#include "printer/code128.hpp"
#include "printer/escpos.hpp"
#include "printer/native_text.hpp"
#include "printer/qr_code.hpp"
#include "printer/tight.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <type_traits>
#include <utility>

namespace printer {
namespace {

// Base lines in ems: closer than on the screen, paper costs time; ink that reaches beyond its line
// still gets its rows (add_text).
constexpr float line_height_ems = 1.3f;
// Native lines: chosen, a quarter of the cell above 24 dots.
constexpr int native_pitch_dots = 30;
constexpr int native_large_gap_dots = 8;

// Row of the base line in the unit's 12x24 cell. Chosen: font A leaves four rows below it.
// Unverified on hardware.
constexpr int base_row_of_cell = 20;
// Characters in a row that are worth a place of their own between pictures. Chosen: four.
constexpr std::size_t shortest_run = 4;

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
    // What was set, where a run of it may go as the unit's own type; empty where it may not.
    std::string_view text = {};
    bool is_bold = false;
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
        // At the normal size the unit's cells are as high as our glyphs.
        const std::string_view runs_of = paragraph.size == Size::normal ? text.view() : "";
        add_text({{&layout, profile_.margin_dots, line_width(), paragraph.align, runs_of,
                   paragraph.is_bold}});
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
            add_text({{&whole_label, margin, line_width(), Align::start, label_text.view(), true},
                      {&whole_value, is_rtl ? margin : margin + label_width + size, rest,
                       Align::start, isolated.view()}});
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
        const bool is_solid = rule.style == RuleStyle::solid;
        const int scale = is_known(profile_.doubled_raster) ? 2 : 1;
        const int thickness = (is_solid ? 3 : 2) / scale;
        Bitmap dots(profile_.width_dots / scale, thickness);
        const int right = (profile_.width_dots - profile_.margin_dots) / scale;
        const int step = (is_solid ? line_width() : 12) / scale;
        const int dash = (is_solid ? line_width() : 8) / scale;
        for (int x = profile_.margin_dots / scale; x < right; x += step) {
            dots.fill(x, 0, std::min(dash, right - x), thickness);
        }
        add_gap(air);
        add_raster(std::move(dots), 0, scale);
        add_gap(air);
        return {};
    }

    base::Result<void> add(const Space& space) {
        add_gap(space.millimetres * profile_.dots_per_mm);
        return {};
    }

    base::Result<void> add(const Qr& qr) {
        const int count = TRY(qr_modules(qr.payload));
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
        const Bitmap modules = TRY(draw_qr_modules(qr.payload));
        CHECK(modules.height() == count);
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
        const int scale = is_known(profile_.doubled_raster) && is_doubled(logo) ? 2 : 1;
        const int width = logo.width / scale;
        Bitmap dots(profile_.width_dots / scale, logo.height / scale);
        // At a byte border, so that the logo's own bytes stay tight.
        const std::size_t left = std::size_t(dots.width() - width) / 2 / 8;
        for (int y = 0; y < dots.height(); ++y) {
            const auto row = logo_row(logo, y * scale);
            auto* to = dots.row_to_write(y) + left;
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (scale == 1) {
                    to[i] = row[i];
                } else {
                    to[i / 2] |=
                        std::uint8_t(i % 2 == 0 ? every_second(row[i]) << 4 : every_second(row[i]));
                }
            }
        }
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

    // Texts and logos are set once and kept with the ink; everything else is quick to make.
    template <class Kind> base::Result<void> add_kept(const Kind& block) {
        auto key = key_of(block);
        const auto* known = ink_.known(key);
        if (known == nullptr) {
            LaidOut before = std::exchange(out_, {});
            const int gap_before = std::exchange(pending_gap_, 0);
            const auto added = add(block);
            Ink::SetBlock made{std::move(out_.items), std::move(out_.missing), out_.height_dots,
                               std::exchange(pending_gap_, gap_before)};
            out_ = std::move(before);
            TRY(added);
            known = &ink_.keep(std::move(key), std::move(made));
        }
        const int height = out_.height_dots + known->height_dots;
        for (const Item& item : known->items) {
            if (const auto* gap = std::get_if<Gap>(&item)) {
                add_gap(gap->dots);
            } else {
                add_item(item, 0);
            }
        }
        add_gap(known->gap_dots);
        out_.height_dots = height;
        out_.missing.insert(out_.missing.end(), known->missing.begin(), known->missing.end());
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

    // --- names of blocks, for what is kept

    // Everything that decides how a block looks, the printer included.
    base::SecretText key_for(std::string_view kind, std::initializer_list<int> numbers) const {
        base::SecretText key(kind);
        for (const int number :
             {profile_.width_dots, profile_.dots_per_mm, profile_.normal_dots, profile_.large_dots,
              profile_.huge_dots, profile_.margin_dots, profile_.motion_dpi, int(profile_.ascii),
              int(profile_.known_charset()), int(profile_.bit_image)})
            append(key, number);
        for (const int number : numbers) append(key, number);
        return key;
    }
    static void append(base::SecretText& key, int number) {
        std::array<char, sizeof number> bytes{};
        std::memcpy(bytes.data(), &number, sizeof number);
        key.append({bytes.data(), bytes.size()});
    }
    static void append(base::SecretText& key, std::string_view text) {
        append(key, int(text.size()));
        key.append(text);
    }
    base::SecretText key_of(const Paragraph& paragraph) const {
        auto key = key_for("paragraph", {int(paragraph.content.language), int(paragraph.size),
                                         paragraph.is_bold, int(paragraph.align)});
        append(key, paragraph.content.text.view());
        return key;
    }
    base::SecretText key_of(const Pair& pair) const {
        auto key = key_for("pair", {int(pair.language)});
        append(key, pair.label.view());
        append(key, pair.value.view());
        return key;
    }
    base::SecretText key_of(const Logo& logo) const {
        auto key = key_for("logo", {logo.width, logo.height, int(profile_.doubled_raster)});
        append(key, {reinterpret_cast<const char*>(logo.rows.data()), logo.rows.size()});
        return key;
    }
    base::SecretText key_of(const Banner& banner) const {
        auto key = key_for("banner", {});
        for (const Text& text : banner.texts) {
            append(key, int(text.language));
            append(key, text.text.view());
        }
        return key;
    }
    base::SecretText key_of(const Table& table) const {
        auto key = key_for("table", {int(table.language), table.has_header});
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            append(key, table.columns[i]);
            append(key, int(table.aligns[i]));
        }
        for (const auto& row : table.rows)
            for (const auto& cell : row) append(key, cell.view());
        return key;
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
        add_line(dots, native_runs(texts), reserve - top);
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

    static base::ByteView logo_row(const Logo& logo, int y) {
        const std::size_t row_bytes = std::size_t(logo.width + 7) / 8;
        return base::ByteView(logo.rows).subspan(std::size_t(y) * row_bytes, row_bytes);
    }
    // Whether the dots come in squares of four.
    static bool is_doubled(const Logo& logo) {
        if (logo.height % 2 != 0 || logo.width % 2 != 0) return false;
        for (int y = 0; y < logo.height; y += 2) {
            const auto row = logo_row(logo, y);
            const auto next = logo_row(logo, y + 1);
            if (!std::equal(row.begin(), row.end(), next.begin())) return false;
            for (const std::uint8_t byte : row)
                if (((byte >> 1 ^ byte) & 0x55) != 0) return false;
        }
        return true;
    }
    static unsigned every_second(unsigned byte) {
        return (byte >> 4 & 8) | (byte >> 3 & 4) | (byte >> 2 & 2) | (byte >> 1 & 1);
    }

    // A picture as wide as the paper: its ink as rasters, its white as gaps.
    void add_tight(const Bitmap& dots, int scale = 1) {
        add_tight_rows(dots, 0, dots.height(), scale);
    }
    void add_tight_rows(const Bitmap& dots, int top, int bottom, int scale) {
        int y = top;
        for (const Band& band : tight_bands(profile_, dots, top, bottom).bands) {
            add_gap((band.top - y) * scale);
            add_raster(dots.part(band.left_byte, band.right_byte, band.top, band.bottom),
                       band.left_byte * 8 * scale, scale);
            y = band.bottom;
        }
        add_gap((bottom - y) * scale);
    }

    // --- pictures in a line of type (ESC * 33)

    // What of a line of mixed text the unit sets itself, and the columns that our glyphs took.
    struct Run {
        Native::Piece piece;
        int left, right;
    };
    // Runs of texts that stand on one line. `base_row` counts from the top of their boxes.
    struct Runs {
        std::vector<Run> runs;
        int base_row = 0;
    };
    Runs native_runs(const std::vector<Placed>& texts) const {
        Runs found;
        if (!is_known(profile_.bit_image)) return found;
        float ascent = 0;
        for (const Placed& placed : texts) ascent = std::max(ascent, placed.layout->ascent);
        found.base_row = int(std::lround(ascent));
        for (const Placed& placed : texts) {
            if (placed.layout->lines.size() != 1 || placed.text.empty()) return {};
            const text::Line& line = placed.layout->lines[0];
            const float start = float(placed.left) + text::line_offset(line, float(placed.width),
                                                                       alignment(placed.align));
            for (std::size_t i = 0; i < line.clusters.size();) {
                const std::size_t end = end_of_run(placed.text, line, i);
                if (end >= i + shortest_run) {
                    add_run(found.runs, placed, line, i, end, start);
                }
                i = std::max(end, i + 1);
            }
        }
        std::sort(found.runs.begin(), found.runs.end(),
                  [](const Run& one, const Run& other) { return one.left < other.left; });
        return found;
    }

    // Clusters from `begin` on that follow each other from left to right and are all the unit's.
    std::size_t end_of_run(std::string_view text, const text::Line& line, std::size_t begin) const {
        std::size_t end = begin;
        for (; end < line.clusters.size(); ++end) {
            const text::Cluster& cluster = line.clusters[end];
            if (cluster.rtl) break;
            if (end > begin && std::abs(cluster.left - line.clusters[end - 1].right) > 0.5f) break;
            const auto bytes = text.substr(cluster.begin, cluster.end - cluster.begin);
            if (!is_one_of_the_units(bytes)) break;
        }
        return end;
    }
    bool is_one_of_the_units(std::string_view bytes) const {
        if (bytes.empty()) return false;
        const auto [c, size] = text::decode_first(bytes);
        if (size != bytes.size()) return false;
        return (c >= 0x20 && c < 0x7F) || has_glyph(profile_.known_charset(), c);
    }
    void add_run(std::vector<Run>& runs, const Placed& placed, const text::Line& line,
                 std::size_t begin, std::size_t end, float start) const {
        std::u32string characters;
        for (std::size_t i = begin; i < end; ++i)
            characters.push_back(
                text::decode_first(placed.text.substr(line.clusters[i].begin)).code_point);
        const int left = int(std::floor(start + line.clusters[begin].left));
        const int right = int(std::ceil(start + line.clusters[end - 1].right));
        const int free = right - left - native_width(characters);
        if (free < 0 || left < 0) return; // the unit's cells are wider than our glyphs
        runs.push_back({piece(characters, left + free / 2, placed.is_bold), left, right});
    }

    // 24 rows of a line as one line of the unit, what sticks out above and below as rasters.
    struct Strip {
        int top = 0;
        int bytes = std::numeric_limits<int>::max();
    };
    Strip best_strip(const Bitmap& dots, const Runs& runs) const {
        Strip best;
        const int lowest = std::max(0, dots.height() - cell_height_dots);
        int first = 0;
        int last = lowest;
        if (!runs.runs.empty()) { // level with the unit's own base line
            first = std::clamp(runs.base_row - base_row_of_cell - 1, 0, lowest);
            last = std::clamp(runs.base_row - base_row_of_cell + 1, 0, lowest);
        }
        for (int top = first; top <= last; ++top) {
            int bytes = 4 + tight_bands(profile_, dots, 0, top).bytes;
            const int below = top + cell_height_dots;
            if (below < dots.height())
                bytes += tight_bands(profile_, dots, below, dots.height()).bytes;
            for (const auto& [left, right] : columns_with_ink(dots, top))
                bytes += 9 + 3 * (right - left);
            for (const Run& run : runs.runs) bytes += 4 + int(run.piece.text.view().size());
            if (bytes < best.bytes) best = {top, bytes};
        }
        return best;
    }

    void add_strip(const Bitmap& dots, Runs runs, int top) {
        add_tight_rows(dots, 0, top, 1);
        Native line{.height_dots = cell_height_dots};
        const int bottom = std::min(dots.height(), top + cell_height_dots);
        for (const auto& [left, right] : columns_with_ink(dots, top)) {
            Bitmap part((right - left + 7) / 8 * 8, cell_height_dots);
            for (int y = top; y < bottom; ++y)
                for (int x = left; x < right; ++x)
                    if (dots.is_black(x, y)) part.set_black(x - left, y - top);
            defuse_columns(part);
            line.pictures.push_back({left, right - left, std::move(part)});
        }
        for (Run& run : runs.runs) line.pieces.push_back(std::move(run.piece));
        add_item(std::move(line), cell_height_dots);
        if (bottom < dots.height()) add_tight_rows(dots, bottom, dots.height(), 1);
    }

    // One line or more of set text, in the way that takes the fewest bytes.
    void add_line(const Bitmap& dots, Runs runs, int top_of_boxes) {
        const auto [first, last] = rows_with_ink(dots);
        const bool is_one_line = last - first < 2 * cell_height_dots;
        if (!is_known(profile_.bit_image) || !is_one_line) return add_tight(dots);
        runs.base_row += top_of_boxes;
        const int plain = tight_bands(profile_, dots, 0, dots.height()).bytes;
        const Strip strip = best_strip(dots, {});
        Strip mixed;
        Bitmap without_runs = dots;
        if (!runs.runs.empty()) {
            for (const Run& run : runs.runs)
                for (int y = 0; y < dots.height(); ++y)
                    for (int x = run.left; x < run.right; ++x) without_runs.set_black(x, y, false);
            mixed = best_strip(without_runs, runs);
        }
        if (plain <= strip.bytes && plain <= mixed.bytes) return add_tight(dots);
        if (strip.bytes <= mixed.bytes) return add_strip(dots, {}, strip.top);
        add_strip(without_runs, std::move(runs), mixed.top);
    }

    static std::pair<int, int> rows_with_ink(const Bitmap& dots) {
        int first = 0;
        int last = dots.height() - 1;
        while (first <= last && dots.is_white_row(first)) ++first;
        while (last > first && dots.is_white_row(last)) --last;
        return {first, last};
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
        TRY(std::visit(
            [&](const auto& kind) {
                using Kind = std::decay_t<decltype(kind)>;
                if constexpr (std::is_same_v<Kind, Paragraph> || std::is_same_v<Kind, Pair> ||
                              std::is_same_v<Kind, Banner> || std::is_same_v<Kind, Table> ||
                              std::is_same_v<Kind, Logo>) {
                    return setter.add_kept(kind);
                } else {
                    return setter.add(kind);
                }
            },
            block));
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
