#include "face/evaluation/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace evaluation {
namespace {

constexpr double two_sided_95 = 1.959964; // quantile of the normal distribution

double wilson(const Share& share, double side) {
    if (share.of == 0) return side < 0 ? 0 : 1;
    const double n = double(share.of), p = share.value(), z = two_sided_95;
    const double middle = p + z * z / (2 * n);
    const double spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return std::clamp((middle + side * spread) / (1 + z * z / n), 0.0, 1.0);
}

std::size_t below(const std::vector<float>& ascending, double level) {
    return std::size_t(std::lower_bound(ascending.begin(), ascending.end(), level) -
                       ascending.begin());
}

} // namespace

void Scores::sort() {
    std::sort(genuine.begin(), genuine.end());
    std::sort(impostor.begin(), impostor.end());
}

double Share::low() const {
    return wilson(*this, -1);
}

double Share::high() const {
    return wilson(*this, 1);
}

Share false_matches(const Scores& scores, double level) {
    return {scores.impostor.size() - below(scores.impostor, level), scores.impostor.size()};
}

Share false_non_matches(const Scores& scores, double level) {
    return {below(scores.genuine, level) + scores.genuine_without_face,
            scores.genuine.size() + scores.genuine_without_face};
}

double level_at_fmr(const Scores& scores, double fmr) {
    const auto allowed = std::size_t(fmr * double(scores.impostor.size()));
    if (allowed >= scores.impostor.size()) return -1;
    // Just above the best score that must not match any more.
    const float best_refused = scores.impostor[scores.impostor.size() - 1 - allowed];
    return double(std::nextafter(best_refused, 2.0f));
}

bool can_tell(const Scores& scores, double fmr) {
    return fmr * double(scores.impostor.size()) >= 1;
}

EqualErrors equal_errors(const Scores& scores) {
    if (scores.genuine.empty() || scores.impostor.empty()) return {};
    double low = -1, high = 1;
    // FMR falls and FNMR rises with the level.
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        const bool too_low =
            false_matches(scores, middle).value() > false_non_matches(scores, middle).value();
        (too_low ? low : high) = middle;
    }
    const double fmr = false_matches(scores, high).value();
    return {high, (fmr + false_non_matches(scores, high).value()) / 2};
}

} // namespace evaluation
