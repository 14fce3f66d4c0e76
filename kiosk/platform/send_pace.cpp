#include "kiosk/platform/send_pace.hpp"

#include <algorithm>

namespace platform {
namespace {

using base::Milliseconds;
using namespace std::chrono_literals;

// spec reliability S5
constexpr Milliseconds shortest_wait = 500ms;
constexpr Milliseconds longest_wait = 300s;
constexpr Milliseconds first_try_spread = 300s;
constexpr int few_pending = 10;
// platform-api §5: after success drain slowly, at most one per second.
constexpr Milliseconds drain_interval = 1s;
// R7: try broken storage again at least every 3 s.
constexpr Milliseconds storage_interval = 3s;
// Chosen: after a stop, how often to ask whether the device is welcome again.
constexpr Milliseconds stop_interval = 300s;
// 2^9 s are more than the longest wait; more need not be counted.
constexpr int most_failures = 30;

} // namespace

SendPace::SendPace(const base::Clock& clock, base::RandomSource& random)
    : clock_(clock), random_(random) {}

// Uniform between 0.5 s and min(300 s, 2^n s). n = 1: up to 2 s.
Milliseconds SendPace::back_off(int failures) {
    const Milliseconds doubled = 1s * (std::int64_t(1) << std::clamp(failures, 1, 9));
    const auto span = std::min(longest_wait, doubled) - shortest_wait;
    return shortest_wait + Milliseconds(random_.below(std::uint64_t(span.count()) + 1));
}

bool SendPace::is_waiting(const std::string& key) const {
    const auto found = waiting_.find(key);
    return found != waiting_.end() && found->second.until > clock_.now();
}

base::MonotonicTime SendPace::next_end(base::MonotonicTime latest) const {
    for (const auto& [key, waiting] : waiting_)
        if (waiting.until > clock_.now()) latest = std::min(latest, waiting.until);
    return latest;
}

void SendPace::spread_first_try(int pending, bool delivered_lately) {
    first_try_ = false;
    if (pending == 0) return;
    // Contact before this start is known by the last delivery only.
    const bool in_contact =
        last_contact_ ? clock_.now() - *last_contact_ <= recent_contact : delivered_lately;
    if (pending <= few_pending && in_contact) return;
    not_before_ =
        clock_.now() + Milliseconds(random_.below(std::uint64_t(first_try_spread.count()) + 1));
}

void SendPace::note_delivered(const std::string& key) {
    failures_ = 0;
    last_contact_ = clock_.now();
    note_set_aside(key);
}

void SendPace::note_set_aside(const std::string& key) {
    waiting_.erase(key);
    not_before_ = clock_.now() + drain_interval;
}

void SendPace::note_failed(const std::string& key, RetryScope scope,
                           std::optional<Milliseconds> after, bool was_answered) {
    if (was_answered) last_contact_ = clock_.now();
    failures_ = std::min(failures_ + 1, most_failures);
    auto queue_wait = after.value_or(back_off(failures_));
    if (scope == RetryScope::submission) {
        // It waits longer and longer by itself; those behind it have their turn meanwhile.
        auto& waiting = waiting_[key];
        waiting.failures = std::min(waiting.failures + 1, most_failures);
        waiting.until = clock_.now() + after.value_or(back_off(waiting.failures));
        queue_wait = back_off(failures_);
    }
    not_before_ = clock_.now() + queue_wait;
}

void SendPace::note_stopped(const std::string& key) {
    last_contact_ = clock_.now();
    // If only this one is refused, the others get their turn first when sending goes on.
    auto& waiting = waiting_[key];
    waiting.failures = std::min(waiting.failures + 1, most_failures);
    waiting.until = clock_.now() + stop_interval + back_off(waiting.failures);
    note_still_stopped();
}

void SendPace::note_still_stopped() {
    not_before_ = clock_.now() + stop_interval;
}

void SendPace::note_storage_fault() {
    not_before_ = std::max(not_before_, clock_.now() + storage_interval);
}

void SendPace::note_link_up() {
    send_now();
    first_try_ = true;
}

void SendPace::send_now() {
    failures_ = 0;
    not_before_ = clock_.now();
    waiting_.clear();
    first_try_ = false;
}

} // namespace platform
