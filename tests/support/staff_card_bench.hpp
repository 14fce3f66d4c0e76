// What every reader for staff cards keeps, simulated or real: one contract, run on a bench where
// people put in and pull cards, and cables (STYLE §8).
#pragma once

#include "drivers/staff_card/simulated_staff_card.hpp"

namespace tests {

class StaffCardBench {
public:
    virtual ~StaffCardBench() = default;
    virtual drivers::StaffCardReader& reader() = 0;

    // As the verbs of SimulatedStaffCardReader. A reader that takes time to notice is looked at
    // until it does.
    virtual void insert_card(drivers::SimulatedStaffCard card) = 0;
    virtual void pull_card() = 0;
    virtual void pull_after(std::size_t commands) = 0;
    virtual void insert_second_card(drivers::SimulatedStaffCard card) = 0;
    virtual void pull_second_card() = 0;
    virtual void unplug() = 0;
    virtual void unplug_after(std::size_t commands) = 0;
    virtual void plug_in() = 0;
};

// Looks until the reader shows this, at most a minute: only a broken reader takes that long.
drivers::StaffCardPlace see(drivers::StaffCardReader& reader,
                            drivers::StaffCardPlace::State expected);

// Each function is one part of the contract; the bench is freshly made: plugged in, empty.
void gives_signatures_and_secrets(StaffCardBench& bench);
void tells_foreign_cards(StaffCardBench& bench);
void survives_silent_and_garbling_cards(StaffCardBench& bench);
void notices_every_removal(StaffCardBench& bench);
void notices_an_exchange(StaffCardBench& bench);
void tells_several_cards(StaffCardBench& bench);
void survives_unplugging(StaffCardBench& bench);
void stops_looking_when_asked(StaffCardBench& bench);

} // namespace tests
