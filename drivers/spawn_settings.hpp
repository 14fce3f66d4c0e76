// What posix_spawn(3) is given beside the program: owned, so that nothing is left on any way out.
#pragma once

#include <csignal>
#include <spawn.h>

namespace drivers {

struct SpawnFiles {
    posix_spawn_file_actions_t actions;
    SpawnFiles() { ::posix_spawn_file_actions_init(&actions); }
    ~SpawnFiles() { ::posix_spawn_file_actions_destroy(&actions); }
    SpawnFiles(const SpawnFiles&) = delete;
};

// Signals as at the start of a program: this process blocks and ignores some.
struct SpawnAttributes {
    // A group of its own: what it starts can be killed with it.
    enum class Group { ours, its_own };

    posix_spawnattr_t attributes;
    explicit SpawnAttributes(Group group) {
        ::posix_spawnattr_init(&attributes);
        sigset_t none, all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        ::posix_spawnattr_setpgroup(&attributes, 0);
        const int group_flag = group == Group::its_own ? POSIX_SPAWN_SETPGROUP : 0;
        ::posix_spawnattr_setflags(
            &attributes, short(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group_flag));
    }
    ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes); }
    SpawnAttributes(const SpawnAttributes&) = delete;
};

} // namespace drivers
