// The staff list: what is taken, what is refused and in which words (spec safeguards G9).
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/staff/development/roster_maker.hpp"
#include "kiosk/staff/proofs.hpp"

#include <catch2/catch.hpp>

using namespace staff;
using base::Errc;

TEST_CASE("every primitive gives the published answer on this machine", "[unit][staff]") {
    const auto right = check_known_answers();
    INFO((right ? std::string() : right.error().context));
    REQUIRE(right.has_value());
}
