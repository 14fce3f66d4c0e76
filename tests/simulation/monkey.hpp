// A monkey at the kiosk: random taps, drags, keys, switches, cards, papers, cables, clocks and
// waiting, one event after the other, on the whole kiosk with its real screens. One seed is one
// monkey; the same seed does the same again.
//
// After every event the watch asks whether the glass still makes sense; now and then the monkey
// walks away, and the kiosk must be back at its welcome screen, wiped, by time alone.
#pragma once

#include "tests/support/demo_kiosk.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace simulation {

struct MonkeyReport {
    std::uint64_t events = 0;
    std::uint64_t visits = 0;     // sessions that ended
    std::uint64_t walks_away = 0; // each ended at the welcome screen
    std::uint64_t accepted = 0;
    std::uint64_t announcements = 0; // what the voice was told to say
    // How many events found each screen; a question also by how it is answered: "question: wheels".
    std::map<std::string, std::uint64_t> screens;
    std::vector<std::string> violations; // the first ends the run; with what led to it
};

// Who the monkey mostly is: everything in turn; fingers alone; keys, switches and ears.
enum class MonkeyMix { everything, fingers, keys };

// What is broken on purpose, to see the watch find it.
enum class MonkeyDefect {
    none,
    time_stands_still, // no deadline ever strikes
    nothing_on_glass,  // a screen without items
    voice_remembers,   // what was said is kept past the end of the visit
};

struct MonkeyOptions {
    std::uint64_t seed = 1;
    std::uint64_t events = 20'000;
    MonkeyMix mix = MonkeyMix::everything;
    // Chosen: what the platform in the same process keeps of old requests stays small.
    std::uint64_t events_per_kiosk = 50'000;
    MonkeyDefect defect = MonkeyDefect::none;
};

// `on_progress`: after each thousand events.
MonkeyReport run_monkey(const MonkeyOptions& options,
                        const std::function<void(const MonkeyReport&)>& on_progress = {});

} // namespace simulation
