#include "screens/candidates.hpp"

#include "screens/widgets.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float gap_mm = 3;
constexpr float least_height_mm = 21;
constexpr float least_width_mm = 20;
constexpr float side_mm = 2.5f;
constexpr float number_gap_mm = 1.5f;
constexpr int per_row = 5;            // of two rows
constexpr float worded_grid_mm = 230; // below, the words beside the grid would take its room

TextStyle number_style(Role colour = Role::muted) {
    auto style = in_language(tight(body(colour)), base::Language::en);
    style.type = TypeRole::rail; // small beside its word, as on the rail never below its size
    return style;
}

TextStyle word_style(Role colour = Role::text, TypeRole type = TypeRole::heading) {
    auto style = in_language(tight(body(colour)), base::Language::zh);
    style.type = type;
    return style;
}

// One handwritten character is looked at closely: as large as its key allows.
TypeRole word_type(Canvas& canvas, const Rect& area, std::string_view word, float number) {
    const float room = area.w - number - canvas.mm(number_gap_mm) - 2 * canvas.mm(side_mm);
    const auto style = word_style(Role::text, TypeRole::title);
    const bool fits = canvas.measure(word, style).width <= room &&
                      canvas.line_height(style) <= area.h - canvas.mm(1);
    return fits ? TypeRole::title : TypeRole::heading;
}

float wanted_width(Canvas& canvas, const QuestionTextModel& model, std::size_t index) {
    const auto number = std::to_string(index + 1);
    return std::max(canvas.mm(least_width_mm),
                    canvas.measure(number, number_style()).width + canvas.mm(number_gap_mm) +
                        canvas.measure(model.candidates[index].view(), word_style()).width +
                        2 * canvas.mm(side_mm));
}

bool draw_candidate(Canvas& canvas, const Rect& area, const QuestionTextModel& model,
                    std::size_t index, bool chosen) {
    const auto number = std::to_string(index + 1);
    const auto id = "board/candidate/" + number;
    const auto word = model.candidates[index].view();
    const auto surface =
        draw_pressable(canvas, id, word, area, {ItemKind::key, 2, chosen, true, false});
    canvas.spoken({}, true);
    auto number_look = number_style(surface.muted);
    const float number_width = canvas.measure(number, number_look).width;
    auto word_look = word_style(surface.text, model.board == Board::handwriting
                                                  ? word_type(canvas, area, word, number_width)
                                                  : TypeRole::heading);
    number_look.vertical = word_look.vertical = VerticalAlign::middle;
    word_look.bold = chosen;
    const float width =
        number_width + canvas.mm(number_gap_mm) + canvas.measure(word, word_look).width;
    Rect inner = surface.inner.centered(std::min(width, area.w - canvas.mm(1)), area.h);
    canvas.text(inner.take_start(number_width, canvas.mm(number_gap_mm)), number, number_look, id);
    canvas.text(inner, word, word_look, id);
    return surface.fired;
}

// In words where there is room for them, else as an arrow.
bool draw_turn(Canvas& canvas, const Rect& area, std::string_view id, std::string_view label,
               std::string_view icon = {}) {
    const auto surface =
        draw_pressable(canvas, id, label, area, {ItemKind::key, 2, false, true, false});
    if (!icon.empty()) {
        canvas.icon(icon, surface.inner.centered(canvas.mm(9), canvas.mm(9)), surface.text);
        return surface.fired;
    }
    auto style = centred(tight(body(surface.text)));
    style.type = TypeRole::rail;
    draw_stack(canvas, surface.inner.inset(canvas.mm(0.75f), 0), {{label, style}}, id);
    return surface.fired;
}

float turn_width(Canvas& canvas, const BoardLabels& labels) {
    auto style = tight(body());
    style.type = TypeRole::rail;
    const float words = std::max(canvas.measure(labels.more, style).width,
                                 canvas.measure(labels.earlier, style).width);
    return std::max(canvas.mm(least_width_mm), words + canvas.mm(3));
}

constexpr std::string_view more_id = "board/candidates/more";
constexpr std::string_view earlier_id = "board/candidates/earlier";

// The places of the row that the candidates get, by index; nothing for one that is too wide.
struct Row {
    std::vector<std::pair<std::size_t, float>> widths;
    std::size_t shown = 0; // candidates passed, left out ones among them
};

Row fill_row(Canvas& canvas, const QuestionTextModel& model, float room) {
    Row row;
    const float gap = canvas.mm(gap_mm);
    float used = 0;
    for (; row.shown < model.candidates.size(); ++row.shown) {
        const float width = wanted_width(canvas, model, row.shown);
        if (width > room) continue; // in no row of this panel at this size
        if (used + width > room) break;
        row.widths.emplace_back(row.shown, width);
        used += width + gap;
    }
    return row;
}

std::optional<BoardIntent> draw_row(Canvas& canvas, Rect area, const QuestionTextModel& model) {
    std::optional<BoardIntent> intent;
    const float gap = canvas.mm(gap_mm);
    const float turn = turn_width(canvas, model.labels);
    // The places for "earlier" and "more" are kept free, so that candidates do not move under a
    // finger.
    Rect earlier = area, more = area;
    more = area.take_end(turn, gap);
    if (model.has_earlier) earlier = area.take_end(turn, gap);
    const auto row = fill_row(canvas, model, area.w);
    const bool space_takes_first = model.board == Board::pinyin && !model.letters.empty();
    for (const auto& [index, width] : row.widths) {
        if (draw_candidate(canvas, area.take_start(width, gap), model, index,
                           index == 0 && space_takes_first))
            intent = PickCandidate{index};
    }
    if (model.has_earlier && draw_turn(canvas, earlier, earlier_id, model.labels.earlier))
        intent = MoreCandidates{MoreCandidates::Direction::earlier, 0};
    const bool has_more = model.has_more || row.shown < model.candidates.size();
    if (has_more && draw_turn(canvas, more, more_id, model.labels.more))
        intent = MoreCandidates{MoreCandidates::Direction::next, row.shown};
    return intent;
}

std::optional<BoardIntent> draw_grid(Canvas& canvas, Rect area, const QuestionTextModel& model,
                                     int rows) {
    std::optional<BoardIntent> intent;
    const float gap = canvas.mm(gap_mm);
    const bool in_words = area.w >= canvas.mm(worded_grid_mm);
    const Rect turns =
        area.take_end(in_words ? turn_width(canvas, model.labels) : canvas.mm(least_width_mm), gap);
    const auto lines = area.rows(rows, gap);
    const auto places = std::size_t(rows * per_row);
    const std::size_t shown = std::min(model.candidates.size(), places);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto cells = lines[i / per_row].columns(per_row, gap);
        if (draw_candidate(canvas, cells[i % per_row], model, i, false)) intent = PickCandidate{i};
    }
    const auto turn = turns.rows(2, gap);
    if (model.has_earlier &&
        draw_turn(canvas, turn[0], earlier_id, model.labels.earlier, in_words ? "" : "arrow-start"))
        intent = MoreCandidates{MoreCandidates::Direction::earlier, 0};
    const bool has_more = model.has_more || shown < model.candidates.size();
    if (has_more &&
        draw_turn(canvas, turn[1], more_id, model.labels.more, in_words ? "" : "arrow-end"))
        intent = MoreCandidates{MoreCandidates::Direction::next, shown};
    return intent;
}

} // namespace

float candidates_height(Canvas& canvas, int rows) {
    const float row =
        std::max(canvas.mm(least_height_mm), canvas.line_height(word_style()) + canvas.mm(1));
    return row * float(rows) + canvas.mm(gap_mm) * float(rows - 1);
}

std::optional<BoardIntent> draw_candidates(Canvas& canvas, const Rect& area,
                                           const QuestionTextModel& model, int rows) {
    return rows == 1 ? draw_row(canvas, area, model) : draw_grid(canvas, area, model, rows);
}

} // namespace screens
