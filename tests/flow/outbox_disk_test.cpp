// Goal: whatever the disk does at whatever call, a submission the resident was told about is there
// exactly once, and one that was refused is not.
// Method: the outbox on a simulated disk; one fault per run, at every call in turn; then a restart
// (killed program, or power cut with unsynced writes lost, kept, reordered or torn) and a count.
#include "kiosk/outbox/outbox.hpp"

#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/seeded_random.hpp"
#include "tests/support/sample_submission.hpp"
#include "tests/support/simulated_disk.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace outbox;
using support::After;
using support::DiskFault;
using support::Lasting;
using support::SimulatedDisk;

namespace {

constexpr const char* path = "outbox.db";
const base::WallTime start = base::WallTime(base::Milliseconds(1'795'000'000'000));

// Which submissions exist, what the kiosk said about each, and what the platform has answered for.
struct World {
    SimulatedDisk disk;
    base::ManualClock clock{start};
    base::SeededRandom random;
    std::vector<NewSubmission> submissions;
    std::map<std::string, bool> told_received; // by key; absent: the kiosk said nothing
    std::map<std::string, bool> told_delivered;

    explicit World(std::uint64_t seed) : disk("disk_test"), random(seed) {
        for (int i = 0; i < 3; ++i) {
            submissions.push_back(support::opaque_submission(random, clock, 2, 30'000));
        }
    }

    base::Result<std::unique_ptr<Outbox>> open() {
        Options options;
        options.vfs = disk.vfs();
        options.free_space = [](const std::string&) {
            return base::Result(std::uint64_t(1) << 40);
        };
        return Outbox::open(path, clock, options);
    }

    // A short life of an outbox: store, deliver, checkpoint, store. Ends at the first failure, as a
    // kiosk without power does; with `goes_on` it continues, as a kiosk with a bad disk does.
    void live(bool goes_on) {
        auto opened = open();
        if (!opened) return;
        Outbox& box = **opened;
        const auto ended = [&](bool ok) { return !ok && !goes_on; };
        for (int i = 0; i < 2; ++i) {
            if (ended(store(box, submissions[std::size_t(i)]))) return;
        }
        const auto& first = submissions[0].key;
        const bool sending = bool(box.note_sending(first));
        if (ended(sending)) return;
        told_delivered[first] = bool(box.note_delivered(first, "C1", "accepted"));
        if (ended(told_delivered[first])) return;
        if (ended(bool(box.checkpoint_when_idle()))) return;
        (void)box.probe_storage(); // what the program does after a fault (R7)
        (void)store(box, submissions[2]);
    }

    bool store(Outbox& box, const NewSubmission& submission) {
        told_received[submission.key] = bool(box.enqueue(submission));
        return told_received[submission.key];
    }
};

// Every promise, looked at from a healthy start. `tolerate_refused`: a submission whose storing
// failed may be there after all, when the program died before it could write again.
void check_promises(World& world, bool tolerate_refused) {
    auto opened = world.open();
    REQUIRE(opened);
    Outbox& box = **opened;
    CHECK(box.verify().value().ok());
    std::map<std::string, Entry> found;
    const auto entries = box.list().value();
    for (const auto& entry : entries) {
        CHECK(found.emplace(entry.key, entry).second); // nothing doubled
    }
    for (const auto& submission : world.submissions) {
        const auto& key = submission.key;
        const auto told = world.told_received.find(key);
        if (told == world.told_received.end()) continue;
        if (told->second) {
            INFO("told received");
            REQUIRE(found.count(key) == 1); // nothing lost
        } else if (!tolerate_refused) {
            INFO("told not accepted");
            CHECK(found.count(key) == 0);
        }
        if (found.count(key) == 0) continue;
        if (world.told_delivered[key]) {
            CHECK(found.at(key).state == State::delivered);
        } else if (found.at(key).state != State::delivered) {
            const auto loaded = box.load(key);
            REQUIRE(loaded);
            CHECK(loaded->body == submission.body);
            CHECK(loaded->attachments.at(1).sealed == submission.attachments.at(1).sealed);
        }
    }
    // And it is a working outbox.
    base::SeededRandom random(99);
    CHECK(box.enqueue(support::opaque_submission(random, world.clock)));
}

std::uint64_t calls_of_one_life() {
    World world(1);
    world.live(false);
    return world.disk.calls();
}

} // namespace

TEST_CASE("a power cut at any call loses and doubles nothing", "[flow][outbox]") {
    const auto calls = calls_of_one_life();
    CHECK(calls > 50);
    int states = 0;
    for (std::uint64_t call = 0; call < calls; ++call) {
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            INFO("call " << call << " of " << calls << ", seed " << seed);
            World world(1);
            world.disk.fail(call, DiskFault::cut);
            world.live(false);
            base::SeededRandom luck(call * 100 + seed);
            world.disk.restart(After::power_cut, luck);
            check_promises(world, true);
            ++states;
        }
    }
    WARN("power cuts tried: " << states << ", at " << calls << " calls");
}

TEST_CASE("a kill at any call loses and doubles nothing", "[flow][outbox]") {
    const auto calls = calls_of_one_life();
    for (std::uint64_t call = 0; call < calls; ++call) {
        INFO("call " << call << " of " << calls);
        World world(1);
        world.disk.fail(call, DiskFault::cut);
        world.live(false);
        base::SeededRandom luck(call);
        world.disk.restart(After::kill, luck);
        check_promises(world, true);
    }
}

TEST_CASE("a second power cut while the first is being repaired loses nothing", "[flow][outbox]") {
    const auto calls = calls_of_one_life();
    for (std::uint64_t call = 0; call < calls; call += 3) {
        for (std::uint64_t second = 0; second < 40; second += 4) {
            INFO("calls " << call << " and " << second);
            World world(1);
            base::SeededRandom luck(call * 1000 + second);
            world.disk.fail(call, DiskFault::cut);
            world.live(false);
            world.disk.restart(After::power_cut, luck);
            world.disk.fail(second, DiskFault::cut);
            (void)world.open();
            world.disk.restart(After::power_cut, luck);
            check_promises(world, true);
        }
    }
}

TEST_CASE("a call that fails once never makes a false promise", "[flow][outbox]") {
    const auto fault = GENERATE(DiskFault::io_error, DiskFault::full);
    const auto calls = calls_of_one_life();
    for (std::uint64_t call = 0; call < calls; ++call) {
        INFO("call " << call << " of " << calls << (fault == DiskFault::full ? ", full" : ", I/O"));
        World world(1);
        world.disk.fail(call, fault);
        world.live(true);
        world.disk.heal();
        check_promises(world, false);
        // The last submission was stored after the fault had passed, unless the start itself
        // failed.
        const auto last = world.told_received.find(world.submissions[2].key);
        if (last != world.told_received.end() && call + 60 < calls) CHECK(last->second);
    }
}

TEST_CASE("a disk that stays broken refuses, and works again when it is mended without a restart",
          "[flow][outbox]") {
    const auto fault = GENERATE(DiskFault::io_error, DiskFault::full);
    World world(3);
    auto box = std::move(*world.open());
    REQUIRE(box->enqueue(world.submissions[0]));
    for (std::uint64_t call = 0; call < 30; ++call) {
        world.disk.fail(call, fault, Lasting::from_then_on);
        const auto refused = box->enqueue(world.submissions[1]);
        if (refused) break; // the fault would strike after the commit
        const auto code = refused.error().code;
        CHECK((code == base::Errc::io || code == base::Errc::disk_full));
        CHECK_FALSE(box->is_healthy());
        (void)box->probe_storage();
        world.disk.heal();
        REQUIRE(box->probe_storage());
        CHECK(box->is_healthy());
        CHECK(box->counts().value().pending == 1);
    }
    world.disk.heal();
    REQUIRE(box->probe_storage());
    REQUIRE(box->enqueue(world.submissions[1]));
    REQUIRE(box->enqueue(world.submissions[2]));
    CHECK(box->counts().value().pending == 3);
}

TEST_CASE("a full disk is told apart from a broken one", "[flow][outbox]") {
    World world(4);
    auto box = std::move(*world.open());
    world.disk.fail(0, DiskFault::full, Lasting::from_then_on);
    CHECK(box->enqueue(world.submissions[0]).error().code == base::Errc::disk_full);
    world.disk.fail(0, DiskFault::io_error, Lasting::from_then_on);
    CHECK(box->enqueue(world.submissions[0]).error().code == base::Errc::io);
}

TEST_CASE("a payload damaged on the disk is found, and the others go on", "[flow][outbox]") {
    World world(5);
    {
        auto box = std::move(*world.open());
        for (const auto& one : world.submissions) REQUIRE(box->enqueue(one));
        REQUIRE(box->checkpoint_when_idle());
        REQUIRE(box->probe_storage()); // begins the log anew: pages now come from the database
    }
    // A byte in the middle of the second submission's last page.
    const auto file = world.disk.contents(path);
    const auto& sealed = world.submissions[1].attachments[1].sealed;
    const auto at =
        std::search(file.begin(), file.end(), sealed.begin() + 100, sealed.begin() + 160);
    REQUIRE(at != file.end());
    base::SeededRandom luck(1);
    world.disk.restart(After::kill, luck);
    world.disk.damage(path, std::uint64_t(at - file.begin()));
    auto box = std::move(*world.open());
    CHECK(box->verify().value().damaged == std::vector{world.submissions[1].key});
    CHECK(box->load(world.submissions[1].key).error().code == base::Errc::corrupt);
    CHECK(box->load(world.submissions[0].key));
    CHECK(box->load(world.submissions[2].key));
    CHECK(box->is_healthy());
}
