// Goal: every stored submission reaches the platform exactly once, at the pace the district can
// bear, whatever the platform answers.
// Method: the real outbox, uploader, client, sealing and reference platform in one process, on a
// clock that is moved by hand; the platform is told its faults by name or from a seed.
#include "kiosk/platform/uploader.hpp"

#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "kiosk/outbox/transfer.hpp"
#include "kiosk/platform/reference/reference_platform.hpp"
#include "tests/support/sample_submission.hpp"
#include "tests/support/simulated_disk.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

using namespace platform;
using namespace std::chrono_literals;
using Did = UploaderStep::Did;
using base::Milliseconds;
using nlohmann::json;

namespace {

struct World {
    support::SimulatedDisk disk{"uploader_test"};
    base::ManualClock clock{base::SystemClock().wall()}; // certificates are made for today
    base::SeededRandom random;
    base::NullLog log;
    std::unique_ptr<ReferencePlatform> platform;
    std::unique_ptr<InProcessTransport> wire;
    std::unique_ptr<outbox::Outbox> box;
    std::unique_ptr<Client> client;
    std::unique_ptr<Uploader> uploader;

    explicit World(std::uint64_t seed = 1, PlantedDefects defects = {}) : random(seed) {
        platform =
            ReferencePlatform::open({":memory:", support::demo_keys(), defects}, clock, random)
                .value();
        wire = std::make_unique<InProcessTransport>(*platform);
        start();
    }
    void start() {
        outbox::Options options;
        options.vfs = disk.vfs();
        box = outbox::Outbox::open("outbox.db", clock, options).value();
        client = std::make_unique<Client>(*wire, clock, support::demo_device().certificate());
        uploader = std::make_unique<Uploader>(*box, *client, clock, random, log);
    }
    support::Sample store(std::size_t pages = 1) {
        auto sample = support::sample_submission(random, clock, pages, 700);
        REQUIRE(box->enqueue(sample.submission));
        return sample;
    }
    // Steps until something happened; the time that took is on the clock.
    UploaderStep next() {
        for (int i = 0; i < 1000; ++i) {
            const auto step = uploader->run_once();
            if (step.did != Did::nothing) return step;
            REQUIRE(step.wake_at > clock.now());
            clock.advance(step.wake_at - clock.now());
        }
        FAIL("nothing happened in a thousand steps");
        return {};
    }
    void run_for(Milliseconds time) {
        const auto end = clock.now() + time;
        while (clock.now() < end) {
            const auto step = uploader->run_once();
            REQUIRE(step.wake_at > clock.now());
            clock.advance(std::min(step.wake_at, end) - clock.now());
        }
    }
};

} // namespace

TEST_CASE("a submission arrives as it was entered, and is gone from the kiosk",
          "[flow][uploader]") {
    World world;
    const auto sample = world.store(2);
    const auto step = world.next();
    CHECK(step.did == Did::delivered);
    CHECK(step.key == sample.submission.key);
    CHECK(step.receipt_no == sample.submission.receipt_no);
    const auto received = world.platform->submissions();
    REQUIRE(received.size() == 1);
    CHECK(json::parse(received[0].clear_json) == json::parse(sample.clear_json));
    CHECK(received[0].cms == sample.submission.body);
    CHECK(received[0].case_code == step.case_code);
    REQUIRE(received[0].attachments.size() == 2);
    CHECK(received[0].attachments[0].clear == sample.pages[0]);
    CHECK(received[0].attachments[1].clear == sample.pages[1]);
    CHECK(world.box->counts().value().delivered == 1);
    CHECK(world.box->counts().value().pending == 0);
}

TEST_CASE("the first submission after a start with an empty queue goes out at once",
          "[flow][uploader]") {
    World world;
    CHECK(world.uploader->run_once().did == Did::nothing);
    world.store();
    CHECK(world.uploader->run_once().did == Did::delivered);
}

TEST_CASE("cut after commit, then retried: one request and a replay", "[flow][uploader]") {
    World world;
    world.store();
    world.platform->fail_next(PlatformFault::cut_after_commit, 3);
    for (int i = 0; i < 3; ++i) CHECK(world.next().did == Did::postponed);
    const auto step = world.next();
    CHECK(step.did == Did::delivered);
    CHECK(world.platform->submission_count() == 1);
    CHECK(world.platform->replays() == 3);
    CHECK(world.platform->submissions()[0].case_code == step.case_code);
}

TEST_CASE("a platform that forgets keys is found by counting", "[flow][uploader]") {
    // The planted defect this suite must notice: without it the count below is 1.
    World world(1, {.forgets_keys = true});
    world.store();
    world.platform->fail_next(PlatformFault::cut_after_commit);
    CHECK(world.next().did == Did::postponed);
    CHECK(world.next().did == Did::delivered);
    CHECK(world.platform->submission_count() == 2);
}

TEST_CASE("every fault of the platform ends as the contract says, and blocks nobody else",
          "[flow][uploader]") {
    const std::set quarantining{PlatformFault::receipt_conflict, PlatformFault::answers_invalid,
                                PlatformFault::key_reuse, PlatformFault::matter_closed};
    const std::set stopping{PlatformFault::form_version_gone, PlatformFault::device_suspended,
                            PlatformFault::device_unknown, PlatformFault::clock_skew,
                            PlatformFault::unknown_refusal};
    for (const auto fault : all_platform_faults()) {
        INFO(to_string(fault));
        World world;
        const auto first = world.store();
        const auto second = world.store();
        world.platform->fail_next(fault);
        const auto step = world.next();
        CHECK(step.key == first.submission.key);
        if (quarantining.count(fault)) {
            CHECK(step.did == Did::quarantined);
        } else if (stopping.count(fault)) {
            CHECK(step.did == Did::stopped);
            CHECK(world.uploader->stopped().has_value());
        } else if (fault == PlatformFault::arrives_twice || fault == PlatformFault::clock_jump) {
            CHECK(step.did == Did::delivered); // times in an answer decide nothing
        } else {
            CHECK(step.did == Did::postponed);
        }
        world.run_for(2h);
        const auto counts = world.box->counts().value();
        CHECK(counts.pending == 0);
        CHECK(counts.quarantined == (quarantining.count(fault) ? 1 : 0));
        CHECK(world.platform->submission_count() == (quarantining.count(fault) ? 1u : 2u));
        if (!quarantining.count(fault)) continue;
        // A human looked at it and lets it go again.
        REQUIRE(world.box->release(first.submission.key));
        world.uploader->send_now();
        CHECK(world.next().did == Did::delivered);
    }
}

namespace {

// A request at the platform that waits for papers, and papers for it in this kiosk's queue.
struct WaitsForPapers {
    std::string request;
    std::string receipt_no;
};
WaitsForPapers wait_for_papers(World& world) {
    const auto sample = world.store(0);
    REQUIRE(world.next().did == Did::delivered);
    const auto& number = sample.submission.receipt_no;
    REQUIRE(world.platform->move_request(number, "needs-papers", "paper-missing"));
    return {sample.submission.key, number};
}

outbox::NewSubmission bring_papers(World& world, const std::string& request,
                                   const char* id_number = "659999194003150046") {
    auto sample = support::sample_supplement(world.random, world.clock, request, id_number);
    REQUIRE(world.box->enqueue(sample.submission));
    return sample.submission;
}

} // namespace

TEST_CASE("papers brought later reach their request once, whatever the platform answers",
          "[flow][uploader][supplement]") {
    const std::set quarantining{PlatformFault::receipt_conflict, PlatformFault::answers_invalid,
                                PlatformFault::key_reuse, PlatformFault::matter_closed};
    for (const auto fault : all_platform_faults()) {
        INFO(to_string(fault));
        World world;
        const auto waiting = wait_for_papers(world);
        const auto papers = bring_papers(world, waiting.request);
        const auto behind = world.store();
        world.platform->fail_next(fault);
        CHECK(world.next().key == papers.key);
        world.run_for(2h);
        const bool is_set_aside = quarantining.count(fault) > 0;
        CHECK(world.box->counts()->pending == 0);
        CHECK(world.box->counts()->quarantined == (is_set_aside ? 1 : 0));
        CHECK(world.platform->submission_count() == 2); // nobody behind it was held up
        CHECK(world.platform->supplements().size() == (is_set_aside ? 0u : 1u));
        if (!is_set_aside) {
            const auto received = world.platform->supplements()[0];
            CHECK(received.key == papers.key);
            CHECK(received.receipt_no == waiting.receipt_no);
            CHECK(received.attachments.size() == 1);
            CHECK(world.box->find(papers.receipt_no)->platform_state == "in-review");
            continue;
        }
        REQUIRE(world.box->release(papers.key));
        world.uploader->send_now();
        CHECK(world.next().did == Did::delivered);
        CHECK(world.platform->supplements().size() == 1);
    }
}

TEST_CASE("papers survive a restart after every lost answer and count once",
          "[flow][uploader][supplement]") {
    World world;
    const auto waiting = wait_for_papers(world);
    const auto papers = bring_papers(world, waiting.request);
    for (int lost = 0; lost < 4; ++lost) {
        world.platform->fail_next(PlatformFault::cut_after_commit);
        CHECK(world.next().did == Did::postponed);
        world.uploader.reset();
        world.box.reset();
        world.start();
    }
    CHECK(world.next().did == Did::delivered);
    CHECK(world.platform->supplements().size() == 1);
    CHECK(world.platform->replays() == 4);
}

TEST_CASE("papers that are not wanted are set aside with that word, and nobody waits for them",
          "[flow][uploader][supplement]") {
    World world;
    const auto waiting = wait_for_papers(world);
    const auto stranger = bring_papers(world, waiting.request, "659999194003150054");
    const auto unknown = bring_papers(world, world.random.uuid());
    const auto first = bring_papers(world, waiting.request);
    const auto second = bring_papers(world, waiting.request); // it goes on without them
    const auto behind = world.store();
    world.run_for(1h);
    for (const auto* papers : {&stranger, &unknown, &second})
        CHECK(world.box->find(papers->receipt_no)->reason == outbox::QuarantineReason::not_wanted);
    CHECK(world.box->find(first.receipt_no)->state == outbox::State::delivered);
    CHECK(world.box->find(behind.submission.receipt_no)->state == outbox::State::delivered);
    REQUIRE(world.platform->supplements().size() == 1);
    CHECK(world.platform->supplements()[0].key == first.key);
    CHECK_FALSE(world.uploader->stopped());
}

TEST_CASE("one request that always fails does not hold up the others", "[flow][uploader]") {
    // A platform that stumbles over one request, whatever it answers then.
    struct StumblingWire final : HttpTransport {
        HttpTransport& inner;
        int status = 0;
        std::string key;
        int stumbles = 0;
        explicit StumblingWire(HttpTransport& wire) : inner(wire) {}
        base::Result<HttpResponse> send(const HttpRequest& request, Milliseconds limit) override {
            if (find_header(request.headers, "Idempotency-Key") != "\"" + key + "\"") {
                return inner.send(request, limit);
            }
            ++stumbles;
            return HttpResponse{status, {}, {}};
        }
    };
    for (const int status : {500, 409, 200, 418}) {
        INFO("status " << status);
        World world;
        StumblingWire wire(*world.wire);
        wire.status = status;
        world.client = std::make_unique<Client>(wire, world.clock, std::nullopt);
        world.uploader = std::make_unique<Uploader>(*world.box, *world.client, world.clock,
                                                    world.random, world.log);
        world.uploader->send_now();
        wire.key = world.store(0).submission.key;
        for (int i = 0; i < 5; ++i) world.store(0);
        world.run_for(30min);
        CHECK(world.box->counts().value().delivered == 5);
        CHECK(world.box->waiting(9).value() == std::vector{wire.key});
        CHECK(wire.stumbles > 1);  // it is tried again and again
        CHECK(wire.stumbles < 60); // but not all the time
    }
}

TEST_CASE("waiting grows to five minutes, is random, and never falls below half a second",
          "[flow][uploader]") {
    World world(3);
    world.store();
    world.wire->set_connected(false);
    CHECK(world.uploader->run_once().did == Did::nothing); // spread: an old submission at start
    std::vector<Milliseconds> waits;
    for (int i = 0; i < 40; ++i) {
        const auto step = world.next();
        CHECK(step.did == Did::postponed);
        waits.push_back(step.wake_at - world.clock.now());
    }
    for (std::size_t i = 0; i < waits.size(); ++i) {
        const auto most =
            std::min(Milliseconds(300s), Milliseconds(1s * (1 << std::min<std::size_t>(i + 1, 9))));
        CHECK(waits[i] >= 500ms);
        CHECK(waits[i] <= most);
    }
    const std::set<Milliseconds> different(waits.begin() + 10, waits.end());
    CHECK(different.size() > 25);
    CHECK(*std::max_element(waits.begin(), waits.end()) > 200s);
    // The cable is back: at most the spread, then everything goes.
    world.wire->set_connected(true);
    world.uploader->note_link_up();
    world.run_for(301s);
    CHECK(world.box->counts().value().pending == 0);
}

TEST_CASE("Retry-After decides, and the queue drains at most once a second", "[flow][uploader]") {
    World world(4);
    world.uploader->send_now();
    for (int i = 0; i < 20; ++i) world.store(0);
    world.platform->fail_next(PlatformFault::busy);
    const auto refused = world.next();
    CHECK(refused.did == Did::postponed);
    CHECK(refused.wake_at - world.clock.now() >= 5s); // the platform answers 5 to 60 s
    auto last = world.clock.now();
    for (int i = 0; i < 20; ++i) {
        REQUIRE(world.next().did == Did::delivered);
        if (i > 0) CHECK(world.clock.now() - last >= 1s);
        last = world.clock.now();
    }
}

TEST_CASE("kiosks that start with a full queue spread their first try", "[flow][uploader]") {
    std::vector<Milliseconds> firsts;
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        World world(seed);
        for (int i = 0; i < 11; ++i) {
            REQUIRE(world.box->enqueue(support::opaque_submission(world.random, world.clock, 0)));
        }
        world.start(); // the program starts again
        const auto begin = world.clock.now();
        (void)world.next();
        firsts.push_back(world.clock.now() - begin);
    }
    const auto [least, most] = std::minmax_element(firsts.begin(), firsts.end());
    CHECK(*least < 60s);
    CHECK(*most > 200s);
    CHECK(*most <= 300s);
}

TEST_CASE("a suspended device keeps its queue and goes on when it is welcome again",
          "[flow][uploader]") {
    World world;
    world.uploader->send_now();
    for (int i = 0; i < 3; ++i) world.store();
    world.platform->fail_next(PlatformFault::device_suspended);
    CHECK(world.next().did == Did::stopped);
    world.wire->set_connected(false); // nobody answers the question either
    const auto asked = world.wire->exchanges();
    world.run_for(1h);
    CHECK(world.box->counts().value().pending == 3);
    CHECK(world.uploader->stopped() == StopReason::device_suspended);
    CHECK(world.wire->exchanges() == asked);
    world.wire->set_connected(true);
    world.run_for(20min);
    CHECK_FALSE(world.uploader->stopped().has_value());
    CHECK(world.box->counts().value().pending == 0);
}

TEST_CASE("a payload damaged on the disk is set aside and the rest is sent", "[flow][uploader]") {
    World world;
    const auto damaged = world.store();
    const auto sound = world.store();
    world.uploader->send_now();
    REQUIRE(world.box->checkpoint_when_idle());
    REQUIRE(world.box->probe_storage());
    const auto file = world.disk.contents("outbox.db");
    const auto& body = damaged.submission.body;
    const auto at = std::search(file.begin(), file.end(), body.begin() + 50, body.begin() + 150);
    REQUIRE(at != file.end());
    world.disk.damage("outbox.db", std::uint64_t(at - file.begin()));
    base::SeededRandom luck(1);
    world.disk.restart(support::After::kill, luck);
    world.start();
    world.uploader->send_now();
    const auto step = world.next();
    CHECK(step.did == Did::quarantined);
    CHECK(step.quarantine_reason == outbox::QuarantineReason::damaged);
    CHECK(world.next().did == Did::delivered);
    CHECK(world.platform->submissions().at(0).key == sound.submission.key);
}

TEST_CASE("a power cut at any call of a delivery delivers exactly once", "[flow][uploader]") {
    std::uint64_t calls = 0;
    {
        World world;
        world.uploader->send_now();
        world.store(0);
        const auto before = world.disk.calls();
        REQUIRE(world.next().did == Did::delivered);
        calls = world.disk.calls() - before;
    }
    int resent = 0;
    for (std::uint64_t call = 0; call < calls; ++call) {
        for (const auto after : {support::After::kill, support::After::power_cut}) {
            INFO("call " << call << " of " << calls);
            World world;
            world.uploader->send_now();
            const auto sample = world.store(0);
            world.disk.fail(call, support::DiskFault::cut);
            (void)world.uploader->run_once();
            base::SeededRandom luck(call);
            world.disk.restart(after, luck);
            world.start();
            world.run_for(20min);
            CHECK(world.box->counts().value().delivered == 1);
            REQUIRE(world.platform->submission_count() == 1);
            CHECK(world.platform->submissions()[0].key == sample.submission.key);
            resent += world.platform->replays();
        }
    }
    CHECK(resent > 0); // some cuts fell between the platform's commit and ours
    WARN("cuts " << calls * 2 << ", delivered before the cut and sent again " << resent);
}

TEST_CASE("a storage call that fails while delivering is made good without a restart",
          "[flow][uploader]") {
    const auto fault = GENERATE(support::DiskFault::io_error, support::DiskFault::full);
    for (std::uint64_t call = 0; call < 60; ++call) {
        INFO("call " << call);
        World world;
        world.uploader->send_now();
        world.store(0);
        world.store(0);
        world.disk.fail(call, fault);
        world.run_for(20min);
        CHECK(world.box->counts().value().delivered == 2);
        CHECK(world.platform->submission_count() == 2);
    }
}

TEST_CASE("a misbehaving platform, from a seed, gets everything exactly once", "[flow][uploader]") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        INFO("seed " << seed);
        World world(seed);
        world.platform->misbehave(400, false);
        std::set<std::string> keys;
        for (int i = 0; i < 4; ++i) keys.insert(world.store(std::size_t(i) % 3).submission.key);
        world.run_for(12h);
        CHECK(world.box->counts().value().delivered == 4);
        std::set<std::string> received;
        for (const auto& one : world.platform->submissions()) received.insert(one.key);
        CHECK(world.platform->submission_count() == 4);
        CHECK(received == keys);
    }
}

TEST_CASE("a dying board's queue is delivered by another kiosk, and by itself after all: once",
          "[flow][uploader]") {
    World old;
    std::set<std::string> keys;
    for (int i = 0; i < 3; ++i) keys.insert(old.store(2).submission.key);
    for (int i = 0; i < 2; ++i) { // whose certificate is the other board's own, whose is not
        auto sample = support::sample_submission(old.random, old.clock, 1, 700);
        sample.submission.signer = signer_of(sample.submission.body).value();
        REQUIRE(old.box->enqueue(sample.submission));
        keys.insert(sample.submission.key);
    }
    std::stringstream file;
    REQUIRE(outbox::write_export(*old.box, "K7", old.clock.wall(), file)->exported.size() == 5);

    // The other board: its own outbox, its own certificate, the same platform.
    const support::TemporaryFolder folder;
    const auto other_keys = make_demo_keys(folder.path(), base::SystemClock()).value();
    support::SimulatedDisk disk{"uploader_test_other"};
    outbox::Options options;
    options.vfs = disk.vfs();
    const auto box = outbox::Outbox::open("outbox.db", old.clock, options).value();
    REQUIRE(outbox::read_export(file, [&](outbox::NewSubmission one) {
                one.signer = signer_of(one.body).value(); // as `kiosk outbox import` does
                REQUIRE(box->enqueue(one));
            }).value() == 5);
    Client client(*old.wire, old.clock, Certificate::load(other_keys.device_certificate).value());
    Uploader uploader(*box, client, old.clock, old.random, old.log);
    uploader.send_now();
    for (int steps = 0; box->counts()->pending > 0; ++steps) {
        REQUIRE(steps < 1000);
        const auto step = uploader.run_once();
        REQUIRE(step.did != Did::quarantined);
        if (step.wake_at > old.clock.now()) old.clock.advance(step.wake_at - old.clock.now());
    }
    CHECK(old.platform->submission_count() == 5);
    CHECK(old.platform->replays() == 0);

    // The first board comes back to life.
    old.run_for(1h);
    CHECK(old.box->counts()->delivered == 5);
    CHECK(old.platform->submission_count() == 5);
    CHECK(old.platform->replays() == 5);
    for (const auto& one : old.platform->submissions()) CHECK(keys.count(one.key) == 1);
}

TEST_CASE("what was signed with the certificate before is sent under the new one; a stranger's is "
          "not",
          "[flow][uploader]") {
    World w;
    const support::TemporaryFolder folder;
    const auto renewed = make_demo_keys(folder.path(), base::SystemClock()).value();
    auto noted = support::sample_submission(w.random, w.clock, 1, 700);
    noted.submission.signer = support::demo_device().certificate().fingerprint();
    REQUIRE(w.box->enqueue(noted.submission));
    const auto unnoted = w.store();
    w.client = std::make_unique<Client>(*w.wire, w.clock,
                                        Certificate::load(renewed.device_certificate).value());
    w.uploader = std::make_unique<Uploader>(*w.box, *w.client, w.clock, w.random, w.log);
    const auto first = w.next();
    CHECK(first.did == Did::delivered);
    CHECK(first.key == noted.submission.key);
    const auto second = w.next();
    CHECK(second.did == Did::quarantined);
    CHECK(second.key == unnoted.submission.key);
    CHECK(second.quarantine_reason == outbox::QuarantineReason::damaged);
}
