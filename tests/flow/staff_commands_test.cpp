// Goal: a technician at a terminal puts a staff list in place, makes an enrolment code and asks how
// things stand, and reads in one line what is wrong when something is. Method: the program as it
// was built, in a data folder of its own, with lists of a district that does not exist.
#include "tests/support/program_ending.hpp"
#include "tests/support/sample_desk.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <unistd.h>

using nlohmann::json;
using support::ProgramEnding;
using support::sample_office;
using support::SampleDesk;

namespace {

namespace fs = std::filesystem;

// A kiosk that trusts the sample district; its clock is this machine's.
struct Kiosk {
    std::string folder =
        (fs::temp_directory_path() / ("kiosk-commands-" + base::SystemRandom().uuid())).string();
    base::SystemClock clock;

    Kiosk() {
        fs::create_directories(folder + "/data");
        write("district.pem", sample_office().district.district_key_pem());
        write("kiosk.json", R"({"staff": {"rosterKeys": ["district.pem"]}})");
    }
    ~Kiosk() {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    std::string write(const std::string& name, const base::Bytes& bytes) const {
        const auto path = folder + "/" + name;
        REQUIRE(base::write_file_durably(path, bytes));
        return path;
    }
    std::string write(const std::string& name, const std::string& text) const {
        return write(name, base::to_bytes(text));
    }
    std::string list(std::uint64_t version, base::Milliseconds age = {}) const {
        return write("list", sample_office().roster(version, clock.wall() - age));
    }
    ProgramEnding run(const std::string& words) const {
        const auto command = std::string(KIOSK_PROGRAM) + " staff " + words + " --config " +
                             folder + "/kiosk.json --data " + folder + "/data";
        return support::run_program(command);
    }
    void refuses(const std::string& words, const char* wanted) const {
        const auto ending = run(words);
        INFO(words << ": " << ending.text);
        CHECK(ending.code == 1);
        CHECK(ending.text.starts_with("kiosk: "));
        CHECK(std::count(ending.text.begin(), ending.text.end(), '\n') == 1);
        CHECK(ending.text.find(wanted) != std::string::npos);
    }
};

} // namespace

TEST_CASE("a staff list is put in place, replaced by a newer one only, and its state is told",
          "[flow][staff][roster]") {
    using namespace std::chrono_literals;
    const Kiosk kiosk;
    auto status = kiosk.run("status");
    CHECK(status.code == 1);
    CHECK(status.text.find("this kiosk has no staff list") != std::string::npos);

    CHECK(kiosk.run("roster " + kiosk.list(5)).code == 0);
    status = kiosk.run("status");
    INFO(status.text);
    CHECK(status.code == 0);
    CHECK(status.text.find("version 5") != std::string::npos);
    CHECK(status.text.find("4: 2 office-worker, 2 technician, 1 administrator") !=
          std::string::npos);
    CHECK(status.text.find("5, 1 of them spare") != std::string::npos);
    const auto facts = json::parse(kiosk.run("status --json").text);
    CHECK(facts["version"] == 5);
    CHECK(facts["good"] == true);
    CHECK(facts["roles"]["technician"] == 2);
    // No id, no key, no digest.
    for (const auto* secret : {"S-1182", "digest", "signs"})
        CHECK(facts.dump().find(secret) == std::string::npos);

    kiosk.refuses("roster " + kiosk.list(4), "older than the staff list");
    kiosk.refuses("roster " + kiosk.list(5, 2min), "another staff list of the same version");
    kiosk.refuses("roster " + kiosk.list(6, 8 * 24h), "good until");
    // Only a clock that is vouched for can say that a list is of the future (G17).
    if (kiosk.clock.is_synchronised())
        kiosk.refuses("roster " + kiosk.list(6, -49h), "of the future");
    auto altered = sample_office().roster(6, kiosk.clock.wall());
    altered[300] ^= 1;
    kiosk.refuses("roster " + kiosk.write("altered", altered), "not signed by the district");
    kiosk.refuses("roster " + kiosk.write("broken", sample_office().district.sign("{}")),
                  "not a staff list: /schema");
    kiosk.refuses("roster " + kiosk.folder + "/absent", "absent");
    kiosk.refuses("roster " + kiosk.write("long", std::string(600'000, ' ')), "over");
    CHECK(json::parse(kiosk.run("status --json").text)["version"] == 5);
    CHECK(kiosk.run("roster " + kiosk.list(7)).code == 0);
    CHECK(json::parse(kiosk.run("status --json").text)["version"] == 7);

    kiosk.write("data/staff/roster", std::string("damaged"));
    CHECK(kiosk.run("status").text.find("no staff list signed by the district") !=
          std::string::npos);
    CHECK(kiosk.run("roster").code == 2); // which file?
    CHECK(kiosk.run("").code == 2);
    CHECK(kiosk.run("--help").code == 0);
}

TEST_CASE("an enrolment code is shown once, kept as a slow hash, and refused after the first list",
          "[flow][staff]") {
    const Kiosk kiosk;
    const auto made = kiosk.run("code");
    INFO(made.text);
    REQUIRE(made.code == 0);
    const auto grouped = made.text.substr(0, 14);
    CHECK(grouped[4] == ' ');
    CHECK(grouped[9] == ' ');
    auto digits = grouped;
    digits.erase(std::remove(digits.begin(), digits.end(), ' '), digits.end());
    CHECK(digits.size() == 12);
    CHECK(digits.find_first_not_of("0123456789") == std::string::npos);
    CHECK(staff::is_enrolment_code(kiosk.folder + "/data/staff", base::SecretText(grouped)));
    for (const auto& file : fs::recursive_directory_iterator(kiosk.folder)) {
        if (!file.is_regular_file()) continue;
        const auto bytes = base::read_file(file.path().string()).value();
        CHECK(base::as_text(bytes).find(digits) == std::string_view::npos);
        CHECK(base::as_text(bytes).find(grouped) == std::string_view::npos);
    }
    CHECK(kiosk.run("status").text.find("a code is waiting") != std::string::npos);
    CHECK(kiosk.run("roster " + kiosk.list(1)).code == 0);
    kiosk.refuses("code", "has had a staff list");
}

TEST_CASE("what stands in a command's way is said with what to do", "[flow][staff]") {
    const Kiosk kiosk;
    kiosk.write("kiosk.json", std::string("{}"));
    kiosk.refuses("roster " + kiosk.list(1), "no district key is configured");
    kiosk.write("kiosk.json", std::string(R"({"staff": {"rosterKeys": ["kiosk.json"]}})"));
    kiosk.refuses("status", "no Ed25519 public key");
    fs::remove_all(kiosk.folder + "/data");
    kiosk.refuses("code", "no data folder");
    if (::geteuid() != 0) return; // only root can make a folder of somebody else's
    fs::create_directories(kiosk.folder + "/data");
    REQUIRE(::chown((kiosk.folder + "/data").c_str(), 1, 1) == 0);
    kiosk.refuses("code", "sudo -u daemon kiosk staff code");
}

TEST_CASE("a kiosk takes over what was put there for it", "[flow][staff][roster]") {
    // The command's file is the authenticator's file: shown by its own reading of it.
    const Kiosk kiosk;
    REQUIRE(kiosk.run("roster " + kiosk.list(3)).code == 0);
    base::SystemRandom random;
    support::SampleAudit audit;
    const auto folder = kiosk.folder + "/data/staff";
    const auto state = staff::DeskState::open(staff::desk_file_in(folder)).value();
    const auto desk =
        staff::Authenticator::open({folder, "K7", {sample_office().district.district_key()}},
                                   kiosk.clock, random, audit, *state)
            .value();
    CHECK(desk->roster_version() == 3);
    CHECK(audit.count(staff::AuditEvent::roster_accepted) == 1);
}
