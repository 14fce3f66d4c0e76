// Error rates from scores, with counts and 95 % intervals.
//
// FMR: share of comparisons of different people that reach a level. FNMR: share of comparisons of
// one person that do not. TMR = 1 - FNMR.
#pragma once

#include <cstddef>
#include <vector>

namespace evaluation {

struct Scores {
    std::vector<float> genuine;           // of one person; ascending after sort()
    std::vector<float> impostor;          // of two people; ascending after sort()
    std::size_t genuine_without_face = 0; // these count as not matched

    void sort();
};

struct Share {
    std::size_t hits = 0;
    std::size_t of = 0;

    double value() const { return of == 0 ? 0 : double(hits) / double(of); }
    // Wilson's interval, 95 %. Comparisons share pictures, so that the true one is somewhat wider.
    double low() const;
    double high() const;
};

Share false_matches(const Scores& scores, double level);
Share false_non_matches(const Scores& scores, double level);

// The lowest level at which at most this share of the impostor comparisons match. Scores are
// sorted. Says something only where can_tell().
double level_at_fmr(const Scores& scores, double fmr);
// There are so many impostor comparisons that at least one may match at this rate: with fewer no
// level can be told from a higher one.
bool can_tell(const Scores& scores, double fmr);

struct EqualErrors {
    double level = 0;
    double rate = 0; // where FMR and FNMR meet
};
EqualErrors equal_errors(const Scores& scores);

} // namespace evaluation
