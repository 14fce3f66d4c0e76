// The system calls under V4l2Camera: the seam at which its tests put a device of their own.
#pragma once

#include "kiosk/base/clock.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace drivers {

// Each answers as the call of its name does, but that a failure is the negative error number.
class V4l2Calls {
public:
    virtual ~V4l2Calls() = default;

    // Paths of what may be a camera, in the kernel's order.
    virtual std::vector<std::string> devices() = 0;
    virtual int open(const std::string& path) = 0; // for reading and writing, never blocking
    virtual int close(int fd) = 0;
    virtual int control(int fd, unsigned long request, void* argument) = 0; // ioctl(2)
    // Shared, for reading and writing. `at` is set where 0 is answered.
    virtual int map(int fd, std::size_t size, std::size_t offset, void*& at) = 0;
    virtual int unmap(void* at, std::size_t size) = 0;
    // Waits until there is a frame: what poll(2) says happened (0: nothing within the limit).
    virtual int poll(int fd, base::Milliseconds limit) = 0;
};

// The kernel's, with the files named video* in `folder`.
std::unique_ptr<V4l2Calls> kernel_v4l2_calls(std::string folder = "/dev");

} // namespace drivers
