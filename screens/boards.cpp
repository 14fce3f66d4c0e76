#include "screens/boards.hpp"

#include "screens/candidates.hpp"
#include "screens/illustrations.hpp"
#include "screens/ink_box.hpp"
#include "screens/widgets.hpp"

#include <algorithm>
#include <span>

namespace screens {
namespace {

constexpr float key_gap_mm = 3;     // design tokens, targets.gap
constexpr float key_height_mm = 26; // targets.key.uyghur
constexpr float least_key_mm = 18;  // above targets.minimum: for landscape and low reach
constexpr float widest_key_mm = 24; // a letter key does not get wider than this
constexpr float ground_side_mm = 5;
constexpr float word_pad_mm = 0.75f; // beside the word on a key
constexpr float ground_pad_mm = 4.5f;
constexpr int hand_candidate_rows = 2; // spec handwriting §4
constexpr float hand_keys_mm = 190;    // beside the box: ten candidates, four wide keys
constexpr float least_box_mm = 60;     // the same
constexpr float widest_box_mm = 150;   // chosen: the reach of a hand that stays where it is

struct Key {
    enum class Kind { letter, space, backspace, shift, split, undo_stroke, clear_ink, to_board };
    Kind kind = Kind::letter;
    std::string_view text{}; // letter
    std::string_view shifted{};
    Board board = Board::latin; // to_board
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

// Source: spec ui-text §5 (X's cn(ug)); read from the left.
std::vector<KeyRow> uyghur_rows() {
    std::vector<KeyRow> r{letters({"چ", "ۋ", "ې", "ر", "ت", "ي", "ۇ", "ڭ", "و", "پ"}),
                          letters({"ھ", "س", "د", "ا", "ە", "ى", "ق", "ك", "ل"}),
                          letters({"ز", "ش", "غ", "ۈ", "ب", "ن", "م", "،", "."}),
                          letters({"ژ", "ف", "گ", "خ", "ج", "ۆ", "ئ"}), letters({"-", "؟"})};
    r[3].push_back({Key::Kind::backspace});
    r[4].push_back({Key::Kind::space});
    return r;
}

std::vector<KeyRow> latin_rows() {
    std::vector<KeyRow> r{latin_letters("qwertyuiop", "QWERTYUIOP"),
                          latin_letters("asdfghjkl", "ASDFGHJKL"),
                          {{Key::Kind::shift}},
                          letters({",", "."})};
    for (const auto& key : latin_letters("zxcvbnm", "ZXCVBNM")) r[2].push_back(key);
    r[2].push_back({Key::Kind::backspace});
    r[3].insert(r[3].begin() + 1, {Key::Kind::space});
    return r;
}

// The letters of the Latin board without capitals; a key that sets syllables apart; the two marks
// that most sentences need. The others stand on the board of digits.
std::vector<KeyRow> pinyin_rows() {
    std::vector<KeyRow> r{latin_letters("qwertyuiop", "qwertyuiop"),
                          latin_letters("asdfghjkl", "asdfghjkl"),
                          {{Key::Kind::split}},
                          letters({"，", "。"})};
    for (const auto& key : latin_letters("zxcvbnm", "zxcvbnm")) r[2].push_back(key);
    r[2].push_back({Key::Kind::backspace});
    r[3].push_back({Key::Kind::space});
    return r;
}

std::vector<KeyRow> digit_rows(bool chinese) {
    std::vector<KeyRow> r{letters({"1", "2", "3", "4", "5", "6", "7", "8", "9", "0"}),
                          letters({"-", "/", ":", "(", ")", "#", "@", "+", "&"}),
                          letters({".", ",", "?", "'"}),
                          {{Key::Kind::space}}};
    if (chinese) r[1] = letters({"-", "/", "#", "，", "。", "、", "？", "：", "（", "）"});
    r[2].push_back({Key::Kind::backspace});
    return r;
}

// What stands under the box: nothing but what handwriting needs.
std::vector<KeyRow> handwriting_rows() {
    return {{{Key::Kind::undo_stroke},
             {Key::Kind::clear_ink},
             letter("，"),
             letter("。"),
             {Key::Kind::backspace}},
            {}};
}

bool offers(const QuestionTextModel& model, Board board) {
    return std::find(model.boards.begin(), model.boards.end(), board) != model.boards.end();
}

std::vector<KeyRow> plain_rows(const QuestionTextModel& model) {
    switch (model.board) {
    case Board::latin: return latin_rows();
    case Board::uyghur: return uyghur_rows();
    case Board::digits:
        return digit_rows(offers(model, Board::pinyin) || offers(model, Board::handwriting));
    case Board::pinyin: return pinyin_rows();
    case Board::handwriting: return handwriting_rows();
    }
    CHECK(false);
}

// Of all marks a name has only the middle dot and the hyphen: they take the places of comma and
// full stop, the other marks go.
void keep_marks_of_names(KeyRow& row) {
    static constexpr std::string_view to_dot[] = {",", "，", "،"};
    static constexpr std::string_view to_hyphen[] = {".", "。"};
    const auto is_one_of = [](std::string_view mark, const auto& marks) {
        return std::find(std::begin(marks), std::end(marks), mark) != std::end(marks);
    };
    std::erase_if(row, [](const Key& key) { return key.text == "؟" || key.text == "-"; });
    for (auto& key : row) {
        if (is_one_of(key.text, to_dot)) key.text = "·";
        if (is_one_of(key.text, to_hyphen)) key.text = "-";
    }
}

// The rows of the board, the last one ending with the keys to the other boards that this question
// offers.
std::vector<KeyRow> rows_of(const QuestionTextModel& model) {
    auto rows = plain_rows(model);
    if (model.is_name)
        for (auto& row : rows) keep_marks_of_names(row);
    for (const auto board :
         {Board::digits, Board::latin, Board::pinyin, Board::handwriting, Board::uyghur})
        if (offers(model, board) && board != model.board)
            rows.back().push_back({Key::Kind::to_board, {}, {}, board});
    return rows;
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

std::string_view label_of(Board board, const BoardLabels& labels) {
    switch (board) {
    case Board::latin: return labels.latin;
    case Board::uyghur: return labels.uyghur;
    case Board::digits: return labels.digits;
    case Board::pinyin: return labels.pinyin;
    case Board::handwriting: return labels.handwriting;
    }
    CHECK(false);
}

// How wide a key wants to be, in letter keys; 0: takes what is left.
float share(const Key& key) {
    switch (key.kind) {
    case Key::Kind::letter: return 1;
    case Key::Kind::space:
    case Key::Kind::undo_stroke:
    case Key::Kind::clear_ink:
    case Key::Kind::backspace: return 0;
    case Key::Kind::split:
    case Key::Kind::shift: return 1.5f;
    case Key::Kind::to_board: return key.board == Board::uyghur ? 1.8f : 1.5f;
    }
    CHECK(false);
}

// A row of nothing but switches shares the width.
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
    const bool only_switches = std::all_of(
        row.begin(), row.end(), [](const Key& key) { return key.kind == Key::Kind::to_board; });
    if (only_switches)
        for (auto& width : widths) width = (room - gap * float(row.size() - 1)) / float(row.size());
    return widths;
}

struct KeyLook {
    std::string id, name;
    std::string_view text, icon;
    TextStyle style;
    std::optional<base::Language> language{}; // of a name that is not in the screen's
};

// A fixed short word on a key.
TextStyle word_on_key() {
    auto style = centred(tight(body()));
    style.type = TypeRole::rail;
    return style;
}

KeyLook look_of(const Key& key, const QuestionTextModel& model) {
    const bool uyghur = model.board == Board::uyghur;
    KeyLook look;
    look.style = centred(tight(heading()));
    switch (key.kind) {
    case Key::Kind::letter:
        look.text = model.shift && !key.shifted.empty() ? key.shifted : key.text;
        look.id = "board/key/" + std::string(key.text);
        look.style.language = uyghur ? base::Language::ug : base::Language::en;
        if (key.text.size() > 2) look.style.language = base::Language::zh; // full-width marks
        break;
    case Key::Kind::space:
        look.text = model.labels.space;
        look.id = "board/space";
        look.style = centred(tight(body()));
        break;
    case Key::Kind::backspace:
        look.icon = "backspace";
        look.id = "board/backspace";
        look.name = model.labels.backspace;
        break;
    case Key::Kind::shift:
        look.text = model.shift ? "a" : "A";
        look.id = "board/shift";
        break;
    case Key::Kind::split:
        look.text = model.labels.split;
        look.id = "board/split";
        look.style = word_on_key();
        break;
    case Key::Kind::undo_stroke:
        look.text = model.labels.undo_stroke;
        look.id = "board/undo-stroke";
        look.style = word_on_key();
        break;
    case Key::Kind::clear_ink:
        look.text = model.labels.clear_ink;
        look.id = "board/clear-ink";
        look.style = word_on_key();
        break;
    case Key::Kind::to_board:
        look.id = "board/to/" + std::string(name_of(key.board));
        look.text = label_of(key.board, model.labels);
        look.style = word_on_key();
        if (key.board == Board::uyghur) look.language = look.style.language = base::Language::ug;
        break;
    }
    if (!look.text.empty()) look.name = look.text;
    return look;
}

BoardIntent meaning(const Key& key, const QuestionTextModel& model) {
    switch (key.kind) {
    case Key::Kind::letter:
        return Typed{std::string(model.shift && !key.shifted.empty() ? key.shifted : key.text)};
    case Key::Kind::space: return Typed{" "};
    case Key::Kind::backspace: return EditKey::backspace;
    case Key::Kind::shift: return EditKey::shift;
    case Key::Kind::split: return Typed{"'"};
    case Key::Kind::undo_stroke: return InkKey::undo_stroke;
    case Key::Kind::clear_ink: return InkKey::clear;
    case Key::Kind::to_board: return SwitchBoard{key.board};
    }
    CHECK(false);
}

bool draw_key(Canvas& canvas, const Rect& area, const KeyLook& look, float radius_mm, float icon_mm,
              bool chosen, bool lip) {
    const auto surface = draw_pressable(canvas, look.id, look.name, area,
                                        {ItemKind::key, radius_mm, chosen, true, lip});
    if (look.language) canvas.label_is_in(*look.language);
    if (!look.icon.empty()) {
        canvas.icon(look.icon, surface.inner.centered(canvas.mm(icon_mm), canvas.mm(icon_mm)),
                    surface.text);
        return surface.fired;
    }
    auto style = look.style;
    style.colour = surface.text;
    draw_stack(canvas, surface.inner.inset(canvas.mm(word_pad_mm), 0), {{look.text, style}},
               look.id);
    return surface.fired;
}

} // namespace

namespace {

float unit_width(const Canvas& canvas, float room) {
    const float gap = canvas.mm(key_gap_mm);
    return std::clamp((room - 9 * gap) / 10, canvas.mm(least_key_mm), canvas.mm(widest_key_mm));
}

std::optional<BoardIntent> draw_keys(Canvas& canvas, const Rect& area,
                                     const QuestionTextModel& model) {
    std::optional<BoardIntent> intent;
    const float gap = canvas.mm(key_gap_mm);
    const float unit = unit_width(canvas, area.w);
    const auto rows = rows_of(model);
    const auto lines = area.rows(int(rows.size()), gap);
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const auto& row = rows[r];
        const auto widths = key_widths(row, unit, gap, std::min(area.w, unit * 10 + 9 * gap));
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

// What the highest word on a key needs in this width. A word that is wider than its key has no room
// in any height: the page is set smaller where it can be.
float word_height(Canvas& canvas, const QuestionTextModel& model, float room) {
    const float gap = canvas.mm(key_gap_mm);
    const float unit = unit_width(canvas, room);
    float height = 0;
    for (const auto& row : rows_of(model)) {
        const auto widths = key_widths(row, unit, gap, std::min(room, unit * 10 + 9 * gap));
        for (std::size_t k = 0; k < row.size(); ++k) {
            if (row[k].kind == Key::Kind::letter) continue;
            const auto look = look_of(row[k], model);
            const auto words =
                canvas.measure(look.text, look.style, widths[k] - 2 * canvas.mm(word_pad_mm));
            const bool can_shrink = canvas.settings().text_size > TextSize::standard;
            height =
                std::max(height, words.overflow && can_shrink ? canvas.height() : words.height);
        }
    }
    return height;
}

float keys_height(Canvas& canvas, const QuestionTextModel& model, float key_mm, float room) {
    const float rows = float(rows_of(model).size());
    return std::max(canvas.mm(key_mm), word_height(canvas, model, room)) * rows +
           canvas.mm(key_gap_mm) * (rows - 1);
}

// Of a box that has candidates and keys beside it.
float side_of_box(const Canvas& canvas, float width, float height) {
    const float least = canvas.mm(least_box_mm);
    return std::clamp(height, least, std::max(least, width - canvas.mm(hand_keys_mm)));
}

// Handwriting: the box beside candidates and keys, where they do not fit under each other.
struct HandPlaces {
    Rect box, candidates, keys;
};

HandPlaces place_hand(Canvas& canvas, Rect inner, const QuestionTextModel& model) {
    const float gap = canvas.mm(key_gap_mm);
    const float candidates = candidates_height(canvas, hand_candidate_rows);
    const float keys = keys_height(canvas, model, least_key_mm, inner.w);
    HandPlaces places;
    if (inner.h >= candidates + keys + canvas.mm(least_box_mm) + 2 * gap) {
        places.candidates = inner.take_top(candidates, gap);
        const float key_rows = std::min(keys_height(canvas, model, key_height_mm, inner.w),
                                        inner.h - gap - canvas.mm(least_box_mm));
        places.keys = inner.take_bottom(std::max(keys, key_rows * 0.9f), gap);
        const float side = std::min(inner.w, canvas.mm(widest_box_mm));
        places.box = inner.centered(side, inner.h);
        return places;
    }
    const float side = side_of_box(canvas, inner.w, inner.h);
    places.box = inner.take_start(side, gap).centered(side, std::min(inner.h, side));
    places.candidates = inner.take_top(candidates, gap);
    places.keys = inner;
    return places;
}

} // namespace

BoardSize board_size(Canvas& canvas, const QuestionTextModel& model, float width) {
    const float pads = 2 * canvas.mm(ground_pad_mm);
    const float gap = canvas.mm(key_gap_mm);
    if (!canvas.panel().is_landscape()) width = canvas.width();
    const float room = width - 2 * canvas.mm(ground_side_mm);
    float least = keys_height(canvas, model, least_key_mm, room) + pads;
    float most = keys_height(canvas, model, key_height_mm, room) + pads;
    switch (model.board) {
    case Board::latin:
    case Board::uyghur:
    case Board::digits: break;
    case Board::pinyin:
        least += candidates_height(canvas, 1) + gap;
        most += candidates_height(canvas, 1) + gap;
        break;
    case Board::handwriting: {
        const float candidates = candidates_height(canvas, hand_candidate_rows);
        // In the least height the box stands beside the keys.
        const float beside = room - gap - side_of_box(canvas, room, least + candidates + gap);
        least = keys_height(canvas, model, least_key_mm, beside) + pads;
        least = std::max(least + candidates + gap, canvas.mm(least_box_mm) + pads);
        most += candidates + canvas.mm(widest_box_mm) + 2 * gap;
        break;
    }
    }
    return {least, most};
}

std::optional<BoardIntent> draw_board(Canvas& canvas, const Rect& area,
                                      const QuestionTextModel& model) {
    Rect ground = on_glass(canvas, area);
    const Canvas::Unmirrored unmirrored(canvas);
    if (!canvas.panel().is_landscape()) { // from edge to edge of the panel
        ground.x = 0;
        ground.w = canvas.width();
    }
    canvas.fill(ground, Role::sunken);
    const float gap = canvas.mm(key_gap_mm);
    Rect inner = ground.inset(canvas.mm(ground_side_mm), canvas.mm(ground_pad_mm));
    std::optional<BoardIntent> chosen, typed;
    switch (model.board) {
    case Board::latin:
    case Board::uyghur:
    case Board::digits: return draw_keys(canvas, inner, model);
    case Board::pinyin: {
        const float unit = unit_width(canvas, inner.w);
        const float room = unit * 10 + 9 * gap;
        Rect bar = inner.take_top(candidates_height(canvas, 1), gap);
        chosen = draw_candidates(canvas, bar.centered(room, bar.h), model, 1);
        typed = draw_keys(canvas, inner, model);
        break;
    }
    case Board::handwriting: {
        const auto places = place_hand(canvas, inner, model);
        chosen = draw_candidates(canvas, places.candidates, model, hand_candidate_rows);
        if (auto stroke = draw_ink_box(canvas, places.box, model)) chosen = std::move(*stroke);
        typed = draw_keys(canvas, places.keys, model);
        break;
    }
    }
    return chosen ? chosen : typed;
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
            look.name = canvas.words().backspace;
            means = EditKey::backspace;
        } else if (corner == QuestionDigitsModel::CornerKey::letter_x) {
            look.text = "X";
            means = Typed{"X"};
        } else if (corner == QuestionDigitsModel::CornerKey::point) {
            look.text = ".";
            means = Typed{"."};
        } else {
            look.text = clear;
            look.style = centred(tight(bold(label())));
            look.id = "pad/clear";
            means = EditKey::clear;
        }
        if (look.id.empty()) look.id = "pad/" + std::string(look.text);
        if (!look.text.empty()) look.name = look.text;
        if (draw_key(canvas, place, look, 3, 14, false, true)) intent = means;
    }
    return intent;
}

} // namespace screens
