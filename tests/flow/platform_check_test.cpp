// Goal: `kiosk platform check` finds each defect a platform may have, under its own name, and
// leaves nothing behind.
// Method: the reference platform in process; a wire in between that plants one defect at a time,
// by answering instead of it or by changing what it said.
#include "kiosk/platform/check.hpp"

#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/platform/reference/reference_platform.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <set>

using namespace platform;
using nlohmann::json;
using support::demo_keys;

namespace {

using Names = std::set<std::string>;

class DefectiveWire final : public HttpTransport {
public:
    explicit DefectiveWire(ReferencePlatform& platform) : inner(platform) {}
    base::Result<HttpResponse> send(const HttpRequest& request, base::Milliseconds limit) override {
        if (instead)
            if (auto answer = instead(request)) return *answer;
        auto named = request; // as over HTTPS: it says who it is (tests/contract)
        named.headers.push_back({"User-Agent", "kiosk/test check"});
        auto answer = inner.send(named, limit);
        if (answer && change) change(request, *answer);
        return answer;
    }
    InProcessTransport inner;
    std::function<std::optional<HttpResponse>(const HttpRequest&)> instead;
    std::function<void(const HttpRequest&, HttpResponse&)> change;
};

struct Office {
    base::ManualClock clock{base::SystemClock().wall()}; // certificates are made for today
    base::SeededRandom random{23};
    std::unique_ptr<ReferencePlatform> platform;
    std::unique_ptr<DefectiveWire> wire;

    explicit Office(PlantedDefects defects = {}) {
        platform =
            ReferencePlatform::open({":memory:", demo_keys(), defects}, clock, random).value();
        wire = std::make_unique<DefectiveWire>(*platform);
    }
    std::vector<CheckLine> check() {
        const CheckSubject subject{support::demo_device(),
                                   {Certificate::load(demo_keys().sealing_certificate).value()}};
        return check_platform(*wire, subject, clock, random);
    }
    Names not_ok() {
        Names names;
        for (const auto& line : check()) {
            if (line.outcome == CheckOutcome::not_ok) {
                CHECK_FALSE(line.found.empty());
                CHECK_FALSE(line.to_do.empty());
                names.insert(std::string(line.name));
            }
        }
        return names;
    }
    bool left_something() const {
        for (const auto& one : platform->submissions())
            if (one.state != "withdrawn") return true;
        return false;
    }
};

json read(const HttpResponse& answer) {
    return json::parse(answer.body, nullptr, false);
}

void set_body(HttpResponse& answer, const json& body) {
    answer.body = base::to_bytes(body.dump());
}

bool is_posted(const HttpRequest& request, std::string_view path) {
    return request.method == "POST" && request.path == path;
}

// Changes the JSON of answers to `path` with this status.
std::function<void(const HttpRequest&, HttpResponse&)>
edit(std::string path, std::set<int> statuses, std::function<void(json&)> with) {
    return [=](const HttpRequest& request, HttpResponse& answer) {
        if (request.path != path || !statuses.contains(answer.status)) return;
        auto body = read(answer);
        with(body);
        set_body(answer, body);
    };
}

// A refusal of this type becomes a success, as if the platform had not looked.
std::function<void(const HttpRequest&, HttpResponse&)> overlook(std::string type, int status) {
    return [=](const HttpRequest&, HttpResponse& answer) {
        if (answer.status >= 400 && read(answer).value("type", "") == "/problems/" + type)
            answer = {status, {{"Content-Type", "application/json"}}, base::to_bytes("{}")};
    };
}

constexpr const char* submissions = "/kiosk/v1/submissions";
constexpr const char* uploads = "/kiosk/v1/uploads";
constexpr const char* heartbeats = "/kiosk/v1/device/heartbeat";

} // namespace

TEST_CASE("a platform that keeps the contract is fit, and nothing is left in it",
          "[flow][platform][check]") {
    Office office;
    const auto lines = office.check();
    for (const auto& line : lines) {
        INFO(line.name << ": " << line.found);
        CHECK(line.outcome == CheckOutcome::ok);
    }
    CHECK(lines.size() == 26);
    CHECK(is_fit(lines));
    REQUIRE(office.platform->submission_count() == 1);
    const auto received = office.platform->submissions()[0];
    CHECK(received.matter == check_matter);
    CHECK(received.state == "withdrawn");
    CHECK(received.clear_json.find("TEST ONLY") != std::string::npos);
    // Once more, as an integrator does after every change.
    CHECK(is_fit(office.check()));
    CHECK_FALSE(office.left_something());
}

TEST_CASE("each defect is found by its own line", "[flow][platform][check]") {
    struct Row {
        const char* defect;
        Names found;
        std::function<void(const HttpRequest&, HttpResponse&)> change;
    };
    const std::vector<Row> rows{
        {"an hour ahead",
         {"server-time"},
         edit("/kiosk/v1/device", {200},
              [](json& body) { body["serverTime"] = "2035-01-01T00:00:00+08:00"; })},
        {"papers for a request that nobody made",
         {"supplement-unknown"},
         [](const HttpRequest& request, HttpResponse& answer) {
             if (request.path.ends_with("/supplements"))
                 answer = {200, {{"Content-Type", "application/json"}}, base::to_bytes("{}")};
         }},
        {"an offer of nothing",
         {"content"},
         [](const HttpRequest& request, HttpResponse& answer) {
             if (request.path.starts_with("/kiosk/v1/content/manifest"))
                 answer = {200, {{"Content-Type", "application/json"}}, base::to_bytes("{}")};
         }},
        {"no key demanded", {"key-missing"}, overlook("key-missing", 201)},
        {"no digest compared", {"digest-mismatch"}, overlook("digest-mismatch", 201)},
        {"one missing page told of two",
         {"attachment-missing"},
         edit(submissions, {409},
              [](json& body) {
                  if (body["type"] == "/problems/attachment-missing") body["faults"].erase(0);
              })},
        {"a second upload for the same page",
         {"upload-start"},
         [](const HttpRequest& request, HttpResponse& answer) {
             if (is_posted(request, uploads) && answer.status == 200)
                 answer.headers[0].value = "/kiosk/v1/uploads/another";
         }},
        {"an announcement with more than is known",
         {"upload-unknown-field"},
         [](const HttpRequest& request, HttpResponse& answer) {
             if (is_posted(request, uploads) && answer.status == 400) answer.status = 201;
         }},
        {"no checksum compared", {"upload-checksum"}, overlook("checksum-mismatch", 204)},
        {"no offset compared", {"upload-offset"}, overlook("offset-mismatch", 204)},
        {"half an upload forgotten",
         {"upload-resume"},
         [](const HttpRequest& request, HttpResponse& answer) {
             if (request.method != "HEAD") return;
             for (auto& header : answer.headers)
                 if (header.name == "Upload-Offset") header.value = "0";
         }},
        {"an answer without case code",
         {"answer"},
         edit(submissions, {200, 201}, [](json& body) { body.erase("caseCode"); })},
        {"an answer for another key",
         {"answer"},
         edit(submissions, {200, 201}, [](json& body) { body["id"] = "another"; })},
        {"an answer for other bytes",
         {"answer"},
         edit(submissions, {200, 201}, [](json& body) { body["digest"] = "another"; })},
        {"an answer with another number",
         {"answer"},
         edit(submissions, {200, 201}, [](json& body) { body["receiptNo"] = "another"; })},
        {"an answer without its time",
         {"answer"},
         edit(submissions, {200, 201}, [](json& body) { body["acceptedAt"] = "today"; })},
        {"a replay that is not called one",
         {"replay"},
         [](const HttpRequest&, HttpResponse& answer) {
             std::erase_if(answer.headers,
                           [](const auto& header) { return header.name == "Idempotent-Replay"; });
         }},
        {"another answer the second time",
         {"replay"},
         edit(submissions, {200}, [](json& body) { body["caseCode"] = "2"; })},
        {"other bytes under a used key", {"key-reuse"}, overlook("key-reuse", 201)},
        {"a request with more than is known", {"unknown-field"}, overlook("answers-invalid", 201)},
        {"a number twice", {"receipt-conflict"}, overlook("receipt-conflict", 201)},
        {"a state without history",
         {"status"},
         edit("/kiosk/v1/status-queries", {200}, [](json& body) { body.erase("history"); })},
        {"a stranger is told", {"status-proof"}, overlook("proof-wrong", 200)},
        {"what is not there is told",
         {"content", "status-unknown", "supplement-unknown"},
         overlook("not-found", 200)},
        {"a heartbeat with more than is known",
         {"heartbeat"},
         [](const HttpRequest& request, HttpResponse& answer) {
             if (request.path == heartbeats) answer.status = 200;
         }},
        {"a command that can open a door",
         {"heartbeat"},
         edit(heartbeats, {200}, [](json& body) { body["commands"] = {"open-door"}; })},
        {"refusals as plain text",
         {"problems"},
         [](const HttpRequest&, HttpResponse& answer) {
             if (answer.status >= 400) answer.headers[0].value = "text/plain";
         }},
        {"a refusal that names another status",
         {"problems"},
         edit(submissions, {422}, [](json& body) { body["status"] = 500; })},
        {"a wait that nobody can obey",
         {"retry-after"},
         [](const HttpRequest& request, HttpResponse& answer) {
             if (request.path == heartbeats) answer.headers.push_back({"Retry-After", "soon"});
         }},
        {"a wait of a day",
         {"retry-after"},
         [](const HttpRequest& request, HttpResponse& answer) {
             if (request.path == heartbeats) answer.headers.push_back({"Retry-After", "86400"});
         }},
    };
    for (const auto& row : rows) {
        INFO(row.defect);
        Office office;
        office.wire->change = row.change;
        CHECK(office.not_ok() == row.found);
        CHECK_FALSE(office.left_something());
    }
}

TEST_CASE("a wait as a date is obeyed as well as one in seconds", "[flow][platform][check]") {
    Office office;
    // Two minutes from now, in the form of RFC 9110.
    const auto then =
        std::chrono::floor<std::chrono::seconds>(office.clock.wall()) + std::chrono::minutes(2);
    const auto seconds = std::time_t(then.time_since_epoch().count());
    char text[64]{};
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&seconds));
    office.wire->change = [&](const HttpRequest&, HttpResponse& answer) {
        answer.headers.push_back({"Retry-After", text});
    };
    CHECK(office.not_ok() == Names{});
}

TEST_CASE("a platform that forgets keys is found by all lines that stand on them",
          "[flow][platform][check]") {
    Office office(PlantedDefects{.forgets_keys = true});
    CHECK(office.not_ok() == Names{"replay", "key-reuse", "receipt-conflict"});
}

TEST_CASE("what was taken in without an answer is taken back too", "[flow][platform][check]") {
    Office office;
    office.wire->change = [](const HttpRequest& request, HttpResponse& answer) {
        if (is_posted(request, submissions) && answer.status == 201)
            answer = {502, {}, {}}; // a gateway lost the answer
    };
    CHECK(office.not_ok() == Names{"submit", "problems"});
    CHECK(office.platform->submission_count() == 1);
    CHECK_FALSE(office.left_something());
}

TEST_CASE("a request that cannot be taken back is named", "[flow][platform][check]") {
    Office office;
    office.wire->instead = [](const HttpRequest& request) {
        return request.path.ends_with("/withdrawal")
                   ? std::optional(HttpResponse{200,
                                                {{"Content-Type", "application/json"}},
                                                base::to_bytes(R"({"state":"withdrawn"})")})
                   : std::nullopt;
    };
    const auto lines = office.check();
    CHECK_FALSE(is_fit(lines));
    CHECK(office.left_something());
    for (const auto& line : lines)
        if (line.name == "withdrawal")
            CHECK(line.found.find("take back request XX") != std::string::npos);
}

TEST_CASE("a platform that does not know the device is asked nothing more",
          "[flow][platform][check]") {
    Office office;
    office.wire->inner.set_device(Certificate::load(demo_keys().server_certificate).value());
    const auto lines = office.check();
    CHECK(lines[0].outcome == CheckOutcome::not_ok);
    CHECK(lines[0].found == "401 device-unknown instead of 200");
    for (std::size_t i = 1; i < lines.size(); ++i)
        CHECK(lines[i].outcome == CheckOutcome::left_out);
    CHECK(office.wire->inner.exchanges() == 1);
    CHECK_FALSE(is_fit(lines));

    Office silent;
    silent.wire->inner.set_connected(false);
    CHECK(silent.check()[0].found == "no answer (unreachable) instead of 200");
}

TEST_CASE("every fault of the reference platform makes it unfit", "[flow][platform][check]") {
    for (const auto fault : all_platform_faults()) {
        INFO(to_string(fault));
        Office office;
        office.platform->fail_next(fault, 100);
        CHECK_FALSE(office.not_ok().empty());
    }
}
