#include "screens/input/training/distortion.hpp"

#include <algorithm>
#include <array>

namespace input::training {
namespace {

constexpr float middle = 500; // of the box

// The pen is not lifted: the end of one stroke runs on to the start of a near one that lies right
// of it or below.
Strokes run_together(Strokes strokes, float probability, Chance& chance) {
    for (auto& s : strokes) { // as a hand draws: from the left or from above
        const bool is_backward = s.front().x + s.front().y > s.back().x + s.back().y + 1 &&
                                 s.front().y > s.back().y - 40;
        if (is_backward) std::reverse(s.begin(), s.end());
    }
    std::vector<std::uint8_t> is_gone(strokes.size(), 0);
    for (std::size_t i = 0; i < strokes.size(); ++i) {
        if (is_gone[i] || chance.uniform() >= probability) continue;
        const auto start = strokes[i].front(), end = strokes[i].back();
        float nearest = 420;
        std::size_t next = strokes.size();
        for (std::size_t j = 0; j < strokes.size(); ++j) {
            if (j == i || is_gone[j]) continue;
            const auto other = strokes[j].front();
            if (other.x + 1.5f * other.y + 60 < start.x + 1.5f * start.y) continue;
            const float apart =
                std::hypot(other.x - end.x, other.y - end.y) * (0.7f + 0.6f * chance.uniform());
            if (apart < nearest) {
                nearest = apart;
                next = j;
            }
        }
        if (next == strokes.size()) continue;
        strokes[i].insert(strokes[i].end(), strokes[next].begin(), strokes[next].end());
        is_gone[next] = 1;
    }
    Strokes joined;
    for (std::size_t i = 0; i < strokes.size(); ++i)
        if (!is_gone[i]) joined.push_back(std::move(strokes[i]));
    return joined;
}

void cut_short(Stroke& stroke, float strength, Chance& chance) {
    if (stroke.size() <= 6) return;
    const auto cut = std::ptrdiff_t(float(stroke.size()) * 0.12f * strength * chance.uniform());
    if (chance.uniform() < 0.5f)
        stroke.erase(stroke.begin(), stroke.begin() + cut);
    else
        stroke.erase(stroke.end() - cut, stroke.end());
}

void move_about(Stroke& stroke, float strength, Chance& chance) {
    const float dx = 22 * strength * chance.normal(), dy = 22 * strength * chance.normal();
    const float size = 1 + 0.10f * strength * chance.normal();
    const float turn = 0.07f * strength * chance.normal();
    const float c = size * std::cos(turn), s = size * std::sin(turn);
    float mx = 0, my = 0;
    for (const auto p : stroke) {
        mx += p.x / float(stroke.size());
        my += p.y / float(stroke.size());
    }
    for (auto& p : stroke)
        p = {c * (p.x - mx) - s * (p.y - my) + mx + dx, s * (p.x - mx) + c * (p.y - my) + my + dy};
}

// Slow waves over the whole box.
class Waves {
public:
    Waves(float strength, Chance& chance) {
        for (auto& wave : waves_)
            wave = {14 * strength * chance.normal(), 14 * strength * chance.normal(),
                    0.002f + 0.007f * chance.uniform(), 0.002f + 0.007f * chance.uniform(),
                    2 * std::numbers::pi_v<float> * chance.uniform()};
    }
    InkPointMm operator()(InkPointMm p) const {
        auto moved = p;
        for (const auto& wave : waves_) {
            const float s = std::sin(wave.per_x * p.x + wave.per_y * p.y + wave.phase);
            moved.x += wave.x * s;
            moved.y += wave.y * s;
        }
        return moved;
    }

private:
    struct Wave {
        float x, y, per_x, per_y, phase;
    };
    std::array<Wave, 6> waves_;
};

// The whole character: turned, sized, slanted, one half wider than the other.
class Slant {
public:
    Slant(float strength, Chance& chance)
        : turn_(0.06f * strength * chance.normal()),
          size_x_(1 + 0.10f * strength * chance.normal()),
          size_y_(1 + 0.10f * strength * chance.normal()),
          slant_(0.12f * strength * chance.normal()), warp_x_(0.15f * strength * chance.normal()),
          warp_y_(0.15f * strength * chance.normal()), jitter_(4 * strength) {}
    InkPointMm operator()(InkPointMm p, Chance& chance) const {
        float x = p.x - middle, y = p.y - middle;
        x += warp_x_ * x * x / middle;
        y += warp_y_ * y * y / middle;
        const float c = std::cos(turn_), s = std::sin(turn_);
        return {size_x_ * (c * x - s * y) + slant_ * y + middle + jitter_ * chance.normal(),
                size_y_ * (s * x + c * y) + middle + jitter_ * chance.normal()};
    }

private:
    float turn_, size_x_, size_y_, slant_, warp_x_, warp_y_, jitter_;
};

void round_corners(Stroke& stroke, int passes) {
    if (stroke.size() <= 4) return;
    for (int pass = 0; pass < passes; ++pass) {
        const auto before = stroke;
        for (std::size_t i = 1; i + 1 < stroke.size(); ++i)
            stroke[i] = {(before[i - 1].x + before[i].x + before[i + 1].x) / 3,
                         (before[i - 1].y + before[i].y + before[i + 1].y) / 3};
    }
}

} // namespace

Strokes distort(const Strokes& strokes, float strength, Chance& chance) {
    const Slant slant(strength, chance);
    const Waves waves(strength, chance);
    auto ink = strokes;
    for (auto& stroke : ink) {
        cut_short(stroke, strength, chance);
        move_about(stroke, strength, chance);
    }
    ink = run_together(std::move(ink), 0.35f * strength * chance.uniform(), chance);
    for (auto& stroke : ink) {
        for (auto& p : stroke) p = slant(waves(p), chance);
        round_corners(stroke, int(chance.uniform() * strength * 4));
    }
    return ink;
}

Strokes distort_plainly(const Strokes& strokes, Chance& chance) {
    const Slant slant(1, chance);
    auto ink = strokes;
    for (auto& stroke : ink) {
        move_about(stroke, 1, chance);
        for (auto& p : stroke) p = slant(p, chance);
    }
    return ink;
}

Strokes join_at_random(const Strokes& strokes, Chance& chance) {
    Strokes joined;
    for (const auto& stroke : strokes) {
        if (!joined.empty() && chance.below(3) == 0)
            joined.back().insert(joined.back().end(), stroke.begin(), stroke.end());
        else
            joined.push_back(stroke);
    }
    return joined;
}

} // namespace input::training
