// A district platform for development: the other side of openapi.yaml.
//
// Verifies the device's signature, opens, compares, refuses what the contract refuses, keeps a key
// once, stores what it opened. Misbehaves on demand, from a seed or one fault at a time (spec
// reliability S8). Never part of a release. handle() may be called from several threads.
#pragma once

#include "kiosk/base/clock.hpp"
#include "kiosk/base/random.hpp"
#include "kiosk/platform/audit_head.hpp"
#include "kiosk/platform/http.hpp"
#include "kiosk/platform/reference/demo_keys.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace platform {

enum class PlatformFault {
    none,
    cut_before_work,    // connection lost, nothing stored
    cut_after_commit,   // stored, connection lost before the answer
    arrives_twice,      // a gateway delivered the request twice; the second answer is seen
    wrong_digest,       // stored, answer names another digest
    wrong_key,          // stored, answer names another key
    no_case_code,       // stored, answer lacks the case code
    not_json,           // stored, 200 with an HTML page
    redirect,           // 302 elsewhere
    busy,               // 503 with a spread Retry-After
    bad_gateway,        // 502 without a body
    rate_limited,       // 429 with Retry-After
    in_progress,        // 409
    too_early,          // 425
    attachment_missing, // 409, the uploads are forgotten
    receipt_conflict,   // 409
    answers_invalid,    // 422
    form_version_gone,  // 422
    key_reuse,          // 422
    matter_closed,      // 403
    device_suspended,   // 403
    device_unknown,     // 401
    clock_skew,         // 400
    unknown_refusal,    // 418, a type nobody knows
    answer_too_long,    // stored, answer over 64 KB
    lose_last_chunk,    // an upload's bytes are forgotten after 204
    clock_jump,         // stored, the times in the answer are ten years ahead
};
std::string_view to_string(PlatformFault fault);
std::vector<PlatformFault> all_platform_faults(); // without `none`

// What is wrong with the staff list that is handed out from now on.
enum class RosterFault {
    none,
    missing,  // 404, as if the district had none
    old,      // the one before the newest
    altered,  // one byte is another
    too_long, // more than any list may have
    busy,     // 503
};

// What is wrong with the audit head of a heartbeat. Somebody should look at that kiosk.
enum class AuditAlarm {
    malformed,   // no head in the form of the contract
    not_signed,  // not by this device
    went_back,   // fewer rows than before: put back, or begun anew after damage
    changed,     // as many rows as before, but another last one
    disappeared, // there was a head once, now there is none
};
std::string_view to_string(AuditAlarm alarm);

// Defects that a test plants to see that it would notice. Never set outside tests.
struct PlantedDefects {
    bool forgets_keys = false; // no de-duplication
};

// What the platform received and opened.
struct ReceivedAttachment {
    std::string sealed_sha256; // hex
    base::Bytes clear;
};
struct ReceivedSubmission {
    std::string key;
    std::string receipt_no; // ungrouped
    std::string matter;
    std::string case_code;
    std::string state;
    base::WallTime accepted_at;
    std::string clear_json;
    base::Bytes cms; // as it came over the wire
    std::vector<ReceivedAttachment> attachments;
};

// A missing paper that was brought later.
struct ReceivedSupplement {
    std::string key;
    std::string receipt_no; // of the request it belongs to, ungrouped
    std::string clear_json;
    base::Bytes cms;
    std::vector<ReceivedAttachment> attachments;
};

// What a register of the district holds about one person, for pre-fill.
struct RecordedTerm {
    std::string term;   // "person.phone"
    std::string value;  // JSON: "\"13800000000\"", or {"region":…,"text":…}
    std::string source; // which register, a word: "social-insurance"
    std::string as_of;  // "2026-03-01"
    std::string trust;  // A to D (platform-api §3)
};
struct ResidentRecord {
    std::string name; // as on the card: a number alone is told nothing
    std::vector<RecordedTerm> terms;
};

struct PlatformTodo {
    std::string matter;
    std::string due;  // "2026-12-31"
    std::string note; // sent where it is not empty
};

struct ReferenceSettings {
    std::string database = ":memory:";
    KeyFiles keys;
    PlantedDefects defects;
};

class ReferencePlatform {
public:
    // Errors: not_found, corrupt, unauthorised (keys), io, disk_full (database).
    static base::Result<std::unique_ptr<ReferencePlatform>>
    open(ReferenceSettings settings, const base::Clock& clock, base::RandomSource& random);
    ~ReferencePlatform();

    // Nothing: the connection is cut without an answer. `device`: fingerprint of the certificate
    // that the connection showed. Without it: by hand, as the device of the keys.
    std::optional<HttpResponse> handle(const HttpRequest& request);
    std::optional<HttpResponse> handle(const HttpRequest& request, const base::Sha256& device);
    base::Sha256 own_device() const; // of the keys

    // The next `times` requests of the kind the fault is about meet it.
    void fail_next(PlatformFault fault, int times = 1);
    // From now on about `per_mille` of all requests meet a fault drawn from `random` given at
    // open(); 0 ends it. Faults that quarantine or stop are drawn only when `all_kinds`.
    void misbehave(int per_mille, bool all_kinds);
    // The district's newest staff list, signed (kiosk/staff/roster.md); this platform cannot read
    // it.
    void set_roster(base::Bytes signed_roster);
    // The same, made when it is first asked for: its PINs cost a good part of a second.
    void set_roster(std::function<base::Bytes()> make_signed_roster);
    void set_roster_fault(RosterFault fault);
    // A content set that is offered from now on: the folder with its manifest and signatures. This
    // platform does not look into it. Errors: not_found, io, too_large, corrupt.
    base::Result<void> offer_content(const std::string& folder, int percent = 100,
                                     std::optional<base::Date> not_before = {});
    void set_office_hours(std::string who, std::string hours); // what assistance answers
    // Somebody at the district worked on a request. `receipt_no` empty: the last one that came.
    // False: there is no such request.
    bool move_request(std::string_view receipt_no, const std::string& state,
                      const std::string& reason = "");
    // What is due for a person, by the number of their card. `note` is free text that no contract
    // allows: to see that a kiosk does not show it.
    void set_todos(const std::string& id_number, std::vector<PlatformTodo> todos);
    // What pre-fill finds, by the number of the card; the last record of a number counts.
    void set_resident_record(const std::string& id_number, ResidentRecord record);
    // Which terms a form version may ask for. A form that was not declared gets no pre-fill.
    void declare_form(const std::string& matter, int version, std::vector<std::string> terms);
    // Handed out with the next heartbeat's answer, once. Any word, also one that no contract
    // allows: to see that a kiosk does nothing with it (DESIGN §4.7).
    void queue_command(std::string word);
    // What GET /device names as minClientVersion; empty: nothing.
    void set_least_client_version(std::string version);
    // A code with which one device may get its first certificate, once.
    void add_enrolment_code(const std::string& code);

    std::vector<ReceivedSubmission> submissions() const; // in order of arrival
    std::size_t submission_count() const;
    std::vector<ReceivedSupplement> supplements() const; // in order of arrival
    int prefills() const;                                // questions that were answered
    int replays() const;                                 // answers given a second time
    int assistance_calls() const;
    int rosters_given() const; // lists handed out
    int heartbeats() const;
    std::string last_heartbeat() const; // its JSON
    // The newest head that the device signed; nothing before the first. This platform knows one
    // device, the one whose certificate stands in its keys, and forgets when the object goes.
    std::optional<AuditHead> audit_head() const;
    std::vector<AuditAlarm> audit_alarms() const; // in order of arrival
    // Lines of the audit segments that were taken in, in order of arrival.
    std::vector<std::string> audit_rows() const;
    // The page for people: number (its middle hidden), matter, time, state; says that it is a
    // demonstration.
    std::string html_page() const;
    // One request as it was opened; nothing for anything but the whole number of one that is here.
    std::optional<std::string> html_request(std::string_view typed) const;

private:
    struct State;
    explicit ReferencePlatform(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// The wire between a kiosk and a platform in the same process: no sockets, no TLS. For simulations
// and headless scripts with a clock of their own.
class InProcessTransport final : public HttpTransport {
public:
    explicit InProcessTransport(ReferencePlatform& platform) : platform_(platform) {}
    void set_connected(bool yes) { connected_ = yes; }
    // The certificate this end shows from now on: after a renewal, the new one.
    void set_device(const Certificate& device) { device_ = device.fingerprint(); }
    int exchanges() const { return exchanges_; }
    base::Result<HttpResponse> send(const HttpRequest& request, base::Milliseconds limit) override;

private:
    ReferencePlatform& platform_;
    bool connected_ = true;
    std::optional<base::Sha256> device_;
    int exchanges_ = 0;
};

} // namespace platform
