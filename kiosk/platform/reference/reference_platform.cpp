// The contract's other side over SQLite. Reads top down: faults around the routes, the routes, what
// they need.
#include "kiosk/platform/reference/reference_platform.hpp"

#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/outbox/sqlite.hpp"
#include "kiosk/platform/client.hpp"
#include "kiosk/platform/reference/submission_rules.hpp"
#include "kiosk/platform/sealing.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

namespace platform {
namespace {

using nlohmann::json;
using outbox::Database;
using outbox::Transaction;

// platform-api §2: PATCH at most 512 KiB. Whole uploads: chosen, four times the largest page.
constexpr std::size_t chunk_limit_bytes = 512 * 1024;
constexpr std::int64_t upload_limit_bytes = 16 << 20;

// A development platform keeps every key for as long as its database lives, which is longer than
// the 90 days of spec reliability S7. `key` is not UNIQUE here: the planted defect needs that.
constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS submissions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, digest TEXT NOT NULL,
    receipt_no TEXT NOT NULL, matter TEXT NOT NULL, case_code TEXT NOT NULL, state TEXT NOT NULL,
    accepted_at INTEGER NOT NULL, answer TEXT NOT NULL, clear BLOB NOT NULL, cms BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS submissions_by_key ON submissions (key);
CREATE INDEX IF NOT EXISTS submissions_by_receipt ON submissions (receipt_no);
CREATE TABLE IF NOT EXISTS attachments (
    seq INTEGER NOT NULL REFERENCES submissions (seq), number INTEGER NOT NULL,
    sealed_sha256 TEXT NOT NULL, clear BLOB NOT NULL, PRIMARY KEY (seq, number));
CREATE TABLE IF NOT EXISTS stages (
    seq INTEGER NOT NULL REFERENCES submissions (seq), state TEXT NOT NULL, at INTEGER NOT NULL,
    reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
    bytes BLOB NOT NULL, UNIQUE (key, sha256));
)";

struct Problem {
    std::string_view type;
    int status;
    std::string_view retry; // never, later, after-fix
};

// platform-api §5, and what a strict platform needs besides.
constexpr Problem answers_invalid{"answers-invalid", 422, "never"};
constexpr Problem attachment_missing{"attachment-missing", 409, "later"};
constexpr Problem digest_mismatch{"digest-mismatch", 400, "later"};
constexpr Problem key_missing{"key-missing", 400, "after-fix"};
constexpr Problem key_reuse{"key-reuse", 422, "never"};
constexpr Problem receipt_conflict{"receipt-conflict", 409, "never"};
constexpr Problem offset_mismatch{"offset-mismatch", 409, "later"};
constexpr Problem checksum_mismatch{"checksum-mismatch", 422, "later"};
constexpr Problem device_unknown{"device-unknown", 401, "after-fix"};
constexpr Problem malformed{"malformed", 400, "never"};
constexpr Problem not_found{"not-found", 404, "never"};
constexpr Problem proof_wrong{"proof-wrong", 403, "never"};
constexpr Problem too_many_proofs{"too-many-proofs", 429, "later"};
constexpr Problem too_late{"too-late", 409, "never"};
// platform-api §6: five wrong proofs for a receipt, then a pause.
constexpr int wrong_proofs_allowed = 5;
constexpr base::Milliseconds proof_pause = std::chrono::minutes(15);
constexpr Problem storage{"busy", 503, "later"};

// What one fault does. `before`: answered instead of working.
struct FaultRow {
    PlatformFault fault;
    std::string_view name;
    std::optional<Problem> before;
    bool is_harmless; // a later try of the same bytes succeeds without anybody's help
};
constexpr std::array fault_rows{
    FaultRow{PlatformFault::none, "none", {}, true},
    FaultRow{PlatformFault::cut_before_work, "cut_before_work", {}, true},
    FaultRow{PlatformFault::cut_after_commit, "cut_after_commit", {}, true},
    FaultRow{PlatformFault::arrives_twice, "arrives_twice", {}, true},
    FaultRow{PlatformFault::wrong_digest, "wrong_digest", {}, true},
    FaultRow{PlatformFault::wrong_key, "wrong_key", {}, true},
    FaultRow{PlatformFault::no_case_code, "no_case_code", {}, true},
    FaultRow{PlatformFault::not_json, "not_json", {}, true},
    FaultRow{PlatformFault::redirect, "redirect", {}, true},
    FaultRow{PlatformFault::busy, "busy", Problem{"busy", 503, "later"}, true},
    FaultRow{PlatformFault::bad_gateway, "bad_gateway", {}, true},
    FaultRow{PlatformFault::rate_limited, "rate_limited", Problem{"rate-limited", 429, "later"},
             true},
    FaultRow{PlatformFault::in_progress, "in_progress", Problem{"in-progress", 409, "later"}, true},
    FaultRow{PlatformFault::too_early, "too_early", Problem{"too-early", 425, "later"}, true},
    FaultRow{PlatformFault::attachment_missing, "attachment_missing", attachment_missing, true},
    FaultRow{PlatformFault::receipt_conflict, "receipt_conflict", receipt_conflict, false},
    FaultRow{PlatformFault::answers_invalid, "answers_invalid", answers_invalid, false},
    FaultRow{PlatformFault::form_version_gone, "form_version_gone",
             Problem{"form-version-gone", 422, "after-fix"}, false},
    FaultRow{PlatformFault::key_reuse, "key_reuse", key_reuse, false},
    FaultRow{PlatformFault::matter_closed, "matter_closed", Problem{"matter-closed", 403, "never"},
             false},
    FaultRow{PlatformFault::device_suspended, "device_suspended",
             Problem{"device-suspended", 403, "after-fix"}, false},
    FaultRow{PlatformFault::device_unknown, "device_unknown", device_unknown, false},
    FaultRow{PlatformFault::clock_skew, "clock_skew", Problem{"clock-skew", 400, "after-fix"},
             false},
    FaultRow{PlatformFault::unknown_refusal, "unknown_refusal", Problem{"teapot", 418, "never"},
             false},
    FaultRow{PlatformFault::answer_too_long, "answer_too_long", {}, true},
    FaultRow{PlatformFault::lose_last_chunk, "lose_last_chunk", {}, true},
};

const FaultRow& row_of(PlatformFault fault) {
    const auto found = std::find_if(fault_rows.begin(), fault_rows.end(),
                                    [&](const FaultRow& row) { return row.fault == fault; });
    CHECK(found != fault_rows.end());
    return *found;
}

// A JSON text for the wire; bytes that are no UTF-8 are replaced rather than thrown at.
base::Bytes dump(const json& value) {
    return base::to_bytes(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

HttpResponse json_answer(int status, const json& body) {
    return {status, {{"Content-Type", "application/json"}}, dump(body)};
}

json parse_object(const base::Bytes& body) {
    auto parsed = json::parse(body.begin(), body.end(), nullptr, false);
    return parsed.is_object() ? parsed : json(json::value_t::discarded);
}

std::string text_at(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::size_t> number_in(const std::optional<std::string>& header) {
    std::size_t value = 0;
    if (!header) return std::nullopt;
    const auto* last = header->data() + header->size();
    const auto [end, code] = std::from_chars(header->data(), last, value);
    if (code != std::errc() || end != last) return std::nullopt;
    return value;
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_hyphen_place = i == 8 || i == 13 || i == 18 || i == 23;
        const bool is_hex =
            (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (is_hyphen_place ? text[i] != '-' : !is_hex) return false;
    }
    return true;
}

// `Idempotency-Key: "<uuid>"`, nothing for anything else.
std::optional<std::string> idempotency_key(const HttpRequest& request) {
    const auto header = find_header(request.headers, "Idempotency-Key").value_or("");
    if (header.size() != 38 || header.front() != '"' || header.back() != '"') return std::nullopt;
    auto key = header.substr(1, 36);
    if (!is_uuid(key)) return std::nullopt;
    return key;
}

// `Attachments: sha-256=:…:, sha-256=:…:` -> digests in hex; nothing when malformed.
std::optional<std::vector<std::string>> attachment_digests(const HttpRequest& request) {
    std::vector<std::string> digests;
    std::string rest = find_header(request.headers, "Attachments").value_or("");
    while (!rest.empty()) {
        const auto comma = rest.find(", ");
        const auto item = rest.substr(0, comma);
        rest = comma == std::string::npos ? "" : rest.substr(comma + 2);
        if (!item.starts_with("sha-256=:") || !item.ends_with(":") || item.size() < 11) {
            return std::nullopt;
        }
        const auto bytes = base::from_base64(std::string_view(item).substr(9, item.size() - 10));
        if (!bytes || bytes->size() != 32) return std::nullopt;
        digests.push_back(base::to_hex(*bytes));
    }
    return digests;
}

std::optional<AuditHead> read_audit_head(const json& object) {
    if (!object.is_object() || object.size() != 3) return std::nullopt;
    const auto row = object.value("row", json());
    const auto digest = base::from_hex(text_at(object, "digest"));
    const auto signature = base::from_base64(text_at(object, "signature"));
    AuditHead head;
    if (!row.is_number_unsigned() || row < 1 || !digest || digest->size() != head.digest.size() ||
        !signature || signature->empty())
        return std::nullopt;
    head.row = row.get<std::uint64_t>();
    std::copy(digest->begin(), digest->end(), head.digest.begin());
    head.signature = *signature;
    return head;
}

std::string escape_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '&': out += "&amp;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
    return out;
}

// "/kiosk/v1/submissions/<key>/withdrawal", posted.
std::optional<std::string> withdrawal_key(const HttpRequest& request) {
    constexpr std::string_view before = "/kiosk/v1/submissions/";
    constexpr std::string_view behind = "/withdrawal";
    const std::string_view path = request.path;
    if (request.method != "POST" || !path.starts_with(before) || !path.ends_with(behind) ||
        path.size() <= before.size() + behind.size())
        return std::nullopt;
    return std::string(path.substr(before.size(), path.size() - before.size() - behind.size()));
}

// The telephone numbers that were given with a request, whichever field asked for them.
bool has_phone_tail(const json& clear, const std::string& tail) {
    for (const auto& answer : clear.value("answers", json::array())) {
        const auto field = text_at(answer, "field");
        const auto value = text_at(answer, "value");
        if (field.find("hone") != std::string::npos && tail.size() == 4 && value.ends_with(tail))
            return true;
    }
    return false;
}

bool has_person(const json& clear) {
    return clear.contains("applicant");
}

// With `none` only what knows nobody is told.
bool is_proof(const json& clear, const json& proof) {
    if (!proof.is_object() || proof.size() != 1) return false;
    if (proof.contains("idNumber"))
        return has_person(clear) &&
               text_at(clear["applicant"], "idNumber") == text_at(proof, "idNumber");
    if (proof.contains("phoneTail")) return has_phone_tail(clear, text_at(proof, "phoneTail"));
    return proof.contains("none") && !has_person(clear);
}

// An accepted submission before it is stored.
struct Acceptance {
    std::string key;
    std::string digest;
    std::string receipt_no; // ungrouped
    std::string matter;
    base::SecretBytes clear;
    std::vector<std::pair<std::string, base::SecretBytes>> attachments; // sealed digest, clear
};

} // namespace

std::string_view to_string(PlatformFault fault) {
    return row_of(fault).name;
}

std::string_view to_string(AuditAlarm alarm) {
    switch (alarm) {
    case AuditAlarm::malformed: return "malformed";
    case AuditAlarm::not_signed: return "not_signed";
    case AuditAlarm::went_back: return "went_back";
    case AuditAlarm::changed: return "changed";
    case AuditAlarm::disappeared: return "disappeared";
    }
    CHECK(false && "an enumerator without a name");
}

std::vector<PlatformFault> all_platform_faults() {
    std::vector<PlatformFault> faults;
    for (const auto& row : fault_rows) {
        if (row.fault != PlatformFault::none) faults.push_back(row.fault);
    }
    return faults;
}

// What a route returns: an answer either way; Error only when the database failed.
using Routed = base::Result<HttpResponse>;

struct ReferencePlatform::State {
    ReferenceSettings settings;
    const base::Clock& clock;
    base::RandomSource& random;
    Certificate authority;
    KeyPair sealing;
    Certificate device_certificate;
    std::unique_ptr<Database> database;
    mutable std::mutex mutex;
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
    int rosters_given = 0;
    std::optional<AuditHead> audit_head;
    std::vector<AuditAlarm> audit_alarms;
    std::string office_who;
    std::string office_hours = "Mon-Fri 10:00-19:00";
    struct WrongProofs {
        int count = 0;
        base::MonotonicTime paused_until{};
    };
    std::map<std::string, WrongProofs> wrong_proofs;        // by receipt number
    std::map<std::string, std::vector<PlatformTodo>> todos; // by number of the card

    // Faults
    PlatformFault draw_fault(const HttpRequest& request);
    std::optional<HttpResponse> answer_with(PlatformFault fault, const HttpRequest& request);
    HttpResponse route_or_busy(const HttpRequest& request);
    void forget_uploads();
    void lose_a_chunk(const HttpRequest& request);
    HttpResponse disturb(PlatformFault fault, HttpResponse answer);
    HttpResponse refuse(const Problem& problem, const std::vector<ShapeFault>& faults = {});

    // Routes
    Routed route(const HttpRequest& request);
    Routed device();
    Routed heartbeat(const HttpRequest& request);
    std::optional<AuditAlarm> judge_audit(const json& beat);
    Routed assistance(const HttpRequest& request);
    Routed staff_roster();
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
    base::Result<std::optional<Problem>> check_proof(const std::string& receipt_no,
                                                     const json& clear, const json& proof);
    base::Result<json> history_of(std::int64_t seq, std::string& reason);
    base::Result<void> add_stage(std::int64_t seq, std::string_view state, std::string_view reason);

    // Submitting
    Routed replay(const std::string& key, const std::string& digest);
    base::Result<std::optional<HttpResponse>> open_into(Acceptance& acceptance,
                                                        const HttpRequest& request);
    base::Result<std::optional<HttpResponse>>
    fetch_attachments(Acceptance& acceptance, const HttpRequest& request, const json& clear);
    base::Result<HttpResponse> store(const Acceptance& acceptance, const base::Bytes& cms);
    base::Result<std::int64_t> count(const char* sql, std::string_view value) {
        auto rows = TRY(database->prepare(sql));
        rows.bind(1, value);
        TRY(rows.step());
        return rows.integer(0);
    }
};

ReferencePlatform::ReferencePlatform(std::unique_ptr<State> state) : state_(std::move(state)) {}
ReferencePlatform::~ReferencePlatform() = default;

base::Result<std::unique_ptr<ReferencePlatform>>
ReferencePlatform::open(ReferenceSettings settings, const base::Clock& clock,
                        base::RandomSource& random) {
    auto authority = TRY(Certificate::load(settings.keys.ca));
    auto sealing = TRY(KeyPair::load(settings.keys.sealing_certificate, settings.keys.sealing_key));
    auto device = TRY(Certificate::load(settings.keys.device_certificate));
    auto database = TRY(Database::open(settings.database, Database::Mode::create, nullptr));
    TRY(database->execute("PRAGMA foreign_keys=ON"));
    {
        auto tables = TRY(Transaction::begin(*database)); // one wait for the disk, not one each
        TRY(database->execute(schema));
        TRY(tables.commit());
    }
    std::unique_ptr<State> state(new State{std::move(settings), clock, random, std::move(authority),
                                           std::move(sealing), std::move(device),
                                           std::move(database)});
    return std::unique_ptr<ReferencePlatform>(new ReferencePlatform(std::move(state)));
}

std::optional<HttpResponse> ReferencePlatform::handle(const HttpRequest& request) {
    const std::lock_guard lock(state_->mutex);
    return state_->answer_with(state_->draw_fault(request), request);
}

// A planned fault waits for the request it is about; a drawn one takes whatever comes.
PlatformFault ReferencePlatform::State::draw_fault(const HttpRequest& request) {
    const bool is_submission = request.method == "POST" && request.path == "/kiosk/v1/submissions";
    const bool is_chunk = request.method == "PATCH";
    if (!planned.empty()) {
        const auto next = planned.front();
        const bool fits = next == PlatformFault::lose_last_chunk ? is_chunk : is_submission;
        if (fits) {
            planned.pop_front();
            return next;
        }
    }
    if (misbehave_per_mille == 0 || int(random.below(1000)) >= misbehave_per_mille) {
        return PlatformFault::none;
    }
    const auto& row = fault_rows[random.below(fault_rows.size())];
    const bool is_allowed = row.is_harmless || (misbehave_all_kinds && is_submission);
    return is_allowed ? row.fault : PlatformFault::none;
}

std::optional<HttpResponse> ReferencePlatform::State::answer_with(PlatformFault fault,
                                                                  const HttpRequest& request) {
    if (fault == PlatformFault::attachment_missing) forget_uploads();
    if (const auto& problem = row_of(fault).before) return refuse(*problem);
    if (fault == PlatformFault::cut_before_work) return std::nullopt;
    if (fault == PlatformFault::redirect) {
        return HttpResponse{302, {{"Location", "https://127.0.0.1:1/elsewhere"}}, {}};
    }
    if (fault == PlatformFault::bad_gateway) return HttpResponse{502, {}, {}};

    auto answer = route_or_busy(request);
    if (fault == PlatformFault::arrives_twice) answer = route_or_busy(request);
    if (fault == PlatformFault::lose_last_chunk) lose_a_chunk(request);
    if (fault == PlatformFault::cut_after_commit) return std::nullopt;
    return disturb(fault, std::move(answer));
}

HttpResponse ReferencePlatform::State::route_or_busy(const HttpRequest& request) {
    auto answer = route(request);
    return answer ? std::move(*answer) : refuse(storage);
}

void ReferencePlatform::State::forget_uploads() {
    (void)database->run("DELETE FROM uploads"); // a fault that fails is no fault
}

void ReferencePlatform::State::lose_a_chunk(const HttpRequest& request) {
    const auto id = request.path.substr(request.path.rfind('/') + 1);
    (void)database->run("UPDATE uploads SET bytes=zeroblob(0) WHERE id=?", std::string_view(id));
}

// The work is done; only the answer is wrong.
HttpResponse ReferencePlatform::State::disturb(PlatformFault fault, HttpResponse answer) {
    auto body = parse_object(answer.body);
    if (fault == PlatformFault::not_json) {
        return {200, {{"Content-Type", "text/html"}}, base::to_bytes("<html>Welcome</html>")};
    }
    if (fault == PlatformFault::answer_too_long) {
        answer.body.resize(answer_limit_bytes + 1, ' ');
        return answer;
    }
    if (body.is_discarded()) return answer;
    if (fault == PlatformFault::wrong_digest) body["digest"] = content_digest(base::Sha256{});
    if (fault == PlatformFault::wrong_key) body["id"] = random.uuid();
    if (fault == PlatformFault::no_case_code) body.erase("caseCode");
    answer.body = dump(body);
    return answer;
}

// An RFC 9457 answer. Busy answers spread the kiosks (S7).
HttpResponse ReferencePlatform::State::refuse(const Problem& problem,
                                              const std::vector<ShapeFault>& faults) {
    json body{{"type", "/problems/" + std::string(problem.type)},
              {"title", problem.type},
              {"status", problem.status},
              {"retry", problem.retry},
              {"traceId", random.uuid()}};
    for (const auto& fault : faults) {
        body["faults"].push_back({{"pointer", fault.pointer}, {"code", fault.code}});
    }
    HttpResponse answer{problem.status, {{"Content-Type", "application/problem+json"}}, dump(body)};
    if (problem.status == 503 || problem.status == 429) {
        answer.headers.push_back({"Retry-After", std::to_string(5 + random.below(56))});
    }
    return answer;
}

Routed ReferencePlatform::State::route(const HttpRequest& request) {
    const std::string_view uploads = "/kiosk/v1/uploads/";
    const auto is = [&](std::string_view method, std::string_view path) {
        return request.method == method && request.path == path;
    };
    if (is("GET", "/kiosk/v1/device")) return device();
    if (is("POST", "/kiosk/v1/device/heartbeat")) return heartbeat(request);
    if (is("POST", "/kiosk/v1/device/assistance")) return assistance(request);
    if (is("GET", "/kiosk/v1/staff/roster")) return staff_roster();
    if (is("POST", "/kiosk/v1/uploads")) return create_upload(request);
    if (request.path.starts_with(uploads)) {
        return one_upload(request, request.path.substr(uploads.size()));
    }
    if (is("POST", "/kiosk/v1/submissions")) return submit(request);
    if (is("POST", "/kiosk/v1/device/todos")) return todos_of(request);
    if (const auto key = withdrawal_key(request)) return withdraw(request, *key);
    if (is("POST", "/kiosk/v1/status-queries")) return status(request);
    return refuse(not_found);
}

Routed ReferencePlatform::State::device() {
    return json_answer(200, {{"office", "Demonstration office"},
                             {"matters", json::array()}, // empty: every matter
                             {"apiVersions", {"1.0"}},
                             {"serverTime", base::to_rfc3339(clock.wall())}});
}

Routed ReferencePlatform::State::heartbeat(const HttpRequest& request) {
    const auto body = parse_object(request.body);
    if (body.is_discarded()) return refuse(malformed);
    ++heartbeats;
    last_heartbeat.assign(request.body.begin(), request.body.end());
    if (const auto alarm = judge_audit(body)) audit_alarms.push_back(*alarm);
    return json_answer(200, {{"commands", json::array()}});
}

// Compares the head with the last one, and remembers it when the device signed it: an alarm is
// raised once, not with every heartbeat from then on.
std::optional<AuditAlarm> ReferencePlatform::State::judge_audit(const json& beat) {
    const auto found = beat.find("audit");
    if (found == beat.end())
        return audit_head ? std::optional(AuditAlarm::disappeared) : std::nullopt;
    const auto head = read_audit_head(*found);
    if (!head) return AuditAlarm::malformed;
    if (!check_audit_head(*head, device_certificate)) return AuditAlarm::not_signed;
    const auto last = std::exchange(audit_head, head);
    if (!last) return std::nullopt;
    if (head->row < last->row) return AuditAlarm::went_back;
    if (head->row == last->row && head->digest != last->digest) return AuditAlarm::changed;
    return std::nullopt;
}

// A place and nothing else: no person can be named (DESIGN §4.6).
Routed ReferencePlatform::State::assistance(const HttpRequest& request) {
    const auto body = parse_object(request.body);
    if (body.is_discarded() || body.size() != 1 || text_at(body, "place").empty()) {
        return refuse(malformed);
    }
    ++assistance_calls;
    return json_answer(200, {{"who", office_who}, {"hours", office_hours}});
}

void ReferencePlatform::State::take_roster(base::Bytes signed_roster) {
    roster_before = std::exchange(roster, std::move(signed_roster));
}

void ReferencePlatform::State::finish_roster() {
    if (make_roster) take_roster(std::exchange(make_roster, nullptr)());
}

Routed ReferencePlatform::State::staff_roster() {
    finish_roster();
    const bool is_old = roster_fault == RosterFault::old;
    auto bytes = is_old ? roster_before : roster;
    if (roster_fault == RosterFault::busy) return refuse(storage);
    if (roster_fault == RosterFault::missing || bytes.empty()) return refuse(not_found);
    if (roster_fault == RosterFault::altered) bytes[random.below(bytes.size())] ^= 0x04;
    if (roster_fault == RosterFault::too_long) bytes.resize(1u << 20, ' ');
    ++rosters_given;
    return HttpResponse{200, {{"Content-Type", "application/octet-stream"}}, std::move(bytes)};
}

// Asking again for the same bytes of the same submission finds the upload that is there.
Routed ReferencePlatform::State::create_upload(const HttpRequest& request) {
    const auto body = parse_object(request.body);
    const auto key = text_at(body, "submissionId");
    const auto digest = text_at(body, "sha256");
    const auto size = body.is_object() ? body.value("size", json()) : json();
    if (body.is_discarded() || !is_uuid(key) || digest.size() != 64 || !base::from_hex(digest) ||
        !size.is_number_integer() || size < 1 || size > upload_limit_bytes) {
        return refuse(malformed);
    }
    auto known =
        TRY(database->prepare("SELECT id, length(bytes) FROM uploads WHERE key=? AND sha256=?"));
    known.bind(1, std::string_view(key));
    known.bind(2, std::string_view(digest));
    if (TRY(known.step())) {
        return HttpResponse{200,
                            {{"Location", "/kiosk/v1/uploads/" + known.text(0)},
                             {"Upload-Offset", std::to_string(known.integer(1))}},
                            {}};
    }
    const auto id = random.uuid();
    TRY(database->run("INSERT INTO uploads (id, key, sha256, size, bytes) "
                      "VALUES (?,?,?,?,zeroblob(0))",
                      std::string_view(id), std::string_view(key), std::string_view(digest),
                      size.get<std::int64_t>()));
    return HttpResponse{201, {{"Location", "/kiosk/v1/uploads/" + id}, {"Upload-Offset", "0"}}, {}};
}

Routed ReferencePlatform::State::one_upload(const HttpRequest& request, const std::string& id) {
    base::Bytes so_far;
    std::int64_t size = 0;
    {
        auto row = TRY(database->prepare("SELECT bytes, size FROM uploads WHERE id=?"));
        row.bind(1, std::string_view(id));
        if (!TRY(row.step())) return refuse(not_found);
        so_far = row.blob(0);
        size = row.integer(1);
    }
    if (request.method == "HEAD") {
        return HttpResponse{200,
                            {{"Upload-Offset", std::to_string(so_far.size())},
                             {"Upload-Length", std::to_string(size)},
                             {"Cache-Control", "no-store"}},
                            {}};
    }
    if (request.method == "PATCH") return append_upload(request, id, so_far, size);
    if (request.method == "DELETE") {
        TRY(database->run("DELETE FROM uploads WHERE id=?", std::string_view(id)));
        return HttpResponse{204, {}, {}};
    }
    return refuse(not_found);
}

Routed ReferencePlatform::State::append_upload(const HttpRequest& request, const std::string& id,
                                               const base::Bytes& so_far, std::int64_t size) {
    const auto offset = number_in(find_header(request.headers, "Upload-Offset"));
    const auto total = so_far.size() + request.body.size();
    if (offset != so_far.size()) return refuse(offset_mismatch);
    if (request.body.empty() || request.body.size() > chunk_limit_bytes ||
        std::int64_t(total) > size) {
        return refuse(malformed);
    }
    const auto checksum = "sha-256 " + base::to_base64(base::sha256(request.body));
    if (find_header(request.headers, "Upload-Checksum") != checksum) {
        return refuse(checksum_mismatch);
    }
    auto joined = so_far;
    joined.insert(joined.end(), request.body.begin(), request.body.end());
    TRY(database->run("UPDATE uploads SET bytes=? WHERE id=?", base::ByteView(joined),
                      std::string_view(id)));
    return HttpResponse{204, {{"Upload-Offset", std::to_string(total)}}, {}};
}

// platform-api §§3, 4. Everything that can refuse comes before the one transaction that accepts.
Routed ReferencePlatform::State::submit(const HttpRequest& request) {
    const auto key = idempotency_key(request);
    if (!key) return refuse(key_missing);
    Acceptance acceptance;
    acceptance.key = *key;
    acceptance.digest = content_digest(base::sha256(request.body));
    if (find_header(request.headers, "Content-Digest") != acceptance.digest) {
        return refuse(digest_mismatch);
    }
    const bool is_known =
        TRY(count("SELECT count(*) FROM submissions WHERE key=?", acceptance.key)) > 0;
    if (is_known && !settings.defects.forgets_keys) {
        return replay(acceptance.key, acceptance.digest);
    }
    if (const auto refusal = TRY(open_into(acceptance, request))) return *refusal;
    return store(acceptance, request.body);
}

Routed ReferencePlatform::State::replay(const std::string& key, const std::string& digest) {
    auto row = TRY(database->prepare("SELECT digest, answer FROM submissions WHERE key=?"));
    row.bind(1, std::string_view(key));
    TRY(row.step());
    if (row.text(0) != digest) return refuse(key_reuse);
    ++replays;
    return HttpResponse{200,
                        {{"Content-Type", "application/json"}, {"Idempotent-Replay", "true"}},
                        base::to_bytes(row.text(1))};
}

// Verifies, opens, compares inside and outside. Returns the refusal, or nothing when all is well.
base::Result<std::optional<HttpResponse>>
ReferencePlatform::State::open_into(Acceptance& acceptance, const HttpRequest& request) {
    using Refusal = std::optional<HttpResponse>;
    const auto opened = open_signed(request.body, authority, clock);
    if (!opened && opened.error().code == base::Errc::unauthorised) {
        return Refusal(refuse(device_unknown));
    }
    if (!opened) return Refusal(refuse(answers_invalid, {{"", "signature"}}));
    auto clear = unseal(opened->sealed, sealing);
    if (!clear) return Refusal(refuse(answers_invalid, {{"", "sealed"}}));

    const auto content = json::parse(clear->begin(), clear->end(), nullptr, false);
    const auto faults = check_submission_shape(content);
    if (!faults.empty()) return Refusal(refuse(answers_invalid, faults));
    if (content["schema"] != "kiosk-submission/1") {
        return Refusal(refuse(answers_invalid, {{"/schema", "unknown"}}));
    }
    // E1: what stands inside counts, and must be what stands outside.
    if (content["id"] != acceptance.key)
        return Refusal(refuse(answers_invalid, {{"/id", "other"}}));
    acceptance.receipt_no =
        outbox::normalise_receipt_number(content["receiptNo"].get<std::string>());
    if (!outbox::is_valid_receipt_number(acceptance.receipt_no)) {
        return Refusal(refuse(answers_invalid, {{"/receiptNo", "check"}}));
    }
    const bool is_taken = TRY(count("SELECT count(*) FROM submissions WHERE receipt_no=?",
                                    acceptance.receipt_no)) > 0;
    if (is_taken && !settings.defects.forgets_keys) return Refusal(refuse(receipt_conflict));
    acceptance.matter = content["matter"].get<std::string>();
    acceptance.clear = std::move(*clear);
    return fetch_attachments(acceptance, request, content);
}

base::Result<std::optional<HttpResponse>>
ReferencePlatform::State::fetch_attachments(Acceptance& acceptance, const HttpRequest& request,
                                            const json& clear) {
    using Refusal = std::optional<HttpResponse>;
    const auto announced = attachment_digests(request);
    const auto& listed = clear["attachments"];
    if (!announced || announced->size() != listed.size()) {
        return Refusal(refuse(answers_invalid, {{"/attachments", "count"}}));
    }
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const auto pointer = "/attachments/" + std::to_string(i);
        const auto digest = listed[i]["sealedSha256"].get<std::string>();
        if (std::find(announced->begin(), announced->end(), digest) == announced->end()) {
            return Refusal(refuse(answers_invalid, {{pointer, "not-announced"}}));
        }
        auto row = TRY(database->prepare("SELECT bytes FROM uploads WHERE key=? AND sha256=?"));
        row.bind(1, std::string_view(acceptance.key));
        row.bind(2, std::string_view(digest));
        const bool is_there = TRY(row.step());
        const auto sealed = is_there ? row.blob(0) : base::Bytes();
        if (base::sha256_hex(sealed) != digest) {
            return Refusal(refuse(attachment_missing, {{pointer, "missing"}}));
        }
        auto page = unseal(sealed, sealing);
        if (!page) return Refusal(refuse(answers_invalid, {{pointer, "sealed"}}));
        const bool is_listed = base::sha256_hex(*page) == text_at(listed[i], "sha256") &&
                               listed[i]["size"] == page->size();
        if (!is_listed) return Refusal(refuse(answers_invalid, {{pointer, "digest"}}));
        acceptance.attachments.emplace_back(digest, std::move(*page));
    }
    return Refusal();
}

base::Result<HttpResponse> ReferencePlatform::State::store(const Acceptance& acceptance,
                                                           const base::Bytes& cms) {
    auto transaction = TRY(Transaction::begin(*database));
    const auto now = clock.wall();
    const auto number = TRY(database->integer("SELECT count(*) FROM submissions")) + 1;
    const auto case_code =
        "DEMO-" + base::to_text(base::local_date(now)) + "-" + std::to_string(number);
    const auto answer =
        json_answer(201, {{"id", acceptance.key},
                          {"digest", acceptance.digest},
                          {"receiptNo", outbox::group_receipt_number(acceptance.receipt_no)},
                          {"caseCode", case_code},
                          {"state", "accepted"},
                          {"acceptedAt", base::to_rfc3339(now)},
                          {"next", "none"},
                          {"office", {{"phone", "0991-0000000"}}}});
    TRY(database->run(
        "INSERT INTO submissions (key, digest, receipt_no, matter, case_code, state, accepted_at, "
        "answer, clear, cms) VALUES (?,?,?,?,?,'accepted',?,?,?,?)",
        std::string_view(acceptance.key), std::string_view(acceptance.digest),
        std::string_view(acceptance.receipt_no), std::string_view(acceptance.matter),
        std::string_view(case_code), std::int64_t(now.time_since_epoch().count()),
        base::as_text(answer.body), base::ByteView(acceptance.clear), base::ByteView(cms)));
    const auto seq = TRY(database->integer("SELECT max(seq) FROM submissions"));
    TRY(add_stage(seq, "accepted", ""));
    std::int64_t page = 0;
    for (const auto& [digest, clear] : acceptance.attachments) {
        TRY(database->run("INSERT INTO attachments (seq, number, sealed_sha256, clear) "
                          "VALUES ((SELECT max(seq) FROM submissions),?,?,?)",
                          ++page, std::string_view(digest), base::ByteView(clear)));
    }
    TRY(transaction.commit());
    return answer;
}

base::Result<void> ReferencePlatform::State::add_stage(std::int64_t seq, std::string_view state,
                                                       std::string_view reason) {
    TRY(database->run("INSERT INTO stages (seq, state, at, reason) VALUES (?,?,?,?)", seq, state,
                      std::int64_t(clock.wall().time_since_epoch().count()), reason));
    TRY(database->run("UPDATE submissions SET state=? WHERE seq=?", state, seq));
    return {};
}

base::Result<json> ReferencePlatform::State::history_of(std::int64_t seq, std::string& reason) {
    auto rows =
        TRY(database->prepare("SELECT state, at, reason FROM stages WHERE seq=? ORDER BY rowid"));
    rows.bind(1, seq);
    json history = json::array();
    while (TRY(rows.step())) {
        const auto at = base::WallTime(base::Milliseconds(rows.integer(1)));
        history.push_back({{"state", rows.text(0)}, {"on", base::to_text(base::local_date(at))}});
        reason = rows.text(2);
    }
    return history;
}

// Nothing: it fits. A receipt whose proofs were wrong too often is told nobody for a while, not
// even whoever has the right one now: the pause would be worth nothing otherwise.
base::Result<std::optional<Problem>>
ReferencePlatform::State::check_proof(const std::string& receipt_no, const json& clear,
                                      const json& proof) {
    auto& wrong = wrong_proofs[receipt_no];
    if (clock.now() < wrong.paused_until) return std::optional(too_many_proofs);
    if (is_proof(clear, proof)) return std::optional<Problem>();
    if (++wrong.count < wrong_proofs_allowed) return std::optional(proof_wrong);
    wrong = {0, clock.now() + proof_pause};
    return std::optional(too_many_proofs);
}

Routed ReferencePlatform::State::status(const HttpRequest& request) {
    const auto body = parse_object(request.body);
    if (body.is_discarded() || !body.contains("proof")) return refuse(malformed);
    const auto number = outbox::normalise_receipt_number(text_at(body, "receiptNo"));
    auto row =
        TRY(database->prepare("SELECT seq, state, case_code, matter, accepted_at, key, clear "
                              "FROM submissions WHERE receipt_no=?"));
    row.bind(1, std::string_view(number));
    if (!TRY(row.step())) return refuse(not_found);
    const auto clear = parse_object(row.blob(6));
    if (const auto problem = TRY(check_proof(number, clear, body["proof"])))
        return refuse(*problem);
    const auto accepted = base::WallTime(base::Milliseconds(row.integer(4)));
    std::string reason;
    const auto history = TRY(history_of(row.integer(0), reason));
    json answer{{"state", row.text(1)},
                {"caseCode", row.text(2)},
                {"matter", row.text(3)},
                {"history", history},
                // Chosen for the demonstration: everything is answered within twenty days.
                {"dueBy", base::to_text(base::local_date(accepted + std::chrono::days(20)))}};
    if (!reason.empty()) answer["reason"] = reason;
    const bool is_today = base::local_date(accepted) == base::local_date(clock.wall());
    if (row.text(1) == "accepted" && is_today && body["proof"].contains("idNumber"))
        answer["withdrawal"] = row.text(5);
    return json_answer(200, answer);
}

// By the person whose card lies there, on the same day, before anybody looked at it. Once more is
// the same.
Routed ReferencePlatform::State::withdraw(const HttpRequest& request, const std::string& key) {
    const auto body = parse_object(request.body);
    const auto proof = body.is_discarded() ? json() : body.value("proof", json());
    if (!proof.is_object() || !proof.contains("idNumber")) return refuse(malformed);
    auto row = TRY(database->prepare(
        "SELECT seq, state, receipt_no, accepted_at, clear FROM submissions WHERE key=?"));
    row.bind(1, std::string_view(key));
    if (!TRY(row.step())) return refuse(not_found);
    const auto clear = parse_object(row.blob(4));
    if (const auto problem = TRY(check_proof(row.text(2), clear, proof))) return refuse(*problem);
    const auto state = row.text(1);
    if (state == "withdrawn") return json_answer(200, {{"state", "withdrawn"}});
    const auto accepted = base::WallTime(base::Milliseconds(row.integer(3)));
    const bool is_today = base::local_date(accepted) == base::local_date(clock.wall());
    if (state != "accepted" || !is_today) return refuse(too_late);
    TRY(add_stage(row.integer(0), "withdrawn", ""));
    return json_answer(200, {{"state", "withdrawn"}});
}

Routed ReferencePlatform::State::todos_of(const HttpRequest& request) {
    const auto body = parse_object(request.body);
    const auto proof = body.is_discarded() ? json() : body.value("proof", json());
    if (!proof.is_object() || text_at(proof, "idNumber").empty()) return refuse(malformed);
    json list = json::array();
    if (const auto found = todos.find(text_at(proof, "idNumber")); found != todos.end())
        for (const auto& todo : found->second) {
            list.push_back({{"matter", todo.matter}, {"due", todo.due}});
            if (!todo.note.empty()) list.back()["note"] = todo.note;
        }
    return json_answer(200, {{"todos", list}});
}

void ReferencePlatform::fail_next(PlatformFault fault, int times) {
    const std::lock_guard lock(state_->mutex);
    for (int i = 0; i < times; ++i) state_->planned.push_back(fault);
}

void ReferencePlatform::misbehave(int per_mille, bool all_kinds) {
    const std::lock_guard lock(state_->mutex);
    state_->misbehave_per_mille = per_mille;
    state_->misbehave_all_kinds = all_kinds;
}

void ReferencePlatform::set_roster(base::Bytes signed_roster) {
    const std::lock_guard lock(state_->mutex);
    state_->finish_roster();
    state_->take_roster(std::move(signed_roster));
}

void ReferencePlatform::set_roster(std::function<base::Bytes()> make_signed_roster) {
    const std::lock_guard lock(state_->mutex);
    state_->finish_roster();
    state_->make_roster = std::move(make_signed_roster);
}

void ReferencePlatform::set_roster_fault(RosterFault fault) {
    const std::lock_guard lock(state_->mutex);
    state_->roster_fault = fault;
}

void ReferencePlatform::set_office_hours(std::string who, std::string hours) {
    const std::lock_guard lock(state_->mutex);
    state_->office_who = std::move(who);
    state_->office_hours = std::move(hours);
}

bool ReferencePlatform::move_request(std::string_view receipt_no, const std::string& state,
                                     const std::string& reason) {
    const std::lock_guard lock(state_->mutex);
    auto row = state_->database->prepare("SELECT seq FROM submissions WHERE receipt_no=?1 OR "
                                         "?1='' ORDER BY seq DESC LIMIT 1");
    CHECK(row.has_value());
    row->bind(1, receipt_no);
    if (!row->step().value_or(false)) return false;
    return state_->add_stage(row->integer(0), state, reason).has_value();
}

void ReferencePlatform::set_todos(const std::string& id_number, std::vector<PlatformTodo> todos) {
    const std::lock_guard lock(state_->mutex);
    state_->todos[id_number] = std::move(todos);
}

std::vector<ReceivedSubmission> ReferencePlatform::submissions() const {
    const std::lock_guard lock(state_->mutex);
    std::vector<ReceivedSubmission> received;
    auto rows = state_->database->prepare(
        "SELECT seq, key, receipt_no, matter, case_code, state, accepted_at, clear, cms "
        "FROM submissions ORDER BY seq");
    CHECK(rows.has_value());
    while (rows->step().value_or(false)) {
        ReceivedSubmission one{rows->text(1),
                               rows->text(2),
                               rows->text(3),
                               rows->text(4),
                               rows->text(5),
                               base::WallTime(base::Milliseconds(rows->integer(6))),
                               std::string(base::as_text(rows->blob(7))),
                               rows->blob(8),
                               {}};
        auto pages = state_->database->prepare(
            "SELECT sealed_sha256, clear FROM attachments WHERE seq=? ORDER BY number");
        CHECK(pages.has_value());
        pages->bind(1, rows->integer(0));
        while (pages->step().value_or(false)) {
            one.attachments.push_back({pages->text(0), pages->blob(1)});
        }
        received.push_back(std::move(one));
    }
    return received;
}

std::size_t ReferencePlatform::submission_count() const {
    const std::lock_guard lock(state_->mutex);
    return std::size_t(state_->database->integer("SELECT count(*) FROM submissions").value_or(0));
}

int ReferencePlatform::replays() const {
    const std::lock_guard lock(state_->mutex);
    return state_->replays;
}

int ReferencePlatform::assistance_calls() const {
    const std::lock_guard lock(state_->mutex);
    return state_->assistance_calls;
}

int ReferencePlatform::rosters_given() const {
    const std::lock_guard lock(state_->mutex);
    return state_->rosters_given;
}

int ReferencePlatform::heartbeats() const {
    const std::lock_guard lock(state_->mutex);
    return state_->heartbeats;
}

std::string ReferencePlatform::last_heartbeat() const {
    const std::lock_guard lock(state_->mutex);
    return state_->last_heartbeat;
}

std::optional<AuditHead> ReferencePlatform::audit_head() const {
    const std::lock_guard lock(state_->mutex);
    return state_->audit_head;
}

std::vector<AuditAlarm> ReferencePlatform::audit_alarms() const {
    const std::lock_guard lock(state_->mutex);
    return state_->audit_alarms;
}

std::string ReferencePlatform::html_page() const {
    std::string page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                       "<title>Demonstration platform</title>"
                       "<style>body{font-family:sans-serif;margin:2em}"
                       "td,th{padding:.3em 1em;text-align:left}</style>"
                       "<h1>Demonstration platform</h1><p>A demonstration: test data only.</p>"
                       "<table><tr><th>Receipt<th>Matter<th>Accepted<th>State<th>Case</tr>\n";
    for (const auto& one : submissions()) {
        page += "<tr><td>" + escape_html(outbox::group_receipt_number(one.receipt_no)) + "<td>" +
                escape_html(one.matter) + "<td>" + base::to_local_minutes(one.accepted_at) +
                "<td>" + escape_html(one.state) + "<td>" + escape_html(one.case_code) + "</tr>\n";
    }
    return page + "</table></html>\n";
}

base::Result<HttpResponse> InProcessTransport::send(const HttpRequest& request,
                                                    base::Milliseconds) {
    if (!connected_) return base::Error{base::Errc::unreachable, "no connection"};
    ++exchanges_;
    auto answer = platform_.handle(request);
    if (!answer) return base::Error{base::Errc::unreachable, "connection cut"};
    if (answer->body.size() > request.answer_limit) {
        return base::Error{base::Errc::too_large, "the answer is too long"};
    }
    return std::move(*answer);
}

} // namespace platform
