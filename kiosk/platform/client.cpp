// Requests as the contract wants them, and the meaning of every answer.
#include "kiosk/platform/client.hpp"

#include "kiosk/outbox/receipt_number.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

namespace platform {
namespace {

using nlohmann::json;

constexpr base::Milliseconds exchange_limit = std::chrono::seconds(60); // chosen: 512 KiB at 9 KB/s
constexpr base::Milliseconds assistance_limit =
    std::chrono::seconds(5);                    // somebody stands and waits
constexpr std::size_t todo_most = 50;           // chosen: nobody has more; the rest is not read
constexpr std::size_t prefill_most = 50;        // openapi.yaml, Prefill
constexpr std::size_t prefill_text_limit = 400; // chosen: no field takes more
constexpr std::size_t command_most = 20;        // chosen: there are four of them
constexpr std::size_t stage_most = 20;          // chosen: a request has a handful
constexpr std::size_t word_limit = 60;          // as ids of matters and message keys
constexpr std::size_t chunk_bytes = 512 * 1024; // platform-api §2: PATCH at most 512 KiB
constexpr int upload_rounds = 8; // chosen: a line that loses more is left to the back-off
// kiosk/staff/roster.md: 512 KiB and the line with the signature.
constexpr base::Milliseconds package_limit = std::chrono::minutes(8); // chosen: 4 MiB at 9 KB/s
constexpr std::size_t roster_answer_limit = 512 * 1024 + 128;
constexpr std::size_t case_code_limit = 64; // platform-api §3

// Never throws; anything else than one JSON object is `discarded`.
json parse_object(const base::Bytes& body) {
    auto parsed = json::parse(body.begin(), body.end(), nullptr, false);
    return parsed.is_object() ? parsed : json(json::value_t::discarded);
}

std::string text_at(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The last segment of an RFC 9457 type, empty when the answer is no such document.
std::string problem_type(const HttpResponse& answer) {
    const auto object = parse_object(answer.body);
    if (object.is_discarded()) return {};
    const auto type = text_at(object, "type");
    return type.substr(type.find_last_of("/:#") + 1);
}

std::optional<base::Milliseconds> parse_http_date(const std::string& text, base::WallTime now) {
    std::tm calendar{};
    // RFC 9110 5.6.7: the preferred form; the two obsolete ones count as no Retry-After.
    const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &calendar);
    if (!end || *end != '\0') return std::nullopt;
    const auto then = base::WallTime(std::chrono::seconds(::timegm(&calendar)));
    return then - now;
}

// S5: counts between 1 s and 1 h, in its seconds and in its date form.
std::optional<base::Milliseconds> retry_after(const HttpResponse& answer, base::WallTime now) {
    const auto header = find_header(answer.headers, "Retry-After");
    if (!header) return std::nullopt;
    std::int64_t seconds = 0;
    const auto* last = header->data() + header->size();
    const auto [end, code] = std::from_chars(header->data(), last, seconds);
    const bool is_number = code == std::errc() && end == last;
    if (is_number && (seconds < 0 || seconds > 100'000)) return std::nullopt;
    const auto wait = is_number ? std::optional<base::Milliseconds>(std::chrono::seconds(seconds))
                                : parse_http_date(*header, now);
    if (!wait || *wait < std::chrono::seconds(1) || *wait > std::chrono::hours(1)) {
        return std::nullopt;
    }
    return wait;
}

bool is_visible_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// S3: the answer must repeat key and digest and carry the case code, or it is a fault.
Verdict judge_acceptance(const HttpResponse& answer, std::string_view key,
                         const base::Sha256& body_sha256, Sent sent) {
    const Retry fault{RetryScope::submission, std::nullopt, base::Errc::bad_frame, answer.status};
    const auto object = parse_object(answer.body);
    if (object.is_discarded()) return fault;
    if (text_at(object, "id") != key) return fault;
    if (text_at(object, "digest") != content_digest(body_sha256)) return fault;
    Delivered delivered{text_at(object, "caseCode"), text_at(object, "state"), false};
    if (delivered.case_code.empty() || delivered.case_code.size() > case_code_limit ||
        !is_visible_ascii(delivered.case_code) ||
        delivered.state != (sent == Sent::request ? "accepted" : "in-review")) {
        return fault;
    }
    delivered.was_replay = find_header(answer.headers, "Idempotent-Replay") == "true";
    return delivered;
}

// The table of platform-api §5, corrected by reliability S4 where they differ. A row means what it
// says only with its own status: a proxy that puts another one there is not understood.
struct Named {
    std::string_view type;
    int status;
    Verdict verdict;
};

const std::vector<Named>& named_problems() {
    using outbox::QuarantineReason;
    static const std::vector<Named> rows{
        {"answers-invalid", 422, Quarantine{QuarantineReason::answers_invalid}},
        {"matter-closed", 403, Quarantine{QuarantineReason::matter_closed}},
        {"key-reuse", 422, Quarantine{QuarantineReason::key_reuse}},
        // platform-api §3: a defect of this kiosk's numbers, so a failed own check in S4's sense.
        {"receipt-conflict", 409, Quarantine{QuarantineReason::receipt_conflict}},
        {"form-version-gone", 422, Stop{StopReason::form_version_gone, 422}},
        {"device-unknown", 401, Stop{StopReason::device_unknown, 401}},
        {"device-suspended", 403, Stop{StopReason::device_suspended, 403}},
        {"clock-skew", 400, Stop{StopReason::clock_skew, 400}},
        {"key-missing", 400, Stop{StopReason::key_missing, 400}},
    };
    return rows;
}

// Of papers brought later (openapi.yaml, supplement). The request went on without them, or the card
// was another person's: trying again could never succeed, and nothing else waits for it.
std::optional<Verdict> not_wanted(const HttpResponse& answer, std::string_view type) {
    const bool is_named = (type == "too-late" && answer.status == 409) ||
                          (type == "proof-wrong" && answer.status == 403) ||
                          (type == "not-found" && answer.status == 404);
    if (!is_named) return std::nullopt;
    return Quarantine{outbox::QuarantineReason::not_wanted};
}

// Answers that ask for another try by their status alone (S4).
std::optional<Retry> retry_by_status(const HttpResponse& answer, base::WallTime now) {
    const auto wait = retry_after(answer, now);
    switch (answer.status) {
    case 408: return Retry{RetryScope::queue, wait, base::Errc::timed_out, 408};
    case 409: return Retry{RetryScope::submission, wait, base::Errc::busy, 409};
    case 425: return Retry{RetryScope::submission, wait, base::Errc::busy, 425};
    case 429: return Retry{RetryScope::queue, wait, base::Errc::busy, 429};
    case 502:
    case 503:
    case 504: return Retry{RetryScope::queue, wait, base::Errc::busy, answer.status};
    default: break;
    }
    if (answer.status >= 400 && answer.status < 500) return std::nullopt;
    // 500 may be about this one submission; 1xx, 3xx and other 2xx are nothing we asked for.
    return Retry{RetryScope::submission, wait, base::Errc::bad_frame, answer.status};
}

Verdict judge_refusal(const HttpResponse& answer, base::WallTime now, Sent sent) {
    const auto type = problem_type(answer);
    if (sent == Sent::supplement)
        if (const auto verdict = not_wanted(answer, type)) return *verdict;
    for (const auto& row : named_problems()) {
        if (row.type == type && row.status == answer.status) return row.verdict;
    }
    if (const auto retry = retry_by_status(answer, now)) return *retry;
    if (answer.status == 401) return Stop{StopReason::device_unknown, 401};
    if (answer.status == 403) return Stop{StopReason::device_suspended, 403};
    return Stop{StopReason::unknown_refusal, answer.status};
}

// No usable answer. One too long is about this submission; the rest is the line.
Verdict judge_silence(const base::Error& error) {
    const bool is_answer = error.code == base::Errc::too_large;
    return Retry{is_answer ? RetryScope::submission : RetryScope::queue, std::nullopt, error.code,
                 0};
}

std::optional<std::size_t> offset_of(const HttpResponse& answer) {
    const auto header = find_header(answer.headers, "Upload-Offset");
    std::size_t offset = 0;
    if (!header) return std::nullopt;
    const auto* last = header->data() + header->size();
    const auto [end, code] = std::from_chars(header->data(), last, offset);
    if (code != std::errc() || end != last) return std::nullopt;
    return offset;
}

// "/kiosk/v1/uploads/<letters, digits, hyphens>": a Location may not lead anywhere else.
std::optional<std::string> upload_path(const HttpResponse& answer) {
    constexpr std::string_view prefix = "/kiosk/v1/uploads/";
    auto location = find_header(answer.headers, "Location").value_or("");
    if (!location.starts_with(prefix)) return std::nullopt;
    const auto id = std::string_view(location).substr(prefix.size());
    const auto is_plain = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '-';
    };
    if (id.empty() || id.size() > 64 || !std::all_of(id.begin(), id.end(), is_plain)) {
        return std::nullopt;
    }
    return location;
}

HttpRequest json_request(std::string path, const json& body) {
    return {"POST",
            std::move(path),
            {{"Content-Type", "application/json"}},
            base::to_bytes(body.dump())};
}

HttpRequest creation(const outbox::PendingSubmission& submission, std::size_t number) {
    const auto& attachment = submission.attachments[number];
    return json_request("/kiosk/v1/uploads", {{"sha256", base::to_hex(attachment.sha256)},
                                              {"size", attachment.sealed.size()},
                                              {"mediaType", "application/cms"},
                                              {"submissionId", submission.key},
                                              {"page", number + 1}});
}

HttpRequest append(const std::string& path, base::ByteView sealed, std::size_t offset) {
    const auto chunk = sealed.subspan(offset, std::min(chunk_bytes, sealed.size() - offset));
    return {"PATCH",
            path,
            {{"Content-Type", "application/offset+octet-stream"},
             {"Upload-Offset", std::to_string(offset)},
             {"Upload-Checksum", "sha-256 " + base::to_base64(base::sha256(chunk))}},
            {chunk.begin(), chunk.end()}};
}

HttpRequest submission_request(const outbox::PendingSubmission& submission) {
    HttpRequest request{"POST",
                        submission.supplements.empty()
                            ? "/kiosk/v1/submissions"
                            : "/kiosk/v1/submissions/" + submission.supplements + "/supplements",
                        {{"Content-Type", "application/cms"},
                         {"Idempotency-Key", "\"" + submission.key + "\""},
                         {"Content-Digest", content_digest(submission.body_sha256)}},
                        submission.body};
    std::string digests;
    for (const auto& attachment : submission.attachments) {
        digests += digests.empty() ? "" : ", ";
        digests += content_digest(attachment.sha256);
    }
    if (!digests.empty()) request.headers.push_back({"Attachments", digests});
    return request;
}

// What a status that is no success says to the caller; nothing when it is one.
base::Result<void> expect_success(const base::Result<HttpResponse>& answer, const char* doing) {
    if (!answer) return answer.error();
    if (answer->status == 404) return base::Error{base::Errc::not_found, doing};
    const auto context = std::string(doing) + ": status " + std::to_string(answer->status);
    if (answer->status == 401 || answer->status == 403) {
        return base::Error{base::Errc::unauthorised, context};
    }
    if (answer->status == 429 || answer->status >= 500)
        return base::Error{base::Errc::busy, context};
    if (answer->status < 200 || answer->status > 299) {
        return base::Error{base::Errc::refused, context};
    }
    return {};
}

base::Result<json> expect_object(base::Result<HttpResponse> answer, const char* doing) {
    TRY(expect_success(answer, doing));
    auto object = parse_object(answer->body);
    if (object.is_discarded())
        return base::Error{base::Errc::bad_frame,
                           std::string(doing) + ": status " + std::to_string(answer->status)};
    return object;
}

json head_json(const AuditHead& head) {
    return {{"row", head.row},
            {"digest", base::to_hex(head.digest)},
            {"signature", base::to_base64(head.signature)}};
}

// G4: whoever could be one of four is not told.
json masked(int count) {
    return count < 5 ? json("<5") : json(count);
}

// Absent, too long or of another form: nothing is asked for.
std::vector<Command> read_commands(const json& object) {
    std::vector<Command> commands;
    const auto list = object.find("commands");
    if (list == object.end() || !list->is_array() || list->size() > command_most) return commands;
    for (const auto& each : *list) {
        const auto command =
            each.is_string() ? command_from(each.get<std::string>()) : std::nullopt;
        const bool is_new =
            command && std::find(commands.begin(), commands.end(), *command) == commands.end();
        if (is_new) commands.push_back(*command);
    }
    return commands;
}

bool is_word(std::string_view text) {
    const auto is_plain = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_';
    };
    return !text.empty() && text.size() <= word_limit &&
           std::all_of(text.begin(), text.end(), is_plain);
}

// What a refusal of a question means to whoever asked; nothing for one that means nothing special.
std::optional<base::Errc> question_fault(const HttpResponse& answer) {
    const auto type = problem_type(answer);
    if (type == "proof-wrong" && answer.status == 403) return base::Errc::unauthorised;
    if (type == "too-many-proofs" && answer.status == 429) return base::Errc::locked;
    if (type == "too-late" && answer.status == 409) return base::Errc::conflict;
    if (type == "not-found" && answer.status == 404) return base::Errc::not_found;
    // Of this device, of a proxy: nothing that the person did.
    if (answer.status == 401 || answer.status == 403 || answer.status == 404)
        return base::Errc::refused;
    return std::nullopt;
}

base::Result<json> ask(HttpTransport& transport, HttpRequest request, std::stop_token stop,
                       const char* doing) {
    request.stop = std::move(stop);
    auto answer = transport.send(request, question_limit);
    if (answer)
        if (const auto fault = question_fault(*answer))
            return base::Error{*fault,
                               std::string(doing) + ": status " + std::to_string(answer->status)};
    return expect_object(std::move(answer), doing);
}

// Nothing where it is not what the contract says; unknown members are ignored.
std::optional<StatusAnswer> read_status(const json& object) {
    StatusAnswer status{text_at(object, "state"),
                        text_at(object, "caseCode"),
                        text_at(object, "matter"),
                        {},
                        {},
                        text_at(object, "reason"),
                        text_at(object, "withdrawal"),
                        text_at(object, "supplement")};
    const auto history = object.find("history");
    if (history == object.end() || !history->is_array() || history->size() > stage_most)
        return std::nullopt;
    for (const auto& each : *history) {
        StatusStage stage;
        if (!each.is_object() || !base::parse_date(text_at(each, "on"), stage.on))
            return std::nullopt;
        stage.state = text_at(each, "state");
        status.stages.push_back(std::move(stage));
    }
    const bool ends_now = !status.stages.empty() && status.stages.back().state == status.state;
    for (const auto* word :
         {&status.matter, &status.reason, &status.withdrawal, &status.supplement})
        if (!word->empty() && !is_word(*word)) return std::nullopt;
    base::Date due{};
    if (base::parse_date(text_at(object, "dueBy"), due)) status.due = due;
    return ends_now ? std::optional(std::move(status)) : std::nullopt;
}

bool was_asked(const PrefillQuestion& question, const std::string& term) {
    return std::find(question.terms.begin(), question.terms.end(), term) != question.terms.end();
}

// Nothing where it is not whole, or not what a field can take.
std::optional<PrefillAnswer> read_value(const json& each) {
    if (!each.is_object()) return std::nullopt;
    PrefillAnswer value{text_at(each, "term"),
                        base::SecretText(text_at(each, "value")),
                        text_at(each, "source"),
                        {}};
    const auto trust = text_at(each, "trust");
    const bool is_graded = trust.size() == 1 && trust[0] >= 'A' && trust[0] <= 'D';
    const bool is_whole = is_graded && is_word(value.source) && !value.text.empty() &&
                          value.text.size() <= prefill_text_limit &&
                          base::parse_date(text_at(each, "asOf"), value.as_of);
    return is_whole ? std::optional(std::move(value)) : std::nullopt;
}

} // namespace

std::string_view to_string(StopReason reason) {
    switch (reason) {
    case StopReason::device_unknown: return "device_unknown";
    case StopReason::device_suspended: return "device_suspended";
    case StopReason::clock_skew: return "clock_skew";
    case StopReason::form_version_gone: return "form_version_gone";
    case StopReason::key_missing: return "key_missing";
    case StopReason::unknown_refusal: return "unknown_refusal";
    }
    CHECK(false && "an enumerator without a name");
}

std::string_view to_string(Command command) {
    switch (command) {
    case Command::sync_content: return "sync-content";
    case Command::send_log: return "send-log";
    case Command::go_out_of_service: return "go-out-of-service";
    case Command::print_self_test: return "reprint-self-test";
    }
    CHECK(false && "an enumerator without a name");
}

std::optional<Command> command_from(std::string_view name) {
    for (const auto command : {Command::sync_content, Command::send_log, Command::go_out_of_service,
                               Command::print_self_test})
        if (to_string(command) == name) return command;
    return std::nullopt;
}

bool is_older(std::string_view version, std::string_view than) {
    const auto parts_of = [](std::string_view text) -> std::optional<std::array<int, 3>> {
        std::array<int, 3> parts{};
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const auto dot = i + 1 < parts.size() ? text.find('.') : text.size();
            if (dot == std::string_view::npos) return std::nullopt;
            const auto [end, code] = std::from_chars(text.data(), text.data() + dot, parts[i]);
            if (code != std::errc() || end != text.data() + dot || parts[i] < 0)
                return std::nullopt;
            text.remove_prefix(std::min(dot + 1, text.size()));
        }
        return parts;
    };
    const auto one = parts_of(version);
    const auto other = parts_of(than);
    return one && other && *one < *other;
}

std::string content_digest(const base::Sha256& digest) {
    return "sha-256=:" + base::to_base64(digest) + ":";
}

Verdict judge_submission_answer(const base::Result<HttpResponse>& answer, std::string_view key,
                                const base::Sha256& body_sha256, base::WallTime now, Sent sent) {
    if (!answer) return judge_silence(answer.error());
    if (answer->status == 200 || answer->status == 201) {
        return judge_acceptance(*answer, key, body_sha256, sent);
    }
    return judge_refusal(*answer, now, sent);
}

Client::Client(HttpTransport& transport, const base::Clock& clock,
               std::optional<Certificate> device)
    : transport_(transport), clock_(clock), device_(std::move(device)) {}

Verdict Client::submit(const outbox::PendingSubmission& submission) {
    if (device_) {
        const auto signer = signer_of(submission.body);
        // A new certificate of this kiosk, or another kiosk that handed over its queue: what was
        // noted when the request came here.
        const auto wanted = submission.signer.value_or(device_->fingerprint());
        if (!signer || *signer != wanted) return Quarantine{outbox::QuarantineReason::damaged};
    }
    for (std::size_t i = 0; i < submission.attachments.size(); ++i) {
        if (auto failed = upload(submission, i)) return *failed;
    }
    const auto answer = transport_.send(submission_request(submission), exchange_limit);
    const auto sent = submission.supplements.empty() ? Sent::request : Sent::supplement;
    return judge_submission_answer(answer, submission.key, submission.body_sha256, clock_.wall(),
                                   sent);
}

// Brings one attachment to the platform, from wherever an earlier try ended: creating an upload of
// the same submission and digest again answers with the one that is there and how far it got.
// Nothing when it is there; else why this try ends.
std::optional<Verdict> Client::upload(const outbox::PendingSubmission& submission,
                                      std::size_t number) {
    const base::ByteView sealed = submission.attachments[number].sealed;
    const auto created = transport_.send(creation(submission, number), exchange_limit);
    if (!created) return judge_silence(created.error());
    if (created->status != 200 && created->status != 201) {
        return judge_refusal(*created, clock_.wall(), Sent::request);
    }
    const auto path = upload_path(*created);
    auto offset = offset_of(*created);
    const Verdict not_understood =
        Retry{RetryScope::submission, std::nullopt, base::Errc::bad_frame, created->status};
    if (!path) return not_understood;

    const std::size_t rounds = upload_rounds + sealed.size() / chunk_bytes;
    for (std::size_t round = 0; round < rounds; ++round) {
        if (!offset || *offset > sealed.size()) return not_understood;
        if (*offset == sealed.size()) return std::nullopt;
        const auto appended = transport_.send(append(*path, sealed, *offset), exchange_limit);
        if (appended && appended->status == 204) {
            offset = offset_of(*appended);
            continue;
        }
        // 409: another offset there; 422: the chunk arrived damaged. Anything else ends this try.
        const bool ask_again = !appended || appended->status == 409 || appended->status == 422;
        if (!ask_again) return judge_refusal(*appended, clock_.wall(), Sent::request);
        const auto asked = transport_.send({"HEAD", *path, {}, {}}, exchange_limit);
        if (!asked) return judge_silence(asked.error());
        if (asked->status != 200) return not_understood;
        offset = offset_of(*asked);
    }
    return not_understood;
}

base::Result<AssistanceAnswer> Client::assistance(std::string_view place) {
    const auto request = json_request("/kiosk/v1/device/assistance", {{"place", place}});
    const auto object =
        TRY(expect_object(transport_.send(request, assistance_limit), "assistance"));
    return AssistanceAnswer{text_at(object, "who"), text_at(object, "hours")};
}

base::Result<DeviceAnswer> Client::device() {
    const HttpRequest request{"GET", "/kiosk/v1/device", {}, {}};
    const auto object = TRY(expect_object(transport_.send(request, exchange_limit), "device"));
    DeviceAnswer answer;
    answer.office = text_at(object, "office");
    answer.least_client = text_at(object, "minClientVersion");
    if (const auto matters = object.find("matters");
        matters != object.end() && matters->is_array()) {
        for (const auto& matter : *matters) {
            if (matter.is_string()) answer.matters.push_back(matter.get<std::string>());
        }
    }
    return answer;
}

base::Result<std::vector<Command>> Client::heartbeat(const Heartbeat& beat) {
    json devices = json::object();
    for (const auto& [device, state] : beat.devices) devices[device] = state;
    json body{{"appVersion", beat.app_version},
              {"contentVersion", beat.content_version},
              {"queuePending", beat.queue_pending},
              {"queueQuarantined", beat.queue_quarantined},
              {"oldestPendingSeconds", beat.oldest_pending_seconds},
              {"freeBytes", beat.free_bytes},
              {"rosterVersion", beat.roster_version},
              {"devices", devices}};
    if (beat.audit) body["audit"] = head_json(*beat.audit);
    if (beat.ratings)
        body["ratings"] = {{"day", base::to_text(beat.ratings->day)},
                           {"good", masked(beat.ratings->good)},
                           {"fair", masked(beat.ratings->fair)},
                           {"poor", masked(beat.ratings->poor)}};
    const auto request = json_request("/kiosk/v1/device/heartbeat", body);
    return read_commands(TRY(expect_object(transport_.send(request, exchange_limit), "heartbeat")));
}

base::Result<std::uint64_t> Client::audit_segment(const AuditSegment& segment) {
    const auto request =
        json_request("/kiosk/v1/audit/segments", {{"chain", base::to_hex(segment.chain)},
                                                  {"segment", segment.number},
                                                  {"rows", segment.rows},
                                                  {"end", head_json(segment.end)}});
    auto answer = transport_.send(request, exchange_limit);
    if (answer && answer->status == 409 && problem_type(*answer) == "segment-differs")
        return base::Error{base::Errc::conflict, "audit segment: the platform has other rows"};
    const auto object = TRY(expect_object(std::move(answer), "audit segment"));
    const auto next = object.find("next");
    const bool is_next = next != object.end() && next->is_number_unsigned() && *next >= 1;
    if (!is_next) return base::Error{base::Errc::bad_frame, "audit segment: not of the contract"};
    return next->get<std::uint64_t>();
}

base::Result<std::string> Client::renew_certificate(const std::string& request_pem) {
    const auto request = json_request("/kiosk/v1/device/csr", {{"csr", request_pem}});
    const auto object =
        TRY(expect_object(transport_.send(request, exchange_limit), "new certificate"));
    auto pem = text_at(object, "certificate");
    if (pem.empty())
        return base::Error{base::Errc::bad_frame, "new certificate: not of the contract"};
    return pem;
}

// Only 200 carries a list: an empty success of some gateway is none.
base::Result<base::Bytes> Client::staff_roster() {
    const HttpRequest request{"GET", "/kiosk/v1/staff/roster", {}, {}, roster_answer_limit};
    auto answer = transport_.send(request, exchange_limit);
    TRY(expect_success(answer, "staff list"));
    if (answer->status != 200 || answer->body.empty())
        return base::Error{base::Errc::bad_frame, "staff list: an empty answer"};
    return std::move(answer->body);
}

namespace {

bool is_hex_digest(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

} // namespace

bool is_in_trial(const ContentOffer& offer, const base::Sha256& device) {
    base::Bytes mixed(device.begin(), device.end());
    for (int shift = 56; shift >= 0; shift -= 8)
        mixed.push_back(std::uint8_t(std::uint64_t(offer.version) >> shift));
    const auto digest = base::sha256(mixed);
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = number << 8 | digest[i];
    return int(number % 100) < offer.percent;
}

base::Result<ContentOffer> Client::content_offer() {
    const HttpRequest request{"GET", "/kiosk/v1/content/manifest?channel=stable", {}, {}};
    const auto object = TRY(expect_object(transport_.send(request, exchange_limit), "content"));
    const base::Error malformed{base::Errc::bad_frame, "content: not of the contract"};
    ContentOffer offer;
    try {
        object.at("version").get_to(offer.version);
        object.at("manifest").at("sha256").get_to(offer.manifest_sha256);
        object.at("manifest").at("size").get_to(offer.manifest_size);
        object.at("signatures").get_to(offer.signatures);
        object.at("percent").get_to(offer.percent);
    } catch (const json::exception&) {
        return malformed;
    }
    if (const auto from = text_at(object, "notBefore"); !from.empty()) {
        base::Date day;
        if (!base::parse_date(from, day)) return malformed;
        offer.not_before = day;
    }
    if (offer.version < 1 || !is_hex_digest(offer.manifest_sha256)) return malformed;
    return offer;
}

base::Result<base::Bytes> Client::content_package(std::string_view sha256, std::size_t size) {
    if (!is_hex_digest(sha256)) return base::Error{base::Errc::invalid_input, "content: no digest"};
    const HttpRequest request{
        "GET", "/kiosk/v1/content/packages/" + std::string(sha256), {}, {}, size};
    auto answer = transport_.send(request, package_limit);
    TRY(expect_success(answer, "content file"));
    if (base::sha256_hex(answer->body) != sha256)
        return base::Error{base::Errc::corrupt, "content file: not what its digest says"};
    return std::move(answer->body);
}

base::Result<StatusAnswer> Client::status(std::string_view receipt_no, const StatusProof& proof,
                                          std::stop_token stop) {
    json shown;
    switch (proof.kind) {
    case StatusProof::Kind::none: shown["none"] = true; break;
    case StatusProof::Kind::phone_tail: shown["phoneTail"] = proof.value.view(); break;
    case StatusProof::Kind::id_number: shown["idNumber"] = proof.value.view(); break;
    }
    const json body{{"receiptNo", outbox::group_receipt_number(receipt_no)}, {"proof", shown}};
    const auto object = TRY(
        ask(transport_, json_request("/kiosk/v1/status-queries", body), std::move(stop), "status"));
    auto answer = read_status(object);
    if (!answer) return base::Error{base::Errc::bad_frame, "status: not of the contract"};
    return std::move(*answer);
}

base::Result<void> Client::withdraw(std::string_view id, const base::SecretText& id_number,
                                    std::stop_token stop) {
    if (!is_word(id)) return base::Error{base::Errc::invalid_input, "withdrawal: no id"};
    const json body{{"proof", {{"idNumber", id_number.view()}}}};
    const auto path = "/kiosk/v1/submissions/" + std::string(id) + "/withdrawal";
    const auto object =
        TRY(ask(transport_, json_request(path, body), std::move(stop), "withdrawal"));
    if (text_at(object, "state") != "withdrawn")
        return base::Error{base::Errc::bad_frame, "withdrawal: not of the contract"};
    return {};
}

base::Result<std::vector<TodoAnswer>> Client::todos(const base::SecretText& id_number,
                                                    std::stop_token stop) {
    const json body{{"proof", {{"idNumber", id_number.view()}}}};
    const auto object = TRY(
        ask(transport_, json_request("/kiosk/v1/device/todos", body), std::move(stop), "to-dos"));
    const auto list = object.find("todos");
    if (list == object.end() || !list->is_array())
        return base::Error{base::Errc::bad_frame, "to-dos: not of the contract"};
    std::vector<TodoAnswer> todos;
    for (const auto& each : *list) {
        TodoAnswer todo;
        if (each.is_object()) todo.matter = text_at(each, "matter");
        const bool is_one =
            is_word(todo.matter) && base::parse_date(text_at(each, "due"), todo.due);
        if (is_one && todos.size() < todo_most) todos.push_back(std::move(todo));
    }
    return todos;
}

base::Result<std::vector<PrefillAnswer>> Client::prefill(const PrefillQuestion& question,
                                                         std::stop_token stop) {
    const json body{
        {"matter", question.matter},
        {"formVersion", question.form_version},
        {"person", {{"name", question.name.view()}, {"idNumber", question.id_number.view()}}},
        {"consent",
         {{"id", question.consent},
          {"textSetDigest", question.text_set_digest},
          {"textSetVersion", question.text_set_version},
          {"at", base::to_rfc3339(question.agreed_at)}}},
        {"terms", question.terms}};
    const auto object =
        TRY(ask(transport_, json_request("/kiosk/v1/prefill", body), std::move(stop), "pre-fill"));
    const auto list = object.find("values");
    if (list == object.end() || !list->is_array() || list->size() > prefill_most)
        return base::Error{base::Errc::bad_frame, "pre-fill: not of the contract"};
    std::vector<PrefillAnswer> values;
    for (const auto& each : *list) {
        auto value = read_value(each);
        if (!value || !was_asked(question, value->term)) continue;
        const auto is_same = [&](const PrefillAnswer& one) { return one.term == value->term; };
        if (std::none_of(values.begin(), values.end(), is_same))
            values.push_back(std::move(*value));
    }
    return values;
}

} // namespace platform
