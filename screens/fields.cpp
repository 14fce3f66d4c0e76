#include "screens/fields.hpp"

#include "kiosk/text/unicode.hpp"
#include "screens/illustrations.hpp"
#include "screens/widgets.hpp"

#include <algorithm>
#include <cmath>

namespace screens {
namespace {

constexpr float side_mm = 6.5f;
constexpr float end_mm = 3.5f;
constexpr float caret_mm = 1;
constexpr float underline_mm = 0.75f;

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

Cells measure_cells(Canvas& canvas, TypeRole type, const QuestionDigitsModel& model,
                    std::size_t count) {
    const auto& groups = model.groups;
    Cells cells;
    cells.type = type;
    auto style = in_language(body(), base::Language::en);
    style.type = type;
    cells.width = canvas.measure(model.has_letters ? "W" : "0", style).width * 1.12f;
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
        cells = measure_cells(canvas, type, model, std::max<std::size_t>(count, 1));
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

// What is drawn: the text with the letters under way at the caret, and which lines of it are seen.
struct Shown {
    base::SecretText text;
    std::size_t from = 0; // of the letters
    std::size_t caret = 0;
    TextStyle style;
    Rect inner;
    int first = 0; // line at the top
    int lines = 0; // seen at most
};

Shown arrange(Canvas& canvas, const Rect& area, const WrittenLine& line) {
    Shown shown;
    const auto caret = std::min(line.caret, line.text.size());
    shown.text = base::SecretText(line.text.substr(0, caret));
    shown.text.append(line.letters);
    shown.text.append(line.text.substr(caret));
    shown.from = caret;
    shown.caret = caret + line.letters.size();
    shown.style = field_style(line.language);
    shown.inner = area.inset(canvas.mm(side_mm), canvas.mm(end_mm));
    shown.lines = std::max(1, int(shown.inner.h / canvas.line_height(shown.style)));
    const int at = canvas.caret_line(shown.text, shown.style, shown.inner.w, shown.caret);
    shown.first = std::max(0, at + 1 - shown.lines);
    return shown;
}

// A line under the letters under way, piece by piece: they may break over two lines.
void underline_letters(Canvas& canvas, const Shown& shown) {
    const auto view = shown.text.view();
    for (std::size_t at = shown.from; at < shown.caret;) {
        const auto next = std::min(text::next_boundary(view, at), shown.caret);
        const Rect a = canvas.caret(shown.inner, view, shown.style, at, shown.first);
        const Rect b = canvas.caret(shown.inner, view, shown.style, next, shown.first);
        const bool is_seen =
            a.y >= shown.inner.y - a.h / 2 && b.bottom() <= shown.inner.bottom() + a.h;
        if (a.y == b.y && is_seen) {
            const float left = std::min(a.x, b.x);
            canvas.fill({left, a.bottom(), std::abs(a.x - b.x), canvas.mm(underline_mm)},
                        Role::text);
        }
        at = next;
    }
}

void draw_written(Canvas& canvas, const Shown& shown) {
    canvas.text_lines(shown.inner, shown.text, shown.style, shown.first, shown.lines,
                      "question/text");
    underline_letters(canvas, shown);
    Rect caret = canvas.caret(shown.inner, shown.text, shown.style, shown.caret, shown.first);
    caret.w = canvas.mm(caret_mm);
    canvas.fill(caret, Role::primary);
}

} // namespace

float text_field_height(Canvas& canvas, int lines) {
    const float line = std::max(canvas.line_height(field_style(base::Language::zh)),
                                canvas.line_height(field_style(base::Language::ug)));
    return float(lines) * line + 2 * canvas.mm(end_mm);
}

void draw_text_field(Canvas& canvas, const Rect& area, const WrittenLine& line) {
    draw_frame(canvas, area, false);
    canvas.read("question/text", line.text, true, line.language);
    draw_written(canvas, arrange(canvas, area, line));
}

std::optional<std::size_t> draw_touchable_text_field(Canvas& canvas, const Rect& area,
                                                     const WrittenLine& line,
                                                     std::string_view label) {
    draw_frame(canvas, area, false);
    const auto shown = arrange(canvas, area, line);
    const bool pressed = canvas.press("question/field", area, ItemKind::field, label, {},
                                      canvas.measures().radius.field);
    canvas.spoken(shown.text, true);
    draw_written(canvas, shown);
    if (const int way = canvas.nudged("question/field"); way != 0) {
        // To the left is forward in a line that runs to the left.
        const bool forward = (way > 0) != is_right_to_left(line.language);
        return forward ? text::next_boundary(line.text, shown.from)
                       : text::previous_boundary(line.text, shown.from);
    }
    const Point finger = canvas.pointer();
    // Pressed by a key: no finger says where.
    if (!pressed || !area.contains(finger) || canvas.is_focused("question/field")) return {};
    const auto at = canvas.offset_at(shown.inner, shown.text, shown.style, finger, shown.first);
    if (at <= shown.from) return at;
    return at <= shown.caret ? shown.from : at - line.letters.size();
}

} // namespace screens
