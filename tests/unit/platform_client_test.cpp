// What every answer of the platform means (spec reliability S3, S4; platform-api §5).
#include "kiosk/platform/client.hpp"

#include "kiosk/base/seeded_random.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <deque>

using namespace platform;
using namespace std::chrono_literals;
using base::Errc;
using nlohmann::json;
using outbox::QuarantineReason;

namespace {

const std::string key = "6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e01";
const base::Sha256 digest = base::sha256(base::as_bytes("body"));
const base::WallTime now = base::WallTime(base::Milliseconds(1'795'000'000'000));

Verdict judge(const base::Result<HttpResponse>& answer) {
    return judge_submission_answer(answer, key, digest, now);
}

HttpResponse problem(int status, const std::string& type, std::vector<HttpHeader> headers = {}) {
    return {status, std::move(headers), base::to_bytes(json{{"type", type}}.dump())};
}

json acceptance() {
    return {{"id", key},
            {"digest", content_digest(digest)},
            {"receiptNo", "K7M4-92XH-T3QC"},
            {"caseCode", "650104-2026-000017"},
            {"state", "accepted"},
            {"acceptedAt", "2026-11-22T10:31:09+08:00"}};
}

HttpResponse answer(int status, const json& body) {
    return {status, {{"Content-Type", "application/json"}}, base::to_bytes(body.dump())};
}

Retry expect_retry(const Verdict& verdict) {
    REQUIRE(std::holds_alternative<Retry>(verdict));
    return std::get<Retry>(verdict);
}

// Answers in order; notes what was asked.
struct ScriptedTransport final : HttpTransport {
    std::deque<base::Result<HttpResponse>> answers;
    std::vector<HttpRequest> requests;
    base::Result<HttpResponse> send(const HttpRequest& request, base::Milliseconds) override {
        requests.push_back(request);
        if (answers.empty()) return base::Error{Errc::unreachable, "no more answers"};
        auto next = answers.front();
        answers.pop_front();
        return next;
    }
};

} // namespace

TEST_CASE("an acceptance that repeats key and digest and has a case code is a delivery",
          "[unit][platform]") {
    for (const int status : {200, 201}) {
        auto response = answer(status, acceptance());
        if (status == 200) response.headers.push_back({"Idempotent-Replay", "true"});
        const auto verdict = judge(response);
        REQUIRE(std::holds_alternative<Delivered>(verdict));
        CHECK(std::get<Delivered>(verdict).case_code == "650104-2026-000017");
        CHECK(std::get<Delivered>(verdict).was_replay == (status == 200));
    }
}

TEST_CASE("a success that does not prove what it accepted is a fault", "[unit][platform]") {
    const auto without = [](const char* member) {
        auto body = acceptance();
        body.erase(member);
        return answer(201, body);
    };
    const auto with = [](const char* member, const json& value) {
        auto body = acceptance();
        body[member] = value;
        return answer(201, body);
    };
    const std::vector<HttpResponse> faults{
        without("id"),
        without("digest"),
        without("caseCode"),
        without("state"),
        with("id", "6f1d0c9e-3b52-4e0f-9a55-0d7c1f6b7e02"),
        with("digest", content_digest(base::Sha256{})),
        with("caseCode", ""),
        with("caseCode", std::string(65, '1')),
        with("caseCode", 17),
        with("caseCode", "a\nb"),
        with("state", "refused"),
        answer(202, acceptance()),
        answer(204, acceptance()),
        {201, {}, {}},
        {200, {}, base::to_bytes("<html>Welcome to the network</html>")},
        {200, {}, base::to_bytes("[1,2]")},
        {200, {}, base::Bytes{0xff, 0xfe, 0x00}},
        {200, {}, base::to_bytes(std::string(60'000, '['))},
    };
    for (const auto& fault : faults) {
        INFO("status " << fault.status << ", body " << base::as_text(fault.body).substr(0, 40));
        CHECK(expect_retry(judge(fault)).scope == RetryScope::submission);
    }
}

TEST_CASE("every row of the problem table is understood", "[unit][platform]") {
    const auto quarantines = [](int status, const char* type, QuarantineReason reason) {
        INFO(type);
        const auto verdict = judge(problem(status, std::string("/problems/") + type));
        REQUIRE(std::holds_alternative<Quarantine>(verdict));
        CHECK(std::get<Quarantine>(verdict).reason == reason);
    };
    quarantines(422, "answers-invalid", QuarantineReason::answers_invalid);
    quarantines(403, "matter-closed", QuarantineReason::matter_closed);
    quarantines(422, "key-reuse", QuarantineReason::key_reuse);
    quarantines(409, "receipt-conflict", QuarantineReason::receipt_conflict);

    const auto stops = [](int status, const char* type, StopReason reason) {
        INFO(type << " " << status);
        const auto verdict = judge(problem(status, type));
        REQUIRE(std::holds_alternative<Stop>(verdict));
        CHECK(std::get<Stop>(verdict).reason == reason);
    };
    stops(422, "form-version-gone", StopReason::form_version_gone);
    stops(401, "device-unknown", StopReason::device_unknown);
    stops(403, "device-suspended", StopReason::device_suspended);
    stops(400, "clock-skew", StopReason::clock_skew);
    stops(400, "key-missing", StopReason::key_missing);
    stops(401, "something-else", StopReason::device_unknown);
    stops(403, "", StopReason::device_suspended);
    for (const int status : {400, 402, 404, 405, 410, 413, 418, 422, 431, 451, 499}) {
        stops(status, "not-in-the-table", StopReason::unknown_refusal);
    }

    const auto waits = [](int status, const char* type, RetryScope scope) {
        INFO(type << " " << status);
        CHECK(expect_retry(judge(problem(status, type))).scope == scope);
    };
    waits(409, "in-progress", RetryScope::submission);
    waits(409, "attachment-missing", RetryScope::submission);
    waits(409, "offset-mismatch", RetryScope::submission);
    waits(425, "too-early", RetryScope::submission);
    waits(408, "", RetryScope::queue);
    waits(429, "rate-limited", RetryScope::queue);
    waits(503, "busy", RetryScope::queue);
    for (const int status : {502, 504}) waits(status, "", RetryScope::queue);
    for (const int status : {500, 501, 507, 599}) waits(status, "", RetryScope::submission);
    for (const int status : {100, 301, 302, 303, 307, 308, 206, 299, 600}) {
        waits(status, "", RetryScope::submission);
    }
}

TEST_CASE("papers that a request does not want are set aside and hold up nobody",
          "[unit][platform][supplement]") {
    const auto judge_papers = [](const HttpResponse& response) {
        return judge_submission_answer(response, key, digest, now, Sent::supplement);
    };
    const std::vector<std::pair<int, const char*>> rows{
        {409, "too-late"}, {403, "proof-wrong"}, {404, "not-found"}};
    for (const auto& [status, type] : rows) {
        INFO(type);
        const auto verdict = judge_papers(problem(status, type));
        REQUIRE(std::holds_alternative<Quarantine>(verdict));
        CHECK(std::get<Quarantine>(verdict).reason == QuarantineReason::not_wanted);
        // Of a request they mean what they meant, and under another status nothing.
        CHECK_FALSE(std::holds_alternative<Quarantine>(judge(problem(status, type))));
        CHECK_FALSE(std::holds_alternative<Quarantine>(judge_papers(problem(500, type))));
    }
    // An address that nobody knows is not an answer about the request.
    CHECK(std::holds_alternative<Stop>(judge_papers(problem(404, ""))));
    CHECK(std::get<Quarantine>(judge_papers(problem(422, "answers-invalid"))).reason ==
          QuarantineReason::answers_invalid);
}

TEST_CASE("papers have arrived when the request is in review, a request when it is accepted",
          "[unit][platform][supplement]") {
    auto body = acceptance();
    const auto judge_papers = [&] {
        return judge_submission_answer(answer(201, body), key, digest, now, Sent::supplement);
    };
    CHECK(std::holds_alternative<Retry>(judge_papers()));
    body["state"] = "in-review";
    CHECK(std::get<Delivered>(judge_papers()).state == "in-review");
    CHECK(std::holds_alternative<Retry>(judge(answer(201, body))));
}

TEST_CASE("a named problem under another status is not believed", "[unit][platform]") {
    // A proxy's error page must not throw a resident's request out of the queue.
    CHECK(std::holds_alternative<Retry>(judge(problem(500, "answers-invalid"))));
    CHECK(std::holds_alternative<Retry>(judge(problem(503, "matter-closed"))));
    CHECK(std::holds_alternative<Retry>(judge(problem(200, "key-reuse"))));
}

TEST_CASE("no answer means: later", "[unit][platform]") {
    for (const auto code : {Errc::unreachable, Errc::timed_out, Errc::unauthorised}) {
        const auto retry = expect_retry(judge(base::Error{code, "test"}));
        CHECK(retry.scope == RetryScope::queue);
        CHECK(retry.why == code);
        CHECK(retry.status == 0);
    }
    CHECK(expect_retry(judge(base::Error{Errc::too_large, "t"})).scope == RetryScope::submission);
}

TEST_CASE("Retry-After counts between one second and one hour, as seconds or as a date",
          "[unit][platform]") {
    const auto wait = [](const std::string& value) {
        return expect_retry(judge(problem(503, "busy", {{"retry-after", value}}))).after;
    };
    CHECK(wait("1") == 1s);
    CHECK(wait("120") == 120s);
    CHECK(wait("3600") == 3600s);
    for (const auto* bad : {"0", "3601", "-5", "1.5", "soon", "", "99999999999999999999", "60 "}) {
        INFO(bad);
        CHECK_FALSE(wait(bad).has_value());
    }
    const auto date = [](base::Milliseconds ahead) {
        const auto then = std::chrono::system_clock::to_time_t(
            std::chrono::time_point_cast<std::chrono::system_clock::duration>(now + ahead));
        char text[64];
        std::tm calendar{};
        ::gmtime_r(&then, &calendar);
        std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &calendar);
        return std::string(text);
    };
    CHECK(wait(date(90s)) == 90s);
    CHECK_FALSE(wait(date(-90s)).has_value());
    CHECK_FALSE(wait(date(2h)).has_value());
}

TEST_CASE("a submission is sent with its key, its digest and its attachments' digests",
          "[unit][platform]") {
    const base::SystemClock clock;
    base::SeededRandom random(1);
    ScriptedTransport wire;
    Client client(wire, clock, std::nullopt);
    const auto made = support::opaque_submission(random, clock, 2, 600'000);
    outbox::PendingSubmission pending{
        made.key, made.receipt_no, made.body, base::sha256(made.body), made.attachments, 0};
    const auto created = [](const char* id, const char* offset) {
        return HttpResponse{
            201,
            {{"Location", std::string("/kiosk/v1/uploads/") + id}, {"Upload-Offset", offset}},
            {}};
    };
    const auto at = [](int status, const char* offset) {
        return HttpResponse{status, {{"upload-offset", offset}}, {}};
    };
    wire.answers = {created("one", "0"), at(204, "524288"),
                    at(204, "600000"),   created("two", "524288"), // an earlier try got this far
                    at(204, "600000"),   answer(201, acceptance())};
    // The key inside the answer is another one: a fault, but everything was sent.
    CHECK(std::holds_alternative<Retry>(client.submit(pending)));
    REQUIRE(wire.requests.size() == 6);
    const auto header = [&](std::size_t i, const char* name) {
        return find_header(wire.requests[i].headers, name).value_or("absent");
    };
    CHECK(wire.requests[0].path == "/kiosk/v1/uploads");
    CHECK(wire.requests[1].path == "/kiosk/v1/uploads/one");
    CHECK(wire.requests[1].body.size() == 512 * 1024);
    CHECK(header(1, "Upload-Offset") == "0");
    CHECK(header(2, "Upload-Offset") == "524288");
    CHECK(header(4, "Upload-Offset") == "524288");
    CHECK(wire.requests[5].path == "/kiosk/v1/submissions");
    CHECK(wire.requests[5].body == made.body);
    CHECK(header(5, "Idempotency-Key") == "\"" + made.key + "\"");
    CHECK(header(5, "Content-Digest") == content_digest(base::sha256(made.body)));
    CHECK(header(5, "Attachments") == content_digest(made.attachments[0].sha256) + ", " +
                                          content_digest(made.attachments[1].sha256));
    CHECK(header(5, "Content-Type") == "application/cms");
}

TEST_CASE("papers brought later go to the address of their request",
          "[unit][platform][supplement]") {
    const base::SystemClock clock;
    base::SeededRandom random(1);
    ScriptedTransport wire;
    Client client(wire, clock, std::nullopt);
    const auto made = support::opaque_submission(random, clock, 0);
    outbox::PendingSubmission pending{
        made.key, made.receipt_no, made.body, base::sha256(made.body), made.attachments, 0};
    pending.supplements = "the-request";
    (void)client.submit(pending);
    REQUIRE(wire.requests.size() == 1);
    CHECK(wire.requests[0].path == "/kiosk/v1/submissions/the-request/supplements");
    CHECK(find_header(wire.requests[0].headers, "Idempotency-Key") == "\"" + made.key + "\"");
}

TEST_CASE("an upload goes on where the platform says it is", "[unit][platform]") {
    const base::SystemClock clock;
    base::SeededRandom random(2);
    ScriptedTransport wire;
    Client client(wire, clock, std::nullopt);
    const auto made = support::opaque_submission(random, clock, 1, 1000);
    outbox::PendingSubmission pending{
        made.key, made.receipt_no, made.body, base::sha256(made.body), made.attachments, 0};
    const HttpResponse created{
        201, {{"Location", "/kiosk/v1/uploads/one"}, {"Upload-Offset", "0"}}, {}};
    const auto offset = [](int status, const char* value) {
        return HttpResponse{status, {{"Upload-Offset", value}}, {}};
    };
    SECTION("after a cut, by asking") {
        wire.answers = {created, base::Error{Errc::unreachable, "cut"}, offset(200, "400"),
                        offset(204, "1000")};
        (void)client.submit(pending);
        REQUIRE(wire.requests.size() == 5);
        CHECK(wire.requests[2].method == "HEAD");
        CHECK(wire.requests[3].body.size() == 600);
        CHECK(wire.requests[4].path == "/kiosk/v1/submissions");
    }
    SECTION("a platform that never gets further does not hold the kiosk for ever") {
        wire.answers = {created};
        for (int i = 0; i < 100; ++i) wire.answers.push_back(offset(204, "0"));
        CHECK(std::holds_alternative<Retry>(client.submit(pending)));
        CHECK(wire.requests.size() < 12);
    }
    SECTION("a Location that leads elsewhere is not followed") {
        for (const auto* location :
             {"https://elsewhere.example/x", "/kiosk/v1/uploads/../device", "/kiosk/v1/uploads/",
              "//elsewhere/kiosk/v1/uploads/1", "/kiosk/v1/uploads/a?b"}) {
            wire.answers = {
                HttpResponse{201, {{"Location", location}, {"Upload-Offset", "0"}}, {}}};
            wire.requests.clear();
            CHECK(std::holds_alternative<Retry>(client.submit(pending)));
            CHECK(wire.requests.size() == 1);
        }
    }
    SECTION("an offset beyond the end is a fault") {
        wire.answers = {HttpResponse{
            201, {{"Location", "/kiosk/v1/uploads/one"}, {"Upload-Offset", "1001"}}, {}}};
        CHECK(std::holds_alternative<Retry>(client.submit(pending)));
        CHECK(wire.requests.size() == 1);
    }
    SECTION("a refused device stops before anything is uploaded") {
        wire.answers = {problem(403, "device-suspended")};
        CHECK(std::holds_alternative<Stop>(client.submit(pending)));
    }
}

TEST_CASE("what this device did not sign is never sent", "[unit][platform]") {
    const base::SystemClock clock;
    base::SeededRandom random(3);
    ScriptedTransport wire;
    Client client(wire, clock, support::demo_device().certificate());
    const auto made = support::opaque_submission(random, clock, 0);
    const outbox::PendingSubmission pending{
        made.key, made.receipt_no, made.body, base::sha256(made.body), {}, 0};
    const auto verdict = client.submit(pending);
    REQUIRE(std::holds_alternative<Quarantine>(verdict));
    CHECK(std::get<Quarantine>(verdict).reason == QuarantineReason::damaged);
    CHECK(wire.requests.empty());
}

TEST_CASE("how people found their visits is told of a day, and numbers under five as \"<5\"",
          "[unit][platform][refusal][G4]") {
    const base::SystemClock clock;
    ScriptedTransport wire;
    Client client(wire, clock, std::nullopt);
    wire.answers = {answer(200, {{"commands", json::array()}})};
    Heartbeat beat{"0.1.0", 3, 2, 0, 65, 1'000'000, {}};
    using namespace std::chrono_literals;
    beat.ratings = platform::DayRatings{base::Date{2026y / 11 / 22}, 5, 4, 0};
    CHECK(client.heartbeat(beat));
    CHECK(json::parse(wire.requests[0].body).at("ratings") ==
          json{{"day", "2026-11-22"}, {"good", 5}, {"fair", "<5"}, {"poor", "<5"}});
}

TEST_CASE("a heartbeat and a call for help carry no person and no language",
          "[unit][platform][refusal][G2]") {
    const base::SystemClock clock;
    ScriptedTransport wire;
    Client client(wire, clock, std::nullopt);
    wire.answers = {answer(200, {{"commands", json::array({"go-out-of-service"})}}),
                    answer(200, {{"commands", json::array()}}),
                    answer(200, {{"who", "counter 3"}, {"hours", "10:00-19:00"}})};
    Heartbeat beat{"0.1.0", 3, 2, 0, 65, 1'000'000, {{"printer", "paper_low"}}};
    beat.roster_version = 7;
    CHECK(client.heartbeat(beat));
    beat.audit = AuditHead{17, digest, base::to_bytes("signature")};
    CHECK(client.heartbeat(beat));
    const auto help = client.assistance("hall, kiosk 1").value();
    CHECK(help.who == "counter 3");
    CHECK(help.hours == "10:00-19:00");
    // A new member is a decision: say in this list why it tells nothing about a person.
    json expected{{"appVersion", "0.1.0"},  {"contentVersion", 3},
                  {"queuePending", 2},      {"queueQuarantined", 0},
                  {"freeBytes", 1'000'000}, {"oldestPendingSeconds", 65},
                  {"rosterVersion", 7},     {"devices", {{"printer", "paper_low"}}}};
    CHECK(json::parse(wire.requests[0].body) == expected);
    expected["audit"] = {{"row", 17},
                         {"digest", base::to_hex(digest)},
                         {"signature", base::to_base64(base::as_bytes("signature"))}};
    CHECK(json::parse(wire.requests[1].body) == expected);
    CHECK(json::parse(wire.requests[2].body) == json{{"place", "hall, kiosk 1"}});
}

TEST_CASE("the district's commands are a closed list: nothing else is heard",
          "[unit][platform][refusal][G14][D4.7]") {
    const base::SystemClock clock;
    ScriptedTransport wire;
    Client client(wire, clock, std::nullopt);
    const Heartbeat beat{"0.1.0", 3, 0, 0, 0, 1'000'000, {}};
    const auto heard = [&](const json& body) {
        wire.answers.push_back(answer(200, body));
        return client.heartbeat(beat).value();
    };
    using enum Command;
    CHECK(heard({{"commands",
                  {"go-out-of-service", "sync-content", "reprint-self-test", "send-log",
                   "sync-content"}}}) ==
          std::vector{go_out_of_service, sync_content, print_self_test, send_log});
    for (const auto* word : {"start-camera", "capture", "set-threshold", "GO-OUT-OF-SERVICE",
                             "go-out-of-service; capture", ""})
        CHECK(heard({{"commands", {word}}}).empty());
    for (const auto& odd : {json(7), json::object(), json::array({7, nullptr, json::array()}),
                            json(std::vector<std::string>(21, "send-log"))})
        CHECK(heard({{"commands", odd}}).empty());
    CHECK(heard(json::object()).empty());
    // What could start a capture or change a level has no name here.
    for (const auto command : {sync_content, send_log, go_out_of_service, print_self_test})
        CHECK(command_from(to_string(command)) == command);
}

TEST_CASE("a new certificate comes as the contract says, or not at all", "[unit][platform]") {
    const base::SystemClock clock;
    ScriptedTransport wire;
    Client client(wire, clock, std::nullopt);
    wire.answers = {answer(200, {{"certificate", "PEM"}}), answer(200, {{"certificate", ""}}),
                    problem(401, "device-unknown"), base::Error{base::Errc::unreachable, "none"}};
    CHECK(client.renew_certificate("REQUEST").value() == "PEM");
    CHECK(wire.requests[0].path == "/kiosk/v1/device/csr");
    CHECK(json::parse(wire.requests[0].body) == json{{"csr", "REQUEST"}});
    CHECK(client.renew_certificate("REQUEST").error().code == base::Errc::bad_frame);
    CHECK(client.renew_certificate("REQUEST").error().code == base::Errc::unauthorised);
    CHECK(client.renew_certificate("REQUEST").error().code == base::Errc::unreachable);
}

namespace {

PrefillQuestion prefill_question() {
    PrefillQuestion question;
    question.matter = "elderly-allowance";
    question.form_version = 3;
    question.name = base::SecretText("样品长者"); // nobody (spec matters §9)
    question.id_number = base::SecretText("659999194003150046");
    question.consent = "prefill.fetch";
    question.text_set_digest = "sha256:00";
    question.text_set_version = 2;
    question.agreed_at = now;
    question.terms = {"person.phone", "contact.name"};
    return question;
}

json prefill_value(const std::string& term, const json& value) {
    return {{"term", term},
            {"value", value},
            {"source", "social-insurance"},
            {"asOf", "2025-03-01"},
            {"trust", "B"}};
}

} // namespace

TEST_CASE("pre-fill asks for one form's terms, with the consent that was given",
          "[unit][platform][prefill]") {
    const base::SystemClock clock;
    ScriptedTransport wire;
    Client client(wire, clock, std::nullopt);
    wire.answers = {answer(200, {{"values",
                                  {prefill_value("person.phone", "13800000000"),
                                   prefill_value("contact.name", "样品")}}})};
    const auto values = client.prefill(prefill_question()).value();
    REQUIRE(values.size() == 2);
    CHECK(values[0].term == "person.phone");
    CHECK(values[0].text == base::SecretText("13800000000"));
    CHECK(values[0].source == "social-insurance");
    CHECK(values[0].as_of == base::Date(2025y / 3 / 1));
    REQUIRE(wire.requests.size() == 1);
    CHECK(wire.requests[0].path == "/kiosk/v1/prefill");
    CHECK(json::parse(wire.requests[0].body) ==
          json{{"matter", "elderly-allowance"},
               {"formVersion", 3},
               {"person", {{"name", "样品长者"}, {"idNumber", "659999194003150046"}}},
               {"consent",
                {{"id", "prefill.fetch"},
                 {"textSetDigest", "sha256:00"},
                 {"textSetVersion", 2},
                 {"at", base::to_rfc3339(now)}}},
               {"terms", {"person.phone", "contact.name"}}});
}

TEST_CASE("of a pre-fill answer only whole values of terms that were asked for are read",
          "[unit][platform][prefill]") {
    const base::SystemClock clock;
    ScriptedTransport wire;
    Client client(wire, clock, std::nullopt);
    const auto good = prefill_value("person.phone", "13800000000");
    const auto with = [&](const char* member, const json& value) {
        auto changed = good;
        changed[member] = value;
        return changed;
    };
    auto without_date = good;
    without_date.erase("asOf");
    for (const auto& odd :
         {with("term", "bank.card"), with("term", 7), with("value", 7), with("value", ""),
          with("value", std::string(401, '1')), with("value", {{"region", "1"}, {"text", "1"}}),
          with("source", "two words"), with("source", ""), with("source", std::string(61, 'a')),
          with("asOf", "yesterday"), with("trust", "E"), with("trust", ""), without_date, json(7),
          json(nullptr), json::array()}) {
        INFO(odd.dump());
        wire.answers = {answer(200, {{"values", json::array({odd, good})}})};
        const auto values = client.prefill(prefill_question()).value();
        REQUIRE(values.size() == 1);
        CHECK(values[0].text == base::SecretText("13800000000"));
    }
    wire.answers = {answer(
        200, {{"values", json::array({good, prefill_value("person.phone", "13700000000")})}})};
    CHECK(client.prefill(prefill_question()).value().size() == 1);
}

TEST_CASE("a pre-fill answer that nobody can read is an error that names its kind",
          "[unit][platform][prefill]") {
    const base::SystemClock clock;
    ScriptedTransport wire;
    Client client(wire, clock, std::nullopt);
    const auto code = [&](base::Result<HttpResponse> given) {
        wire.answers = {std::move(given)};
        const auto values = client.prefill(prefill_question());
        REQUIRE_FALSE(values.has_value());
        return values.error().code;
    };
    CHECK(code(answer(200, json::object())) == Errc::bad_frame);
    CHECK(code(answer(200, {{"values", 7}})) == Errc::bad_frame);
    CHECK(code(answer(200, {{"values", json(std::vector<int>(51, 1))}})) == Errc::bad_frame);
    CHECK(code(HttpResponse{200, {}, base::to_bytes("<html>")}) == Errc::bad_frame);
    CHECK(code(base::Error{Errc::too_large, "64 KiB"}) == Errc::too_large);
    CHECK(code(base::Error{Errc::timed_out, "2.5 s"}) == Errc::timed_out);
    for (const int status : {401, 403, 404, 422, 429, 500, 503}) {
        INFO(status);
        wire.answers = {problem(status, "terms-undeclared")};
        CHECK_FALSE(client.prefill(prefill_question()).has_value());
    }
}

TEST_CASE("versions are compared part by part, and what is none is older than nothing",
          "[unit][platform]") {
    CHECK(is_older("0.9.1", "0.10.0"));
    CHECK(is_older("0.10.0", "1.0.0"));
    CHECK(is_older("1.2.3", "1.2.4"));
    CHECK_FALSE(is_older("1.2.3", "1.2.3"));
    CHECK_FALSE(is_older("1.2.4", "1.2.3"));
    for (const auto* text :
         {"", "1", "1.2", "1.2.3.4", "1.2.x", "-1.2.3", "1..3", "9999999999.0.0"})
        CHECK_FALSE(is_older("0.1.0", text));
}

TEST_CASE("what the platform wants next of the audit chain is a number it may want",
          "[unit][platform][audit]") {
    const base::SystemClock clock;
    ScriptedTransport wire;
    Client client(wire, clock, std::nullopt);
    AuditSegment segment;
    segment.number = 4;
    segment.rows = {"{}"};
    const auto asked = [&](const json& body, int status = 200) {
        wire.answers = {answer(status, body)};
        return client.audit_segment(segment);
    };
    CHECK(asked({{"segment", 4}, {"next", 5}}, 201).value() == 5);
    CHECK(asked({{"segment", 4}, {"next", 1}}).value() == 1);
    for (const json& next : {json(0), json(-1), json("5"), json()})
        CHECK(asked({{"segment", 4}, {"next", next}}).error().code == Errc::bad_frame);
    CHECK(asked({{"segment", 4}}).error().code == Errc::bad_frame);
    CHECK(asked({{"type", "/problems/segment-differs"}}, 409).error().code == Errc::conflict);
    CHECK(asked({{"type", "/problems/other"}}, 409).error().code == Errc::refused);
}
