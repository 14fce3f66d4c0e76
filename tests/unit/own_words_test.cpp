// Goal: a running kiosk lets nothing out beside its log but lines of its own (spec reliability
// P11): the texts of libraries may quote what a resident typed, a path or an address.
// Method: a child process that speaks as libraries do, with its output in a pipe.
#include "kiosk/base/check.hpp"
#undef CHECK // Catch has one of its own
#include "kiosk/base/own_words.hpp"
#include "kiosk/base/process_privacy.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

struct Ending {
    std::string said; // on standard output and error
    int status = 0;   // as waitpid() gives it
};

constexpr int not_quiet = 77; // the child's exit code where sanitizers need standard error

Ending child(const std::function<void()>& does, bool is_quiet = true) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    std::cout << std::flush;
    const auto process = ::fork();
    REQUIRE(process >= 0);
    if (process == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::dup2(ends[1], STDERR_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        for (const int signal : {SIGABRT, SIGSEGV}) std::signal(signal, SIG_DFL); // not Catch's
        if (is_quiet && !base::keep_libraries_quiet()) ::_exit(not_quiet);
        does();
        std::cout << std::flush;
        std::fflush(nullptr);
        ::_exit(0);
    }
    ::close(ends[1]);
    Ending ending;
    char buffer[4096];
    for (ssize_t got; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        ending.said.append(buffer, std::size_t(got));
    ::close(ends[0]);
    REQUIRE(::waitpid(process, &ending.status, 0) == process);
    return ending;
}

// True, and said, where this build cannot be quiet.
bool is_not_quiet(const Ending& ending) {
    const bool is = WIFEXITED(ending.status) && WEXITSTATUS(ending.status) == not_quiet;
    if (is) WARN("not tested: sanitizers report to standard error");
    return is;
}

// Throws; the library quotes what it read last.
void read_what_was_typed() {
    const auto json = nlohmann::json::parse(R"({"name": "Ai Shiyan)");
    base::say(json.dump());
}

void speak_as_libraries_do() {
    std::fprintf(stderr, "reading /var/lib/person/Ai Shiyan\n");
    std::printf("GET https://place/?name=Ai Shiyan\n");
    std::cerr << "Ai Shiyan\n";
    std::cout << "Ai Shiyan\n";
    ::perror("/there/Ai Shiyan");
    if (::write(STDERR_FILENO, "Ai Shiyan\n", 10) != 10) ::_exit(1);
    if (std::system("echo Ai Shiyan; echo Ai Shiyan >&2") != 0) ::_exit(1);
    CV_LOG_ERROR(nullptr, "Ai Shiyan");
}

} // namespace

TEST_CASE("what libraries say gets nowhere, what the kiosk says does", "[unit][refusal][P11]") {
    const auto ending = child([] {
        base::say("the kiosk begins");
        speak_as_libraries_do();
        base::say("the kiosk ends");
    });
    if (is_not_quiet(ending)) return;
    CHECK(ending.said == "the kiosk begins\nthe kiosk ends\n");
    CHECK(ending.status == 0);
    // The same words do come out where nobody is kept quiet: they are what the test is about.
    const auto loud = child(speak_as_libraries_do, false);
    for (const auto* words : {"reading", "GET", "/there/Ai Shiyan: ", "[ERROR:"}) {
        INFO(words);
        CHECK(loud.said.find(words) != std::string::npos);
    }
}

TEST_CASE("with its standard descriptors closed the kiosk keeps no library's text in its files",
          "[unit][refusal][P11]") {
    // The child's end of the pipe stands for a file that it opens.
    const auto ending = child(
        [] {
            const int file = ::dup(STDOUT_FILENO);
            for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
                ::close(standard);
            base::make_process_private();
            const int kept = ::dup(file);
            if (kept <= STDERR_FILENO || ::write(kept, "kept\n", 5) != 5) ::_exit(1);
            speak_as_libraries_do();
        },
        false);
    CHECK(ending.said == "kept\n");
    CHECK(ending.status == 0);
}

TEST_CASE("an exception that nobody expected says what it is, not what it read",
          "[unit][refusal][P11]") {
    const auto parse = [] {
        try {
            read_what_was_typed();
        } catch (const std::exception& error) {
            base::say(base::last_words(error));
        }
    };
    const auto ending = child(parse);
    if (is_not_quiet(ending)) return;
    CHECK(ending.said.find("parse_error") != std::string::npos);
    CHECK(ending.said.find("Ai Shiyan") == std::string::npos);
    CHECK(child(parse, false).said.find("Ai Shiyan") != std::string::npos); // so it would have
}

TEST_CASE("a thread that ends by an exception says what it is, not what it read",
          "[unit][refusal][P11]") {
    const auto ending = child([] { std::thread(read_what_was_typed).join(); });
    if (is_not_quiet(ending)) return;
    CHECK(WIFSIGNALED(ending.status));
    CHECK(ending.said.starts_with("kiosk: stopped by something nobody expected: nlohmann"));
    CHECK(ending.said.find("Ai Shiyan") == std::string::npos);
}

TEST_CASE("a failed check still says which one", "[unit]") {
    const auto ending = child([] { base::check_failed("one == 2", "there.cpp", 7); });
    if (is_not_quiet(ending)) return;
    CHECK(WIFSIGNALED(ending.status));
    CHECK(ending.said == "CHECK failed: one == 2 (there.cpp:7)\n");
}
