// Starts the test program again as umockdev-wrapper would, before main(), so that it can be run
// like any other; ends it with ctest's word for "skipped" where umockdev is not installed.
#include "tests/support/umockdev_sockets.hpp"

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <string>
#include <unistd.h>

namespace {

// With address checks their library has to come first (spec usb-emulation §2, trap 3).
std::string sanitizer_library() {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);)
        for (const char* name : {"/libasan.so", "/libtsan.so"})
            if (line.find(name) != std::string::npos) return line.substr(line.find('/')) + " ";
    return "";
}

[[gnu::constructor]] void start_under_umockdev(int, char** arguments) {
    if (test_support::UmockdevSockets::are_there()) return;
    constexpr auto library = "libumockdev-preload.so.0";
    if (dlopen(library, RTLD_LAZY) != nullptr) {
        ::setenv("LD_PRELOAD", (sanitizer_library() + library).c_str(), 1);
        ::execv("/proc/self/exe", arguments);
    }
    std::puts("SKIP: umockdev not found, install the package umockdev");
    std::fflush(stdout);
    constexpr int skipped = 77; // SKIP_RETURN_CODE
    std::_Exit(skipped);
}

} // namespace
