// Owns one file descriptor: closed with its owner, never twice, never copied.
#pragma once

#include <unistd.h>
#include <utility>

namespace base {

class Descriptor {
public:
    Descriptor() = default;
    // Takes what open(2) and its like return; negative: nothing is owned.
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            close();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }

    int get() const { return fd_; }
    bool is_open() const { return fd_ >= 0; }
    // Nothing where there is none. What close(2) says is not asked: who needs to know that bytes
    // have reached the disk calls fsync first.
    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

private:
    int fd_ = -1;
};

} // namespace base
