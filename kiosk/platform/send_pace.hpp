// When the queue may be tried next, and which submission waits for itself (spec reliability S5).
// Holds no request and asks nobody: the uploader tells it how a try ended, and so does the
// simulation of ten thousand kiosks that come back together (tests/flow/fleet_test.cpp).
//
// Waiting: uniformly random between 0.5 s and min(300 s, 2^n s) after the n-th failure in a row;
// Retry-After wins; at most one delivery per second; the first try after start or link-up is spread
// over 300 s when more than 10 are pending or the last contact is older than 10 minutes. All times
// are monotonic and live here: after a restart the queue is simply tried again.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/random.hpp"

#include <map>
#include <optional>
#include <string>

namespace platform {

// Who waits: everything (the link or the platform as a whole), or only this submission while
// others go on.
enum class RetryScope { queue, submission };

class SendPace {
public:
    // Both outlive the pace.
    SendPace(const base::Clock& clock, base::RandomSource& random);

    // Nothing is tried before this.
    base::MonotonicTime not_before() const { return not_before_; }
    // Does this one wait for itself, behind others?
    bool is_waiting(const std::string& key) const;
    std::size_t waiting_count() const { return waiting_.size(); }
    // The end of the shortest such wait, if it is before `latest`.
    base::MonotonicTime next_end(base::MonotonicTime latest) const;

    // Once after start and after link-up: does the first try have to be spread?
    bool is_first_try() const { return first_try_; }
    // Many kiosks that come back together must not arrive together. A start with an empty queue has
    // nothing to spread: the first resident's request goes out at once. `delivered_lately`: within
    // recent_contact, as far as the outbox knows.
    void spread_first_try(int pending, bool delivered_lately);

    // How a try ended.
    void note_delivered(const std::string& key);
    void note_set_aside(const std::string& key);
    // `was_answered`: somebody was there. `after`: Retry-After.
    void note_failed(const std::string& key, RetryScope scope,
                     std::optional<base::Milliseconds> after, bool was_answered);
    // Nothing is sent at all; asked again after stop_interval, first with the others.
    void note_stopped(const std::string& key);
    void note_still_stopped();
    void note_storage_fault();

    // The network came back: forget the waiting, but spread.
    void note_link_up();
    // Somebody wants it tried now.
    void send_now();

    // spec reliability S5
    static constexpr base::Milliseconds recent_contact = std::chrono::minutes(10);

private:
    struct Waiting {
        int failures = 0;
        base::MonotonicTime until{};
    };
    base::Milliseconds back_off(int failures);

    const base::Clock& clock_;
    base::RandomSource& random_;
    bool first_try_ = true;
    int failures_ = 0; // of the whole queue, in a row
    base::MonotonicTime not_before_{};
    std::map<std::string, Waiting, std::less<>> waiting_; // submissions that failed alone
    std::optional<base::MonotonicTime> last_contact_;
};

} // namespace platform
