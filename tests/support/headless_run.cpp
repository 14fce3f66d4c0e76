#include "tests/support/headless_run.hpp"

#include "kiosk/base/bytes.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace support {

namespace fs = std::filesystem;
using nlohmann::json;

RunFolder::RunFolder(const std::string& name)
    : path(fs::temp_directory_path() / (name + "-" + std::to_string(::getpid()))) {
    fs::create_directories(path);
}
RunFolder::~RunFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
}

Ended run_to_end(const std::string& program, std::vector<std::string> arguments,
                 const fs::path& printed, const std::vector<std::string>& environment) {
    arguments.insert(arguments.begin(), program);
    std::vector<char*> words, variables;
    for (auto& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    for (auto** each = environ; *each; ++each) variables.push_back(*each);
    auto own = environment;
    for (auto& variable : own) variables.push_back(variable.data());
    variables.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    REQUIRE(::posix_spawn_file_actions_init(&actions) == 0);
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO})
        REQUIRE(::posix_spawn_file_actions_addopen(&actions, fd, printed.c_str(),
                                                   O_WRONLY | O_CREAT | O_APPEND, 0600) == 0);
    pid_t child = -1;
    REQUIRE(::posix_spawn(&child, program.c_str(), &actions, nullptr, words.data(),
                          variables.data()) == 0);
    ::posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    const auto bytes = base::read_file(printed.string());
    return {WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
            WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            bytes ? std::string(base::as_text(*bytes)) : ""};
}

std::vector<std::string> headless(const fs::path& script, const fs::path& out,
                                  const fs::path& data) {
    return {"run",   "--headless", "--script", script.string(),
            "--out", out.string(), "--data",   data.string()};
}

std::set<std::string> keys_told_accepted(const fs::path& data) {
    std::set<std::string> keys;
    std::ifstream events(data / "events.jsonl");
    for (std::string line; std::getline(events, line);) {
        const auto event = json::parse(line, nullptr, false);
        if (event.is_object() && event.value("event", "") == "accepted")
            CHECK(keys.insert(event["key"]).second);
    }
    return keys;
}

std::multiset<std::string> keys_at_the_platform(const fs::path& out) {
    std::multiset<std::string> keys;
    for (const auto& entry : fs::directory_iterator(out)) {
        if (entry.path().extension() != ".json") continue;
        const auto bytes = base::read_file(entry.path().string());
        REQUIRE(bytes.has_value());
        keys.insert(json::parse(bytes->begin(), bytes->end())["id"]);
    }
    return keys;
}

std::set<std::string> pictures(const fs::path& out) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(out))
        if (entry.path().extension() == ".png") names.insert(entry.path().filename());
    return names;
}

} // namespace support
