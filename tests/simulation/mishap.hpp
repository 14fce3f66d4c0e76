// What goes wrong around a visit: up to five mishaps, drawn from the seed, each at its moment, most
// of them mended some time later.
#pragma once

#include "tests/simulation/program.hpp"

#include <vector>

namespace simulation {

enum class Mishap {
    disk_call_fails,
    disk_is_broken,
    disk_is_full,
    power_cut,
    killed_now,
    killed_at_effect,
    killed_at_exchange,
    network_down,
    platform_misbehaves,
    platform_fault,
    card_torn,
    card_frame_damaged,
    card_reader_silent,
    card_reader_unplugged,
    camera_unplugged,
    camera_dark,
    camera_stalls,
    printer_unplugged,
    paper_out,
    cover_open,
    clock_jumps,
    clock_unsynchronised,
};
std::string_view to_string(Mishap mishap);

class Mishaps {
public:
    Mishaps(Place& place, Trace& trace);
    // Whatever is due at the person's `act`-th doing.
    void strike(int act, Program& program);

private:
    struct Planned {
        Mishap mishap;
        int at = 0;
        int mended_at = 0; // by people who happen to be near; in the end everything is mended
    };
    void strike(Mishap mishap, Program& program);
    void strike_disk(Mishap mishap);
    void strike_device(Mishap mishap);

    Place& place_;
    Trace& trace_;
    std::vector<Planned> planned_;
};

} // namespace simulation
