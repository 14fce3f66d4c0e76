// A library to be loaded before the C library (LD_PRELOAD): counts the calls of a program that
// change files below one folder, and lets the n-th of them fail or be the program's last.
//
// FILE_FAULTS_FOLDER  only files below it count
// FILE_FAULTS_AT      which call, from 0; absent: none
// FILE_FAULTS_KIND    KILL (before the call), EIO, ENOSPC or EROFS
// FILE_FAULTS_LASTING "on": that call and all after it
// FILE_FAULTS_COUNT   file into which the number of calls goes at the end
//
// Threads may call at the same time; which one is the n-th is then a matter of chance, as in life.
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace {

struct Plan {
    std::string folder;
    std::string count_file;
    long at = -1;
    int error = 0; // 0: kill
    bool lasts = false;

    Plan() {
        const auto text = [](const char* name) {
            const char* value = std::getenv(name);
            return std::string(value ? value : "");
        };
        folder = text("FILE_FAULTS_FOLDER");
        count_file = text("FILE_FAULTS_COUNT");
        if (const auto number = text("FILE_FAULTS_AT"); !number.empty()) at = std::stol(number);
        const auto kind = text("FILE_FAULTS_KIND");
        error = kind == "EIO" ? EIO : kind == "ENOSPC" ? ENOSPC : kind == "EROFS" ? EROFS : 0;
        lasts = text("FILE_FAULTS_LASTING") == "on";
    }
    bool is_below(const char* path) const {
        return !folder.empty() && path && std::strncmp(path, folder.c_str(), folder.size()) == 0;
    }
};

const Plan& plan() {
    static const Plan made;
    return made;
}
std::atomic<long> calls{0};

bool is_below(int fd) {
    if (plan().folder.empty()) return false;
    char link[64], path[4096];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const auto size = ::readlink(link, path, sizeof path - 1);
    if (size <= 0) return false;
    path[size] = '\0';
    return plan().is_below(path);
}

// True: this call fails, errno is set.
bool strikes() {
    const long number = calls++;
    const auto& faults = plan();
    if (faults.at < 0 || number < faults.at || (number > faults.at && !faults.lasts)) return false;
    if (faults.error == 0) ::raise(SIGKILL);
    errno = faults.error;
    return true;
}

template <class Function> Function next(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

struct AtEnd {
    AtEnd() { (void)plan(); } // made before this, so gone after it
    ~AtEnd() {
        if (plan().count_file.empty()) return;
        if (FILE* file = std::fopen(plan().count_file.c_str(), "w")) {
            std::fprintf(file, "%ld\n", calls.load());
            std::fclose(file);
        }
    }
} at_end;

bool makes_or_cuts(int flags) {
    return (flags & (O_CREAT | O_TRUNC)) != 0;
}

using Open = int (*)(const char*, int, ...);

int open_or_fail(Open real, const char* path, int flags, va_list more) {
    const auto mode = makes_or_cuts(flags) ? va_arg(more, mode_t) : 0;
    if (makes_or_cuts(flags) && plan().is_below(path) && strikes()) return -1;
    return real(path, flags, mode);
}

} // namespace

extern "C" {

ssize_t write(int fd, const void* bytes, size_t size) {
    static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
    if (is_below(fd) && strikes()) return -1;
    return real(fd, bytes, size);
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
    static const auto real = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
    if (is_below(fd) && strikes()) return -1;
    return real(fd, bytes, size, at);
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
    static const auto real = next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
    if (is_below(fd) && strikes()) return -1;
    return real(fd, bytes, size, at);
}
int fsync(int fd) {
    static const auto real = next<int (*)(int)>("fsync");
    if (is_below(fd) && strikes()) return -1;
    return real(fd);
}
int fdatasync(int fd) {
    static const auto real = next<int (*)(int)>("fdatasync");
    if (is_below(fd) && strikes()) return -1;
    return real(fd);
}
int ftruncate(int fd, off_t size) {
    static const auto real = next<int (*)(int, off_t)>("ftruncate");
    if (is_below(fd) && strikes()) return -1;
    return real(fd, size);
}
int ftruncate64(int fd, off64_t size) {
    static const auto real = next<int (*)(int, off64_t)>("ftruncate64");
    if (is_below(fd) && strikes()) return -1;
    return real(fd, size);
}
int rename(const char* from, const char* to) {
    static const auto real = next<int (*)(const char*, const char*)>("rename");
    if (plan().is_below(to) && strikes()) return -1;
    return real(from, to);
}
int unlink(const char* path) {
    static const auto real = next<int (*)(const char*)>("unlink");
    if (plan().is_below(path) && strikes()) return -1;
    return real(path);
}
int mkdir(const char* path, mode_t mode) {
    static const auto real = next<int (*)(const char*, mode_t)>("mkdir");
    if (plan().is_below(path) && strikes()) return -1;
    return real(path, mode);
}
int open(const char* path, int flags, ...) {
    static const auto real = next<Open>("open");
    va_list more;
    va_start(more, flags);
    const int opened = open_or_fail(real, path, flags, more);
    va_end(more);
    return opened;
}
int open64(const char* path, int flags, ...) {
    static const auto real = next<Open>("open64");
    va_list more;
    va_start(more, flags);
    const int opened = open_or_fail(real, path, flags, more);
    va_end(more);
    return opened;
}

} // extern "C"
