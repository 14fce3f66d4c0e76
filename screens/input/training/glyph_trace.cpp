#include "screens/input/training/glyph_trace.hpp"

#include "kiosk/base/check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace input::training {
namespace {

// Neighbours clockwise from the north.
constexpr std::array<int, 8> step_x{0, 1, 1, 1, 0, -1, -1, -1};
constexpr std::array<int, 8> step_y{-1, -1, 0, 1, 1, 1, 0, -1};

float distance(InkPointMm a, InkPointMm b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

float length(const Stroke& stroke) {
    float sum = 0;
    for (std::size_t i = 1; i < stroke.size(); ++i) sum += distance(stroke[i - 1], stroke[i]);
    return sum;
}

// How far each pixel of ink lies from the paper, nearly (steps of 1 and 1.41, two passes).
std::vector<float> depth_of(const GlyphPicture& picture) {
    constexpr float slanted = 1.414f;
    std::vector<float> depth(picture.pixels.size(), 0);
    const auto spread = [&](int x, int y, std::array<int, 4> directions) {
        float least = INFINITY;
        for (const int k : directions)
            least = std::min(
                least, depth[picture.at(x + step_x[std::size_t(k)], y + step_y[std::size_t(k)])] +
                           (k % 2 ? slanted : 1));
        return least;
    };
    for (int y = 1; y < picture.height - 1; ++y)
        for (int x = 1; x < picture.width - 1; ++x)
            if (picture.pixels[picture.at(x, y)])
                depth[picture.at(x, y)] = spread(x, y, {6, 0, 7, 1});
    for (int y = picture.height - 2; y > 0; --y)
        for (int x = picture.width - 2; x > 0; --x)
            if (picture.pixels[picture.at(x, y)]) {
                auto& here = depth[picture.at(x, y)];
                here = std::min(here, spread(x, y, {2, 4, 3, 5}));
            }
    return depth;
}

// Whether a pixel with these neighbours (a bit each) goes in pass 1 or 2: the classic conditions of
// thinning in two passes (two to six neighbours, one change from paper to ink around it, and one
// side open), as a table of bits.
std::array<std::uint8_t, 256> thinning_table() {
    std::array<std::uint8_t, 256> table{};
    for (unsigned n = 0; n < 256; ++n) {
        const auto is_ink = [n](unsigned k) { return (n >> (k % 8) & 1u) != 0; };
        int neighbours = 0, changes = 0;
        for (unsigned k = 0; k < 8; ++k) {
            neighbours += is_ink(k);
            changes += !is_ink(k) && is_ink(k + 1);
        }
        if (neighbours < 2 || neighbours > 6 || changes != 1) continue;
        const bool n0 = is_ink(0), e = is_ink(2), s = is_ink(4), w = is_ink(6);
        if (!(n0 && e && s) && !(e && s && w)) table[n] |= 1;
        if (!(n0 && e && w) && !(n0 && s && w)) table[n] |= 2;
    }
    return table;
}

class Thinner {
public:
    explicit Thinner(GlyphPicture& picture) : pixels_(picture.pixels) {
        for (std::size_t k = 0; k < 8; ++k) offset_[k] = step_y[k] * picture.width + step_x[k];
        for (std::size_t i = 0; i < pixels_.size(); ++i)
            if (pixels_[i]) ink_.push_back(std::ptrdiff_t(i));
    }

    void thin() {
        static const auto table = thinning_table();
        bool has_changed = true;
        while (has_changed) {
            has_changed = false;
            for (const unsigned pass : {1u, 2u}) has_changed |= peel(table, pass);
        }
        for (const auto i : ink_) remove_corner(i);
    }

private:
    unsigned neighbours(std::ptrdiff_t i) const {
        unsigned bits = 0;
        for (unsigned k = 0; k < 8; ++k)
            bits |= unsigned(pixels_[std::size_t(i + offset_[k])] != 0) << k;
        return bits;
    }

    bool peel(const std::array<std::uint8_t, 256>& table, unsigned pass) {
        std::vector<std::ptrdiff_t> stays, goes;
        for (const auto i : ink_) (table[neighbours(i)] & pass ? goes : stays).push_back(i);
        for (const auto i : goes) pixels_[std::size_t(i)] = 0;
        ink_ = std::move(stays);
        return !goes.empty();
    }

    // The corner of a staircase, so that a pixel within a line has exactly two neighbours.
    void remove_corner(std::ptrdiff_t i) {
        const auto bits = neighbours(i);
        const auto is_ink = [bits](unsigned k) { return (bits >> (k % 8) & 1u) != 0; };
        for (unsigned k = 0; k < 8; k += 2)
            if (is_ink(k) && is_ink(k + 2) && !is_ink(k + 4) && !is_ink(k + 5) && !is_ink(k + 6)) {
                pixels_[std::size_t(i)] = 0;
                return;
            }
    }

    std::vector<std::uint8_t>& pixels_;
    std::array<std::ptrdiff_t, 8> offset_;
    std::vector<std::ptrdiff_t> ink_;
};

// The lines as a graph. Nodes are ends of lines and crossings.
struct Node {
    InkPointMm at;
    float radius = 0; // half the width of the ink there
};

struct Edge {
    std::size_t from = 0, to = 0;
    Stroke points; // from node to node
    bool is_gone = false;
};

struct Graph {
    std::vector<Node> nodes;
    std::vector<Edge> edges;
    Strokes rings; // closed lines without a node

    int degree(std::size_t node) const {
        int count = 0;
        for (const auto& edge : edges)
            if (!edge.is_gone) count += (edge.from == node) + (edge.to == node);
        return count;
    }
};

// Reads the graph off the thinned picture.
class Surveyor {
public:
    Surveyor(const GlyphPicture& lines, const std::vector<float>& depth)
        : lines_(lines), depth_(depth), node_of_(lines.pixels.size(), none),
          is_walked_(lines.pixels.size(), 0) {}

    Graph survey() {
        for_each_ink([this](int x, int y) {
            if (node_of_[at(x, y)] == none && neighbours(x, y) != 2) add_node(x, y);
        });
        for_each_ink([this](int x, int y) {
            if (node_of_[at(x, y)] != none) add_edges(x, y);
        });
        for_each_ink([this](int x, int y) {
            if (node_of_[at(x, y)] == none && !is_walked_[at(x, y)]) add_ring(x, y);
        });
        return std::move(graph_);
    }

private:
    static constexpr std::size_t none = std::size_t(-1);

    std::size_t at(int x, int y) const { return lines_.at(x, y); }
    bool is_ink(int x, int y) const { return lines_.pixels[at(x, y)] != 0; }
    int neighbours(int x, int y) const {
        int count = 0;
        for (std::size_t k = 0; k < 8; ++k) count += is_ink(x + step_x[k], y + step_y[k]);
        return count;
    }
    template <class Visit> void for_each_ink(Visit visit) {
        for (int y = 1; y < lines_.height - 1; ++y)
            for (int x = 1; x < lines_.width - 1; ++x)
                if (is_ink(x, y)) visit(x, y);
    }
    template <class Visit> void for_each_neighbour(int x, int y, Visit visit) {
        for (std::size_t k = 0; k < 8; ++k)
            if (is_ink(x + step_x[k], y + step_y[k])) visit(x + step_x[k], y + step_y[k]);
    }

    // An end is one pixel; a crossing is a cluster of pixels with three neighbours or more.
    void add_node(int x, int y) {
        const auto id = graph_.nodes.size();
        Node node;
        int count = 0;
        std::vector<std::array<int, 2>> open{{x, y}};
        node_of_[at(x, y)] = id;
        while (!open.empty()) {
            const auto [cx, cy] = open.back();
            open.pop_back();
            node.at.x += float(cx);
            node.at.y += float(cy);
            node.radius = std::max(node.radius, depth_[at(cx, cy)]);
            ++count;
            if (neighbours(cx, cy) < 3) continue;
            for_each_neighbour(cx, cy, [&](int nx, int ny) {
                if (node_of_[at(nx, ny)] != none || neighbours(nx, ny) < 3) return;
                node_of_[at(nx, ny)] = id;
                open.push_back({nx, ny});
            });
        }
        node.at.x /= float(count);
        node.at.y /= float(count);
        graph_.nodes.push_back(node);
    }

    void add_edges(int x, int y) {
        const auto from = node_of_[at(x, y)];
        for_each_neighbour(x, y, [&](int nx, int ny) {
            const auto to = node_of_[at(nx, ny)];
            if (to == none) {
                if (!is_walked_[at(nx, ny)]) graph_.edges.push_back(walk(x, y, nx, ny));
            } else if (to > from) {
                graph_.edges.push_back({from, to, {graph_.nodes[from].at, graph_.nodes[to].at}});
            }
        });
    }

    // Along the line that begins at (x, y), coming from the node's pixel (from_x, from_y).
    Edge walk(int from_x, int from_y, int x, int y) {
        Edge edge;
        edge.from = node_of_[at(from_x, from_y)];
        edge.points.push_back(graph_.nodes[edge.from].at);
        for (;;) {
            is_walked_[at(x, y)] = 1;
            edge.points.push_back({float(x), float(y)});
            const bool is_first = edge.points.size() == 2;
            int next_x = 0, next_y = 0;
            std::size_t end = none;
            for_each_neighbour(x, y, [&](int nx, int ny) {
                if (nx == from_x && ny == from_y) return;
                const auto node = node_of_[at(nx, ny)];
                // Another pixel of the crossing where the line begins is no end of it.
                if (node != none && !(is_first && node == edge.from) && end == none) end = node;
                if (node == none && !is_walked_[at(nx, ny)] && next_x == 0) {
                    next_x = nx;
                    next_y = ny;
                }
            });
            if (end == none && next_x == 0) { // runs out: an end of its own
                end = graph_.nodes.size();
                graph_.nodes.push_back({edge.points.back(), 0});
            }
            if (end != none) {
                edge.to = end;
                edge.points.push_back(graph_.nodes[end].at);
                return edge;
            }
            from_x = x;
            from_y = y;
            x = next_x;
            y = next_y;
        }
    }

    void add_ring(int x, int y) {
        Stroke ring;
        for (bool goes_on = true; goes_on;) {
            is_walked_[at(x, y)] = 1;
            ring.push_back({float(x), float(y)});
            goes_on = false;
            for_each_neighbour(x, y, [&](int nx, int ny) {
                if (goes_on || is_walked_[at(nx, ny)] || node_of_[at(nx, ny)] != none) return;
                x = nx;
                y = ny;
                goes_on = true;
            });
        }
        ring.push_back(ring.front());
        graph_.rings.push_back(std::move(ring));
    }

    const GlyphPicture& lines_;
    const std::vector<float>& depth_;
    std::vector<std::size_t> node_of_;
    std::vector<std::uint8_t> is_walked_;
    Graph graph_;
};

// Thinning often splits one crossing in two: a short edge between crossings becomes one crossing.
void contract_split_crossings(Graph& graph) {
    for (std::size_t i = 0; i < graph.edges.size(); ++i) {
        auto& edge = graph.edges[i];
        if (edge.is_gone || edge.from == edge.to) continue;
        if (graph.degree(edge.from) < 3 || graph.degree(edge.to) < 3) continue;
        const auto keeps = edge.from, goes = edge.to;
        auto& node = graph.nodes[keeps];
        const auto& other = graph.nodes[goes];
        const float radius = std::max(node.radius, other.radius);
        if (length(edge.points) > 1.5f * radius + 1) continue;
        edge.is_gone = true;
        node = {{(node.at.x + other.at.x) / 2, (node.at.y + other.at.y) / 2}, radius};
        for (auto& each : graph.edges) {
            if (each.is_gone) continue;
            if (each.from == goes) each.from = keeps;
            if (each.to == goes) each.to = keeps;
            if (each.from == keeps) each.points.front() = node.at;
            if (each.to == keeps) each.points.back() = node.at;
        }
    }
}

// Thinning leaves short spurs at corners and serifs.
void prune_spurs(Graph& graph) {
    for (int pass = 0; pass < 2; ++pass)
        for (auto& edge : graph.edges) {
            if (edge.is_gone) continue;
            const int from = graph.degree(edge.from), to = graph.degree(edge.to);
            const bool is_spur = (from >= 3 && to == 1) || (to >= 3 && from == 1);
            const auto crossing = from >= 3 ? edge.from : edge.to;
            if (is_spur && length(edge.points) < 1.35f * graph.nodes[crossing].radius + 1.5f)
                edge.is_gone = true;
        }
    for (auto& edge : graph.edges)
        if (edge.from == edge.to && length(edge.points) < 6) edge.is_gone = true;
}

// Near a crossing the thinned line bends: there it goes straight to the centre.
void straighten_at_crossings(Graph& graph) {
    const auto straighten = [&](Stroke& points, const Node& node) {
        std::size_t k = 1;
        while (k + 1 < points.size() && distance(points[k], node.at) < node.radius + 1) ++k;
        points.erase(points.begin() + 1, points.begin() + std::ptrdiff_t(k));
    };
    for (auto& edge : graph.edges) {
        if (edge.is_gone) continue;
        if (graph.degree(edge.from) >= 3) straighten(edge.points, graph.nodes[edge.from]);
        std::reverse(edge.points.begin(), edge.points.end());
        if (graph.degree(edge.to) >= 3) straighten(edge.points, graph.nodes[edge.to]);
        std::reverse(edge.points.begin(), edge.points.end());
    }
}

// One end of an edge, and what it runs on into.
struct EdgeEnd {
    std::size_t edge = 0;
    bool is_start = false;
};
constexpr std::size_t no_edge = std::size_t(-1);

// Makes strokes of edges that run on into each other.
class Joiner {
public:
    explicit Joiner(Graph graph)
        : graph_(std::move(graph)), links_(graph_.edges.size()), is_done_(graph_.edges.size(), 0) {}

    Strokes join() {
        std::vector<std::vector<EdgeEnd>> ends(graph_.nodes.size());
        for (std::size_t i = 0; i < graph_.edges.size(); ++i) {
            const auto& edge = graph_.edges[i];
            if (edge.is_gone) continue;
            ends[edge.from].push_back({i, true});
            ends[edge.to].push_back({i, false});
        }
        for (const auto& at_node : ends) link(at_node);
        auto strokes = std::move(graph_.rings);
        for (const bool is_ring : {false, true})
            for (std::size_t i = 0; i < graph_.edges.size(); ++i) {
                if (graph_.edges[i].is_gone || is_done_[i]) continue;
                if (links_[i][1].edge == no_edge || is_ring)
                    strokes.push_back(follow({i, true}));
                else if (links_[i][0].edge == no_edge)
                    strokes.push_back(follow({i, false}));
            }
        std::erase_if(strokes, [](const Stroke& stroke) { return stroke.size() < 2; });
        return strokes;
    }

private:
    // Where the edge heads from this end, over the first nine pixels.
    InkPointMm heading(EdgeEnd end) const {
        const auto& points = graph_.edges[end.edge].points;
        const auto n = points.size();
        const auto origin = end.is_start ? points.front() : points.back();
        auto far = origin;
        float reach = 0;
        for (std::size_t i = 1; i < n && reach <= 9; ++i) {
            far = end.is_start ? points[i] : points[n - 1 - i];
            reach = distance(far, origin);
        }
        reach = std::max(reach, 1e-3f);
        return {(far.x - origin.x) / reach, (far.y - origin.y) / reach};
    }

    // Pairs of ends that go straight on, the straightest first.
    void link(const std::vector<EdgeEnd>& ends) {
        struct Pair {
            float cosine;
            std::size_t a, b;
        };
        std::vector<Pair> pairs;
        for (std::size_t a = 0; a < ends.size(); ++a)
            for (std::size_t b = a + 1; b < ends.size(); ++b) {
                const auto p = heading(ends[a]), q = heading(ends[b]);
                pairs.push_back({p.x * q.x + p.y * q.y, a, b});
            }
        std::stable_sort(pairs.begin(), pairs.end(),
                         [](const Pair& p, const Pair& q) { return p.cosine < q.cosine; });
        // About 140 degrees at a crossing; where only two meet, anything but a sharp corner.
        const float limit = ends.size() == 2 ? 0.3f : -0.75f;
        std::vector<std::uint8_t> is_taken(ends.size(), 0);
        for (const auto& pair : pairs) {
            if (is_taken[pair.a] || is_taken[pair.b] || pair.cosine > limit) continue;
            is_taken[pair.a] = is_taken[pair.b] = 1;
            links_[ends[pair.a].edge][ends[pair.a].is_start] = ends[pair.b];
            links_[ends[pair.b].edge][ends[pair.b].is_start] = ends[pair.a];
        }
    }

    Stroke follow(EdgeEnd enter) {
        Stroke stroke;
        for (;;) {
            is_done_[enter.edge] = 1;
            auto points = graph_.edges[enter.edge].points;
            if (!enter.is_start) std::reverse(points.begin(), points.end());
            stroke.insert(stroke.end(), points.begin() + (stroke.empty() ? 0 : 1), points.end());
            const auto next = links_[enter.edge][!enter.is_start];
            if (next.edge == no_edge || is_done_[next.edge]) return stroke;
            enter = next;
        }
    }

    Graph graph_;
    // For each edge: what its end (0) and its start (1) run on into.
    struct Links : std::array<EdgeEnd, 2> {
        Links() : array{EdgeEnd{no_edge, false}, EdgeEnd{no_edge, false}} {}
    };
    std::vector<Links> links_;
    std::vector<std::uint8_t> is_done_;
};

} // namespace

Strokes trace(GlyphPicture picture) {
    CHECK(picture.pixels.size() == picture.at(0, picture.height));
    const auto depth = depth_of(picture);
    Thinner(picture).thin();
    auto graph = Surveyor(picture, depth).survey();
    contract_split_crossings(graph);
    prune_spurs(graph);
    straighten_at_crossings(graph);
    return Joiner(std::move(graph)).join();
}

} // namespace input::training
