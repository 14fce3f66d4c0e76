// Goal: whatever the disk and the power do, no row that was told as recorded is lost, the files are
// whole after the next start, and nobody is locked in or out.
// Method: a short life of a chain, again and again, struck at every call and at every byte of every
// write; then opened again.
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/staff/audit_check.hpp"
#include "kiosk/staff/audit_rows.hpp"
#include "tests/support/audit_disk.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace staff;
using namespace std::chrono_literals;
using support::AuditDisk;
using support::AuditStrike;
using Kind = support::AuditStrike::Kind;

namespace {

const base::WallTime morning = std::chrono::sys_days{base::Date{2026y / 11 / 22}} + 2h;

// The versions of the roster_accepted rows in the chain, in order: what these tests write.
std::vector<std::int64_t> versions_in(const AuditDisk& disk) {
    std::vector<std::int64_t> versions;
    const auto bytes = disk.contents(chain_file).value_or(base::Bytes());
    auto text = base::as_text(bytes);
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto row = read_row(text.substr(0, end));
        REQUIRE(row);
        for (const auto& entry : row->entries) {
            if (entry.field == AuditField::version)
                versions.push_back(std::get<std::int64_t>(entry.value.value()));
        }
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return versions;
}

bool append(AuditChain& chain, std::int64_t version) {
    return chain.append(AuditEvent::roster_accepted, {{AuditField::version, AuditValue(version)}})
        .has_value();
}

AuditReport check(const AuditDisk& disk) {
    const auto certificate = support::demo_device().certificate();
    const auto chain = disk.contents(chain_file).value_or(base::Bytes());
    const auto head = disk.contents(head_file);
    return check_audit(chain, head ? std::optional(base::ByteView(*head)) : std::nullopt,
                       &certificate);
}

struct Life {
    AuditDisk disk;
    base::ManualClock clock{morning};
    platform::KeyPair device = support::demo_device();
    std::vector<std::int64_t> told; // recorded, as far as the caller knows
    std::vector<std::int64_t> tried;

    // Opens and writes; goes on after an error, as a kiosk does, unless the power is gone.
    void live(std::int64_t from, std::int64_t to) {
        auto chain = AuditChain::open(disk.mount(), clock, device);
        if (!chain) chain = AuditChain::open(disk.mount(), clock, device);
        if (!chain) return;
        for (auto version = from; version <= to; ++version) {
            clock.advance(1s);
            tried.push_back(version);
            if (append(**chain, version)) told.push_back(version);
        }
    }

    // After a power cut one more row than was told may stand: the one that was being written.
    void expect_nothing_lost() {
        const auto found = versions_in(disk);
        REQUIRE(std::includes(found.begin(), found.end(), told.begin(), told.end()));
        REQUIRE(std::includes(tried.begin(), tried.end(), found.begin(), found.end()));
        REQUIRE(found.size() <= told.size() + 1);
    }
};

std::string name(Kind kind) {
    switch (kind) {
    case Kind::undone: return "undone";
    case Kind::done: return "done";
    case Kind::torn: return "torn";
    case Kind::garbage: return "garbage";
    }
    return "";
}

// Every way in which one call may go, for every call: torn at every `step`-th byte.
template <class Try> int strike_everywhere(bool power_goes, std::size_t step, Try&& attempt) {
    int strikes = 0;
    constexpr std::size_t longest_line = 230;
    for (std::uint64_t call = 0;; ++call) {
        bool has_struck = false;
        const auto strike = [&](AuditStrike how) {
            INFO("call " << call << " " << name(how.kind) << " " << how.kept);
            how.power_goes = power_goes;
            has_struck |= attempt(call, how);
            ++strikes;
        };
        strike({Kind::undone});
        strike({Kind::done});
        for (std::size_t kept = 0; has_struck && kept <= longest_line; kept += step)
            strike({Kind::torn, kept});
        for (std::size_t kept = 0; has_struck && kept <= longest_line; kept += 7 * step)
            strike({Kind::garbage, kept});
        if (!has_struck) return strikes;
    }
}

} // namespace

TEST_CASE("a power cut at any byte of any write loses no row that was recorded", "[flow][audit]") {
    const int cuts = strike_everywhere(true, 1, [](std::uint64_t call, AuditStrike how) {
        Life life;
        life.disk.strike(call, how);
        life.live(1, 3);
        const bool has_struck = life.disk.has_struck();
        life.disk.restart();

        const auto chain = AuditChain::open(life.disk.mount(), life.clock, life.device);
        REQUIRE(chain);
        REQUIRE_FALSE((*chain)->was_damaged());
        REQUIRE_FALSE(check(life.disk).fault);
        life.expect_nothing_lost();
        life.tried.push_back(9);
        REQUIRE(append(**chain, 9));
        life.told.push_back(9);
        REQUIRE_FALSE(check(life.disk).fault);
        life.expect_nothing_lost();
        return has_struck;
    });
    WARN("power cuts: " << cuts);
    CHECK(cuts > 1000);
}

TEST_CASE("a row that cannot be written is not recorded, and the next one is", "[flow][audit]") {
    const int faults = strike_everywhere(false, 9, [](std::uint64_t call, AuditStrike how) {
        Life life;
        how.code = call % 2 == 0 ? base::Errc::disk_full : base::Errc::io;
        life.disk.strike(call, how);
        life.live(1, 4);
        // One call failed, so at most one row was refused, and exactly the others stand there.
        REQUIRE(life.told.size() + 1 >= life.tried.size());
        REQUIRE(versions_in(life.disk) == life.told);
        REQUIRE_FALSE(check(life.disk).fault);
        return life.disk.has_struck();
    });
    CHECK(faults > 100);
}

TEST_CASE("a disk that stays full refuses rows until there is room, then goes on",
          "[flow][audit]") {
    // Full before the head, or between the head and its line: then it cannot be taken back either.
    for (const std::uint64_t after : {0u, 1u}) {
        INFO("full after " << after << " calls");
        Life life;
        const auto chain = AuditChain::open(life.disk.mount(), life.clock, life.device).value();
        REQUIRE(append(*chain, 1));
        const auto head = chain->head();
        life.disk.fail_from(after, base::Errc::disk_full);
        for (int i = 0; i < 3; ++i) {
            const auto refused = chain->append(AuditEvent::duty_ended);
            REQUIRE(refused.error().code == base::Errc::disk_full);
            REQUIRE(chain->head() == head); // what the heartbeat tells stands in the chain
        }
        life.disk.heal();
        REQUIRE(append(*chain, 2));
        REQUIRE_FALSE(check(life.disk).fault);
        CHECK(versions_in(life.disk) == std::vector<std::int64_t>{1, 2});
    }
}

TEST_CASE("a row in doubt is taken out before the next one, however often that fails",
          "[flow][audit]") {
    // The line fails (call 1), and so does the first attempt to take it back (calls 2, 3).
    for (const std::uint64_t failing_undo : {2u, 3u}) {
        for (const auto kind : {Kind::undone, Kind::done, Kind::torn}) {
            Life life;
            const auto chain = AuditChain::open(life.disk.mount(), life.clock, life.device).value();
            REQUIRE(append(*chain, 1));
            life.disk.strike_many({{1, {kind, 20}}, {failing_undo, {Kind::undone}}});
            REQUIRE_FALSE(append(*chain, 2));
            CHECK(chain->head().row == 2);
            REQUIRE(append(*chain, 3));
            CHECK(versions_in(life.disk) == std::vector<std::int64_t>{1, 3});
            CHECK_FALSE(check(life.disk).fault);
        }
    }
}

TEST_CASE("a power cut while a damaged chain is put aside loses none of its bytes",
          "[flow][audit]") {
    const auto damaged = [] {
        Life life;
        life.live(1, 3);
        auto bytes = *life.disk.contents(chain_file);
        bytes[40] ^= 1;
        life.disk.put(chain_file, bytes);
        return life.disk.everything();
    }();
    const auto everything_of = [](const AuditDisk& disk) {
        std::vector<base::Bytes> all;
        for (const auto& [file, bytes] : disk.everything()) all.push_back(bytes);
        return all;
    };
    strike_everywhere(true, 9, [&](std::uint64_t call, AuditStrike how) {
        Life life;
        for (const auto& [file, bytes] : damaged) life.disk.put(file, bytes);
        life.disk.strike(call, how);
        life.live(5, 6);
        const bool has_struck = life.disk.has_struck();
        life.disk.restart();
        const auto chain = AuditChain::open(life.disk.mount(), life.clock, life.device);
        REQUIRE(chain);
        REQUIRE_FALSE(check(life.disk).fault);
        REQUIRE(check(life.disk).is_restarted);
        const auto all = everything_of(life.disk);
        for (const auto& [file, bytes] : damaged)
            REQUIRE(std::find(all.begin(), all.end(), bytes) != all.end());
        const auto found = versions_in(life.disk);
        REQUIRE(std::includes(found.begin(), found.end(), life.told.begin(), life.told.end()));
        REQUIRE(append(**chain, 9));
        REQUIRE_FALSE(check(life.disk).fault);
        return has_struck;
    });
}
