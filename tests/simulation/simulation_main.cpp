// kiosk_simulation: visits by seed, for developers and for the checks that run long.
#include "tests/simulation/visit.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace {

volatile std::sig_atomic_t running_seed = 0;

// A CHECK inside a visit ends the program: say which seed it was.
void name_the_seed(int) {
    char line[64];
    int at = 0;
    for (const char c : {'s', 'e', 'e', 'd', ' '}) line[at++] = c;
    char digits[20];
    int count = 0;
    auto seed = std::uint64_t(running_seed);
    do {
        digits[count++] = char('0' + seed % 10);
        seed /= 10;
    } while (seed > 0);
    while (count > 0) line[at++] = digits[--count];
    line[at++] = '\n';
    (void)!::write(STDERR_FILENO, line, std::size_t(at));
}

struct Totals {
    std::uint64_t seeds = 0, told = 0, sessions = 0, deaths = 0, violated = 0;
};

void run_one(const simulation::Supplies& supplies, std::uint64_t seed, bool trace, Totals& totals) {
    running_seed = std::sig_atomic_t(seed);
    const auto report =
        simulation::run_visit(supplies, seed, simulation::Defect::none,
                              trace ? simulation::Printing::trace : simulation::Printing::no);
    ++totals.seeds;
    totals.told += report.told;
    totals.sessions += std::uint64_t(report.sessions);
    totals.deaths += std::uint64_t(report.deaths);
    totals.violated += report.violations.empty() ? 0 : 1;
    for (const auto& violation : report.violations)
        std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), violation.c_str());
    if (trace) std::printf("digest %016llx\n", static_cast<unsigned long long>(report.digest));
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app("Simulated visits, each from its seed. Run from the source folder.");
    std::uint64_t from = 1;
    std::uint64_t count = 300;
    std::uint64_t one = 0;
    int seconds = 0;
    bool trace = false;
    app.add_option("--from", from, "the first seed");
    app.add_option("--seeds", count, "how many seeds");
    auto* only = app.add_option("--seed", one, "one seed");
    app.add_option("--seconds", seconds, "run for so long instead of a number of seeds");
    app.add_flag("--trace", trace, "print what happens");
    CLI11_PARSE(app, argc, argv);
    if (only->count() > 0) {
        from = one;
        count = 1;
    }
    std::signal(SIGABRT, name_the_seed);
    const auto supplies = simulation::Supplies::open();
    if (!supplies) {
        std::fprintf(stderr, "kiosk_simulation: %s\n", supplies.error().text().c_str());
        return 3;
    }
    Totals totals;
    const auto began = std::chrono::steady_clock::now();
    const auto elapsed = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    };
    for (std::uint64_t seed = from;; ++seed) {
        if (seconds > 0 ? elapsed() >= seconds : seed - from >= count) break;
        run_one(**supplies, seed, trace, totals);
    }
    const auto number = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
    std::printf("simulation: %llu seeds from %llu, %llu sessions, %llu requests received, %llu "
                "deaths, %llu seeds with violations, %.0f seeds/s\n",
                number(totals.seeds), number(from), number(totals.sessions), number(totals.told),
                number(totals.deaths), number(totals.violated),
                double(totals.seeds) / std::max(elapsed(), 0.001));
    return totals.violated == 0 ? 0 : 1;
}
