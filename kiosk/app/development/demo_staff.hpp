// The staff of the demonstration: who they are, their cards, their PINs, and the district that
// signs their list. Everybody is invented. Development builds only.
#pragma once

#include "drivers/staff_card/simulated_staff_card.hpp"
#include "kiosk/staff/development/roster_maker.hpp"

#include <span>
#include <string_view>

namespace app {

// One card of the demonstration, by the name that scripts and the dock use.
struct DemoStaffCard {
    std::string_view name;
    std::string_view label; // on the dock: who it is and the PIN
    std::string_view staff; // empty: not on the list
    staff::Role role{};
    std::string_view pin;
    bool is_spare = false;
};
std::span<const DemoStaffCard> demo_staff_cards();

// Errors: not_found (no such card; the context names those there are).
base::Result<drivers::SimulatedStaffCard> demo_staff_card(std::string_view name);

// The district's list of all of them. Made once for the program and only where it is wanted,
// because each PIN takes its time.
base::Bytes demo_roster(const staff::RosterTerms& terms);

// Whose signature the lists carry.
staff::RosterKey demo_district_key();
// The same as a PEM file, as a configuration names it. Errors: io, disk_full.
base::Result<void> write_demo_roster_key(const std::string& file);

} // namespace app
