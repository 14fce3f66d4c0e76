// The platform as its users see it: opening, answering, what a test tells it and asks it. The
// routes stand in files of their own (…_routes.cpp), its misbehaviour in faults.cpp.
#include "kiosk/platform/reference/reference_platform.hpp"

#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/platform/reference/state.hpp"

#include <algorithm>
#include <utility>

namespace platform {
namespace {

using outbox::Database;
using outbox::Transaction;

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
CREATE TABLE IF NOT EXISTS supplements (
    key TEXT PRIMARY KEY, seq INTEGER NOT NULL REFERENCES submissions (seq), target TEXT NOT NULL,
    digest TEXT NOT NULL, accepted_at INTEGER NOT NULL, answer TEXT NOT NULL, clear BLOB NOT NULL,
    cms BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS supplement_pages (
    key TEXT NOT NULL REFERENCES supplements (key), number INTEGER NOT NULL,
    sealed_sha256 TEXT NOT NULL, clear BLOB NOT NULL, PRIMARY KEY (key, number));
CREATE TABLE IF NOT EXISTS devices (
    fingerprint TEXT PRIMARY KEY, key_digest TEXT NOT NULL, certificate TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS audit_segments (
    device TEXT NOT NULL, chain TEXT NOT NULL, number INTEGER NOT NULL, digest TEXT NOT NULL,
    rows TEXT NOT NULL, last_row INTEGER NOT NULL, last_digest TEXT NOT NULL,
    PRIMARY KEY (device, chain, number));
CREATE TABLE IF NOT EXISTS enrolment_codes (
    code_sha256 TEXT PRIMARY KEY, used_by TEXT NOT NULL DEFAULT '');
)";

} // namespace

ReferencePlatform::ReferencePlatform(std::unique_ptr<State> state) : state_(std::move(state)) {}
ReferencePlatform::~ReferencePlatform() = default;

base::Result<std::unique_ptr<ReferencePlatform>>
ReferencePlatform::open(ReferenceSettings settings, const base::Clock& clock,
                        base::RandomSource& random) {
    auto authority = TRY(KeyPair::load(settings.keys.ca, settings.keys.ca_key));
    auto sealing = TRY(KeyPair::load(settings.keys.sealing_certificate, settings.keys.sealing_key));
    auto device = TRY(Certificate::load(settings.keys.device_certificate));
    auto database = TRY(Database::open(settings.database, Database::Mode::create, nullptr));
    // A cache that is full early: beside a kiosk in one process it would look like the kiosk's
    // leak.
    TRY(database->execute("PRAGMA foreign_keys=ON; PRAGMA cache_size=-512"));
    {
        auto tables = TRY(Transaction::begin(*database)); // one wait for the disk, not one each
        TRY(database->execute(schema));
        TRY(tables.commit());
    }
    std::unique_ptr<State> state(new State{std::move(settings), clock, random, std::move(authority),
                                           std::move(sealing), std::move(device),
                                           std::move(database)});
    state->recording = TRY(Recording::open_if_wanted());
    return std::unique_ptr<ReferencePlatform>(new ReferencePlatform(std::move(state)));
}

std::optional<HttpResponse> ReferencePlatform::handle(const HttpRequest& request) {
    const std::lock_guard lock(state_->mutex);
    return state_->handle(request, state_->device_certificate.fingerprint(), MadeBy::hand);
}

std::optional<HttpResponse> ReferencePlatform::handle(const HttpRequest& request,
                                                      const base::Sha256& device) {
    const std::lock_guard lock(state_->mutex);
    return state_->handle(request, device, MadeBy::wire);
}

base::Sha256 ReferencePlatform::own_device() const {
    return state_->device_certificate.fingerprint();
}

std::optional<HttpResponse> ReferencePlatform::State::handle(const HttpRequest& request,
                                                             const base::Sha256& device,
                                                             MadeBy made_by) {
    asking = device;
    opened = nullptr;
    planted = "";
    const auto fault = draw_fault(request);
    auto answer = answer_with(fault, request);
    if (recording) {
        const bool is_other = fault == PlatformFault::none && !planted.empty();
        recording->note(made_by, request, answer, is_other ? planted : to_string(fault), opened);
    }
    return answer;
}

HttpResponse ReferencePlatform::State::route_or_busy(const HttpRequest& request) {
    auto answer = route(request);
    return answer ? std::move(*answer) : refuse(problems::storage);
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

// A wait that ends at a known time; never over the hour that a kiosk obeys (S5).
HttpResponse ReferencePlatform::State::refuse_until(const Problem& problem,
                                                    base::MonotonicTime until) {
    auto answer = refuse(problem);
    const auto wait = std::chrono::ceil<std::chrono::seconds>(until - clock.now());
    answer.headers.back().value = std::to_string(std::clamp<std::int64_t>(wait.count(), 1, 3600));
    return answer;
}

// The one address without a device's certificate is the one that gives out the first.
Routed ReferencePlatform::State::route(const HttpRequest& request) {
    if (request.method == "POST" && request.path == enrolment_path) return enrol(request);
    const auto device = device_of(asking);
    return device ? route(request, *device) : refuse(problems::device_unknown);
}

Routed ReferencePlatform::State::route(const HttpRequest& request, const Certificate& device) {
    const std::string_view uploads = "/kiosk/v1/uploads/";
    const std::string_view submissions = "/kiosk/v1/submissions/";
    const auto is = [&](std::string_view method, std::string_view path) {
        return request.method == method && request.path == path;
    };
    if (is("GET", "/kiosk/v1/device")) return who_am_i();
    if (is("POST", "/kiosk/v1/device/heartbeat")) return heartbeat(request, device);
    if (is("POST", "/kiosk/v1/device/assistance")) return assistance(request);
    if (is("POST", "/kiosk/v1/device/csr")) return renew(request, device);
    if (is("POST", "/kiosk/v1/device/todos")) return todos_of(request);
    if (is("GET", "/kiosk/v1/staff/roster")) return staff_roster();
    const std::string_view content = "/kiosk/v1/content/packages/";
    if (request.method == "GET" && request.path.starts_with("/kiosk/v1/content/manifest?"))
        return content_manifest(request);
    if (request.method == "GET" && request.path.starts_with(content))
        return content_package(request.path.substr(content.size()));
    if (is("POST", "/kiosk/v1/audit/segments")) return audit_segment(request, device);
    if (is("POST", "/kiosk/v1/uploads")) return create_upload(request);
    if (request.path.starts_with(uploads))
        return one_upload(request, request.path.substr(uploads.size()));
    if (is("POST", "/kiosk/v1/submissions")) return submit(request);
    if (const auto id = posted_to(request, submissions, "/withdrawal"))
        return withdraw(request, *id);
    if (const auto id = posted_to(request, submissions, "/supplements"))
        return supplement(request, *id);
    if (is("POST", "/kiosk/v1/status-queries")) return status(request);
    if (is("POST", "/kiosk/v1/prefill")) return prefill(request);
    return refuse(problems::not_found);
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

void ReferencePlatform::set_resident_record(const std::string& id_number, ResidentRecord record) {
    for (const auto& each : record.terms) CHECK(json::accept(each.value));
    const std::lock_guard lock(state_->mutex);
    state_->records[id_number] = std::move(record);
}

void ReferencePlatform::declare_form(const std::string& matter, int version,
                                     std::vector<std::string> terms) {
    const std::lock_guard lock(state_->mutex);
    state_->forms[{matter, version}] = std::move(terms);
}

void ReferencePlatform::set_least_client_version(std::string version) {
    const std::lock_guard lock(state_->mutex);
    state_->least_client_version = std::move(version);
}

std::vector<std::string> ReferencePlatform::audit_rows() const {
    const std::lock_guard lock(state_->mutex);
    std::vector<std::string> lines;
    auto found = state_->database->prepare("SELECT rows FROM audit_segments ORDER BY rowid");
    CHECK(found.has_value());
    while (found->step().value_or(false)) {
        const auto segment = json::parse(found->text(0), nullptr, false);
        for (const auto& line : segment) lines.push_back(line.get<std::string>());
    }
    return lines;
}

void ReferencePlatform::queue_command(std::string word) {
    const std::lock_guard lock(state_->mutex);
    state_->commands.push_back(std::move(word));
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

std::vector<ReceivedSupplement> ReferencePlatform::supplements() const {
    const std::lock_guard lock(state_->mutex);
    std::vector<ReceivedSupplement> received;
    auto rows =
        state_->database->prepare("SELECT s.key, r.receipt_no, s.clear, s.cms FROM supplements s "
                                  "JOIN submissions r ON r.seq=s.seq ORDER BY s.rowid");
    CHECK(rows.has_value());
    while (rows->step().value_or(false)) {
        ReceivedSupplement one{rows->text(0),
                               rows->text(1),
                               std::string(base::as_text(rows->blob(2))),
                               rows->blob(3),
                               {}};
        auto pages = state_->database->prepare(
            "SELECT sealed_sha256, clear FROM supplement_pages WHERE key=? ORDER BY number");
        CHECK(pages.has_value());
        pages->bind(1, std::string_view(one.key));
        while (pages->step().value_or(false))
            one.attachments.push_back({pages->text(0), pages->blob(1)});
        received.push_back(std::move(one));
    }
    return received;
}

int ReferencePlatform::prefills() const {
    const std::lock_guard lock(state_->mutex);
    return state_->prefills;
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

base::Result<HttpResponse> InProcessTransport::send(const HttpRequest& request,
                                                    base::Milliseconds) {
    if (!connected_) return base::Error{base::Errc::unreachable, "no connection"};
    ++exchanges_;
    auto answer = platform_.handle(request, device_.value_or(platform_.own_device()));
    if (!answer) return base::Error{base::Errc::unreachable, "connection cut"};
    if (answer->body.size() > request.answer_limit) {
        return base::Error{base::Errc::too_large, "the answer is too long"};
    }
    return std::move(*answer);
}

} // namespace platform
