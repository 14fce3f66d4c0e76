// How a command line ended: its exit code and what it printed and said, for tests that run the
// program as it was built.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <sys/wait.h>

namespace support {

struct ProgramEnding {
    int code = -1; // -1: it was killed, or could not be started
    std::string text;
    bool says(std::string_view words) const { return text.find(words) != std::string::npos; }
};

// Waits for the end. `command` is a line for the shell.
inline ProgramEnding run_program(const std::string& command) {
    ProgramEnding ending;
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return ending;
    char part[512];
    while (const auto size = std::fread(part, 1, sizeof part, pipe)) ending.text.append(part, size);
    const int status = ::pclose(pipe);
    if (WIFEXITED(status)) ending.code = WEXITSTATUS(status);
    return ending;
}

} // namespace support
