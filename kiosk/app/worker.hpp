// A worker: one thread for one device or one wire, with a bounded mailbox of jobs.
//
// The window runs each worker on its own thread. A headless script runs the same jobs inline, on
// the caller's thread, so that a script ends the same way every time (DESIGN D6).
#pragma once

#include "kiosk/base/mailbox.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

namespace app {

// A job looks at `stop` between steps and returns soon after it is requested.
using Job = std::function<void(std::stop_token stop)>;

class Worker {
public:
    virtual ~Worker() = default;
    // False when the worker has more waiting than it may hold: the caller decides.
    [[nodiscard]] virtual bool post(Job job) = 0;
    // Asks the running job to end and forgets those posted before. Returns at once.
    virtual void cancel() = 0;
};

// Runs each job when it is posted.
class InlineWorker final : public Worker {
public:
    bool post(Job job) override {
        job(std::stop_token{});
        return true;
    }
    void cancel() override {}
};

// Owns a thread from construction to destruction. After each job the thread's stack is overwritten,
// because a job may have handled personal data.
class ThreadWorker final : public Worker {
public:
    ThreadWorker();
    ~ThreadWorker() override;
    bool post(Job job) override;
    void cancel() override;

private:
    struct Order {
        std::uint64_t round = 0; // of cancel()
        Job job;
    };
    void run(std::stop_token stop);
    // The token of a job that begins now; nothing: it was cancelled between mailbox and here.
    std::optional<std::stop_token> begin(std::uint64_t round);

    // Chosen: a device never has more than a few orders waiting; more means that it hangs.
    static constexpr std::size_t capacity = 16;
    base::Mailbox<Order> jobs_{capacity};
    std::mutex current_mutex_; // guards the two below
    std::uint64_t round_ = 0;
    std::stop_source current_;
    std::jthread thread_;
};

} // namespace app
