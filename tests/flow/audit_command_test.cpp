// Goal: whoever runs `kiosk audit verify` reads whether the chain is whole, which row is the first
// bad one and why, and a script reads the same from the exit code. Method: the program as it was
// built, over folders that a chain wrote and this test damages. All ids are made up.
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/staff/audit.hpp"
#include "kiosk/staff/audit_command.hpp"
#include "tests/support/program_ending.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>

using namespace staff;
using namespace std::chrono_literals;
using nlohmann::json;
using support::ProgramEnding;

namespace {

namespace fs = std::filesystem;

// A data folder with a chain of `rows` rows; the kiosk is off.
struct Kiosk {
    support::TemporaryFolder folder;
    std::string data = folder.file("data");
    AuditHead head;

    explicit Kiosk(int rows = 12) { work(rows); }

    void work(int rows) {
        const base::ManualClock clock(std::chrono::sys_days{base::Date{2026y / 11 / 22}} + 2h);
        const auto chain = AuditChain::open(data + "/audit", clock, support::demo_device()).value();
        while (chain->head().row < std::uint64_t(rows))
            REQUIRE(chain->append(AuditEvent::duty_begun,
                                  {{AuditField::staff, AuditValue::staff_id("S-1182")}}));
        head = chain->head();
    }
    std::string file(const std::string& name) const { return data + "/audit/" + name; }
    std::string read(const std::string& name) const {
        return std::string(base::as_text(base::read_file(file(name)).value()));
    }
    void write(const std::string& name, const std::string& text) const {
        REQUIRE(base::write_file_durably(file(name), base::as_bytes(text)));
    }
    ProgramEnding verify(const std::string& words = "") const {
        return bare("--certificate " + support::demo_keys().device_certificate + " " + words);
    }
    ProgramEnding bare(const std::string& words) const {
        const auto command =
            std::string(KIOSK_PROGRAM) + " audit verify --data " + data + " " + words;
        return support::run_program(command);
    }
};

std::string row_and_digest(const AuditHead& head) {
    return std::to_string(head.row) + ":" + base::to_hex(head.digest);
}

} // namespace

TEST_CASE("kiosk audit verify says that a chain is whole", "[flow][audit]") {
    const Kiosk kiosk;
    const auto ending = kiosk.verify();
    CHECK(ending.text == "whole: 12 rows, the last one signed by this kiosk\n");
    CHECK(ending.code == 0);
    const auto told = kiosk.verify("--json");
    CHECK(told.code == 0);
    CHECK(json::parse(told.text) == json{{"whole", true},
                                         {"rows", 12},
                                         {"signatureChecked", true},
                                         {"begunAnew", false},
                                         {"damagedFilesBeside", 0}});
    // Looking changes nothing.
    CHECK(fs::exists(kiosk.file("chain.jsonl")));
    CHECK(std::distance(fs::directory_iterator(kiosk.data + "/audit"), fs::directory_iterator()) ==
          3); // chain, head, lock
}

TEST_CASE("kiosk audit verify names the first bad row and why", "[flow][audit][refusal][P12]") {
    Kiosk kiosk;
    auto text = kiosk.read("chain.jsonl");
    text.replace(text.find("S-1182", text.find("\"row\":7,")), 6, "S-9999");
    kiosk.write("chain.jsonl", text);
    const auto ending = kiosk.verify();
    CHECK(ending.text ==
          "NOT WHOLE (12 rows), first bad row 7: row 7 is not the row that was written "
          "there: it was altered\n");
    CHECK(ending.code == 1);
    const auto told = json::parse(kiosk.verify("--json").text);
    CHECK(told["whole"] == false);
    CHECK(told["firstBadRow"] == 7);

    kiosk.write("head.json", "{}");
    CHECK(kiosk.verify().says("first bad row 7")); // a row is said before the head
    kiosk.work(3);                                 // the kiosk starts: what is damaged goes aside
    const auto anew = kiosk.verify();
    CHECK(anew.code == 0);
    CHECK(anew.says("whole: 3 rows"));
    CHECK(anew.says("began anew"));
    CHECK(anew.says("kept beside it: 1"));

    kiosk.write("head.json", "{}");
    CHECK(kiosk.verify().text.starts_with("NOT WHOLE (3 rows): the head is damaged"));
}

TEST_CASE("without the device's certificate a chain is not proven", "[flow][audit]") {
    const Kiosk kiosk;
    const auto ending = kiosk.bare("");
    CHECK(ending.says("NOT PROVEN: 12 rows agree"));
    CHECK(ending.says("--certificate FILE"));
    CHECK(ending.code == 1);
    const auto other = kiosk.bare("--certificate " + support::demo_keys().sealing_certificate);
    CHECK(other.says("the head is not signed by this kiosk"));
    CHECK(other.code == 1);
    const auto missing = kiosk.bare("--certificate " + kiosk.folder.file("none.pem"));
    CHECK(missing.says("the device's certificate"));
    CHECK(missing.code == 1);
}

TEST_CASE("a head that the platform remembers finds an earlier state put back", "[flow][audit]") {
    Kiosk kiosk(5);
    const auto earlier = kiosk.head;
    fs::copy(kiosk.data, kiosk.folder.file("copy"), fs::copy_options::recursive);
    kiosk.work(9);
    const auto later = row_and_digest(kiosk.head);
    CHECK(kiosk.verify("--head " + later).code == 0);
    CHECK(kiosk.verify("--head " + row_and_digest(earlier)).code == 0);
    CHECK(kiosk.verify("--head " + kiosk.file("head.json")).code == 0);
    const json heartbeat{{"appVersion", "0.1.0"},
                         {"audit", {{"row", 9}, {"digest", later.substr(2)}}}};
    kiosk.write("beat.json", heartbeat.dump());
    CHECK(kiosk.verify("--head " + kiosk.file("beat.json")).code == 0);

    // The whole folder as it was four rows ago: whole by itself, found by its later head.
    fs::remove_all(kiosk.data);
    fs::copy(kiosk.folder.file("copy"), kiosk.data, fs::copy_options::recursive);
    CHECK(kiosk.verify().code == 0);
    const auto found = kiosk.verify("--head " + later);
    CHECK(found.code == 1);
    CHECK(found.says("(5 rows), first bad row 6"));
    CHECK(found.says("an earlier state was put back"));
}

TEST_CASE("kiosk audit verify answers nonsense in one line", "[flow][audit]") {
    const Kiosk kiosk;
    for (const auto& head : {"17", "0:00", "7:abc", "x:y", "7:", ":", "-1:00"}) {
        INFO(head);
        const auto ending = kiosk.verify(std::string("--head ") + head);
        CHECK(ending.code == 2);
        CHECK(ending.says("ROW:DIGEST"));
        CHECK(std::count(ending.text.begin(), ending.text.end(), '\n') == 1);
    }
    CHECK(kiosk.bare("--nonsense").code == 2);
    fs::remove_all(kiosk.data + "/audit");
    const auto nothing = kiosk.verify();
    CHECK(nothing.code == 1);
    CHECK(nothing.says("no audit chain in"));
    CHECK(nothing.says("--data DIR"));
}
