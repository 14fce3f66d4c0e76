#include "drivers/photo_decoder/helper_process.hpp"

#include "drivers/photo_decoder/helper_protocol.hpp"
#include "drivers/spawn_settings.hpp"
#include "kiosk/base/descriptor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace drivers {
namespace {

using base::Descriptor;
using base::Errc;
using base::Error;
using base::Result;

// Out of the way of the numbers that the helper expects its own at.
Descriptor out_of_the_way(int fd) {
    const Descriptor low(fd);
    return Descriptor(::fcntl(low.get(), F_DUPFD_CLOEXEC, 10));
}

struct Pipe {
    Descriptor out, in; // read from, written to
};

Result<Pipe> open_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return Error{Errc::io, "no pipe for the photo's helper"};
    Pipe pipe{out_of_the_way(ends[0]), out_of_the_way(ends[1])};
    if (!pipe.out.is_open() || !pipe.in.is_open())
        return Error{Errc::io, "no descriptor for the photo's helper"};
    return pipe;
}

// The helper's current folder: empty, not to be written, gone with its owner.
class ScratchFolder {
public:
    static Result<ScratchFolder> make(const std::string& inside) {
        std::string path = inside + "/kiosk-photo-XXXXXX";
        if (::mkdtemp(path.data()) == nullptr)
            return Error{Errc::io, "no folder for the photo's helper"};
        ::chmod(path.c_str(), 0500);
        return ScratchFolder(std::move(path));
    }
    ~ScratchFolder() { remove(); }
    ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    ScratchFolder& operator=(ScratchFolder&&) = delete;

    const std::string& path() const { return path_; }
    // False: something was in it. Removed with it.
    bool remove() {
        if (path_.empty()) return true;
        const bool was_empty = ::rmdir(path_.c_str()) == 0;
        std::error_code ignored;
        if (!was_empty) std::filesystem::remove_all(path_, ignored);
        path_.clear();
        return was_empty;
    }

private:
    explicit ScratchFolder(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

// A started helper; killed and reaped with its owner.
class Child {
public:
    explicit Child(pid_t process) : process_(process) {
        // glibc 2.36 declares pidfd_open without extern "C".
        const int fd = int(::syscall(SYS_pidfd_open, process, 0));
        if (fd >= 0) ended_ = out_of_the_way(fd);
    }
    ~Child() { end(); }
    Child(Child&& other) noexcept
        : process_(std::exchange(other.process_, -1)), ended_(std::move(other.ended_)),
          status_(other.status_) {}
    Child& operator=(Child&&) = delete;

    // Readable when it has ended; none where the system refused it.
    const Descriptor& ended() const { return ended_; }
    // Kills the group: SIGKILL cannot be ignored, and the number is ours until it is reaped. What
    // waitpid says of one that had ended before is how it ended then.
    int end() {
        if (process_ < 0) return status_;
        ::kill(-process_, SIGKILL);
        while (::waitpid(process_, &status_, 0) < 0 && errno == EINTR) {
        }
        process_ = -1;
        return status_;
    }

private:
    pid_t process_;
    Descriptor ended_;
    int status_ = 0;
};

Result<Child> start(const PhotoDecoderSettings& settings, const std::string& plug_in,
                    const std::string& purpose, const ScratchFolder& folder, Descriptor input,
                    Descriptor answer) {
    SpawnFiles files;
    auto* actions = &files.actions;
    ::posix_spawn_file_actions_adddup2(actions, input.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(actions, answer.get(), photo_helper::answer_descriptor);
    ::posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addclosefrom_np(actions, photo_helper::answer_descriptor + 1);
    ::posix_spawn_file_actions_addchdir_np(actions, folder.path().c_str());
    const SpawnAttributes attributes(SpawnAttributes::Group::its_own);
    std::array arguments{settings.helper, plug_in, purpose};
    std::array<char*, 4> argv{arguments[0].data(), arguments[1].data(), arguments[2].data(),
                              nullptr};
    std::array<char*, 1> environment{nullptr};
    pid_t process = -1;
    const int failed = ::posix_spawn(&process, settings.helper.c_str(), actions,
                                     &attributes.attributes, argv.data(), environment.data());
    if (failed == ENOENT) return Error{Errc::not_found, "no program " + settings.helper};
    if (failed != 0)
        return Error{Errc::io, settings.helper + " cannot be started: " + std::strerror(failed)};
    return Child(process);
}

// What has come so far, in locked memory; never more than one byte above the longest answer.
class Listener {
public:
    explicit Listener(Descriptor from) : from_(std::move(from)) {
        ::fcntl(from_.get(), F_SETFL, O_NONBLOCK);
        bytes_.resize(photo_helper::longest_answer + 1);
    }
    int descriptor() const { return from_.get(); }
    // Whatever is there now. False when the other side has closed, or says too much.
    bool hear() {
        while (size_ < bytes_.size()) {
            const auto got = ::read(from_.get(), bytes_.data() + size_, bytes_.size() - size_);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0 && errno == EAGAIN) return true;
            if (got <= 0) break;
            size_ += std::size_t(got);
        }
        return false;
    }
    bool is_too_much() const { return size_ == bytes_.size(); }
    base::SecretBytes take() {
        bytes_.resize(size_);
        return std::move(bytes_);
    }

private:
    Descriptor from_;
    base::SecretBytes bytes_;
    std::size_t size_ = 0;
};

// Until the helper has ended, or must not go on.
Result<void> listen(Listener& listener, const Child& child, base::Milliseconds limit,
                    const base::Clock& clock, const std::stop_token& stop) {
    const auto deadline = clock.now() + limit;
    bool is_open = true;
    for (;;) {
        if (stop.stop_requested()) return Error{Errc::cancelled, "photo"};
        const auto left = std::chrono::duration_cast<base::Milliseconds>(deadline - clock.now());
        if (left <= left.zero()) return Error{Errc::timed_out, "photo decoder"};
        // Chosen: `stop` is noticed within 50 ms; the end of the helper and its bytes wake at once.
        const auto patience = std::min(left, base::Milliseconds(50));
        std::array<::pollfd, 2> waits{
            {{child.ended().get(), POLLIN, 0}, {is_open ? listener.descriptor() : -1, POLLIN, 0}}};
        if (::poll(waits.data(), waits.size(), int(patience.count())) < 0) continue;
        if (waits[1].revents != 0) is_open = listener.hear();
        if (listener.is_too_much()) return Error{Errc::corrupt, "photo decoder: says too much"};
        if (waits[0].revents == 0) continue;
        if (is_open) listener.hear();
        if (listener.is_too_much()) return Error{Errc::corrupt, "photo decoder: says too much"};
        return {};
    }
}

// How it ended, as waitpid tells.
Result<void> judge_end(int status) {
    if (WIFSIGNALED(status)) {
        const auto number = "signal " + std::to_string(WTERMSIG(status));
        switch (WTERMSIG(status)) {
        case SIGSYS:
            return Error{Errc::refused, "photo decoder: made a system call that it may not make"};
        case SIGXFSZ: return Error{Errc::refused, "photo decoder: wrote a file"};
        case SIGXCPU: return Error{Errc::timed_out, "photo decoder: processor time"};
        default: return Error{Errc::device, "photo decoder: crashed, " + number};
        }
    }
    switch (WEXITSTATUS(status)) {
    case 0: return {};
    case photo_helper::exit_usage:
    case photo_helper::exit_no_input: return Error{Errc::io, "photo's helper: was asked wrongly"};
    case photo_helper::exit_no_memory: return Error{Errc::io, "photo's helper: no memory"};
    case photo_helper::exit_no_fence:
        return Error{Errc::io, "photo's helper: the system refuses it its fences"};
    default:
        return Error{Errc::device, "photo decoder: ended its process, exit code " +
                                       std::to_string(WEXITSTATUS(status))};
    }
}

} // namespace

Result<base::SecretBytes> run_photo_helper(const PhotoDecoderSettings& settings,
                                           const std::string& plug_in, const std::string& purpose,
                                           base::ByteView chip_bytes, const base::Clock& clock,
                                           std::stop_token stop) {
    auto input = TRY(open_pipe());
    auto answer = TRY(open_pipe());
    auto folder = TRY(ScratchFolder::make(settings.scratch_folder));
    // Fits into any pipe (PIPE_BUF is 4,096), so nobody needs to read yet.
    if (::write(input.in.get(), chip_bytes.data(), chip_bytes.size()) != ssize_t(chip_bytes.size()))
        return Error{Errc::io, "photo's helper cannot be told the photo"};
    input.in.close();
    auto child =
        TRY(start(settings, plug_in, purpose, folder, std::move(input.out), std::move(answer.in)));
    if (!child.ended().is_open()) return Error{Errc::io, "photo's helper cannot be watched"};
    Listener listener(std::move(answer.out));
    const auto heard = listen(listener, child, settings.limit, clock, stop);
    const int status = child.end();
    const bool was_empty = folder.remove();
    if (!heard) return heard.error();
    TRY(judge_end(status));
    if (!was_empty) return Error{Errc::refused, "photo decoder: left a file"};
    return listener.take();
}

} // namespace drivers
