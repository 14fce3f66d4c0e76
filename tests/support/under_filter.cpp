// under_filter FILE PROGRAM [ARGUMENT...]: runs a program that may make the system calls named in
// FILE and no others, as systemd has a service run under its SystemCallFilter (refused with EPERM,
// SystemCallErrorNumber of our unit).
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <seccomp.h>
#include <string>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    std::ifstream names(argv[1]);
    const scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int allowed = 0;
    for (std::string name; names >> name;) {
        const int call = ::seccomp_syscall_resolve_name(name.c_str());
        if (call == __NR_SCMP_ERROR) continue; // of a newer system
        if (::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0) ++allowed;
    }
    if (allowed == 0 || ::seccomp_load(filter) != 0) {
        std::fprintf(stderr, "under_filter: the filter was refused\n");
        return 2;
    }
    ::execv(argv[2], argv + 2);
    std::perror(argv[2]);
    return 2;
}
