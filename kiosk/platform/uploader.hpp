// Decides when which submission is tried, one step at a time, without a thread and without
// sleeping: the caller's thread calls run_once() and then waits until `wake_at` (or until something
// was enqueued). One submission in flight, oldest first; one that fails alone waits alone.
// How long it waits is send_pace.hpp.
#pragma once

#include "kiosk/base/log.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/outbox/outbox.hpp"
#include "kiosk/platform/client.hpp"
#include "kiosk/platform/send_pace.hpp"

#include <optional>
#include <string>

namespace platform {

struct UploaderStep {
    enum class Did {
        nothing,       // nothing is pending, or it is not time yet
        delivered,     // `key`, `receipt_no`, `case_code` say which
        postponed,     // a try failed; it stays pending
        quarantined,   // one submission needs a human: alarm; the others go on
        stopped,       // nothing is sent until `stop_reason` is mended: alarm
        storage_fault, // the outbox could not be read or written
    };
    Did did = Did::nothing;
    std::string key;
    std::string receipt_no;
    std::string case_code;
    std::optional<outbox::QuarantineReason> quarantine_reason;
    std::optional<StopReason> stop_reason;
    base::MonotonicTime wake_at{}; // call again then; earlier does no harm
};

class Uploader {
public:
    // All references outlive the uploader; `outbox` is this thread's own connection.
    Uploader(outbox::Outbox& outbox, Client& client, const base::Clock& clock,
             base::RandomSource& random, base::Log& log);

    // Tries at most one submission. Blocks as long as Client::submit does.
    UploaderStep run_once();

    // The network came back: forget the waiting, but spread as S5 asks.
    void note_link_up();
    // `kiosk outbox send`: somebody mended it, or wants it tried now.
    void send_now();

    std::optional<StopReason> stopped() const { return stopped_; }

private:
    void spread_first_try();
    base::Result<void> settle_doubt();
    base::Result<std::optional<std::string>> next_key();
    bool is_welcome_again();
    UploaderStep nothing_to_send();
    UploaderStep still_stopped();
    UploaderStep attempt(const std::string& key);
    UploaderStep settle(const outbox::PendingSubmission& submission, const Verdict& verdict);
    UploaderStep note(const outbox::PendingSubmission& submission, const Delivered& delivered);
    UploaderStep note(const outbox::PendingSubmission& submission, const Retry& retry);
    UploaderStep note(const outbox::PendingSubmission& submission, const Quarantine& quarantine);
    UploaderStep note(const outbox::PendingSubmission& submission, const Stop& stop);
    UploaderStep storage_fault(base::Errc code);

    outbox::Outbox& outbox_;
    Client& client_;
    const base::Clock& clock_;
    base::Log& log_;
    SendPace pace_;
    std::optional<std::string> in_doubt_; // in state `sending` although its try has ended
    std::optional<StopReason> stopped_;
};

} // namespace platform
