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
using support::DiskDefect;
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
    bool tells_early = false; // planted: "received" before it is

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
        if (tells_early) told_received[submission.key] = true;
        const bool is_stored = bool(box.enqueue(submission));
        if (!tells_early) told_received[submission.key] = is_stored;
        return is_stored;
    }
};

// Every promise, looked at from a healthy start: what was broken. `tolerate_refused`: a submission
// whose storing failed may be there after all, when the program died before it could write again.
std::vector<std::string> broken_promises(World& world, bool tolerate_refused) {
    std::vector<std::string> broken;
    const auto expect = [&](bool holds, const char* what) {
        if (!holds) broken.emplace_back(what);
        return holds;
    };
    auto opened = world.open();
    if (!expect(bool(opened), "opens")) return broken;
    Outbox& box = **opened;
    const auto verified = box.verify();
    expect(verified && verified->ok(), "verifies");
    std::map<std::string, Entry> found;
    const auto entries = box.list();
    if (!expect(bool(entries), "lists")) return broken;
    for (const auto& entry : *entries)
        expect(found.emplace(entry.key, entry).second, "nothing doubled");
    for (const auto& submission : world.submissions) {
        const auto& key = submission.key;
        const auto told = world.told_received.find(key);
        if (told == world.told_received.end()) continue;
        const bool is_there = found.count(key) == 1;
        if (told->second) {
            if (!expect(is_there, "what was told received is there")) continue;
        } else if (!tolerate_refused) {
            expect(!is_there, "what was told not accepted is not there");
        }
        if (!is_there) continue;
        if (world.told_delivered[key]) {
            expect(found.at(key).state == State::delivered, "delivered stays delivered");
        } else if (found.at(key).state != State::delivered) {
            const auto loaded = box.load(key);
            expect(loaded && loaded->body == submission.body &&
                       loaded->attachments.at(1).sealed == submission.attachments.at(1).sealed,
                   "every byte is as it was");
        }
    }
    base::SeededRandom random(99);
    expect(bool(box.enqueue(support::opaque_submission(random, world.clock))), "works again");
    return broken;
}

void check_promises(World& world, bool tolerate_refused) {
    CHECK(broken_promises(world, tolerate_refused) == std::vector<std::string>());
}

std::uint64_t calls_of_one_life() {
    World world(1);
    world.live(false);
    return world.disk.calls();
}

} // namespace

namespace {

struct Cuts {
    std::uint64_t states = 0;
    std::uint64_t broken = 0; // states in which a promise did not hold
    std::string first;        // which one, where
};

// A power cut at every call, with `luck` different fates of what was not synced.
Cuts cut_everywhere(std::uint64_t luck, DiskDefect defect = DiskDefect::none,
                    bool tells_early = false) {
    Cuts cuts;
    const auto calls = calls_of_one_life();
    REQUIRE(calls > 50);
    for (std::uint64_t call = 0; call < calls; ++call)
        for (std::uint64_t seed = 0; seed < luck; ++seed) {
            World world(1);
            world.tells_early = tells_early;
            world.disk.plant(defect);
            world.disk.fail(call, DiskFault::cut);
            world.live(false);
            base::SeededRandom fate(call * 100'000 + seed);
            world.disk.restart(After::power_cut, fate);
            world.disk.plant(DiskDefect::none);
            const auto broken = broken_promises(world, true);
            ++cuts.states;
            if (broken.empty()) continue;
            if (cuts.broken++ == 0)
                cuts.first = broken.front() + ", call " + std::to_string(call) + ", seed " +
                             std::to_string(seed);
        }
    return cuts;
}

} // namespace

TEST_CASE("a power cut at any call loses and doubles nothing", "[flow][outbox][F1]") {
    const auto cuts = cut_everywhere(6);
    INFO(cuts.first);
    CHECK(cuts.broken == 0);
    std::printf("outbox: %llu power cuts, 0 promises broken\n",
                static_cast<unsigned long long>(cuts.states));
}

TEST_CASE("a hundred thousand power cuts lose and double nothing", "[.slow][outbox][F1]") {
    const auto cuts = cut_everywhere(100'000 / calls_of_one_life() + 1);
    INFO(cuts.first);
    CHECK(cuts.states >= 100'000);
    CHECK(cuts.broken == 0);
    std::printf("outbox: %llu power cuts, %llu promises broken\n",
                static_cast<unsigned long long>(cuts.states),
                static_cast<unsigned long long>(cuts.broken));
}

TEST_CASE("the power cuts find a sync left out, and \"received\" said too early",
          "[flow][outbox][F1]") {
    CHECK(cut_everywhere(2, DiskDefect::no_sync).broken > 0);
    CHECK(cut_everywhere(2, DiskDefect::no_log_sync).broken > 0); // synchronous=NORMAL
    CHECK(cut_everywhere(2, DiskDefect::none, true).broken > 0);
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
