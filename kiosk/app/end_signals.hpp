// SIGTERM and SIGINT as a call that returns. systemd ends the kiosk with the first, a developer
// with the second; both mean: finish what must be finished, then end with exit code 0.
//
// A handler that sets a flag can run between the look at the flag and the waiting, and the program
// waits for ever. So the signals are blocked and taken by sigwait(3), which cannot miss one.
#pragma once

#include <csignal>
#include <functional>
#include <thread>

namespace app {

class EndSignals {
public:
    // Blocks both signals in this thread and in every thread it starts later: construct it before
    // anything that has threads. One that came before wait() or watch() is not lost.
    EndSignals();
    // Ends watching.
    ~EndSignals();
    EndSignals(const EndSignals&) = delete;
    EndSignals& operator=(const EndSignals&) = delete;

    // Returns when one of them came.
    void wait();
    // Calls `on_end` on a thread of its own when one of them comes. The first call counts, later
    // ones change nothing.
    void watch(std::function<void()> on_end);

private:
    sigset_t signals_{};
    std::thread watcher_;
};

} // namespace app
