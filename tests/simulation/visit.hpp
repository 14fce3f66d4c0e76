// One seed: somebody comes with a matter, up to five things go wrong, and afterwards, when
// everything is mended, whatever was called received must be at the platform, once and unchanged.
#pragma once

#include "tests/simulation/place.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace simulation {

struct VisitReport {
    std::uint64_t digest = 0; // of everything that happened
    std::size_t told = 0;     // requests called received
    int sessions = 0;         // sessions that ended
    int deaths = 0;           // of the program
    std::vector<std::string> violations;
};

enum class Printing { no, trace };
VisitReport run_visit(const Supplies& supplies, std::uint64_t seed, Defect defect = Defect::none,
                      Printing printing = Printing::no);

} // namespace simulation
