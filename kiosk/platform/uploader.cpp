// The waiting rules, and the bookkeeping around one try.
#include "kiosk/platform/uploader.hpp"

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
constexpr Milliseconds recent_contact = 10min;
// platform-api §5: after success drain slowly, at most one per second.
constexpr Milliseconds drain_interval = 1s;
// R7: try broken storage again at least every 3 s.
constexpr Milliseconds storage_interval = 3s;
// Chosen: after a stop, how often to ask whether the device is welcome again.
constexpr Milliseconds stop_interval = 300s;
// Nothing pending: enqueue wakes the thread, this is only the net below it.
constexpr Milliseconds idle_interval = 60s;

template <class... Cases> struct Overloaded : Cases... { using Cases::operator()...; };
// Written out: clang 14, which builds the fuzzers, does not deduce it for aggregates (P1816).
template <class... Cases> Overloaded(Cases...) -> Overloaded<Cases...>;

} // namespace

Uploader::Uploader(outbox::Outbox& outbox, Client& client, const base::Clock& clock,
                   base::RandomSource& random, base::Log& log)
    : outbox_(outbox), client_(client), clock_(clock), random_(random), log_(log) {}

// Uniform between 0.5 s and min(300 s, 2^n s). n = 1: up to 2 s.
Milliseconds Uploader::back_off(int failures) {
    const Milliseconds doubled = 1s * (std::int64_t(1) << std::clamp(failures, 1, 9));
    const auto span = std::min(longest_wait, doubled) - shortest_wait;
    return shortest_wait + Milliseconds(random_.below(std::uint64_t(span.count()) + 1));
}

// Many kiosks that come back together must not arrive together. A start with an empty queue has
// nothing to spread: the first resident's request goes out at once.
void Uploader::spread_first_try() {
    first_try_ = false;
    const auto counts = outbox_.counts();
    if (!counts || counts->pending == 0) return;
    // Contact before this start is known by the last delivery, as far as the wall clock can tell.
    const bool delivered_lately = counts->last_delivery && counts->last_delivery <= clock_.wall() &&
                                  clock_.wall() - *counts->last_delivery <= recent_contact;
    const bool in_contact =
        last_contact_ ? clock_.now() - *last_contact_ <= recent_contact : delivered_lately;
    if (counts->pending <= few_pending && in_contact) return;
    not_before_ =
        clock_.now() + Milliseconds(random_.below(std::uint64_t(first_try_spread.count()) + 1));
}

void Uploader::note_link_up() {
    failures_ = 0;
    not_before_ = clock_.now();
    waiting_.clear();
    first_try_ = true;
}

void Uploader::send_now() {
    failures_ = 0;
    not_before_ = clock_.now();
    waiting_.clear();
    first_try_ = false;
    stopped_.reset();
}

// A try has ended whose end could not be written down yet: back to `pending`.
base::Result<void> Uploader::settle_doubt() {
    if (!in_doubt_) return {};
    const auto noted = outbox_.note_attempt_failed(*in_doubt_);
    // conflict: it was written after all, and only the confirmation failed.
    if (!noted && noted.error().code != base::Errc::conflict) return noted.error();
    in_doubt_.reset();
    return {};
}

// The oldest submission that does not wait for itself.
base::Result<std::optional<std::string>> Uploader::next_key() {
    const auto keys = TRY(outbox_.waiting(waiting_.size() + 1));
    for (const auto& key : keys) {
        const auto found = waiting_.find(key);
        if (found == waiting_.end() || found->second.until <= clock_.now()) {
            return std::optional(key);
        }
    }
    return std::optional<std::string>();
}

UploaderStep Uploader::run_once() {
    if (first_try_) spread_first_try();
    if (clock_.now() < not_before_) return {.wake_at = not_before_};
    if (const auto settled = settle_doubt(); !settled) return storage_fault(settled.error().code);
    const auto key = next_key();
    if (!key) return storage_fault(key.error().code);
    if (!*key) return nothing_to_send();
    if (stopped_) {
        if (!is_welcome_again()) return still_stopped();
    }
    return attempt(**key);
}

UploaderStep Uploader::nothing_to_send() {
    UploaderStep step{.wake_at = clock_.now() + idle_interval};
    for (const auto& [key, waiting] : waiting_) {
        if (waiting.until > clock_.now()) step.wake_at = std::min(step.wake_at, waiting.until);
    }
    return step;
}

bool Uploader::is_welcome_again() {
    if (!client_.device()) return false;
    stopped_.reset();
    return true;
}

UploaderStep Uploader::still_stopped() {
    not_before_ = clock_.now() + stop_interval;
    return {.stop_reason = stopped_, .wake_at = not_before_};
}

UploaderStep Uploader::attempt(const std::string& key) {
    const auto submission = outbox_.load(key);
    if (!submission && submission.error().code != base::Errc::corrupt) {
        return storage_fault(submission.error().code);
    }
    if (!submission) {
        outbox::PendingSubmission damaged;
        damaged.key = key;
        return settle(damaged, Quarantine{outbox::QuarantineReason::damaged});
    }
    // In doubt from before the write: a failed COMMIT may turn out to be on the disk after all.
    in_doubt_ = key;
    if (const auto noted = outbox_.note_sending(key); !noted) {
        return storage_fault(noted.error().code);
    }
    return settle(*submission, client_.submit(*submission));
}

UploaderStep Uploader::settle(const outbox::PendingSubmission& submission, const Verdict& verdict) {
    return std::visit(
        Overloaded{
            [&](const Delivered& delivered) { return note(submission, delivered); },
            [&](const Retry& retry) { return note(submission, retry); },
            [&](const Quarantine& quarantine) { return note(submission, quarantine); },
            [&](const Stop& stop) { return note(submission, stop); },
        },
        verdict);
}

UploaderStep Uploader::note(const outbox::PendingSubmission& submission,
                            const Delivered& delivered) {
    failures_ = 0;
    last_contact_ = clock_.now();
    waiting_.erase(submission.key);
    const auto noted = outbox_.note_delivered(submission.key, delivered.case_code, delivered.state);
    // Not noted: it goes out once more, and the platform answers a key it knows as before.
    if (!noted) return storage_fault(noted.error().code);
    in_doubt_.reset();
    not_before_ = clock_.now() + drain_interval;
    log_.write(base::LogEvent::submission_delivered);
    return {.did = UploaderStep::Did::delivered,
            .key = submission.key,
            .receipt_no = submission.receipt_no,
            .case_code = delivered.case_code,
            .wake_at = not_before_};
}

UploaderStep Uploader::note(const outbox::PendingSubmission& submission, const Retry& retry) {
    if (retry.status != 0) last_contact_ = clock_.now();
    failures_ = std::min(failures_ + 1, 30);
    log_.write(base::LogEvent::delivery_attempt_ended,
               {retry.why, {base::LogField::status, retry.status}});
    auto queue_wait = retry.after.value_or(back_off(failures_));
    if (retry.scope == RetryScope::submission) {
        // It waits longer and longer by itself; those behind it have their turn meanwhile.
        auto& waiting = waiting_[submission.key];
        waiting.failures = std::min(waiting.failures + 1, 30);
        waiting.until = clock_.now() + retry.after.value_or(back_off(waiting.failures));
        queue_wait = back_off(failures_);
    }
    not_before_ = clock_.now() + queue_wait;
    if (const auto settled = settle_doubt(); !settled) return storage_fault(settled.error().code);
    return {.did = UploaderStep::Did::postponed,
            .key = submission.key,
            .receipt_no = submission.receipt_no,
            .wake_at = not_before_};
}

UploaderStep Uploader::note(const outbox::PendingSubmission& submission,
                            const Quarantine& quarantine) {
    if (const auto noted = outbox_.quarantine(submission.key, quarantine.reason); !noted) {
        return storage_fault(noted.error().code);
    }
    in_doubt_.reset();
    waiting_.erase(submission.key);
    not_before_ = clock_.now() + drain_interval;
    log_.write(base::LogEvent::submission_quarantined,
               {{base::LogField::reason, base::Word::of_enumerator(to_string(quarantine.reason))}});
    return {.did = UploaderStep::Did::quarantined,
            .key = submission.key,
            .receipt_no = submission.receipt_no,
            .quarantine_reason = quarantine.reason,
            .wake_at = not_before_};
}

UploaderStep Uploader::note(const outbox::PendingSubmission& submission, const Stop& stop) {
    last_contact_ = clock_.now();
    stopped_ = stop.reason;
    // If only this one is refused, the others get their turn first when sending goes on.
    auto& waiting = waiting_[submission.key];
    waiting.failures = std::min(waiting.failures + 1, 30);
    waiting.until = clock_.now() + stop_interval + back_off(waiting.failures);
    not_before_ = clock_.now() + stop_interval;
    log_.write(base::LogEvent::uploader_stopped,
               {{base::LogField::reason, base::Word::of_enumerator(to_string(stop.reason))},
                {base::LogField::status, stop.status}});
    if (const auto settled = settle_doubt(); !settled) return storage_fault(settled.error().code);
    return {.did = UploaderStep::Did::stopped,
            .key = submission.key,
            .receipt_no = submission.receipt_no,
            .stop_reason = stop.reason,
            .wake_at = not_before_};
}

UploaderStep Uploader::storage_fault(base::Errc code) {
    // A connection that broke is opened anew; when that fails too, the next step tries again.
    (void)outbox_.probe_storage();
    not_before_ = std::max(not_before_, clock_.now() + storage_interval);
    log_.write(base::LogEvent::storage_fault, {code});
    return {.did = UploaderStep::Did::storage_fault, .wake_at = not_before_};
}

} // namespace platform
