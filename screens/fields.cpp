#include "screens/fields.hpp"

#include "kiosk/text/unicode.hpp"
#include "screens/illustrations.hpp"
#include "screens/widgets.hpp"

#include <algorithm>

namespace screens {
namespace {

constexpr float side_mm = 6.5f;
constexpr float end_mm = 3.5f;
constexpr float caret_mm = 1;

void draw_frame(Canvas& canvas, const Rect& area, bool problem) {
    canvas.box(area, {canvas.measures().radius.field, Role::surface,
                      problem ? Role::error : Role::secondary_edge, problem ? 1.25f : 0.75f});
}

void draw_caret(Canvas& canvas, const Rect& line, float x, TypeRole type) {
    const float height = canvas.capital(type) * 1.5f;
    canvas.fill({x, line.y + (line.h - height) / 2, canvas.mm(caret_mm), height}, Role::primary);
}

// Cells of a grouped number: each digit as wide as the widest figure, groups apart by half a cell.
struct Cells {
    TypeRole type = TypeRole::body;
    float width = 0;
    float gap = 0;
    std::vector<float> x; // of each digit or place, from the left
    float total = 0;
};

Cells measure_cells(Canvas& canvas, TypeRole type, const std::vector<int>& groups,
                    std::size_t count) {
    Cells cells;
    cells.type = type;
    auto style = in_language(body(), base::Language::en);
    style.type = type;
    cells.width = canvas.measure("0", style).width * 1.12f;
    cells.gap = cells.width * 0.55f;
    std::size_t group = 0, in_group = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (group < groups.size() && in_group == std::size_t(groups[group]) && i > 0) {
            cells.total += cells.gap;
            ++group;
            in_group = 0;
        }
        ++in_group;
        cells.x.push_back(cells.total);
        cells.total += cells.width;
    }
    return cells;
}

} // namespace

void draw_digit_field(Canvas& canvas, const Rect& area, const QuestionDigitsModel& model) {
    draw_frame(canvas, area, model.problem && model.problem->kind == NoteModel::Kind::error);
    const auto digits = model.digits.view();
    std::size_t places = 0;
    for (const int group : model.groups) places += std::size_t(group);
    const std::size_t count = std::max(places, digits.size());

    Rect inner = on_glass(canvas, area).inset(canvas.mm(side_mm), canvas.mm(2));
    const auto unit_style = tight(label(Role::muted));
    const float unit =
        model.unit.empty() ? 0 : canvas.measure(model.unit, unit_style).width + canvas.mm(4);
    Cells cells;
    for (const auto type :
         {TypeRole::display, TypeRole::title, TypeRole::heading, TypeRole::body}) {
        cells = measure_cells(canvas, type, model.groups, std::max<std::size_t>(count, 1));
        if (cells.total + unit + canvas.mm(4) <= inner.w) break;
    }
    canvas.read("question/digits", digits, true);
    const Canvas::Unmirrored unmirrored(canvas);
    const Rect line = inner.centered(cells.total + unit, inner.h);
    auto style = in_language(left_to_right(centred(tight(body()))), base::Language::en);
    style.type = cells.type;
    style.vertical = VerticalAlign::middle;
    const float foot = line.y + line.h / 2 + canvas.capital(cells.type) * 0.75f;
    for (std::size_t i = 0; i < count; ++i) {
        const Rect cell{line.x + cells.x[i], line.y, cells.width, line.h};
        if (i < digits.size()) canvas.text(cell, digits.substr(i, 1), style, "question/digits");
        const bool marked =
            model.marked_from >= 0 && i >= std::size_t(model.marked_from) && i < digits.size();
        if (i < digits.size() && !marked) continue;
        canvas.fill({cell.x + cell.w * 0.1f, foot, cell.w * 0.8f, canvas.mm(marked ? 1.5f : 0.75f)},
                    marked ? Role::error : Role::muted);
    }
    const float at = digits.empty() || digits.size() >= cells.x.size()
                         ? (digits.empty() ? 0 : cells.x.back() + cells.width + canvas.mm(1))
                         : cells.x[digits.size()];
    if (digits.size() < count || model.groups.empty())
        draw_caret(canvas, line, line.x + at, cells.type);
    if (unit > 0) {
        const Rect place{line.x + cells.total + canvas.mm(4), line.y, unit, line.h};
        draw_stack(canvas, place, {{model.unit, unit_style}}, "question/unit");
    }
}

void draw_pin_field(Canvas& canvas, const Rect& area, const PinField& pin) {
    draw_frame(canvas, area, false);
    const auto places = int(std::max(pin.typed, pin.least));
    const Rect inner = on_glass(canvas, area).inset(canvas.mm(side_mm), canvas.mm(2));
    const Canvas::Unmirrored unmirrored(canvas);
    const float cell = std::min(canvas.mm(20), inner.w / float(std::max<std::size_t>(pin.most, 1)));
    const float radius = canvas.mm(3.5f);
    const auto cells =
        inner.centered(cell * float(places), inner.h).columns(std::max(places, 1), 0);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto middle = cells[i].center();
        if (i < pin.typed) {
            canvas.circle(middle, radius, Role::text);
            continue;
        }
        const Rect line{cells[i].x, middle.y + radius, cell, canvas.mm(0.75f)};
        canvas.fill(line.inset(cell * 0.15f, 0), Role::muted);
    }
}

namespace {

TextStyle field_style(base::Language language) {
    return in_language(heading(), language);
}

// Where the line `number` (from 0) begins: the shortest beginning of the text that needs so many
// lines ends inside that line's first word.
std::size_t line_start(Canvas& canvas, std::string_view text, int number, const TextStyle& style,
                       float width) {
    if (number <= 0) return 0;
    std::size_t low = 0, high = text.size();
    while (low < high) {
        const std::size_t middle =
            text::next_boundary(text, (low + high) / 2 - ((low + high) / 2 > low ? 1 : 0));
        if (canvas.measure(text.substr(0, middle), style, width).lines > number) {
            if (middle >= high) break;
            high = middle;
        } else {
            low = middle;
        }
    }
    std::size_t start = text::previous_boundary(text, high);
    // A word moves to the next line as a whole; Chinese may break anywhere.
    const auto space = text.substr(0, start).rfind(' ');
    if (space != std::string_view::npos &&
        canvas.measure(text.substr(0, space), style, width).lines <= number &&
        canvas.measure(text.substr(space + 1, high - space - 1), style, width).lines == 1) {
        const auto wide = text::decode_utf8(text.substr(space + 1, high - space - 1));
        if (std::none_of(wide.begin(), wide.end(), text::is_wide)) start = space + 1;
    }
    return start;
}

} // namespace

float text_field_height(Canvas& canvas, int lines) {
    const float line = std::max(canvas.line_height(field_style(base::Language::zh)),
                                canvas.line_height(field_style(base::Language::ug)));
    return float(lines) * line + 2 * canvas.mm(end_mm);
}

void draw_text_field(Canvas& canvas, const Rect& area, std::string_view text, std::size_t caret,
                     base::Language text_language) {
    draw_frame(canvas, area, false);
    canvas.read("question/text", text, true, text_language);
    const auto style = field_style(text_language);
    const Rect inner = area.inset(canvas.mm(side_mm), canvas.mm(end_mm));
    const float line = canvas.line_height(style);
    const int visible = std::max(1, int(inner.h / line));
    const auto before = text.substr(0, std::min(caret, text.size()));
    const int caret_line = std::max(1, canvas.measure(before, style, inner.w).lines) - 1;
    const int first = std::max(0, caret_line + 1 - visible);
    const std::size_t from = line_start(canvas, text, first, style, inner.w);
    std::size_t to = text.size();
    const int lines = canvas.measure(text, style, inner.w).lines;
    if (lines - first > visible) to = line_start(canvas, text, first + visible, style, inner.w);
    if (to > from) canvas.text(inner, text.substr(from, to - from), style, "question/text");

    const std::size_t start = line_start(canvas, before, caret_line, style, inner.w);
    const float width = canvas.measure(before.substr(start), style).width;
    const bool from_start = is_right_to_left(text_language) == canvas.is_right_to_left();
    const float x = from_start ? inner.x + width + canvas.mm(0.5f)
                               : inner.right() - width - canvas.mm(0.5f) - canvas.mm(caret_mm);
    draw_caret(canvas, {inner.x, inner.y + float(caret_line - first) * line, inner.w, line}, x,
               style.type);
}

} // namespace screens
