#include "screens/rasteriser.hpp"

#include "kiosk/base/secret.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <cwchar>
#include <imgui.h>
#include <vector>

namespace screens {

namespace {

struct Area {
    int x0, y0, x1, y1; // end is outside
    bool empty() const { return x0 >= x1 || y0 >= y1; }
    Area cut(const Area& other) const {
        return {std::max(x0, other.x0), std::max(y0, other.y0), std::min(x1, other.x1),
                std::min(y1, other.y1)};
    }
};

struct Ink {
    std::uint32_t red, green, blue, alpha;
    explicit Ink(ImU32 colour)
        : red(colour & 255), green(colour >> 8 & 255), blue(colour >> 16 & 255),
          alpha(colour >> 24) {}
    std::uint32_t opaque() const { return 0xFF000000u | red << 16 | green << 8 | blue; }
};

// Coordinates are small, so these are exact; the library's are calls on the oldest x86-64.
int floor_of(float value) {
    const int whole = int(value);
    return whole - (float(whole) > value);
}
int ceil_of(float value) {
    const int whole = int(value);
    return whole + (float(whole) < value);
}
int nearest_to(float value) {
    return floor_of(value + 0.5f);
}

// value / 255, rounded, for value up to 255 * 255: exact, and the same for two channels at once.
std::uint32_t blend(std::uint32_t under, const Ink& ink, std::uint32_t alpha) {
    const std::uint32_t rest = 255 - alpha;
    std::uint32_t red_blue =
        (under & 0xFF00FF) * rest + (ink.red << 16 | ink.blue) * alpha + 0x800080;
    red_blue = (red_blue + (red_blue >> 8 & 0xFF00FF)) >> 8 & 0xFF00FF;
    std::uint32_t green = (under >> 8 & 0xFF) * rest + ink.green * alpha + 0x80;
    green = (green + (green >> 8)) >> 8 & 0xFF;
    return 0xFF000000u | red_blue | green << 8;
}

// The C library fills wide characters with the widest stores of the processor it finds.
void fill(std::uint32_t* at, int count, std::uint32_t value) {
    static_assert(sizeof(wchar_t) == sizeof(std::uint32_t));
    std::wmemset(reinterpret_cast<wchar_t*>(at), wchar_t(value), std::size_t(count));
}

void mix(std::uint64_t& hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15ull;
    hash ^= hash >> 29;
}

// A triangle; an upright quad, whose first and third corners are opposite; or a convex shape of one
// colour, which ImGui writes as triangles around its first corner.
struct Primitive {
    const ImDrawVert* corners[3]; // the first three
    std::size_t texture;
    bool is_quad;
    Area clip;
    const ImDrawVert* vertices = nullptr;
    const ImDrawIdx* index = nullptr; // of the triangles
    int triangles = 1;

    int size() const { return triangles + 2; }
    const ImDrawVert& corner(int i) const {
        if (i < 3) return *corners[i];
        return vertices[index[(i - 2) * 3 + 2]];
    }
};

float turn(const ImVec2& a, const ImVec2& b, const ImVec2& c) {
    return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
}

// How many of the triangles from here on are one convex shape of one colour; 1 at least.
int convex_run(const ImDrawVert* vertices, const ImDrawIdx* index, int most) {
    const auto& first = vertices[index[0]];
    const auto at = [&](int i) -> const ImDrawVert& { return vertices[index[i]]; };
    if (at(1).col != first.col || at(2).col != first.col) return 1;
    const bool is_right = turn(first.pos, at(1).pos, at(2).pos) >= 0;
    int run = 1;
    while (run < most) {
        const int next = run * 3;
        if (index[next] != index[0] || index[next + 1] != index[next - 1] ||
            at(next + 2).col != first.col)
            break;
        const auto &before = at(next - 2).pos, &joint = at(next - 1).pos, &added = at(next + 2).pos;
        // The new corner turns the same way, and the way home does.
        if ((turn(before, joint, added) >= 0) != is_right ||
            (turn(joint, added, first.pos) >= 0) != is_right ||
            (turn(added, first.pos, at(1).pos) >= 0) != is_right)
            break;
        ++run;
    }
    return run;
}

bool is_upright_quad(const ImDrawVert* const v[4]) {
    return v[0]->pos.y == v[1]->pos.y && v[1]->pos.x == v[2]->pos.x && v[2]->pos.y == v[3]->pos.y &&
           v[3]->pos.x == v[0]->pos.x && v[0]->col == v[1]->col && v[1]->col == v[2]->col &&
           v[2]->col == v[3]->col;
}

// ImGui writes a rectangle as indices 0 1 2 0 2 3.
template <class Visit>
void visit_command(const ImDrawList& list, const ImDrawCmd& command, const Area& panel,
                   Visit visit) {
    const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset;
    const ImDrawVert* vertices = list.VtxBuffer.Data + command.VtxOffset;
    const Area clip = panel.cut({int(command.ClipRect.x), int(command.ClipRect.y),
                                 int(command.ClipRect.z), int(command.ClipRect.w)});
    const auto texture = reinterpret_cast<std::size_t>(command.TextureId);
    for (unsigned i = 0; i + 2 < command.ElemCount;) {
        const ImDrawVert* v[4] = {vertices + index[i], vertices + index[i + 1],
                                  vertices + index[i + 2], nullptr};
        const bool pair =
            i + 5 < command.ElemCount && index[i + 3] == index[i] && index[i + 4] == index[i + 2];
        if (pair) v[3] = vertices + index[i + 5];
        const bool quad = pair && is_upright_quad(v);
        const int most = int(command.ElemCount - i) / 3;
        const int run = quad ? 2 : convex_run(vertices, index + i, most);
        visit(Primitive{
            {v[0], v[1], v[2]}, texture, quad, clip, vertices, index + i, quad ? 1 : run});
        i += unsigned(run) * 3;
    }
}

template <class Visit>
void for_each_primitive(const ImDrawData& data, const Area& panel, Visit visit) {
    for (int i = 0; i < data.CmdListsCount; ++i) {
        const ImDrawList& list = *data.CmdLists[i];
        for (const ImDrawCmd& command : list.CmdBuffer)
            if (!command.UserCallback) visit_command(list, command, panel, visit);
    }
}

// Pixels that a primitive can touch, one more on each side for rounding.
Area bounds(const Primitive& primitive) {
    auto left = primitive.corners[0]->pos.x, right = left;
    auto top = primitive.corners[0]->pos.y, bottom = top;
    for (int i = 1; i < primitive.size(); ++i) {
        const auto& at = primitive.corner(i).pos;
        left = std::min(left, at.x);
        right = std::max(right, at.x);
        top = std::min(top, at.y);
        bottom = std::max(bottom, at.y);
    }
    return Area{floor_of(left), floor_of(top), ceil_of(right) + 1, ceil_of(bottom) + 1}.cut(
        primitive.clip);
}

class Painter {
public:
    Painter(std::uint32_t* pixels, int width, const CoverageAtlas& atlas,
            std::span<const PictureTexture> pictures)
        : pixels_(pixels), width_(width), atlas_(atlas), pictures_(pictures) {}

    void paint(const Primitive& primitive, const Area& damage) const {
        const Area area = primitive.clip.cut(damage);
        if (area.empty()) return;
        if (primitive.triangles > 1)
            convex_shape(primitive, area);
        else if (!primitive.is_quad)
            triangle(primitive, area);
        else if (primitive.texture > 0)
            picture(primitive, area);
        else if (primitive.corners[0]->uv.x == primitive.corners[2]->uv.x)
            rectangle(primitive, area);
        else
            mask(primitive, area);
    }

private:
    static constexpr int strip = 64; // pixels blended at a time: most glyphs in one

    std::uint32_t* row(int y) const { return pixels_ + std::size_t(y) * std::size_t(width_); }

    static Area rounded(const Primitive& quad) {
        const ImVec2 from = quad.corners[0]->pos, to = quad.corners[2]->pos;
        return {nearest_to(from.x), nearest_to(from.y), nearest_to(to.x), nearest_to(to.y)};
    }

    static void span(std::uint32_t* at, int count, const Ink& ink) {
        if (ink.alpha == 255)
            fill(at, count, ink.opaque());
        else
            for (int x = 0; x < count; ++x) at[x] = blend(at[x], ink, ink.alpha);
    }

    void rectangle(const Primitive& quad, const Area& area) const {
        const Area at = rounded(quad).cut(area);
        if (at.empty()) return;
        const Ink ink(quad.corners[0]->col);
        for (int y = at.y0; y < at.y1; ++y) span(row(y) + at.x0, at.x1 - at.x0, ink);
    }

    void mask(const Primitive& quad, const Area& area) const {
        const Area whole = rounded(quad), at = whole.cut(area);
        const Ink ink(quad.corners[0]->col);
        const int u = nearest_to(quad.corners[0]->uv.x * float(atlas_.width));
        const int v = nearest_to(quad.corners[0]->uv.y * float(atlas_.height));
        for (int y = at.y0; y < at.y1; ++y) {
            const auto* from = atlas_.coverage +
                               std::size_t(v + y - whole.y0) * std::size_t(atlas_.width) + u +
                               (at.x0 - whole.x0);
            for (int x = at.x0; x < at.x1; x += strip)
                masked_strip(row(y) + x, from + (x - at.x0), std::min(strip, at.x1 - x), ink);
        }
    }

    // The blend() of many pixels in a form that compilers turn into vector instructions: one step
    // for each channel, 16 bits wide, without a branch. The same numbers.
    static void masked_strip(std::uint32_t* to, const std::uint8_t* coverage, int count,
                             const Ink& ink) {
        alignas(16) std::uint8_t alpha[strip * 4], colour[strip * 4], under[strip * 4];
        const auto pixel = ink.opaque();
        for (int i = 0; i < count; ++i) {
            const std::uint32_t each = coverage[i] * ink.alpha / 255 * 0x01010101u;
            std::memcpy(alpha + i * 4, &each, 4);
            std::memcpy(colour + i * 4, &pixel, 4);
        }
        std::memcpy(under, to, std::size_t(count) * 4);
        for (int i = 0; i < count * 4; ++i) {
            const auto sum =
                std::uint16_t(under[i] * (255 - alpha[i]) + colour[i] * alpha[i] + 0x80);
            under[i] = std::uint8_t(std::uint16_t(sum + (sum >> 8)) >> 8);
        }
        std::memcpy(to, under, std::size_t(count) * 4);
    }

    void picture(const Primitive& quad, const Area& area) const {
        if (quad.texture > pictures_.size()) return;
        const auto& texture = pictures_[quad.texture - 1];
        Area whole = rounded(quad);
        whole.x1 = std::min(whole.x1, whole.x0 + texture.width);
        whole.y1 = std::min(whole.y1, whole.y0 + texture.height);
        const Area at = whole.cut(area);
        if (at.empty()) return;
        for (int y = at.y0; y < at.y1; ++y) {
            const auto* from =
                texture.pixels.data() + std::size_t(y - whole.y0) * std::size_t(texture.width);
            std::copy_n(from + (at.x0 - whole.x0), at.x1 - at.x0, row(y) + at.x0);
        }
    }

    // An edge from its upper to its lower end. Two triangles that share it get the same numbers, so
    // there is neither gap nor overlap between them.
    struct Edge {
        float top, bottom, x, slope;
        Edge(const ImVec2& p, const ImVec2& q) {
            const ImVec2 &upper = p.y <= q.y ? p : q, &lower = p.y <= q.y ? q : p;
            top = upper.y;
            bottom = lower.y;
            x = upper.x;
            slope = bottom > top ? (lower.x - upper.x) / (bottom - top) : 0;
        }
        bool crosses(float y) const { return top <= y && y < bottom; }
        float at(float y) const { return x + (y - top) * slope; }
    };

    void triangle(const Primitive& primitive, const Area& area) const {
        const auto& [a, b, c] = primitive.corners;
        const auto [top, bottom] = std::minmax({a->pos.y, b->pos.y, c->pos.y});
        const int y0 = std::max(area.y0, ceil_of(top - 0.5f));
        const int y1 = std::min(area.y1, ceil_of(bottom - 0.5f));
        if (y0 >= y1) return;
        const auto [leftmost, rightmost] = std::minmax({a->pos.x, b->pos.x, c->pos.x});
        if (rightmost < float(area.x0) || leftmost > float(area.x1)) return;
        const Edge edges[3] = {{a->pos, b->pos}, {b->pos, c->pos}, {c->pos, a->pos}};
        const bool flat = a->col == b->col && b->col == c->col;
        for (int y = y0; y < y1; ++y) {
            const float middle = float(y) + 0.5f;
            float left = 1e9f, right = -1e9f;
            for (const Edge& edge : edges) {
                if (!edge.crosses(middle)) continue;
                const float x = edge.at(middle);
                left = std::min(left, x);
                right = std::max(right, x);
            }
            const int x0 = std::max(area.x0, ceil_of(left - 0.5f));
            const int x1 = std::min(area.x1, ceil_of(right - 0.5f));
            if (x0 >= x1) continue;
            if (flat)
                span(row(y) + x0, x1 - x0, Ink(a->col));
            else
                fringe(primitive, y, x0, x1);
        }
    }

    // Each row from its leftmost to its rightmost edge: what the triangles cover together, in one
    // span.
    void convex_shape(const Primitive& shape, const Area& area) const {
        const Area at = bounds(shape).cut(area);
        if (at.empty()) return;
        constexpr float far = 1e9f;
        extents_.assign(std::size_t(at.y1 - at.y0), {far, -far});
        for (int i = 0; i < shape.size(); ++i) {
            const Edge edge(shape.corner(i).pos, shape.corner((i + 1) % shape.size()).pos);
            const int y1 = std::min(at.y1, ceil_of(edge.bottom - 0.5f));
            for (int y = std::max(at.y0, ceil_of(edge.top - 0.5f)); y < y1; ++y) {
                auto& [left, right] = extents_[std::size_t(y - at.y0)];
                const float x = edge.at(float(y) + 0.5f);
                left = std::min(left, x);
                right = std::max(right, x);
            }
        }
        const Ink ink(shape.corners[0]->col);
        for (int y = at.y0; y < at.y1; ++y) {
            const auto& [left, right] = extents_[std::size_t(y - at.y0)];
            const int x0 = std::max(at.x0, ceil_of(left - 0.5f));
            const int x1 = std::min(at.x1, ceil_of(right - 0.5f));
            if (x0 < x1) span(row(y) + x0, x1 - x0, ink);
        }
    }

    // ImGui softens edges by triangles whose outer corners are transparent; only alpha varies.
    void fringe(const Primitive& primitive, int y, int x0, int x1) const {
        const auto& [a, b, c] = primitive.corners;
        const float area = (b->pos.y - c->pos.y) * (a->pos.x - c->pos.x) +
                           (c->pos.x - b->pos.x) * (a->pos.y - c->pos.y);
        if (std::fabs(area) < 1e-6f) return;
        const Ink ink(a->col);
        const float alpha_a = float(a->col >> 24), alpha_b = float(b->col >> 24),
                    alpha_c = float(c->col >> 24);
        // Alpha is a plane over the triangle: its slopes, and its height above c.
        const float a_c = (alpha_a - alpha_c) / area, b_c = (alpha_b - alpha_c) / area;
        const float along_x = (b->pos.y - c->pos.y) * a_c + (c->pos.y - a->pos.y) * b_c;
        const float along_y = (c->pos.x - b->pos.x) * a_c + (a->pos.x - c->pos.x) * b_c;
        const float at_left = alpha_c + along_y * (float(y) + 0.5f - c->pos.y) + 0.5f;
        std::uint32_t* to = row(y);
        for (int x = x0; x < x1; ++x) {
            const float alpha = at_left + along_x * (float(x) + 0.5f - c->pos.x);
            to[x] = blend(to[x], ink, std::uint32_t(std::clamp(alpha, 0.0f, 255.0f)));
        }
    }

    std::uint32_t* pixels_;
    int width_;
    CoverageAtlas atlas_;
    std::span<const PictureTexture> pictures_;
    mutable std::vector<std::pair<float, float>> extents_; // of one shape, row by row
};

void mix(std::uint64_t& hash, const ImDrawVert& vertex) {
    std::uint64_t position, uv;
    std::memcpy(&position, &vertex.pos, sizeof position);
    std::memcpy(&uv, &vertex.uv, sizeof uv);
    mix(hash, position);
    mix(hash, uv);
    mix(hash, vertex.col);
}

} // namespace

Rasteriser::Rasteriser(int width, int height)
    : width_(width), height_(height), columns_((width + cell - 1) / cell),
      rows_((height + cell - 1) / cell),
      pixels_(std::size_t(width) * std::size_t(height), 0xFF000000u),
      hashes_(std::size_t(columns_) * std::size_t(rows_)), last_hashes_(hashes_) {}

void Rasteriser::hash_cells(const ImDrawData& data, std::uint32_t background,
                            std::span<const PictureTexture> pictures) {
    std::fill(hashes_.begin(), hashes_.end(), 0x243F6A8885A308D3ull ^ background);
    for_each_primitive(data, {0, 0, width_, height_}, [&](const Primitive& primitive) {
        const Area area = bounds(primitive);
        if (area.empty()) return;
        std::uint64_t hash = primitive.is_quad;
        for (int i = 0; i < primitive.size(); ++i) mix(hash, primitive.corner(i));
        mix(hash, std::uint64_t(primitive.clip.x0) << 32 | std::uint32_t(primitive.clip.y0));
        mix(hash, std::uint64_t(primitive.clip.x1) << 32 | std::uint32_t(primitive.clip.y1));
        if (primitive.texture > 0 && primitive.texture <= pictures.size())
            mix(hash, pictures[primitive.texture - 1].digest);
        for (int y = area.y0 / cell; y <= (area.y1 - 1) / cell; ++y)
            for (int x = area.x0 / cell; x <= (area.x1 - 1) / cell; ++x)
                mix(hashes_[std::size_t(y * columns_ + x)], hash);
    });
}

// Runs of changed cells in a row; runs of equal extent in rows below each other become one
// rectangle.
void Rasteriser::find_damage() {
    damage_.clear();
    const auto changed = [&](int x, int y) {
        const auto i = std::size_t(y * columns_ + x);
        return everything_ || hashes_[i] != last_hashes_[i];
    };
    for (int y = 0; y < rows_; ++y)
        for (int x = 0; x < columns_; ++x) {
            if (!changed(x, y)) continue;
            int end = x;
            while (end < columns_ && changed(end, y)) ++end;
            const PixelRect run{x * cell, y * cell, std::min(width_, end * cell) - x * cell,
                                std::min(height_, (y + 1) * cell) - y * cell};
            const auto above =
                std::find_if(damage_.begin(), damage_.end(), [&](const PixelRect& r) {
                    return r.x == run.x && r.w == run.w && r.y + r.h == run.y;
                });
            if (above != damage_.end())
                above->h += run.h;
            else
                damage_.push_back(run);
            x = end;
        }
    everything_ = false;
    last_hashes_ = hashes_;
}

std::span<const PixelRect> Rasteriser::draw(const ImDrawData& data, std::uint32_t background,
                                            const CoverageAtlas& atlas,
                                            std::span<const PictureTexture> pictures) {
    hash_cells(data, background, pictures);
    find_damage();
    const Painter painter(pixels_.data(), width_, atlas, pictures);
    for (const PixelRect& rect : damage_) {
        const Area area{rect.x, rect.y, rect.x + rect.w, rect.y + rect.h};
        for (int y = area.y0; y < area.y1; ++y)
            fill(pixels_.data() + std::size_t(y) * std::size_t(width_) + area.x0, rect.w,
                 background);
        for_each_primitive(data, {0, 0, width_, height_},
                           [&](const Primitive& primitive) { painter.paint(primitive, area); });
    }
    return damage_;
}

void Rasteriser::wipe() {
    base::wipe(pixels_.data(), pixels_.size() * sizeof(std::uint32_t));
    std::fill(pixels_.begin(), pixels_.end(), 0xFF000000u);
    base::wipe(hashes_.data(), hashes_.size() * sizeof(std::uint64_t));
    base::wipe(last_hashes_.data(), last_hashes_.size() * sizeof(std::uint64_t));
    damage_.clear();
    everything_ = true;
}

} // namespace screens
