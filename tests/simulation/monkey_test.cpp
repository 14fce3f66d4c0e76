// Goal: nothing that hands, devices and time can do breaks the kiosk or leaves it stuck. Method: a
// seeded monkey; its watch is shown three planted defects first.
#include "tests/simulation/monkey.hpp"

#include <catch2/catch.hpp>

TEST_CASE("the monkey's watch finds a kiosk that does not come back, an empty glass, and a voice "
          "that remembers",
          "[simulation][monkey]") {
    for (const auto defect :
         {simulation::MonkeyDefect::time_stands_still, simulation::MonkeyDefect::nothing_on_glass,
          simulation::MonkeyDefect::voice_remembers}) {
        simulation::MonkeyOptions options;
        options.events = 300;
        options.defect = defect;
        CHECK(simulation::run_monkey(options).violations.size() == 1);
    }
}

TEST_CASE("10,000 random events leave the kiosk whole and able to come back",
          "[simulation][monkey]") {
    simulation::MonkeyOptions options;
    options.seed = 20261122;
    options.events = 10'000; // tests/long monkey takes a million
    INFO("seed " << options.seed);
    const auto report = simulation::run_monkey(options);
    for (const auto& violation : report.violations) FAIL_CHECK(violation);
    CHECK(report.events == 10'000);
    // It has seen the house: else this says little.
    CHECK(report.screens.size() >= 20);
    CHECK(report.visits >= 25);
    CHECK(report.accepted >= 1);
}
