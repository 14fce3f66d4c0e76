#include "kiosk/staff/day_counts.hpp"

#include "kiosk/staff/audit_rows.hpp"

#include <algorithm>
#include <array>

namespace staff {
namespace {

struct Counted {
    Deed deed;
    int DayCounts::*count;
    AuditField field;
};
constexpr std::array counted{
    Counted{Deed::witnessed, &DayCounts::witnessed, AuditField::witnessed},
    Counted{Deed::assisted, &DayCounts::assisted, AuditField::assisted},
    Counted{Deed::document_seen, &DayCounts::documents, AuditField::documents},
    Counted{Deed::logged_in, &DayCounts::logins, AuditField::logins},
    Counted{Deed::pin_failed, &DayCounts::failures, AuditField::failures},
};

constexpr int most = 1'000'000; // chosen: what the desk's file takes for one count

using Counts = std::map<std::string, DayCounts>;

bool is_empty(const DayCounts& counts) {
    return std::all_of(counted.begin(), counted.end(),
                       [&](const Counted& one) { return counts.*one.count == 0; });
}

// What is left of `from` when `part` is taken away; never below zero.
DayCounts without(DayCounts from, const DayCounts& part) {
    for (const auto& one : counted)
        from.*one.count = std::max(0, from.*one.count - part.*one.count);
    return from;
}

// The day in the desk's file. A clock that nobody has set may have written one that no row can
// hold: the first day that a row can.
base::Date day_of(const std::string& text) {
    base::Date day{};
    const bool is_good = base::parse_date(text, day) && int(day.year()) >= 1970;
    return is_good ? day : base::Date{std::chrono::year{1970} / 1 / 1};
}

void add(Counts& counts, const AuditRow& row) {
    std::string id;
    for (const auto& entry : row.entries) {
        if (entry.field == AuditField::staff) id = std::get<std::string>(entry.value.value());
    }
    for (const auto& entry : row.entries) {
        for (const auto& one : counted) {
            if (one.field != entry.field) continue;
            const auto number = std::get<std::int64_t>(entry.value.value());
            auto& sum = counts[id].*one.count;
            sum = int(std::clamp<std::int64_t>(sum + number, 0, most));
        }
    }
}

// What an earlier call has written already of the counts that are kept.
base::Result<Counts> written_after(const AuditChain& audit, std::uint64_t row) {
    Counts counts;
    const auto rows = TRY(audit.rows_after(row));
    for (const auto& one : rows) {
        if (one.event == AuditEvent::day_counts) add(counts, one);
    }
    return counts;
}

base::Result<void> write_row_of(AuditChain& audit, base::Date day, const std::string& id,
                                const DayCounts& counts) {
    const auto entry = [&](std::size_t i) {
        const int number = counts.*counted[i].count;
        return AuditEntry{counted[i].field, number ? AuditValue(number) : AuditValue::absent()};
    };
    static_assert(counted.size() == 5);
    return audit.append(AuditEvent::day_counts, {{AuditField::staff, AuditValue::staff_id(id)},
                                                 {AuditField::day, AuditValue::day(day)},
                                                 entry(0),
                                                 entry(1),
                                                 entry(2),
                                                 entry(3),
                                                 entry(4)});
}

} // namespace

base::Result<void> count(DeskState& state, base::Date today, std::string_view id, Deed what) {
    (void)AuditValue::staff_id(id); // what cannot stand in a row later is not counted now
    const auto& one = *std::find_if(counted.begin(), counted.end(),
                                    [&](const Counted& row) { return row.deed == what; });
    return state.change([&](Kept& kept) {
        if (kept.counts.empty()) kept.counts_day = base::to_text(today);
        auto& number = kept.counts[std::string(id)].*one.count;
        number = std::min(number + 1, most);
    });
}

base::Result<bool> close_day(AuditChain& audit, DeskState& state, base::Date today) {
    auto kept = state.read();
    if (kept.counts.empty() || kept.counts_day == base::to_text(today)) return false;
    // A chain that began anew counts its rows from 1 again.
    if (const auto row = audit.head().row; kept.counts_after_row > row) {
        TRY(state.change([&](Kept& now) { now.counts_after_row = row; }));
        kept.counts_after_row = row;
    }
    const auto written = TRY(written_after(audit, kept.counts_after_row));
    for (const auto& [id, counts] : kept.counts) {
        const auto found = written.find(id);
        const auto rest = found == written.end() ? counts : without(counts, found->second);
        if (!is_empty(rest)) TRY(write_row_of(audit, day_of(kept.counts_day), id, rest));
    }
    // Rows first: a power cut here leaves counts whose rows stand behind counts_after_row already.
    const auto last = audit.head().row;
    TRY(state.change([&](Kept& now) {
        for (const auto& [id, counts] : kept.counts) {
            now.counts[id] = without(now.counts[id], counts);
            if (is_empty(now.counts[id])) now.counts.erase(id);
        }
        now.counts_day = now.counts.empty() ? "" : base::to_text(today);
        now.counts_after_row = last;
    }));
    return true;
}

} // namespace staff
