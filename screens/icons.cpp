#include "screens/icons.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_STROKER_H
#include <pugixml.hpp>

namespace screens {

namespace {

constexpr double grid = 24; // viewBox of every icon: design tokens, icon.grid

struct Pen {
    double x = 0, y = 0;
};

// Reads numbers of an SVG path: signs and points may end the number before ("1.5.5-2").
class NumberReader {
public:
    explicit NumberReader(std::string_view text) : rest_(text) {}

    void skip() {
        while (!rest_.empty() &&
               (std::isspace(static_cast<unsigned char>(rest_[0])) || rest_[0] == ','))
            rest_.remove_prefix(1);
    }
    bool at_number() {
        skip();
        return !rest_.empty() && (std::isdigit(static_cast<unsigned char>(rest_[0])) ||
                                  rest_[0] == '-' || rest_[0] == '+' || rest_[0] == '.');
    }
    bool at_end() {
        skip();
        return rest_.empty();
    }
    char letter() {
        const char c = rest_[0];
        rest_.remove_prefix(1);
        return c;
    }
    // Exponents do not occur in our icons.
    bool number(double& value) {
        if (!at_number()) return false;
        double sign = 1, scale = 0, digits = 0;
        bool any = false;
        if (rest_[0] == '-' || rest_[0] == '+') sign = letter() == '-' ? -1 : 1;
        for (; !rest_.empty(); rest_.remove_prefix(1)) {
            const char c = rest_[0];
            if (c == '.' && scale == 0) {
                scale = 1;
            } else if (std::isdigit(static_cast<unsigned char>(c))) {
                digits = digits * 10 + (c - '0');
                scale *= 10;
                any = true;
            } else {
                break;
            }
        }
        value = sign * digits / (scale > 0 ? scale : 1);
        return any;
    }
    // The flags of an arc may stand without a space after them.
    bool flag(bool& value) {
        skip();
        if (rest_.empty() || (rest_[0] != '0' && rest_[0] != '1')) return false;
        value = letter() == '1';
        return true;
    }

private:
    std::string_view rest_;
};

} // namespace

// Makes absolute moves, lines and cubic curves of an SVG path (SVG 1.1, chapter 8).
class PathReader {
public:
    bool read(std::string_view text, std::vector<IconSet::Command>& out) {
        NumberReader in(text);
        char kind = 0;
        while (!in.at_end()) {
            if (!in.at_number()) {
                kind = in.letter();
            } else if (kind == 0 || kind == 'z' || kind == 'Z') {
                return false;
            }
            if (out.empty() && std::toupper(kind) != 'M') return false;
            if (!one(in, kind, out)) return false;
            if (kind == 'm') kind = 'l'; // further pairs after a move are lines
            if (kind == 'M') kind = 'L';
        }
        return !out.empty();
    }

private:
    bool one(NumberReader& in, char kind, std::vector<IconSet::Command>& out) {
        const bool relative = kind >= 'a';
        const Pen from = pen_;
        const auto point = [&](Pen& p) {
            if (!in.number(p.x) || !in.number(p.y)) return false;
            if (relative) p = {p.x + from.x, p.y + from.y};
            return true;
        };
        Pen to = from;
        switch (std::toupper(kind)) {
        case 'M':
            if (!point(to)) return false;
            start_ = to;
            return emit('M', to, out);
        case 'L': return point(to) && emit('L', to, out);
        case 'H':
            if (!in.number(to.x)) return false;
            if (relative) to.x += from.x;
            return emit('L', to, out);
        case 'V':
            if (!in.number(to.y)) return false;
            if (relative) to.y += from.y;
            return emit('L', to, out);
        case 'C': {
            Pen first, second;
            return point(first) && point(second) && point(to) && curve(first, second, to, out);
        }
        case 'S': {
            Pen second;
            const Pen first{2 * from.x - control_.x, 2 * from.y - control_.y};
            return point(second) && point(to) &&
                   curve(after_curve_ ? first : from, second, to, out);
        }
        case 'A': return arc(in, relative, out);
        case 'Z': return emit('Z', start_, out);
        }
        return false;
    }

    bool emit(char kind, Pen to, std::vector<IconSet::Command>& out) {
        out.push_back({kind, {to.x}, {to.y}});
        pen_ = to;
        after_curve_ = false;
        return true;
    }

    bool curve(Pen first, Pen second, Pen to, std::vector<IconSet::Command>& out) {
        out.push_back({'C', {first.x, second.x, to.x}, {first.y, second.y, to.y}});
        pen_ = to;
        control_ = second;
        after_curve_ = true;
        return true;
    }

    // Circles only (rx = ry), as in every icon of ours. SVG 1.1, appendix F.6; a curve for each
    // quarter turn or less, with handles of 4/3 tan(angle / 4).
    bool arc(NumberReader& in, bool relative, std::vector<IconSet::Command>& out) {
        double rx = 0, ry = 0, turn = 0;
        bool large = false, sweep = false;
        Pen to;
        if (!in.number(rx) || !in.number(ry) || !in.number(turn) || !in.flag(large) ||
            !in.flag(sweep))
            return false;
        if (!in.number(to.x) || !in.number(to.y) || rx != ry || rx <= 0) return false;
        if (relative) to = {to.x + pen_.x, to.y + pen_.y};
        const double dx = to.x - pen_.x, dy = to.y - pen_.y, distance = std::hypot(dx, dy);
        if (distance == 0) return true;
        const double radius = std::max(rx, distance / 2);
        const double height = std::sqrt(std::max(0.0, radius * radius - distance * distance / 4));
        const double side = large == sweep ? -1 : 1;
        const Pen middle{(pen_.x + to.x) / 2 - side * height * dy / distance,
                         (pen_.y + to.y) / 2 + side * height * dx / distance};
        const double begin = std::atan2(pen_.y - middle.y, pen_.x - middle.x);
        double angle = std::atan2(to.y - middle.y, to.x - middle.x) - begin;
        if (sweep && angle < 0) angle += 2 * M_PI;
        if (!sweep && angle > 0) angle -= 2 * M_PI;
        const int parts = std::max(1, int(std::ceil(std::fabs(angle) / (M_PI / 2) - 1e-9)));
        const double step = angle / parts, handle = 4.0 / 3 * std::tan(step / 4) * radius;
        for (int i = 0; i < parts; ++i) {
            const double a = begin + step * i, b = a + step;
            const Pen from{middle.x + radius * std::cos(a), middle.y + radius * std::sin(a)};
            const Pen end = i + 1 == parts ? to
                                           : Pen{middle.x + radius * std::cos(b),
                                                 middle.y + radius * std::sin(b)};
            curve({from.x - handle * std::sin(a), from.y + handle * std::cos(a)},
                  {end.x + handle * std::sin(b), end.y - handle * std::cos(b)}, end, out);
        }
        after_curve_ = false;
        return true;
    }

    Pen pen_, start_, control_;
    bool after_curve_ = false;
};

namespace {

struct Library {
    FT_Library ft = nullptr;
    Library() { CHECK(FT_Init_FreeType(&ft) == 0); }
    Library(const Library&) = delete;
    ~Library() { FT_Done_FreeType(ft); }
};

struct Outline {
    FT_Library library;
    FT_Outline ft{};
    Outline(FT_Library in, unsigned points, unsigned contours) : library(in) {
        CHECK(FT_Outline_New(library, points, int(contours), &ft) == 0);
        ft.n_points = 0; // FreeType counts up from here, and so do we
        ft.n_contours = 0;
    }
    Outline(const Outline&) = delete;
    ~Outline() { FT_Outline_Done(library, &ft); }
};

void add_coverage(FT_Library library, FT_Outline& outline, text::GlyphBitmap& mask) {
    std::vector<std::uint8_t> layer(mask.coverage.size(), 0);
    FT_Bitmap bitmap{};
    bitmap.rows = unsigned(mask.height);
    bitmap.width = unsigned(mask.width);
    bitmap.pitch = mask.width; // positive: the first row is the top one
    bitmap.buffer = layer.data();
    bitmap.num_grays = 256;
    bitmap.pixel_mode = FT_PIXEL_MODE_GRAY;
    CHECK(FT_Outline_Get_Bitmap(library, &outline, &bitmap) == 0);
    for (std::size_t i = 0; i < layer.size(); ++i) {
        const unsigned a = mask.coverage[i], b = layer[i];
        mask.coverage[i] = std::uint8_t(a + b - (a * b + 127) / 255);
    }
}

// Follows one path and keeps it twice: as it is, for filling, and as the outline of its stroke.
class Tracer {
public:
    Tracer(FT_Library library, double radius, std::size_t commands)
        : library_(library), area_(library, unsigned(commands * 3 + 1), unsigned(commands + 1)) {
        CHECK(FT_Stroker_New(library, &stroker_) == 0);
        FT_Stroker_Set(stroker_, FT_Fixed(std::lround(radius)), FT_STROKER_LINECAP_ROUND,
                       FT_STROKER_LINEJOIN_ROUND, 0);
    }
    Tracer(const Tracer&) = delete;
    ~Tracer() { FT_Stroker_Done(stroker_); }

    void move(FT_Vector to, bool open) {
        finish();
        FT_Stroker_BeginSubPath(stroker_, &to, open);
        add(to, FT_CURVE_TAG_ON);
        begun_ = true;
    }
    void line(FT_Vector to) {
        FT_Stroker_LineTo(stroker_, &to);
        add(to, FT_CURVE_TAG_ON);
    }
    void curve(FT_Vector first, FT_Vector second, FT_Vector to) {
        FT_Stroker_CubicTo(stroker_, &first, &second, &to);
        add(first, FT_CURVE_TAG_CUBIC);
        add(second, FT_CURVE_TAG_CUBIC);
        add(to, FT_CURVE_TAG_ON);
    }
    void finish() {
        if (!begun_) return;
        FT_Stroker_EndSubPath(stroker_);
        area_.ft.contours[area_.ft.n_contours++] = short(area_.ft.n_points - 1);
        begun_ = false;
    }

    void add_area(text::GlyphBitmap& mask) { add_coverage(library_, area_.ft, mask); }
    void add_stroke(text::GlyphBitmap& mask) {
        unsigned points = 0, contours = 0;
        FT_Stroker_GetCounts(stroker_, &points, &contours);
        Outline stroke(library_, points, contours);
        FT_Stroker_Export(stroker_, &stroke.ft);
        add_coverage(library_, stroke.ft, mask);
    }

private:
    void add(FT_Vector point, char tag) {
        area_.ft.points[area_.ft.n_points] = point;
        area_.ft.tags[area_.ft.n_points++] = tag;
    }

    FT_Library library_;
    FT_Stroker stroker_ = nullptr;
    Outline area_;
    bool begun_ = false;
};

// Does the part of the path that starts at this move end where it began?
template <class Path> bool is_closed(const Path& path, std::size_t move) {
    for (std::size_t i = move + 1; i < path.commands.size() && path.commands[i].kind != 'M'; ++i)
        if (path.commands[i].kind == 'Z') return true;
    return false;
}

} // namespace

base::Result<std::vector<IconSet::Path>> IconSet::read(const std::string& file) {
    pugi::xml_document document;
    if (!document.load_file(file.c_str())) return {base::Errc::corrupt, file + " is not XML"};
    const auto svg = document.child("svg");
    if (std::string_view(svg.attribute("viewBox").value()) != "0 0 24 24")
        return {base::Errc::corrupt, file + ": the view box is not 0 0 24 24"};
    std::vector<Path> paths;
    for (const auto node : svg.children()) {
        if (node.type() != pugi::node_element) continue;
        if (std::string_view(node.name()) != "path")
            return {base::Errc::corrupt,
                    file + ": only <path> is understood, not <" + node.name() + ">"};
        const auto inherited = [&](const char* name) {
            const auto own = node.attribute(name);
            return std::string_view(own ? own.value() : svg.attribute(name).value());
        };
        Path path;
        path.filled = inherited("fill") == "currentColor";
        const auto width = node.attribute("stroke-width")
                               ? node.attribute("stroke-width").as_double()
                               : svg.attribute("stroke-width").as_double(2);
        path.stroke_width = inherited("stroke") == "none" ? 0 : width;
        if (!PathReader().read(node.attribute("d").value(), path.commands))
            return {base::Errc::corrupt,
                    file + ": a path is not understood: " + node.attribute("d").value()};
        paths.push_back(std::move(path));
    }
    if (paths.empty()) return {base::Errc::corrupt, file + " has no path"};
    return paths;
}

base::Result<IconSet> IconSet::open(const std::string& folder) {
    IconSet set;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        if (entry.path().extension() != ".svg") continue;
        set.icons_[entry.path().stem().string()] = TRY(read(entry.path().string()));
    }
    if (set.icons_.empty()) return {base::Errc::not_found, folder + " holds no icon"};
    return set;
}

bool IconSet::has(std::string_view name) const {
    return icons_.find(name) != icons_.end();
}

std::vector<std::string> IconSet::names() const {
    std::vector<std::string> names;
    for (const auto& [name, paths] : icons_) names.push_back(name);
    return names;
}

text::GlyphBitmap IconSet::mask(std::string_view name, int side, bool mirrored) const {
    const auto icon = icons_.find(name);
    CHECK(icon != icons_.end() && side > 0);
    text::GlyphBitmap mask{side, side, 0, 0,
                           std::vector<std::uint8_t>(std::size_t(side) * std::size_t(side))};
    const double scale = side / grid * 64; // FreeType counts 1/64 pixel, upwards
    const Library library;
    for (const Path& path : icon->second) {
        Tracer tracer(library.ft, path.stroke_width / 2 * scale, path.commands.size());
        for (std::size_t i = 0; i < path.commands.size(); ++i) {
            const Command& command = path.commands[i];
            FT_Vector at[3];
            for (int k = 0; k < 3; ++k) {
                const double x = mirrored ? grid - command.x[k] : command.x[k];
                at[k] = {FT_Pos(std::lround(x * scale)),
                         FT_Pos(std::lround((grid - command.y[k]) * scale))};
            }
            if (command.kind == 'M')
                tracer.move(at[0], !is_closed(path, i));
            else if (command.kind == 'C')
                tracer.curve(at[0], at[1], at[2]);
            else
                tracer.line(at[0]);
        }
        tracer.finish();
        if (path.filled) tracer.add_area(mask);
        if (path.stroke_width > 0) tracer.add_stroke(mask);
    }
    return mask;
}

} // namespace screens
