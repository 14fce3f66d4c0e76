#include "screens/canvas.hpp"

#include "kiosk/text/caret.hpp"
#include "screens/stage_state.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <imgui.h>

namespace screens {

namespace {

ImVec2 vec(Point p) {
    return {p.x, p.y};
}

float snapped(float value) {
    return std::floor(value + 0.5f);
}

} // namespace

Rect Rect::take_top(float size, float gap) {
    const Rect slice{x, y, w, size};
    y += size + gap;
    h -= size + gap;
    return slice;
}

Rect Rect::take_bottom(float size, float gap) {
    const Rect slice{x, bottom() - size, w, size};
    h -= size + gap;
    return slice;
}

Rect Rect::take_start(float size, float gap) {
    const Rect slice{x, y, size, h};
    x += size + gap;
    w -= size + gap;
    return slice;
}

Rect Rect::take_end(float size, float gap) {
    const Rect slice{right() - size, y, size, h};
    w -= size + gap;
    return slice;
}

std::vector<Rect> Rect::columns(int count, float gap) const {
    std::vector<Rect> parts;
    const float each = (w - gap * float(count - 1)) / float(count);
    for (int i = 0; i < count; ++i) parts.push_back({x + (each + gap) * float(i), y, each, h});
    return parts;
}

std::vector<Rect> Rect::rows(int count, float gap) const {
    std::vector<Rect> parts;
    const float each = (h - gap * float(count - 1)) / float(count);
    for (int i = 0; i < count; ++i) parts.push_back({x, y + (each + gap) * float(i), w, each});
    return parts;
}

std::string_view to_string(ItemKind kind) {
    switch (kind) {
    case ItemKind::button: return "button";
    case ItemKind::choice: return "choice";
    case ItemKind::tile: return "tile";
    case ItemKind::key: return "key";
    case ItemKind::field: return "field";
    case ItemKind::row: return "row";
    case ItemKind::area: return "area";
    }
    return "";
}

bool Faults::empty() const {
    return overflowing.empty() && missing_glyphs.empty() && duplicate_ids.empty() &&
           small_targets.empty() && close_targets.empty() && outside.empty() &&
           unknown_icons.empty();
}

std::string Faults::text() const {
    std::string out;
    const auto list = [&](const char* what, const std::vector<std::string>& ids) {
        if (ids.empty()) return;
        out += std::string(out.empty() ? "" : "; ") + what + ":";
        for (const auto& id : ids) out += " " + id;
    };
    list("does not fit", overflowing);
    list("same id twice", duplicate_ids);
    list("too small", small_targets);
    list("too close", close_targets);
    list("outside the panel", outside);
    list("unknown icon", unknown_icons);
    if (too_many_glyphs) list("too many glyphs for the cache", {""});
    std::vector<std::string> characters;
    for (const char32_t c : missing_glyphs) {
        char name[16];
        std::snprintf(name, sizeof name, "U+%04X", unsigned(c));
        characters.push_back(name);
    }
    list("no glyph for", characters);
    return out;
}

// --- the page

float Canvas::width() const {
    return float(state_.panel.width_px);
}
float Canvas::height() const {
    return float(state_.panel.height_px);
}
float Canvas::mm(float millimetres) const {
    const float px = snapped(millimetres * state_.panel.px_per_mm);
    return millimetres > 0 ? std::max(1.0f, px) : px;
}
const Panel& Canvas::panel() const {
    return state_.panel;
}
bool Canvas::set_smaller() {
    CHECK(state_.texts.empty() && state_.items.empty()); // nothing would take it off the glass
    auto& size = state_.settings.text_size;
    if (size <= TextSize::standard) return false;
    size = TextSize(int(size) - 1);
    state_.is_set_smaller = state_.begins_again = true;
    return true;
}
bool Canvas::begins_again() {
    if (!state_.begins_again) return false;
    state_.begins_again = state_.tells_whole = false;
    state_.said.clear();
    state_.start_focus.clear();
    return true;
}
const DisplaySettings& Canvas::settings() const {
    return state_.settings;
}
bool Canvas::is_right_to_left() const {
    return base::is_right_to_left(state_.settings.language);
}
const Theme& Canvas::theme() const {
    return state_.theme;
}
float Canvas::capital(TypeRole type) const {
    return state_.theme.capital_mm(type, state_.settings.text_size) * state_.panel.px_per_mm;
}

Point Canvas::on_glass(Point point) const {
    return {mirrored_ ? width() - point.x : point.x, point.y};
}

// Edges are snapped one by one, so that rectangles that touch keep touching.
Rect Canvas::on_glass(Rect rect) const {
    const float left = snapped(rect.x), right = snapped(rect.right());
    const float top = snapped(rect.y), bottom = snapped(rect.bottom());
    return {mirrored_ ? width() - right : left, top, right - left, bottom - top};
}

std::uint32_t Canvas::ink(Role role) const {
    const Colour c = state_.theme.colour(state_.settings.theme, role);
    return IM_COL32(c.red, c.green, c.blue, 255);
}

// --- shapes

void Canvas::mark(Mark::Kind kind, const Rect& glass, Role role, float width) {
    if (state_.drawing == Drawing::layout) state_.marks.push_back({kind, glass, role, width, 0});
}

void Canvas::fill(Rect rect, Role role) {
    const Rect at = on_glass(rect);
    mark(Mark::Kind::ground, at, role);
    if (!state_.draw_list) return;
    state_.draw_list->AddRectFilled({at.x, at.y}, {at.right(), at.bottom()}, ink(role));
}

void Canvas::draw_dashed_edge(Rect glass, float radius, float width, std::uint32_t colour) {
    // Dashes as long as gaps, a whole number of them on each straight side; corners are drawn
    // whole.
    const Rect middle = glass.inset(width / 2);
    const float turn = std::max(0.0f, radius - width / 2);
    ImDrawList& list = *state_.draw_list;
    const auto side = [&](ImVec2 from, ImVec2 to) {
        const float length = std::hypot(to.x - from.x, to.y - from.y);
        const int parts = std::max(1, int(length / (width * 6))) * 2 + 1;
        for (int i = 0; i < parts; i += 2) {
            const float a = float(i) / float(parts), b = float(i + 1) / float(parts);
            list.PathLineTo({from.x + (to.x - from.x) * a, from.y + (to.y - from.y) * a});
            list.PathLineTo({from.x + (to.x - from.x) * b, from.y + (to.y - from.y) * b});
            list.PathStroke(colour, 0, width);
        }
    };
    const float l = middle.x, t = middle.y, r = middle.right(), b = middle.bottom();
    side({l + turn, t}, {r - turn, t});
    side({r, t + turn}, {r, b - turn});
    side({r - turn, b}, {l + turn, b});
    side({l, b - turn}, {l, t + turn});
    if (turn <= 0) return;
    const ImVec2 centers[4] = {
        {l + turn, t + turn}, {r - turn, t + turn}, {r - turn, b - turn}, {l + turn, b - turn}};
    for (int i = 0; i < 4; ++i) {
        list.PathArcToFast(centers[i], turn, 6 + 3 * i, 9 + 3 * i);
        list.PathStroke(colour, 0, width);
    }
}

namespace {

// Three upright rectangles and four quarters of a circle, because the rasteriser fills rectangles
// much faster than the long triangles of a rounded polygon: a full redraw fell from 18 to 7 copies
// of the framebuffer. Expects whole pixels.
void fill_rounded(ImDrawList& list, const Rect& r, float radius, std::uint32_t ink) {
    radius = std::floor(std::min({radius, r.w / 2, r.h / 2}));
    if (r.w <= 0 || r.h <= 0) return;
    if (radius < 1) {
        list.AddRectFilled({r.x, r.y}, {r.right(), r.bottom()}, ink);
        return;
    }
    const float left = r.x + radius, right = r.right() - radius;
    const float top = r.y + radius, bottom = r.bottom() - radius;
    list.AddRectFilled({left, r.y}, {right, r.bottom()}, ink);
    list.AddRectFilled({r.x, top}, {left, bottom}, ink);
    list.AddRectFilled({right, top}, {r.right(), bottom}, ink);
    const ImVec2 centers[4] = {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
    for (int i = 0; i < 4; ++i) {
        list.PathLineTo(centers[i]);
        list.PathArcToFast(centers[i], radius, 6 + 3 * i, 9 + 3 * i); // twelfths of a turn
        list.PathFillConvex(ink);
    }
}

} // namespace

void Canvas::box(Rect rect, const Box& box) {
    const Rect at = on_glass(rect);
    const float radius = box.radius_mm > 0 ? mm(box.radius_mm) : 0;
    const float width = box.edge ? mm(box.edge_mm) : 0;
    if (box.fill) mark(Mark::Kind::ground, at, *box.fill);
    if (box.edge) mark(Mark::Kind::edge, at, *box.edge, width);
    if (!state_.draw_list) return;
    ImDrawList& list = *state_.draw_list;
    const auto solid = [&](Rect r, float round, Role role) {
        fill_rounded(list, r, round, ink(role));
    };
    if (box.edge && box.fill && !box.dashed) {
        solid(at, radius, *box.edge);
        solid(at.inset(width), radius - width, *box.fill);
        return;
    }
    if (box.fill) solid(at, radius, *box.fill);
    if (!box.edge) return;
    if (box.dashed) {
        draw_dashed_edge(at, radius, width, ink(*box.edge));
        return;
    }
    const Rect middle = at.inset(width / 2);
    list.PathRect({middle.x, middle.y}, {middle.right(), middle.bottom()},
                  std::max(0.0f, radius - width / 2));
    list.PathStroke(ink(*box.edge), ImDrawFlags_Closed, width);
}

void Canvas::line(Point from, Point to, float width_mm, Role role) {
    if (!state_.draw_list) return;
    state_.draw_list->PathLineTo(vec(on_glass(from)));
    state_.draw_list->PathLineTo(vec(on_glass(to)));
    state_.draw_list->PathStroke(ink(role), 0, mm(width_mm));
}

void Canvas::circle(Point center, float radius, Role role) {
    const Point at = on_glass(center);
    mark(Mark::Kind::ground, {at.x - radius, at.y - radius, 2 * radius, 2 * radius}, role);
    if (!state_.draw_list) return;
    state_.draw_list->AddCircleFilled(vec(at), radius, ink(role));
}

void Canvas::ring(Point center, float radius, float width_mm, Role role) {
    if (!state_.draw_list) return;
    const float width = mm(width_mm);
    const float middle = std::max(1.0f, radius - width / 2);
    state_.draw_list->PathArcTo(vec(on_glass(center)), middle, 0, 2 * float(M_PI) * 63 / 64, 63);
    state_.draw_list->PathStroke(ink(role), ImDrawFlags_Closed, width);
}

// Piece by piece with a dot at each joint: the toolkit's own joints are pointed at sharp turns.
void Canvas::polyline(std::span<const Point> points, float width_mm, Role role, bool closed) {
    if (points.empty() || !state_.draw_list) return;
    const float radius = mm(width_mm) / 2;
    circle(points[0], radius, role);
    for (std::size_t i = 1; i < points.size(); ++i) {
        line(points[i - 1], points[i], width_mm, role);
        circle(points[i], radius, role);
    }
    if (closed && points.size() > 2) line(points.back(), points[0], width_mm, role);
}

void Canvas::polygon(std::span<const Point> points, Role role) {
    if (!state_.draw_list) return;
    for (std::size_t i = 0; i < points.size(); ++i) {
        // The toolkit softens only edges that turn clockwise; mirroring turns them round.
        const Point p = points[mirrored_ ? points.size() - 1 - i : i];
        state_.draw_list->PathLineTo(vec(on_glass(p)));
    }
    state_.draw_list->PathFillConvex(ink(role));
}

void Canvas::icon(std::string_view name, Rect rect, Role role) {
    if (!state_.icons.has(name)) {
        state_.faults.unknown_icons.emplace_back(name);
        return;
    }
    const Rect at = on_glass(rect);
    const int side = std::max(1, int(std::min(at.w, at.h)));
    mark(Mark::Kind::icon, at.centered(float(side), float(side)), role);
    if (!state_.draw_list) return;
    const bool turned = mirrored_ && state_.theme.is_mirrored_icon(name);
    state_.draw_mask({.icon = std::string(name), .side = side, .mirrored = turned},
                     snapped(at.x + (at.w - float(side)) / 2),
                     snapped(at.y + (at.h - float(side)) / 2), ink(role));
}

namespace {

std::uint64_t digest_of(const base::Picture& picture) {
    std::uint64_t hash = std::uint64_t(picture.width) << 32 | std::uint32_t(picture.height);
    const auto mix = [&](std::uint64_t value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15ull;
        hash ^= hash >> 32;
    };
    std::size_t i = 0;
    for (; i + 8 <= picture.pixels.size(); i += 8) {
        std::uint64_t word;
        std::memcpy(&word, picture.pixels.data() + i, sizeof word);
        mix(word);
    }
    for (; i < picture.pixels.size(); ++i) mix(picture.pixels[i]);
    return hash;
}

// Average of the source pixels under each shown pixel; when enlarging, the nearest one.
void scale(const base::Picture& from, ShownPicture& to) {
    to.pixels.resize(std::size_t(to.width) * std::size_t(to.height));
    const int step = from.channels;
    std::vector<std::pair<int, int>> columns;
    for (int x = 0; x < to.width; ++x) {
        const int begin = int(std::int64_t(x) * from.width / to.width);
        columns.emplace_back(begin,
                             std::max(begin + 1, int(std::int64_t(x + 1) * from.width / to.width)));
    }
    for (int y = 0; y < to.height; ++y) {
        const int top = int(std::int64_t(y) * from.height / to.height);
        const int bottom = std::max(top + 1, int(std::int64_t(y + 1) * from.height / to.height));
        for (int x = 0; x < to.width; ++x) {
            const auto [left, right] = columns[std::size_t(x)];
            std::uint32_t sum[3] = {0, 0, 0};
            for (int v = top; v < bottom; ++v)
                for (int u = left; u < right; ++u)
                    for (int c = 0; c < 3; ++c)
                        sum[c] += from.row(v)[u * step + (step == 3 ? c : 0)];
            const auto count = std::uint32_t((bottom - top) * (right - left));
            to.pixels[std::size_t(y) * std::size_t(to.width) + std::size_t(x)] =
                0xFF000000u | (sum[0] + count / 2) / count << 16 |
                (sum[1] + count / 2) / count << 8 | (sum[2] + count / 2) / count;
        }
    }
}

} // namespace

Rect Canvas::picture(std::string_view id, Rect rect, const base::Picture& picture) {
    const Rect at = on_glass(rect);
    if (picture.empty() || picture.width <= 0 || picture.height <= 0 || at.w < 1 || at.h < 1)
        return {rect.x, rect.y, 0, 0};
    const float factor = std::min(at.w / float(picture.width), at.h / float(picture.height));
    const int w = std::max(1, int(snapped(float(picture.width) * factor)));
    const int h = std::max(1, int(snapped(float(picture.height) * factor)));
    const float x = snapped(at.x + (at.w - float(w)) / 2),
                y = snapped(at.y + (at.h - float(h)) / 2);
    const Rect covered{mirrored_ ? width() - x - float(w) : x, y, float(w), float(h)};
    mark(Mark::Kind::picture, {x, y, float(w), float(h)}, Role::overlay);
    if (!state_.draw_list) return covered;
    auto& shown = state_.pictures[std::string(id)];
    const auto source = digest_of(picture);
    if (shown.source_digest != source || shown.width != w || shown.height != h) {
        shown.width = w;
        shown.height = h;
        shown.source_digest = source;
        shown.digest =
            (source ^ (std::uint64_t(w) << 32 | std::uint32_t(h))) * 0x9E3779B97F4A7C15ull;
        scale(picture, shown);
    }
    if (!shown.used) { // the same picture may be shown twice in a frame
        shown.used = true;
        state_.textures.push_back({shown.pixels, w, h, shown.digest});
        shown.texture = state_.textures.size();
    }
    state_.draw_list->AddImage(reinterpret_cast<ImTextureID>(shown.texture), {x, y},
                               {x + float(w), y + float(h)});
    return covered;
}

void Canvas::qr(Rect rect, std::span<const std::uint8_t> modules, int side) {
    CHECK(side > 0 && modules.size() == std::size_t(side) * std::size_t(side));
    const Rect at = on_glass(rect);
    constexpr int quiet = 4; // modules: ISO/IEC 18004:2015, 6.3.8
    const float module = std::max(1.0f, std::floor(std::min(at.w, at.h) / float(side + 2 * quiet)));
    const float size = module * float(side + 2 * quiet);
    const Rect ground = at.centered(size, size);
    const float x0 = snapped(ground.x), y0 = snapped(ground.y);
    mark(Mark::Kind::picture, {x0, y0, size, size}, Role::overlay);
    if (!state_.draw_list) return;
    // Dark on white whatever the theme: readers expect it.
    state_.draw_list->AddRectFilled({x0, y0}, {x0 + size, y0 + size}, IM_COL32_WHITE);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            if ((modules[std::size_t(y * side + x)] & 1) == 0) continue;
            const float left = x0 + module * float(x + quiet), top = y0 + module * float(y + quiet);
            state_.draw_list->AddRectFilled({left, top}, {left + module, top + module},
                                            IM_COL32_BLACK);
        }
}

// --- text

text::Style Canvas::resolved(const TextStyle& style) const {
    const auto language = style.language.value_or(state_.settings.language);
    return {language, capital(style.type) / text::reference_capital_ratio, style.bold,
            style.tight ? state_.theme.tight_line_height() : state_.theme.line_height(language),
            style.left_to_right};
}

float Canvas::line_height(const TextStyle& style) const {
    return state_.typesetter.layout("", resolved(style)).line_height;
}

TextExtent Canvas::measure(std::string_view utf8, const TextStyle& style, float width) {
    const auto& layout = state_.typesetter.layout(utf8, resolved(style), width);
    return {std::ceil(layout.width), std::ceil(layout.height()), int(layout.lines.size()),
            layout.overflow};
}

namespace {

float top_of(const text::Layout& layout, Rect box, VerticalAlign align) {
    switch (align) {
    case VerticalAlign::top: return box.y;
    case VerticalAlign::middle: return box.y + (box.h - layout.height()) / 2;
    case VerticalAlign::bottom: return box.bottom() - layout.height();
    }
    return box.y;
}

// The top of line 0 of a text in its box, or of one whose line `first_line` lies at the box's top.
float top_of(const text::Layout& layout, Rect box, VerticalAlign align,
             std::optional<int> first_line) {
    if (first_line) return box.y - layout.line_height * float(*first_line);
    return top_of(layout, box, align);
}

} // namespace

void Canvas::note_text(std::string_view id, const text::Layout& layout, LineRange range, Rect glass,
                       const TextStyle& style) {
    const float capital_height = capital(style.type);
    float left = glass.right(), right = glass.x;
    for (std::size_t i = range.first; i < range.end; ++i) {
        const auto& line = layout.lines[i];
        if (line.glyphs.empty()) continue;
        const float start = glass.x + text::line_offset(line, glass.w, style.align);
        left = std::min(left, start);
        right = std::max(right, start + line.width);
    }
    if (left >= right) return;
    const float height = layout.line_height * float(range.end - range.first - 1) + capital_height;
    const Rect ink{left, range.top + layout.ascent - capital_height, right - left, height};
    if (state_.drawing == Drawing::layout)
        state_.marks.push_back({Mark::Kind::text, ink, style.colour, 0, state_.texts.size()});
    state_.texts.push_back({std::string(id), ink, style.colour});
}

void Canvas::draw_glyphs(const text::Layout& layout, LineRange range, Rect glass,
                         const TextStyle& style) {
    const std::uint32_t colour = ink(style.colour);
    float base_line = range.top + layout.ascent;
    for (std::size_t i = range.first; i < range.end; ++i) {
        const auto& line = layout.lines[i];
        const float start = glass.x + text::line_offset(line, glass.w, style.align);
        for (const auto& placed : line.glyphs) {
            const float quarters = std::floor((start + placed.x) * text::subpixel_phases + 0.5f);
            const float pen = std::floor(quarters / text::subpixel_phases);
            const int phase = int(quarters - pen * text::subpixel_phases);
            state_.draw_mask({placed.face, placed.glyph, layout.px, phase}, pen,
                             snapped(base_line + placed.y), colour);
        }
        base_line += layout.line_height;
    }
}

bool Canvas::draw_lines(const text::Layout& layout, LineRange range, Rect rect,
                        const TextStyle& style, std::string_view id) {
    if (state_.draw_list) draw_glyphs(layout, range, on_glass(rect), style);
    note_text(id, layout, range, on_glass(rect), style);
    auto& missing = state_.faults.missing_glyphs;
    missing.insert(missing.end(), layout.missing.begin(), layout.missing.end());
    const float height = layout.line_height * float(range.end - range.first);
    // One pixel of tolerance: rectangles are snapped.
    const bool fits = !layout.overflow && layout.width <= rect.w + 1 && height <= rect.h + 1;
    if (!fits) state_.faults.overflowing.emplace_back(id);
    return fits;
}

bool Canvas::text(Rect rect, std::string_view utf8, const TextStyle& style, std::string_view id) {
    const auto& layout = state_.typesetter.layout(utf8, resolved(style), rect.w);
    const float top = top_of(layout, on_glass(rect), style.vertical);
    return draw_lines(layout, {0, layout.lines.size(), top}, rect, style, id);
}

bool Canvas::text_lines(Rect rect, std::string_view utf8, const TextStyle& style, int first,
                        int count, std::string_view id) {
    const auto& layout = state_.typesetter.layout(utf8, resolved(style), rect.w);
    const int lines = int(layout.lines.size());
    const int from = std::clamp(first, 0, lines), to = std::clamp(first + count, from, lines);
    return draw_lines(layout, {std::size_t(from), std::size_t(to), on_glass(rect).y}, rect, style,
                      id);
}

int Canvas::caret_line(std::string_view utf8, const TextStyle& style, float width,
                       std::size_t byte_offset) {
    const auto& layout = state_.typesetter.layout(utf8, resolved(style), width);
    return int(text::caret_at(layout, byte_offset).line);
}

Rect Canvas::caret(Rect rect, std::string_view utf8, const TextStyle& style,
                   std::size_t byte_offset, std::optional<int> first_line) {
    const auto& layout = state_.typesetter.layout(utf8, resolved(style), rect.w);
    const auto place = text::caret_at(layout, byte_offset);
    const Rect glass = on_glass(rect);
    const float thick = mm(measures().stroke.strong);
    const float height = capital(style.type) * 1.5f;
    const float top = top_of(layout, glass, style.vertical, first_line);
    const float middle = top + layout.line_height * (float(place.line) + 0.5f);
    const float x =
        glass.x + text::line_offset(layout.lines[place.line], glass.w, style.align) + place.x;
    // At the start of a line that runs from right to left the caret lies left of its place: inside.
    const float left = std::clamp(layout.lines[place.line].rtl ? x - thick : x, glass.x,
                                  std::max(glass.x, glass.right() - thick));
    return on_glass(Rect{left, middle - height / 2, thick, height});
}

std::size_t Canvas::offset_at(Rect rect, std::string_view utf8, const TextStyle& style, Point point,
                              std::optional<int> first_line) {
    const auto& layout = state_.typesetter.layout(utf8, resolved(style), rect.w);
    const Rect glass = on_glass(rect);
    const Point touch = on_glass(point);
    const float top = top_of(layout, glass, style.vertical, first_line);
    const float row = std::floor((touch.y - top) / layout.line_height);
    const auto line = std::size_t(std::clamp(row, 0.0f, float(layout.lines.size() - 1)));
    const float start = glass.x + text::line_offset(layout.lines[line], glass.w, style.align);
    return text::offset_at(layout, line, touch.x - start);
}

Point Canvas::pointer() const {
    return on_glass(state_.input.pointer);
}

// --- items

void Canvas::note_item(std::string_view id, Rect glass, ItemKind kind, std::string_view label,
                       ItemState state, float radius_mm) {
    state_.items.push_back({std::string(id), kind, glass, std::string(label), state});
    state_.item_radii.push_back(radius_mm > 0 ? mm(radius_mm) : 0);
}

bool Canvas::press(std::string_view id, Rect rect, ItemKind kind, std::string_view label,
                   ItemState state, float radius_mm) {
    const Rect at = on_glass(rect);
    note_item(id, at, kind, label, state, radius_mm);
    bool pressed = state_.input.activate == id;
    if (state_.drawing == Drawing::layout) {
        if (pressed) state_.held_item = id;
    } else if (at.w >= 1 && at.h >= 1) {
        ImGui::SetCursorScreenPos({at.x, at.y});
        pressed = ImGui::InvisibleButton(std::string(id).c_str(), {at.w, at.h}) || pressed;
        if (ImGui::IsItemActive() && ImGui::IsItemHovered())
            state_.held_item = id;
        else if (state_.held_item == id)
            state_.held_item.clear();
    }
    if (pressed) state_.pressed = id;
    return pressed && !state.disabled;
}

void Canvas::spoken(std::string_view text, bool is_private,
                    std::optional<base::Language> language) {
    CHECK(!state_.items.empty());
    if (text.empty() && is_private) return label_is_private();
    (void)spoken_of(state_.items.back().id, text, is_private, language);
}

bool Canvas::spoken_of(std::string_view id, std::string_view text, bool is_private,
                       std::optional<base::Language> language) {
    // Nearly always the last one.
    const auto item = std::find_if(state_.items.rbegin(), state_.items.rend(),
                                   [&](const Item& each) { return each.id == id; });
    if (item == state_.items.rend()) return false;
    const bool is_known =
        text == item->label ||
        std::any_of(item->spoken.begin(), item->spoken.end(),
                    [&](const SpokenDetail& each) { return each.text.view() == text; });
    if (!text.empty() && !is_known)
        item->spoken.push_back({base::SecretText(text), is_private, language});
    return true;
}

void Canvas::label_is_in(base::Language language) {
    CHECK(!state_.items.empty());
    state_.items.back().language = language;
}

void Canvas::details_first() {
    CHECK(!state_.items.empty());
    state_.items.back().details_first = true;
}

void Canvas::label_is_private() {
    CHECK(!state_.items.empty());
    state_.items.back().is_private = true;
}

void Canvas::say(std::string_view id, std::string_view text, bool is_private,
                 std::optional<base::Language> language, Said::Sound sound) {
    if (text.empty()) return;
    state_.said.push_back({std::string(id), base::SecretText(text),
                           language.value_or(settings().language), is_private, Said::When::page,
                           sound, state_.items.size()});
}

void Canvas::read(std::string_view id, std::string_view text, bool is_private,
                  std::optional<base::Language> language) {
    if (text.empty()) return;
    state_.said.push_back({std::string(id), base::SecretText(text),
                           language.value_or(settings().language), is_private, Said::When::whole,
                           Said::Sound::none, state_.items.size()});
}

void Canvas::tell_whole() {
    state_.tells_whole = true;
}

void Canvas::speak_with(const SpokenWords& words) {
    state_.words = words;
}

const SpokenWords& Canvas::words() const {
    return state_.words;
}

void Canvas::start_focus(std::string_view id) {
    state_.start_focus = id;
}

bool Canvas::is_pressed(std::string_view id) const {
    return state_.input.down && !id.empty() && state_.held_item == id;
}

bool Canvas::is_focused(std::string_view id) const {
    return !id.empty() && state_.input.focus == id;
}

int Canvas::nudged(std::string_view id) const {
    if (!is_focused(id)) return 0;
    return state_.input.nudge;
}

std::optional<Stroke> Canvas::drag(std::string_view id, Rect rect, std::string_view label) {
    constexpr std::size_t point_limit = 8192; // chosen: two minutes of one stroke at 60 frames
    const Rect at = on_glass(rect);
    note_item(id, at, ItemKind::area, label, {}, measures().radius.field);
    if (state_.drawing == Drawing::layout) return std::nullopt;
    ImGui::SetCursorScreenPos({at.x, at.y});
    ImGui::InvisibleButton(std::string(id).c_str(), {std::max(1.0f, at.w), std::max(1.0f, at.h)});
    const Point here{std::clamp(state_.input.pointer.x - at.x, 0.0f, at.w),
                     std::clamp(state_.input.pointer.y - at.y, 0.0f, at.h)};
    if (ImGui::IsItemActivated()) {
        state_.stroke_item = id;
        state_.stroke.clear();
    }
    if (state_.stroke_item != id) return std::nullopt;
    if (ImGui::IsItemActive() && state_.stroke.size() < point_limit) {
        const bool moved = state_.stroke.empty() || state_.stroke.back().x != here.x ||
                           state_.stroke.back().y != here.y;
        if (moved) state_.stroke.push_back(here);
    }
    if (state_.input.down) return std::nullopt;
    state_.stroke_item.clear();
    return std::exchange(state_.stroke, {});
}

std::span<const Point> Canvas::stroke_in_progress(std::string_view id) const {
    if (state_.stroke_item != id) return {};
    return state_.stroke;
}

Canvas::Unmirrored::Unmirrored(Canvas& canvas) : canvas_(canvas), before_(canvas.mirrored_) {
    canvas_.mirrored_ = false;
}

Canvas::Unmirrored::~Unmirrored() {
    canvas_.mirrored_ = before_;
}

} // namespace screens
