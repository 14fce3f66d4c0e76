// Goal: a technician with a dying board takes its queue to another kiosk, where it is delivered;
// sends, releases and gives a board away without losing a request; and reads in one line what is
// wrong when something is.
// Method: the program as it was built, in data folders of its own, with a queue that the product's
// own code filled and the reference platform behind HTTPS.
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/outbox/receipt_number.hpp"
#include "kiosk/outbox/sqlite.hpp"
#include "kiosk/platform/reference/reference_platform.hpp"
#include "kiosk/platform/reference/server.hpp"
#include "kiosk/staff/audit_files.hpp"
#include "tests/support/program_ending.hpp"
#include "tests/support/sample_submission.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>

using nlohmann::json;
using outbox::QuarantineReason;
using support::ProgramEnding;

namespace {

namespace fs = std::filesystem;

struct District {
    base::SystemClock clock;
    base::SeededRandom random{5};
    std::unique_ptr<platform::ReferencePlatform> platform =
        platform::ReferencePlatform::open({":memory:", support::demo_keys(), {}}, clock, random)
            .value();
    std::unique_ptr<platform::ReferenceServer> server =
        platform::ReferenceServer::start(*platform, support::demo_keys(), 0).value();
};

struct Kiosk {
    support::TemporaryFolder folder;
    base::SystemClock clock;
    base::SeededRandom random;

    explicit Kiosk(std::uint64_t seed, const std::string& url = "https://127.0.0.1:1")
        : random(seed) {
        fs::create_directories(folder.file("data"));
        const auto& keys = support::demo_keys();
        // Copies: `keys destroy` means it.
        fs::copy_file(keys.device_key, folder.file("device.key"));
        fs::copy_file(keys.device_certificate, folder.file("device.pem"));
        const json config{{"platform",
                           {{"url", url},
                            {"ca", keys.ca},
                            {"deviceKey", "device.key"},
                            {"deviceCertificate", "device.pem"},
                            {"sealingCertificate", keys.sealing_certificate}}}};
        REQUIRE(base::write_file_durably(folder.file("kiosk.json"), base::to_bytes(config.dump())));
    }
    std::unique_ptr<outbox::Outbox> box() {
        return outbox::Outbox::open(folder.file("data/outbox.db"), clock).value();
    }
    std::string store(std::size_t pages = 1) {
        auto sample = support::sample_submission(random, clock, pages, 2000);
        sample.submission.signer = platform::signer_of(sample.submission.body).value();
        REQUIRE(box()->enqueue(sample.submission));
        return sample.submission.receipt_no;
    }
    ProgramEnding run(const std::string& words) const {
        return support::run_program(std::string(KIOSK_PROGRAM) + " " + words + " --config " +
                                    folder.file("kiosk.json") + " --data " + folder.file("data"));
    }
    void refuses(const std::string& words, const char* wanted, int code = 1) const {
        const auto ending = run(words);
        INFO(words << ": " << ending.text);
        CHECK(ending.code == code);
        CHECK(ending.text.find("kiosk: ") != std::string::npos);
        CHECK(ending.text.find(wanted) != std::string::npos);
    }
};

} // namespace

TEST_CASE("the queue of one kiosk is exported, imported by another, and delivered once",
          "[flow][outbox]") {
    District district;
    Kiosk old(1), other(2, district.server->url());
    const auto first = old.store(2);
    const auto second = old.store(0);
    const auto stick = old.folder.file("stick");
    auto ending = old.run("outbox export " + stick);
    INFO(ending.text);
    CHECK(ending.code == 0);
    CHECK(ending.text.find("2 requests in " + stick) != std::string::npos);
    CHECK((fs::status(stick).permissions() & fs::perms::all) ==
          (fs::perms::owner_read | fs::perms::owner_write));
    old.refuses("outbox export " + stick, "is there already");
    CHECK(old.box()->counts()->pending == 2);

    (void)other.store(1); // its own
    ending = other.run("outbox import " + stick);
    INFO(ending.text);
    CHECK(ending.code == 0);
    CHECK(ending.text.find("2 taken over, 0 refused") != std::string::npos);
    CHECK(other.run("outbox import " + stick).code == 0); // again changes nothing
    CHECK(other.box()->counts()->pending == 3);

    ending = other.run("outbox send");
    INFO(ending.text);
    CHECK(ending.code == 0);
    CHECK(ending.text.find("3 delivered, 0 set aside, 0 still waiting") != std::string::npos);
    CHECK(ending.text.find(outbox::group_receipt_number(first)) != std::string::npos);
    CHECK(ending.text.find(outbox::group_receipt_number(second)) != std::string::npos);
    CHECK(district.platform->submission_count() == 3);
}

TEST_CASE("a stick that is not whole gives what is whole, and says what it is", "[flow][outbox]") {
    Kiosk old(3), other(4);
    (void)old.store(1);
    const auto second = old.store(1);
    const auto stick = old.folder.file("stick");
    REQUIRE(old.run("outbox export " + stick).code == 0);
    const auto bytes = base::read_file(stick).value();
    const auto short_one = old.folder.file("short");
    REQUIRE(base::write_file_durably(short_one, base::ByteView(bytes).first(bytes.size() - 2500)));
    other.refuses("outbox import " + short_one, "the file ends early");
    CHECK(other.box()->counts()->pending == 1);

    other.refuses("outbox import " + other.folder.file("absent"), "no file");
    other.refuses("outbox import " + old.folder.file("data/outbox.db"), "not a file of");
    fs::rename(other.folder.file("data"), other.folder.file("away"));
    other.refuses("outbox import " + stick, "no data folder");
    fs::rename(other.folder.file("away"), other.folder.file("data"));
    old.refuses("outbox export /dev/full", "is there already");
    old.refuses("outbox export " + old.folder.file("no/such/folder"), "cannot be written");

    // A request that this kiosk knows with other bytes is left as it is.
    {
        auto database = outbox::Database::open(other.folder.file("data/outbox.db"),
                                               outbox::Database::Mode::existing, nullptr)
                            .value();
        REQUIRE(database->run("UPDATE submissions SET body_sha256=zeroblob(32)"));
    }
    const auto ending = other.run("outbox import " + stick);
    CHECK(ending.code == 1);
    CHECK(ending.text.find("another request with that number or key") != std::string::npos);
    CHECK(ending.text.find("1 taken over, 1 refused") != std::string::npos);
    CHECK(ending.text.find(outbox::group_receipt_number(second) + "  taken over") !=
          std::string::npos);
}

TEST_CASE("what is damaged in the queue is named by the export", "[flow][outbox]") {
    Kiosk old(5);
    const auto ill = old.store(1);
    (void)old.store(1);
    {
        auto database = outbox::Database::open(old.folder.file("data/outbox.db"),
                                               outbox::Database::Mode::existing, nullptr)
                            .value();
        REQUIRE(database->run("UPDATE payloads SET sealed=zeroblob(99) WHERE number=1 AND key="
                              "(SELECT key FROM submissions WHERE receipt_no=?)",
                              std::string_view(ill)));
    }
    const auto ending = old.run("outbox export " + old.folder.file("stick"));
    CHECK(ending.code == 1);
    CHECK(ending.text.find(outbox::group_receipt_number(ill) + "  DAMAGED") != std::string::npos);
    CHECK(ending.text.find("1 requests in") != std::string::npos);
}

TEST_CASE("a request that was set aside is released by a logged decision, and only with the kiosk "
          "stopped",
          "[flow][outbox]") {
    District district;
    Kiosk kiosk(6, district.server->url());
    const auto number = kiosk.store();
    const auto typed = outbox::group_receipt_number(number);
    kiosk.refuses("outbox release " + typed, "is not set aside: it is pending");
    district.platform->fail_next(platform::PlatformFault::answers_invalid);
    const auto sent = kiosk.run("outbox send");
    CHECK(sent.code == 1);
    CHECK(sent.text.find("set aside: answers_invalid") != std::string::npos);

    kiosk.refuses("outbox release 2222-2222-2223", "no receipt number", 2);
    {
        const auto running = staff::open_audit_folder(kiosk.folder.file("data/audit")).value();
        kiosk.refuses("outbox release " + typed, "the kiosk is running");
        kiosk.refuses("outbox send", "the kiosk is running");
        kiosk.refuses("keys destroy", "the kiosk is running");
    }
    CHECK(kiosk.run("outbox release " + typed).code == 0);
    CHECK(kiosk.box()->counts()->pending == 1);
    const auto chain = base::read_file(kiosk.folder.file("data/audit/chain.jsonl")).value();
    CHECK(std::string(base::as_text(chain)).find("request_released") != std::string::npos);
    CHECK(kiosk.run("outbox send").code == 0);
    CHECK(district.platform->submission_count() == 1);
}

TEST_CASE("what the counter finished is taken out by a logged decision, and then counts no more",
          "[flow][outbox][refusal][G20]") {
    District district;
    Kiosk kiosk(11, district.server->url());
    const auto number = kiosk.store();
    const auto typed = outbox::group_receipt_number(number);
    kiosk.refuses("outbox close " + typed, "is not set aside: it is pending");
    auto papers = support::sample_supplement(kiosk.random, kiosk.clock, kiosk.random.uuid(),
                                             "659999194003150046");
    REQUIRE(kiosk.box()->enqueue(papers.submission));
    district.platform->fail_next(platform::PlatformFault::matter_closed);
    CHECK(kiosk.run("outbox send").code == 1);
    CHECK(kiosk.box()->counts()->refused == 1);
    CHECK(kiosk.box()->counts()->refused_papers == 1);
    // What the administrator tells the district, or the counter.
    const auto list = kiosk.run("outbox list").text;
    INFO(list);
    CHECK(list.find("matter_closed") != std::string::npos);
    CHECK(list.find("not_wanted  papers for request " + papers.submission.supplements) !=
          std::string::npos);
    {
        const auto running = staff::open_audit_folder(kiosk.folder.file("data/audit")).value();
        kiosk.refuses("outbox close " + typed, "the kiosk is running");
    }
    const auto closed = kiosk.run("outbox close " + typed);
    CHECK(closed.code == 0);
    CHECK(closed.text.find("is out of the queue") != std::string::npos);
    CHECK(kiosk.run("outbox close " + papers.submission.receipt_no).code == 0);
    const auto chain = base::read_file(kiosk.folder.file("data/audit/chain.jsonl")).value();
    CHECK(std::string(base::as_text(chain)).find("request_closed") != std::string::npos);
    CHECK(kiosk.run("audit verify").code == 0);
    CHECK(kiosk.box()->counts()->quarantined == 0);
    CHECK(kiosk.run("outbox list").text.find("nothing in the outbox") != std::string::npos);
    kiosk.refuses("outbox close " + typed, "this kiosk has no request");
    CHECK(district.platform->submission_count() == 0);
}

TEST_CASE("a platform that does not answer leaves the queue as it is and says so",
          "[flow][outbox]") {
    Kiosk kiosk(7);
    (void)kiosk.store();
    const auto ending = kiosk.run("outbox send");
    INFO(ending.text);
    CHECK(ending.code == 1);
    CHECK(ending.text.find("still waiting") != std::string::npos);
    CHECK(kiosk.box()->counts()->pending == 1);
}

TEST_CASE("a board loses its key only when nothing in its queue can be lost with it",
          "[flow][outbox]") {
    Kiosk kiosk(8);
    (void)kiosk.store();
    CHECK(kiosk.run("keys status").code == 0);
    kiosk.refuses("keys destroy", "1 requests are neither delivered nor in an exported file");
    const auto stick = kiosk.folder.file("stick");
    REQUIRE(kiosk.run("outbox export " + stick).code == 0);
    (void)kiosk.store(); // after the export
    kiosk.refuses("keys destroy --exported " + stick, "1 requests are neither");
    CHECK(fs::exists(kiosk.folder.file("device.key")));
    fs::remove(stick);
    REQUIRE(kiosk.run("outbox export " + stick).code == 0);
    CHECK(kiosk.run("keys destroy --exported " + stick).code == 0);
    CHECK_FALSE(fs::exists(kiosk.folder.file("device.key")));
    CHECK_FALSE(fs::exists(kiosk.folder.file("device.pem")));
    CHECK(kiosk.run("keys status").code == 1);
}

TEST_CASE("a new board makes its key, asks for its certificate and takes only its own",
          "[flow][outbox]") {
    Kiosk kiosk(9), stranger(10);
    fs::remove(kiosk.folder.file("device.key"));
    fs::remove(kiosk.folder.file("device.pem"));
    const auto request = kiosk.folder.file("request.csr");
    const auto made = kiosk.run("keys enrol --csr " + request);
    INFO(made.text);
    CHECK(made.code == 0);
    CHECK(made.text.find("a key was made on this device") != std::string::npos);
    CHECK(std::string(base::as_text(base::read_file(request).value()))
              .starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
    kiosk.refuses("keys enrol --csr " + request, "is there already");
    const auto again = kiosk.run("keys enrol --csr " + kiosk.folder.file("second.csr"));
    CHECK(again.text.find("the key that is here was kept") != std::string::npos);
    kiosk.refuses("keys install " + stranger.folder.file("device.pem"), "for another key");
    kiosk.refuses("keys install " + request, "not a PEM certificate");
    CHECK(kiosk.run("keys status").text.find("missing") != std::string::npos);
    CHECK(kiosk.run("keys").code == 2);
}
