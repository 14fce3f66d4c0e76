// The audit chain: what stands in a row and what cannot, where it is kept, who may write at once.
// All ids are made up.
#include "kiosk/staff/audit.hpp"

#include "kiosk/base/language.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/staff/audit_check.hpp"
#include "kiosk/staff/audit_files.hpp"
#include "kiosk/staff/audit_rows.hpp"
#include "tests/support/audit_disk.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace staff;
using namespace std::chrono_literals;
using nlohmann::ordered_json;

namespace {

const base::WallTime morning = std::chrono::sys_days{base::Date{2026y / 11 / 22}} + 2h;
const std::string key = "6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e01";
const auto anybody = AuditValue::staff_id("S-1182");

// A chain in memory and its lines as anybody would read them.
struct Desk {
    support::AuditDisk disk;
    base::ManualClock clock{morning};
    platform::KeyPair device = support::demo_device();
    std::unique_ptr<AuditChain> chain = AuditChain::open(disk.mount(), clock, device).value();

    std::vector<std::string> lines() const {
        std::vector<std::string> lines;
        std::string line;
        const auto bytes = disk.contents(chain_file).value();
        for (const auto byte : bytes) {
            if (byte != '\n') {
                line += char(byte);
                continue;
            }
            lines.push_back(line);
            line.clear();
        }
        return lines;
    }
    ordered_json last() const { return ordered_json::parse(lines().back()); }
};

std::vector<std::string> members_of(const ordered_json& row) {
    std::vector<std::string> names;
    for (const auto& item : row.items()) names.push_back(item.key());
    return names;
}

// Does this end the program as a CHECK does? Tried in a copy of it.
template <class Deed> bool is_bug(Deed&& deed) {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);
        ::close(STDERR_FILENO); // the message would look like this test's own
        deed();
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

} // namespace

#ifndef KIOSK_IS_SANITIZED // what a sanitizer keeps would be counted
namespace {

// Rows as a kiosk writes them, without a disk for each: their number and bytes.
std::uint64_t write_chain(const std::string& folder, std::size_t size,
                          const platform::KeyPair& device) {
    std::string text;
    AuditHeadFile head;
    base::Sha256 before{};
    std::uint64_t number = 0;
    while (text.size() < size) {
        AuditRow row{++number, morning, AuditEvent::chain_started, {}, before};
        if (number > 1) {
            row.event = AuditEvent::request_signed;
            row.entries = {{AuditField::witness, anybody},
                           {AuditField::assistant, anybody},
                           {AuditField::same, 1},
                           {AuditField::key, AuditValue::key(key)}};
        }
        head.last = write_row(row);
        before = base::sha256(base::as_bytes(head.last));
        text += head.last + "\n";
    }
    head.head = platform::sign_audit_head(number, before, device).value();
    std::filesystem::create_directories(folder);
    REQUIRE(base::write_file_durably(folder + "/" + chain_file, base::as_bytes(text)));
    REQUIRE(base::write_file_durably(folder + "/" + head_file, base::as_bytes(write_head(head))));
    return number;
}

// Of this process, in bytes: the most since the mark was set back (proc(5), clear_refs), and now.
std::size_t status_bytes(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(name)) return std::stoul(line.substr(name.size() + 1)) * 1024;
    return 0;
}

} // namespace

// Goal: the longest chain fits a kiosk's memory (audit.md). Method: the peak of this process while
// it opens one, against the file's size; whole, and with its last line torn.
TEST_CASE("opening a long chain holds it in memory once", "[unit][audit]") {
    constexpr std::size_t size = 16u << 20;
    const support::TemporaryFolder folder;
    base::ManualClock clock(morning);
    const auto device = support::demo_device();
    const auto rows = write_chain(folder.file("audit"), size, device);
    for (const bool is_torn : {false, true}) {
        const auto file = folder.file("audit") + "/" + chain_file;
        if (is_torn) std::filesystem::resize_file(file, std::filesystem::file_size(file) - 100);
        std::ofstream("/proc/self/clear_refs") << "5";
        const auto before = status_bytes("VmRSS:");
        REQUIRE(before > 0);
        const auto begun = std::chrono::steady_clock::now();
        const auto chain = AuditChain::open(folder.file("audit"), clock, device).value();
        const auto took = std::chrono::steady_clock::now() - begun;
        const auto peak = status_bytes("VmHWM:");
        CHECK_FALSE(chain->was_damaged());
        CHECK(chain->head().row == rows);
        INFO(rows << " rows, " << (peak - before) / 1024 << " KiB, " << took / 1ms << " ms");
        CHECK(peak - before < size * 3 / 2);
    }
}
#endif

TEST_CASE("a chain that is opened again goes on where it was", "[unit][audit]") {
    const support::TemporaryFolder folder;
    base::ManualClock clock(morning);
    const auto device = support::demo_device();
    {
        const auto chain = AuditChain::open(folder.file("audit"), clock, device).value();
        CHECK(chain->head().row == 1);
        clock.advance(1min);
        REQUIRE(chain->append(AuditEvent::logged_in, {{AuditField::staff, anybody}}));
        REQUIRE(record_request(*chain, key, "S-1182", "S-1182", ""));
        CHECK(AuditChain::open(folder.file("audit"), clock, device).error().code ==
              base::Errc::locked);
        CHECK(is_audit_folder_open(folder.file("audit")));
    }
    CHECK_FALSE(is_audit_folder_open(folder.file("audit")));
    const auto chain = AuditChain::open(folder.file("audit"), clock, device).value();
    CHECK_FALSE(chain->was_damaged());
    CHECK(chain->head().row == 3);
    CHECK(chain->last_time() == morning + 1min);
    const auto report = verify_audit(folder.file("audit"), device.certificate()).value();
    CHECK(report.rows == 3);
    CHECK_FALSE(report.fault);
    CHECK(report.signature_checked);
    CHECK_FALSE(verify_audit(folder.file("audit"), std::nullopt)->signature_checked);
    CHECK(verify_audit(folder.file("elsewhere"), std::nullopt).error().code ==
          base::Errc::not_found);
    struct stat status {};
    REQUIRE(::stat(folder.file("audit").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("a row is one line of plain JSON that holds the digest of the line before",
          "[unit][audit]") {
    Desk desk;
    base::SeededRandom random(1);
    base::Bytes nonce(32);
    random.fill(nonce);
    desk.clock.advance(65s);
    // In any order, with what is absent left out.
    REQUIRE(desk.chain->append(AuditEvent::confirmed, {{AuditField::proof, AuditValue::hex(nonce)},
                                                       {AuditField::purpose, Purpose::document},
                                                       {AuditField::card, AuditValue(1)},
                                                       {AuditField::clock, AuditValue::absent()},
                                                       {AuditField::nonce, AuditValue::hex(nonce)},
                                                       {AuditField::staff, anybody}}));
    const auto lines = desk.lines();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == "{\"row\":1,\"at\":\"2026-11-22T10:00:00+08:00\",\"event\":\"chain_started\","
                      "\"before\":\"" +
                          std::string(64, '0') + "\"}");
    CHECK(lines[1] == "{\"row\":2,\"at\":\"2026-11-22T10:01:05+08:00\",\"event\":\"confirmed\","
                      "\"staff\":\"S-1182\",\"card\":1,\"purpose\":\"document\",\"nonce\":\"" +
                          base::to_hex(nonce) + "\",\"proof\":\"" + base::to_hex(nonce) +
                          "\",\"before\":\"" + base::sha256_hex(base::as_bytes(lines[0])) + "\"}");
    // The head file is JSON as well, and holds the last row as it is.
    const auto head_bytes = *desk.disk.contents(head_file);
    const auto head = ordered_json::parse(head_bytes);
    CHECK(members_of(head) == std::vector<std::string>{"row", "digest", "signature", "last"});
    CHECK(head["last"] == ordered_json::parse(lines[1]));
    CHECK(head["digest"] == base::sha256_hex(base::as_bytes(lines[1])));
    CHECK(desk.chain->head().digest == base::sha256(base::as_bytes(lines[1])));
    CHECK(platform::check_audit_head(desk.chain->head(), desk.device.certificate()));
}

TEST_CASE("every event is written with every field it may have, and read again", "[unit][audit]") {
    // By form, whatever the field's name: what append() takes of a field, read_row() must take too.
    const auto value_of = [](AuditField field) {
        for (const auto& value :
             {AuditValue(7), anybody, AuditValue::key(key), AuditValue::word("a-word"),
              AuditValue::day(2026y / 11 / 22), AuditValue::hex(base::Bytes{1, 2})}) {
            if (has_form(field, value)) return value;
        }
        FAIL("a field without a value");
        return AuditValue::absent();
    };
    std::size_t longest = 0;
    for (std::size_t i = 0; i < audit_event_count; ++i) {
        const auto event = AuditEvent(i);
        std::vector<AuditEntry> all;
        for (std::size_t f = 0; f < audit_field_count; ++f) {
            if (may_have(event, AuditField(f)))
                all.push_back({AuditField(f), value_of(AuditField(f))});
        }
        std::reverse(all.begin(), all.end());
        const AuditRow row{i + 1, morning, event, in_order(event, all), {}};
        const auto line = write_row(row);
        INFO(line);
        longest = std::max(longest, line.size());
        const auto again = read_row(line);
        REQUIRE(again);
        CHECK(again->entries == row.entries);
        CHECK(ordered_json::parse(line)["event"] == to_string(event));
        CHECK(line.find('\\') == std::string::npos);
    }
    CHECK(longest < audit_row_limit / 2);
}

TEST_CASE("there is one text for a row, and no other is read", "[unit][audit]") {
    Desk desk;
    REQUIRE(desk.chain->append(AuditEvent::logged_in,
                               {{AuditField::staff, anybody}, {AuditField::card, AuditValue(1)}}));
    const auto line = desk.lines().back();
    REQUIRE(read_row(line));
    const auto with = [&](std::string_view from, std::string_view to) {
        auto changed = line;
        const auto at = changed.find(from);
        REQUIRE(at != std::string::npos);
        return changed.replace(at, from.size(), to);
    };
    for (const auto& other :
         {with("\"row\":2", "\"row\": 2"),
          with("\"row\":2", "\"row\":02"),
          with("\"card\":1", "\"card\":01"),
          with("\"card\":1", "\"card\":-0"),
          with("\"card\":1", "\"card\":\"1\""),
          with("\"card\":1", "\"card\":1.0"),
          with("\"card\":1", "\"card\":1,\"card\":1"),
          with("\"card\":1", "\"secret\":1"),
          with("\"card\":1", "\"version\":1"), // not a field of this event
          with("\"staff\":\"S-1182\",\"card\":1", "\"card\":1,\"staff\":\"S-1182\""),
          with("S-1182", "s-1182"),
          with("S-1182", "S-\\u0031"),
          with("S-1182", ""),
          with("+08:00", "+00:00"),
          with("T10:", "T25:"),
          with("-22T", "-31T"),
          with("logged_in", "logged_on"),
          with("}", "} "),
          with("}", ",\"x\":1}"),
          " " + line,
          line + "\r",
          line.substr(1),
          std::string()}) {
        INFO(other);
        CHECK_FALSE(read_row(other));
    }
}

TEST_CASE("an audit row has no place for a text about a person",
          "[unit][audit][refusal][G10][P11]") {
    STATIC_REQUIRE_FALSE(std::is_constructible_v<AuditValue, std::string>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<AuditValue, std::string_view>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<AuditValue, const char*>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<AuditValue, base::SecretText>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<AuditValue, base::Language>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<std::string, base::Word>); // AuditValue::word
    // A form that does not fit is a bug and stops the program. The person is synthetic.
    CHECK(is_bug([] { AuditValue::staff_id("张三"); }));
    CHECK(is_bug([] { AuditValue::staff_id("S-11820000000000000"); }));
    CHECK(is_bug([] { AuditValue::staff_id(""); }));
    CHECK(is_bug([] { AuditValue::key("659999194003150046"); }));
    CHECK(is_bug([] { AuditValue::key("6f1d0c9e-3b52-1e0f-9a55-0d7c1f6b7e01"); })); // version 1
    CHECK(is_bug([] { AuditValue::notice("Zhang San, Xinhua Road"); }));
    CHECK(is_bug([] { AuditValue::notice("张三"); }));
    CHECK(is_bug([] { AuditValue::hex(base::Bytes(129)); }));
    CHECK(is_bug([] { AuditValue::hex({}); }));
    CHECK(is_bug([] { AuditValue::word("Two Words"); }));
    CHECK_FALSE(is_bug([] { AuditValue::notice("back-soon"); }));

    Desk desk;
    const auto bad = [&](AuditEvent event, std::initializer_list<AuditEntry> entries) {
        return is_bug([&] { (void)desk.chain->append(event, entries); });
    };
    // A good value in a field of another form, a field of another event, one twice, one too few.
    CHECK(bad(AuditEvent::logged_in, {{AuditField::staff, AuditValue::notice("zhang-san")}}));
    CHECK(bad(AuditEvent::logged_in, {{AuditField::staff, AuditValue(659999)}}));
    CHECK(
        bad(AuditEvent::logged_in, {{AuditField::staff, anybody}, {AuditField::witness, anybody}}));
    CHECK(bad(AuditEvent::logged_in, {{AuditField::staff, anybody}, {AuditField::staff, anybody}}));
    CHECK(bad(AuditEvent::logged_in, {}));
    CHECK(bad(AuditEvent::chain_started, {}));
    CHECK(desk.lines().size() == 1);
}

TEST_CASE("an audit row carries no language, no name and no number of a person",
          "[unit][audit][refusal][G2][G10]") {
    // Everything a row can say. A new member is a decision: say here why it tells nothing about a
    // resident.
    const std::set<std::string> allowed{
        "staff",   "witness",   "assistant", "document",  "same",   "card",     "key",  // ids
        "purpose", "problem",   "reason",    "code",      "notice", "version",  "rows", // our words
        "day",     "witnessed", "assisted",  "documents", "logins", "failures",         // counts
        "nonce",   "proof", // what a staff card signed
        "clock"};
    std::set<std::string> found;
    for (std::size_t i = 0; i < audit_field_count; ++i)
        found.insert(std::string(to_string(AuditField(i))));
    CHECK(found == allowed);

    Desk desk;
    REQUIRE(record_request(*desk.chain, key, "S-1182", "S-7", ""));
    CHECK(members_of(desk.last()) ==
          std::vector<std::string>{"row", "at", "event", "witness", "assistant", "key", "before"});
}

TEST_CASE("one id that witnesses and assists in the same request is marked",
          "[unit][audit][refusal][G9][G10]") {
    struct Case {
        std::string witness, assistant, document;
        bool same;
    };
    for (const auto& one :
         {Case{"S-1", "S-2", "", false}, Case{"S-1", "S-1", "", true}, Case{"", "S-1", "S-1", true},
          Case{"S-1", "", "S-1", true}, Case{"S-1", "S-1", "S-1", true}, Case{"S-1", "", "", false},
          Case{"", "S-2", "", false}, Case{"", "", "S-3", false},
          Case{"S-1", "S-2", "S-3", false}}) {
        Desk desk;
        REQUIRE(record_request(*desk.chain, key, one.witness, one.assistant, one.document));
        const auto row = desk.last();
        INFO(row.dump());
        CHECK(row["event"] == "request_signed");
        CHECK(row["key"] == key);
        CHECK(row.value("witness", "") == one.witness);
        CHECK(row.value("assistant", "") == one.assistant);
        CHECK(row.value("document", "") == one.document);
        CHECK(row.value("same", 0) == (one.same ? 1 : 0));
    }
    // A resident alone leaves nothing in the chain of what staff did.
    Desk desk;
    REQUIRE(record_request(*desk.chain, key, "", "", ""));
    CHECK(desk.lines().size() == 1);
}

TEST_CASE("a request is on record before it is committed, or the caller is told",
          "[unit][audit][refusal][G10]") {
    Desk desk;
    desk.disk.fail_from(0, base::Errc::disk_full);
    CHECK(record_request(*desk.chain, key, "S-1", "", "").error().code == base::Errc::disk_full);
    CHECK(desk.lines().size() == 1);
}

TEST_CASE("a clock that goes back or is wrong does not break the chain", "[unit][audit]") {
    Desk desk;
    const std::vector<base::WallTime> times{
        morning + 1h, morning - 24h * 400, base::WallTime{}, base::WallTime{} - 24h * 365 * 3000,
        std::chrono::sys_days{base::Date{9999y / 12 / 31}} + 30h};
    for (const auto time : times) {
        desk.clock.jump_wall(time - desk.clock.wall());
        REQUIRE(desk.chain->append(AuditEvent::duty_ended));
        REQUIRE(read_row(desk.lines().back()));
        if (time == morning + 1h) CHECK(desk.chain->last_time() == time);
        if (time < morning) CHECK(desk.chain->last_time() == morning + 1h); // the latest ever seen
    }
    const auto latest = desk.chain->last_time();
    desk.chain.reset();
    const auto again = AuditChain::open(desk.disk.mount(), desk.clock, desk.device).value();
    CHECK_FALSE(again->was_damaged());
    CHECK(again->head().row == 1 + times.size());
    CHECK(again->last_time() == latest);
}

TEST_CASE("a full chain refuses rows in words and stays whole", "[unit][audit]") {
    support::AuditDisk disk;
    disk.set_limit(1000);
    const base::ManualClock clock(morning);
    const auto device = support::demo_device();
    const auto chain = AuditChain::open(disk.mount(), clock, device).value();
    base::Result<void> written;
    int rows = 1;
    while ((written = chain->append(AuditEvent::duty_ended))) ++rows;
    CHECK(written.error().code == base::Errc::too_large);
    CHECK(written.error().context.find("the audit chain is full (1000 bytes)") == 0);
    CHECK(rows > 3);
    CHECK(chain->head().row == std::uint64_t(rows));
    const auto certificate = device.certificate();
    CHECK_FALSE(
        check_audit(*disk.contents(chain_file), *disk.contents(head_file), &certificate).fault);
}

TEST_CASE("several threads write rows at once, and each row stands once", "[unit][audit]") {
    Desk desk;
    constexpr int threads = 4;
    constexpr int rows = 25;
    std::atomic<int> failures = 0;
    std::atomic<bool> done = false;
    std::thread reader([&] {
        std::uint64_t last = 0;
        while (!done) {
            const auto head = desk.chain->head();
            if (head.row < last || desk.chain->last_time() < morning) ++failures;
            last = head.row;
            std::this_thread::yield();
        }
    });
    std::vector<std::thread> writers;
    for (int t = 0; t < threads; ++t) {
        writers.emplace_back([&, t] {
            for (int i = 0; i < rows; ++i) {
                const auto version = AuditValue(t * rows + i);
                if (!desk.chain->append(AuditEvent::roster_accepted,
                                        {{AuditField::version, version}}))
                    ++failures;
            }
        });
    }
    for (auto& writer : writers) writer.join();
    done = true;
    reader.join();
    CHECK(failures == 0);
    std::set<std::int64_t> versions;
    for (const auto& line : desk.lines()) {
        const auto row = ordered_json::parse(line);
        if (row.contains("version")) versions.insert(row["version"].get<std::int64_t>());
    }
    CHECK(versions.size() == threads * rows);
    const auto certificate = desk.device.certificate();
    CHECK_FALSE(
        check_audit(*desk.disk.contents(chain_file), *desk.disk.contents(head_file), &certificate)
            .fault);
}

TEST_CASE("a chain is verified while its kiosk writes", "[unit][audit]") {
    const support::TemporaryFolder folder;
    const base::ManualClock clock(morning);
    const auto device = support::demo_device();
    const auto chain = AuditChain::open(folder.file("audit"), clock, device).value();
    std::atomic<bool> done = false;
    std::thread writer([&] {
        for (int i = 0; i < 40; ++i) {
            if (!chain->append(AuditEvent::duty_ended)) break;
        }
        done = true;
    });
    int looks = 0;
    bool is_whole = true;
    do {
        const auto report = verify_audit(folder.file("audit"), device.certificate());
        is_whole = is_whole && report && !report->fault;
        ++looks;
    } while (!done);
    writer.join();
    CHECK(is_whole);
    CHECK(verify_audit(folder.file("audit"), device.certificate())->rows == 41);
    WARN("verified " << looks << " times meanwhile");
}

TEST_CASE("on a real disk a line that does not fit is taken out again", "[unit][audit]") {
    const support::TemporaryFolder folder;
    const base::ManualClock clock(morning);
    const auto device = support::demo_device();
    const auto chain = AuditChain::open(folder.file("audit"), clock, device).value();
    for (int i = 0; i < 10; ++i) REQUIRE(chain->append(AuditEvent::duty_ended));
    const auto path = folder.file("audit/chain.jsonl");
    const auto size = std::filesystem::file_size(path);

    // The system writes the part of the line that still fits, then refuses the rest.
    struct rlimit before {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
    struct rlimit tight = before;
    tight.rlim_cur = size + 50;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0);
    const auto refused = chain->append(AuditEvent::duty_ended);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    std::signal(SIGXFSZ, ignored);

    CHECK(refused.error().code == base::Errc::io);
    CHECK(std::filesystem::file_size(path) == size);
    CHECK_FALSE(verify_audit(folder.file("audit"), device.certificate())->fault);
    REQUIRE(chain->append(AuditEvent::duty_ended));
    CHECK(verify_audit(folder.file("audit"), device.certificate())->rows == 12);
}

TEST_CASE("whatever lies in the place of the audit files, a chain begins", "[unit][audit]") {
    const base::ManualClock clock(morning);
    const auto device = support::demo_device();
    for (const auto* name : {"chain.jsonl", "head.json"}) {
        const support::TemporaryFolder folder;
        std::filesystem::create_directories(folder.file(std::string("audit/") + name + "/x"));
        const auto chain = AuditChain::open(folder.file("audit"), clock, device);
        INFO(name);
        REQUIRE(chain);
        CHECK((*chain)->was_damaged());
        REQUIRE((*chain)->append(AuditEvent::duty_ended));
        const auto report = verify_audit(folder.file("audit"), device.certificate()).value();
        CHECK_FALSE(report.fault);
        CHECK(report.is_restarted);
    }
    // A file in the place of the folder is nothing that can be mended: words, no stop.
    const support::TemporaryFolder folder;
    REQUIRE(base::write_file_durably(folder.file("audit"), base::as_bytes("x")));
    CHECK(AuditChain::open(folder.file("audit"), clock, device).error().code == base::Errc::io);
}

TEST_CASE("a segment is the same lines of the file for ever, with a head of its own",
          "[unit][staff][audit]") {
    Desk desk;
    const auto fill_to = [&](std::uint64_t rows) {
        while (desk.chain->head().row < rows)
            REQUIRE(desk.chain->append(AuditEvent::duty_begun, {{AuditField::staff, anybody}}));
    };
    fill_to(audit_segment_rows - 1);
    CHECK(desk.chain->closed_segments() == 0);
    CHECK_FALSE(desk.chain->segment(1).value());
    fill_to(2 * audit_segment_rows + 5);
    CHECK(desk.chain->closed_segments() == 2);
    CHECK_FALSE(desk.chain->segment(3).value());
    const auto lines = desk.lines();
    std::vector<std::string> handed_in;
    for (const std::uint64_t number : {1, 2}) {
        const auto segment = desk.chain->segment(number).value().value();
        CHECK(segment.number == number);
        CHECK(segment.chain == base::sha256(base::as_bytes(lines.front())));
        CHECK(segment.end.row == number * audit_segment_rows);
        CHECK(segment.end.digest == base::sha256(base::as_bytes(segment.rows.back())));
        CHECK(platform::check_audit_head(segment.end, desk.device.certificate()));
        handed_in.insert(handed_in.end(), segment.rows.begin(), segment.rows.end());
    }
    CHECK(handed_in == std::vector(lines.begin(), lines.begin() + 2 * long(audit_segment_rows)));
    desk.chain.reset();
    desk.chain = AuditChain::open(desk.disk.mount(), desk.clock, desk.device).value();
    CHECK(desk.chain->segment(2).value()->rows.back() == handed_in.back());
}
