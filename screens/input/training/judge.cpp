#include "screens/input/training/judge.hpp"

#include "screens/input/training/distortion.hpp"

#include <algorithm>
#include <numeric>

namespace input::training {
namespace {

Strokes write(const Strokes& printed, Hand hand, Chance& chance) {
    switch (hand) {
    case Hand::as_drawn: return printed;
    case Hand::distorted: return distort_plainly(printed, chance);
    case Hand::distorted_and_joined:
        return join_at_random(distort_plainly(printed, chance), chance);
    }
    return {};
}

} // namespace

Ink as_ink(const Strokes& strokes, float side) {
    Ink ink;
    for (const auto& stroke : strokes) {
        auto& drawn = ink.emplace_back();
        for (const auto p : stroke) drawn.push_back({p.x * side / 1000, p.y * side / 1000});
    }
    return ink;
}

Rates judge(const HandwritingLookup& lookup, const std::vector<char32_t>& classes,
            const FaceGlyphs& glyphs, Hand hand, std::size_t count, std::uint64_t seed) {
    std::vector<std::size_t> order(classes.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    Chance choice(seed);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[choice.below(i)]);
    std::size_t first = 0, in_ten = 0, judged = 0;
    for (const auto c : order) {
        if (judged == count) break;
        if (!glyphs[c]) continue;
        ++judged;
        Chance chance(seed + classes[c]);
        const auto ink = as_ink(write(*glyphs[c], hand, chance));
        const auto found = lookup.recognise(ink, {0, HandContext::Field::name, 0}, 0, 10);
        const auto at = std::find_if(found.begin(), found.end(), [&](const HandCandidate& each) {
            return each.character == classes[c];
        });
        first += at == found.begin() && at != found.end();
        in_ten += at != found.end();
    }
    const double each = judged > 0 ? 100.0 / double(judged) : 0;
    return {double(first) * each, double(in_ten) * each, judged};
}

} // namespace input::training
