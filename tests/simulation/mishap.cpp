#include "tests/simulation/mishap.hpp"

#include <array>

namespace simulation {
namespace {

using support::DiskFault;
using support::Lasting;
using namespace std::chrono_literals;

struct Row {
    Mishap mishap;
    std::string_view name;
};
constexpr std::array rows{
    Row{Mishap::disk_call_fails, "disk_call_fails"},
    Row{Mishap::disk_is_broken, "disk_is_broken"},
    Row{Mishap::disk_is_full, "disk_is_full"},
    Row{Mishap::power_cut, "power_cut"},
    Row{Mishap::killed_now, "killed_now"},
    Row{Mishap::killed_at_effect, "killed_at_effect"},
    Row{Mishap::killed_at_exchange, "killed_at_exchange"},
    Row{Mishap::network_down, "network_down"},
    Row{Mishap::platform_misbehaves, "platform_misbehaves"},
    Row{Mishap::platform_fault, "platform_fault"},
    Row{Mishap::card_torn, "card_torn"},
    Row{Mishap::card_frame_damaged, "card_frame_damaged"},
    Row{Mishap::card_reader_silent, "card_reader_silent"},
    Row{Mishap::card_reader_unplugged, "card_reader_unplugged"},
    Row{Mishap::camera_unplugged, "camera_unplugged"},
    Row{Mishap::camera_dark, "camera_dark"},
    Row{Mishap::camera_stalls, "camera_stalls"},
    Row{Mishap::printer_unplugged, "printer_unplugged"},
    Row{Mishap::paper_out, "paper_out"},
    Row{Mishap::cover_open, "cover_open"},
    Row{Mishap::clock_jumps, "clock_jumps"},
    Row{Mishap::clock_unsynchronised, "clock_unsynchronised"},
};

} // namespace

std::string_view to_string(Mishap mishap) {
    return rows[std::size_t(mishap)].name;
}

Mishaps::Mishaps(Place& place, Trace& trace) : place_(place), trace_(trace) {
    const auto count = place.below(6);
    for (std::uint64_t i = 0; i < count; ++i) {
        Planned planned{rows[place.below(rows.size())].mishap, int(place.below(45)), 0};
        planned.mended_at = planned.at + 1 + int(place.below(90));
        planned_.push_back(planned);
    }
}

void Mishaps::strike(int act, Program& program) {
    for (const auto& planned : planned_) {
        if (planned.at == act) strike(planned.mishap, program);
        if (planned.mended_at == act) {
            trace_.line("somebody mends things");
            place_.mend();
        }
    }
}

void Mishaps::strike(Mishap mishap, Program& program) {
    trace_.line("mishap " + std::string(to_string(mishap)));
    const auto faults = platform::all_platform_faults();
    switch (mishap) {
    case Mishap::disk_call_fails:
    case Mishap::disk_is_broken:
    case Mishap::disk_is_full:
    case Mishap::power_cut: return strike_disk(mishap);
    case Mishap::killed_now: return place_.kill();
    case Mishap::killed_at_effect:
        return program.die_at_effect(int(place_.below(12)), place_.chance(500));
    case Mishap::killed_at_exchange:
        return place_.kill_at_exchange(int(place_.below(6)), place_.chance(500));
    case Mishap::network_down: place_.network_is_up = false; return;
    case Mishap::platform_misbehaves:
        return place_.platform->misbehave(int(place_.below(800)), place_.chance(300));
    case Mishap::platform_fault:
        return place_.platform->fail_next(faults[place_.below(faults.size())],
                                          1 + int(place_.below(4)));
    case Mishap::clock_jumps:
        // Minutes, days or two years, either way.
        return place_.clock.jump_wall(
            (place_.chance(500) ? 1 : -1) *
            std::array<base::Milliseconds, 3>{7min, 50h, 17520h}[place_.below(3)]);
    case Mishap::clock_unsynchronised: return place_.clock.set_synchronised(false);
    case Mishap::card_torn:
    case Mishap::card_frame_damaged:
    case Mishap::card_reader_silent:
    case Mishap::card_reader_unplugged:
    case Mishap::camera_unplugged:
    case Mishap::camera_dark:
    case Mishap::camera_stalls:
    case Mishap::printer_unplugged:
    case Mishap::paper_out:
    case Mishap::cover_open: return strike_device(mishap);
    }
}

// The disk is quiet until a request is stored: most faults wait for that moment, because the calls
// around the commit are where a promise could be broken.
void Mishaps::strike_disk(Mishap mishap) {
    const auto call = place_.below(60);
    const auto how = place_.chance(700) ? DiskFault::io_error : DiskFault::full;
    const auto strike = [this, mishap, call, how] {
        trace_.line("  the disk: " + std::string(to_string(mishap)) + " at call " +
                    std::to_string(call));
        if (mishap == Mishap::power_cut)
            place_.cut_power_at_disk_call(call);
        else if (mishap == Mishap::disk_call_fails)
            place_.break_disk(call, how, Lasting::once);
        else
            place_.break_disk(
                call, mishap == Mishap::disk_is_full ? DiskFault::full : DiskFault::io_error,
                Lasting::from_then_on);
    };
    if (place_.chance(250)) return strike();
    place_.at_next_store(strike);
}

void Mishaps::strike_device(Mishap mishap) {
    if (mishap == Mishap::card_torn) place_.sam.tear_away_mid_read(place_.below(1300));
    if (mishap == Mishap::card_frame_damaged)
        place_.chance(500) ? place_.sam.flip_bit_of_next_reply(place_.below(90))
                           : place_.sam.babble(place_.below(40));
    if (mishap == Mishap::card_reader_silent) place_.sam.stall();
    if (mishap == Mishap::card_reader_unplugged) place_.sam.pull_cable();
    if (mishap == Mishap::camera_unplugged) place_.camera.pull_cable();
    if (mishap == Mishap::camera_dark) place_.camera.go_black(true);
    if (mishap == Mishap::camera_stalls) place_.camera.stall(true);
    if (mishap == Mishap::printer_unplugged) place_.paper.pull_cable_after(place_.below(20'000));
    if (mishap == Mishap::paper_out) place_.paper.paper_runs_out_after(int(place_.below(900)));
    if (mishap == Mishap::cover_open) place_.paper.open_cover();
}

} // namespace simulation
