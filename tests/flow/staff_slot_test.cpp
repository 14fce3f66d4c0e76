// Goal: a staff card that hangs never holds up the screen, holds no PIN, and its late answer is for
// nobody. Method: the slot with its worker on a thread of its own, a reader that answers when the
// test lets it, and a clock moved by hand. Once also the whole kiosk on its own threads and the
// machine's clock. Both are the place to look for data races (preset tsan).
#include "kiosk/app/development/demo_staff.hpp"
#include "kiosk/app/development/demo_world.hpp"
#include "kiosk/app/staff_slot.hpp"
#include "kiosk/platform/reference/demo_keys.hpp"
#include "kiosk/staff/enrolment.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <filesystem>
#include <semaphore>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using staff::Problem;
using State = staff::Standing::State;

struct Folder {
    fs::path path = fs::temp_directory_path() / ("kiosk-staff-slot-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

// Moved by one thread, read by two.
class SharedClock final : public base::Clock {
public:
    base::MonotonicTime now() const override { return base::MonotonicTime{} + passed_.load(); }
    base::WallTime wall() const override {
        return base::WallTime(std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 3h) +
               passed_.load();
    }
    bool is_synchronised() const override { return true; }
    void advance(base::Milliseconds by) { passed_ = passed_.load() + by; }

private:
    std::atomic<base::Milliseconds> passed_{0ms};
};

// A reader that stops before its next signature until it is let go.
class HangingReader final : public drivers::StaffCardReader {
public:
    explicit HangingReader(drivers::SimulatedStaffCardReader& inner) : inner_(inner) {}
    drivers::StaffCardPlace look(const drivers::StaffCardPlace& last, base::Milliseconds patience,
                                 std::stop_token stop) override {
        return inner_.look(last, patience, stop);
    }
    base::Result<drivers::P256Signature> sign(const base::Sha256& digest) override {
        if (hangs_.exchange(false)) {
            is_hanging.release();
            go_on.acquire();
        }
        return inner_.sign(digest);
    }
    base::Result<drivers::P256Secret> agree(const drivers::P256Point& point) override {
        return inner_.agree(point);
    }
    void hang_next() { hangs_ = true; }
    std::binary_semaphore is_hanging{0}, go_on{0};

private:
    drivers::SimulatedStaffCardReader& inner_;
    std::atomic<bool> hangs_{false};
};

struct Place {
    Folder folder;
    SharedClock clock;
    base::SystemRandom random;
    base::NullLog log;
    base::EventStream events;
    std::unique_ptr<staff::AuditChain> audit;
    std::unique_ptr<staff::DeskState> state;
    std::unique_ptr<staff::Authenticator> authenticator;
    drivers::SimulatedStaffCardReader cards{clock, drivers::real_wait()};
    HangingReader reader{cards};
    std::mutex mutex;
    std::condition_variable arrived;
    int arrivals = 0;
    std::unique_ptr<app::StaffSlot> slot;
    app::ThreadWorker worker; // ends before the slot

    Place() {
        const auto at = folder.path.string();
        const auto keys = platform::make_demo_keys(at + "/keys", clock).value();
        auto device = platform::KeyPair::load(keys.device_certificate, keys.device_key).value();
        audit = staff::AuditChain::open(at + "/audit", clock, std::move(device)).value();
        REQUIRE(staff::make_staff_folder(at + "/staff").has_value());
        state = staff::DeskState::open(staff::desk_file_in(at + "/staff")).value();
        authenticator =
            staff::Authenticator::open({at + "/staff", "K7", {app::demo_district_key()}}, clock,
                                       random, *audit, *state)
                .value();
        REQUIRE(authenticator->take_roster(app::demo_roster({1, clock.wall()})).value());
        slot = std::make_unique<app::StaffSlot>(app::StaffSlot::Parts{
            clock, log, events, reader, *authenticator, *state, worker, base::Milliseconds(1000)});
        slot->on_arrival([this] {
            const std::lock_guard lock(mutex);
            ++arrivals;
            arrived.notify_all();
        });
    }
    ~Place() { reader.go_on.release(); }

    // Turns the slot whenever something arrived until it stands as wanted. The limit only ends a
    // test that would hang.
    template <class Wanted> bool turn_until(Wanted wanted) {
        const auto limit = std::chrono::steady_clock::now() + 20s;
        while (true) {
            slot->turn();
            if (wanted(slot->standing())) return true;
            std::unique_lock lock(mutex);
            if (!arrived.wait_until(lock, limit, [this] { return arrivals > 0; })) return false;
            arrivals = 0;
        }
    }
    bool turn_until(State state_wanted) {
        return turn_until(
            [state_wanted](const staff::Standing& each) { return each.state == state_wanted; });
    }
};

} // namespace

TEST_CASE("a card that hangs is called silent after twenty seconds, and its late answer confirms "
          "nobody",
          "[flow][staff][refusal][G9]") {
    Place place;
    auto& slot = *place.slot;
    REQUIRE(place.turn_until(State::empty));
    place.cards.insert_card(app::demo_staff_card("office").value());
    REQUIRE(place.turn_until(State::ask_pin));

    const auto before = base::SessionArena::instance().in_use();
    place.reader.hang_next();
    REQUIRE(slot.check(staff::Purpose::witness, base::SecretText("246810")));
    REQUIRE(slot.standing().state == State::checking);
    place.reader.is_hanging.acquire();
    place.clock.advance(19'999ms); // a slow card that works has answered by now
    slot.turn();
    REQUIRE(slot.standing().state == State::checking);
    place.clock.advance(1ms);
    REQUIRE(slot.next_wake() <= place.clock.now());
    REQUIRE(slot.turn()); // the screen's thread is free although the card still hangs
    REQUIRE(slot.standing().problem == Problem::card_silent);
    REQUIRE(base::SessionArena::instance().in_use() == before); // no PIN waits for the card

    place.reader.go_on.release();
    REQUIRE(place.turn_until([](const staff::Standing& each) {
        return each.problem == Problem::card_removed || each.state == State::ask_pin;
    }));
    REQUIRE(slot.standing().state == State::ask_pin); // it was in all the time
    REQUIRE_FALSE(slot.standing().problem.has_value());
    REQUIRE_FALSE(slot.take_checked().has_value());
}

TEST_CASE("a card that is slow to say who it is is shown as silent, then by its name",
          "[flow][staff]") {
    Place place;
    auto& slot = *place.slot;
    place.reader.hang_next();
    place.cards.insert_card(app::demo_staff_card("office").value());
    REQUIRE(place.turn_until(State::reading));
    place.reader.is_hanging.acquire();
    place.clock.advance(9999ms); // the driver gives it eight seconds
    slot.turn();
    REQUIRE(slot.standing().state == State::reading);
    place.clock.advance(1ms);
    slot.turn();
    REQUIRE(slot.standing().problem == Problem::card_silent);
    place.reader.go_on.release();
    REQUIRE(place.turn_until(State::ask_pin));
    REQUIRE(slot.standing().staff == "S-1001");
}

TEST_CASE("a card pulled while it hangs leaves an empty slot, and the next one is asked anew",
          "[flow][staff]") {
    Place place;
    auto& slot = *place.slot;
    place.cards.insert_card(app::demo_staff_card("office").value());
    REQUIRE(place.turn_until(State::ask_pin));
    place.reader.hang_next();
    REQUIRE(slot.check(staff::Purpose::witness, base::SecretText("246810")));
    place.reader.is_hanging.acquire();
    place.cards.pull_card();
    place.reader.go_on.release();
    REQUIRE(place.turn_until(State::empty));
    REQUIRE_FALSE(slot.take_checked().has_value());
    place.cards.insert_card(app::demo_staff_card("office-2").value());
    REQUIRE(place.turn_until(State::ask_pin));
    REQUIRE(slot.standing().staff == "S-1182");
    REQUIRE(slot.check(staff::Purpose::witness, base::SecretText("97531864")));
    REQUIRE(place.turn_until(State::ask_pin));
    const auto checked = slot.take_checked();
    REQUIRE(checked.has_value());
    REQUIRE(std::get<staff::Confirmed>(checked->answer).staff == "S-1182");
}

TEST_CASE("cards that come and go at any moment leave the slot as it is in the end",
          "[flow][staff]") {
    Place place;
    for (int round = 0; round < 30; ++round) {
        place.cards.insert_card(app::demo_staff_card("office").value());
        place.slot->turn();
        if (round % 3 != 0) place.cards.pull_card();
        place.slot->turn();
        if (round % 5 == 0) place.cards.unplug();
        place.slot->turn();
        if (round % 5 == 0) place.cards.plug_in();
    }
    place.cards.pull_card();
    REQUIRE(place.turn_until(State::empty));
    place.cards.insert_card(app::demo_staff_card("technician").value());
    REQUIRE(place.turn_until(State::ask_pin));
    REQUIRE(place.slot->standing().staff == "S-2001");
}

TEST_CASE("the whole kiosk on its own threads: log in, out of service, the card is pulled",
          "[flow][staff]") {
    const Folder folder;
    base::SystemClock clock;
    base::SystemRandom random;
    app::EngineSettings settings;
    settings.config.assets_folder = "assets";
    settings.config.content_folder = "assets/content";
    settings.config.data_folder = folder.path.string();
    const auto world =
        app::DemoWorld::open(settings.config, clock, drivers::real_wait(), random).value();
    world->set_roster(app::DemoRoster::fresh);
    settings.wrap_transport = world->cable();
    std::mutex mutex; // these outlive the kiosk's threads
    std::condition_variable arrived;
    bool has_arrived = false;
    const auto engine =
        app::Engine::open(std::move(settings), world->devices(), clock, random).value();
    engine->kiosk().on_arrival([&] {
        const std::lock_guard lock(mutex);
        has_arrived = true;
        arrived.notify_all();
    });
    engine->start();
    auto& kiosk = engine->kiosk();
    auto& desk = *engine->staff();
    // As the window's loop: turns when something arrived, draws what there is.
    const auto turn_until = [&](auto wanted) {
        const auto limit = std::chrono::steady_clock::now() + 60s;
        while (true) {
            kiosk.turn();
            engine->glass().draw({});
            if (wanted()) return true;
            std::unique_lock lock(mutex);
            if (!arrived.wait_until(lock, limit, [&] { return has_arrived; })) return false;
            has_arrived = false;
        }
    };
    REQUIRE(turn_until([&] { return kiosk.facts().roster_ok && kiosk.facts().staff_reader_ok; }));
    REQUIRE(world->insert_staff_card("office").has_value());
    REQUIRE(turn_until([&] { return desk.standing().state == State::ask_pin; }));
    desk.tell({staff::AreaSignal::pin, base::SecretText("246810")});
    desk.tell(staff::AreaSignal::enter);
    REQUIRE(turn_until([&] { return desk.area().page == staff::Page::overview; }));
    desk.tell(staff::AreaSignal::stop_service);
    REQUIRE(turn_until([&] { return kiosk.facts().closed_by_staff; }));
    desk.tell({staff::AreaSignal::page, staff::Page::paper});
    desk.tell(staff::AreaSignal::paper_done);
    world->staff_reader.pull_card();
    REQUIRE(turn_until([&] { return desk.area().page == staff::Page::closed; }));
    engine->glass().draw({});
    REQUIRE(engine->glass().screen_name() == "out_of_service");
}
