// The kiosk's side of the district platform's interface (openapi.yaml): submissions with their
// uploads, the call for a human, the heartbeat. Knows what every answer means; never waits between
// tries and never retries a submission by itself (uploader.hpp does).
#pragma once

#include "kiosk/outbox/outbox.hpp"
#include "kiosk/platform/audit_head.hpp"
#include "kiosk/platform/http.hpp"
#include "kiosk/platform/sealing.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace platform {

// How one try to send a submission ended (spec reliability S3, S4).
struct Delivered {
    std::string case_code;
    std::string state; // "accepted"
    bool was_replay = false;
};
// Who waits: everything (the link or the platform as a whole), or only this submission while
// others go on.
enum class RetryScope { queue, submission };
struct Retry {
    RetryScope scope = RetryScope::queue;
    std::optional<base::Milliseconds> after; // Retry-After between 1 s and 1 h, else nothing
    base::Errc why = base::Errc::unreachable;
    int status = 0; // 0: no answer
};
struct Quarantine {
    outbox::QuarantineReason reason;
};
// Nothing is sent until this is mended; everything stays pending and staff are told.
enum class StopReason {
    device_unknown,
    device_suspended,
    clock_skew,
    form_version_gone,
    key_missing,
    unknown_refusal, // a 4xx that the contract does not name
};
std::string_view to_string(StopReason reason);
struct Stop {
    StopReason reason;
    int status = 0;
};
using Verdict = std::variant<Delivered, Retry, Quarantine, Stop>;

// Pure. `now` is needed for the date form of Retry-After.
Verdict judge_submission_answer(const base::Result<HttpResponse>& answer, std::string_view key,
                                const base::Sha256& body_sha256, base::WallTime now);

// "sha-256=:<base64>:" (RFC 9530).
std::string content_digest(const base::Sha256& digest);

struct AssistanceAnswer {
    std::string who;   // who comes; may be empty
    std::string hours; // the counter's hours; may be empty
};

struct DeviceAnswer {
    std::string office;
    std::vector<std::string> matters;
};

// What is asked with the receipt's number; an unknown number is `not_found`.
struct StatusAnswer {
    std::string state; // accepted, in-review, needs-papers, done, refused, withdrawn, expired
    std::string case_code;
};

// No personal data, no language (G2, V4): numbers, words of ours, and what the platform needs to
// notice that the audit chain was put back to an earlier state (P12).
struct Heartbeat {
    std::string app_version;
    std::int64_t content_version = 0;
    int queue_pending = 0;
    int queue_quarantined = 0;
    std::int64_t oldest_pending_seconds = 0;
    std::uint64_t free_bytes = 0;
    std::vector<std::pair<std::string, std::string>> devices; // device, state word
    std::optional<AuditHead> audit;   // nothing: there is no chain, or it cannot be read
    std::uint64_t roster_version = 0; // 0: this kiosk has no staff list
};

class Client {
public:
    // `device`: who must have signed what is sent. Nothing: that check is left out (contract tests
    // of foreign kiosks). All references outlive the client.
    Client(HttpTransport& transport, const base::Clock& clock, std::optional<Certificate> device);

    // Uploads what the platform does not have yet, then posts the submission. At most a few minutes
    // for large attachments on a slow line; each exchange has its own limit (60 s).
    Verdict submit(const outbox::PendingSubmission& submission);

    // "Somebody asks for a human at this place." 5 s. Errors: as HttpTransport, refused.
    base::Result<AssistanceAnswer> assistance(std::string_view place);
    base::Result<DeviceAnswer> device();
    base::Result<void> heartbeat(const Heartbeat& beat);
    // The district's signed staff list, as it came: nothing here looks into it (kiosk/staff does).
    // Errors: not_found (the district has none for this kiosk), too_large, busy, unauthorised,
    // refused, and as HttpTransport.
    base::Result<base::Bytes> staff_roster();
    base::Result<StatusAnswer> status(std::string_view receipt_no);

private:
    std::optional<Verdict> upload(const outbox::PendingSubmission& submission, std::size_t number);
    HttpTransport& transport_;
    const base::Clock& clock_;
    std::optional<Certificate> device_;
};

} // namespace platform
