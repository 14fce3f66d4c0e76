// kiosk_monkey: one seeded monkey for as many events as wanted, for tests/long and for developers.
#include "tests/simulation/monkey.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>
#include <unistd.h>

namespace {

volatile std::sig_atomic_t thousands_done = 0;

// A CHECK ends the program: say how far the monkey had come.
void say_where(int) {
    char line[] = "the monkey had done about 0000000 thousand events\n";
    int number = thousands_done;
    for (int at = 31; at >= 25; --at, number /= 10) line[at] = char('0' + number % 10);
    (void)!::write(STDERR_FILENO, line, sizeof line - 1);
}

// Of /proc/self/statm the second number: pages that are resident (proc(5)).
long resident_kib() {
    std::ifstream file("/proc/self/statm");
    long all = 0, resident = 0;
    file >> all >> resident;
    return resident * (::sysconf(_SC_PAGESIZE) / 1024);
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app("A seeded monkey at the whole kiosk. Run from the source folder.");
    simulation::MonkeyOptions options;
    bool quiet = false;
    app.add_option("--events", options.events, "how many (default 20000)");
    app.add_option("--seed", options.seed, "of the monkey (default 1)");
    const std::map<std::string, simulation::MonkeyMix> mixes{
        {"everything", simulation::MonkeyMix::everything},
        {"fingers", simulation::MonkeyMix::fingers},
        {"keys", simulation::MonkeyMix::keys}};
    app.add_option("--mix", options.mix, "everything (default), fingers or keys")
        ->transform(CLI::CheckedTransformer(mixes));
    app.add_flag("--quiet", quiet, "no line for each ten thousand events");
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGABRT, say_where);
    const auto began = std::chrono::steady_clock::now();
    long kib_at_first = 0;
    const auto report = simulation::run_monkey(options, [&](const simulation::MonkeyReport& now) {
        thousands_done = std::sig_atomic_t(now.events / 1000);
        if (kib_at_first == 0) kib_at_first = resident_kib();
        if (quiet || now.events % 10'000 != 0) return;
        std::printf("%llu events\n", static_cast<unsigned long long>(now.events));
        std::fflush(stdout);
    });
    const auto kib_in_the_end = resident_kib();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    std::printf("monkey: seed %llu, %llu events, %.0f a second; %llu sessions ended, %llu times "
                "walked away, %llu requests accepted, %zu screens, %zu violations\n",
                number(options.seed), number(report.events), double(report.events) / took.count(),
                number(report.visits), number(report.walks_away), number(report.accepted),
                report.screens.size(), report.violations.size());
    std::printf(
        "  %llu announcements; %ld KiB resident after the first thousand events, %ld KiB in "
        "the end\n",
        number(report.announcements), kib_at_first, kib_in_the_end);
    for (const auto& [screen, count] : report.screens)
        std::printf("  %-20s %llu\n", screen.c_str(), number(count));
    for (const auto& violation : report.violations) std::printf("%s\n", violation.c_str());
    return report.violations.empty() ? 0 : 1;
}
