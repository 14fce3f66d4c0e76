// The insides of the reference platform, shared by the files its routes stand in: what it knows,
// and every route as a function. Guarded by `mutex`; nothing here takes it, the public side does.
#pragma once

#include "kiosk/outbox/sqlite.hpp"
#include "kiosk/platform/reference/answers.hpp"
#include "kiosk/platform/reference/recording.hpp"
#include "kiosk/platform/reference/reference_platform.hpp"
#include "kiosk/platform/reference/submission_rules.hpp"
#include "kiosk/platform/sealing.hpp"

#include <deque>
#include <map>
#include <mutex>

namespace platform {

// What a request was verified and opened into, before it is stored.
struct Acceptance {
    std::string key;
    std::string target; // path it came to
    std::string digest;
    std::string receipt_no; // ungrouped
    std::string matter;
    base::SecretBytes clear;
    std::vector<std::pair<std::string, base::SecretBytes>> attachments; // sealed digest, clear
};

inline constexpr std::string_view enrolment_path = "/kiosk/v1/enrolment";

// What a route returns: an answer either way; Error only when the database failed.
using Routed = base::Result<HttpResponse>;

// Does `proof` of a question show that the clear request is the asker's?
bool is_proof(const json& clear, const json& proof);

// A head as the heartbeat and the end of a segment carry it; nothing for another form.
std::optional<AuditHead> read_audit_head(const json& object);

struct ReferencePlatform::State {
    ReferenceSettings settings;
    const base::Clock& clock;
    base::RandomSource& random;
    KeyPair authority;
    KeyPair sealing;
    Certificate device_certificate;
    std::unique_ptr<outbox::Database> database;
    mutable std::mutex mutex;
    // Of the request that is being answered.
    base::Sha256 asking{};         // fingerprint of who asks
    json opened;                   // what was sealed in it
    std::string_view planted = ""; // what is wrong with the answer on purpose, beside faults
    std::unique_ptr<Recording> recording;
    std::deque<PlatformFault> planned;
    int misbehave_per_mille = 0;
    bool misbehave_all_kinds = false;
    int replays = 0;
    int assistance_calls = 0;
    int heartbeats = 0;
    std::string last_heartbeat;
    base::Bytes roster;
    base::Bytes roster_before;
    std::function<base::Bytes()> make_roster; // the newest, not made yet
    RosterFault roster_fault = RosterFault::none;
    std::optional<json> offered_content;                 // openapi.yaml, ContentOffer
    std::map<std::string, base::Bytes> content_packages; // by SHA-256, hex
    int rosters_given = 0;
    std::optional<AuditHead> audit_head;
    std::vector<AuditAlarm> audit_alarms;
    std::string office_who;
    std::string office_hours = "Mon-Fri 10:00-19:00";
    struct WrongProofs {
        int count = 0;
        base::MonotonicTime paused_until{};
    };
    std::map<std::string, WrongProofs> wrong_proofs;                       // by receipt number
    std::map<std::string, std::vector<PlatformTodo>> todos;                // by number of the card
    std::map<std::string, ResidentRecord> records;                         // by number of the card
    std::map<std::pair<std::string, int>, std::vector<std::string>> forms; // their terms
    std::deque<base::MonotonicTime> prefilled_at;                          // of the last hour
    int prefills = 0;
    std::vector<std::string> commands;
    std::string least_client_version;
    WrongProofs wrong_codes;

    std::optional<HttpResponse> handle(const HttpRequest& request, const base::Sha256& device,
                                       MadeBy made_by);

    // Faults
    PlatformFault draw_fault(const HttpRequest& request);
    std::optional<HttpResponse> answer_with(PlatformFault fault, const HttpRequest& request);
    HttpResponse route_or_busy(const HttpRequest& request);
    void forget_uploads();
    void lose_a_chunk(const HttpRequest& request);
    HttpResponse disturb(PlatformFault fault, HttpResponse answer);
    HttpResponse refuse(const Problem& problem, const std::vector<ShapeFault>& faults = {});
    HttpResponse refuse_until(const Problem& problem, base::MonotonicTime until);

    // Routes
    Routed route(const HttpRequest& request);
    Routed route(const HttpRequest& request, const Certificate& device);
    Routed who_am_i();
    Routed heartbeat(const HttpRequest& request, const Certificate& device);
    std::optional<AuditAlarm> judge_audit(const json& beat, const Certificate& device);
    Routed audit_segment(const HttpRequest& request, const Certificate& device);
    Routed assistance(const HttpRequest& request);
    Routed staff_roster();
    Routed content_manifest(const HttpRequest& request);
    Routed content_package(const std::string& sha256);
    void take_roster(base::Bytes signed_roster);
    void finish_roster();
    Routed create_upload(const HttpRequest& request);
    Routed one_upload(const HttpRequest& request, const std::string& id);
    Routed append_upload(const HttpRequest& request, const std::string& id,
                         const base::Bytes& so_far, std::int64_t size);
    Routed submit(const HttpRequest& request);
    Routed status(const HttpRequest& request);
    Routed withdraw(const HttpRequest& request, const std::string& key);
    Routed todos_of(const HttpRequest& request);
    Routed prefill(const HttpRequest& request);
    Routed supplement(const HttpRequest& request, const std::string& id);
    Routed renew(const HttpRequest& request, const Certificate& device);
    Routed enrol(const HttpRequest& request);
    base::Result<std::optional<Problem>> check_proof(const std::string& receipt_no,
                                                     const json& clear, const json& proof);
    base::Result<json> history_of(std::int64_t seq, std::string& reason);
    base::Result<void> add_stage(std::int64_t seq, std::string_view state, std::string_view reason);

    // Submitting. Those with an optional answer return the refusal, or nothing when all is well.
    base::Result<std::optional<HttpResponse>> begin(Acceptance& acceptance,
                                                    const HttpRequest& request);
    base::Result<std::optional<HttpResponse>> replay(const Acceptance& acceptance);
    base::Result<std::optional<HttpResponse>> find_missing(const std::string& key,
                                                           const HttpRequest& request);
    base::Result<base::Bytes> uploaded(const std::string& key, const std::string& sha256);
    base::Result<std::optional<HttpResponse>> open_into(Acceptance& acceptance,
                                                        const HttpRequest& request, json& content);
    base::Result<std::optional<HttpResponse>> check_submission(Acceptance& acceptance,
                                                               const json& content);
    base::Result<std::optional<HttpResponse>>
    fetch_attachments(Acceptance& acceptance, const HttpRequest& request, const json& clear);
    base::Result<HttpResponse> store(const Acceptance& acceptance, const base::Bytes& cms);
    base::Result<std::optional<HttpResponse>> check_supplement(const Acceptance& acceptance,
                                                               const json& content,
                                                               const std::string& id,
                                                               const base::Bytes& request_clear);
    base::Result<HttpResponse> store_supplement(const Acceptance& acceptance, std::int64_t seq,
                                                const std::string& case_code,
                                                const base::Bytes& cms);

    // Devices. Nothing: the platform does not know that certificate.
    std::optional<Certificate> device_of(const base::Sha256& fingerprint);
    Routed certify(const std::string& csr, const std::string& common_name);
    base::Result<std::int64_t> count(const char* sql, std::string_view value) {
        auto rows = TRY(database->prepare(sql));
        rows.bind(1, value);
        TRY(rows.step());
        return rows.integer(0);
    }
};

} // namespace platform
