// The kiosk's side of the district platform's interface (openapi.yaml): submissions with their
// uploads, the call for a human, the heartbeat. Knows what every answer means; never waits between
// tries and never retries a submission by itself (uploader.hpp does).
#pragma once

#include "kiosk/outbox/outbox.hpp"
#include "kiosk/platform/audit_segment.hpp"
#include "kiosk/platform/http.hpp"
#include "kiosk/platform/sealing.hpp"
#include "kiosk/platform/send_pace.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace platform {

// How one try to send a submission ended (spec reliability S3, S4).
struct Delivered {
    std::string case_code;
    std::string state; // "accepted"; of papers brought later "in-review"
    bool was_replay = false;
};
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

// What was sent decides what an answer means.
enum class Sent : std::uint8_t { request, supplement };
// Pure. `now` is needed for the date form of Retry-After.
Verdict judge_submission_answer(const base::Result<HttpResponse>& answer, std::string_view key,
                                const base::Sha256& body_sha256, base::WallTime now,
                                Sent sent = Sent::request);

// "sha-256=:<base64>:" (RFC 9530).
std::string content_digest(const base::Sha256& digest);

struct AssistanceAnswer {
    std::string who;   // who comes; may be empty
    std::string hours; // the counter's hours; may be empty
};

struct DeviceAnswer {
    std::string office;
    std::vector<std::string> matters;
    std::string least_client; // the oldest program that the platform still serves; empty: any
};
// "0.10.0" is newer than "0.9.1". A text that is no version is older than nothing.
bool is_older(std::string_view version, std::string_view than);

// How somebody shows that a request is theirs. `none` is enough for a request that knows nobody.
struct StatusProof {
    enum class Kind { none, phone_tail, id_number };
    Kind kind = Kind::none;
    base::SecretText value;
};

struct StatusStage {
    std::string state; // accepted, in-review, needs-papers, done, refused, withdrawn, expired
    base::Date on{};
};
// No free text and nothing of a person: states and reasons are words of closed lists.
struct StatusAnswer {
    std::string state;
    std::string case_code;
    std::string matter;              // empty: not told
    std::vector<StatusStage> stages; // oldest first; the last one is `state`
    std::optional<base::Date> due;   // by when the next one is expected
    std::string reason;              // refused, needs-papers: a code; else empty
    std::string withdrawal;          // id that withdraw() takes; empty: cannot be withdrawn now
    std::string supplement;          // names it for papers brought later; empty: none are wanted
};

// G11: a matter and a day, nothing else; whatever else an answer carries is not read.
struct TodoAnswer {
    std::string matter;
    base::Date due{};
};

// What is asked for one form, after the person's yes. Only terms that this form version declares.
struct PrefillQuestion {
    std::string matter;
    std::int64_t form_version = 1;
    base::SecretText name; // as on the card
    base::SecretText id_number;
    std::string consent; // id of the text that was agreed to
    std::string text_set_digest;
    std::int64_t text_set_version = 1;
    base::WallTime agreed_at{};
    std::vector<std::string> terms;
};
struct PrefillAnswer {
    std::string term;
    base::SecretText text;
    std::string source; // which register, a word
    base::Date as_of{};
};

// How people found their visits on a day that is over.
struct DayRatings {
    base::Date day{};
    int good = 0;
    int fair = 0;
    int poor = 0;
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
    std::optional<AuditHead> audit;    // nothing: there is no chain, or it cannot be read
    std::uint64_t roster_version = 0;  // 0: this kiosk has no staff list
    std::optional<DayRatings> ratings; // sent with everything under 5 as "<5" (G4)
};

// What the district may ask of a kiosk from afar: a closed list (DESIGN §4.7). None of it starts a
// capture, changes a threshold or touches a visit.
enum class Command : std::uint8_t { sync_content, send_log, go_out_of_service, print_self_test };
std::string_view to_string(Command command); // as the contract spells it
std::optional<Command> command_from(std::string_view name);

// What the content channel offers (openapi.yaml, ContentOffer). Nothing in it is trusted: the
// signatures are verified over the manifest's bytes (kiosk/content/store.hpp).
struct ContentOffer {
    std::int64_t version = 0;
    std::string manifest_sha256; // hex
    std::size_t manifest_size = 0;
    std::vector<std::string> signatures; // lines of manifest.sig
    std::optional<base::Date> not_before;
    int percent = 100; // of the kiosks
};
// Whether a kiosk takes part in a trial on some of them; `device`: its certificate's SHA-256.
bool is_in_trial(const ContentOffer& offer, const base::Sha256& device);

// One exchange for somebody who waits. Together with a look into this kiosk's own queue it fits in
// the 3 s after which they are told that nobody answers (platform-api §2; session::answer_limit).
inline constexpr base::Milliseconds question_limit{2500};

class Client {
public:
    // `device`: who must have signed what is sent, where the submission does not name its signer.
    // Nothing: that check is left out (contract tests of foreign kiosks). All references outlive
    // the client.
    Client(HttpTransport& transport, const base::Clock& clock, std::optional<Certificate> device);

    // Uploads what the platform does not have yet, then posts the submission. At most a few minutes
    // for large attachments on a slow line; each exchange has its own limit (60 s).
    Verdict submit(const outbox::PendingSubmission& submission);

    // "Somebody asks for a human at this place." 5 s. Errors: as HttpTransport, refused.
    base::Result<AssistanceAnswer> assistance(std::string_view place);
    base::Result<DeviceAnswer> device();
    // Returns what the platform asks for, each kind once, in its order. Words that are not on the
    // list are not heard.
    base::Result<std::vector<Command>> heartbeat(const Heartbeat& beat);
    // A new certificate for the key of this request (PKCS#10, PEM), as PEM. Errors: as device(),
    // bad_frame.
    base::Result<std::string> renew_certificate(const std::string& request_pem);
    // What the channel "stable" offers now. Errors: as HttpTransport, not_found (nothing),
    // bad_frame.
    base::Result<ContentOffer> content_offer();
    // One file by its SHA-256, at most `size` bytes (content::max_file_bytes); its digest is
    // compared. Errors: as HttpTransport, not_found, too_large, corrupt.
    base::Result<base::Bytes> content_package(std::string_view sha256, std::size_t size);
    // The district's signed staff list, as it came: nothing here looks into it (kiosk/staff does).
    // Errors: not_found (the district has none for this kiosk), too_large, busy, unauthorised,
    // refused, and as HttpTransport.
    base::Result<base::Bytes> staff_roster();
    // Hands in a closed segment. Returns the number that the platform wants next: the first that it
    // does not have. Errors: conflict (it has other rows there, or these do not follow from them),
    // and as device().
    base::Result<std::uint64_t> audit_segment(const AuditSegment& segment);
    // The state of one request, for somebody who waits: at most question_limit. Errors: not_found
    // (no such number), unauthorised (the proof does not fit), locked (too many proofs that did not
    // fit, for a quarter of an hour), bad_frame (an answer that nobody can read), busy, refused,
    // and as HttpTransport. `stop`, here and below: who asked has gone.
    base::Result<StatusAnswer> status(std::string_view receipt_no, const StatusProof& proof = {},
                                      std::stop_token stop = {});
    // Takes a request back; the same once more is success. `id` of StatusAnswer::withdrawal.
    // Errors: conflict (too late), else as status().
    base::Result<void> withdraw(std::string_view id, const base::SecretText& id_number,
                                std::stop_token stop = {});
    // What is due for the person whose card lies there. Errors: as status() without locked.
    base::Result<std::vector<TodoAnswer>> todos(const base::SecretText& id_number,
                                                std::stop_token stop = {});

    // What the district holds of the person: of the terms asked for, each at most once, and only
    // texts; whatever else an answer carries, and a value that is not whole, is left out. Errors:
    // as status() without locked; bad_frame also for an answer with more values than the contract
    // allows, too_large for a longer one.
    // not handled: an address, which is an object of its own.
    base::Result<std::vector<PrefillAnswer>> prefill(const PrefillQuestion& question,
                                                     std::stop_token stop = {});

private:
    std::optional<Verdict> upload(const outbox::PendingSubmission& submission, std::size_t number);
    HttpTransport& transport_;
    const base::Clock& clock_;
    std::optional<Certificate> device_;
};

} // namespace platform
