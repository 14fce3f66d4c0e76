// Staff of an office that does not exist, with simulated cards, PINs and lists signed by a district
// that does not exist either. All of it synthetic.
#pragma once

#include "drivers/staff_card/simulated_staff_card.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/staff/audit.hpp"
#include "kiosk/staff/development/roster_maker.hpp"

#include <string>
#include <vector>

namespace support {

// 2026-11-22T10:00:00+08:00, when the sample lists are issued.
base::WallTime sample_roster_time();

// Made once and copied: making it takes as long as five PIN checks.
//
// | id     | roles                     | cards, PINs                         |
// | ------ | ------------------------- | ----------------------------------- |
// | S-1182 | office worker             | `worker` 204060, `worker_spare` 315907 |
// | S-2044 | technician                | `technician` 11223344               |
// | S-3001 | administrator             | `administrator` 987654              |
// | S-4410 | office worker, technician | `both` 204060 (the same PIN)        |
struct SampleOffice {
    SampleOffice();

    base::SeededRandom random{1182};
    staff::RosterMaker district{random};
    drivers::SimulatedStaffCard worker = drivers::SimulatedStaffCard::of("S-1182");
    drivers::SimulatedStaffCard worker_spare = drivers::SimulatedStaffCard::of("S-1182 spare");
    drivers::SimulatedStaffCard technician = drivers::SimulatedStaffCard::of("S-2044");
    drivers::SimulatedStaffCard administrator = drivers::SimulatedStaffCard::of("S-3001");
    drivers::SimulatedStaffCard both = drivers::SimulatedStaffCard::of("S-4410");
    drivers::SimulatedStaffCard stranger = drivers::SimulatedStaffCard::of("another district");

    // Good for seven days from sample_roster_time().
    base::Bytes roster(std::uint64_t version = 1) const;
    base::Bytes roster(std::uint64_t version, base::WallTime issued_at) const;
};
const SampleOffice& sample_office();

staff::NewCard new_card(const drivers::SimulatedStaffCard& card, std::string_view pin,
                        bool is_spare = false);

// Keeps rows in memory and fails on demand.
class SampleAudit final : public staff::AuditWriter {
public:
    struct Row {
        staff::AuditEvent event;
        std::vector<staff::AuditEntry> entries;
        // The value of a field as text; empty: not there.
        std::string at(staff::AuditField field) const;
    };
    std::vector<Row> rows;
    int appends_left = -1; // so many more rows can be written; -1: any number

    base::Result<void> append(staff::AuditEvent event,
                              std::initializer_list<staff::AuditEntry> entries = {}) override;
    int count(staff::AuditEvent event) const;
};

} // namespace support
