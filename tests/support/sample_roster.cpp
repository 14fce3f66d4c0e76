#include "tests/support/sample_roster.hpp"

#include <algorithm>

namespace support {

using staff::Role;

base::WallTime sample_roster_time() {
    using namespace std::chrono;
    return sys_days(year(2026) / 11 / 22) + hours(2);
}

staff::NewCard new_card(const drivers::SimulatedStaffCard& card, std::string_view pin,
                        bool is_spare) {
    return {card.signs(), card.agrees(), base::SecretText(pin), is_spare};
}

SampleOffice::SampleOffice() {
    district.add("S-1182", {Role::office_worker}, new_card(worker, "204060"));
    district.add("S-1182", {}, new_card(worker_spare, "315907", true));
    district.add("S-2044", {Role::technician}, new_card(technician, "11223344"));
    district.add("S-3001", {Role::administrator}, new_card(administrator, "987654"));
    district.add("S-4410", {Role::office_worker, Role::technician}, new_card(both, "204060"));
}

base::Bytes SampleOffice::roster(std::uint64_t version) const {
    return roster(version, sample_roster_time());
}

base::Bytes SampleOffice::roster(std::uint64_t version, base::WallTime issued_at) const {
    return district.signed_roster({version, issued_at});
}

const SampleOffice& sample_office() {
    static const SampleOffice office;
    return office;
}

std::string SampleAudit::Row::at(staff::AuditField field) const {
    for (const auto& entry : entries) {
        if (entry.field != field || entry.value.is_absent()) continue;
        const auto& value = entry.value.value();
        const auto* text = std::get_if<std::string>(&value);
        return text ? *text : std::to_string(std::get<std::int64_t>(value));
    }
    return {};
}

base::Result<void> SampleAudit::append(staff::AuditEvent event,
                                       std::initializer_list<staff::AuditEntry> entries) {
    if (appends_left == 0) return base::Error{base::Errc::disk_full, "the sample chain is full"};
    if (appends_left > 0) --appends_left;
    rows.push_back({event, entries});
    return {};
}

int SampleAudit::count(staff::AuditEvent event) const {
    return static_cast<int>(std::count_if(rows.begin(), rows.end(),
                                          [&](const Row& row) { return row.event == event; }));
}

} // namespace support
