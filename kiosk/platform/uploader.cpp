// The bookkeeping around one try.
#include "kiosk/platform/uploader.hpp"

namespace platform {
namespace {

using namespace std::chrono_literals;

// Nothing pending: enqueue wakes the thread, this is only the net below it.
constexpr base::Milliseconds idle_interval = 60s;

template <class... Cases> struct Overloaded : Cases... { using Cases::operator()...; };
// Written out: clang 14, which builds the fuzzers, does not deduce it for aggregates (P1816).
template <class... Cases> Overloaded(Cases...) -> Overloaded<Cases...>;

} // namespace

Uploader::Uploader(outbox::Outbox& outbox, Client& client, const base::Clock& clock,
                   base::RandomSource& random, base::Log& log)
    : outbox_(outbox), client_(client), clock_(clock), log_(log), pace_(clock, random) {}

// Contact before this start is known by the last delivery, as far as the wall clock can tell.
void Uploader::spread_first_try() {
    const auto counts = outbox_.counts();
    const bool delivered_lately =
        counts && counts->last_delivery && counts->last_delivery <= clock_.wall() &&
        clock_.wall() - *counts->last_delivery <= SendPace::recent_contact;
    pace_.spread_first_try(counts ? counts->pending : 0, delivered_lately);
}

void Uploader::note_link_up() {
    pace_.note_link_up();
}

void Uploader::send_now() {
    pace_.send_now();
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
    const auto keys = TRY(outbox_.waiting(pace_.waiting_count() + 1));
    for (const auto& key : keys) {
        if (!pace_.is_waiting(key)) return std::optional(key);
    }
    return std::optional<std::string>();
}

UploaderStep Uploader::run_once() {
    if (pace_.is_first_try()) spread_first_try();
    if (clock_.now() < pace_.not_before()) return {.wake_at = pace_.not_before()};
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
    return {.wake_at = pace_.next_end(clock_.now() + idle_interval)};
}

bool Uploader::is_welcome_again() {
    if (!client_.device()) return false;
    stopped_.reset();
    return true;
}

UploaderStep Uploader::still_stopped() {
    pace_.note_still_stopped();
    return {.stop_reason = stopped_, .wake_at = pace_.not_before()};
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
    pace_.note_delivered(submission.key);
    const auto noted = outbox_.note_delivered(submission.key, delivered.case_code, delivered.state);
    // Not noted: it goes out once more, and the platform answers a key it knows as before.
    if (!noted) return storage_fault(noted.error().code);
    in_doubt_.reset();
    log_.write(base::LogEvent::submission_delivered);
    return {.did = UploaderStep::Did::delivered,
            .key = submission.key,
            .receipt_no = submission.receipt_no,
            .case_code = delivered.case_code,
            .wake_at = pace_.not_before()};
}

UploaderStep Uploader::note(const outbox::PendingSubmission& submission, const Retry& retry) {
    log_.write(base::LogEvent::delivery_attempt_ended,
               {retry.why, {base::LogField::status, retry.status}});
    pace_.note_failed(submission.key, retry.scope, retry.after, retry.status != 0);
    if (const auto settled = settle_doubt(); !settled) return storage_fault(settled.error().code);
    return {.did = UploaderStep::Did::postponed,
            .key = submission.key,
            .receipt_no = submission.receipt_no,
            .wake_at = pace_.not_before()};
}

UploaderStep Uploader::note(const outbox::PendingSubmission& submission,
                            const Quarantine& quarantine) {
    if (const auto noted = outbox_.quarantine(submission.key, quarantine.reason); !noted) {
        return storage_fault(noted.error().code);
    }
    in_doubt_.reset();
    pace_.note_set_aside(submission.key);
    log_.write(base::LogEvent::submission_quarantined,
               {{base::LogField::reason, base::Word::of_enumerator(to_string(quarantine.reason))}});
    return {.did = UploaderStep::Did::quarantined,
            .key = submission.key,
            .receipt_no = submission.receipt_no,
            .quarantine_reason = quarantine.reason,
            .wake_at = pace_.not_before()};
}

UploaderStep Uploader::note(const outbox::PendingSubmission& submission, const Stop& stop) {
    stopped_ = stop.reason;
    pace_.note_stopped(submission.key);
    log_.write(base::LogEvent::uploader_stopped,
               {{base::LogField::reason, base::Word::of_enumerator(to_string(stop.reason))},
                {base::LogField::status, stop.status}});
    if (const auto settled = settle_doubt(); !settled) return storage_fault(settled.error().code);
    return {.did = UploaderStep::Did::stopped,
            .key = submission.key,
            .receipt_no = submission.receipt_no,
            .stop_reason = stop.reason,
            .wake_at = pace_.not_before()};
}

UploaderStep Uploader::storage_fault(base::Errc code) {
    // A connection that broke is opened anew; when that fails too, the next step tries again.
    (void)outbox_.probe_storage();
    pace_.note_storage_fault();
    log_.write(base::LogEvent::storage_fault, {code});
    return {.did = UploaderStep::Did::storage_fault, .wake_at = pace_.not_before()};
}

} // namespace platform
