// Goal: what each id did on a day stands in the audit chain once, whatever fails and whenever the
// power goes.
// Method: a desk's file on a real disk and a chain on one that is struck; the desk's file is put
// back to what it was, as a power cut between row and file leaves it. All ids are made up.
#include "kiosk/staff/day_counts.hpp"

#include "kiosk/base/manual_clock.hpp"
#include "kiosk/staff/audit_rows.hpp"
#include "tests/support/audit_disk.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>

using namespace staff;
using namespace std::chrono_literals;

namespace {

constexpr base::Date sunday = 2026y / 11 / 22;
constexpr base::Date monday = 2026y / 11 / 23;

struct Office {
    support::TemporaryFolder folder;
    support::AuditDisk disk;
    base::ManualClock clock{std::chrono::sys_days{sunday} + 2h};
    std::unique_ptr<AuditChain> audit;
    std::unique_ptr<DeskState> state;

    Office() { start(); }
    std::string file() const { return folder.file("desk.json"); }
    void start() {
        audit.reset();
        disk.restart();
        audit = AuditChain::open(disk.mount(), clock, support::demo_device()).value();
        state = DeskState::open(file()).value();
        REQUIRE_FALSE(state->was_damaged());
    }

    // The day_counts rows as text: "2026-11-22 S-1 witnessed 2 failures 1".
    std::vector<std::string> rows() const {
        std::vector<std::string> texts;
        const auto all = audit->rows_after(0).value();
        for (const auto& row : all) {
            if (row.event != AuditEvent::day_counts) continue;
            std::string day, id, rest;
            for (const auto& entry : row.entries) {
                const auto& value = entry.value.value();
                if (entry.field == AuditField::day)
                    day = std::get<std::string>(value);
                else if (entry.field == AuditField::staff)
                    id = std::get<std::string>(value);
                else
                    rest += " " + std::string(to_string(entry.field)) + " " +
                            std::to_string(std::get<std::int64_t>(value));
            }
            texts.push_back(day + " " + id + rest);
        }
        return texts;
    }

    void work_on(base::Date day) {
        REQUIRE(count(*state, day, "S-1", Deed::witnessed));
        REQUIRE(count(*state, day, "S-1", Deed::witnessed));
        REQUIRE(count(*state, day, "S-2", Deed::assisted));
        REQUIRE(count(*state, day, "S-1", Deed::pin_failed));
        REQUIRE(count(*state, day, "T-3", Deed::logged_in));
        REQUIRE(count(*state, day, "S-2", Deed::document_seen));
    }
};

const std::vector<std::string> rows_of_sunday{"2026-11-22 S-1 witnessed 2 failures 1",
                                              "2026-11-22 S-2 assisted 1 documents 1",
                                              "2026-11-22 T-3 logins 1"};

std::vector<std::string> and_also(std::vector<std::string> rows, const std::string& more) {
    rows.push_back(more);
    return rows;
}

} // namespace

TEST_CASE("when the day changes each id that did something has one row in the audit chain",
          "[unit][audit][refusal][G9]") {
    Office office;
    CHECK_FALSE(close_day(*office.audit, *office.state, sunday).value()); // nothing was done
    office.work_on(sunday);
    CHECK_FALSE(close_day(*office.audit, *office.state, sunday).value()); // not over
    CHECK(office.rows().empty());
    office.start(); // counts outlive the program
    CHECK(close_day(*office.audit, *office.state, monday).value());
    CHECK(office.rows() == rows_of_sunday);
    CHECK_FALSE(close_day(*office.audit, *office.state, monday).value());
    CHECK(office.state->read().counts.empty());

    REQUIRE(count(*office.state, monday, "S-2", Deed::witnessed));
    CHECK(close_day(*office.audit, *office.state, 2026y / 12 / 1).value()); // after a week off
    CHECK(office.rows() == and_also(rows_of_sunday, "2026-11-23 S-2 witnessed 1"));
}

TEST_CASE("a power cut between the rows of a day and the desk's file doubles nothing",
          "[unit][audit]") {
    // Every call of the audit disk, before, after and in the middle; then the cut after the last.
    for (std::uint64_t call = 0; call <= 6; ++call) {
        for (const auto kind :
             {support::AuditStrike::Kind::undone, support::AuditStrike::Kind::done,
              support::AuditStrike::Kind::torn}) {
            INFO("call " << call << " kind " << int(kind));
            Office office;
            office.work_on(sunday);
            const auto before = base::read_file(office.file()).value();
            office.disk.strike(call, {kind, 30, true});
            (void)close_day(*office.audit, *office.state, monday);
            REQUIRE(base::write_file_durably(office.file(), before));
            office.start();
            // Somebody may even be quicker than the closing of the day.
            const bool is_early = call % 2 == 1;
            if (is_early) REQUIRE(count(*office.state, monday, "T-3", Deed::logged_in));
            REQUIRE(close_day(*office.audit, *office.state, monday).value());
            auto expected = rows_of_sunday;
            const auto rows = office.rows();
            if (is_early && rows.size() == 4)
                expected.push_back("2026-11-22 T-3 logins 1");
            else if (is_early)
                expected[2] = "2026-11-22 T-3 logins 2";
            REQUIRE(rows == expected);
            REQUIRE_FALSE(close_day(*office.audit, *office.state, monday).value());
        }
    }
}

TEST_CASE("a full disk keeps the counts until the rows can be written", "[unit][audit]") {
    for (std::uint64_t calls = 0; calls < 6; ++calls) {
        INFO("full after " << calls << " calls");
        Office office;
        office.work_on(sunday);
        office.disk.fail_from(calls, base::Errc::disk_full);
        CHECK(close_day(*office.audit, *office.state, monday).error().code ==
              base::Errc::disk_full);
        CHECK(office.state->read().counts.size() == 3);
        office.disk.heal();
        CHECK(close_day(*office.audit, *office.state, monday).value());
        CHECK(office.rows() == rows_of_sunday);
    }
}

TEST_CASE("a clock that jumps closes days early and counts no deed twice", "[unit][audit]") {
    Office office;
    office.work_on(sunday);
    CHECK(close_day(*office.audit, *office.state, 2099y / 1 / 1).value());
    // Put right, the same day goes on: its second row holds what was done since.
    REQUIRE(count(*office.state, sunday, "S-1", Deed::witnessed));
    REQUIRE(count(*office.state, sunday, "S-1", Deed::witnessed));
    REQUIRE(count(*office.state, sunday, "S-1", Deed::pin_failed));
    CHECK(close_day(*office.audit, *office.state, monday).value());
    CHECK(office.rows() == and_also(rows_of_sunday, "2026-11-22 S-1 witnessed 2 failures 1"));
    // A clock that nobody ever set.
    REQUIRE(count(*office.state, 1902y / 3 / 4, "S-1", Deed::logged_in));
    CHECK(close_day(*office.audit, *office.state, monday).value());
    CHECK(office.rows().back() == "1970-01-01 S-1 logins 1");
}

TEST_CASE("counts go into a chain that began anew as well", "[unit][audit]") {
    Office office;
    for (int i = 0; i < 20; ++i) REQUIRE(office.audit->append(AuditEvent::duty_ended));
    office.work_on(2026y / 11 / 21);
    REQUIRE(close_day(*office.audit, *office.state, sunday));
    office.work_on(sunday);
    office.disk.remove(head_file);
    office.start();
    REQUIRE(office.audit->was_damaged());
    CHECK(close_day(*office.audit, *office.state, monday).value());
    CHECK(office.rows() == rows_of_sunday);
}
