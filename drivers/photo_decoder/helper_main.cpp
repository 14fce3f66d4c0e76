// kiosk-photo-decoder PLUG-IN decode|look: the helper process for one photo; see
// helper_protocol.hpp.
//
// Owns the fences around foreign code. They are put up before the first byte of it is mapped: its
// constructors already run inside. Nothing of the kiosk is linked here: what is not there cannot be
// misused.
#include "drivers/photo_decoder/helper_protocol.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

using drivers::photo_helper::Answer;
using drivers::photo_helper::Greeting;
using drivers::photo_helper::Outcome;
namespace helper = drivers::photo_helper;

// ---- limits ----

bool limit(__rlimit_resource what, rlim_t soft, rlim_t hard) {
    const rlimit value{soft, hard};
    return ::setrlimit(what, &value) == 0;
}

bool set_limits() {
    // Chosen: the largest vendor binary seen is below 2 MiB with tables; a runaway allocation must
    // not push the kiosk out of its 1 GiB (kiosk/packaging/kiosk.service).
    constexpr rlim_t address_space = 256u << 20;
    return limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_FSIZE, 0, 0) && limit(RLIMIT_NOFILE, 16, 16) &&
           limit(RLIMIT_CPU, 3, 4) && limit(RLIMIT_AS, address_space, address_space) &&
           ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0;
}

// Under the hardened unit namespaces are refused; the filter forbids sockets all the same.
bool leave_network() {
    return ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 || ::unshare(CLONE_NEWNET) == 0;
}

// ---- files (Landlock, where the kernel has it) ----

bool allow_reading(int rules, const std::string& folder) {
    landlock_path_beneath_attr under{};
    under.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
    under.parent_fd = ::open(folder.c_str(), O_PATH | O_CLOEXEC);
    if (under.parent_fd < 0) return true; // not there: nothing to allow
    const bool done =
        ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &under, 0) == 0;
    ::close(under.parent_fd);
    return done;
}

bool fence_files(const std::string& plug_in) {
    landlock_ruleset_attr attributes{};
    // Every access of the first version of Landlock (Linux 5.13).
    attributes.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    const int rules =
        int(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0));
    if (rules < 0) return false;
    bool done = allow_reading(rules, plug_in.substr(0, plug_in.rfind('/') + 1));
    // Where Debian's loader looks; /etc for its cache.
    for (const auto* folder : {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"})
        done = done && allow_reading(rules, folder);
    done = done && ::syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    ::close(rules);
    return done;
}

// ---- system calls ----

// What a library that only computes needs: memory, reading files, time, ending. Everything else
// ends the process with SIGSYS, so that the kiosk can tell it from a crash.
constexpr std::array harmless{SCMP_SYS(brk),
                              SCMP_SYS(mmap),
                              SCMP_SYS(munmap),
                              SCMP_SYS(mprotect),
                              SCMP_SYS(mremap),
                              SCMP_SYS(madvise),
                              SCMP_SYS(futex),
                              SCMP_SYS(read),
                              SCMP_SYS(readv),
                              SCMP_SYS(pread64),
                              SCMP_SYS(write),
                              SCMP_SYS(writev),
                              SCMP_SYS(lseek),
                              SCMP_SYS(close),
                              SCMP_SYS(fstat),
                              SCMP_SYS(newfstatat),
                              SCMP_SYS(statx),
                              SCMP_SYS(access),
                              SCMP_SYS(faccessat),
                              SCMP_SYS(faccessat2),
                              SCMP_SYS(readlink),
                              SCMP_SYS(readlinkat),
                              SCMP_SYS(getcwd),
                              SCMP_SYS(getdents64),
                              SCMP_SYS(fcntl),
                              SCMP_SYS(clock_gettime),
                              SCMP_SYS(gettimeofday),
                              SCMP_SYS(clock_nanosleep),
                              SCMP_SYS(nanosleep),
                              SCMP_SYS(restart_syscall),
                              SCMP_SYS(sched_yield),
                              SCMP_SYS(getrandom),
                              SCMP_SYS(getpid),
                              SCMP_SYS(gettid),
                              SCMP_SYS(getuid),
                              SCMP_SYS(geteuid),
                              SCMP_SYS(getgid),
                              SCMP_SYS(getegid),
                              SCMP_SYS(uname),
                              SCMP_SYS(sysinfo),
                              SCMP_SYS(sched_getaffinity),
                              SCMP_SYS(getrusage),
                              SCMP_SYS(times),
                              SCMP_SYS(rt_sigaction),
                              SCMP_SYS(rt_sigprocmask),
                              SCMP_SYS(rt_sigreturn),
                              SCMP_SYS(sigaltstack),
                              SCMP_SYS(set_robust_list),
                              SCMP_SYS(rseq),
                              SCMP_SYS(exit),
                              SCMP_SYS(exit_group)};

bool filter_calls() {
    const scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == nullptr) return false;
    bool done = true;
    const auto allow = [&](int call, auto... conditions) {
        done = done && ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, sizeof...(conditions),
                                          conditions...) == 0;
    };
    for (const int call : harmless) allow(call);
    // Opened for reading only, and never made.
    constexpr unsigned writing =
        O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
    allow(SCMP_SYS(openat), SCMP_CMP(2, SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
    allow(SCMP_SYS(open), SCMP_CMP(1, SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
    // abort() is a way to crash that the kiosk understands.
    allow(SCMP_SYS(tgkill), SCMP_CMP(0, SCMP_CMP_EQ, scmp_datum_t(::getpid())));
    // Is it a terminal? stdio asks; nothing else is a question.
    done = done && ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 0) == 0;
    done = done && ::seccomp_load(filter) == 0;
    ::seccomp_release(filter);
    return done;
}

// ---- memory ----

// A block that ends where an inaccessible page begins: one byte too far is a crash and not a wrong
// picture.
class FencedBlock {
public:
    explicit FencedBlock(std::size_t size) : size_(size) {
        const auto page = std::size_t(::sysconf(_SC_PAGESIZE));
        room_ = (size + page - 1) / page * page;
        void* mapped = ::mmap(nullptr, room_ + page, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped == MAP_FAILED) return;
        start_ = static_cast<std::uint8_t*>(mapped);
        is_locked_ = ::mlock(start_, room_) == 0;
        if (::mprotect(start_ + room_, page, PROT_NONE) != 0) start_ = nullptr;
    }
    ~FencedBlock() { wipe(); }
    FencedBlock(const FencedBlock&) = delete;

    explicit operator bool() const { return start_ != nullptr; }
    std::uint8_t* begin() const { return start_ + room_ - size_; }
    bool is_locked() const { return is_locked_; }
    void forbid_writing() { ::mprotect(start_, room_, PROT_READ); }
    void wipe() {
        if (start_ == nullptr || ::mprotect(start_, room_, PROT_READ | PROT_WRITE) != 0) return;
        ::explicit_bzero(start_, room_);
    }

private:
    std::size_t size_;
    std::size_t room_ = 0;
    std::uint8_t* start_ = nullptr;
    bool is_locked_ = false;
};

// ---- the wire ----

bool read_whole(std::uint8_t* into, std::size_t size) {
    while (size > 0) {
        const auto got = ::read(STDIN_FILENO, into, size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        into += got;
        size -= std::size_t(got);
    }
    return true;
}

void send(const void* what, std::size_t size) {
    const auto* at = static_cast<const std::uint8_t*>(what);
    while (size > 0) {
        const auto sent = ::write(helper::answer_descriptor, at, size);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return; // nobody listens any more
        at += sent;
        size -= std::size_t(sent);
    }
}

void answer(Outcome outcome, std::int32_t code = 0, const kiosk_photo_info& info = {}) {
    const Answer answered{std::uint32_t(outcome), code, info.order, info.rows};
    send(&answered, sizeof answered);
}

// ---- the plug-in ----

using Version = std::uint32_t (*)();
using Decode = std::int32_t (*)(const std::uint8_t*, std::uint8_t*, kiosk_photo_info*);

void not_loaded(const char* reason) {
    answer(Outcome::not_loaded);
    const std::string_view text = reason == nullptr ? "no reason given" : reason;
    send(text.data(), std::min(text.size(), helper::reason_limit));
}

void work(const char* plug_in, bool decodes, FencedBlock& chip, FencedBlock& pixels) {
    void* library = ::dlopen(plug_in, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return not_loaded(::dlerror());
    const auto version = reinterpret_cast<Version>(::dlsym(library, "kiosk_photo_decoder_version"));
    const auto decode = reinterpret_cast<Decode>(::dlsym(library, "kiosk_photo_decode"));
    if (version == nullptr || decode == nullptr)
        return not_loaded("it lacks a function of kiosk_photo_decoder.h");
    if (const auto found = version(); found != KIOSK_PHOTO_DECODER_VERSION)
        return answer(Outcome::wrong_version, std::int32_t(found));
    if (!decodes) return answer(Outcome::fits);
    kiosk_photo_info info{};
    const auto code = decode(chip.begin(), pixels.begin(), &info);
    chip.wipe();
    if (code != 0) return answer(Outcome::no_picture, code);
    answer(Outcome::picture, 0, info);
    send(pixels.begin(), KIOSK_PHOTO_PIXEL_BYTES);
    pixels.wipe();
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3 || argv[1][0] != '/') return helper::exit_usage;
    const bool decodes = std::string_view(argv[2]) == "decode";
    if (!decodes && std::string_view(argv[2]) != "look") return helper::exit_usage;
    Greeting greeting;
    greeting.has_no_network = leave_network() ? 1 : 0;
    if (!set_limits()) return helper::exit_no_fence;
    greeting.has_file_fence = fence_files(argv[1]) ? 1 : 0;
    FencedBlock chip(KIOSK_PHOTO_CHIP_BYTES);
    FencedBlock pixels(KIOSK_PHOTO_PIXEL_BYTES);
    if (!chip || !pixels) return helper::exit_no_memory;
    greeting.has_locked_memory = chip.is_locked() && pixels.is_locked() ? 1 : 0;
    if (decodes && !read_whole(chip.begin(), KIOSK_PHOTO_CHIP_BYTES)) return helper::exit_no_input;
    chip.forbid_writing();
    ::close(STDIN_FILENO);
    if (!filter_calls()) return helper::exit_no_fence;
    send(&greeting, sizeof greeting);
    work(argv[1], decodes, chip, pixels);
    // Not through exit(): the plug-in's destructors have nothing to say any more.
    ::_exit(0);
}
