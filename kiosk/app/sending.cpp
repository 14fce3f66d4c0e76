#include "kiosk/app/sending.hpp"

#include <algorithm>
#include <chrono>

namespace app {

using namespace std::chrono_literals;

Sender::Sender(Submitter& submitter, platform::Client& client, const base::Clock& clock,
               base::RandomSource& random, base::Log& log, base::EventStream& events,
               OnDelivered on_delivered)
    : submitter_(submitter), client_(client), clock_(clock), random_(random), log_(log),
      events_(events), on_delivered_(std::move(on_delivered)) {}

bool Sender::is_open() {
    if (uploader_) return true;
    auto connection = submitter_.another_connection();
    if (!connection) return false;
    outbox_ = std::move(connection).value();
    uploader_.emplace(*outbox_, client_, clock_, random_, log_);
    return true;
}

base::MonotonicTime Sender::step() {
    // While the outbox cannot be opened there is nothing to send (R7: every 3 s at least).
    if (!is_open()) return clock_.now() + 2500ms;
    const auto step = uploader_->run_once();
    outbox_->forget_pages();
    switch (step.did) {
    case platform::UploaderStep::Did::delivered:
        events_.delivered(step.key, step.receipt_no);
        on_delivered_(step.key);
        break;
    case platform::UploaderStep::Did::quarantined:
        events_.fault("platform", base::Errc::refused);
        break;
    case platform::UploaderStep::Did::stopped:
        events_.fault("platform", base::Errc::unauthorised);
        break;
    case platform::UploaderStep::Did::storage_fault: events_.fault("outbox", base::Errc::io); break;
    case platform::UploaderStep::Did::nothing:
    case platform::UploaderStep::Did::postponed: break;
    }
    return step.wake_at;
}

void Sender::drain(int most) {
    while (most-- > 0 && step() <= clock_.now()) {
    }
}

void Sender::send_now() {
    if (is_open()) uploader_->send_now();
}

SenderThread::SenderThread(Sender& sender, const base::Clock& clock)
    : sender_(sender), clock_(clock), reported_(clock.now()),
      thread_([this](std::stop_token stop) { run(stop); }) {}

SenderThread::~SenderThread() {
    thread_.request_stop();
    wake();
}

void SenderThread::wake() {
    {
        const std::lock_guard lock(mutex_);
        wake_ = true;
    }
    woken_.notify_all();
}

void SenderThread::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        report();
        const auto wake_at = sender_.step();
        // Chosen: at least once a minute, whatever the uploader says, so that a queue that another
        // program changed is seen; at most ten times a second.
        const auto now = clock_.now();
        const auto until = std::clamp(wake_at, now + 100ms, now + 60s);
        wait(stop, until);
    }
}

void SenderThread::wait(const std::stop_token& stop, base::MonotonicTime until) {
    std::unique_lock lock(mutex_);
    while (!wake_ && !stop.stop_requested() && clock_.now() < until) {
        report();
        // Chosen: twice within the limit of the service's watchdog (ServiceNotice::report_limit).
        const auto limit = std::min<base::Milliseconds>(until - clock_.now(), 2500ms);
        woken_.wait_for(lock, stop, limit, [this] { return wake_; });
    }
    wake_ = false;
}

} // namespace app
