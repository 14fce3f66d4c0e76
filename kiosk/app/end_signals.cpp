#include "kiosk/app/end_signals.hpp"

#include "kiosk/base/result.hpp"

#include <pthread.h>

namespace app {

EndSignals::EndSignals() {
    ::sigemptyset(&signals_);
    ::sigaddset(&signals_, SIGINT);
    ::sigaddset(&signals_, SIGTERM);
    CHECK(::pthread_sigmask(SIG_BLOCK, &signals_, nullptr) == 0);
}

EndSignals::~EndSignals() {
    if (!watcher_.joinable()) return;
    // To this thread alone: it returns from its waiting, whether or not a real one came before.
    // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread): blocked here, sigwait() takes it.
    ::pthread_kill(watcher_.native_handle(), SIGTERM);
    watcher_.join();
}

void EndSignals::wait() {
    int signal = 0;
    CHECK(::sigwait(&signals_, &signal) == 0);
}

void EndSignals::watch(std::function<void()> on_end) {
    if (watcher_.joinable()) return;
    watcher_ = std::thread([this, on_end = std::move(on_end)] {
        wait();
        on_end();
    });
}

} // namespace app
