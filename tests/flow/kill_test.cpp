// Goal: whenever the program dies, what it called received arrives once, nothing else arrives, and
// the next start shows the welcome screen (spec reliability F2, M4). Method: the program itself,
// killed by a signal before and after every effect of a visit; then started again on the same data
// to deliver what is pending. The same for a visit with a witness and for what staff do in their
// area: the audit chain is whole whenever the program dies, and says what holds. All people in the
// scripts are synthetic.
#include "tests/support/headless_run.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::Ended;
using support::headless;
using support::keys_at_the_platform;
using support::keys_told_accepted;
using support::pictures;

const std::string alone_script = "tests/fixtures/scripts/elderly-allowance-self.json";
// A request, and the paper that was missing in the same visit.
const std::string papers_script = "tests/fixtures/scripts/add-papers-en.json";
const std::string witness_script = "tests/fixtures/scripts/witness.json";
// Log in, out of service, a notice, back in service, log out.
constexpr const char* area_script = R"({"steps": [
    {"insert_staff_card": "office"}, {"digits": "246810"}, {"press": "actions/go"},
    {"press": "staff/task/stop"}, {"press": "staff/task/notice"},
    {"press": "question/option/long-wait"}, {"press": "actions/go"}, {"press": "actions/go"},
    {"pull_staff_card": true}, {"expect": {"audit": {"service_resumed": 1, "logged_out": 1}}}
]})";

Ended run(std::vector<std::string> arguments, const fs::path& printed) {
    return support::run_to_end(KIOSK_PROGRAM, std::move(arguments), printed);
}

int effects_of(const fs::path& script, const support::RunFolder& folder) {
    const auto ended =
        run(headless(script, folder.path / "whole" / "out", folder.path / "whole" / "data"),
            folder.path / "whole.txt");
    INFO(ended.said);
    REQUIRE(ended.code == 0);
    const auto at = ended.said.find(" effects");
    REQUIRE(at != std::string::npos);
    const auto from = ended.said.rfind(' ', at - 1);
    return std::stoi(ended.said.substr(from + 1, at - from - 1));
}

} // namespace

TEST_CASE("killed at any effect, what was called received arrives once", "[flow][kill][F2][M4]") {
    const auto visit_script = GENERATE(as<std::string>{}, alone_script, papers_script);
    const support::RunFolder folder("kiosk-kill");
    const auto welcome = folder.path / "welcome.json";
    std::ofstream(welcome) << R"({"steps": [{"expect": {"screen": "attract"}}]})";
    const int effects = effects_of(visit_script, folder);
    REQUIRE(effects > 5);
    int told = 0;
    std::chrono::duration<double> slowest{};
    for (int kill = 0; kill < effects; ++kill)
        for (const bool after : {false, true}) {
            INFO("killed " << (after ? "after" : "before") << " effect " << kill);
            const auto place = folder.path / (std::to_string(kill) + (after ? "a" : "b"));
            auto first = headless(visit_script, place / "out", place / "data");
            first.insert(first.end(), {"--kill-at", std::to_string(kill)});
            if (after) first.push_back("--kill-after");
            CHECK(run(first, folder.path / "first.txt").was_killed);
            const auto accepted = keys_told_accepted(place / "data");

            auto second = headless(welcome, place / "again", place / "data");
            second.push_back("--deliver");
            const auto began = std::chrono::steady_clock::now();
            const auto ended = run(second, place / "second.txt");
            slowest = std::max<std::chrono::duration<double>>(
                slowest, std::chrono::steady_clock::now() - began);
            INFO(ended.said);
            CHECK(ended.code == 0);
            // Nothing of the dead visit is shown: there is the welcome screen and no other.
            CHECK(pictures(place / "again") == std::set<std::string>{"001-attract.png"});
            const auto arrived = keys_at_the_platform(place / "again");
            CHECK(arrived == std::multiset<std::string>(accepted.begin(), accepted.end()));
            CHECK(keys_told_accepted(place / "data") == accepted);
            told += int(accepted.size());
            fs::remove_all(place);
        }
    // Before its store effect nothing is told of a request, behind it everything.
    const int requests = visit_script == papers_script ? 2 : 1;
    CHECK(told > 0);
    CHECK(told < 2 * effects * requests);
    std::printf("kill: %d effects, killed before and after each; slowest start with welcome screen "
                "and delivery %.2f s\n",
                effects, slowest.count());
}

// ---- staff ----

namespace {

// How often each event stands in the chain, and the keys of signed requests. The chain is whole.
struct Chain {
    std::map<std::string, int> events;
    std::set<std::string> signed_keys;
};
Chain chain_in(const fs::path& data) {
    const auto verified = run({"audit", "verify", "--data", data.string(), "--certificate",
                               (data / "demo-keys" / "device.pem").string()},
                              data / "verified.txt");
    INFO(verified.said);
    CHECK(verified.code == 0);
    Chain chain;
    std::ifstream rows(data / "audit" / "chain.jsonl");
    for (std::string line; std::getline(rows, line);) {
        const auto row = json::parse(line, nullptr, false);
        ++chain.events[row.value("event", "")];
        if (row.contains("key")) chain.signed_keys.insert(row["key"].get<std::string>());
    }
    return chain;
}

} // namespace

TEST_CASE("killed at any effect of a visit with a witness, the chain knows of every request",
          "[flow][kill][staff][F2][refusal][G9]") {
    const support::RunFolder folder("kiosk-kill");
    const auto welcome = folder.path / "welcome.json";
    std::ofstream(welcome) << R"({"steps": [{"expect": {"screen": "attract"}}]})";
    const int effects = effects_of(witness_script, folder);
    int told = 0;
    for (int kill = 0; kill < effects; ++kill)
        for (const bool after : {false, true}) {
            INFO("killed " << (after ? "after" : "before") << " effect " << kill);
            const auto place = folder.path / (std::to_string(kill) + (after ? "a" : "b"));
            auto first = headless(witness_script, place / "out", place / "data");
            first.insert(first.end(), {"--kill-at", std::to_string(kill)});
            if (after) first.push_back("--kill-after");
            CHECK(run(first, folder.path / "first.txt").was_killed);
            const auto accepted = keys_told_accepted(place / "data");
            auto second = headless(welcome, place / "again", place / "data");
            second.push_back("--deliver");
            const auto ended = run(second, place / "second.txt");
            INFO(ended.said);
            CHECK(ended.code == 0);
            const auto arrived = keys_at_the_platform(place / "again");
            CHECK(arrived == std::multiset<std::string>(accepted.begin(), accepted.end()));
            const auto chain = chain_in(place / "data");
            for (const auto& key : arrived) CHECK(chain.signed_keys.contains(key));
            told += int(accepted.size());
            fs::remove_all(place);
        }
    CHECK(told > 0);
    CHECK(told < 2 * effects);
    std::printf("kill: %d effects of a visit with a witness\n", effects);
}

TEST_CASE("killed at any effect of the staff area, the kiosk stands as the chain says",
          "[flow][kill][staff][refusal][G9]") {
    const support::RunFolder folder("kiosk-kill");
    const auto script = folder.path / "area.json";
    std::ofstream(script) << area_script;
    const auto welcome = folder.path / "welcome.json";
    std::ofstream(welcome) << R"({"steps": [{"wait": 1}]})";
    const int effects = effects_of(script, folder);
    REQUIRE(effects >= 5);
    int closed = 0;
    for (int kill = 0; kill < effects; ++kill)
        for (const bool after : {false, true}) {
            INFO("killed " << (after ? "after" : "before") << " effect " << kill);
            const auto place = folder.path / (std::to_string(kill) + (after ? "a" : "b"));
            auto first = headless(script, place / "out", place / "data");
            first.insert(first.end(), {"--kill-at", std::to_string(kill)});
            if (after) first.push_back("--kill-after");
            CHECK(run(first, folder.path / "first.txt").was_killed);
            const auto ended =
                run(headless(welcome, place / "again", place / "data"), place / "second.txt");
            INFO(ended.said);
            CHECK(ended.code == 0);
            auto chain = chain_in(place / "data");
            const bool is_closed =
                chain.events["service_stopped"] > chain.events["service_resumed"];
            CHECK(pictures(place / "again") ==
                  std::set<std::string>{is_closed ? "001-out_of_service.png" : "001-attract.png"});
            closed += int(is_closed);
            fs::remove_all(place);
        }
    CHECK(closed > 0);
    CHECK(closed < 2 * effects);
    std::printf("kill: %d effects of the staff area\n", effects);
}
