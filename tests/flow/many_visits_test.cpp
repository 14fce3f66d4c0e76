// One visit after the other on the same kiosk: what it holds at the end is what it held before.
#include "kiosk/app/development/headless.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <malloc.h>
#include <sqlite3.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

struct Held {
    std::size_t bytes = 0;    // in use on the heap
    std::size_t sqlite = 0;   // of it, what SQLite holds: mostly pages of the databases
    std::size_t resident = 0; // of the whole process, in bytes
    std::ptrdiff_t descriptors = 0;
    std::ptrdiff_t threads = 0;
};

std::ptrdiff_t entries_of(const char* folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

Held held_now() {
    Held held;
    const auto heap = ::mallinfo2();
    held.bytes = heap.uordblks + heap.hblkhd;
    held.sqlite = std::size_t(sqlite3_memory_used());
    std::ifstream pages("/proc/self/statm");
    std::size_t whole = 0;
    pages >> whole >> held.resident;
    held.resident *= std::size_t(::sysconf(_SC_PAGESIZE));
    held.descriptors = entries_of("/proc/self/fd");
    held.threads = entries_of("/proc/self/task");
    return held;
}

void say(const std::string& when, const Held& held) {
    std::cout << when << ": heap " << held.bytes / 1024 << " KiB, of it SQLite "
              << held.sqlite / 1024 << " KiB, resident " << held.resident / 1024 << " KiB, "
              << held.descriptors << " descriptors, " << held.threads << " threads\n"
              << std::flush;
}

// The kiosk and its platform live in this process; what the platform keeps for ninety days is on
// disk.
std::pair<Held, Held> after(int warm, int visits, const std::string& script) {
    const fs::path folder =
        fs::temp_directory_path() / ("kiosk-many-visits-" + std::to_string(::getpid()));
    std::pair<Held, Held> held;
    app::HeadlessSettings settings;
    settings.config.assets_folder = "assets";
    settings.config.content_folder = "assets/content";
    settings.config.pinyin_folder = PINYIN_FOLDER;
    settings.config.handwriting_model = HAND_MODEL;
    settings.script_file = "tests/fixtures/scripts/" + script + ".json";
    settings.out_folder = folder.string();
    settings.pictures = false;
    settings.rounds = warm + visits;
    settings.on_round = [&](int round) {
        if (round == warm) held.first = held_now();
        if (round == warm + visits) held.second = held_now();
        if (round % 500 == 0) say(script + " " + std::to_string(round), held_now());
    };
    const auto played = app::run_headless(settings);
    fs::remove_all(folder);
    INFO((played ? "" : played.error().text()));
    REQUIRE(played);
    say(script + ", warm", held.first);
    say(script + ", end", held.second);
    return held;
}

void check(const std::pair<Held, Held>& held) {
    CHECK(held.second.descriptors == held.first.descriptors);
    CHECK(held.second.threads == held.first.threads);
    CHECK(double(held.second.bytes) <= 1.01 * double(held.first.bytes));
}

} // namespace

TEST_CASE("after a few visits the kiosk holds what it held: heap, descriptors, threads",
          "[flow][reliability]") {
    for (const auto* script : {"problem-report-zh", "cancel"}) check(after(6, 6, script));
}

// Issue goal: 9,000 visits, memory 1 % more at most. KIOSK_VISITS=n for others.
TEST_CASE("after thousands of visits the kiosk holds what it held", "[.slow][reliability]") {
    const char* given = std::getenv("KIOSK_VISITS");
    const int visits = given != nullptr ? std::atoi(given) : 9000;
    REQUIRE(visits >= 3);
    // Until every buffer has had its longest content; the platform beside the kiosk fills its
    // cache of 512 KB.
    const int warm = std::min(300, visits / 3);
    for (const auto* script : {"problem-report-zh", "pension-eligibility-ug", "cancel"}) {
        const auto held = after(warm, visits / 3, script);
        check(held);
        CHECK(double(held.second.resident) <= 1.01 * double(held.first.resident));
    }
}
