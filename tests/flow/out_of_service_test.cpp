// Goal: a kiosk that cannot keep requests safely says so before anybody begins, and works again
// soon after it can. Method: the whole kiosk on a simulated disk that is full, or fails, from its
// first call on; the clock is moved by hand.
#include "drivers/manual_wait.hpp"
#include "kiosk/app/development/demo_world.hpp"
#include "kiosk/base/manual_clock.hpp"
#include "kiosk/base/random.hpp"
#include "tests/support/simulated_disk.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using support::DiskFault;

struct Folder {
    fs::path path =
        fs::temp_directory_path() / ("kiosk-out-of-service-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

// A kiosk whose outbox lies on a simulated disk; everything else is real files.
struct Place {
    support::SimulatedDisk disk{"out-of-service"};
    Folder folder;
    base::ManualClock clock{base::WallTime(std::chrono::sys_days{2026y / 11 / 22} + 3h)};
    base::SystemRandom random;
    std::unique_ptr<app::DemoWorld> world;
    std::unique_ptr<app::Engine> engine;

    void start() {
        app::EngineSettings settings;
        settings.config.assets_folder = "assets";
        settings.config.content_folder = "assets/content";
        settings.config.data_folder = folder.path.string();
        settings.threads = app::EngineSettings::Threads::caller;
        settings.outbox.vfs = disk.vfs();
        settings.outbox.free_space = [](const std::string&) -> base::Result<std::uint64_t> {
            return std::uint64_t(1) << 30;
        };
        auto made =
            app::DemoWorld::open(settings.config, clock, drivers::manual_wait(clock), random);
        REQUIRE(made.has_value());
        world = std::move(made).value();
        auto opened = app::Engine::open(std::move(settings), world->devices(), clock, random);
        REQUIRE(opened.has_value());
        engine = std::move(opened).value();
        engine->start();
    }
    // Lets time pass as the window's loop does: asleep until the kiosk wants to be called again.
    std::string screen_after(base::Milliseconds time) {
        const auto until = clock.now() + time;
        do {
            const auto wake = std::min(engine->kiosk().next_wake(), until);
            clock.advance(std::max(wake - clock.now(), 1ms));
            engine->kiosk().turn();
            engine->glass().draw({});
        } while (clock.now() < until);
        return std::string(engine->glass().screen_name());
    }
    void tap(std::string_view id) {
        std::optional<screens::Point> at;
        for (const auto& item : *engine->glass().frame().items)
            if (item.id == id) at = item.rect.center();
        INFO(id);
        REQUIRE(at);
        for (const bool down : {false, true, false}) engine->glass().draw({*at, down, {}, {}});
        screen_after(0ms);
    }
    std::string events() const {
        const auto bytes = base::read_file((folder.path / "events.jsonl").string());
        return bytes ? std::string(base::as_text(*bytes)) : "";
    }
};

} // namespace

TEST_CASE("a kiosk whose disk is full or fails says it is out of service, and recovers within 3 s",
          "[flow][storage]") {
    const auto fault = GENERATE(DiskFault::full, DiskFault::io_error);
    Place place;
    place.disk.fail(0, fault, support::Lasting::from_then_on);
    place.start();
    REQUIRE(place.screen_after(0ms) == "out_of_service");
    REQUIRE(place.screen_after(10min) == "out_of_service");
    CHECK(place.events().find("\"refusing\"") != std::string::npos);

    place.disk.heal();
    CHECK(place.screen_after(3s) == "attract"); // spec reliability R7, F3
    place.engine.reset();
}

TEST_CASE("a disk that fails while nobody is here is noticed before the next person begins",
          "[flow][storage]") {
    Place place;
    place.start();
    REQUIRE(place.screen_after(5s) == "attract");
    place.disk.fail(0, DiskFault::io_error, support::Lasting::from_then_on);
    CHECK(place.screen_after(61s) == "out_of_service");
    place.disk.heal();
    CHECK(place.screen_after(3s) == "attract");
    place.engine.reset();
}

TEST_CASE("a kiosk that is out of service lets nobody begin, but calls staff", "[flow][storage]") {
    Place place;
    place.disk.fail(0, DiskFault::full, support::Lasting::from_then_on);
    place.start();
    REQUIRE(place.screen_after(0ms) == "out_of_service");
    std::string staff;
    for (const auto& item : *place.engine->glass().frame().items) {
        CHECK(item.id.find("attract/") == std::string::npos);
        if (item.id.ends_with("staff")) staff = item.id;
    }
    REQUIRE_FALSE(staff.empty());
    place.tap(staff);
    CHECK(place.world->platform->assistance_calls() == 1);
    place.engine.reset();
}

TEST_CASE("a kiosk that is out of service speaks every language, and still lets nobody begin",
          "[flow][storage]") {
    Place place;
    place.disk.fail(0, DiskFault::full, support::Lasting::from_then_on);
    place.start();
    for (const auto* language : {"language/ug", "language/en", "language/zh"}) {
        INFO(language);
        REQUIRE(place.screen_after(0ms) == "out_of_service");
        place.tap("rail/language");
        REQUIRE(place.screen_after(0ms) == "language");
        place.tap(language);
        CHECK(place.screen_after(0ms) == "out_of_service");
        const auto said = base::language_from(std::string_view(language).substr(9));
        REQUIRE(said);
        CHECK(place.engine->kiosk().session().language == *said);
    }
    place.tap("rail/language");
    place.tap("language/ug");
    CHECK(place.screen_after(5min) ==
          "out_of_service"); // and whoever comes next finds it as it was
    CHECK(place.engine->kiosk().session().language == base::Language::zh);
    place.engine.reset();
}
