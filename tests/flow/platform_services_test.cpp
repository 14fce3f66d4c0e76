// Goal: what the reference platform answers beside submissions: pre-fill, papers brought later,
// certificates, commands; each with what it must refuse.
// Method: requests made by hand against handle(), the certificates over real TLS on loopback.
// Persons are synthetic (spec matters §9).
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/platform/client.hpp"
#include "kiosk/platform/curl_transport.hpp"
#include "kiosk/platform/native.hpp"
#include "kiosk/platform/reference/server.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <openssl/pem.h>

#include <cstdlib>
#include <functional>
#include <sys/stat.h>

using namespace platform;
using namespace std::chrono_literals;
using nlohmann::json;
using support::demo_keys;

namespace {

constexpr const char* person_number = "659999194003150046"; // of support::sample_json
constexpr const char* zero_digest =
    "sha256:0000000000000000000000000000000000000000000000000000000000000000";

struct Place {
    base::ManualClock clock{base::SystemClock().wall()}; // certificates are made for today
    base::SeededRandom random{17};
    std::unique_ptr<ReferencePlatform> platform =
        ReferencePlatform::open({":memory:", demo_keys(), {}}, clock, random).value();

    HttpResponse post(const std::string& path, const json& body) {
        return platform
            ->handle({"POST",
                      "/kiosk/v1" + path,
                      {{"Content-Type", "application/json"}},
                      base::to_bytes(body.dump())})
            .value();
    }
};

json body_of(const HttpResponse& answer) {
    return json::parse(answer.body, nullptr, false);
}

std::string problem_in(const HttpResponse& answer) {
    return body_of(answer).value("type", "").substr(std::string_view("/problems/").size());
}

json prefill_question(std::vector<std::string> terms) {
    return {{"matter", "elderly-allowance"},
            {"formVersion", 1},
            {"person", {{"name", "测试人"}, {"idNumber", person_number}}},
            {"consent",
             {{"id", "prefill"},
              {"textSetDigest", zero_digest},
              {"textSetVersion", 1},
              {"at", "2026-11-22T10:30:55+08:00"}}},
            {"terms", terms}};
}

void fill_register(ReferencePlatform& platform) {
    platform.declare_form("elderly-allowance", 1, {"person.phone", "person.address.current"});
    platform.set_resident_record(
        person_number,
        {"测试人",
         {{"person.phone", R"("13800000000")", "social-insurance", "2026-03-01", "B"},
          {"person.address.current", R"({"region":"650104015","text":"1"})", "civil-affairs",
           "2025-01-01", "A"},
          {"bank.card", R"("0000")", "social-insurance", "2026-03-01", "A"}}});
}

// A submission that the platform has accepted and then asked papers for.
struct Waiting {
    support::Sample sample;
    std::string id;
};
Waiting waiting_for_papers(Place& place) {
    Waiting waiting{support::sample_submission(place.random, place.clock, 0), ""};
    const auto& submission = waiting.sample.submission;
    REQUIRE(place.platform
                ->handle({"POST",
                          "/kiosk/v1/submissions",
                          {{"Content-Type", "application/cms"},
                           {"Idempotency-Key", "\"" + submission.key + "\""},
                           {"Content-Digest", content_digest(base::sha256(submission.body))}},
                          submission.body})
                ->status == 201);
    REQUIRE(place.platform->move_request(submission.receipt_no, "needs-papers", "paper-missing"));
    const auto status = body_of(place.post(
        "/status-queries", {{"receiptNo", outbox::group_receipt_number(submission.receipt_no)},
                            {"proof", {{"idNumber", person_number}}}}));
    waiting.id = status.value("supplement", "");
    REQUIRE_FALSE(waiting.id.empty());
    return waiting;
}

// One page, sealed, uploaded under the supplement's key, and the request that brings it.
struct Brought {
    std::string key;
    json clear;
    base::Bytes page;
    base::Bytes sealed_page;

    HttpRequest request(const Place& place, const std::string& id) const {
        const std::vector to{Certificate::load(demo_keys().sealing_certificate).value()};
        const auto body = sign(seal(base::as_bytes(clear.dump()), to, place.clock).value(),
                               support::demo_device())
                              .value();
        return {"POST",
                "/kiosk/v1/submissions/" + id + "/supplements",
                {{"Content-Type", "application/cms"},
                 {"Idempotency-Key", "\"" + key + "\""},
                 {"Content-Digest", content_digest(base::sha256(body))},
                 {"Attachments", content_digest(base::sha256(sealed_page))}},
                body};
    }
};

Brought bring_paper(Place& place, const std::string& id) {
    const std::vector to{Certificate::load(demo_keys().sealing_certificate).value()};
    Brought brought;
    brought.key = place.random.uuid();
    brought.page = base::to_bytes("a page, not really");
    brought.sealed_page = seal(brought.page, to, place.clock).value();
    brought.clear = {
        {"schema", "kiosk-supplement/1"},
        {"id", brought.key},
        {"submissionId", id},
        {"confirmedAt", "2026-11-25T10:31:07+08:00"},
        {"clock", {{"synced", true}, {"monotonicSinceBootMs", 8112345}}},
        {"applicant",
         {{"idNumber", person_number},
          {"identity", {{"level", "L1"}, {"method", "possession-only"}}}}},
        {"attachments", json::array({{{"sealedSha256", base::sha256_hex(brought.sealed_page)},
                                      {"field", "doc.household"},
                                      {"page", 1},
                                      {"sha256", base::sha256_hex(brought.page)},
                                      {"mediaType", "image/jpeg"},
                                      {"size", brought.page.size()},
                                      {"trust", "C"}}})}};
    return brought;
}

void upload(Place& place, const Brought& brought) {
    const auto created = place.post("/uploads", {{"sha256", base::sha256_hex(brought.sealed_page)},
                                                 {"size", brought.sealed_page.size()},
                                                 {"mediaType", "application/cms"},
                                                 {"submissionId", brought.key},
                                                 {"page", 1}});
    REQUIRE(created.status == 201);
    REQUIRE(place.platform
                ->handle({"PATCH",
                          find_header(created.headers, "Location").value(),
                          {{"Content-Type", "application/offset+octet-stream"},
                           {"Upload-Offset", "0"},
                           {"Upload-Checksum",
                            "sha-256 " + base::to_base64(base::sha256(brought.sealed_page))}},
                          brought.sealed_page})
                ->status == 204);
}

struct RequestRelease {
    void operator()(X509_REQ* at) const { X509_REQ_free(at); }
};

// A new key's request for a certificate, PEM.
std::string make_csr(EVP_PKEY* key, const char* name, EVP_PKEY* signed_by) {
    const std::unique_ptr<X509_REQ, RequestRelease> request(X509_REQ_new());
    const auto* text = reinterpret_cast<const unsigned char*>(name);
    REQUIRE(X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request.get()), "CN",
                                       MBSTRING_UTF8, text, -1, -1, 0) == 1);
    REQUIRE(X509_REQ_set_pubkey(request.get(), key) == 1);
    REQUIRE(X509_REQ_sign(request.get(), signed_by, EVP_sha256()) > 0);
    const BioOwner bio(BIO_new(BIO_s_mem()));
    REQUIRE(PEM_write_bio_X509_REQ(bio.get(), request.get()) == 1);
    char* at = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &at);
    return {at, std::size_t(size)};
}

KeyOwner new_key(const char* curve = "P-256") {
    return KeyOwner(EVP_EC_gen(curve));
}

void write_key(const std::string& path, EVP_PKEY* key) {
    const BioOwner bio(BIO_new(BIO_s_mem()));
    REQUIRE(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    char* at = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &at);
    REQUIRE(base::write_file_durably(path, base::as_bytes({at, std::size_t(size)})));
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
}

} // namespace

TEST_CASE("pre-fill answers what was asked, declared and known, of this person alone",
          "[flow][platform][prefill]") {
    Place place;
    fill_register(*place.platform);
    const auto answer = place.post("/prefill", prefill_question({"person.phone"}));
    REQUIRE(answer.status == 200);
    CHECK(body_of(answer) == json{{"values", json::array({{{"term", "person.phone"},
                                                           {"value", "13800000000"},
                                                           {"source", "social-insurance"},
                                                           {"asOf", "2026-03-01"},
                                                           {"trust", "B"}}})}});
    // Nobody learns whether a number is known: another name, and an unknown number, have nothing.
    auto other = prefill_question({"person.phone"});
    other["person"]["name"] = "别人";
    CHECK(body_of(place.post("/prefill", other)) == json{{"values", json::array()}});
    other = prefill_question({"person.phone"});
    other["person"]["idNumber"] = "659999194003150054";
    CHECK(body_of(place.post("/prefill", other)) == json{{"values", json::array()}});
    CHECK(place.platform->prefills() == 3);
}

TEST_CASE("pre-fill refuses terms and forms that were not declared", "[flow][platform][prefill]") {
    Place place;
    fill_register(*place.platform);
    const auto answer = place.post("/prefill", prefill_question({"person.phone", "bank.card"}));
    CHECK(answer.status == 422);
    CHECK(problem_in(answer) == "terms-undeclared");
    CHECK(body_of(answer)["faults"] ==
          json::array({{{"pointer", "/terms/1"}, {"code", "undeclared"}}}));
    auto other = prefill_question({"person.phone"});
    other["formVersion"] = 2;
    CHECK(problem_in(place.post("/prefill", other)) == "form-version-gone");
    for (const auto* member : {"matter", "formVersion", "person", "consent", "terms"}) {
        INFO(member);
        other = prefill_question({"person.phone"});
        other.erase(member);
        CHECK(problem_in(place.post("/prefill", other)) == "malformed");
    }
    other = prefill_question({"person.phone"});
    other["language"] = "ug";
    CHECK(problem_in(place.post("/prefill", other)) == "malformed");
    other = prefill_question({"person.phone"});
    other["person"]["ethnicity"] = "x";
    CHECK(problem_in(place.post("/prefill", other)) == "malformed");
    CHECK(problem_in(place.post("/prefill", prefill_question({}))) == "malformed");
    CHECK(place.platform->prefills() == 0);
}

TEST_CASE("the 121st pre-fill within an hour waits for the hour's end",
          "[flow][platform][prefill]") {
    Place place;
    fill_register(*place.platform);
    const auto question = prefill_question({"person.phone"});
    for (int i = 0; i < 120; ++i) {
        REQUIRE(place.post("/prefill", question).status == 200);
        place.clock.advance(10s);
    }
    const auto refused = place.post("/prefill", question);
    CHECK(refused.status == 429);
    CHECK(problem_in(refused) == "rate-limited");
    CHECK(find_header(refused.headers, "Retry-After") == "2400"); // 3600 s since the first
    place.clock.advance(2399s);
    CHECK(place.post("/prefill", question).status == 429);
    place.clock.advance(1s);
    CHECK(place.post("/prefill", question).status == 200);
}

TEST_CASE("a paper brought later reaches its request once", "[flow][platform][supplement]") {
    Place place;
    const auto waiting = waiting_for_papers(place);
    const auto brought = bring_paper(place, waiting.id);
    const auto request = brought.request(place, waiting.id);
    const auto too_early = place.platform->handle(request).value();
    CHECK(problem_in(too_early) == "attachment-missing");
    CHECK(body_of(too_early)["faults"][0]["pointer"] == "/attachments/0");
    upload(place, brought);
    const auto first = place.platform->handle(request).value();
    REQUIRE(first.status == 201);
    const auto answer = body_of(first);
    CHECK(answer["id"] == brought.key);
    CHECK(answer["state"] == "in-review");
    CHECK(answer["digest"] == content_digest(base::sha256(request.body)));
    CHECK(answer["receiptNo"] ==
          outbox::group_receipt_number(waiting.sample.submission.receipt_no));
    CHECK(place.platform->submissions()[0].state == "in-review");
    // Once more, though the request does not wait any longer: the same answer.
    const auto again = place.platform->handle(request).value();
    CHECK(again.status == 200);
    CHECK(find_header(again.headers, "Idempotent-Replay") == "true");
    CHECK(again.body == first.body);
    const auto received = place.platform->supplements();
    REQUIRE(received.size() == 1);
    CHECK(received[0].receipt_no == waiting.sample.submission.receipt_no);
    CHECK(received[0].attachments.at(0).clear == brought.page);
    CHECK(json::parse(received[0].clear_json) == brought.clear);
    // Other bytes with the same key; the same key at another address.
    CHECK(problem_in(place.platform->handle(brought.request(place, waiting.id)).value()) ==
          "key-reuse");
    auto elsewhere = request;
    elsewhere.path = "/kiosk/v1/submissions";
    CHECK(problem_in(place.platform->handle(elsewhere).value()) == "key-reuse");
    // Another paper now: nobody asks for it any more.
    const auto late = bring_paper(place, waiting.id);
    upload(place, late);
    const auto refused = place.platform->handle(late.request(place, waiting.id)).value();
    CHECK(refused.status == 409);
    CHECK(problem_in(refused) == "too-late");
    CHECK(place.platform->supplements().size() == 1);
}

TEST_CASE("a paper is refused when it is another's, of another request, or not of the contract",
          "[flow][platform][supplement]") {
    Place place;
    const auto waiting = waiting_for_papers(place);
    const auto refusal = [&](const std::function<void(json&)>& change) {
        auto brought = bring_paper(place, waiting.id);
        change(brought.clear);
        upload(place, brought);
        return problem_in(place.platform->handle(brought.request(place, waiting.id)).value());
    };
    CHECK(refusal([](json& clear) { clear["applicant"]["idNumber"] = "659999194003150054"; }) ==
          "proof-wrong");
    CHECK(refusal([](json& clear) { clear.erase("applicant"); }) == "proof-wrong");
    CHECK(refusal([&](json& clear) { clear["submissionId"] = place.random.uuid(); }) ==
          "answers-invalid");
    CHECK(refusal([&](json& clear) { clear["id"] = place.random.uuid(); }) == "answers-invalid");
    CHECK(refusal([](json& clear) { clear["language"] = "ug"; }) == "answers-invalid");
    CHECK(refusal([](json& clear) { clear["attachments"][0]["note"] = "x"; }) == "answers-invalid");
    CHECK(refusal([](json& clear) { clear["schema"] = "kiosk-submission/1"; }) ==
          "answers-invalid");
    auto brought = bring_paper(place, waiting.id);
    upload(place, brought);
    CHECK(problem_in(place.platform->handle(brought.request(place, "none")).value()) ==
          "not-found");
    CHECK(place.platform->supplements().empty());
    CHECK(place.platform->submissions()[0].state == "needs-papers");
}

TEST_CASE("all missing pages are listed at once", "[flow][platform]") {
    Place place;
    const auto sample = support::sample_submission(place.random, place.clock, 3);
    const auto& submission = sample.submission;
    std::string digests;
    for (const auto& page : submission.attachments)
        digests += (digests.empty() ? "" : ", ") + content_digest(page.sha256);
    const auto answer =
        place.platform
            ->handle({"POST",
                      "/kiosk/v1/submissions",
                      {{"Idempotency-Key", "\"" + submission.key + "\""},
                       {"Content-Digest", content_digest(base::sha256(submission.body))},
                       {"Attachments", digests}},
                      submission.body})
            .value();
    CHECK(problem_in(answer) == "attachment-missing");
    CHECK(body_of(answer)["faults"].size() == 3);
}

TEST_CASE("what went over the wire is opened by openssl with the platform's key, not the device's",
          "[flow][platform]") {
    if (std::system("command -v openssl >/dev/null 2>&1") != 0) {
        WARN("skipped: no openssl command");
        return;
    }
    Place place;
    auto server = ReferenceServer::start(*place.platform, demo_keys()).value();
    auto transport =
        CurlTransport::open({server->url(), demo_keys().ca, demo_keys().device_certificate,
                             demo_keys().device_key, "kiosk/test content/1"})
            .value();
    const auto sample = support::sample_submission(place.random, place.clock, 0);
    const auto& submission = sample.submission;
    REQUIRE(transport
                ->send({"POST",
                        "/kiosk/v1/submissions",
                        {{"Content-Type", "application/cms"},
                         {"Idempotency-Key", "\"" + submission.key + "\""},
                         {"Content-Digest", content_digest(base::sha256(submission.body))}},
                        submission.body},
                       5s)
                ->status == 201);
    const support::TemporaryFolder folder;
    const auto received = place.platform->submissions();
    REQUIRE(base::write_file_durably(folder.file("wire.cms"), received.at(0).cms));
    const auto openssl = [&](const std::string& words) {
        return std::system(("openssl cms " + words + " 2>/dev/null").c_str());
    };
    REQUIRE(openssl("-verify -binary -inform DER -in " + folder.file("wire.cms") + " -CAfile " +
                    demo_keys().ca + " -purpose any -out " + folder.file("sealed.cms")) == 0);
    const auto decrypt = [&](const std::string& certificate, const std::string& key) {
        return openssl("-decrypt -inform DER -in " + folder.file("sealed.cms") + " -recip " +
                       certificate + " -inkey " + key + " -out " + folder.file("clear.json"));
    };
    CHECK(decrypt(demo_keys().device_certificate, demo_keys().device_key) != 0);
    REQUIRE(decrypt(demo_keys().sealing_certificate, demo_keys().sealing_key) == 0);
    CHECK(base::as_text(base::read_file(folder.file("clear.json")).value()) == sample.clear_json);
}

TEST_CASE("a renewed certificate is the same device's, and both are good until they end",
          "[flow][platform][certificate]") {
    Place place;
    auto server = ReferenceServer::start(*place.platform, demo_keys()).value();
    const auto key = new_key();
    const json body{{"csr", make_csr(key.get(), "somebody else", key.get())}};
    const auto answer = place.post("/device/csr", body);
    REQUIRE(answer.status == 200);
    CHECK(place.post("/device/csr", body).body == answer.body);
    const auto pem = body_of(answer)["certificate"].get<std::string>();

    const support::TemporaryFolder folder;
    REQUIRE(base::write_file_durably(folder.file("device.pem"), base::as_bytes(pem)));
    write_key(folder.file("device.key"), key.get());
    const auto renewed =
        KeyPair::load(folder.file("device.pem"), folder.file("device.key")).value();
    char name[64]{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(renewed.certificate().native().x509.get()),
                              NID_commonName, name, sizeof name);
    CHECK(std::string(name) == "Demonstration kiosk");
    CurlSettings settings{server->url(), demo_keys().ca, folder.file("device.pem"),
                          folder.file("device.key"), "kiosk/test content/1"};
    auto transport = CurlTransport::open(settings).value();
    CHECK(transport->send({"GET", "/kiosk/v1/device", {}, {}}, 5s)->status == 200);
    settings.client_certificate_file = demo_keys().device_certificate;
    settings.client_key_file = demo_keys().device_key;
    CHECK(CurlTransport::open(settings)
              .value()
              ->send({"GET", "/kiosk/v1/device", {}, {}}, 5s)
              ->status == 200);
    // A certificate of the same authority that is no device's is not let in.
    settings.client_certificate_file = demo_keys().sealing_certificate;
    settings.client_key_file = demo_keys().sealing_key;
    CHECK(CurlTransport::open(settings)
              .value()
              ->send({"GET", "/kiosk/v1/device", {}, {}}, 5s)
              ->status == 401);
}

TEST_CASE("a request for a certificate that proves no key is refused",
          "[flow][platform][certificate]") {
    Place place;
    const auto key = new_key();
    const auto other = new_key();
    const auto refusal = [&](const json& body) {
        return problem_in(place.post("/device/csr", body));
    };
    CHECK(refusal({{"csr", make_csr(key.get(), "kiosk", other.get())}}) == "csr-invalid");
    const auto longer_key = new_key("P-384");
    CHECK(refusal({{"csr", make_csr(longer_key.get(), "kiosk", longer_key.get())}}) ==
          "csr-invalid");
    CHECK(refusal({{"csr", "text"}}) == "csr-invalid");
    CHECK(refusal({{"csr", std::string(9000, 'x')}}) == "csr-invalid");
    CHECK(refusal(json::object()) == "malformed");
}

TEST_CASE("an enrolment code gives one device its first certificate, without one before",
          "[flow][platform][certificate]") {
    Place place;
    auto server = ReferenceServer::start(*place.platform, demo_keys()).value();
    REQUIRE(server->open_enrolment());
    place.platform->add_enrolment_code("4711-0815");
    auto transport =
        CurlTransport::open({server->enrolment_url(), demo_keys().ca, "", "", "kiosk/test"})
            .value();
    const auto key = new_key();
    const auto enrol = [&](const char* code, EVP_PKEY* of) {
        const json body{{"code", code}, {"csr", make_csr(of, "kiosk 12", of)}};
        return transport
            ->send({"POST",
                    "/kiosk/v1/enrolment",
                    {{"Content-Type", "application/json"}},
                    base::to_bytes(body.dump())},
                   5s)
            .value();
    };
    CHECK(problem_in(enrol("0000-0000", key.get())) == "code-wrong");
    const auto first = enrol("4711-0815", key.get());
    REQUIRE(first.status == 200);
    CHECK(enrol("4711-0815", key.get()).body == first.body); // the first answer was lost
    const auto other = new_key();
    CHECK(problem_in(enrol("4711-0815", other.get())) == "code-wrong");
    // Nothing else is answered there.
    CHECK(transport->send({"GET", "/kiosk/v1/device", {}, {}}, 5s)->status == 404);
    // Guessing ends after five, also for the right code.
    for (int i = 0; i < 4; ++i) CHECK(problem_in(enrol("1", key.get())) == "code-wrong");
    const auto paused = enrol("4711-0815", key.get());
    CHECK(problem_in(paused) == "rate-limited");
    CHECK(find_header(paused.headers, "Retry-After") == "900");
    place.clock.advance(15min);
    CHECK(enrol("4711-0815", key.get()).body == first.body);
}

TEST_CASE("a command is handed out with one heartbeat's answer", "[flow][platform][heartbeat]") {
    Place place;
    place.platform->queue_command("sync-content");
    place.platform->queue_command("send-log");
    const json beat{{"appVersion", "0.1.0"}, {"contentVersion", 3},       {"queuePending", 0},
                    {"queueQuarantined", 0}, {"oldestPendingSeconds", 0}, {"freeBytes", 1},
                    {"rosterVersion", 0},    {"devices", json::object()}};
    CHECK(body_of(place.post("/device/heartbeat", beat)) ==
          json{{"commands", {"sync-content", "send-log"}}});
    CHECK(body_of(place.post("/device/heartbeat", beat)) == json{{"commands", json::array()}});
    auto other = beat;
    other["language"] = "ug";
    CHECK(place.post("/device/heartbeat", other).status == 400);
}

// ---- the audit chain ----

namespace {

// Rows that follow from each other, as a kiosk's chain has them.
struct Chain {
    std::vector<std::string> lines;
    explicit Chain(std::size_t count, const char* event = "logged_in") {
        std::string before(64, '0');
        for (std::size_t i = 1; i <= count; ++i) {
            lines.push_back(json{{"row", i}, {"event", event}, {"before", before}}.dump());
            before = base::sha256_hex(base::as_bytes(lines.back()));
        }
    }
    AuditSegment segment(std::uint64_t number, std::size_t first, std::size_t count) const {
        AuditSegment segment;
        segment.chain = base::sha256(base::as_bytes(lines.front()));
        segment.number = number;
        segment.rows = {lines.begin() + long(first), lines.begin() + long(first + count)};
        segment.end =
            sign_audit_head(first + count, base::sha256(base::as_bytes(segment.rows.back())),
                            support::demo_device())
                .value();
        return segment;
    }
};

} // namespace

TEST_CASE("segments of an audit chain are taken in once, in order and linked",
          "[flow][platform][audit]") {
    Place place;
    InProcessTransport wire(*place.platform);
    Client client(wire, place.clock, std::nullopt);
    const Chain chain(9);
    CHECK(client.audit_segment(chain.segment(3, 6, 3)).value() == 1); // a gap: the first is wanted
    CHECK(place.platform->audit_rows().empty());
    CHECK(client.audit_segment(chain.segment(1, 0, 3)).value() == 2);
    CHECK(client.audit_segment(chain.segment(1, 0, 3)).value() == 2); // sent again: once
    CHECK(client.audit_segment(chain.segment(2, 3, 3)).value() == 3);
    CHECK(client.audit_segment(chain.segment(1, 0, 3)).value() == 3);
    CHECK(client.audit_segment(chain.segment(3, 6, 3)).value() == 4);
    CHECK(place.platform->audit_rows() == chain.lines);
    // A chain that began anew has numbers of its own.
    const Chain anew(3, "chain_restarted");
    CHECK(client.audit_segment(anew.segment(1, 0, 3)).value() == 2);
    CHECK(place.platform->audit_rows().size() == 12);
}

TEST_CASE("rows that were changed, left out or signed by somebody else are not taken in",
          "[flow][platform][audit]") {
    Place place;
    InProcessTransport wire(*place.platform);
    Client client(wire, place.clock, std::nullopt);
    const Chain chain(6);
    REQUIRE(client.audit_segment(chain.segment(1, 0, 3)));
    const auto refused = [&](const AuditSegment& segment) {
        const auto answer = client.audit_segment(segment);
        return !answer && answer.error().code == base::Errc::conflict;
    };
    auto changed = chain.segment(1, 0, 3);
    changed.rows[1] = Chain(3, "logged_out").lines[1];
    CHECK(refused(changed));
    auto shorter = chain.segment(2, 3, 3);
    shorter.rows.erase(shorter.rows.begin());
    CHECK(refused(shorter));
    auto unlinked = chain.segment(2, 3, 3);
    unlinked.rows[0] = Chain(6, "logged_out").lines[3];
    CHECK(refused(unlinked));
    auto unsigned_end = chain.segment(2, 3, 3);
    unsigned_end.end.signature[9] ^= 1;
    CHECK(refused(unsigned_end));
    auto other_end = chain.segment(2, 3, 3);
    other_end.end = chain.segment(2, 3, 2).end;
    CHECK(refused(other_end));
    auto other_chain = Chain(3, "x").segment(1, 0, 3);
    other_chain.chain[0] ^= 1;
    CHECK(refused(other_chain));
    CHECK(place.platform->audit_rows().size() == 3);
    CHECK(client.audit_segment(chain.segment(2, 3, 3)).value() == 3);
}

TEST_CASE("a platform says which program it serves at least", "[flow][platform]") {
    Place place;
    InProcessTransport wire(*place.platform);
    Client client(wire, place.clock, std::nullopt);
    CHECK(client.device()->least_client.empty());
    place.platform->set_least_client_version("2.10.0");
    CHECK(client.device()->least_client == "2.10.0");
}
