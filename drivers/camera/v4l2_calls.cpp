#include "drivers/camera/v4l2_calls.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace drivers {
namespace {

constexpr std::string_view file_prefix = "video";

int answer(int value) {
    return value < 0 ? -errno : value;
}

// video2 before video10.
int number_of(const std::string& path) {
    const auto digits = path.substr(path.rfind(file_prefix) + file_prefix.size());
    int number = -1;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

class KernelCalls final : public V4l2Calls {
public:
    explicit KernelCalls(std::string folder) : folder_(std::move(folder)) {}

    std::vector<std::string> devices() override {
        std::vector<std::string> found;
        std::error_code failed;
        // A loop with an error code throughout: a device may go while it is listed.
        std::filesystem::directory_iterator at(folder_, failed), end;
        while (!failed && at != end) {
            const auto path = at->path().string();
            if (at->path().filename().string().starts_with(file_prefix) && number_of(path) >= 0)
                found.push_back(path);
            at.increment(failed);
        }
        std::sort(found.begin(), found.end(),
                  [](const auto& a, const auto& b) { return number_of(a) < number_of(b); });
        return found;
    }
    int open(const std::string& path) override {
        return answer(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    }
    int close(int fd) override { return answer(::close(fd)); }
    int control(int fd, unsigned long request, void* argument) override {
        return answer(::ioctl(fd, request, argument));
    }
    int map(int fd, std::size_t size, std::size_t offset, void*& at) override {
        void* mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, off_t(offset));
        if (mapped == MAP_FAILED) return -errno;
        at = mapped;
        return 0;
    }
    int unmap(void* at, std::size_t size) override { return answer(::munmap(at, size)); }
    int poll(int fd, base::Milliseconds limit) override {
        pollfd what{fd, POLLIN, 0};
        const int got = ::poll(&what, 1, int(limit.count()));
        return got > 0 ? what.revents : answer(got);
    }

private:
    std::string folder_;
};

} // namespace

std::unique_ptr<V4l2Calls> kernel_v4l2_calls(std::string folder) {
    return std::make_unique<KernelCalls>(std::move(folder));
}

} // namespace drivers
