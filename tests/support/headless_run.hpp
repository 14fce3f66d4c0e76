// The program as it was built, run without a window on a data folder of its own, for tests that end
// it at moments of their choosing: what it called received, and what arrived at its platform.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace support {

// Gone with everything in it when it goes.
struct RunFolder {
    std::filesystem::path path;
    explicit RunFolder(const std::string& name);
    ~RunFolder();
    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;
};

struct Ended {
    bool was_killed = false; // by SIGKILL
    int code = -1;           // -1: by a signal
    std::string said;
};

// Runs `program` to its end; what it prints goes through the file `printed`. `environment`:
// "NAME=value", beside this program's own.
Ended run_to_end(const std::string& program, std::vector<std::string> arguments,
                 const std::filesystem::path& printed,
                 const std::vector<std::string>& environment = {});
// `run --headless --script SCRIPT --out OUT --data DATA`
std::vector<std::string> headless(const std::filesystem::path& script,
                                  const std::filesystem::path& out,
                                  const std::filesystem::path& data);

// Keys of the events `accepted`; the same twice is a failed CHECK.
std::set<std::string> keys_told_accepted(const std::filesystem::path& data);
// The keys of the opened requests in an --out folder, each as often as it arrived.
std::multiset<std::string> keys_at_the_platform(const std::filesystem::path& out);
// Names of the pictures in an --out folder.
std::set<std::string> pictures(const std::filesystem::path& out);

} // namespace support
