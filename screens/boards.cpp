#include "screens/boards.hpp"

#include "screens/illustrations.hpp"
#include "screens/widgets.hpp"

#include <algorithm>
#include <span>

namespace screens {
namespace {

constexpr float key_gap_mm = 3;     // design tokens, targets.gap
constexpr float key_height_mm = 26; // targets.key.uyghur
constexpr float least_key_mm = 18;  // above targets.minimum: for landscape and low reach
constexpr float widest_key_mm = 24; // a letter key does not get wider than this
constexpr float ground_pad_mm = 4.5f;

struct Key {
    enum class Kind { letter, space, backspace, shift, to_latin, to_uyghur, to_digits };
    Kind kind = Kind::letter;
    std::string_view text{}; // letter
    std::string_view shifted{};
};
using KeyRow = std::vector<Key>;

Key letter(std::string_view text, std::string_view shifted = {}) {
    return {Key::Kind::letter, text, shifted};
}

KeyRow letters(std::initializer_list<std::string_view> texts) {
    KeyRow row;
    for (const auto text : texts) row.push_back(letter(text));
    return row;
}

KeyRow latin_letters(std::string_view small, std::string_view capital) {
    KeyRow row;
    for (std::size_t i = 0; i < small.size(); ++i)
        row.push_back(letter(small.substr(i, 1), capital.substr(i, 1)));
    return row;
}

const Key switch_keys[] = {{Key::Kind::to_digits}, {Key::Kind::to_latin}, {Key::Kind::to_uyghur}};

// Source: spec ui-text §5 (X's cn(ug)); read from the left.
const std::vector<KeyRow>& uyghur_rows() {
    static const std::vector<KeyRow> rows = [] {
        std::vector<KeyRow> r{letters({"چ", "ۋ", "ې", "ر", "ت", "ي", "ۇ", "ڭ", "و", "پ"}),
                              letters({"ھ", "س", "د", "ا", "ە", "ى", "ق", "ك", "ل"}),
                              letters({"ز", "ش", "غ", "ۈ", "ب", "ن", "م", "،", "."}),
                              letters({"ژ", "ف", "گ", "خ", "ج", "ۆ", "ئ"}), letters({"-", "؟"})};
        r[3].push_back({Key::Kind::backspace});
        r[4].push_back({Key::Kind::space});
        return r;
    }();
    return rows;
}

const std::vector<KeyRow>& latin_rows() {
    static const std::vector<KeyRow> rows = [] {
        std::vector<KeyRow> r{latin_letters("qwertyuiop", "QWERTYUIOP"),
                              latin_letters("asdfghjkl", "ASDFGHJKL"),
                              {{Key::Kind::shift}},
                              letters({",", "."})};
        for (const auto& key : latin_letters("zxcvbnm", "ZXCVBNM")) r[2].push_back(key);
        r[2].push_back({Key::Kind::backspace});
        r[3].insert(r[3].begin() + 1, {Key::Kind::space});
        return r;
    }();
    return rows;
}

const std::vector<KeyRow>& digit_rows() {
    static const std::vector<KeyRow> rows = [] {
        std::vector<KeyRow> r{letters({"1", "2", "3", "4", "5", "6", "7", "8", "9", "0"}),
                              letters({"-", "/", ":", "(", ")", "#", "@", "+", "&"}),
                              letters({".", ",", "?", "'"}),
                              {{Key::Kind::space}}};
        r[2].push_back({Key::Kind::backspace});
        return r;
    }();
    return rows;
}

const std::vector<KeyRow>& rows_of(Board board) {
    switch (board) {
    case Board::latin: return latin_rows();
    case Board::uyghur: return uyghur_rows();
    case Board::digits: return digit_rows();
    case Board::pinyin: return latin_rows();
    case Board::handwriting: return digit_rows();
    }
    CHECK(false);
}

Board board_of(Key::Kind kind) {
    if (kind == Key::Kind::to_uyghur) return Board::uyghur;
    return kind == Key::Kind::to_digits ? Board::digits : Board::latin;
}

std::string_view name_of(Board board) {
    switch (board) {
    case Board::latin: return "latin";
    case Board::uyghur: return "uyghur";
    case Board::digits: return "digits";
    case Board::pinyin: return "pinyin";
    case Board::handwriting: return "handwriting";
    }
    CHECK(false);
}

// The last row ends with the keys to the other boards that this question offers.
KeyRow last_row(const QuestionTextModel& model) {
    KeyRow row = rows_of(model.board).back();
    for (const auto& key : switch_keys) {
        const auto board = board_of(key.kind);
        const bool offered =
            std::find(model.boards.begin(), model.boards.end(), board) != model.boards.end();
        if (offered && board != model.board) row.push_back(key);
    }
    return row;
}

// How wide a key wants to be, in letter keys; 0: takes what is left.
float share(const Key& key) {
    switch (key.kind) {
    case Key::Kind::letter: return 1;
    case Key::Kind::space:
    case Key::Kind::backspace: return 0;
    case Key::Kind::shift: return 1.5f;
    case Key::Kind::to_latin:
    case Key::Kind::to_uyghur:
    case Key::Kind::to_digits: return 1.8f;
    }
    CHECK(false);
}

std::vector<float> key_widths(const KeyRow& row, float unit, float gap, float room) {
    std::vector<float> widths;
    float used = gap * float(row.size() - 1);
    int open = 0;
    for (const auto& key : row) {
        widths.push_back(share(key) * unit);
        used += widths.back();
        open += widths.back() == 0;
    }
    for (auto& width : widths) {
        if (width == 0) width = std::max(unit, (room - used) / float(open));
    }
    return widths;
}

struct KeyLook {
    std::string id, name;
    std::string_view text, icon;
    TextStyle style;
};

KeyLook look_of(const Key& key, const QuestionTextModel& model) {
    const bool uyghur = model.board == Board::uyghur;
    KeyLook look;
    look.style = centred(tight(heading()));
    switch (key.kind) {
    case Key::Kind::letter:
        look.text = model.shift && !key.shifted.empty() ? key.shifted : key.text;
        look.id = "board/key/" + std::string(key.text);
        look.style.language = uyghur ? base::Language::ug : base::Language::en;
        break;
    case Key::Kind::space:
        look.text = model.labels.space;
        look.id = "board/space";
        look.style = centred(tight(body()));
        break;
    case Key::Kind::backspace:
        look.icon = "backspace";
        look.id = "board/backspace";
        break;
    case Key::Kind::shift:
        look.text = model.shift ? "a" : "A";
        look.id = "board/shift";
        break;
    case Key::Kind::to_latin:
    case Key::Kind::to_uyghur:
    case Key::Kind::to_digits: {
        const auto board = board_of(key.kind);
        look.id = "board/to/" + std::string(name_of(board));
        look.text = board == Board::latin    ? model.labels.latin
                    : board == Board::uyghur ? model.labels.uyghur
                                             : model.labels.digits;
        look.style = centred(tight(body()));
        look.style.type = TypeRole::rail; // a fixed short word on a key
        if (board == Board::uyghur) look.style.language = base::Language::ug;
        break;
    }
    }
    look.name = look.text.empty() ? std::string(look.id) : std::string(look.text);
    return look;
}

BoardIntent meaning(const Key& key, const QuestionTextModel& model) {
    switch (key.kind) {
    case Key::Kind::letter:
        return Typed{std::string(model.shift && !key.shifted.empty() ? key.shifted : key.text)};
    case Key::Kind::space: return Typed{" "};
    case Key::Kind::backspace: return EditKey::backspace;
    case Key::Kind::shift: return EditKey::shift;
    case Key::Kind::to_latin:
    case Key::Kind::to_uyghur:
    case Key::Kind::to_digits: return SwitchBoard{board_of(key.kind)};
    }
    CHECK(false);
}

bool draw_key(Canvas& canvas, const Rect& area, const KeyLook& look, float radius_mm, float icon_mm,
              bool chosen, bool lip) {
    const auto surface = draw_pressable(canvas, look.id, look.name, area,
                                        {ItemKind::key, radius_mm, chosen, true, lip});
    if (!look.icon.empty()) {
        canvas.icon(look.icon, surface.inner.centered(canvas.mm(icon_mm), canvas.mm(icon_mm)),
                    surface.text);
        return surface.fired;
    }
    auto style = look.style;
    style.colour = surface.text;
    draw_stack(canvas, surface.inner.inset(canvas.mm(0.75f), 0), {{look.text, style}}, look.id);
    return surface.fired;
}

} // namespace

BoardSize board_size(const Canvas& canvas, Board board) {
    const float rows = float(rows_of(board).size());
    const float gaps = canvas.mm(key_gap_mm) * (rows - 1) + 2 * canvas.mm(ground_pad_mm);
    return {canvas.mm(least_key_mm) * rows + gaps, canvas.mm(key_height_mm) * rows + gaps};
}

std::optional<BoardIntent> draw_board(Canvas& canvas, const Rect& area,
                                      const QuestionTextModel& model) {
    std::optional<BoardIntent> intent;
    Rect ground = on_glass(canvas, area);
    const Canvas::Unmirrored unmirrored(canvas);
    if (!canvas.panel().is_landscape()) { // from edge to edge of the panel
        ground.x = 0;
        ground.w = canvas.width();
    }
    canvas.fill(ground, Role::sunken);
    const float gap = canvas.mm(key_gap_mm);
    const Rect keys = ground.inset(canvas.mm(5), canvas.mm(ground_pad_mm));
    const float unit = std::min((keys.w - 9 * gap) / 10, canvas.mm(widest_key_mm));
    const auto& rows = rows_of(model.board);
    const auto lines = keys.rows(int(rows.size()), gap);
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const KeyRow row = r + 1 == rows.size() ? last_row(model) : rows[r];
        const float room = unit * 10 + 9 * gap;
        const auto widths = key_widths(row, unit, gap, room);
        float used = gap * float(row.size() - 1);
        for (const float width : widths) used += width;
        Rect line = lines[r].centered(used, lines[r].h);
        for (std::size_t k = 0; k < row.size(); ++k) {
            const auto look = look_of(row[k], model);
            const bool chosen = row[k].kind == Key::Kind::shift && model.shift;
            if (draw_key(canvas, line.take_start(widths[k], gap), look, 2, 10, chosen, false)) {
                intent = meaning(row[k], model);
            }
        }
    }
    return intent;
}

BoardSize pad_size(const Canvas& canvas) {
    const float gaps = 3 * canvas.mm(4.5f);
    return {4 * canvas.mm(20) + gaps, 4 * canvas.mm(44) + gaps};
}

std::optional<BoardIntent> draw_pad(Canvas& canvas, const Rect& area,
                                    QuestionDigitsModel::CornerKey corner, std::string_view clear) {
    std::optional<BoardIntent> intent;
    const Rect pad = on_glass(canvas, area);
    const Canvas::Unmirrored unmirrored(canvas);
    static constexpr std::string_view figures[] = {"1", "2", "3", "4", "5", "6",
                                                   "7", "8", "9", "",  "0", ""};
    const auto rows = pad.rows(4, canvas.mm(4.5f));
    for (std::size_t i = 0; i < std::size(figures); ++i) {
        const Rect place = rows[i / 3].columns(3, canvas.mm(4.5f))[i % 3];
        KeyLook look;
        look.style = in_language(centred(tight(title())), base::Language::en);
        std::optional<BoardIntent> means;
        if (!figures[i].empty()) {
            look.text = figures[i];
            means = Typed{std::string(figures[i])};
        } else if (i == 11) {
            look.icon = "backspace";
            look.id = "pad/backspace";
            means = EditKey::backspace;
        } else if (corner == QuestionDigitsModel::CornerKey::letter_x) {
            look.text = "X";
            means = Typed{"X"};
        } else {
            look.text = clear;
            look.style = centred(tight(bold(label())));
            look.id = "pad/clear";
            means = EditKey::clear;
        }
        if (look.id.empty()) look.id = "pad/" + std::string(look.text);
        look.name = look.text.empty() ? look.id : std::string(look.text);
        if (draw_key(canvas, place, look, 3, 14, false, true)) intent = means;
    }
    return intent;
}

} // namespace screens
