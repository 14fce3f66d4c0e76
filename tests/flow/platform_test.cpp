// Goal: the reference platform refuses what the contract refuses, in process and over real HTTPS,
// and the kiosk's transport trusts nobody it should not.
// Method: requests made by hand against handle(); then the real server, libcurl and certificates on
// loopback. Persons are synthetic (spec matters §9).
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/platform/client.hpp"
#include "kiosk/platform/curl_transport.hpp"
#include "kiosk/platform/reference/server.hpp"
#include "kiosk/platform/uploader.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <arpa/inet.h>
#include <filesystem>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace platform;
using namespace std::chrono_literals;
using base::Errc;
using nlohmann::json;
using support::demo_keys;

namespace {

struct World {
    base::SystemClock clock;
    base::SeededRandom random{11};
    std::unique_ptr<ReferencePlatform> platform =
        ReferencePlatform::open({":memory:", demo_keys(), {}}, clock, random).value();
};

HttpRequest submission_request(const std::string& key, const base::Bytes& body) {
    return {"POST",
            "/kiosk/v1/submissions",
            {{"Idempotency-Key", "\"" + key + "\""},
             {"Content-Type", "application/cms"},
             {"Content-Digest", content_digest(base::sha256(body))}},
            body};
}

std::string problem_of(const std::optional<HttpResponse>& answer) {
    REQUIRE(answer);
    const auto body = json::parse(answer->body, nullptr, false);
    return body.is_object() ? body.value("type", "") : "";
}

// Signs and seals any text as this kiosk would.
base::Bytes pack(const std::string& clear, const base::Clock& clock) {
    const std::vector recipients{Certificate::load(demo_keys().sealing_certificate).value()};
    const auto sealed = seal(base::as_bytes(clear), recipients, clock).value();
    return sign(sealed, support::demo_device()).value();
}

CurlSettings settings_for(const std::string& url, const KeyFiles& keys = demo_keys()) {
    return {url, keys.ca, keys.device_certificate, keys.device_key, "kiosk/test content/1"};
}

base::Result<HttpResponse> get_device(const CurlSettings& settings) {
    auto transport = CurlTransport::open(settings);
    REQUIRE(transport);
    return (*transport)->send({"GET", "/kiosk/v1/device", {}, {}}, 5s);
}

} // namespace

TEST_CASE("the platform refuses what is not exactly a submission", "[flow][platform]") {
    World world;
    const auto key = world.random.uuid();
    const auto number = outbox::mint_receipt_number("K7", world.random);
    const auto sound = json::parse(support::sample_json(key, number, {}, {}));
    const auto send = [&](const json& clear) {
        return world.platform->handle(submission_request(key, pack(clear.dump(), world.clock)));
    };
    const auto refused = [&](const char* what, const json& clear) {
        INFO(what);
        CHECK(problem_of(send(clear)) == "/problems/answers-invalid");
    };
    auto changed = sound;
    changed["language"] = "ug";
    refused("a language", changed);
    changed = sound;
    changed["applicant"]["ethnicity"] = "x";
    refused("a member the contract does not know", changed);
    changed = sound;
    changed["applicant"]["identity"]["score"] = 0.9;
    refused("a score", changed);
    changed = sound;
    changed["answers"][0]["note"] = "x";
    refused("a member in a list", changed);
    changed = sound;
    changed["id"] = world.random.uuid();
    refused("another key inside than outside", changed);
    changed = sound;
    changed["schema"] = "kiosk-submission/2";
    refused("another schema", changed);
    changed = sound;
    changed["receiptNo"] = "2222-2222-2223";
    refused("a receipt number with a wrong check character", changed);
    changed = sound;
    changed["answers"] = "none";
    refused("a wrong type", changed);
    for (const auto& item : sound.items()) {
        if (item.key() == "applicant") continue; // absent for L0 matters
        changed = sound;
        changed.erase(item.key());
        refused("a missing member", changed);
    }
    CHECK(world.platform->submission_count() == 0);
    CHECK(send(sound)->status == 201);
}

TEST_CASE("the platform refuses to join a neighbourhood report with an identity",
          "[flow][platform][refusal][G12]") {
    World world;
    const auto key = world.random.uuid();
    const auto number = outbox::mint_receipt_number("K7", world.random);
    auto report = json::parse(support::sample_json(key, number, {}, {}));
    report["matter"] = "problem-report";
    const auto send = [&] {
        return world.platform->handle(submission_request(key, pack(report.dump(), world.clock)));
    };
    CHECK(problem_of(send()) == "/problems/answers-invalid");
    report.erase("applicant");
    CHECK(send()->status == 201);
}

TEST_CASE("the platform refuses a damaged, foreign or unreadable submission", "[flow][platform]") {
    World world;
    const auto sample = support::sample_submission(world.random, world.clock, 0);
    const auto& key = sample.submission.key;
    const auto& body = sample.submission.body;
    auto request = submission_request(key, body);

    auto without_key = request;
    without_key.headers.erase(without_key.headers.begin());
    CHECK(problem_of(world.platform->handle(without_key)) == "/problems/key-missing");
    auto unquoted = request;
    unquoted.headers[0].value = key;
    CHECK(problem_of(world.platform->handle(unquoted)) == "/problems/key-missing");
    auto damaged = request;
    damaged.body[300] ^= 1;
    CHECK(problem_of(world.platform->handle(damaged)) == "/problems/digest-mismatch");
    CHECK(problem_of(world.platform->handle(submission_request(key, base::to_bytes("text")))) ==
          "/problems/answers-invalid");

    const support::TemporaryFolder folder;
    const auto stranger = make_demo_keys(folder.path(), world.clock).value();
    const auto foreign_key =
        KeyPair::load(stranger.device_certificate, stranger.device_key).value();
    const auto opened =
        open_signed(body, Certificate::load(demo_keys().ca).value(), world.clock).value();
    const auto foreign = sign(opened.sealed, foreign_key).value();
    CHECK(problem_of(world.platform->handle(submission_request(key, foreign))) ==
          "/problems/device-unknown");

    CHECK(world.platform->handle(request)->status == 201);
    CHECK(world.platform->submission_count() == 1);
}

TEST_CASE("the idempotency table of the contract", "[flow][platform]") {
    World world;
    const auto sample = support::sample_submission(world.random, world.clock, 0);
    const auto request = submission_request(sample.submission.key, sample.submission.body);
    const auto first = world.platform->handle(request);
    REQUIRE(first);
    CHECK(first->status == 201);
    const auto second = world.platform->handle(request);
    REQUIRE(second);
    CHECK(second->status == 200);
    CHECK(find_header(second->headers, "Idempotent-Replay") == "true");
    CHECK(second->body == first->body);
    // The same content sealed again has other bytes: key-reuse.
    const auto other =
        submission_request(sample.submission.key, pack(sample.clear_json, world.clock));
    const auto third = world.platform->handle(other);
    CHECK(third->status == 422);
    CHECK(problem_of(third) == "/problems/key-reuse");
    // Another key with the same receipt number.
    auto clear = json::parse(sample.clear_json);
    const auto other_key = world.random.uuid();
    clear["id"] = other_key;
    CHECK(problem_of(world.platform->handle(submission_request(
              other_key, pack(clear.dump(), world.clock)))) == "/problems/receipt-conflict");
    CHECK(world.platform->submission_count() == 1);
}

TEST_CASE("keys, answers and submissions survive a restart of the platform", "[flow][platform]") {
    base::SystemClock clock;
    base::SeededRandom random(12);
    const support::TemporaryFolder folder;
    const ReferenceSettings settings{folder.file("platform.db"), demo_keys(), {}};
    const auto sample = support::sample_submission(random, clock, 0);
    const auto request = submission_request(sample.submission.key, sample.submission.body);
    CHECK(ReferencePlatform::open(settings, clock, random).value()->handle(request)->status == 201);
    auto platform = ReferencePlatform::open(settings, clock, random).value();
    CHECK(platform->handle(request)->status == 200);
    CHECK(platform->submission_count() == 1);
}

TEST_CASE("uploads refuse wrong offsets, checksums and sizes", "[flow][platform]") {
    World world;
    const base::Bytes bytes = base::to_bytes("sealed bytes, not really");
    const auto create = [&](const json& body) {
        return *world.platform->handle({"POST",
                                        "/kiosk/v1/uploads",
                                        {{"Content-Type", "application/json"}},
                                        base::to_bytes(body.dump())});
    };
    const json body{{"sha256", base::sha256_hex(bytes)},
                    {"size", bytes.size()},
                    {"mediaType", "application/cms"},
                    {"submissionId", world.random.uuid()},
                    {"page", 1}};
    const auto created = create(body);
    REQUIRE(created.status == 201);
    const auto path = *find_header(created.headers, "Location");
    const auto again = create(body);
    CHECK(again.status == 200);
    CHECK(find_header(again.headers, "Location") == path);

    const auto patch = [&](const std::string& offset, base::ByteView chunk, bool right_sum) {
        const auto sum = base::to_base64(base::sha256(right_sum ? chunk : base::ByteView()));
        return world.platform
            ->handle({"PATCH",
                      path,
                      {{"Content-Type", "application/offset+octet-stream"},
                       {"Upload-Offset", offset},
                       {"Upload-Checksum", "sha-256 " + sum}},
                      {chunk.begin(), chunk.end()}})
            ->status;
    };
    const base::ByteView all(bytes);
    CHECK(patch("3", all, true) == 409);
    CHECK(patch("0", all, false) == 422);
    CHECK(patch("0", all.first(10), true) == 204);
    CHECK(patch("10", all, true) == 400); // more than announced
    CHECK(patch("10", all.subspan(10), true) == 204);
    CHECK(patch("24", {}, true) == 400);
    const auto head = *world.platform->handle({"HEAD", path, {}, {}});
    CHECK(find_header(head.headers, "Upload-Offset") == std::to_string(bytes.size()));
    CHECK(world.platform->handle({"DELETE", path, {}, {}})->status == 204);
    CHECK(world.platform->handle({"HEAD", path, {}, {}})->status == 404);
    auto huge = body;
    huge["size"] = 17 << 20;
    CHECK(create(huge).status == 400);
}

TEST_CASE("a request's state is told by its number, accepted only once it was", //
          "[flow][platform]") {
    World world;
    InProcessTransport wire(*world.platform);
    Client client(wire, world.clock, std::nullopt);
    const auto sample = support::sample_submission(world.random, world.clock, 0);
    const auto& number = sample.submission.receipt_no;
    CHECK(client.status(number).error().code == Errc::not_found);
    REQUIRE(
        world.platform->handle(submission_request(sample.submission.key, sample.submission.body))
            ->status == 201);
    // A receipt that somebody found tells nothing about the person it belongs to.
    CHECK(client.status(number).error().code == Errc::unauthorised);
    const StatusProof proof{StatusProof::Kind::id_number, base::SecretText("659999194003150046")};
    CHECK(client.status(number, proof).value().state == "accepted");
    CHECK(client.device().value().office == "Demonstration office");
    world.platform->set_office_hours("the lady at counter 3", "10:00-19:00");
    CHECK(client.assistance("hall").value().who == "the lady at counter 3");
    CHECK(world.platform->assistance_calls() == 1);
    // A call for help that names a person is refused (DESIGN §4.6).
    CHECK(world.platform
              ->handle({"POST",
                        "/kiosk/v1/device/assistance",
                        {},
                        base::to_bytes(R"({"place":"hall","name":"x"})")})
              ->status == 400);
}

TEST_CASE("a submission with pages goes over real HTTPS", "[flow][platform]") {
    World world;
    auto server = ReferenceServer::start(*world.platform, demo_keys()).value();
    const support::TemporaryFolder folder;
    auto box = outbox::Outbox::open(folder.file("outbox.db"), world.clock).value();
    const auto sample = support::sample_submission(world.random, world.clock, 1, 700'000);
    REQUIRE(box->enqueue(sample.submission));

    auto transport = CurlTransport::open(settings_for(server->url())).value();
    Client client(*transport, world.clock, support::demo_device().certificate());
    base::NullLog log;
    Uploader uploader(*box, client, world.clock, world.random, log);
    uploader.send_now();

    // The cable is out, then the answer is lost, then all is well.
    server->set_connected(false);
    CHECK(uploader.run_once().did == UploaderStep::Did::postponed);
    server->set_connected(true);
    world.platform->fail_next(PlatformFault::cut_after_commit);
    uploader.send_now();
    CHECK(uploader.run_once().did == UploaderStep::Did::postponed);
    CHECK(world.platform->submission_count() == 1);
    uploader.send_now();
    const auto step = uploader.run_once();
    CHECK(step.did == UploaderStep::Did::delivered);
    CHECK(world.platform->submission_count() == 1);
    CHECK(world.platform->replays() == 1);
    const auto received = world.platform->submissions();
    CHECK(json::parse(received[0].clear_json) == json::parse(sample.clear_json));
    CHECK(received[0].cms == sample.submission.body);
    CHECK(received[0].attachments.at(0).clear == sample.pages[0]);
}

TEST_CASE("the transport trusts only the configured authority and the right host",
          "[flow][platform]") {
    World world;
    auto server = ReferenceServer::start(*world.platform, demo_keys()).value();
    CHECK(get_device(settings_for(server->url()))->status == 200);
    const auto by_name = "https://localhost:" + std::to_string(server->port());
    CHECK(get_device(settings_for(by_name))->status == 200);

    const support::TemporaryFolder folder;
    const auto stranger = make_demo_keys(folder.path(), world.clock).value();
    auto wrong_ca = settings_for(server->url());
    wrong_ca.ca_file = stranger.ca;
    CHECK(get_device(wrong_ca).error().code == Errc::unauthorised);
    // 127.0.0.2 is the same machine under a name the certificate does not have.
    auto second = ReferenceServer::start(*world.platform, demo_keys()).value();
    const auto other_host = "https://127.0.0.2:" + std::to_string(second->port());
    CHECK_FALSE(get_device(settings_for(other_host)));

    auto no_certificate = settings_for(server->url());
    no_certificate.client_certificate_file.clear();
    no_certificate.client_key_file.clear();
    CHECK_FALSE(get_device(no_certificate));
    auto foreign_device = settings_for(server->url());
    foreign_device.client_certificate_file = stranger.device_certificate;
    foreign_device.client_key_file = stranger.device_key;
    CHECK_FALSE(get_device(foreign_device));

    for (const auto wrong : {WrongServer::expired, WrongServer::not_yet, WrongServer::other_host,
                             WrongServer::other_authority}) {
        INFO(int(wrong));
        const auto keys = make_wrong_server(demo_keys(), wrong, folder.path(), world.clock).value();
        auto impostor = ReferenceServer::start(*world.platform, keys).value();
        CHECK(get_device(settings_for(impostor->url())).error().code == Errc::unauthorised);
    }
}

TEST_CASE("an answer that drips ends at the limit, not at its own end", "[flow][platform]") {
    World world;
    auto server = ReferenceServer::start(*world.platform, demo_keys()).value();
    server->set_pace(1); // minutes for the whole answer
    auto transport = CurlTransport::open(settings_for(server->url())).value();
    CHECK(transport->send({"GET", "/kiosk/v1/device", {}, {}}, 1s).error().code == Errc::timed_out);
    server->set_pace(0);
    CHECK(transport->send({"GET", "/kiosk/v1/device", {}, {}}, 60s)->status == 200);
}

TEST_CASE("the page shows what came, and opens a request by its whole number alone",
          "[flow][platform][page]") {
    World world;
    const auto sample = support::sample_submission(world.random, world.clock, 0);
    const auto& submission = sample.submission;
    REQUIRE(world.platform->handle(submission_request(submission.key, submission.body))->status ==
            201);
    const auto number = outbox::group_receipt_number(submission.receipt_no);
    const auto page = world.platform->html_page();
    const auto has = [](const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    };
    CHECK(has(page, "A demonstration: test data only."));
    CHECK(has(page, number.substr(0, 5) + "····" + number.substr(9)));
    CHECK(has(page, "elderly-allowance"));
    CHECK(has(page, "accepted"));
    CHECK_FALSE(has(page, number));
    CHECK_FALSE(has(page, "659999"));
    const auto opened = world.platform->html_request(number);
    REQUIRE(opened);
    CHECK(has(*opened, "659999194003150046"));
    CHECK(has(*opened, "A demonstration: test data only."));
    CHECK(world.platform->html_request(submission.receipt_no)); // typed without hyphens
    CHECK_FALSE(world.platform->html_request(number.substr(0, 13)));
    CHECK_FALSE(world.platform->html_request(""));
    CHECK_FALSE(world.platform->html_request("%"));
    CHECK_FALSE(world.platform->html_request(
        outbox::mint_receipt_number("K7", world.random))); // sound, but nobody's
}

TEST_CASE("a program that ends does not wait for the network", "[flow][platform]") {
    World world;
    auto server = ReferenceServer::start(*world.platform, demo_keys()).value();
    auto transport = CurlTransport::open(settings_for(server->url())).value();
    transport->cancel();
    CHECK(transport->send({"GET", "/kiosk/v1/device", {}, {}}, 60s).error().code ==
          Errc::cancelled);
}

TEST_CASE("an exchange under way ends at once when nobody wants its answer any more",
          "[flow][platform]") {
    // Takes connections and says nothing.
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(listener >= 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(listener, any, size) == 0);
    REQUIRE(::listen(listener, 4) == 0);
    REQUIRE(::getsockname(listener, any, &size) == 0);
    auto transport = CurlTransport::open(settings_for("https://127.0.0.1:" +
                                                      std::to_string(ntohs(address.sin_port))))
                         .value();
    const auto code_when = [&](HttpRequest request, const std::function<void()>& end) {
        std::optional<Errc> code;
        std::jthread asking([&] { code = transport->send(request, 20s).error().code; });
        const int taken = ::accept(listener, nullptr, nullptr); // it is under way
        end();
        asking.join();
        ::close(taken);
        return *code;
    };
    std::stop_source who_asked;
    HttpRequest request{"GET", "/kiosk/v1/device", {}, {}};
    request.stop = who_asked.get_token();
    CHECK(code_when(request, [&] { who_asked.request_stop(); }) == Errc::cancelled);
    CHECK(code_when({"GET", "/kiosk/v1/device", {}, {}}, [&] { transport->cancel(); }) ==
          Errc::cancelled);
    ::close(listener);
}

TEST_CASE("an address that is not plain HTTPS is refused", "[flow][platform]") {
    for (const auto* url : {"http://127.0.0.1", "https://", "https://host/path", "ftp://host",
                            "https://user@host", "https://host?x", "host", ""}) {
        INFO(url);
        CHECK(CurlTransport::open(settings_for(url)).error().code == Errc::invalid_input);
    }
    auto absent = settings_for("https://127.0.0.1");
    absent.ca_file = "absent.pem";
    CHECK(CurlTransport::open(absent).error().code == Errc::not_found);
}

TEST_CASE("redirects are not followed and long answers are cut", "[flow][platform]") {
    World world;
    auto server = ReferenceServer::start(*world.platform, demo_keys()).value();
    auto transport = CurlTransport::open(settings_for(server->url())).value();
    const auto sample = support::sample_submission(world.random, world.clock, 0);
    const auto request = submission_request(sample.submission.key, sample.submission.body);
    world.platform->fail_next(PlatformFault::redirect);
    CHECK(transport->send(request, 5s)->status == 302);
    world.platform->fail_next(PlatformFault::answer_too_long);
    CHECK(transport->send(request, 5s).error().code == Errc::too_large);
    CHECK(transport->send(request, 5s)->status == 200); // it was stored: a replay
}

TEST_CASE("nobody there is no answer, and says so quickly", "[flow][platform]") {
    World world;
    std::string url;
    int port = 0;
    {
        auto server = ReferenceServer::start(*world.platform, demo_keys()).value();
        url = server->url();
        port = server->port();
        // The port is taken: one clear line.
        const auto taken = ReferenceServer::start(*world.platform, demo_keys(), port);
        REQUIRE_FALSE(taken);
        CHECK(taken.error().code == Errc::conflict);
        CHECK(taken.error().context.find(std::to_string(port)) != std::string::npos);
    }
    CHECK(get_device(settings_for(url)).error().code == Errc::unreachable);
}

TEST_CASE("the staff list comes whole over real HTTPS, and none, too much or a fault is said so",
          "[flow][platform][staff]") {
    World world;
    const auto server = ReferenceServer::start(*world.platform, demo_keys());
    REQUIRE(server);
    auto transport = CurlTransport::open(settings_for((*server)->url()));
    REQUIRE(transport);
    Client client(**transport, world.clock, std::nullopt);
    const auto refused_as = [&](RosterFault fault) {
        world.platform->set_roster_fault(fault);
        const auto answer = client.staff_roster();
        REQUIRE(!answer);
        return answer.error().code;
    };
    CHECK(refused_as(RosterFault::none) == Errc::not_found); // none was set yet

    // Larger than any other answer may be, as large as a list may be.
    base::Bytes newest(512 * 1024 + 112);
    world.random.fill(newest);
    world.platform->set_roster(base::to_bytes("the one before"));
    world.platform->set_roster(newest);
    world.platform->set_roster_fault(RosterFault::none);
    CHECK(client.staff_roster().value() == newest);
    world.platform->set_roster_fault(RosterFault::old);
    CHECK(client.staff_roster().value() == base::to_bytes("the one before"));
    world.platform->set_roster_fault(RosterFault::altered);
    CHECK(client.staff_roster().value() != newest);
    CHECK(refused_as(RosterFault::missing) == Errc::not_found);
    CHECK(refused_as(RosterFault::too_long) == Errc::too_large);
    CHECK(refused_as(RosterFault::busy) == Errc::busy);
    CHECK(world.platform->rosters_given() == 4);

    // Every other answer keeps its own limit.
    InProcessTransport wire(*world.platform);
    world.platform->set_roster_fault(RosterFault::none);
    const auto cut = wire.send({"GET", "/kiosk/v1/staff/roster", {}, {}}, 5s);
    REQUIRE(!cut);
    CHECK(cut.error().code == Errc::too_large);
}
