// The check that a release holds nothing of development (tests/system/release_binary, which .ci/run
// applies to a release) finds each thing in a program that does hold it: this one.
#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <string>
#include <sys/wait.h>

namespace {

struct Run {
    int exit_code = -1;
    std::string output;
};

Run run(const std::string& command) {
    Run result;
    auto* pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> piece{};
    while (const auto read = std::fread(piece.data(), 1, piece.size(), pipe))
        result.output.append(piece.data(), read);
    const int status = ::pclose(pipe);
    if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
    return result;
}

} // namespace

TEST_CASE("what a release may not hold is found where it is: commands, symbols",
          "[flow][refusal][G13]") {
    const auto found = run("tests/system/release_binary --planted " KIOSK_PROGRAM);
    INFO(found.output);
    CHECK(found.exit_code == 1);
    for (const std::string command : {"run --headless", "run --demo", "screens capture",
                                      "screens crawl", "handwriting", "platform serve"})
        CHECK(found.output.find("'kiosk " + command) != std::string::npos);
    for (const std::string symbol :
         {"Simulated", "RosterMaker", "demo_staff", "demo_roster", "DemoWorld", "ReferencePlatform",
          "ManualClock", "SeededRandom", "make_demo_keys", "make_test_page"})
        CHECK(found.output.find("symbols with '" + symbol + "'") != std::string::npos);
}

TEST_CASE("the check says how it is used", "[flow]") {
    const auto found = run("tests/system/release_binary --planted");
    CHECK(found.exit_code != 0);
    CHECK(found.output.find("usage") != std::string::npos);
}
