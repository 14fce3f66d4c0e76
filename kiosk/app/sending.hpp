// Runs the uploader: on a thread of its own in a window, step by step in a script.
#pragma once

#include "kiosk/app/submitter.hpp"
#include "kiosk/base/event_stream.hpp"
#include "kiosk/platform/uploader.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace app {

// Called on the uploader's thread.
using OnDelivered = std::function<void(const std::string& key)>;

// What one step of the uploader means outside: events, and who is told. Takes its own connection to
// the outbox as soon as there is one (spec reliability R7).
class Sender {
public:
    // All references outlive the sender.
    Sender(Submitter& submitter, platform::Client& client, const base::Clock& clock,
           base::RandomSource& random, base::Log& log, base::EventStream& events,
           OnDelivered on_delivered);

    // One try at most. Returns when to call again.
    base::MonotonicTime step();
    // Tries until nothing is due now; at most `most` steps. For scripts.
    void drain(int most = 1000);
    // The network is back, or somebody wants it tried now.
    void send_now();

private:
    bool is_open();

    Submitter& submitter_;
    platform::Client& client_;
    const base::Clock& clock_;
    base::RandomSource& random_;
    base::Log& log_;
    base::EventStream& events_;
    OnDelivered on_delivered_;
    std::unique_ptr<outbox::Outbox> outbox_;
    std::optional<platform::Uploader> uploader_;
};

// The thread around a Sender.
class SenderThread {
public:
    SenderThread(Sender& sender, const base::Clock& clock);
    ~SenderThread();
    void wake();
    // From any thread: the loop turns. Its own turns count; an exchange that takes longer reports
    // through this (CurlSettings::on_turn).
    void report() { reported_ = clock_.now(); }
    base::MonotonicTime last_report() const { return reported_; }

private:
    void run(std::stop_token stop);
    void wait(const std::stop_token& stop, base::MonotonicTime until);
    Sender& sender_;
    const base::Clock& clock_;
    std::mutex mutex_;
    std::condition_variable_any woken_;
    bool wake_ = false;
    std::atomic<base::MonotonicTime> reported_;
    std::jthread thread_;
};

} // namespace app
