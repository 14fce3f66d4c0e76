// Goal: whoever changes a kiosk's audit files without its key is found, and the first bad row is
// named; whoever opens them again is locked neither in nor out.
// Method: a chain of every kind of row, altered ten thousand times from a seed. All ids are made
// up.
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/staff/audit_check.hpp"
#include "kiosk/staff/audit_rows.hpp"
#include "tests/support/audit_disk.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>

using namespace staff;
using namespace std::chrono_literals;

namespace {

// One moment of a kiosk's two files.
struct Files {
    std::string chain;
    std::string head;
    bool operator==(const Files&) const = default;
};

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
    Lines lines;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto end = text.find('\n', at);
        lines.push_back(text.substr(at, end - at));
        if (end == std::string::npos) break;
        at = end + 1;
    }
    return lines;
}

std::string joined(const Lines& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

platform::KeyPair key_pair(const platform::KeyFiles& keys) {
    return platform::KeyPair::load(keys.device_certificate, keys.device_key).value();
}

// What a kiosk does in a morning; a moment after each row.
std::vector<Files> history(const platform::KeyPair& device, base::RandomSource& random,
                           std::size_t rows) {
    support::AuditDisk disk;
    base::ManualClock clock(std::chrono::sys_days{base::Date{2026y / 11 / 22}} + 2h);
    const auto chain = AuditChain::open(disk.mount(), clock, device).value();
    std::vector<Files> moments;
    const auto note = [&] {
        moments.push_back({std::string(base::as_text(*disk.contents(chain_file))),
                           std::string(base::as_text(*disk.contents(head_file)))});
    };
    note();
    base::Bytes nonce(32);
    base::Bytes proof(64);
    const auto staff = AuditValue::staff_id("S-1182");
    while (moments.size() < rows) {
        clock.advance(std::chrono::seconds(random.below(600)));
        if (random.below(9) == 0) clock.jump_wall(-1h); // clocks go back
        random.fill(nonce);
        random.fill(proof);
        switch (random.below(4)) {
        case 0: REQUIRE(chain->append(AuditEvent::logged_in, {{AuditField::staff, staff}})); break;
        case 1:
            REQUIRE(chain->append(AuditEvent::confirmed,
                                  {{AuditField::staff, staff},
                                   {AuditField::purpose, Purpose::witness},
                                   {AuditField::nonce, AuditValue::hex(nonce)},
                                   {AuditField::proof, AuditValue::hex(proof)}}));
            break;
        case 2: REQUIRE(record_request(*chain, random.uuid(), "S-1182", "T-7", "")); break;
        default:
            REQUIRE(chain->append(AuditEvent::card_refused,
                                  {{AuditField::problem, Problem::foreign_card}}));
        }
        note();
    }
    return moments;
}

AuditReport check(const Files& files, const platform::Certificate& device,
                  const std::optional<KnownHead>& known = std::nullopt) {
    return check_audit(base::as_bytes(files.chain), base::as_bytes(files.head), &device, known);
}

// Where two texts part, as a row.
std::uint64_t first_changed_row(const std::string& before, const std::string& after) {
    const auto size = std::min(before.size(), after.size());
    const auto same =
        std::mismatch(before.begin(), before.begin() + std::ptrdiff_t(size), after.begin());
    return 1 + std::uint64_t(std::count(before.begin(), same.first, '\n'));
}

// What the forger can do without the key: rows that hang together.
std::string rechained(Lines lines, std::size_t from) {
    for (std::size_t i = from; i < lines.size(); ++i) {
        auto row = read_row(lines[i]);
        if (!row) break;
        row->number = i + 1;
        row->before = i == 0 ? base::Sha256{} : base::sha256(base::as_bytes(lines[i - 1]));
        lines[i] = write_row(*row);
    }
    return joined(lines);
}

// Alters one kiosk's files. `names_row`: the first changed row must be the one that is named.
struct Altered {
    Files files;
    std::string how;
    bool names_row = true;
    std::optional<std::uint64_t> row; // when it is not the first changed row
};

class Forger {
public:
    Forger(const std::vector<Files>& own, const Files& foreign, base::RandomSource& random)
        : own_(own), now_(own.back()), foreign_(foreign), random_(random) {}

    static constexpr std::uint64_t ways = 19;

    Altered alter(std::uint64_t way) {
        auto lines = lines_of(now_.chain);
        const auto n = lines.size();
        const auto p = random_.below(n);
        const auto q = (p + 1 + random_.below(n - 1)) % n; // another row
        const auto place = std::ptrdiff_t(p);
        const auto chain = [&](const Lines& changed, std::string how) {
            return Altered{{joined(changed), now_.head}, std::move(how), true, {}};
        };
        switch (way) {
        case 0: return edited_byte();
        case 1: return cut_somewhere();
        case 2: return bytes_removed();
        case 3: std::swap(lines[p], lines[q]); return chain(lines, "two rows swapped");
        case 4:
            lines.insert(lines.begin() + place, lines[q]);
            return chain(lines, "a copied row inserted");
        case 5: lines.erase(lines.begin() + place); return chain(lines, "a row removed");
        case 6: lines.insert(lines.begin() + place, lines[p]); return chain(lines, "a row doubled");
        case 7:
            lines.insert(lines.begin() + place, forged(lines, p));
            return chain(lines, "a forged row inserted");
        case 8: lines[p] = forged(lines, p); return chain(lines, "a row replaced by a forged one");
        case 9: lines.push_back(forged(lines, n)); return chain(lines, "a forged row at the end");
        case 10: lines.resize(p); return chain(lines, "the last rows cut off");
        case 11: {
            // The forger mends every row behind the change; only the head tells.
            lines[p] = forged(lines, p);
            return {{rechained(lines, p + 1), now_.head}, "forged and rechained", false, {}};
        }
        case 12: {
            lines.erase(lines.begin() + place);
            return {{rechained(lines, p), now_.head}, "removed and rechained", false, {}};
        }
        case 13: return edited_head();
        case 14: {
            const auto earlier = random_.below(own_.size() - 1);
            return {{now_.chain, own_[earlier].head},
                    "the head of an earlier moment",
                    true,
                    earlier + 2}; // rows behind it
        }
        case 15: return {{own_[p == n - 1 ? 0 : p].chain, now_.head}, "an earlier chain", true, {}};
        case 16: return {foreign_, "both of another kiosk", true, 0};
        case 17: return {{now_.chain, foreign_.head}, "the head of another kiosk", true, 0};
        default: return {{foreign_.chain, now_.head}, "the chain of another kiosk", false, {}};
        }
    }

private:
    char another(char c) {
        const auto other = char(random_.below(256));
        return other == c ? char(c ^ 1) : other;
    }

    Altered edited_byte() {
        auto text = now_.chain;
        const auto at = random_.below(text.size());
        text[at] = another(text[at]);
        return {{text, now_.head}, "byte " + std::to_string(at) + " edited", true, {}};
    }
    Altered cut_somewhere() {
        const auto kept = random_.below(now_.chain.size());
        return {{now_.chain.substr(0, kept), now_.head}, "cut off", true, {}};
    }
    Altered bytes_removed() {
        auto text = now_.chain;
        const auto at = random_.below(text.size());
        text.erase(at, 1 + random_.below(900));
        // Where two halves happen to make one row again, that row and the one before it contradict
        // each other, and nothing is left to say which is right.
        const auto seam = lines_of(text + "\n").at(first_changed_row(now_.chain, text) - 1);
        return {{text, now_.head}, "bytes removed", !read_row(seam), {}};
    }
    // Fits in by number, and, two times of three, by the digest of the row before.
    std::string forged(const Lines& lines, std::size_t at) {
        AuditRow row;
        row.number = at + 1;
        row.at = std::chrono::sys_days{base::Date{2026y / 11 / 22}} + 3h;
        row.event = at == 0 ? AuditEvent::chain_started : AuditEvent::duty_begun;
        if (at != 0) row.entries = {{AuditField::staff, AuditValue::staff_id("S-9")}};
        if (at != 0) row.before = base::sha256(base::as_bytes(lines[at - 1]));
        if (random_.below(3) == 0) random_.fill(row.before);
        return write_row(row);
    }
    Altered edited_head() {
        auto text = now_.head;
        const auto at = random_.below(text.size());
        switch (random_.below(3)) {
        case 0: text[at] = another(text[at]); break;
        case 1: text.resize(at); break;
        default: text.insert(at, 1, char(random_.below(256)));
        }
        return {{now_.chain, text}, "the head edited at " + std::to_string(at), true, 0};
    }

    const std::vector<Files>& own_;
    const Files& now_;
    const Files& foreign_;
    base::RandomSource& random_;
};

std::uint64_t seed_of_today() {
    const char* given = std::getenv("KIOSK_SEED");
    return given ? std::strtoull(given, nullptr, 10) : 20261122;
}

struct Bench {
    std::uint64_t seed = seed_of_today();
    base::SeededRandom random{seed};
    platform::KeyPair device = support::demo_device();
    platform::Certificate certificate = device.certificate();
    std::vector<Files> own = history(device, random, 24);
    support::TemporaryFolder other_folder;
    platform::KeyPair stranger =
        key_pair(platform::make_demo_keys(other_folder.path(), base::SystemClock()).value());
    Files foreign = history(stranger, random, 24).back();
};

} // namespace

TEST_CASE("ten thousand alterations of the audit files are all found, and the first bad row named",
          "[unit][audit][refusal][P12]") {
    Bench bench;
    INFO("seed " << bench.seed);
    for (const auto& moment : bench.own) REQUIRE_FALSE(check(moment, bench.certificate).fault);
    Forger forger(bench.own, bench.foreign, bench.random);
    std::map<std::string, int> named;
    for (int i = 0; i < 10'000; ++i) {
        const auto altered = forger.alter(std::uint64_t(i) % Forger::ways);
        if (altered.files == bench.own.back()) continue; // the same text by chance
        INFO("alteration " << i << ": " << altered.how);
        const auto report = check(altered.files, bench.certificate);
        REQUIRE(report.fault);
        if (!altered.names_row) continue;
        const auto row =
            altered.row.value_or(first_changed_row(bench.own.back().chain, altered.files.chain));
        INFO(report.fault->what);
        REQUIRE(report.fault->row == row);
        ++named[altered.how.substr(0, 10)];
    }
    CHECK(named.size() >= 10);
}

TEST_CASE("a kiosk that finds its audit files altered keeps them beside and goes on",
          "[unit][audit]") {
    Bench bench;
    INFO("seed " << bench.seed);
    const base::ManualClock clock(std::chrono::sys_days{base::Date{2026y / 11 / 23}});
    Forger forger(bench.own, bench.foreign, bench.random);
    int restarted = 0;
    for (int i = 0; i < 950; ++i) {
        const auto altered = forger.alter(std::uint64_t(i) % Forger::ways);
        INFO("alteration " << i << ": " << altered.how);
        support::AuditDisk disk;
        disk.put(chain_file, base::to_bytes(altered.files.chain));
        disk.put(head_file, base::to_bytes(altered.files.head));
        const auto chain = AuditChain::open(disk.mount(), clock, bench.device).value();
        REQUIRE(chain->append(AuditEvent::duty_ended));
        const auto now = disk.everything();
        const auto report = check_audit(now.at(chain_file), now.at(head_file), &bench.certificate);
        REQUIRE_FALSE(report.fault);
        if (!chain->was_damaged()) {
            // Only the last row was touched, and the head had it whole.
            REQUIRE(base::as_text(now.at(chain_file)).starts_with(bench.own.back().chain));
            continue;
        }
        ++restarted;
        REQUIRE(report.is_restarted);
        REQUIRE(report.rows == 2);
        REQUIRE(base::as_text(now.at("chain.damaged-1.jsonl")) == altered.files.chain);
        REQUIRE(base::as_text(now.at("head.damaged-1.json")) == altered.files.head);
    }
    CHECK(restarted > 700);
}

TEST_CASE("an earlier state put back whole is found by whoever remembers a later head",
          "[unit][audit]") {
    Bench bench;
    const auto& now = bench.own.back();
    const auto head = read_head(now.head)->head;
    const KnownHead known{head.row, head.digest};
    CHECK_FALSE(check(now, bench.certificate, known).fault);
    for (std::size_t i = 0; i < bench.own.size(); ++i) {
        const auto& moment = bench.own[i];
        // By itself the earlier state is as whole as the later one: audit.md says so.
        REQUIRE_FALSE(check(moment, bench.certificate).fault);
        const auto earlier = read_head(moment.head)->head;
        REQUIRE_FALSE(check(now, bench.certificate, KnownHead{earlier.row, earlier.digest}).fault);
        if (i + 1 == bench.own.size()) continue;
        const auto found = check(moment, bench.certificate, known);
        REQUIRE(found.fault);
        REQUIRE(found.fault->row == i + 2);
    }
    auto other = known;
    other.digest[0] ^= 1;
    const auto found = check(now, bench.certificate, other);
    REQUIRE(found.fault);
    CHECK(found.fault->row == other.row);
}

TEST_CASE("a chain that begins anew names the last row that was known", "[unit][audit]") {
    Bench bench;
    base::ManualClock clock(std::chrono::sys_days{base::Date{2026y / 11 / 23}});
    support::AuditDisk disk;
    auto lines = lines_of(bench.own.back().chain);
    lines.erase(lines.begin() + 3);
    disk.put(chain_file, base::to_bytes(joined(lines)));
    disk.put(head_file, base::to_bytes(bench.own.back().head));
    const auto chain = AuditChain::open(disk.mount(), clock, bench.device).value();
    CHECK(chain->was_damaged());
    CHECK(chain->head().row == 1);
    const auto line = lines_of(std::string(base::as_text(*disk.contents(chain_file)))).at(0);
    const auto first = read_row(line).value();
    CHECK(first.event == AuditEvent::chain_restarted);
    CHECK(first.entries == std::vector{AuditEntry{AuditField::rows, AuditValue(23)}});
    CHECK(first.before == read_head(bench.own.back().head)->head.digest);
}
