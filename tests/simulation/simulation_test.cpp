// Goal: whatever happens to power, disk, network, devices, clock, platform and person, what was
// called received arrives once and unchanged, nothing else is called received, and nothing about
// the person stays behind. Method: visits by seed over the product's own parts, a watch that looks
// after every step, and planted defects that the same watch has to find. All people are synthetic.
#include "drivers/scanner/scanner.hpp"
#include "tests/simulation/seen_frames.hpp"
#include "tests/simulation/visit.hpp"

#include <catch2/catch.hpp>

using simulation::Defect;
using simulation::run_visit;
using simulation::Supplies;

namespace {

// Chosen: about 4 s on one core; `tests/long simulation` runs 10,000.
constexpr std::uint64_t seeds = 300;

const Supplies& supplies() {
    static const auto made = Supplies::open();
    REQUIRE(made);
    return **made;
}

// The first seed whose visit shows the defect by these words; 0 when none does.
std::uint64_t first_seed_to_find(Defect defect, const std::string& words) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
        for (const auto& violation : run_visit(supplies(), seed, defect).violations)
            if (violation.find(words) != std::string::npos) return seed;
    return 0;
}

} // namespace

TEST_CASE("no promise is broken whatever goes wrong", "[simulation][F5]") {
    std::size_t told = 0;
    int deaths = 0;
    int sessions = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        INFO("kiosk_simulation --trace --seed " << seed);
        const auto report = run_visit(supplies(), seed);
        for (const auto& violation : report.violations) FAIL_CHECK(violation);
        told += report.told;
        deaths += report.deaths;
        sessions += report.sessions;
    }
    // Seeds in which nothing happens would prove nothing.
    CHECK(told > seeds / 3);
    CHECK(sessions > int(seeds) / 2);
    CHECK(deaths > 10);
}

TEST_CASE("a page that was looked for before is the one that the product finds", "[simulation]") {
    const auto look = [](const base::Picture& frame) {
        return drivers::scan_page(frame, {drivers::Paper::a4, 0, false}, 200);
    };
    const auto before = simulation::seen_frames();
    REQUIRE(supplies().papers.size() > 1);
    for (const auto& frame : supplies().papers) {
        simulation::forget_seen_frames();
        const auto searched = simulation::seen_frames().searched;
        const auto fresh = look(frame);
        REQUIRE(simulation::seen_frames().searched > searched);
        const auto recalled = simulation::seen_frames().recalled;
        const auto again = look(frame);
        REQUIRE(simulation::seen_frames().recalled == recalled + 1);
        CHECK(again.found == fresh.found);
        CHECK(again.picture == fresh.picture);
        CHECK(again.flaws == fresh.flaws);
        // Another frame and another wish are looked at anew.
        auto darker = frame;
        darker.pixels[darker.pixels.size() / 2] ^= 1;
        const auto more = simulation::seen_frames().searched;
        (void)look(darker);
        CHECK(simulation::seen_frames().searched > more);
        const auto other = drivers::scan_page(frame, {drivers::Paper::id1, 0, false}, 200);
        CHECK((!fresh.found || other.flaws != fresh.flaws));
    }
    // The visits go this way: else they would be as slow as they were.
    (void)run_visit(supplies(), 1);
    CHECK(simulation::seen_frames().recalled > before.recalled);
}

TEST_CASE("a seed replays exactly", "[simulation][F5]") {
    std::uint64_t before = 0;
    for (const std::uint64_t seed : {2, 3, 5, 7, 11, 13, 17, 19}) {
        const auto once = run_visit(supplies(), seed);
        const auto again = run_visit(supplies(), seed);
        CHECK(once.digest == again.digest);
        CHECK(once.digest != before);
        before = once.digest;
    }
}

TEST_CASE("a request called received before the disk has it is noticed", "[simulation][planted]") {
    CHECK(first_seed_to_find(Defect::told_before_commit, "lost: told accepted") != 0);
}

TEST_CASE("a platform that forgets its keys is noticed", "[simulation][planted]") {
    CHECK(first_seed_to_find(Defect::platform_forgets, "doubled") != 0);
}

TEST_CASE("a glass that is not wiped is noticed", "[simulation][planted]") {
    CHECK(first_seed_to_find(Defect::glass_is_not_wiped, "left data in memory") != 0);
}

TEST_CASE("a witness whose PIN nobody checked is noticed", "[simulation][planted]") {
    CHECK(first_seed_to_find(Defect::witness_without_card, "never showed card and PIN") != 0);
}

TEST_CASE("a card read in a matter that needs none is noticed", "[simulation][planted]") {
    CHECK(first_seed_to_find(Defect::card_read_for_report, "without a card") != 0);
}
